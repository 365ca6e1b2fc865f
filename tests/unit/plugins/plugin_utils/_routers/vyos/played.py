# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VyOS that is played, with a clock of its own: just the command line, without any SSH.

tests/sandbox/vyos has the rules of its shell; here are its answers, and whatever can happen between them.
"""

from __future__ import annotations

import datetime
import re
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.cli import Lost
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.words import Answer
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers import conformance

LOGIN, PASSWORD = "0320123456_1@adsl.ovh", "Altes9Wort"
CANARY = conformance.CANARY
BASE = "interfaces pppoe pppoe0"
SET = f"set {BASE} authentication password '{CANARY}'"
LOOK = ["configure", "compare saved", "exit"]
WRITE = [
    "configure",
    SET,
    "compare",
    'commit comment "PPPoE credentials"',
    "compare saved",
    "save",
    "compare saved",
    "exit",
]
#: By release: the word for the login, the format of "show date", the heads of "compare".
RELEASES = {
    "1.3": ("user", "%a %b %d %H:%M:%S UTC %Y", "edit "),
    "1.4": ("username", "%a %b %d %I:%M:%S %p UTC %Y", ""),
    "1.5": ("username", "%a %d %b %H:%M:%S UTC %Y", ""),
}
ROUTE = (
    'Routing entry for 192.0.2.0/24\n  Known via "connected", distance 0, metric 0, best\n'
    "  Last update 22:16:28 ago\n  * directly connected, eth1\n\n"
)
LOCKED = "Configuration system temporarily locked due to another commit in progress\n"
LINE = (
    "{name}: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1492 state UNKNOWN\n    link/ppp \n"
    "    inet {address} peer 203.0.113.1/32 scope global {name}\n\n"
    "    RX:  bytes  packets  errors  dropped  overrun       mcast\n"
    "           134       11       0        0        0           0\n"
    "    TX:  bytes  packets  errors  dropped  carrier  collisions\n"
    "            99        9       0        0        0           0\n"
)


def key(line: str) -> str:
    """Of a configuration line: two lines of one key exclude each other."""
    return re.sub(r" '.*'$", "", line)


class Vyos:
    """The router, and the provider behind it.

    :ivar events: answers that come instead of the usual ones, in turn: (pattern of the command, what happens). A text
        is the answer; "lost" breaks the connection before the command, "lost after" behind it, "gone" for ever
    """

    def __init__(self, release: str = "1.4", *more: str, line: bool = True, level: str = "admin") -> None:
        self.release, self.level = release, level
        self.word, self.date, self.edit = RELEASES[release]
        self.login, self.password, self.accepted = LOGIN, PASSWORD, PASSWORD
        own = [
            "interfaces ethernet eth0 vif 835",
            f"{BASE} source-interface 'eth0.835'",
            f"{BASE} authentication {self.word} '{LOGIN}'",
            f"{BASE} authentication password '{PASSWORD}'",
        ]
        self.running = {key(one): one for one in (*(own if line else ()), *more)}
        for port in ("eth0", "eth1"):
            self.running.setdefault(
                f"interfaces ethernet {port} hw-id", f"interfaces ethernet {port} hw-id '02::{port}'"
            )
        self.saved = dict(self.running)
        self.now = 1_790_000_000.0
        self.began: float | None = self.now - 3600
        self.pid, self.refused, self.reachable, self.stopped = 2471, False, True, False
        self.events: list[tuple[str, str]] = []
        self.typed: list[str] = []
        self.commits = self.connects = self.written = 0
        self.users = (
            "NAME     LINE         TIME             COMMENT\nvyos     pts/0        2026-11-24 08:23 (192.0.2.10)\n"
        )

    # -- conformance.Played

    def driver(self) -> VyOs:
        return VyOs(Played(self), "pppoe0", sleep=self.sleep, monotonic=lambda: self.now)

    def accept(self, password: str) -> None:
        self.accepted, self.began, self.refused = password, None, True

    def cut(self) -> None:
        self.began = None

    def lose(self) -> None:
        self.reachable = False

    def writes(self) -> int:
        return self.written

    def dials(self) -> int:
        return self.connects + self.written

    def stored(self) -> str:
        return self.running[f"{BASE} authentication password"].split("'")[1]

    # -- what goes on

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def dial(self) -> None:
        self.pid, self.stopped = self.pid + 1, False
        right = f"{BASE} disable" not in self.running and self.stored() == self.accepted
        self.began, self.refused = (self.now + 1, False) if right else (None, True)

    @property
    def up(self) -> bool:
        return self.began is not None and self.began <= self.now

    def stamp(self, at: float, form: str) -> str:
        return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime(form)

    def journal(self) -> str:
        if self.up and self.began is not None:
            return f"{self.stamp(self.began, '%b %d %H:%M:%S')} pppd[{self.pid}]: local  IP address 203.0.113.10\n"
        stamp = self.stamp(self.now, "%b %d %H:%M:%S")
        return f"{stamp} pppd[{self.pid}]: CHAP authentication failed\n" if self.refused else ""


class Played:
    """One connection: :class:`vyos_cli.Cli`."""

    user = "vyos"

    def __init__(self, router: Vyos) -> None:
        self.router, self.broken = router, False
        self.candidate: dict[str, str] | None = None

    def again(self) -> None:
        self.router.now += 1
        self.broken, self.candidate = False, None
        if not self.router.reachable:
            raise Unreachable("timed out.")

    def type(self, line: str, *, slow: bool = False) -> Answer:
        router = self.router
        router.now += 0.1
        if not router.reachable:
            raise Unreachable("timed out.")
        assert not self.broken, f"typed {line} into a broken connection"
        router.typed.append(line)
        event = next((one for one in router.events if re.search(one[0], line)), None)
        said: str | None = None
        if event:
            router.events.remove(event)
            said = event[1]
        if said in ("lost", "gone"):
            self._break(said)
        text = said if said is not None and not said.startswith(("lost", "gone")) else self._answer(line)
        if said in ("lost after", "gone after"):
            self._break(said)
        return Answer(text, self.candidate is not None)

    def _break(self, how: str) -> t.NoReturn:
        self.broken, self.candidate = True, None
        self.router.reachable = not how.startswith("gone")
        raise Lost("the connection broke.")

    def _answer(self, line: str) -> str:
        if self.candidate is None:
            return self._operate(line)
        return self._configure(line, self.candidate)

    def _operate(self, line: str) -> str:
        router = self.router
        name = line.split(" ")[3] if line.startswith("show interfaces pppoe ") else "pppoe0"
        if line == "configure" and router.level == "admin":
            self.candidate = dict(router.running)
            return ""
        if line == "show date":
            return router.stamp(router.now, router.date) + "\n"
        if line == "show version":
            return f"Version:          VyOS {router.release}.1\n"
        if line.startswith("show configuration commands | match "):
            part = line.split('"')[1]
            lines = [f"set {one}\n" for one in sorted(router.running.values()) if re.search(part, f"set {one}")]
            return "".join(lines)
        if line == "show users":
            return router.users
        if line == "show ip route 192.0.2.10":
            return ROUTE
        if line.startswith("show interfaces pppoe "):
            state = "Link down" if router.stopped else "Coming up"
            return LINE.format(name=name, address="203.0.113.10") if router.up else f"{name}: {state}\n"
        if line.startswith("show log pppoe ") and router.release != "1.3":
            return router.journal()
        if line == "disconnect interface pppoe0":
            router.began, router.stopped = None, True
            return "Interface pppoe0: disconnecting...\n"
        if line == "connect interface pppoe0":
            router.connects += 1
            router.dial()
            return "Interface pppoe0: connecting...\n"
        return f"\n  Invalid command: [{line.split(' ')[0]}]\n\n"

    def _configure(self, line: str, candidate: dict[str, str]) -> str:
        router = self.router
        verb, _blank, rest = line.partition(" ")
        if verb == "set":
            candidate[key(rest)] = rest
        elif verb == "delete":
            candidate.pop(rest)
        elif line == "compare":
            return self.compared(router.running, candidate)
        elif line == "compare saved":
            return self.compared(router.saved, candidate)
        elif verb == "commit":
            before = router.running
            if candidate == before:
                return "No configuration changes to commit\n"
            router.running = dict(candidate)
            router.commits += 1
            if any(before.get(one) != candidate.get(one) for one in (*before, *candidate) if " authentication " in one):
                router.written += 1
                router.dial()
        elif line == "save":
            router.saved = dict(router.running)
            return "Saving configuration to '/config/config.boot'...\nDone\n"
        elif line == "exit" and candidate != router.running:
            return "Cannot exit: configuration modified.\nUse 'exit discard' to discard the changes and exit.\n"
        elif verb == "exit":
            self.candidate = None
            unsaved = router.saved != router.running
            return "Warning: configuration changes have not been saved.\nexit\n" if unsaved else "exit\n"
        return ""

    def compared(self, old: dict[str, str], new: dict[str, str]) -> str:
        text = ""
        for one in sorted({*old, *new}):
            if old.get(one) == new.get(one):
                continue
            where, _blank, leaf = one.rpartition(" ")
            signs = [(sign, have[one]) for sign, have in (("-", old), ("+", new)) if one in have]
            if self.router.edit and len(signs) == 2:
                signs = [(">", new[one])]
            blank = "" if self.router.edit else " "
            changes = [sign + blank + leaf + line[len(one) :].replace("'", '"') for sign, line in signs]
            text += "\n".join([f"[{self.router.edit}{where}]", *changes, ""])
        return text or ("" if self.router.edit else "No changes between working and active configurations.\n")


def apply(router: Vyos, password: str = CANARY, **more: t.Any) -> Applied:
    options = {"dial": Dial.AUTO, "age": None, "check": False, **more}
    return router.driver().apply(Credentials(LOGIN, password), **options)


def fails(router: Vyos, code: str, **more: t.Any) -> Failure:
    with pytest.raises(Failure) as caught:
        apply(router, **more)
    failure = caught.value
    assert failure.code == code
    for secret in (CANARY, PASSWORD):
        assert secret not in failure.message + repr(failure.details)
    return failure


def configuring(router: Vyos) -> list[str]:
    return [line for line in router.typed if not line.startswith("show ")]
