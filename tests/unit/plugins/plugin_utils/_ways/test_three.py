# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways of a run: brought together, said, and asked of the counter only where that is needed."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    UNKNOWN,
    Back,
    Chain,
    Exit,
    Here,
    Route,
    Target,
    Way,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import burst, by_router, three

API = Target("the API", "api", 443, ("198.51.100.1",), (Route("198.51.100.1", "usb0", "172.20.10.1", "172.20.10.2"),))
VPN = dataclasses.replace(API, routes=(Route("198.51.100.1", "tun0", tunnel="tun"),))
HERE = Here((API,), Exit(("192.0.2.99",)), ("203.0.113.10", "2001:db8:1:100::/56"))
LAN = Chain(hops=(Target("the router", "r", 22, ("192.168.1.1",), (Route("192.168.1.1", "eth0"),)),))
FAR = Chain(hops=(Target("the router", "r", 22, ("10.0.0.1",), (Route("10.0.0.1", "eth0", "192.168.7.1"),)),))
LOOKED = three.Looked(HERE, Chain(local=True))
UP = Session(True, "203.0.113.77", 60.0)
FACTS = three.Facts(LOOKED, (), LAN, Back("br-lan", True, "", line="ppp0"), UP)
NO_WORDS: frozenset[str] = frozenset()


def verdicts(facts, words=NO_WORDS):
    return {way.name: way.verdict for way in three.judged(facts, words)}


def test_all_three():
    assert verdicts(FACTS) == {"router": LIVES, "api_host": LIVES, "api": LIVES}
    assert verdicts(dataclasses.replace(FACTS, router=None)) == {"api_host": LIVES, "api": LIVES}


def test_the_session_s_own_address_is_one_of_the_line():
    at = dataclasses.replace(LAN.hops[0], addresses=("203.0.113.77",))
    assert verdicts(dataclasses.replace(FACTS, router=Chain(hops=(at,))))["router"] == CROSSES


@pytest.mark.parametrize("session", [Session(False), Session(False, error="the interface has no password yet")])
def test_a_line_that_is_down_carries_nothing(session):
    far = three.Facts(three.Looked(dataclasses.replace(HERE, targets=(VPN,)), Chain(local=True)), router=FAR)
    assert verdicts(far) == {"router": UNKNOWN, "api_host": LIVES, "api": UNKNOWN}
    assert set(verdicts(dataclasses.replace(far, session=session)).values()) == {LIVES}


def test_a_router_that_calls_its_line_down_settles_nothing_where_ovhcloud_let_the_line_in():
    """A status.yml may be wrong, or look at another interface."""
    looked = three.Looked(dataclasses.replace(HERE, targets=(VPN,)), Chain(local=True))
    far = three.Facts(looked, router=FAR, session=Session(False), let_in=True)
    assert verdicts(far) == {"router": UNKNOWN, "api_host": LIVES, "api": UNKNOWN}


# -- a rehearsal

SHOWN = three.Rehearsed("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z")
NO_LOG = dataclasses.replace(HERE, exit=Exit((), "the log cannot be read"))
OPEN = three.Facts(three.Looked(NO_LOG, Chain(local=True)), router=FAR)


def test_a_rehearsal_settles_what_nothing_else_tells():
    assert verdicts(OPEN) == {"router": UNKNOWN, "api_host": LIVES, "api": UNKNOWN}
    assert set(verdicts(dataclasses.replace(OPEN, rehearsed=SHOWN)).values()) == {LIVES}
    (router, _host, api) = three.judged(dataclasses.replace(OPEN, rehearsed=SHOWN), NO_WORDS)
    assert "the router answered over this very route while the line was down" in router.why
    assert "OVHcloud's API answered" in api.why and "2026-03-01T12:00:00Z" in api.why


def test_a_rehearsal_says_nothing_against_a_voice():
    at = dataclasses.replace(FAR.hops[0], addresses=("203.0.113.10",))
    seen = three.Looked(dataclasses.replace(HERE, exit=Exit(("203.0.113.10",))), Chain(local=True))
    facts = three.Facts(seen, router=Chain(hops=(at,)), rehearsed=SHOWN)
    assert verdicts(facts) == {"router": CROSSES, "api_host": LIVES, "api": CROSSES}


def test_the_api_says_nothing_of_a_mailbox_that_is_reached_another_way():
    box = Target("the mailbox", "mail", 993, ("192.0.2.7",), (Route("192.0.2.7", "eth1", "10.9.0.1", "10.9.0.2"),))
    facts = dataclasses.replace(
        OPEN, looked=three.Looked(dataclasses.replace(NO_LOG, targets=(API, box)), Chain(local=True)), rehearsed=SHOWN
    )
    assert verdicts(facts)["api"] == UNKNOWN
    alike = dataclasses.replace(box, routes=(dataclasses.replace(API.routes[0], address="192.0.2.7"),))
    looked = three.Looked(dataclasses.replace(NO_LOG, targets=(API, alike)), Chain(local=True))
    assert verdicts(dataclasses.replace(facts, looked=looked))["api"] == LIVES


def test_the_trail_is_another_one_with_another_uplink_or_a_tunnel():
    trails = OPEN.trails
    assert trails.router and trails.api and trails.router != trails.api
    more = dataclasses.replace(NO_LOG, defaults=("usb0 010A14AC",))
    assert dataclasses.replace(OPEN, looked=three.Looked(more, Chain(local=True))).trails.router != trails.router
    tunnelled = dataclasses.replace(NO_LOG, targets=(VPN,))
    assert dataclasses.replace(OPEN, looked=three.Looked(tunnelled, Chain(local=True))).trails.api == ""
    unclear = dataclasses.replace(FAR, untold="it goes through a ProxyCommand")
    assert dataclasses.replace(OPEN, router=unclear).trails.router == ""
    assert dataclasses.replace(OPEN, looked=three.Looked(None, Chain(local=True))).trails == type(trails)()


def test_the_router_s_own_addresses_count():
    """It is reached at one, and is the gateway by another."""
    by_router_ = dataclasses.replace(API, routes=(Route("198.51.100.1", "eth0", "192.168.1.254"),))
    facts = dataclasses.replace(
        FACTS, looked=three.Looked(dataclasses.replace(HERE, targets=(by_router_,)), Chain(local=True))
    )
    assert verdicts(facts)["api"] == LIVES
    back = dataclasses.replace(FACTS.back, addresses=("192.168.1.1", "192.168.1.254"))
    assert verdicts(dataclasses.replace(facts, back=back))["api"] == CROSSES
    assert verdicts(dataclasses.replace(facts, addresses=("192.168.1.254",)))["api"] == CROSSES


def test_the_router_itself_talks_to_the_api():
    own = dataclasses.replace(API, routes=(Route("198.51.100.1", "ppp0", tunnel="ppp"),))
    looked = three.Looked(dataclasses.replace(HERE, targets=(own,)), Chain(local=True))
    facts = dataclasses.replace(FACTS, looked=looked, router=Chain(local=True))
    assert verdicts(facts) == {"router": LIVES, "api_host": LIVES, "api": CROSSES}


def test_nobody_was_asked():
    assert verdicts(three.Facts(three.Looked(None, Chain(local=True)))) == {"api_host": LIVES, "api": UNKNOWN}


def test_facts_go_from_task_to_task():
    assert from_data(three.Looked, as_data(LOOKED)) == LOOKED
    assert from_data(three.Looked, as_data(three.Looked(None, FAR))) == three.Looked(None, FAR)


def test_words_of_the_user():
    def words(**given):
        return three.given_words(Options({"service_name": "xdsl-ab12345-1", **given}))

    assert words() == frozenset()
    assert words(out_of_band="yes") == {"out_of_band"}
    assert words(api_out_of_band=True, accept_offline=True) == {"api_out_of_band", "accept_offline"}


@pytest.mark.parametrize(
    ("name", "verdict", "parts"),
    [
        ("router", CROSSES, ("would not be reachable any more from this machine (Why.)", "address in the LAN")),
        ("api_host", CROSSES, ("router_pppoe_api_host through the line that would be cut (Why.)",)),
        ("api", CROSSES, ("through the line that would be cut (Why.)", "set router_pppoe_accept_offline")),
        ("router", UNKNOWN, ("the router works without the line is not known: Why", "router_pppoe_out_of_band: true")),
        ("api_host", UNKNOWN, ("What answers it", "router_pppoe_api_out_of_band: true")),
        ("api", UNKNOWN, ("GET /me/api/logs/self", "router_pppoe_api_out_of_band: true")),
    ],
)
def test_why_the_line_is_not_cut(name, verdict, parts):
    (said,) = three.stops([Way(name, verdict, "Why." if verdict == CROSSES else "Why")])
    for part in parts:
        assert part in said
    assert not list(three.stops([Way(name, verdict, "Why", "out_of_band"), Way(name, LIVES, "Why")]))


def test_what_is_told():
    ways = [Way("router", LIVES, "a"), Way("api_host", UNKNOWN, "b", "api_out_of_band"), Way("api", CROSSES, "c")]
    assert three.told(ways) == (
        "The network path between this machine and the router works without the line (a); between this machine and the "
        "host that talks to the API is not known (b); between the host that talks to the API, and API or mailbox goes "
        "through the line (c)."
    )
    assert three.told([]) == ""
    (note,) = three.notes(ways)
    assert note.endswith("is not known (b), and router_pppoe_api_out_of_band is set")
    assert three.offline(ways) is None
    offline = Way("api", CROSSES, "c", "accept_offline")
    assert three.offline([*ways, offline]) is offline and len(list(three.notes([*ways, offline]))) == 1


def test_a_refusal_names_the_other_way_out_of_the_router():
    """An LTE backup of the router may take over: the user says whether it does."""
    behind = dataclasses.replace(API, routes=(Route("198.51.100.1", "eth0", "192.168.1.1", "192.168.1.2"),))
    looked = three.Looked(dataclasses.replace(HERE, targets=(behind,)), Chain(local=True))
    facts = dataclasses.replace(FACTS, looked=looked, back=dataclasses.replace(FACTS.back, others=("wwan0",)))
    (said,) = three.stops(three.judged(facts, NO_WORDS))
    assert "the router to be changed, which has another default route by wwan0" in said
    assert "router_pppoe_accept_offline" in said
    assert not list(three.stops(three.judged(facts, {"accept_offline"})))


# -- the counter


class Driver:
    """A router with a counter that sees a share of what it sends."""

    def __init__(self, share=0.0, back=FACTS.back, failure=None):
        self.share, self.back, self.failure = share, back, failure
        self.count, self.asked = 0, []

    def way_back(self):
        return dataclasses.replace(self.back, line="")

    def counted(self, down, up=0):
        self.asked.append(down)
        if self.failure:
            raise self.failure
        found = port.Counter("ppp0", 0, self.count)
        self.count += int(down * self.share)
        return found, down


PROBE = port.Probe("login", True, port.Session(True, "203.0.113.77", 60.0), counter=port.Counter("ppp0", 1, 2))


@pytest.fixture
def hosts(monkeypatch):
    """Measurements of hosts that are asked for, and what they come to."""
    asked = []

    def to_host(counter, shake, longest=0.0):
        asked.append(longest)
        return burst.slope([(size, 0) for size in (0, 1, 2, 3, 4, 5)], 1.0)

    monkeypatch.setattr(burst, "to_host", to_host)
    return asked


def test_cheap_voices_are_enough(hosts):
    driver = Driver()
    facts = by_router.by_router(dataclasses.replace(FACTS, back=Back(), session=None), driver, PROBE, NO_WORDS)
    assert facts == FACTS and driver.asked == [] and hosts == []


@pytest.mark.parametrize(("share", "verdict"), [(0.0, LIVES), (1.0, CROSSES)])
def test_the_counter_is_asked_for_the_router(share, verdict, hosts):
    driver = Driver(share)
    facts = by_router.by_router(dataclasses.replace(FACTS, router=FAR), driver, PROBE, NO_WORDS)
    assert verdicts(facts)["router"] == verdict and sum(driver.asked) <= 1 << 20 and hosts == []
    # A word does not keep it from being asked, nor stand against it.
    facts = by_router.by_router(dataclasses.replace(FACTS, router=FAR), Driver(share), PROBE, {"out_of_band"})
    assert verdicts(facts, {"out_of_band"})["router"] == verdict


def test_the_counter_is_asked_for_the_api(hosts):
    looked = three.Looked(dataclasses.replace(HERE, targets=(VPN,)), Chain(local=True))
    facts = by_router.by_router(dataclasses.replace(FACTS, looked=looked), Driver(), PROBE, NO_WORDS)
    assert verdicts(facts)["api"] == LIVES and hosts == [burst.LONGEST]
    away = dataclasses.replace(looked, api_host=LAN)
    facts = by_router.by_router(dataclasses.replace(FACTS, looked=away), Driver(), PROBE, NO_WORDS)
    assert verdicts(facts)["api"] == UNKNOWN and hosts == [burst.LONGEST]


def test_no_counter_no_voice(hosts):
    facts = dataclasses.replace(FACTS, router=FAR)
    for driver, probe in (
        (Driver(), dataclasses.replace(PROBE, counter=None)),
        (Driver(failure=Failure("router_lost", "gone")), PROBE),
    ):
        assert verdicts(by_router.by_router(facts, driver, probe, NO_WORDS))["router"] == UNKNOWN


SITE, OUTSIDE = (
    Target("the name server", one, 53, (one,), (Route(one, "eth0"),)) for one in ("192.168.1.1", "9.9.9.9")
)


def named(*names):
    return Chain(hops=tuple(Target("the router", one, 22, ("192.168.1.1",), LAN.hops[0].routes) for one in names))


@pytest.mark.parametrize(
    ("router", "kept", "api_host", "own", "far", "parts"),
    [
        # this machine talks to the API itself
        (named("r.lan"), True, Chain(local=True), (), (SITE,), ["request is used after it"]),
        (named("192.168.1.1"), False, Chain(local=True), (), (SITE,), ["request is used after it"]),
        (named("r.lan"), False, Chain(local=True), (), (SITE,), ["but for r.lan, which other programs look up"]),
        (named("j.lan", "192.168.1.1"), True, Chain(local=True), (), (SITE,), ["but for j.lan, which"]),
        (named("j.lan", "r.lan"), True, Chain(local=True), (), (SITE,), ["but for j.lan, r.lan, which"]),
        (named("r.lan"), False, Chain(local=True), (), (OUTSIDE,), []),
        # another host does
        (named("r.lan"), True, named("api.lan"), (SITE,), (OUTSIDE,), ["request is used after it"]),
        (named("r.lan"), True, named("j.lan", "api.lan"), (SITE,), (OUTSIDE,), ["but for j.lan, api.lan, which"]),
        (named("r.lan"), True, named("api.lan"), (OUTSIDE,), (SITE,), ["192.168.1.1 of router_pppoe_api_host is on"]),
        (named("r.lan"), True, named("api.lan"), (SITE,), (SITE,), ["used after it", "of router_pppoe_api_host"]),
        (None, True, named("api.lan"), (OUTSIDE,), (OUTSIDE,), []),
    ],
)
def test_names_that_are_looked_up_after_the_cut_are_told(router, kept, api_host, own, far, parts):
    looked = three.Looked(dataclasses.replace(HERE, servers=far), api_host, own)
    said = list(three.of_names(three.Facts(looked, ("192.168.1.1",), router=router), kept=kept))
    assert len(said) == len(parts) and all(part in one for part, one in zip(parts, said)), said
