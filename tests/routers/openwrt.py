# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OpenWrt router as a machine of its own: dropbear, busybox with OpenWrt's applets, uci and netifd played.

The folder, its programs and netifd are sandbox/openwrt's; here they are given namespaces and the SSH server, which runs
in the router itself.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from openwrt.box import Box
from platforms.needs import find
from routeros.router import Provider

from . import accounts, needs
from .host import Keys, Machine, with_libraries
from .lines import Line

# What the package busybox of OpenWrt has by default (openwrt/openwrt, package/utils/busybox/Config-defaults.in,
# 2025); no stat, timeout, od, diff, setsid, nohup, su.
_APPLETS = (
    "[ [[ ash awk basename brctl cat chgrp chmod chown chroot clear cmp cp crond crontab cut date dd df dirname dmesg"
    " du echo egrep env expr false fgrep find flock free fsync grep gunzip gzip halt head hexdump hwclock id ifconfig"
    " ip kill killall less ln lock logger login ls md5sum mkdir mkfifo mknod mkswap mktemp mount mv nc netmsg netstat"
    " nice nslookup ntpd passwd pgrep pidof ping ping6 pivot_root poweroff printf ps pwd readlink reboot reset resize"
    " rm rmdir route sed seq sh sha256sum sleep sort start-stop-daemon strings swapoff swapon switch_root sync sysctl"
    " tail tar taskset tee test time top touch tr traceroute traceroute6 true udhcpc umount uname uniq uptime vi wc"
    " which xargs yes zcat"
)
APPLETS = frozenset(_APPLETS.split())
DEVICES = {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


class OpenWrt(Machine):
    """``with OpenWrt(folder, keys, line) as host``: netifd keeps the line, with the password that the line had before.

    Whoever logs in is root, whose shell is ash.
    """

    kind = "bare"
    written = ("/bin", "/etc", "/root", "/sbin", "/tmp", "/usr", "/var")

    def __init__(self, folder: Path, keys: Keys, line: Line) -> None:
        super().__init__(folder, keys, "dropbear", "root")
        self.line = line
        self.box: Box | None = None
        self.running = False

    def started(self) -> None:
        root = self.path("/")
        # By the machine's own mounts: the test sees them as the router does. /proc is played, too.
        provider = Provider(self.line.url, self.line.service)
        self.box = Box(root, provider, self.line.login, self.line.before, needs.busybox())
        self.box.dials = False  # the line refuses that password: nothing to wait for
        for name, (major, minor) in DEVICES.items():
            if not (root / "dev" / name).exists():
                os.mknod(root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        self._accounts(root)
        self._programs(root)
        self.box.__enter__()
        self.running = True

    def _accounts(self, root: Path) -> None:
        login = "/bin/login-shell"
        texts = {
            "etc/passwd": f"root:x:0:0:root:/root:{login}\n",
            "etc/shells": f"/bin/ash\n{login}\n",
            "etc/issue.net": accounts.BANNER,
            "etc/banner": "OpenWrt\n",
            login[1:]: accounts.wrapper("/bin/ash"),
            accounts.REQUESTS[1:]: "",
            "root/.ssh/authorized_keys": self.keys.public,
        }
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        (root / login[1:]).chmod(0o755)
        (root / "root").chmod(0o700)
        self.server_keys(root / "etc")

    @staticmethod
    def _programs(root: Path) -> None:
        """busybox and the real SSH server with the libraries that they ask for, and nothing else of this machine."""
        for applet in (root / "bin").iterdir():
            if applet.is_symlink() and applet.name not in APPLETS:
                applet.unlink()
        for program in (needs.busybox(), Path(find("dropbear"))):
            for path in with_libraries(program)[1:]:
                (root / path.relative_to("/")).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, root / path.relative_to("/"))
        (root / "usr" / "sbin").mkdir(parents=True, exist_ok=True)
        shutil.copy(find("dropbear"), root / "usr" / "sbin" / "dropbear")

    @property
    def up(self) -> bool:
        """The session of the line."""
        return self.box is not None and self.box.netifd.since is not None

    @property
    def orders(self) -> int:
        """How often netifd was told to take over its configuration or to dial."""
        assert self.box is not None
        ordering = {"reload", "restart", "up", "down", "renew"}
        return sum(call[:2] == ["ubus", "call"] and bool(ordering & set(call[3:4])) for call in self.box.trace)

    def close(self) -> None:
        if self.box and self.running:
            self.box.__exit__()
            self.running = False
        super().close()
