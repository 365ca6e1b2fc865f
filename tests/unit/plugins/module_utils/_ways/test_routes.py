# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: the kernel's answers and what interfaces are made of, and the words of macOS and BSD."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import bsd, here, kernel
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Route, Target, strayed, trail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.kernel import Link

# -- what is a tunnel: by its kind

LINKS = {
    one.number: one
    for one in (
        Link(1, "lo", "", 772),
        Link(2, "eth0"),
        Link(3, "eth0.835", "vlan", below=2),
        Link(4, "wg0", "wireguard", 65534),
        Link(5, "tun0", "tun", 65534),
        Link(6, "tap0", "tun", 1),
        Link(7, "vx0", "vxlan", below=2),
        Link(8, "gt0", "gretap"),
        Link(9, "wwan0", "", 519),
        Link(10, "usb0"),
        Link(11, "wlan0", "", 1),
        Link(12, "br-plain", "bridge"),
        Link(13, "lan1", "dsa", master=12),
        Link(14, "br-mixed", "bridge"),
        Link(15, "lan2", "dsa", master=14),
        Link(16, "vx1", "vxlan", master=14),
        Link(17, "br-mixed.7", "vlan", below=14),
        Link(18, "ppp0", "", 512),
        Link(19, "veth0", "veth", below=5),
        Link(98, "office", "vrf"),
        Link(20, "mv0", "macvlan", below=4),
        Link(21, "ipip0", "", 768),
        Link(22, "raw0", "", 65534),
        Link(23, "odd0", "ovpn"),
        Link(24, "bond0", "bond"),
        Link(25, "eth1", "", master=24, below=24),
    )
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, "") for name in ("lo", "eth0", "eth0.835", "wwan0", "usb0", "wlan0", "br-plain", "veth0", "raw0")),
        *((name, "") for name in ("lan1", "bond0", "eth1")),
        ("wg0", "wireguard"),
        ("tun0", "tun"),
        ("tap0", "tun"),
        ("vx0", "vxlan"),
        ("gt0", "gretap"),
        ("br-mixed", "vxlan"),
        ("br-mixed.7", "vxlan"),
        ("mv0", "wireguard"),
        ("ppp0", "ppp"),
        ("ipip0", "type 768"),
        ("odd0", "ovpn"),
        ("office", "vrf"),
    ],
)
def test_a_tunnel_is_told_by_its_kind(name, kind):
    """Raw-IP LTE has the type of a tun, and tap and vxlan have that of Ethernet."""
    number = next(one.number for one in LINKS.values() if one.name == name)
    assert kernel.tunnel(LINKS, number) == kind


def test_what_is_not_there_is_no_tunnel():
    assert kernel.tunnel(LINKS, 99) == ""


# -- the kernel's answers


class Played:
    """A kernel with one answer."""

    def __init__(self, kind=1, interface=2, **attributes):
        self.answer = (kind, {4: struct.pack("=I", interface), **{int(k[1:]): v for k, v in attributes.items()}})
        self.asked, self.near, self.several = [], True, False

    def connected(self, address, port):
        return self.near

    def shared(self, address, port):
        return self.several

    def look_up(self, address, port):
        self.asked.append((address, port))
        return self.answer

    def links(self):
        return LINKS


def packed(text):
    return ipaddress.ip_address(text).packed


def test_routes_of_either_family():
    played = Played(a5=packed("192.168.1.1"), a7=packed("192.168.1.2"))
    assert kernel.route(played, "198.51.100.1", 443) == Route("198.51.100.1", "eth0", "192.168.1.1", "192.168.1.2")
    assert played.asked == [("198.51.100.1", 443)]
    found = kernel.route(Played(interface=4), "10.8.0.1", 22)
    assert (found.interface, found.gateway, found.tunnel, found.on_link, found.direct) == (
        *("wg0", "", "wireguard", False, False),
    )
    assert kernel.route(Played(a5=packed("fe80::1")), "2001:db8::1", 443).gateway == "fe80::1%eth0"
    by_v6 = Played(a18=struct.pack("=H", socket.AF_INET6) + packed("fe80::1"))
    assert kernel.route(by_v6, "198.51.100.1", 443).gateway == "fe80::1%eth0"


def test_a_route_that_several_gateways_share_is_not_known():
    """The next connection may go by another one than that of the look-up."""
    played = Played(a5=packed("172.20.10.1"))
    assert kernel.route(played, "198.51.100.1", 443).direct
    played.several = True
    found = kernel.route(played, "198.51.100.1", 443)
    assert (found.known, found.direct, found.untold) == (False, False, "several gateways take turns on it")


def test_a_way_that_is_another_one_by_now():
    route = Route("198.51.100.1", "usb0", "172.20.10.1", "172.20.10.2")
    kept = trail([Target("the API", "api.test", 443, ("198.51.100.1",), (route,))], ["usb0 010A14AC"])
    asked = []

    def now(found):
        return lambda address, port: asked.append((address, port)) or found

    assert strayed(kept, now(route)) == strayed("", now(route)) == ""
    assert strayed(kept, now(dataclasses.replace(route, source="172.20.10.9"))) == ""
    assert asked == [("198.51.100.1", 443)] * 2
    untold = dataclasses.replace(route, untold="several gateways take turns on it")
    assert trail([Target("the API", "api.test", 443, ("198.51.100.1",), (untold,))], []) == ""
    for other, part in (
        (
            dataclasses.replace(route, interface="eth0", gateway="192.168.1.1"),
            "over eth0 through the gateway 192.168.1.1",
        ),
        (Route("198.51.100.1", "tun0", tunnel="tun"), "is now reached over tun0"),
        (Route("198.51.100.1"), "over no interface"),
    ):
        assert part in strayed(kept, now(other)) and "was reached over usb0" in strayed(kept, now(other))


def test_what_is_no_route():
    assert kernel.route(Played(kind=2), "192.168.1.2", 0) == Route("192.168.1.2", "lo", loopback=True)
    assert kernel.route(Played(kind=7), "192.0.2.1", 0) == Route("192.0.2.1")
    assert kernel.route(Played(interface=99), "192.0.2.1", 0) == Route("192.0.2.1")
    nobody = Played()
    nobody.answer = None
    assert kernel.route(nobody, "192.0.2.1", 0) == Route("192.0.2.1")
    assert not Route("192.0.2.1").known and not Route("192.0.2.1").direct


def test_a_link_out_of_its_message():
    def attribute(kind, value):
        return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)

    head = struct.pack("=BxHiII", 0, 1, 7, 0, 0)
    info = attribute(18, attribute(1, b"vxlan\0") + attribute(2, b"data"))
    told = head + attribute(3, b"vx0\0") + attribute(5, struct.pack("=I", 2)) + info
    assert kernel.link_of(told) == Link(7, "vx0", "vxlan", 1, 2, 0)
    elsewhere = told + attribute(37, struct.pack("=I", 1)) + attribute(10, struct.pack("=I", 14))
    assert kernel.link_of(elsewhere) == Link(7, "vx0", "vxlan", 1, 0, 14)


NAMESPACE = """
import sys
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import here
routes = here.Routes()
for one in sys.argv[1:]:
    address, _slash, port = one.partition("/")
    found = routes.to(address, int(port or 0))
    told = (found.interface, found.gateway, found.source, found.tunnel)
    print(address, *(one or "-" for one in told), *["beyond"] * found.beyond)
"""
COMMANDS = (
    "link set lo up",
    "link add lan type veth peer name lan-peer",
    "link add usb type veth peer name usb-peer",
    "addr add 192.168.1.2/24 dev lan",
    "addr add 172.20.10.2/28 dev usb",
    "addr add fd00::2/64 dev lan nodad",
    "link set lan up",
    "link set usb up",
    "link set lan-peer up",
    "link set usb-peer up",
    "route add default via 192.168.1.1",
    "-6 route add default via fd00::1",
    "route add default via 172.20.10.1 table 7",
    "rule add to 198.51.100.7 lookup 7",
    "rule add ipproto tcp dport 993 lookup 7",
    "route add unreachable 203.0.113.0/24",
    "tuntap add dev tun9 mode tun",
    "addr add 10.8.0.2/24 dev tun9",
    "link set tun9 up",
    "route add 198.51.100.9 via 10.8.0.1",
    "route add 198.51.100.8 dev usb",
    "route add default dev lan table 8",
    "rule add to 198.51.100.6 lookup 8",
    "route add 2001:db8:9::/64 dev lan",
)


@pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("ip")), reason="needs util-linux and iproute2")
def test_the_kernel_s_own_look_up():
    """Policy rules by address and by port, both families, a tunnel, and no route at all: in a namespace of its own."""
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    script = " && ".join(f"ip {command}" for command in COMMANDS)
    asked = ("198.51.100.1/443", "198.51.100.7/443", "198.51.100.1/993", "192.168.1.1/22", "2001:db8::1/443")
    asked += ("203.0.113.9/443", "198.51.100.9/443", "127.0.0.1", "192.168.1.2", "198.51.100.8/22")
    asked += ("198.51.100.6/22", "fd00::1/22", "2001:db8:9::1/22")
    words = ["unshare", "--net", *rights, "sh", "-c", f'{script} && exec "$@"', "x", sys.executable, "-c", NAMESPACE]
    top = next(one.parent for one in Path(__file__).parents if one.name == "ansible_collections")
    environment = {**os.environ, "PYTHONPATH": str(top)}
    done = subprocess.run([*words, *asked], capture_output=True, text=True, check=False, timeout=60, env=environment)
    if "not permitted" in done.stderr or "denied" in done.stderr or "/dev/net/tun" in done.stderr:
        pytest.skip(f"no namespace here: {done.stderr}")
    assert done.stdout.splitlines() == [
        "198.51.100.1 lan 192.168.1.1 192.168.1.2 -",
        "198.51.100.7 usb 172.20.10.1 172.20.10.2 -",
        "198.51.100.1 usb 172.20.10.1 172.20.10.2 -",
        "192.168.1.1 lan - 192.168.1.2 -",
        "2001:db8::1 lan fd00::1 fd00::2 -",
        "203.0.113.9 - - - -",
        "198.51.100.9 tun9 10.8.0.1 10.8.0.2 tun",
        "127.0.0.1 lo - 127.0.0.1 -",
        "192.168.1.2 lo - 192.168.1.2 -",
        # By a route that somebody made without a gateway, as over LTE: nothing shows who answers there.
        "198.51.100.8 usb - 172.20.10.2 - beyond",
        "198.51.100.6 lan - 192.168.1.2 - beyond",
        "fd00::1 lan - fd00::2 -",
        "2001:db8:9::1 lan - fd00::2 - beyond",
    ], done.stderr


# -- macOS and BSD: not tried on real systems. The forms are those of published outputs: the page on route(8) at
# real-world-systems.com/docs/route.1.html (macOS, en1), napalm's junos-like parsers of FreeBSD's "route -n get" (em0),
# and sing-box users' outputs with a TUN (utun4, which has no line of a gateway).

TABLE = """ recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
"""
MACOS = """   route to: 192.0.43.10
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en1
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING>
"""
UTUN = """   route to: 198.51.100.1
destination: default
       mask: default
  interface: utun4
      flags: <UP,DONE,CLONING,STATIC,GLOBAL>
"""
ON_LINK = """   route to: 192.168.1.1
destination: 192.168.1.0
       mask: 255.255.255.0
    gateway: link#5
  interface: en0
      flags: <UP,HOST,DONE,LLINFO,WASCLONED,IFSCOPE,IFREF,ROUTER>
"""
LOOPBACK = """   route to: 127.0.0.1
destination: 127.0.0.1
  interface: lo0
      flags: <UP,HOST,DONE,LOCAL>
"""
FREEBSD = """   route to: 8.8.8.8
destination: default
       mask: default
    gateway: 10.42.7.225
        fib: 0
  interface: em0
      flags: <UP,GATEWAY,DONE,STATIC>
"""
OPENBSD = """   route to: 8.8.8.8
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: vio0
 if address: 192.168.1.7
   priority: 8 (static)
      flags: <UP,GATEWAY,DONE,STATIC>
"""


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (MACOS, Route("x", "en1", "192.168.1.1")),
        (UTUN, Route("x", "utun4", tunnel="utun", beyond=True)),
        (ON_LINK, Route("x", "en0")),
        (LOOPBACK, Route("x", "lo0", loopback=True)),
        (FREEBSD, Route("x", "em0", "10.42.7.225")),
        (OPENBSD, Route("x", "vio0", "192.168.1.1", "192.168.1.7")),
        (ON_LINK.replace("en0", "bridge100"), Route("x", "bridge100", tunnel="bridge")),
        (MACOS.replace("en1", "wg0"), Route("x", "wg0", "192.168.1.1", tunnel="wg")),
        ("route: writing to routing socket: not in table\n", Route("x")),
        ("", Route("x")),
    ],
)
def test_what_route_get_prints(said, wanted):
    assert bsd.route("x", said + TABLE) == wanted


def test_route_get_is_asked_for_each_family():
    assert bsd.command("192.0.2.1") == ["route", "-n", "get", "192.0.2.1"]
    assert bsd.command("2001:db8::1") == ["route", "-n", "get", "-inet6", "2001:db8::1"]


# -- this machine


@pytest.mark.parametrize(
    ("release", "is_wsl"),
    [
        # uname -r as published in Microsoft's issues of WSL (WSL2) and of its first release; not tried there.
        ("5.15.146.1-microsoft-standard-WSL2\n", True),
        ("4.4.0-19041-Microsoft\n", True),
        ("6.1.0-30-amd64\n", False),
    ],
)
def test_wsl_is_told(tmp_path, release, is_wsl):
    (tmp_path / "osrelease").write_text(release, encoding="utf-8")
    assert here.wsl(str(tmp_path / "osrelease")) is is_wsl
    assert here.wsl(str(tmp_path / "none")) is False


def test_name_servers(tmp_path):
    text = "# x\nnameserver 192.168.1.1\nsearch lan\nnameserver fe80::1%eth0\nnameserver 192.168.1.1\noptions edns0\n"
    (tmp_path / "resolv.conf").write_text(text, encoding="utf-8")
    assert here.name_servers(str(tmp_path / "resolv.conf")) == ("192.168.1.1", "fe80::1%eth0")
    assert here.name_servers(str(tmp_path / "none")) == ()


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def environment(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("given", "proxy"),
    [
        ({}, ""),
        ({"https_proxy": "http://10.0.0.8:3128"}, "http://10.0.0.8:3128"),
        ({"HTTPS_PROXY": "10.0.0.8:3128"}, "10.0.0.8:3128"),
        ({"http_proxy": "http://10.0.0.8:3128"}, ""),
        ({"all_proxy": "http://10.0.0.9:1"}, "http://10.0.0.9:1"),
        ({"https_proxy": "http://10.0.0.8:3128", "no_proxy": "api.ovh.com"}, ""),
        ({"https_proxy": "http://10.0.0.8:3128", "no_proxy": "*"}, ""),
        ({"https_proxy": "http://10.0.0.8:3128", "no_proxy": "example.org"}, "http://10.0.0.8:3128"),
    ],
)
def test_the_proxy_that_the_environment_names(environment, given, proxy):
    for name, value in given.items():
        environment.setenv(name, value)
    assert here.proxy_of("https", "eu.api.ovh.com:443", "eu.api.ovh.com") == proxy


def test_a_target_behind_a_proxy(environment):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        environment.setenv("https_proxy", f"http://127.0.0.1:{port}")
        found = here.of_url("https://eu.api.ovh.com/1.0")
    assert (found.name, found.port, found.proxy, found.addresses) == (
        *("eu.api.ovh.com", 443, f"127.0.0.1:{port}", ("127.0.0.1",)),
    )
    assert found.routes[0].loopback and found.called == f"the proxy 127.0.0.1:{port} before the API"


def test_the_address_that_answers_is_the_one_that_counts(monkeypatch):
    """A name with two addresses, of which the first one is dead."""
    monkeypatch.setattr(here, "addresses", lambda name: ("127.0.0.9", "127.0.0.1"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = here.target("the API", "x", server.getsockname()[1], connect=True)
    assert [one.address for one in found.routes] == ["127.0.0.1"]
    assert [one.address for one in here.target("the router", "x").routes] == ["127.0.0.9", "127.0.0.1"]


def test_a_name_that_nobody_knows():
    assert here.addresses("nothing.invalid") == () and here.target("the API", "nothing.invalid", 443).routes == ()


def test_the_default_routes_of_linux(tmp_path):
    """Both files as Linux 6.12 prints them (cut)."""
    (tmp_path / "route").write_text(
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
    )
    none = "0" * 32
    (tmp_path / "ipv6_route").write_text(
        f"{none} 00 {none} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     usb0\n"
        f"20010db8000000000000000000000000 40 {none} 00 {none} 00000100 00000001 00000000 00000001     eth0\n"
    )
    assert here.defaults(str(tmp_path)) == ("eth0 0101A8C0", "usb0 fe800000000000000000000000000001")
    assert here.defaults(str(tmp_path / "none")) == ()
