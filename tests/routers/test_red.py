# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cells turn red: with a driver that is broken on purpose, the table says what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from . import judge, runs
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


@pytest.mark.parametrize("what", BROKEN)
def test_broken_on_purpose(what: str, collections: list[Path], tmp_path: Path) -> None:
    file, code, name, expected = BROKEN[what]
    ours, *others = collections
    top = ROUTERS.parts[0]
    shutil.copytree(ours / top, tmp_path / top, ignore=shutil.ignore_patterns("__pycache__"))
    driver = tmp_path / ROUTERS / file
    driver.write_text(f"{driver.read_text(encoding='utf-8')}\n\n{code}", encoding="utf-8")
    cell = next(one for one in CELLS if one.name == name)
    wrong = judge.broken(cell, runs.run([cell], [tmp_path, *others])[name])
    assert all(any(said in one for one in wrong) for said in expected), wrong


def test_no_cell_without_a_judgement() -> None:
    """A promise that nobody can judge is an error, not a cell that passes."""

    class Hope:
        pass

    cell = Cell("linux_pppd", "openssh", "sh", "root", Hope())  # type: ignore[arg-type]  # that is what is tried
    with pytest.raises(KeyError):
        judge.broken(cell, runs.Seen(runs.Line("", "", "", "", "", ""), {}))
