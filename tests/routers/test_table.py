# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of routers: each cell is one router and one test."""

from __future__ import annotations

import json

import pytest

from . import judge
from .runs import Seen
from .table import CELLS, OFTEN, Cell


def parameters() -> list[object]:
    """Each cell once; those that only `make soak` runs are marked."""
    return [pytest.param(cell, id=cell.name, marks=() if cell in OFTEN else (pytest.mark.soak,)) for cell in CELLS]


@pytest.mark.parametrize("cell", parameters())
def test_cell(cell: Cell, seen: dict[str, Seen], record_property: pytest.RecordProperty) -> None:
    one = seen[cell.name]
    wrong = judge.broken(cell, one)
    record_property(
        "cell",
        {
            "name": cell.name,
            "promised": str(cell.promised),
            "seen": judge.words(cell, one)[:200],
            "wrong": wrong,
            "longest": one.longest,
        },
    )
    if wrong:
        steps = [f"- {name}: {json.dumps(result)[:800]}" for name, result in one.results.items()]
        pytest.fail("\n".join([f"promised: {cell.promised}", *wrong, *steps, one.log[-1000:]]), pytrace=False)


def test_names() -> None:
    """No cell hides behind another's name."""
    assert len({cell.name for cell in CELLS}) == len(CELLS)
    assert set(OFTEN) < set(CELLS)
