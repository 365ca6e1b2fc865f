# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests on a real line share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from lab import needs  # noqa: E402  # found on the path that is set just above


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the lab is skipped: what is missing is said once, with the command that installs it."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")
    try:
        needs.check()
    except needs.Unavailable as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where ansible-playbook finds this collection: LAB_COLLECTIONS, or a copy of the work tree."""
    given = os.environ.get("LAB_COLLECTIONS")
    if given:
        yield Path(given)
        return
    import workspace

    folder = tmp_path_factory.mktemp("collections")
    workspace.copy_collection(folder)
    yield folder
