# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of labels, in their plain form."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Nom d\u2019utilisateur\u00a0:", ("nom", "d", "utilisateur")),
        ("Has\u0142o PPPoE", ("haslo", "pppoe")),
        ("CONTRASE\u00d1A", ("contrasena",)),
        ("Stra\u00dfe_1", ("strasse", "1")),
        ("", ()),
    ],
)
def test_plain_form(text, plain):
    assert words.words_of(text) == plain


def test_lists_are_in_plain_form_and_apart():
    for one in words.PASSWORDS | words.LOGINS | words.NEUTRAL | words.FOREIGN:
        assert " ".join(words.words_of(one)) == one
    assert not words.PASSWORDS & words.LOGINS


def test_names():
    assert words.names(" a  b\n c ") == {"a", "b", "c"}
    assert words.names("a  b | c", "|") == {"a b", "c"}


@pytest.mark.parametrize(("text", "name"), [("mot de passe pppoe", "mot de passe"), ("user name", "user name")])
def test_the_longest_name_wins(text, name):
    assert words.NAME_RE.search(text)[0] == name
