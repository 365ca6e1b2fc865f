# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router is kept ready while a mail is waited for: what can be done without the password is done by then."""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process.alongside import alongside
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port

#: Seconds between two looks: a pppd that is refused stays in its hold-off for 30 s, as a rule.
PAUSE = 10.0
#: Seconds after the request before which there is nothing to look at: the session is being cut.
SOON = 1.0
#: Seconds before a mail is expected from which on the router is looked at.
LEAD = 5.0


def kept_ready(router: port.Router, after: float) -> t.ContextManager[None]:
    """Have the router look ahead now and then, in a thread of its own. At the end, a look that is under way ends.

    :param after: seconds to the first look
    """
    return alongside(lambda done: _look(done, router, after))


def _look(done: threading.Event, router: port.Router, after: float) -> None:
    pause = after
    while not done.wait(pause):
        try:
            router.look_ahead()
        except Exception:  # the text of any error could be shown by the thread; the write meets it again and tells it
            return
        pause = PAUSE
