# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store of the user's own: a folder with read.yml and write.yml, and the complete example for pass."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from platforms.needs import passwords
from role.lab import LOGIN, SERVICE, Lab, Run
from role.scenarios import CANARY, FLAG, counted, failed, must, succeeded

from provisioning.test_memory import HANDOVER, NEW_PASSWORD, handed

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "store" / "pass"
QUIET = {"no_log": True, "diff": False}


class Folder:
    """A store in one plain file, for the contract alone."""

    def __init__(self, lab: Lab) -> None:
        self.path = lab.top / "mine"
        self.path.mkdir()
        self.file = lab.top / "kept.json"
        text = f"{{{{ lookup('ansible.builtin.file', '{self.file}') | from_json }}}}"
        self.write(
            "read.yml",
            {"ansible.builtin.stat": {"path": str(self.file)}, "register": "_there", **QUIET},
            {"ansible.builtin.set_fact": {"router_pppoe_kept": {}}, **QUIET},
            {"ansible.builtin.set_fact": {"router_pppoe_kept": text}, "when": "_there.stat.exists", **QUIET},
        )
        copy = {"content": "{{ router_pppoe_keep | to_json }}", "dest": str(self.file), "mode": "0600"}
        self.write("write.yml", {"ansible.builtin.copy": copy, **QUIET})
        self.words = ("-e", f"router_pppoe_store={self.path}")

    def write(self, name: str, *tasks: dict[str, Any]) -> None:
        (self.path / name).write_text(json.dumps(tasks), encoding="utf-8")

    def kept(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        return found


def hand_over(lab: Lab, *words: str, **environment: str) -> Run:
    path = lab.top / "handover.yml"
    path.write_text(HANDOVER, encoding="utf-8")
    return lab.play(*words, playbook=str(path), **environment)


def test_the_contract(lab: Lab) -> None:
    """Filled by a site that is right, read in check mode, written once, and enough when the mail is gone."""
    store = Folder(lab)
    run = lab.play(*store.words, "--check")
    must(run.code == 0 and run.recap("changed") >= 1, "check mode predicts", run)
    assert not store.file.exists()
    run = lab.play(*store.words)
    must(run.code == 0, "the run succeeds", run)
    counted(lab, run, 0, 0)
    assert store.kept()["password"] == lab.line()["password"] and store.kept()["mail_date"]
    succeeded(lab, lab.play(*store.words), changed=0, posts=0, hups=0)
    lab.admin("DELETE", "/mails")
    lab.admin("DELETE", "/calls")
    run = hand_over(lab, *store.words, *FLAG, "-e", "router_pppoe_max_age=300d", "-vvvv", "--diff")
    must(run.code == 0 and handed(lab) == f"{LOGIN} {lab.line()['password']}", "it is handed over", run)
    must(lab.line()["password"] not in run.output and NEW_PASSWORD not in run.said, "nothing is shown", run)
    assert len(lab.admin("GET", "/calls")) <= 3
    lab.stop_pppd()
    lab.put_secret("none yet")
    run = lab.play(*store.words)
    must(run.code == 0 and bool(lab.line()["session"]["up"]), "the router is set from the store", run)
    counted(lab, run, 0, 0)


@pytest.mark.soak
def test_what_is_no_store(lab: Lab) -> None:
    """Each trouble stops before anything is asked for, with what to do."""
    store = Folder(lab)
    words = (*FLAG, *store.words)
    show = {"ansible.builtin.debug": {"msg": "{{ router_pppoe_keep.password }}"}}
    good = (store.path / "write.yml").read_text(encoding="utf-8")
    store.write("write.yml", show)
    failed(lab, lab.play(*words), 0, 0, "needs no_log: true", "Nothing was changed: no new password was requested")
    (store.path / "write.yml").unlink()
    failed(lab, lab.play(*words), 0, 0, "write.yml does not exist: a store is a folder with read.yml and write.yml")
    (store.path / "write.yml").write_text(good, encoding="utf-8")
    nothing = {"ansible.builtin.set_fact": {"router_pppoe_kept": {}}, **QUIET}
    store.write("read.yml", {**nothing, "run_once": True})
    failed(lab, lab.play(*words), 0, 0, "is done once for all hosts of a play", "Nothing was changed")
    store.write("read.yml", {"ansible.builtin.set_fact": {"router_pppoe_kept": {}, "cacheable": True}, **QUIET})
    failed(lab, lab.play(*words), 0, 0, "into the fact cache", "Nothing was changed")
    store.write("read.yml", {"ansible.builtin.fail": {"msg": "closed"}, **QUIET})
    failed(lab, lab.play(*words), 0, 0, "a task failed (its message is above)", "Nothing was changed")
    store.write("read.yml", {"ansible.builtin.set_fact": {"something": "else"}, **QUIET})
    failed(lab, lab.play(*words), 0, 0, "read.yml does not set the fact router_pppoe_kept")
    store.write("read.yml", {"ansible.builtin.set_fact": {"router_pppoe_kept": {"login": "x"}}, **QUIET})
    failed(lab, lab.play(*words, playbook="ownrouter.ovhcloud.preflight"), 0, 0, "has no password")


@pytest.mark.soak
def test_a_store_that_fails_after_the_request(lab: Lab) -> None:
    """The entry point hands over all the same: the line is down."""
    store = Folder(lab)
    store.write("write.yml", {"ansible.builtin.fail": {"msg": "not kept"}, **QUIET})
    run = hand_over(lab, *FLAG, *store.words)
    must(run.code == 0 and handed(lab) == f"{LOGIN} {lab.line()['password']}", "it is handed over", run)
    must("Login and password are handed over all the same" in run.said, "it says so", run)
    run = hand_over(lab, *store.words)
    must(run.code != 0 and "Deal with that, then" in run.said, "without a request it is a failure", run)
    counted(lab, run, 1, 0)


@pytest.mark.soak
def test_by_hand(lab: Lab) -> None:
    """What was typed is kept behind the proof of its session."""
    store = Folder(lab)
    lab.admin("PUT", "/state", {"mail_delay": 86400})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")
    typed = {"router_pppoe_login": LOGIN, "router_pppoe_password": lab.line()["password"]}
    (lab.top / "typed.json").write_text(json.dumps(typed), encoding="utf-8")
    words = ("-e", f"@{lab.top / 'typed.json'}", "-e", "target=router1", *store.words)
    run = lab.play(*words, playbook="ownrouter.ovhcloud.by_hand")
    must(run.code == 0, "by hand", run)
    assert store.kept()["password"] == lab.line()["password"] and store.kept()["kept_at"]
    succeeded(lab, lab.play(*store.words), changed=0, posts=0, hups=1)


@pytest.mark.soak
def test_pass(lab: Lab) -> None:
    """The example, with the real pass and GnuPG: a renewal with a canary, a night, and the mail's end."""
    there = passwords() / "usr" / "bin"
    home = lab.top / "gnupg"
    home.mkdir(mode=0o700)
    variables = {
        "GNUPGHOME": str(home),
        "PASSWORD_STORE_DIR": str(lab.top / "passwords"),
        "PATH": f"{there}:{lab.environment()['PATH']}",
    }
    environment = {**os.environ, **lab.environment(**variables)}
    key = (
        "gpg",
        "--batch",
        "--passphrase",
        "",
        "--quick-generate-key",
        "lines@example.org",
        "default",
        "default",
        "never",
    )
    try:
        for command in (key, ("pass", "init", "lines@example.org")):
            subprocess.run(command, env=environment, check=True, capture_output=True)
        lab.admin("PUT", "/state", {"next_password": CANARY})
        words = (*FLAG, "-e", "router_pppoe_max_age=90d", "-e", f"router_pppoe_store={EXAMPLE}")
        run = hand_over(lab, *words, "-vvvv", "--diff", **variables)
        must(run.code == 0 and handed(lab) == f"{LOGIN} {CANARY}", "renewed and handed over", run)
        (lab.top / "handed").unlink()
        assert lab.leaks(CANARY, run) == []
        lab.admin("DELETE", "/mails")
        run = lab.play(*words, **variables)
        succeeded(lab, run, changed=1, posts=1, hups=1)
        run = lab.play(*words, **variables)
        succeeded(lab, run, changed=0, posts=1, hups=1)
        shown = subprocess.run(
            ["pass", "show", f"router_pppoe/{SERVICE}"], env=environment, check=True, capture_output=True, text=True
        )
        assert shown.stdout.splitlines()[0] == CANARY and f"login: {LOGIN}" in shown.stdout
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False)


LOOP = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: credentials
      loop: [xdsl-ab12345-1, ftth-ab12345-2, xdsl-ab12345-1]
      loop_control:
        loop_var: line
      vars:
        router_pppoe_service_name: "{{ line }}"
    - ansible.builtin.copy:
        content: "{{ router_pppoe_credentials.service_name }} {{ router_pppoe_credentials.password }}"
        dest: "{{ playbook_dir }}/handed"
        mode: "0600"
      no_log: true
      diff: false
"""


@pytest.mark.soak
def test_every_entry_point_reads_it(lab: Lab) -> None:
    """Preflight and rehearsal prove it and write nothing; lines in one loop get what is theirs."""
    store = Folder(lab)
    run = lab.play(*store.words, playbook="ownrouter.ovhcloud.preflight")
    must(run.code == 0 and run.recap("changed") == 0 and "Your store was read." in run.said, "preflight", run)
    assert not store.file.exists()
    other = {"router_pppoe_kept": {"login": lab.line("ftth-ab12345-2")["login"], "password": "of another line"}}
    for_other = {"ansible.builtin.set_fact": other, "when": f"router_pppoe_service_name != '{SERVICE}'", **QUIET}
    tasks = json.loads((store.path / "read.yml").read_text(encoding="utf-8"))
    store.write("read.yml", *tasks, for_other)
    copy = {"content": "{{ router_pppoe_keep | to_json }}", "dest": str(store.file), "mode": "0600"}
    only = {"ansible.builtin.copy": copy, "when": f"router_pppoe_service_name == '{SERVICE}'", **QUIET}
    store.write("write.yml", only)
    (lab.top / "loop.yml").write_text(LOOP, encoding="utf-8")
    run = lab.play(*store.words, playbook=str(lab.top / "loop.yml"))
    must(run.code == 0 and handed(lab) == f"{SERVICE} {lab.line()['password']}", "the last line's", run)
    lab.admin("DELETE", "/mails")
    run = lab.play(*store.words, playbook=str(lab.top / "loop.yml"))
    must(run.code == 0 and run.recap("changed") == 0, "the store is enough", run)
    assert handed(lab) == f"{SERVICE} {lab.line()['password']}"
    run = lab.play(*store.words, "-t", "verify")
    succeeded(lab, run, changed=0, posts=0, hups=0)
    run = lab.play(*store.words, "--skip-tags", "store", "--check")
    succeeded(lab, run, changed=0, posts=0, hups=0)
