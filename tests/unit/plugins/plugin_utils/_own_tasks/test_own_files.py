# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's own task files, as preflight looks at them: what is wrong names its variable, and nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import own_files as own
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import TaskFiles, Unfit

QUIET = {"no_log": True, "diff": False, "ansible.builtin.copy": {"content": "{{ router_pppoe_password }}", "dest": "x"}}
LOUD = {"ansible.builtin.copy": {"content": "{{ router_pppoe_password }}", "dest": "x"}}
ENDS = {"ansible.builtin.meta": "end_host"}


@pytest.fixture
def look(tmp_path):
    """look(entry, store=[task], ...): the notes; a value that is a list becomes a file of these tasks."""

    def call(entry="main", **given):
        for name, value in given.items():
            if isinstance(value, list):
                given[name] = str(tmp_path / f"{name}.yml")
                Path(given[name]).write_text(yaml.safe_dump(value), encoding="utf-8")
        files = TaskFiles(lambda path: yaml.safe_load(Path(path).read_text(encoding="utf-8")))
        return own.notes(Options({"service_name": "xdsl-ab12345-1", **given}), files, entry)

    return call


def test_nothing_of_the_users_own(look):
    assert look() == []


@pytest.mark.parametrize("name", ["store", "before_cut", "after"])
def test_a_file_that_is_missing_or_no_list_of_tasks_names_its_variable(look, name):
    with pytest.raises(Unfit, match=f"router_pppoe_{name} is /nowhere.yml, and there is no such task file"):
        look(**{name: "/nowhere.yml"})
    with pytest.raises(Unfit, match=f"^router_pppoe_{name}: "):
        look(**{name: ["text"]})


def test_a_store_hides_the_password_and_ends_nothing(look):
    assert look(store=[QUIET]) == []
    for task in (LOUD, ENDS):
        with pytest.raises(Unfit, match=r"^router_pppoe_store: "):
            look(store=[task])
    (note,) = look(store=[{**QUIET, "delegate_to": "safe"}])
    assert "registers no result" in note


def test_a_store_that_is_a_folder_is_looked_at_elsewhere(look, tmp_path):
    (tmp_path / "read.yml").write_text("- text\n", encoding="utf-8")
    assert look(store=str(tmp_path)) == []


@pytest.mark.parametrize("name", ["before_cut", "after"])
def test_a_hook_may_end_its_own_play(look, name):
    assert look(**{name: [ENDS]}) == []
    assert look("credentials", **{name: [ENDS]}) == [
        f"router_pppoe_{name} is not run by the entry point credentials.",
    ]


def test_a_hook_before_the_cut_tells_that_its_host_is_away(look):
    """Ansible goes on where a host cannot be reached, and the line would be cut without the downtime."""
    task = {"name": "Downtime", "ansible.builtin.uri": {"url": "https://example.org"}, "delegate_to": "monitoring"}
    with pytest.raises(Unfit, match=r"^router_pppoe_before_cut: the task 'Downtime' .* registers no result"):
        look(before_cut=[task])
    assert look(before_cut=[{**task, "register": "downtime"}]) == []
    assert look(before_cut=[{**task, "delegate_to": "localhost"}]) == [] == look(after=[task])


@pytest.mark.parametrize("name", ["store", "before_cut", "after"])
def test_a_relative_path_is_refused(look, name, tmp_path, monkeypatch):
    """It would begin in another folder for the look and for the run."""
    monkeypatch.chdir(tmp_path)
    Path("there.yml").write_text(yaml.safe_dump([QUIET]), encoding="utf-8")
    with pytest.raises(Unfit, match=rf"^router_pppoe_{name} is there\.yml, but it takes an absolute path, such as "):
        look(**{name: "there.yml"})


def test_a_platform_that_cannot_provision(look, tmp_path):
    with pytest.raises(Unfit, match=r"provision\.yml does not exist.*unset router_pppoe_provision"):
        look(platform="custom", platform_dir=str(tmp_path), provision=True)
    with pytest.raises(Unfit):
        look(platform="custom", platform_dir=str(tmp_path))
