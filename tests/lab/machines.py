# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two guests as a test sees them: ``with Machines() as machines: machines.ssh("isp", "uptime")``."""

from __future__ import annotations

import array
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from . import needs

HERE = Path(__file__).resolve().parent
GUESTS = ("isp", "router")
BOOT_LIMIT = 90.0  # seconds; a boot takes 5 on an idle machine
MEMORY = "256M"

# Its own session, deaf to Ctrl-C: it removes the folder when everything inside has ended, whoever ended it.
WARDEN = (
    'trap "" HUP INT TERM; folder=$1; shift; '
    'unshare --net --pid --mount --fork --kill-child=KILL --mount-proc "$@"; rm -rf -- "$folder"'
)


class LabError(Exception):
    """Something in the lab did not do what it should."""


class Machines:
    """Guests, their networks and the SSH to them. Everything ends with this process, whatever ends it."""

    def __init__(self) -> None:
        self.top = Path()
        self.warden: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.radius: list[socket.socket] = []
        self.ports: dict[str, int] = {}
        self.seen: list[dict[str, Any]] = []

    def __enter__(self) -> Machines:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    # -- life

    def prepare(self) -> None:
        """Check this machine and make the folder: files for the guests go to ``share``."""
        needs.check()
        self.top = Path(tempfile.mkdtemp(prefix="ownrouter-line."))
        for folder in ("uml", "cp", "share/ssh", "share/isp", "share/router/peers"):
            (self.top / folder).mkdir(parents=True)
        shutil.copytree(HERE / "guest", self.top / "share" / "guest")
        for key in ("id", "hostkey"):
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", f"{self.top}/share/ssh/{key}"]
            subprocess.run(words, check=True, stdin=subprocess.DEVNULL, timeout=20)

    def open(self) -> None:
        """Boot both guests and wait until they answer."""
        try:
            if not self.top.name:
                self.prepare()
            self._start()
            for name in GUESTS:
                self._answer("ready", name)
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        listeners = {}
        for name in GUESTS:
            listeners[name] = socket.create_server(("127.0.0.1", 0), backlog=32)
            self.ports[name] = listeners[name].getsockname()[1]
        self._write_ssh_config()
        self.control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            "run": str(self.top),
            "memory": MEMORY,
            "scratch": needs.scratch(),
            "listeners": {name: one.fileno() for name, one in listeners.items()},
        }
        inside = [sys.executable, "-I", "-S", str(HERE / "keeper.py"), json.dumps(settings), str(inner.fileno())]
        with open(self.top / "keeper.log", "wb") as log:
            self.warden = subprocess.Popen(
                ["sh", "-c", WARDEN, "warden", str(self.top), *inside],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[inner.fileno(), *(one.fileno() for one in listeners.values())],
            )
        inner.close()
        for one in listeners.values():
            one.close()
        self._answer("started")

    def _answer(self, event: str, guest: str = "", seconds: float = BOOT_LIMIT) -> None:
        """Wait for one event of the keeper."""
        assert self.control is not None
        end = time.monotonic() + seconds
        while True:
            for one in self.seen:
                if one["event"] == event and one.get("guest", "") == guest:
                    self.seen.remove(one)
                    return
                if one["event"] in ("failed", "ended"):
                    raise LabError(f"the lab broke: {one}\n{self.logs()}")
            self.control.settimeout(max(0.01, end - time.monotonic()))
            room = socket.CMSG_SPACE(2 * array.array("i").itemsize)
            try:
                message, ancillary, _flags, _address = self.control.recvmsg(65536, room)
            except TimeoutError:
                raise LabError(f"no '{event} {guest}' within {seconds:.0f} s\n{self.logs()}") from None
            if not message:
                raise LabError(f"the lab ended by itself\n{self.logs()}")
            for _level, _kind, data in ancillary:
                numbers = array.array("i")
                numbers.frombytes(data)
                self.radius += [socket.socket(fileno=number) for number in numbers]
            self.seen.append(json.loads(message))

    def _order(self, what: str, guest: str) -> None:
        assert self.control is not None
        self.control.send(json.dumps({"do": what, "guest": guest}).encode())

    def replace(self, guest: str) -> None:
        """End a guest and boot it anew from its files in ``share``: nothing that it wrote itself is left."""
        self.disconnect(guest)
        self._order("end", guest)
        self._answer("off", guest)
        self._order("boot", guest)
        self._answer("ready", guest)

    def close(self) -> None:
        """Leave no process, interface or file behind."""
        for one in (self.control, *self.radius):
            if one is not None:
                one.close()
        self.control, self.radius = None, []
        if self.warden is not None:
            try:
                self.warden.wait(20)
            except subprocess.TimeoutExpired:
                self.warden.kill()
                self.warden.wait()
            self.warden = None
        if self.top.name:
            shutil.rmtree(self.top, ignore_errors=True)
            self.top = Path()

    def logs(self) -> str:
        """What the keeper and the consoles said last."""
        parts = []
        for path in sorted([*self.top.glob("*.console"), *self.top.glob("keeper.log")]):
            with contextlib.suppress(OSError):
                parts.append(f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}")
        return "\n".join(parts)

    # -- SSH

    @property
    def ssh_config(self) -> Path:
        return self.top / "ssh_config"

    def _write_ssh_config(self) -> None:
        host_key = (self.top / "share/ssh/hostkey.pub").read_text().split()[:2]
        hosts, known = [], []
        for name, port in self.ports.items():
            hosts.append(f"Host {name}\n  HostName 127.0.0.1\n  Port {port}\n")
            known.append(f"[127.0.0.1]:{port} {' '.join(host_key)}\n")
        options = {
            "User": "root",
            "IdentityFile": f"{self.top}/share/ssh/id",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": f"{self.top}/known_hosts",
            "GlobalKnownHostsFile": "/dev/null",
            "ConnectTimeout": "20",
            "ServerAliveInterval": "10",
            "ServerAliveCountMax": "6",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
        }
        everyone = "".join(f"  {key} {value}\n" for key, value in options.items())
        self.ssh_config.write_text(f"{''.join(hosts)}Host *\n{everyone}")
        (self.top / "known_hosts").write_text("".join(known))

    def ssh_words(self, guest: str) -> list[str]:
        """The command line of an SSH of the test's own: one connection for all its commands."""
        share = ["-o", "ControlMaster=auto", "-o", f"ControlPath={self.top}/cp/own-%n", "-o", "ControlPersist=600"]
        return ["ssh", "-F", str(self.ssh_config), *share, guest]

    def ssh(self, guest: str, command: str, seconds: float = 60, check: bool = True, stdin: str = "") -> str:
        """Run a shell command in a guest and return what it printed."""
        try:
            done = subprocess.run(
                [*self.ssh_words(guest), command],
                input=stdin,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LabError(f"{guest}: no end after {seconds:.0f} s: {command}\n{self.logs()}") from None
        if check and done.returncode:
            raise LabError(f"{guest}: exit code {done.returncode}: {command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def wait_for(self, guest: str, condition: str, seconds: float = 60) -> None:
        """Wait in a guest until a shell condition is true."""
        clock = "read -r now rest </proc/uptime; now=${now%.*}"
        turn = f"sleep 0.2; {clock}; [ $now -lt $end ] || exit 1"
        loop = f"{clock}; end=$((now + {seconds:.0f})); until {condition}; do {turn}; done"
        try:
            self.ssh(guest, loop, seconds + 30)
        except LabError as error:
            raise LabError(f"{guest}: not within {seconds:.0f} s: {condition}\n{error}") from None

    def disconnect(self, guest: str) -> None:
        """Close the shared connection."""
        words = ["ssh", "-F", str(self.ssh_config), "-O", "exit", "-o", f"ControlPath={self.top}/cp/own-%n", guest]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(words, capture_output=True, check=False, timeout=10)


def environment() -> dict[str, str]:
    """The caller's environment less what would reach a real account or change Ansible's behaviour."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("OVH_", "ANSIBLE_", "SSH_"))}
