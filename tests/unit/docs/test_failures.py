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
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Why

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


def test_every_way_to_stop_has_an_entry():
    known = set(re.findall(r"`([a-z_]+)`", " ".join(FIRST_CELLS)))
    stops = {why.value for why in Why} - {Why.NONE.value, Why.PREDICTED.value}
    assert len(stops) > 10
    assert stops | {"preflight", "not_kept", "not_set", "elsewhere"} <= known


def test_no_task_stops_without_a_command():
    """What stops a run is an action of ours, which knows the command that goes on."""
    files = [*(ROOT / "roles").rglob("tasks/**/*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    every = [task for path in files for task in tasks(yaml.safe_load(path.read_text(encoding="utf-8")))]
    assert len(every) > 20
    assert [task for task in every if any(action in task for action in FAILING)] == []


MESSAGES = [
    ROOT / "plugins" / "plugin_utils" / name
    for name in (
        "_messages/messages.py",
        "_messages/stops.py",
        "_messages/rehearsal.py",
        "_messages/provision.py",
        "_command/words.py",
        "_given/wrong_values.py",
        "_run/standby_words.py",
        "_sites/target.py",
        "_beyond_ppp.py",
    )
]
#: Shorter pieces are words between two placeholders.
WORDS = 3


def pieces():
    """What the messages say, between their placeholders; no docstring."""
    nodes = [node for path in MESSAGES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, documented) and node.body[0:1] and isinstance(node.body[0], ast.Expr)
    }
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in docstrings]
    found = {" ".join(text.split()).strip(' .,:;("') for text in texts if isinstance(text, str)}
    return {text for text in found if len(text.split()) >= WORDS}


def sentences():
    """The sentences of the last part of the page."""
    part = TEXT.partition("## Every sentence")[2]
    cells = [line.split("|")[1] for line in part.splitlines() if line.startswith("| ") and "it says" not in line]
    return [one.strip() for cell in cells for one in cell.split(" / ")]


def test_every_sentence_of_the_role_has_an_entry():
    said = " ".join(TEXT.split())
    assert len(pieces()) > 50
    assert {piece for piece in pieces() if piece not in said} == set()


def test_every_sentence_of_the_page_is_one_of_the_role():
    """A row that nothing says any more is one without any piece of the role's."""
    said = pieces()
    odd = [one for one in sentences() if not any(piece in one or one.strip(" .…") in piece for piece in said)]
    assert len(sentences()) > 50
    assert [one for one in odd if len(one.split()) >= WORDS] == []
