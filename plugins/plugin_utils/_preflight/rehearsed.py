# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the last rehearsal of a line has shown: one small file beside the line's journal, without any secret."""

from __future__ import annotations

import dataclasses
import datetime
import os
from urllib.parse import quote

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Trails
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways.three import Rehearsed

#: For so long, a rehearsal tells of the ways.
COUNTS = datetime.timedelta(days=7)


@dataclasses.dataclass(frozen=True)
class Rehearsal:
    """
    :param host: the router, by its name in the inventory
    :param at: when it was made to dial, UTC on OVHcloud's clock
    :param dialled: it was made to dial
    :param session: a new session came up
    :param router_answered: while the line was down; None where that was not seen
    :param api_answered: OVHcloud, likewise
    :param trails: how this machine reached both
    """

    host: str
    at: datetime.datetime
    dialled: bool
    session: bool
    router_answered: bool | None = None
    api_answered: bool | None = None
    trails: Trails = dataclasses.field(default_factory=Trails)

    def answered(self, now: datetime.datetime, trails: Trails) -> Rehearsed:
        """What this tells of the ways of now: nothing where they are others, or where it is too long ago."""
        if not datetime.timedelta(0) <= now - self.at <= COUNTS:
            return Rehearsed()
        router = bool(self.router_answered and trails.router and trails.router == self.trails.router)
        api = bool(self.api_answered and trails.api and trails.api == self.trails.api)
        return Rehearsed(iso(self.at) if router else "", iso(self.at) if api else "")

    def told(self) -> str:
        """What is known of the ways while the line was down, as a clause; "" when nothing is."""
        ways = (("the router", self.router_answered), ("OVHcloud's API", self.api_answered))
        told = [
            f"{' and '.join(names)} {answered} while the line was down"
            for answered, wanted in (("answered", True), ("did not answer", False))
            if (names := [name for name, found in ways if found is wanted])
        ]
        return ", ".join(told)


def _path(folder: str, service_name: str) -> str:
    return os.path.join(folder, f"{quote(service_name, safe='')}.rehearsed.json")


def note(folder: str, service_name: str, rehearsal: Rehearsal) -> None:
    """Keep it, in place of the one before.

    :raises OSError: when it cannot be written
    """
    path = _path(folder, service_name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    _own_file.replace_json(path, as_data(rehearsal))


def last(folder: str, service_name: str, host: str) -> Rehearsal | None:
    """The last one of this line with this router, if there is one that can be read."""
    try:
        found = from_data(Rehearsal, _own_file.read_json(_path(folder, service_name)))
    except (OSError, _own_file.NotOurs, Unreadable):
        return None
    return found if found.host == host else None
