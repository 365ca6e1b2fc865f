# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of the local OVH API, one for each router of the table: routers of one line would cut each other's session."""

from __future__ import annotations

import copy
import dataclasses

from role.site import SERVICE, Site


@dataclasses.dataclass(frozen=True)
class Line:
    """A line, its password now, and the one before it that its router still has.

    :param url: the local API
    :param needle: the part of the password that looks the same in each quoting
    """

    url: str
    service: str
    login: str
    password: str
    before: str
    needle: str


def add(site: Site, names: list[str], password: str, known: bool = False) -> dict[str, Line]:
    """A line for each of these names.

    :param password: the beginning of what the lines accept
    :param known: the router has that password already
    """
    state = site.admin("GET", "/state")
    model, key = state["lines"][SERVICE], state["credentials"]["test-ck"]
    lines: dict[str, Line] = {}
    states = {}
    for number, name in enumerate(names):
        needle = f"canary{number:04}end"
        accepted = password + needle
        before = accepted if known else f"before-{number}"
        line = Line(site.url, f"xdsl-cell{number}-1", f"cell{number}@adsl.ovh", accepted, before, needle)
        lines[name] = line
        states[line.service] = {**copy.deepcopy(model), "login": line.login, "password": line.password}
        states[line.service]["session"] = {"up": False, "since": 0, "ip": None}
        states[line.service]["radius"] = [{**entry, "login": line.login} for entry in model["radius"]]
    rules = [*key["rules"], *({"method": "POST", "path": f"/xdsl/{one}/requestPPPLoginMail"} for one in states)]
    site.admin("PUT", "/state", {"lines": states, "credentials": {"test-ck": {**key, "rules": rules}}})
    return lines
