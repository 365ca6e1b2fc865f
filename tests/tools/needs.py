# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks need of this machine, and how each missing part is had: nothing is skipped, so all of it must be."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "sandbox")]  # each folder of tests is a package there
INSTALL = "apt-get install -y --no-install-recommends"
#: Where Debian puts programs, whatever PATH is.
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
NO_PACKAGE = "this system has no package of it: https://github.com/pyenv/pyenv builds it"
PROBE = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable, flush=True); import ensurepip, venv"


@dataclass(frozen=True, order=True)
class Lack:
    """One thing that this machine lacks.

    :param what: it is called
    :param package: Debian's, that has it; "" for none
    :param how: what else gets it
    """

    what: str
    package: str = ""
    how: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.how or f'{INSTALL} {self.package}'}"


Need = Callable[[], list[Lack]]


class Missing(Exception):
    """This machine lacks something that a check needs."""

    def __init__(self, lacks: Iterable[Lack]) -> None:
        self.lacks = sorted(set(lacks))
        super().__init__("\n".join(map(str, self.lacks)))


# --- the parts -------------------------------------------------------------------------------------------------------


def homes() -> list[Path]:
    """This user's home, and under sudo that of the user who called it: interpreters are often kept there."""
    caller = os.environ.get("SUDO_USER")
    try:
        return [Path.home(), *([Path(pwd.getpwnam(caller).pw_dir)] if caller else [])]
    except KeyError:
        return [Path.home()]


def packaged(name: str) -> bool:
    """Does this machine's package index have that package?"""
    if shutil.which("apt-cache") is None:
        return False
    asked = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True, check=False)
    return "Candidate:" in asked.stdout and "Candidate: (none)" not in asked.stdout


def find_python(version: str) -> Path:
    """An interpreter of that version (such as 3.12): from PATH, then from the places of pyenv and uv.

    :raises Missing: with how it is had
    """
    candidates = [shutil.which(f"python{version}"), sys.executable]
    for home in homes():
        kept = sorted(map(str, home.glob(f".pyenv/versions/{version}*/bin/python")), reverse=True)
        candidates += [*kept, str(home / ".local" / "bin" / f"python{version}")]
    lacks_venv = False
    for candidate in filter(None, candidates):
        try:
            answer = subprocess.run([candidate, "-c", PROBE], capture_output=True, text=True, check=False)
        except OSError:
            continue
        found, _space, executable = answer.stdout.strip().partition(" ")
        if found != version:
            continue  # another version, or one of pyenv's stand-ins with nothing behind it
        if answer.returncode == 0:
            return Path(executable)
        lacks_venv = True
    package = f"python{version}-venv"
    if lacks_venv:
        # The package without a version belongs to the system's own Python.
        own = os.path.realpath("/usr/bin/python3").endswith(f"python{version}") or not packaged(package)
        package = "python3-venv" if own else package
        raise Missing([Lack(f"Python {version}'s venv module", package)])
    if packaged(package):
        raise Missing([Lack(f"Python {version}", package)])
    raise Missing([Lack(f"Python {version}", how=f"pyenv install {version} ({NO_PACKAGE})")])


def newest_python(*versions: str) -> Path:
    """The first interpreter of these versions that this machine has.

    :raises Missing: with how any of them is had
    """
    lacks: list[Lack] = []
    for version in versions:
        try:
            return find_python(version)
        except Missing as missing:
            lacks += missing.lacks
    named = [lack for lack in lacks if lack.package]
    # One is enough: the one that wants its venv module alone, else any.
    raise Missing([lack for lack in named if "venv module" in lack.what][:1] or named[:1] or lacks[-1:])


def python(*versions: str) -> Need:
    """One of these interpreters, with its venv module."""

    def need() -> list[Lack]:
        try:
            newest_python(*versions)
        except Missing as missing:
            return missing.lacks
        return []

    return need


def clone() -> list[Lack]:
    """Git, and a folder that it knows: what is checked is what would be committed."""
    if shutil.which("git") is None:
        return [Lack("git", "git")]
    asked = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        return []
    if "dubious ownership" in asked.stderr:
        return [Lack("git's trust in this folder", how=f"git config --global --add safe.directory {ROOT}")]
    return [Lack("a clone", how=f"{ROOT} is not one, and git tells what is checked: git clone it, and go on there")]


def root() -> list[Lack]:
    """What makes namespaces, mounts and other users."""
    return [] if os.geteuid() == 0 else [Lack("root", how="some checks make namespaces, mounts and users")]


def programs(packages: dict[str, str]) -> Need:
    """These programs, by name, with Debian's package of each."""

    def need() -> list[Lack]:
        return [
            Lack(name, package) for name, package in packages.items() if shutil.which(name, path=SYSTEM_PATH) is None
        ]

    return need


def debian(folder: str) -> Need:
    """Debian's packages: the module ``needs`` in that folder of tests says itself which are missing."""

    def need() -> list[Lack]:
        module = importlib.import_module(f"{folder}.needs")
        return [Lack(package, package) for package in module.missing_packages()]

    return need


def device(path: str, how: str) -> Need:
    """A device file."""
    return lambda: [] if Path(path).exists() else [Lack(path, how=how)]


# --- what is said ----------------------------------------------------------------------------------------------------


def becoming_root() -> tuple[str, str]:
    """What stands before a command for root, and what is said of it."""
    if os.geteuid() == 0:
        return "", ""
    return ("sudo ", "") if shutil.which("sudo") else ("", ", as root")


def missing(needs: Iterable[Need]) -> list[Lack]:
    """What this machine lacks of all these, each thing once."""
    return sorted({lack for need in dict.fromkeys(needs) for lack in need()})


def said(lacks: Sequence[Lack], command: str, *, rootless: str = "") -> str:
    """Every missing part with what gets it, and the commands that get all of them and go on.

    :param command: this run was started with, as root would give it
    :param rootless: a command that needs less; "" for none
    """
    packages: dict[str, set[str]] = {}
    for lack in lacks:
        packages.setdefault(lack.package, set()).add(lack.what)
    rows = [(lack.what, lack.how) for lack in lacks if not lack.package]
    # Debian's packages last: one row for each, whatever it is needed for.
    rows += [
        (", ".join(sorted(packages[name] - {name}) or [name]), f"package {name}") for name in sorted(packages) if name
    ]
    width = max(len(what) for what, _how in rows)
    sudo, by_root = becoming_root()
    lines = ["Nothing was checked, because this machine lacks:", *(f"  {what:{width}}  {how}" for what, how in rows)]
    if install := sorted(name for name in packages if name):
        lines += [f"Install them{by_root} (Debian and Ubuntu):", f"  {sudo}{INSTALL} {' '.join(install)}"]
    if others := [lack.what for lack in lacks if not lack.package and lack.what != "root"]:
        lines += [
            "These are no packages; what gets each stands beside it:",
            f"  {', '.join(sorted(others))}",
        ]
    if any(lack.what == "root" for lack in lacks):
        lines += [f"Then{by_root}:", f"  {sudo}{command}"]
    else:
        lines += ["Then:", f"  {command}"]
    if rootless:
        lines += ["What needs neither root nor these packages:", f"  {rootless}"]
    return "\n".join(lines)
