# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from what a router with NetworkManager told (pure)."""

from __future__ import annotations

import dataclasses

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.facts import Look, Profile
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, words_of

#: Bytes that a profile's file grows by at most.
MARGIN = 1024
#: Bytes of a login or password that pppd takes.
LONGEST = 255


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be done."""

    writes: bool
    dials: bool


def plan_of(look: Look, credentials: Credentials, dial: Dial, age: float | None) -> Plan:
    """Write what differs. Dial once for it, or where the line does not run on what the profile has.

    :param age: seconds since the password was requested, if it was
    """
    writes = (look.profile.login, look.profile.password) != (credentials.login, credentials.password)
    auto = writes or not look.state.phase or runs_on_another(look, age)
    return Plan(writes, dial is Dial.ALWAYS or (dial is Dial.AUTO and auto))


def runs_on_another(look: Look, age: float | None) -> bool:
    """Is the session older than the password? One of unknown age is not."""
    started = look.state.started
    return look.state.up and age is not None and started is not None and look.now - started > age


def unwritable(look: Look) -> str:
    """Why login and password cannot be written, as a sentence; "" when they can, as far as rights tell."""
    if not look.may:
        return "This user may not change the connections of the system. Become root (ansible_become)."
    if not look.profile.keeps:
        return (
            "The profile does not keep its password (pppoe.password-flags is not 0): on the router, "
            "'nmcli connection modify' sets it to 0."
        )
    return ""


def untried(ran: Ran, folder: str) -> str:
    """Why a file could not be made beside the profile, as a sentence; "" when it could."""
    return "" if ran.code == 0 else f"No file can be written in {folder} on the router ({words_of(ran.text, 200)})."


def unfit(credentials: Credentials) -> str:
    """Why nmcli or pppd cannot take them, as a sentence; "" when they can."""
    for name, value in (("login", credentials.login), ("password", credentials.password)):
        if value != value.strip():
            return f"nmcli drops a blank at the ends of a {name}. Enter it on the router: nmtui edit."
        if len(value.encode("utf-8", "surrogateescape")) > LONGEST:
            return f"The {name} is longer than the {LONGEST} bytes that pppd takes."
    return ""


def written(profile: Profile, credentials: Credentials) -> bool:
    """Is in the profile what was written?"""
    return (profile.login, profile.password) == (credentials.login, credentials.password)
