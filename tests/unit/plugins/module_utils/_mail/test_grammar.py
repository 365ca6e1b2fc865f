# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a label names, and which value belongs to it."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.grammar import Kind, entries_of, kind_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import page_of


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Mot de passe PPPoE", Kind.PASSWORD),
        ("Your PPPoE password", Kind.PASSWORD),
        ("Benutzername", Kind.LOGIN),
        ("Identifiant de connexion", Kind.LOGIN),
        ("Wi-Fi password", Kind.OTHERS),
        ("SSID", Kind.FOREIGN),
        ("VLAN", Kind.SETTING),
        ("Purple elephants", Kind.UNKNOWN),
    ],
)
def test_what_a_label_names(label, kind):
    assert kind_of(label) is kind


def entries(text, is_html=False):
    page = page_of(text, is_html)
    return [
        (one.kind, page.shows(one.span), page.shows(one.value))
        for one in entries_of(page)
        if one.kind is not Kind.UNKNOWN
    ]


def test_a_label_and_its_value_on_a_line():
    found = entries("Login: 0320123456_1@adsl.ovh\nPassword: Ab3dEf5h\n")
    assert [(kind, value) for kind, _label, value in found] == [
        (Kind.LOGIN, "0320123456_1@adsl.ovh"),
        (Kind.PASSWORD, "Ab3dEf5h"),
    ]


def test_a_row_of_a_table():
    cells = "<table><tr><td>Login</td><td>me_1@adsl.ovh</td></tr><tr><td>Password</td><td>Ab3dEf5h</td></tr></table>"
    assert (Kind.PASSWORD, "Ab3dEf5h") in [(kind, value) for kind, _label, value in entries(cells, True)]


def test_a_value_below_its_label():
    found = entries("Password\nAb3dEf5h\n")
    assert (Kind.PASSWORD, "Ab3dEf5h") in [(kind, value) for kind, _label, value in found]
