# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine tells of its ways: name servers, default routes, proxies."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import here


def test_name_servers(tmp_path):
    file = tmp_path / "resolv.conf"
    file.write_text("# x\nnameserver 192.0.2.53\nsearch example.net\nnameserver  2001:db8::53 # y\n", encoding="utf-8")
    assert here.name_servers(str(file)) == ("192.0.2.53", "2001:db8::53")
    assert here.name_servers(str(tmp_path / "gone")) == ()


def test_default_routes(tmp_path):
    head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    rows = "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    rows += "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
    (tmp_path / "route").write_text(head + rows, encoding="ascii")
    (tmp_path / "ipv6_route").write_text("", encoding="ascii")
    (found,) = here.defaults(str(tmp_path))
    assert "eth0" in found
    assert here.defaults(str(tmp_path / "gone")) == ()


def test_windows_subsystem(tmp_path):
    for text, wsl in (("5.15.90.1-microsoft-standard-WSL2", True), ("6.1.0-49-amd64", False)):
        (tmp_path / "osrelease").write_text(text, encoding="ascii")
        assert here.wsl(str(tmp_path / "osrelease")) is wsl
    assert not here.wsl(str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, False),
        ({"https_proxy": "http://192.0.2.8:3128"}, True),
        ({"https_proxy": "http://192.0.2.8", "no_proxy": "*"}, False),
    ],
)
def test_a_proxy_of_the_environment(monkeypatch, environment, proxy):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bool(here.proxy_of("https", "eu.api.ovh.com", "eu.api.ovh.com")) is proxy


def test_loopback_is_this_machine():
    found = here.target("the API", "127.0.0.1", 443)
    assert found.addresses == ("127.0.0.1",) and found.routes[0].loopback
