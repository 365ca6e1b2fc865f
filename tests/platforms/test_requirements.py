# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a platform needs is checked before anything is asked for, and a folder of one's own has to keep the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from role.plays import play_all
from role.site import LOGIN, Site

FLAG = ("-e", "router_pppoe_renew=true")
GOOD = {
    "probe.yml": f"- ansible.builtin.set_fact:\n    router_pppoe_router: {{login: '{LOGIN}', writable: true}}\n",
    "apply.yml": "- ansible.builtin.debug:\n    msg: '{{ router_pppoe_password }}'\n  no_log: true\n",
    "status.yml": "- ansible.builtin.set_fact:\n    router_pppoe_session: {up: true, address: 192.0.2.7}\n",
}


def folder(where: Path, **files: str | None) -> str:
    """A platform of one's own: the good files, with others in their place (None: without it)."""
    where.mkdir()
    for name, text in {
        **GOOD,
        **{name if "." in name else f"{name}.yml": text for name, text in files.items()},
    }.items():
        if text is not None:
            (where / name).write_text(text, encoding="utf-8")
    return str(where)


def test_what_is_missing_stops_before_the_request(bare_world: Site) -> None:
    needs = json.dumps({"collections": ["ansible.netcommon>=1.0"], "python": ["ovh>=1.0", "no-such-package | jinja2"]})
    mine = folder(bare_world.top / "mine", **{"requirements.json": needs})
    router = {"ansible_connection": "local", "router_pppoe_platform": "custom", "router_pppoe_platform_dir": mine}
    bare_world.write_inventory({"router1": router})
    run = bare_world.play(*FLAG)
    assert run.code != 0, run.output
    assert "ansible-galaxy collection install 'ansible.netcommon:>=1.0'" in run.said, run.output
    assert "Nothing was changed: no new password was requested" in run.said, run.output
    assert bare_world.posts() == []


def test_what_is_installed_is_taken(world: Site) -> None:
    """One of two packages is enough; the collections of other routers are found where Ansible finds them."""
    needs = json.dumps({"collections": ["ansible.netcommon>=1.0"], "python": ["ovh>=1.0", "no-such-package | jinja2"]})
    mine = folder(world.top / "mine", **{"requirements.json": needs})
    router = {"ansible_connection": "local", "router_pppoe_platform": "custom", "router_pppoe_platform_dir": mine}
    world.write_inventory({"router1": router})
    run = world.play("-t", "preflight")
    assert run.code == 0, run.output


def test_a_folder_that_sets_the_wrong_facts_stops_before_the_request(bare_world: Site) -> None:
    """Named with the file and the key; a folder that keeps the contract goes on."""
    fact = "- ansible.builtin.set_fact:\n    {}\n"
    cases: dict[str, tuple[dict[str, str | None], str]] = {
        "nothing": (
            {"probe": "- ansible.builtin.debug:\n"},
            "nothing/probe.yml does not set the fact router_pppoe_router",
        ),
        "login": (
            {"probe": fact.format("router_pppoe_router: {writable: true}")},
            "login/probe.yml sets router_pppoe_router without the key login",
        ),
        "writable": (
            {"probe": fact.format(f"router_pppoe_router: {{login: '{LOGIN}'}}")},
            "writable/probe.yml sets router_pppoe_router without the key writable",
        ),
        "session": (
            {"status": "- ansible.builtin.debug:\n"},
            "session/status.yml does not set the fact router_pppoe_session",
        ),
        "up": (
            {"status": fact.format("router_pppoe_session: {address: 192.0.2.7}")},
            "up/status.yml sets router_pppoe_session without the key up",
        ),
        "good": ({}, ""),
    }
    router = {"ansible_connection": "local", "ansible_host": "127.0.0.1", "router_pppoe_platform": "custom"}
    hosts = {
        name: {**router, "router_pppoe_platform_dir": folder(bare_world.top / name, **files)}
        for name, (files, _said) in cases.items()
    }
    bare_world.write_inventory(hosts)
    play = "- hosts: routers\n  gather_facts: false\n  roles: [ownrouter.ovhcloud.router_pppoe]\n"
    (bare_world.top / "play.yml").write_text(play, encoding="utf-8")
    run = bare_world.play(*FLAG, "-t", "preflight", "-f", "10", playbook=str(bare_world.top / "play.yml"))
    assert run.recap("failed", "good") == 0, run.output
    for name, (_files, said) in cases.items():
        assert said in run.said, run.output
        assert run.recap("failed", name) == (1 if said else 0), run.output
    assert bare_world.posts() == []


# Its "router" is a folder: the interface is a file, and so is the password that apply.yml gives it.
PROVISION = """
- ansible.builtin.copy:
    content: "{{ router_pppoe_provision_wanted | to_json }}"
    dest: WHERE/interface.json
    mode: "0600"
  register: made
- ansible.builtin.set_fact:
    router_pppoe_provisioned:
      changed: "{{ made.changed }}"
      waiting: "{{ 'WHERE/password' is not ansible.builtin.file }}"
      error: ""
"""
PROBE = """
- ansible.builtin.set_fact:
    router_pppoe_router: "{{ {'login': (lookup('file', 'WHERE/interface.json') | from_json).login, 'writable': true} }}"
    router_pppoe_session: {up: true, address: 192.0.2.7, uptime: "1", error: ""}
"""
APPLY = """
- ansible.builtin.copy:
    content: "{{ router_pppoe_password }}"
    dest: WHERE/password
    mode: "0600"
  register: written
  no_log: true
  diff: false
- ansible.builtin.set_fact:
    router_pppoe_applied: {changed: "{{ written.changed }}", dialled: "{{ written.changed }}", error: ""}
"""
STATUS = """
- ansible.builtin.set_fact:
    router_pppoe_session:
      up: "{{ 'WHERE/password' is ansible.builtin.file }}"
      address: 192.0.2.7
      uptime: "0"
      error: ""
"""


@pytest.mark.soak
def test_a_folder_that_provisions(bare_world: Site) -> None:
    """It is told what the line needs, makes it before the request, and is not probed as long as it waits."""
    made = bare_world.top / "made"
    made.mkdir()
    own = {"provision": PROVISION, "probe": PROBE, "apply": APPLY, "status": STATUS}
    good = {name: text.replace("WHERE", str(made)) for name, text in own.items()}
    folders: dict[str, dict[str, str | None]] = {
        "good": {**good},
        "silent": {"provision": "- ansible.builtin.debug:\n"},
        "unfit": {
            "provision": "- ansible.builtin.set_fact:\n"
            "    router_pppoe_provisioned: {changed: false, waiting: false, error: eth9 is a port of a bridge}\n"
        },
        "unable": {},
    }
    router = {
        "ansible_connection": "local",
        "router_pppoe_platform": "custom",
        "router_pppoe_interface": "wan7",
        "router_pppoe_provision": True,
        "router_pppoe_provision_device": "eth9",
    }
    hosts = {
        name: {**router, "router_pppoe_platform_dir": folder(bare_world.top / name, **files)}
        for name, files in folders.items()
    }
    bare_world.write_inventory(hosts)

    run = play_all(bare_world, *FLAG, "-e", "wanted_strategy=free", "--limit", "silent,unfit,unable")
    assert "provision.yml does not set the fact router_pppoe_provisioned" in run.said, run.output
    assert "eth9 is a port of a bridge. Nothing was changed: no new password was requested" in run.said
    assert "the platform custom cannot provision" in run.said
    assert [run.recap("failed", name) for name in ("silent", "unfit", "unable")] == [1, 1, 1]

    run = bare_world.play(*FLAG, "--limit", "good", "--check", "--diff")
    assert (run.recap("failed", "good"), run.recap("changed", "good")) == (0, 2), run.output
    assert (list(made.iterdir()), bare_world.posts()) == ([], [])

    run = bare_world.play(*FLAG, "--limit", "good")
    assert (run.recap("failed", "good"), run.recap("changed", "good")) == (0, 3), run.output
    line = json.loads((made / "interface.json").read_text(encoding="utf-8"))
    assert line == {"interface": "wan7", "device": "eth9", "vlan": 835, "mtu": 1492, "login": LOGIN}
    assert (made / "password").read_text(encoding="utf-8") == bare_world.line()["password"]

    run = bare_world.play(*FLAG, "--limit", "good")
    assert (run.recap("failed", "good"), run.recap("changed", "good")) == (0, 0), run.output
    assert len(bare_world.posts()) == 1
