# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which way crosses the line: a table of voices and verdicts, and what no combination of facts may come to."""

from __future__ import annotations

import dataclasses
import ipaddress
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import judge
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    UNKNOWN,
    Back,
    Chain,
    Counted,
    Exit,
    Line,
    Route,
    Target,
    Way,
    network,
)

WAN, WAN6 = "203.0.113.10", "2001:db8:1:1ab::7"
LINE = Line(
    (ipaddress.ip_network("203.0.113.10/32"), ipaddress.ip_network("2001:db8:1:100::/56")),
    ("192.168.1.1", "2001:db8:1:100::1"),
    interface="ppp0",
)
LAN, GATEWAY = Route("192.168.1.1", "eth0", source="192.168.1.2"), Route("10.9.0.1", "eth0", "10.1.0.1")
TETHER = Route("198.51.100.1", "usb0", "172.20.10.1", "172.20.10.2")
BY_ROUTER = Route("198.51.100.1", "eth0", "192.168.1.1", "192.168.1.2")
LOCAL = Route("127.0.0.1", "lo", loopback=True)
FORWARD = dataclasses.replace(LOCAL, untold="it is a port forward by the program ssh, and so on")
VPN = Route("198.51.100.1", "tun0", "10.8.0.1", "10.8.0.2", tunnel="tun")
VIA_WG = Route("10.8.0.1", "wg0", tunnel="wireguard")
WSL = Route("192.168.1.1", "eth0", untold="this is WSL")
ELSEWHERE, ON_LINE, NO_LOG = Exit(("198.51.100.99",)), Exit((WAN,)), Exit((), "the log cannot be read")
NONE, ALL, FOG = Counted(0.0, 0.01, 0.0, 1, 1.0), Counted(1.01, 0.02, 1.0, 1, 1.0), Counted(0.6, 0.3, 0.9, 1, 1.0)


def router(*routes, jumps=(), address=None):
    addresses = [address] if address else [route.address for route in routes]
    hops = [Target("the jump host", one, 22, (one,)) for one in jumps]
    return Chain(hops=(*hops, Target("the router", "r", 22, tuple(addresses), routes)))


# -- control node to router


@pytest.mark.parametrize(
    ("chain", "back", "line", "counted", "verdict", "part"),
    [
        # what settles it
        (Chain(local=True), Back(), LINE, None, LIVES, "this machine is the router"),
        (router(LAN), Back(), LINE, None, LIVES, "the network of this machine's eth0"),
        (router(LAN), Back("br-lan", True, ""), LINE, None, LIVES, "eth0"),
        (router(LOCAL), Back("lo"), LINE, None, LIVES, "loopback"),
        (router(LOCAL), Back(), LINE, None, LIVES, "loopback"),
        (router(LOCAL), Back("eth0", True, ""), LINE, None, LIVES, "loopback"),
        (router(FORWARD), Back("lo"), LINE, NONE, LIVES, "is not counted on"),
        (router(WSL), Back("br-lan", True, ""), LINE, None, LIVES, "there br-lan"),
        (router(GATEWAY), Back(), LINE, NONE, LIVES, "is not counted on"),
        (router(VIA_WG), Back("wg0", True, "wireguard"), LINE, NONE, LIVES, "not counted"),
        (router(LAN, jumps=["10.0.0.1"]), Back("br-lan", True, ""), LINE, NONE, LIVES, "not counted"),
        (router(GATEWAY), Back(), dataclasses.replace(LINE, down=True), None, LIVES, "no session now"),
        # what says that it crosses
        (router(TETHER, address=WAN), Back(), LINE, None, CROSSES, f"{WAN}, an address of the line"),
        (router(TETHER, address=WAN6), Back(), LINE, None, CROSSES, f"{WAN6}, an address of the line"),
        (router(LAN, jumps=[WAN]), Back(), LINE, None, CROSSES, f"the jump host {WAN}"),
        (router(LAN), Back("ppp0", False, "ppp"), LINE, None, CROSSES, "leaves by ppp0, the line"),
        (router(LAN), Back("tun0", True, "tun", ("ppp0",)), LINE, None, CROSSES, "outer end is over ppp0"),
        (router(LAN), Back("ppp0", line="ppp0"), Line(), None, CROSSES, "leaves by ppp0, the line"),
        (router(LAN), Back(), LINE, ALL, CROSSES, "is counted on"),
        (
            router(LAN, address=WAN),
            Back(),
            dataclasses.replace(LINE, down=True),
            NONE,
            CROSSES,
            "an address of the line",
        ),
        (Chain(hops=router(LAN, address=WAN).hops, untold="a command"), Back(), LINE, NONE, CROSSES, "address of the"),
        # what tells nothing
        (router(GATEWAY), Back("br-lan", True, ""), LINE, None, UNKNOWN, "the gateway 10.1.0.1"),
        (router(LAN, jumps=["10.0.0.1"]), Back("br-lan", True, ""), LINE, None, UNKNOWN, "through 10.0.0.1"),
        (router(VIA_WG), Back("wg0", True, "wireguard"), LINE, None, UNKNOWN, "the tunnel wg0 (wireguard)"),
        (router(VIA_WG), Back("wg0", True, "wireguard", ("wwan0",)), LINE, None, UNKNOWN, "the tunnel wg0"),
        (router(VIA_WG), Back("br-lan", True, ""), LINE, None, UNKNOWN, "the tunnel wg0"),
        (router(LOCAL), Back("eth7", False, ""), LINE, None, UNKNOWN, "a port forward on this machine"),
        (router(FORWARD), Back("lo"), LINE, None, UNKNOWN, "loopback: it is a port forward by the program ssh"),
        (router(FORWARD), Back("lan-nas", True, ""), LINE, None, UNKNOWN, "it is a port forward by the program ssh"),
        (router(FORWARD), Back(), LINE, None, UNKNOWN, "it is a port forward by the program ssh"),
        (router(LOCAL), Back("tun0", True, "tun"), LINE, None, UNKNOWN, "a port forward on this machine"),
        (router(WSL), Back(), LINE, None, UNKNOWN, "this is WSL"),
        (router(Route("192.0.2.1")), Back(), LINE, None, UNKNOWN, "no route to the router"),
        (router(LAN, GATEWAY), Back(), LINE, None, UNKNOWN, "the gateway"),
        (router(GATEWAY), Back(), LINE, FOG, UNKNOWN, "gives no clear answer"),
        (Chain(hops=router(LAN).hops, untold="it goes through a ProxyCommand"), Back(), LINE, None, UNKNOWN, "Proxy"),
        (Chain(untold="which uplink docker uses is not known here"), Back(), LINE, None, UNKNOWN, "docker"),
        (Chain(), Back(), LINE, None, UNKNOWN, "nothing tells"),
        # an interface named like the line's counts on the router alone, and not where the tasks run on it
        (Chain(local=True), Back("ppp0"), LINE, None, LIVES, "this machine is the router"),
    ],
)
def test_the_way_to_the_router(chain, back, line, counted, verdict, part):
    way = judge.of_router(chain, back, line, counted)
    assert (way.name, way.verdict) == ("router", verdict), way.why
    assert part in way.why


# -- control node to the host that talks to the API


@pytest.mark.parametrize(
    ("chain", "line", "verdict", "part"),
    [
        (Chain(local=True), LINE, LIVES, "itself"),
        (router(LAN), LINE, LIVES, "eth0"),
        (router(LOCAL), LINE, LIVES, "loopback"),
        (router(FORWARD), LINE, UNKNOWN, "it is a port forward by the program ssh"),
        (router(BY_ROUTER), LINE, CROSSES, "192.168.1.1, is the router to be changed"),
        (router(TETHER, address=WAN), LINE, CROSSES, "an address of the line"),
        (router(GATEWAY), LINE, UNKNOWN, "the gateway 10.1.0.1"),
        (router(LAN, jumps=["10.0.0.1"]), LINE, UNKNOWN, "through 10.0.0.1"),
        (router(GATEWAY), dataclasses.replace(LINE, down=True), LIVES, "no session now"),
        (Chain(untold="docker"), LINE, UNKNOWN, "docker"),
    ],
)
def test_the_way_to_the_host_of_the_api(chain, line, verdict, part):
    way = judge.of_api_host(chain, line)
    assert (way.name, way.verdict) == ("api_host", verdict), way.why
    assert part in way.why


# -- that host to API and mailbox


def api(route, proxy="", **more):
    found = () if route is None else (route,)
    return Target("the API", "eu.api.ovh.com", 443, tuple(one.address for one in found), found, proxy, **more)


def mailbox(route, address=None):
    return Target("the mailbox", "imap.example.org", 993, (address or route.address,), (route,))


PROXY = Route("10.0.0.8", "eth0")


@pytest.mark.parametrize(
    ("target", "seen", "line", "counted", "verdict", "part"),
    [
        (
            api(TETHER),
            ELSEWHERE,
            LINE,
            None,
            LIVES,
            "198.51.100.99, not an address of the line, and the route is direct",
        ),
        (api(LOCAL), NO_LOG, LINE, None, LIVES, "loopback"),
        (api(FORWARD), NO_LOG, LINE, NONE, UNKNOWN, "it is a port forward by the program ssh"),
        (api(LOCAL), ON_LINE, LINE, None, CROSSES, f"come from {WAN}, an address of the line"),
        (api(TETHER), ON_LINE, LINE, None, CROSSES, f"come from {WAN}"),
        (api(TETHER), Exit((WAN6,)), LINE, None, CROSSES, f"come from {WAN6}"),
        (api(TETHER), Exit(("198.51.100.99", WAN), "several"), LINE, None, CROSSES, f"come from {WAN}"),
        (api(BY_ROUTER), ELSEWHERE, LINE, None, CROSSES, "192.168.1.1, is the router to be changed"),
        (api(BY_ROUTER), NO_LOG, LINE, NONE, CROSSES, "192.168.1.1, is the router to be changed"),
        (api(TETHER), ELSEWHERE, LINE, ALL, CROSSES, "is counted on"),
        (api(Route(WAN, "usb0", "172.20.10.1")), ELSEWHERE, LINE, None, CROSSES, "an address of the line"),
        (api(Route("192.168.1.1", "eth0"), "192.168.1.1:3128"), ELSEWHERE, LINE, None, CROSSES, "on the router to be"),
        (api(VPN), ELSEWHERE, LINE, None, UNKNOWN, "the tunnel tun0 (tun)"),
        (api(VPN), ELSEWHERE, LINE, NONE, LIVES, "not counted on"),
        (api(VPN), ELSEWHERE, LINE, ALL, CROSSES, "is counted on"),
        (api(VPN), NO_LOG, LINE, NONE, UNKNOWN, "the log cannot be read"),
        (api(TETHER), NO_LOG, LINE, None, UNKNOWN, "the log cannot be read"),
        (api(TETHER), NO_LOG, LINE, NONE, LIVES, "not counted on"),
        (api(TETHER), NO_LOG, LINE, FOG, UNKNOWN, "gives no clear answer"),
        (api(TETHER), ELSEWHERE, Line(), None, UNKNOWN, "lists no address of the line"),
        (api(TETHER), Exit(("198.51.100.1", "198.51.100.2"), "several"), LINE, None, UNKNOWN, "several"),
        (
            api(PROXY, "10.0.0.8:3128"),
            ELSEWHERE,
            LINE,
            None,
            UNKNOWN,
            "which uplink the proxy 10.0.0.8:3128 before the",
        ),
        (api(PROXY, "10.0.0.8:3128"), ELSEWHERE, LINE, NONE, LIVES, "not counted"),
        (api(LOCAL, "127.0.0.1:3128"), ELSEWHERE, LINE, None, UNKNOWN, "the proxy 127.0.0.1:3128"),
        (api(dataclasses.replace(TETHER, untold="this is WSL")), ELSEWHERE, LINE, None, UNKNOWN, "this is WSL"),
        (api(None), ELSEWHERE, LINE, None, UNKNOWN, "no route"),
        (api(VPN), NO_LOG, dataclasses.replace(LINE, down=True), None, LIVES, "no session now, and the API answers"),
        (api(Route("198.51.100.1", "ppp0", tunnel="ppp")), ELSEWHERE, LINE, None, UNKNOWN, "the tunnel ppp0"),
        (
            api(Route("198.51.100.1", "ppp0", tunnel="ppp")),
            NO_LOG,
            dataclasses.replace(LINE, here=True),
            None,
            CROSSES,
            "this host is the router, and its route to the API eu.api.ovh.com is ppp0, the line",
        ),
    ],
)
def test_the_way_to_the_api(target, seen, line, counted, verdict, part):
    way = judge.of_api([target], seen, line, {"the API": counted} if counted else {})
    assert (way.name, way.verdict) == ("api", verdict), way.why
    assert part in way.why


@pytest.mark.parametrize(
    ("route", "address", "verdict"),
    [
        (dataclasses.replace(TETHER, address="192.0.2.9"), None, LIVES),
        (LOCAL, None, LIVES),
        (dataclasses.replace(TETHER, address="192.0.2.9", interface="eth1"), None, UNKNOWN),
        (Route("192.168.1.9", "eth0"), None, UNKNOWN),
        (VPN, None, UNKNOWN),
        (BY_ROUTER, None, CROSSES),
        (TETHER, WAN, CROSSES),
    ],
)
def test_the_mailbox_counts_as_the_api_does(route, address, verdict):
    way = judge.of_api([api(TETHER), mailbox(route, address)], ELSEWHERE, LINE)
    assert way.verdict == verdict, way.why


def test_each_of_them_needs_its_own_voice():
    both = [api(VPN), mailbox(VPN)]
    assert judge.of_api(both, ELSEWHERE, LINE, {"the API": NONE}).verdict == UNKNOWN
    assert judge.of_api(both, ELSEWHERE, LINE, {"the API": NONE, "the mailbox": NONE}).verdict == LIVES
    assert [one.what for one in judge.unsettled([api(TETHER), mailbox(VPN)], ELSEWHERE, LINE)] == ["the mailbox"]


def test_link_local_gateways_go_by_their_interface():
    """fe80::1 is the gateway of many a network."""
    line = dataclasses.replace(LINE, router=("fe80::1%br-lan", "fe80::1"))
    way = judge.of_api([api(Route("2001:db8:f::1", "usb0", "fe80::1%usb0"))], ELSEWHERE, line)
    assert way.verdict == LIVES, way.why
    way = judge.of_api([api(Route("2001:db8:f::1", "usb0", "fe80::1"))], ELSEWHERE, line)
    assert way.verdict == LIVES, way.why


@pytest.mark.parametrize(
    ("slope", "error", "most", "says"),
    [
        (0.0, 0.0, 0.0, LIVES),
        (0.05, 0.07, 0.2, LIVES),
        (0.05, 0.1, 0.2, UNKNOWN),
        (0.3, 0.0, 0.3, LIVES),
        (0.31, 0.01, 0.3, LIVES),
        (0.42, 0.05, 0.4, UNKNOWN),
        (0.5, 0.05, 0.5, CROSSES),
        (1.0, 0.2, 1.0, CROSSES),
        (1.54, 0.32, 1.1, CROSSES),
        (1.39, 0.52, 1.1, UNKNOWN),
        (-0.4, 0.1, 0.1, LIVES),
        (-0.4, 0.1, 0.5, UNKNOWN),
        (-0.4, 0.1, math.inf, UNKNOWN),
    ],
)
def test_a_slope_counts_some_errors_off(slope, error, most, says):
    assert judge.counted_says(Counted(slope, error, most, 1, 1.0)) == says
    assert judge.counted_says(None) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("203.0.113.10", "203.0.113.10/32"),
        ("203.0.113.12/29", "203.0.113.8/29"),
        ("2001:db8:1:100::", "2001:db8:1:100::/56"),
        ("2001:db8:1:100::/64", "2001:db8:1:100::/64"),
        ("nonsense", "None"),
    ],
)
def test_blocks_of_the_line(text, found):
    assert str(network(text)) == found


# -- the user's word


@pytest.mark.parametrize(
    ("name", "verdict", "words", "accepted"),
    [
        ("router", UNKNOWN, {"out_of_band"}, "out_of_band"),
        ("router", UNKNOWN, {"api_out_of_band", "accept_offline"}, ""),
        ("router", CROSSES, {"out_of_band", "accept_offline"}, ""),
        ("router", LIVES, {"out_of_band"}, ""),
        ("api_host", UNKNOWN, {"api_out_of_band"}, "api_out_of_band"),
        ("api_host", UNKNOWN, {"out_of_band", "accept_offline"}, ""),
        ("api_host", CROSSES, {"api_out_of_band", "accept_offline"}, ""),
        ("api", UNKNOWN, {"api_out_of_band"}, "api_out_of_band"),
        ("api", UNKNOWN, {"api_out_of_band", "accept_offline"}, "api_out_of_band"),
        ("api", UNKNOWN, {"accept_offline"}, "accept_offline"),
        ("api", UNKNOWN, {"out_of_band"}, ""),
        ("api", CROSSES, {"api_out_of_band", "out_of_band"}, ""),
        ("api", CROSSES, {"accept_offline"}, "accept_offline"),
        ("api", LIVES, {"accept_offline"}, ""),
    ],
)
def test_a_word_answers_what_is_not_known(name, verdict, words, accepted):
    way = judge.answered(Way(name, verdict, "why"), words)
    assert way == Way(name, verdict, "why", accepted)
    assert way.passes is (verdict == LIVES or bool(accepted))


# -- any facts

ADDRESSES = st.sampled_from(["192.168.1.1", "10.9.0.1", "198.51.100.1", WAN, WAN6, "2001:db8:f::1", "fe80::1%eth0"])
ROUTES = st.builds(
    Route,
    address=ADDRESSES,
    interface=st.sampled_from(["", "eth0", "usb0", "ppp0"]),
    gateway=st.sampled_from(["", "10.1.0.1", "192.168.1.1", "172.20.10.1"]),
    source=st.just("x"),
    loopback=st.booleans(),
    tunnel=st.sampled_from(["", "", "tun", "wireguard"]),
    untold=st.sampled_from(["", "", "this is WSL"]),
)
TARGETS = st.builds(
    Target,
    what=st.sampled_from(["the API", "the mailbox"]),
    name=st.just("h"),
    addresses=st.lists(ADDRESSES, max_size=2).map(tuple),
    routes=st.lists(ROUTES, max_size=2).map(tuple),
    proxy=st.sampled_from(["", "", "p:3128"]),
)
CHAINS = st.builds(
    Chain,
    local=st.booleans(),
    hops=st.lists(TARGETS, max_size=3).map(tuple),
    untold=st.sampled_from(["", "", "a command"]),
)
INTERFACES = st.sampled_from(["", "br-lan", "ppp0", "tun0", "lo"])
BACKS = st.builds(
    Back,
    interface=INTERFACES,
    on_link=st.sampled_from([None, True, False]),
    tunnel=st.sampled_from([None, "", "tun"]),
    outer=st.lists(INTERFACES, max_size=2).map(tuple),
    line=INTERFACES,
)
LINES = st.builds(
    Line,
    networks=st.sampled_from([(), LINE.networks]),
    router=st.sampled_from([(), LINE.router]),
    down=st.booleans(),
    interface=INTERFACES,
    here=st.booleans(),
)
COUNTS = st.sampled_from([None, NONE, ALL, FOG])
EXITS = st.builds(
    Exit,
    addresses=st.lists(st.sampled_from(["198.51.100.99", WAN, WAN6]), max_size=2, unique=True).map(tuple),
    untold=st.sampled_from(["", "", "not read"]),
)
WORD_SETS = st.frozensets(st.sampled_from(["out_of_band", "api_out_of_band", "accept_offline"]))


def test_what_is_beyond_a_route_without_a_gateway_is_not_on_this_machine_s_network():
    """LTE has no gateways: whoever answers there may be a relay into the LAN."""
    far = Chain(hops=(Target("the router", "r", 22, ("192.0.2.20",), (Route("192.0.2.20", "wwan0", beyond=True),)),))
    assert judge.of_router(far, Back("br-lan", True, "", line="ppp0"), LINE).verdict == UNKNOWN
    near = dataclasses.replace(far.hops[0], routes=(Route("192.0.2.20", "wwan0"),))
    assert judge.of_router(Chain(hops=(near,)), Back("br-lan", True, "", line="ppp0"), LINE).verdict == LIVES


def test_a_tunnel_in_the_router_s_lan_may_carry_who_is_on_it():
    """A bridge with a layer-2 tunnel: this machine sees a wire, and so does its neighbour."""
    near = Chain(hops=(Target("the router", "r", 22, ("192.168.9.1",), (Route("192.168.9.1", "eth0"),)),))
    way = judge.of_router(near, Back("br-lan", True, "vxlan", line="ppp0"), LINE)
    assert way.verdict == UNKNOWN and "includes a tunnel (vxlan)" in way.why
    assert judge.of_router(near, Back("br-lan", True, "vxlan", line="ppp0"), LINE, NONE).verdict == LIVES
    assert judge.of_router(near, Back("br-lan", True, "vxlan", line="ppp0"), LINE, ALL).verdict == CROSSES


@given(CHAINS, BACKS, LINES, COUNTS, WORD_SETS)
def test_no_router_passes_against_a_voice_that_says_line(chain, back, line, counted, words):
    way = judge.answered(judge.of_router(chain, back, line, counted), words)
    at = back.line or line.interface
    answers = bool(at) and not chain.local and (back.interface == at or at in back.outer)
    on_line = any(line.holds(address) for hop in chain.hops for address in hop.addresses)
    if answers or on_line or counted == ALL:
        assert way.verdict == CROSSES and not way.passes
    else:
        assert way.verdict != CROSSES
    settled = (
        chain.local
        or line.down
        or counted == NONE
        or (len(chain.hops) == 1 and not chain.untold and any(map(_near, chain.hops[0].routes)))
    )
    assert settled or way.verdict == UNKNOWN or way.verdict == CROSSES
    assert way.passes is (way.verdict == LIVES or (way.verdict == UNKNOWN and "out_of_band" in words))


def _near(route):
    return route.loopback or (bool(route.interface) and not route.gateway and not route.tunnel)


@given(st.lists(TARGETS, min_size=1, max_size=2), EXITS, LINES, COUNTS, WORD_SETS)
def test_no_api_passes_against_a_voice_that_says_line(targets, seen, line, counted, words):
    found = {one.what: counted for one in targets} if counted else {}
    way = judge.answered(judge.of_api(targets, seen, line, found), words)
    on_line = any(line.holds(address) for one in targets for address in one.addresses)
    if on_line or any(map(line.holds, seen.addresses)) or counted == ALL:
        assert way.verdict == CROSSES
    if way.verdict == CROSSES:
        assert way.passes is ("accept_offline" in words)
    if way.verdict == LIVES and not line.down:
        for target in targets:
            on_loopback = target.routes and all(route.loopback for route in target.routes) and not target.proxy
            assert (
                on_loopback
                or counted == NONE
                or (judge.seen_elsewhere(seen, line) and not target.proxy and all(one.direct for one in target.routes))
            )
    if way.verdict == UNKNOWN:
        assert way.passes is bool(words & {"api_out_of_band", "accept_offline"})


@given(CHAINS, LINES, WORD_SETS)
def test_no_host_of_the_api_passes_against_a_voice_that_says_line(chain, line, words):
    way = judge.answered(judge.of_api_host(chain, line), words)
    if any(line.holds(address) for hop in chain.hops for address in hop.addresses):
        assert way.verdict == CROSSES
    if way.verdict == CROSSES:
        assert not way.passes
    assert way.passes is (way.verdict == LIVES or (way.verdict == UNKNOWN and "api_out_of_band" in words))


WAYS = st.builds(
    Way,
    name=st.sampled_from(["router", "api_host", "api"]),
    verdict=st.sampled_from([LIVES, CROSSES, UNKNOWN]),
    why=st.just("why"),
)


@given(st.lists(WAYS, max_size=4), st.booleans())
def test_all_ways_that_are_needed_are_proven_or_none(ways, sets):
    proven = judge.proven(ways, router=sets)
    found = {way.name: way for way in ways}
    assert proven is all(found.get(name, Way(name, UNKNOWN, "")).passes for name in judge.needed(router=sets))
    assert not judge.proven([], router=sets)
