# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/router_platform.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: router_platform
short_description: Check a platform of the role router_pppoe and what it needs on this machine
version_added: 0.1.0
description:
  - Proves before a renewal that a platform's folder can be used. It must hold C(probe.yml), C(apply.yml) and
    C(status.yml), and may hold C(provision.yml). Each is a list of tasks, and no task may be
    given the password without C(no_log=true).
  - If the folder has a C(requirements.json), the collections and Python packages that it names must be installed on
    the control node, in the environment that Ansible itself runs in. When one is missing, the error says the command
    that installs it.
  - Used inside the role P(ownrouter.ovhcloud.router_pppoe#role); its interface may change without notice.
author:
  - ownrouter contributors (@ownrouter)
options:
  name:
    description: The platform's name, for messages.
    type: str
    required: true
  folder:
    description: The platform's folder, as an absolute path on the control node.
    type: path
    required: true
  advice:
    description: What to say behind each error.
    type: str
    default: ""
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: full
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: none
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: all
"""

EXAMPLES = r"""
---
# requirements.json of a platform:
#   {"collections": ["community.routeros>=3.0.0"], "python": ["librouteros>=3.2", "ansible-pylibssh | paramiko"]}
- name: Check a platform of your own
  ownrouter.ovhcloud.router_platform:
    name: custom
    folder: "{{ playbook_dir }}/my-router"
"""

RETURN = r"""
"""
