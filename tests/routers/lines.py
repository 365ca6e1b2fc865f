# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of the local OVH API, one for each router of the table: routers of one line would cut each other's session."""

from __future__ import annotations

import copy
import dataclasses

from router.site import SERVICE, Site


@dataclasses.dataclass(frozen=True)
class Line:
    """A line, its password now, and the one before it that its router still has.

    :param url: the local API
    """

    url: str
    service: str
    login: str
    password: str
    before: str


def add(site: Site, names: list[str], password: str) -> dict[str, Line]:
    """A line for each of these names; `password` with the name's number behind it is what it accepts."""
    model = site.admin("GET", "/state")["lines"][SERVICE]
    lines: dict[str, Line] = {}
    states = {}
    for number, name in enumerate(names):
        line = Line(
            site.url, f"xdsl-cell{number}-1", f"cell{number}@adsl.ovh", f"{password}{number}", f"before-{number}"
        )
        lines[name] = line
        states[line.service] = {**copy.deepcopy(model), "login": line.login, "password": line.password}
        states[line.service]["session"] = {"up": False, "since": 0, "ip": None}
    site.admin("PUT", "/state", {"lines": states})
    return lines
