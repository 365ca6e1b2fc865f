# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every job of the gate, run once, two at a time; one test for each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: found on the path that is set just above.
from faults import jobs  # noqa: E402
from faults.__main__ import place, row, searched  # noqa: E402
from faults.bench import Outcome  # noqa: E402

WANTED = jobs.gate()
SEARCHED: list[str] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each job."""
    if "job" in metafunc.fixturenames:
        metafunc.parametrize("job", WANTED)


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """All jobs are run, and the matrix is printed as a table, before the first test looks at its own."""
    found = jobs.run(WANTED, place(tmp_path_factory.mktemp("collections")))
    table = "\n".join(map(row, found))
    written = os.environ.get("FAULTS_TABLE")
    if written:
        Path(written).write_text(table + "\n", encoding="utf-8")
    print(table)
    SEARCHED.append(searched(found))
    yield dict(zip(WANTED, found, strict=True))


def pytest_configure(config: pytest.Config) -> None:
    """A hook of pytest: the marker of the cells that only the soak runs."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A hook of pytest: the table of starts; the last words are how much was looked through."""
    reports = [
        one for reports in terminalreporter.stats.values() for one in reports if getattr(one, "when", "") == "call"
    ]
    rows = [value for one in reports for name, value in one.user_properties if name == "start"]
    for line in rows:
        terminalreporter.write_line(line)
    if rows:
        kept = sum(line.startswith("kept") for line in rows)
        terminalreporter.write_line(f"cells: {kept} of {len(rows)} starts kept, {len(rows) - kept} broken")
    for line in SEARCHED:
        terminalreporter.write_line(line)
