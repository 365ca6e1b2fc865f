# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists of mails that lines share: who lists, and what of a mail never stands on the disk."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import api as mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import listing
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared

ITEM = {
    "id": "a",
    "title": "t",
    "createdAt": "2026-11-27T12:00:00Z",
    "text": "pw-5512",
    "html": "<p>pw-5512",
    "contacts": [{"to": "camille@example.org"}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.sampled_from([*ITEM, "x"]), part, max_size=5),
)


class Client:
    """One line's, in a run that began a minute ago; ``asked``: the lists that it made."""

    def __init__(self, folder, name, items=(ITEM,)):
        self.shared, self.items, self.asked = Shared(str(folder), ["key"], name), list(items), []
        self.shared.run_age = lambda: 60.0

    def short(self):
        return False

    def skew(self):
        return 0

    def held_for(self):
        return 0.0

    def get_page(self, path, query, size, cursor):
        self.asked.append((path, dict(query), size, cursor))
        return self.items, "next"

    def get(self, path, headers):
        self.asked.append(path)
        return [3, 1, 2]


def test_the_contents_are_for_who_has_listed_and_never_on_the_disk(tmp_path):
    one, other = Client(tmp_path / "state", "one"), Client(tmp_path / "state", "other")
    assert listing.Listing(one, 1.0).page({"q": "x"}, None) == ([ITEM], "next")
    told = listing.Listing(other, 1.0)
    shown = {name: ITEM[name] for name in ("id", "title", "createdAt")}
    assert told.page({"q": "x"}, None) == ([shown], "next") and told.together
    assert other.asked == []
    for file in (tmp_path / "state").iterdir():
        assert b"pw-5512" not in file.read_bytes() and b"camille" not in file.read_bytes()


@pytest.mark.parametrize(("query", "cursor"), [({"q": "y"}, None), ({}, None), ({"q": "x"}, "c")])
def test_another_question_is_another_list(tmp_path, query, cursor):
    one, other = Client(tmp_path / "state", "one"), Client(tmp_path / "state", "other")
    listing.Listing(one, 1.0).page({"q": "x"}, None)
    listing.Listing(other, 1.0).page(query, cursor)
    assert len(other.asked) == 1


def test_a_list_that_must_be_new(tmp_path):
    one, other = Client(tmp_path / "state", "one"), Client(tmp_path / "state", "other")
    listing.Listing(one, 1.0).page({}, None)
    listing.Listing(other, 0.0).page({}, None)
    assert len(other.asked) == 1


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("together", [False, True])
@given(alone=st.floats(0.1, 60), run_age=st.floats(0, 60), age=st.floats(0, 60), short=st.booleans())
def test_a_list_of_an_earlier_run_is_waited_with_and_never_acted_upon(waits, together, alone, run_age, age, short):
    """The mail that the user was told of may have come since, a second ago."""
    shared = SimpleNamespace(run_age=lambda: run_age)
    told = listing.Listing(SimpleNamespace(shared=shared, short=lambda: short), alone)
    told.waits = waits
    taken = age <= told._fresh(together)
    shared_age = max(alone, listing.SHORT if short else listing.TOGETHER)
    assert taken == (age <= (shared_age if together else alone) and (waits or age <= run_age))


def test_the_first_list_of_a_run_is_its_own(tmp_path, monkeypatch):
    """What an earlier run was told a second ago is asked for again, whether or not it looks on."""
    one, other = Client(tmp_path / "state", "one"), Client(tmp_path / "state", "other")
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    listing.Listing(one, 2.0).page({}, None)
    now[0] += 1
    other.shared.run_age = lambda: 0.8
    listing.Listing(other, 2.0).page({}, None)
    assert len(other.asked) == 1


def test_numbers_of_the_older_api(tmp_path):
    one, other = Client(tmp_path / "state", "one"), Client(tmp_path / "state", "other")
    assert listing.Listing(one, 1.0).ids() == listing.Listing(other, 1.0).ids() == [3, 1, 2]
    assert other.asked == []


def test_where_nothing_is_shared(tmp_path):
    one = Client(tmp_path, "one")
    one.shared = None
    told = listing.Listing(one, 1.0)
    assert told.page({}, None) == ([ITEM], "next") and not told.together


@given(JSON)
def test_whatever_was_answered_nothing_but_three_texts_are_kept(items):
    kept = listing.shown(items)
    if kept is not None:
        assert len(kept) == len(items)
        for one in kept:
            assert set(one) <= {"id", "title", "createdAt"} and all(isinstance(part, str) for part in one.values())
        assert listing.shown(json.loads(json.dumps(kept))) == kept


@given(JSON)
def test_whatever_stands_in_a_file_is_a_page_or_none(kept):
    page = listing._page(kept)
    assert page is None or (isinstance(page[0], list) and (page[1] is None or isinstance(page[1], str)))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("xdsl-ab12345-1", "xdsl-ab12345-"),
        ("ftth-x-22", "ftth-x-"),
        ("line", "line"),
        ("a-b", "a-b"),
        ("-1", "-1"),
        ("PPP", "PPP"),
    ],
)
def test_what_the_names_of_an_account_begin_with(name, stem):
    assert mailbox.stem(name) == stem


def test_no_order_is_not_taken_for_one():
    """A list that is not in order shows no end of the time that is asked for: then the API narrows it."""
    dates = ["2026-11-27T12:00:00Z", "2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z"]
    asked = []

    def get_page(_path, query, _size, cursor):
        asked.append((dict(query), cursor))
        return [{"id": str(number), "title": "t", "createdAt": date} for number, date in enumerate(dates)], "next"

    since = mailbox.parse_time("2026-11-27T10:30:00Z")
    for ordered in (False, True):
        asked.clear()
        client = SimpleNamespace(shared=None, get_page=get_page)
        found, following = mailbox.ApiMailbox(client)._page_v2({"sortCreatedAt": "DESC"}, None, since, set())
        assert [mail.id for mail in found] == (["0", "1"] if ordered else ["0", "2"])
        assert following == (None if ordered else "next")
        assert ("createdAfter" in asked[-1][0]) is not ordered
        dates.sort(reverse=True)


# --- one line alone


class Lone:
    """Gives one page, and shares nothing."""

    shared = None

    def get_page(self, path, query, size, cursor):
        return [{"id": 1, "title": "PPPoE", "text": "Kanarie"}], f"{path} {size} {cursor}"

    def get(self, path, headers):
        return [7, 8]


def test_alone_it_is_asked_for():
    one = listing.Listing(Lone(), 0)
    items, following = one.page({"a": "b"}, "next")
    assert items[0]["text"] == "Kanarie" and following == f"{listing.V2_PATH} {listing.V2_PAGE_SIZE} next"
    assert one.ids() == [7, 8] and not one.together


def test_no_contents_are_kept():
    items = [{"id": 1, "title": "PPPoE", "createdAt": "2026-03-01", "text": "Kanarie", "html": "Kanarie"}, {"id": None}]
    assert listing.shown(items) == [{"id": "1", "title": "PPPoE", "createdAt": "2026-03-01"}, {}]


@pytest.mark.parametrize("items", [None, {}, "text", [1], [None]])
def test_what_is_no_page(items):
    assert listing.shown(items) is None and listing._page([items, None]) is None


@pytest.mark.parametrize("kept", [None, [], [[]], [[], 7], [[], None, None], {}])
def test_what_was_kept_wrongly_is_not_taken(kept):
    assert listing._page(kept) is None


def test_what_was_kept_is_taken():
    assert listing._page([[{"id": "1"}], "next"]) == ([{"id": "1"}], "next")


@pytest.mark.parametrize(
    ("alone", "together", "old"), [(0, True, -1), (1, False, 1), (1, True, listing.TOGETHER), (9, True, 9)]
)
def test_how_old_a_list_may_be(tmp_path, alone, together, old):
    client = Client(tmp_path, "one")
    assert listing.Listing(client, alone)._fresh(together) == old
