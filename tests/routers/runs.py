# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cells as real runs: a machine for each, and ansible-playbook with pppoe_client for all of them at once."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from role.site import Site

from . import lines
from .faults import FAULTS, LATER, folder_of, nothing
from .host import Keys, Machine
from .lines import Line
from .openwrt import OpenWrt
from .pppd import Pppd
from .table import Cell

#: Of every kind of character that a password may have; what is looked for follows.
PASSWORD = "Kan'\"$;\\é#`!%&|<>()[]{}*?~=x"
AT_ONCE = 40  # machines
TASK = "ownrouter.ovhcloud.pppoe_client"
COMMON: dict[str, Any] = {"platform": "{{ platform }}", "interface": "{{ interface | default(omit) }}"}
CREDENTIALS = {"login": "{{ login }}", "password": "{{ password }}"}
#: The steps before the request, which write nothing, and those behind the mail: name, options, more of the task.
LOOKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("look", {"state": "probed"}, {}),
    ("prove", {"state": "probed", "prove": True}, {}),
    ("check", {"state": "set", **CREDENTIALS}, {"check_mode": True}),
]
WRITES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("set", {"state": "set", "wait": 15, **CREDENTIALS}, {}),
    ("again", {"state": "set", **CREDENTIALS}, {}),
    ("connected", {"state": "connected"}, {}),
]
Tree = dict[str, tuple[int, int, int, bytes]]


@dataclasses.dataclass
class Seen:
    """What a cell's run came to.

    :param results: of each step
    :param before: the folder that the password is written to, before anything; `looked`: behind the looks; `after`
    :param found: files of the machine, apart from those, that hold the password
    :param shown: an output had the password
    :param up: the line's session is up at the end
    :param orders: how often the router was made to dial, before the run, and behind it: by the run
    """

    line: Line
    before: Tree
    looked: Tree = dataclasses.field(default_factory=dict)
    after: Tree = dataclasses.field(default_factory=dict)
    results: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    requests: list[bytes] = dataclasses.field(default_factory=list)
    found: list[str] = dataclasses.field(default_factory=list)
    shown: bool = False
    up: bool = False
    orders: int = 0
    log: str = ""

    @property
    def longest(self) -> int:
        """Bytes of the longest command that the SSH server was asked for."""
        return max(map(len, self.requests), default=0)


def tree(host: Machine) -> Tree:
    """The folder that the password is written to: mode, owner, group and content of each file."""
    top = host.path(folder_of(host))
    found: Tree = {}
    for path in sorted(top.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # a router that is alive may replace a file meanwhile
            marks = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(marks.st_mode) else b""
            found[str(path.relative_to(top))] = (marks.st_mode, marks.st_uid, marks.st_gid, content)
    return found


def holding(host: Machine, needle: bytes) -> list[str]:
    """The files written on the machine that hold this, but for the folder where the password belongs."""
    home = str(host.path(folder_of(host))) + "/"
    found = []
    for top in host.written:
        for path in host.path(top).rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                ours = not str(path).startswith(home) and stat.S_ISREG(path.lstat().st_mode)
                if ours and needle in path.read_bytes():
                    found.append(str(path).removeprefix(str(host.path(""))))
    return found


def machine(cell: Cell, folder: Path, keys: Keys, line: Line) -> Machine:
    if cell.platform == "openwrt":
        return OpenWrt(folder, keys, line)
    return Pppd(folder, keys, line, cell.server, cell.shell, cell.become, busybox=cell.tools == "busybox")


def run(cells: Iterable[Cell], collections: Iterable[Path]) -> dict[str, Seen]:
    """Run cells, many at once.

    :param collections: the folders that hold ``ansible_collections``
    """
    waiting, seen = list(cells), {}
    with Site(*collections) as site, scratch() as folder:
        keys = Keys(folder / "keys")
        while waiting:
            seen.update(_together(waiting[:AT_ONCE], site, keys, folder / "hosts"))
            waiting = waiting[AT_ONCE:]
    return seen


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk: /tmp may be in memory, and what is written there is no proof of a router's own files."""
    folder = Path(tempfile.mkdtemp(prefix="ownrouter-routers.", dir="/var/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _together(cells: list[Cell], site: Site, keys: Keys, folder: Path) -> dict[str, Seen]:
    known = lines.add(site, [cell.name for cell in cells], PASSWORD)
    with contextlib.ExitStack() as stack:
        hosts = {
            cell.name: stack.enter_context(machine(cell, folder / str(number), keys, known[cell.name]))
            for number, cell in enumerate(cells)
        }
        for cell in cells:
            host = hosts[cell.name]
            if isinstance(host, Pppd):
                host.dial()
            FAULTS[cell.fault](host)
        seen = {name: Seen(known[name], tree(host), orders=host.orders) for name, host in hosts.items()}
        variables = {}
        for cell in cells:
            line = known[cell.name]
            variables[cell.name] = {
                **hosts[cell.name].variables,
                "platform": cell.platform,
                "login": line.login,
                "password": line.password,
                "ansible_ssh_timeout": 5,  # seconds; su without its password waits that long, and two more
            }
        site.write_inventory(variables)
        play(site, seen, LOOKS)
        for name, host in hosts.items():
            seen[name].looked = tree(host)
        for cell in cells:
            LATER.get(cell.fault, nothing)(hosts[cell.name])
        play(site, seen, WRITES)
        for name, host in hosts.items():
            _end(host, seen[name])
        return seen


def play(site: Site, seen: dict[str, Seen], steps: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    """One play of all machines; what each step came to is kept with its cell."""
    careless = {"ignore_errors": True, "ignore_unreachable": True}
    tasks = [{"name": name, TASK: {**COMMON, **options}, **careless, **more} for name, options, more in steps]
    book, results = site.top / "cells.yml", site.top / "results"
    play = {"hosts": "routers", "gather_facts": False, "strategy": "free", "tasks": tasks}
    book.write_text(json.dumps([play]), encoding="utf-8")
    results.unlink(missing_ok=True)
    settings = {
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback_plugins")),
        "ANSIBLE_CALLBACKS_ENABLED": "results",
        "ANSIBLE_FORKS": "8",
        "RESULTS": str(results),
    }
    done = site.play("-vvv", playbook=str(book), **settings)
    if not results.exists():
        raise RuntimeError(f"no task was run: {done.output}")
    for line in results.read_text(encoding="utf-8").splitlines():
        host, task, result = json.loads(line)
        seen[host].results[task] = result
    for one in seen.values():
        one.shown = one.shown or one.line.needle in done.output


def _end(host: Machine, seen: Seen) -> None:
    """What the machine has to show at the end."""
    seen.after, seen.requests, seen.log = tree(host), host.requests, host.log
    seen.found = holding(host, seen.line.needle.encode())
    seen.orders, seen.up = host.orders - seen.orders, host.up
