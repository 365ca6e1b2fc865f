# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local OVH API and the router stand-in, started together and always cleaned up: ``with Lab() as lab``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from .site import LOGIN, SANDBOX, SERVICE, LabError, Run, Site

__all__ = ["LOGIN", "SANDBOX", "SERVICE", "Lab", "LabError", "Run"]


class Lab(Site):
    """One line, one router, one folder for everything that they write."""

    def __init__(
        self, collections: Path | None = None, holdoff: float = 0.5, holdoff_after_refusal: float = 600.0
    ) -> None:
        """Both in seconds. The second is longer than a test: a session that comes is the run's doing."""
        super().__init__(*([collections] if collections else []))
        self.holdoff, self.holdoff_after_refusal = holdoff, holdoff_after_refusal
        # A name of its own: pppd is found by its peer, and other sandboxes may run on this machine.
        self.peer = f"dsl-{self.top.suffix[1:]}"
        self.etc = self.top / "etc-ppp"
        self.run_dir = self.top / "run"
        self.events_file = self.top / "pppd.events"

    def _start(self) -> None:
        super()._start()
        (self.etc / "peers").mkdir(parents=True)
        self.run_dir.mkdir()
        peer = f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{LOGIN}"\npersist\nmaxfail 0\nholdoff {self.holdoff}\n'
        (self.etc / "peers" / self.peer).write_text(peer, encoding="utf-8")
        self.put_secret(self.line()["password"])
        router = {
            "ansible_connection": "local",
            "ansible_host": "127.0.0.1",
            "router_pppoe_interface": self.peer,
            "router_pppoe_ppp_dir": str(self.etc),
            "router_pppoe_run_dir": str(self.run_dir),
        }
        self.write_inventory({"router1": router})
        self.dial()

    def close(self) -> None:
        """Leave no process and no file behind."""
        self.stop_pppd()
        super().close()

    @staticmethod
    def _is_pppd(pid: int) -> bool:
        try:
            return b"pppd\0call\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    # -- the router

    def put_secret(self, password: str) -> None:
        """Both secrets files, as a user would have written them."""
        escaped = password.replace("\\", "\\\\").replace('"', '\\"')
        for name in ("chap-secrets", "pap-secrets"):
            path = self.etc / name
            path.write_text(f'# client server secret\n"{LOGIN}" * "{escaped}" *\nvpn * "other" *\n', encoding="utf-8")
            path.chmod(0o600)

    def dial(self) -> None:
        """Start the stand-in pppd and wait for its session."""
        subprocess.run(["pon", self.peer], env=self.environment(), check=True, stdin=subprocess.DEVNULL)
        self.wait_for("up")

    def stop_pppd(self) -> None:
        """End every pppd that was started here."""
        for event in self.events("started"):
            if self._is_pppd(event["pid"]):
                os.kill(event["pid"], signal.SIGTERM)
                end = time.monotonic() + 10
                while self._is_pppd(event["pid"]) and time.monotonic() < end:
                    time.sleep(0.05)

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What pppd did so far."""
        if not self.events_file.exists():
            return []
        lines = self.events_file.read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if name in (None, event["event"])]

    def wait_for(self, name: str, count: int = 1, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while len(self.events(name)) < count:
            if time.monotonic() > end:
                raise LabError(f"pppd did not come to: {name}. It did: {self.events()}")
            time.sleep(0.05)

    def environment(self, **more: str) -> dict[str, str]:
        """What a user would export, and the stand-in's settings."""
        settings = super().environment()
        settings["PATH"] = f"{SANDBOX / 'pppd'}:{settings['PATH']}"
        standin = {
            "STANDIN_PPP_DIR": str(self.etc),
            "STANDIN_RUN_DIR": str(self.run_dir),
            "STANDIN_API": self.url,
            "STANDIN_SERVICE": SERVICE,
            "STANDIN_LOG": str(self.events_file),
            "STANDIN_HOLDOFF_AFTER_REFUSAL": str(self.holdoff_after_refusal),
        }
        return {**settings, **standin, **more}
