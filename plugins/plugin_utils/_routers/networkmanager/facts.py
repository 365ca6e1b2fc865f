# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nmcli tells of a connection profile, and of its session (pure).

Everything is asked for by name (``nmcli -t -e no -f …``): a line is ``setting.property:value``, and the value is told
as it is. Seen with NetworkManager 1.42 of Debian 12.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Mark, Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told, words_of

#: Where NetworkManager keeps what is saved for good; profiles of /run and /usr/lib are saved here, too.
FOLDER = "/etc/NetworkManager/system-connections"
#: Exit codes of nmcli(1).
NOT_RUNNING, NOT_THERE = 8, 10
#: Ticks of a process's start in /proc/PID/stat in a second (proc(5): USER_HZ).
TICKS = 100


@dataclasses.dataclass(frozen=True)
class Profile:
    """A connection profile.

    :param keeps: it keeps its password itself (``pppoe.password-flags`` is 0)
    :param file: where it is kept; "" when that is not told
    """

    login: str
    password: str = dataclasses.field(repr=False)
    keeps: bool = True
    file: str = ""

    @property
    def folder(self) -> str:
        """Where it is written to."""
        folder = posixpath.dirname(self.file)
        return FOLDER if not folder or folder.startswith(("/run/", "/usr/")) else folder


@dataclasses.dataclass(frozen=True)
class State:
    """What NetworkManager does with the profile now.

    :param phase: in its words, such as "activated" or "activating"; "" when it does nothing
    :param activation: an object of its own for each activation
    :param interface: that of the session
    :param started: seconds of the router's uptime at which the session's pppd was started; None when not told
    """

    phase: str
    activation: str = ""
    interface: str = ""
    address: str = ""
    started: float | None = None

    @property
    def up(self) -> bool:
        return self.phase == "activated" and bool(self.address)

    @property
    def identity(self) -> str:
        """Numbers of activations begin anew with NetworkManager: the start of pppd tells them apart then."""
        return f"{self.activation} {self.started or ''}".strip() if self.up else ""


@dataclasses.dataclass(frozen=True)
class Look:
    """What a look told.

    :param may: this user may change the connections of the system
    :param now: seconds of the router's uptime
    """

    told: Told
    profile: Profile
    state: State
    may: bool
    now: float


def named(text: str) -> dict[str, list[str]]:
    """The values by their names: several where lists or several profiles are told."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and re.fullmatch(r"[\w.-]+(\[\d+\])?", name):
            found.setdefault(name.partition("[")[0], []).append(value)
    return found


def profile_of(ran: Ran, listed: str, name: str) -> Profile:
    """The profile of that name.

    :param listed: type, name and file of all profiles, as ``nmcli -t -e no -f TYPE,NAME,FILENAME`` tells them
    :raises Failure: when there is none, or it cannot be used, before anything is written
    """
    if ran.code == 127:
        raise Failure(
            "router_option", "The command nmcli is missing: this router has no NetworkManager. Correct O(platform)."
        )
    if ran.code == NOT_RUNNING:
        raise Failure(
            "router_refused", "NetworkManager is not running on the router. Start it: systemctl start NetworkManager."
        )
    profiles = [re.fullmatch(r"([\w-]+):(.*?):(/.*)?", line) for line in listed.splitlines()]
    if ran.code == NOT_THERE:
        names = sorted(found[2] for found in profiles if found and found[1] == "pppoe")
        there = f"PPPoE profiles of this router: {', '.join(names) or 'none'}"
        raise Failure("router_option", f"There is no connection profile {name}. {there}. Set O(interface).")
    if ran.code:
        raise Failure("router_refused", f"nmcli cannot tell of the profile {name}: {words_of(ran.text, 200)}.")
    has = named(ran.text)
    kinds = has.get("connection.type", [])
    if len(kinds) > 1:
        raise Failure("router_option", f"There are {len(kinds)} connection profiles named {name}. Rename one of them.")
    if kinds != ["pppoe"]:
        raise Failure(
            "router_option", f"{name} is a connection of the type {''.join(kinds)}, not pppoe. Set O(interface)."
        )
    file = next((found[3] for found in profiles if found and (found[1], found[2]) == ("pppoe", name)), "") or ""

    def value(what: str) -> str:
        return "".join(has.get(what, [])[:1])

    keeps = value("pppoe.password-flags").partition(" ")[0] in ("", "0")
    return Profile(value("pppoe.username"), value("pppoe.password"), keeps, file)


def state_of(told: Told) -> State:
    """What a step with :data:`driver.STATE` told."""
    has = named(told.ran["state"].text) if told.ran["state"].code == 0 else {}

    def value(what: str) -> str:
        return "".join(has.get(what, [])[:1])

    address = value("IP4.ADDRESS").partition("/")[0]
    phase = value("GENERAL.STATE")
    return State(phase, value("GENERAL.DBUS-PATH"), value("GENERAL.IP-IFACE"), address, started(told.ran.get("pppd")))


def started(ran: Ran | None) -> float | None:
    """When a process was started, by its /proc/PID/stat; None without one."""
    fields = ran.text.rpartition(")")[2].split() if ran and ran.code == 0 else []
    # proc(5): the 22nd field; the two before ")" are gone.
    return int(fields[19]) / TICKS if len(fields) > 19 and fields[19].isdecimal() else None


def uptime_of(ran: Ran) -> float:
    """:raises Failure: ``router_refused`` without a /proc/uptime"""
    try:
        return float(ran.text.split()[0])
    except (ValueError, IndexError):
        raise Failure("router_refused", "The router does not tell its uptime (/proc/uptime).") from None


def session_of(state: State, now: float, since: Mark | None, name: str) -> Session:
    """The session, if it counts.

    :param now: seconds of the router's uptime
    :param since: None when any will do
    """
    if not state.up:
        phase = state.phase or "down"
        return Session(
            False, error=f"NetworkManager says that {name} is {phase}{'' if state.address else ', without an address'}"
        )
    age = None if state.started is None else max(0.0, now - state.started)
    session = Session(True, state.address, age, "", state.identity)
    if since is None:
        return session
    older = state.started is not None and since.at is not None and state.started < since.at
    if older or (since.identity and since.identity == state.identity):
        return Session(False, error=f"the session of {name} is still the previous one, from before the change")
    return session


def look_of(told: Told, name: str) -> Look:
    """What a look told.

    :raises Failure: as :func:`profile_of`
    """
    if "builtin" not in told.ran["printf"].text:
        said = "The router's /bin/sh has no built-in printf, so a password would show in its process list."
        raise Failure("router_refused", said)
    profile = profile_of(told.ran["profile"], told.ran["profiles"].text, name)
    rights: t.Mapping[str, list[str]] = named(told.ran["rights"].text)
    may = rights.get("org.freedesktop.NetworkManager.settings.modify.system") == ["yes"]
    return Look(told, profile, state_of(told), may, uptime_of(told.ran["uptime"]))
