# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does the control node depend on the line that is about to be cut?"""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import socket
import typing as t
from urllib.parse import urlsplit

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import call_log
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

#: Only entries this young, among so many of the newest, can be this run's own calls.
RECENT = datetime.timedelta(seconds=30)
LOG_DEPTH = 30
#: Flags of a route (Linux, include/uapi/linux/route.h).
ROUTE_UP = 0x1
ROUTE_REJECT = 0x200
#: An address of the Internet that nobody has (RFC 5737).
ANYWHERE = "198.51.100.1"


@dataclasses.dataclass(frozen=True)
class Position:
    """``behind_line`` is None when nothing tells."""

    behind_line: bool | None
    reason: str
    address: str | None

    def as_result(self) -> dict[str, t.Any]:
        return {"behind_line": self.behind_line, "reason": self.reason, "address": self.address}


def position(
    line_ips: t.Iterable[str],
    seen_as: str | None,
    gateways: t.Iterable[str],
    router: t.Iterable[str],
    unseen: str = "OVHcloud's call log does not tell from which address this host comes",
) -> Position:
    """Decide from addresses alone (pure).

    :param line_ips: addresses and blocks of the line.
    :param seen_as: address from which OVHcloud sees this host's calls, if known.
    :param gateways: addresses of this host's gateways towards OVHcloud.
    :param router: addresses of the router that will be changed.
    :param unseen: why ``seen_as`` is not known.
    """
    shared = sorted(set(gateways) & set(router))
    if shared:
        return Position(True, f"this host's gateway to OVHcloud, {shared[0]}, is the router to be changed", seen_as)
    networks = [network for network in map(_network, line_ips) if network is not None]
    if seen_as:
        address = ipaddress.ip_address(seen_as)
        for network in networks:
            if address.version == network.version and address in network:
                return Position(True, f"OVHcloud sees this host as {seen_as}, an address of the line", seen_as)
        if networks:
            return Position(False, f"OVHcloud sees this host as {seen_as}, not an address of the line", seen_as)
        unseen = f"OVHcloud sees this host as {seen_as}, but lists no address of the line to compare it with"
    return Position(None, unseen, seen_as)


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
    seen_as, unseen = _seen_as(client, service_name)
    ovhcloud = _resolve(urlsplit(client.connection.base_url).hostname or "")
    return position(line_ips, seen_as, gateways(_route_table(), ovhcloud), _resolve(router_address), unseen)


def _seen_as(client: Client, service_name: str) -> tuple[str | None, str]:
    """The address that the log gives for this run's calls, or None and why."""
    since = client.now() - RECENT
    found: set[str | None] = set()
    try:
        for entry in call_log.newest(client, LOG_DEPTH):
            date = parse_time(entry.get("date"))
            if date is None or date < since:
                break
            if f"/xdsl/{segment(service_name)}/" in str(entry.get("path") or ""):
                found.add(str(ipaddress.ip_address(entry["ip"])) if entry.get("ip") else None)
    except Failure as failure:
        return None, f"OVHcloud's call log (GET {call_log.PATH}) cannot be read ({failure.code})"
    except ValueError:
        return None, "OVHcloud's call log gives something else than an address for this host"
    if len(found) > 1:
        named = ", ".join(sorted(one or "none" for one in found))
        return None, f"OVHcloud's call log shows calls for this line from several addresses right now ({named})"
    if not found:
        return None, "OVHcloud's call log does not show this run's own calls yet"
    return found.pop(), "OVHcloud's call log gives no address for this host's calls"


def _route_table() -> str:
    try:
        with open("/proc/net/route", encoding="ascii") as file:
            return file.read()
    except OSError:
        return ""


def gateways(table: str, destinations: t.Iterable[str]) -> list[str]:
    """The gateways that the kernel takes towards some addresses (pure; IPv4).

    The longest prefix wins, then the lowest metric: a VPN that takes over all traffic does so by two routes of
    half the Internet each, or by a better metric.

    :param table: text of ``/proc/net/route`` (kernel documentation: addresses are little-endian hexadecimal).
    :param destinations: addresses of OVHcloud; when none is of IPv4, an address that only a default route leads to.
    """
    routes: list[tuple[int, int, int, str]] = []
    for row in table.splitlines()[1:]:
        fields = row.split()
        if len(fields) > 7 and int(fields[3], 16) & ROUTE_UP and not int(fields[3], 16) & ROUTE_REJECT:
            network, gateway, mask = (bytes.fromhex(fields[index])[::-1] for index in (1, 2, 7))
            routes.append(
                (
                    int.from_bytes(network, "big"),
                    int.from_bytes(mask, "big"),
                    int(fields[6]),
                    str(ipaddress.IPv4Address(gateway)),
                )
            )
    found: set[str] = set()
    for address in [one for one in destinations if "." in one and ":" not in one] or [ANYWHERE]:
        wanted = int(ipaddress.IPv4Address(address))
        matching = [route for route in routes if wanted & route[1] == route[0]]
        if matching:
            found.add(max(matching, key=lambda route: (route[1], -route[2]))[3])
    return sorted(one for one in found if int(ipaddress.IPv4Address(one)))  # zero: an interface without a gateway


def _resolve(host: str) -> list[str]:
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None)})
    except OSError:
        return []
