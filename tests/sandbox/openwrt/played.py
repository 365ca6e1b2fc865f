# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OpenWrt router with its line, for the tests of its driver: played uci and netifd, a real shell for the steps.

The steps run in a shell of this machine, or, as root, in the router's own ash and with its programs alone; there,
PLATFORMS_UCI=/path/to/uci (linked statically) takes the real uci in place of the played one.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .box import WAN, Box

LOGIN = "0320123456_1@adsl.ovh"
PASSWORD = "old'pass"
PATHS = ("/etc/config", "/proc/", "/sys/class/net")


@dataclass
class Line:
    """The provider's end."""

    password: str
    up: bool = True
    refused: list[str] = field(default_factory=list)

    def dial(self, login: str, password: str) -> dict[str, object]:
        if (login, password) != (LOGIN, self.password):
            self.refused.append(password)
            return {"ok": False}
        self.up = True
        return {"ok": True, "ip": "198.51.100.7"}

    def session_up(self) -> bool:
        return self.up


class Played:
    """``with Played(folder) as played``: its session is up since 100 seconds.

    :param shell: what runs a step: words before ``-c``; "chroot" for the router's own
    """

    def __init__(self, root: Path, shell: tuple[str, ...] = ("busybox", "ash"), wan: str = WAN) -> None:
        self.root, self.shell = root, shell
        self.login, self.password = LOGIN, PASSWORD
        self.line = Line(PASSWORD)
        real = os.environ.get("PLATFORMS_UCI") if shell == ("chroot",) else None
        self.box = Box(root, self.line, LOGIN, PASSWORD, real_uci=Path(real) if real else None, wan=wan)
        self.box.netifd.dial_seconds = self.box.netifd.idle_seconds = 0.05
        self.lost = False
        self.environment: dict[str, str] = {}
        self.steps: list[tuple[str, bytes]] = []  # every command with its standard input
        #: Called with each command before it runs: what comes in between.
        self.between: Callable[[str], None] = lambda _command: None

    def __enter__(self) -> Played:
        self.box.__enter__()
        self.age(100)
        return self

    def __exit__(self, *_error: object) -> None:
        self.box.__exit__()

    def age(self, seconds: float) -> None:
        """The session is older by that."""
        if self.box.netifd.since is not None:
            self.box.netifd.since -= seconds

    def execute(self, command: str, given: bytes) -> tuple[int, bytes, str]:
        """As a connection does: exit code, output, errors.

        :raises ConnectionError: when the router is lost
        """
        if self.lost:
            raise ConnectionError("No route to host")
        self.between(command)
        self.steps.append((command, given))
        process, given = self.start(command, given)
        out, err = process.communicate(given, timeout=60)
        return process.returncode, out.replace(str(self.root).encode() + b"/", b"/"), err.decode()

    def start(self, command: str, given: bytes) -> tuple[subprocess.Popen[bytes], bytes]:
        """The command's process, and what it is to read: with the router's own paths for a shell out of its folder."""
        env = {"HOME": "/", **self.environment}
        if self.shell == ("chroot",):
            words = ["chroot", str(self.root), "/bin/ash"]
            env["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        else:
            words = list(self.shell)
            for path in PATHS:
                given = given.replace(path.encode(), f"{self.root}{path}".encode())
            env["PATH"] = f"{self.root}/sbin:{self.root}/bin:{self.root}/usr/bin:/usr/bin:/bin"
        pipe = subprocess.PIPE
        return subprocess.Popen([*words, "-c", command], stdin=pipe, stdout=pipe, stderr=pipe, env=env), given

    # -- what a test does to it, or asks of it

    def accept(self, password: str) -> None:
        """The provider takes this password from now on, and has cut the session."""
        self.line.password, self.line.up = password, False
        self.until(lambda: self.box.netifd.since is None)

    def cut(self) -> None:
        """The session ends, and does not come back."""
        self.box.netifd.answers, self.line.up = False, False
        self.until(lambda: self.box.netifd.since is None)

    def lose(self) -> None:
        """The router is not reached any more."""
        self.lost = True

    def writes(self) -> int:
        return sum(call[:3] == ["uci", "-q", "batch"] for call in self.box.trace)

    def dials(self) -> int:
        """How often somebody made it dial."""
        return sum(call == ["ubus", "call", "network", "reload"] for call in self.box.trace)

    def calls(self) -> list[str]:
        """What was asked of netifd, but for looks."""
        return [" ".join(call[2:]) for call in self.box.writes() if call[0] == "ubus"]

    def stored(self) -> str:
        return self.box.password()

    def uci(self, *lines: str) -> None:
        """Somebody's own "uci batch": not counted."""
        code, _out, said = self.box.uci.run(["batch"], "".join(f"{line}\n" for line in lines))
        assert code == 0 and not said, said

    @staticmethod
    def until(true: Callable[[], bool], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.02)


def shells() -> list[tuple[str, ...]]:
    """What may run a step: each shell that routers have, and, as root, the router's own in its own folder."""
    found: list[tuple[str, ...]] = [("busybox", "ash"), ("dash",), ("bash",)]
    return [*found, ("chroot",)] if os.geteuid() == 0 else found
