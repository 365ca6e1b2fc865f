# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the acts of a run need of the world, and how a run ends that does not come to its end."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Chain, Route
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.here import Routes
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._beyond_ppp import Connect, by_tcp
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh.calls import Calls
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept


class Stopped(Exception):
    """The run ends here.

    :param code: why, for programs: see docs/when-something-fails.md
    :param failure: what went wrong below, as the modules return it; its code and details win
    :ivar failure: for programs; what it says to people are the last words alone, once
    :ivar verdict: of a preflight, as data
    """

    def __init__(self, code: str, last_words: str, failure: t.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(last_words)
        below = failure or {"code": code}
        self.failure: dict[str, t.Any] = {"code": below["code"], "details": dict(below.get("details") or {})}
        self.verdict: t.Any = None


@dataclasses.dataclass
class Means:
    """What acts need of the world.

    :param router: opens the driver; None where the user's own tasks are the router's side
    :param chain: the hosts by which the task's connection goes
    :param keep: keeps login and password in the store, or proves with None that it could; true where it changed
    :param kept: reads the store
    :param room: proves, by writing as much, that the store has room for a password
    :param to_write: what a store of the user's own is to hold, if that is something else; its tasks come later
    :param now: this machine's clock, UTC
    :param reset: leaves the task's connection, so that the next step makes a new one
    :param route: this machine's route to an address and port, now
    :param connect: why something does not answer from this machine; "" when it does
    :param here: calls are made by this process, which has the last word before a request
    """

    calls: Calls
    router: t.Callable[[], port.Router] | None
    keep: t.Callable[[Kept | None], bool]
    now: t.Callable[[], datetime.datetime]
    chain: t.Callable[[], Chain] = Chain
    reset: t.Callable[[], None] = lambda: None
    route: t.Callable[[str, int], Route] = dataclasses.field(default_factory=lambda: Routes().to)
    here: bool = True
    connect: Connect = by_tcp
    kept: t.Callable[[], Kept | None] = lambda: None
    to_write: t.Callable[[Kept], Kept | None] = lambda _wanted: None
    room: t.Callable[[], None] = lambda: None
