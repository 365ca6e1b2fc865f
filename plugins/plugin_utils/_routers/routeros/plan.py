# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a line needs on RouterOS beside its password, as commands: a pure plan over what the router has."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Existing, Interface
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.facts import (
    WAITING,
    Row,
    boolean,
    quoted,
    shown,
)

CLIENT = "/interface/pppoe-client"
#: What is read of each menu.
READ = {
    "/interface": "name",
    "/interface/bridge/port": "interface,bridge",
    "/interface/vlan": "name,interface,vlan-id,disabled",
    CLIENT: ".id,name,user,interface,max-mtu,max-mru,disabled,comment",
    "/ipv6/dhcp-client": "interface",
}
Command = list[str]


@dataclasses.dataclass(frozen=True)
class Menus:
    """The entries of each menu of READ; None for one that the router does not know."""

    rows: t.Mapping[str, t.Sequence[Row] | None]

    def __getitem__(self, menu: str) -> t.Sequence[Row]:
        return self.rows.get(menu) or ()

    @property
    def names(self) -> list[str]:
        """Of all interfaces."""
        return [row.get("name", "") for row in self["/interface"]]


def plan(menus: Menus, name: str, wanted: Interface) -> tuple[bool, list[Command]]:
    """Whether the client waits for its password, and all commands, in order.

    What is there is kept: a VLAN of any name on that port, and a client's profile and routes.

    :raises Failure: ``router_option``, ``router_refused`` when the router has something that is not to be taken over
    """
    interface, commands = _port(menus, wanted)
    waiting, of_client = _client(menus, name, wanted, interface)
    return waiting, commands + of_client + _prefix(menus, name)


def existing(menus: Menus, name: str) -> Existing | None:
    """What the client is set to; None where there is none, or one that still waits for its first password."""
    have = next((row for row in menus[CLIENT] if row.get("name") == name), None)
    if have is None or (boolean(have.get("disabled")) and have.get("comment") == WAITING):
        return None
    on = have.get("interface", "")
    vlans = [row for row in menus["/interface/vlan"] if row.get("name") == on]
    number = vlans[0].get("vlan-id", "") if vlans else ""
    device, vlan = (vlans[0].get("interface", ""), int(number)) if number.isdigit() else (on, 0)
    mtu, mru = have.get("max-mtu", "auto"), have.get("max-mru", "auto")
    # A client of DHCPv6 is what asks for the line's prefix.
    ipv6 = any(row.get("interface") == name for row in menus["/ipv6/dhcp-client"])
    return Existing(shown(device), vlan, mtu if mtu == mru else f"{mtu} (max-mru {mru})", ipv6)


def words(menu: str, verb: str, values: t.Mapping[str, str]) -> Command:
    """One command of the API."""
    return [f"{menu}/{verb}", *(f"={key}={value}" for key, value in values.items())]


def line_of_diff(command: Command) -> str:
    return shown(f"+{command[0]} {' '.join(word[1:] for word in command[1:])}")


def _no(code: str, said: str) -> Failure:
    return Failure(code, f"{said} Nothing was changed on the router.")


def _port(menus: Menus, wanted: Interface) -> tuple[str, list[Command]]:
    """The interface that the client dials on, and the commands that make it."""
    device = wanted.device
    if device not in menus.names:
        names = ", ".join(sorted(map(shown, menus.names)))
        raise _no("router_option", f"The router has no interface {device}; it has {names}. Correct O(device).")
    for row in menus["/interface/bridge/port"]:
        if row.get("interface") == device:
            raise _no(
                "router_refused",
                f"{device} is a port of the bridge {shown(row.get('bridge', ''))}, and no bridge is changed from here. "
                f"On the router: /interface bridge port remove [find interface={quoted(device)}]",
            )
    if not wanted.vlan:
        return device, []
    for row in menus["/interface/vlan"]:
        if (row.get("interface"), row.get("vlan-id")) == (device, str(wanted.vlan)):
            name = row.get("name", "")
            if boolean(row.get("disabled")):
                raise _no(
                    "router_refused",
                    f"The VLAN {shown(name)} is disabled. On the router: /interface vlan enable [find "
                    f"name={quoted(shown(name))}]",
                )
            return name, []
    name = f"vlan{wanted.vlan}"
    if name in menus.names:
        raise _no(
            "router_refused",
            f"The interface {name} is not VLAN {wanted.vlan} on {device}. On the router, give it another name: "
            f"/interface set [find name={name}] name=...",
        )
    return name, [words("/interface/vlan", "add", {"name": name, "interface": device, "vlan-id": str(wanted.vlan)})]


def _client(menus: Menus, name: str, wanted: Interface, interface: str) -> tuple[bool, list[Command]]:
    """Whether the client waits for its password, and the commands that make it what it must be."""
    must = {"interface": interface, "max-mtu": str(wanted.mtu), "max-mru": str(wanted.mtu)}
    for row in menus[CLIENT]:
        other = row.get("name", "")
        if other != name and row.get("interface") == interface:
            raise _no(
                "router_option",
                f"The PPPoE client {shown(other)} dials on {interface} already. Set O(interface) to {shown(other)}, or "
                f"on the router: /interface pppoe-client remove [find name={quoted(shown(other))}]",
            )
    have = next((row for row in menus[CLIENT] if row.get("name") == name), None)
    if have is None:
        if name in menus.names:
            raise _no("router_option", f"The interface {name} is no PPPoE client. Correct O(interface).")
        new = {"name": name, **must, "user": wanted.login, "add-default-route": "yes", "use-peer-dns": "yes"}
        return True, [words(CLIENT, "add", {**new, "disabled": "yes", "comment": WAITING})]
    disabled = boolean(have.get("disabled"))
    waiting = disabled and have.get("comment") == WAITING
    if disabled and not waiting:
        raise _no(
            "router_refused",
            f"The PPPoE client {name} is disabled, and one that somebody disabled is not enabled from here. On the "
            f"router: /interface pppoe-client enable [find name={quoted(name)}]",
        )
    if have.get("user", "") != wanted.login:
        raise _no(
            "router_option",
            f"The PPPoE client {name} dials with the login {shown(have.get('user', ''))}, but the line has the login "
            f"{wanted.login}. This is another line: correct O(interface) or O(login).",
        )
    differs = {key: value for key, value in must.items() if have.get(key) != value}
    return waiting, [words(CLIENT, "set", {".id": have[".id"], **differs})] if differs else []


def _prefix(menus: Menus, name: str) -> list[Command]:
    """The commands that make the client of DHCPv6 for the prefix of the line."""
    menu = "/ipv6/dhcp-client"
    if menus.rows.get(menu) is None:
        raise _no(
            "router_refused",
            "The router has no IPv6. On the router: /system package enable ipv6, then a restart; or make the PPPoE "
            "client by hand instead of provisioning it.",
        )
    if any(row.get("interface") == name for row in menus[menu]):
        return []
    values = {"interface": name, "request": "prefix", "pool-name": name, "add-default-route": "yes"}
    return [words(menu, "add", values)]


def stopped(done: int, command: Command, said: str, lost: bool) -> Failure:
    """Provisioning that ended at a command.

    :param done: how many commands before it took effect
    :param lost: it may have had its effect
    """
    before = f"the {done} before it took effect" if done else "nothing was written before it"
    return Failure(
        "router_lost" if lost else "router_write" if done else "router_refused",
        f"The command {line_of_diff(command)[1:]} {said}; {before}. Put that right and run the same command again: "
        "what is there is kept.",
        outcome=Outcome.UNKNOWN if lost else Outcome.REFUSED,
    )
