# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The consumer key: does it last for the whole run, and is it still good where the calls come from then?"""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import key as keys
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.key import Key

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
SPAN = datetime.timedelta(minutes=30)
SECOND = datetime.timedelta(seconds=1)


def options(**given):
    return Options({"service_name": "xdsl-ab12345-1", **given})


@pytest.mark.parametrize(
    ("key", "part"),
    [
        (None, ""),
        (Key("validated"), ""),
        (Key(""), ""),
        (Key("pendingValidation"), "the consumer key is not validated yet"),
        (Key("expired"), "the status of the consumer key is expired"),
        (Key("forbidden"), "the status of the consumer key is forbidden"),
        (Key("validated", NOW), "the consumer key expired at 2026-03-01T12:00:00Z"),
        (Key("validated", NOW + SECOND), "expires at 2026-03-01T12:00:01Z, and a run may take 30 minutes"),
        (Key("validated", NOW + SPAN), "expires at"),
        (Key("validated", NOW + SPAN + SECOND), ""),
    ],
)
def test_a_key_that_does_not_last(key, part):
    found = list(keys.of_key(key, NOW, SPAN))
    assert len(found) == (1 if part else 0), found
    assert part in "".join(found)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**5))
def test_a_key_is_good_exactly_when_it_outlasts_the_run(left, span):
    key = Key("validated", NOW + datetime.timedelta(seconds=left))
    assert bool(list(keys.of_key(key, NOW, datetime.timedelta(seconds=span)))) is (left <= span)


def test_a_run_takes_its_two_waits_and_some_more():
    assert keys.lasts(options()) == datetime.timedelta(seconds=900 + 180 + keys.BESIDE)
    assert keys.lasts(options(mail_timeout=3600)) > datetime.timedelta(hours=1, minutes=10)


OFFLINE = {"accept_offline": True}


@pytest.mark.parametrize(
    ("given", "behind", "moves"),
    [({}, True, False), ({}, None, False), (OFFLINE, True, True), (OFFLINE, None, True), (OFFLINE, False, False)],
)
def test_where_the_calls_come_from_changes(given, behind, moves):
    assert keys.moves(options(**given), behind) is moves


OF_LINE = ["203.0.113.7/32", "2001:db8:1200::"]


@pytest.mark.parametrize(
    ("networks", "refused"),
    [
        ((), False),
        (("203.0.113.7",), True),
        (("198.51.100.9",), True),
        (("203.0.113.7/32", "198.51.100.9/32"), True),
        (("2001:db8:1200::/56",), True),
        (("203.0.113.7/32", "192.0.2.4/32"), False),
        (("203.0.113.0/24",), False),
        (("0.0.0.0/0",), False),
        (("nonsense",), True),
    ],
)
def test_a_key_that_is_bound_to_the_line(networks, refused):
    found = list(keys.of_networks(Key("validated", None, networks), "198.51.100.9", OF_LINE))
    assert bool(found) is refused
    if refused:
        assert f"may be used from {', '.join(networks)} only" in found[0]
    assert list(keys.of_networks(None, "", [])) == []
    assert bool(list(keys.of_networks(Key("validated", None, ("203.0.113.7",)), "", OF_LINE)))


@pytest.mark.parametrize(
    ("networks", "crosses"),
    [
        ((), False),
        (("203.0.113.7",), True),
        (("203.0.113.7/32", "2001:db8:1200::7"), True),
        (("203.0.113.7/32", "198.51.100.9"), False),
        (("203.0.113.0/24",), False),
        (("nonsense",), False),
    ],
)
def test_a_key_that_is_taken_from_the_line_alone_tells_where_this_machine_is(networks, crosses):
    found = list(keys.of_line(Key("validated", None, networks), OF_LINE))
    assert bool(found) is crosses
    assert not crosses or "this machine's calls go through the line" in found[0]
    assert list(keys.of_line(Key("validated", None, networks), [])) == list(keys.of_line(None, OF_LINE)) == []


def test_what_ovhcloud_told_of_it():
    told = {"status": "validated", "expiration": "2026-03-01T12:00:00Z", "allowed_ips": ["203.0.113.7/32"]}
    assert keys.key_of({"consumer_key": told}) == Key("validated", NOW, ("203.0.113.7/32",))
    assert keys.key_of({"consumer_key": {"status": "validated", "expiration": None, "allowed_ips": None}}) == Key(
        "validated"
    )
    assert keys.key_of({"consumer_key": None}) is None
    assert keys.key_of({}) is None
