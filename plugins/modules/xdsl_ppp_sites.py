# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name: there is no module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_ppp_sites
short_description: What the playbooks renew, preflight and audit are about, and the report of all their sites
version_added: 0.2.0
description:
  - What the playbooks C(ownrouter.ovhcloud.renew), C(ownrouter.ovhcloud.preflight) and
    C(ownrouter.ovhcloud.audit) are made of, beside the role P(ownrouter.ovhcloud.router_pppoe#role). It has no
    use of its own.
  - Before the first site it tells how many lines may be cut, refuses more than C(max_lines), and finds hosts that share
    a line. After the last one it shows what came of each, also of those that were never reached.
  - It reads the variables C(max_lines), C(report) and C(older_than) of the playbooks itself.
  - This is an action plugin, which runs on the control node alone.
attributes:
  check_mode:
    description: Tells what would be done.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
  idempotent:
    description: Nothing but the file of the report is written.
    support: full
options:
  step:
    description:
      - V(begin) is before the first site. It registers the sites, for all of them.
      - V(failed) keeps how the turn of a site failed.
      - V(report) shows the report, writes it to the file that C(report) names, and has it among the statistics of the
        run as C(ownrouter_report), which AWX hands on in a workflow.
      - V(ended) fails for each site whose turn failed.
    type: str
    required: true
    choices: [begin, failed, report, ended]
  playbook:
    description: For O(step=begin), the playbook that this is the first task of.
    type: str
    choices: [renew, preflight, audit]
    default: renew
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_renewal
author:
  - ownrouter contributors (@ownrouter)
"""

EXAMPLES = r"""
# What the playbook renew does with it
- name: Tell which lines it may cut
  ownrouter.ovhcloud.xdsl_ppp_sites:
    step: begin
  run_once: true
  register: _router_pppoe_sites
"""

RETURN = r"""
sites:
  description: What the sites of this run are told before the first one begins.
  returned: when O(step=begin)
  type: dict
began:
  description: When this run began.
  returned: when O(step=begin)
  type: str
batch:
  description: The first host of the batch that the site belongs to.
  returned: when O(step=failed)
  type: str
run:
  description: A name of this run.
  returned: when O(step=failed)
  type: str
state:
  description: What is true of line and router now.
  returned: when O(step=failed)
  type: str
code:
  description: Why the site failed, for programs.
  returned: when O(step=failed)
  type: str
report:
  description: What came of every site.
  returned: when O(step=report)
  type: dict
  contains:
    playbook:
      description: The playbook that it is of.
      type: str
      returned: always
    check:
      description: Whether the run was in check mode.
      type: bool
      returned: always
    began:
      description: When the run began.
      type: str
      returned: always
    ended:
      description: When the report was made.
      type: str
      returned: always
    counts:
      description: How many sites have each outcome; those that no site has are left out.
      type: dict
      returned: always
    sites:
      description: The sites, in the order of their turn.
      type: list
      elements: dict
      returned: always
      contains:
        host:
          description: The host in the inventory.
          type: str
          returned: always
        service_name:
          description: Its line.
          type: str
          returned: always
        outcome:
          description:
            - V(renewed), V(converged) or V(unchanged).
            - V(ready) for a preflight that passed, and V(agrees) or V(found) for an audit.
            - V(standby) is a standby router, which the run of the active one sets.
            - V(failed), V(not tried) and V(found) are left to do.
          type: str
          returned: always
        offline:
          description: Seconds from the cut of the session to the new one; null where nothing tells.
          type: int
          returned: always
        why:
          description: Why it failed or was not tried.
          type: str
          returned: always
        state:
          description: What is true of line and router now, where it failed or was not tried.
          type: str
          returned: always
        command:
          description: The command that goes on with this site alone; empty where there is none.
          type: str
          returned: always
    left:
      description: Hosts that failed or were not tried.
      type: list
      elements: str
      returned: always
    limit:
      description: The same as a value of C(--limit).
      type: str
      returned: always
    command:
      description: The command that goes on with them; empty where there is none.
      type: str
      returned: always
"""
