# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make VLAN, PPPoE client and DHCPv6 client of a line on RouterOS, all but the client's password."""

from __future__ import annotations

import dataclasses
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.action.routeros_session import ApiError, Router, connected

#: The comment of a disabled client that is not to be enabled before it has its password.
WAITING = "provisioned, waits for its first password"
CLIENT = "/interface/pppoe-client"


class Unfit(Exception):
    """The router has something that is not to be taken over; the text says what, and how to go on."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The line as the router must know it. VLAN 0: none."""

    client: str
    device: str
    vlan: int
    mtu: int
    user: str


def read(router: Router, menu: str, properties: str) -> list[dict[str, str]]:
    """The entries of a menu, as texts: the Python library makes numbers and booleans of some."""
    rows = router.run(f"{menu}/print", f"=.proplist={properties}")
    return [{key: text(value) for key, value in row.items()} for row in rows]


def text(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def words(menu: str, verb: str, values: dict[str, str]) -> list[str]:
    """One command of the API."""
    return [f"{menu}/{verb}", *(f"={key}={value}" for key, value in values.items())]


def port_of(router: Router, wanted: Wanted) -> tuple[str, list[list[str]]]:
    """The interface that the client dials on, and the commands that make it.

    :raises Unfit: when the port is not there, is a bridge's, or the name of its VLAN is taken
    """
    names = [row["name"] for row in read(router, "/interface", "name")]
    if wanted.device not in names:
        raise Unfit(
            f"the router has no interface {wanted.device}; it has {', '.join(sorted(names))}. "
            "Correct router_pppoe_provision_device"
        )
    for row in read(router, "/interface/bridge/port", "interface,bridge"):
        if row["interface"] == wanted.device:
            raise Unfit(
                f"{wanted.device} is a port of the bridge {row['bridge']}, and this role changes no bridge. "
                f"On the router: /interface bridge port remove [find interface={wanted.device}]"
            )
    if not wanted.vlan:
        return wanted.device, []
    for row in read(router, "/interface/vlan", "name,interface,vlan-id,disabled"):
        if (row["interface"], row["vlan-id"]) == (wanted.device, str(wanted.vlan)):
            if row.get("disabled") == "yes":
                raise Unfit(
                    f"the VLAN {row['name']} is disabled. On the router: "
                    f"/interface vlan enable [find name={row['name']}]"
                )
            return row["name"], []
    name = f"vlan{wanted.vlan}"
    if name in names:
        raise Unfit(
            f"the interface {name} is not VLAN {wanted.vlan} on {wanted.device}. On the router, give it another name: "
            f"/interface set [find name={name}] name=..."
        )
    return name, [
        words("/interface/vlan", "add", {"name": name, "interface": wanted.device, "vlan-id": str(wanted.vlan)})
    ]


def client_of(router: Router, wanted: Wanted, interface: str) -> tuple[bool, list[list[str]]]:
    """Whether the client waits for its password, and the commands that make it what it must be.

    :raises Unfit: when the client is another line's or disabled, or another one dials on that interface
    """
    must = {"interface": interface, "max-mtu": str(wanted.mtu), "max-mru": str(wanted.mtu)}
    rows = read(router, CLIENT, ".id,name,user,interface,max-mtu,max-mru,disabled,comment")
    for row in rows:
        if row["name"] != wanted.client and row["interface"] == interface:
            raise Unfit(
                f"the PPPoE client {row['name']} dials on {interface} already. Set router_pppoe_interface to "
                f"{row['name']}, or on the router: /interface pppoe-client remove [find name={row['name']}]"
            )
    have = next((row for row in rows if row["name"] == wanted.client), None)
    if have is None:
        if any(row["name"] == wanted.client for row in read(router, "/interface", "name")):
            raise Unfit(f"the interface {wanted.client} is no PPPoE client. Set router_pppoe_interface")
        new = {"name": wanted.client, **must, "user": wanted.user, "add-default-route": "yes", "use-peer-dns": "yes"}
        return True, [words(CLIENT, "add", {**new, "disabled": "yes", "comment": WAITING})]
    waiting = have["disabled"] == "yes" and have.get("comment") == WAITING
    if have["disabled"] == "yes" and not waiting:
        raise Unfit(
            f"the PPPoE client {wanted.client} is disabled, and this role does not enable it. On the router: "
            f"/interface pppoe-client enable [find name={wanted.client}]"
        )
    if have.get("user") != wanted.user:
        raise Unfit(
            f"the PPPoE client {wanted.client} dials with the login {have.get('user')}, but the line has the login "
            f"{wanted.user}. This is another line: set router_pppoe_interface, or correct router_pppoe_service_name"
        )
    differs = {key: value for key, value in must.items() if have.get(key) != value}
    return waiting, [words(CLIENT, "set", {".id": have[".id"], **differs})] if differs else []


def prefix_of(router: Router, wanted: Wanted) -> list[list[str]]:
    """The commands that make the client of DHCPv6 for the prefix of the line."""
    menu = "/ipv6/dhcp-client"
    try:
        rows = read(router, menu, "interface")
    except ApiError as error:
        if "no such command" not in str(error):
            raise
        raise Unfit(
            "the router has no IPv6. On the router: /system package enable ipv6, then a restart; or make the PPPoE "
            "client by hand and unset router_pppoe_provision"
        ) from error
    if any(row["interface"] == wanted.client for row in rows):
        return []
    values = {"interface": wanted.client, "request": "prefix", "pool-name": wanted.client, "add-default-route": "yes"}
    return [words(menu, "add", values)]


def plan(router: Router, wanted: Wanted) -> tuple[bool, list[list[str]]]:
    """Whether the client waits for its password, and all commands, in order; nothing is written.

    :raises Unfit: when the router has something that is not to be taken over
    """
    policies = router.policies()
    if policies is not None and "write" not in policies:
        raise Unfit("the group of the API user lacks the policy write: give it with /user group set")
    interface, commands = port_of(router, wanted)
    waiting, of_client = client_of(router, wanted, interface)
    return waiting, commands + of_client + prefix_of(router, wanted)


def shown(command: list[str]) -> str:
    """One command as a line of the diff."""
    return f"+{command[0]} {' '.join(word[1:] for word in command[1:])}\n"


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/routeros_provision.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars or {})
        _validation, args = self.validate_argument_spec(
            argument_spec={
                "connection": {"type": "dict", "required": True, "no_log": True},
                "client": {"type": "str", "required": True},
                "device": {"type": "str", "required": True},
                "vlan": {"type": "int", "required": True},
                "mtu": {"type": "int", "required": True},
                "user": {"type": "str", "required": True},
            }
        )
        wanted = Wanted(**{field.name: args[field.name] for field in dataclasses.fields(Wanted)})
        done = 0
        try:
            with connected(args["connection"]) as router:
                result["waiting"], commands = plan(router, wanted)
                result["changed"] = bool(commands)
                if self._task.diff:
                    result["diff"] = {"prepared": "".join(map(shown, commands))}
                for command in [] if self._task.check_mode else commands:
                    router.run(*command)
                    done += 1
        except (ApiError, Unfit) as error:
            result.update(failed=True, changed=done > 0, msg=str(error).rstrip("."))
        return result
