# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of logins, masks and marks."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import shapes


@pytest.mark.parametrize("login", ["0320123456_1@adsl.ovh", "0320654321_1@ovh.kosc", "fti/abc1234", "fti/x"])
def test_logins(login):
    assert shapes.LOGIN_RE.search(f"Login: {login} .")[0] == login


@pytest.mark.parametrize("login", ["0320123456_1@adsl.ovh", "x123456@example.net", "me@ftth.ovh"])
def test_logins_of_a_line(login):
    assert shapes.PPP_LOGIN_RE.fullmatch(login)


@pytest.mark.parametrize("address", ["camille@gmail.com", "support@orange.fr"])
def test_addresses_of_people(address):
    assert shapes.CONTACT_RE.fullmatch(address)


@pytest.mark.parametrize("text", ["********", "xxxx", "\u2022\u2022\u2022\u2022", "____", "ab***cd"])
def test_masks(text):
    assert shapes.MASK_RE.fullmatch(text)


@pytest.mark.parametrize("text", ["{{ password }}", "%PASSWORD%", "${password}", "<%= x %>"])
def test_placeholders(text):
    assert shapes.PLACEHOLDER_RE.fullmatch(text)


@pytest.mark.parametrize("text", ["Ab3dEf5h", "k7#mQ2", "A" * 12])
def test_what_is_neither(text):
    assert not shapes.PLACEHOLDER_RE.fullmatch(text) and (text == "A" * 12 or not shapes.MASK_RE.fullmatch(text))


def test_services_and_links():
    assert shapes.SERVICE_RE.search("of xdsl-ab12345-1.")[0] == "xdsl-ab12345-1"
    assert not shapes.SERVICE_RE.search("myxdsl-ab12345-1x")
    assert shapes.LINK_RE.search("see https://x") and not shapes.LINK_RE.search("see http")
