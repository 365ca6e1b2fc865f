# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the router knows and does: users and their policies, PPPoE clients and their sessions, commands.

Commands, messages and property names are those of MikroTik's manual ("API", "User", "PPPoE"). Three things are
from memory and could not be compared with a real router: the password is left out of an answer to a user without
the policy sensitive; a change of user or password dials at once; the wording of a client's status after a refusal.
Whatever is not known here is answered with a !trap, as the router does. Habits that were reported by others stand
beside the field that switches them on, with the report.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from .client import Client, Provider, client_row, settings
from .tables import Refused, Table, prefixes, vlans
from .words import NOT_PERMITTED, Reply, Row, Trap, attributes, matches

__all__ = ["Client", "Provider", "Router", "Trap", "User", "client_row"]

POLICIES = "local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,sensitive,api,romon,rest-api"


@dataclass
class User:
    """Somebody who may log in, with the policies of a group of the same name."""

    password: str
    policies: frozenset[str]
    #: "address" of /user: a log-in from elsewhere is refused with the words for a wrong password (manual, "User").
    addresses: tuple[str, ...] = ()

    def allows(self, policy: str) -> bool:
        return policy in self.policies


@dataclass
class Router:
    """The whole router. `sentences` has every command that was received, with the user who sent it."""

    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)  # by .id
    sentences: list[tuple[str, list[str]]] = field(default_factory=list)
    #: Below 6.43 a log-in is by challenge (MikroTik's page "API is not working", help.mikrotik.com/docs/x/ZgB-;
    #: pear2/Net_RouterOS issue 37: name and password in one sentence are answered with a challenge). From 7.18 on
    #: "!empty" stands before the "!done" of an answer without a row (pear2/Net_RouterOS pull request 80).
    release: tuple[int, int] = (7, 20)
    tells_groups: bool = True  # to users with the policy read
    #: On some releases 6 /user/active has no "group", and /user has it (facts of the project, from public reports).
    active_has_groups: bool = True
    #: Seconds from a change to its answer: slow routers take longer than the 10 s that librouteros waits
    #: (ansible-collections/community.routeros pull request 109, EvilFreelancer/routeros-api-php issue 110).
    late: float = 0.0
    #: seconds before each byte of an answer
    trickles: float = 0.0
    #: What a set is answered with instead, such as device-mode's refusal (manual, "Device-mode", from 7.17 on).
    refusal: str = ""
    #: A password is refused in words that repeat the command, at length: no habit that was reported, but what a message
    #: may hold.
    repeats: bool = False
    #: A set has its effect, and is answered as interrupted: category 2 of a !trap (manual, "API").
    interrupts: bool = False
    #: Who has taken Safe Mode: changes, other sessions' too, are floating-undo in /system/history, and undone when
    #: that session ends abnormally (manual, "Console", Safe Mode).
    safe_mode: str = ""
    #: What was written as it is already; that it is in the history like a change is from memory.
    proofs: list[list[str]] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    undo: list[tuple[str, Row]] = field(default_factory=list)  # (.id of a client, what it was)
    addresses: list[Row] = field(default_factory=lambda: [{"address": "127.0.0.1/8", "interface": "bridge"}])
    #: An idle-timeout ends a session without traffic (manual, "PPP AAA", profiles).
    profiles: list[Row] = field(
        default_factory=lambda: [{".id": "*0", "name": "default", "use-compression": "default"}]
    )
    ports: list[str] = field(default_factory=lambda: ["ether1", "ether2", "ether3"])
    bridge_ports: list[Row] = field(default_factory=lambda: [{".id": "*1", "interface": "ether3", "bridge": "bridge"}])
    tables: dict[str, Table] = field(
        default_factory=lambda: {"/interface/vlan": vlans(), "/ipv6/dhcp-client": prefixes()}
    )
    added: list[threading.Thread] = field(default_factory=list)  # those of clients that were added meanwhile
    line: Provider | None = None  # who answers on the cable in ether1, to VLAN 835 alone
    #: The connection ends "before the write" of login or password, "before the answer" to it, or "for good" when the
    #: session is looked at behind it: no habit of RouterOS', but what a network or a reboot does.
    breaks: str = ""
    gone: bool = False  # nobody is answered any more
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, client: Client) -> str:
        number = f"*{len(self.clients) + 1:X}"
        self.clients[number] = client
        return number

    def writes(self) -> list[list[str]]:
        """The commands so far that change something, each with its attributes in order."""
        reading = ("/print", "/monitor", "/login")
        changes = [words for _user, words in self.sentences if not words[0].endswith(reading)]
        return [[words[0], *sorted(words[1:])] for words in changes if not any(words is one for one in self.proofs)]

    def run(self, name: str, words: list[str]) -> Iterator[Reply]:
        """Answer one command of a user who is logged in."""
        user, command = self.users[name], words[0]
        if command == "/interface/pppoe-client/print":
            yield from self._print(user, words[1:], self._client_rows(user))
        elif command == "/interface/pppoe-client/set":
            if self.refusal:
                raise Trap(self.refusal)
            if self.repeats and any(word.startswith("=password=") for word in words):
                raise Trap(f"invalid value of argument {' '.join(words)}{' try again' * 22}")
            proof = not any(word.startswith(("=user=", "=password=", "=disabled=")) for word in words)
            if self.breaks == "before the write" and not proof:
                self.breaks = ""
                raise EOFError
            if self._set(user, words[1:]):
                time.sleep(self.late)
            else:
                self.proofs.append(words)
            if self.interrupts and not proof:
                self.interrupts = False
                raise Trap("interrupted", 2)
            if self.breaks == "before the answer" and not proof:
                self.breaks = ""
                raise EOFError
        elif command == "/interface/pppoe-client/monitor":
            if self.breaks == "for good" and self.writes():
                self.gone = True
                raise EOFError
            yield from self._monitor(user, words[1:])
        elif command == "/interface/pppoe-client/add":
            yield ["!done", f"=ret={self._add_client(user, words[1:])}"]
            return
        elif command == "/interface/print":
            yield from self._print(user, words[1:], self._interfaces())
        elif command == "/interface/bridge/port/print":
            yield from self._print(user, words[1:], self.bridge_ports)
        elif command.endswith("/print") and command.removesuffix("/print") in self.tables:
            yield from self._print(user, words[1:], self.tables[command.removesuffix("/print")].rows)
        elif command.endswith("/add") and command.removesuffix("/add") in self.tables:
            yield ["!done", f"=ret={self._add(user, self.tables[command.removesuffix('/add')], words[1:])}"]
            return
        elif command.startswith("/user/") and not self.tells_groups:
            raise Trap(NOT_PERMITTED)
        elif command == "/user/active/print":
            row = {".id": "*2000001", "name": name, "address": "127.0.0.1", "via": "api", "radius": "false"}
            group = {"group": f"group-{name}"} if self.active_has_groups else {}
            yield from self._print(user, words[1:], [{**row, **group}])
        elif command == "/user/print":
            yield from self._print(user, words[1:], [{"name": one, "group": f"group-{one}"} for one in self.users])
        elif command == "/user/group/print":
            yield from self._print(user, words[1:], [self._group_row(one) for one in self.users])
        elif command == "/system/history/print":
            yield from self._print(user, words[1:], self.history)
        elif command == "/ip/address/print":
            yield from self._print(user, words[1:], self.addresses)
        elif command == "/ppp/profile/print":
            yield from self._print(user, words[1:], self.profiles)
        else:
            raise Trap("no such command prefix")
        yield ["!done"]

    def end_safe_mode(self) -> None:
        """Its session is cut: what was changed meanwhile is undone."""
        with self.lock:
            for number, row in reversed(self.undo):
                self.clients[number].row.clear()
                self.clients[number].row.update(row)
                self.clients[number].redial()
            self.safe_mode = ""
            self.undo.clear()
            self.history.clear()

    def _group_row(self, name: str) -> Row:
        policies = self.users[name].policies
        text = ",".join(policy if policy in policies else f"!{policy}" for policy in POLICIES.split(","))
        return {".id": f"*{sorted(self.users).index(name) + 1:X}", "name": f"group-{name}", "policy": text}

    def _client_rows(self, user: User) -> list[Row]:
        rows = []
        for number, client in self.clients.items():
            row = {".id": number, **client.row, "running": "false" if client.since is None else "true"}
            if not user.allows("sensitive"):
                del row["password"]
            rows.append({"invalid": "false", **row})
        return rows

    def _print(self, user: User, words: list[str], rows: list[Row]) -> Iterator[Reply]:
        if not user.allows("read"):
            raise Trap(NOT_PERMITTED)
        properties: list[str] = []
        for word in words:
            if word.startswith("=.proplist="):
                properties = word.removeprefix("=.proplist=").split(",")
            elif not word.startswith("?"):
                raise Trap("unknown parameter", 1)
        found = [row for row in rows if matches(row, [word for word in words if word.startswith("?")])]
        if not found and self.release >= (7, 18):
            yield ["!empty"]
        for row in found:
            yield ["!re", *(f"={key}={row[key]}" for key in properties or list(row) if key in row)]

    def _set(self, user: User, words: list[str]) -> bool:
        """Change a client; False when it was given the comment that it has, and nothing else."""
        if not user.allows("write"):
            raise Trap(NOT_PERMITTED)
        given = attributes(words)
        number = given.pop(".id", None)
        if number is None or number not in self.clients:
            raise Trap("no such item", 0)
        given = settings(given)
        client = self.clients[number]
        with self.lock:
            before = dict(client.row)
            if given == {"comment": before.get("comment", "")}:
                given = {}
            client.row.update(given)
            self.history.append({"action": "changed", "by": "renew", "policy": "write"})
            if self.safe_mode:
                self.history[-1] |= {"by": self.safe_mode, "floating-undo": "true"}
                self.undo.append((number, before))
        changed = {key for key in given if before.get(key) != given[key]}
        if changed & {"disabled", "interface", "max-mtu", "max-mru"} or (
            client.redials_on_change and changed & {"user", "password"}
        ):
            client.redial()
        return bool(given)

    def _interfaces(self) -> list[Row]:
        rows = [{"name": port, "type": "ether"} for port in self.ports]
        rows += [{"name": row["name"], "type": "vlan"} for row in self.tables["/interface/vlan"].rows]
        rows += [
            {
                "name": client.row["name"],
                "type": "pppoe-out",
                "rx-byte": "123456",
                "tx-byte": "4567",
                # Of every interface in public exporters' answers; that they change with a session is from memory.
                "link-downs": str(client.ups - 1),
                "last-link-up-time": f"session {client.ups}",
            }
            for client in self.clients.values()
        ]
        return [{**row, ".id": f"*{number:X}"} for number, row in enumerate(rows, 1)]

    def _add(self, user: User, table: Table, words: list[str]) -> str:
        if not user.allows("write"):
            raise Trap(NOT_PERMITTED)
        given = attributes(words)
        for key in given.keys() & {"disabled", "add-default-route", "use-peer-dns"}:
            given[key] = {"yes": "true", "no": "false"}.get(given[key], given[key])
        if given.get("interface", "") not in {row["name"] for row in self._interfaces()}:
            raise Trap("input does not match any value of interface")
        with self.lock:
            try:
                return table.add(given)
            except Refused as refused:
                raise Trap(str(refused)) from refused

    def _add_client(self, user: User, words: list[str]) -> str:
        """A new client begins disabled, without a route or name servers of the line, unless it is told otherwise."""
        if not user.allows("write"):
            raise Trap(NOT_PERMITTED)
        given = settings(attributes(words))
        names = {row["name"] for row in self._interfaces()}
        if given.get("name", "") in names or given.get("interface", "") not in names:
            raise Trap(
                "failure: already have interface with such name" if given.get("name") in names else "no interface"
            )
        new = {"disabled": "true", "add-default-route": "false", "use-peer-dns": "false", **given}
        name, login, password = new.pop("name", "pppoe-out1"), new.pop("user", ""), new.pop("password", "")
        on_line = any(
            (row["name"], row["interface"], row["vlan-id"]) == (new["interface"], "ether1", "835")
            for row in self.tables["/interface/vlan"].rows
        )
        client = Client(client_row(name, login, password, **new), self.line if on_line else None)
        with self.lock:
            number = self.add(client)
        self.added.append(client.start())
        return number

    def _monitor(self, user: User, words: list[str]) -> Iterator[Reply]:
        if not user.allows("read"):
            raise Trap(NOT_PERMITTED)
        given = attributes(words)
        number = given.pop(".id", "")
        once = "once" in given
        given.pop("once", None)
        if given:
            raise Trap(f"unknown parameter {' '.join(given)}", 1)
        if number not in self.clients:
            raise Trap("no such item", 0)
        for count in itertools.count(1):
            row = self.clients[number].seen()
            yield ["!re", *(f"={key}={value}" for key, value in row.items()), *([] if once else [f"=.section={count}"])]
            if once:
                return
            time.sleep(1)  # for ever: whoever forgot "once" finds out
