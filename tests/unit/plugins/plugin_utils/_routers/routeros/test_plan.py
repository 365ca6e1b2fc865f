# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a line on RouterOS, and what is refused, on the played router."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from routeros.driving import driver
from routeros.played import GOOD, LOGIN, Play, play
from routeros.router import Client, client_row
from routeros.words import Trap

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Dial,
    Interface,
    Provisioned,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.facts import WAITING

WANTED = Interface(device="ether1", vlan=835, mtu=1492, login=LOGIN)
ADDS = ["/interface/vlan/add", "/interface/pppoe-client/add", "/ipv6/dhcp-client/add"]


@pytest.fixture
def new() -> Play:
    """A router without a line."""
    found = play()
    found.router.tables["/interface/vlan"].rows.clear()
    found.router.clients.clear()
    return found


def provisioned(
    found: Play,
    wanted: Interface = WANTED,
    *,
    name: str = "pppoe-out1",
    check: bool = False,
    change: bool = False,
) -> Provisioned:
    made = driver(found, name).provision(wanted, check=check, change=change)
    assert isinstance(made, Provisioned)
    return made


def commands(found: Play) -> list[str]:
    return [words[0] for words in found.router.writes()]


def client(found: Play, user: str = LOGIN, **more: str) -> None:
    found.router.add(Client(client_row("pppoe-out1", user, "secret", **more), None))


def vlan(found: Play, name: str = "vlan835", interface: str = "ether1", **more: str) -> None:
    found.router.tables["/interface/vlan"].add({"name": name, "interface": interface, "vlan-id": "835", **more})


def test_a_new_router_gets_the_line_and_its_first_password(new: Play) -> None:
    made = provisioned(new)
    assert (made.changed, made.waiting, commands(new)) == (True, True, ADDS)
    words = f"name=pppoe-out1 interface=vlan835 max-mtu=1492 max-mru=1492 user={LOGIN} add-default-route=yes"
    assert made.diff == (
        "+/interface/vlan/add name=vlan835 interface=ether1 vlan-id=835",
        f"+/interface/pppoe-client/add {words} use-peer-dns=yes disabled=yes comment={WAITING}",
        "+/ipv6/dhcp-client/add interface=pppoe-out1 request=prefix pool-name=pppoe-out1 add-default-route=yes",
    )
    row = new.router.clients["*1"].row
    assert (row["disabled"], row["password"]) == ("true", "")
    again = provisioned(new)
    assert (again.changed, again.waiting, again.diff, commands(new)) == (False, True, (), ADDS)
    done = driver(new).apply(Credentials(LOGIN, GOOD), dial=Dial.AUTO, age=None, check=False)
    assert (done.written, done.dialled) == (True, True)
    assert new.sets() == [[f"=password={GOOD}", "=disabled=no", "=comment="]]
    assert provisioned(new) == Provisioned(changed=False, waiting=False)
    new.router.clients["*1"].end()


def test_check_mode_tells_the_same_and_writes_nothing(new: Play) -> None:
    predicted = provisioned(new, check=True)
    assert commands(new) == []
    assert predicted == provisioned(new)


def test_without_a_vlan_and_with_one_of_another_name(new: Play) -> None:
    provisioned(new, Interface("ether2", 0, 1492, "b"), name="pppoe-out2")
    assert commands(new) == ADDS[1:]
    vlan(new, "fibre")
    provisioned(new)
    assert ADDS[0] not in commands(new)
    assert [one.row["interface"] for one in new.router.clients.values()] == ["ether2", "fibre"]


def test_a_client_that_is_there_keeps_all_but_what_the_line_needs(new: Play) -> None:
    vlan(new)
    client(new, interface="ether1", profile="own")
    left = provisioned(new)
    assert [dataclasses.astuple(one) for one in left.differs] == [
        ("VLAN", "none", "835"),
        ("MTU", "auto", "1492"),
        ("IPv6", "off", "on"),
    ]
    assert not left.changed and commands(new) == [] and left.diff[0] == " pppoe-out1: VLAN none, not 835: left as it is"
    foretold = provisioned(new, change=True, check=True)
    assert foretold.changed and foretold.dials and commands(new) == []
    made = provisioned(new, change=True)
    assert not made.waiting and made.mark.at is not None and made.differs == left.differs
    assert made.diff[0] == "+/interface/pppoe-client/set .id=*1 interface=vlan835 max-mtu=1492 max-mru=1492"
    assert commands(new) == ["/interface/pppoe-client/set", "/ipv6/dhcp-client/add"]
    assert provisioned(new) == Provisioned(changed=False, waiting=False)
    assert new.router.clients["*1"].row["profile"] == "own"


def wrong_port(found: Play) -> None:
    found.router.ports.remove("ether1")


def bridged(found: Play) -> None:
    found.router.bridge_ports.append({".id": "*2", "interface": "ether1", "bridge": "bridge"})


def name_taken(found: Play) -> None:
    vlan(found, interface="ether2")


def vlan_disabled(found: Play) -> None:
    vlan(found, disabled="true")


def client_disabled(found: Play) -> None:
    client(found, interface="ether2", disabled="true")


def other_login(found: Play) -> None:
    client(found, interface="ether2", user="somebody")


def other_client(found: Play) -> None:
    vlan(found)
    found.router.add(Client(client_row("own", "somebody", "secret"), None))


def no_client(found: Play) -> None:
    found.router.ports.append("pppoe-out1")


def no_ipv6(found: Play) -> None:
    del found.router.tables["/ipv6/dhcp-client"]


def reads_only(found: Play) -> None:
    found.user("read", "api")


def reads_nothing(found: Play) -> None:
    found.user("api")


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (wrong_port, "router_option", r"no interface ether1; it has ether2, ether3\. Correct O\(device\)"),
        (bridged, "router_refused", r"port of the bridge bridge.*bridge port remove"),
        (name_taken, "router_refused", "The interface vlan835 is not VLAN 835 on ether1"),
        (vlan_disabled, "router_refused", r"The VLAN vlan835 is disabled.*vlan enable"),
        (client_disabled, "router_refused", "pppoe-out1 is disabled, and one that somebody disabled is not enabled"),
        (other_login, "router_option", f"dials with the login somebody, but the line has the login {LOGIN}"),
        (other_client, "router_option", r"The PPPoE client own dials on vlan835 already\. Set O\(interface\) to own"),
        (no_client, "router_option", "The interface pppoe-out1 is no PPPoE client"),
        (no_ipv6, "router_refused", "The router has no IPv6"),
        (reads_only, "router_refused", "lacks the policy write"),
        (reads_nothing, "router_refused", "does not let the user renew read"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_somebody_elses_is_refused_and_nothing_written(
    new: Play, change: Callable[[Play], None], code: str, said: str
) -> None:
    change(new)
    with pytest.raises(Failure, match=said) as error:
        provisioned(new)
    assert error.value.code == code
    assert new.router.writes() == []


def faulty(found: Play, menu: str, fault: Exception, times: int = 1) -> None:
    """Let a command fail that often; with a lost answer it has its effect."""
    rows, left = found.rows, [fault] * times

    def answer(words: list[str], timeout: float) -> list[dict[str, str]]:
        if words[0] != menu or not left:
            return rows(words, timeout)
        if isinstance(left[0], EOFError) and times == 1:
            rows(words, timeout)
        raise left.pop()

    found.rows = answer  # type: ignore[method-assign]  # a fault


def test_an_entry_whose_answer_was_lost_is_not_made_twice(new: Play) -> None:
    faulty(new, "/interface/vlan/add", EOFError())
    assert provisioned(new).changed
    assert commands(new) == ADDS


def test_an_entry_whose_answer_stays_lost_is_told(new: Play) -> None:
    faulty(new, "/interface/pppoe-client/add", EOFError(), times=2)
    with pytest.raises(Failure, match=r"The command /interface/pppoe-client/add .* had no answer") as error:
        provisioned(new)
    assert (error.value.code, error.value.outcome) == ("router_lost", Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("menu", "code", "said"),
    [
        ("/interface/vlan/add", "router_refused", "nothing was written before it"),
        ("/ipv6/dhcp-client/add", "router_write", "the 2 before it took effect"),
    ],
)
def test_a_refused_entry_says_what_is_there(new: Play, menu: str, code: str, said: str) -> None:
    faulty(new, menu, Trap("failure: not allowed by device-mode"))
    with pytest.raises(Failure, match="not allowed by device-mode") as error:
        provisioned(new)
    assert said in error.value.message
    assert (error.value.code, error.value.outcome) == (code, Outcome.REFUSED)


def test_the_commands_of_an_empty_router() -> None:
    waiting, commands = plans.plan(
        plans.Menus({"/interface": [{"name": "ether1"}], "/ipv6/dhcp-client": []}), "pppoe-out1", WANTED
    )
    assert waiting and [command[0] for command in commands] == ADDS
    assert plans.line_of_diff(commands[0]) == "+/interface/vlan/add name=vlan835 interface=ether1 vlan-id=835"


def test_a_port_that_is_not_there() -> None:
    with pytest.raises(Failure, match=r"has no interface ether1; it has sfp1\. Correct O.device.*Nothing was changed"):
        plans.plan(plans.Menus({"/interface": [{"name": "sfp1"}]}), "pppoe-out1", WANTED)
