# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Standby routers: which hosts they are, what is done on them, and what is told."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby_words as words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Write
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import IN_HAND, LOGIN, NOW, WORDS

LINE, CREDENTIALS = "xdsl-ab12345-1", port.Credentials(LOGIN, "of now")
UP = port.Session(False, error="it does not run")


def of(hosts):
    return lambda host, name: hosts.get(host, {}).get(name.removeprefix("router_pppoe_"))


def options(**given):
    return Options({"service_name": LINE, **given})


class Driver:
    """A router that tells one thing, and notes how it was set."""

    def __init__(self, probe=None, applied=None):
        self.probed, self.applied, self.dials = probe or port.Probe(LOGIN, True, UP), applied, []
        self.closed = 0

    def close(self):
        self.closed += 1

    def probe(self, *, prove):
        assert not prove
        if isinstance(self.probed, Failure):
            raise self.probed
        return self.probed

    def unfit(self, credentials):
        return ""

    def apply(self, credentials, *, dial, age, check):
        self.dials.append((dial, check))
        return self.applied or port.Applied(True, True, False)


@pytest.mark.parametrize(
    ("hosts", "active"),
    [
        ({"a": {"standby_hosts": ["b"], "service_name": LINE}, "b": {"service_name": LINE}}, "a"),
        # From a group of both: who names itself is none that writes.
        ({name: {"standby_hosts": ["b"], "service_name": LINE} for name in "ab"}, "a"),
        ({"a": {"standby_hosts": "b", "service_name": LINE}, "b": {"service_name": LINE}}, "a"),
        ({"a": {"standby_hosts": ["b"], "service_name": "xdsl-other-1"}, "b": {"service_name": LINE}}, ""),
        ({"a": {"standby_hosts": [], "service_name": LINE}, "b": {"service_name": LINE}}, ""),
        ({"b": {"standby_hosts": ["b"], "service_name": LINE}}, ""),
    ],
)
def test_a_host_that_another_one_names_is_left_to_it(hosts, active):
    assert standby.active_of("b", list(hosts), of(hosts)) == active


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["c"], "names c, which is no host of the inventory"),
        (["a"], "names this very host"),
        (["b", "b"], "names a host twice"),
        (["own"], "names own, whose platform is custom"),
        (["b"], ""),
        ([], ""),
    ],
)
def test_a_list_that_cannot_be_gone_by(given, said):
    hosts = {"a": {}, "b": {}, "own": {"platform": "custom"}}
    found = list(standby.refused(options(standby_hosts=given), "a", list(hosts), of(hosts)))
    assert (said in found[0]) if said else not found


def test_its_own_variables_win_and_the_rest_is_as_on_the_active_one():
    own = {"b": {"interface": "spare", "platform": "openwrt", "ppp_dir": ""}}
    found = standby.options_of(options(interface="dsl", ppp_dir="/x", standby_hosts=["b"]), "b", of(own))
    assert (found.interface, found.text("platform"), found.text("ppp_dir")) == ("spare", "openwrt", "/x")


@pytest.mark.parametrize("check", [False, True])
def test_it_is_never_made_to_dial(check):
    driver = Driver()
    assert standby.write("b", driver, CREDENTIALS, check) == standby.Standby("b", False, True)
    assert driver.dials == [(port.Dial.NEVER, check)]


@pytest.mark.parametrize(
    ("probe", "why"),
    [
        (port.Probe("other@adsl.ovh", True, UP), "it dials with the login other@adsl.ovh"),
        (port.Probe(LOGIN, False, UP, "It is full."), "It is full"),
        (Failure("router_unreachable", "It is off."), "It is off"),
    ],
)
def test_what_cannot_be_set_is_told_and_not_written(probe, why):
    driver = Driver(probe)
    assert why in standby.write("b", driver, CREDENTIALS, False).why and not driver.dials
    assert why in standby.look("b", driver, LOGIN).why


def turn(before, last=None, state=IN_HAND, driver=None):
    driver = driver or Driver()
    found = standby.turn(before, "b", lambda: driver, lambda: state, last)
    return found["changed"], found["standby"], driver


def test_it_is_looked_at_where_no_password_is_at_hand():
    for before in ({}, {"password": "x"}, {"standbys": True, "line": "none"}, {"line": {"login": LOGIN}}):
        changed, found, driver = turn(before)
        assert not changed and found["looked"] and not driver.dials and driver.closed == 1


AT_HAND = {"standbys": True, "login": LOGIN, "password": "of now"}


def test_it_is_written_where_a_password_is_at_hand():
    changed, found, driver = turn(AT_HAND)
    assert changed and not found["looked"] and driver.dials == [(port.Dial.NEVER, False)] and driver.closed == 1


def test_it_is_left_alone_where_the_active_router_may_have_a_newer_one():
    held = dataclasses.replace(IN_HAND, write=Write(True, False, NOW, held=True))
    for before, state in ((AT_HAND, held), ({**AT_HAND, "hold": True}, IN_HAND)):
        changed, found, driver = turn(before, state=state)
        assert not changed and not found["why"] and not driver.dials and driver.closed == 1


def test_a_router_that_cannot_be_reached_is_told_with_what_was_tried():
    def away():
        raise Failure("router_unreachable", "It is off.")

    for before, looked in (({}, True), (AT_HAND, False)):
        found = standby.turn(before, "b", away, lambda: IN_HAND)
        assert found["standby"] == {"host": "b", "looked": looked, "changed": False, "why": "It is off"}


def test_after_a_failure_it_is_written_if_it_was_not_and_what_was_done_counts_once():
    def left(**found):
        return {"results": [{"standby_host": "b", "standby": {"host": "b", "looked": False, **found}}]}

    for last, dials in ((left(changed=True), 0), (left(looked=True), 1), (left(why="It was off"), 1), ({}, 1)):
        changed, _found, driver = turn(AT_HAND, last)
        assert (changed, len(driver.dials)) == (bool(dials), dials), last
    assert not turn({}, left(looked=True))[2].closed, "without a password there is nothing to do"


def test_what_its_tasks_have_left():
    results = {
        "results": [
            {"standby_host": "b", "standby": {"host": "b", "looked": True, "changed": False, "why": ""}},
            {"unreachable": True, "msg": "no route."},
        ]
    }
    assert standby.told(results, ("b", "c")) == (
        standby.Standby("b", True),
        standby.Standby("c", False, why="no answer"),
    )
    assert standby.told(None, ()) == ()


def test_the_last_words_name_what_is_not_set_and_ask_for_nothing():
    good, bad = standby.Standby("b", False, True), standby.Standby("c", False, why="It is off")
    assert words.unset(IN_HAND, [good], WORDS) == ""
    said = words.unset(IN_HAND, [good, bad], WORDS)
    assert said.startswith(
        "Not set as a standby router: c: It is off. The password that is there is no longer valid. To set"
    )
    assert said.endswith("router_pppoe_renew=false ownrouter.ovhcloud.renew")
    assert "no longer valid" not in words.unset(dataclasses.replace(IN_HAND, renewal=None), [bad], WORDS)
    assert words.summary([good, bad], False) == "standby routers that were set, too: b"
    assert "cannot be set now (It is off)" in next(words.notes([good, bad]))


def test_what_came_of_a_standby_router_shows_no_secret():
    changed = standby.came_to(standby.Standby("b", False, True))
    assert changed["changed"] and changed["standby_host"] == "b" and "not shown" in changed["diff"]["prepared"]
    assert "diff" not in standby.came_to(standby.Standby("b", False))
