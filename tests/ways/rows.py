# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table: topology, what is said of it, and how the run must end."""

from __future__ import annotations

import dataclasses
from typing import Any

from .world import API, API6, GATE, JUMP, VPS, WAN

LAN, LAN6 = "192.168.1.1", "2001:db8:1:100::1"
STOPS, GOES_ON = "stops", "goes on"
TETHER = ("node", "route add default via 172.20.10.1")
HOME = ("node", "route add default via 192.168.1.1")
BACKUP = ("router", "route add default via 10.64.0.1 dev wwan0 metric 200")
WORD, API_WORD, OFFLINE = (
    {f"router_pppoe_{name}": True} for name in ("out_of_band", "api_out_of_band", "accept_offline")
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One topology, and what must come of a renewal in it.

    :param kind: what sort of voice it is about; `make test` meets each kind once
    :param ends: :data:`STOPS` before the POST, or :data:`GOES_ON` to a new session
    :param says: parts of what the run says
    :param at: the machine that Ansible runs on
    :param address: of the router
    :param net: commands of ip(8), by the machine
    :param before: such commands before the services are started
    :param services: what runs beside, by the machine; see :mod:`servers`
    :param late: such services that need those servers
    :param sshd: machines with an SSH server
    :param names: lines of /etc/hosts
    :param server_of_names: in place of the lines of /etc/hosts
    :param ssh: lines of the ssh configuration; "{top}" is the world's folder
    :param args: options of ssh
    :param host: variables of the router
    :param imap: the mail is read at mail.test; "{imap}" in services is the port of that server at MAILS
    :param vps: how the inventory names the host outside
    :param lies: that platform calls the line down, which is up
    :param denied: the right to read the log of calls is not there
    :param proxy_arp: interfaces that answer for whatever is asked for
    :param later: seconds after the cut, and a command then
    :param offline: seconds after the cut within which this machine reaches no API
    :param stopped: seconds after the cut within which all that runs on this machine is stopped
    """

    name: str
    kind: str
    ends: str
    says: tuple[str, ...]
    at: str = "node"
    server: str = "openssh"
    address: str = LAN
    net: tuple[tuple[str, str], ...] = (TETHER,)
    before: tuple[tuple[str, str], ...] = ()
    services: tuple[tuple[str, ...], ...] = ()
    late: tuple[tuple[str, ...], ...] = ()
    sshd: tuple[str, ...] = ()
    names: str = ""
    server_of_names: str = ""
    ssh: str = ""
    args: str = ""
    host: dict[str, Any] = dataclasses.field(default_factory=dict)
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    custom: bool = False
    imap: bool = False
    vps: str = VPS
    lies: bool = False
    denied: bool = False
    proxy_arp: tuple[tuple[str, str], ...] = ()
    later: tuple[tuple[int, str, str], ...] = ()
    offline: tuple[int, int] = (0, 0)
    stopped: tuple[int, int] = (0, 0)
    soak: bool = True


def tunnel(one: str, other: str, at: str, to: str, own: str = "10.8.0.1", theirs: str = "10.8.0.2") -> dict[str, Any]:
    """A tunnel between two machines, at addresses of each."""
    return {
        "services": (
            (one, "tunnel", "tun0", at, "7000", to, "7000"),
            (other, "tunnel", "tun0", to, "7000", at, "7000"),
        ),
        "net": (
            (one, f"addr add {own}/24 dev tun0"),
            (one, "link set tun0 up"),
            (other, f"addr add {theirs}/24 dev tun0"),
            (other, "link set tun0 up"),
        ),
    }


def joined(made: dict[str, Any], *net: tuple[str, str]) -> dict[str, Any]:
    """The same with further commands."""
    return {**made, "net": (*made["net"], *net)}


#: A VPN box in the LAN, whose tunnel ends at a gateway beside the VPS: the VPS sees that gateway alone.
BOX = joined(
    tunnel("box", "gate", "192.168.60.10", GATE),
    ("vps", "route add 192.168.0.0/16 via 10.77.0.1"),
    ("gate", "route add 192.168.0.0/16 via 10.8.0.1"),
    ("gate", "route add 192.168.60.0/24 via 192.0.2.61"),
    ("box", "route add 10.77.0.0/30 via 10.8.0.2"),
    ("router", "route add 10.77.0.0/30 via 192.168.60.10"),
)


#: A VPN of the control node that takes all traffic.
def vpn(by: str, source: str) -> dict[str, Any]:
    made = joined(
        tunnel("node", "vps", source, VPS),
        ("node", "route add default dev tun0"),
    )
    return {**made, "before": (("node", f"route add {VPS}/32 via {by}"),)}


ROWS: tuple[Row, ...] = (
    # -- the way to the router
    Row("LAN", "on-link", GOES_ON, ("session up",), soak=False),
    Row("LAN, dropbear and busybox", "on-link", GOES_ON, ("session up",), server="dropbear"),
    Row(
        "LAN, su with a clean environment",
        "on-link",
        GOES_ON,
        ("session up",),
        host={"ansible_become": True, "ansible_become_method": "su", "ansible_become_flags": "-"},
    ),
    Row(
        "WAN address from outside",
        "address",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        address=WAN,
        net=(),
        soak=False,
    ),
    Row(
        "WAN address from outside, dropbear and busybox",
        "address",
        STOPS,
        (f"is {WAN}, an address of the line", "the router's answer to this machine leaves by ppp0"),
        at="vps",
        address=WAN,
        net=(),
        server="dropbear",
    ),
    Row(
        "WAN address from the LAN",
        "address",
        STOPS,
        ("an address of the line",),
        address=WAN,
        net=(TETHER, ("node", f"route add {WAN}/32 via {LAN}")),
    ),
    Row(
        "IPv6 of the LAN from outside",
        "address",
        STOPS,
        (f"is {LAN6}, an address of the line",),
        at="vps",
        address=LAN6,
        net=(
            ("vps", "addr add 2001:db8:7::2/64 dev eth0 nodad"),
            ("inet", "addr add 2001:db8:7::1/64 dev out-vps nodad"),
            ("vps", "route add default via 2001:db8:7::1"),
        ),
    ),
    Row(
        "an alias of ssh for the WAN address",
        "jump",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        address="box",
        net=(),
        ssh=f"Host box\n  HostName {WAN}\n",
    ),
    Row(
        "an outside jump host to the WAN address",
        "jump",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        address=WAN,
        net=(),
        sshd=("jump",),
        args=f"-J {JUMP}",
    ),
    Row(
        "a jump host in the LAN by a port forward of the line",
        "jump",
        STOPS,
        (f"the jump host {WAN} is {WAN}, an address of the line",),
        at="vps",
        net=(),
        services=(("router", "relay", "0.0.0.0", "2222", "192.168.50.10", "22"),),
        sshd=("nas",),
        args=f"-J {WAN}:2222",
        soak=False,
    ),
    Row(
        "the same as Ansible documents it",
        "jump",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        net=(),
        services=(("router", "relay", "0.0.0.0", "2222", "192.168.50.10", "22"),),
        sshd=("nas",),
        names=f"{WAN} nas.example.org\n",
        args='-o ProxyCommand="ssh -F {top}/ssh_config -W %h:%p -q -p 2222 nas.example.org"',
    ),
    Row(
        "a jump through the router's own sshd",
        "jump",
        STOPS,
        (f"the jump host {WAN}",),
        at="vps",
        net=(),
        args=f"-J {WAN}",
        address="127.0.0.1",
    ),
    Row(
        "a jump host in the LAN, over the VPN box",
        "counter",
        STOPS,
        ("traffic to the router and back is counted on its PPPoE interface",),
        at="vps",
        sshd=("nas",),
        args="-J 192.168.50.10",
        **BOX,
    ),
    Row(
        "the VPN box in the LAN, its tunnel over the line",
        "counter",
        STOPS,
        ("traffic to the router and back is counted on its PPPoE interface",),
        at="vps",
        soak=False,
        **BOX,
    ),
    Row(
        "a tunnel of the router, over the line",
        "tunnel",
        STOPS,
        ("the router answers through the tunnel tun0, whose outer end is over ppp0",),
        at="vps",
        address="10.8.0.1",
        soak=False,
        **tunnel("router", "vps", WAN, VPS),
    ),
    Row(
        "the same, dropbear and busybox",
        "tunnel",
        STOPS,
        ("whose outer end is over ppp0",),
        at="vps",
        address="10.8.0.1",
        server="dropbear",
        **tunnel("router", "vps", WAN, VPS),
    ),
    Row(
        "the same tunnel over the router's LTE",
        "tunnel",
        GOES_ON,
        ("session up",),
        at="vps",
        address="10.8.0.1",
        **joined(tunnel("router", "vps", "10.64.0.2", VPS), ("router", f"route add {VPS}/32 via 10.64.0.1")),
    ),
    Row(
        "a VXLAN of the router, over the line",
        "tunnel",
        STOPS,
        ("vx0", "whose outer end is over ppp0"),
        at="vps",
        address="10.9.0.1",
        net=(
            ("router", f"link add name vx0 type vxlan id 7 dstport 4789 local {WAN} remote {VPS}"),
            ("router", "addr add 10.9.0.1/24 dev vx0"),
            ("router", "link set vx0 up"),
            ("vps", f"link add name vx0 type vxlan id 7 dstport 4789 local {VPS} remote {WAN}"),
            ("vps", "addr add 10.9.0.2/24 dev vx0"),
            ("vps", "link set vx0 up"),
        ),
    ),
    Row(
        "a gateway in the LAN, and no tunnel",
        "counter",
        GOES_ON,
        ("session up",),
        net=(
            ("node", "route add default via 172.20.10.1"),
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 192.168.70.1"),
        ),
    ),
    Row(
        "the same, dropbear and busybox, by a gateway",
        "counter",
        GOES_ON,
        ("session up",),
        net=(
            ("node", "route add default via 172.20.10.1"),
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 192.168.70.1"),
        ),
        server="dropbear",
    ),
    Row(
        "there over the line, and back over the LAN, dropbear and busybox",
        "counter",
        STOPS,
        ("is counted on",),
        net=(
            TETHER,
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "addr add 192.168.1.2/32 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 172.20.10.1 src 192.168.1.2"),
        ),
        server="dropbear",
    ),
    Row(
        "a command of one's own as the way",
        "counter",
        GOES_ON,
        ("session up",),
        args='-o ProxyCommand="busybox nc %h %p"',
    ),
    Row(
        "a platform without a counter, behind a gateway",
        "word",
        STOPS,
        ("the router works without the line is not known", "router_pppoe_out_of_band: true"),
        net=(
            TETHER,
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 192.168.70.1"),
        ),
        custom=True,
    ),
    Row(
        "the same, and it calls the line down",
        "word",
        STOPS,
        ("the router works without the line is not known",),
        net=(
            TETHER,
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 192.168.70.1"),
        ),
        custom=True,
        lies=True,
    ),
    Row(
        "the same with the user's word",
        "word",
        GOES_ON,
        ("router_pppoe_out_of_band is set",),
        net=(
            TETHER,
            ("node", "addr del 192.168.1.2/24 dev eth0"),
            ("node", "route add 192.168.1.0/24 via 192.168.70.1"),
        ),
        custom=True,
        host=WORD,
    ),
    Row(
        "the user's word against an address",
        "word",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        address=WAN,
        net=(),
        host={**WORD, **API_WORD},
        soak=False,
    ),
    Row(
        "accept_offline against an address",
        "word",
        STOPS,
        (f"is {WAN}, an address of the line",),
        at="vps",
        address=WAN,
        net=(),
        host=OFFLINE,
    ),
    # -- the way to the API
    Row(
        "behind the line",
        "route",
        STOPS,
        (f"this host's gateway to the API api.test, {LAN}, is the router to be changed",),
        net=(HOME,),
    ),
    Row(
        "behind the line, and the user's word",
        "word",
        STOPS,
        ("is the router to be changed",),
        net=(HOME,),
        host={**WORD, **API_WORD},
    ),
    Row(
        "behind the line by a gateway",
        "log",
        STOPS,
        (f"OVHcloud sees calls of this host come from {WAN}",),
        net=(("node", "route add default via 192.168.70.1"),),
        soak=False,
    ),
    Row(
        "a policy rule over the tether",
        "route",
        GOES_ON,
        ("session up",),
        net=(HOME, ("node", "route add default via 172.20.10.1 table 7"), ("node", f"rule add to {API}/32 lookup 7")),
        soak=False,
    ),
    Row(
        "a policy rule by port, to the line",
        "route",
        STOPS,
        ("is the router to be changed",),
        net=(
            TETHER,
            ("node", f"route add default via {LAN} table 7"),
            ("node", "rule add ipproto tcp dport 443 lookup 7"),
        ),
    ),
    Row(
        "IPv6 over the line",
        "route",
        STOPS,
        ("an address of the line",),
        net=(TETHER, ("node", f"route add default via {LAN6}")),
        names=f"{API6} api.test\n",
    ),
    Row(
        "a VPN that takes all, over the line",
        "counter",
        STOPS,
        ("traffic to the API api.test is counted on the router's PPPoE interface",),
        **vpn(LAN, "192.168.1.2"),
    ),
    Row(
        "a VPN that takes all, over the tether",
        "counter",
        GOES_ON,
        ("session up",),
        **vpn("172.20.10.1", "172.20.10.2"),
    ),
    Row(
        "a proxy in the LAN with another exit",
        "proxy",
        GOES_ON,
        ("session up",),
        net=(
            ("nas", "route replace default via 172.20.30.1"),
            ("nas", "route add 192.168.1.0/24 via 192.168.50.1"),
            ("node", "route add 192.168.50.0/24 via 192.168.70.1"),
            ("nas", "route add 192.168.70.0/24 via 192.168.50.1"),
        ),
        services=(("nas", "proxy", "0.0.0.0", "3128"),),
        env={"HTTPS_PROXY": "http://192.168.50.10:3128"},
    ),
    Row(
        "a proxy on the site, over the line",
        "proxy",
        STOPS,
        (f"OVHcloud sees calls of this host come from {WAN}",),
        services=(("box", "proxy", "0.0.0.0", "3128"),),
        env={"HTTPS_PROXY": "http://192.168.70.1:3128"},
        soak=False,
    ),
    Row("a log that may not be read, and the tether", "counter", GOES_ON, ("session up",), denied=True),
    Row(
        "a log that may not be read, and no counter",
        "word",
        STOPS,
        ("cannot be read (not_granted)", "router_pppoe_api_out_of_band: true"),
        denied=True,
        custom=True,
    ),
    Row(
        "the same with the user's word for the API",
        "word",
        GOES_ON,
        ("router_pppoe_api_out_of_band is set",),
        denied=True,
        custom=True,
        host=API_WORD,
    ),
    Row(
        "the router itself",
        "route",
        STOPS,
        ("this host is the router, and its route to the API api.test is ppp0, the line",),
        at="router",
        net=(),
        host={"ansible_connection": "local"},
        denied=True,
    ),
    Row(
        "another host talks to the API, over the line",
        "api host",
        STOPS,
        ("this machine reaches router_pppoe_api_host through the line that would be cut",),
        net=(HOME,),
        sshd=("vps",),
        host={"router_pppoe_api_host": "vps"},
        soak=False,
    ),
    Row(
        "another host talks to the API, over the tether",
        "api host",
        STOPS,
        ("router_pppoe_api_out_of_band: true",),
        sshd=("vps",),
        host={"router_pppoe_api_host": "vps"},
    ),
    Row(
        "the same with the user's word for that host",
        "api host",
        GOES_ON,
        ("router_pppoe_api_out_of_band is set",),
        sshd=("vps",),
        host={"router_pppoe_api_host": "vps", **API_WORD},
    ),
    Row(
        "a name server on the router, that goes with the line",
        "names",
        GOES_ON,
        ("session up",),
        services=(("router", "dns", LAN, "ppp0", f"api.test={API}"),),
        server_of_names=LAN,
        soak=False,
    ),
    Row(
        "behind the line, and back by a tether",
        "offline",
        GOES_ON,
        ("router_pppoe_accept_offline is set", "session up"),
        net=(HOME,),
        host=OFFLINE,
        later=((15, "node", "route replace default via 172.20.10.1"),),
        offline=(0, 15),
        soak=False,
    ),
    Row(
        "behind the line, to the phone's hotspot and back to the LAN",
        "offline",
        GOES_ON,
        ("router_pppoe_accept_offline is set", "waiting for the router", "session up"),
        net=(HOME,),
        host=OFFLINE,
        later=(
            (2, "node", "link set eth0 down"),
            (3, "node", "route replace default via 172.20.10.1"),
            (45, "node", "link set eth0 up"),
        ),
        offline=(0, 3),
    ),
    Row(
        "behind the line, whose router has an LTE backup",
        "route",
        STOPS,
        ("is the router to be changed, which has another default route by wwan0",),
        net=(HOME, BACKUP),
    ),
    Row(
        "the same, and the user's word for the backup",
        "offline",
        GOES_ON,
        ("router_pppoe_accept_offline is set", "another default route by wwan0", "session up"),
        net=(HOME, BACKUP),
        host=OFFLINE,
        later=((4, "inet", "route replace 192.168.1.0/24 via 10.64.0.2 dev lte"),),
        offline=(0, 4),
    ),
    Row(
        "a name server that goes with the line, and a platform of one's own",
        "names",
        GOES_ON,
        (f"the name server {LAN} is on the router to be changed, or behind it", "session up"),
        services=(("router", "dns", LAN, "ppp0", f"api.test={API}"),),
        server_of_names=LAN,
        custom=True,
        host={**WORD, **API_WORD},
    ),
    Row(
        "behind the line, with the router's own name from a server that goes with it",
        "names",
        GOES_ON,
        ("may go with the line", "session up"),
        address="router.example.org",
        net=(HOME,),
        services=(("router", "dns", LAN, "ppp0", f"api.test={API}", f"router.example.org={LAN}"),),
        server_of_names=LAN,
        host=OFFLINE,
        later=((15, "node", "route replace default via 172.20.10.1"),),
        offline=(0, 15),
    ),
    Row(
        "a relay outside into the LAN, by a route without a gateway",
        "counter",
        STOPS,
        ("traffic to the router and back is counted on its PPPoE interface",),
        at="vps",
        address=JUMP,
        net=(("vps", "route replace default dev eth0"),),
        services=(
            ("nas", "relay", "0.0.0.0", "2222", "192.168.50.1", "22"),
            ("router", "relay", "0.0.0.0", "2222", "192.168.50.10", "2222"),
            ("jump", "relay", "0.0.0.0", "2222", WAN, "2222"),
        ),
        proxy_arp=(("inet", "out-vps"),),
        host={"ansible_port": 2222},
    ),
    Row(
        "a layer-2 tunnel of the router into its LAN, over the line",
        "counter",
        STOPS,
        ("traffic to the router and back is counted on its PPPoE interface",),
        at="vps",
        address="192.168.90.1",
        net=(
            ("router", "link add name lan9 type bridge"),
            ("router", f"link add name vx0 type vxlan id 7 dstport 4789 local {WAN} remote {GATE}"),
            ("router", "link set vx0 master lan9"),
            ("router", "addr add 192.168.90.1/24 dev lan9"),
            ("router", "link set vx0 up"),
            ("router", "link set lan9 up"),
            ("gate", "link add name lan9 type bridge"),
            ("gate", f"link add name vx0 type vxlan id 7 dstport 4789 local {GATE} remote {WAN}"),
            ("gate", "link set vx0 master lan9"),
            ("gate", "addr flush dev eth1"),
            ("gate", "link set eth1 master lan9"),
            ("gate", "link set vx0 up"),
            ("gate", "link set lan9 up"),
            ("vps", "addr add 192.168.90.2/24 dev eth1"),
        ),
    ),
    Row(
        "another address in the LAN while the mail is waited for",
        "on-link",
        GOES_ON,
        ("session up",),
        later=(
            (1, "node", "addr del 192.168.1.2/24 dev eth0"),
            (1, "node", "addr add 192.168.1.77/24 dev eth0"),
        ),
    ),
    Row(
        "from the cable to the radio while the mail is waited for",
        "on-link",
        GOES_ON,
        ("session up",),
        net=(TETHER, ("node", "route add 192.168.1.0/24 via 192.168.70.1 metric 500")),
        later=((1, "node", "link set eth0 down"),),
    ),
    Row(
        "behind the line, and back after a minute at another address",
        "offline",
        GOES_ON,
        ("cannot be looked for", "session up"),
        net=(HOME,),
        host={**OFFLINE, "router_pppoe_mail_timeout": 200},
        later=(
            (60, "node", "addr add 172.20.10.5/28 dev usb0"),
            (60, "node", "route replace default via 172.20.10.1 src 172.20.10.5"),
        ),
        offline=(0, 60),
    ),
    Row(
        "behind the line, with names from its router",
        "offline",
        GOES_ON,
        ("cannot be looked for", "session up"),
        net=(HOME,),
        host={**OFFLINE, "router_pppoe_mail_timeout": 200},
        services=(("router", "dns", LAN, "ppp0", f"api.test={API}"),),
        server_of_names=LAN,
        later=((40, "node", "route replace default via 172.20.10.1"),),
        offline=(0, 40),
    ),
    Row(
        "behind the line, reached again after a change of network alone",
        "offline",
        GOES_ON,
        ("cannot be looked for", "waiting for the router", "session up"),
        net=(HOME,),
        host={**OFFLINE, "router_pppoe_mail_timeout": 200},
        later=(
            (2, "node", "link set eth0 down"),
            (30, "node", "route replace default via 172.20.10.1"),
            (80, "node", "link set eth0 up"),
        ),
        offline=(2, 30),
    ),
    Row(
        "a machine that is stopped for three minutes",
        "offline",
        GOES_ON,
        ("session up",),
        host={"router_pppoe_mail_timeout": 400},
        stopped=(3, 183),
    ),
)
