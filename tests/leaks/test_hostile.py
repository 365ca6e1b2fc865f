# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails that try to be evaluated, end to end; and a short run of the fuzzer."""

from __future__ import annotations

import json

import pytest
from role.lab import LOGIN, SERVICE, Lab
from role.scenarios import counted, must

from leaks.fuzz import fuzz

EVIL = "{{ lookup('pipe', 'touch evil') }}"


def test_templates_in_a_mail(lab: Lab) -> None:
    """Title, login and password that are templates: shown literally or refused, never evaluated."""
    before = (lab.etc / "chap-secrets").read_bytes()
    close = EVIL.replace(" ", "")
    for title, login, password in [
        (f"[{SERVICE}] Vos identifiants PPPoE {EVIL}", LOGIN, close),
        (f"[{SERVICE}] Vos identifiants PPPoE {EVIL}", close, "Kn7391Zq4Wx"),
        (f"[{SERVICE}] Vos identifiants PPPoE {EVIL}", "other_1@adsl.ovh", "Kn7391Zq4Wx"),
    ]:
        lab.admin("DELETE", "/mails")
        text = f"Bonjour,\n\nVos identifiants PPPoE de l'accès {SERVICE}.\n\nIdentifiant : {login}\n"
        lab.admin("POST", "/mails", {"title": title, "text": f"{text}Mot de passe : {password}\n", "age": 0})
        run = lab.play("-vvv")
        must("touch evil" in run.output or "touchevil" in run.output or run.code == 0, "the mail is named", run)
        assert (lab.etc / "chap-secrets").read_bytes() == before
    assert not list(lab.top.rglob("*evil*"))


@pytest.mark.soak
def test_a_template_by_hand(lab: Lab) -> None:
    """What a person types is a password, whatever it looks like: it stands literally in the router's file."""
    nasty = "{{7*191}}{%raw%}\\\"'"
    lab.admin("PUT", "/state", {"mail_delay": 86400, "next_password": nasty})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")
    given = {"router_pppoe_login": LOGIN, "router_pppoe_password": {"__ansible_unsafe": nasty}}
    (lab.top / "given.json").write_text(json.dumps(given), encoding="utf-8")
    run = lab.play("-e", f"@{lab.top / 'given.json'}", playbook="ownrouter.ovhcloud.by_hand")
    must(run.code == 0, "the run succeeds", run)
    counted(lab, run, 0, 1)
    assert "{{7*191}}{%raw%}" in (lab.etc / "chap-secrets").read_text(encoding="utf-8")


def test_fuzz_shortly() -> None:
    """Some hundred examples of each; five minutes of it are behind "make soak"."""
    assert all(fuzz(2).values())
