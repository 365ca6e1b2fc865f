# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new RouterOS router gets the line; routers in use are cells of tests/routers."""

from __future__ import annotations

import pytest
from role.site import LOGIN, SERVICE, Site
from routeros.client import Provider
from routeros.running import API_PASSWORD, NAME, Mikrotik
from routeros.server import make_certificate

FLAG = ("-e", "router_pppoe_renew=true")


def test_a_new_router_gets_the_line(world: Site) -> None:
    """VLAN, clients and login before the request, the password after it, one dial; then nothing to do."""
    mikrotik = Mikrotik(world.url, SERVICE, LOGIN, "none", ("read", "write"), answers=False)
    router = mikrotik.router
    router.clients, router.line = {}, Provider(world.url, SERVICE)
    router.tables["/interface/vlan"].rows.clear()
    more = {"router_pppoe_provision": True, "router_pppoe_provision_device": "ether1"}
    with mikrotik.running(make_certificate(world.top)) as given:
        world.write_inventory({"router1": {**given, **more}})
        run = world.play(*FLAG, "-vvvv", "--diff")
        assert (run.recap("failed"), run.recap("changed")) == (0, 2), run.output
        password = world.line()["password"]
        client = {"name": NAME, "interface": "vlan835", "max-mtu": "1492", "max-mru": "1492", "user": LOGIN}
        client |= {"add-default-route": "yes", "use-peer-dns": "yes", "disabled": "yes"}
        vlan = {"name": "vlan835", "interface": "ether1", "vlan-id": "835"}
        prefix = {"interface": NAME, "request": "prefix", "pool-name": NAME, "add-default-route": "yes"}
        enabled = {".id": "*1", "password": password, "disabled": "no", "comment": ""}
        made = [
            ("/interface/vlan/add", vlan),
            ("/interface/pppoe-client/add", {**client, "comment": "provisioned, waits for its first password"}),
            ("/ipv6/dhcp-client/add", prefix),
        ]
        expected = [*made, ("/interface/pppoe-client/set", enabled)]
        assert router.writes() == [
            [menu, *sorted(f"={key}={value}" for key, value in values.items())] for menu, values in expected
        ]
        for menu, values in made:
            words = " ".join(f"{key}={value}" for key, value in values.items())
            assert f"+{menu} {words}" in run.output.splitlines(), run.output
        assert world.leaks(password, run) == [] and world.leaks(API_PASSWORD, run, allowed=[world.inventory]) == []
        assert (router.clients["*1"].dials, world.line()["session"]["up"], len(world.posts())) == (1, True, 1)

        run = world.play(*FLAG)
        assert (run.recap("failed"), run.recap("changed")) == (0, 0), run.output
        assert len(router.writes()) == len(expected)


OLD = "fti/other@example.net"


@pytest.mark.soak
@pytest.mark.parametrize("there", [False, True], ids=["nothing", "another-provider"])
def test_on_a_brand_new_line(world: Site, there: bool) -> None:
    """Nothing tells the login: it comes with the mail, on a new client or in place of the old one."""
    mikrotik = Mikrotik(world.url, SERVICE, OLD, "of the other one", ("read", "write"), answers=there)
    router = mikrotik.router
    router.line = Provider(world.url, SERVICE)
    if not there:
        router.clients = {}
        router.tables["/interface/vlan"].rows.clear()
    world.admin("DELETE", "/mails")
    world.admin("PUT", "/state", {"lines": {SERVICE: {"radius": [], "session": {"up": False}}}})
    more = {} if there else {"router_pppoe_provision": True, "router_pppoe_provision_device": "ether1"}
    with mikrotik.running(make_certificate(world.top)) as given:
        world.write_inventory({"router1": {**given, **more}})
        if there:
            run = world.play(*FLAG)
            assert run.code != 0 and world.posts() == [] and router.writes() == [], run.output
            assert "set router_pppoe_replaces_login to it" in run.said
            world.write_inventory({"router1": {**given, "router_pppoe_replaces_login": OLD}})
        run = world.play(*FLAG)
        assert (run.code, len(world.posts())) == (0, 1), run.output
        client = next(one for one in router.clients.values() if one.row["name"] == NAME)
        line = world.line()
        assert (client.row["user"], client.row["password"], line["session"]["up"]) == (LOGIN, line["password"], True)
        for words in ((), FLAG):
            run = world.play(*words)
            assert (run.code, run.recap("changed"), len(world.posts())) == (0, 0, 1), run.output


@pytest.mark.soak
def test_a_client_that_differs(world: Site) -> None:
    """It is told and left; with the option it is changed, dials anew, and nothing is asked for."""
    mikrotik = Mikrotik(world.url, SERVICE, LOGIN, world.line()["password"], ("read", "write", "sensitive"))
    router = mikrotik.router
    router.clients = {number: one for number, one in router.clients.items() if one.row["name"] == NAME}
    more = {"router_pppoe_provision": True, "router_pppoe_provision_device": "ether1"}
    with mikrotik.running(make_certificate(world.top)) as given:
        world.write_inventory({"router1": {**given, **more}})
        for words in ((), ("--check", "--diff", "-e", "router_pppoe_provision_changes=true")):
            run = world.play(*words)
            assert (run.code, router.writes()) == (0, []) and "MTU auto instead of 1492" in run.said, run.output
            assert run.recap("changed") == len(words[:1]), run.output
        for changed in (1, 0):
            run = world.play("--diff", "-e", "router_pppoe_provision_changes=true")
            assert (run.code, run.recap("changed"), world.posts()) == (0, changed, []), run.output
            assert ("is now changed" in run.said) == bool(changed) and world.line()["session"]["up"]
