# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at an OpenWrt router, as it told it."""

from __future__ import annotations

import json
import typing as t

from hypothesis import strategies as st
from openwrt.box import MOUNTS

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told

SECRET = "Zq7Kanarie9Vx2"
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
UP = {
    "up": True,
    "pending": False,
    "autostart": True,
    "uptime": 50,
    "l3_device": "pppoe-wan",
    "proto": "pppoe",
    "ipv4-address": [{"address": "198.51.100.7", "mask": 32}],
}


def ran(text: str = "", code: int = 0) -> Ran:
    return Ran(code, text.encode())


def ubus(**state: t.Any) -> Ran:
    return ran(json.dumps({"up": False, "pending": False, "autostart": True, "proto": "pppoe", **state}, indent="\t"))


def told(**labels: Ran) -> Told:
    """A look at a router whose interface wan is up on login "me" and password "old"."""
    has = {
        "printf": ran("printf is a shell builtin"),
        "file": ran("config interface 'wan'\n"),
        "show": ran(
            "network.wan=interface\nnetwork.wan.proto='pppoe'\nnetwork.wan.username='me'\nnetwork.wan.password='old'\n"
        ),
        "changes": ran(),
        "status": ubus(**UP),
        "uptime": ran("1000.50 3.00\n"),
        "links": ran("/sys/class/net/eth1/ifindex:2\n/sys/class/net/pppoe-wan/ifindex:17\n"),
        "room": ran("Filesystem 1K-blocks Used Available Use% Mounted on\noverlayfs:/overlay 9000 1 8999 1% /\n"),
        "mounts": ran(MOUNTS),
    }
    return Told({}, {**has, **labels}, (("may", b""),))


def plan(dial: Dial = Dial.AUTO, age: float | None = None, new: str = "old", **labels: Ran) -> plans.Plan:
    return plans.plan_of(facts.look_of(told(**labels), "wan"), "wan", Credentials("me", new), dial, age)


STOPPED = ubus(autostart=False)
DISABLED = ran("network.wan=interface\nnetwork.wan.proto='pppoe'\nnetwork.wan.disabled='1'\n")
