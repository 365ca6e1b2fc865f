# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision "renew or not": a table of cases, and the rules that hold for every case."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import renewal

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
COOLDOWN = timedelta(minutes=15)


def ago(text):
    """A time before NOW, written as a duration; None stays None."""
    return None if text is None else NOW - renewal.parse_duration("ago", text)


# renewed_since, max_age | newest mail, request, accepted session | reason  (all but max_age: how long ago)
CASES = [
    # nothing is known
    (None, None, None, None, None, "requested"),
    ("1d", None, None, None, None, "requested"),
    # evidence gone is not evidence of age
    (None, "90d", None, None, None, "age_unknown"),
    (None, "90d", None, None, "20d", "age_unknown"),
    ("91d", "90d", None, None, None, "age_unknown"),
    ("1d", "90d", None, None, None, "requested"),
    (None, "90d", None, "1h", None, "age_unknown"),
    ("90d", "90d", None, None, None, "age_unknown"),
    # a session after a request that nobody knows to be taken is no proof of it
    (None, "90d", None, "1h", "50m", "age_unknown"),
    # an old mail, nothing else
    (None, None, "30d", None, "20d", "requested"),
    (None, "90d", "30d", None, "20d", "already_renewed"),
    (None, "30d", "30d", None, "20d", "requested"),
    (None, "30d", "29d", None, "20d", "already_renewed"),
    (None, "20d", "30d", None, "20d", "requested"),
    ("40d", None, "30d", None, "20d", "already_renewed"),
    ("30d", None, "30d", None, "20d", "already_renewed"),
    ("29d", None, "30d", None, "20d", "requested"),
    # either is enough
    ("29d", "90d", "30d", None, "20d", "already_renewed"),
    ("40d", "10d", "30d", None, "20d", "already_renewed"),
    ("29d", "10d", "30d", None, "20d", "requested"),
    # a request within the cooldown: never another one, whatever is requested
    (None, None, None, "10m", None, "pending"),
    (None, None, "30d", "10m", "20d", "pending"),
    ("5m", None, "30d", "10m", "20d", "pending"),
    (None, "1m", "30d", "10m", "20d", "pending"),
    (None, None, "8m", "10m", "20d", "already_renewed"),
    ("5m", None, "8m", "10m", "5m", "already_renewed"),
    (None, None, None, "14m59s", None, "pending"),
    # somebody else renewed a moment ago (a mail without a request of ours)
    (None, None, "10m", None, "20d", "already_renewed"),
    ("1m", None, "10m", None, "20d", "already_renewed"),
    # the cooldown is over and the renewal was finished: the flag asks for a new one
    (None, None, "57m", "1h", "50m", "requested"),
    # the cooldown is over, the mail is there, its password was never used: go on with that one
    (None, None, "57m", "1h", "20d", "already_renewed"),
    # the cooldown is over and no mail ever came
    (None, None, None, "1h", None, "requested"),
    (None, None, "30d", "1h", "20d", "requested"),
]


@pytest.mark.parametrize(("since", "max_age", "mail", "request_at", "session", "reason"), CASES)
def test_table(since, max_age, mail, request_at, session, reason):
    policy = renewal.RenewalPolicy(
        renew=True,
        cooldown=COOLDOWN,
        renewed_since=ago(since),
        max_age=None if max_age is None else renewal.parse_duration("max_age", max_age),
    )
    evidence = renewal.Evidence(ago(mail), ago(request_at), ago(session), session_known=True)
    decision = renewal.decide(policy, evidence, NOW)
    assert decision.reason == reason, decision.why
    assert decision.request == (reason == "requested")
    assert decision.why


# The same columns, for a request that OVHcloud took.
TAKEN = [
    # its mail is not there: it stays the answer, whatever the time, until a new request is made
    (None, None, None, "17m", None, "pending"),
    (None, None, "30d", "5h", "20d", "pending"),
    ("2h", None, "30d", "1h", "20d", "pending"),
    ("1h", None, "30d", "1h", "20d", "pending"),
    (None, "90d", "100d", "1h", "20d", "pending"),
    (None, "90d", None, "100d", None, "pending"),
    ("30m", None, "30d", "1h", "20d", "requested"),
    ("5m", None, "30d", "10m", "20d", "pending"),
    # a mail that came before the request does not answer it, though it would do for an older request
    ("40d", None, "30d", "1h", "20d", "pending"),
    # its mail is there
    (None, None, "43m", "1h", "40m", "requested"),
    (None, None, "43m", "1h", "20d", "already_renewed"),
    # set by hand, and a new session proved it: nothing is due, and a bare flag is a new request
    (None, None, "30d", "1h", "50m", "requested"),
    ("2h", None, "30d", "1h", "50m", "already_renewed"),
    (None, "90d", "100d", "1h", "50m", "already_renewed"),
    (None, "90d", None, "1h", "50m", "already_renewed"),
    (None, "90d", None, "100d", "99d", "requested"),
    # a session from before the cut proves nothing
    (None, None, "30d", "1h", "58m1s", "pending"),
    (None, None, "30d", "1h", "58m", "requested"),
]


@pytest.mark.parametrize(("since", "max_age", "mail", "request_at", "session", "reason"), TAKEN)
def test_a_request_that_was_taken(since, max_age, mail, request_at, session, reason):
    policy = renewal.RenewalPolicy(
        renew=True,
        cooldown=COOLDOWN,
        renewed_since=ago(since),
        max_age=None if max_age is None else renewal.parse_duration("max_age", max_age),
    )
    evidence = renewal.Evidence(ago(mail), ago(request_at), ago(session), session_known=True, confirmed=True)
    decision = renewal.decide(policy, evidence, NOW)
    assert decision.reason == reason, decision.why
    if reason == "pending":
        assert decision.since == ago(request_at)
        assert ("renewed_since to 2026-11-24T12:00:00Z" in decision.offer) is (ago(request_at) <= NOW - COOLDOWN)


@pytest.mark.parametrize(
    ("mail", "request_at", "session", "words"),
    [
        (None, "10m", None, "sent 600 s ago, within cooldown (900 s); its mail"),
        ("8m", "10m", None, "sent 600 s ago, within cooldown (900 s), and its mail"),
        (None, "1h", None, "took a request at 2026-11-24T11:00:00Z, and"),
        ("30d", None, None, "The latest credentials mail is younger"),
        ("100d", "1h", "50m", "The password that the current session shows to be set is younger"),
    ],
)
def test_it_says_what_it_goes_by(mail, request_at, session, words):
    evidence = renewal.Evidence(ago(mail), ago(request_at), ago(session), session_known=True, confirmed=True)
    policy = renewal.RenewalPolicy(True, COOLDOWN, max_age=timedelta(days=90))
    assert words in renewal.decide(policy, evidence, NOW).why


def test_a_session_that_was_refused_since_proves_nothing():
    evidence = renewal.Evidence(None, ago("1h"), ago("50m"), session_known=True, confirmed=True, refused_since=True)
    assert renewal.decide(renewal.RenewalPolicy(True, COOLDOWN), evidence, NOW).reason == "pending"


@pytest.mark.parametrize(("mails", "reason"), [(0, "pending"), (1, "pending"), (2, "already_renewed")])
def test_after_two_requests_the_second_mail_counts(mails, reason):
    """The first mail may answer the first request, though it is dated after the second."""
    evidence = renewal.Evidence(
        ago("1m") if mails else None, ago("5m"), None, session_known=True, confirmed=True, requests=2, mails=mails
    )
    assert renewal.decide(renewal.RenewalPolicy(True, COOLDOWN), evidence, NOW).reason == reason


TIMES = st.one_of(st.none(), st.integers(0, 10**7).map(lambda seconds: NOW - timedelta(seconds=seconds)))
SPANS = st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))


@given(TIMES, TIMES, TIMES, st.booleans(), SPANS, TIMES, st.one_of(st.none(), SPANS))
def test_rules_for_every_case(mail, request_at, session, known, cooldown, since, max_age):
    evidence = renewal.Evidence(mail, request_at, session, known)
    off = renewal.decide(renewal.RenewalPolicy(False, cooldown, since, max_age), evidence, NOW)
    assert off.reason == "flag_unset" and not off.request
    decision = renewal.decide(renewal.RenewalPolicy(True, cooldown, since, max_age), evidence, NOW)
    assert decision.reason in ("already_renewed", "pending", "age_unknown", "requested")
    if request_at is not None and NOW - request_at < cooldown:
        assert not decision.request
    if mail is not None and since is not None and mail >= since:
        assert not decision.request
    if mail is not None and max_age is not None and NOW - mail < max_age:
        assert not decision.request
    if decision.reason == "pending":
        assert request_at is not None and decision.since == request_at
    if mail is None and request_at is None:
        assert decision.request is (max_age is None or (since is not None and NOW - since < max_age))


def test_a_request_that_was_just_sent_is_never_repeated():
    """The policy of a run, and the same command right after it."""
    for since in (None, NOW - timedelta(hours=1)):
        policy = renewal.RenewalPolicy(True, COOLDOWN, renewed_since=since)
        first = renewal.decide(policy, renewal.Evidence(mail_at=NOW - timedelta(days=30)), NOW)
        assert first.request
        for seconds in range(0, 900, 30):
            later = NOW + timedelta(seconds=seconds)
            mail = NOW + timedelta(seconds=150) if seconds > 150 else NOW - timedelta(days=30)
            assert not renewal.decide(policy, renewal.Evidence(mail, NOW), later).request


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90d", 90 * 86400), ("15m", 900), ("900s", 900), ("1d12h", 129600), ("2w", 1209600), ("0s", 0)],
)
def test_durations(text, seconds):
    assert renewal.parse_duration("max_age", text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["36526d", "99999w99999d999999h9999999m999999999s"])
def test_the_longest_duration(text):
    """No date is left to look back from; a traceback before."""
    assert renewal.parse_duration("max_age", "36525d").days == 36525
    with pytest.raises(Failure) as error:
        renewal.parse_duration("max_age", text)
    assert f"max_age is '{text}'; it takes a hundred years at most" in error.value.message


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+10:00", "1969-12-31", "9999-12-31T23:59:59-10:00"])
def test_dates_of_no_year_of_ours(text):
    with pytest.raises(Failure) as error:
        renewal.parse_date("renewed_since", text)
    assert "it takes a date from 1970 on" in error.value.message


def test_a_range():
    renewal.check_range({"timeout": 5, "interval": 6}, timeout=5, interval=5)
    with pytest.raises(Failure) as error:
        renewal.check_range({"timeout": 5, "interval": 4}, timeout=5, interval=5)
    assert error.value.details == {"option": "interval", "value": "4"}
    assert "interval is '4'; it takes a whole number of seconds from 5 up" in error.value.message


@pytest.mark.parametrize("text", ["", " ", "d", "90 bananas", "-1", "1.5h", "12h1d", "99999999999w", "1e3"])
def test_malformed_durations(text):
    with pytest.raises(Failure) as error:
        renewal.parse_duration("max_age", text)
    assert "max_age" in error.value.message and repr(text) in error.value.message and "90d" in error.value.message


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:00:00Z",
        " 2026-11-24t12:00:00z ",
        "2026-11-24T13:00:00+01:00",
        "2026-11-24 12:00:00",
        "2026-11-24T12:00:00.000Z",
    ],
)
def test_dates(text):
    assert renewal.parse_date("renewed_since", text) == NOW


@pytest.mark.parametrize(("ahead", "refused"), [(-60, False), (0, False), (60, False), (61, True)])
def test_a_wish_of_the_future(ahead, refused):
    """A minute is left for two clocks."""
    policy = renewal.RenewalPolicy(True, COOLDOWN, renewed_since=NOW + timedelta(seconds=ahead))
    with pytest.raises(Failure) if refused else contextlib.nullcontext() as error:
        renewal.check_policy(policy, NOW)
    if error:
        assert error.value.code == "invalid_option" and error.value.details == {"option": "renewed_since"}
        assert "2026-11-24T12:01:01Z" in error.value.message and "says 2026-11-24T12:00:00Z" in error.value.message


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "24/11/2026", "12:00"])
def test_malformed_dates(text):
    with pytest.raises(Failure) as error:
        renewal.parse_date("renewed_since", text)
    assert "renewed_since" in error.value.message and "2026-03-01T04:00:00Z" in error.value.message


# --- the borders of a second


@pytest.mark.parametrize(("before", "reason"), [(2, "already_renewed"), (3, "pending"), (-2, "already_renewed")])
def test_a_mail_dated_before_its_request(before, reason):
    """Two machines' clocks: two seconds are the tolerance, and no more."""
    request = NOW - timedelta(minutes=10)
    evidence = renewal.Evidence(request - timedelta(seconds=before), request)
    policy = renewal.RenewalPolicy(True, COOLDOWN, renewed_since=NOW)
    assert renewal.decide(policy, evidence, NOW).reason == reason


@pytest.mark.parametrize(("before", "used"), [(2, True), (3, False), (0, True)])
def test_a_session_dated_before_the_mail(before, used):
    """Two seconds here as well: a session from before the mail has an older password."""
    mail = NOW - timedelta(minutes=50)
    evidence = renewal.Evidence(mail, mail - timedelta(minutes=3), mail - timedelta(seconds=before), True)
    decision = renewal.decide(renewal.RenewalPolicy(True, COOLDOWN), evidence, NOW)
    assert decision.reason == ("requested" if used else "already_renewed")


@pytest.mark.parametrize(("seconds", "over"), [(899, False), (900, True), (901, True)])
def test_the_end_of_the_cooldown(seconds, over):
    at = NOW - timedelta(seconds=seconds)
    policy = renewal.RenewalPolicy(True, COOLDOWN, renewed_since=NOW)
    for evidence in (renewal.Evidence(request_at=at), renewal.Evidence(mail_at=at)):
        assert renewal.decide(policy, evidence, NOW).request is over


def test_a_log_that_cannot_be_read_does_not_say_that_the_password_is_unused():
    evidence = renewal.Evidence(NOW - timedelta(minutes=57), NOW - timedelta(hours=1))
    assert evidence.session_known is False
    assert renewal.decide(renewal.RenewalPolicy(True, COOLDOWN), evidence, NOW).request


@pytest.mark.parametrize(
    ("handed", "max_age", "mail", "reason"),
    [
        ("10d", "90d", None, "already_renewed"),
        ("89d", "90d", None, "already_renewed"),
        ("90d", "90d", None, "requested"),
        ("100d", "90d", None, "requested"),
        # Without a limit, the flag asks for a new one now.
        ("10d", None, None, "requested"),
        # A mail tells the age better.
        ("10d", "90d", "100d", "requested"),
    ],
)
def test_a_password_that_was_given_by_hand(handed, max_age, mail, reason):
    limit = None if max_age is None else renewal.parse_duration("max_age", max_age)
    policy = renewal.RenewalPolicy(renew=True, cooldown=COOLDOWN, max_age=limit)
    found = renewal.decide(policy, renewal.Evidence(mail_at=ago(mail), handed_at=ago(handed)), NOW)
    assert found.reason == reason
    if reason == "already_renewed":
        assert found.since == ago(handed)
