# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a write goes on when somebody else has written meanwhile: look again, write again, a bounded number of times."""

from __future__ import annotations

import secrets
import typing as t

#: Turns before a write is given up. Runs for several lines of one router write the same file, and one wins each turn.
TURNS = 30


def turns(sleep: t.Callable[[float], object], *, lot: float) -> t.Iterator[int]:
    """The turns of a write that others race for: 0, 1, …; the loop over them ends by itself when all are used up.

    :param sleep: waits so many seconds
    :param lot: before each turn but the first, wait a random time of at most this many seconds, so that those who
        collided do not collide again; 0 for not at all, where a lock on the router has one of them win each turn
    """
    yield 0
    for turn in range(1, TURNS):
        if lot:
            sleep(lot * secrets.randbelow(1000) / 1000)
        yield turn
