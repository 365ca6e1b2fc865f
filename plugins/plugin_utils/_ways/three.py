# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways of a run: what was seen of them, brought together, judged, and said (pure)."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import judge
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    UNKNOWN,
    Back,
    Chain,
    Counted,
    Here,
    Line,
    Target,
    Way,
    network,
    trail,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Session, Trails

BETWEEN = {
    "router": "this machine and the router",
    "api_host": "this machine and the host that talks to the API",
    "api": "the host that talks to the API, and API or mailbox",
}


@dataclasses.dataclass(frozen=True)
class Looked:
    """What was seen of the ways before the router was looked at.

    :param here: of the host that talks to the API; None where OVHcloud was not asked
    :param api_host: the way to that host
    :param servers: this machine's name servers, where it is another host
    """

    here: Here | None
    api_host: Chain
    servers: tuple[Target, ...] = ()


@dataclasses.dataclass(frozen=True)
class Rehearsed:
    """When each of them answered while the line was down; "" for never."""

    router: str = ""
    api: str = ""


@dataclasses.dataclass(frozen=True)
class Facts:
    """All that the three ways are judged by.

    :param router: the way to the router; None where the run does not set one
    :param session: that of the line, as the router tells it; None where it was not asked
    :param sent: by the router, to this machine
    :param said: by :attr:`Target.what`, to API and mailbox
    :param let_in: OVHcloud's last word on the line is that it was let in: it may have a session that this router's
        platform does not see
    :param rehearsed: when the line was down in a rehearsal, and the two answered over the route of now
    """

    looked: Looked
    addresses: tuple[str, ...] = ()
    router: Chain | None = None
    back: Back = dataclasses.field(default_factory=Back)
    session: Session | None = None
    sent: Counted | None = None
    said: t.Mapping[str, Counted] = dataclasses.field(default_factory=dict)
    let_in: bool = False
    rehearsed: Rehearsed = dataclasses.field(default_factory=Rehearsed)

    @property
    def trails(self) -> Trails:
        """How router and API are reached; see :func:`facts.trail`."""
        here, chain = self.looked.here, self.router
        if here is None:
            return Trails()
        hops = chain.hops if chain and not chain.untold else ()
        return Trails(trail(hops, here.defaults), trail(here.targets[:1], here.defaults))


def line_of(facts: Facts) -> Line:
    """The line, by the API and by its router."""
    here, session, chain = facts.looked.here, facts.session, facts.router
    blocks = [*(here.blocks if here else ()), *([session.address] if session and session.address else [])]
    networks = [one for one in map(network, blocks) if one is not None]
    own = [*facts.addresses, *facts.back.addresses]
    if chain and chain.hops:
        own += chain.hops[-1].addresses
    return Line(
        tuple(dict.fromkeys(networks)),
        tuple(dict.fromkeys(own)),
        down=session is not None and not session.up and not facts.let_in,
        interface=facts.back.line,
        here=bool(chain and chain.local and facts.looked.api_host.local),
        others=facts.back.others,
    )


def judged(facts: Facts, words: t.Collection[str]) -> tuple[Way, ...]:
    """The ways, with the user's word on them.

    :param words: the options of :data:`judge.WORDS` and :data:`judge.OFFLINE` that are set
    """
    line, here = line_of(facts), facts.looked.here
    found = [judge.of_api_host(facts.looked.api_host, line)]
    if here is None:
        found.append(Way("api", UNKNOWN, "OVHcloud could not be asked"))
    else:
        found.append(judge.of_api(here.targets, here.exit, line, facts.said))
    if facts.router is not None:
        found.insert(0, judge.of_router(facts.router, facts.back, line, facts.sent))
    return tuple(judge.answered(_rehearsed(way, facts), words) for way in found)


def _rehearsed(way: Way, facts: Facts) -> Way:
    """A rehearsal tells of what nothing else does. It says nothing against a voice: what was so may have changed."""
    here = facts.looked.here
    shown = {"router": facts.rehearsed.router, "api": facts.rehearsed.api if here and judge.alike(here.targets) else ""}
    if way.verdict != UNKNOWN or not (at := shown.get(way.name)):
        return way
    who = "the router" if way.name == "router" else "OVHcloud's API"
    return Way(
        way.name, LIVES, f"{who} answered over this very route while the line was down, in the rehearsal of {at}"
    )


def given_words(options: Options) -> frozenset[str]:
    """The user's words among the role's variables."""
    return frozenset(name for name in {*judge.WORDS.values(), judge.OFFLINE} if options.flag(name))


def stops(ways: t.Iterable[Way]) -> t.Iterator[str]:
    """Why the line must not be cut, sentence by sentence; nothing where each way passes."""
    for way in ways:
        if not way.passes:
            yield _CROSSES[way.name].format(way.why) if way.verdict == CROSSES else _unknown(way)


_CROSSES = {
    "router": (
        "the router would not be reachable any more from this machine ({}). Reach it another way, such as at its "
        "address in the LAN, or run this from a machine there."
    ),
    "api_host": (
        "this machine reaches router_pppoe_api_host through the line that would be cut ({}), and could not go on. Run "
        "this where both are reached without the line."
    ),
    "api": (
        "this machine reaches OVHcloud through the line that would be cut ({}), and could not read the mail. Run this "
        "from another Internet access, or set router_pppoe_accept_offline when this machine has a second one."
    ),
}
_SETTLES = {
    "router": (
        "What answers it: the router's address in a network of this machine without a jump host, or a platform whose "
        "router shows the byte counter of its PPPoE interface."
    ),
    "api_host": "What answers it: an address of that host in a network of this machine, or running this on that host.",
    "api": (
        "What answers it: a route without tunnel or proxy and a right to read OVHcloud's call log (GET "
        "/me/api/logs/self), or a platform whose router shows the byte counter of its PPPoE interface."
    ),
}
_WORDS = {
    "router": "the router stays reachable when the line is down",
    "api_host": "that host, and OVHcloud from there, stay reachable when the line is down",
    "api": "OVHcloud, and the mailbox, stay reachable when the line is down",
}


def _unknown(way: Way) -> str:
    word = f"{PREFIX}{judge.WORDS[way.name]}: true"
    return (
        f"whether the network path between {BETWEEN[way.name]} works without the line is not known: {way.why}. "
        f"{_SETTLES[way.name]} If you know that {_WORDS[way.name]}, say so with {word}."
    )


def notes(ways: t.Iterable[Way]) -> t.Iterator[str]:
    """What the user answers for, without its period; for the word offline: :func:`_messages.messages.offline_note`."""
    for way in ways:
        if way.accepted and way.accepted != judge.OFFLINE:
            yield (
                f"whether the network path between {BETWEEN[way.name]} works without the line is not known "
                f"({way.why}), and {PREFIX}{way.accepted} is set"
            )


def of_names(facts: Facts, *, kept: bool = True) -> t.Iterator[str]:
    """What is to be known of names: a name server may go with the line.

    :param kept: the router's own name is among those that are used again; not so where a process of another program,
        or tasks of the user's own, look it up
    """
    looked, line = facts.looked, line_of(facts)
    here, apart = looked.here, not looked.api_host.local
    # What the host of the API asks is another matter than what this machine does.
    if servers := judge.on_site(looked.servers if apart else here.servers if here else (), line):
        again = "what was looked up before the request is used after it"
        if lost := _looked_up_again(facts.router, kept) + _looked_up_again(looked.api_host, True):
            again += (
                f", but for {', '.join(dict.fromkeys(lost))}, which other programs look up themselves: name them by "
                "their addresses"
            )
        yield (
            f"the name server {_names(servers)} is on the router to be changed, or behind it, and may go with the "
            f"line: {again}"
        )
    if apart and here and (servers := judge.on_site(here.servers, line)):
        yield (
            f"the name server {_names(servers)} of router_pppoe_api_host is on the router to be changed, or behind it, "
            "and may go with the line: what that host looked up is not kept, so give it another one"
        )


def _names(targets: t.Iterable[Target]) -> str:
    return ", ".join(one.name for one in targets)


def _looked_up_again(chain: Chain | None, kept: bool) -> list[str]:
    """The names of a way that ssh, a jump host or another program looks up after the cut."""
    hops = chain.hops if chain else ()
    again = () if kept and len(hops) == 1 else hops
    return [one.name for one in again if not _numeric(one.name)]


def _numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def told(ways: t.Iterable[Way]) -> str:
    """What the preflight tells of them, as one sentence."""
    parts = []
    for way in ways:
        how = {LIVES: "works without the line", CROSSES: "goes through the line"}.get(way.verdict, "is not known")
        parts.append(f"{BETWEEN[way.name]} {how} ({way.why})")
    return f"The network path between {'; between '.join(parts)}." if parts else ""


def offline(ways: t.Iterable[Way]) -> Way | None:
    """The way by which this machine goes offline with the line, or may."""
    return next((way for way in ways if way.accepted == judge.OFFLINE), None)
