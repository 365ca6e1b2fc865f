# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PPPoE client of the router: what is set, what it tells, and the session that it keeps."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from .words import Row, Trap

LOOK = 0.1  # seconds between two looks of a client at its line


def duration(seconds: float) -> str:
    """As RouterOS prints times: 1w2d3h4m5s, without what is zero."""
    left, text = int(seconds), ""
    for letter, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        count, left = divmod(left, size)
        text += f"{count}{letter}" if count else ""
    return f"{text}{left}s" if left or not text else text


def clock(seconds: float) -> str:
    """As releases before 6 print times: 2d03:04:05 (the examples of MikroTik's manual, "PPP AAA", have both forms)."""
    days, left = divmod(int(seconds), 86400)
    return f"{f'{days}d' if days else ''}{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}"


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
    redials_on_change: bool = True  # from memory, and so is tried both ways
    #: The line's cut does not reach this client: an old session outlived its password on a real line (Debian's pppd).
    keeps_old_session: bool = False
    answers: bool = True  # there is somebody at the other end of the cable
    dials: int = 0  # attempts so far
    sessions: int = 0  # attempts that the line accepted
    orders: int = 0  # how often it was made to dial, by a change of what it has
    since: float | None = None
    address: str = ""
    status: str = "dialing..."
    prints: Callable[[float], str] = duration  # how it prints an uptime
    tells_age: bool = True  # else an uptime that nobody reads
    ups: int = 0  # sessions that /interface counts, in link-downs and last-link-up-time
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
        """Drop the session, and dial without waiting, unless it is disabled."""
        self.since, self.address = None, ""
        self.orders += self.row["disabled"] != "true"
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
            self.ups += 1
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
            "uptime": self.prints(time.monotonic() - self.since) if self.tells_age else "a while",
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
