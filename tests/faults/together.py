# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs for one line at the same moment: on one control node, and on two that share nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .bench import SERVICE, Outcome, asked
from .by_module import KEYS, ModuleBench

MODULE = """\
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
from ansible.module_utils.testing import patch_module_args
module = importlib.import_module("ansible_collections.ownrouter.ovhcloud.plugins.modules.xdsl_ppp_login_mail")
with patch_module_args(json.loads(sys.argv[2])):
    module.main()
"""
#: Seconds from the last look at OVHcloud's record to the request, beyond which the window is wider than documented.
WINDOW_LIMIT = 1.0
#: Pairs of runs that :func:`apart` starts.
TRIES = 16


def start(bench: ModuleBench, state_dir: Path) -> subprocess.Popen[str]:
    """A control node's module, in a process of its own."""
    options = {"service_name": SERVICE, "renew": True, "state_dir": str(state_dir)}
    options.update(_ansible_remote_tmp=str(bench.top), _ansible_tmpdir=None)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OVH_")}
    return subprocess.Popen(
        [sys.executable, "-c", MODULE, str(bench.collections), json.dumps(options)],
        env={**kept, **KEYS, "OVH_ENDPOINT": bench.api.endpoint, "HOME": str(bench.top)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it returned; what it wrote to standard error where it returned nothing."""
    out, err = process.communicate(timeout=60)
    lines = out.strip().splitlines()
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"failed": True, "msg": err}
    return found


def wait(until: Callable[[], bool], seconds: float = 20) -> None:
    """Until something is so, at most so long."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.01)


def one_node(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """The second run finds the lock held: it says by whom and since when, and sends nothing."""
    bench.set(answer_delay=1)
    lock = bench.state_dir / f"{SERVICE}.lock"
    first = start(bench, bench.state_dir)
    wait(lambda: lock.exists() and "since" in lock.read_text("utf-8"))
    second = result(start(bench, bench.state_dir))
    bench.set(answer_delay=0)
    gone_on = result(first)
    problems = [] if gone_on.get("requested") else [f"the first run did not go on: {gone_on}"]
    said = str(second.get("msg"))
    for words in ("Another run is deciding", f"process {first.pid} on ", " since 20", "Nothing was requested"):
        problems += [] if words in said else [f"the second does not say: {words}. It says: {said}"]
    return "1 request; the second names the holder", f"{_sent(bench)} request", problems + _count(bench, 1)


def two_nodes(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """No shared folder, no mail yet: OVHcloud's call log keeps the second from asking."""
    bench.set(mail_delay=86400)
    one = result(start(bench, bench.top / "one"))
    two = result(start(bench, bench.top / "two"))
    problems = [] if one.get("requested") else [f"the first did not ask: {one}"]
    problems += [] if two.get("reason") == "pending" else [f"the second did not see the first: {two}"]
    return "1 request; the second is pending", f"{_sent(bench)} request", problems + _count(bench, 1)


def two_nodes_by_mail(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """No shared folder, and the call log lags behind for ever: the mail keeps the second from asking."""
    bench.set(mail_delay=0, api_log_delay=86400)
    one = result(start(bench, bench.top / "one"))
    two = result(start(bench, bench.top / "two"))
    problems = [] if one.get("requested") else [f"the first did not ask: {one}"]
    problems += [] if two.get("reason") == "already_renewed" else [f"the second did not see the mail: {two}"]
    return "1 request; the second sees the mail", f"{_sent(bench)} request", problems + _count(bench, 1)


def window(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """How long after its last look at OVHcloud's record a run sends: another node's request in between is not seen."""
    bench.set(mail_delay=86400)
    asking = result(start(bench, bench.top / "one"))
    calls = bench.api.calls()
    sent = next(call["at"] for call in calls if call["method"] == "POST")
    looked = max(call["at"] for call in calls if "/me/api/logs/self" in call["path"] and call["at"] < sent)
    seconds = sent - looked
    problems = [] if asking.get("requested") else [f"it did not ask: {asking}"]
    problems += [] if seconds < WINDOW_LIMIT else [f"the window is {seconds:.2f} s"]
    return f"less than {WINDOW_LIMIT:.0f} s", f"{seconds * 1000:.0f} ms", problems


def blind(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """What cannot be ruled out: no shared folder, no mail yet, and a call log that lags behind. Two requests."""
    bench.set(mail_delay=86400, api_log_delay=86400)
    result(start(bench, bench.top / "one"))
    result(start(bench, bench.top / "two"))
    return "2 requests, as documented", f"{_sent(bench)} requests", _count(bench, 2)


def apart(bench: ModuleBench) -> tuple[str, str, list[str]]:
    """16 times two nodes that share nothing, 0 to 0.6 s apart. Where two requests are sent, the later one knows it."""
    twice, known = 0, 0
    for number in range(TRIES):
        bench.reset()
        bench.set(mail_delay=86400, answer_delay=0.05)
        one = start(bench, bench.top / "one")
        time.sleep(0.6 * number / (TRIES - 1))
        two = start(bench, bench.top / "two")
        results = [result(one), result(two)]
        if _sent(bench) == 2:
            twice += 1
            known += any(each.get("requests") == 2 for each in results)
    problems = [] if known == twice else [f"two requests were sent {twice} times, and told {known} times"]
    return "no second request that is not told", f"a second request in {twice} of {TRIES} tries", problems


TOGETHER = {one.__name__: one for one in (one_node, two_nodes, two_nodes_by_mail, window, blind)}
#: For the soak: these take a minute.
LONG = {"apart": apart}


def _sent(bench: ModuleBench) -> int:
    return asked(bench.api.posts())


def _count(bench: ModuleBench, promised: int) -> list[str]:
    return [] if _sent(bench) == promised else [f"{_sent(bench)} requests, promised {promised}"]


def run(bench: ModuleBench, name: str) -> Outcome:
    """One of them as a job."""
    began = time.monotonic()
    action = {**TOGETHER, **LONG}[name]
    expected, seen, problems = action(bench)
    what = (action.__doc__ or "").partition("\n")[0]
    return Outcome(
        f"together-{name}".replace("_", "-"),
        "modules",
        "together",
        what,
        expected,
        seen,
        problems,
        round(time.monotonic() - began, 1),
    )
