# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which driver a platform has, and what it is given of a task's options."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.execute import over_connection
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Router
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell

#: By platform: the interface that a router of its kind has when nobody names one.
INTERFACES = {"linux_pppd": "dsl-provider", "openwrt": "wan"}
PLATFORMS = tuple(INTERFACES)


def driver(action: ActionBase, options: t.Mapping[str, t.Any]) -> Router:
    """The driver of a task of pppoe_client.

    :param options: the task's, as plugins/modules/pppoe_client.py describes them
    """
    platform = options["platform"]
    interface = options["interface"] or INTERFACES[platform]
    if platform == "linux_pppd":
        return LinuxPppd(
            Shell(over_connection(action)),
            interface,
            ppp_dir=options["ppp_dir"],
            run_dir=options["run_dir"],
            dial_command=options["dial_command"] or "",
        )
    return OpenWrt(Shell(over_connection(action)), interface)
