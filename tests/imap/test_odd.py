# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What servers say that the standard allows and few say, and what they should not: the right end, in bounded time."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_client

from .box import Box, fresh, internal
from .conftest import CANARY, FETCHED, MAIL

IDLE = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n"


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        (
            {"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2\r\n"},
            "imap_login_refused",
            "access_token",
        ),
        ({"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"}, "imap_login_refused", "AUTH=PLAIN"),
        ({"AUTHENTICATE": b"* BYE Server shutting down\r\n"}, "imap_unreachable", "shutting down"),
        ({"EXAMINE": b"* BYE see you later\r\n"}, "imap_unreachable", "see you later"),
        ({"UID SEARCH": b"@ NO [BADCHARSET] no\r\n"}, "imap_refused", "BADCHARSET"),
        ({"UID SEARCH": b"* SEARCH 7 seven\r\n"}, None, ""),
        ({"UID SEARCH": b"* SEARCH 7 (MODSEQ 917162500)\r\n"}, None, ""),
        ({"UID SEARCH": b"* SEARCH\r\n* SEARCH 7\r\n"}, None, ""),
        ({"UID FETCH": b"@ NO [THROTTLED] slow down\r\n"}, "imap_unavailable", "slow down"),
        ({"UID FETCH": b"* 1 FETCH (BODY[] {5000000}\r\n"}, "imap_unreachable", "5000000 bytes"),
        ({"UID FETCH": b"* 1 FETCH (UID 7 BODY[]<0> {9+}\r\nI am here)\r\n"}, "imap_unreachable", ""),
        ({"UID FETCH": b"* 1 FETCH (UID 7 INTERNALDATE NIL BODY[]<0> NIL)\r\n"}, "not found", ""),
        ({"UID FETCH": b"* 1 EXPUNGE\r\n"}, "not found", ""),
    ],
)
def test_an_answer_of_an_odd_form(scripted, look, answers, code, said):
    began = time.monotonic()
    result = look(scripted(answers))
    assert time.monotonic() - began < 20
    if code is None:
        assert result.get("password") == CANARY, result
    elif code == "not found":
        assert result.get("found") is False, result
    else:
        assert result.code == code and said in result["msg"], result


@pytest.mark.parametrize(
    "noise",
    [
        b"* 3 EXPUNGE\r\n* 2 EXISTS\r\n* 0 RECENT\r\n",
        b"* OK [ALERT] Your mailbox is nearly full\r\n",
        b"* 4 FETCH (FLAGS (\\Seen))\r\n",
        b'* LIST (\\HasNoChildren) "/" "a{12}b"\r\n',
        b"* VANISHED 300:310\r\n",
    ],
)
def test_what_a_server_says_unasked(scripted, look, noise):
    answers = {
        "UID FETCH": noise + FETCHED % (len(MAIL), MAIL) + noise,
        "UID SEARCH": noise + b"* SEARCH 7\r\n" + noise,
    }
    assert look(scripted(answers)).get("password") == CANARY


def test_mails_out_of_order(scripted, look):
    box = Box({uid: (internal(minutes=-uid), fresh()) for uid in (4, 5, 6)})
    rows = box.fetch(b"UID FETCH 6,4,5")
    assert look(scripted({**box.answers, "UID FETCH": rows, "UID SEARCH": b"* SEARCH 6 4 5\r\n"}))["password"] == CANARY


def test_a_server_that_greets_as_if_logged_in(scripted, look):
    server = scripted({})
    server.greeting = b"* PREAUTH welcome\r\n"
    result = look(server)
    assert result.code in ("imap_login_refused", "imap_unreachable"), result


def test_a_sender_beyond_ascii(scripted, look):
    assert look(scripted({}), imap_from=["b\u00fccher.example"]).code == "configuration"


@pytest.mark.parametrize("name", ['OVH "x"', "OVH\\x", "B\u00fcro & Co", "\u0395\u03bb", "a/b c"])
def test_names_of_folders(scripted, look, name):
    result = look(scripted({}), imap_folder=name)
    assert result.get("password") == CANARY, result


@pytest.mark.parametrize("what", ["answer", "line", "good-bye after the pause"])
def test_a_server_that_never_comes_to_an_end(scripted, look, monkeypatch, what):
    """It sends always something, so no wait for the next byte is long."""
    monkeypatch.setattr(imap_client, "ANSWER_LIMIT", 2.0)
    server = scripted({})
    if what == "answer":
        server.flood = b"* OK still looking\r\n"
    elif what == "line":
        server.flood = b"*"
    else:
        server.answers.update({"CAPABILITY": IDLE, "IDLE": b"+ idling\r\n", "UID SEARCH": b"* SEARCH\r\n"})
        server.flood_after = "IDLE"
        server.flood = b"* OK still here\r\n"
    began = time.monotonic()
    result = look(server, **({"timeout": 4} if what.startswith("good") else {}))
    assert time.monotonic() - began < 20
    assert result.code == ("mail_not_found" if what.startswith("good") else "imap_unreachable"), result


def test_a_server_that_closes_the_connection_while_idle(scripted, look):
    server = scripted(
        {"CAPABILITY": IDLE, "IDLE": b"+ idling\r\n* BYE idle too long\r\n", "UID SEARCH": b"* SEARCH\r\n"}
    )
    threading.Timer(2, server.answers.update, [{"UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    assert look(server, timeout=30).get("password") == CANARY


def test_a_mail_that_is_cut_gives_no_part_that_may_be_cut(scripted, look):
    """Only so much of a mail is asked for, and its text may stand behind an attachment."""
    cut = MAIL[: MAIL.index(CANARY.encode()) + 9]
    assert look(scripted({"UID FETCH": FETCHED % (len(cut), cut)})).get("password") is None
