# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A target that matches nothing is told, with what there is; one that matches something is none of our business."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.errors import AnsibleError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites.target import lack

GROUPS = {
    "all": ["r1", "r2", "web"],
    "ungrouped": [],
    "routers": ["r1", "r2"],
    "servers": ["web"],
}


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("routers", ""),
        ("r1", ""),
        ("r*", "r2"),
        ("~r[12]", ""),
        ("routers:!r1", "r2"),
        ("all", "servers"),
        ("routers:&all", ""),
        ("localhost", ""),
    ],
)
def test_what_matches_is_no_matter(pattern, limit):
    assert lack([pattern], GROUPS, limit) == ""


@pytest.mark.parametrize(
    ("pattern", "limit", "sentence"),
    [
        (
            "nowhere",
            "",
            "No host of the inventory matches nowhere, so nothing was done. The inventory has the groups routers,"
            " servers and the hosts r1, r2, web. Name one by -e target=NAME.",
        ),
        (
            "routers",
            "web",
            "--limit web leaves no host of routers, so nothing was done. It has the hosts r1, r2.",
        ),
        ("", "", "The target is empty, so nothing was done."),
        ("routers:!all", "", "No host of the inventory matches routers:!all"),
    ],
)
def test_what_matches_nothing_is_told(pattern, limit, sentence):
    assert lack([pattern], GROUPS, limit).startswith(sentence)


def test_an_inventory_without_the_group_is_told_of_it():
    said = lack(["routers"], {"all": ["a"], "ungrouped": ["a"]})
    assert said.endswith(
        "The inventory has the hosts a. Name one by -e target=NAME, or put your routers in a group routers."
    )


@pytest.mark.parametrize("setting", ["warning", "error", "ignore"])
def test_ansibles_own_answer_to_a_mismatch_says_no_less(monkeypatch, setting):
    monkeypatch.setattr(constants, "HOST_PATTERN_MISMATCH", setting, raising=False)
    assert "The inventory has the groups routers, servers" in lack(["nowhere"], GROUPS)
    assert lack(["routers"], GROUPS, "nowhere").startswith("--limit nowhere leaves no host of routers")


def test_no_inventory_is_told():
    assert lack(["routers"], {"all": [], "ungrouped": []}) == (
        "The inventory has no host, so nothing was done. The target is routers. Name an inventory with -i FILE."
    )


def test_of_many_some_are_told():
    hosts = [f"site{number:03}" for number in range(100)]
    said = lack(["routers"], {"all": hosts, "ungrouped": hosts})
    assert "site009 and 90 more." in said and len(said) < 300


@given(st.lists(st.text(max_size=12), max_size=3), st.text(max_size=6))
def test_whatever_is_typed_it_is_told_or_matches(pattern, limit):
    try:
        said = lack(pattern, GROUPS, limit.lstrip("@"))
    except AnsibleError:
        return  # Ansible cannot read it, and says so itself
    assert said == "" or "so nothing was done" in said
