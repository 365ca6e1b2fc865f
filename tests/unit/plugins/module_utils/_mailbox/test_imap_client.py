# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account tells nothing secret of itself, whatever a server says; the wire is tried in tests/imap."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap_client import (
    Account,
    unavailable,
    unreachable,
)


def account(**more):
    given = {"host": "imap.example.net", "port": 993, "security": "tls", "ca_file": None, "user": "me@example.net"}
    return Account(**{**given, "password": "Kanarie7391", "access_token": None, "folder": "INBOX", **more})


def test_no_secret_is_in_what_it_tells():
    one = account(access_token="Token5528")
    for text in (
        repr(one),
        one.said(b"NO Kanarie7391 Token5528 is wrong"),
        one.shown("Kanarie7391"),
        str(one.details()),
    ):
        assert "Kanarie" not in text and "Token5528" not in text
    assert "is wrong" in one.said(b"NO Kanarie7391 is wrong")


def test_what_a_server_says_steers_no_terminal_and_is_short():
    assert "\x1b" not in account().said(b"\x1b[31mred\r\n") and len(account().said(b"x" * 999)) <= 300
    assert "\x1b" not in account().shown("a\x1b[31m") and len(account().shown("x" * 999)) == 100


def test_failures_name_the_server():
    for failure in (unavailable(account(), "too busy"), unreachable(account(), OSError("No route to host"))):
        assert "imap.example.net" in failure.message and failure.code.startswith("imap_")
    assert "too busy" in unavailable(account(), "too busy").message
