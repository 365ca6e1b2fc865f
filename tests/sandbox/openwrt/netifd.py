# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon netifd and the command "ubus" that asks it: one PPPoE interface, dialled for ever.

As on a real router: what is committed changes nothing until the reload, the reload dials an interface only when its
configuration is another one, an error stays listed while it dials again, and ages are those of the router's own uptime.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

from routeros.router import Provider

from .uci import Uci, UciError

LOOK = 0.1  # seconds between two looks at the line


class Netifd:
    """The interface `name` of the configuration below `root`; `start` begins to dial.

    :param provider: who answers to the dialling
    """

    def __init__(self, root: Path, name: str, provider: Provider) -> None:
        self.uci, self.name, self.provider = Uci(root), name, provider
        self.holdoff, self.dial_seconds = 1.0, 0.3
        self.answers = True  # there is somebody at the other end of the cable
        self.has_pppoe = True  # the package ppp-mod-pppoe is installed
        self.keeps_old_session = False  # the line's cut does not reach this router
        self.line = "eth1.835"  # the port and the VLAN that the provider's equipment hears
        self.booted = time.monotonic() - 50_000
        self.running: dict[str, str | list[str]] = {}
        self.since: float | None = None
        self.address = ""
        self.errors: list[str] = []
        self.dials = 0
        self._wake, self._ended = threading.Event(), False
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self) -> None:
        self.reload()
        self._thread.start()

    def stop(self) -> None:
        self._ended = True
        self._wake.set()
        self._thread.join(10)

    def reload(self) -> None:
        """Take over what is committed; a running session is kept unless it is about another configuration."""
        section = self.uci.load("network", pending=False).get(self.name)
        wanted = section.options if section and section.options.get("disabled") != "1" else {}
        if wanted != self.running:
            self.running, self.since, self.errors = dict(wanted), None, []
            self._wake.set()

    def wait_up(self, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while self.since is None:
            if time.monotonic() > end:
                raise TimeoutError(f"the interface {self.name} did not come up: {self.errors}")
            time.sleep(0.02)

    def _live(self) -> None:
        while not self._ended:
            if self.since is not None:
                self._wake.wait(LOOK)
                if self.since is not None and not self.keeps_old_session and not self.provider.session_up():
                    self.since = None
            elif not self._can_dial():
                self._wake.wait(LOOK)
            else:
                self._dial()

    def _can_dial(self) -> bool:
        ours = self.running.get("proto") == "pppoe" and self.running.get("device") == self.line
        return ours and self.has_pppoe and self.answers

    def _dial(self) -> None:
        self._wake.clear()
        if self._wake.wait(self.dial_seconds):
            return
        self.dials += 1
        login, password = str(self.running.get("username", "")), str(self.running.get("password", ""))
        answer = self.provider.dial(login, password)
        if self._wake.is_set():
            return  # another configuration meanwhile: this attempt is void
        if answer["ok"]:
            self.address, self.since = str(answer["ip"]), time.monotonic()
        else:
            self.errors = ["AUTH_FAILED"]
            self._wake.wait(self.holdoff)

    # -- ubus

    def ubus(self, words: list[str]) -> tuple[int, str, str]:
        """One call of the program: (exit code, standard output, standard error)."""
        match words:
            case ["call", "system", "info"]:
                return 0, shown({"localtime": 1, "uptime": int(time.monotonic() - self.booted), "load": [0, 0, 0]}), ""
            case ["call", "network", "reload"]:
                try:
                    self.reload()
                except UciError:
                    return 9, "", "Command failed: Unknown error\n"
                return 0, "", ""
            case ["call", "network", "get_proto_handlers"]:
                names = ["static", "dhcp", *(["pppoe"] if self.has_pppoe else [])]
                return 0, shown({name: {"immediate": False, "no_device": False} for name in names}), ""
            case ["call", target, "status"] if self.running and target == f"network.interface.{self.name}":
                return 0, shown(self._status()), ""
            case ["call", "system" | "network", _method]:
                return 3, "", "Command failed: Method not found\n"
            case ["call", _object, _method]:
                return 4, "", "Command failed: Not found\n"
        return 255, "", "Usage: ubus [<options>] <command> [arguments...]\n"

    def _status(self) -> dict[str, Any]:
        if self.running["proto"] != "pppoe":
            return {"up": False, "pending": True, "available": True, "proto": self.running["proto"], "device": "eth1"}
        if not self.has_pppoe:
            return {"up": True, "pending": False, "available": True, "uptime": 5, "proto": "none", "device": "eth1"}
        if self.since is None:
            down = {"up": False, "pending": True, "available": True, "proto": "pppoe", "device": "eth1", "data": {}}
            return {**down, "errors": [{"subsystem": "pppoe", "code": code, "data": []} for code in self.errors]}
        errors = [{"subsystem": "pppoe", "code": code, "data": []} for code in self.errors]
        return {
            "up": True,
            "pending": False,
            "available": True,
            "autostart": True,
            "uptime": int(time.monotonic()) - int(self.since),
            "l3_device": f"pppoe-{self.name}",
            "proto": "pppoe",
            "device": "eth1",
            "ipv4-address": [{"address": self.address, "mask": 32, "ptpaddress": "192.0.2.254"}],
            "ipv6-address": [],
            "data": {},
            **({"errors": errors} if errors else {}),
        }


def shown(value: dict[str, Any]) -> str:
    return json.dumps(value, indent="\t") + "\n"


def jsonfilter(words: list[str], given: str) -> tuple[int, str, str]:
    """The command of that name, with one path: names, ["names"], [number] and [*]."""
    match words:
        case ["-e", path] if path.startswith("@"):
            steps = path[1:].replace('["', ".").replace('"]', "").replace("[", ".").replace("]", "").split(".")[1:]
        case _:
            return 125, "", "Usage: jsonfilter [-i <file>] {-t|-e <pattern>}\n"
    try:
        found = [json.loads(given)]
    except ValueError:
        return 126, "", "Failed to parse json data\n"
    for step in steps:
        if step == "*":
            found = [one for value in found if isinstance(value, list) for one in value]
        elif step.isdigit():
            found = [value[int(step)] for value in found if isinstance(value, list) and len(value) > int(step)]
        else:
            found = [value[step] for value in found if isinstance(value, dict) and step in value]
    texts = [one if isinstance(one, str) else json.dumps(one) for one in found]
    return (0 if texts else 1), "".join(f"{text}\n" for text in texts), ""
