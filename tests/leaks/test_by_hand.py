# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finishing with credentials that a person read in the mail, on a control node that reaches nothing but the router."""

from __future__ import annotations

import json

import pytest
from role.lab import LOGIN, SERVICE, Lab
from role.scenarios import failed, must, succeeded

#: Nothing listens there: this control node has lost its way to OVHcloud.
OFFLINE = {"OVH_ENDPOINT": "http://127.0.0.1:9/1.0"}
BY_HAND = "ownrouter.ovhcloud.by_hand"
PASSWORD = "Kanarie'\"$;\\#<>&é:7391"


def cut(lab: Lab, password: str = PASSWORD) -> None:
    """Somebody asked for a new password, and its mail never comes to the history."""
    lab.admin("PUT", "/state", {"mail_delay": 86400, "next_password": password})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")


def flag_in_inventory(lab: Lab) -> None:
    path = lab.top / "inventory.json"
    inventory = json.loads(path.read_text(encoding="utf-8"))
    inventory["routers"]["hosts"]["router1"].update(router_pppoe_renew=True, router_pppoe_max_age="90d")
    path.write_text(json.dumps(inventory), encoding="utf-8")


def typed(lab: Lab, answers: dict[str, str], *words: str) -> tuple[int, str]:
    """Run the playbook on a terminal, and type an answer at each question."""
    run = lab.typed(lab.command(*words, playbook=BY_HAND), answers, **OFFLINE)
    return run.code, run.output


def test_typed_without_echo_and_without_ovhcloud(lab: Lab) -> None:
    """Both values are asked for, the password is not shown, and the router comes online without any API."""
    cut(lab)
    flag_in_inventory(lab)
    answers = {"the PPPoE login in the mail": LOGIN, "the PPPoE password in the mail": PASSWORD}
    code, seen = typed(lab, answers, "-vvvv", "--diff")
    assert code == 0, seen
    assert "Kanarie" not in seen and "7391" not in seen, seen
    assert "Login and password were given by hand, so the run goes on without it" in " ".join(seen.split()), seen
    assert "RADIUS log could not be asked" in " ".join(seen.split()), seen
    assert lab.line()["session"]["up"] and not lab.posts() and len(lab.events("hup")) == 1


def test_given_as_variables(lab: Lab) -> None:
    """As a survey gives them; a flag that stands in the inventory asks for nothing."""
    cut(lab)
    flag_in_inventory(lab)
    given = lab.top / "given.json"
    text = {"router_pppoe_login": LOGIN, "router_pppoe_password": {"__ansible_unsafe": PASSWORD}}
    given.write_text(json.dumps(text), encoding="utf-8")
    run = lab.play("-e", f"@{given}", "-vvv", playbook=BY_HAND)
    succeeded(lab, run, changed=1, posts=0, hups=1)
    must("Kanarie" not in run.output, "the password is not shown", run)


def test_nothing_handed_over(lab: Lab) -> None:
    """Where nobody can type: both commands of the message are given as they are, and finish the line."""
    cut(lab)
    run = lab.play(playbook=BY_HAND)
    failed(lab, run, 0, 0, "no login or no password was handed over", "Nothing was changed")
    typing, from_a_file = [line for line in run.output.splitlines() if line.startswith("ansible-playbook")][:2]
    given = {"router_pppoe_login": LOGIN, "router_pppoe_password": {"__ansible_unsafe": PASSWORD}}
    (lab.top / "by-hand.yml").write_text(json.dumps(given), encoding="utf-8")
    succeeded(lab, lab.shell(from_a_file, **OFFLINE), changed=1, posts=0, hups=1)
    answers = {"the PPPoE login in the mail": LOGIN, "the PPPoE password in the mail": PASSWORD}
    again = lab.typed(["bash", "-c", typing], answers, **OFFLINE)
    must(again.code == 0 and again.recap("changed") == 0, "typed, it finds the router set", again)


@pytest.mark.soak
def test_typed_wrongly(lab: Lab) -> None:
    """A wrong password says what to look at; a wrong login or a line break is refused before the router."""
    cut(lab)
    given = lab.top / "given.json"
    before = (lab.etc / "chap-secrets").read_bytes()
    for login, password, words in [
        (LOGIN, "two\nlines", "holds a line break or another control character"),
        ("another@adsl.ovh", "password1", "the login given by hand is another@adsl.ovh"),
    ]:
        given.write_text(json.dumps({"router_pppoe_login": login, "router_pppoe_password": password}), encoding="utf-8")
        failed(lab, lab.play("-e", f"@{given}", playbook=BY_HAND, **OFFLINE), 0, 0, words)
        assert (lab.etc / "chap-secrets").read_bytes() == before
    given.write_text(json.dumps({"router_pppoe_login": LOGIN, "router_pppoe_password": "typo"}), encoding="utf-8")
    run = lab.play("-e", f"@{given}", "-e", "router_pppoe_session_timeout=3", playbook=BY_HAND, **OFFLINE)
    failed(lab, run, 0, 1, "typed as they are in the newest mail", f"session_timeout=3 {BY_HAND}")
