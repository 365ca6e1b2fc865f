# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have for the tests of the platforms, said in words that help."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "busybox": "busybox-static",
    "chroot": "coreutils",
    "dovecot": "dovecot-imapd",
    "openssl": "openssl",
    "unshare": "util-linux",
    "ip": "iproute2",
    "dbus-daemon": "dbus-daemon",
    "gdbus": "libglib2.0-bin",
}
# What the package would bring up to date beside itself: this machine's are good enough.
OF_THE_SYSTEM = re.compile("systemd|udev")
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


def download(package: str, folder: str) -> str:
    """The package with those that it needs and this machine lacks, as files; what apt-get says when it cannot."""
    asking = ["apt-get", "--no-install-recommends", "-s", "install", package]
    asked = subprocess.run(asking, capture_output=True, text=True, check=False)
    names = [name for name in re.findall(r"^Inst (\S+)", asked.stdout, re.MULTILINE) if not OF_THE_SYSTEM.search(name)]
    if package not in names:
        return asked.stdout + asked.stderr
    got = subprocess.run(["apt-get", "download", *names], cwd=folder, capture_output=True, text=True, check=False)
    return got.stderr if got.returncode else ""


def unpacked(package: str, proof: str, variable: str) -> Path:
    """A folder with the unpacked package, and those that it needs and this machine lacks: nothing is installed.

    It is kept in .venv.

    :param proof: a file that it must have
    :param variable: of the environment: it may name a folder that has the package already, or is to have it
    :raises RuntimeError: when the packages cannot be had, with the command that helps
    """
    given = os.environ.get(variable)
    folder = Path(given) if given else ROOT / ".venv" / package.replace("-", "")
    if (folder / proof).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        said = download(package, place)
        if said and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False)
            said = download(package, place)
        if said:
            raise RuntimeError(f"apt-get update; then again, because {package} cannot be had: {said}")
        for file in Path(place).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(file), f"{place}/root"], check=True)
        Path(place, "root").rename(folder)
    return folder


def networkmanager() -> Path:
    """The folder of network-manager: installed, it would take over this machine's network.

    :raises RuntimeError: as :func:`unpacked`
    """
    return unpacked("network-manager", "usr/sbin/NetworkManager", "PLATFORMS_NETWORKMANAGER")


def passwords() -> Path:
    """The folder of pass.

    :raises RuntimeError: as :func:`unpacked`
    """
    return unpacked("pass", "usr/bin/pass", "PLATFORMS_PASS")
