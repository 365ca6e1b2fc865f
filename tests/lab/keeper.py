# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PID 1 of the namespaces that hold a lab: networks, guests, the way to their SSH. Started by machines.py alone.

Runs as ``keeper.py SETTINGS CONTROL_FD`` in new network, PID and mount namespaces. Whatever ends it ends every process
and every interface of the lab: the kernel kills a PID namespace whose first process is gone. It ends when the other
end of the control socket is closed, so also when the test was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

HOST = "10.99.0.254"
ADDRESSES = {"isp": "10.99.0.1", "router": "10.99.0.2"}
READY = "LAB-READY"


class Keeper:
    """The guests and what they need."""

    def __init__(self, settings: dict[str, Any], control: socket.socket) -> None:
        self.run = Path(settings["run"])
        self.memory = str(settings["memory"])
        self.scratch = str(settings["scratch"])
        self.control = control
        self.guests: dict[str, subprocess.Popen[bytes]] = {}
        self.lock = threading.Lock()

    def say(self, event: str, **more: str) -> None:
        """Tell the test."""
        with self.lock, contextlib.suppress(OSError):
            self.control.send(json.dumps({"event": event, **more}).encode())

    def networks(self) -> None:
        """One Ethernet segment for PPPoE, one to manage the guests."""
        lines = ["link set lo up"]
        for bridge in ("br-wan", "br-mg"):
            lines += [f"link add {bridge} type bridge", f"link set {bridge} up"]
        for guest in ADDRESSES:
            for kind in ("wan", "mg"):
                tap = f"{kind}-{guest}"
                lines += [f"tuntap add {tap} mode tap", f"link set {tap} master br-{kind}", f"link set {tap} up"]
        # Without segmentation: user-mode Linux drops what is larger than a frame, and each drop costs a TCP time-out.
        lines += [f"addr add {HOST}/24 dev br-mg", "link set br-mg gso_max_segs 1"]
        subprocess.run(["ip", "-batch", "-"], input="\n".join(lines).encode(), check=True, timeout=20)

    def boot(self, name: str) -> None:
        """Start a guest; its console tells when it is ready."""
        number = 1 + list(ADDRESSES).index(name)
        words = [
            *(sys.executable, "-I", "-S", str(Path(__file__).with_name("guest_kernel.py")), "linux.uml"),
            f"mem={self.memory}",
            f"umid={name}",
            f"uml_dir={self.run}/uml",
            *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", "loglevel=3"),
            *("con=null", "con0=null,fd:1", "console=tty0", f"init={self.run}/share/guest/init.sh"),
            f"vec0:transport=tap,ifname=wan-{name},depth=128,mac=02:00:00:00:01:0{number}",
            f"vec1:transport=tap,ifname=mg-{name},depth=128,mac=02:00:00:00:02:0{number}",
            *(f"lab.role={name}", f"lab.mgmt={ADDRESSES[name]}/24", f"lab.share={self.run}/share"),
        ]
        guest = subprocess.Popen(
            words,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": self.scratch},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.guests[name] = guest
        threading.Thread(target=self.watch, args=(name, guest), daemon=True).start()

    def watch(self, name: str, guest: subprocess.Popen[bytes]) -> None:
        """Copy a guest's console into a file, and tell when it is ready and when it ends."""
        assert guest.stdout is not None
        with open(self.run / f"{name}.console", "ab", buffering=0) as file:
            for line in guest.stdout:
                file.write(line)
                if READY.encode() in line:
                    self.say("ready", guest=name)
        guest.wait()
        if self.guests.get(name) is guest:
            self.say("ended", guest=name)

    def end(self, name: str) -> None:
        """Pull a guest's plug."""
        guest = self.guests.pop(name, None)
        if guest is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(guest.pid, signal.SIGKILL)
            guest.wait()
            shutil.rmtree(self.run / "uml" / name, ignore_errors=True)

    def serve(self) -> None:
        """Do what the test asks for, until it is gone."""
        while message := self.control.recv(65536):
            order = json.loads(message)
            try:
                if order["do"] == "boot":
                    self.boot(order["guest"])
                else:
                    self.end(order["guest"])
                    self.say("off", guest=order["guest"])
            except OSError as error:
                self.say("failed", why=str(error))


def relay(listener: socket.socket, address: str) -> None:
    """A listener of the host's loopback (inherited: a socket stays in the namespace that it was made in) to a guest."""
    while True:
        near, _unused = listener.accept()
        threading.Thread(target=connect, args=(near, address), daemon=True).start()


def connect(near: socket.socket, address: str) -> None:
    end = time.monotonic() + 15
    while True:
        try:
            far = socket.create_connection((address, 22), timeout=10)
            break
        except OSError:  # its sshd may be about to listen
            if time.monotonic() > end:
                near.close()
                return
            time.sleep(0.1)
    far.settimeout(None)
    for one, other in ((near, far), (far, near)):
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=pump, args=(one, other), daemon=True).start()


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def main() -> None:
    settings = json.loads(sys.argv[1])
    control = socket.socket(fileno=int(sys.argv[2]))
    keeper = Keeper(settings, control)
    try:
        keeper.networks()
        # RADIUS is answered by the test: it gets sockets of this network namespace.
        radius = []
        for port in (1812, 1813):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.bind((HOST, port))
            radius.append(one.fileno())
            one.detach()
        for name, descriptor in settings["listeners"].items():
            listener = socket.socket(fileno=descriptor)
            threading.Thread(target=relay, args=(listener, ADDRESSES[name]), daemon=True).start()
        for name in ADDRESSES:
            keeper.boot(name)
        socket.send_fds(control, [json.dumps({"event": "started"}).encode()], radius)
        keeper.serve()
    except (OSError, subprocess.SubprocessError) as error:
        keeper.say("failed", why=str(error))
    finally:
        shutil.rmtree(keeper.run, ignore_errors=True)


if __name__ == "__main__":
    main()
