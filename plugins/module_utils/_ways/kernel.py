# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Linux: the kernel's own look-up of a route, and what its interfaces are made of (rtnetlink(7)).

The look-up is the one that a connection would get: policy rules, both address families, this user, that port. It needs
no program: images that Ansible runs in often have no "ip".
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import socket
import struct
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Route

# Numbers of include/uapi/linux/netlink.h, rtnetlink.h and if_link.h.
_REQUEST, _DUMP = 0x1, 0x300
_ERROR, _DONE = 2, 3
_GETLINK, _GETROUTE = 18, 26
_RTA_DST, _RTA_OIF, _RTA_GATEWAY, _RTA_PREFSRC, _RTA_VIA = 1, 4, 5, 7, 18
_RTA_MULTIPATH, _RTA_UID, _RTA_IP_PROTO, _RTA_DPORT = 9, 25, 27, 29
_RTN_UNICAST, _RTN_LOCAL = 1, 2
#: The route itself is told, and not what was made of it for the address (Linux 4.13, and 4.15 for IPv6).
_FIB_MATCH = 0x2000
#: Who made a route that goes with an address: the kernel, or a client of router advertisements or of DHCP (dhcpcd).
_OF_ADDRESSES = frozenset({2, 9, 16})
_IFLA_IFNAME, _IFLA_LINK, _IFLA_MASTER, _IFLA_LINKINFO, _IFLA_LINK_NETNSID = 3, 5, 10, 18, 37
_IFLA_INFO_KIND = 1
#: Kinds of links that carry what they carry by themselves, or by the links below them.
PLAIN = frozenset(
    [
        "veth",
        "vlan",
        "macvlan",
        "macvtap",
        "ipvlan",
        "ipvtap",
        "bond",
        "team",
        "bridge",
        "dummy",
        "dsa",
        "wwan",
        "rmnet",
        "macsec",
        "hsr",
        "lowpan",
        "ipoib",
    ]
)
#: Types of hardware (if_arp.h) of a link without a kind: Ethernet, InfiniBand, raw IP of a modem, radio, and none, as
#: modems had it before. A tun has none, too, but a kind as well.
HARDWARE = frozenset({1, 32, 519, 772, 801, 802, 803, 65534})
_PPP = 512
Attributes = dict[int, bytes]


@dataclasses.dataclass(frozen=True)
class Link:
    """An interface.

    :param kind: as "ip -d link" shows it; "" for hardware
    :param type: of hardware, as include/uapi/linux/if_arp.h numbers it
    :param below: the number of the one that it is made of, 0 for none; known in this network namespace alone
    :param master: the number of the bridge or bond that it is a part of, 0 for none
    """

    number: int
    name: str
    kind: str = ""
    type: int = 1
    below: int = 0
    master: int = 0


class Kernel(t.Protocol):
    """What :func:`route` asks; :class:`Netlink` is the real one."""

    def look_up(self, address: str, port: int) -> tuple[int, Attributes] | None:
        """The type and the attributes of the route to an address; None without one."""

    def connected(self, address: str, port: int) -> bool:
        """Is the address on a network that this machine has an address in, by the route to it?"""

    def shared(self, address: str, port: int) -> bool:
        """Do several gateways take turns on the route to the address? The look-up answers with one of them."""

    def links(self) -> dict[int, Link]:
        """All interfaces, by their number."""


class Netlink:
    """The kernel of this machine.

    :raises OSError: where there is no netlink
    """

    def __init__(self) -> None:
        self._links: dict[int, Link] = {}

    def look_up(self, address: str, port: int) -> tuple[int, Attributes] | None:
        answer = self._answer(address, port, 0)
        return (answer[7], _attributes(answer[12:])) if answer else None

    def connected(self, address: str, port: int) -> bool:
        answer = self._answer(address, port, _FIB_MATCH)
        # struct rtmsg: the length of the destination, who made the route.
        return bool(answer and answer[1] and answer[5] in _OF_ADDRESSES)

    def shared(self, address: str, port: int) -> bool:
        answer = self._answer(address, port, _FIB_MATCH)
        return bool(answer and _RTA_MULTIPATH in _attributes(answer[12:]))

    def _answer(self, address: str, port: int, flags: int) -> bytes | None:
        host, _percent, zone = address.partition("%")
        packed = ipaddress.ip_address(host).packed
        family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
        attributes = [_attribute(_RTA_DST, packed), _attribute(_RTA_UID, struct.pack("=I", os.geteuid()))]
        if zone:
            attributes.append(_attribute(_RTA_OIF, struct.pack("=I", socket.if_nametoindex(zone))))
        by_port = [
            _attribute(_RTA_IP_PROTO, struct.pack("=B", socket.IPPROTO_TCP)),
            _attribute(_RTA_DPORT, struct.pack("!H", port)),
        ]
        head = struct.pack("=BBBBBBBBI", family, len(packed) * 8, 0, 0, 0, 0, 0, 0, flags)
        # Kernels before 4.20 do not know ports here, and would refuse.
        for more in (by_port, []) if port else ([],):
            answers = _asked(_GETROUTE, _REQUEST, head + b"".join([*attributes, *more]))
            if answers is not None:
                return answers[0]
        return None

    def links(self) -> dict[int, Link]:
        if not self._links:
            for answer in _asked(_GETLINK, _REQUEST | _DUMP, struct.pack("=BxHiII", 0, 0, 0, 0, 0)) or []:
                link = link_of(answer)
                self._links[link.number] = link
        return self._links


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def _attributes(data: bytes) -> Attributes:
    found: Attributes = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3 :]
    return found


def _asked(kind: int, flags: int, payload: bytes) -> list[bytes] | None:
    """The bodies of the kernel's answers; None where it says no."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as asking:
        asking.settimeout(5)
        asking.bind((0, 0))
        asking.send(struct.pack("=IHHII", 16 + len(payload), kind, flags, 1, 0) + payload)
        found: list[bytes] = []
        while True:
            data = asking.recv(1 << 18)
            while len(data) >= 16:
                length, answer, _flags, _sequence, _port = struct.unpack_from("=IHHII", data)
                if answer == _DONE:
                    return found
                if answer == _ERROR:
                    return None
                found.append(data[16:length])
                data = data[(length + 3) & ~3 :]
            if not flags & _DUMP:
                return found or None


def link_of(answer: bytes) -> Link:
    """A link out of the body of RTM_NEWLINK (pure)."""
    _family, hardware, number = struct.unpack_from("=BxHi", answer)
    found = _attributes(answer[16:])
    name = found.get(_IFLA_IFNAME, b"").rstrip(b"\0").decode("utf-8", "replace")
    kind = (
        _attributes(found.get(_IFLA_LINKINFO, b"")).get(_IFLA_INFO_KIND, b"").rstrip(b"\0").decode("ascii", "replace")
    )
    elsewhere = _IFLA_LINK_NETNSID in found
    below = 0 if elsewhere else _number(found.get(_IFLA_LINK))
    return Link(number, name, kind, hardware, below if below != number else 0, _number(found.get(_IFLA_MASTER)))


def _number(value: bytes | None) -> int:
    return int(struct.unpack("=I", value)[0]) if value and len(value) == 4 else 0


def tunnel(links: t.Mapping[int, Link], number: int) -> str:
    """The kind of the tunnel that a link is, or that it or its members are made of; "" for none (pure).

    What is not known to carry by itself counts as one: its kind is told all the same.
    """
    seen: set[int] = set()
    waiting = [number]
    while waiting:
        link = links.get(waiting.pop())
        if link is None or link.number in seen:
            continue
        seen.add(link.number)
        if link.type == _PPP:
            return "ppp"
        if link.kind and link.kind not in PLAIN:
            return link.kind
        if not link.kind and link.type not in HARDWARE:
            return f"type {link.type}"
        if link.kind != "veth":  # the other end of a pair is no part of it
            waiting.append(link.below)
        waiting += [one.number for one in links.values() if one.master == link.number]
    return ""


def route(kernel: Kernel, address: str, port: int, untold: str = "") -> Route:
    """The route to an address.

    :param port: of TCP, since policy rules may go by it; 0 for any
    :param untold: why what carries it is not known on this machine, whatever the route
    """
    answer = kernel.look_up(address, port)
    if answer is None:
        return Route(address)
    kind, found = answer
    if kind == _RTN_LOCAL:
        return Route(address, "lo", source=_text(found.get(_RTA_PREFSRC)), loopback=True)
    links, number = kernel.links(), _number(found.get(_RTA_OIF))
    if kind != _RTN_UNICAST or number not in links:
        return Route(address)
    name = links[number].name
    gateway = _text(found.get(_RTA_GATEWAY)) or _text(found.get(_RTA_VIA, b"")[2:])
    if gateway.startswith("fe80:"):
        gateway += f"%{name}"
    beyond = not gateway and not kernel.connected(address, port)
    source = _text(found.get(_RTA_PREFSRC))
    if kernel.shared(address, port):
        untold = "several gateways take turns on it"
    return Route(address, name, gateway, source, False, tunnel(links, number), untold, beyond)


def _text(packed: bytes | None) -> str:
    return str(ipaddress.ip_address(packed)) if packed and len(packed) in (4, 16) else ""
