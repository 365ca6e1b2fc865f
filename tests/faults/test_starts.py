# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ways to start the role: each cell is one way and one thing that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from faults import starts_runs
from faults.__main__ import place
from faults.starts import Cell
from faults.starts_odd import CELLS
from faults.starts_runs import Outcome


def parameters() -> list[object]:
    """Each cell once; those of ways that only `make soak` runs are marked."""
    return [
        pytest.param(cell, id=re.sub(r"[^\w.]+", "-", cell.name), marks=(pytest.mark.soak,) if cell.soak else ())
        for cell in CELLS
    ]


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """What the cells came to that this run of pytest asks for."""
    asked = [item.callspec.params.get("cell") for item in request.session.items if hasattr(item, "callspec")]
    cells = [cell for cell in asked if isinstance(cell, Cell)]
    often = "not soak" in str(request.config.getoption("-m"))
    found = starts_runs.run(cells, place(tmp_path_factory.mktemp("starts")), again=not often)
    yield {outcome.cell.name: outcome for outcome in found}


@pytest.mark.parametrize("cell", parameters())
def test_start(cell: Cell, seen: dict[str, Outcome], record_property: pytest.RecordProperty) -> None:
    """The promise of one cell was kept."""
    outcome = seen[cell.name]
    record_property("start", outcome.row)
    if outcome.problems:
        lines = [f"promised {cell.expected}", f"seen     {outcome.seen}", *outcome.problems, outcome.log]
        pytest.fail("\n".join(lines), pytrace=False)


def test_the_table_is_wide_enough() -> None:
    """Each cell has a name of its own, and `make test` meets each kind of way."""
    assert len({cell.name for cell in CELLS}) == len(CELLS) >= 60
    assert {cell.way.kind for cell in CELLS if not cell.soak} == {cell.way.kind for cell in CELLS}
