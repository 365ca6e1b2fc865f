# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The patterns of HTML and of links in mails."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import markup

ID = "0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize("text", ["&amp;", "&#233;", "&#xE9;", "&nbsp;"])
def test_entities(text):
    assert markup.ENTITY_RE.fullmatch(text)


@pytest.mark.parametrize("text", ["& ", "&;", "&#;", "AT&T "])
def test_what_is_none(text):
    assert not markup.ENTITY_RE.search(text)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        (f"https://www.ovh.com/manager/secret/?id={ID}", True),
        (f"https://manager.eu.ovhcloud.com/secret/#/?id={ID}", True),
        (f"http://www.ovh.com/manager/secret/?id={ID}", False),
        (f"https://www.ovh.com.example.net/manager/secret/?id={ID}", False),
        (f"https://example.net/secret/?id={ID}", False),
    ],
)
def test_the_places_of_one_time_links(address, ours):
    assert bool(markup.SECRET_ADDRESS_RE.match(address)) is ours


def test_tags_and_what_is_hidden_in_them():
    assert markup.TAG_RE.match("<script>a < b</script>")[0] == "<script>a < b</script>"
    assert markup.TAG_RE.match("<!-- a > b -->")[0] == "<!-- a > b -->"


def test_the_kinds_of_elements_are_apart():
    assert not markup.BLOCKS & markup.INLINE and not markup.UNSEEN & markup.INLINE
