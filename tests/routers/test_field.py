# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RouterOS and VyOS as they are in the field: each cell is one router and one whole run of the role."""

from __future__ import annotations

import pytest

from . import field_judge, field_routeros, field_vyos
from .field import Case
from .field_runs import Whole

CELLS = [*field_routeros.CELLS, *field_vyos.CELLS]


def parameters() -> list[object]:
    """Each cell once; those that only `make soak` runs are marked."""
    return [pytest.param(case, id=case.name, marks=() if case.often else (pytest.mark.soak,)) for case in CELLS]


@pytest.mark.parametrize("case", parameters())
def test_case(case: Case, whole: dict[str, Whole], record_property: pytest.RecordProperty) -> None:
    seen = whole[case.name]
    wrong = field_judge.broken(case, seen)
    told = {"name": case.name, "promised": str(case.promised), "seen": field_judge.words(seen), "wrong": wrong}
    record_property("cell", {**told, "longest": 0})
    if wrong:
        pytest.fail("\n".join([f"promised: {case.promised}", *wrong, seen.message[:3000]]), pytrace=False)


def test_names() -> None:
    """No cell hides behind another's name, and the gate has some of each kind."""
    assert len({case.name for case in CELLS}) == len(CELLS)
    for platform in ("routeros", "vyos"):
        often = [case for case in CELLS if case.often and case.platform == platform]
        assert {case.promised.failed for case in often} == {True, False}
