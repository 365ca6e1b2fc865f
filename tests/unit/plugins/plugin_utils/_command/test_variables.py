# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which variables of a command may be shown: those of a closed list, and never what stands behind a secret."""

from __future__ import annotations

import json

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.variables import (
    PLAIN,
    UNNAMED,
    plain,
    variables,
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("router_pppoe_renew", True, True),
        ("target", "shop", True),
        ("router_pppoe_endpoint", "https://api.example.net/1.0", True),
        ("router_pppoe_endpoint", "https://me:secret@api.example.net/1.0", False),
        ("router_pppoe_password", "x", False),
        ("renew", True, False),
        ("mine", "x", False),
    ],
)
def test_plain(name, value, shown):
    assert plain(name, value) is shown


def test_no_secret_is_on_the_list():
    assert not [name for name in PLAIN if "password" in name and name != "mail_password_pattern"]
    assert not PLAIN & {"login", "application_secret", "consumer_key", "client_secret", "imap_access_token"}


@pytest.mark.parametrize("as_text", [False, True])
def test_of_one_e(as_text):
    given = {"router_pppoe_renew": "true", "router_pppoe_password": "x"}
    text = json.dumps(given) if as_text else " ".join(f"{name}={value}" for name, value in given.items())
    known, left_out = variables(text)
    assert known == [("router_pppoe_renew", "true")] and left_out == ["router_pppoe_password"]


def test_a_word_behind_a_secret_may_belong_to_it():
    _known, left_out = variables("router_pppoe_password=first second=half")
    assert left_out == ["router_pppoe_password", UNNAMED]


@pytest.mark.parametrize("text", ["[1, 2]", "{broken"])
def test_what_is_no_variable(text):
    assert variables(text) == ([], [UNNAMED])
