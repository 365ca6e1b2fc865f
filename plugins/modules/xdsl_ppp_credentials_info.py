#!/usr/bin/python

# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_ppp_credentials_info
short_description: Find the mail with the PPPoE credentials of an Internet access, wait for it, read it
version_added: 0.1.0
description:
  - Looks through the OVHcloud account's service mails for the newest credentials mail of an access, and reads login and
    password out of it. With O(timeout) it waits for the mail inside one process and shows a line of progress at least
    every 15 seconds.
  - It refuses to guess. A mail of this access that holds no password, several, or a masked one makes the module fail
    with its id, date and title. Mails of other accesses and the mail with the modem's own password are passed over.
  - Some of OVHcloud's mails give a one-time link in place of the password. The module opens it only when the password
    is asked for (see O(return_password) and O(open_link)), once, through the API that O(endpoint) names, and never in
    check mode. Opening may use the link up, so keep the password when you are handed it.
  - With O(source=api) the history is read by the v2 API, and by v1 when the credentials hold only that right. In a long
    history v2 is asked for titles that name the access or PPP, so that few lists are needed; v1 cannot search.
  - With O(source=imap) the mail is read where it arrives. A server that offers IDLE tells of it at once. With O(login)
    no call of the API is made then, and no API credentials are needed, unless the mail gives a one-time link.
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.mail_source
  - ownrouter.ovhcloud.mail_patterns
  - ownrouter.ovhcloud.attributes
  - ownrouter.ovhcloud.attributes.info_module
  - ownrouter.ovhcloud.attributes.actiongroup_ovh
options:
  service_name:
    description: Service name of the access, such as V(xdsl-ab12345-1).
    type: str
    required: true
  login:
    description:
      - PPPoE login of the access. It does not change at a renewal, and knowing it makes the mail certain. When left out
        it is taken from the RADIUS log if that can be read.
    type: str
  newer_than:
    description:
      - Only mails at or after this time count (ISO 8601; UTC when it has no offset), by OVHcloud's clock, two seconds
        of tolerance included. Usually RV(ownrouter.ovhcloud.xdsl_ppp_login_mail#module:requests_since), which is of
        that clock.
    type: str
  requests:
    description:
      - How many requests were sent since O(newer_than). A mail cannot be told from the mail of an earlier request, so
        it takes so many mails, and only the newest of them counts; until then RV(found) is false.
      - Usually RV(ownrouter.ovhcloud.xdsl_ppp_login_mail#module:requests), together with
        RV(ownrouter.ovhcloud.xdsl_ppp_login_mail#module:requests_since) as O(newer_than). V(0) is the same as V(1).
    type: int
    default: 1
  timeout:
    description:
      - Seconds to wait for the mail. With V(0) the module looks once, and a missing mail is not a failure.
    type: int
    default: 0
  expected_after:
    description:
      - Seconds after O(newer_than) from which on the mail is looked for every O(interval) seconds. It takes two to
        three minutes as a rule; until then the module looks at its start and every minute, to spare requests.
      - For O(source=api) alone.
    type: int
    default: 120
  interval:
    description:
      - Seconds between two looks. Lines that share a key and wait at the same time share one look every two seconds.
      - With O(source=imap) it matters only where the server does not offer IDLE, and is two seconds at least.
    type: int
    default: 1
  progress_note:
    description:
      - Words that each line of progress ends with, such as what to do when this host has lost its own way out.
    type: str
    default: ""
  return_password:
    description:
      - Return the password. The result of the task is then hidden from the output; set C(no_log=true) on the task all
        the same, and on every task that uses it.
    type: bool
    default: false
  open_link:
    description:
      - Whether a one-time link that stands in place of the password may be opened when O(return_password=true).
      - With V(false) such a mail is reported as found, with RV(secret_link=true) and without a password, and the link
        stays as it is.
    type: bool
    default: true
  known_mail:
    description:
      - Id of a mail whose password is in hand already. When it is the newest one of this access, it is neither read nor
        is its one-time link opened, and RV(known) says so.
      - With O(newer_than) set to that mail's date, this asks for one thing alone, whether a newer mail has come.
    type: str
    version_added: 0.2.0
  state_dir:
    description:
      - Folder, on the host that runs this module, of what lines with the same key share. See O(requests_per_minute) and
        O(list_age). By default C($XDG_STATE_HOME/ownrouter.ovhcloud), or C(~/.local/state/ownrouter.ovhcloud).
      - Where it is given, it is noted there, too, which mails were opened and are none of this access's, so that each
        is opened once. It holds no contents of a mail, and may be lost.
    type: path
    version_added: 0.2.0
  proven_layout:
    description:
      - RV(layout) of an earlier credentials mail whose password is known to be the one that the line uses, such as the
        one that the router has.
      - A mail that says the same, but for its password, its dates and its numbers, is read even when the password is of
        one kind of character only, such as digits. Otherwise such a password is refused, because a word or a number may
        stand there for another reason.
      - When left out, the newest credentials mail before is taken for proven if the RADIUS log, as far as it can be
        read, has a session that began after that mail and before the one that is read.
    type: str
  mail_file:
    description:
      - A saved mail, on the host that runs the module, that is read in place of any mailbox. Nothing is sent then, no
        credentials are needed, and a link is not opened.
      - It is a message with its headers, as mail programs save it (C(.eml)), or the bare text or HTML of one. Use it to
        try the reader and the patterns on your own mail. The result tells the login and the length of the password.
    type: path
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_login_mail
"""

EXAMPLES = r"""
- name: Can the latest credentials mail be read? (Shows no password)
  ownrouter.ovhcloud.xdsl_ppp_credentials_info:
    service_name: xdsl-ab12345-1
  delegate_to: localhost
  register: credentials

# In one line: ansible localhost -m ownrouter.ovhcloud.xdsl_ppp_credentials_info -a
#   'service_name=xdsl-ab12345-1 mail_file=/tmp/mail.eml'
- name: Can this saved mail be read? (Sends nothing, shows no password)
  ownrouter.ovhcloud.xdsl_ppp_credentials_info:
    service_name: xdsl-ab12345-1
    mail_file: /tmp/mail.eml
  delegate_to: localhost

- name: Read a mail that the module does not know
  ownrouter.ovhcloud.xdsl_ppp_credentials_info:
    service_name: xdsl-ab12345-1
    mail_title: (?i)your connection
    mail_login_pattern: '^PPP peer: (\S+)$'
    mail_password_pattern: '^PPP token: (?P<password>.+)$'
  delegate_to: localhost

- name: Wait for the mail of the renewal
  ownrouter.ovhcloud.xdsl_ppp_credentials_info:
    service_name: xdsl-ab12345-1
    login: 0320123456_1@adsl.ovh
    newer_than: "{{ renewal.requests_since }}"
    requests: "{{ renewal.requests }}"
    timeout: 900
    return_password: true
  delegate_to: localhost
  register: credentials
  no_log: true

- name: The same from the mailbox that receives the mail, so that the API key cannot read the account's mails
  ownrouter.ovhcloud.xdsl_ppp_credentials_info:
    service_name: xdsl-ab12345-1
    login: 0320123456_1@adsl.ovh
    newer_than: "{{ renewal.requests_since }}"
    requests: "{{ renewal.requests }}"
    timeout: 900
    return_password: true
    source: imap
    imap_host: imap.example.org
    imap_user: lines@example.org
    imap_password: "{{ vault_imap_password }}"
    imap_folder: OVHcloud
  delegate_to: localhost
  register: credentials
  no_log: true
"""

RETURN = r"""
found:
  description: Whether a credentials mail was found and read.
  returned: success
  type: bool
login:
  description: PPPoE login in the mail, or null.
  returned: success
  type: str
  sample: 0320123456_1@adsl.ovh
password:
  description: PPPoE password in the mail.
  returned: success, when O(return_password=true) and a mail was found (with a link, only if it was opened)
  type: str
password_length:
  description: Length of the password in characters; null when there is none, or when it stands behind a link.
  returned: success
  type: int
known:
  description: Whether the newest mail is the one of O(known_mail). RV(login) and RV(password) are not told then.
  returned: success
  type: bool
secret_link:
  description: Whether the mail gives a one-time link in place of the password.
  returned: success
  type: bool
layout:
  description:
    - Digest of what the mail says without its password, its dates and its numbers, for O(proven_layout). Null when the
      mail was not read, or was read by patterns.
  returned: success
  type: str
mail:
  description: The mail (id, date, title), or null.
  returned: success
  type: dict
  sample:
    date: "2026-03-01T04:02:41Z"
    id: 2f4b3c1e-9d7a-4c55-8f0e-0d6a6f1b2c3d
    title: Vos identifiants PPPoE
passed_over:
  description:
    - Newer mails that name this access, or resemble a credentials mail of it, and are not taken for one (id, date,
      title, why). While O(requests) says that more are to come, the credentials mails too.
    - Mails that are never read are among them, encrypted ones (PGP, S/MIME) and Outlook's own form (TNEF), and those
      that your mail server calls V(dmarc=fail).
  returned: success
  type: list
  elements: dict
doubtful:
  description:
    - Whether one of RV(passed_over) names this access, and is not taken for its login alone, be it another one or none
      that can be told.
  returned: success
  type: bool
other_mails:
  description:
    - Older credentials mails of this access that came since O(newer_than) too (id, date, title). Their passwords are
      no longer valid. If one renewal was requested, somebody else requested another.
  returned: success
  type: list
  elements: dict
forwarded:
  description:
    - The mail that shows that a rule forwards OVHcloud's mails to the mailbox in a way that the next credentials mail
      would not be accepted either (id, date, title, why, what_to_do), or null. Ask for no new password until that is
      mended. With O(source=imap) only.
    - It is this access's newest credentials mail, or, where no mail of OVHcloud that came later was accepted, any mail
      of OVHcloud that shows the marks of such a rule.
  returned: success
  type: dict
  sample:
    date: "2026-03-01T04:02:41Z"
    id: INBOX/4711
    title: Vos identifiants PPPoE
    what_to_do: A rule forwards OVHcloud's mails to this mailbox and changes them on the way ...
    why: "your mail server mx.example.org says dmarc=fail: its sender is not proven to be ovhcloud.com"
elapsed:
  description: Seconds that the search took.
  returned: success
  type: float
polls:
  description: How often the history was looked at.
  returned: success
  type: int
clock_skew:
  description:
    - Seconds that OVHcloud's clock is ahead of the clock of the host that ran this module; null when OVHcloud was not
      asked.
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
        - With O(source=imap) also V(imap_unreachable), V(imap_tls), V(imap_certificate), V(imap_login_refused),
          V(imap_unavailable), V(imap_folder) or V(imap_refused).
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

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import credentials_spec, run
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.wait import collect


def main() -> None:
    run(AnsibleModule(argument_spec=credentials_spec(), supports_check_mode=True), collect)


if __name__ == "__main__":
    main()
