# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real NetworkManager, nmcli and D-Bus of Debian, where they cannot touch this machine.

They run in network, mount and process namespaces of their own: nothing but a pair of virtual interfaces is there.
pppd is played (pppd.py), because a kernel without /dev/ppp dials nothing; the line is the local OVH API. `Box` needs
root, and the programs: /usr of this machine, with the unpacked packages laid over it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socketserver
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from routeros.router import Provider

NAME = "ovh line"  # a connection's name may hold a blank
PROFILE = """\
[connection]
id={name}
uuid=2f0dc3b5-6b8d-4d0c-9a8e-6f1f6c1d2e3f
type=pppoe
interface-name=ppp0
autoconnect=false

[ethernet]

[pppoe]
parent=eth0
password={password}
username={login}

[ipv4]
method=auto

[ipv6]
addr-gen-mode=default
method=auto

[proxy]
"""
LAN = """\
[connection]
id=lan
uuid=2f0dc3b5-6b8d-4d0c-9a8e-6f1f6c1d2e40
type=ethernet
autoconnect=false
"""
CONFIG = """\
[main]
plugins=keyfile
dns=none
auth-polkit=false
[keyfile]
path={folder}/connections
[connectivity]
enabled=false
[logging]
level=INFO
audit=true
"""
BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""
START = """\
set -e
mount -t tmpfs none /run
mkdir /run/dbus /run/NetworkManager
ln -s {folder}/line /run/line
mount -t overlay overlay -o lowerdir={folder}/usr:{programs}/usr:/usr /usr
ip link set lo up
ip link add eth0 type veth peer name wire
ip link set eth0 up
ip link set wire up
dbus-daemon --config-file={folder}/bus.conf --nofork --nopidfile 2>{folder}/bus.log &
while ! [ -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
exec NetworkManager --debug --config={folder}/NetworkManager.conf --config-dir=/nonexistent \\
  --system-config-dir=/nonexistent --intern-config={folder}/intern.conf --state-file={folder}/state \\
  >{folder}/log 2>&1
"""


class _Line(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    box: Box


class _Dial(socketserver.StreamRequestHandler):
    """One session of the line: it lasts until the provider cuts it."""

    server: _Line

    def handle(self) -> None:
        box, given = self.server.box, json.loads(self.rfile.readline())
        answer = box.provider.dial(given["login"], given["password"])
        box.dials.append(bool(answer["ok"]))
        self.wfile.write(json.dumps(answer).encode() + b"\n")
        with contextlib.suppress(OSError):
            while answer["ok"] and box.provider.session_up():
                time.sleep(0.1)


class Box:
    """``with Box(folder, provider, login, password, programs) as box``: its connection is up.

    :param folder: an empty folder for its files
    :param programs: a folder with the /usr of Debian's network-manager and what it needs beyond this machine's
    """

    def __init__(self, folder: Path, provider: Provider, login: str, password: str, programs: Path) -> None:
        self.folder, self.provider = folder, provider
        self.dials: list[bool] = []  # each attempt so far: was it accepted?
        (folder / "connections").mkdir(parents=True)
        self.profile = folder / "connections" / "line.nmconnection"
        self.profile.write_text(PROFILE.format(name=NAME, login=login, password=password), encoding="utf-8")
        lan = folder / "connections" / "lan.nmconnection"
        lan.write_text(LAN, encoding="utf-8")
        for file in (self.profile, lan):
            file.chmod(0o600)
        (folder / "NetworkManager.conf").write_text(CONFIG.format(folder=folder), encoding="utf-8")
        (folder / "bus.conf").write_text(BUS, encoding="utf-8")
        (folder / "usr" / "sbin").mkdir(parents=True)
        pppd = folder / "usr" / "sbin" / "pppd"
        pppd.write_text(
            f"#!/usr/bin/python3\n{Path(__file__).with_name('pppd.py').read_text('utf-8')}", encoding="utf-8"
        )
        pppd.chmod(0o755)
        self.start = START.format(folder=folder, programs=programs)
        self.line = _Line(str(folder / "line"), _Dial)
        self.line.box = self
        self.process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self.line.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        spaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self.process = subprocess.Popen(["unshare", *spaces, "sh", "-c", self.start], stdin=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 20
            while "(ppp0)" not in self.log() and time.monotonic() < end:  # it knows its devices and connections
                time.sleep(0.1)
            self.run("nmcli", "connection", "up", NAME)
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            raise RuntimeError(f"NetworkManager did not come up:\n{self.log()}") from error
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)
        self.line.shutdown()
        self.line.server_close()

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def inside(self) -> list[str]:
        """What a command on this router begins with."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return ["nsenter", "--net", "--mount", "--pid", "--target", children.split()[0]]

    def run(self, *command: str) -> str:
        """A command on this router; its output."""
        done = subprocess.run(
            [*self.inside, *command], env={"PATH": os.defpath}, capture_output=True, check=True, text=True
        )
        return done.stdout

    def changes(self) -> list[str]:
        """What was asked of NetworkManager so far that changes anything, by its own audit."""
        return re.findall(r'audit: op="([a-z-]+)"', self.log())
