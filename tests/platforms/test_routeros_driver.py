# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of RouterOS with the real connection code of community.routeros, and the real librouteros."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from routeros.certificates import Kind, make_signed
from routeros.played import API_PASSWORD, GOOD, LOGIN
from routeros.router import Client, Router, User, client_row
from routeros.server import Manner, serving


@pytest.fixture
def driver(collections: Path, others: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The driver's module, with the other collections beside ours."""
    for folder in (others, collections):
        monkeypatch.syspath_prepend(str(folder))
    # Imported here, because the folders are known only now.
    from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import driver as routeros

    return routeros


@pytest.fixture
def router() -> Router:
    found = Router(users={"renew": User(API_PASSWORD, frozenset(["api", "read", "write", "sensitive"]))})
    found.add(Client(client_row("pppoe-out1", LOGIN, "old"), None))
    return found


@pytest.fixture
def port(router: Router, tmp_path: Path) -> Iterator[int]:
    _ca, *certificate = make_signed(tmp_path, Kind())
    with serving(router, *certificate) as found:
        yield found


def test_a_password_is_written_over_the_real_connection(driver: Any, router: Router, port: int, tmp_path: Path) -> None:
    options = driver.ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(tmp_path / "signed-ca.crt"))
    made = driver.RouterOs(options, "pppoe-out1")
    assert made.probe(prove=True).writable
    for written in (True, False):
        done = made.apply(driver.Credentials(LOGIN, GOOD), dial=driver.Dial.AUTO, age=None, check=False)
        assert done.written is written
    assert router.clients["*1"].row["password"] == GOOD
    made.close()
    connection = sys.modules["ansible_collections.community.routeros.plugins.module_utils.api"]
    assert hasattr(connection, "api_argument_spec")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"password": "wrong"}, "log_in"),
        ({"host": "localhost"}, "name"),
        ({"ca_path": ""}, "untrusted"),
        ({"ca_path": "/nowhere"}, "ca_path"),
        ({"port": 9}, "refused"),
    ],
)
def test_each_reason_comes_through(
    driver: Any, port: int, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    options = driver.ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(tmp_path / "signed-ca.crt"))
    with pytest.raises(driver.Failure) as failure:
        driver.RouterOs(dataclasses.replace(options, **changes), "pppoe-out1").probe(prove=False)
    assert failure.value.details["reason"] == reason


def test_a_router_without_a_certificate(driver: Any, router: Router, tmp_path: Path) -> None:
    with serving(router, tmp_path, tmp_path, Manner(anonymous=True)) as port, pytest.raises(driver.Failure) as failure:
        driver.RouterOs(driver.ApiOptions("127.0.0.1", port, "renew", API_PASSWORD), "x").probe(prove=False)
    assert failure.value.details["reason"] == "anonymous_ciphers"
