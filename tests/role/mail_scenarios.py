# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and its mails: links, unknown and several ones: ``python -m role.mail_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from .commands import of_host
from .lab import LOGIN, SERVICE, Lab, Run
from .scenarios import CANARY, FLAG, counted, cut_elsewhere, failed, main, must, playbook, succeeded


def opened(lab: Lab, run: Run, times: int) -> None:
    """How often a link was opened, or tried."""
    calls = [call for call in lab.admin("GET", "/calls") if call["path"].endswith("/secret/retrieve")]
    must(len(calls) == times, f"{times} links opened, not {len(calls)}", run)


def links(lab: Lab, **settings: object) -> None:
    """From now on the mails give links."""
    lab.admin("PUT", "/state", {"mail_kind": "secret_link", **settings})


def clean(lab: Lab, run: Run) -> None:
    """Neither the password nor the id that opens the link was written anywhere."""
    needles = [*lab.admin("GET", "/state")["secrets"], CANARY, json.dumps(CANARY)[1:-1], "Kanarie", "7391"]
    must(not any(needle in run.output for needle in needles), "no secret in the output", run)
    allowed = {lab.etc / "chap-secrets", lab.etc / "pap-secrets", lab.top / "ovh.json"}
    for path in lab.top.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # pppd is alive: what it took away meanwhile was not left
            content = path.read_bytes() if path.is_file() and path not in allowed else b""
            must(not any(needle.encode() in content for needle in needles), f"no secret in {path}", run)


def link_renewal(lab: Lab) -> None:
    """The renewal opens the link once; the same command again, preflight and check mode do not open anything."""
    links(lab, next_password=CANARY)
    log = lab.top / "ansible.log"
    run = lab.play(*FLAG, "-vvvv", "--diff", ANSIBLE_LOG_PATH=str(log), ANSIBLE_DISPLAY_ARGS_TO_STDOUT="true")
    succeeded(lab, run, changed=1, posts=1, hups=1)
    must(lab.line()["password"] == CANARY, "the canary is the line's password", run)
    opened(lab, run, 1)
    clean(lab, run)
    must(log.exists(), "the log was looked at", run)
    run = lab.play(*FLAG, "--check")
    succeeded(lab, run, changed=0, posts=1, hups=1)
    run = lab.play("-vvvv")
    succeeded(lab, run, changed=0, posts=1, hups=1)
    must("gives a one-time link in place of the password" in run.output, "it says that the link is left alone", run)
    must("loses the password, unless a store keeps it" in " ".join(run.output.split()), "it advises a store", run)
    opened(lab, run, 1)
    clean(lab, run)


def link_converge(lab: Lab) -> None:
    """Renewed elsewhere, router offline: check mode predicts and does not open the link; the run opens it, once."""
    links(lab)
    cut_elsewhere(lab)
    run = lab.play("--check")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts the repair", run)
    must("A real run would open it" in run.output and "the router would be set" in run.output, "it says so", run)
    counted(lab, run, 0, 0)
    opened(lab, run, 0)
    run = lab.play()
    succeeded(lab, run, changed=1, posts=0, hups=1)
    opened(lab, run, 1)
    run = lab.play(playbook="ownrouter.ovhcloud.preflight")
    succeeded(lab, run, changed=0, posts=0, hups=1)
    # A platform that cannot tell the session: the RADIUS log shows that the mail's password is in use.
    run = lab.play(*one_that_writes_nothing(lab))
    succeeded(lab, run, changed=0, posts=0, hups=1)
    opened(lab, run, 1)


def one_that_writes_nothing(lab: Lab) -> list[str]:
    """The options of a platform of the user's own whose apply.yml fails."""
    folder = lab.top / "mine"
    folder.mkdir()
    fact = "- ansible.builtin.set_fact:\n    {}\n"
    probe = fact.format(f"router_pppoe_router: {{login: '{LOGIN}', writable: true}}")
    (folder / "probe.yml").write_text(probe, encoding="utf-8")
    (folder / "apply.yml").write_text("- ansible.builtin.fail:\n    msg: it is broken\n", encoding="utf-8")
    session = "router_pppoe_session: {up: true, address: 192.0.2.7, uptime: 99, error: ''}"
    (folder / "status.yml").write_text(fact.format(session), encoding="utf-8")
    return ["-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={folder}"]


def link_lost(lab: Lab) -> None:
    """A run that ends between opening the link and setting the router: the next one says what is lost, and what now."""
    links(lab)
    run = lab.play(*FLAG, *one_that_writes_nothing(lab))
    failed(lab, run, 1, 0, "it is broken")
    opened(lab, run, 1)
    run = lab.play(*FLAG)
    failed(lab, run, 1, 0, "in place of the password, and OVHcloud does not open it", "The router was not touched")
    opened(lab, run, 2)
    clean(lab, run)
    said = " ".join(run.output.split())
    must("To go on without a second request" not in said, "it promises nothing", run)
    # The two ways that the message gives: by hand ...
    handed = {"router_pppoe_login": LOGIN, "router_pppoe_password": lab.line()["password"]}
    by_hand, anew = of_host(run.output, "router1")
    must(by_hand.lead.endswith("With the password in hand"), "it gives the way by hand", run)
    must(by_hand.command.endswith("ownrouter.ovhcloud.by_hand"), "it gives the command", run)
    file = playbook(lab, "handed.json", json.dumps(handed))
    run = lab.play("-e", "target=router1", "-e", f"@{file}", playbook="ownrouter.ovhcloud.by_hand")
    succeeded(lab, run, changed=1, posts=1, hups=1)
    (lab.top / "handed.json").unlink()
    # ... and another renewal, by the very command of the message.
    must("router_pppoe_renewed_since=" in anew.command, "it gives the other way", run)
    run = lab.shell(anew.command)
    succeeded(lab, run, changed=1, posts=2, hups=2)
    opened(lab, run, 3)


def link_unknown(lab: Lab) -> None:
    """The answer to opening is lost: it is not tried again by itself, and the next run says that the link is gone."""
    links(lab)
    lab.admin("POST", "/faults", [{"method": "POST", "path": "/secret/retrieve", "kind": "cut_after", "times": 1}])
    run = lab.play(*FLAG)
    failed(lab, run, 1, 0, "whether the link is used up now is not known", "The router was not touched")
    opened(lab, run, 1)


def link_entry_point(lab: Lab) -> None:
    """The entry point credentials opens the link, because the password is what the caller wants."""
    links(lab)
    text = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: credentials
    - ansible.builtin.assert:
        that: router_pppoe_credentials.password | hash('sha256') == wanted
      no_log: true
      vars:
        wanted: "{{ lookup('ansible.builtin.env', 'WANTED') }}"
    - ansible.builtin.debug:
        msg: handed over
"""
    lab.admin("PUT", "/state", {"next_password": "Zq7-entry_9x"})
    wanted = hashlib.sha256(b"Zq7-entry_9x").hexdigest()
    run = lab.play(*FLAG, playbook=playbook(lab, "handover.yml", text), WANTED=wanted)
    must(run.code == 0 and "handed over" in run.output, "the run succeeds", run)
    counted(lab, run, 1, 0)
    opened(lab, run, 1)


def own_patterns(lab: Lab) -> None:
    """The user's own patterns are checked before the request, reach every module, and read the mail."""
    good = {
        "router_pppoe_mail_title": "(?i)identifiants",
        "router_pppoe_mail_login_pattern": r"^Identifiant : (\S+)$",
        "router_pppoe_mail_password_pattern": r"^Mot de passe : (?P<password>.+)$",
    }
    for name, value, said in (
        ("router_pppoe_mail_login_pattern", "no group", "mail_login_pattern has 0 groups"),
        ("router_pppoe_mail_password_pattern", "^Secret: (.+)$", "mail_password_pattern matches nothing in it"),
    ):
        file = playbook(lab, "patterns.json", json.dumps({**good, name: value}))
        run = lab.play(*FLAG, "-e", f"@{file}")
        failed(lab, run, 0, 0, said, "Nothing was changed: no new password was requested")
    file = playbook(lab, "patterns.json", json.dumps(good))
    succeeded(lab, lab.play(*FLAG, "-e", f"@{file}"), changed=1, posts=1, hups=1)
    # Every mail module got them: with a title that no mail has, the first request is not answered, and not sent again.
    file = playbook(lab, "patterns.json", json.dumps({**good, "router_pppoe_mail_title": "nothing"}))
    words = ("-e", "router_pppoe_max_age=1d", "-e", "router_pppoe_cooldown=0s", "-e", "router_pppoe_mail_timeout=2")
    failed(lab, lab.play(*FLAG, *words, "-e", f"@{file}"), 1, 1, "its title does not match router_pppoe_mail_title")


def two_renewals(lab: Lab) -> None:
    """Somebody else renews at the same time: the newest mail is taken, and both are told."""
    lab.admin("PUT", "/state", {"mail_delay": 9})

    def rotate() -> None:
        end = time.monotonic() + 120
        while not lab.posts() and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(1.5)
        lab.admin("POST", f"/line/{SERVICE}/rotate")

    other = threading.Thread(target=rotate, daemon=True)
    other.start()
    run = lab.play(*FLAG, "-e", "router_pppoe_mail_expected_after=16")
    other.join(1)
    succeeded(lab, run, changed=1, posts=1, hups=1)
    said = " ".join(run.output.split())
    mails = sorted(mail["at"] for mail in lab.admin("GET", "/state")["mails"])[-2:]
    for at in mails:
        date = datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        must(
            date in said.partition(f"More than one credentials mail of {SERVICE} came since")[2],
            f"it names {date}",
            run,
        )
    must("somebody else asked for the other. A mail may overtake another" in said, "it says so", run)


SCENARIOS: list[Callable[[Lab], None]] = [
    link_renewal,
    link_converge,
    link_lost,
    link_unknown,
    link_entry_point,
    own_patterns,
    two_renewals,
]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
