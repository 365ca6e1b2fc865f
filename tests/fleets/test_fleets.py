# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many lines on one key: one request for each, whatever happens, and no minute with more than the budget."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from bench.fleet import Fleet, Outcome, busiest_minute, kinds

COLLECTIONS = Path(__file__).resolve().parents[5]
FLAG = ("-e", "router_pppoe_renew=true", "-e", "router_pppoe_mail_expected_after=1")
#: Seconds from a request to its mail.
SOON = (4.0, 8.0)
FREE = {"OVH_REQUESTS_PER_MINUTE": "0"}


def wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.05)


def renewed_once(fleet: Fleet, run: Outcome) -> None:
    assert run.code == 0, run.output
    assert run.posts == [1] * len(fleet.services), run.output
    for service in fleet.services:
        line = fleet.api.line(service)
        assert line["session"]["up"], f"{service} is down\n{run.output}"
        assert line["password"] not in run.output
        secrets = (fleet.folder(service) / "ppp" / "chap-secrets").read_text(encoding="utf-8")
        assert f'"{line["password"]}"' in secrets, service


def shared_files(fleet: Fleet) -> list[Path]:
    return [path for path in fleet.top.rglob("*") if path.is_file() and path.name.startswith(("shared-", "pace-"))]


def nothing_secret_is_shared(fleet: Fleet) -> None:
    files = shared_files(fleet)
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert path.stat().st_mode & 0o777 == 0o600, path
        for service in fleet.services:
            assert fleet.api.line(service)["password"] not in text, path
        for secret in ("test-as", "test-ck", "KELLERMANN", "Tarbouriech", "198.18."):
            assert secret not in text, (path, secret)


def killed_halfway(fleet: Fleet) -> None:
    """A run that dies once half of its lines are cut."""
    lines = len(fleet.services)
    with fleet.started(*FLAG, home="first", **FREE) as run:
        wait(lambda: len(fleet.api.posts()) > lines // 2 or run.poll() is not None, 300)


@pytest.mark.parametrize("lines", [2, *(pytest.param(count, marks=pytest.mark.soak) for count in (1, 5, 30))])
def test_one_request_for_each_line_though_the_run_is_killed_halfway(lines: int) -> None:
    """The same command goes on from an empty home, and a third time it has nothing to do."""
    with Fleet(lines, COLLECTIONS, mail=SOON, limit=0) as fleet:
        killed_halfway(fleet)
        assert lines // 2 < len(fleet.api.posts()) <= lines
        renewed_once(fleet, fleet.run(*FLAG, home="second", **FREE))
        again = fleet.run(*FLAG, home="second", **FREE)
        renewed_once(fleet, again)
        assert again.output.count("changed=0") == lines
        nothing_secret_is_shared(fleet)


@pytest.mark.soak
@pytest.mark.parametrize("lines", [1, 5, 30])
def test_never_two_requests_where_the_call_log_is_read_entry_by_entry(lines: int) -> None:
    """Lines whose record cannot be read back far enough are not asked for, and the run says so."""
    with Fleet(lines, COLLECTIONS, mail=SOON, limit=0) as fleet:
        fleet.api.set(batch=False)
        killed_halfway(fleet)
        for home in ("second", "second"):
            run = fleet.run(*FLAG, home=home, **FREE)
            assert max(run.posts) == 1
            assert run.code == 0 or "A request that another host sent in that time cannot be ruled out" in run.output


def own_calls(fleet: Fleet, run: Outcome) -> list[tuple[str, dict[str, int]]]:
    """For each line, how often it called each path of its own."""
    found = []
    for service in fleet.services:
        paths = [str(call["path"]) for call in run.calls if f"/xdsl/{service}/" in call["path"]]
        found.append((service, dict(Counter(path.rpartition("/")[2] for path in paths))))
    return found


@pytest.mark.soak
def test_what_a_further_line_of_a_run_costs() -> None:
    """Seven requests of its own, renewed, and two, converged; beside them only what is shared."""
    with Fleet(9, COLLECTIONS, mail=(35.0, 45.0)) as fleet:
        run = fleet.run(*FLAG[:2], "-e", "router_pppoe_mail_expected_after=30")
        renewed_once(fleet, run)
        renewing = {"serviceInfos": 1, "ips": 1, "radiusConnectionLogs": 2, "requestPPPLoginMail": 1}
        assert own_calls(fleet, run) == [(service, renewing) for service in fleet.services]
        opened = [call for call in run.calls if call["path"].startswith("/v2/notification/history/")]
        assert len(opened) == 2 * len(fleet.services)
        log = [call for call in run.calls if "/me/api/logs/self" in call["path"]]
        # A dozen for the first line and its first company, and then six each time that some lines look together.
        posts = [call["at"] for call in run.calls if call["method"] == "POST"]
        times = sum(late - early > 5 for early, late in itertools.pairwise(sorted(posts)))
        assert len(log) <= 18 + 6 * times, kinds(run.calls)
        assert run.refused == 0

        run = fleet.run()
        assert run.code == 0 and own_calls(fleet, run) == [
            (service, {"radiusConnectionLogs": 1}) for service in fleet.services
        ]
        assert run.requests <= 2 * len(fleet.services) + 3, kinds(run.calls)
        nothing_secret_is_shared(fleet)


@pytest.mark.soak
def test_thirty_that_wait_and_one_is_killed_each_second() -> None:
    """Whoever dies while it asks for all of them leaves no lock, and the others get their mails in time."""
    with Fleet(12, COLLECTIONS, mail=(25.0, 35.0), limit=0) as fleet:
        play = fleet.top / "all.yml"
        play.write_text(
            "- hosts: routers\n  gather_facts: false\n  strategy: free\n  roles: [ownrouter.ovhcloud.router_pppoe]\n",
            encoding="utf-8",
        )
        began = time.time()
        with fleet.started(*FLAG, playbook=str(play), **FREE) as run:
            wait(lambda: len(fleet.api.posts()) == len(fleet.services) or run.poll() is not None, 240)
            for _second in range(6):
                workers = [pid for pid in children(run.pid) if pid != run.pid]
                if workers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(random.choice(workers), signal.SIGKILL)
                time.sleep(1)
            wait(lambda: len(list(fleet.delays(began))) >= len(fleet.services) - 6, 90)
            delays = list(fleet.delays(began))
        assert len(delays) >= len(fleet.services) - 6
        # A lock that was left would cost as much as the patience with somebody who was stopped: 30 s.
        assert max(delays) < 25, delays
        renewed_once(fleet, fleet.run(*FLAG, home="second", **FREE))


def children(parent: int) -> list[int]:
    """Processes that this one has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(words[1]) == parent:
                found.append(int(path.parent.name))
    return found


@pytest.mark.soak
@pytest.mark.parametrize("shared", [True, False], ids=["one folder", "half the budget each"])
def test_two_nodes_with_one_key(shared: bool) -> None:
    """No minute has more answers than the budget; of two nodes that each have a part of it, none is refused."""
    with Fleet(8, COLLECTIONS, mail=SOON) as fleet:
        share: dict[str, str] = {} if shared else {"OVH_REQUESTS_PER_MINUTE": "30"}
        folder = ("-e", f"router_pppoe_state_dir={fleet.top / 'state'}") if shared else ()
        half = len(fleet.services) // 2
        hosts = [f"site{number + 1}" for number in range(len(fleet.services))]
        with (
            fleet.started(*FLAG, *folder, "--limit", ",".join(hosts[:half]), home="one", **share) as one,
            fleet.started(*FLAG, *folder, "--limit", ",".join(hosts[half:]), home="two", **share) as two,
        ):
            assert one.wait(900) == 0 == two.wait(900)
        assert [fleet.api.line(service)["requests"] for service in fleet.services] == [1] * len(fleet.services)
        calls = fleet.api.calls()
        answered = sorted(call["at"] for call in calls if call["credential"] and call["status"] != 429)
        assert busiest_minute(answered) <= 60
        assert [call for call in calls if call["status"] == 429] == []


@pytest.mark.soak
def test_a_refusal_slows_both_nodes() -> None:
    """The folder is shared: after a 429 neither of two nodes calls for as long as OVHcloud said."""
    with Fleet(2, COLLECTIONS, limit=0) as fleet:
        folder = ("-e", f"router_pppoe_state_dir={fleet.top / 'state'}")
        fleet.api.fault("rate_limit", "GET", "*/radiusConnectionLogs", retry_after=12)
        with (
            fleet.started(*folder, "--limit", "site1", home="one") as one,
            fleet.started(*folder, "--limit", "site2", home="two") as two,
        ):
            assert one.wait(240) == 0 == two.wait(240)
        calls = fleet.api.calls()
        (refused,) = [call for call in calls if call["status"] == 429]
        later = [call["at"] - refused["at"] for call in calls if call["at"] > refused["at"] + 1]
        assert later and min(later) >= 11.5, later
