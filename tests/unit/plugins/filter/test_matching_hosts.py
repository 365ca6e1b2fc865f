# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter behind ``hosts`` of the playbooks."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible import context
from ansible.errors import AnsibleFilterError
from ansible.utils.context_objects import CLIArgs

from ansible_collections.ownrouter.ovhcloud.plugins.filter.matching_hosts import FilterModule

GROUPS = {"all": ["r1", "r2"], "ungrouped": [], "routers": ["r1", "r2"]}
matching_hosts = FilterModule().filters()["matching_hosts"]


@pytest.fixture
def started(monkeypatch):
    """Ansible's command line."""

    def with_options(**options):
        monkeypatch.setattr(context, "CLIARGS", CLIArgs(options))

    with_options()
    return with_options


@pytest.mark.parametrize("pattern", ["routers", ["r1", "r2"], "~r.", "routers:!r1"])
def test_a_pattern_that_matches_comes_back_as_it_is(started, pattern):
    assert matching_hosts(pattern, GROUPS) == pattern


def test_one_that_does_not_is_an_error(started):
    with pytest.raises(AnsibleFilterError, match="No host of the inventory matches nowhere"):
        matching_hosts("nowhere", GROUPS)


def test_the_limit_counts(started):
    started(subset="r1")
    assert matching_hosts("routers", GROUPS) == "routers"
    with pytest.raises(AnsibleFilterError, match="--limit r1 leaves no host of r2"):
        matching_hosts("r2", GROUPS)


def test_a_limit_that_cannot_be_read_is_a_sentence(started):
    started(subset="@/nonexistent")
    with pytest.raises(AnsibleFilterError, match=r"cannot be read, so nothing was done: .*nonexistent"):
        matching_hosts("routers", GROUPS)


@pytest.mark.parametrize("pattern", ["&", "!", "routers:&"])
def test_a_pattern_that_is_cut_short_is_a_sentence(started, pattern):
    with pytest.raises(AnsibleFilterError, match="so nothing was done"):
        matching_hosts(pattern, GROUPS)


def test_the_syntax_of_a_playbook_is_checked_without_an_inventory(started):
    started(syntax=True)
    assert matching_hosts("routers", {"all": [], "ungrouped": []}) == "routers"


def test_every_playbook_asks_for_a_host():
    playbooks = sorted((Path(__file__).resolve().parents[4] / "playbooks").glob("*.yml"))
    assert len(playbooks) >= 4
    for path in playbooks:
        for play in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert "ownrouter.ovhcloud.matching_hosts(groups" in play["hosts"], path.name
