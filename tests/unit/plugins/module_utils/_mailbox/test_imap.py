# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message out of a mailbox as a service mail; the mailbox itself is tried against Dovecot in tests/imap."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap import (
    BY_HEADER,
    BY_ORDER,
    NO_DATE,
    read_mail,
)

UTC = datetime.timezone.utc
CAME = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDERS = ["ovhcloud.com"]


def source(sender="support@ovhcloud.com", date="Sun, 1 Mar 2026 10:00:00 +0000"):
    dated = f"Date: {date}\n" if date else ""
    return (
        f"From: OVHcloud <{sender}>\nSubject: PPPoE xdsl-1\n{dated}Content-Type: text/plain\n\nPassword: x\n".encode()
    )


def test_the_older_of_both_dates_counts():
    assert read_mail(source(), CAME, "INBOX/7", SENDERS).date.hour == 10
    late = read_mail(source(date="Sun, 1 Mar 2026 23:00:00 +0000"), CAME, "INBOX/7", SENDERS)
    assert late.date == CAME, "the sender does not choose a later one"


def test_without_a_day_of_arrival_it_says_whose_date_it_is():
    by_header = read_mail(source(), None, "7", SENDERS, CAME)
    assert by_header.remark == BY_HEADER and by_header.date.hour == 10
    assert read_mail(source(date="Sun, 1 Mar 2027 10:00:00 +0000"), None, "7", SENDERS, CAME).date == CAME
    nothing = read_mail(source(date=""), None, "7", SENDERS, CAME)
    assert (nothing.remark, nothing.date) == (BY_ORDER, NO_DATE)


@pytest.mark.parametrize("sender", ["me@example.net", "x@ovhcloud.com.example.net", "ovhcloud.com@evil.example"])
def test_another_sender_is_refused(sender):
    mail = read_mail(source(sender), CAME, "7", SENDERS)
    assert mail.refused and mail.refused.stranger
