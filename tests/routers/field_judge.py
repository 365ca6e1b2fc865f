# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cell in the field kept what it was promised. Pure: promised and seen, to what is wrong."""

from __future__ import annotations

from .field import Case
from .field_runs import Whole


def broken(case: Case, seen: Whole) -> list[str]:
    """What is not as promised; nothing when the cell is kept."""
    promised, after = case.promised, seen.after
    counted = {
        "failed": (seen.failed, promised.failed),
        "POSTs": (seen.posts, promised.posts),
        "writes": (after.writes - seen.before.writes, promised.writes),
        "how often the router was made to dial": (after.orders - seen.before.orders, promised.dials),
        "a session at the end": (after.up, seen.before.up if promised.up is None else promised.up),
        "has the password that the line takes": (after.password == seen.password, promised.taken),
        "saved": (after.saved, promised.saved if promised.writes else seen.before.saved),
        "all else is as it was": (after.rest == seen.before.rest, True),
    }
    wrong = [f"{name}: {found!r}, not {value!r}" for name, (found, value) in counted.items() if found != value]
    wrong += [f"not said: {word!r}" for word in promised.words if word not in seen.message]
    wrong += [f"a password in {place}" for place in seen.leaked]
    return wrong


def words(seen: Whole) -> str:
    """What was seen, in a few words."""
    writes, dials = seen.after.writes - seen.before.writes, seen.after.orders - seen.before.orders
    counts = f"{seen.posts} POST, {writes} writes, {dials} dials, {'up' if seen.after.up else 'down'}"
    return f"{counts}: {seen.message}" if seen.failed else counts
