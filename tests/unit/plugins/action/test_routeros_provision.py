# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a line on RouterOS, and what is refused, on the local stand-in without the wire in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from routeros.router import Client, Trap, User, client_row
from routeros.router import Router as StandIn

from ansible_collections.ownrouter.ovhcloud.plugins.action import routeros_provision as action

WANTED = action.Wanted(client="pppoe-out1", device="ether1", vlan=835, mtu=1492, user="login@adsl.ovh")


def read(value: str) -> Any:
    """As the Python library reads a value."""
    return {"yes": True, "true": True, "no": False, "false": False}.get(value, int(value) if value.isdigit() else value)


class Direct(action.Router):
    def __init__(self, router: StandIn) -> None:
        super().__init__({"hostname": "192.0.2.1", "port": 8729, "username": "renew"})
        self.router = router

    def run(self, *words: str) -> list[dict[str, Any]]:
        try:
            replies = list(self.router.run("renew", list(words)))
        except Trap as trap:
            raise action.ApiError(f"the API cannot be used ({trap})") from trap
        rows = [dict(word[1:].partition("=")[::2] for word in reply[1:]) for reply in replies if reply[0] == "!re"]
        return [{key: read(value) for key, value in row.items()} for row in rows]


@pytest.fixture
def router() -> Iterator[Direct]:
    """A router without a line."""
    found = StandIn(users={"renew": User("x", frozenset(["read", "write", "api"]))})
    found.tables["/interface/vlan"].rows.clear()
    yield Direct(found)
    for one in found.clients.values():
        one.end()


def made(router: Direct, wanted: action.Wanted = WANTED) -> tuple[bool, list[str]]:
    """Plan and do; whether the client waits, and the commands."""
    waiting, commands = action.plan(router, wanted)
    for command in commands:
        router.run(*command)
    return waiting, [command[0] for command in commands]


def client(router: Direct, user: str = WANTED.user, **more: str) -> None:
    router.router.add(Client(client_row("pppoe-out1", user, "secret", **more), None))


def test_a_second_time_there_is_nothing_to_do(router: Direct) -> None:
    assert made(router) == (True, ["/interface/vlan/add", "/interface/pppoe-client/add", "/ipv6/dhcp-client/add"])
    assert made(router) == (True, [])
    row = router.router.clients["*1"].row
    assert (row["disabled"], row["password"]) == ("true", "")
    row.update({"disabled": "false", "password": "secret"})
    del row["comment"]
    assert made(router) == (False, [])


def test_without_a_vlan_and_with_one_of_another_name(router: Direct) -> None:
    assert made(router, action.Wanted("pppoe-out2", "ether2", 0, 1492, "b"))[1] == [
        "/interface/pppoe-client/add",
        "/ipv6/dhcp-client/add",
    ]
    router.run("/interface/vlan/add", "=name=fibre", "=interface=ether1", "=vlan-id=835")
    assert "/interface/vlan/add" not in made(router)[1]
    assert [one.row["interface"] for one in router.router.clients.values()] == ["ether2", "fibre"]


def test_a_client_that_is_there_keeps_all_but_what_the_line_needs(router: Direct) -> None:
    router.run("/interface/vlan/add", "=name=vlan835", "=interface=ether1", "=vlan-id=835")
    router.run("/ipv6/dhcp-client/add", "=interface=ether1", "=request=prefix")
    client(router, interface="ether1", profile="own")
    waiting, commands = action.plan(router, WANTED)
    assert not waiting
    assert commands[0] == [
        "/interface/pppoe-client/set",
        "=.id=*1",
        "=interface=vlan835",
        "=max-mtu=1492",
        "=max-mru=1492",
    ]
    assert made(router)[1] == ["/interface/pppoe-client/set", "/ipv6/dhcp-client/add"]
    assert made(router) == (False, [])
    assert router.router.clients["*1"].row["profile"] == "own"


def wrong_port(router: Direct) -> None:
    router.router.ports.remove("ether1")


def bridged(router: Direct) -> None:
    router.router.bridge_ports.append({".id": "*2", "interface": "ether1", "bridge": "bridge"})


def name_taken(router: Direct) -> None:
    router.run("/interface/vlan/add", "=name=vlan835", "=interface=ether2", "=vlan-id=835")


def vlan_disabled(router: Direct) -> None:
    router.run("/interface/vlan/add", "=name=vlan835", "=interface=ether1", "=vlan-id=835", "=disabled=true")


def client_disabled(router: Direct) -> None:
    client(router, interface="ether2", disabled="true")


def other_login(router: Direct) -> None:
    client(router, interface="ether2", user="somebody")


def other_client(router: Direct) -> None:
    router.run("/interface/vlan/add", "=name=vlan835", "=interface=ether1", "=vlan-id=835")
    router.router.add(Client(client_row("own", "somebody", "secret"), None))


def no_client(router: Direct) -> None:
    router.router.ports.append("pppoe-out1")


def no_ipv6(router: Direct) -> None:
    del router.router.tables["/ipv6/dhcp-client"]


def reads_only(router: Direct) -> None:
    router.router.users["renew"] = User("x", frozenset(["read", "api"]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (wrong_port, "no interface ether1; it has ether2, ether3"),
        (bridged, "port of the bridge bridge.*bridge port remove"),
        (name_taken, "the interface vlan835 is not VLAN 835 on ether1"),
        (vlan_disabled, "the VLAN vlan835 is disabled.*vlan enable"),
        (client_disabled, "pppoe-out1 is disabled, and this role does not enable it"),
        (other_login, "dials with the login somebody, but the line has the login login@adsl.ovh"),
        (other_client, "the PPPoE client own dials on vlan835 already"),
        (no_client, "the interface pppoe-out1 is no PPPoE client"),
        (no_ipv6, "the router has no IPv6"),
        (reads_only, "lacks the policy write"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_somebody_elses_is_refused_and_nothing_written(router: Direct, change: Any, said: str) -> None:
    change(router)
    before = [dict(one.row) for one in router.router.clients.values()], len(router.router.tables)
    with pytest.raises(action.Unfit, match=said):
        action.plan(router, WANTED)
    assert ([dict(one.row) for one in router.router.clients.values()], len(router.router.tables)) == before
