# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mailbox is looked into, and what is wrong with the options of one."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.api import ApiMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.file import FileMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap import ImapMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.source import open_mailbox

IMAP = {
    "source": "imap",
    "service_name": "xdsl-1",
    "imap_host": "imap.example.net",
    "imap_user": "me",
    "imap_password": "Kanarie7391",
    "imap_access_token": None,
    "imap_security": None,
    "imap_port": None,
    "imap_ca_file": None,
    "imap_folder": None,
    "imap_from": ["ovhcloud.com"],
}


def never():
    raise AssertionError("nothing is sent")


def test_each_source_has_its_mailbox():
    assert isinstance(open_mailbox(IMAP, never), ImapMailbox)
    assert isinstance(open_mailbox({"mail_file": "/tmp/x.eml", "source": "api"}, never), FileMailbox)
    assert isinstance(open_mailbox({"source": "api", "service_name": "xdsl-1"}, lambda: None), ApiMailbox)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"imap_host": ""}, "imap_host is not set"),
        ({"imap_user": ""}, "imap_user is not set"),
        ({"imap_password": ""}, "neither of them is set"),
        ({"imap_access_token": "t"}, "both of them are set"),
        ({"imap_port": 70000}, "imap_port is 70000"),
        ({"imap_user": "a\r\nb"}, "imap_user holds a control character"),
        ({"imap_password": "Kanarie7391\n"}, "imap_password holds a control character"),
        ({"imap_from": ["not a domain"]}, "imap_from has"),
        ({"imap_from": []}, "imap_from is empty"),
    ],
)
def test_what_is_wrong_is_named(more, said):
    with pytest.raises(Failure) as caught:
        open_mailbox({**IMAP, **more}, never)
    assert said in caught.value.message and "The mail server was not called" in caught.value.message
    assert "Kanarie" not in caught.value.message + str(caught.value.details)
