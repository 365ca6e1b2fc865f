# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform vyos against a stand-in with VyOS's command line: see tests/sandbox/vyos."""

from __future__ import annotations

import contextlib
import itertools
import json
from typing import Any

import pytest
from router.plays import failures, play_phases
from router.site import SERVICE, Site
from vyos.config import Configuration, Refused, Schema, is_open, words
from vyos.running import Vyos

FLAG = ("-e", "router_pppoe_renew=true")
LINE_2, LOGIN_2 = "ftth-ab12345-2", "0320654321_1@adsl.ovh"
# Every printable ASCII character that VyOS takes and that can be typed at its command line.
SPECIAL = "Kanarie $HOME `id` a;b #c &d |e <f> (g) [h] {i} *j !k ~l ^m %n @o =p +q ,r .s :t -u _v /w 7391 "
#: No blank, and 64 characters at most: a mail with another password is refused.
CANARY = SPECIAL.replace(" ", "").replace("-u_v/w", "")
PASSWORD = "set interfaces pppoe pppoe0 authentication password "
LOOK = ["compare saved", "exit"]  # what preflight does in configuration mode


def router(world: Site, name: str = "r", password: str | None = None, service: str = SERVICE, **more: Any) -> Vyos:
    """A router on that line, with the line's password unless another is given."""
    line = world.line(service)
    own = line["password"] if password is None else password
    return Vyos(world.top / name, world.url, service, line["login"], own, **more)


def written(password: str) -> list[str]:
    """What is typed in configuration mode for one change, between preflight's look and its own end."""
    return [
        f"{PASSWORD}'{password}'",
        "compare",
        'commit comment "PPPoE credentials"',
        "exit",
        "compare saved",
        "save",
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


@pytest.mark.soak
def test_a_renewal_writes_once_and_dials_once(world: Site) -> None:
    """1.4: check mode, then the renewal at the highest verbosity with a canary. Once more: see test_mixed."""
    with router(world) as vyos:
        vyos.wait_for("up")
        world.write_inventory({"router1": vyos.inventory()})
        before = vyos.state()
        run = world.play(*FLAG, "--check", "--diff")
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
        assert vyos.typed() == LOOK

        world.admin("PUT", "/state", {"next_password": CANARY})
        log = world.top / "ansible.log"
        run = world.play(*FLAG, "-vvvvv", "--diff", ANSIBLE_LOG_PATH=str(log))
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 2, 1), run.output
        assert world.line()["password"] == CANARY
        assert world.line()["session"]["up"]
        assert vyos.typed() == [*LOOK, *LOOK, *written(CANARY)]
        assert [len(vyos.events(name)) for name in ("ppp restarted", "committed", "saved", "up")] == [2, 1, 1, 2]
        expected = [line for line in before if not line.startswith(PASSWORD)] + [f"{PASSWORD}'{CANARY}'"]
        assert vyos.state() == vyos.state("saved") == sorted(expected)
        assert log.exists()
        assert world.leaks(CANARY, run, allowed=[vyos.folder], forms=["Kanarie", "7391"]) == []


@pytest.mark.soak
def test_a_dead_password_is_repaired_on_the_older_release(world: Site) -> None:
    """1.3 says "user", has no log of the session: check mode, the repair, and nothing more to do."""
    with router(world, release="1.3") as vyos:
        vyos.wait_for("up")
        world.write_inventory({"router1": vyos.inventory()})
        world.admin("PUT", "/state", {"mail_delay": 0})
        world.admin("POST", f"/line/{SERVICE}/rotate")
        vyos.wait_for("refused")
        run = world.play("--check")
        assert (run.code, run.recap("changed")) == (0, 1), run.output
        assert vyos.typed() == LOOK
        run = world.play()
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
        assert vyos.typed() == [*LOOK, *LOOK, *written(world.line()["password"])]
        assert world.line()["session"]["up"]
        run = world.play()
        assert (run.code, run.recap("changed")) == (0, 0), run.output
        assert (len(vyos.events("ppp restarted")), len(vyos.events("committed"))) == (2, 1)


# One host goes all the way; the others begin where the flow looks at the router, which is before the request.
PREFLIGHT = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: "{{ 'main' if inventory_hostname == 'other_line' else 'preflight_router' }}"
"""


def test_what_could_not_finish_stops_before_the_request(world: Site) -> None:
    """Many routers in one run: each is told what is wrong with it, and none is touched."""
    said = {
        "absent": "the router has no pppoe7 (it has pppoe0). Set router_pppoe_interface.",
        "misnamed": "router_pppoe_interface is wan, but VyOS names its PPPoE interfaces pppoe0, pppoe1",
        "unreachable": "the router was not reached",
        "locked_out": "the router was not reached",
        "logging": "would log the password",
        "operator": "vyos may not enter the configuration mode",
        "disabled": "pppoe0 is disabled in its configuration",
        "demand": "pppoe0 dials on demand",
        "unsaved": "has changes that are not saved",
        "other_line": "another router or another line",
    }
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(router(world))
        base = ["set interfaces pppoe pppoe0 "]
        operator = stack.enter_context(router(world, "operator", level="operator"))
        disabled = stack.enter_context(router(world, "disabled", more=(base[0] + "disable",)))
        demand = stack.enter_context(router(world, "demand", more=(base[0] + "connect-on-demand",)))
        unsaved = stack.enter_context(
            router(world, "unsaved", unsaved=("set interfaces ethernet eth1 description LAN",))
        )
        hosts = {
            "absent": plain.inventory(router_pppoe_interface="pppoe7"),
            "misnamed": plain.inventory(router_pppoe_interface="wan"),
            "unreachable": plain.inventory(ansible_port=9),
            # Another user, because Ansible keeps one connection for a user of a router.
            "locked_out": plain.inventory(ansible_user="stranger"),
            "logging": plain.inventory(ansible_persistent_log_messages=True),
            "operator": operator.inventory(),
            "disabled": disabled.inventory(),
            "demand": demand.inventory(),
            "unsaved": unsaved.inventory(),
            "other_line": plain.inventory(router_pppoe_service_name=LINE_2),
        }
        world.write_inventory(hosts)
        (world.top / "preflight.yml").write_text(PREFLIGHT, encoding="utf-8")
        run = world.play(*FLAG, playbook=str(world.top / "preflight.yml"))
        assert run.code != 0
        assert world.posts() == []
        errors = failures(run)
        for name, words_ in said.items():
            assert words_ in errors.get(name, ""), run.output
            assert "no new password was asked for, and the router was not touched" in errors[name]
            assert f"-e target={name} -e router_pppoe_renew=true" in errors[name]
        for vyos in (plain, operator, disabled, demand, unsaved):
            assert set(vyos.typed()) <= set(LOOK)
            assert len(vyos.events("ppp restarted")) == 1


def by_hand(vyos: Vyos, password: str, **more: Any) -> dict[str, Any]:
    """An inventory entry that is handed this password."""
    login = next(line.split("'")[1] for line in vyos.state() if " authentication user" in line)
    return vyos.inventory(router_pppoe_login=login, router_pppoe_password=password, **more)


# One connection for many passwords: what the role does with one that was collected, and what it says.
EACH_PASSWORD = """
- hosts: routers
  gather_facts: false
  strategy: free
  tasks:
    - ansible.builtin.set_fact: {_router_pppoe_by_hand: true, said: []}
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: preflight_router
        public: true
    - ansible.builtin.include_tasks: one.yml
      loop: "{{ passwords }}"
      loop_control: {loop_var: wanted, label: one}
    - ansible.builtin.copy:
        content: "{{ said | to_json }}"
        dest: "{{ playbook_dir }}/said-{{ inventory_hostname }}.json"
        mode: "0600"
      delegate_to: localhost
"""
ONE = """
- vars:
    router_pppoe_login: "{{ router_pppoe_router.login }}"
    router_pppoe_password: "{{ wanted }}"
  block:
    - ansible.builtin.include_tasks: "{{ platform_dir }}/collect.yml"
    - ansible.builtin.include_tasks: "{{ platform_dir }}/apply.yml"
    - ansible.builtin.set_fact:
        said: "{{ said + ['changed' if router_pppoe_applied.changed else 'right'] }}"
  rescue:
    - ansible.builtin.set_fact:
        said: "{{ said + [ansible_failed_result.msg] }}"
"""


def test_passwords_are_written_as_they_are_or_refused_before_writing(world: Site) -> None:
    """Somebody who typed one by hand already, the second way that \\ needs, is not stopped by it."""
    refused = {
        "it's": "by hand neither",
        'say "x"': "by hand neither",
        "caf\u00e9": "by hand neither",
        "x" * 129: "by hand neither",
        "back\\slash": "with a second backslash beside each backslash",
        "what?": "Ctrl-V before each question mark",
    }
    plain = [" " + SPECIAL.rjust(127, "x")]  # the longest, with a blank at each end
    with router(world, "plain", password="old") as one, router(world, "typed", password="back\\\\slash") as typed:
        hosts = {
            "plain": one.inventory(passwords=[*plain, *refused]),
            "typed": typed.inventory(passwords=["back\\slash"]),
        }
        world.write_inventory(hosts)
        (world.top / "each.yml").write_text(EACH_PASSWORD, encoding="utf-8")
        (world.top / "one.yml").write_text(ONE, encoding="utf-8")
        role = world.collections[0] / "ansible_collections" / "ownrouter" / "ovhcloud" / "roles" / "router_pppoe"
        platform = f"platform_dir={role / 'tasks' / 'platforms' / 'vyos'}"
        run = world.play("--diff", "-e", platform, playbook=str(world.top / "each.yml"))
        assert (run.recap("failed", "plain"), run.recap("failed", "typed")) == (0, 0), run.output
        said = json.loads((world.top / "said-plain.json").read_text(encoding="utf-8"))
        assert said[: len(plain)] == ["changed"] * len(plain), said
        for (password, why), words_ in zip(refused.items(), said[len(plain) :], strict=True):
            assert "the router was not touched" in words_ and why in words_
            assert password not in words_
        assert one.typed() == [*LOOK, *itertools.chain.from_iterable(written(password) for password in plain)]
        assert json.loads((world.top / "said-typed.json").read_text(encoding="utf-8")) == ["right"]
        assert typed.typed() == LOOK
        assert "Kanarie" not in run.output


@pytest.mark.soak
def test_a_write_that_fails_says_where_the_line_stands(world: Site) -> None:
    """Nothing that had an effect is repeated, and the same command goes on."""
    right = world.line()["password"]
    faults = {
        "locked": "commit locked",
        "failing": "commit fails",
        "unsaved": "save fails",
        "lost": "lost after commit",
        "closed": "closed after commit",
        "gone": "gone after commit",
    }
    with contextlib.ExitStack() as stack:
        names = (*faults, "busy", "never")
        routers = {name: stack.enter_context(router(world, name, password="old")) for name in names}
        routers["busy"].order("commit locked")
        for name, fault in faults.items():
            routers[name].order(*[fault] * (12 if name == "locked" else 1))  # tried again until it is given up
        more = {"router_pppoe_session_timeout": 3}
        hosts = {name: by_hand(vyos, "wrong" if name == "never" else right, **more) for name, vyos in routers.items()}
        world.write_inventory(hosts)
        # These are tried again for a while, and nobody else waits for them.
        run = play_phases(world, ["preflight_router", "apply", "verify"], "--diff", "--limit", "locked,busy")
        assert right not in run.output
        told = failures(run)
        run = play_phases(world, ["preflight_router", "apply", "verify"], "--diff", "--limit", "!locked,!busy")
        told |= failures(run)
        assert "VyOS did not take the new password" in told["locked"], run.output
        assert "VyOS did not take the new password" in told["failing"]
        assert "the new password is in use, but not saved" in told["unsaved"]
        for name in ("lost", "closed"):
            assert "it does not answer since the write, so whether it has the new password is not known" in told[name]
        assert "no new session came up within 3 s (the router does not answer: " in told["gone"], run.output
        assert "the router was set, but no new session came up within 3 s" in told["never"]
        assert "the provider refused the login and password" in told["never"]
        for name in ("locked", "failing", "unsaved", "lost", "closed"):
            assert "Look on the router: configure; compare saved" in told[name]
        for name in (*faults, "never"):  # all of them are on one line here: whether "busy" keeps its session is chance
            assert f"ownrouter.ovhcloud.by_hand -e target={name}" in told[name], told[name]
        restarts = {name: len(vyos.events("ppp restarted")) for name, vyos in routers.items()}
        assert restarts == {name: 1 if name in ("locked", "failing") else 2 for name in names}
        assert routers["busy"].state() == routers["busy"].state("saved")
        assert f"{PASSWORD}'{right}'" in routers["busy"].state()
        assert right not in run.output

        # Without a look at the session: they take it from each other.
        run = play_phases(world, ["preflight_router", "apply"], "--limit", "unsaved,lost")
        assert run.code == 0, run.output
        for name in ("unsaved", "lost"):
            assert run.recap("changed", name) == 1
            assert routers[name].state() == routers[name].state("saved")
            assert routers[name].typed()[-5:] == [*LOOK, "compare saved", "save", "exit"]
            assert len(routers[name].events("ppp restarted")) == 2


@pytest.mark.soak
def test_a_router_that_knows_better_is_left_alone(world: Site) -> None:
    """Its session is younger than the latest mail, by its log (1.4) or by the RADIUS log alone (1.3)."""
    world.admin("PUT", "/state", {"mail_delay": 86400})
    for service in (SERVICE, LINE_2):
        world.admin("POST", f"/line/{service}/rotate")
    with router(world, "new") as new, router(world, "old", service=LINE_2, release="1.3") as old:
        new.wait_for("up")
        old.wait_for("up")
        world.write_inventory({"new": new.inventory(), "old": old.inventory()})
        run = world.play()
        assert (run.code, run.recap("changed", "new"), run.recap("changed", "old")) == (0, 0, 0), run.output
        assert run.said.count("so it has a newer one. The router is left alone") == 2
        assert new.typed() == old.typed() == LOOK


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
        assert (run.code, run.recap("changed", "new"), run.recap("changed", "old")) == (0, 3, 3), run.output
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
