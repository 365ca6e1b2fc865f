# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the checks run: interpreters, virtual environments, and a real copy of the collection."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import needs

P = ParamSpec("P")
T = TypeVar("T")
ROOT = needs.ROOT
VENVS = (ROOT / ".venv").resolve()  # a link to that of another work tree is the same place
REQUIREMENTS = ROOT / "tests" / "tools" / "requirements"
COLLECTION = Path("ansible_collections", "ownrouter", "ovhcloud")
COMMAND_LIMIT = 1200.0  # seconds; a hanging check fails instead of holding up everything
RUNNING: set[subprocess.Popen[bytes]] = set()  # every command under way, in whatever thread
STOPPING = threading.Event()  # no command is begun any more

# The release of PyPI's package "ansible" that belongs to an ansible-core, and what the tests need of it.
# fortinet.fortios has 760 files: three modules and what they import are enough, and still a collection.
ANSIBLE_PACKAGE = {"2.19": "ansible ~= 12.0", "2.20": "ansible ~= 13.0", "2.21": "ansible ~= 14.0"}
OTHER_COLLECTIONS = (
    "ansible/netcommon/",
    "ansible/utils/",
    "community/general/MANIFEST.json",
    "community/general/meta/",
    "community/general/plugins/become/doas.py",
    "community/routeros/",
    "fortinet/fortios/MANIFEST.json",
    "fortinet/fortios/meta/",
    "fortinet/fortios/plugins/doc_fragments/",
    "fortinet/fortios/plugins/httpapi/",
    "fortinet/fortios/plugins/module_utils/",
    "fortinet/fortios/plugins/modules/fortios_configuration_fact.py",
    "fortinet/fortios/plugins/modules/fortios_monitor_fact.py",
    "fortinet/fortios/plugins/modules/fortios_system_interface.py",
    "vyos/vyos/",
)


class CheckFailed(Exception):
    """A check found something, or could not run; the text says what."""


def environment(extra: Mapping[str, str] | None = None, *, path: Path | None = None) -> dict[str, str]:
    """The caller's environment less what would leak into a check: real OVHcloud keys, Ansible settings."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OVH_", "ANSIBLE_", "PYTHON", "MAKE", "GIT_")) and name not in ("VIRTUAL_ENV", "MFLAGS")
    }
    env.update({"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1"})
    env.update({"ANSIBLE_NOCOLOR": "1", "ANSIBLE_DEVEL_WARNING": "false"})
    if path is not None:
        env["PATH"] = f"{path}{os.pathsep}{env.get('PATH', os.defpath)}"
    env.update(extra or {})
    return env


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a command with everything that it started: it leads a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself


def stop_all() -> None:
    """End whatever still runs, and begin nothing more."""
    STOPPING.set()
    for process in list(RUNNING):
        stop(process)


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run one command and return everything that it printed; raise CheckFailed when it fails or hangs."""
    words = [str(word) for word in command]
    if STOPPING.is_set():
        raise CheckFailed(f"$ {' '.join(words)}\nnot begun: the run was stopped")
    with subprocess.Popen(
        words,
        cwd=cwd,
        env=dict(env or environment()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        RUNNING.add(process)
        try:
            output, _unused = process.communicate(timeout=COMMAND_LIMIT)
            verdict = f"exit code {process.returncode}"
        except BaseException as error:
            stop(process)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            output, _unused = process.communicate()
            verdict = f"no end after {COMMAND_LIMIT:.0f} s"
        finally:
            RUNNING.discard(process)
    text = output.decode("utf-8", "replace")
    if process.returncode != 0:
        shown = textwrap.shorten(" ".join(words), 300, placeholder=" ...")
        raise CheckFailed(f"$ {shown}\n{text}\n{verdict}")
    return text


def set_up_once(function: Callable[P, T]) -> Callable[P, T]:
    """Let one thread at a time set up a thing, which the first argument names; the others find it ready."""
    locks: defaultdict[object, threading.Lock] = defaultdict(threading.Lock)

    @functools.wraps(function)
    def locked(*args: P.args, **kwargs: P.kwargs) -> T:
        with locks[args[0]]:
            return function(*args, **kwargs)

    return locked


@set_up_once
def venv(name: str, python: Path, requirements: Sequence[str | Path]) -> Path:
    """The bin folder of a virtual environment, made once per interpreter and content of its requirements."""
    folder = VENVS / name
    content = [str(python), str(folder)]
    options: list[str] = []
    for item in requirements:
        if isinstance(item, Path):
            if not item.exists():
                continue  # a part of the tree that is not there yet: its own check says so
            content.append(item.read_text(encoding="utf-8"))
            options += ["--requirement", str(item)]
        else:
            content.append(item)
            options.append(item)
    digest = hashlib.sha256("\n".join(content).encode()).hexdigest()
    stamp = folder / "requirements.sha256"
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == digest):
        print(f"setting up .venv/{folder.name} (once)", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        run([python, "-m", "venv", folder])
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *options])
        stamp.write_text(digest, encoding="utf-8")
    return folder / "bin"


def copy_collection(destination: Path) -> Path:
    """Copy every file that git knows or would add to DESTINATION/ansible_collections/ownrouter/ovhcloud.

    ansible-test accepts no other place, follows no symbolic link to it, and passes without
    looking at anything in a folder of links: the copy has to be a real one.
    """
    if lacks := needs.clone():
        raise needs.Missing(lacks)
    listing = run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"])
    target = destination / COLLECTION
    for name in filter(None, listing.split("\0")):
        source = ROOT / name
        if not (source.is_file() or source.is_symlink()):
            continue  # deleted in the work tree, or a submodule
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target / name, follow_symlinks=False)
    return target


@set_up_once
def collections(core: str, binaries: Path) -> Path:
    """A folder for ANSIBLE_COLLECTIONS_PATH with OTHER_COLLECTIONS, in the versions that belong to that ansible-core.

    They come out of PyPI's package "ansible" (50 MB, downloaded once), because ansible-galaxy asks a host of its
    own, which a machine that reaches nothing but a package index cannot do. BINARIES is any environment with the
    Python that this ansible-core runs on: pip picks the release by it.
    """
    folder = VENVS / f"collections-{core}"
    wanted = "\n".join([ANSIBLE_PACKAGE[core], *OTHER_COLLECTIONS])
    stamp = folder / "wanted"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return folder
    print(f"setting up .venv/{folder.name} (once)", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=VENVS) as downloads:
        options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--dest", downloads)
        run([binaries / "python", "-m", "pip", "download", *options, ANSIBLE_PACKAGE[core]])
        with zipfile.ZipFile(next(Path(downloads).glob("ansible-*.whl"))) as wheel:
            for prefix in OTHER_COLLECTIONS:
                members = [name for name in wheel.namelist() if name.startswith(f"ansible_collections/{prefix}")]
                if not members:
                    raise CheckFailed(f"{ANSIBLE_PACKAGE[core]} has no {prefix}: correct OTHER_COLLECTIONS")
                wheel.extractall(folder, members)
    stamp.write_text(wanted, encoding="utf-8")
    return folder


@set_up_once
def seed_get_pip(binaries: Path) -> None:
    """Give ansible-test its pip bootstrap script where the cache has none.

    ansible-test downloads that script from a host of its own, which a machine that
    reaches nothing but a package index cannot do. Ours runs the same pip from its wheel.
    """
    source = next(binaries.parent.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    found = re.search(r"pip='([0-9.]+)'", source.read_text(encoding="utf-8"))
    if found is None:
        raise CheckFailed(f"{source} no longer names the pip version that it bootstraps")
    version = found[1]
    cache = Path.home() / ".ansible" / "test" / "cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    wheel = cache / f"pip-{version}-py3-none-any.whl"
    ours = (Path(__file__).parent / "get_pip.py").read_text(encoding="utf-8").replace("@WHEEL@", wheel.name)
    if script.exists() and (script.read_text(encoding="utf-8") != ours or wheel.exists()):
        return
    cache.mkdir(parents=True, exist_ok=True)
    run([binaries / "python", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", cache, f"pip=={version}"])
    script.write_text(ours, encoding="utf-8")


def give_back() -> None:
    """Leave .venv to the user who called sudo: without root the next run has to write there, too."""
    owner = os.environ.get("SUDO_UID"), os.environ.get("SUDO_GID")
    if os.geteuid() != 0 or not (owner[0] and owner[1]):
        return
    for folder, _folders, names in os.walk(VENVS):
        for name in ("", *names):
            os.chown(Path(folder, name), int(owner[0]), int(owner[1]), follow_symlinks=False)
