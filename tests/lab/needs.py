# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have for a lab, said in words that help."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PACKAGES = {
    "linux.uml": "user-mode-linux",
    "pppd": "ppp",
    "pppoe-server": "pppoe",
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "ip": "iproute2",
    "ping": "iputils-ping",
    "insmod": "kmod",
    "pgrep": "procps",
    "unshare": "util-linux",
    "dropbear": "dropbear-bin",
    "busybox": "busybox-static",
}
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Unavailable(Exception):
    """This machine lacks something that a lab needs; the text says what, and how to get it."""


def scratch() -> str:
    """A folder in memory for the guests' memory: it must allow programs to be mapped."""
    for folder in ("/dev/shm", "/tmp"):
        if os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_NOEXEC:
            return folder
    raise Unavailable("neither /dev/shm nor /tmp may hold programs: mount -o remount,exec /dev/shm")


def missing_packages() -> list[str]:
    """The Debian packages that are not installed here."""
    return sorted({package for program, package in PACKAGES.items() if shutil.which(program, path=PATH) is None})


def check() -> None:
    """:raises Unavailable: when no lab can run here."""
    if os.geteuid() != 0:
        raise Unavailable("the lab needs root: it makes network namespaces and interfaces")
    if packages := missing_packages():
        raise Unavailable(f"apt-get install -y --no-install-recommends {' '.join(packages)}")
    if not Path("/dev/net/tun").exists():
        raise Unavailable("/dev/net/tun is missing: modprobe tun, or give this container the device")
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        raise Unavailable(f"/dev/net/tun cannot be opened: {error.strerror}") from error
    scratch()
