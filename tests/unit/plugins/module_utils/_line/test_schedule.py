# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hours in which a line may be cut, and the spread of a fleet over days."""

from __future__ import annotations

import datetime
import time
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import Evidence, decide, policy_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.schedule import parse_hours, share

UTC = datetime.timezone.utc
DAYS = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "hold", "begins"),
    [
        ("02:00-05:00 UTC", "2026-03-01T01:59:59", False, "2026-03-01T02:00:00"),
        ("02:00-05:00 UTC", "2026-03-01T02:00:00", True, "2026-03-02T02:00:00"),
        ("02:00-05:00 UTC", "2026-03-01T04:59:59", True, "2026-03-02T02:00:00"),
        ("02:00-05:00 UTC", "2026-03-01T05:00:00", False, "2026-03-02T02:00:00"),
        ("22:30 - 4:00 UTC", "2026-03-01T23:00:00", True, "2026-03-02T22:30:00"),
        ("22:30-04:00 UTC", "2026-03-01T03:59:00", True, "2026-03-01T22:30:00"),
        ("22:30-04:00 UTC", "2026-03-01T04:00:00", False, "2026-03-01T22:30:00"),
        ("22:30-04:00 UTC", "2026-03-01T22:30:00", True, "2026-03-02T22:30:00"),
        ("22:30-04:00 UTC", "2026-03-01T12:00:00", False, "2026-03-01T22:30:00"),
        # 01:30 UTC is 02:30 in Paris in winter, and 03:30 in summer.
        ("02:00-03:00 Europe/Paris", "2026-03-01T01:30:00", True, "2026-03-02T01:00:00"),
        ("02:00-03:00 Europe/Paris", "2026-07-01T01:30:00", False, "2026-07-02T00:00:00"),
        # The night in which the clocks go on: 02:00 to 03:00 is not there, and the next night is.
        ("02:00-05:00 Europe/Paris", "2026-03-29T01:30:00", True, "2026-03-30T00:00:00"),
        # So they begin at 03:00 that night, and hours that are not there at all are those of the next.
        ("02:00-05:00 Europe/Paris", "2026-03-28T20:00:00", False, "2026-03-29T01:00:00"),
        ("02:30-05:00 Europe/Paris", "2026-03-28T20:00:00", False, "2026-03-29T01:00:00"),
        ("02:00-03:00 Europe/Paris", "2026-03-28T20:00:00", False, "2026-03-30T00:00:00"),
        ("02:00-03:00 Europe/Paris", "2026-03-29T01:00:00", False, "2026-03-30T00:00:00"),
        # The night in which they go back: an hour comes twice.
        ("02:15-02:45 Europe/Paris", "2026-10-24T20:00:00", False, "2026-10-25T00:15:00"),
        ("02:15-02:45 Europe/Paris", "2026-10-25T00:50:00", False, "2026-10-25T01:15:00"),
        ("02:15-02:45 Europe/Paris", "2026-10-25T01:20:00", True, "2026-10-26T01:15:00"),
        ("23:00-01:00 Europe/Paris", "2026-10-24T23:30:00", False, "2026-10-25T22:00:00"),
        ("22:00-24:00 UTC", "2026-03-01T23:59:59", True, "2026-03-02T22:00:00"),
        ("22:00-24:00 UTC", "2026-03-02T00:00:00", False, "2026-03-02T22:00:00"),
    ],
)
def test_hours_hold_and_begin_again(hours, now, hold, begins):
    found = parse_hours("renew_between", hours)
    assert found.hold(utc(now)) is hold
    # Python calls no time equal that a zone has twice.
    assert found.next(utc(now)).astimezone(UTC) == utc(begins)


@given(
    st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1)),
    st.sampled_from(["02:00-05:00", "22:00-04:00", "02:30-02:31"]),
    st.sampled_from(["Europe/Paris", "UTC", "America/Martinique", "Indian/Reunion"]),
)
def test_at_the_time_that_is_told_they_hold(now, hours, zone):
    found = parse_hours("renew_between", f"{hours} {zone}")
    begins = found.next(now.replace(tzinfo=UTC))
    assert begins > now.replace(tzinfo=UTC)
    assert found.hold(begins) and not found.hold(begins - datetime.timedelta(seconds=1))


def test_without_a_zone_it_is_this_machines(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        found = parse_hours("renew_between", "02:00-03:00")
        assert found.hold(utc("2026-07-01T00:30:00"))
        assert not found.hold(utc("2026-03-01T00:30:00"))
        assert found.told(utc("2026-03-01T12:00:00")) == "2026-03-02 02:00 CET (2026-03-02T01:00:00Z)"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "value",
    ["", "02:00", "2-5", "25:00-26:00", "02:00-02:00", "24:00-05:00", "22:00-24:01", "00:00-24:00", "02:60-05:00"],
)
def test_others_are_refused_with_the_form(value):
    with pytest.raises(Failure, match=r"renew_between is .*Europe/Paris") as caught:
        parse_hours("renew_between", value)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../x", "/etc/passwd", "Europe", "+02:00", "x" * 400, "\u00e9"])
def test_a_zone_that_is_none_is_named(zone):
    with pytest.raises(Failure) as refused:
        parse_hours("renew_between", f"02:00-05:00 {zone}")
    assert f"{zone} is no time zone that this machine knows" in refused.value.message


def policy(**params):
    base = {"renew": True, "renewed_since": None, "max_age": None, "cooldown": "15m", "service_name": "xdsl-a-1"}
    return policy_of({**base, **params})


def test_what_is_due_at_noon_is_left_to_the_night():
    due = Evidence(mail_at=NOON - 100 * DAYS)
    night = policy(max_age="90d", renew_between="02:00-05:00 Europe/Paris")
    found = decide(night, due, NOON)
    assert (found.reason, found.request) == ("not_now", False)
    assert "from 2026-03-02 02:00 Europe/Paris (2026-03-02T01:00:00Z) on" in found.why
    assert decide(night, due, utc("2026-03-02T01:00:00")).reason == "requested"
    # What is not due is not due, and what is under way stays so.
    assert decide(night, Evidence(mail_at=NOON - DAYS), NOON).reason == "already_renewed"
    under_way = Evidence(mail_at=NOON - 100 * DAYS, request_at=NOON - datetime.timedelta(hours=3), confirmed=True)
    assert decide(night, under_way, NOON).reason == "pending"
    # So it is for a bare flag.
    assert decide(policy(renew_between="02:00-05:00 UTC"), due, NOON).reason == "not_now"


@given(st.text(max_size=30), st.integers(0, 10**7))
def test_a_share_is_a_lines_own_and_within_the_whole(name, seconds):
    whole = datetime.timedelta(seconds=seconds)
    found = share(name, whole)
    assert datetime.timedelta() <= found < max(whole, datetime.timedelta(seconds=1))
    assert found == share(name, whole)


def test_a_fleet_is_spread_evenly():
    whole = 7 * DAYS
    days = [share(f"xdsl-ab12345-{number}", whole) // DAYS for number in range(700)]
    assert all(60 <= days.count(day) <= 145 for day in range(7))


def test_jitter_delays_and_never_brings_forward():
    plain, spread = policy(max_age="90d"), policy(max_age="90d", max_age_jitter="7d")
    assert spread.max_age == plain.max_age + share("xdsl-a-1", 7 * DAYS)
    assert policy(max_age_jitter="7d").max_age is None
    with pytest.raises(Failure, match="max_age_jitter is '7'"):
        policy(max_age="90d", max_age_jitter="7")


def test_zones_are_known_here():
    assert zoneinfo.ZoneInfo("Europe/Paris")


def test_the_zone_that_is_named_is_taken():
    """Not the one of this machine, which may be the same."""
    assert parse_hours("renew_between", "02:00-05:00 UTC").zone is UTC
    assert parse_hours("renew_between", "02:00-05:00").zone is None
