# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What sentences say of the credentials beside them."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import prose
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.words import words_of


def plain(text):
    return " ".join(words_of(text))


@pytest.mark.parametrize("text", ["Your previous password", "Ancien mot de passe", "Altes Passwort", "expired"])
def test_former(text):
    assert prose.FORMER_RE.search(plain(text))


@pytest.mark.parametrize("text", ["Your new password", "Votre mot de passe PPPoE", "Ihr Passwort"])
def test_not_former(text):
    assert not prose.FORMER_RE.search(plain(text))


@pytest.mark.parametrize("text", ["This is not your password", "Ceci n'est pas le bon mot de passe"])
def test_wrong(text):
    assert prose.WRONG_RE.search(plain(text))


@pytest.mark.parametrize("text", ["Example", "Beispiel", "Exemple de mot de passe"])
def test_an_example(text):
    assert prose.VOID_RE.search(plain(text))


def test_which_service_is_spoken_of():
    assert prose.PPPOE_RE.search("your PPPoE login") and not prose.PPPOE_RE.search("your VPN login")
    assert prose.PPP_RE.search("ligne xDSL") and not prose.PPP_RE.search("xdslfoo")
    assert prose.MODEM_RE.search("Password of your modem") and not prose.MODEM_RE.search("Password of your line")
