# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole renewal through dropbear, on routers that have busybox' ash and no GNU tool: all that the role does there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from role.plays import failures, play_all
from role.site import Site

from . import judge, lines, runs
from .host import Keys, Machine
from .openwrt import OpenWrt
from .pppd import SECRETS, Pppd

NAMES = ("linux_pppd", "openwrt")


def password_of(host: Machine) -> str:
    """The one that the router has on its disk."""
    if isinstance(host, OpenWrt):
        assert host.box is not None
        return host.box.password()
    assert isinstance(host, Pppd)
    found = {
        line.split('"')[3] for name in SECRETS for line in host.secret(name).splitlines() if host.line.login in line
    }
    assert len(found) == 1
    return found.pop()


def test_renewal(collections: list[Path], record_property: pytest.RecordProperty) -> None:
    with Site(*collections) as site, runs.scratch() as folder:
        site.admin("PUT", "/state", {"mail_delay": 1})
        known = lines.add(site, list(NAMES), "first", known=True)
        keys = Keys(folder / "keys")
        with (
            Pppd(folder / "pppd", keys, known["linux_pppd"], "dropbear", "ash", "root", busybox=True) as pppd,
            OpenWrt(folder / "openwrt", keys, known["openwrt"]) as openwrt,
        ):
            pppd.dial()
            assert openwrt.box is not None
            openwrt.box.netifd.wait_up()
            hosts: dict[str, Machine] = {"linux_pppd": pppd, "openwrt": openwrt}
            site.write_inventory({name: variables(name, host, known[name]) for name, host in hosts.items()})
            before = {name: host.orders for name, host in hosts.items()}
            run = play_all(site, "-e", "router_pppoe_renew=true")
            assert run.code == 0, json.dumps(failures(run), indent=1)
            for name, host in hosts.items():
                line = site.line(known[name].service)
                assert line["password"] != known[name].password and password_of(host) == line["password"]
                assert line["session"]["up"] and host.up
                assert host.orders - before[name] == 1, "made to dial more than once"
                longest = max(map(len, host.requests))
                assert longest < judge.LONGEST
                assert not any(line["password"].encode() in request for request in host.requests)
                assert runs.holding(host, line["password"].encode()) == []
                record_property("renewal", {"name": name, "longest": longest, "requests": len(host.requests)})


def variables(name: str, host: Machine, line: lines.Line) -> dict[str, Any]:
    return {**host.variables, "router_pppoe_platform": name, "router_pppoe_service_name": line.service}
