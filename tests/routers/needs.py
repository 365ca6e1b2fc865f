# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have for the table of routers, said in words that help."""

from __future__ import annotations

import os
import shutil

from platforms.needs import PATH, dynamic

PACKAGES = {
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "dropbear": "dropbear-bin",
    "dropbearkey": "dropbear-bin",
    "busybox": "busybox-static",
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
    missing = {package for program, package in PACKAGES.items() if shutil.which(program, path=PATH) is None}
    busybox = shutil.which("busybox", path=PATH)
    if busybox and dynamic(busybox):
        missing.add(PACKAGES["busybox"])
    return sorted(missing)


def lack() -> str:
    """Why the table cannot be run here, with what helps; "" when it can."""
    if packages := missing_packages():
        return f"{INSTALL} {' '.join(packages)}"
    if os.geteuid() != 0:
        return "the hosts of the table are mount and PID namespaces with users of their own: run this as root"
    return ""
