# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the table share: all cells that were asked for, run once and together; and the table at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "tools", TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: found on the path that is set just above.
from routers import field_runs, needs, runs  # noqa: E402
from routers.field import Case  # noqa: E402
from routers.field_runs import Whole  # noqa: E402
from routers.runs import Seen  # noqa: E402
from routers.table import Cell  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the table is skipped: what is missing is said once, with the command that installs it."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")
    if lack := needs.lack():
        raise pytest.UsageError(lack)


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """The folders with this collection (ROUTERS_COLLECTIONS, or a copy of the work tree) and community.general."""
    import workspace
    from ansible.release import __version__

    core = ".".join(__version__.split(".")[:2])
    others = os.environ.get("ROUTERS_OTHERS") or workspace.collections(core, Path(sys.executable).parent)
    given = os.environ.get("ROUTERS_COLLECTIONS")
    if given:
        yield [Path(given), Path(others)]
        return
    copy = tmp_path_factory.mktemp("collections")
    workspace.copy_collection(copy)
    yield [copy, Path(others)]


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, collections: list[Path]) -> dict[str, Seen]:
    """What the cells came to that this run of pytest asks for."""
    asked = [item.callspec.params.get("cell") for item in request.session.items if hasattr(item, "callspec")]
    return runs.run([cell for cell in asked if isinstance(cell, Cell)], collections)


@pytest.fixture(scope="session")
def whole(
    request: pytest.FixtureRequest, collections: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Whole]:
    """What the cells in the field came to that this run of pytest asks for."""
    asked = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    cases = [case for case in asked if isinstance(case, Case)]
    return field_runs.run(cases, collections, tmp_path_factory.mktemp("field"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A hook of pytest: the table, and how many cells kept their promise."""
    lines, longest, kept, broken = [], 0, 0, 0
    for report in [one for reports in terminalreporter.stats.values() for one in reports]:
        for name, value in getattr(report, "user_properties", ()):
            if name == "cell" and report.when == "call":
                state = "BROKEN" if value["wrong"] else "kept"
                lines.append(f"{state:7}{value['name']:58}{value['promised']:36} {value['seen'][:160]}")
                longest = max(longest, value["longest"])
                kept, broken = kept + (not value["wrong"]), broken + bool(value["wrong"])
            elif name == "renewal" and report.when == "call":
                lines.append(f"renewed {value['name']}: {value['requests']} commands, at most {value['longest']} bytes")
                longest = max(longest, value["longest"])
    if lines:
        for line in sorted(lines):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"cells: {kept} kept, {broken} broken; longest exec request {longest} bytes")
