# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of pppd over real shells, with a pppd that is played, and its decisions by the dozen."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import Conformance
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.pppd_bench import SHELLS, Bench


@pytest.fixture(params=SHELLS, ids=" ".join)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> t.Iterator[Bench]:
    with Bench(tmp_path, request.param) as made:
        yield made


class TestConformance(Conformance):
    driver = LinuxPppd

    @pytest.fixture
    def played(self, tmp_path: Path) -> t.Iterator[Bench]:
        with Bench(tmp_path, ["sh"]) as made:
            made.start()
            yield made
