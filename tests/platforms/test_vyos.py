# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords and a new router of VyOS, against a stand-in (tests/sandbox/vyos); tests/routers has the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from role.site import SERVICE, Site
from vyos.config import Configuration, Refused, Schema, is_open, words
from vyos.running import Vyos

LINE_2 = "ftth-ab12345-2"
# Every printable ASCII character that VyOS takes and that can be typed at its command line.
SPECIAL = "Kanarie $HOME `id` a;b #c &d |e <f> (g) [h] {i} *j !k ~l ^m %n @o =p +q ,r .s :t -u _v /w 7391 "
PASSWORD = "set interfaces pppoe pppoe0 authentication password "
LOOK = ["compare saved", "exit"]  # what preflight does in configuration mode


def router(world: Site, name: str = "r", password: str | None = None, service: str = SERVICE, **more: Any) -> Vyos:
    """A router on that line, with the line's password unless another is given."""
    line = world.line(service)
    own = line["password"] if password is None else password
    return Vyos(world.top / name, world.url, service, line["login"], own, **more)


def written(password: str) -> list[str]:
    """What is typed in configuration mode for one change, its end included."""
    return [
        f"{PASSWORD}'{password}'",
        "compare",
        'commit comment "PPPoE credentials"',
        "compare saved",
        "save",
        "compare saved",
        "exit",
    ]


def test_the_standin_has_the_rules_of_the_shell_and_of_the_values() -> None:
    assert words('set a \'b $c \\ d\' "e\\"f" g\\ h') == ["set", "a", "b $c \\ d", 'e"f', "g h"]
    assert is_open("set a 'b")
    for line in ("show version | cat", "show $(id)", "a ; b"):
        with pytest.raises(Refused, match="Invalid command"):
            words(line)
    config = Configuration(Schema("1.4"))
    base = ("interfaces", "pppoe", "pppoe0", "authentication")
    for path, said in [
        ((*base, "user", "x"), r"\[user\] is not valid"),
        ((*base, "password", "it's"), "single quote"),
        ((*base, "password", 'say "x"'), "double quote"),
        ((*base, "password", "é"), "is not valid"),
        ((*base, "password", "x" * 129), "is not valid"),
        (("interfaces", "pppoe", "wan", "mtu", "1492"), "is not valid"),
    ]:
        with pytest.raises(Refused, match=said):
            config.set(path)
    assert config.set((*base, "password", "x")) == ""
    assert "already exists" in config.set((*base, "password", "x"))
    assert config.commands() == [f"{PASSWORD}'x'"]


# One connection for many passwords.
EACH_PASSWORD = """
- hosts: routers
  gather_facts: false
  strategy: free
  tasks:
    - ownrouter.ovhcloud.pppoe_client:
        platform: vyos
        state: set
        login: "{{ login }}"
        password: "{{ wanted }}"
      loop: "{{ passwords }}"
      loop_control: {loop_var: wanted, label: one}
      register: done
      no_log: true
      failed_when: false
    - ansible.builtin.copy:
        content: "{{ done.results | map(attribute='msg', default='') | zip(changed) | to_json }}"
        dest: "{{ playbook_dir }}/said-{{ inventory_hostname }}.json"
        mode: "0600"
      vars: {changed: "{{ done.results | map(attribute='changed') }}"}
      delegate_to: localhost
      connection: local
"""


def test_passwords_are_written_as_they_are_or_refused_before_writing(world: Site) -> None:
    """Somebody who typed one by hand already, the second way that \\ needs, is not stopped by it."""
    refused = {
        "it's": "not even typed by hand",
        'say "x"': "not even typed by hand",
        "caf\u00e9": "not even typed by hand",
        "x" * 129: "not even typed by hand",
        "back\\slash": "with a second backslash beside each backslash",
        "what?": "Ctrl-V before each question mark",
    }
    plain = " " + SPECIAL.rjust(127, "x")  # the longest, with a blank at each end
    with router(world, "plain", password="old") as one, router(world, "typed", password="back\\\\slash") as typed:
        login = world.line()["login"]
        hosts = {
            "plain": one.inventory(login=login, passwords=[plain, *refused]),
            "typed": typed.inventory(login=login, passwords=["back\\slash"]),
        }
        world.write_inventory(hosts)
        (world.top / "each.yml").write_text(EACH_PASSWORD, encoding="utf-8")
        run = world.play("--diff", playbook=str(world.top / "each.yml"))
        assert (run.recap("failed", "plain"), run.recap("failed", "typed")) == (0, 0), run.output
        said = json.loads((world.top / "said-plain.json").read_text(encoding="utf-8"))
        assert said[0] == ["", True], said
        for (password, why), (message, changed) in zip(refused.items(), said[1:], strict=True):
            assert "Nothing was written on the router." in message and why in message and not changed
            assert password not in message
        assert one.typed() == written(plain)
        assert json.loads((world.top / "said-typed.json").read_text(encoding="utf-8")) == [["", False]]
        assert typed.typed() == LOOK
        assert "Kanarie" not in run.output


@pytest.mark.soak
def test_a_new_router_gets_the_line(world: Site) -> None:
    """Both releases: the interface without a password before the request, the password after it, one dial."""
    bridge = ("set interfaces bridge br0 member interface eth1",)
    with (
        router(world, "new", line=False) as new,
        router(world, "old", service=LINE_2, release="1.3", line=False, more=bridge) as old,
    ):
        more = {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth0"}
        bridged = {**more, "router_pppoe_provision_device": "eth1"}
        hosts = {"new": new.inventory(**more), "old": old.inventory(**more), "bridged": old.inventory(**bridged)}
        world.write_inventory(hosts)
        run = world.play("-e", "router_pppoe_renew=true", "--diff", "--limit", "old,new")
        assert (run.code, run.recap("changed", "new"), run.recap("changed", "old")) == (0, 2, 2), run.output
        for vyos, service, word in ((new, SERVICE, "username"), (old, LINE_2, "user")):
            line = world.line(service)
            base = "set interfaces pppoe pppoe0"
            made = {
                "set interfaces ethernet eth0 vif 835",
                f"{base} source-interface 'eth0.835'",
                f"{base} mtu '1492'",
                f"{base} ipv6 address autoconf",
                f"{base} authentication {word} '{line['login']}'",
                f"{base} authentication password '{line['password']}'",
            }
            assert {
                one for one in vyos.state() if "eth0 hw-id" not in one and ("pppoe" in one or "eth0" in one)
            } == made
            assert vyos.state() == vyos.state("saved") and line["session"]["up"]
            assert len(vyos.events("committed")) == 2 and vyos.events("refused") == []
            assert f'password "{line["password"]}"' not in run.output
        assert len(world.posts()) == 2
        run = world.play("-e", "router_pppoe_renew=true", "--limit", "new,bridged")
        assert (run.recap("failed", "new"), run.recap("changed", "new")) == (0, 0), run.output
        assert run.recap("failed", "bridged") == 1 and "eth1 is a member of a bridge" in run.said, run.output
        assert (len(new.events("committed")), len(world.posts())) == (2, 2)


OLD = "fti/other@example.net"


@pytest.mark.soak
@pytest.mark.parametrize("there", [False, True], ids=["nothing", "another-provider"])
def test_on_a_brand_new_line(world: Site, there: bool) -> None:
    """Nothing tells the login: it comes with the mail, on a new interface or in place of the old one."""
    flag = ("-e", "router_pppoe_renew=true")
    world.admin("DELETE", "/mails")
    world.admin("PUT", "/state", {"lines": {SERVICE: {"radius": [], "session": {"up": False}}}})
    more = {} if there else {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth0"}
    with Vyos(
        world.top / "r", world.url, SERVICE, OLD, "of the other one", **({} if there else {"line": False})
    ) as vyos:
        world.write_inventory({"r": vyos.inventory(**more)})
        if there:
            run = world.play(*flag)
            assert run.code != 0 and world.posts() == [] and vyos.events("committed") == [], run.output
            assert "set router_pppoe_replaces_login to it" in run.said
            world.write_inventory({"r": vyos.inventory(router_pppoe_replaces_login=OLD)})
        run = world.play(*flag)
        line = world.line()
        assert (run.code, len(world.posts()), line["session"]["up"]) == (0, 1, True), run.output
        own = [one for one in vyos.state() if "pppoe0 authentication" in one]
        assert sorted(one.rpartition(" ")[2] for one in own) == sorted([f"'{line['login']}'", f"'{line['password']}'"])
        for words in ((), flag):
            run = world.play(*words)
            assert (run.code, run.recap("changed", "r"), len(world.posts())) == (0, 0, 1), run.output


@pytest.mark.soak
def test_an_interface_that_differs(world: Site) -> None:
    """It is told and left; with the option one commit changes it, and nothing is asked for."""
    more = {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth0"}
    changes = ("-e", "router_pppoe_provision_changes=true")
    with Vyos(world.top / "r", world.url, SERVICE, world.line()["login"], world.line()["password"]) as vyos:
        world.write_inventory({"r": vyos.inventory(**more)})
        for words in ((), ("--check", "--diff", *changes)):
            run = world.play(*words)
            assert (run.code, vyos.events("committed")) == (0, []) and "IPv6 off instead of on" in run.said, run.output
            assert run.recap("changed", "r") == len(words[:1]), run.output
        for changed in (1, 0):
            run = world.play("--diff", *changes)
            assert (run.code, run.recap("changed", "r"), world.posts()) == (0, changed, []), run.output
            assert ("is now changed" in run.said) == bool(changed) and world.line()["session"]["up"]
        assert len(vyos.events("committed")) == 1
