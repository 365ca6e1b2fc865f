# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run from behind the line that is really cut off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]


def in_namespace() -> Any:
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    done = subprocess.run(
        ["unshare", "--net", *rights, sys.executable, "-m", "leaks.namespace", str(COLLECTIONS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS / "sandbox", COLLECTIONS)))},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.soak
def test_cut_off_during_the_wait() -> None:
    """Refused without accept_offline; with it the person is told what to do, and the run goes on by itself."""
    seen = in_namespace()
    refused, output = (" ".join(seen[key].split()) for key in ("refused", "output"))
    assert "OVHcloud sees calls of this host come from 203.0.113.10, an address of the line" in refused, refused
    assert seen["posts_then"] == 0
    assert seen["code"] == 0 and seen["posts"] == 1 and seen["up"], output
    assert seen["took"] > 20
    # While OVHcloud cannot be reached, no line says that the mail is waited for.
    before_post, cut_off, after = output.partition("cannot be looked for, this is tried again")
    advice = "give it another one (a phone's tether, a second uplink): this run then goes on by itself"
    assert advice in before_post and "ownrouter.ovhcloud.by_hand" in before_post, output
    assert cut_off and advice in after, output
    assert any(why in after for why in ("could not be reached", "did not answer", "There is no answer for")), output
