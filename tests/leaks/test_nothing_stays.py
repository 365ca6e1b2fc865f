# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the role has ended, no variable of any host holds a password: all of them are shown and searched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from role.lab import LOGIN, SERVICE, Lab, Run
from role.scenarios import FLAG

from leaks.hunt import DONE, Hunt, talkative, watched
from leaks.test_secrets import APPLICATION_SECRET, CONSUMER_KEY, allowed, said, secret_keys

#: Of these tests alone: processes of others on this machine are sampled, too.
PASSWORD = "Vb6284Tk3Yz"
FULL = f"{PASSWORD}'\"$;\\#<>&é"
ROOT = Path(__file__).resolve().parents[2]
BY_HAND = "ownrouter.ovhcloud.by_hand"
QUESTIONS = {"the PPPoE login in the mail": LOGIN, "the PPPoE password in the mail": FULL}
#: What every variable is shown by, in a play of its own and behind the role.
SHOW: list[dict[str, Any]] = [{"ansible.builtin.debug": {"var": name}} for name in ("hostvars", "vars")]
#: Ansible's own lines for internals, and all that -vvvvv adds to -v.
LOUD = {"ANSIBLE_DEBUG": "1"}
VERY = ("-vvvvv", "--diff")


def site(lab: Lab, first: str | list[dict[str, Any]]) -> str:
    """A playbook: one of ours, or tasks for the router; then all variables of all hosts, whatever came before."""
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    inventory["all"] = {"hosts": {"localhost": {"ansible_connection": "local"}}}
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    play: dict[str, Any] = {"hosts": "all", "gather_facts": False}
    if isinstance(first, str):
        begin: dict[str, Any] = {"ansible.builtin.import_playbook": first}
    else:
        # A play goes on for the others when one host has failed.
        tasks = {"block": first, "when": "inventory_hostname == 'router1'", "always": SHOW}
        begin = {**play, "tasks": [tasks]}
    path = lab.top / "site.yml"
    path.write_text(yaml.safe_dump([begin, {**play, "tasks": SHOW}]), encoding="utf-8")
    return str(path)


def cut(lab: Lab, mail_delay: float = 0) -> None:
    """Somebody renews the password, and the router is offline."""
    lab.admin("PUT", "/state", {"next_password": FULL, "mail_delay": mail_delay})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")


def role(**variables: Any) -> dict[str, Any]:
    entry = variables.pop("tasks_from", "main")
    include = {"name": "ownrouter.ovhcloud.router_pppoe", "tasks_from": entry}
    return {"ansible.builtin.include_role": include, "vars": variables}


def shown(run: Run) -> Run:
    """That all variables were shown at all."""
    assert run.output.count('"hostvars": {') > 1 and run.output.count('"router_pppoe_service_name"') > 3, run.output
    DONE.append(Hunt({}, variables=len(re.findall(r'(?m)^ +"[A-Za-z_]\w*": ', run.output))))
    return run


def searched(lab: Lab, run: Run) -> Hunt:
    """What a run has shown and left in files; what passes meanwhile is for the tests that watch."""
    hunt = Hunt({"password": PASSWORD})
    hunt.look("output", run.output.encode())
    hunt.folder(lab.top, allowed(lab))
    DONE.append(hunt)
    return hunt


def platform(lab: Lab, apply: str) -> tuple[str, ...]:
    """A platform of the user's own that is offline, with this apply.yml."""
    folder = lab.top / "mine"
    folder.mkdir()
    facts = {
        "probe": {"router_pppoe_router": {"login": LOGIN, "writable": True}},
        "status": {"router_pppoe_session": {"up": False, "address": "", "uptime": "", "error": "offline"}},
    }
    for name, fact in facts.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump([{"ansible.builtin.set_fact": fact}]), encoding="utf-8")
    (folder / "apply.yml").write_text(apply, encoding="utf-8")
    return ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={folder}")


#: As the documentation's: what the router has is read, and what was written is kept in a variable of the user's.
READS = """
- ansible.builtin.command: {argv: [cat], stdin: "{{ router_pppoe_password }}"}
  register: mine_before
  no_log: true
  diff: false
- ansible.builtin.set_fact: {mine_wanted: "{{ router_pppoe_password }}"}
  no_log: true
- ansible.builtin.include_tasks: {file: more.yml, apply: {no_log: true}}
- ansible.builtin.set_fact: {router_pppoe_applied: {changed: true, dialled: true, error: ""}}
"""
MORE = '- ansible.builtin.command: {argv: [cat], stdin: "{{ mine_wanted }}"}\n  register: mine_again\n'
FAILS = """
- ansible.builtin.command: {argv: [sh, -c, "cat; exit 3"], stdin: "{{ router_pppoe_password }}"}
  no_log: true
  diff: false
"""


def test_after_a_renewal(lab: Lab) -> None:
    """Main, as one task, with everything that Ansible can tell of itself."""
    secret_keys(lab)
    lab.admin("PUT", "/state", {"next_password": FULL})
    hunt = Hunt({"password": PASSWORD, "application_secret": APPLICATION_SECRET, "consumer_key": CONSUMER_KEY})
    keys = {"OVH_APPLICATION_SECRET": APPLICATION_SECRET, "OVH_CONSUMER_KEY": CONSUMER_KEY}
    where = site(lab, "ownrouter.ovhcloud.renew")
    with watched(hunt):
        run = lab.play(*FLAG, *VERY, playbook=where, **talkative(lab.top), **LOUD, **keys)
    hunt.look("output", shown(said(run, 0)).output.encode())
    hunt.folder(lab.top, allowed(lab))
    assert lab.line()["password"] == FULL and len(lab.posts()) == 1
    assert {hit for hit in hunt.hits if hit[1] != "process environ" or hit[0] == "password"} == set()


@pytest.mark.parametrize(
    "apply", [pytest.param(READS, id="kept by tasks", marks=pytest.mark.soak), pytest.param(FAILS, id="a task fails")]
)
def test_after_tasks_of_the_users_own(lab: Lab, apply: str) -> None:
    """What tasks with no_log register, or set as fact, and what ansible-core keeps of one that failed.

    Without ANSIBLE_DEBUG, which shows what any module of anybody's is given and answers.
    """
    cut(lab)
    words = (*platform(lab, apply), "-e", "router_pppoe_session_timeout=1", *VERY)
    (lab.top / "mine" / "more.yml").write_text(MORE, encoding="utf-8")
    store = lab.top / "store.yml"
    store.write_text(
        '- ansible.builtin.command: {argv: [cat], stdin: "{{ router_pppoe_password }}"}\n'
        "  register: mine_stored\n  no_log: true\n  diff: false\n",
        encoding="utf-8",
    )
    words = (*words, "-e", f"router_pppoe_store={store}")
    where = site(lab, [role()])
    assert searched(lab, shown(said(lab.play(*words, playbook=where), 2))).hits == set()


def test_after_by_hand(lab: Lab) -> None:
    """What a person typed is gone, whether the run succeeds or stops before the router."""
    cut(lab, 86400)
    hunt = Hunt({"password": PASSWORD})
    where = site(lab, BY_HAND)
    with watched(hunt):
        for login, code in ((LOGIN, 0), ("another@adsl.ovh", 2)):
            answers = {**QUESTIONS, "the PPPoE login in the mail": login}
            run = lab.typed(lab.command(*VERY, playbook=where), answers, **LOUD)
            hunt.look("output", said(run, code).output.encode())
            if code == 0:
                shown(run)
                assert lab.line()["session"]["up"]
    hunt.folder(lab.top, allowed(lab))
    assert hunt.hits == set()


def example() -> list[dict[str, Any]]:
    """The tasks of the documentation for provisioning that renders a router's whole configuration."""
    text = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    found = next(one for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "router_pppoe_forget" in one)
    tasks: list[dict[str, Any]] = yaml.safe_load(found)
    return tasks


def test_after_the_credentials_were_taken_back(lab: Lab) -> None:
    """The documentation's example: the one fact holds the password until it is taken back, and nothing else does."""
    cut(lab)
    (lab.top / "router.conf.j2").write_text("{{ router_pppoe_credentials.password }}", encoding="utf-8")
    tasks = example()
    tasks[0]["vars"]["ansible_python_interpreter"] = "{{ ansible_playbook_python }}"
    tasks[0]["block"][1]["ansible.builtin.template"]["dest"] = str(lab.top / "etc-ppp" / "pap-secrets")
    facts = "hostvars.router1 | dict2items | selectattr('value', 'search', wanted) | map(attribute='key') | list"
    count = {
        "ansible.builtin.assert": {"that": f"({facts}) == ['router_pppoe_credentials']"},
        "vars": {"wanted": PASSWORD},
    }
    tasks[0]["block"].append({**count, "name": "In the one fact alone"})
    where = site(lab, tasks)
    hunt = searched(lab, shown(said(lab.play(*VERY, playbook=where, **LOUD), 0)))
    assert (lab.top / "etc-ppp" / "pap-secrets").read_text(encoding="utf-8") == FULL
    assert {place for _name, place in hunt.hits} <= {"site.yml"}


def test_what_was_handed_out_for_another_line(lab: Lab) -> None:
    """An include that fails leaves no credentials behind that are of the line before."""
    cut(lab)
    tasks = [
        role(tasks_from="credentials"),
        {**role(tasks_from="credentials", router_pppoe_service_name="xdsl-none-1"), "ignore_errors": True},
    ]
    run = shown(said(lab.play(playbook=site(lab, tasks)), 2, "is not an access of this account", SERVICE))
    assert PASSWORD not in run.output
