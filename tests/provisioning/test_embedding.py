# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role within plays of others: each way to take it in, and what a play has set around it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ovh_api.world import LINE_2
from role.lab import SERVICE, Lab, Run
from role.scenarios import counted, failed, must, succeeded

ROLE = "ownrouter.ovhcloud.router_pppoe"
CREDENTIALS = {"name": ROLE, "tasks_from": "credentials"}
RIGHT = "router_pppoe_credentials.password == passwords[router_pppoe_credentials.service_name]"


def include(**more: Any) -> dict[str, Any]:
    return {"ansible.builtin.include_role": {"name": ROLE}, **more}


def right(service: str) -> dict[str, Any]:
    """What was handed out is that line's."""
    that = [f"router_pppoe_credentials.service_name == '{service}'", RIGHT]
    return {"ansible.builtin.assert": {"that": that}, "no_log": True}


def play(lab: Lab, plays: list[dict[str, Any]], *words: str, **environment: str) -> Run:
    path = lab.top / "site.yml"
    path.write_text(json.dumps([{"hosts": "routers", "gather_facts": False, **one} for one in plays]), encoding="utf-8")
    secrets = {line: lab.line(line)["password"] for line in (SERVICE, LINE_2)}
    given = lab.top / "passwords.json"
    given.write_text(json.dumps({"passwords": secrets}), encoding="utf-8")
    run = lab.play(*words, "-e", f"@{given}", playbook=str(path), **environment)
    for password in secrets.values():
        must(password not in run.output, "no password is shown", run)
    return run


def depends(lab: Lab) -> str:
    """A role of the user's own that this one is a dependency of."""
    top = lab.top / "roles" / "mine"
    for name, content in {
        "meta": {"dependencies": [{"role": ROLE, "router_pppoe_service_name": SERVICE}]},
        "tasks": [{"ansible.builtin.debug": {"msg": "behind the dependency"}}],
    }.items():
        (top / name).mkdir(parents=True)
        (top / name / "main.yml").write_text(json.dumps(content), encoding="utf-8")
    return "mine"


def test_a_looped_include(lab: Lab) -> None:
    """The cheap one of the gate; the other ways are below."""
    turn = {"ansible.builtin.include_role": CREDENTIALS, "loop": [SERVICE], "loop_control": {"loop_var": "line"}}
    tasks = [{**turn, "vars": {"router_pppoe_service_name": "{{ line }}"}}, right(SERVICE)]
    succeeded(lab, play(lab, [{"tasks": tasks}]), changed=0, posts=0, hups=0)


@pytest.mark.soak
def test_import_include_and_dependency(lab: Lab) -> None:
    """import_role, a role of the play, an include with public, a dependency: each finds the router right."""
    public = {
        "ansible.builtin.assert": {
            "that": ["router_pppoe_cooldown == '15m'", "not (router_pppoe_password | default(''))"],
        }
    }
    tasks = [
        {"ansible.builtin.import_role": {"name": ROLE}},
        {"ansible.builtin.include_role": {"name": ROLE, "public": True}},
        public,
    ]
    run = play(lab, [{"roles": [ROLE, depends(lab)], "tasks": tasks}])
    succeeded(lab, run, changed=0, posts=0, hups=0)
    must("behind the dependency" in run.output, "all of them", run)


@pytest.mark.soak
def test_in_a_loop(lab: Lab) -> None:
    """Each turn has its own line's login and password, and nothing stays behind the last one."""
    inner = lab.top / "line.yml"
    one = [
        {"ansible.builtin.include_role": CREDENTIALS, "vars": {"router_pppoe_service_name": "{{ line }}"}},
        {"ansible.builtin.assert": {"that": ["router_pppoe_credentials.service_name == line", RIGHT]}, "no_log": True},
    ]
    inner.write_text(json.dumps(one), encoding="utf-8")
    loop = {"loop": [SERVICE, LINE_2, SERVICE], "loop_control": {"loop_var": "line"}}
    forget = {"ansible.builtin.include_role": CREDENTIALS, "vars": {"router_pppoe_forget": True}}
    gone = {"ansible.builtin.assert": {"that": "not router_pppoe_credentials"}}
    tasks = [
        {"ansible.builtin.include_tasks": str(inner), **loop},
        {"ansible.builtin.include_role": CREDENTIALS, "vars": {"router_pppoe_service_name": "{{ line }}"}, **loop},
        right(SERVICE),
        forget,
        gone,
    ]
    run = play(lab, [{"tasks": tasks}])
    must(run.code == 0 and run.recap("changed") == 0, "each line its own", run)
    counted(lab, run, 0, 0)


@pytest.mark.soak
def test_tags(lab: Lab) -> None:
    """A tag of one's own: all of an import, and of an include by apply; of a bare include nothing."""
    applied = {"name": ROLE, "apply": {"tags": ["mine"]}}
    imported = {"ansible.builtin.import_role": {"name": ROLE}, "tags": ["mine"]}
    included = {"ansible.builtin.include_role": applied, "tags": ["mine"]}
    every = [include(tags=["mine"]), include()]
    for tag, tasks, found in (
        ("mine", [imported], True),
        ("mine", [included], True),
        ("mine", every, False),
        ("preflight", every, False),
        ("preflight", [imported], True),
    ):
        lab.admin("DELETE", "/calls")
        run = play(lab, [{"tasks": tasks}], "--tags", tag)
        must(run.code == 0 and run.recap("changed") <= 0, tag, run)
        must(bool(lab.admin("GET", "/calls")) is found, f"{tag}: something is asked, or nothing", run)
    # With the flag, nothing is half done.
    run = play(lab, [{"tasks": every}], "--tags", "mine", "-e", "router_pppoe_renew=true")
    counted(lab, run, 0, 0)
    bare = {"ansible.builtin.include_role": {"name": ROLE}, "tags": ["always"]}
    run = play(lab, [{"tasks": [bare]}], "--tags", "preflight,renew", "-e", "router_pppoe_renew=true")
    failed(lab, run, 0, 0, "tags")


@pytest.mark.soak
def test_values_of_a_survey(lab: Lab) -> None:
    """All are texts, and what was left out is empty."""
    empty = ("max_age", "renewed_since", "store", "store_vault_file", "replaces_login", "line_login", "provision_vlan")
    words = [word for name in empty for word in ("-e", f"router_pppoe_{name}=")]
    texts = ("renew=false", "mail_timeout=60", "provision=no", "session_timeout=20")
    words += [word for text in texts for word in ("-e", f"router_pppoe_{text}")]
    succeeded(lab, play(lab, [{"roles": [ROLE]}], *words), changed=0, posts=0, hups=0)
    wrong = play(lab, [{"roles": [ROLE]}], "-e", "router_pppoe_renew=perhaps")
    failed(lab, wrong, 0, 0, "router_pppoe_renew is 'perhaps', but it takes true or false")


@pytest.mark.soak
def test_what_a_play_sets(lab: Lab) -> None:
    """become, environment (the only place with the key), any_errors_fatal and run_once."""
    names = ("OVH_ENDPOINT", "OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY")
    key = {name: lab.environment()[name] for name in names}
    around = {"become": True, "environment": key, "any_errors_fatal": True}
    tasks = [
        include(),
        {"ansible.builtin.include_role": CREDENTIALS, "run_once": True},
        right(SERVICE),
        {"ansible.builtin.import_role": CREDENTIALS, "run_once": True},
        right(SERVICE),
    ]
    run = play(lab, [{**around, "tasks": tasks}], **dict.fromkeys(names, ""))
    must(run.code == 0 and run.recap("changed") == 0, "with what the play has", run)
    counted(lab, run, 0, 0)
    # Its fact would be every host's, whatever line that has.
    both = json.loads(lab.inventory.read_text(encoding="utf-8"))
    hosts = both["routers"]["hosts"]
    both["routers"]["hosts"] = {**hosts, "two": {**hosts["router1"], "router_pppoe_service_name": "ftth-ab12345-2"}}
    alone = lab.inventory.read_text(encoding="utf-8")
    lab.inventory.write_text(json.dumps(both), encoding="utf-8")
    applied = {"ansible.builtin.include_role": {**CREDENTIALS, "apply": {"run_once": True}}}
    run = play(lab, [{"tasks": [applied]}])
    failed(lab, run, 0, 0, "two would be handed login and password of xdsl-ab12345-1", "leave run_once out")
    lab.inventory.write_text(alone, encoding="utf-8")
    # A renewal is one task: another host that fails does not end it.
    renew = {**around, "tasks": [include(vars={"router_pppoe_renew": True})]}
    run = play(lab, [renew], **dict.fromkeys(names, ""))
    must(run.code == 0 and bool(lab.line()["session"]["up"]), "a renewal", run)
    counted(lab, run, 1, 1)
