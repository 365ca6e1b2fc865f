# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store of the user's own: a host of it that is away."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import own_store as store

TASKS = [
    {"name": "here", "ansible.builtin.copy": {}, "delegate_to": "localhost"},
    {"name": "on the router", "ansible.builtin.raw": "true"},
    {"name": "first", "ansible.builtin.uri": {}, "delegate_to": "safe", "register": "first"},
    {"block": [{"name": "second", "ansible.builtin.uri": {}, "register": "second"}], "delegate_to": "safe"},
    {"block": [{"ansible.builtin.uri": {}}], "rescue": [], "delegate_to": "safe"},
]


def test_what_is_delegated_is_found_in_blocks_too():
    assert list(store.remote(TASKS)) == [
        store.Remote("first", "first"),
        store.Remote("second", "second"),
        store.Remote("without a name", ""),
    ]
    (note,) = store.unseen("/x/store.yml", TASKS, "nobody hears")
    assert "'without a name' of /x/store.yml is run on another host, and registers no result" in note
    assert note.endswith("Ansible goes on, and nobody hears. Give it register.")


@pytest.mark.parametrize("odd", [None, {}, "text", ["text"], [{"block": None}]])
def test_what_is_no_list_of_tasks_has_none(odd):
    assert list(store.remote(odd)) == []


@pytest.mark.parametrize(
    ("values", "away"),
    [
        ({"first": {"unreachable": True}}, "first"),
        (
            {"first": {"unreachable": False}, "second": {"results": [{"changed": True}, {"unreachable": True}]}},
            "second",
        ),
        ({"first": {"changed": True}, "second": {"results": "odd"}}, ""),
        ({}, ""),
    ],
)
def test_the_task_whose_host_was_away_is_named(values, away):
    assert store.away(TASKS, values.get) == away
