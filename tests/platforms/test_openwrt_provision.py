# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provisioning on the platform "openwrt": the interface of the line on a router that does not have it yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from openwrt.box import Box
from role.site import LOGIN, SERVICE, Site
from routeros.router import Provider

from .needs import find
from .test_openwrt import FLAG, RELOAD, gate, router

LINE_2 = "ftth-ab12345-2"
MADE = {"proto": "pppoe", "device": "eth1.835", "mtu": "1492", "ipv6": "auto", "username": LOGIN}
WRITE = ["uci", "-q", "batch", "set network.wan", *(f"set network.wan.{name}" for name in MADE), "commit network"]
PLAY = """
- hosts: routers
  gather_facts: false
  strategy: free
  roles: [ownrouter.ovhcloud.router_pppoe]
"""

Make = Callable[[str], Box]


@pytest.fixture
def make(world: Site) -> Iterator[Make]:
    """Routers with that section "wan"."""
    with ExitStack() as stack:

        def made(wan: str) -> Box:
            root = world.top / f"router-{len(list(world.top.glob('router-*')))}"
            provider = Provider(world.url, SERVICE)
            return stack.enter_context(
                Box(root, provider, LOGIN, world.line()["password"], Path(find("busybox")), wan=wan)
            )

        yield made


@pytest.mark.soak
def test_a_new_router_gets_the_line(world: Site, make: Make) -> None:
    """Check mode predicts, the run provisions and asks and dials once, the same command again does nothing.

    Beside it, one host for each reason to refuse: nobody's password is requested.
    """
    box = make("")
    world.admin("PUT", "/state", {"lines": {LINE_2: {"access": {"provider": "new", "providerInfra": "NEW"}}}})
    before = box.network.read_bytes()
    new = {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth1"}
    reasons: dict[str, tuple[dict[str, Any], str]] = {
        "no-device": (
            {"router_pppoe_provision_device": ""},
            "set without router_pppoe_provision_device - name the port",
        ),
        "static": ({"router_pppoe_interface": "lan"}, "exists with the protocol static, and is not taken over"),
        "no-vlan": ({"router_pppoe_service_name": LINE_2}, "Set router_pppoe_provision_vlan: 835, 4001, 4070, or 0"),
    }
    (world.top / "all.yml").write_text(PLAY, encoding="utf-8")
    with gate(world, box) as server:
        world.write_inventory(
            {"router1": router(server, **new)}
            | {name: router(server, **{**new, **more}) for name, (more, _said) in reasons.items()}
        )
        run = world.play(*FLAG, "--check", "--diff", playbook=str(world.top / "all.yml"))
        for name, (_more, said) in reasons.items():
            assert run.recap("failed", name) == 1 and said in run.said, f"{name}\n{run.output}"
        assert (run.recap("failed"), run.recap("changed")) == (0, 2), run.output
        for line in ("+network.wan=interface", *(f"+network.wan.{name}='{value}'" for name, value in MADE.items())):
            assert line in run.output.splitlines(), run.output
        assert box.writes() == [] and box.network.read_bytes() == before and world.posts() == []

        run = world.play(*FLAG, "--diff", "--limit", "router1")
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 2, 1), run.output
        password = world.line()["password"]
        assert box.writes() == [
            WRITE,
            ["uci", "-q", "batch", "set network.wan.username", "set network.wan.password", "commit network"],
            RELOAD,
        ]
        assert box.uci.load("network", pending=False)["wan"].options == {**MADE, "password": password}
        assert box.network.read_bytes().startswith(before.rstrip(b"\n")), "another section was touched"
        assert (box.netifd.dials, world.line()["session"]["up"]) == (1, True)
        assert world.leaks(password, run, allowed=[box.network]) == []

        run = world.play(*FLAG, "--limit", "router1")
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 0, 1), run.output
        assert len(box.writes()) == 3


OLD = "other@example.net"


@pytest.mark.soak
@pytest.mark.parametrize("wan", ["", "of another provider"])
def test_on_a_brand_new_line(world: Site, make: Make, wan: str) -> None:
    """Nothing tells the login: it comes with the mail, on a new interface or in place of the old one."""
    section = f"""config interface 'wan'
\toption proto 'pppoe'
\toption device 'eth1.835'
\toption username '{OLD}'
\toption password 'of the other one'
"""
    box = make(section if wan else "")
    world.admin("DELETE", "/mails")
    world.admin("PUT", "/state", {"lines": {SERVICE: {"radius": [], "session": {"up": False}}}})
    new = {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth1"}
    with gate(world, box) as server:
        world.write_inventory({"router1": router(server, **new)})
        if wan:
            run = world.play(*FLAG)
            assert run.code != 0 and world.posts() == [] and box.writes() == [], run.output
            world.write_inventory({"router1": router(server, **new, router_pppoe_replaces_login=OLD)})
        run = world.play(*FLAG)
        assert (run.code, len(world.posts())) == (0, 1), run.output
        options = box.uci.load("network", pending=False)["wan"].options
        # What an interface from before does not set is netifd's own, and no difference.
        made = {name: value for name, value in MADE.items() if not wan or name not in ("mtu", "ipv6")}
        assert options == {**made, "password": world.line()["password"]}
        assert world.line()["session"]["up"] is True
        # Without the flag, and with it where it is done: nothing more.
        run = world.play()
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 0, 1), run.output


@pytest.mark.soak
def test_an_interface_that_differs(world: Site, make: Make) -> None:
    """It is told, setting by setting, and left; with the option it is changed, after saying what that ends, once."""
    password = world.line()["password"]
    box = make(f"""config interface 'wan'
\toption proto 'pppoe'
\toption device 'eth1.835'
\toption mtu '1400'
\toption username '{LOGIN}'
\toption password '{password}'
""")
    box.netifd.wait_up()
    given = {"router_pppoe_provision": True, "router_pppoe_provision_device": "eth1"}
    changes = ("-e", "router_pppoe_provision_changes=true")
    with gate(world, box) as server:
        world.write_inventory({"router1": router(server, **given)})
        for _night in range(2):
            run = world.play("--diff")
            assert (run.code, run.recap("changed"), box.writes()) == (0, 0, []), run.output
            assert (
                "wan exists, and is not what the line needs: MTU 1400 instead of 1492. It was left as it is" in run.said
            )
            assert "Set router_pppoe_provision_changes to have it changed" in run.said
        run = world.play("--check", "--diff", *changes)
        assert (run.code, run.recap("changed"), box.writes()) == (0, 1, []), run.output
        assert "would be changed: MTU 1400 instead of 1492. That would end its session" in run.said
        assert "-network.wan.mtu='1400'" in run.output.splitlines(), run.output
        run = world.play("--diff", *changes)
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
        said = "The interface wan is now changed: MTU 1400 instead of 1492. That ends its session"
        assert said in run.said and run.said.index(said) < run.said.index("+network.wan.mtu='1492'")
        assert box.uci.load("network", pending=False)["wan"].options["mtu"] == "1492" and world.line()["session"]["up"]
        dials = box.netifd.dials
        run = world.play("--diff", *changes)
        assert (run.code, run.recap("changed"), box.netifd.dials) == (0, 0, dials), run.output
        assert world.leaks(password, run, allowed=[box.network]) == []
