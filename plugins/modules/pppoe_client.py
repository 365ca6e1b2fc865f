# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/pppoe_client.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pppoe_client
short_description: Look at, provision, set and watch the PPPoE client of a router
version_added: 0.2.0
description:
  - The router's side of a PPPoE line, for routers that need no Python. It serves credentials of any provider.
  - O(state=set) writes login and password only if they differ, changes nothing else, and makes the router dial once.
  - An action plugin. For V(linux_pppd), V(networkmanager) and V(openwrt) it runs on the managed host over the
    connection's own command channel, with OpenSSH or dropbear and any login shell, and with C(become). Nothing is
    copied to the router. Secrets travel on standard input only, so they are never on a command line, in an environment
    or in a temporary file.
  - C(environment) of the task is not handed to the router.
  - Set C(no_log=true) on a task with O(password), so that callbacks that show a task's arguments do not show it.
author:
  - ownrouter contributors (@ownrouter)
options:
  platform:
    description:
      - V(linux_pppd) is a Linux router whose line is kept by pppd, with its files in C(/etc/ppp).
      - V(networkmanager) is a Linux router whose line is a connection profile of NetworkManager, of the type pppoe.
      - V(openwrt) is OpenWrt and what is made of it (OverTheBox, Turris, GL.iNet).
      - V(routeros) is a MikroTik router, over its API with TLS, from the control node. It needs the collection
        C(community.routeros) and the Python package C(librouteros), and no connection of Ansible.
      - V(vyos) is VyOS, over C(ansible_connection=ansible.netcommon.network_cli) with
        C(ansible_network_os=vyos.vyos.vyos). It needs the collections C(ansible.netcommon) and C(vyos.vyos), and
        C(ansible-pylibssh) or C(paramiko).
    type: str
    required: true
    choices: [linux_pppd, networkmanager, openwrt, routeros, vyos]
  interface:
    description:
      - The PPPoE client. A peer of pppd, below C(/etc/ppp/peers), a profile of C(nmcli connection show), an interface
        of C(/etc/config/network), a client of C(/interface pppoe-client), or an interface C(pppoeN).
      - Left out, V(dsl-provider) for O(platform=linux_pppd), V(pppoe) for O(platform=networkmanager), V(wan) for
        O(platform=openwrt), V(pppoe-out1) for O(platform=routeros), V(pppoe0) for O(platform=vyos).
    type: str
  state:
    description:
      - V(probed) looks at the router and its session, and changes nothing.
      - V(provisioned) makes the interface what a line needs, without its password, and does not dial.
      - V(set) writes O(login) and O(password) if they differ, and dials as O(dial) says.
      - V(connected) waits for a session, and fails when there is none after O(wait) seconds.
    type: str
    default: connected
    choices: [probed, provisioned, set, connected]
  login:
    description: PPPoE login. Needed by O(state=set) and O(state=provisioned).
    type: str
  password:
    description: PPPoE password. Needed by O(state=set).
    type: str
  dial:
    description:
      - V(auto) dials once, if something was written, or if the router is found not to run on what it has (a run that
        was killed before it dialled).
      - V(always) dials once, whatever was written. V(never) does not dial.
    type: str
    default: auto
    choices: [auto, always, never]
  age:
    description:
      - Seconds since the password was made by the provider, if that is known. A session that is older than that runs on
        another password, so O(dial=auto) ends it.
    type: float
  wait:
    description:
      - Seconds to wait for a session, for O(state=connected), and for O(state=set), which does not wait when it is
        V(0).
    type: float
    default: 0
  since:
    description:
      - RV(applied.mark) of an earlier task. Only a session that began after it counts. For O(state=connected).
    type: dict
    suboptions:
      at:
        description: A moment on the router's own clock.
        type: float
      identity:
        description: The session before it.
        type: str
        default: ''
  prove:
    description:
      - For O(state=probed), also try that O(state=set) could write. Files of the same size are made in the same
        folders, renamed, and removed. Without it, and in check mode, nothing at all is written.
    type: bool
    default: false
  device:
    description: For O(state=provisioned), the port of the router that the line is plugged into.
    type: str
  vlan:
    description: For O(state=provisioned), the VLAN of the line, V(0) for none.
    type: int
    default: 0
  mtu:
    description: For O(state=provisioned), the MTU of the interface in bytes.
    type: int
    default: 1492
  changes:
    description:
      - For O(state=provisioned), also change an interface that exists, has a password, and has another device, VLAN,
        MTU or IPv6. It may dial anew then. Without it, such an interface is left as it is, with a warning.
    type: bool
    default: false
  ppp_dir:
    description: For O(platform=linux_pppd), the folder of pppd's configuration.
    type: path
    default: /etc/ppp
  run_dir:
    description:
      - For O(platform=linux_pppd), the folder that holds pppd's pid files or, from ppp 2.5 on, their folder C(pppd).
    type: path
    default: /run
  dial_command:
    description:
      - For O(platform=linux_pppd), the shell command that makes pppd of the peer dial anew, or starts it, such as
        V(systemctl restart ppp@dsl-provider).
      - Left out, whoever keeps pppd is found out, and asked. O(state=probed) says so when that cannot be told.
    type: str
  routeros_username:
    description: For O(platform=routeros), the user of the API. Left out, C(ansible_user).
    type: str
  routeros_password:
    description: For O(platform=routeros), the password of that user. Left out, C(ansible_password).
    type: str
  routeros_port:
    description: For O(platform=routeros), the port of the service C(api-ssl). The address is C(ansible_host).
    type: int
    default: 8729
  routeros_ca_path:
    description:
      - For O(platform=routeros), a PEM file on the control node with the certificate of the router or of its CA. Left
        out, the system's CAs.
    type: path
  routeros_validate_certs:
    description:
      - For O(platform=routeros), whether the certificate of the router must be trusted. V(false) hands the passwords to
        whoever answers.
    type: bool
    default: true
  routeros_validate_hostname:
    description: For O(platform=routeros), whether that certificate must be for C(ansible_host).
    type: bool
    default: true
  routeros_redial_after:
    description:
      - For O(platform=routeros), seconds after a change after which a client whose previous session is still up is
        disabled and enabled, once. V(0) never does it.
    type: float
    default: 20
  routeros_timeout:
    description: For O(platform=routeros), seconds that the API may take for an answer.
    type: float
    default: 10
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: full
    details: Nothing is written on the router. O(wait) is V(0).
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: full
    details: It shows that login and password were written, and neither of the two passwords.
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: all
"""

EXAMPLES = r"""
---
- name: Look at the PPPoE client
  ownrouter.ovhcloud.pppoe_client:
    platform: openwrt
    state: probed
  register: look

- name: Set login and password if they differ, and wait for the new session
  ownrouter.ovhcloud.pppoe_client:
    platform: openwrt
    state: set
    login: "{{ vault_pppoe_login }}"
    password: "{{ vault_pppoe_password }}"
    wait: 60
  no_log: true

- name: Fail when the line is down
  ownrouter.ovhcloud.pppoe_client:
    platform: linux_pppd
    interface: dsl-provider
    state: connected
    wait: 30
  become: true
"""

RETURN = r"""
---
router:
  description: What the router has.
  returned: success, O(state=probed)
  type: dict
  contains:
    login:
      description: The login that it dials with, empty when it has none.
      type: str
      returned: always
      sample: 0320123456_1@adsl.ovh
    writable:
      description: Whether login and password can be written, as far as was tried.
      type: bool
      returned: always
    why:
      description: Why they cannot, and what to do.
      type: str
      returned: always
    tried:
      description: Whether writing was tried (O(prove)), or is judged by rights alone.
      type: bool
      returned: always
    reached_by:
      description: The interface by which the router answers this control node, empty when that is not known.
      type: str
      returned: always
      sample: br-lan
    counter:
      description: The line's own counter of bytes (C(interface), C(received), C(sent)), null without a session.
      type: dict
      returned: always
provisioned:
  description: Whether the interface was changed, and whether it waits for its first password.
  returned: success, O(state=provisioned)
  type: dict
  contains:
    changed:
      description: Something was written.
      type: bool
      returned: always
    waiting:
      description: The interface has no password yet, and does not dial.
      type: bool
      returned: always
    differs:
      description:
        - What an interface that exists has otherwise (C(what), C(has) and C(needs)). Changed if C(changed), else left.
      type: list
      elements: dict
      returned: always
applied:
  description: What was done on the router.
  returned: success, O(state=set)
  type: dict
  contains:
    changed:
      description: Something was written, or the router was made to dial.
      type: bool
      returned: always
    written:
      description: Login or password were written.
      type: bool
      returned: always
    dialled:
      description: The router was made to dial.
      type: bool
      returned: always
    mark:
      description: For O(since) of a later task.
      type: dict
      returned: always
session:
  description: The session of the line.
  returned: O(state=probed), O(state=connected), and O(state=set) with O(wait)
  type: dict
  contains:
    up:
      description: There is one, and it counts (O(since)).
      type: bool
      returned: always
    address:
      description: Its IPv4 address.
      type: str
      returned: always
      sample: 203.0.113.10
    uptime:
      description: Its age in seconds, an empty text when that is not known.
      type: raw
      returned: always
      sample: 42
    error:
      description: Why there is none, in the router's words.
      type: str
      returned: always
failure:
  description: What went wrong, for programs. RV(ignore:msg) says the same to a person.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - V(router_unreachable) when there is no way in, and nothing was done.
        - V(router_lost) when the connection broke in a step that may have had its effect.
        - V(router_refused) when the router says no. V(router_write) when writing failed.
        - V(router_option) when an option is wrong. V(router_unable) when the platform cannot do it.
        - V(router_session) when there is no session in time.
      type: str
      returned: always
    message:
      description: The same text as C(msg).
      type: str
      returned: always
    details:
      description: Facts that belong to the failure.
      type: dict
      returned: always
"""
