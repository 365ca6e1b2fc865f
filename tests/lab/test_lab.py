# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab itself: it boots fast, lives beside others, and leaves nothing behind whatever happens to its user."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.machines import Machines

TESTS = Path(__file__).resolve().parents[1]
HOLD = """\
import time
from lab.machines import Machines
with Machines() as machines:
    print(machines.top, flush=True)
    time.sleep(99)
"""


def processes(mark: str) -> list[str]:
    """The command lines of this machine that hold a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in line and path.parent.name != str(os.getpid()):
            found.append(line)
    return found


def gone(top: str, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while processes(top) or Path(top).exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def interfaces() -> list[str]:
    return sorted(path.name for path in Path("/sys/class/net").iterdir())


@pytest.mark.soak
def test_two_labs_side_by_side() -> None:
    before = interfaces()
    with Machines() as one, Machines() as other:
        assert one.ssh("isp", "hostname") == "isp\n"
        assert other.ssh("router", "hostname") == "router\n"
        assert not set(one.ports.values()) & set(other.ports.values())
        assert interfaces() == before, "every interface lies in a namespace of its own"
        tops = [str(one.top), str(other.top)]
    assert all(gone(top) for top in tops), [processes(top) for top in tops]


@pytest.mark.soak
def test_nothing_is_left_of_a_killed_test() -> None:
    user = subprocess.Popen(
        [sys.executable, "-c", HOLD], env={**os.environ, "PYTHONPATH": str(TESTS)}, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    top = user.stdout.readline().strip()
    assert Path(top).is_dir()
    assert processes(top)
    user.send_signal(signal.SIGKILL)
    user.wait()
    user.stdout.close()
    assert gone(top), processes(top)
