# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router that is a machine of its own, made of this machine's files: users, shells, mounts, processes, SSH server.

An overlay of / in mount and PID namespaces; the network is this machine's loopback. What happens in a host stays there,
and ends with it: its processes, its mounts, its files. Many run beside each other.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from platforms.needs import find
from platforms.sshd import free_port

from . import accounts, needs
from .accounts import BECOMES, Become

SSHD = """\
ListenAddress 127.0.0.1:{port}
HostKey /etc/router/openssh_key
AuthorizedKeysFile .ssh/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PrintMotd yes
Banner /etc/issue.net
PidFile none
"""
SERVERS = ("openssh", "dropbear")


def with_libraries(program: str | Path) -> list[Path]:
    """A program and the libraries that it asks for."""
    said = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    return [Path(program), *map(Path, re.findall(r"(?:=> )?(/\S+) \(0x", said))]


class HostError(Exception):
    """A host did not start, or something in it failed; the text says what."""


class Keys:
    """The keys of all hosts of a test run, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        for name in ("openssh_key", "user_key"):
            self._make("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name))
        said = self._make("dropbearkey", "-t", "ed25519", "-f", str(folder / "dropbear_key"))
        public = [line for line in said.splitlines() if line.startswith("ssh-ed25519 ")]
        public += [(folder / "openssh_key.pub").read_text(encoding="utf-8").strip()]
        known = "".join(f"[127.0.0.1]:* {' '.join(key.split()[:2])}\n" for key in public)
        (folder / "known_hosts").write_text(known, encoding="utf-8")

    @staticmethod
    def _make(*words: str) -> str:
        return subprocess.run(words, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout

    @property
    def public(self) -> str:
        return (self.folder / "user_key.pub").read_text(encoding="utf-8")


class Machine:
    """A machine in namespaces, and its SSH server. What it has is said by :class:`Host` and :class:`openwrt.OpenWrt`.

    :param server: one of :data:`SERVERS`
    :param become: one of :data:`accounts.BECOMES`
    """

    kind = "overlay"
    #: The folders that have all that was written: an overlay's upper layer, and what is in memory.
    written: tuple[str, ...] = ("/srv", "/run", "/tmp")

    def __init__(self, folder: Path, keys: Keys, server: str, become: str) -> None:
        self.folder, self.keys, self.server = folder, keys, server
        self.become: Become = BECOMES[become]
        self.upper = folder / "upper"
        self.port = free_port()
        self.keeper: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        try:
            for name in ("upper", "work", "merged", "mounts"):
                (self.folder / name).mkdir(parents=True)
            self.furnish()
            self._start()
            self.started()
            self._serve()
            self.served()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes of the host, and with them its mounts; leave no file behind."""
        if self.keeper:
            assert self.keeper.stdin is not None and self.keeper.stdout is not None
            self.keeper.stdin.close()
            self.keeper.wait(10)
            self.keeper.stdout.close()
            self.keeper = None
        for child in self._children:
            child.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what it has, before its namespaces, before its SSH server, and behind that

    def furnish(self) -> None:
        """Write what differs from this machine, below ``upper``."""

    def started(self) -> None:
        """Make what needs the machine's own mounts."""

    def served(self) -> None:
        """Take away what only its SSH server needed."""

    def server_keys(self, etc: Path) -> None:
        """What the SSH server is started with, into that folder."""
        own = etc / "router"
        own.mkdir()
        for name in ("openssh_key", "dropbear_key"):
            shutil.copy(self.keys.folder / name, own)
            (own / name).chmod(0o600)
        (own / "sshd_config").write_text(SSHD.format(port=self.port), encoding="utf-8")

    def _start(self) -> None:
        words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "--"]
        keeper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), self.kind, str(self.folder)]
        self.keeper = subprocess.Popen(words + keeper, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.keeper.stdout is not None
        if self.keeper.stdout.readline() != b"ready\n":
            raise HostError(f"the host did not start (exit code {self.keeper.wait(10)})")
        children = Path(f"/proc/{self.keeper.pid}/task/{self.keeper.pid}/children")
        self.pid = int(children.read_text(encoding="ascii").split()[0])

    def _serve(self) -> None:
        if self.server == "openssh":
            words = [find("sshd"), "-D", "-e", "-f", "/etc/router/sshd_config"]
        else:
            options = ["-r", "/etc/router/dropbear_key", "-b", "/etc/issue.net", "-p", f"127.0.0.1:{self.port}"]
            words = ["/usr/sbin/dropbear", "-F", "-E", "-s", *options]
        self.spawn(words)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                    if probe.recv(4) == b"SSH-":
                        return
            except OSError:
                time.sleep(0.02)
        raise HostError(f"{self.server} does not answer: {self.log}")

    # -- the line that it keeps

    @property
    def up(self) -> bool:
        """The session of the line."""
        return False

    @property
    def orders(self) -> int:
        """How often its PPPoE client was started, or made to dial."""
        return 0

    # -- in the host

    def _enter(self, words: list[str]) -> list[str]:
        way = f"/proc/{self.pid}/root"
        return [find("nsenter"), "--target", str(self.pid), "--mount", "--pid", f"--root={way}", f"--wd={way}", *words]

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C"}

    def spawn(self, words: list[str]) -> subprocess.Popen[bytes]:
        """Start a program as root; it ends with the host."""
        with (self.folder / "log").open("ab") as log:
            child = subprocess.Popen(
                self._enter(words), env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._children.append(child)
        return child

    def sh(self, script: str, given: bytes = b"") -> str:
        """Run a script as root, by the host's own /bin/sh: what it printed.

        :raises HostError: when it fails
        """
        words = self._enter(["/bin/sh", "-euc", script])
        done = subprocess.run(words, input=given, env=self.environment, capture_output=True, timeout=30, check=False)
        if done.returncode:
            raise HostError(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode("utf-8", "surrogateescape")

    def path(self, name: str) -> Path:
        """A file of the host, by its absolute path there, through all its mounts."""
        return Path(f"/proc/{self.pid}/root{name}")  # an absolute symbolic link there would leave the host

    @property
    def log(self) -> str:
        """What the SSH server said so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def requests(self) -> list[bytes]:
        """The commands that the SSH server was asked to run."""
        asked = self.path(accounts.REQUESTS).read_bytes().split(b"\0")[:-1]
        # What OpenSSH does by itself before any command is nobody's request.
        return [request for request in asked if not request.endswith(b"/.ssh/rc")]

    # -- the way there

    @property
    def ssh_options(self) -> str:
        # A connection for each command: ControlPersist would outlive the test.
        return (
            f"-F /dev/null -o UserKnownHostsFile={self.keys.folder}/known_hosts -o StrictHostKeyChecking=yes"
            " -o IdentitiesOnly=yes -o IdentityAgent=none -o ControlMaster=no -o ControlPath=none"
        )

    @property
    def variables(self) -> dict[str, Any]:
        """What the inventory needs to get here by the real ssh client."""
        return {
            "ansible_connection": "ansible.builtin.ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": self.become.user,
            "ansible_ssh_private_key_file": str(self.keys.folder / "user_key"),
            "ansible_ssh_args": self.ssh_options,
            **self.become.variables,
        }


class Host(Machine):
    """``with Host(folder, keys) as host``: a Debian machine with an SSH server on a port of 127.0.0.1.

    :param shell: the login shell of whoever logs in, one of :data:`accounts.SHELLS`
    :param busybox: no program but busybox' applets is left in the folders that PATH may name
    """

    def __init__(
        self,
        folder: Path,
        keys: Keys,
        server: str = "openssh",
        shell: str = "bash",
        become: str = "root",
        busybox: bool = False,
    ) -> None:
        super().__init__(folder, keys, server, become)
        self.shell, self.busybox = shell, busybox

    def furnish(self) -> None:
        accounts.write(self.upper, self.shell, self.become, self.keys.public)
        self.server_keys(self.upper / "etc")
        library = self.upper / "usr" / "lib" / "router"
        shutil.copy(needs.busybox(), library / "busybox")
        (library / "ash").symlink_to("busybox")

    def served(self) -> None:
        if self.busybox:
            self.sh(
                "cd /usr/lib/router; mkdir bin; cp busybox bin\n"
                'for a in $(./busybox --list); do [ "$a" = busybox ] || ln -s busybox "bin/$a"; done\n'
                # Which programs of this machine stay: what plays the router's pppd.
                "for p in pppd pon poff ip; do [ ! -e standin-$p ] || { rm -f bin/$p; cp standin-$p bin/$p; }; done\n"
                "for f in /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin; do\n"
                "  ./busybox mount -o bind /usr/lib/router/bin $f\n"
                "done\n"
            )
