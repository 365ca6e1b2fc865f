# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task knows of the sites of its run, by the variables that they registered."""

from __future__ import annotations

import dataclasses

import pytest
from ansible.errors import AnsibleError

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _sites_turn as turn
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run_records import as_data

HOSTS = ("a", "b", "c")
SITES = _sites.Sites("run-1", "renew", HOSTS, tuple(f"xdsl-{host}-1" for host in HOSTS))


def same(value):
    return value


def test_the_sites_of_a_run():
    registered = {"sites": as_data(SITES)}
    assert turn.of_run({turn.TURN: True, _sites.VARIABLE: registered}, same).hosts == HOSTS
    assert turn.of_run({_sites.VARIABLE: registered}, same) is None, "no playbook of ours has begun it"


@pytest.mark.parametrize("registered", [None, "text", {}, {"sites": None}, {"sites": {"hosts": 7}}])
def test_what_is_none(registered):
    assert turn.sites(registered) is None


def test_variables_of_another_host():
    assert turn.of_host({"hostvars": {"b": {"x": 1}}}, "b") == {"x": 1}
    assert turn.of_host({"hostvars": {"b": 7}}, "b") == turn.of_host({}, "b") == {}


def test_a_value_that_cannot_be_had_is_none():
    def fails(_value):
        raise AnsibleError("undefined")

    assert turn.value({"x": "1"}, "x", same) == "1" and turn.value({"x": "1"}, "x", fails) is None


def test_results_are_those_of_this_run():
    variables = {
        turn.RESULTS["line"]: {"run": "run-1"},
        turn.RESULTS["ended"]: {"run": "another"},
        turn.RESULTS["step"]: 7,
    }
    assert turn.results(variables, "run-1") == {"line": {"run": "run-1"}}


def test_the_failure_that_says_most():
    last, first = {"failed": True}, {"failed": True, "state_now": "offline"}
    assert turn.failed({"ended": last, "step": first}) is first
    assert turn.failed({"ended": last, "step": {}}) is last
    assert turn.failed({"line": {"changed": True}}) == {}


def test_the_sites_before_this_one():
    line = turn.RESULTS["line"]
    hostvars = {
        "a": {line: {"run": "run-1", "batch": "1"}},
        "b": {line: {"run": "run-1", "batch": "2", "not_tried": "a is down"}},
    }
    found = list(turn.earlier({"hostvars": hostvars}, SITES, "c", ["c"]))
    told = [dataclasses.astuple(one)[:2] for one in found]
    assert told == [("b", "2"), ("a", "1")]
    assert _sites.NOT_TRIED in dataclasses.astuple(found[0]) and _sites.FAILED not in dataclasses.astuple(found[1])
    assert _sites.FAILED in dataclasses.astuple(next(turn.earlier({}, SITES, "b", ["b"])))
