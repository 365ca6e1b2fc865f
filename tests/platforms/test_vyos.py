# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform vyos against a stand-in with VyOS's command line: see tests/sandbox/vyos."""

from __future__ import annotations

import contextlib
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
        assert vyos.typed() == [*LOOK, *LOOK, *LOOK, *written(CANARY)]  # preflight's, and the proof before the request
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
        "absent": "The router has no pppoe7 (it has pppoe0). Set router_pppoe_interface.",
        "misnamed": "interface is wan, but VyOS names its PPPoE interfaces pppoe0, pppoe1",
        "unreachable": "The router cannot be reached",
        "locked_out": "Check ansible_user and its password or key",
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


def test_a_socket_with_too_long_a_path_has_its_remedy(world: Site) -> None:
    """ansible-core stops in starting the connection, before any of our code is asked: windmill pull request 10167."""
    with router(world) as vyos:
        world.write_inventory({"router1": vyos.inventory()})
        deep = str(world.top / ("x" * 100))
        run = world.play(playbook="ownrouter.ovhcloud.preflight", ANSIBLE_PERSISTENT_CONTROL_PATH_DIR=deep)
        assert "AF_UNIX path too long Set ANSIBLE_PERSISTENT_CONTROL_PATH_DIR to a short folder" in run.said, run.output
        assert run.recap("failed") == 1 and vyos.typed() == []


def by_hand(vyos: Vyos, password: str, **more: Any) -> dict[str, Any]:
    """An inventory entry that is handed this password."""
    login = next(line.split("'")[1] for line in vyos.state() if " authentication user" in line)
    return vyos.inventory(router_pppoe_login=login, router_pppoe_password=password, **more)


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
        "it's": "by hand neither",
        'say "x"': "by hand neither",
        "caf\u00e9": "by hand neither",
        "x" * 129: "by hand neither",
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
def test_a_write_that_fails_says_where_the_line_stands(world: Site) -> None:
    """Nothing that had an effect is repeated; what a lost connection left is looked at; the same command goes on."""
    right = world.line()["password"]
    faults = {
        "locked": ["commit locked"] * 99,  # waited for until it is given up
        "busy": ["commit locked", "set lingers"],
        "lost": ["lost after commit"],
        "closed": ["closed after commit"],
        "failing": ["commit fails"],
        "unsaved": ["save fails"],
        "gone": ["gone after commit"],
        "never": [],
    }
    well, ill = "locked,busy,lost,closed", "failing,unsaved,gone,never"
    with contextlib.ExitStack() as stack:
        routers = {name: stack.enter_context(router(world, name, password="old")) for name in faults}
        for name, orders in faults.items():
            routers[name].order(*orders)
        more = {"router_pppoe_session_timeout": 3}
        hosts = {name: by_hand(vyos, "wrong" if name == "never" else right, **more) for name, vyos in routers.items()}
        world.write_inventory(hosts)
        # Without a look at the session: they take it from each other, as all of them are on one line here.
        run = play_phases(world, ["preflight_router", "apply"], "--diff", "--limit", well)
        assert right not in run.output
        told = failures(run)
        assert list(told) == ["locked"], run.output
        run = play_phases(world, ["preflight_router", "apply", "verify"], "--diff", "--limit", ill)
        assert right not in run.output
        told |= failures(run)
        for name in ("locked", "failing"):
            assert "VyOS did not take the new password, and goes on with the old one" in told[name], run.output
        assert "Another commit has been in progress there for a minute" in told["locked"]
        assert "the new password is in use, but not saved" in told["unsaved"]
        for name in ("locked", "failing", "unsaved"):
            assert "Look on the router: configure; compare saved" in told[name]
        assert "no new session came up within 3 s (The router cannot be reached: " in told["gone"], run.output
        assert "the router was set, but no new session came up within 3 s" in told["never"]
        assert "the provider refused the login and password" in told["never"]
        for name in ("locked", *ill.split(",")):
            assert f"ownrouter.ovhcloud.by_hand -e target={name}" in told[name], told[name]
        restarts = {name: len(vyos.events("ppp restarted")) for name, vyos in routers.items()}
        assert restarts == {name: 1 if name in ("locked", "failing") else 2 for name in faults}
        for name in ("busy", "lost", "closed"):
            assert routers[name].state() == routers[name].state("saved")
            assert f"{PASSWORD}'{right}'" in routers[name].state()

        run = play_phases(world, ["preflight_router", "apply"], "--limit", "unsaved")
        assert (run.code, run.recap("changed", "unsaved")) == (0, 1), run.output
        vyos = routers["unsaved"]
        assert vyos.state() == vyos.state("saved") and len(vyos.events("ppp restarted")) == 2
        assert vyos.typed()[-8:] == [*LOOK, *LOOK, "compare saved", "save", "compare saved", "exit"]


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
