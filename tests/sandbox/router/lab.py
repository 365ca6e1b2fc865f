# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local OVH API and the router stand-in, started together and always cleaned up: ``with Lab() as lab``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

SANDBOX = Path(__file__).resolve().parent.parent
SERVICE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"


class LabError(Exception):
    """Something in the sandbox did not come up."""


class Lab:
    """One line, one router, one folder for everything that they write."""

    def __init__(self, collections: Path | None = None, holdoff: float = 2.0) -> None:
        self.collections = collections
        self.holdoff = holdoff
        self.top = Path(tempfile.mkdtemp(prefix="ownrouter-lab."))
        # A name of its own: pppd is found by its peer, and other sandboxes may run on this machine.
        self.peer = f"dsl-{self.top.suffix[1:]}"
        self.etc = self.top / "etc-ppp"
        self.run_dir = self.top / "run"
        self.events_file = self.top / "pppd.events"
        self.url = ""
        self.api: subprocess.Popen[str] | None = None

    def __enter__(self) -> Lab:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def start_api(self) -> None:
        """Start the local API, again on its first port and with its last state when it ran before."""
        port = self.url.rpartition(":")[2] or "0"
        self.api = subprocess.Popen(
            [sys.executable, "-m", "ovh_api", "--port", port, "--state", str(self.top / "ovh.json")],
            env={**os.environ, "PYTHONPATH": str(SANDBOX)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.api.stdout is not None
        ready = self.api.stdout.readline()
        if not ready:
            raise LabError(f"the local OVH API did not start (exit status {self.api.wait()})")
        self.url = str(json.loads(ready)["url"])

    def stop_api(self) -> None:
        """End the local API: nothing listens any more. Its state is kept."""
        if self.api:
            self.api.terminate()
            self.api.wait(10)
            if self.api.stdout:
                self.api.stdout.close()
            self.api = None

    def _start(self) -> None:
        self.start_api()
        (self.etc / "peers").mkdir(parents=True)
        self.run_dir.mkdir()
        peer = f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{LOGIN}"\npersist\nmaxfail 0\nholdoff {self.holdoff}\n'
        (self.etc / "peers" / self.peer).write_text(peer, encoding="utf-8")
        self.put_secret(self.line()["password"])
        inventory = {
            "routers": {
                "hosts": {
                    "router1": {
                        "ansible_connection": "local",
                        "router_pppoe_service_name": SERVICE,
                        "router_pppoe_interface": self.peer,
                        "router_pppoe_ppp_dir": str(self.etc),
                        "router_pppoe_run_dir": str(self.run_dir),
                        "router_pppoe_state_dir": str(self.top / "journal"),
                        "router_pppoe_mail_expected_after": 1,
                        "router_pppoe_mail_timeout": 60,
                        "router_pppoe_session_timeout": 20,
                    }
                }
            }
        }
        (self.top / "inventory.json").write_text(json.dumps(inventory, indent=1), encoding="utf-8")
        self.dial()

    def close(self) -> None:
        """Leave no process and no file behind."""
        self.stop_pppd()
        self.stop_api()
        shutil.rmtree(self.top, ignore_errors=True)

    @staticmethod
    def _is_pppd(pid: int) -> bool:
        try:
            return b"pppd\0call\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    # -- the provider

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the local API's admin interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/admin{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def line(self) -> dict[str, Any]:
        found: dict[str, Any] = self.admin("GET", f"/line/{SERVICE}")
        return found

    def posts(self) -> list[dict[str, Any]]:
        """The requests for a new password so far."""
        return [call for call in self.admin("GET", "/calls") if call["method"] == "POST" and "PPPLogin" in call["path"]]

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

    # -- the control node

    def environment(self, **more: str) -> dict[str, str]:
        """What a user would export, and the stand-in's settings."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("OVH_", "ANSIBLE_"))}
        settings = {
            "PATH": f"{SANDBOX / 'router' / 'bin'}:{Path(sys.executable).parent}:{kept.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.top),
            "STANDIN_PPP_DIR": str(self.etc),
            "STANDIN_RUN_DIR": str(self.run_dir),
            "STANDIN_API": self.url,
            "STANDIN_SERVICE": SERVICE,
            "STANDIN_LOG": str(self.events_file),
            "OVH_ENDPOINT": f"{self.url}/1.0",
            "OVH_APPLICATION_KEY": "test-ak",
            "OVH_APPLICATION_SECRET": "test-as",
            "OVH_CONSUMER_KEY": "test-ck",
            "ANSIBLE_HOME": str(self.top / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self.top / "ansible" / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.top / "ansible" / "remote"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
        }
        if self.collections:
            settings["ANSIBLE_COLLECTIONS_PATH"] = str(self.collections)
        return {**kept, **settings, **more}

    def command(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew") -> list[str]:
        """What a user would type."""
        return ["ansible-playbook", "-i", str(self.top / "inventory.json"), playbook, *words]

    def play(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew", **environment: str) -> Run:
        """Run ansible-playbook to its end."""
        command = self.command(*words, playbook=playbook)
        began = time.time()
        done = subprocess.run(
            command,
            env=self.environment(**environment),
            cwd=self.top,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=300,
            check=False,
        )
        return Run(done.returncode, done.stdout, began, time.time())


class Run:
    """How a playbook ended."""

    def __init__(self, code: int, output: str, began: float, ended: float) -> None:
        self.code, self.output, self.began, self.ended = code, output, began, ended

    def recap(self, key: str) -> int:
        """A number of the recap line of router1; -1 without one."""
        for line in reversed(self.output.splitlines()):
            if line.startswith("router1 "):
                for word in line.split():
                    if word.startswith(f"{key}="):
                        return int(word.partition("=")[2])
        return -1
