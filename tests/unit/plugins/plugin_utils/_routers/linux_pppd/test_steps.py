# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps on a pppd router are shell that every POSIX shell takes, and hold no secret of their own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import BEGIN

SHELLS = [words for words in (["dash"], ["bash"], ["busybox", "ash"]) if shutil.which(words[0])]
STEPS = {name: value for name, value in vars(steps).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("name", sorted(STEPS))
def test_each_is_one(name: str, shell: str) -> None:
    done = subprocess.run([shell, "-n"], input=BEGIN + STEPS[name], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_they_write_where_they_are_told_alone() -> None:
    """Files of the router are named by the driver, and made in their own folder."""
    assert len(STEPS) >= 6 and "/tmp/" not in "".join(STEPS.values())
    assert "mktemp" in steps.WRITE and "trap" in steps.WRITE


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("0::/system.slice/ppp@dsl.service\n", "ppp@dsl.service"),
        ("0::/system.slice/a.service/b.service/deeper\n", "b.service"),
        ("3:cpu:/\n2:devices:/user.slice\n1:name=systemd:/system.slice/x.service\n0::/\n", "x.service"),
        ("0::/user.slice/session-1.scope\n", ""),
        ("", ""),
    ],
)
def test_the_unit_that_keeps_a_process(words: list[str], said: str, unit: str, tmp_path: Path) -> None:
    """Of the same lines of the step, with a cgroup file made here."""
    (tmp_path / "cgroup").write_text(said)
    lines = steps.STATE[steps.STATE.index("    x='' y=''\n") : steps.STATE.index('    [ -z "$x" ] || y=')]
    script = f'set -u\n{lines.replace("/proc/$i/cgroup", f"{tmp_path}/cgroup")}printf %s "$x"\n'
    done = subprocess.run([*words, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (unit, "")


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
def test_a_shell_tells_namespaces_apart_without_a_process(words: list[str]) -> None:
    """What :data:`steps.STATE` goes by: another process of ours, and a file that is none."""
    same = "[ /proc/$$/ns/net -ef /proc/self/ns/net ] && [ ! /proc/self/ns/net -ef /proc/self/ns/pid ]"
    script = f"{same} && [ ! -e /proc/0/ns/net ]"
    assert subprocess.run([*words, "-c", script], check=False).returncode == 0
