# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ways: no row ends locked out, and those that may go on do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from faults.__main__ import place

from ways import runs, world
from ways.rows import GOES_ON, STOPS, Row
from ways.runs import Outcome
from ways.table import ROWS


def parameters() -> list[object]:
    """Each row once; those that only `make soak` runs are marked."""
    return [
        pytest.param(row, id=re.sub(r"[^\w.]+", "-", row.name), marks=(pytest.mark.soak,) if row.soak else ())
        for row in ROWS
    ]


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """What the rows came to that this run of pytest asks for."""
    if why := world.available():
        pytest.fail(why, pytrace=False)
    asked = [item.callspec.params.get("row") for item in request.session.items if hasattr(item, "callspec")]
    rows = [row for row in asked if isinstance(row, Row)]
    found = runs.run(rows, place(tmp_path_factory.mktemp("ways")))
    yield {outcome.row.name: outcome for outcome in found}


@pytest.mark.parametrize("row", parameters())
def test_way(row: Row, seen: dict[str, Outcome], record_property: pytest.RecordProperty) -> None:
    """The row ended as the table says."""
    outcome = seen[row.name]
    record_property("way", outcome.line)
    if outcome.problems:
        pytest.fail("\n".join([*outcome.problems, outcome.output]), pytrace=False)


def test_the_table_is_wide_enough() -> None:
    """Each row has a name of its own, `make test` meets each kind, and each verdict."""
    assert len({row.name for row in ROWS}) == len(ROWS) >= 24
    often = [row for row in ROWS if not row.soak]
    assert {row.kind for row in often} == {row.kind for row in ROWS} and len(often) <= 12
    assert {row.ends for row in often} == {STOPS, GOES_ON}
    assert {row.server for row in ROWS} == {"openssh", "dropbear"}
