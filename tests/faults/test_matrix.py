# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is promised, and what was seen."""

from __future__ import annotations

import re

from faults.bench import Cell, Outcome
from faults.matrix import CELLS, names


def test_promise(job: str, outcomes: dict[str, Outcome]) -> None:
    """The promise of one cell, or of one kill, was kept."""
    outcome = outcomes[job]
    broken = "\n".join(outcome.problems)
    assert not outcome.problems, f"promised {outcome.expected}\nseen     {outcome.seen}\n{broken}\n{outcome.log}"


def test_the_matrix_is_wide_enough() -> None:
    """Every cell has a name of its own, and every phase is met."""
    assert len(names()) >= 80
    assert {cell.phase for cell in CELLS} >= {"preflight", "renew", "collect", "store", "apply", "verify", "journal"}


def test_make_test_meets_each_kind() -> None:
    """What is left to `make soak` is another place for a fault, or another phase for it, never the only one."""
    often = [cell for cell in CELLS if not cell.soak]
    assert {cell.phase for cell in often} == {cell.phase for cell in CELLS}
    assert kinds(often) == kinds(CELLS)
    assert {cell.how for cell in often if " effect True" in cell.how} >= {
        f"fault {kind}, effect True, on the POST" for kind in ("timeout_before", "cut_before", "html_502", "status:500")
    }


def kinds(cells: list[Cell]) -> set[str]:
    """The faults of the API that these cells order."""
    return {found[1] for cell in cells if (found := re.search(r"fault (\w+)", cell.how))}
