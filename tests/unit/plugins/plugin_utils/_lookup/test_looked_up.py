# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of store and mail for whoever only reads, and what is said where neither counts."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._lookup.looked_up import Wanted
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
LINE = "xdsl-ab12345-1"
KEPT = Kept("l@x", "Kx7mQ2vR8tW4", "id-1", NOW)
MAIL = {"id": "id-2", "date": "2026-03-02T12:00:00Z", "title": "Vos identifiants PPPoE"}
NEWER = {"found": True, "login": "l@x", "password": "newer", "mail": MAIL}
NONE = {"found": False, "mail": None, "passed_over": []}


def wanted(kept=None, noted=None, **given):
    return Wanted(Options({"service_name": LINE, **given}), kept, noted)


def refused(one, told):
    with pytest.raises(Failure) as failed:
        one.answer(told)
    assert failed.value.code == "no_credentials" and "Nothing was requested." in failed.value.message
    assert KEPT.password not in failed.value.message
    return failed.value.message


def test_the_order():
    """A newer mail, else the store, else the latest mail."""
    newer = {"login": "l@x", "password": "newer", "mail": MAIL, "source": "mail"}
    assert wanted().answer(NEWER) == wanted(KEPT).answer(NEWER) == newer
    stored = {"login": "l@x", "password": KEPT.password, "source": "store"}
    untitled = {"id": "id-1", "date": "2026-03-01T12:00:00Z", "title": ""}
    assert wanted(KEPT).answer(NONE) == wanted(KEPT).of_the_store() == {**stored, "mail": untitled}
    titled = {**untitled, "title": "Vos identifiants PPPoE"}
    assert wanted(KEPT).answer({"found": True, "known": True, "mail": titled}) == {**stored, "mail": titled}
    by_hand = Kept("l@x", KEPT.password, kept_at=NOW)
    assert wanted(by_hand).answer(NONE) == {**stored, "mail": None}


def test_what_is_asked():
    """Never for a link to be opened; with a store, for what is newer than it alone."""
    found = wanted(KEPT).question("l@x", "/state")
    assert found["newer_than"] == "2026-03-01T12:00:00Z" and found["known_mail"] == "id-1"
    assert (found["open_link"], found["timeout"], found["state_dir"]) == (False, 0, "/state")
    assert "requests" not in found and "newer_than" not in wanted().question("", "/state")
    asked = wanted(KEPT, Entry(NOW + DAY, "confirmed", requests=2, since=NOW + DAY / 2)).question("l@x", "/state")
    assert (asked["newer_than"], asked["requests"]) == ("2026-03-02T00:00:00Z", 2)
    assert not {"known_mail", "state_dir"} & set(asked)


@pytest.mark.parametrize("outcome", ["confirmed", "unknown", "sending"])
def test_a_request_whose_mail_is_not_there(outcome):
    """What was before it is not handed out; what came after it is."""
    noted = Entry(NOW + DAY, outcome)
    said = refused(wanted(KEPT, noted), NONE)
    assert "2026-03-02T12:00:00Z" in said and ("may have been" in said) is (outcome != "confirmed")
    with pytest.raises(Failure, match="requested at"):
        wanted(KEPT, noted).of_the_store()
    assert wanted(KEPT, noted).answer(NEWER)["source"] == "mail"
    for later in (
        Kept("l@x", "p", "id-3", NOW + DAY, NOW + DAY),
        Kept("l@x", "p", "id-3", NOW + DAY),
        Kept("l@x", "p", kept_at=NOW + 2 * DAY),
    ):
        assert wanted(later, noted).answer(NONE)["source"] == "store"


@pytest.mark.parametrize("outcome", ["refused", "not_sent"])
def test_a_request_that_came_to_nothing(outcome):
    assert wanted(KEPT, Entry(NOW + DAY, outcome)).answer(NONE)["source"] == "store"


def test_where_nothing_counts():
    """It is said what to do, and never that a new password is to be asked for."""
    for said in (refused(wanted(), NONE), refused(wanted(store_vault_file="/srv/v.yml"), NONE)):
        assert "ownrouter.ovhcloud.by_hand" in said and "renew" not in said
    assert "/srv/v.yml holds nothing of it" in said
    link = {**NONE, "found": True, "secret_link": True, "mail": MAIL}
    assert "which a lookup never opens" in refused(wanted(KEPT), link)
    passed = [{**MAIL, "why": "it names another login"}]
    assert "router_pppoe_line_login" in refused(wanted(KEPT), {**NONE, "doubtful": True, "passed_over": passed})
    assert "it names another login" in refused(wanted(), {**NONE, "passed_over": passed})
    # An older mail is not handed out in place of a newer one that cannot be taken.
    assert "the latest one that can may be out of date" in refused(
        wanted(), {**NEWER, "doubtful": True, "passed_over": passed}
    )


@given(
    st.none() | st.integers(-9, 9),
    st.none() | st.tuples(st.integers(-9, 9), st.sampled_from(["confirmed", "unknown", "refused"])),
)
def test_never_one_from_before_a_request(kept, noted):
    kept = None if kept is None else Kept("l@x", "p", "id", NOW + kept * DAY)
    entry = None if noted is None else Entry(NOW + noted[0] * DAY, noted[1])
    try:
        found = wanted(kept, entry).answer(NONE)
    except Failure:
        assert kept is None or (entry is not None and entry.counts and kept.mail_date < entry.requested_at)
    else:
        assert found["source"] == "store"
        assert entry is None or not entry.counts or kept.mail_date >= entry.requested_at
