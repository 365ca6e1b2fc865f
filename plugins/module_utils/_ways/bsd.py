# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""macOS and BSD: a route by "route -n get", whose words are read here. Not tried on real systems, but on outputs that
were published; the unit tests name their sources."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Route

#: Ethernet and radio of macOS (en0) and, by the manuals of their drivers, of the BSDs. All others might be a tunnel:
#: utun, ipsec, ppp, tun, tap, gif, stf, gre, wg, bridge ...
PLAIN = re.compile(r"(?:en|em|igb|igc|ix|ixl|re|rl|bge|vtnet|vio|vmx|alc|ale|axe|ue|urndis|wlan|iwm|iwn|athn)\d+\Z")
_FIELD = re.compile(r"(?m)^\s*(destination|gateway|interface|flags|source|if address): (.*?)\s*$")


def command(address: str) -> list[str]:
    """What to run."""
    host = address.partition("%")[0]
    return ["route", "-n", "get", *(["-inet6"] if ":" in host else []), address]


def route(address: str, said: str) -> Route:
    """The route in what that command printed (pure)."""
    found: dict[str, str] = dict(_FIELD.findall(said))
    interface = found.get("interface", "")
    if not interface:
        return Route(address)
    flags = set(found.get("flags", "").strip("<>").split(","))
    if interface.startswith("lo") or "LOCAL" in flags:
        return Route(address, interface, loopback=True)
    gateway = found.get("gateway", "") if "GATEWAY" in flags else ""
    if re.match("link#", gateway):
        gateway = ""
    kind = "" if PLAIN.match(interface) else re.sub(r"\d+\Z", "", interface)
    source = found.get("source") or found.get("if address", "")
    beyond = not gateway and found.get("destination") == "default"
    return Route(address, interface, gateway, source, False, kind, beyond=beyond)
