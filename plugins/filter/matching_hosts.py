# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The target of a playbook, which has to be there: for Ansible, a play without hosts is a success."""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.errors import AnsibleError, AnsibleFilterError

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _target

DOCUMENTATION = r"""
name: matching_hosts
short_description: A pattern of hosts that matches at least one
version_added: 0.2.0
description:
  - Returns the pattern as it is. Fails when it matches no host of the inventory, or none within C(--limit), and names
    the groups and hosts that there are.
  - For C(hosts) of a play, which without a host ends well and has done nothing. The playbooks of this collection use
    it.
positional: groups
options:
  _input:
    description: What C(hosts) of a play takes.
    type: raw
    required: true
  groups:
    description: The variable C(groups), as Ansible sets it.
    type: dict
    required: true
author:
  - ownrouter contributors (@ownrouter)
"""

EXAMPLES = r"""
- name: Never green without a host
  hosts: "{{ target | default('routers') | ownrouter.ovhcloud.matching_hosts(groups) }}"
  tasks: []
"""

RETURN = r"""
_value:
  description: The pattern.
  type: raw
"""


def matching_hosts(pattern: t.Any, groups: t.Mapping[str, t.Sequence[str]]) -> t.Any:
    """The pattern; AnsibleFilterError where it matches no host."""
    if context.CLIARGS.get("syntax"):
        return pattern  # of the playbook alone: no inventory is needed for that
    wanted = [str(one) for one in pattern] if isinstance(pattern, (list, tuple)) else [str(pattern)]
    known = {str(name): [str(host) for host in hosts] for name, hosts in groups.items()}
    limit = context.CLIARGS.get("subset")
    try:
        lack = _target.lack(wanted, known, str(limit) if limit else "")
    except AnsibleError as error:
        raise AnsibleFilterError(_target.unreadable(wanted, str(error))) from None
    if lack:
        raise AnsibleFilterError(lack)
    return pattern


class FilterModule:
    """Where Ansible finds the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"matching_hosts": matching_hosts}
