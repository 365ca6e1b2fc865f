# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When lines of one run do together what each would have to do at a moment of its own.

Where the budget is short, lines come to the same question one after the other, and none can take the answer of the one
before, which is older than what it asks about. So they wait for each other: the moments are multiples of a few seconds
of this machine's clock, and nobody has to be told when the next one is.
"""

from __future__ import annotations

import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client

#: Seconds between two moments: half of what a look at the call log reaches back for a line's own calls.
EVERY = 15.0
#: Seconds in which others that asked the same are taken to ask again: a line comes to its request every few.
AROUND = 60.0
#: Seconds that a line waits at most for the preflights of others before it is cut. Whoever is cut looks for a mail
#: minutes later, and these looks take what preflights need: so all begin, and then all are cut.
LONGEST = 180.0


def meet(
    client: Client, topic: str, name: str, longest: float = 0.0, sleep: t.Callable[[float], None] = time.sleep
) -> float:
    """Wait for the other lines, where the budget is short and others ask the same.

    :param topic: of the question, as :meth:`Shared.answer` has it; :param name: likewise
    :param longest: wait on, so many seconds at most, while other lines begin
    :returns: seconds that it waited; 0 where there was nobody to wait for
    """
    shared = getattr(client, "shared", None)
    if shared is None or not shared.several or not client.short():
        return 0.0
    began = time.monotonic()
    if shared.others(topic, name, AROUND) or (longest and client.beginning()):
        while True:
            sleep(EVERY - time.monotonic() % EVERY)
            if time.monotonic() - began >= longest or not client.beginning():
                break
    return time.monotonic() - began
