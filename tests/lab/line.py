# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line, ready for tests: provider, router, and an Ansible that manages the router by SSH. ``with Line() as line``."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from .kinds import DEBIAN_12, PEER, Kind
from .machines import LabError, Machines, environment
from .provider import SERVICE, Provider

TARGET = "198.51.100.1"  # behind the concentrator
DEBIAN_SECRETS = "# Secrets for authentication using {kind}\n# client\tserver\tsecret\t\t\tIP addresses\n"
# Seconds: the router's end of a session is up a little before the concentrator's, which may still be ending the one
# before it, with the same address.
ANSWERS = 10.0
RUN_LIMIT = 420.0  # seconds for one playbook


# What counts pppd in a guest every tenth of a second, and keeps the most that it saw twice running. A child of a pppd
# is a pppd that goes into the background, or one that is about to become a script.
WATCH = """\
most=0 last=0
while sleep 0.1; do
  found=0
  for stat in /proc/[0-9]*/stat; do
    read -r _number name state parent _rest <$stat && [ "$name" = "(pppd)" ] && [ "$state" != Z ] || continue
    read -r name </proc/$parent/comm && [ "$name" = pppd ] || found=$((found + 1))
  done
  both=$((found < last ? found : last)) last=$found
  [ $both -le $most ] || { most=$both; echo $most >/run/most-pppd; }
done
"""


def quoted(text: str) -> str:
    """A word of pppd's secrets files."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class Session:
    """What the router says of its session; two that differ in ``identity`` are two sessions."""

    up: bool
    address: str
    identity: str


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str
    began: float
    ended: float

    def recap(self, key: str) -> int:
        """A number of the recap line; -1 without one."""
        for line in reversed(self.output.splitlines()):
            if line.startswith("router "):
                for word in line.split():
                    if word.startswith(f"{key}="):
                        return int(word.partition("=")[2])
        return -1


class Line:
    """One line of one customer, whose router is of that kind."""

    def __init__(
        self,
        collections: Path | None = None,
        holdoff: int = 30,
        mail_delay: float = 8.0,
        kind: Kind = DEBIAN_12,
    ) -> None:
        self.collections = collections
        self.holdoff = holdoff
        self.kind = kind
        self.machines = Machines()
        self.provider = Provider(self.machines)
        self.provider.world.state["mail_delay"] = mail_delay
        self.host_variables: dict[str, Any] = {"router_pppoe_mail_expected_after": 2}

    def __enter__(self) -> Line:
        try:
            self.machines.prepare()
            self.provider.configure()
            self.kind.lay_out(self.machines.top / "share")
            self._configure_router(self.provider.line["password"])
            self.machines.open()
            self.provider.open()
            self.write_inventory()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave nothing behind."""
        self.provider.close()
        self.machines.close()

    # -- the router

    def _configure_router(self, password: str) -> None:
        """The files that the router boots with; without a password it is as Debian leaves it, but for its peer file."""
        etc = self.machines.top / "share" / "router"
        login = self.provider.line["login"]
        for kind in ("chap", "pap"):
            text = DEBIAN_SECRETS.format(kind=kind.upper())
            if password:
                text += f"{quoted(login)} * {quoted(password)}\n"
            (etc / f"{kind}-secrets").write_text(f"{text}vpn * other-secret *\n" if password else text)
        (etc / "options").write_text("lock\n")
        (etc / "peers" / PEER).write_text(self.kind.peer(login, self.holdoff))

    def dial(self) -> None:
        """Start pppd on the router, and wait for its session."""
        self.router(self.kind.dial)
        self.wait_up()

    def pppds(self) -> list[int]:
        """The pppd processes of the router."""
        return [int(word) for word in self.router("pidof pppd || true").split()]

    def watch(self) -> None:
        """Count the router's pppd processes from now on, for ``most``."""
        self.router(
            "rm -f /run/most-pppd; cat >/run/watch.sh; sh /run/watch.sh >/dev/null 2>&1 </dev/null &", stdin=WATCH
        )

    def most(self) -> int:
        """The most pppd processes at a time that ``watch`` saw."""
        return int(self.router("cat /run/most-pppd 2>/dev/null || echo 0"))

    def router(self, command: str, **options: Any) -> str:
        return self.machines.ssh("router", command, **options)

    def wait_up(self, seconds: float = 60) -> None:
        self.machines.wait_for("router", "ip -4 -o addr show dev ppp0 2>/dev/null | grep -q inet", seconds)

    def replace_router(self) -> None:
        """Another router in its place: the same peer file, no secret, and pppd not started."""
        self._configure_router("")
        self.machines.replace("router")

    def session(self) -> Session:
        said = self.router(
            "ip -4 -o addr show dev ppp0 2>/dev/null; stat -c '%y %i' /run/ppp0.pid 2>/dev/null", check=False
        )
        lines = said.splitlines()
        if not lines or " inet " not in lines[0]:
            return Session(False, "", "")
        words = lines[0].split()
        return Session(True, words[words.index("inet") + 1].partition("/")[0], f"{words[0]} {' '.join(lines[1:])}")

    def pings(self, within: float = ANSWERS) -> bool:
        """Does the world answer through the line, three times running?

        :param within: seconds in which it has to begin
        """
        end = time.monotonic() + within
        while True:
            said = self.router(f"ping -c 3 -i 0.3 -W 3 -q {TARGET}; ip route get {TARGET}", check=False)
            if " 0% packet loss" in said and "dev ppp" in said:
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(0.5)

    def secret(self) -> str:
        """The line of the router's chap-secrets that counts."""
        login = self.provider.line["login"]
        lines = self.router("cat /etc/ppp/chap-secrets").splitlines()
        return next((one for one in lines if login in one), "")

    def refusals(self) -> int:
        """How many refusals the router's pppd logged."""
        return int(self.router("grep -c 'CHAP authentication failed' /var/log/ppp-dsl.log || true").strip() or 0)

    # -- the control node

    def write_inventory(self) -> None:
        """What a user would write; more comes from ``host_variables``."""
        router = {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.machines.ports["router"],
            "ansible_user": "root",
            "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_ssh_common_args": f"-F {self.machines.ssh_config} -o HostKeyAlias=router",
            "router_pppoe_service_name": SERVICE,
            "router_pppoe_state_dir": str(self.machines.top / "journal"),
            **self.host_variables,
        }
        inventory = {"routers": {"hosts": {"router": router}}}
        (self.machines.top / "inventory.json").write_text(json.dumps(inventory, indent=1), encoding="utf-8")
        key = (self.machines.top / "share/ssh/hostkey.pub").read_text().split()[:2]
        with open(self.machines.top / "known_hosts", "a", encoding="ascii") as file:
            file.write(f"router {' '.join(key)}\n")

    def environment(self) -> dict[str, str]:
        top = self.machines.top
        settings = {
            "HOME": str(top),
            "OVH_ENDPOINT": f"{self.provider.url}/1.0",
            "OVH_APPLICATION_KEY": "test-ak",
            "OVH_APPLICATION_SECRET": "test-as",
            "OVH_CONSUMER_KEY": "test-ck",
            "OVH_REQUESTS_PER_MINUTE": "0",  # runs follow each other faster here than a key would bear
            "ANSIBLE_HOME": str(top / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(top / "ansible" / "tmp"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(top / "cp"),
            "ANSIBLE_SSH_PIPELINING": "true",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
        }
        if self.collections is not None:
            settings["ANSIBLE_COLLECTIONS_PATH"] = str(self.collections)
        return {**environment(), **settings, "PATH": f"{Path(sys.executable).parent}:{environment().get('PATH', '')}"}

    def play(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew", **extra: str) -> Run:
        """Run ansible-playbook to its end; it ends, too, when this process is killed."""
        inventory = str(self.machines.top / "inventory.json")
        command = ["setpriv", "--pdeathsig", "TERM", "ansible-playbook", "-i", inventory, playbook, *words]
        began = time.time()
        try:
            done = subprocess.run(
                command,
                env={**self.environment(), **extra},
                cwd=self.machines.top,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=RUN_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LabError(f"no end after {RUN_LIMIT:.0f} s: {' '.join(command)}\n{error.output}") from None
        return Run(done.returncode, done.stdout, began, time.time())
