# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cells turn red: with a driver that is broken on purpose, the table says what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from . import field_judge, field_routeros, field_runs, field_vyos, judge, runs
from .table import CELLS, Cell

ROUTERS = Path("ansible_collections", "ownrouter", "ovhcloud", "plugins", "plugin_utils", "_routers")
#: What stands behind the driver's own code: the file, the code, the cell that meets it, and what is said of that cell.
BROKEN = {
    "all on the command line": (
        "shell.py",
        "_init = Shell.__init__\n"
        "def _told(execute, command, given):\n"
        "    return execute(command + ' #' + ' '.join(given.decode().splitlines()), given)\n"
        "Shell.__init__ = lambda self, execute: _init(self, lambda *words: _told(execute, *words))\n",
        "openwrt-dropbear-ash-root-busybox",
        ("a command of ", "the password in a command"),
    ),
    "no dial": (
        "linux_pppd/driver.py",
        "_apply = LinuxPppd.apply\n"
        "def _apply_alone(self, credentials, *, dial, age, check):\n"
        "    return _apply(self, credentials, dial=Dial.NEVER, age=age, check=check)\n"
        "LinuxPppd.apply = _apply_alone\n",
        "linux_pppd-openssh-bash-sudo-GNU",
        ("how often the router was made to dial: 0, not 1",),
    ),
    "no proof": (
        "linux_pppd/driver.py",
        "_probe = LinuxPppd.probe\n"
        "LinuxPppd.probe = lambda self, *, prove: _probe(self, prove=False)\n",
        "linux_pppd-openssh-bash-sudo-GNU-no_inodes",
        ("prove: '/etc/ppp' is not in: ''",),
    ),
}  # fmt: skip
#: The same of cells in the field.
FIELD = {
    "the right to write is not tried": (
        "routeros/driver.py",
        "_probe = RouterOs.probe\n"
        "RouterOs.probe = lambda self, *, prove: _probe(self, prove=False)\n",
        "routeros-tls-renew-trap_to_the_proof",
        ("POSTs: 1, not 0", "not said: 'Nothing was changed"),
    ),
    "an unknown write is not looked behind": (
        "routeros/driver.py",
        "def _not_looked(self, credentials, at, said):\n"
        "    raise self._not_known(said)\n"
        "RouterOs._arrived = _not_looked\n",
        "routeros-tls-renew-answer_late",
        ("failed: True, not False",),
    ),
    "one form of the clock is read": (
        "vyos/words.py",
        "CLOCK = re.compile(CLOCK.pattern.replace('[AP]M', '-'))\n"
        "_seen = seen\n"
        "def seen(*words):\n"
        "    found = _seen(*words)\n"
        "    return found if found.uptime is not None else dataclasses.replace(found, uptime=1e9)\n",
        "vyos-libssh-older_mail-clock_12-hour",
        ("writes: 1, not 0", "how often the router was made to dial: 1, not 0", "not said: 'The router is left alone'"),
    ),
}  # fmt: skip


def often_the_first(broken: Iterable[str]) -> list[object]:
    """What is broken, one test each: `make test` has the first, `make soak` all."""
    first, *others = broken
    return [first, *(pytest.param(what, marks=pytest.mark.soak) for what in others)]


def break_driver(file: str, code: str, collections: list[Path], folder: Path) -> list[Path]:
    """A copy of the collection, with that code behind the driver's own."""
    ours, *others = collections
    top = ROUTERS.parts[0]
    shutil.copytree(ours / top, folder / top, ignore=shutil.ignore_patterns("__pycache__"))
    driver = folder / ROUTERS / file
    driver.write_text(f"{driver.read_text(encoding='utf-8')}\n\n{code}", encoding="utf-8")
    return [folder, *others]


@pytest.mark.parametrize("what", often_the_first(BROKEN))
def test_broken_on_purpose(what: str, collections: list[Path], tmp_path: Path) -> None:
    file, code, name, expected = BROKEN[what]
    cell = next(one for one in CELLS if one.name == name)
    wrong = judge.broken(cell, runs.run([cell], break_driver(file, code, collections, tmp_path))[name])
    assert all(any(said in one for one in wrong) for said in expected), wrong


@pytest.mark.parametrize("what", often_the_first(FIELD))
def test_broken_in_the_field(what: str, collections: list[Path], tmp_path: Path) -> None:
    file, code, name, expected = FIELD[what]
    case = next(one for one in (*field_routeros.CELLS, *field_vyos.CELLS) if one.name == name)
    seen = field_runs.run([case], break_driver(file, code, collections, tmp_path / "broken"), tmp_path / "patient")
    wrong = field_judge.broken(case, seen[name])
    assert all(any(said in one for one in wrong) for said in expected), wrong


def test_no_cell_without_a_judgement() -> None:
    """A promise that nobody can judge is an error, not a cell that passes."""

    class Hope:
        pass

    cell = Cell("linux_pppd", "openssh", "sh", "root", Hope())  # type: ignore[arg-type]  # that is what is tried
    with pytest.raises(KeyError):
        judge.broken(cell, runs.Seen(runs.Line("", "", "", "", "", ""), {}))
