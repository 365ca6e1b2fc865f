# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router as a folder to chroot into: busybox, /etc/config/network, and programs without any Python.

"uci" and "ubus" are one small shell script that hands its words (and, where the real one reads it, its
standard input) to this process. With `real_uci` the real program is called instead, and only its words are noted.
"""

from __future__ import annotations

import os
import re
import shutil
import socketserver
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from .netifd import Netifd, Provider
from .uci import Uci

NETWORK = """\

config interface 'loopback'
\toption device 'lo'
\toption proto 'static'
\tlist ipaddr '127.0.0.1/8'

config device
\toption name 'br-lan'
\toption type 'bridge'
\tlist ports 'lan1'
\tlist ports 'lan2'

config interface 'lan'
\toption device 'br-lan'
\toption proto 'static'
\toption ipaddr '192.168.1.1'
\toption netmask '255.255.255.0'

"""
# What "wan" is on a router that knows its line, and on one as it comes out of the box.
WAN = """\
config interface 'wan'
\toption device 'eth1.835'
\toption proto 'pppoe'
\toption username '{login}'
\toption password '{password}'
\toption ipv6 'auto'
\toption mtu '1492'

"""
NEW_WAN = """\
config interface 'wan'
\toption device 'eth1'
\toption proto 'dhcp'

"""
PORTS = ("br-lan", "eth1", "lan1", "lan2", "lo")
#: Not in a stock OpenWrt (its package/utils/busybox/Config-defaults.in), and not to be needed.
LACKING = (
    *(
        "stat",
        "timeout",
        "od",
        "xxd",
        "realpath",
        "sum",
        "cksum",
        "sha1sum",
        "sha512sum",
        "nohup",
        "nproc",
        "paste",
        "comm",
    ),
    *(
        "stty",
        "tty",
        "tac",
        "split",
        "setsid",
        "diff",
        "base64",
        "whoami",
        "fallocate",
        "truncate",
        "groups",
        "printenv",
    ),
)
#: What an OpenWrt on a flash of its own has mounted.
MOUNTS = """\
/dev/root /rom squashfs ro,relatime 0 0
tmpfs /tmp tmpfs rw,nosuid,nodev,noatime 0 0
/dev/ubi0_1 /overlay ubifs rw,noatime 0 0
overlayfs:/overlay / overlay rw,noatime,lowerdir=/,upperdir=/overlay/upper,workdir=/overlay/work 0 0
"""
PROGRAM = """\
#!/bin/sh
name=${{0##*/}}
{{
  printf '%s\\n' "$#"
  printf '%s\\0' "$name" "$@"
  case $name:$* in uci:*batch{real}) cat ;; esac
}} | nc 127.0.0.1 {port} | {{
  IFS= read -r code
  IFS= read -r said
  cat
  [ -z "$said" ] || printf '%s\\n' "$said" >&2
  exit "$code"
}}
"""
REAL = """\
#!/bin/sh
/usr/libexec/uci "$@"
exec /usr/libexec/uci-real "$@"
"""


class _Port(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, box: Box) -> None:
        self.box = box
        super().__init__(("127.0.0.1", 0), _Call)


class _Call(socketserver.StreamRequestHandler):
    """One call of one program."""

    server: _Port

    def handle(self) -> None:
        count, _newline, rest = self.rfile.read().partition(b"\n")
        *words, given = rest.split(b"\0", int(count) + 1)
        name, *arguments = [word.decode("utf-8", "surrogateescape") for word in words]
        code, out, said = self.server.box.call(name, arguments, given.decode("utf-8", "surrogateescape"))
        self.wfile.write(f"{code}\n{said.rstrip()}\n{out}".encode("utf-8", "surrogateescape"))


class Box:
    """``with Box(folder, provider, login, password) as box``: a router whose interface "wan" is up.

    :param busybox: a busybox that is linked statically
    :param real_uci: a real uci that is linked statically, to be used in place of the played one
    :param wan: what /etc/config/network has of the interface; nothing is waited for unless it is a line's
    """

    def __init__(
        self,
        root: Path,
        provider: Provider,
        login: str,
        password: str,
        busybox: Path = Path("/bin/busybox"),
        real_uci: Path | None = None,
        wan: str = WAN,
    ) -> None:
        self.root = root
        self.trace: list[list[str]] = []  # every call of uci and ubus, with the commands of a batch but no values
        self.uci = Uci(root)
        self.before_call: Callable[[list[str]], None] = lambda _words: None  # for what comes in between
        self.dials = wan == WAN
        self._make(NETWORK + wan.format(login=login, password=password.replace("'", "'\\''")), busybox)
        self.netifd = Netifd(root, "wan", provider)
        self.port = _Port(self)
        self._programs(real_uci)
        self._thread = threading.Thread(target=self.port.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def _make(self, network: str, busybox: Path) -> None:
        for folder in ("bin", "sbin", "usr/bin", "usr/libexec", "etc/config", "tmp", "root", "dev", "var/run", "proc"):
            (self.root / folder).mkdir(parents=True)
        shutil.copy(busybox, self.root / "bin" / "busybox")
        applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
        for applet in applets:
            if applet not in ("busybox", *LACKING):
                (self.root / "bin" / applet).symlink_to("busybox")
        # OpenWrt's busybox has it (BUSYBOX_DEFAULT_FLOCK y), Debian's has not: this machine's, with its libraries.
        flock = shutil.which("flock", path="/usr/bin:/bin") or "flock"
        needed = subprocess.run(["ldd", flock], capture_output=True, text=True, check=True).stdout
        for library in re.findall(r"(/\S+) \(0x", needed):
            (self.root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, self.root / library[1:])
        shutil.copy(flock, self.root / "usr" / "bin" / "flock")
        if os.geteuid() == 0:  # else nobody can change the root folder to this one, either
            os.mknod(self.root / "dev" / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
            os.mknod(self.root / "dev" / "urandom", stat.S_IFCHR | 0o444, os.makedev(1, 9))
        for index, port in enumerate(PORTS, 1):
            (self.root / "sys" / "class" / "net" / port).mkdir(parents=True)
            (self.root / "sys" / "class" / "net" / port / "ifindex").write_text(f"{index}\n", encoding="ascii")
        (self.root / "proc" / "mounts").write_text(MOUNTS, encoding="ascii")
        (self.root / "etc" / "mtab").symlink_to("/proc/mounts")
        self.network.write_text(network, encoding="utf-8")
        self.network.chmod(0o600)
        (self.root / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/ash\n", encoding="utf-8")

    def _programs(self, real_uci: Path | None) -> None:
        port = self.port.server_address[1]
        script = self.root / "usr" / "libexec" / "program"
        # Beside the real uci the batch stays for the real one to read.
        script.write_text(PROGRAM.format(port=port, real="-noted" if real_uci else ""), encoding="utf-8")
        script.chmod(0o755)
        for path in ("bin/ubus", "usr/libexec/uci" if real_uci else "sbin/uci"):
            shutil.copy(script, self.root / path)
        if real_uci:
            (self.root / "sbin" / "uci").write_text(REAL, encoding="utf-8")
            (self.root / "sbin" / "uci").chmod(0o755)
            shutil.copy(real_uci, self.root / "usr" / "libexec" / "uci-real")
        self.real = real_uci is not None

    def __enter__(self) -> Self:
        self._thread.start()
        self.netifd.start()
        if self.dials:
            self.netifd.wait_up()
        return self

    def __exit__(self, *_error: object) -> None:
        for one in self.netifd.all:
            one.stop()
        self.port.shutdown()
        self.port.server_close()
        self._thread.join(5)

    def another(self, name: str, device: str, provider: Provider, login: str, password: str) -> Netifd:
        """A second line: its section in the configuration, and netifd dials it."""
        section = WAN.replace("'wan'", f"'{name}'").replace("eth1.835", device)
        self.network.write_text(
            self.network.read_text("utf-8") + section.format(login=login, password=password), encoding="utf-8"
        )
        made = Netifd(self.root, name, provider, self.netifd)
        made.line = device
        made.start()
        return made

    @property
    def network(self) -> Path:
        return self.root / "etc" / "config" / "network"

    def call(self, name: str, words: list[str], given: str) -> tuple[int, str, str]:
        """One call of a program of the router: (exit code, standard output, standard error)."""
        inner = [line.partition("=")[0] for line in given.splitlines() if words[-1:] == ["batch"]]
        self.before_call([name, *words])
        self.trace.append([name, *words, *inner])
        if name == "ubus":
            return self.netifd.ubus(words)
        if self.real:
            return 0, "", ""
        return self.uci.run(words, given)

    def writes(self) -> list[list[str]]:
        """The calls so far that change something."""
        reading = ({"get", "show", "changes"}, {"status", "info", "get_proto_handlers"})
        return [call for call in self.trace if not reading[0] & set(call[1:3]) and call[-1] not in reading[1]]

    def password(self) -> str:
        """The one that is committed."""
        value = self.uci.load("network", pending=False)["wan"].options["password"]
        return str(value)
