# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have for the table of routers, said in words that help."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from platforms.needs import PATH, unpacked

PACKAGES = {
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "dropbear": "dropbear-bin",
    "dropbearkey": "dropbear-bin",
    "bash": "bash",
    "fish": "fish",
    "tcsh": "tcsh",
    "sudo": "sudo",
    "doas": "opendoas",
    "su": "util-linux",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "openssl": "openssl",
}
INSTALL = "apt-get install -y --no-install-recommends"


def missing_packages() -> list[str]:
    """The Debian packages that are not installed here."""
    return sorted({package for program, package in PACKAGES.items() if shutil.which(program, path=PATH) is None})


def lack() -> str:
    """Why the table cannot be run here, with what helps; "" when it can."""
    if packages := missing_packages():
        return f"{INSTALL} {' '.join(packages)}"
    if os.geteuid() != 0:
        return "the hosts of the table are mount and PID namespaces with users of their own: run this as root"
    return ""


def busybox() -> Path:
    """The program of the package busybox, only unpacked, into .venv or the folder that ROUTERS_BUSYBOX names.

    busybox-static, which the other tests use, shuts it out as a package; but its shell runs each applet that it was
    built with, whatever PATH and the links say, and takes no other program of that name. OpenWrt's shell does not.

    :raises RuntimeError: when it cannot be had, with the command that helps
    """
    return unpacked("busybox", "bin/busybox", "ROUTERS_BUSYBOX") / "bin" / "busybox"
