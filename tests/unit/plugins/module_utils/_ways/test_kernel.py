# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel's answers say: which links are tunnels, and what a route is (pure; the kernel is in tests/ways)."""

from __future__ import annotations

import socket
import struct

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import kernel
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.kernel import Link

WIRE, TUN, WIREGUARD = Link(1, "eth0"), Link(2, "tun0", "tun"), Link(3, "wg0", "wireguard", 65534)


@pytest.mark.parametrize(
    ("links", "kind"),
    [
        ([WIRE], ""),
        ([TUN], "tun"),
        ([WIREGUARD], "wireguard"),
        ([Link(1, "ppp0", "", 512)], "ppp"),
        ([Link(1, "odd0", "", 9999)], "type 9999"),
        ([Link(1, "eth0.835", "vlan", below=4), Link(4, "eth0")], ""),
        ([Link(1, "vlan7", "vlan", below=2), TUN], "tun"),
        ([Link(1, "br0", "bridge"), Link(4, "eth1", master=1)], ""),
        ([Link(1, "br0", "bridge"), Link(2, "tap0", "tun", master=1)], "tun"),
        ([Link(1, "bond0", "bond", below=1, master=1)], ""),
        ([Link(1, "veth0", "veth", below=2), TUN], ""),
    ],
)
def test_tunnels(links, kind):
    assert kernel.tunnel({one.number: one for one in links}, links[0].number) == kind


class Kernel:
    """Answers one look-up."""

    def __init__(self, answer, connected=True, links=(WIRE, TUN)):
        self.answer, self.near, self.known = answer, connected, links

    def look_up(self, address, port):
        return self.answer

    def connected(self, address, port):
        return self.near

    def shared(self, address, port):
        return False

    def links(self):
        return {one.number: one for one in self.known}


def number(value):
    return struct.pack("=I", value)


def test_routes():
    gateway = {kernel._RTA_OIF: number(1), kernel._RTA_GATEWAY: socket.inet_aton("192.0.2.1")}
    found = kernel.route(Kernel((1, gateway)), "203.0.113.1", 443)
    assert (found.interface, found.gateway, found.tunnel, found.beyond) == ("eth0", "192.0.2.1", "", False)
    assert kernel.route(Kernel((1, {kernel._RTA_OIF: number(1)}), connected=False), "203.0.113.1", 0).beyond
    assert kernel.route(Kernel((1, {kernel._RTA_OIF: number(2)})), "203.0.113.1", 0).tunnel == "tun"
    assert kernel.route(Kernel((2, {})), "127.0.0.1", 0).loopback
    for none in (None, (1, {kernel._RTA_OIF: number(99)}), (7, {})):
        assert not kernel.route(Kernel(none), "203.0.113.1", 0).interface


def test_a_link_of_the_kernel():
    name = kernel._attribute(kernel._IFLA_IFNAME, b"vlan7\0")
    kind = kernel._attribute(kernel._IFLA_LINKINFO, kernel._attribute(kernel._IFLA_INFO_KIND, b"vlan\0"))
    head = struct.pack("=BxHiII", 0, 1, 7, 0, 0)
    found = kernel.link_of(head + name + kind + kernel._attribute(kernel._IFLA_LINK, number(3)))
    assert found == Link(7, "vlan7", "vlan", 1, 3, 0)
    elsewhere = kernel._attribute(kernel._IFLA_LINK, number(3)) + kernel._attribute(
        kernel._IFLA_LINK_NETNSID, number(0)
    )
    assert kernel.link_of(head + name + elsewhere).below == 0


def test_attributes_that_are_cut():
    assert kernel._attributes(b"\0") == {} and kernel._attributes(struct.pack("=HH", 2, 1)) == {}
