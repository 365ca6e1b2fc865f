# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a site knows of those before it: the variables that they registered."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import turn as site_turn
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data

SITES = sites.Sites("now", "renew", ("b", "c", "a"), ("xdsl-b-1", "xdsl-c-1", "xdsl-x-1"), (("a", "doubled"),))
WELL = {"_router_pppoe_line": {"run": "now", "batch": "b"}}
FAILED = {**WELL, "_router_pppoe_site": {"run": "now", "batch": "b"}}
PASSED_OVER = {"_router_pppoe_line": {"run": "now", "batch": "b", "not_tried": "why"}}


def outcomes(hosts, order, batch):
    found = site_turn.earlier({"hostvars": hosts}, SITES, order, batch)
    return [(turn.host, turn.batch, turn.outcome) for turn in found]


def test_the_sites_are_those_of_a_playbook_of_ours():
    registered = {sites.VARIABLE: {"sites": as_data(SITES)}}
    assert site_turn.of_run(registered, lambda value: value) is None
    assert site_turn.of_run({**registered, site_turn.TURN: True}, lambda value: value) == SITES
    assert site_turn.sites({"failed": True}) is None


def test_those_before_are_told_by_what_they_registered():
    hosts = {"b": FAILED, "c": PASSED_OVER, "d": WELL}
    assert outcomes(hosts, ["b", "c", "d", "e"], ["e"]) == [
        ("d", "b", ""),
        ("c", "b", "not tried"),
        ("b", "b", "failed"),
    ]


def test_what_an_earlier_playbook_left_does_not_count():
    hosts = {"b": {**WELL, "_router_pppoe_site": {"run": "before", "batch": "b"}}}
    assert outcomes(hosts, ["b", "c"], ["c"]) == [("b", "b", "")]
    assert outcomes({}, ["b", "c"], ["c"]) == [("b", "", "failed")]


def test_a_play_without_batches_has_none_before():
    assert outcomes({}, ["a", "b", "c"], ["a", "b", "c"]) == []
    assert outcomes({}, ["a", "b", "c"], ["b", "c", "a"]) == []
    assert outcomes({}, ["a", "b"], []) == []


def test_one_that_did_not_begin_for_its_line_is_no_failure_of_the_batch():
    hosts = {"a": {**WELL, "_router_pppoe_site": {"run": "now", "batch": "b"}}}
    assert outcomes(hosts, ["a", "b"], ["b"]) == [("a", "b", "refused")]


def test_the_last_failure_that_says_more_counts():
    told = {"step": {"failed": True, "msg": "above"}, "proof": {"failed": True, "msg": "why", "state_now": "down"}}
    assert site_turn.failed(told)["msg"] == "why"
    assert site_turn.failed({"step": {"failed": True, "msg": "above"}})["msg"] == "above"
    assert site_turn.failed({"line": {"run": "now"}}) == {}


def test_a_site_whose_turn_has_not_ended_is_told_by_its_last_failure():
    told = {"line": {}, "proof": {"failed": True, "msg": "why", "state_now": "down"}, "step": {}}
    assert site_turn.so_far(told) == {**told, "site": {"msg": "why", "state": "down"}}
    assert site_turn.so_far({"line": {"run": "now"}})["site"] == {}
