# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PPPoE client behind the command line: it dials the local OVH API in place of an access concentrator.

Its log has the sentences of pppd, as Debian's 2.4.9 wrote them on a real line. A commit of authentication restarts
ppp@X and one of the description does not (vyos-1x, interfaces-pppoe.py); here each commit that changes the interface
does, so a driver that commits more than it has to is seen to dial.
"""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

Trace = Callable[..., None]


def as_pppd_reads(value: str) -> str:
    r"""What pppd makes of ``password "value"`` in its peer file: VyOS writes it there as it is, pppd takes \ away."""
    return re.sub(r"\\(.)", r"\1", value)


class Client(threading.Thread):
    """One pppd with the option persist."""

    def __init__(self, api: str, service: str, trace: Trace, dial_seconds: float, holdoff: float) -> None:
        super().__init__(daemon=True)
        self.api, self.service, self.trace = api.rstrip("/"), service, trace
        self.dial_seconds, self.holdoff = dial_seconds, holdoff
        self.credentials: tuple[str, str] | None = None  # None: the interface is disabled or not there
        self.address = ""
        self.log: list[str] = []
        self.restarted = threading.Event()
        self.ended = False

    def restart(self, login: str | None, password: str | None) -> None:
        """What a commit does: the old session is gone when this returns."""
        self.credentials = None if login is None or password is None else (login, password)
        self.address = ""
        self.trace("ppp restarted")
        self.restarted.set()

    def note(self, text: str) -> None:
        self.log.append(f"{time.strftime('%b %d %H:%M:%S')} pppd[2471]: {text}")

    def ask(self, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.api + path, data=data), timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def run(self) -> None:
        while not self.ended:
            self.restarted.wait(None if self.credentials is None else 0)
            self.restarted.clear()
            if self.credentials and not self.session(*self.credentials):
                self.restarted.wait(self.holdoff)

    def session(self, login: str, password: str) -> bool:
        """Dial once and stay until the session is cut (False) or a commit restarts pppd (True)."""
        if self.restarted.wait(self.dial_seconds):
            return True
        try:
            answer = self.ask("/admin/dial", {"login": login, "password": as_pppd_reads(password)})
        except (OSError, ValueError):
            return False
        if not answer["ok"]:
            self.note("CHAP authentication failed: Access denied")
            self.trace("refused")
            return False
        self.note("CHAP authentication succeeded")
        if self.restarted.is_set():
            return True
        self.address = str(answer["ip"])
        self.note(f"local  IP address {self.address}")
        self.note("remote IP address 203.0.113.1")
        self.trace("up", address=self.address)
        since = None
        while not self.restarted.wait(0.2):
            try:
                session = self.ask(f"/admin/line/{self.service}")["session"]
            except (OSError, ValueError, KeyError):
                continue
            since = since or session.get("since")
            if not session.get("up") or session.get("since") != since:
                self.address = ""
                self.note("Modem hangup")
                self.trace("down")
                return False
        return True
