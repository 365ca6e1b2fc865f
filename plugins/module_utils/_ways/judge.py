# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does a way cross the line that is about to be cut? Judged from facts alone (pure).

Three ways must work without the line: control node to router, control node to the host that talks to the API, and that
host to API and mailbox. Voices are heard on each: one that says "line" decides, whatever the others say; without one
that settles the opposite, nothing is known. Only what is not known can be answered by the user's word.
"""

from __future__ import annotations

import dataclasses
import typing as t

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
)

#: A way crosses the line if surely more than this of each byte is seen there, and does not if surely less than that;
#: so many standard errors off. What crosses has a slope of 1 or more; only the second one, taken wrongly, locks out:
#: an error is itself an estimate, so no way is said to live on it alone.
MORE, CROSSING = 0.3, 3.0
LESS, LIVING = 0.45, 4.0
#: The users' words, by the way that each of them answers for.
WORDS = {"router": "out_of_band", "api_host": "api_out_of_band", "api": "api_out_of_band"}
OFFLINE = "accept_offline"
FOG = (
    "the byte counter of the router's PPPoE interface gives no clear answer, with other traffic on the line or few "
    "readings in its time"
)


@dataclasses.dataclass(frozen=True)
class Voice:
    """:param says: LIVES, CROSSES, or UNKNOWN for something that was heard and settles nothing"""

    says: str
    text: str


Voices = t.Iterator[Voice]


def counted_says(counted: Counted | None) -> str:
    """What the counter's slope comes to."""
    if counted is None:
        return UNKNOWN
    if counted.slope - CROSSING * counted.error > MORE:
        return CROSSES
    return LIVES if max(counted.slope + LIVING * counted.error, counted.most) < LESS else UNKNOWN


def verdict(name: str, parts: t.Sequence[t.Iterable[Voice]]) -> Way:
    """Any voice that says "line" decides; else each part of a way needs one that settles it.

    :param parts: the voices on each of the hosts that the way leads to
    """
    heard = [list(part) for part in parts]
    crossing = [voice.text for part in heard for voice in part if voice.says == CROSSES]
    if crossing:
        return Way(name, CROSSES, "; ".join(dict.fromkeys(crossing)))
    if heard and all(any(voice.says == LIVES for voice in part) for part in heard):
        settling = [next(voice.text for voice in part if voice.says == LIVES) for part in heard]
        return Way(name, LIVES, "; ".join(dict.fromkeys(settling)))
    unsettled = [part for part in heard if not any(voice.says == LIVES for voice in part)]
    said = [voice.text for part in unsettled for voice in part]
    return Way(name, UNKNOWN, "; ".join(dict.fromkeys(said)) or "nothing tells")


# -- control node to router


def of_router(chain: Chain, back: Back, line: Line, counted: Counted | None = None) -> Way:
    """:param counted: of bytes that the router sent down the very connection"""
    return verdict("router", [_on_router(chain, back, line, counted)])


def _on_router(chain: Chain, back: Back, line: Line, counted: Counted | None) -> Voices:
    yield from _addresses(chain.hops, line)
    # Where the tasks run on the router itself, it answers nobody.
    if not chain.local:
        yield from _answers(back, line)
    says = counted_says(counted)
    if says == CROSSES:
        yield Voice(CROSSES, f"traffic to the router and back is counted on its PPPoE interface{_cost(counted)}")
    if line.down:
        yield Voice(LIVES, "the line has no session now, and the router answers all the same")
    if chain.local:
        yield Voice(LIVES, "this machine is the router")
    if chain.untold:
        yield Voice(UNKNOWN, chain.untold)
    elif chain.hops:
        yield from _first_hop(chain, back)
    if says == LIVES:
        yield Voice(LIVES, f"traffic to the router and back is not counted on its PPPoE interface{_cost(counted)}")
    elif counted is not None and says == UNKNOWN:
        yield Voice(UNKNOWN, FOG)


def _cost(counted: Counted | None) -> str:
    """What it took to find that out."""
    return f" ({counted.sent // 1024} KB in {counted.seconds:.0f} s)" if counted else ""


def _addresses(hops: t.Iterable[Target], line: Line) -> Voices:
    """A host at an address of the line cannot be reached while that is down."""
    for hop in hops:
        for address in hop.addresses:
            if line.holds(address):
                yield Voice(CROSSES, f"{hop.called} is {address}, an address of the line")


def _answers(back: Back, line: Line) -> Voices:
    at = back.line or line.interface
    if not at:
        return
    if back.interface == at:
        yield Voice(CROSSES, f"the router's answer to this machine leaves by {at}, the line")
    elif at in back.outer:
        yield Voice(CROSSES, f"the router answers through the tunnel {back.interface}, whose outer end is over {at}")


def _first_hop(chain: Chain, back: Back) -> Voices:
    """Is the router on a network of this machine? What lies behind a gateway, or a jump host, is not seen from here."""
    if len(chain.hops) > 1:
        jumps = ", ".join(one.name for one in chain.hops[:-1])
        yield Voice(UNKNOWN, f"it is reached through {jumps}, and which uplink that uses is not known here")
        return
    host = chain.hops[0]
    if not host.routes:
        yield Voice(UNKNOWN, f"no address or no route is known of {host.called}")
    elif all(route.loopback for route in host.routes):
        if untold := next((route.untold for route in host.routes if route.untold), ""):
            yield Voice(UNKNOWN, f"{host.called} is on this machine's loopback: {untold}")
        elif back.interface not in ("", "lo") and (back.on_link is False or back.tunnel):
            yield Voice(
                UNKNOWN,
                f"{host.called} is a port forward on this machine, and which uplink that uses is not known here",
            )
        else:
            yield Voice(LIVES, f"{host.called} is on this machine's loopback")
    elif back.tunnel and all(route.on_link for route in host.routes):
        yield Voice(
            UNKNOWN,
            f"the router's {back.interface} includes a tunnel ({back.tunnel}), through which this machine may be "
            "connected",
        )
    elif all(route.on_link for route in host.routes):
        interface = host.routes[0].interface
        yield Voice(LIVES, f"{host.called} is on the network of this machine's {interface}, which is no tunnel")
    elif back.interface and back.on_link and back.tunnel == "" and all(map(_plain_neighbour, host.routes)):
        yield Voice(LIVES, f"router and this machine are on one network, there {back.interface}")
    else:
        yield Voice(UNKNOWN, _route_words(host))


def _plain_neighbour(route: Route) -> bool:
    """On the network of an interface of which nothing tells that it is a tunnel."""
    return bool(route.interface) and not route.gateway and not route.tunnel and not route.beyond


def _route_words(target: Target) -> str:
    route = next((one for one in target.routes if not one.on_link and not one.loopback), None)
    if route is None or not route.interface:
        return f"there is no route to {target.called}"
    if route.tunnel:
        return f"the route to {target.called} goes through the tunnel {route.interface} ({route.tunnel})"
    if route.untold:
        return f"the route to {target.called} is {route.interface}: {route.untold}"
    if route.beyond:
        return (
            f"{target.called} is on no network of this machine, and which uplink {route.interface} uses is not known "
            "here"
        )
    return (
        f"the route to {target.called} is the gateway {route.gateway}, and which uplink that one uses is not known here"
    )


# -- control node to the host that talks to the API


def of_api_host(chain: Chain, line: Line) -> Way:
    return verdict("api_host", [_on_api_host(chain, line)])


def _on_api_host(chain: Chain, line: Line) -> Voices:
    yield from _addresses(chain.hops, line)
    for hop in chain.hops[:1]:
        yield from _by_router(hop, line)
    if chain.local:
        yield Voice(LIVES, "this machine talks to the API itself")
    if line.down:
        yield Voice(LIVES, "the line has no session now, and that host answers all the same")
    if chain.untold:
        yield Voice(UNKNOWN, chain.untold)
    elif chain.hops:
        yield from _first_hop(chain, Back())


def _by_router(target: Target, line: Line) -> Voices:
    """The router takes what it gets to the line, as far as is known."""
    for route in target.routes:
        if route.loopback:
            continue
        if line.here and line.interface and route.interface == line.interface:
            yield Voice(
                CROSSES, f"this host is the router, and its route to {target.called} is {line.interface}, the line"
            )
        elif route.gateway and _same(route.gateway, line.router):
            yield Voice(
                CROSSES,
                f"this host's gateway to {target.called}, {route.gateway}, is the router to be changed{_others(line)}",
            )
        elif target.proxy and _same(route.address, line.router):
            yield Voice(CROSSES, f"{target.called} is on the router to be changed")


def on_site(targets: t.Iterable[Target], line: Line) -> tuple[Target, ...]:
    """Those that may go with the line: at an address of it, on its router, or reached through that."""
    return tuple(
        one
        for one in targets
        if any(line.holds(address) or _same(address, line.router) for address in one.addresses)
        or any(route.gateway and _same(route.gateway, line.router) for route in one.routes)
    )


def _others(line: Line) -> str:
    """A backup that takes over is another way back, at another address: the user says whether it does."""
    named = ", ".join(line.others)
    return f", which has another default route by {named}: whether that one takes over is not known" if named else ""


def _same(address: str, router: t.Iterable[str]) -> bool:
    """Link-local addresses are alike on many networks, and are told from others by their interface alone."""
    if address.lower().startswith("fe80:") and "%" not in address:
        return False
    return address in router


# -- that host to the API and the mailbox


def of_api(targets: t.Sequence[Target], seen: Exit, line: Line, counted: t.Mapping[str, Counted] | None = None) -> Way:
    """
    :param targets: the API first
    :param counted: by :attr:`Target.what`, of bytes said to that host
    """
    found = counted or {}
    parts = [_on_target(one, targets[0], seen, line, found.get(one.what)) for one in targets]
    return verdict("api", parts)


def unsettled(targets: t.Sequence[Target], seen: Exit, line: Line) -> tuple[Target, ...]:
    """Those of which cheap voices tell nothing."""
    return tuple(
        one for one in targets if verdict("api", [_on_target(one, targets[0], seen, line, None)]).verdict == UNKNOWN
    )


def seen_elsewhere(seen: Exit, line: Line) -> bool:
    """Does OVHcloud see this run's calls come from no address of the line?"""
    return bool(line.networks) and len(seen.addresses) == 1 and not seen.untold and not line.holds(seen.addresses[0])


def _on_target(target: Target, api: Target, seen: Exit, line: Line, counted: Counted | None) -> Voices:
    yield from _addresses([target], line)
    yield from _by_router(target, line)
    for address in filter(line.holds, seen.addresses):
        yield Voice(CROSSES, f"OVHcloud sees calls of this host come from {address}, an address of the line")
    says = counted_says(counted)
    if says == CROSSES:
        yield Voice(CROSSES, f"traffic to {target.called} is counted on the router's PPPoE interface{_cost(counted)}")
    if line.down:
        yield Voice(LIVES, f"the line has no session now, and {target.what} answers all the same")
    loopback = bool(target.routes) and all(route.loopback for route in target.routes)
    if loopback and not target.proxy:
        untold = next((route.untold for route in target.routes if route.untold), "")
        where = f"{target.called} is on this machine's loopback"
        # A counter tells nothing of it: what listens there may end a connection, and make another one.
        yield Voice(UNKNOWN, f"{where}: {untold}") if untold else Voice(LIVES, where)
        return
    elsewhere, direct = seen_elsewhere(seen, line), _direct(target)
    named = ", ".join(seen.addresses)
    if elsewhere and direct and _alike(target, api):
        by = target.routes[0].interface
        yield Voice(
            LIVES, f"OVHcloud sees this host as {named}, not an address of the line, and the route is direct ({by})"
        )
    elif elsewhere:
        yield Voice(
            UNKNOWN, f"OVHcloud sees this host as {named}, not an address of the line, but {_indirect(target, api)}"
        )
    elif seen.addresses and not seen.untold:
        yield Voice(UNKNOWN, f"OVHcloud sees this host as {named}, but lists no address of the line to compare it with")
    else:
        yield Voice(UNKNOWN, seen.untold or "OVHcloud's call log does not tell from which address this host comes")
    # Bytes that the router only forwards may be hidden from its counter by hardware.
    if says == LIVES and (elsewhere or direct):
        yield Voice(LIVES, f"traffic to {target.called} is not counted on the router's PPPoE interface{_cost(counted)}")
    elif counted is not None and says == UNKNOWN:
        yield Voice(UNKNOWN, FOG)


def _direct(target: Target) -> bool:
    return not target.proxy and bool(target.routes) and all(r.direct and not r.loopback for r in target.routes)


def _alike(target: Target, api: Target) -> bool:
    """OVHcloud tells where calls of the API come from: that goes for what takes the same way."""

    def ways(one: Target) -> set[tuple[str, str, str]]:
        return {(route.interface, route.gateway, route.source) for route in one.routes}

    return target == api or (not api.proxy and ways(target) == ways(api) and all(r.gateway for r in target.routes))


def alike(targets: t.Sequence[Target]) -> bool:
    """Does what is known of the way to the first one, the API, go for all of them?"""
    return all(_alike(one, targets[0]) for one in targets)


def _indirect(target: Target, api: Target) -> str:
    if target.proxy:
        return f"which uplink {target.called} uses is not known here"
    if not target.routes:
        return f"no route is known to {target.called}"
    for route in target.routes:
        if route.loopback:
            return f"{target.called} is on this machine's loopback"
        if not route.direct:
            return _route_words(target)
    return f"{target.called} is reached over another route than {api.called}"


# -- the user's word


def answered(way: Way, words: t.Collection[str]) -> Way:
    """The way with the user's word on it.

    :param words: options that are set, of :data:`WORDS` and :data:`OFFLINE`
    """
    if way.verdict == UNKNOWN and WORDS[way.name] in words:
        return dataclasses.replace(way, accepted=WORDS[way.name])
    # This machine goes offline with the line, and comes back another way: that is no claim on any voice.
    if way.verdict != LIVES and way.name == "api" and OFFLINE in words:
        return dataclasses.replace(way, accepted=OFFLINE)
    return way


def needed(*, router: bool) -> tuple[str, ...]:
    """The ways that a renewal needs.

    :param router: the run sets the router itself
    """
    return ("router", "api_host", "api") if router else ("api_host", "api")


def proven(ways: t.Iterable[Way], *, router: bool) -> bool:
    """Is each way that is needed there, and does it pass?"""
    found = {way.name: way for way in ways}
    return all(name in found and found[name].passes for name in needed(router=router))
