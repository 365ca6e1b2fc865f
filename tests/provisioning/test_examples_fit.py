# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of docs/examples/provisioning fit the role and the modules as they are now; test_examples runs them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "provisioning"
NAMESPACE = "ownrouter.ovhcloud."
SPECS = yaml.safe_load((ROOT / "roles" / "router_pppoe" / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
FILES = sorted(EXAMPLES.rglob("*.yml"))
#: What the role hands out.
FACTS = {"router_pppoe_credentials"}


def mappings(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a file, in whatever it stands."""
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from mappings(one)
    if isinstance(node, dict):
        yield node


def options(module: str) -> dict[str, Any]:
    """What a module of ours takes, as its documentation says."""
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8"))
    given = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    found: dict[str, Any] = yaml.safe_load(str(given["DOCUMENTATION"]))["options"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_an_example_fits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    known = set(SPECS["argument_specs"]["main"]["options"]) | FACTS
    assert set(re.findall(r"\brouter_pppoe_[a-z_]+\b", text)) <= known
    for one in mappings(yaml.safe_load(text)):
        for name, given in one.items():
            if name in ("ansible.builtin.include_role", "ansible.builtin.import_role"):
                role, entry = given["name"].removeprefix(NAMESPACE), given.get("tasks_from", "main")
                assert (ROOT / "roles" / role / "tasks" / f"{entry}.yml").is_file() and entry in SPECS["argument_specs"]
            elif name.startswith(NAMESPACE):
                takes = options(name.removeprefix(NAMESPACE))
                assert set(given) <= set(takes), name
                assert {key for key, value in takes.items() if value.get("required")} <= set(given), name


def test_all_of_them_are_looked_at() -> None:
    assert {path.name for path in FILES} >= {"site.yml", "module_only.yml", "line.yml"}
    for template in EXAMPLES.rglob("*.j2"):
        text = template.read_text(encoding="utf-8")
        jinja2.Environment(autoescape=True).parse(text)
        assert set(re.findall(r"\brouter_pppoe_[a-z_]+\b", text)) <= FACTS
