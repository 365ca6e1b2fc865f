# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another host that talks to the API may be out of reach for some time after the cut: the mail is waited for there, so
that host is waited for too. Its name may go with the line between our last look-up and that of ssh."""

from __future__ import annotations

import time
import typing as t

from ansible.errors import AnsibleConnectionFailure

#: Seconds between two tries.
PAUSE = 3.0
Answer = t.TypeVar("Answer")


def until_answered(
    ask: t.Callable[[int], Answer],
    again: t.Callable[[], None],
    hear: t.Callable[[str | None], None],
    seconds: int,
    *,
    sleep: t.Callable[[float], None] = time.sleep,
    clock: t.Callable[[], float] = time.monotonic,
) -> Answer:
    """Ask something that changes nothing by a host that is reached now or within these seconds.

    :param ask: takes the whole seconds that are left
    :param again: what has to be done before another try
    :param hear: is told why there is no answer; "" where another try begins
    :raises AnsibleConnectionFailure: when the host is still away at the end
    """
    end = clock() + seconds
    while True:
        try:
            return ask(max(0, round(end - clock())))
        except AnsibleConnectionFailure as error:
            if clock() >= end:
                raise
            hear(f"The host that talks to the API cannot be reached: {str(error).strip().rstrip('.')}.")
        sleep(PAUSE)
        again()
        hear("")
