#!/usr/bin/python

# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: xdsl_ppp_login_mail
short_description: Ask OVHcloud for new PPPoE credentials of an Internet access, at most once
version_added: 0.1.0
description:
  - B(This cuts the line.) OVHcloud makes a new PPPoE password, ends the running session, and mails login and password
    to the account's contact two to three minutes later. The previous password is no longer valid; until the router has
    the new one, the site is offline. There is no way back.
  - The request (C(POST /xdsl/{serviceName}/requestPPPLoginMail)) is sent only when O(renew) is V(true) and neither
    OVHcloud's own record nor the local journal shows that this was done already.
  - A request whose outcome is not known (time-out, cut connection, unreadable answer) is never sent again blindly. It
    is reported as V(pending) with RV(outcome=unknown), and running the same task again resumes.
  - This module does not wait for the mail. Use M(ownrouter.ovhcloud.xdsl_ppp_credentials_info) for that, or the role
    P(ownrouter.ovhcloud.router_pppoe#role) for the whole job.
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.mail_source
  - ownrouter.ovhcloud.mail_patterns
  - ownrouter.ovhcloud.attributes
  - ownrouter.ovhcloud.attributes.actiongroup_ovh
attributes:
  check_mode:
    support: full
    details:
      - Reads everything, takes the decision and predicts it. Never sends the request.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(renewed_since) or O(max_age) the second run changes nothing, at any time.
      - With O(renew=true) alone it changes nothing within O(cooldown), and later as long as the mail is not there or
        the new password has not been used (when the RADIUS log can be read). After that the flag is a new request, and
        asks again.
options:
  service_name:
    description: Service name of the access, such as V(xdsl-ab12345-1).
    type: str
    required: true
  renew:
    description:
      - The flag. With V(false) nothing is requested, whatever the other options say, and OVHcloud is not even called.
    type: bool
    default: false
  renewed_since:
    description:
      - A time (ISO 8601; UTC when it has no offset). A credentials mail of this access dated at or after it means that
        the renewal is done. So O(renew=true) can stay in version control for ever.
      - Must not be in the future.
    type: str
  max_age:
    description:
      - A duration, such as V(90d), V(12h), V(1d12h) or V(900s). While the latest credentials mail is younger, nothing
        is requested. So a schedule becomes one declarative line.
      - Where neither a mail nor the journal nor OVHcloud's call log tells how old the password is, nothing is requested
        either (RV(reason=age_unknown)). O(renewed_since) set to the current time is the explicit request that goes on.
    type: str
  max_age_jitter:
    description:
      - A duration, as O(max_age), by whose share the age may be higher. Each access has a share of its own, which comes
        from its name and is always the same one, so that accesses whose passwords are of one day are not renewed in one
        night. It delays a renewal, and never brings it forward. Without O(max_age) it has no effect.
    type: str
    version_added: 0.2.0
  renew_between:
    description:
      - Two times of the day and a time zone, such as V(02:00-05:00 Europe/Paris) or V(22:30-04:00 UTC). A new password
        is asked for in these hours alone. At any other time, one that is due is V(not_now).
      - Without a name, the zone is that of the machine that the module runs on. An execution environment has UTC.
      - A request that was sent already is followed to its end at any time.
    type: str
    version_added: 0.2.0
  cooldown:
    description:
      - A duration, as O(max_age). A request younger than this is never repeated, whatever the other options say. One
        that has no mail yet is V(pending).
      - One that OVHcloud took stays V(pending) beyond that, until its mail is there, a later O(renewed_since) asks
        anew, or a session that began two minutes or more after it shows that its password was set by hand.
      - OVHcloud's log of the account's calls is read back this far. Where that cannot be done, because it holds too
        many entries, the result is V(pending), too. O(renewed_since) set to the current time is the explicit request
        that goes on.
    type: str
    default: 15m
  session_uptime:
    description:
      - Seconds that the router's present session has been up without a break, by the router's own word, where that is
        known. A request ends the session, so a session that is older than O(cooldown) proves that none took effect in
        that time, and OVHcloud's call log need not be read back so far.
      - A session that began after a request, and well after it, shows that its password is set.
    type: int
  session_seen_at:
    description:
      - Date and time (ISO 8601, by OVHcloud's clock) when the router told O(session_uptime). What may have ended the
        session since is looked for in OVHcloud's call log.
      - By default the moment at which the task starts.
    type: str
    version_added: 0.2.0
  known_mail_date:
    description:
      - Date and time (ISO 8601) of a credentials mail of this access whose password is in hand, such as a store keeps
        it. It counts as that mail does, also when the mail has left the history.
    type: str
    version_added: 0.2.0
  known_request:
    description:
      - The RV(requested_at) of the request that this mail answered. That request has its mail then.
    type: str
    version_added: 0.2.0
  known_by_hand:
    description:
      - Date and time since when a password is in use that was given by hand, where no mail is known. For O(max_age)
        it counts as its age, where nothing else tells it.
    type: str
    version_added: 0.2.0
  not_after:
    description:
      - Date and time (ISO 8601, on OVHcloud's clock) after which nothing is requested any more. It is checked directly
        before the request, so that a
        module whose task was ended in the meantime sends nothing.
    type: str
    version_added: 0.2.0
  state_dir:
    description:
      - Folder of the journal and the locks, on the host that runs this module. It is made when missing. It holds the
        time of the last request for each access, and no secret.
      - What lines with the same key share is there, too. See O(requests_per_minute) and O(list_age).
      - By default C($XDG_STATE_HOME/ownrouter.ovhcloud), or C(~/.local/state/ownrouter.ovhcloud).
      - It may be lost, as in a container. Then OVHcloud's own record alone guards against a second request.
    type: path
seealso:
  - module: ownrouter.ovhcloud.xdsl_ppp_credentials_info
"""

EXAMPLES = r"""
- name: Renew the credentials of this line now, once
  ownrouter.ovhcloud.xdsl_ppp_login_mail:
    service_name: xdsl-ab12345-1
    renew: true
  delegate_to: localhost
  register: renewal

- name: Renewed since the person who knew the password left (may stay in git)
  ownrouter.ovhcloud.xdsl_ppp_login_mail:
    service_name: xdsl-ab12345-1
    renew: true
    renewed_since: "2026-03-01T04:00:00Z"
  delegate_to: localhost

- name: A new password every quarter, from a daily schedule
  ownrouter.ovhcloud.xdsl_ppp_login_mail:
    service_name: xdsl-ab12345-1
    renew: true
    max_age: 90d
  delegate_to: localhost
"""

RETURN = r"""
requested:
  description:
    - Whether this run sent the request (in check mode, would send it), as far as is known. See RV(outcome).
  returned: success
  type: bool
reason:
  description:
    - V(flag_unset) when O(renew) is V(false).
    - V(already_renewed) when the record shows that the renewal was made already.
    - V(pending) when a request is on its way and its mail is not there yet, when this run's request has an unknown
      outcome, or when nobody knows whether there is one (RV(requested_at) is null then).
    - V(age_unknown) when O(max_age) is set and nothing tells how old the current password is.
    - V(not_now) when a new password is due, and it is not the time of O(renew_between).
    - V(requested) when this run sent the request.
  returned: success
  type: str
  sample: requested
outcome:
  description:
    - What is known of the request that RV(reason=requested) or RV(reason=pending) speaks of. V(confirmed) (OVHcloud
      took it) or V(unknown) (no readable answer, or the run ended in the middle of it). Else V(none).
  returned: success
  type: str
requested_at:
  description:
    - Time of the request that counts, on OVHcloud's clock. The credentials mail that counts is not older. Null when
      there is none.
  returned: success
  type: str
  sample: "2026-03-01T04:00:03Z"
requests:
  description:
    - How many requests, the one of RV(requested_at) included, have no mail yet that is known to be theirs; V(0) when
      RV(requested_at) is not the time of a request. A mail cannot be told from the mail of an earlier request, so only
      the last of so many mails counts. See O(ownrouter.ovhcloud.xdsl_ppp_credentials_info#module:requests).
  returned: success
  type: int
  sample: 1
requests_since:
  description:
    - Time of the first of these RV(requests), RV(requested_at) when there is none. The credentials mails that count are
      not older.
  returned: success
  type: str
  sample: "2026-03-01T04:00:03Z"
passed_over:
  description: Mails that resemble credentials mails of this access, and why they are none (id, date, title, why).
  returned: success
  type: list
  elements: dict
forwarded:
  description:
    - The mail that shows that a rule forwards OVHcloud's mails to the mailbox in a way that the next credentials mail
      would not be accepted either (id, date, title, why, what_to_do), or null. A warning says so as well, and the
      request is sent all the same. Run in check mode first and do not request a new password until that is mended.
    - See RV(ownrouter.ovhcloud.xdsl_ppp_credentials_info#module:forwarded). With O(source=imap) only.
  returned: success
  type: dict
  sample:
    date: "2026-03-01T04:02:41Z"
    id: INBOX/4711
    title: Vos identifiants PPPoE
    what_to_do: A rule forwards OVHcloud's mails to this mailbox and changes them on the way ...
    why: "your mail server mx.example.org says dmarc=fail: its sender is not proven to be ovhcloud.com"
mail:
  description: Latest credentials mail that bears on the decision (id, date, title), or null. Never its content.
  returned: success
  type: dict
  sample:
    date: "2025-12-01T04:02:41Z"
    id: 2f4b3c1e-9d7a-4c55-8f0e-0d6a6f1b2c3d
    title: Vos identifiants PPPoE
message:
  description: Why, in one or two sentences.
  returned: success
  type: str
clock_skew:
  description: >-
    Seconds that OVHcloud's clock is ahead of the clock of the host that ran this module; null where it was not asked.
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

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import login_mail_spec, run
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.trigger import renew


def main() -> None:
    run(AnsibleModule(argument_spec=login_mail_spec(), supports_check_mode=True), renew)


if __name__ == "__main__":
    main()
