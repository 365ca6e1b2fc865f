# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/routeros_session.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: routeros_session
short_description: Look at a PPPoE client of MikroTik RouterOS and wait for its session
version_added: 0.1.0
description:
  - Reads a client of C(/interface pppoe-client) and its session over the API of the router, and waits for a session,
    in one task over one connection. Runs on the control node.
  - Used inside the role P(ownrouter.ovhcloud.router_pppoe#role); its interface may change without notice.
author:
  - ownrouter contributors (@ownrouter)
requirements:
  - the collection C(community.routeros)
  - librouteros (Python library, where Ansible runs)
options:
  connection:
    description: Options of C(community.routeros.api), such as C(hostname), C(username), C(password) and C(tls).
    type: dict
    required: true
  client:
    description: Name of the PPPoE client on the router.
    type: str
    required: true
  rights:
    description: Also read the policies of the user of the API.
    type: bool
    default: false
  wait:
    description: Seconds to wait for a session. V(0) looks once.
    type: int
    default: 0
  newer_than:
    description: Seconds since the epoch, on the control node's clock. Only a session that began later ends the wait.
    type: float
    default: 0.0
  redial_after:
    description:
      - Seconds after which a client whose old session is still up is disabled and enabled, once. V(0) never does it.
    type: int
    default: 0
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: none
    details: It reads, except for O(redial_after).
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: none
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: RouterOS
"""

EXAMPLES = r"""
---
- name: Look at the client pppoe-out1
  ownrouter.ovhcloud.routeros_session:
    connection:
      hostname: 192.168.88.1
      username: renew
      password: "{{ vault_router_password }}"
      tls: true
      port: 8729
      ca_path: /etc/ssl/router.crt
      validate_certs: true
      validate_cert_hostname: true
      encoding: UTF-8
    client: pppoe-out1
"""

RETURN = r"""
---
client:
  description: The client as it is configured. The password is never returned.
  returned: success
  type: dict
  sample: {id: "*1", user: "0320123456_1@adsl.ovh", disabled: false, password_shown: true}
policies:
  description: The policies of the API user; null when the router does not tell them.
  returned: when O(rights=true)
  type: list
  elements: str
  sample: [api, read, write]
session:
  description: The session as it is now, or as it was when the wait ended. C(uptime) is in seconds.
  returned: success
  type: dict
  sample: {up: true, address: 203.0.113.10, uptime: 5, error: ""}
redialled:
  description: Whether the client was disabled and enabled.
  returned: success
  type: bool
  sample: false
"""
