# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each platform has its driver, which gets the options of its task."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import choose, port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.driver import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.driver import NetworkManager
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.driver import OpenWrt

OPTIONS = {
    "interface": None,
    "ppp_dir": "/etc/ppp",
    "run_dir": "/run",
    "dial_command": None,
    "routeros_port": 8729,
    "routeros_username": "",
    "routeros_password": None,
    "routeros_ca_path": None,
    "routeros_validate_certs": True,
    "routeros_validate_hostname": True,
    "routeros_timeout": 10.0,
    "routeros_redial_after": 20.0,
}


class Action:
    """No more of an action than is needed before it talks."""

    def _low_level_execute_command(self, command: str, in_data: bytes) -> t.NoReturn:
        raise AssertionError("nothing is asked when a driver is made")


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux_pppd", LinuxPppd), ("networkmanager", NetworkManager), ("openwrt", OpenWrt)]
)
def test_the_driver_of_a_platform(platform: str, kind: type) -> None:
    made = choose.driver(t.cast(t.Any, Action()), {**OPTIONS, "platform": platform}, lambda _name: "")
    assert made.__class__ is kind


@pytest.mark.parametrize("platform", choose.PLATFORMS)
def test_each_platform_has_an_interface_of_its_kind(platform: str) -> None:
    assert choose.INTERFACES[platform]


def test_routeros_is_reached_as_the_task_says_else_as_the_host() -> None:
    host = {"ansible_host": "192.0.2.1", "ansible_user": "admin", "ansible_password": "of the host"}
    found = choose.api_options(OPTIONS, lambda name: host.get(name, ""))
    assert (found.host, found.username, found.password, found.ca_path) == ("192.0.2.1", "admin", "of the host", "")
    given = {**OPTIONS, "routeros_username": "renew", "routeros_password": "of the task", "routeros_ca_path": "/ca"}
    found = choose.api_options(given, lambda name: {"inventory_hostname": "shop"}.get(name, ""))
    assert (found.host, found.username, found.password, found.ca_path) == ("shop", "renew", "of the task", "/ca")
    assert "of the task" not in repr(found)


def test_the_port_and_the_choice_name_the_same_methods() -> None:
    assert issubclass(OpenWrt, object) and callable(port.Router.probe)
