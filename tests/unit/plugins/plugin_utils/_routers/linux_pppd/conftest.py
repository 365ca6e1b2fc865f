# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The played pppd router of the tests of its driver."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.bench import (
    SHELLS,
    Bench,
)


@pytest.fixture
def bench(tmp_path: Path) -> t.Iterator[Bench]:
    with Bench(tmp_path) as made:
        yield made


@pytest.fixture(params=SHELLS, ids=" ".join)
def each(request: pytest.FixtureRequest, tmp_path: Path) -> t.Iterator[Bench]:
    with Bench(tmp_path, request.param) as made:
        yield made
