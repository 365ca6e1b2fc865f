# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router with a played nmcli, and a real shell for the steps; the real NetworkManager is in tests/platforms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.driver import NetworkManager
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Unreachable

LOGIN, PASSWORD, NAME = "0320123456_1@adsl.ovh", "old'pass", "ovh line"
UPTIME = 5000.0
#: Answers as nmcli 1.42 does, out of the file beside it. It knows one profile that can dial, and "lan".
PROGRAM = r"""#!%s -S
import json, sys
from pathlib import Path

file = Path(__file__).with_name("state.json")
has = json.loads(file.read_text())
words = sys.argv[1:]


def end(code, *lines):
    file.write_text(json.dumps(has))
    print(*lines, sep="\n") if lines else None
    sys.exit(code)


if not has["running"]:
    end(8, "Error: NetworkManager is not running.")
if words[-2:] == ["general", "permissions"]:
    end(0, "org.freedesktop.NetworkManager.settings.modify.system:" + has["may"])
if "TYPE,NAME,FILENAME" in words:
    lines = [f"{has['type']}:{name}:{has['file']}" for name in has["names"]]
    end(0, *lines, "802-3-ethernet:lan:/etc/NetworkManager/system-connections/lan:x.nmconnection")
if words[-2] != "id" or words[-1] not in has["names"]:
    end(10, f"{words[-1]} - no such connection profile.")
if "edit" in words:
    has["fed"].append(sys.stdin.read())
    has["homes"].append(__import__("os").environ.get("HOME", ""))
    for line in has["fed"][-1].splitlines():
        if line.startswith("set pppoe.") and has["takes"]:
            name, _blank, value = line.removeprefix("set pppoe.").partition(" ")
            has["profile"][name] = value.strip()
    has["writes"] += 1
    end(0)
if "up" in words:
    if has["busy"]:
        end(4, "Error: Connection activation failed: no suitable device found.")
    has["dials"] += 1
    has["activation"] += 1
    right = has["profile"]["password"] == has["accepted"] and has["answers"]
    has["phase"] = "activated" if right else "activating"
    has["started"] = has["now"]
    end(0)
if "down" in words:
    has["phase"] = ""
    end(0)
if "GENERAL.IP-IFACE" in words:
    end(0, "ppp0") if has["phase"] == "activated" else end(0)
if "GENERAL,IP4" in words:
    if not has["phase"]:
        end(0)
    path = "/org/freedesktop/NetworkManager/ActiveConnection/%%d" %% has["activation"]
    lines = ["GENERAL.DEVICES:eth0", "GENERAL.STATE:" + has["phase"], "GENERAL.DBUS-PATH:" + path]
    if has["phase"] == "activated":
        lines += ["GENERAL.IP-IFACE:ppp0", "IP4.ADDRESS[1]:198.51.100.7/32", "IP4.GATEWAY:"]
    end(0, *lines)
profile = ["connection.type:" + has["type"], "pppoe.username:" + has["profile"]["username"]]
profile += ["pppoe.password:" + has["profile"]["password"], "pppoe.password-flags:" + has["flags"]]
end(0, *profile * len([one for one in has["names"] if one == words[-1]]))
"""


class Router:
    """``Router(folder)``: its session is up since 100 seconds.

    :param shell: what runs a step
    """

    def __init__(self, root: Path, shell: tuple[str, ...] = ("dash",)) -> None:
        self.root, self.shell = root, shell
        self.login, self.password = LOGIN, PASSWORD
        self.lost = False
        #: Called with each command before it runs.
        self.before: t.Callable[[str], None] = lambda _command: None
        for folder in ("bin", "run", "proc/77", "etc"):
            (root / folder).mkdir(parents=True)
        program = root / "bin" / "nmcli"
        program.write_text(PROGRAM % sys.executable, encoding="utf-8")
        program.chmod(0o755)
        (root / "run" / "ppp0.pid").write_text("77\n", encoding="ascii")
        (root / "proc" / "uptime").write_text(f"{UPTIME} 1.0\n", encoding="ascii")
        self.file = root / "bin" / "state.json"
        state: dict[str, t.Any] = {"running": True, "may": "yes", "type": "pppoe", "names": [NAME], "flags": "0 (none)"}
        state |= {"file": f"{root}/etc/line.nmconnection", "profile": {"username": LOGIN, "password": PASSWORD}}
        state |= {"accepted": PASSWORD, "answers": True, "takes": True, "busy": False, "phase": "activated"}
        state |= {"activation": 3, "fed": [], "homes": [], "writes": 0, "dials": 0, "now": UPTIME}
        state["started"] = UPTIME - 100
        self.file.write_text(json.dumps(state), encoding="utf-8")

    @property
    def state(self) -> dict[str, t.Any]:
        found: dict[str, t.Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return found

    def set(self, **more: t.Any) -> None:
        self.file.write_text(json.dumps({**self.state, **more}), encoding="utf-8")

    def execute(self, command: str, given: bytes) -> tuple[int, bytes, str]:
        self.before(command)
        if self.lost:
            raise Unreachable("No route to host")
        ticks = int(self.state["started"] * 100)
        stat = f"77 (pppd (x) y) S 1 {' '.join('0' for _field in range(17))} {ticks} 0 0\n"
        (self.root / "proc" / "77" / "stat").write_text(stat, encoding="ascii")
        for path in ("/run/", "/proc/uptime", "/proc/$x/stat"):
            given = given.replace(path.encode(), f"{self.root}{path}".encode())
        env = {"PATH": f"{self.root}/bin:{os.defpath}", "HOME": "/"}
        # The step sets a PATH of its own, after the one that it has.
        done = subprocess.run([*self.shell, "-c", command], input=given, capture_output=True, env=env, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def driver(self, name: str = NAME) -> NetworkManager:
        return NetworkManager(Shell(self.execute), name, sleep=lambda _seconds: None)

    def apply(self, password: str, login: str = LOGIN, **options: t.Any) -> Applied:
        settings = {"dial": Dial.AUTO, "age": None, "check": False, **options}
        return self.driver().apply(Credentials(login, password), **settings)

    # -- what a test does to it, or asks of it: see conformance.Played

    def accept(self, password: str) -> None:
        self.set(accepted=password, phase="")

    def cut(self) -> None:
        self.set(phase="", answers=False)

    def lose(self) -> None:
        self.lost = True

    def writes(self) -> int:
        return int(self.state["writes"])

    def dials(self) -> int:
        return int(self.state["dials"])

    def stored(self) -> str:
        return str(self.state["profile"]["password"])
