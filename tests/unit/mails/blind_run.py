# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reader makes of the mails of ``blind``: ``python -m ...mails.blind_run NUMBER [SEED]``."""

from __future__ import annotations

import collections
import dataclasses
import secrets
import sys
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind, blind_draw

#: What is read at least of the mails that are to be read: plain ones, and those with other things beside.
LEAST = {"plain": 0.97, "noisy": 0.90}


def outcome(mail: blind.Mail) -> str:
    """right, refused, wrong (not this line's, or not all of it), wrong link, or loose (right, but against a rule)."""
    line = reader.Line(*mail.line)
    if mail.recipe.proven:
        first = blind.earlier(mail.recipe)
        line = dataclasses.replace(line, proven=reader.read(first.title, first.text, first.html, line).layout)
    reading = reader.read(mail.title, mail.text, mail.html, line)
    if reading.secret not in (None, mail.secret):
        return "wrong link"
    if reading.password is None:
        return "refused"
    if (
        reading.password != mail.password
        or reading.login != mail.login
        or reading.verdict is not reader.Verdict.CREDENTIALS
    ):
        return "wrong"
    return "loose" if mail.recipe.level == "none" else "right"


def shrunk(recipe: blind.Recipe, failure: str) -> blind.Recipe:
    """The smallest recipe with that failure which leaving out part after part leads to."""
    for smaller in blind.simpler(recipe):
        if outcome(blind.render(smaller)) == failure:
            return shrunk(smaller, failure)
    return recipe


@dataclasses.dataclass
class Result:
    """``shares``: of what is to be read, mails and read ones by level, and by layout, language and so on."""

    seed: str
    mails: int = 0
    outcomes: t.Counter[tuple[str, str]] = dataclasses.field(default_factory=collections.Counter)
    shares: dict[tuple[str, str, str], list[int]] = dataclasses.field(default_factory=dict)
    failures: list[tuple[str, blind.Recipe]] = dataclasses.field(default_factory=list)

    def add(self, mail: blind.Mail) -> None:
        recipe, got = mail.recipe, outcome(mail)
        self.mails += 1
        self.outcomes[recipe.level, got] += 1
        if got not in ("right", "refused"):
            self.failures.append((got, recipe))
        for what in (
            ("layout", "language", "value", "form", "encoding", "known", "labels", "quote") if mail.password else ()
        ):
            for level in (recipe.level, *(["all"] if recipe.level in LEAST else [])):
                counts = self.shares.setdefault((level, what, str(getattr(recipe, what))), [0, 0])
                counts[0] += 1
                counts[1] += got == "right"

    def share(self, level: str) -> float:
        """How many of the mails of that level are read."""
        read = self.outcomes[level, "right"]
        return read / max(1, sum(count for (name, _got), count in self.outcomes.items() if name == level))

    def table(self, *kinds: str) -> str:
        """Share read of plain and noisy mails, by layout and so on."""
        lines = [f"seed {self.seed}: {self.mails} mails, {dict(self.outcomes)}"]
        for what in kinds:
            names = sorted({name for _level, kind, name in self.shares if kind == what})
            for name in names:
                cells = [self.shares.get((level, what, name)) for level in ("plain", "noisy", "open")]
                texts = [
                    f"{100 * read / number:5.1f} % of {number:5}" if number else ""
                    for number, read in filter(None, cells)
                ]
                found = iter(texts)
                lines.append(f"{what:10}{name:16}" + "".join(f"{next(found) if cell else '':>20}" for cell in cells))
        return "\n".join(lines)

    @staticmethod
    def few(number: int, read: int, least: float) -> bool:
        """Whether fewer are read than LEAST of them, by more than chance in so small a number."""
        return read < least * number - 2 * (number * least * (1 - least)) ** 0.5

    def low(self) -> list[str]:
        """Layouts and languages, plain or noisy, of which too few are read, and those levels as a whole."""
        found = [f"{level}: {self.share(level):.3f}" for level, least in LEAST.items() if self.share(level) < least]
        for (level, what, name), (number, read) in sorted(self.shares.items()):
            if level in LEAST and what in ("layout", "language") and self.few(number, read, LEAST[level]):
                found.append(f"{level} {what} {name}: {read} of {number}")
        return found

    def report(self, most: int = 12) -> str:
        """The failures, each shrunk, those of one shape once."""
        shapes: dict[str, list[blind.Recipe]] = {}
        for failure, recipe in self.failures[: 10 * most]:
            small = shrunk(recipe, failure)
            shapes.setdefault(f"{failure}, {dataclasses.replace(small, seed='')}", []).append(small)
        texts = []
        for shape, found in sorted(shapes.items(), key=lambda item: -len(item[1]))[:most]:
            mail = blind.render(found[0])
            right = f"line {mail.line}, right: {mail.password!r}, link {mail.secret}"
            texts.append(
                f"{len(found)} x {shape}, seed {found[0].seed!r}\n{right}\n{mail.title}\n{mail.text or mail.html}"
            )
        return "\n\n".join(texts)


def measure(mails: t.Iterable[blind.Mail], seed: str) -> Result:
    result = Result(seed)
    for mail in mails:
        result.add(mail)
    return result


def main() -> int:
    number, seed = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else secrets.token_hex(4)
    print(f"seed {seed}", flush=True)
    result = measure(blind_draw.mails(seed, number), seed)
    print(result.table("layout", "language"))
    print(result.report())
    low = result.low()
    print("\n".join(low))
    return int(bool(result.failures or low))


if __name__ == "__main__":
    sys.exit(main())
