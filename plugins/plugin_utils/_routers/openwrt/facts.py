# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an OpenWrt router told, made out: its configuration, uncommitted changes, and what netifd says of an interface.

Sources, in the versions of July 2026: git.openwrt.org/project/uci.git (cli.c, file.c) and netifd.git (ubus.c,
interface.c, config.c); the rest was seen with real uci, ubus and netifd of 24.10 and 2026.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Mark, Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told, words_of

FILE = "/etc/config/network"
#: A word as uci prints it: in single quotes, a quote in it as '\''.
WORD = r"'[^']*'(?:\\''[^']*')*"
#: A line of "uci show network"; values of releases before 2014 stand without quotes.
SHOWN = re.compile(rf"^network\.([^.=\n]+)(?:\.([^.=\n]+))?=({WORD}(?: {WORD})*|[^\n]*)$", re.MULTILINE)
#: A line of "uci changes network": x='y', -x, x+='y', x-='y'; files of changes also know ^ (order) and @ (name).
CHANGED = re.compile(rf"^([-+^@|~]?)(network\.[^\s=+|'^~]*?)(?:([-+|^~]?=)({WORD}|[^\n]*))?$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Section:
    """A section of /etc/config/network; a list has its values in order."""

    kind: str
    options: t.Mapping[str, tuple[str, ...]] = dataclasses.field(repr=False)

    def get(self, name: str) -> str:
        """The option as "uci get" gives it; "" without it."""
        return " ".join(self.options.get(name, ()))


@dataclasses.dataclass(frozen=True)
class Changes:
    """What is not committed, by name alone: a value may be secret.

    :param ours: login and password of the interface are, as a killed run leaves them
    :param foreign: everything else
    """

    ours: bool
    foreign: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Status:
    """What netifd says of the interface ("ubus call network.interface.X status").

    :param trouble: why there is no answer; "" with one
    :param known: netifd has that interface; not so when it is disabled, or not told of yet
    :param autostart: netifd dials it by itself; not so after ifdown, a limit of refusals, or with "auto 0"
    :param errors: codes, the newest last; they are history, and stay listed while netifd dials again
    """

    trouble: str = ""
    known: bool = True
    up: bool = False
    pending: bool = False
    autostart: bool = True
    protocol: str = ""
    address: str = ""
    uptime: int = 0
    device: str = ""
    errors: tuple[str, ...] = ()

    @property
    def stopped(self) -> bool:
        """Nothing will come of waiting: netifd does not dial."""
        return self.known and not (self.up or self.pending or self.autostart)


@dataclasses.dataclass(frozen=True)
class Look:
    """All that one look at the router told."""

    told: Told = dataclasses.field(repr=False)
    sections: t.Mapping[str, Section]
    changes: Changes
    status: Status
    session: Session

    @property
    def content(self) -> bytes:
        """The configuration, byte for byte."""
        return self.told.ran["file"].content

    @property
    def ports(self) -> tuple[str, ...]:
        """The network devices of the router."""
        return tuple(sorted(interfaces(self.told)))


def unquoted(text: str) -> tuple[str, ...]:
    """The words of a value that uci printed."""
    words = re.findall(WORD, text) if text.startswith("'") else [f"'{text}'"]
    return tuple(word[1:-1].replace("'\\''", "'") for word in words)


def quoted(value: str) -> str:
    """A value as a word of "uci batch"."""
    return "'" + value.replace("'", "'\\''") + "'"


def sections_of(shown: str) -> dict[str, Section]:
    """The sections that "uci show network" printed, by name (an unnamed one's is such as @device[0])."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    kinds: dict[str, str] = {}
    for name, option, value in SHOWN.findall(shown):
        found.setdefault(name, {})
        if option:
            found[name][option] = unquoted(value)
        else:
            kinds[name] = value
    return {name: Section(kinds.get(name, ""), options) for name, options in found.items()}


def changes_of(printed: str, interface: str) -> Changes:
    """What "uci changes network" printed; a line that goes on a value of several lines is passed over."""
    ours, foreign = False, []
    for prefix, name, operator, _value in CHANGED.findall(printed):
        if not prefix and operator == "=" and name in login_options(interface):
            ours = True
        else:
            foreign.append(name)
    return Changes(ours, tuple(dict.fromkeys(foreign)))


def login_options(interface: str) -> tuple[str, str]:
    return f"network.{interface}.username", f"network.{interface}.password"


def status_of(ran: Ran | None) -> Status:
    """What "ubus call … status" printed. It ends with 4 for an interface that netifd does not know."""
    if ran is None or ran.code == 4:
        return Status(known=False)
    try:
        found = json.loads(ran.text[ran.text.index("{") :]) if ran.code == 0 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return Status(known=False, trouble=f"ubus ended with {ran.code}: {words_of(ran.text, 100) or 'no word of it'}")
    addresses = found.get("ipv4-address") or [{}]
    up = found.get("up") is True and found.get("proto") == "pppoe" and bool(addresses[0].get("address"))
    return Status(
        up=up and isinstance(found.get("uptime"), int),
        pending=found.get("pending") is True,
        autostart=found.get("autostart") is not False,
        protocol=str(found.get("proto", "")),
        address=str(addresses[0].get("address", "")),
        uptime=found["uptime"] if isinstance(found.get("uptime"), int) else 0,
        device=str(found.get("l3_device", "")),
        errors=tuple(str(error.get("code", "")) for error in found.get("errors") or ()),
    )


def watched(ran: Ran) -> str:
    """A status without what changes by itself, as the step that waits compares it."""
    return "\n".join(line for line in ran.text.split("\n") if not re.search('"(uptime|preferred|valid)":', line))


def uptime_of(told: Told) -> float:
    """Seconds since the router was started (proc(5)): its clock jumps when the line comes back.

    :raises Failure: ``router_refused`` when it does not tell
    """
    ran = told.ran.get("uptime")
    found = re.match(r"\d+(\.\d+)?", ran.text) if ran and ran.code == 0 else None
    if not found:
        raise Failure("router_refused", "The router does not tell its uptime (/proc/uptime). Is platform right?")
    return float(found[0])


def interfaces(told: Told) -> dict[str, str]:
    """The network devices of the router with their index, which is a new one for each pppd's session."""
    ran = told.ran.get("links")
    return dict(re.findall(r"^/sys/class/net/([^/\n]+)/ifindex:(\d+)$", ran.text if ran else "", re.MULTILINE))


def session_of(told: Told, status: Status, since: Mark | None, interface: str) -> Session:
    """The session, if there is one that is younger than `since`; else the reason why there is none."""
    if not status.up:
        return Session(False, error=no_session(status, interface))
    index = interfaces(told).get(status.device, "")
    identity = f"{status.device}#{index}" if index else ""
    session = Session(True, status.address, float(status.uptime), "", identity)
    if since is None or since.at is None:
        return session
    # netifd takes both ends of an age in whole seconds of the same clock (interface.c, system_get_rtime), and the step
    # reads that clock behind the age: this is never too early.
    started = int(uptime_of(told)) - status.uptime
    if identity != (since.identity or None) and started >= int(since.at):
        return session
    return Session(False, error=f"The session of {interface} is still the previous one, from before the change.")


def no_session(status: Status, interface: str) -> str:
    if not status.known:
        return f"netifd does not know the interface {interface}{f' ({status.trouble})' if status.trouble else ''}."
    refused = [code for code in status.errors if "AUTH" in code]
    if status.protocol != "pppoe":
        words = ["the package that makes the protocol pppoe is missing (ppp-mod-pppoe)"]
    elif refused:
        # Told at once: netifd drops the errors of before when it takes over another configuration.
        words = [f"netifd says that the provider refused the login and password ({' '.join(refused)})"]
    elif status.pending:
        words = ["netifd is dialling"]
    else:
        told = [code for code in status.errors if code not in ("USER_REQUEST", "HANGUP")]
        words = [f"netifd says {' '.join(told)}"] if told else []
    if status.stopped:
        words.append(
            "it is stopped, and netifd does not dial it by itself: "
            f"'ubus call network.interface.{interface} up' starts it"
        )
    return "; ".join([f"The interface {interface} has no session", *words]) + "."


def look_of(told: Told, interface: str) -> Look:
    """What a look told.

    :raises Failure: when this is no OpenWrt router, or its configuration cannot be read
    """
    show, changes = told.ran["show"], told.ran["changes"]
    if show.code == 127 or told.ran["status"].code == 127:
        missing = "uci" if show.code == 127 else "ubus"
        raise Failure(
            "router_option", f"The command {missing} is missing: this is not an OpenWrt router. Correct O(platform)."
        )
    if "builtin" not in told.ran["printf"].text:
        raise Failure(
            "router_refused",
            "The router's /bin/sh has no built-in printf, so a password would show in its process list.",
        )
    if told.ran["file"].code:
        raise Failure(
            "router_option",
            f"{FILE} cannot be read ({words_of(told.ran['file'].text, 100)}). Log in as root: ansible_user.",
        )
    # Only the place of the error: what stands there may be secret.
    if unreadable := re.search(r"Parse error \([\w '\"]*\)( at line \d+, byte \d+)?", show.text if show.code else ""):
        raise Failure(
            "router_refused",
            f"uci cannot read {FILE}: {unreadable[0]}. Correct the file on the router; nothing was written.",
        )
    if show.code or changes.code:
        failed = "show" if show.code else "changes"
        raise Failure("router_refused", f"The command 'uci {failed} network' failed: nothing was written.")
    status = status_of(told.ran["status"])
    session = session_of(told, status, None, interface)
    return Look(told, sections_of(show.text), changes_of(changes.text, interface), status, session)
