# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests about secrets share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]
for folder in (TESTS, TESTS / "sandbox", COLLECTIONS):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from role.lab import Lab  # noqa: E402  # found on the path that is set just above

from leaks.vaults import Vault  # noqa: E402

#: Tells at the end how much was looked through.
pytest_plugins = ["leaks.hunt"]


def pytest_configure(config: pytest.Config) -> None:
    """A hook of pytest: the marker of what the soak alone runs."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A line, a router, and a mail that comes at once."""
    with Lab(COLLECTIONS, holdoff=0.5) as one:
        one.admin("PUT", "/state", {"mail_delay": 0.5})
        yield one


@pytest.fixture
def vault(lab: Lab) -> Vault:
    """Two vault passwords, and the name of a file that is not there yet."""
    return Vault(lab)
