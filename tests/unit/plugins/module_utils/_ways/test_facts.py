# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of the ways, and the few words that they have of themselves."""

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    UNKNOWN,
    Line,
    Route,
    Target,
    Way,
    network,
    trail,
)

HERE = Route("192.0.2.1", "eth0")
BEHIND = Route("203.0.113.1", "eth0", "192.0.2.254")
TUNNEL = Route("203.0.113.1", "wg0", tunnel="wireguard")


def test_routes():
    assert HERE.known and HERE.direct and HERE.on_link
    assert BEHIND.known and BEHIND.direct and not BEHIND.on_link
    assert TUNNEL.known and not TUNNEL.direct
    assert not Route("203.0.113.1").known


@pytest.mark.parametrize(
    ("verdict", "accepted", "passes"),
    [(LIVES, "", True), (CROSSES, "", False), (UNKNOWN, "", False), (UNKNOWN, "out_of_band", True)],
)
def test_which_way_passes(verdict, accepted, passes):
    assert Way("api", verdict, "why", accepted).passes is passes


def test_addresses_of_a_line():
    line = Line((ipaddress.ip_network("203.0.113.7/32"), ipaddress.ip_network("2001:db8::/56")))
    assert line.holds("203.0.113.7") and line.holds("2001:db8::1")
    assert not line.holds("203.0.113.8") and not line.holds("no address")


@pytest.mark.parametrize(
    ("text", "there"), [("203.0.113.7", True), ("2001:db8::/56", True), ("", False), ("x/9", False)]
)
def test_blocks(text, there):
    assert (network(text) is not None) is there


def test_a_trail_changes_with_the_routes_and_a_tunnel_has_none():
    one = Target("the API", "api", 443, ("203.0.113.1",), (BEHIND,))
    other = Target("the API", "api", 443, ("203.0.113.1",), (Route("203.0.113.1", "usb0", "198.51.100.1"),))
    assert trail([one], ["eth0"]) and trail([one], ["eth0"]) != trail([other], ["eth0"])
    assert trail([one], ["eth0"]) != trail([one], ["eth0", "usb0"])
    assert trail([Target("the API", "api", 443, ("203.0.113.1",), (TUNNEL,))], ["eth0"]) == ""
