# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a store holds of a line: what is written, what counts, and when it is as good as a mail."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import RenewalPolicy
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Renewal
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store import kept as store
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, Misread, from_fields

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
TIMES = st.none() | st.integers(-400, 0).map(lambda days: NOW + days * DAY)
ANY = st.builds(
    Kept, st.sampled_from("ab"), st.sampled_from("pq"), st.sampled_from(["", "1", "2"]), TIMES, TIMES, TIMES
)


@given(st.builds(Kept, TEXT, TEXT, st.just("") | TEXT, TIMES, TIMES, TIMES))
def test_what_is_written_is_read(kept):
    assert store.from_fields(store.as_fields(kept)) == kept
    assert kept.password not in repr(kept) or kept.password in repr(Kept(kept.login, "", kept.mail_id))


@given(ANY, ANY)
def test_written_once(old, new):
    """Then there is nothing more to write, login and password are the new ones, and nothing known is lost."""
    written = store.updated(old, new)
    assert store.updated(written or old, new) is None
    there = written or old
    assert (there.login, there.password) == (new.login, new.password)
    if (old.login, old.password) == (new.login, new.password):
        assert all(getattr(there, name) for name in store.FIELDS if getattr(old, name))
    assert store.updated(None, new) == new


@given(st.lists(st.none() | ANY, max_size=4))
def test_the_newest_of_several_stores_counts(found):
    best = store.newest(found)
    assert (best is None) is (not any(found))
    assert all(one is None or one.dated is None or one.dated <= best.dated for one in found)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("text", "no mapping"),
        ({"login": "l"}, "no password"),
        ({"login": "l", "password": "Kanarie", "more": "x"}, "something else"),
        ({"login": "l", "password": "Kanarie", "mail_date": "Kanarie"}, "mail_date that is no time"),
    ],
)
def test_what_is_no_store(fields, why):
    with pytest.raises(store.Misread) as raised:
        store.from_fields(fields)
    assert why in str(raised.value) and "Kanarie" not in str(raised.value)


def test_nothing_is_nothing():
    assert [store.from_fields(one) for one in (None, "", {})] == [None] * 3


def policy(**more):
    return RenewalPolicy(True, datetime.timedelta(minutes=15), **more)


def test_what_the_store_alone_fulfils():
    mailed = Kept("l", "p", "1", NOW - 10 * DAY)
    typed = Kept("l", "p", kept_at=NOW - 10 * DAY)
    for kept in (mailed, typed):
        assert store.fulfils(kept, policy(max_age=11 * DAY), None, NOW)
        assert not store.fulfils(kept, policy(max_age=10 * DAY), None, NOW)
        assert not store.fulfils(kept, policy(), None, NOW)
    assert store.fulfils(mailed, policy(renewed_since=NOW - 10 * DAY), None, NOW)
    # A password that was typed in may be older than the day on which it was.
    assert not store.fulfils(typed, policy(renewed_since=NOW - 11 * DAY), None, NOW)
    assert not store.fulfils(Kept("l", "p"), policy(max_age=90 * DAY), None, NOW)


def test_a_request_that_the_store_does_not_answer_is_looked_after():
    at = NOW - DAY
    noted = Entry(at, "confirmed")
    old = Kept("l", "p", "1", NOW - 10 * DAY)
    assert not store.fulfils(old, policy(max_age=90 * DAY), noted, NOW)
    assert store.fulfils(Kept("l", "p", "2", at, at), policy(max_age=90 * DAY), noted, NOW)
    # The first of two mails after two requests is not known to be the second one's.
    several = Entry(at, "confirmed", None, 2, at - datetime.timedelta(minutes=20))
    assert not store.fulfils(Kept("l", "p", "2", at), policy(max_age=90 * DAY), several, NOW)
    assert store.fulfils(Kept("l", "p", "2", at, at), policy(max_age=90 * DAY), several, NOW)


def test_what_answers_a_request():
    at = NOW - DAY
    under_way = Renewal("pending", "confirmed", at, 1, at)
    assert store.answers(Kept("l", "p", "2", at), under_way)
    assert store.answers(Kept("l", "p", kept_at=NOW), under_way)
    assert not store.answers(Kept("l", "p", "1", at - DAY), under_way)
    assert not store.answers(Kept("l", "p"), under_way)
    assert not store.answers(Kept("l", "p", "2", at), Renewal("pending", "confirmed", at, 2, at))


@pytest.mark.parametrize("value", [83, 1000.0, True, ["x"]])
def test_a_password_that_yaml_has_read_otherwise_is_none(value):
    with pytest.raises(Misread, match="has a password that is no text"):
        from_fields({"login": "l", "password": value})


def test_what_follows_a_request():
    at = datetime.datetime(2026, 3, 1, 4, tzinfo=datetime.timezone.utc)
    noted = Entry(at, "confirmed")
    day = datetime.timedelta(days=1)
    assert store.follows(Kept("l", "p", "", None, None, None), None)
    assert store.follows(Kept("l", "p", "m", at + day), noted) and store.follows(Kept("l", "p", "m", at, at), noted)
    assert store.follows(Kept("l", "p", kept_at=at + day), noted)
    assert not store.follows(Kept("l", "p", "m", at - day), noted) and not store.follows(Kept("l", "p"), noted)
