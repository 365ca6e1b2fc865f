# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the control node stands, from real routes, and a run from behind the line that is really cut off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]


def in_namespace(what: str) -> Any:
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    done = subprocess.run(
        ["unshare", "--net", *rights, sys.executable, "-m", "leaks.namespace", what, str(COLLECTIONS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS / "sandbox", COLLECTIONS)))},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_gateways_of_real_route_tables() -> None:
    """The gateway that the kernel takes towards OVHcloud, and no other."""
    assert in_namespace("positions") == {
        "on the router's LAN": ["192.0.2.1"],
        "the router is the second way out": ["10.1.1.1"],
        "a VPN that ends on the router takes over all traffic": ["10.8.0.1"],
        "a VPN without a gateway": [],
        "the way out is blocked": ["192.0.2.1"],
        "only OVHcloud goes another way": ["10.1.1.1"],
        "nothing": [],
    }


def test_cut_off_during_the_wait() -> None:
    """Refused without accept_offline; with it the person is told what to do, and the run goes on by itself."""
    seen = in_namespace("cut")
    refused, output = (" ".join(seen[key].split()) for key in ("refused", "output"))
    assert "this host's gateway to OVHcloud, 192.0.2.1, is the router to be changed" in refused, refused
    assert seen["posts_then"] == 0
    assert seen["code"] == 0 and seen["posts"] == 1 and seen["up"], output
    assert seen["took"] > 20
    before_post, _task, after = output.partition("TASK [ownrouter.ovhcloud.router_pppoe : Ask for a new password")
    advice = "give it another one (a phone's tether, a second uplink): this run then goes on by itself"
    assert advice in before_post and "ownrouter.ovhcloud.by_hand -e target=router1" in before_post, output
    progress = after.partition("waiting for the credentials mail")[2]
    assert advice in progress, output
