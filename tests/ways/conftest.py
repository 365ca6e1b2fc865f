# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the table of ways is run, and its rows in the report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def pytest_configure(config: pytest.Config) -> None:
    """A hook of pytest: the marker of the rows that only the soak runs."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A hook of pytest: the table."""
    reports = [
        one for reports in terminalreporter.stats.values() for one in reports if getattr(one, "when", "") == "call"
    ]
    rows = [value for one in reports for name, value in one.user_properties if name == "way"]
    for line in rows:
        terminalreporter.write_line(line)
    if rows:
        kept = sum(line.startswith("kept") for line in rows)
        terminalreporter.write_line(f"cells: {kept} of {len(rows)} ways kept, {len(rows) - kept} broken")
