# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does a playbook's target match a host of the inventory? And what is there, where it does not."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

#: That many names of a kind are told.
MOST = 10
#: Groups that every inventory has.
OF_ANSIBLE = ("all", "ungrouped")


def lack(pattern: t.Sequence[str], groups: t.Mapping[str, t.Sequence[str]], limit: str = "") -> str:
    """Why nothing would be done, and what there is; "" where a host matches.

    :param pattern: as ``hosts`` of a play takes it
    :param groups: the names of hosts by group, as Ansible's variable ``groups``
    :param limit: as ``--limit`` takes it; "" for none
    :raises AnsibleError: for a pattern or a limit that Ansible cannot read
    """
    shown = ",".join(pattern)
    hosts = sorted({host for members in groups.values() for host in members})
    named = sorted(set(groups) - set(OF_ANSIBLE))
    how = ", or put your routers in a group routers." if shown == "routers" else "."
    if not hosts:
        return f"The inventory has no host, so nothing was done. The target is {shown}. Name an inventory with -i FILE."
    matching = hosts_of(pattern, groups) if shown.strip(", ") else []  # for Ansible, "" is every host
    if not matching:
        there = f"{_listed('groups', named)} and the {_listed('hosts', hosts)}" if named else _listed("hosts", hosts)
        lead = f"No host of the inventory matches {shown}" if shown.strip(", ") else "The target is empty"
        return f"{lead}, so nothing was done. The inventory has the {there}. Name one by -e target=NAME{how}"
    if limit and not hosts_of(pattern, groups, limit):
        return (
            f"--limit {limit} leaves no host of {shown}, so nothing was done. It has the {_listed('hosts', matching)}."
        )
    return ""


def unreadable(pattern: t.Sequence[str], why: str) -> str:
    """Where Ansible cannot read the pattern."""
    return f"The target {','.join(pattern)} cannot be read, so nothing was done: {why}"


def hosts_of(pattern: t.Sequence[str], groups: t.Mapping[str, t.Sequence[str]], limit: str = "") -> list[str]:
    """The names of hosts, as Ansible itself matches them."""
    manager = InventoryManager(loader=DataLoader(), sources=None, parse=False)
    for group, members in groups.items():
        manager.add_group(group)
        for host in members:
            manager.add_host(host, group)
    if limit:
        manager.subset(limit)
    try:
        return [str(host) for host in manager.get_hosts(list(pattern))]
    except AnsibleError as error:
        # What HOST_PATTERN_MISMATCH=error makes of a name that is not there; we say more.
        if "pattern, ignoring" in str(error):
            return []
        raise
    except IndexError:  # ansible-core's, of a pattern that is a lone "&" or "!"
        raise AnsibleError("a name is missing behind ! or &.") from None


def _listed(what: str, names: t.Sequence[str]) -> str:
    more = len(names) - MOST
    return f"{what} {', '.join(names[:MOST])}" + (f" and {more} more" if more > 0 else "")
