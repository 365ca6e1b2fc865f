# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site without its router: the local OVH API, an inventory, a control node, and one folder for what they write."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pty
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SANDBOX = Path(__file__).resolve().parents[1] / "sandbox"
SERVICE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
# Short waits: the local API mails within a second or two.
ROLE = {
    "router_pppoe_service_name": SERVICE,
    "router_pppoe_mail_expected_after": 1,
    "router_pppoe_mail_timeout": 60,
    "router_pppoe_session_timeout": 20,
}


class LabError(Exception):
    """Something in the sandbox did not come up."""


class Site:
    """The provider and the control node. What is started is always cleaned up: ``with Site() as site``.

    :param collections: the folders that hold ``ansible_collections``; Ansible's own defaults without one
    """

    def __init__(self, *collections: Path) -> None:
        self.collections = collections
        self.top = Path(tempfile.mkdtemp(prefix="ownrouter-lab."))
        self.inventory = self.top / "inventory.json"
        self.url = ""
        self.api: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
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

    def _start(self) -> None:
        self.start_api()

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

    def close(self) -> None:
        """Leave no process and no file behind."""
        self.stop_api()
        shutil.rmtree(self.top, ignore_errors=True)

    # -- the provider

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the local API's admin interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/admin{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def line(self, service: str = SERVICE) -> dict[str, Any]:
        found: dict[str, Any] = self.admin("GET", f"/line/{service}")
        return found

    def posts(self) -> list[dict[str, Any]]:
        """The requests for a new password so far."""
        return [call for call in self.admin("GET", "/calls") if call["method"] == "POST" and "PPPLogin" in call["path"]]

    # -- the control node

    def write_inventory(self, hosts: dict[str, dict[str, Any]]) -> None:
        """The group "routers", each host with short waits and a journal in this folder, and what is given."""
        common = {**ROLE, "router_pppoe_state_dir": str(self.top / "journal")}
        inventory = {"routers": {"hosts": {name: {**common, **given} for name, given in hosts.items()}}}
        self.inventory.write_text(json.dumps(inventory, indent=1), encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        """What a user would export."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("OVH_", "ANSIBLE_"))}
        settings = {
            "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.top),
            "OVH_ENDPOINT": f"{self.url}/1.0",
            "OVH_APPLICATION_KEY": "test-ak",
            "OVH_APPLICATION_SECRET": "test-as",
            "OVH_CONSUMER_KEY": "test-ck",
            "OVH_REQUESTS_PER_MINUTE": "0",  # runs follow each other faster here than a key would bear
            "ANSIBLE_HOME": str(self.top / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self.top / "ansible" / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.top / "ansible" / "remote"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
        }
        if self.collections:
            settings["ANSIBLE_COLLECTIONS_PATH"] = os.pathsep.join(map(str, self.collections))
        return {**kept, **settings, **more}

    def command(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew") -> list[str]:
        """What a user would type."""
        return ["ansible-playbook", "-i", str(self.inventory), playbook, *words]

    def play(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew", **environment: str) -> Run:
        """Run ansible-playbook to its end."""
        return self._run(self.command(*words, playbook=playbook), environment)

    def shell(self, command: str, **environment: str) -> Run:
        """Give a command to a shell as a person does who has copied it, and run it to its end."""
        return self._run(["bash", "-c", command], environment)

    def _run(self, command: list[str], environment: dict[str, str]) -> Run:
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

    def typed(self, command: list[str], answers: dict[str, str], **environment: str) -> Run:
        """Run a command on a terminal, and type an answer at each question."""
        began = time.time()
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            env=self.environment(**environment),
            cwd=self.top,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        seen, asked, end = b"", 0, time.monotonic() + 150
        left = dict(answers)
        try:
            while time.monotonic() < end:
                if select.select([ours], [], [], 0.2)[0]:
                    try:
                        seen += os.read(ours, 65536)
                    except OSError:
                        break
                for question in [one for one in left if one.encode() in seen[asked:]]:
                    asked = len(seen)
                    time.sleep(0.3)
                    os.write(ours, f"{left.pop(question)}\r".encode())
        finally:
            if time.monotonic() >= end:
                process.kill()
            # Who still runs there loses the terminal.
            os.close(ours)
            code = process.wait()
        said = seen.decode("utf-8", "replace").replace("\r", "")
        return Run(code, said, began, time.time())

    # -- secrets

    def leaks(
        self,
        secret: str,
        run: Run,
        allowed: Collection[Path] = (),
        forms: Collection[str] = (),
        shared: Collection[Path] = (Path("/tmp"), Path("/var/tmp")),
    ) -> list[str]:
        """Every place but the allowed ones (files and folders) that holds the secret, as written or in another coat.

        Looks at the output, at all files of this site, and at what the run left in the shared temporary folders.
        The local API's own state is allowed: it is the provider.
        """
        coats = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
        coats |= {urllib.parse.quote(secret), urllib.parse.quote_plus(secret), *forms}
        needles = {coat.encode() for coat in coats} | {base64.b64encode(secret.encode())}
        places: list[str] = []
        if any(needle in run.output.encode() for needle in needles):
            places.append("the output")
        exempt = [self.top / "ovh.json", *allowed]
        written = [path for path in self.top.rglob("*") if not any(path.is_relative_to(one) for one in exempt)]
        for folder in shared:
            written += list(folder.iterdir())
        for path in written:
            # Others use the temporary folders, too: what is gone by now, or theirs alone, is none of this run.
            with contextlib.suppress(FileNotFoundError, PermissionError):
                marks = path.lstat()
                if stat.S_ISREG(marks.st_mode) and (path.is_relative_to(self.top) or marks.st_mtime >= run.began - 1):
                    content = path.read_bytes()
                    if any(needle in content for needle in needles):
                        places.append(str(path))
        return places


class Run:
    """How a playbook ended."""

    def __init__(self, code: int, output: str, began: float, ended: float) -> None:
        self.code, self.output, self.began, self.ended = code, output, began, ended

    @property
    def said(self) -> str:
        """The output with every run of white space as one blank: messages are found wherever they are wrapped."""
        return " ".join(self.output.split())

    def recap(self, key: str, host: str = "router1") -> int:
        """A number of the recap line of a host; -1 without one."""
        for line in reversed(self.output.splitlines()):
            if line.startswith(f"{host} "):
                for word in line.split():
                    if word.startswith(f"{key}="):
                        return int(word.partition("=")[2])
        return -1
