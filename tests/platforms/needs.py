# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have for the tests of the platforms, said in words that help."""

from __future__ import annotations

import shutil
from pathlib import Path

PACKAGES = {
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "busybox": "busybox-static",
    "chroot": "coreutils",
    "dovecot": "dovecot-imapd",
    "openssl": "openssl",
}
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def find(program: str) -> str:
    """The program's path; looked up where Debian puts it, whatever PATH is.

    :raises FileNotFoundError: with the command that installs it
    """
    found = shutil.which(program, path=PATH)
    if found is None:
        raise FileNotFoundError(f"apt-get install -y --no-install-recommends {PACKAGES[program]}")
    return found


def dynamic(program: str) -> bool:
    """Does this ELF program ask for a loader (a PT_INTERP string)? Then it does not run in a folder of its own."""
    with Path(program).open("rb") as file:
        return b"/ld-linux" in file.read(4096)


def missing_packages() -> list[str]:
    """The Debian packages that are not installed here."""
    missing = {package for program, package in PACKAGES.items() if shutil.which(program, path=PATH) is None}
    busybox = shutil.which("busybox", path=PATH)
    if busybox and dynamic(busybox):
        missing.add(PACKAGES["busybox"])
    return sorted(missing)
