# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router that cannot be reached after the cut is waited for, as its mail was: this machine may be on its way to
another network, and the password in hand is lost if the run ends."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress

#: Seconds between two tries; and for the router at least, however long its mail took.
PAUSE, LEAST = 3.0, 60.0
Answer = t.TypeVar("Answer")


def until_reached(
    act: t.Callable[[], Answer],
    again: t.Callable[[], None],
    host: str,
    seconds: float,
    *,
    sleep: t.Callable[[float], None] = time.sleep,
    clock: t.Callable[[], float] = time.monotonic,
) -> Answer:
    """Do something on the router, as soon as it is reached.

    :param again: what has to be done before another try
    :param seconds: how long that may take at most
    :raises Failure: any but "no way in" at once, and that one when the time is over
    """
    end = clock() + max(seconds, LEAST)
    try:
        return act()
    except Failure as failure:
        if failure.code != "router_unreachable":
            raise
        note = f"The mail was read. {failure.message}"
        progress.say(host, f"waiting for the router. {note}")
    with progress.shown(host, "the router", max(seconds, LEAST), note):
        while True:
            sleep(PAUSE)
            again()
            try:
                return act()
            except Failure as failure:
                if failure.code != "router_unreachable" or clock() >= end:
                    raise
