# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What VyOS says, read; and what it is to be told. Nothing here knows a connection.

Sources: the op-mode and interface definitions of vyos-1x (branches equuleus for 1.3, sagitta for 1.4), vyatta-cfg.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import ipaddress
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import port_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
    Credentials,
    Existing,
    Interface,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import words_of

#: VyOS takes no login without a password: an interface that was provisioned has this one, and is disabled.
PLACEHOLDER = "waits-for-its-first-password"
#: What VyOS takes in no value: validate_value() of vyatta-cfg, the constraint of 1.4's interface definition.
IMPOSSIBLE = re.compile(r"[\"']|[^\x20-\x7e]|.{129}")
#: What its command line does not pass on: "?" asks for help, and pppd takes a backslash away.
UNTYPABLE = re.compile(r"[\\?]")

NAME = re.compile(r"pppoe[0-9]+")
#: Colours, titles, bracketed paste (bash 5.1 of Debian 12 sends ESC [?2004h and l around each line: vyos 1.4).
CONTROL = re.compile(r"\x1b\][^\x07]*\x07|\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
#: "user@host:~$" (.bashrc of vyos-1x); "user@host> " for the level operator (vyatta-unpriv of vyatta-op; ytti/oxidized
#: issue 3111). In the configuration mode "user@host# ", with "(vrf:NAME)" or "(ns:NAME)" where SSH is in one
#: (get_shell_prompt() of vyatta-cfg); root's "root@host:~#" is none of it.
PROMPT = re.compile(r"^\S+@[^\s:]+(?:(?::\S*)?[$#>]) ?$")
CONFIGURING = re.compile(r"^\S+@[^\s:()]+(?:\((?:vrf|ns):[^\s()]+\))*# ?$")

LOCKED = re.compile(r"temporarily locked|commit(?: is)? in progress", re.I)
#: Words by which a command of the configuration mode says no, beside those of LOCKED.
REFUSED = re.compile(
    r"(?m)^\s*(?:Invalid command:|Set failed|Delete failed|Commit failed|\[\[.*\]\] failed|Cannot |Error:)"
)
#: Set or delete that fails without a reason: a lock of a commit that is just over (vyos-1x pull request 5411, T9218).
LINGERS = re.compile(r"\s*(?:Set|Delete) failed\s*")

MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
CLOCK = re.compile(
    r"\b[A-Z][a-z]{2} +(?:(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2})|(?P<day_>\d{1,2}) +(?P<month_>[A-Z][a-z]{2}))"
    r" +(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?: +(?P<half>[AP]M))?(?: +[A-Za-z0-9+-]+)?"
    r" +(?P<year>\d{4})\b"
)
#: A line of the journal: "Nov 24 08:23:54 pppd[2471]: local  IP address 203.0.113.10".
ENTRY = re.compile(r"^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) .*?pppd\[(\d+)\]: +(.*?)\s*$")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came before the next prompt; `configuring` when that is the one of the configuration mode."""

    text: str
    configuring: bool


def heard(raw: str) -> Answer | None:
    """An answer without control codes and prompt; None when no prompt is at its end: it may be cut off."""
    lines = CONTROL.sub("", raw.replace("\r\n", "\n")).rstrip("\n").split("\n")
    prompt = lines.pop()
    if not PROMPT.match(prompt):
        return None
    while lines and (not lines[-1].strip() or re.match(r"\[edit\b[^\]]*\]\s*$", lines[-1])):
        lines.pop()
    return Answer("\n".join(lines), bool(CONFIGURING.match(prompt)))


def _moment(year: int, month: str, day: int, hour: int, minute: int, second: int) -> datetime.datetime | None:
    try:
        return datetime.datetime(year, MONTHS.index(month) // 3 + 1, day, hour, minute, second)
    except ValueError:
        return None


def clock(text: str) -> datetime.datetime | None:
    """The router's own local time out of "show date"; None when it is in no known form.

    1.3 has the C form ("Tue Nov 24 08:23:54 UTC 2026"). From 1.4 on "system option time-format" is 12-hour by default
    ("Tue Aug  1 12:33:45 PM EEST 2023"), 24-hour is day-first ("Tue  1 Aug 12:34:09 EEST 2023"): vyos-1x pull request
    2124. It holds from the next log-in on.
    """
    found = CLOCK.search(text)
    if found is None:
        return None
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "PM" else 0)
    month, day = found["month"] or found["month_"], found["day"] or found["day_"]
    return _moment(int(found["year"]), month, int(day), hour, int(found["minute"]), int(found["second"]))


def seconds(moment: datetime.datetime) -> float:
    """A moment on the router's own clock as a number."""
    return (moment - datetime.datetime(1970, 1, 1)).total_seconds()


@dataclasses.dataclass(frozen=True)
class Log:
    """What pppd's journal of this boot tells.

    :param up: the moment of the newest session, without its year; None when none is told
    :param process: the number of the pppd that had it
    :param refused: pppd's last word is that the provider refused login and password
    """

    up: tuple[str, int, int, int, int] | None = None
    process: str = ""
    refused: bool = False

    @classmethod
    def read(cls, text: str) -> Log:
        up, process, refused = None, "", False
        for line in text.splitlines():
            found = ENTRY.match(line)
            if found is None:
                continue
            month, day, hour, minute, second, number, said = found.groups()
            refused = "authentication failed" in said
            if re.match(r"local +IP address", said):
                up, process = (month, int(day), int(hour), int(minute), int(second)), number
        return cls(up, process, refused)

    @property
    def identity(self) -> str:
        """What tells the newest session from any other, whatever the clock does meanwhile; "" without one."""
        return " ".join(map(str, (self.process, *self.up))) if self.up else ""

    def began(self, now: datetime.datetime | None) -> datetime.datetime | None:
        """When the newest session began; the journal names no year, and its newest entry is in the past."""
        if self.up is None or now is None:
            return None
        then = _moment(now.year, *self.up)
        if then is None or then - now > datetime.timedelta(days=1):
            then = _moment(now.year - 1, *self.up) or then
        return None if then is None or then - now > datetime.timedelta(days=1) else min(then, now)


def seen(shown: str, date: str, journal: str, interface: str) -> Session:
    """The session out of "show interfaces pppoe", "show date" and "show log pppoe interface"."""
    address = re.search(r"(?m)^\s+inet ([0-9.]+)", shown)
    log, now = Log.read(journal), clock(date)
    if address is None:
        says = f"the router says: {words_of(shown) or f'nothing about {interface}'}"
        refused = "; pppd says that the provider refused the login and password" if log.refused else ""
        return Session(False, error=says + refused)
    began = log.began(now)
    uptime = (now - began).total_seconds() if now and began else None
    return Session(True, address[1], uptime, identity=log.identity)


def stopped(shown: str) -> bool:
    """Whether no pppd runs for the interface, so that it does not dial (interfaces.py of vyos-1x)."""
    return re.search(r"(?m)^pppoe[0-9]+: Link down\s*$", shown) is not None


def counted(shown: str, interface: str) -> Counter | None:
    """The bytes under RX and TX, on the line below their heading; None without both."""
    found = {way: re.search(rf"(?m)^ *{way}: +bytes .*\n +(\d+)", shown) for way in ("RX", "TX")}
    received, sent = found["RX"], found["TX"]
    return Counter(interface, int(received[1]), int(sent[1])) if received and sent else None


def came_from(users: str, user: str) -> str:
    """The IPv4 address from which that user is logged in, out of "show users"; "" for none, several, or a name.

    It is ``who -H`` (vyos-1x, op-mode-definitions/show-users.xml.in), which has the other end in brackets.
    """
    ends = set(re.findall(rf"(?m)^{re.escape(user)}\s.*\(([^()\s]+)\)\s*$", users)) if user else set()
    with contextlib.suppress(ValueError):
        return str(ipaddress.IPv4Address(ends.pop() if len(ends) == 1 else ""))
    return ""


def leaves_by(route: str) -> str:
    """The interface of the best route, out of "show ip route ADDRESS"; "" when there is none, or several.

    It is FRR's (vyos-1x, op-mode-definitions/show-ip-route.xml.in): ``* directly connected, eth0`` or
    ``* 192.0.2.1, via eth1`` below ``Known via "static", distance 1, metric 0, best``, newer ones with ``, weight 1``
    behind (seen in public notes from the consoles of vtysh and of VyOS 1.4).
    """
    best = [entry for entry in re.split(r"(?m)^Routing entry for ", route)[1:] if re.search(r", best\b", entry)]
    way = r"(?m)^ *\* +(?:directly connected, |[0-9.]+, via )([^\s,]+)"
    names = {name for entry in best for name in re.findall(way, entry)}
    return names.pop() if len(names) == 1 else ""


@dataclasses.dataclass(frozen=True)
class Configuration:
    """The running configuration, as far as it is about one PPPoE interface.

    :param readable: this user may read it at all
    :param names: the PPPoE interfaces that there are
    :param login_word: see :func:`login_word`; a guess where there is no login
    """

    interface: str
    readable: bool
    names: tuple[str, ...] = ()
    login: str = ""
    login_word: str = "username"
    password: str = dataclasses.field(default="", repr=False)
    disabled: bool = False
    on_demand: bool = False

    @classmethod
    def read(cls, text: str, interface: str) -> Configuration:
        """Out of "show configuration commands": one line each, values in single quotes, which no value can hold."""
        if REFUSED.search(text):
            return cls(interface, False)
        names = tuple(dict.fromkeys(re.findall(r"(?m)^set interfaces pppoe (pppoe[0-9]+) ", text)))
        own = re.findall(rf"(?m)^set interfaces pppoe {interface} (.*?) *$", text)

        def value(word: str) -> str | None:
            # Blanks at the ends of a value are inside of its quotes.
            found = (re.match(rf"authentication {word} '(.*)'$", line) for line in own)
            return next((one[1] for one in found if one), None)

        username, user = value("username"), value("user")
        return cls(
            interface=interface,
            readable=True,
            names=names,
            login=username or user or "",
            login_word="username" if user is None else "user",
            password=value("password") or "",
            disabled="disable" in own,
            on_demand="connect-on-demand" in own,
        )

    @property
    def there(self) -> bool:
        return self.interface in self.names

    @property
    def waits(self) -> bool:
        """It was provisioned, and has no password yet."""
        return self.disabled and self.password == PLACEHOLDER

    @property
    def absent(self) -> str:
        """Why there is no such interface, as a sentence; "" when there is."""
        if not self.readable or self.there:
            return ""
        has = f"it has {', '.join(self.names)}" if self.names else "it has no PPPoE interface at all"
        return f"The router has no {self.interface} ({has}). Set O(interface)."

    def lines(self, wanted: Credentials) -> tuple[str, ...]:
        """The commands that are missing; all of them are secret, as the password is in one.

        A password with a backslash may have been typed by hand: then with a second one beside each, as pppd wants it.
        """
        base = f"interfaces pppoe {self.interface}"
        lines = []
        if self.login != wanted.login:
            lines.append(f"set {base} authentication {self.login_word} '{wanted.login}'")
        if self.password not in (wanted.password, wanted.password.replace("\\", "\\\\")):
            lines.append(f"set {base} authentication password '{wanted.password}'")
        if self.waits and wanted.password != PLACEHOLDER:
            lines.append(f"delete {base} disable")
        return tuple(lines)


def unfit(credentials: Credentials) -> str:
    """Why VyOS can have that login or password in no way, as a sentence; "" when it can."""
    for name, value in (("login", credentials.login), ("password", credentials.password)):
        if IMPOSSIBLE.search(value):
            return (
                f"The {name} holds a quotation mark, a character that is not ASCII, or more than 128 characters. "
                f"VyOS accepts that in no value, not even typed by hand: another {name} is the only way."
            )
    return ""


def untypable(credentials: Credentials, interface: str) -> str:
    """Why that login or password has to be entered by hand, and how, as a sentence; "" when it can be typed here."""
    for name, value in (("login", credentials.login), ("password", credentials.password)):
        if UNTYPABLE.search(value):
            return (
                f"The {name} holds a backslash or a question mark. Enter it by hand, but with a second backslash "
                "beside each backslash, and pressing Ctrl-V before each question mark: configure; set interfaces "
                f"pppoe {interface} authentication {name} '...'; commit; save; exit."
            )
    return ""


def login_word(release: str) -> str:
    """What a release calls the login: 1.3 says "user", 1.4 and later "username".

    :param release: of "show version"
    """
    return "user" if re.search(r"Version: +VyOS 1\.3", release) else "username"


def wanted_lines(text: str, wanted: Interface, interface: str, release: str) -> tuple[str, ...]:
    """The commands that make an interface what the line needs, without those that are in the configuration already."""
    port, vlan = wanted.device, wanted.vlan
    base = f"set interfaces pppoe {interface} "
    word = login_word(release)
    lines = []
    if vlan and not re.search(rf"(?m)^set interfaces ethernet {re.escape(port)} vif {vlan}( |$)", text):
        lines.append(f"set interfaces ethernet {port} vif {vlan}")
    lines += [
        f"{base}source-interface '{wanted.link}'",
        f"{base}mtu '{wanted.mtu}'",
        f"{base}ipv6 address autoconf",
    ]
    if not Configuration.read(text, interface).there:
        lines += [
            f"{base}authentication {word} '{wanted.login}'",
            f"{base}authentication password '{PLACEHOLDER}'",
            f"{base}disable",
        ]
    there = set(map(str.strip, text.splitlines()))
    return tuple(line for line in lines if line not in there)


def existing(text: str, interface: str) -> Existing | None:
    """What an interface is set to; None where there is none. Without one set, its MTU is 1492 (vyos-1x)."""
    own = re.findall(rf"(?m)^set interfaces pppoe {interface} (.*?) *$", text)
    if not own:
        return None
    values = dict(re.findall(r"(?m)^(source-interface|mtu) '?([^'\s]*)'?$", "\n".join(own)))
    ipv6 = any(line.startswith(("ipv6 address autoconf", "dhcpv6-options ")) for line in own)
    return Existing(*port_of(values.get("source-interface", "")), values.get("mtu", "1492"), ipv6)


def obstacle(text: str, wanted: Interface, config: Configuration) -> str:
    """Why an interface cannot be made or changed so, as a sentence; "" when it can."""
    port, name = re.escape(wanted.device), config.interface
    if not re.search(rf"(?m)^set interfaces ethernet {port} ", text):
        ports = ", ".join(dict.fromkeys(re.findall(r"(?m)^set interfaces ethernet (eth[0-9]+) ", text)))
        return f"The router has no port {wanted.device}, but {ports}. Correct O(device)."
    if re.search(rf"(?m)^set interfaces bridge .* member interface {port}( |$)", text):
        return (
            f"{wanted.device} is a member of a bridge, and no bridge is changed here. "
            f"On the router: delete interfaces bridge NAME member interface {wanted.device}."
        )
    over = re.escape(wanted.link)
    if re.search(rf"(?m)^set interfaces pppoe (?!{name} ).* source-interface .{over}.\s*$", text):
        return f"Another PPPoE interface is on {wanted.link} already. Set O(interface) to it, or delete it."
    if not config.there:
        return ""
    if config.login != wanted.login:
        return (
            f"{name} dials with the login {config.login}, but the line has the login {wanted.login}. "
            "This is another line: set O(interface), or correct router_pppoe_service_name."
        )
    if config.disabled and not config.waits:
        return f"{name} is disabled, and is not enabled here: delete interfaces pppoe {name} disable."
    return ""


def older(text: str) -> str:
    """Where releases before 1.3 keep a PPPoE client, out of their configuration; "" when there is none such.

    "set interfaces ethernet eth0 vif 835 pppoe 0 user-id 'x'" (VyOS 1.2 and before, EdgeOS).
    """
    found = re.search(r"(?m)^set interfaces (\S+ \S+(?: vif \d+)? pppoe \d+) user-id ", text)
    return found[1] if found else ""


def one_of(text: str, words: t.Iterable[str]) -> bool:
    """Whether a text holds one of these words, in whatever case."""
    low = text.lower()
    return any(word in low for word in words)
