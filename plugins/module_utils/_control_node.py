# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does the control node depend on the line that is about to be cut?"""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import os
import socket
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _call_log
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._client import Client, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

#: Only entries this young, among so many of the newest, can be this run's own calls.
RECENT = datetime.timedelta(seconds=30)
LOG_DEPTH = 30


@dataclasses.dataclass(frozen=True)
class Position:
    """``behind_line`` is None when nothing tells."""

    behind_line: bool | None
    reason: str
    address: str | None

    def as_result(self) -> dict[str, t.Any]:
        return {"behind_line": self.behind_line, "reason": self.reason, "address": self.address}


def position(
    line_ips: t.Iterable[str], seen_as: str | None, gateways: t.Iterable[str], router: t.Iterable[str]
) -> Position:
    """Decide from addresses alone (pure).

    :param line_ips: addresses and blocks of the line.
    :param seen_as: address from which OVHcloud sees this host's calls, if known.
    :param gateways: addresses of this host's default gateways.
    :param router: addresses of the router that will be changed.
    """
    shared = sorted(set(gateways) & set(router))
    if shared:
        return Position(True, f"this host's default gateway {shared[0]} is the router to be changed", seen_as)
    networks = [network for network in map(_network, line_ips) if network is not None]
    if seen_as:
        address = ipaddress.ip_address(seen_as)
        for network in networks:
            if address.version == network.version and address in network:
                return Position(True, f"OVHcloud sees this host as {seen_as}, an address of the line", seen_as)
        if networks:
            return Position(False, f"OVHcloud sees this host as {seen_as}, not an address of the line", seen_as)
    return Position(None, "OVHcloud's call log does not tell from which address this host comes", seen_as)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if ":" in text and "/" not in text:
        # The API lists a block by its first address; OVHcloud delegates a /56 to each access.
        text += "/56"
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def find(client: Client, service_name: str, line_ips: t.Iterable[str], router_address: str) -> Position:
    """Look at this host's routes and at OVHcloud's log of the account's own calls.

    Call it after a call for this access: only such a call, made just now, can be this host's.
    """
    return position(line_ips, _seen_as(client, service_name), _gateways(), _resolve(router_address))


def _seen_as(client: Client, service_name: str) -> str | None:
    """The address that the log gives for this run's calls; None when it gives none, or several."""
    since = client.now() - RECENT
    found: set[str | None] = set()
    try:
        for entry in _call_log.newest(client, LOG_DEPTH):
            date = parse_time(entry.get("date"))
            if date is None or date < since:
                break
            if f"/xdsl/{segment(service_name)}/" in str(entry.get("path") or ""):
                found.add(str(ipaddress.ip_address(entry["ip"])) if entry.get("ip") else None)
    except (Failure, ValueError):
        return None
    return found.pop() if len(found) == 1 else None


def _gateways() -> list[str]:
    """IPv4 default gateways from /proc/net/route (kernel documentation: little-endian hexadecimal)."""
    if not os.path.exists("/proc/net/route"):
        return []
    found = []
    with open("/proc/net/route", encoding="ascii") as file:
        for row in file.readlines()[1:]:
            fields = row.split()
            if len(fields) > 2 and fields[1] == "00000000" and fields[2] != "00000000":
                found.append(str(ipaddress.IPv4Address(bytes.fromhex(fields[2])[::-1])))
    return found


def _resolve(host: str) -> list[str]:
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None)})
    except OSError:
        return []
