# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of OpenWrt over a played router: what is asked, what is written, what is said."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from openwrt.played import LOGIN, PASSWORD, Played, shells

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Applied,
    Credentials,
    Dial,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Unreachable
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import (
    Conformance,
)


class Router(Played):
    """The played router, with its driver."""

    def driver(self, interface: str = "wan") -> OpenWrt:
        def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
            try:
                return self.execute(command, given)
            except ConnectionError as error:
                raise Unreachable(str(error)) from None

        return OpenWrt(Shell(execute), interface)

    def apply(self, password: str, login: str = LOGIN, interface: str = "wan", **options: t.Any) -> Applied:
        settings = {"dial": Dial.AUTO, "age": None, "check": False, **options}
        return self.driver(interface).apply(Credentials(login, password), **settings)

    def refused(self, call: t.Callable[[], t.Any]) -> Failure:
        with pytest.raises(Failure) as caught:
            call()
        assert PASSWORD not in caught.value.message + repr(caught.value.details)
        return caught.value


@pytest.fixture(params=shells(), ids=lambda words: words[-1])
def played(request: pytest.FixtureRequest, tmp_path: Path) -> t.Iterator[Router]:
    with Router(tmp_path / "router", request.param) as made:
        yield made


@pytest.fixture
def router(tmp_path: Path) -> t.Iterator[Router]:
    """For what is no matter of the shell."""
    with Router(tmp_path / "router", shells()[-1]) as made:
        yield made


class TestConformance(Conformance):
    driver = OpenWrt
