# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The menus of RouterOS that a WAN needs beside its PPPoE client: what an entry may and must have, and its defaults.

Names and defaults are those of MikroTik's manual ("VLAN", "DHCPv6", "Bridge").
"""

from __future__ import annotations

from dataclasses import dataclass, field

Row = dict[str, str]


class Refused(Exception):
    """An entry that the router does not take; the text is its message."""


@dataclass
class Table:
    """One menu, such as /interface/vlan."""

    required: tuple[str, ...]
    defaults: Row
    unique: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    def add(self, given: Row) -> str:
        """A new entry; its .id.

        :raises Refused: for what it does not know, lacks, or has already
        """
        for key in given:
            if key not in (*self.required, *self.defaults):
                raise Refused(f"unknown parameter {key}")
        for key in self.required:
            if not given.get(key):
                raise Refused(f"missing value(s) of argument(s) {key}")
        if any(all(row[key] == given[key] for key in self.unique) for row in self.rows):
            raise Refused("failure: already have such an entry")
        row = {".id": f"*{len(self.rows) + 0x10:X}", **self.defaults, **given}
        self.rows.append(row)
        return row[".id"]


def vlans() -> Table:
    """With the one that the clients of a router in use dial on."""
    table = Table(("name", "interface", "vlan-id"), {"mtu": "1500", "disabled": "false", "comment": ""}, ("name",))
    table.add({"name": "vlan835", "interface": "ether1", "vlan-id": "835"})
    return table


def prefixes() -> Table:
    """/ipv6/dhcp-client, empty."""
    optional = {"pool-name": "", "add-default-route": "false", "use-peer-dns": "true", "disabled": "false"}
    return Table(("interface", "request"), optional, ("interface", "request"))
