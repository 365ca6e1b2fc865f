# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules, hooks and audits: ``python -m role.schedule_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .lab import Lab, Run
from .scenarios import FLAG, counted, cut_elsewhere, failed, files, main, must, succeeded

PREFLIGHT, AUDIT = "ownrouter.ovhcloud.preflight", "ownrouter.ovhcloud.audit"


def hours(begin: int, end: int) -> tuple[str, str]:
    """From so many minutes after now to so many, by UTC."""
    at = [f"{datetime.now(UTC) + timedelta(minutes=minutes):%H:%M}" for minutes in (begin, end)]
    return ("-e", json.dumps({"router_pppoe_renew_between": f"{at[0]}-{at[1]} UTC"}))


def due_at_noon(lab: Lab) -> None:
    """What is due outside of its hours is told and not cut, and the router is repaired; in them it is asked for."""
    due = (*FLAG, "-e", "router_pppoe_max_age=1d")
    run = lab.play(*due, *hours(60, 120))
    succeeded(lab, run, changed=0, posts=0, hups=0)
    must("a new password is due, and is requested from" in run.said, "it says that it is due", run)
    must("UTC (20" in run.said and "on (router_pppoe_renew_between), not now" in run.said, "and when", run)
    must("Report of renew, 1 site: 1 unchanged." in run.said, "the report says so", run)
    must("At most 1 line will be cut" in run.said, "the first line says that it depends", run)
    cut_elsewhere(lab)
    lab.admin("PUT", "/state", {"mail_delay": 1})
    succeeded(lab, lab.play(*FLAG, *hours(60, 120)), changed=1, posts=0, hups=1)
    run = lab.play(*FLAG, "-e", "router_pppoe_renew_between=2-5")
    failed(lab, run, 0, 1, "router_pppoe_renew_between is '2-5'; it takes two times of the day and a time zone")
    run = lab.play(*FLAG, *hours(-5, 60), "-e", "router_pppoe_cooldown=0s")
    succeeded(lab, run, changed=1, posts=1, hups=2)


def jitter(lab: Lab) -> None:
    """A password that is older than max_age is not renewed before the line's own share of the jitter is over."""
    # The mail is 120 days old, and the share of ten years is more than an hour.
    words = (*FLAG, "-e", "router_pppoe_max_age=119d")
    succeeded(lab, lab.play(*words, "-e", "router_pppoe_max_age_jitter=3650d"), changed=0, posts=0, hups=0)
    run = lab.play(*words, "-e", "router_pppoe_max_age_jitter=7")
    failed(lab, run, 0, 0, "router_pppoe_max_age_jitter is '7'; it takes numbers with their units")
    succeeded(lab, lab.play(*words, "-e", "router_pppoe_max_age_jitter=1s"), changed=1, posts=1, hups=1)


def hook(lab: Lab, name: str, more: str = "") -> Path:
    """A task file of the user's own that notes when it was run, and what came of the line."""
    path = lab.top / f"{name}.yml"
    said = "{{ router_pppoe_service_name }} {{ router_pppoe_ended.outcome | default('') }}"
    path.write_text(
        f"- name: Note it\n  ansible.builtin.shell: \"echo '{name} {said}' >> {lab.top}/noted\"\n"
        f"  delegate_to: localhost\n  changed_when: false\n{more}",
        encoding="utf-8",
    )
    return path


def hooks(lab: Lab) -> None:
    """Before the cut and after the end, once each; a hook that fails stops before the request."""
    before, after = hook(lab, "before"), hook(lab, "after")
    words = (*FLAG, "-e", f"router_pppoe_before_cut={before}", "-e", f"router_pppoe_after={after}")
    noted = lab.top / "noted"

    def lines() -> list[str]:
        found = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
        noted.unlink(missing_ok=True)
        return found

    run = lab.play(*words, "--check")
    must(run.code == 0 and lines() == [], "check mode runs none", run)
    run = lab.play(*words)
    # With tasks of the user's own the request and the write are two tasks.
    succeeded(lab, run, changed=2, posts=1, hups=1)
    service = "xdsl-ab12345-1"
    must((seen := lines()) == [f"before {service} ", f"after {service} renewed"], f"each once, and not {seen}", run)
    run = lab.play(*words)
    succeeded(lab, run, changed=0, posts=1, hups=1)
    must((seen := lines()) == [f"after {service} unchanged"], f"nothing was cut, and not {seen}", run)
    again = (
        "-e",
        "router_pppoe_cooldown=0s",
        "-e",
        f"router_pppoe_renewed_since={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    )
    hook(lab, "before", "- ansible.builtin.fail: {msg: no downtime}\n")
    run = lab.play(*words, *again)
    failed(
        lab,
        run,
        1,
        1,
        "no downtime",
        "no new password was requested, and the router was not touched",
        "run the same command again",
    )
    must((seen := lines()) == [f"before {service} ", f"after {service} failed"], f"both, and not {seen}", run)
    for name, text, said in (
        ("none.yml", None, "there is no such task file"),
        ("bad.yml", "just: text\n", "is not a list of tasks"),
        ("tells.yml", "- ansible.builtin.debug: {var: router_pppoe_password}\n", "needs no_log: true"),
    ):
        if text:
            (lab.top / name).write_text(text, encoding="utf-8")
        for option in ("before_cut", "after"):
            run = lab.play("-e", f"router_pppoe_{option}={lab.top / name}", playbook=PREFLIGHT)
            must(run.code != 0 and said in run.said, f"a preflight says: {said}", run)
    counted(lab, run, 1, 1)


def downtime_not_set(lab: Lab) -> None:
    """The host of the monitoring is away, which is no failure to Ansible: the line is not cut all the same."""
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    away = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    lab.inventory.write_text(json.dumps({**inventory, "others": {"hosts": {"monitoring": away}}}), encoding="utf-8")
    path = lab.top / "downtime.yml"
    task = "- name: Downtime\n  ansible.builtin.command: 'true'\n  delegate_to: monitoring\n"
    for more, said in (
        ("", "registers no result: where that host cannot be reached"),
        ("  register: downtime\n", "the host of its task 'Downtime' could not be reached"),
    ):
        path.write_text(f"{task}{more}", encoding="utf-8")
        run = lab.play(*FLAG, "-e", f"router_pppoe_before_cut={path}")
        failed(lab, run, 0, 0, said, "router_pppoe_before_cut", "Report of renew, 1 site: 1 failed.")
    failed(lab, lab.play(*FLAG, "-e", "router_pppoe_before_cut=downtime.yml"), 0, 0, "takes an absolute path")


def told(run: Run, lab: Lab) -> dict[str, Any]:
    must((lab.top / "audit.json").is_file(), "there is a report", run)
    found: dict[str, Any] = json.loads((lab.top / "audit.json").read_text(encoding="utf-8"))
    return found


def audit(lab: Lab) -> None:
    """It changes nothing; it ends well where router and mail agree, and with another exit code where they do not."""
    report = ("-e", f"report={lab.top / 'audit.json'}")
    before = files(lab)

    def looked(*words: str) -> tuple[Run, dict[str, Any]]:
        run = lab.play(*report, *words, playbook=AUDIT)
        counted(lab, run, 0, 0)
        must(files(lab) == before, "no file of the router changed", run)
        must(lab.line()["password"] not in run.output, "no password is shown", run)
        return run, told(run, lab)

    # A key that may not renew is enough, and a flag in the inventory asks for nothing.
    state = lab.admin("GET", "/state")
    key = state["credentials"]["test-ck"]
    rules = [rule for rule in key["rules"] if rule["method"] == "GET"]
    lab.admin("PUT", "/state", {"credentials": {"test-ck": {**key, "rules": rules}}})
    run, found = looked(*FLAG)
    must(run.code == 0 and found["counts"] == {"agrees": 1}, "they agree", run)
    run, found = looked("-e", "older_than=90d")
    must(run.code != 0 and found["counts"] == {"found": 1}, "it is old", run)
    must("The password is 120 days old" in found["sites"][0]["why"], "and it says how old", run)
    run, found = looked("-e", "older_than=130d")
    must(run.code == 0, "it is not older than that", run)
    run = lab.play("-e", "older_than=90", playbook=AUDIT)
    must(run.code != 0 and "older_than is '90'" in run.said, "an age has a unit", run)
    lab.put_secret("another one")
    before = files(lab)
    run, found = looked()
    must("The router has another password than the latest" in found["sites"][0]["why"], "they differ", run)
    must(run.code != 0 and run.recap("failed") == 1, "and it ends so", run)
    cut_elsewhere(lab)
    run, found = looked()
    must("OVHcloud's last RADIUS entry is a refusal, at" in found["sites"][0]["why"], "it is refused", run)


def beyond_ppp(lab: Lab) -> None:
    """What has to answer over the line is looked for before the request, and waited for after the dial."""

    def words(server: socket.socket) -> tuple[str, ...]:
        wanted = {"router_pppoe_must_answer": [f"127.0.0.1:{server.getsockname()[1]}"], "router_pppoe_cooldown": "0s"}
        return (*FLAG, "-e", json.dumps(wanted))

    lab.admin("PUT", "/state", {"mail_delay": 1})
    run = lab.play(*FLAG, "-e", "router_pppoe_must_answer=example.org")
    failed(lab, run, 0, 0, "router_pppoe_must_answer has 'example.org'. It takes a host with a TCP port")
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        succeeded(lab, lab.play(*words(server)), changed=1, posts=1, hups=1)
        given = words(server)
    failed(lab, lab.play(*given), 1, 1, "(Connection refused) does not answer from here while the session is up")
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:

        def one_answer() -> None:
            server.accept()[0].close()
            server.close()

        threading.Thread(target=one_answer, daemon=True).start()
        run = lab.play(*words(server), "-e", "router_pppoe_session_timeout=4")
    failed(lab, run, 2, 2, "its new session is up", "did not answer within 4 s (router_pppoe_must_answer)")
    must(lab.line()["session"]["up"], "the line is up", run)


SCENARIOS: list[Callable[[Lab], None]] = [due_at_noon, jitter, hooks, downtime_not_set, audit, beyond_ppp]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
