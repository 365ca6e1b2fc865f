#!/usr/bin/python

# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_info
short_description: Find OVHcloud Internet accesses (xDSL, FTTH) and what a router needs to know of them
version_added: 0.1.0
description:
  - Lists the Internet accesses of an OVHcloud account, or describes one of them. Returns status, addresses, modem
    profile, VLAN and MTU for the router, the PPPoE login where the RADIUS log tells it, and in plain words what would
    prevent a renewal of the PPPoE credentials.
  - Can also prove, before anything is cut, that the API credentials hold the rights for a renewal
    (O(required_rights)), and find out whether this host depends on the line itself (O(router_address)).
  - The postal address of an access is never returned.
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.attributes
  - ownrouter.ovhcloud.attributes.info_module
  - ownrouter.ovhcloud.attributes.actiongroup_ovh
options:
  service_name:
    description:
      - Service name of the access, such as V(xdsl-ab12345-1). All accesses of the account when left out.
    type: str
  required_rights:
    description:
      - Purposes for which the API credentials must hold the rights. What is missing is returned in
        RV(missing_rights); the module does not fail for it.
      - Needs O(service_name).
    type: list
    elements: str
    default: []
    choices:
      access: Read the access, its addresses, its contact, and the account's name.
      renew: Ask for a new password by C(POST /xdsl/{serviceName}/requestPPPLoginMail).
      service_mails: Read the account's service mails. This right exposes every mail that OVHcloud sent to the account.
      session_log: Read the RADIUS log of the access.
  router_address:
    description:
      - Address or name of the router that is going to be changed. When set, RV(control_node) tells whether the host
        that runs this module reaches the API, and O(imap_host), through the line.
      - Needs O(service_name).
    type: str
  source:
    description:
      - Where the credentials mail will be read. With V(imap) and O(router_address), the way to the mail server is
        judged as well.
    type: str
    choices: [api, imap]
    default: api
    version_added: 0.2.0
  imap_host:
    description:
      - Mail server, for O(source=imap). Falls back to E(OVH_IMAP_HOST).
    type: str
    version_added: 0.2.0
  imap_port:
    description:
      - Port of the mail server. By default V(993) for V(tls), V(143) for V(starttls). Falls back to E(OVH_IMAP_PORT).
    type: int
    version_added: 0.2.0
  imap_security:
    description:
      - What secures the connection to it, V(tls) when left out. Falls back to E(OVH_IMAP_SECURITY).
    type: str
    choices: [tls, starttls]
    version_added: 0.2.0
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_login_mail
  - module: ownrouter.ovhcloud.xdsl_ppp_session_info
"""

EXAMPLES = r"""
- name: List my accesses
  ownrouter.ovhcloud.xdsl_info:
    endpoint: ovh-eu
  delegate_to: localhost
  register: lines

- name: Show names and problems
  ansible.builtin.debug:
    msg: "{{ item.service_name }} {{ item.status }} {{ item.problems }}"
  loop: "{{ lines.accesses }}"
  loop_control:
    label: "{{ item.service_name }}"

- name: Could this key renew this line, and is this host out of the way?
  ownrouter.ovhcloud.xdsl_info:
    service_name: xdsl-ab12345-1
    required_rights: [access, renew, service_mails, session_log]
    router_address: 192.168.1.1
  delegate_to: localhost
  register: line
  failed_when: line.missing_rights is not defined or line.missing_rights or line.control_node.behind_line
"""

RETURN = r"""
accesses:
  description: The accesses, sorted by service name.
  returned: success
  type: list
  elements: dict
  contains:
    service_name:
      description: OVHcloud's reference of the access.
      type: str
      returned: always
      sample: xdsl-ab12345-1
    access_type:
      description: Technology, such as V(adsl), V(vdsl), V(sdsl), V(ftth), V(ftte).
      type: str
      returned: always
    status:
      description: V(active), or a state in which no renewal is possible.
      type: str
      returned: always
    description:
      description: The user's own description of the access.
      type: str
      returned: always
    role:
      description: V(main) or V(backup).
      type: str
      returned: always
    provider:
      description: Operator of the access line, such as V(ft), V(kosc), V(bouygues), where OVHcloud tells it.
      type: str
      returned: always
    ips:
      description: Addresses and blocks of the access.
      type: list
      elements: str
      returned: always
    profile:
      description:
        - Modem profile of OVHcloud's guide to manual configuration, V(A) to V(D). Derived from type and provider;
          null when they do not tell.
      type: str
      returned: always
    vlan:
      description: VLAN of the profile for the PPPoE interface; null for none (profile A) or unknown (no profile).
      type: int
      returned: always
    mtu:
      description: Recommended MTU.
      type: int
      returned: always
      sample: 1492
    login:
      description: PPPoE login of the newest dial-in attempt; null when the RADIUS log does not tell.
      type: str
      returned: always
      sample: 0320123456_1@adsl.ovh
    last_connection:
      description: Newest entry of the RADIUS log (date, login, state, message), or null.
      type: dict
      returned: always
    session_log_allowed:
      description: Whether the RADIUS log of this access can be read with these credentials.
      type: bool
      returned: always
    mail_contact:
      description: Account whose contact gets the credentials mail; null when not known.
      type: str
      returned: always
    mail_to_this_account:
      description:
        - Whether the credentials mail goes to the account of these API credentials, so that its history shows it. Null
          when not known.
      type: bool
      returned: always
    problems:
      description: What would prevent a renewal or its proof, in words. Empty when nothing is in the way.
      type: list
      elements: str
      returned: always
missing_rights:
  description: Rights of O(required_rights) that the credentials do not hold (right, method, path, iam_action).
  returned: success, when O(service_name) is set
  type: list
  elements: dict
unproven_rights:
  description: Rights that can neither be shown nor denied before use, as with a service account (OAuth2).
  returned: success, when O(service_name) is set
  type: list
  elements: dict
consumer_key:
  description:
    - How long the consumer key lasts. Null with other credentials, without O(required_rights), or when it is not told.
  returned: success, when O(service_name) is set
  type: dict
  contains:
    status:
      description: V(validated), or what OVHcloud calls one that may not be used.
      type: str
      returned: always
    expiration:
      description: When it ends (ISO 8601), or null for never.
      type: str
      returned: always
    allowed_ips:
      description: Addresses and blocks that it may be used from. Empty for any.
      type: list
      elements: str
      returned: always
clock_skew:
  description: Seconds that OVHcloud's clock is ahead of the clock of the host that ran this module.
  returned: success
  type: int
control_node:
  description: Whether the host that ran this module depends on the line.
  returned: success, when O(router_address) is set
  type: dict
  contains:
    behind_line:
      description:
        - V(true) when something says that it does, V(false) when something settles that it does not, null when nothing
          tells.
      type: bool
      returned: always
    reason:
      description: What the answer rests on.
      type: str
      returned: always
    address:
      description: Address from which OVHcloud sees this host, or null.
      type: str
      returned: always
    facts:
      description: What the answer was judged by. For the role; its keys may change.
      type: dict
      returned: always
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

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import line_spec, run
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.look import look


def main() -> None:
    module = AnsibleModule(
        argument_spec=line_spec(),
        supports_check_mode=True,
        required_by={"router_address": ("service_name",)},
    )
    run(module, look)


if __name__ == "__main__":
    main()
