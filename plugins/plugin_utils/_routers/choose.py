# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which driver a platform has, and what it is given of a task's options."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.execute import over_connection
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.driver import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.driver import NetworkManager
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.driver import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Router
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import ApiOptions
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.driver import RouterOs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.network_cli import NetworkCli

#: By platform: the interface that a router of its kind has when nobody names one.
INTERFACES = {
    "linux_pppd": "dsl-provider",
    "networkmanager": "pppoe",
    "openwrt": "wan",
    "routeros": "pppoe-out1",
    "vyos": "pppoe0",
}
PLATFORMS = tuple(INTERFACES)


def interface_of(platform: str, given: str | None) -> str:
    """The interface of a router; "" where nobody names one on a platform of the user's own."""
    return given or INTERFACES.get(platform, "")


def driver(action: ActionBase, options: t.Mapping[str, t.Any], of_host: t.Callable[[str], str]) -> Router:
    """The driver of a task of pppoe_client.

    :param options: the task's, as plugins/modules/pppoe_client.py describes them
    :param of_host: the value of a variable of the host, "" for none
    :raises Failure: ``router_option`` when this machine or the connection does not do for the platform
    """
    platform = options["platform"]
    interface = interface_of(platform, options["interface"])
    if platform == "routeros":
        return RouterOs(api_options(options, of_host), interface)
    if platform == "vyos":
        return VyOs(NetworkCli(action), interface)
    shell = Shell(over_connection(action))
    if platform == "networkmanager":
        return NetworkManager(shell, interface)
    if platform == "openwrt":
        return OpenWrt(shell, interface)
    return LinuxPppd(
        shell,
        interface,
        ppp_dir=options["ppp_dir"],
        run_dir=options["run_dir"],
        dial_command=options["dial_command"] or "",
    )


def api_options(options: t.Mapping[str, t.Any], of_host: t.Callable[[str], str]) -> ApiOptions:
    """How RouterOS' API is reached: by what the task says, else by what the host's connection has."""
    return ApiOptions(
        host=of_host("ansible_host") or of_host("inventory_hostname"),
        port=options["routeros_port"],
        username=str(options["routeros_username"] or of_host("ansible_user")),
        password=str(options["routeros_password"] or of_host("ansible_password")),
        ca_path=options["routeros_ca_path"] or "",
        validate_certs=options["routeros_validate_certs"],
        validate_hostname=options["routeros_validate_hostname"],
        timeout=options["routeros_timeout"],
        redial_after=options["routeros_redial_after"],
    )
