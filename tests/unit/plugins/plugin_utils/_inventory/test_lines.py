# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How lines become hosts: filters, names and groups."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.fleet import Line
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._inventory import lines as hosts


def line(name="xdsl-1", **given):
    usual = {"access_type": "ftth", "status": "active", "description": None, "role": "main", "provider": "ft"}
    return Line(service_name=name, **{**usual, "profile": "B", "vlan": 835, **given})


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"status": "active"}, True),
        ({"status": "Active"}, True),
        ({"status": ["close", "act*"]}, True),
        ({"status": "close"}, False),
        ({"status": []}, False),
        ({"status": "active", "access_type": "adsl"}, False),
        ({"service_name": "xdsl-?"}, True),
        ({"description": "*"}, True),
        ({"description": "Lyon"}, False),
    ],
)
def test_a_line_passes_all_filters_or_is_left_out(filters, passes):
    assert hosts.passes(line(), hosts.patterns(filters)) is passes


@pytest.mark.parametrize("filters", [{"colour": "red"}, {"status": {"a": 1}}, {"status": [["a"]]}, {"status": None}])
def test_a_filter_that_means_nothing_is_refused(filters):
    with pytest.raises(Failure, match=r"^filters"):
        hosts.patterns(filters)


def test_a_name_that_the_account_does_not_have_is_found():
    wanted = hosts.patterns({"service_name": ["xdsl-1", "XDSL-2", "ftth-*", "xdsl-9"]})
    assert hosts.unknown_names(["xdsl-1", "xdsl-2"], wanted) == ["xdsl-9"]


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Lyon", "Lyon"),
        ("Agence Lyon, 2e", "Agence-Lyon-2e"),
        ("bureau.lyon", "bureau.lyon"),
        ("{{ x }}", "x"),
        ("...", "xdsl-1"),
        ("", "xdsl-1"),
        (None, "xdsl-1"),
        ("xdsl-2", "xdsl-1"),  # the name of another line
        ("all", "xdsl-1"),
        ("LOCALHOST", "xdsl-1"),
        ("127.0.0.1", "xdsl-1"),
        ("xdsl_status_active", "xdsl-1"),
    ],
)
def test_a_description_becomes_a_name(description, name):
    assert hosts.host_names([line(description=description), line("xdsl-2")], "description")["xdsl-1"] == name
    assert hosts.host_names([line(description=description)], "service_name") == {"xdsl-1": "xdsl-1"}


def test_a_description_is_no_name_of_a_group():
    """``--limit routers`` would be all lines of that group."""
    found = hosts.host_names(
        [line(description="Routers"), line("xdsl-2", description="Lyon")], "description", ["routers"]
    )
    assert found == {"xdsl-1": "xdsl-1", "xdsl-2": "Lyon"}


def test_two_lines_with_one_description_keep_their_service_names():
    named = hosts.host_names([line(description="Lyon"), line("xdsl-2", description="lyon")], "description")
    assert named == {"xdsl-1": "xdsl-1", "xdsl-2": "xdsl-2"}


@given(st.lists(st.text(max_size=20), max_size=6), st.sampled_from(["description", "service_name"]))
def test_no_two_lines_are_one_host_and_names_are_plain(descriptions, by):
    found = hosts.host_names([line(f"xdsl-{n}", description=one) for n, one in enumerate(descriptions)], by)
    assert len({name.lower() for name in found.values()}) == len(found) == len(descriptions)
    assert all(re.fullmatch(r"[\w.-]+", name) for name in found.values())


def test_groups_and_variables():
    assert hosts.groups_of(line(status="slamming/x", provider=None, profile=None)) == [
        "xdsl_status_slamming_x",
        "xdsl_access_type_ftth",
    ]
    told = hosts.variables(line())
    assert told["router_pppoe_service_name"] == "xdsl-1" and told["xdsl_vlan"] == 835
    assert "xdsl_login" not in told and hosts.variables(line(login="a@b"))["xdsl_login"] == "a@b"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], ""),
        (["plugin", "filters"], ""),
        (["plugin", "filter"], "filter is no option of it. Is filters meant? It takes filters, plugin."),
        ([7, "zzz"], "7 is no option of it. zzz is no option of it. It takes filters, plugin."),
    ],
)
def test_an_option_that_there_is_not(found, told):
    assert hosts.unknown_options(found, ["plugin", "filters"]) == told
