# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A driver's sentences name options as the user knows them."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.naming import named

NAMES = {"": "router_pppoe_", "login": "the login"}


def test_options_in_sentences_are_named() -> None:
    told = {"msg": "Set O(interface) or O(login).", "failure": {"message": "O(platform)", "code": "O(x)"}, "n": 1}
    assert named(told, NAMES) == {
        "msg": "Set router_pppoe_interface or the login.",
        "failure": {"message": "router_pppoe_platform", "code": "O(x)"},
        "n": 1,
    }


def test_lists_of_sentences_and_what_is_none() -> None:
    assert named({"warnings": ["O(a)"], "stdout": ["O(a)"], "why": None}, NAMES) == {
        "warnings": ["router_pppoe_a"],
        "stdout": ["O(a)"],
        "why": None,
    }


def test_without_names_the_option_stands_for_itself() -> None:
    assert named({"why": "Set O(interface)."}, {}) == {"why": "Set interface."}
