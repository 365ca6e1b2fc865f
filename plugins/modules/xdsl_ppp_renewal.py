# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name: there is no module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_ppp_renewal
short_description: One step of the role router_pppoe, from the preflight of a line to its verified session
version_added: 0.2.0
description:
  - What the role P(ownrouter.ovhcloud.router_pppoe#role) is made of. It has no use of its own; call the role.
  - It reads the role's variables (C(router_pppoe_*)) itself, so that no secret among them is an argument of a task.
  - With O(step=whole), everything from the request for a new password to the verified session is this one task, in one
    process. A request is sent
    only with the result of the preflight of this line in this run in O(before).
  - Which phases a run wants, it takes from C(--tags) and C(--skip-tags). A run whose tags leave out what finishes a
    renewal is refused before the
    request.
  - This is an action plugin. OVHcloud is asked by this process itself, or by modules on the host that the task is
    delegated to. The router needs no
    Python.
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.attributes
attributes:
  check_mode:
    description:
      - Every look is done, and no request is sent. Check mode is on when C(--check) or C(check_mode) of the task,
        the block, the play or the include says so.
    support: full
  diff_mode:
    description: Tells that login and password are written, and never shows them.
    support: full
  idempotent:
    description: Running it again never requests the same renewal twice.
    support: full
options:
  step:
    description:
      - V(line) is the preflight of line, key, mailbox and store, V(router) that of the router.
      - V(standby) is a standby router, which the task is delegated to. It is looked at before, and written as soon as
        there is a password.
      - V(whole) is everything from the request to the verified session.
      - V(converge) is V(router) and V(whole) in one, for a run that wishes no request.
      - V(rehearse) is everything but the request, with one redial.
      - V(ask), V(kept), V(set) and V(verify) are the same in stretches, where some steps are tasks of the user's own or
        the host that talks to the API is another machine. V(failed) says where a failure among them leaves the line.
      - V(credentials) is the entry point of that name, and V(handed) the end of what holds the password. V(unkept)
        says that a store of the user's own has failed. V(hand) stops the playbook C(by_hand) where login or password is
        missing. V(told) is what came of the line, for O(ownrouter.ovhcloud.router_pppoe#role:main:router_pppoe_after).
    type: str
    required: true
    choices: [line, router, standby, whole, converge, rehearse, ask, kept, set, verify, credentials, handed, unkept,
      hand, failed, told]
  entry:
    description: The entry point of the role.
    type: str
    choices: [main, preflight, rehearse, audit, credentials]
    default: main
  before:
    description:
      - Name of the variable that the result of the step before is registered in. It can hold a password, so it is no
        argument itself.
    type: str
    default: ""
  failed:
    description: For O(step=kept), a task failed before it.
    type: bool
    default: false
  once:
    description:
      - For O(step=set), try it once, and leave what fails, and the wait for the session, to another task.
      - For O(step=standby), write only what was not written yet.
    type: bool
    default: false
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_login_mail
  - module: ownrouter.ovhcloud.pppoe_client
author:
  - ownrouter contributors (@ownrouter)
"""

EXAMPLES = r"""
- name: Renew the PPPoE password of a line, and set the router
  ansible.builtin.include_role:
    name: ownrouter.ovhcloud.router_pppoe
  vars:
    router_pppoe_service_name: xdsl-ab12345-1
    router_pppoe_renew: true
    router_pppoe_max_age: 90d

# What the role does with it
- name: From the request to the verified session
  ownrouter.ovhcloud.xdsl_ppp_renewal:
    step: whole
    before: _router_pppoe_proof
  timeout: 0
"""

RETURN = r"""
proof:
  description: What was proven of this line in this run. A request needs it.
  returned: when O(step=router), and O(step=line) of the entry point credentials, have passed
  type: dict
verdict:
  description: Whether the line could be renewed now, and what shows that. The same is shown as text.
  returned: >-
    when O(step=router), or O(step=line) of the entry point credentials or that fails, and the entry point is preflight
    or rehearse or the flag is set
  type: dict
  contains:
    service_name:
      description: The line.
      type: str
      returned: always
    host:
      description: Its router, by the name in the inventory.
      type: str
      returned: always
    could_renew:
      description: Null where the flag is not set, so that a renewal's needs were not looked at.
      type: bool
      returned: always
    stops:
      description: Why it could not, as sentences.
      type: list
      elements: str
      returned: always
    proven:
      description: What was proven, as sentences.
      type: list
      elements: str
      returned: always
    unproven:
      description: What was not.
      type: list
      elements: dict
      returned: always
      contains:
        what:
          description: A clause that begins with "whether".
          type: str
          returned: always
        how:
          description: How it could be proven.
          type: str
          returned: always
        command:
          description: That does it; empty for none.
          type: str
          returned: always
    warnings:
      description: What is to be known before, as sentences.
      type: list
      elements: str
      returned: always
    mail:
      description: The latest credentials mail (id, date, title), or null.
      type: dict
      returned: always
    same_password:
      description: Whether the password of that mail is the one on the router; null when they could not be compared.
      type: bool
      returned: always
    hosts:
      description: How many hosts the play has.
      type: int
      returned: always
    command:
      description: The command that renews this line.
      type: str
      returned: always
ways:
  description: What was seen of the ways to the host that talks to the API, and from there to API and mailbox.
  returned: when O(entry=preflight), or a renewal is requested, and O(step) is V(line)
  type: dict
names:
  description: The addresses of names that were looked up, for the tasks that come after the cut.
  returned: when O(step) is V(line) or V(router), and there are any
  type: dict
state:
  description: What is true of the line in this run, without any password.
  returned: when O(step) is V(whole), V(converge), V(rehearse), V(ask), V(set), V(verify) or V(credentials)
  type: dict
reason:
  description: Why a new password was requested or not; see M(ownrouter.ovhcloud.xdsl_ppp_login_mail).
  returned: when O(step) is V(whole), V(converge), V(rehearse), V(verify) or V(credentials)
  type: str
  sample: requested
requested:
  description: Whether a new password was requested, or would be in check mode.
  returned: when O(step) is V(whole), V(converge), V(rehearse), V(verify) or V(credentials)
  type: bool
session:
  description: The session on the router.
  returned: when O(step) is V(whole), V(converge), V(rehearse) or V(verify)
  type: dict
  contains:
    up:
      description: Whether it is up.
      type: bool
      returned: always
    address:
      description: The address that the line has.
      type: str
      returned: always
    uptime:
      description: Its age in seconds; empty when the router does not tell.
      type: raw
      returned: always
    error:
      description: Why there is none.
      type: str
      returned: always
standby_of:
  description: The host whose run sets this one, which is a standby router. Nothing was done for it.
  returned: when that is so
  type: str
standby_host:
  description: The standby router.
  returned: when O(step=standby)
  type: str
standby:
  description: What came of it.
  returned: when O(step=standby)
  type: dict
  contains:
    host:
      description: The standby router.
      type: str
      returned: always
    looked:
      description: It was only looked at.
      type: bool
      returned: always
    changed:
      description: Login and password were written.
      type: bool
      returned: always
    why:
      description: Why it cannot be set; empty when it can.
      type: str
      returned: always
login:
  description: The login in hand.
  returned: when O(step=ask) and there is a password
  type: str
password:
  description: The password in hand. The result is not shown.
  returned: when O(step=ask) and there is a password
  type: str
told:
  description: What came of the line, as a site of the report of C(ownrouter.ovhcloud.renew).
  returned: when O(step=told)
  type: dict
keep:
  description: What a store of the user's own is to hold, where it holds something else. The result is not shown.
  returned: when O(step) is V(ask), V(verify) or V(credentials)
  type: dict
credentials:
  description: Service name, login and password, for the caller of the entry point credentials. The result is not shown.
  returned: when O(step=credentials)
  type: dict
"""
