# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look for secrets wherever a run can have left them: output, files, archives in files, processes, the system's log."""

from __future__ import annotations

import base64
import binascii
import collections
import contextlib
import io
import os
import re
import socket
import threading
import time
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
#: A base64 text inside of a base64 text inside of an archive is as far as anything goes.
DEPTH = 4
HERE = Path(__file__).resolve().parent
DEV_LOG = Path("/dev/log")
SHARED = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))


def contents(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """The data, and what is packed in it: base64 texts, zip archives, gzip and zlib streams."""
    yield data
    if depth == 0:
        return
    packed: list[bytes] = []
    if (start := data.find(b"PK\x03\x04")) >= 0:
        with contextlib.suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            archive = zipfile.ZipFile(io.BytesIO(data[start:]))
            packed += [archive.read(name) for name in archive.namelist()]
    if data[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda"):
        with contextlib.suppress(zlib.error):
            packed.append(zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data))
    for found in BASE64.finditer(data):
        text = found[0].replace(b"-", b"+").replace(b"_", b"/")
        with contextlib.suppress(binascii.Error):
            packed.append(base64.b64decode(text + b"=" * (-len(text) % 4)))
    for one in packed:
        yield from contents(one, depth - 1)


def talkative(top: Path) -> dict[str, str]:
    """Every setting by which Ansible writes more, or keeps what it wrote: into TOP/written."""
    out = top / "written"
    for name in ("tree", "junit", "facts"):
        (out / name).mkdir(parents=True, exist_ok=True)
    return {
        "ANSIBLE_LOG_PATH": str(out / "ansible.log"),
        "ANSIBLE_LOG_VERBOSITY": "4",
        "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true",
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "ANSIBLE_DEPRECATION_WARNINGS": "true",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "junit,tree,everything",
        "ANSIBLE_CALLBACK_TREE_DIR": str(out / "tree"),
        "JUNIT_OUTPUT_DIR": str(out / "junit"),
        "EVERYTHING": str(out / "everything"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(out / "facts"),
        "TMPDIR": str(out),
    }


def files_below(top: Path, allowed: Collection[Path] = ()) -> Iterator[tuple[Path, bytes]]:
    """Each file and what it holds; what is gone when it is read (routers replace files meanwhile) was not left."""
    for path in top.rglob("*"):
        if path.is_file() and not path.is_symlink() and not any(path.is_relative_to(one) for one in allowed):
            with contextlib.suppress(FileNotFoundError):
                yield path, path.read_bytes()


@dataclass
class Hunt:
    """What is looked for, where it may be, and how much was looked through."""

    #: name -> a part of the secret that no way of quoting changes
    secrets: dict[str, str]
    files: int = 0
    size: int = 0
    samples: int = 0
    messages: int = 0
    variables: int = 0
    hits: set[tuple[str, str]] = field(default_factory=set)

    def look(self, place: str, data: bytes, depth: int = DEPTH) -> None:
        """Search one place; PLACE says where a secret was found."""
        self.size += len(data)
        for part in contents(data, depth):
            for name, secret in self.secrets.items():
                if secret.encode() in part:
                    self.hits.add((name, place))

    def folder(self, top: Path, allowed: tuple[Path, ...] = ()) -> None:
        """Every file below a folder, but the allowed files and folders."""
        for path, data in files_below(top, allowed):
            self.files += 1
            self.look(str(path.relative_to(top)), data)

    def shared(self, since: float) -> None:
        """The files of everybody's temporary folders that were written since then."""
        for folder in SHARED:
            for path in folder.iterdir():
                with contextlib.suppress(OSError):
                    if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since - 1:
                        self.files += 1
                        self.look(str(path), path.read_bytes())


class Sampler:
    """Reads command line and environment of every process that began after this one, fifty times a second."""

    def __init__(self, hunt: Hunt) -> None:
        self._hunt = hunt
        self._old = set(self._pids())
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._seen: set[bytes] = set()

    @staticmethod
    def _pids() -> list[str]:
        return [name for name in os.listdir("/proc") if name.isdigit()]

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_unused: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        first: dict[str, float] = {}
        last: dict[str, float] = {}
        while not self._done.is_set():
            began = time.monotonic()
            for pid in self._pids():
                # A command line comes with exec, soon after the process: an old process is looked at now and then.
                age = began - first.setdefault(pid, began)
                if pid in self._old or (age > 0.3 and began - last[pid] < 1):
                    continue
                last[pid] = began
                for what in ("cmdline", "environ"):
                    with contextlib.suppress(OSError):
                        self._sample(what, Path(f"/proc/{pid}/{what}").read_bytes())
            self._done.wait(max(0.001, 0.02 - (time.monotonic() - began)))

    def _sample(self, what: str, data: bytes) -> None:
        self._hunt.samples += 1
        if data not in self._seen:  # searched once, whoever else has it
            self._seen.add(data)
            self._hunt.look(f"process {what}", data, depth=0)


@contextlib.contextmanager
def system_log(hunt: Hunt) -> Iterator[None]:
    """Take the place of the system's log where there is none: every Ansible module writes to it."""
    if DEV_LOG.exists() or not os.access(DEV_LOG.parent, os.W_OK):
        yield
        return
    taker = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    taker.bind(str(DEV_LOG))
    taker.settimeout(0.1)
    done = threading.Event()

    def take() -> None:
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                message = taker.recv(1 << 20)
                hunt.messages += 1
                hunt.look("system log", message)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield
    finally:
        time.sleep(0.2)
        done.set()
        thread.join()
        taker.close()
        DEV_LOG.unlink()


@contextlib.contextmanager
def watched(hunt: Hunt) -> Iterator[None]:
    """Sample processes and the system's log for as long as it lasts, then look through the shared folders."""
    began = time.time()
    with system_log(hunt), Sampler(hunt):
        yield
    hunt.shared(began)
    DONE.append(hunt)


#: The searches of the test that runs.
DONE: list[Hunt] = []
COUNTED = {
    "files": "files",
    "size": "bytes",
    "samples": "process samples",
    "messages": "log messages",
    "variables": "variables",
}


def pytest_runtest_teardown(item: Any) -> None:
    """A hook of pytest: keep with the test how much it looked through."""
    item.user_properties += [("searched", {name: getattr(hunt, name) for name in COUNTED}) for hunt in DONE]
    DONE.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A hook of pytest: the last words are how much all tests looked through."""
    total: collections.Counter[str] = collections.Counter()
    for report in [one for reports in terminalreporter.stats.values() for one in reports]:
        if getattr(report, "when", "") == "teardown":
            for name, counts in report.user_properties:
                if name == "searched":
                    total.update(counts)
    if total:
        terminalreporter.write_line("searched " + ", ".join(f"{total[name]} {what}" for name, what in COUNTED.items()))
