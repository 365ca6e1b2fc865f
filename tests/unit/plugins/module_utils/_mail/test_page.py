# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail part as a person sees it."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import MAX_LENGTH, page_of, secret_ids


def lines(source, is_html=True):
    page = page_of(source, is_html)
    return [page.text[one.start : one.end] for one in page.lines]


def test_blocks_are_lines_and_inline_tags_are_none():
    assert lines("<p>Your <b>login</b></p><div>is&nbsp;here&amp;now</div>") == ["Your login", "is\u00a0here&now"]


@pytest.mark.parametrize(
    "hidden",
    ["<script>x</script>", "<style>x</style>", "<!-- x -->"],
)
def test_what_nobody_sees_is_not_there(hidden):
    assert [one for one in lines(f"<p>a</p>{hidden}<p>b</p>") if one] == ["a", "b"]


@pytest.mark.parametrize("hidden", ['<p style="display:none">x</p>', "<del>x</del>"])
def test_what_is_hidden_or_struck_out_leaves_a_mark_that_no_password_is_taken_from(hidden):
    assert [one for one in lines(f"<p>a</p>{hidden}<p>b</p>") if one] == ["a", "\ufffd", "b"]


def test_an_older_mail_below_is_left_out():
    text = "Password: new\n\nOn Monday OVH wrote:\n> Password: old\n"
    page = page_of(text, False)
    shown = [page.text[one.start : one.end] for one in page.lines]
    assert "Password: new" in shown and not any("old" in one for one in shown) and page.quotes_password


def test_text_that_is_html_is_read_as_such():
    assert lines("<html><body><p>a</p></body></html>", False) == ["a"]


def test_a_page_that_is_too_long_is_not_complete():
    assert page_of("a\n", False).complete and not page_of("a" * (MAX_LENGTH + 9), False).complete


def test_one_time_links():
    secret = "0a1b2c3d-0000-4000-8000-0123456789ab"
    place = f"https://www.ovh.com/manager/#/secret?id={secret}"
    assert secret_ids(page_of(f'<a href="{place}">here</a>', True)) in ({secret}, set())
    assert secret_ids(page_of(f"https://example.net/secret?id={secret}", False)) == set()


@pytest.mark.parametrize("value", ["xG5q&p&#65;7k", "a&amp;b1c2d3"])
def test_one_entity_in_a_text_with_tags_may_be_the_password_s_own(value):
    page = page_of(f"Login: <b>x_1@adsl.ovh</b>\nPassword: <b>{value}</b>\n", False)
    assert page.is_html and page.raw is not None and value in page.raw and value not in page.text
