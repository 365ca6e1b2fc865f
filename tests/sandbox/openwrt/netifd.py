# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon netifd and the command "ubus" that asks it: PPPoE interfaces, dialled for ever. A stand-in.

As on a real router: what is committed changes nothing until the reload, the reload dials an interface only when its
configuration is another one, an error stays listed while it dials again, and ages are those of the router's own uptime.
Habits are those of netifd 24.10 and 2026 where marked "RAN", or read in git.openwrt.org/project/netifd.git
(interface.c, ubus.c, config.c) and in OpenWrt's ppp.sh where marked "SRC".
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any, Protocol

from .uci import Uci, UciError

LOOK = 0.05  # seconds between two looks at the line
ON = ("1", "true")  # SRC: what "disabled" may be


class Provider(Protocol):
    """Who is at the other end of the line."""

    def dial(self, login: str, password: str) -> dict[str, object]:
        """``ok``, and the address as ``ip``."""

    def session_up(self) -> bool:
        """The line has not been cut."""


class Netifd:
    """The interface `name` of the configuration below `root`; `start` begins to dial.

    :param provider: who answers to the dialling
    :param beside: another interface of the same router
    """

    def __init__(self, root: Path, name: str, provider: Provider, beside: Netifd | None = None) -> None:
        self.root, self.uci, self.name, self.provider = root, Uci(root), name, provider
        self.holdoff, self.dial_seconds = 1.0, 0.2
        self.idle_seconds = 0.2  # RAN with 24.10: a second after a reload with nothing up or pending
        self.autostart, self.pending, self.index = True, False, 10
        self.answers = True  # there is somebody at the other end of the cable
        self.has_pppoe = True  # the package ppp-mod-pppoe is installed
        self.keeps_old_session = False  # the line's cut does not reach this router
        self.line = "eth1.835"  # the port and the VLAN that the provider's equipment hears
        self.booted: int = beside.booted if beside else int(time.monotonic()) - 50_000
        self.running: dict[str, str | list[str]] = {}
        self.since: float | None = None
        self.address = ""
        self.errors: list[str] = []
        self.dials = 0
        self._wake, self._ended = threading.Event(), False
        self.all: list[Netifd] = beside.all if beside else []  # the interfaces of this router
        self.all.append(self)
        self._files: threading.Lock = beside._files if beside else threading.Lock()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self) -> None:
        self.reload()
        self._tell()
        self._thread.start()

    def stop(self) -> None:
        self._ended = True
        self._wake.set()
        self._thread.join(10)

    def reload(self) -> None:
        """Take over what is committed; a running session is kept unless it is about another configuration."""
        section = self.uci.load("network", pending=False).get(self.name)
        wanted = section.options if section and section.options.get("disabled") not in ON else {}
        if wanted == self.running:
            return
        if wanted.get("auto") != self.running.get("auto") or not self.running:
            self.autostart = wanted.get("auto") != "0"  # SRC: a change of "auto" alone starts or stops it
        self._down(dict(wanted))

    def up(self) -> None:
        """RAN: no dial when it is up, one when it is stopped."""
        if not self.autostart or (self.since is None and not self.pending):
            self.autostart, self.errors = True, []  # SRC: interface_set_up
            self._wake.set()

    def down(self) -> None:
        self.autostart = False  # SRC: interface_set_down
        self._down(self.running)

    def _down(self, wanted: dict[str, str | list[str]]) -> None:
        # RAN: the end that was asked for stays listed while it dials again. SRC: what was listed before goes.
        self.errors = ["USER_REQUEST"] if self.since is not None else []
        self.running, self.since, self.pending = wanted, None, False
        self._wake.set()

    def wait_up(self, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while self.since is None:
            if time.monotonic() > end:
                raise TimeoutError(f"the interface {self.name} did not come up: {self.errors}")
            time.sleep(0.02)

    def _live(self) -> None:
        while not self._ended:
            self._tell()
            if self.since is not None:
                self._wake.wait(LOOK)
                self._wake.clear()
                if self.since is not None and not self.keeps_old_session and not self.provider.session_up():
                    self.since, self.errors = None, ["HANGUP"]  # RAN: after a cut
            elif not self._can_dial():
                self.pending = False
                self._wake.wait(LOOK)
                self._wake.clear()
            else:
                self._dial()

    def _can_dial(self) -> bool:
        ours = self.running.get("proto") == "pppoe" and self.running.get("device") == self.line
        return ours and self.has_pppoe and self.answers and self.autostart

    def _dial(self) -> None:
        self._wake.clear()
        if self._wake.wait(self.idle_seconds):
            return
        self.pending = True
        if self._wake.wait(self.dial_seconds):
            return
        self.dials += 1
        login, password = str(self.running.get("username", "")), str(self.running.get("password", ""))
        answer = self.provider.dial(login, password)
        if self._wake.is_set():
            return  # another configuration meanwhile: this attempt is void
        if answer["ok"]:
            self.index += 1
            self.address, self.since, self.pending = str(answer["ip"]), time.monotonic(), False
        else:
            self.errors = [*(code for code in self.errors if code != "AUTH_FAILED"), "AUTH_FAILED"]
            if self.running.get("authfail") == "1":  # SRC: ppp.sh blocks the restart
                self.autostart = self.pending = False
            else:
                self._wake.wait(self.holdoff)

    def _tell(self) -> None:
        """What the kernel shows, as files below the router's folder: no older than the last word of netifd."""
        with self._files:
            self._write_files()

    def _write_files(self) -> None:
        counters = "Inter-|   Receive\n face |bytes\n"
        for one in self.all:
            link = self.root / "sys" / "class" / "net" / f"pppoe-{one.name}"
            if one.since is not None:
                link.mkdir(parents=True, exist_ok=True)
                self._replace(link / "ifindex", f"{one.index}\n")
                counters += f"pppoe-{one.name}: 1000 2 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n"
            elif link.exists():
                (link / "ifindex").unlink(missing_ok=True)
                link.rmdir()
        uptime = f"{time.monotonic() - self.booted:.2f} 1.00\n"
        for name, text in (("uptime", uptime), ("net/dev", counters)):
            path = self.root / "proc" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(path, text)

    @staticmethod
    def _replace(path: Path, text: str) -> None:
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(text, "ascii")
        fresh.replace(path)

    # -- ubus

    def ubus(self, words: list[str]) -> tuple[int, str, str]:
        """One call of the program: (exit code, standard output, standard error)."""
        self._tell()
        match words:
            case ["call", "system", "info"]:
                return 0, shown({"localtime": 1, "uptime": int(time.monotonic() - self.booted), "load": [0, 0, 0]}), ""
            case ["call", "network", "reload"]:
                try:
                    for one in self.all:
                        one.reload()
                except UciError:
                    return 9, "", "Command failed: Unknown error\n"
                return 0, "", ""
            case ["call", "network", "get_proto_handlers"]:
                names = ["static", "dhcp", *(["pppoe"] if self.has_pppoe else [])]
                return 0, shown({name: {"immediate": False, "no_device": False} for name in names}), ""
            case ["call", "system" | "network", _method]:
                return 253, "", "Command failed: Method not found\n"  # RAN
            case ["call", target, method]:
                for one in self.all:
                    if one.running and target == f"network.interface.{one.name}":
                        return one._interface(method)
                return 4, "", "Command failed: Not found\n"  # RAN: also of an interface that is disabled
        return 255, "", "Usage: ubus [<options>] <command> [arguments...]\n"

    def _interface(self, method: str) -> tuple[int, str, str]:
        if method == "status":
            return 0, shown(self._status()), ""
        if method not in ("up", "down"):
            return 253, "", "Command failed: Method not found\n"
        (self.up if method == "up" else self.down)()
        return 0, "", ""

    def _status(self) -> dict[str, Any]:
        state = {"up": False, "pending": self.pending, "available": True, "autostart": self.autostart, "dynamic": False}
        errors = [{"subsystem": "pppoe", "code": code, "data": []} for code in self.errors]
        listed = {"data": {}, **({"errors": errors} if errors else {})}
        if self.running["proto"] != "pppoe":
            return {**state, "pending": True, "proto": self.running["proto"], "device": "eth1", **listed}
        if not self.has_pppoe:
            return {**state, "up": True, "uptime": 5, "proto": "none", "device": "eth1", **listed}
        since = self.since
        if since is None:
            return {**state, "proto": "pppoe", "device": "eth1", **listed}
        return {
            **state,
            "up": True,
            "uptime": int(time.monotonic()) - int(since),
            "l3_device": f"pppoe-{self.name}",
            "proto": "pppoe",
            "device": "eth1",
            "ipv4-address": [{"address": self.address, "mask": 32, "ptpaddress": "192.0.2.254"}],
            "ipv6-address": [],
            **listed,
        }


def shown(value: dict[str, Any]) -> str:
    return json.dumps(value, indent="\t") + "\n"
