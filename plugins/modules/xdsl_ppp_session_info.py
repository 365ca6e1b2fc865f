#!/usr/bin/python

# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_ppp_session_info
short_description: Tell from OVHcloud's RADIUS log whether an Internet access has authenticated
version_added: 0.1.0
description:
  - Reads the RADIUS log of an xDSL or FTTH access, where every dial-in of the router is recorded with its result. It
    proves that a router is back with its new password, or that a password is refused.
  - Can wait for a dial-in, inside one run of the module.
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.attributes
  - ownrouter.ovhcloud.attributes.info_module
  - ownrouter.ovhcloud.attributes.actiongroup_ovh
options:
  service_name:
    description: Service name of the access, such as V(xdsl-ab12345-1).
    type: str
    required: true
  newer_than:
    description:
      - Only dial-ins at or after this time count (ISO 8601; UTC when it has no offset).
    type: str
  timeout:
    description:
      - Seconds to wait for an accepted dial-in. With V(0) the log is read once. A refusal does not end the wait, since
        the router may still dial in with its new password.
    type: int
    default: 0
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_credentials_info
"""

EXAMPLES = r"""
- name: When did the router dial in last?
  ownrouter.ovhcloud.xdsl_ppp_session_info:
    service_name: xdsl-ab12345-1
  delegate_to: localhost
  register: session

- name: Wait until the router is back
  ownrouter.ovhcloud.xdsl_ppp_session_info:
    service_name: xdsl-ab12345-1
    newer_than: "2026-03-01T04:00:00Z"
    timeout: 120
  delegate_to: localhost
  register: session
  failed_when: not session.connected
"""

RETURN = r"""
connected:
  description:
    - Whether the newest dial-in was accepted, among those at or after O(newer_than).
    - It does not tell whether that session is still up.
  returned: success
  type: bool
login:
  description: PPPoE login of the newest dial-in, or null.
  returned: success
  type: str
  sample: 0320123456_1@adsl.ovh
last_event:
  description: Newest dial-in that counts, or null.
  returned: success
  type: dict
  contains:
    date:
      description: Time of the attempt.
      type: str
      returned: always
      sample: "2026-03-01T04:02:11Z"
    login:
      description: Login that the router sent.
      type: str
      returned: always
    state:
      description: V(OK) or V(KO), as OVHcloud writes it.
      type: str
      returned: always
    message:
      description: OVHcloud's word on it, such as V(wrong login or password).
      type: str
      returned: always
events:
  description: All dial-ins that count, newest first (OVHcloud keeps at most 50, for 3 months).
  returned: success
  type: list
  elements: dict
allowed:
  description:
    - V(false) when the RADIUS log of this access cannot be read with these credentials; nothing is known then.
  returned: success
  type: bool
clock_skew:
  description: Seconds that OVHcloud's clock is ahead of the clock of the host that ran this module.
  returned: success
  type: int
failure:
  description: What went wrong, for programs. Only when the module fails; RV(ignore:msg) says the same to a person.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - Stable name of the failure, such as V(configuration), V(invalid_credentials), V(not_granted),
          V(unknown_service), V(rate_limited), V(server_error), V(unreachable), V(timeout) or V(unreadable_answer).
      type: str
      returned: always
      sample: not_granted
    message:
      description: The same text as C(msg).
      type: str
      returned: always
    details:
      description: Facts that belong to the failure. For a refused request its method, path, status and OVH query id.
      type: dict
      returned: always
      sample:
        method: GET
        path: /v2/notification/history
        query_id: EU.ext-1.64f5c6f1.1234.0123456789
        status: 403
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import run, session_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.dial_ins import watch


def main() -> None:
    run(AnsibleModule(argument_spec=session_spec(), supports_check_mode=True), watch)


if __name__ == "__main__":
    main()
