# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/when-something-fails.md has an entry for every failure that a user can see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.failures import _STATUS_CODES

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "when-something-fails.md").read_text(encoding="utf-8")
FIRST_CELLS = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| ")]
FAILING = ("ansible.builtin.fail", "ansible.builtin.assert")


def codes():
    """Every code that a Failure is made with, and those that the error mapper takes from a table."""
    found = {*_STATUS_CODES.values(), "server_error", "refused", "not_granted", "forbidden"}
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Failure" and node.args:
                constants = (part for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))
                found.update(one.value for one in constants if re.fullmatch("[a-z_]+", str(one.value)))
    return found


def tasks(node):
    """Every task of a task file or playbook, in blocks too."""
    for one in node if isinstance(node, list) else []:
        yield one
        for key in ("tasks", "block", "rescue", "always"):
            yield from tasks(one.get(key))


def test_every_code_has_an_entry():
    known = set(re.findall(r"`([a-z_]+)`", " ".join(FIRST_CELLS)))
    assert len(codes()) > 20
    assert codes() - known == set()


def test_every_task_that_stops_has_an_entry():
    files = [*(ROOT / "roles").rglob("tasks/**/*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    names = {
        task["name"]
        for path in files
        for task in tasks(yaml.safe_load(path.read_text(encoding="utf-8")))
        if any(action in task for action in FAILING)
    }
    assert len(names) > 10
    assert names - {cell.strip() for cell in FIRST_CELLS} == set()
