# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the router knows and does: users and their policies, PPPoE clients and their sessions, commands.

Commands, messages and property names are those of MikroTik's manual ("API", "User", "PPPoE"). Three things are
from memory and could not be compared with a real router: the password is left out of an answer to a user without
the policy sensitive; a change of user or password dials at once; the wording of a client's status after a refusal.
Whatever is not known here is answered with a !trap, as the router does.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

from .tables import Refused, Table, prefixes, vlans

POLICIES = "local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,sensitive,api,romon,rest-api"
LOOK = 0.1  # seconds between two looks of a client at its line
NOT_PERMITTED = "not enough permissions (9)"

Row = dict[str, str]
Reply = list[str]


class Trap(Exception):
    """A command that the router refuses."""

    def __init__(self, message: str, category: int | None = None) -> None:
        super().__init__(message)
        self.words = ["!trap", *([] if category is None else [f"=category={category}"]), f"=message={message}"]


def duration(seconds: float) -> str:
    """As RouterOS prints times: 1w2d3h4m5s, without what is zero."""
    left, text = int(seconds), ""
    for letter, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        count, left = divmod(left, size)
        text += f"{count}{letter}" if count else ""
    return f"{text}{left}s" if left or not text else text


@dataclass
class User:
    """Somebody who may log in, with the policies of a group of the same name."""

    password: str
    policies: frozenset[str]

    def allows(self, policy: str) -> bool:
        return policy in self.policies


@dataclass
class Provider:
    """The line at the other end: the local OVHcloud API's admin interface."""

    url: str
    service: str

    def dial(self, login: str, password: str) -> dict[str, object]:
        body = json.dumps({"login": login, "password": password}).encode()
        return self._call("POST", "/dial", body)

    def session_up(self) -> bool:
        session = self._call("GET", f"/line/{self.service}", None)["session"]
        return isinstance(session, dict) and bool(session["up"])

    def _call(self, method: str, path: str, body: bytes | None) -> dict[str, object]:
        request = urllib.request.Request(f"{self.url}/admin{path}", data=body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
            return found


@dataclass
class Client:
    """One entry of /interface/pppoe-client, and the session that it keeps."""

    row: Row
    provider: Provider | None
    holdoff: float = 1.0  # seconds between two attempts
    dial_seconds: float = 0.3
    redials_on_change: bool = True
    keeps_old_session: bool = False  # the line's cut does not reach this client
    answers: bool = True  # there is somebody at the other end of the cable
    dials: int = 0  # attempts so far
    sessions: int = 0  # attempts that the line accepted
    since: float | None = None
    address: str = ""
    status: str = "dialing..."
    _wake: threading.Event = field(default_factory=threading.Event)
    _ended: bool = False

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._live, daemon=True)
        thread.start()
        return thread

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    def redial(self) -> None:
        """Drop the session, and dial without waiting."""
        self.since, self.address = None, ""
        self._wake.set()

    def _live(self) -> None:
        while not self._ended:
            if self.row["disabled"] == "true" or self.provider is None:
                self.since, self.status = None, "disconnected"
                self._pause(LOOK)
            elif self.since is not None:
                self._pause(LOOK)
                if self.since is not None and not self.keeps_old_session and not self.provider.session_up():
                    self.since = None
            else:
                self._dial(self.provider)

    def _dial(self, provider: Provider) -> None:
        self.status = "dialing..."
        self._wake.clear()
        if self._pause(self.dial_seconds):
            return
        if not self.answers:
            self._pause(self.holdoff)
            return
        self.dials += 1
        answer = provider.dial(self.row["user"], self.row["password"])
        if self._wake.is_set():
            return  # changed meanwhile: this attempt is void
        if answer["ok"]:
            self.sessions += 1
            self.since, self.address, self.status = time.monotonic(), str(answer["ip"]), "connected"
        else:
            self.status = "terminating... - failed to authenticate ourselves to peer"
            self._pause(self.holdoff)

    def _pause(self, seconds: float) -> bool:
        """Wait; True when a change ended the wait."""
        woken = self._wake.wait(seconds)
        self._wake.clear()
        return woken

    def seen(self) -> Row:
        """What monitor tells."""
        if self.since is None:
            return {"status": self.status}
        return {
            "status": "connected",
            "uptime": duration(time.monotonic() - self.since),
            "active-links": "1",
            "encoding": "",
            "service-name": "",
            "ac-name": "bas1",
            "ac-mac": "02:00:00:00:00:01",
            "mtu": "1492",
            "mru": "1492",
            "local-address": self.address,
            "remote-address": "192.0.2.254",
        }


PROPERTIES = (
    "ac-name add-default-route allow comment default-route-distance dial-on-demand disabled host-uniq interface "
    "keepalive-timeout max-mru max-mtu mrru name password profile service-name use-peer-dns user"
)
SETTABLE = frozenset(PROPERTIES.split())
BOOLEANS = frozenset(["add-default-route", "dial-on-demand", "disabled", "use-peer-dns"])


def client_row(name: str, user: str, password: str, **more: str) -> Row:
    """A client as a new one is, but enabled."""
    return {
        "name": name,
        "max-mtu": "auto",
        "max-mru": "auto",
        "mrru": "disabled",
        "interface": "vlan835",
        "user": user,
        "password": password,
        "profile": "default",
        "keepalive-timeout": "10",
        "service-name": "",
        "ac-name": "",
        "add-default-route": "true",
        "default-route-distance": "1",
        "dial-on-demand": "false",
        "use-peer-dns": "true",
        "allow": "pap,chap,mschap1,mschap2",
        "disabled": "false",
        **more,
    }


@dataclass
class Router:
    """The whole router. `sentences` has every command that was received, with the user who sent it."""

    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)  # by .id
    sentences: list[tuple[str, list[str]]] = field(default_factory=list)
    tells_groups: bool = True  # to users with the policy read
    ports: list[str] = field(default_factory=lambda: ["ether1", "ether2", "ether3"])
    bridge_ports: list[Row] = field(default_factory=lambda: [{".id": "*1", "interface": "ether3", "bridge": "bridge"}])
    tables: dict[str, Table] = field(
        default_factory=lambda: {"/interface/vlan": vlans(), "/ipv6/dhcp-client": prefixes()}
    )
    added: list[threading.Thread] = field(default_factory=list)  # those of clients that were added meanwhile
    line: Provider | None = None  # who answers on the cable in ether1, to VLAN 835 alone
    breaks: str = ""  # at a write: "before the answer" of it, or "for good" when its session is looked at
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
        return [[words[0], *sorted(words[1:])] for words in changes]

    def run(self, name: str, words: list[str]) -> Iterator[Reply]:
        """Answer one command of a user who is logged in."""
        user, command = self.users[name], words[0]
        if command == "/interface/pppoe-client/print":
            yield from self._print(user, words[1:], self._client_rows(user))
        elif command == "/interface/pppoe-client/set":
            self._set(user, words[1:])
            if self.breaks == "before the answer":
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
            row = {".id": "*2000001", "name": name, "address": "127.0.0.1", "via": "api", "group": f"group-{name}"}
            yield from self._print(user, words[1:], [{**row, "radius": "false"}])
        elif command == "/user/group/print":
            yield from self._print(user, words[1:], [self._group_row(one) for one in self.users])
        else:
            raise Trap("no such command prefix")
        yield ["!done"]

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
            rows.append({**row, "invalid": "false"})
        return rows

    @staticmethod
    def _print(user: User, words: list[str], rows: list[Row]) -> Iterator[Reply]:
        if not user.allows("read"):
            raise Trap(NOT_PERMITTED)
        properties: list[str] = []
        for word in words:
            if word.startswith("=.proplist="):
                properties = word.removeprefix("=.proplist=").split(",")
            elif not word.startswith("?"):
                raise Trap("unknown parameter", 1)
        for row in rows:
            if matches(row, [word for word in words if word.startswith("?")]):
                shown = properties or list(row)
                yield ["!re", *(f"={key}={row[key]}" for key in shown if key in row)]

    def _set(self, user: User, words: list[str]) -> None:
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
            client.row.update(given)
        changed = {key for key in given if before.get(key) != given[key]}
        if changed & {"disabled", "interface", "max-mtu", "max-mru"} or (
            client.redials_on_change and changed & {"user", "password"}
        ):
            client.redial()

    def _interfaces(self) -> list[Row]:
        rows = [{"name": port, "type": "ether"} for port in self.ports]
        rows += [{"name": row["name"], "type": "vlan"} for row in self.tables["/interface/vlan"].rows]
        rows += [{"name": client.row["name"], "type": "pppoe-out"} for client in self.clients.values()]
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


def attributes(words: list[str]) -> Row:
    """The =name=value words of a command."""
    found: Row = {}
    for word in words:
        name, equals, value = word[1:].partition("=")
        if not word.startswith("=") or not equals:
            raise Trap("unknown parameter", 1)
        found[name] = value
    return found


def settings(given: Row) -> Row:
    """What a PPPoE client is given, as the router keeps it."""
    found = dict(given)
    for key, value in given.items():
        if key not in SETTABLE:
            raise Trap(f"unknown parameter {key}", 1)
        if key in BOOLEANS:
            if value not in ("yes", "no", "true", "false"):
                raise Trap(f"invalid value for argument {key}", 1)
            found[key] = "true" if value in ("yes", "true") else "false"
    return found


def matches(row: Row, query: list[str]) -> bool:
    """The query words that clients use here, on the manual's stack: ?=name=value, ?name=value, ?#!, ?#&, ?#|."""
    stack: list[bool] = []
    for word in query:
        if word == "?#!":
            stack.append(not stack.pop())
        elif word in ("?#&", "?#|"):
            right, left = stack.pop(), stack.pop()
            stack.append((left and right) if word == "?#&" else (left or right))
        elif "=" in word and word[1] not in "#<>-":
            name, _equals, value = word.removeprefix("?").removeprefix("=").partition("=")
            stack.append(row.get(name) == value)
        else:
            raise Trap(f"unknown query {word}", 1)
    return all(stack)
