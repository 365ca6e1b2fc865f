# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever uses the role sets variables: a sentence of a module names those."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _argspec
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given import option_names as names
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import SPEC


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("Check endpoint and any proxy.", "Check router_pppoe_endpoint and any proxy."),
        (
            "No endpoint: set the endpoint option, OVH_ENDPOINT, or endpoint= in ovh.conf.",
            "No router_pppoe_endpoint: set the router_pppoe_endpoint option, OVH_ENDPOINT, or endpoint= in ovh.conf.",
        ),
        (
            "endpoint (from option endpoint) is 'x'",
            "router_pppoe_endpoint (from option router_pppoe_endpoint) is 'x'",
        ),
        ("consumer_key (from ~/.ovh.conf [ovh-eu]) is wrong", "consumer_key (from ~/.ovh.conf [ovh-eu]) is wrong"),
        (
            "client_id (from environment variable OVH_CLIENT_ID), client_secret from ~/.ovh.conf [ovh-eu]",
            "client_id (from environment variable OVH_CLIENT_ID), client_secret from ~/.ovh.conf [ovh-eu]",
        ),
        ("Set renewed_since, or (cooldown).", "Set router_pppoe_renewed_since, or (router_pppoe_cooldown)."),
        (
            "does not speak TLS as imap_security=tls expects",
            "does not speak TLS as router_pppoe_imap_security=tls expects",
        ),
        ("set the login option to tell them apart", "set router_pppoe_line_login to tell them apart"),
        ("source is imap and takes one of", "router_pppoe_mail_source is imap and takes one of"),
        ("router_pppoe_max_age is 1", "router_pppoe_max_age is 1"),
        ("/home/state_dir/x and ./endpoint", "/home/state_dir/x and ./endpoint"),
        ("the endpoints", "the endpoints"),
    ],
)
def test_an_option_is_called_as_the_role_calls_it(said, then):
    assert names.of_role(said) == then
    assert names.of_role(then) == then, "twice is once"


def test_each_is_a_variable_of_the_role_and_an_option_of_a_module():
    options = {**_argspec.login_mail_spec(), **_argspec.credentials_spec()}
    assert set(options) >= names.SAME and set(SPEC) >= names.SAME
    assert {text.split()[0].removeprefix("router_pppoe_") for text in names.OTHERS.values()} <= set(SPEC)


def test_only_sentences_are_changed():
    result = {
        "msg": "Check endpoint.",
        "failure": {"code": "cooldown", "message": "Check endpoint.", "details": {"option": "endpoint"}},
        "warnings": ["Set max_age."],
        "mail": {"title": "endpoint", "date": None},
        "polls": 1,
    }
    assert names.told(result) == {
        "msg": "Check router_pppoe_endpoint.",
        "failure": {"code": "cooldown", "message": "Check router_pppoe_endpoint.", "details": {"option": "endpoint"}},
        "warnings": ["Set router_pppoe_max_age."],
        "mail": {"title": "endpoint", "date": None},
        "polls": 1,
    }
