# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Debian router whose line is kept by the stand-in pppd (sandbox/pppd), with an /etc/ppp of its own."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from platforms.needs import find

from .host import Host, HostError, Keys
from .lines import Line

STANDIN = Path(__file__).resolve().parents[1] / "sandbox" / "pppd"
PEER = "dsl-provider"
EVENTS = "/var/log/pppd.events"
SETTINGS = {
    "STANDIN_PPP_DIR": "/etc/ppp",
    "STANDIN_RUN_DIR": "/run",
    "STANDIN_LOG": EVENTS,
    # Longer than a test: a session that comes is the run's doing.
    "STANDIN_HOLDOFF_AFTER_REFUSAL": "600",
}
SECRETS = ("chap-secrets", "pap-secrets")


def quoted(word: str) -> str:
    """As pppd reads it from a file."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def secrets(login: str, password: str) -> str:
    """A secrets file as its owner wrote it, with another line's secret around."""
    return f'# client server secret\nvpn * "other" *\n{quoted(login)} * {quoted(password)} *\n\n# end\n'


class Pppd(Host):
    """``with Pppd(folder, keys, line, …) as host``: pppd keeps the line, with the password that the line had before.

    The other parameters are those of :class:`Host`.
    """

    def __init__(self, folder: Path, keys: Keys, line: Line, *words: Any, **more: Any) -> None:
        super().__init__(folder, keys, *words, **more)
        self.line = line

    def furnish(self) -> None:
        super().furnish()
        etc = self.folder / "mounts" / "etc-ppp"
        (etc / "peers").mkdir(parents=True)
        peer = f"plugin rp-pppoe.so\nnic-eth0.835\nuser {quoted(self.line.login)}\npersist\nmaxfail 0\nholdoff 2\n"
        self._put(etc / "peers" / PEER, peer, 0o640)
        for name in SECRETS:
            self._put(etc / name, secrets(self.line.login, self.line.before), 0o600)
        self._programs()

    @staticmethod
    def _put(path: Path, text: str, mode: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def _programs(self) -> None:
        """The stand-ins where the real ones are, and beside them the real "ip", which plays no part but is asked."""
        library = self.upper / "usr" / "lib" / "router"
        python = Path(sys.executable).resolve()
        if python.parent in map(Path, ("/usr/bin", "/usr/local/bin")):
            # Where busybox is alone, this machine's own folder of programs is out of sight.
            shutil.copy(python, library / "python")
            python = Path("/usr/lib/router/python")
        settings = {**SETTINGS, "STANDIN_API": self.line.url, "STANDIN_SERVICE": self.line.service}
        exports = "".join(f"export {name}={value}\n" for name, value in settings.items())
        self._put(library / "pppd", (STANDIN / "pppd").read_text(encoding="utf-8"), 0o755)
        home = f"PYTHONHOME={sys.base_prefix}"
        run = f'#!/bin/sh\n{exports}export {home}\nexec {python} /usr/lib/router/pppd "$@"\n'
        ip = (STANDIN / "ip").read_text(encoding="utf-8")
        ours = ip.replace("for real in ", "for real in /usr/lib/router/ip ")
        if ours == ip:
            raise HostError("the stand-in for ip no longer looks for the real one as it did")
        shutil.copy(find("ip"), library / "ip")
        texts = {"pppd": run, "ip": ours.replace("$STANDIN_RUN_DIR", "/run")}
        texts |= {
            name: (STANDIN / name).read_text(encoding="utf-8").replace("$STANDIN_RUN_DIR", "/run")
            for name in ("pon", "poff")
        }
        for name, text in texts.items():
            self._put(library / f"standin-{name}", text, 0o755)
            for folder in ("usr/bin", "usr/sbin"):
                self._put(self.upper / folder / name, text, 0o755)

    def started(self) -> None:
        super().started()
        self.sh("chgrp -R dip /etc/ppp/peers; chmod 2750 /etc/ppp/peers")

    # -- the line

    def dial(self) -> None:
        """Let pppd try its line, and wait until that has come to something."""
        self.spawn(["/usr/sbin/pppd", "call", PEER, "nodetach"])
        self.wait_for("up", "refused")

    def events(self, *names: str) -> list[dict[str, Any]]:
        """What pppd did so far."""
        path = self.path(EVENTS)
        if not path.exists():
            return []
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [event for event in found if not names or event["event"] in names]

    @property
    def up(self) -> bool:
        """The session of the line."""
        return [event["event"] for event in self.events("up", "down")][-1:] == ["up"]

    @property
    def orders(self) -> int:
        """How often pppd was started, or made to dial."""
        return len(self.events("hup", "started"))

    def wait_for(self, *names: str, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not self.events(*names):
            if time.monotonic() > end:
                raise HostError(f"pppd did not come to {names}: {self.events()}\n{self.log}")
            time.sleep(0.05)

    def secret(self, name: str) -> str:
        """A secrets file of the router."""
        return self.path(f"/etc/ppp/{name}").read_text(encoding="utf-8")
