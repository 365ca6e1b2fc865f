# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One such router for a test, always stopped again: ``with Vyos(folder, api, …) as router``."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SANDBOX = Path(__file__).resolve().parent.parent
USER, USER_PASSWORD = "vyos", "Vyoszugang-5529"


@contextlib.contextmanager
def together(routers: Sequence[Vyos]) -> Iterator[None]:
    """Many routers in one process, because starting one costs more than a test does with it."""
    files = []
    for router in routers:
        router.folder.mkdir(parents=True)
        files.append(router.folder / "settings.json")
        files[-1].write_text(json.dumps(router.settings), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "vyos", *map(str, files)],
        env={**os.environ, "PYTHONPATH": str(SANDBOX)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            if not ready:
                raise RuntimeError(f"the VyOS stand-in did not start (exit status {process.wait()})")
            for router, port in zip(routers, json.loads(ready), strict=True):
                router.port = int(port)
            yield
        finally:
            process.communicate("", timeout=10)


class Vyos:
    """One router, in a process of its own as a context.

    :param folder: an empty folder for its settings, trace and state
    :param api: the local OVH API that it dials
    :param service: the line that it is on
    :param login: the PPPoE login of that line
    :param password: the PPPoE password that it has at first
    :param release: 1.3 or 1.4
    :param clock: the form of its time: "c", "12-hour" or "24-hour"; that of the release when left out
    :param vrf: the one that its SSH is in
    :param also: "host", "banner" and "entering", see :class:`cli.Settings`
    :param line: does it have a PPPoE interface yet?
    :param more: set commands beyond those that make a working PPPoE interface pppoe0
    :param unsaved: set commands that are running, but not saved
    :param level: of the user, admin or operator
    """

    def __init__(
        self,
        folder: Path,
        api: str,
        service: str,
        login: str,
        password: str,
        release: str = "1.4",
        more: tuple[str, ...] = (),
        unsaved: tuple[str, ...] = (),
        level: str = "admin",
        line: bool = True,
        clock: str = "",
        vrf: str = "",
        also: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        user = "user" if release == "1.3" else "username"
        on_line = [
            "set interfaces ethernet eth0 vif 835 description WAN",
            "set interfaces pppoe pppoe0 source-interface eth0.835",
            f"set interfaces pppoe pppoe0 authentication {user} '{login}'",
            f"set interfaces pppoe pppoe0 authentication password '{password}'",
            "set interfaces pppoe pppoe0 mtu 1492",
        ]
        self.settings = {
            "release": release,
            "users": {USER: {"password": USER_PASSWORD, "level": level}},
            "api": api,
            "service": service,
            "vrf": vrf,
            "folder": str(folder),
            "config": [
                "set system host-name vyos",
                "set service ssh port 22",
                "set interfaces ethernet eth0 hw-id 02:00:00:00:00:01",
                "set interfaces ethernet eth1 hw-id 02:00:00:00:00:02",
                *(on_line if line else []),
                *more,
            ],
            "unsaved": unsaved,
            "clock": clock,
            **(also or {}),
        }
        self.port = 0
        self._alone = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._alone.enter_context(together([self]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._alone.close()

    def inventory(self, **more: Any) -> dict[str, Any]:
        """What a user writes into the inventory."""
        return {
            "ansible_connection": "ansible.netcommon.network_cli",
            "ansible_network_os": "vyos.vyos.vyos",
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": USER,
            "ansible_password": USER_PASSWORD,
            "ansible_host_key_checking": False,
            "ansible_network_cli_ssh_type": "paramiko",  # whatever else is installed; tests/routers has both
            "router_pppoe_platform": "vyos",
            "router_pppoe_service_name": self.settings["service"],
            **more,
        }

    def order(self, *faults: str) -> None:
        """Let something go wrong, once each.

        "commit locked" and "set lingers" (a commit of somebody else), "connect locked", "commit fails", "commit
        slow", "save fails", "compare saved fails" and "compare fails after commit" (its saved configuration cannot be
        read), "wall after commit" (a message to all behind a prompt), "lost at set", "lost after commit" (the
        connection breaks), "hangs after commit" (no answer comes any more, and the connection stays), "closed after
        commit" (the terminal is, at the next look at the configuration), "gone after commit" (at the next look at the
        session, it answers nobody any more).
        """
        (self.folder / "faults.json").write_text(json.dumps(faults), encoding="utf-8")

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What happened so far."""
        file = self.folder / "trace.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [event for event in map(json.loads, lines) if name in (None, event["event"])]

    def typed(self, mode: str = "config") -> list[str]:
        """The lines typed in that mode ("op" or "config") so far."""
        return [event["line"] for event in self.events("line") if event["mode"] == mode]

    def state(self, name: str = "running") -> list[str]:
        """The configuration that is running, or saved, as its set commands."""
        found: dict[str, list[str]] = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
        return found[name]

    def wait_for(self, name: str, count: int = 1, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while len(self.events(name)) < count:
            if time.monotonic() > end:
                raise RuntimeError(f"the router did not come to: {name}. It did: {self.events()}")
            time.sleep(0.05)
