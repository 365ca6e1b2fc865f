# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists of mails that lines share: what is kept of one has no contents, and what is kept wrongly is not taken."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import listing


class Client:
    """Gives one page, and shares nothing."""

    shared = None

    def get_page(self, path, query, size, cursor):
        return [{"id": 1, "title": "PPPoE", "text": "Kanarie"}], f"{path} {size} {cursor}"

    def get(self, path, headers):
        return [7, 8]


def test_alone_it_is_asked_for():
    one = listing.Listing(Client(), 0)
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
def test_how_old_a_list_may_be(alone, together, old):
    assert listing.Listing(Client(), alone)._fresh(together) == old
