# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/router_script.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: router_script
short_description: Run a shell script on a router that has no Python
version_added: 0.1.0
description:
  - Runs one POSIX shell script on the managed host through the connection's own command channel.
    Nothing is copied to the host and no Python is needed there.
  - Secrets travel on standard input only, so they are never on a command line, in an environment or in a file.
  - Used inside the role P(ownrouter.ovhcloud.router_pppoe#role); its interface may change without notice.
author:
  - ownrouter contributors (@ownrouter)
options:
  script:
    description: Absolute path of the script file on the control node.
    type: path
    required: true
  arguments:
    description: Arguments that are not secret, as the script sees them in C($@).
    type: list
    elements: str
    default: []
  secret:
    description:
      - Secrets by name. The script reads one line for each, in this order, with C(IFS= read -r).
      - A value must not hold a line break.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: full
    details: The script is run with E(ROUTER_CHECK_MODE=1) and must not change anything.
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: full
    details: The script prints C(diff=) with each line of it, and none that holds a secret.
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: posix
"""

EXAMPLES = r"""
---
- name: Look at the router
  ownrouter.ovhcloud.router_script:
    script: "{{ role_path }}/files/linux_pppd.sh"
    arguments: [probe, dsl-provider, /etc/ppp, /run]
"""

RETURN = r"""
---
result:
  description: The C(key=value) lines that the script printed.
  returned: always
  type: dict
  sample: {login: "0320123456_1@adsl.ovh", writable: "true"}
rc:
  description: The script's exit status.
  returned: always
  type: int
  sample: 0
msg:
  description: The script's own words on what happened.
  returned: always
  type: str
  sample: ""
"""
