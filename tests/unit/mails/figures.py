# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How well the reader does.

``python -m ansible_collections.ownrouter.ovhcloud.tests.unit.mails.figures [NUMBER] [SEED]``
"""

from __future__ import annotations

import collections
import dataclasses
import sys
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus

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


def main(arguments: list[str]) -> int:
    number = int(arguments[0]) if arguments else 20_000
    seed = int(arguments[1]) if len(arguments) > 1 else 4
    for name, cases in (("corpus", iter(corpus.corpus())), ("generated", generated(number, seed))):
        figures = measure(cases)
        print(f"{name}: {figures}")
        for failure in sorted(figures.failures, reverse=True)[:40]:
            print("  " + failure)
        print("  ", figures.kinds.most_common(25))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
