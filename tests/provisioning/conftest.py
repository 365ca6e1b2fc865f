# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests share of routers that are provisioned, for years: the same as those about secrets."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]
for folder in (TESTS, TESTS / "sandbox", COLLECTIONS):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from leaks import conftest as of_leaks  # noqa: E402  # found on the path that is set just above

#: Tells at the end how much was looked through.
pytest_plugins = of_leaks.pytest_plugins
pytest_configure, lab, vault = of_leaks.pytest_configure, of_leaks.lab, of_leaks.vault
