# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The target of a playbook, which has to be there: for Ansible, a play without hosts is a success."""

from __future__ import annotations

import os
import sys
import typing as t

from ansible import constants, context
from ansible.errors import AnsibleError, AnsibleFilterError

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import OURS, pattern_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import target as targets
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import turn as site_turn

DOCUMENTATION = r"""
name: matching_hosts
short_description: A pattern of hosts that matches at least one
version_added: 0.2.0
description:
  - Returns the pattern as it is. Fails when it matches no host of the inventory, or none within C(--limit), and names
    the groups and hosts that there are.
  - For C(hosts) of a play, which without a host ends well and has done nothing. The playbooks of this collection use
    it.
positional: groups, variables
options:
  _input:
    description: What C(hosts) of a play takes.
    type: raw
    required: true
  groups:
    description: The variable C(groups), as Ansible sets it.
    type: dict
    required: true
  variables:
    description:
      - The variable C(hostvars), as Ansible sets it, where the first task of the playbook C(renew) has registered its
        sites. Those of them that are not begun come last then, so that none of them is the one that goes first.
    type: raw
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


def matching_hosts(
    pattern: t.Any, groups: t.Mapping[str, t.Sequence[str]], variables: t.Mapping[str, t.Any] | None = None
) -> t.Any:
    """The pattern; AnsibleFilterError where it matches no host."""
    _keep_retry_files_out()
    if context.CLIARGS.get("syntax"):
        return pattern  # of the playbook alone: no inventory is needed for that
    wanted = [str(one) for one in pattern] if isinstance(pattern, (list, tuple)) else [str(pattern)]
    known = {str(name): [str(host) for host in hosts] for name, hosts in groups.items()}
    limit = context.CLIARGS.get("subset")
    try:
        lack = targets.lack(wanted, known, str(limit) if limit else "")
    except AnsibleError as error:
        raise AnsibleFilterError(targets.unreadable(wanted, str(error))) from None
    if lack:
        raise AnsibleFilterError(lack)
    return _in_turn(targets.hosts_of(wanted, known, str(limit) if limit else ""), variables or {}) or pattern


def _in_turn(hosts: t.Sequence[str], variables: t.Mapping[str, t.Any]) -> list[str]:
    """Patterns of the hosts in the order of their turn; none where that is the inventory's."""
    first = variables.get(hosts[0]) or {}
    found = site_turn.sites(first.get(all_sites.VARIABLE))
    if found is None or not found.doubled or set(found.hosts) != set(hosts):
        return []
    return [pattern_of(host) for host in found.hosts]


def _keep_retry_files_out() -> None:
    """Without a folder of the user's, Ansible writes a retry file beside its playbook: ours are in the collection.

    This is Ansible's main process, which writes them, and tells where.
    """
    ours = any(one.startswith(OURS) for one in sys.argv[1:])
    if ours and constants.RETRY_FILES_ENABLED and not constants.RETRY_FILES_SAVE_PATH:
        constants.RETRY_FILES_SAVE_PATH = os.getcwd()


class FilterModule:
    """Where Ansible finds the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"matching_hosts": matching_hosts}
