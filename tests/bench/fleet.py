# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many lines on one key: a local OVHcloud API that holds to its limit, and a played router for each line.

What is measured is the budget of requests that the lines share. The routers are played on this machine, by
``ansible_connection: local``, so that neither SSH nor a processor of many guests is in the figures.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SANDBOX = Path(__file__).resolve().parents[1] / "sandbox"
BIN = Path(__file__).resolve().parent / "bin"
sys.path.insert(0, str(SANDBOX))

# E402: found on the path that is set just above.
from ovh_api.app import create_app  # noqa: E402
from ovh_api.running import Api, running  # noqa: E402
from ovh_api.world import World  # noqa: E402

#: Requests a minute that OVHcloud's maintainers call safe: the local API answers no more.
LIMIT = 60
#: Seconds from a request to its mail: the least and the most.
MAIL = (120.0, 180.0)
#: Of the API, in a path: the only word with a digit that is no name.
VERSION = re.compile(r"v?\d(\.\d)?$")


@dataclass(frozen=True)
class Outcome:
    """What a run over all lines did and took.

    ``cpu``: seconds of the control node's processes, without what the commands of the played routers took.
    ``delays``: seconds from each line's mail to its router.
    """

    lines: int
    code: int
    seconds: float
    cpu: float
    requests: int
    looks: int
    refused: int
    busiest: int
    posts: list[int]
    delays: list[float]
    memory: float  # MiB of the largest process
    output: str = field(default="", repr=False)
    calls: list[dict[str, Any]] = field(default_factory=list, repr=False)


def busiest_minute(times: Sequence[float]) -> int:
    """The most of these times (seconds, sorted) that lie in any 60 seconds."""
    most = start = 0
    for end, time_ in enumerate(times):
        while times[start] <= time_ - 60:
            start += 1
        most = max(most, end - start + 1)
    return most


def seconds_of(times: str) -> float:
    """What the words of the shell's ``times`` come to, such as ``0m1.50s``."""
    found = re.findall(r"(\d+)m([\d.]+)s", times)
    return sum(60 * int(minutes) + float(seconds) for minutes, seconds in found)


def kinds(calls: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many calls of each kind there were, the most first: a path whose names and numbers are left out."""

    def kind(call: dict[str, Any]) -> str:
        words = str(call["path"]).split("/")
        named = ["…" if any(map(str.isdigit, word)) and not VERSION.match(word) else word for word in words]
        return f"{call['method']} {'/'.join(named)}"

    return Counter(map(kind, calls)).most_common()


class Fleet:
    """Lines, their routers, and control nodes: ``with Fleet(30, collections) as fleet``."""

    def __init__(self, lines: int, collections: Path, mail: tuple[float, float] = MAIL, limit: int = LIMIT) -> None:
        self.services = [f"xdsl-ab12345-{number + 1}" for number in range(lines)]
        self._collections, self._mail, self._limit = collections, mail, limit
        self.top = Path(tempfile.mkdtemp(prefix="ownrouter-fleet."))
        self.inventory = self.top / "inventory.json"
        self.api: Api
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Fleet:
        try:
            self._start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def _close(self) -> None:
        self._stack.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def _start(self) -> None:
        world = World()
        world.with_lines(len(self.services))
        world.state.update(rate_limit=self._limit, v2_list_bodies=False)
        for service in self.services:
            world.state["lines"][service]["mail_delay"] = random.uniform(*self._mail)
        self.api = self._stack.enter_context(running(prepared=(world, create_app(world))))
        self._stack.callback(self._stop_routers)
        (self.top / "run").mkdir()
        self._times.touch()
        hosts = {}
        for number, service in enumerate(self.services):
            hosts[f"site{number + 1}"] = self._router(service)
        self.inventory.write_text(json.dumps({"routers": {"hosts": hosts}}), encoding="utf-8")
        self._routers_up()

    @property
    def _times(self) -> Path:
        """What the routers' commands took."""
        return self.top / "times"

    def folder(self, service: str) -> Path:
        return self.top / service

    def _router(self, service: str) -> dict[str, Any]:
        """A router's files and its pppd, as its host in the inventory."""
        folder, line = self.folder(service), self.api.line(service)
        (folder / "ppp" / "peers").mkdir(parents=True)
        peer = f"{service}{self.top.suffix}"
        text = f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{line["login"]}"\npersist\nmaxfail 0\nholdoff 2\n'
        (folder / "ppp" / "peers" / peer).write_text(text, encoding="utf-8")
        secrets = folder / "ppp" / "chap-secrets"
        secrets.write_text(f'"{line["login"]}" * "{line["password"]}" *\n', encoding="utf-8")
        secrets.chmod(0o600)
        subprocess.run(
            [sys.executable, str(SANDBOX / "pppd" / "pppd"), "call", peer],
            env=self._played(service),
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return {
            "ansible_connection": "local",
            "ansible_shell_executable": f"{BIN / 'router_sh'} {self._times} {peer}",
            "ansible_host": "127.0.0.1",
            "ansible_python_interpreter": sys.executable,
            "router_pppoe_service_name": service,
            "router_pppoe_interface": peer,
            "router_pppoe_ppp_dir": str(folder / "ppp"),
            "router_pppoe_run_dir": str(self.top / "run"),
        }

    def _played(self, service: str) -> dict[str, str]:
        folder = self.folder(service)
        return {
            **os.environ,
            "PATH": f"{SANDBOX / 'pppd'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "STANDIN_PPP_DIR": str(folder / "ppp"),
            "STANDIN_RUN_DIR": str(self.top / "run"),
            "STANDIN_INTERFACE": f"ppp{self.services.index(service)}",
            "STANDIN_API": self.api.url,
            "STANDIN_SERVICE": service,
            "STANDIN_LOG": str(folder / "events"),
            "STANDIN_HOLDOFF_AFTER_REFUSAL": "600",
            "STANDIN_WATCH": "3",
        }

    def events(self, service: str, name: str) -> list[dict[str, Any]]:
        file = self.folder(service) / "events"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def _routers_up(self) -> None:
        end = time.monotonic() + 60
        while not all(self.events(service, "up") for service in self.services):
            if time.monotonic() > end:
                raise RuntimeError("not every played router has a session")
            time.sleep(0.1)

    def _stop_routers(self) -> None:
        for service in self.services:
            for event in self.events(service, "started"):
                with contextlib.suppress(OSError):
                    os.kill(event["pid"], signal.SIGTERM)

    # -- the control nodes

    def environment(self, home: Path, **more: str) -> dict[str, str]:
        """What a user would export there."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("OVH_", "ANSIBLE_", "XDG_"))}
        return {
            **kept,
            "PATH": f"{SANDBOX / 'pppd'}:{Path(sys.executable).parent}:{kept['PATH']}",
            "HOME": str(home),
            "STANDIN_RUN_DIR": str(self.top / "run"),
            "OVH_ENDPOINT": self.api.endpoint,
            "OVH_APPLICATION_KEY": "test-ak",
            "OVH_APPLICATION_SECRET": "test-as",
            "OVH_CONSUMER_KEY": "test-ck",
            "ANSIBLE_HOME": str(home / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(home / "ansible" / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(home / "ansible" / "remote"),
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "ANSIBLE_FORKS": str(len(self.services)),
            **more,
        }

    @contextlib.contextmanager
    def started(
        self, *words: str, home: str = "home", playbook: str = "ownrouter.ovhcloud.renew", **environment: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A run, in a process group of its own, whose output goes to a file."""
        folder = self.top / home
        folder.mkdir(exist_ok=True)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                ["ansible-playbook", "-i", str(self.inventory), playbook, *words],
                env=self.environment(folder, **environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    process.wait()

    def run(self, *words: str, home: str = "home", **more: str) -> Outcome:
        """The playbook over all lines, from beginning to end."""
        self.api.world.state["calls"] = []
        self._times.write_text("", encoding="utf-8")
        began = time.time()
        with self.started(*words, home=home, **more) as process:
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.time() - began
        output = (self.top / home / "output").read_text(encoding="utf-8", errors="replace")
        cpu = used.ru_utime + used.ru_stime - seconds_of(self._times.read_text(encoding="utf-8"))
        return self.outcome(process.returncode, seconds, cpu, used.ru_maxrss / 1024, output, began)

    def outcome(self, code: int, seconds: float, cpu: float, memory: float, output: str, began: float) -> Outcome:
        calls = self.api.calls()
        answered = [call for call in calls if call["status"] != 429]
        looks = [
            call for call in calls if call["path"] in ("/v2/notification/history", "/1.0/me/notification/email/history")
        ]
        return Outcome(
            len(self.services),
            code,
            seconds,
            cpu,
            len(calls),
            len(looks),
            len(calls) - len(answered),
            busiest_minute(sorted(call["at"] for call in answered if call["credential"])),
            [self.api.line(service)["requests"] for service in self.services],
            list(self.delays(began)),
            memory,
            output,
            calls,
        )

    def delays(self, began: float) -> Iterator[float]:
        """Seconds from each mail that came in this run to the write on its router."""
        for service in self.services:
            mails = [m for m in self.api.world.published() if m["at"] > began and f"[{service}]" in m["title"]]
            written = (self.folder(service) / "ppp" / "chap-secrets").stat().st_mtime
            if mails and written > mails[-1]["at"]:
                yield written - mails[-1]["at"]
