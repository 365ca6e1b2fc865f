# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How well the reader does.

``python -m ansible_collections.ownrouter.ovhcloud.tests.unit.mails.figures [NUMBER] [SEED]``
"""

from __future__ import annotations

import collections
import dataclasses
import random
import sys
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus, maker, small, unlike

Read = t.Callable[..., t.Any]


@dataclasses.dataclass
class Figures:
    """What became of many mails."""

    mails: int = 0
    readable: int = 0
    right: int = 0
    wrong: int = 0
    refusable: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: list[str] = dataclasses.field(default_factory=list)
    kinds: t.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def add(self, case: corpus.Case, read: Read, line_of: t.Callable[..., t.Any]) -> None:
        began = time.perf_counter()
        reading = read(*case.inputs(), line_of(corpus.SERVICE, corpus.LOGIN if case.known else None))
        self.slowest = max(self.slowest, time.perf_counter() - began)
        self.mails += 1
        got = reading.verdict.value
        wrong = got == corpus.CREDENTIALS and (got != case.verdict or reading.password != case.password)
        # To open a link that is not this line's uses up somebody's password: as bad as a wrong one.
        wrong = wrong or reading.secret not in (None, case.secret)
        self.wrong += wrong
        if case.verdict == corpus.CREDENTIALS:
            good = got == corpus.CREDENTIALS and not wrong and reading.login is not None
            self.readable += 1
            self.right += good
        else:
            good = got == case.verdict and (not case.why or any(word in reading.why for word in case.why))
            good = good and reading.secret == case.secret
            self.refusable += 1
            self.refused += good
        if not good:
            self.kinds["-".join(case.name.split("-")[1:])] += 1
            self.failures.append(
                f"{'WRONG ' if wrong else ''}{case.name}: {got} {reading.why!r} {reading.password!r} {reading.secret} "
                f"instead of {case.verdict} {case.why} {case.password!r} {case.secret}"
            )

    def __str__(self) -> str:
        return (
            f"{self.mails} mails in {self.seconds:.1f} s (slowest {self.slowest * 1000:.1f} ms): wrong credentials "
            f"{self.wrong}; right {self.right} of {self.readable} readable ({self.right / max(1, self.readable):.2%}); "
            f"refused with the right reason {self.refused} of {self.refusable} "
            f"({self.refused / max(1, self.refusable):.2%})"
        )


def measure(
    cases: t.Iterable[corpus.Case], read: Read = reader.read, line_of: t.Callable[..., t.Any] = reader.Line
) -> Figures:
    figures = Figures()
    began = time.perf_counter()
    for case in cases:
        figures.add(case, read, line_of)
    figures.seconds = time.perf_counter() - began
    return figures


def generated(number: int, seed: int) -> t.Iterator[corpus.Case]:
    generator = corpus.Generator(seed)
    return (generator.case() for _n in range(number))


@dataclasses.dataclass
class Survey:
    """What became of the second generator's mails: per kind, and per layout and language of the plain ones."""

    wrong: list[str] = dataclasses.field(default_factory=list)
    kinds: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    plain: dict[str, list[int]] = dataclasses.field(default_factory=dict)

    def add(self, made: maker.Made, read: Read, line_of: t.Callable[..., t.Any]) -> None:
        reading = read(made.title, made.text, made.html, line_of(made.service, made.login if made.known else None))
        if reading.password not in (None, made.expect):
            self.wrong.append(f"{made.kind}, {made.language}, {made.layout}: {reading.password!r}, not {made.expect!r}")
        if made.expect is None:
            return
        for table, names in (
            (self.kinds, [made.kind]),
            (self.plain, [made.layout, made.language] if made.plain else []),
        ):
            for name in names:
                counts = table.setdefault(name, [0, 0])
                counts[0] += 1
                counts[1] += reading.password == made.expect

    def share(self, kind: str) -> float:
        """Of the mails of a kind that have a password, how many were read."""
        mails, right = self.kinds[kind]
        return right / mails

    def __str__(self) -> str:
        lines = [f"wrong: {len(self.wrong)}", *self.wrong[:20]]
        for table in (self.kinds, self.plain):
            shares = (f"{name} {right / mails:.1%} of {mails}" for name, (mails, right) in sorted(table.items()))
            lines.append("read: " + ", ".join(shares))
        return "\n".join(lines)


def survey(number: int, seed: int, read: Read = reader.read, line_of: t.Callable[..., t.Any] = reader.Line) -> Survey:
    made, result = maker.Maker(seed), Survey()
    for _n in range(number):
        result.add(made.make(), read, line_of)
    return result


def faults(read: Read = reader.read, line_of: t.Callable[..., t.Any] = reader.Line) -> t.Iterator[str]:
    """What the reader does wrong with the mails that stand still, and with some made ones; the surest ones first."""
    for one in small.SMALL:
        got = read(one.title, one.text, one.html, line_of(small.SERVICE, small.LOGIN)).password
        if got != one.expect and (got is not None or one.must):
            yield f"{one.name}: {got!r}, not {one.expect!r}"
    for odd in unlike.UNLIKE:
        got = read(odd.title, odd.text, odd.html, line_of(unlike.SERVICE, odd.login)).password
        if got != odd.expect and (got is not None or odd.plain):
            yield f"{odd.name}: {got!r}, not {odd.expect!r}"
    for case in (*corpus.corpus(), *generated(400, 11)):
        yield from measure([case], read, line_of).failures
    yield from survey(1000, 11, read, line_of).wrong


def main(arguments: list[str]) -> int:
    """Read so many mails of each generator, of a fresh seed; fail when one is read wrong or too few are read."""
    number = int(arguments[0]) if arguments else 100_000
    seed = int(arguments[1]) if len(arguments) > 1 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    first = measure(generated(number, seed))
    print(f"first generator: {first}")
    for failure in [failure for failure in first.failures if failure.startswith("WRONG")][:20]:
        print("  " + failure)
    second = survey(number, seed)
    print(f"second generator, {number} mails: {second}")
    good = not first.wrong and not second.wrong and second.share("plain") >= 0.97
    return 0 if good and all(second.share(kind) >= 0.9 for kind in second.kinds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
