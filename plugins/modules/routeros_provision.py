# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/routeros_provision.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: routeros_provision
short_description: Make the interface of a line on MikroTik RouterOS
version_added: 0.1.0
description:
  - Makes the VLAN, the PPPoE client and the DHCPv6 client of a line over the API of the router, as far as they are not
    there. Runs on the control node.
  - A new PPPoE client has no password, and is disabled until it gets one.
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
  device:
    description: The port that the line is plugged into.
    type: str
    required: true
  vlan:
    description: VLAN of the line, V(0) for none.
    type: int
    required: true
  mtu:
    description: MTU and MRU of the PPPoE client.
    type: int
    required: true
  user:
    description: The login of the line.
    type: str
    required: true
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: full
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: full
    details: The commands that are sent to the router.
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: RouterOS
"""

EXAMPLES = r"""
---
- name: Make the interface of the line
  ownrouter.ovhcloud.routeros_provision:
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
    device: ether1
    vlan: 835
    mtu: 1492
    user: 0320123456_1@adsl.ovh
"""

RETURN = r"""
---
waiting:
  description: Whether the client waits for its first password.
  returned: success
  type: bool
  sample: true
"""
