# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every printed command of the table is given to a shell as it stands there, and does what the words before it say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from faults import printed_runs
from faults.__main__ import place
from faults.printed import CASES, Case
from faults.starts_runs import Outcome

WANTED = [case for case in CASES if case.lead]


def parameters() -> list[object]:
    """Each case once; those that only `make soak` runs are marked."""
    return [
        pytest.param(case, id=re.sub(r"[^\w.]+", "-", case.name), marks=(pytest.mark.soak,) if case.soak else ())
        for case in WANTED
    ]


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """What the cases came to that this run of pytest asks for."""
    asked = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    names = {case.name for case in asked if isinstance(case, Case)}
    ways = {case.way.name for case in WANTED if case.name in names}
    wanted = [case for case in CASES if case.name in names or (not case.lead and case.way.name in ways)]
    found = printed_runs.run(wanted, place(tmp_path_factory.mktemp("printed")))
    yield {outcome.cell.name: outcome for outcome in found}


@pytest.mark.parametrize("case", parameters())
def test_printed(case: Case, seen: dict[str, Outcome], record_property: pytest.RecordProperty) -> None:
    """The command of one failure."""
    outcome = seen[case.name]
    record_property("start", outcome.row)
    if outcome.problems:
        lines = [f"promised {case.expected}", f"seen     {outcome.seen}", *outcome.problems, outcome.log]
        pytest.fail("\n".join(lines), pytrace=False)


def test_the_table_is_wide_enough() -> None:
    """Each case has a name of its own."""
    assert len({case.name for case in WANTED}) == len(WANTED) >= 40
    assert 9 <= sum(not case.soak for case in WANTED) <= 18
