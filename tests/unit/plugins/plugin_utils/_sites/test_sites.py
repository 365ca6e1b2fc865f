# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sites of one run: shared lines, how many would be cut, and whose turn comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import UNTOUCHED
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites.sites import (
    FAILED,
    NOT_TRIED,
    REFUSED,
    Site,
    Turn,
)


def site(host, line="", **more):
    return Site(host, line or f"xdsl-{host}-1", **more)


def test_a_site_is_read_from_its_variables():
    known = {"service_name": "xdsl-a-1", "renew": "yes", "max_age": "90d", "standby_hosts": "b"}
    assert all_sites.site_of("a", known.get) == Site("a", "xdsl-a-1", True, True, ("b",))
    assert all_sites.site_of("a", {"renew": {"no": "flag"}}.get) == Site("a", "")


def test_two_hosts_of_one_line_are_refused_and_each_says_why():
    found = all_sites.doubled([site("a", "xdsl-x-1"), site("b"), site("c", "xdsl-x-1"), site("d", "xdsl-x-1")])
    assert set(found) == {"a", "c", "d"}
    assert found["a"].startswith("xdsl-x-1: the hosts a, c and d have this same line")
    assert found["a"].endswith(UNTOUCHED)


def test_standby_routers_and_hosts_without_a_line_are_no_doubles():
    pair = [site("a", "xdsl-x-1", standbys=("b",)), site("b", "xdsl-x-1")]
    assert all_sites.doubled(pair) == {} and all_sites.standby(pair) == {"b": "a"}
    assert all_sites.doubled([Site("a", ""), Site("b", "")]) == {}
    # A group of both has the list: the one that is not in it is the active one.
    both = [site("a", "xdsl-x-1", standbys=("b",)), site("b", "xdsl-x-1", standbys=("b",))]
    assert all_sites.standby(both) == {"b": "a"}
    # Of another line, it is none.
    assert all_sites.standby([site("a", standbys=("b",)), site("b")]) == {}


@pytest.mark.parametrize(
    ("sites", "check", "said"),
    [
        ([site("a")], False, ""),
        ([site("a", flag=True)], False, "1 line will be cut: a (xdsl-a-1)."),
        ([site("a", flag=True), site("b", flag=True)], True, "2 lines would be cut: a (xdsl-a-1), b (xdsl-b-1)."),
        ([site("a", flag=True), site("b")], False, "1 line will be cut: a (xdsl-a-1)."),
        (
            [site("a", flag=True, bounded=True)],
            False,
            "At most 1 line will be cut: a (xdsl-a-1). Each only if its password is due.",
        ),
        ([site("a", "xdsl-x-1", flag=True), site("b", "xdsl-x-1", flag=True)], False, ""),
        (
            [site("a", "xdsl-x-1", flag=True, standbys=("b",)), site("b", "xdsl-x-1", flag=True)],
            False,
            "1 line will be cut: a (xdsl-x-1).",
        ),
    ],
)
def test_the_first_line_tells_what_is_cut(sites, check, said):
    assert all_sites.announced(all_sites.cut(sites), check) == said


@pytest.mark.parametrize("most", [2, "2", " 2 ", 30, None])
def test_no_more_lines_than_meant(most):
    assert all_sites.too_many([site("a"), site("b")], most) == ""


@pytest.mark.parametrize("most", [True, "-1", "1.5", "two", "²", "", [1]])
def test_a_bound_that_is_no_number_is_refused(most):
    assert "takes a whole number of lines. Nothing was done." in all_sites.too_many([], most)


def test_more_lines_than_meant_are_named():
    assert all_sites.too_many([site("a"), site("b")], "1").startswith(
        "2 lines could be cut, and max_lines is 1, so nothing was done: a, b."
    )
    assert all_sites.too_many([site("a")], 0).startswith("1 line could be cut, and max_lines is 0")


@pytest.mark.parametrize("batch", [None, "", " ", 1, "1", " 12 ", "30%", "100%"])
def test_a_batch_is_a_number_or_a_share(batch):
    assert all_sites.wrong_batch(batch) == ""


@pytest.mark.parametrize(
    "batch", [0, "0", "0%", -1, "-3", "1.5", "abc", "%", "30 %", "1,5", [1, 5], True, {}, "\u0665"]
)
def test_another_batch_is_refused(batch):
    """Ansible takes 0 and less for all sites at once, and ends at a word without a report."""
    assert "it takes a whole number of lines from 1 up, or a share such as 30%" in all_sites.wrong_batch(batch)


def turns(*outcomes, batch="a"):
    """The nearest first."""
    return [Turn(f"h{number}", batch, outcome, "why") for number, outcome in enumerate(outcomes)]


@pytest.mark.parametrize(
    "earlier",
    [[], turns(""), turns(FAILED, ""), turns("", FAILED, FAILED), turns(REFUSED), turns(REFUSED, "")],
)
def test_a_batch_in_which_one_did_not_fail_stops_nobody(earlier):
    assert all_sites.stopped(earlier) == ""


def test_a_batch_that_failed_stops_the_rest():
    assert all_sites.stopped(turns(FAILED)) == "not tried: h0 failed, so no other line is begun."
    assert "all of h1 and h0 failed" in all_sites.stopped(turns(FAILED, FAILED))
    assert "h1 failed" in all_sites.stopped(turns(REFUSED, FAILED))
    assert all_sites.stopped(turns(NOT_TRIED, NOT_TRIED)) == "why"


def test_only_the_batch_before_counts():
    assert "h0 failed" in all_sites.stopped([*turns(FAILED, batch="b"), *turns("", "")])
    assert all_sites.stopped([*turns("", batch="b"), *turns(FAILED, FAILED)]) == ""


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.sets(st.sampled_from("abcdef")))
def test_who_is_refused_comes_last_and_nobody_is_lost(hosts, refused):
    found = all_sites.in_turn(hosts, refused)
    assert sorted(found) == sorted(hosts)
    marks = [host in refused for host in found]
    assert marks == sorted(marks)
