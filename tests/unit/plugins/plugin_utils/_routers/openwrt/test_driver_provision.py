# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenWrt: provisioning the interface of a line that the router does not have yet."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest
from openwrt.box import NEW_WAN, WAN
from openwrt.played import LOGIN, PASSWORD, shells

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Difference,
    Interface,
    Mark,
    Provisioned,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.router import Router

MADE = {"proto": "pppoe", "device": "eth1.835", "mtu": "1492", "ipv6": "auto", "username": LOGIN}
WRITE = ["uci", "-q", "batch", "set network.wan", *(f"set network.wan.{name}" for name in MADE), "commit network"]
RELOAD = ["ubus", "call", "network", "reload"]
Make = t.Callable[[str], Router]


@pytest.fixture
def make(tmp_path: Path) -> t.Iterator[Make]:
    """Routers with that section "wan"."""
    with contextlib.ExitStack() as stack:
        yield lambda wan: stack.enter_context(Router(tmp_path / "router", shells()[-1], wan))


def provision(
    router: Router, device: str = "eth1", vlan: int = 835, check: bool = False, change: bool = False, **more: str
) -> Provisioned:
    wanted = Interface(device, vlan, 1492, more.get("login", LOGIN))
    made = router.driver(more.get("interface", "wan")).provision(wanted, check=check, change=change)
    assert isinstance(made, Provisioned)
    return made


def test_a_new_router_gets_the_line(make: Make) -> None:
    """Check mode tells, the run writes and does not dial, and the password's run dials for the first time."""
    router = make("")
    before = router.box.network.read_bytes()
    lines = ("+network.wan=interface", *(f"+network.wan.{name}='{value}'" for name, value in MADE.items()))
    told = provision(router, check=True)
    assert (told.changed, told.waiting, told.diff) == (True, True, lines)
    assert router.box.writes() == [] and router.box.network.read_bytes() == before
    assert provision(router) == told
    assert router.box.writes() == ([[*WRITE[:3]]] if router.box.real else [WRITE])
    assert router.box.uci.load("network", pending=False)["wan"].options == MADE
    assert router.box.network.read_bytes().startswith(before.rstrip(b"\n")), "another section was touched"
    again = provision(router)
    assert (again.changed, again.waiting, again.diff, router.box.netifd.dials) == (False, True, (), 0)
    applied = router.apply(PASSWORD)
    assert (applied.written, applied.dialled, router.calls()) == (True, True, ["network reload"])
    assert router.driver().session(wait=10, since=applied.mark).up
    assert (provision(router).waiting, router.box.netifd.dials) == (False, 1)


def test_killed_between_the_commit_of_the_password_and_the_reload(make: Make) -> None:
    router = make("")
    provision(router)
    router.uci("set network.wan.password='old'\\''pass'", "commit network")
    assert provision(router).waiting and router.box.netifd.dials == 0
    applied = router.apply(PASSWORD)
    assert (applied.written, applied.dialled) == (False, True)
    assert router.driver().session(wait=10, since=applied.mark).up


def test_an_interface_that_is_there_is_kept(make: Make) -> None:
    """As it must be: nothing is written. Another MTU: told and left; with the option set, and netifd told once."""
    router = make(WAN)
    made = provision(router)
    assert (made.changed, made.waiting, made.diff, router.box.writes()) == (False, False, (), [])
    router.uci("set network.wan.mtu=1500", "set network.wan.ipv6=1", "commit network")
    mtu = (Difference("MTU", "1500", "1492"),)
    left = Provisioned(False, False, (" wan: MTU 1500, not 1492: left as it is",), mtu)
    assert provision(router) == left == provision(router, check=True) and router.box.writes() == []
    foretold = provision(router, check=True, change=True)
    assert (foretold.changed, foretold.dials, foretold.mark) == (True, True, Mark()) and router.box.writes() == []
    made = provision(router, change=True)
    assert made.diff == ("-network.wan.mtu='1500'", "+network.wan.mtu='1492'") and not made.waiting
    assert (made.differs, made.dials) == (mtu, True)
    assert router.driver().session(wait=10, since=made.mark).up, "a new session, not the one before"
    assert not provision(router, change=True).changed
    assert router.writes() == 1 and router.box.writes()[-1] == RELOAD
    options = router.box.uci.load("network", pending=False)["wan"].options
    assert (options["ipv6"], options["password"]) == ("1", PASSWORD), "an interface of one's own has the prefix"


def test_no_vlan_and_a_release_that_knows_ifname(make: Make) -> None:
    router = make("")
    router.uci("set network.loopback.ifname=lo", "commit network")
    assert provision(router, vlan=0).waiting
    options = router.box.uci.load("network", pending=False)["wan"].options
    assert options["ifname"] == "eth1" and "device" not in options


@pytest.mark.parametrize(
    ("changes", "more", "code", "said"),
    [
        ((), {"device": "eth7"}, "router_option", "no port eth7. It has: br-lan eth1 lan1 lan2 lo. Correct O(device)"),
        ((), {"device": "lan1"}, "router_option", "uci del_list network.@device[0].ports='lan1'; uci commit network"),
        (
            (),
            {},
            "router_option",
            "wan exists with the protocol dhcp, and is not taken over by us. If it may go: uci del",
        ),
        (
            ("set network.lan.mtu=1500",),
            {},
            "router_refused",
            "provisioning the interface would commit them: network.lan",
        ),
        (
            ("username=somebody",),
            {},
            "router_option",
            f"login somebody, but the line has the login {LOGIN}. This is anoth",
        ),
        (
            ("disabled=1",),
            {},
            "router_refused",
            "wan is disabled, and is not enabled by us: uci delete network.wan.disab",
        ),
        (("kind",), {}, "router_option", "has a section wan that is no interface: set O(interface)"),
        ((), {"login": "a\nb"}, "router_option", "The login holds a line break"),
        ((), {"login": ""}, "router_option", "The login is empty"),
        ((), {"interface": "w-n"}, "router_option", "'w-n' is not the name of an interface"),
    ],
)
def test_what_is_somebody_elses_is_left_alone(
    make: Make, changes: tuple[str, ...], more: dict[str, str], code: str, said: str
) -> None:
    router = make(NEW_WAN)
    for change in changes:
        if change.startswith("set "):
            router.uci(change)
        else:
            line = "set network.wan=device" if change == "kind" else f"set network.wan.{change}"
            router.uci("set network.wan.proto=pppoe", line, "commit network")
    before = router.box.network.read_bytes()
    options = {"device": "eth1", **more}
    failure = router.refused(lambda: provision(router, **options))
    assert failure.code == code and said in failure.message
    assert router.box.network.read_bytes() == before and router.box.writes() == []


def test_the_package_is_missing(make: Make) -> None:
    router = make("")
    router.box.netifd.has_pppoe = False
    assert "ppp-mod-pppoe" in router.refused(lambda: provision(router)).message


def test_a_flash_without_room(make: Make) -> None:
    router = make("")
    before = router.box.network.read_bytes()
    with router.faulty("full"), pytest.raises(Failure) as caught:
        provision(router)
    assert "uci did not take the new interface" in caught.value.message
    assert router.box.network.read_bytes() == before


def test_the_defaults_of_netifd_are_no_difference_and_each_setting_is_told(make: Make) -> None:
    router = make(WAN)
    router.uci("delete network.wan.mtu", "delete network.wan.ipv6", "commit network")
    assert provision(router, change=True) == Provisioned(False, False) and router.box.writes() == []
    router.uci("set network.wan.device=lan1.7", "set network.wan.ipv6=0", "commit network")
    made = provision(router)
    assert [(one.what, one.has, one.needs) for one in made.differs] == [
        ("device", "lan1", "eth1"),
        ("VLAN", "7", "835"),
        ("IPv6", "off", "on"),
    ]
    assert not made.changed and router.box.writes() == [] and PASSWORD not in repr(made)
    # A device of the type 8021q may be called anything.
    vlan = [f"set network.fibre.{one}" for one in ("type=8021q", "ifname=eth1", "vid=835", "name=fibre")]
    router.uci("set network.fibre=device", *vlan, "set network.wan.device=fibre", "set network.wan.ipv6=auto")
    router.uci("commit network")
    assert provision(router, change=True) == Provisioned(False, False)
