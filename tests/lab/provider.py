# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud and the access provider as one world: the local API decides, the concentrator in the guest obeys.

A new password is valid from the request on, the session is cut (or left alive, as seen in the field), and every CHAP
response that the concentrator gets is judged here and entered into the API's RADIUS log.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .machines import LabError, Machines
from .needs import Unavailable
from .radius import CLIENT, Server

SANDBOX = Path(__file__).resolve().parents[1] / "sandbox"
if str(SANDBOX) not in sys.path:
    sys.path.insert(0, str(SANDBOX))

try:
    from ovh_api.running import build
    from ovh_api.world import LINE_1, World
except ModuleNotFoundError as error:
    raise Unavailable(f"the local API needs Flask (tests/sandbox/ovh_api/requirements.txt): {error}") from error

SERVICE = LINE_1
TERMINATE, ALIVE = "terminate", "alive"  # what a new password does to the session

SERVER_OPTIONS = """\
name isp-ac
require-chap
auth
plugin radius.so
radius-config-file /etc/ppp/radius/radiusclient.conf
mtu 1492
mru 1492
lcp-echo-interval 30
lcp-echo-failure 4
nodefaultroute
noipdefault
noccp
debug
logfile /run/pppoe-server.log
"""

# A line has one session: a new one takes the address over from one that the router left without a word.
IP_UP = '#!/bin/sh\nexec /usr/sbin/ip route replace "$5/32" dev "$1"\n'


@dataclass(frozen=True)
class Event:
    """Something that the concentrator told: ask, start, stop; or that the provider did: accept, reject, cut."""

    at: float
    what: str
    login: str
    session: str = ""


class LineWorld(World):
    """The local API's world, with something that hears of a new password."""

    on_renew: Callable[[], None] | None = None

    def renew_password(self, service: str, asked_by_api: bool) -> None:
        super().renew_password(service, asked_by_api)
        if service == SERVICE and self.on_renew is not None:
            self.on_renew()


class Provider:
    """The API on loopback, RADIUS in the lab's network, and the hand that cuts sessions."""

    def __init__(self, machines: Machines) -> None:
        self.machines = machines
        self.world = LineWorld()
        self.world.on_renew = self._renewed
        self.events: list[Event] = []
        self.cut_mode = TERMINATE
        self.server = build(self.world)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.radius: Server | None = None
        self.answering = threading.Event()  # unset: a CHAP response gets no verdict yet
        self.answering.set()
        self._cutters: list[threading.Thread] = []
        self._serving = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def configure(self) -> None:
        """The concentrator's files, before it boots."""
        etc = self.machines.top / "share" / "isp"
        (etc / "options").write_text("lock\n")
        (etc / "server-options").write_text(SERVER_OPTIONS)
        (etc / "ip-up").write_text(IP_UP)
        (etc / "ip-up").chmod(0o755)
        (etc / "radius").mkdir()
        for name, text in CLIENT.items():
            (etc / "radius" / name).write_text(text)

    def open(self) -> None:
        """Answer, from now on."""
        self._serving.start()
        self.radius = Server(self.machines.radius, self._judge, self._account)
        self.radius.start()

    def close(self) -> None:
        if self.radius is not None:
            self.radius.close()
        if self._serving.is_alive():
            self.server.shutdown()
            self._serving.join(10)
        self.server.server_close()
        for one in self._cutters:
            one.join(30)

    # -- the line

    @property
    def line(self) -> dict[str, Any]:
        found: dict[str, Any] = self.world.state["lines"][SERVICE]
        return found

    def _tell(self, what: str, login: str, session: str = "") -> None:
        self.events.append(Event(time.time(), what, login, session))

    def _judge(self, login: str, proves: Callable[[str], bool]) -> str | None:
        self._tell("ask", login)
        self.answering.wait(35)  # seconds; the concentrator gives up after 40
        known = [one for one in self.world.state["lines"].values() if one["login"] == login]
        right = bool(known) and proves(known[0]["password"])
        # The world's own entry point writes the RADIUS log: with the password when the response proved it.
        verdict = self.world.dial(login, known[0]["password"] if right else "")
        self._tell("accept" if verdict["ok"] else "reject", login)
        return str(verdict["ip"]) if verdict["ok"] else None

    def _account(self, what: str, login: str, session: str) -> None:
        self._tell(what, login, session)

    def _renewed(self) -> None:
        if self.cut_mode == TERMINATE:
            thread = threading.Thread(target=self.cut, daemon=True)
            self._cutters.append(thread)
            thread.start()

    def cut(self) -> None:
        """Terminate the session: the concentrator's pppd tells the router so and hangs up."""
        self._tell("cut", self.line["login"])
        self.machines.ssh("isp", "for p in $(pgrep -x pppd); do kill $p; done", check=False)

    def rotate(self) -> None:
        """The password changes elsewhere: not by this API key."""
        self.world.renew_password(SERVICE, asked_by_api=False)

    # -- what tests ask

    def told(self, what: str, since: float = 0) -> list[Event]:
        """The events of a kind, oldest first."""
        return [one for one in list(self.events) if one.what == what and one.at >= since]

    def wait_for(self, what: str, since: float, seconds: float = 60) -> Event:
        """The first event of a kind since then."""
        end = time.monotonic() + seconds
        while not (found := self.told(what, since)):
            if time.monotonic() > end:
                raise LabError(f"no '{what}' within {seconds:.0f} s. Told so far: {self.events}")
            time.sleep(0.05)
        return found[0]

    def dials(self) -> int:
        """How many PPPoE sessions the concentrator began, whatever became of them."""
        return int(self.machines.ssh("isp", "grep -c '^Connect: ' /run/pppoe-server.log || true") or 0)

    def mail_at(self, since: float) -> float:
        """When the mail that was ordered since then can be read first."""
        return max(float(one["at"]) for one in self.world.state["mails"] if one["at"] >= since)

    def calls(self, since: float = 0, method: str = "", end: str = "") -> list[dict[str, Any]]:
        """The API requests since then."""
        with self.world.lock:
            calls: list[dict[str, Any]] = list(self.world.state["calls"])
        return [
            one
            for one in calls
            if one["at"] >= since and method in ("", one["method"]) and str(one["path"]).endswith(end)
        ]

    def posts(self) -> int:
        """How often a new password was requested."""
        return len(self.calls(method="POST", end="/requestPPPLoginMail"))
