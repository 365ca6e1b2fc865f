# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account's mail history: what its answers say, and which mails are worth opening."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import api


class Client:
    """Is asked for nothing when a mailbox is made."""


def test_mails_of_both_histories():
    second = api._v2_mail({"id": "a-1", "createdAt": "2026-03-01T10:00:00Z", "title": "PPPoE", "text": "x"})
    assert (second.id, second.title, second.date.hour) == ("a-1", "PPPoE", 10)
    first = api._v1_mail({"id": 7, "date": "2026-03-01T10:00:00+01:00", "subject": "PPPoE", "body": "x"})
    assert (first.id, first.title, first.date.hour) == ("7", "PPPoE", 9)


@pytest.mark.parametrize("items", [None, {}, "text", [1], [None]])
def test_an_answer_that_is_no_list_of_mails(items):
    with pytest.raises(Failure) as caught:
        api._dicts(items, "/x")
    assert caught.value.code == "unreadable_answer"


@pytest.mark.parametrize(
    ("title", "opened"),
    [("[xdsl-ab12345-1] PPPoE", True), ("[xdsl-other12-1] PPPoE", False), ("Your bill", True), ("", True)],
)
def test_a_mail_of_another_access_is_not_opened(title, opened):
    mailbox = api.ApiMailbox(Client(), service_name="xdsl-ab12345-1", skipped=set())
    mail = api._v2_mail({"id": "a-1", "createdAt": "2026-03-01T10:00:00Z", "title": title, "text": ""})
    assert mailbox._may_be(mail) is opened


def test_a_mail_that_was_looked_at_is_not_opened_again():
    mailbox = api.ApiMailbox(Client(), service_name="xdsl-ab12345-1", skipped={"a-1"})
    mail = api._v2_mail({"id": "a-1", "createdAt": "2026-03-01T10:00:00Z", "title": "PPPoE", "text": ""})
    assert not mailbox._may_be(mail)
