# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian packages that a guest gets and this machine must not: fetched with apt's checks, unpacked, never installed.

ppp 2.5 is Debian 13's, and the machine keeps its own; ifupdown, installed, would take over this machine's network.
They are kept in .venv, one folder a package; LAB_PACKAGES names another place that has them already.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Name: the packages, the release when it is not this machine's, and a file that they must have.
# Debian 13's pppd finds its other libraries in what Debian 12's ppp needs, but its plugins ask for GLIBC_2.38, and
# Debian 12 has 2.36 (tried: 2.5.2-1+1): the guest gets Debian 13's libc6 for all of its programs.
WANTED = {
    "ppp-2.5.2": (("ppp", "libc6"), "trixie", "usr/lib/pppd/2.5.2/pppoe.so"),
    "ifupdown": (("ifupdown",), "", "sbin/ifup"),
}


def place() -> Path:
    return Path(os.environ.get("LAB_PACKAGES") or ROOT / ".venv")


def apt(*words: str, folder: Path) -> str:
    """What an apt-get in that folder says.

    :raises RuntimeError: when it fails, with its words
    """
    done = subprocess.run(["apt-get", *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"apt-get {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def mirror(folder: Path) -> str:
    """Where this machine has Debian's main archive from.

    :raises RuntimeError: when it has none
    """
    wanted = ("Created-By: Packages", "Origin: Debian", "Component: main")
    for uri in apt("indextargets", "--format", "$(REPO_URI)", *wanted, folder=folder).split():
        if not re.search("security", uri):
            return uri
    raise RuntimeError("this machine's apt knows no archive of Debian: apt-get update")


def of_release(release: str, folder: Path) -> Sequence[str]:
    """Options that make apt see that release and no other, from lists of its own.

    :raises RuntimeError: when its lists cannot be had
    """
    sources = folder / "release.sources"
    sources.write_text(
        f"Types: deb\nURIs: {mirror(folder)}\nSuites: {release}\nComponents: main\nSigned-By: {KEYRING}\n"
    )
    for name in ("lists", "cache"):
        (folder / name / "partial").mkdir(parents=True)
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    apt(*options, "update", "-q", folder=folder)
    return options


def download(names: Sequence[str], release: str, folder: Path) -> None:
    """The packages as files in that folder.

    :raises RuntimeError: when it cannot be had
    """
    options = of_release(release, folder) if release else ()
    try:
        apt(*options, "download", *names, folder=folder)
    except RuntimeError:
        if release or os.geteuid() != 0:
            raise
        apt("update", "-q", folder=folder)
        apt("download", *names, folder=folder)


def unpacked(name: str) -> Path:
    """The folder of one of WANTED, fetched when it is not there yet.

    :raises RuntimeError: when it cannot be had, with the command that helps
    """
    names, release, proof = WANTED[name]
    folder = place() / name
    if (folder / proof).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        try:
            download(names, release, Path(scratch))
        except RuntimeError as error:
            raise RuntimeError(f"apt-get update; then again, because {name} cannot be had: {error}") from None
        for file in Path(scratch).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(file), f"{scratch}/root"], check=True)
        if not Path(scratch, "root", proof).exists():
            raise RuntimeError(f"{' and '.join(names)} of {release or 'this release'}: no {proof}. Another version?")
        Path(scratch, "root").rename(folder)
    return folder


def fetch() -> Path:
    """All of WANTED; the place that has them, for LAB_PACKAGES.

    :raises RuntimeError: when one cannot be had, with the command that helps
    """
    for name in WANTED:
        unpacked(name)
    return place()
