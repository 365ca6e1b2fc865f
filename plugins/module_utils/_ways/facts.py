# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the ways that a renewal needs, as records (pure). A way that works without the line does not end
when its session is cut."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

LIVES, CROSSES, UNKNOWN = "lives", "crosses", "unknown"

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


@dataclasses.dataclass(frozen=True)
class Route:
    """The kernel's answer to: how is this address reached?

    :param interface: "" without a route
    :param gateway: "" where the address is on the interface's own network
    :param loopback: the address is this machine itself
    :param tunnel: the kind of a tunnel that carries it ("wireguard", "tun" ...); "" for none
    :param untold: why it is not known what carries it; "" where it is known
    :param beyond: it is not on a network that this machine has an address in, gateway or not: LTE has none
    """

    address: str
    interface: str = ""
    gateway: str = ""
    source: str = ""
    loopback: bool = False
    tunnel: str = ""
    untold: str = ""
    beyond: bool = False

    @property
    def known(self) -> bool:
        return bool(self.loopback or self.interface) and not self.untold

    @property
    def direct(self) -> bool:
        """A wire or radio of this machine, and no tunnel in it."""
        return self.known and not self.tunnel

    @property
    def on_link(self) -> bool:
        return self.direct and not self.loopback and not self.gateway and not self.beyond


@dataclasses.dataclass(frozen=True)
class Target:
    """A host that a run connects to.

    :param what: as people call it: "the API", "the mailbox", "the router", "the jump host"
    :param name: as it was named
    :param port: of TCP, 0 where it is not known
    :param addresses: its name's, in the order in which they are tried
    :param routes: those of the address that answered, else of all addresses
    :param proxy: host:port of the proxy that the connection goes to, whose addresses and routes these are
    """

    what: str
    name: str
    port: int = 0
    addresses: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    proxy: str = ""

    @property
    def called(self) -> str:
        if self.proxy:
            return f"the proxy {self.proxy} before {self.what}"
        return f"{self.what} {self.name}"


@dataclasses.dataclass(frozen=True)
class Exit:
    """Where OVHcloud sees this run's own calls come from, by its log of calls.

    :param addresses: of this run's own calls
    :param untold: why they are not known, as a sentence without its period
    """

    addresses: tuple[str, ...] = ()
    untold: str = ""


@dataclasses.dataclass(frozen=True)
class Here:
    """How a machine reaches the API and the mailbox.

    :param blocks: the line's addresses and blocks, as the API lists them
    :param servers: the name servers of this machine
    :param defaults: its default routes, each by interface and gateway
    """

    targets: tuple[Target, ...]
    exit: Exit
    blocks: tuple[str, ...]
    servers: tuple[Target, ...] = ()
    defaults: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Chain:
    """The connections, one through the other, by which Ansible reaches a host.

    :param local: what is run for the host is run on this machine itself
    :param hops: jump hosts in their order, and the host; the routes of the first one are this machine's
    :param untold: why they cannot be told, as a sentence without its period
    """

    local: bool = False
    hops: tuple[Target, ...] = ()
    untold: str = ""


@dataclasses.dataclass(frozen=True)
class Back:
    """How a router answers whoever is logged in there.

    :param interface: "" where that is not known
    :param on_link: whoever it is, is on the interface's own network; None where that is not known
    :param tunnel: the kind of a tunnel that the interface is; "" for none, None where that is not known
    :param outer: the interfaces by which the outer ends of that tunnel are reached
    :param line: the interface of the line's session; "" where that is not known
    :param addresses: the router's own
    :param others: its default routes by an interface that is not the line's, such as "wwan0"
    """

    interface: str = ""
    on_link: bool | None = None
    tunnel: str | None = None
    outer: tuple[str, ...] = ()
    line: str = ""
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Line:
    """What is known of the line and its router.

    :param networks: its addresses and blocks
    :param router: addresses of its router
    :param down: it has no session right now
    :param interface: that of the session, on the router
    :param here: the router is the very machine that talks to the API
    :param others: other interfaces that its router has a default route by
    """

    networks: tuple[Network, ...] = ()
    router: tuple[str, ...] = ()
    down: bool = False
    interface: str = ""
    here: bool = False
    others: tuple[str, ...] = ()

    def holds(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found.version == one.version and found in one for one in self.networks)


@dataclasses.dataclass(frozen=True)
class Counted:
    """What the line's own counter grew by, for each byte that was sent on a way.

    :param slope: 0 where nothing of it crosses the line, a little over 1 where all of it does
    :param error: the standard error of that
    :param most: the largest share that can cross, whatever others send: a counter grows by no less than what crosses
    :param sent: bytes that it took
    :param seconds: that it took
    """

    slope: float
    error: float
    most: float
    sent: int
    seconds: float


@dataclasses.dataclass(frozen=True)
class Way:
    """One of the three ways, judged.

    :param name: "router", "api_host" or "api"
    :param verdict: :data:`LIVES`, :data:`CROSSES` or :data:`UNKNOWN`
    :param why: the voices that say so, as a sentence without its period
    :param accepted: the variable by which the user answered for it; "" where none is needed, or none may
    """

    name: str
    verdict: str
    why: str
    accepted: str = ""

    @property
    def passes(self) -> bool:
        return self.verdict == LIVES or bool(self.accepted)


def trail(targets: t.Iterable[Target], defaults: t.Iterable[str]) -> str:
    """By what this machine reaches hosts, so that it can be told later whether that is still so; "" where it cannot.

    What carries a tunnel is not among it, so a tunnel has none; nor has any other route of which that is not known.

    :param targets: only the first one's routes are this machine's
    :param defaults: all default routes of the machine: another uplink makes another trail
    """
    hosts = list(targets)
    routes = hosts[0].routes if hosts else ()
    if not routes or any(route.tunnel or route.untold or not (route.interface or route.loopback) for route in routes):
        return ""
    named = [f"{one.name}:{one.port}={','.join(one.addresses)} {one.proxy}".strip() for one in hosts]
    by = [f"{one.address}>{one.interface}>{one.gateway}>{one.source}" for one in routes]
    return "; ".join([*named, *by, *sorted(defaults)])


def strayed(kept: str, look: t.Callable[[str, int], Route]) -> str:
    """What is reached another way by now, as a sentence without its period; "" for nothing.

    :param kept: a :func:`trail`; of "" nothing is known
    :param look: the route of now to an address and port
    """
    first, *parts = kept.split("; ")
    port = first.partition("=")[0].rpartition(":")[2]
    for address, interface, gateway, _source in (found for part in parts if len(found := part.split(">")) == 4):
        now = look(address, int(port or 0))
        then = Route(address, interface, gateway)
        if (now.interface, now.gateway) != (then.interface, then.gateway) or now.tunnel:
            return f"{address} was reached {_by(then)}, and is now reached {_by(now)}"
    return ""


def _by(route: Route) -> str:
    by = f"over {route.interface}" if route.interface else "over no interface"
    return by + (f" through the gateway {route.gateway}" if route.gateway else "")


def network(text: str) -> Network | None:
    """A block of the line, as the API lists it; None for something else."""
    if ":" in text and "/" not in text:
        # The API lists a block by its first address; OVHcloud delegates a /56 to each access.
        text += "/56"
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
