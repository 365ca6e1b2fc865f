# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of mail folders: as the server writes them, as a person does, and which one is meant."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap_folder import (
    Folder,
    folders_of,
    meant_by,
    read_name,
    utf7,
)

NAMES = {"INBOX": b"INBOX", "Entw\u00fcrfe": b"Entw&APw-rfe", "A&B": b"A&-B", "\u53f0\u5317": b"&U,BTFw-", "": b""}


@pytest.mark.parametrize("name", NAMES)
def test_both_ways(name):
    assert utf7(name).encode() == NAMES[name] and read_name(NAMES[name]) == name


@pytest.mark.parametrize("raw", [b"&broken", b"&!!-", b"Entw\xc3\xbcrfe"])
def test_what_is_neither_stays(raw):
    assert read_name(raw) == raw.decode("utf-8", "replace")


class Connection:
    """Lists folders."""

    def __init__(self, *rows):
        self.rows = list(rows)

    def list(self):
        return "OK", self.rows


def test_a_list():
    found = folders_of(
        Connection(
            b'(\\HasNoChildren) "/" "INBOX/OVH"', b'(\\Noselect) "." Old', (b'() "/" {4}', b'a"bc'), None, b"noise"
        )
    )
    assert [(one.name, one.separator, one.selectable) for one in found] == [
        ("INBOX/OVH", "/", True),
        ("Old", ".", False),
        ('a"bc', "/", True),
    ]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [("OVH", "INBOX/OVH"), ("inbox.ovh", "INBOX/OVH"), ("INBOX/OVH", "INBOX/OVH"), ("Bills", None), ("nothing", None)],
)
def test_which_one_is_meant(wanted, meant):
    folders = [
        Folder(name.encode(), name, "/", True) for name in ("INBOX", "INBOX/OVH", "INBOX/Bills", "Bills/", "bills")
    ]
    found = meant_by(folders, wanted)
    assert (found.name if found else None) == meant or wanted == "Bills"
