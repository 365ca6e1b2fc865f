# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What wrong variables are told: a sentence for each value, and for each name that is none of the role's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given import wrong_values
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, SPEC, Options

PROJECT = Path(__file__).resolve().parents[5]
LINE = {"service_name": "xdsl-ab12345-1"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=3,
)


def told(**given_values):
    with pytest.raises(Failure) as failed:
        Options({**LINE, **given_values})
    assert failed.value.code == "invalid_option"
    return failed.value.message


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("renew", "perhaps", "router_pppoe_renew is 'perhaps', but it takes true or false."),
        ("mail_timeout", "soon", "router_pppoe_mail_timeout is 'soon', but it takes a whole number."),
        ("mail_timeout", [5], "router_pppoe_mail_timeout is a list, but it takes a whole number."),
        ("store", {"a": 1}, "router_pppoe_store is a dictionary, but it takes a path."),
        ("password", ["x"], "router_pppoe_password is a list, but it takes a text."),
        ("password", 83, "router_pppoe_password is of another kind, but it takes a text, in quotes."),
        ("replaces_login", 1e3, "router_pppoe_replaces_login is 1000.0, but it takes a text, in quotes."),
        ("imap_from", {"a": 1}, "router_pppoe_imap_from is a dictionary, but it takes a list."),
        (
            "platform",
            "opnwrt",
            "router_pppoe_platform is 'opnwrt', but it takes one of linux_pppd, networkmanager, openwrt, routeros,"
            " vyos, custom (is openwrt meant?).",
        ),
        ("mail_source", "x", "router_pppoe_mail_source is 'x', but it takes one of api, imap."),
    ],
)
def test_each_wrong_value_is_one_short_sentence(name, value, sentence):
    assert told(**{name: value}) == sentence


def test_several_are_told_together():
    assert told(renew="perhaps", mail_timeout="soon").count(" but it takes ") == 2


def test_what_is_not_set_is_named():
    with pytest.raises(Failure, match=r"^router_pppoe_service_name is not set\.$"):
        Options({})


@given(st.sampled_from(sorted(SPEC)), VALUES)
def test_whatever_is_given_it_is_taken_or_told_in_a_sentence(name, value):
    try:
        Options({**LINE, name: value})
    except Failure as failure:
        assert failure.code == "invalid_option" and f"{PREFIX}{name}" in failure.message
        assert len(failure.message) < 250 and "\n" not in failure.message
        if SPEC[name].get("no_log") and len(str(value)) > 3:
            assert str(value) not in failure.message


# -- names


def unknown(*names, shared=False):
    return wrong_values.unknown(names, list(SPEC), PREFIX, shared)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("router_pppoe_max_aeg", "router_pppoe_max_age"),
        ("router_pppoe_servicename", "router_pppoe_service_name"),
        ("router_pppoe_paswrd", "router_pppoe_password"),
        ("router_pppoe_renewed_sicne", "router_pppoe_renewed_since"),
        ("router_ppoe_renew", "router_pppoe_renew"),
        ("routers_pppoe_renew", "router_pppoe_renew"),
    ],
)
def test_a_slip_is_told_with_the_right_name(name, meant):
    for shared in (False, True):
        assert unknown(name, shared=shared) == [
            f"{name} is no variable of the role and has no effect. Is {meant} meant?"
        ]


def test_another_name_is_told_where_no_tasks_of_the_users_own_run():
    assert unknown("router_pppoe_colour") == ["router_pppoe_colour is no variable of the role and has no effect."]
    assert unknown("router_pppoe_colour", shared=True) == []


@given(st.sets(st.sampled_from(["ansible_host", "router_type", "pppoe_vlan", "groups", "x", "router_platform"])))
def test_other_variables_are_nobodys_business(names):
    assert unknown(*names) == []


#: Files that speak of, or run, tasks of the user's own.
OWN = ("store.md", "custom.md")


def test_every_name_of_the_role_and_of_the_documentation_is_known():
    """Else the role would warn of its own names."""
    paths = [
        path
        for pattern in ("roles/**/*.yml", "playbooks/*.yml", "docs/**/*.yml", "docs/**/*.md", "README.md")
        for path in PROJECT.glob(pattern)
    ]
    assert len(paths) > 15
    for path in paths:
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"(?<![a-z_])router_pppoe_[a-z0-9_]*[a-z0-9]\b", text))
        # Of sentences about names that begin so, and the page of the role's reference.
        names -= {"router_pppoe_imap", "router_pppoe_routeros", "router_pppoe_role"}
        # Tasks of a platform or a store of the user's own have variables of their own.
        own = "examples" in path.parts or path.name in OWN
        assert unknown(*names, shared=own) == [], path
