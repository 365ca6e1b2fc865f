# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many sites in one run, and its report: ``python -m role.fleet_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .fleet import Fleet
from .lab import Run
from .scenarios import FLAG, Failed, must

PREFLIGHT = "ownrouter.ovhcloud.preflight"
#: Lines of a site that is renewed, at most, whatever the order in which results come.
LINES_A_SITE = 16


def reported(lab: Fleet, *words: str, **more: str) -> tuple[Run, dict[str, Any]]:
    """A run with its report, and what that tells."""
    path = lab.top / "report.json"
    path.unlink(missing_ok=True)
    run = lab.play(*words, "-f", "10", "-e", f"report={path}", **more)
    must(path.is_file(), "the report is there", run)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    must(path.stat().st_mode & 0o077 == 0, "nobody else can read it", run)
    return run, found


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {site["host"]: site["outcome"] for site in report["sites"]}


def of(report: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(site for site in report["sites"] if site["host"] == name)
    return found


def given(lab: Fleet, name: str, **variables: Any) -> None:
    lab.hosts[name].update({f"router_pppoe_{key}": value for key, value in variables.items()})
    lab.write_inventory(lab.hosts)


def four_fates(lab: Fleet) -> None:
    """One is down before, one fails after the request, one has no mail, one is not tried: all are in the report."""
    given(lab, "site2", interface="nothing")
    given(lab, "site3", session_timeout=2)
    given(lab, "site4", mail_timeout=2)
    lab.admin("PUT", "/state", {"mail_delay": 0.5, "lines": {lab.services["site4"]: {"mail_delay": 40}}})
    silent = int((lab.run_dir / "ppp2.pid").read_text(encoding="utf-8"))
    os.kill(silent, signal.SIGSTOP)
    try:
        run, report = reported(lab, *FLAG, "-e", "batch=3")
    finally:
        os.kill(silent, signal.SIGCONT)
    must(run.code == 2, "the run fails", run)
    wanted = {"site1": "renewed", **dict.fromkeys(("site2", "site3", "site4"), "failed"), "site5": "not tried"}
    must(outcomes(report) == wanted, f"these outcomes, and not {outcomes(report)}", run)
    must(report["counts"] == {"renewed": 1, "failed": 3, "not tried": 1}, "the counts", run)
    must(0 <= of(report, "site1")["offline"] < 30, "the outage of the one that was renewed", run)
    must("no pppd peer nothing" in of(report, "site2")["why"], "why the second one failed", run)
    must(of(report, "site2")["state"].startswith("Nothing was changed"), "its state", run)
    must("A new password was requested" in of(report, "site3")["state"], "the state of the third one", run)
    must("new session was not seen" in of(report, "site3")["state"], "which was set", run)
    must("the router was not set" in of(report, "site4")["state"], "the state of the fourth one", run)
    must("not tried: all of site2, site3 and site4 failed" in of(report, "site5")["why"].lower(), "why not", run)
    for name in ("site2", "site3", "site4"):
        must(f"--limit {name}" in of(report, name)["command"], f"the command of {name}", run)
        must(run.recap("failed", name) == 1, f"{name} counts as failed", run)
    must(run.recap("failed", "site1") == 0 == run.recap("failed", "site5"), "the others do not", run)
    must(len(lab.posts()) == 3, f"three requests, and not {len(lab.posts())}", run)
    must("Report of renew, 5 sites: 1 renewed, 3 failed, 1 not tried." in run.output, "the table", run)
    must(report["command"] in run.output.splitlines(), "the command has a line of its own", run)
    # What it says goes on with the rest, and asks for no second password of a line that was cut.
    given(lab, "site2", interface=f"{lab.peer}-1")
    lab.admin("PUT", "/state", {"lines": {lab.services["site4"]: {"mail_delay": 0.5}}})
    given(lab, "site4", mail_timeout=60)
    given(lab, "site3", session_timeout=20)
    run = lab.shell(report["command"])
    must(run.code == 0, "the rest is done", run)
    must(len(lab.posts()) == 5, f"one request a line, and not {len(lab.posts())}", run)
    must(run.recap("ok", "site1") == -1, "the one that is done is left out", run)


def first_fails(lab: Fleet) -> None:
    """The canary fails: no other line is begun, and each is in the report; so it is in check mode."""
    given(lab, "site1", interface="nothing")
    for words in ((*FLAG,), (*FLAG, "--check")):
        run, report = reported(lab, *words)
        must(run.code == 2 and lab.posts() == [], "it fails, and nothing was asked for", run)
        left = {"site1": "failed", **dict.fromkeys(lab.names[1:], "not tried")}
        must(outcomes(report) == left, f"these outcomes, and not {outcomes(report)}", run)
        must(f"{', '.join(lab.names[1:])}: Not tried: site1 failed" in run.said, "one sentence for all of them", run)
        must(report["left"] == lab.names and "--limit" not in report["command"], "the same command goes on", run)


def doubled(lab: Fleet) -> None:
    """Two hosts with one service name, the first of the inventory among them: the others go on, in check mode, too."""
    lab.hosts["site1"]["router_pppoe_service_name"] = lab.services["site3"]
    lab.write_inventory(lab.hosts)
    run, report = reported(lab, *FLAG)
    must(run.code == 2, "it fails", run)
    wanted = {"site2": "renewed", "site4": "renewed", "site1": "failed", "site3": "failed"}
    must(outcomes(report) == wanted, f"these outcomes, and not {outcomes(report)}", run)
    must("site1 and site3 have this same line" in of(report, "site1")["why"], "why", run)
    must(sorted(post["path"] for post in lab.posts()) != [], "the others are renewed", run)
    must(len(lab.posts()) == 2, "and no more", run)
    must(run.output.index("2 lines will be cut: site2") < run.output.index("could renew now"), "it says so first", run)
    run, report = reported(lab, playbook=PREFLIGHT)
    must(outcomes(report) == {**wanted, "site2": "ready", "site4": "ready"}, "a preflight says the same", run)


def bounds(lab: Fleet) -> None:
    """More lines than are meant are refused, and so is a report that is none of the user's; nothing is done then."""
    installed = Path(lab.collections[0]) / "ansible_collections" / "ownrouter" / "ovhcloud"
    refused: list[tuple[tuple[str, ...], str]] = [
        (("-e", "max_lines=1"), "2 lines could be cut, and max_lines is 1, so nothing was done: site1, site2."),
        (("-e", "max_lines=few"), "max_lines is 'few', but it takes a whole number"),
        (("-e", f"report={installed}/report.json"), "lies in the installed collection"),
        (("-e", f"report={lab.top}/none/report.json"), f"there is no folder {lab.top}/none"),
        (("-e", f"report={lab.top}"), "which is a folder"),
    ]
    for words, said in refused:
        run = lab.play(*FLAG, *words)
        must(run.code != 0 and said in run.said, f"it says: {said}", run)
    run = lab.play(*FLAG, "-e", "max_lines=1", ANSIBLE_RETRY_FILES_ENABLED="1")
    must(f"to retry, use: --limit @{lab.top}/renew.retry" in run.said, "it says where the retry file is", run)
    must((lab.top / "renew.retry").exists() and not list(installed.rglob("*.retry")), "and it is there", run)
    must(lab.posts() == [], "nothing was done", run)
    run, report = reported(lab, *FLAG, "-e", "max_lines=2", "--check")
    must(run.code == 0, "two are two", run)
    must("2 lines would be cut: site1 (" in run.output and "would be renewed" in run.output, "it predicts", run)
    must(report["check"] and lab.posts() == [], "and asks for nothing", run)
    run, report = reported(lab)
    must(outcomes(report) == dict.fromkeys(lab.names, "unchanged"), "a converge changes nothing", run)
    must("be cut" not in run.output, "and cuts nothing", run)


def few_lines(lab: Fleet) -> None:
    """Where there are many, each says little; the verdicts are there with -v."""
    run, report = reported(lab, *FLAG)
    must(run.code == 0, "it succeeds", run)
    must(set(outcomes(report).values()) == {"renewed"}, "all are renewed", run)
    count = len(run.output.splitlines())
    must(count <= LINES_A_SITE * len(lab.names) + 30, f"few lines, and not {count}", run)
    must("could renew now" not in run.output, "no verdict of one that is renewed", run)


def one_hangs(lab: Fleet) -> None:
    """A router that takes a connection and says nothing, and one without a line: the others go on."""
    given(lab, "site3", service_name="")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lab.hosts["site2"].update(ansible_connection="ssh", ansible_port=silent.getsockname()[1])
        lab.write_inventory(lab.hosts)
        run, report = reported(lab, *FLAG, ANSIBLE_TIMEOUT="5")
    wanted = {"site1": "renewed", "site2": "failed", "site3": "failed", "site4": "renewed"}
    must(outcomes(report) == wanted, f"these outcomes, and not {outcomes(report)}", run)
    must("router_pppoe_service_name is not set" in of(report, "site3")["why"], "why one cannot be", run)
    must(of(report, "site2")["state"].startswith("Nothing was changed"), "nothing was done of the one that hangs", run)
    must(of(report, "site4")["offline"] < 30, "nobody waits for it", run)
    must(len(lab.posts()) == 2, "one request each", run)


def key_ends(lab: Fleet) -> None:
    """The key is withdrawn when the first of a batch was cut: each says so, and the next key goes on."""
    key = lab.admin("GET", "/state")["credentials"]["test-ck"]
    lab.admin("PUT", "/state", {"lines": {lab.services[name]: {"mail_delay": 6} for name in lab.names[1:]}})

    def withdraw() -> None:
        while len(lab.posts()) < 2:
            time.sleep(0.1)
        lab.admin("PUT", "/state", {"credentials": {"test-ck": {**key, "status": "expired"}}})

    threading.Thread(target=withdraw, daemon=True).start()
    run, report = reported(lab, *FLAG, "-e", "batch=2", "-e", "router_pppoe_mail_timeout=12")
    must(run.code == 2 and outcomes(report)["site1"] == "renewed", "the first one is done", run)
    left = [name for name in lab.names[1:] if outcomes(report)[name] not in ("failed", "not tried")]
    must(not left and len(report["left"]) == 3, f"the others are not: {outcomes(report)}", run)
    # One that the withdrawn key sent was refused, and cut nothing.
    cut = taken(lab)
    lab.admin("PUT", "/state", {"credentials": {"test-ck": key}})
    run = lab.shell(report["command"])
    must(run.code == 0, "the command goes on", run)
    must(taken(lab) == 4, f"one request a line: {cut} and then {taken(lab)}", run)


def taken(lab: Fleet) -> int:
    """How many requests OVHcloud took."""
    return sum(post["status"] == 200 for post in lab.posts())


def strangers(lab: Fleet) -> None:
    """A service name of another account, and one that no account has: the others go on, and each is told once."""
    given(lab, "site2", service_name="xdsl-zz99999-7")
    run, report = reported(lab, *FLAG)
    wanted = {"site1": "renewed", "site2": "failed", "site3": "renewed"}
    must(run.code == 2 and outcomes(report) == wanted, f"these outcomes, and not {outcomes(report)}", run)
    must("xdsl-zz99999-7" in of(report, "site2")["why"], "why, with the name", run)
    must(of(report, "site2")["state"].startswith("Nothing was changed"), "its state", run)
    must("--limit site2" in of(report, "site2")["command"], "its command", run)
    must(len(lab.posts()) == 2, "one request for each of the others", run)


def nobody(lab: Fleet) -> None:
    """A group without a line is no success, and nothing is done; a host that a file lists twice is one."""
    lab.inventory.write_text(json.dumps({"routers": {"hosts": {}}}), encoding="utf-8")
    run = lab.play(*FLAG)
    must(run.code != 0 and "so nothing was done" in run.said, "it says so", run)
    must("Traceback" not in run.output and lab.posts() == [], "and nothing is done", run)
    twice = {"routers": {"hosts": lab.hosts}, "paris": {"hosts": dict.fromkeys(lab.names)}}
    lab.inventory.write_text(json.dumps(twice), encoding="utf-8")
    run, report = reported(lab, *FLAG, "-e", "target=routers:paris")
    must(run.code == 0 and outcomes(report) == dict.fromkeys(lab.names, "renewed"), "once each in the report", run)
    must(len(lab.posts()) == len(lab.names), "and one request each", run)


def odd_words(lab: Fleet) -> None:
    """A batch that is none is refused and an empty one is not given; whatever the strategy, there is one report."""
    for batch in ("0", "few"):
        run = lab.play("-e", f"batch={batch}")
        must(run.code != 0 and f"batch is '{batch}', but it takes a whole number" in run.said, "it says so", run)
    run = lab.play("-e", "batch=", ANSIBLE_STRATEGY="free")
    must(run.code == 0 and run.output.count("Report of renew, 2 sites: 2 unchanged.") == 1, "one report", run)


SCENARIOS: dict[Callable[[Fleet], None], int] = {
    four_fates: 5,
    first_fails: 3,
    doubled: 4,
    bounds: 2,
    few_lines: 8,
    one_hangs: 4,
    key_ends: 4,
    strangers: 3,
    nobody: 2,
    odd_words: 2,
}


def main() -> int:
    collections, names = Path(sys.argv[1]), sys.argv[2:]
    known = {scenario.__name__ for scenario in SCENARIOS}
    if unknown := set(names) - known:
        print(f"no such scenario: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failures = 0
    for scenario, count in SCENARIOS.items():
        if names and scenario.__name__ not in names:
            continue
        began = time.monotonic()
        outcome = "ok"
        try:
            with Fleet(collections, count) as lab:
                scenario(lab)
        except Failed as failure:
            failures, outcome = failures + 1, "FAILED"
            print(re.sub(r"(?m)^", "    ", str(failure)))
        print(f"{outcome:7} {scenario.__name__} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
