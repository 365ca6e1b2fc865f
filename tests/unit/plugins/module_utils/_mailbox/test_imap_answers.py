# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mail servers answer: dates in odd forms, refusals that pass and those that do not."""

from __future__ import annotations

import datetime
import imaplib

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_answers as answers

UTC = datetime.timezone.utc
NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01-Mar-2026 10:00:00 +0100", datetime.datetime(2026, 3, 1, 9, 0, tzinfo=UTC)),
        (" 1-mar-2026 10:00:00 -0030", datetime.datetime(2026, 3, 1, 10, 30, tzinfo=UTC)),
        ("01-Mar-2026 10:00:60 +0000", datetime.datetime(2026, 3, 1, 10, 0, 59, tzinfo=UTC)),
        ("Sun, 1 Mar 2026 10:00:00 +0000", datetime.datetime(2026, 3, 1, 10, 0, tzinfo=UTC)),
        ("00-Jan-0000 00:00:00 +0000", None),
        ("01-Mar-2030 10:00:00 +0000", None),
        ("01-Mar-1990 10:00:00 +0000", None),
        ("nonsense", None),
    ],
)
def test_days_of_arrival(text, found):
    assert answers.internal_date(f'UID 7 INTERNALDATE "{text}"'.encode(), NOW) == found


def test_no_day_of_arrival():
    assert answers.internal_date(b"UID 7", NOW) is None


def test_rows():
    data = [
        (b'1 (INTERNALDATE "01-Mar-2026 10:00:00 +0000" BODY[] {3}', b"abc"),
        b" UID 7)",
        (b"2 (X", b"y"),
        b")",
        b"noise",
    ]
    (row,) = answers.rows_of(data, NOW)
    assert (row.uid, row.body, row.received.hour) == (7, b"abc", 10) and "abc" not in repr(row)


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ("[UNAVAILABLE] Try again", True),
        ("[ALERT] Too many simultaneous connections", True),
        ("Request is throttled. Suggested Backoff Time: 9", True),
        ("[AUTHENTICATIONFAILED] Server busy", False),
        ("Invalid password, try again", False),
        ("Please try again", True),
        ("no", False),
    ],
)
def test_what_passes(said, later):
    assert answers.passes(said) is later


def test_an_answer_that_is_not_ok():
    assert answers.accepted(("OK", [b"x"])) == [b"x"]
    with pytest.raises(imaplib.IMAP4.error, match="no such"):
        answers.accepted(("NO", [b"no such", None]))
