# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is promised, and what was seen."""

from __future__ import annotations

from faults.bench import Outcome
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
