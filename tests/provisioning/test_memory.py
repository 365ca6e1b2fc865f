# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One memory: the store is written by every way to a password, and read by every way to a router."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from leaks.vaults import Vault
from role.lab import LOGIN, SERVICE, Lab, Run
from role.mail_scenarios import links, opened
from role.scenarios import FLAG, counted, failed, must, succeeded

HANDOVER = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: credentials
    - ansible.builtin.copy:
        content: "{{ router_pppoe_credentials.login }} {{ router_pppoe_credentials.password }}"
        dest: "{{ playbook_dir }}/handed"
        mode: "0600"
      no_log: true
      diff: false
    - name: Nothing else is left behind
      ansible.builtin.assert:
        that: not (router_pppoe_kept | default({}, true))
"""
NEW_PASSWORD = "ask for a new password"


def hand_over(lab: Lab, *words: str) -> Run:
    path = lab.top / "handover.yml"
    path.write_text(HANDOVER, encoding="utf-8")
    return lab.play(*words, playbook=str(path))


def handed(lab: Lab) -> str:
    return (lab.top / "handed").read_text(encoding="utf-8")


def stored(vault: Vault) -> dict[str, str]:
    return vault.entries()[SERVICE]


def requests(lab: Lab) -> list[str]:
    """What was asked since this was last called."""
    calls = [f"{call['method']} {call['path']}" for call in lab.admin("GET", "/calls")]
    lab.admin("DELETE", "/calls")
    return calls


def new_home(lab: Lab) -> None:
    for name in ("journal", "ansible", ".local"):
        shutil.rmtree(lab.top / name, ignore_errors=True)


def test_a_store_added_to_a_running_site(lab: Lab, vault: Vault) -> None:
    """It is filled by a run that finds the router right; then mail and router go, and it is enough."""
    run = lab.play(*vault.words, "--check")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts it", run)
    assert not vault.path.exists()
    run = lab.play(*vault.words)
    succeeded(lab, run, changed=1, posts=0, hups=0)
    found = stored(vault)
    mail = next(
        one for one in lab.admin("GET", "/state")["mails"] if SERVICE in one["title"] and "PPPoE" in one["title"]
    )
    assert (found["login"], found["password"]) == (LOGIN, lab.line()["password"])
    assert found["mail_id"] == mail["uuid"] and found["mail_date"].endswith("Z")
    requests(lab)
    before = vault.path.read_bytes()
    succeeded(lab, lab.play(*vault.words), changed=0, posts=0, hups=0)
    assert len(requests(lab)) <= 3 and vault.path.read_bytes() == before
    # The mail's life ends, and that of the home as well.
    lab.admin("DELETE", "/mails")
    new_home(lab)
    run = lab.play(*vault.words)
    succeeded(lab, run, changed=0, posts=0, hups=0)
    assert len(requests(lab)) <= 3 and NEW_PASSWORD not in run.said
    run = hand_over(lab, *vault.words)
    must(run.code == 0 and handed(lab) == f"{LOGIN} {lab.line()['password']}", "the store is handed over", run)
    assert len(requests(lab)) <= 3 and NEW_PASSWORD not in run.said
    # Another router, years later.
    lab.stop_pppd()
    lab.put_secret("none yet")
    run = lab.play(*vault.words)
    must(run.code == 0 and run.recap("changed") == 1, "the router is set from the store", run)
    counted(lab, run, 0, 0)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)
    assert vault.path.read_bytes() == before


@pytest.mark.soak
def test_a_link_is_opened_once(lab: Lab, vault: Vault) -> None:
    """By the renewal; then no night opens it, or says that it is gone."""
    links(lab)
    run = hand_over(lab, *FLAG, "-e", "router_pppoe_max_age=90d", *vault.words)
    must(run.code == 0, "the renewal", run)
    counted(lab, run, 1, 0)
    opened(lab, run, 1)
    found = stored(vault)
    assert found["requested_at"] and found["password"] == lab.line()["password"]
    # The caller's router is set by tasks of his own; here the role sets it, from the store.
    succeeded(lab, lab.play(*vault.words), changed=1, posts=1, hups=1)
    requests(lab)
    for words in ((), (*FLAG, "-e", "router_pppoe_max_age=90d")):
        for night in (hand_over, Lab.play):
            new_home(lab)
            run = night(lab, *words, *vault.words)
            must(run.code == 0 and run.recap("changed") in (0, 1), "a night", run)
            asked = requests(lab)
            assert len(asked) <= 3 and not any("secret" in one for one in asked), asked
            must("one-time link" not in run.said and NEW_PASSWORD not in run.said, "nothing is said", run)
    # Another renewal is due: its age is the store's, since the mail is gone.
    lab.admin("DELETE", "/mails")
    run = lab.play(*FLAG, "-e", "router_pppoe_max_age=1s", "-e", "router_pppoe_cooldown=0s", *vault.words)
    must(run.code == 0 and stored(vault)["password"] == lab.line()["password"] != found["password"], "renewed", run)


@pytest.mark.soak
def test_killed_behind_the_link(lab: Lab, vault: Vault) -> None:
    """A run that ends between store and router is finished from the store, whatever has become of link and home."""
    links(lab)
    words = ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={broken(lab)}")
    run = lab.play(*FLAG, *vault.words, *words)
    must(run.code != 0, "the router fails", run)
    opened(lab, run, 1)
    run = lab.play(*FLAG, *vault.words)
    succeeded(lab, run, changed=1, posts=1, hups=1)
    opened(lab, run, 1)


def broken(lab: Lab) -> Path:
    folder = lab.top / "mine"
    folder.mkdir()
    probe = f"- ansible.builtin.set_fact: {{router_pppoe_router: {{login: '{LOGIN}', writable: true}}}}\n"
    (folder / "probe.yml").write_text(probe, encoding="utf-8")
    down = "- ansible.builtin.set_fact: {router_pppoe_session: {up: false, address: '', uptime: '', error: ''}}\n"
    (folder / "status.yml").write_text(down, encoding="utf-8")
    (folder / "apply.yml").write_text("- ansible.builtin.fail: {msg: broken here}\n", encoding="utf-8")
    return folder


@pytest.mark.soak
def test_by_hand(lab: Lab, vault: Vault) -> None:
    """What a person typed is kept once a session shows it, and counts from then on; a wrong one never."""
    lab.admin("PUT", "/state", {"mail_delay": 86400})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")
    file = lab.top / "typed.json"
    words = ("-e", f"@{file}", "-e", "target=router1", *vault.words)
    file.write_text(json.dumps({"router_pppoe_login": LOGIN, "router_pppoe_password": "mistyped"}), encoding="utf-8")
    run = lab.play(*words, "-e", "router_pppoe_session_timeout=3", playbook="ownrouter.ovhcloud.by_hand")
    failed(lab, run, 0, 1, "See whether login and password were typed")
    assert not vault.path.exists()
    right = lab.line()["password"]
    file.write_text(json.dumps({"router_pppoe_login": LOGIN, "router_pppoe_password": right}), encoding="utf-8")
    run = lab.play(*words, playbook="ownrouter.ovhcloud.by_hand")
    must(run.code == 0 and "were written to" in run.said, "by hand", run)
    assert stored(vault)["password"] == right and set(stored(vault)) == {"login", "password", "kept_at"}
    succeeded(lab, lab.play(*vault.words), changed=0, posts=0, hups=2)
    run = hand_over(lab, *FLAG, "-e", "router_pppoe_max_age=90d", *vault.words)
    must(run.code == 0 and handed(lab) == f"{LOGIN} {right}", "a night by the store", run)
    counted(lab, run, 0, 2)
