# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real OpenSSH server on loopback, for a user of its own making: throw-away keys, no system service."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from .needs import find

CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
AcceptEnv none
ForceCommand {command}
"""


def free_port() -> int:
    """A port on loopback that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sshd:
    """``with Sshd(folder, command) as sshd``.

    :param folder: a folder for keys, configuration and log
    :param command: the ForceCommand; it finds what the client asked for in SSH_ORIGINAL_COMMAND
    :param user: the account to log in as; without root only one's own works
    """

    def __init__(self, folder: Path, command: list[str], user: str | None = None) -> None:
        self.folder, self.command, self.user = folder, command, user or getpass.getuser()
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("host_key", "user_key"):
            path = self.folder / name
            keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
            subprocess.run(keygen, check=True, stdin=subprocess.DEVNULL)
        host_key = (self.folder / "host_key.pub").read_text(encoding="utf-8")
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}", encoding="utf-8")
        config = CONFIG.format(port=self.port, folder=self.folder, command=shlex.join(self.command))
        (self.folder / "sshd_config").write_text(config, encoding="utf-8")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd locks its unprivileged half away
        self.start()
        return self

    def start(self) -> None:
        """Start the server, and wait until it answers.

        :raises RuntimeError: when it does not, with its log
        """
        command = [find("sshd"), "-D", "-e", "-f", str(self.folder / "sshd_config")]
        with (self.folder / "sshd.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                    if probe.recv(4) == b"SSH-":
                        return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"sshd does not answer:\n{(self.folder / 'sshd.log').read_text(encoding='utf-8')}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def variables(self) -> dict[str, Any]:
        """What the inventory needs to get here by the real ssh client."""
        # A connection per host key: ControlPersist would outlive the test.
        options = (
            f"-F /dev/null -o UserKnownHostsFile={self.folder}/known_hosts -o StrictHostKeyChecking=yes"
            " -o IdentitiesOnly=yes -o IdentityAgent=none -o ControlMaster=no -o ControlPath=none"
        )
        return {
            "ansible_connection": "ansible.builtin.ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": self.user,
            "ansible_ssh_private_key_file": str(self.folder / "user_key"),
            "ansible_ssh_args": options,
        }
