# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run prints while it waits, held against what was so at that moment."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from .rows import Row
from .world import World

WAITS = re.compile(r"^\[router1\] waiting for the credentials mail")
CANNOT = re.compile(r"^\[router1\] the credentials mail of .* cannot be looked for")
#: Seconds of a wait for the mail; and those after the cut within which it begins.
WAITED, BEGUN = re.compile(r"the credentials mail.*: (\d+) s of at most \d+ s"), 30.0
SILENT = re.compile(r"There is no answer for (\d+) s\.")
#: Seconds until a look that is not answered is told as such, with one of progress; and until a new uplink is used.
TOLD, USED = 12.0, 20.0


@dataclasses.dataclass(frozen=True)
class Line:
    """:param at: seconds after the cut"""

    at: float
    text: str


def of(world: World) -> list[Line]:
    """The lines of progress of the last run."""
    cut = world.cut_at
    return [] if cut is None else [Line(at - cut, text) for at, text in world.printed if text.startswith("[router1] ")]


def untrue(row: Row, lines: list[Line]) -> Iterator[str]:
    """Lines that say what was not so."""
    begins, ends = row.offline
    for line in lines:
        if line.at < 0 or row.stopped[0] <= line.at <= row.stopped[1]:
            continue
        said = f"{line.at:.0f} s after the cut it said: {line.text}"
        if (waited := WAITED.search(line.text)) and not line.at - BEGUN < int(waited[1]) < line.at + 3:
            yield f"It waited for another time. {said}"
        if WAITS.match(line.text) and ends and begins + TOLD < line.at < ends:
            yield f"OVHcloud could not be asked. {said}"
        if (CANNOT.match(line.text) and not ends) or (CANNOT.match(line.text) and line.at > ends + USED):
            yield f"OVHcloud could be asked. {said}"
        if (silent := SILENT.search(line.text)) and int(silent[1]) > line.at + 3:
            yield f"It was silent for less. {said}"
