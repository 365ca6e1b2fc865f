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
    to the account's contact two to three minutes later. The old password is dead; until the router has the new one,
    the site is offline. There is no way back.
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
      - With O(renew=true) alone it changes nothing within O(cooldown), and later as long as the new password has not
        been used (when the RADIUS log can be read). After that the flag is a new wish, and asks again.
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
        the wish is fulfilled. So O(renew=true) can stay in version control for ever.
      - Must not be in the future.
    type: str
  max_age:
    description:
      - A duration, such as V(90d), V(12h), V(1d12h), or seconds. While the latest credentials mail is younger, nothing
        is requested. So a schedule becomes one declarative line.
    type: str
  cooldown:
    description:
      - A duration, as O(max_age). A request younger than this is never repeated, whatever the other options say. One
        that has no mail yet is V(pending).
    type: str
    default: 15m
  state_dir:
    description:
      - Folder of the journal and the locks, on the host that runs this module. It is made when missing. It holds the
        time of the last request for each access, and no secret.
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
    - V(already_renewed) when the record shows that the wish is fulfilled.
    - V(pending) when a request is on its way and its mail is not there yet, or when this run's request has an unknown
      outcome.
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

import contextlib
import datetime
import time
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import (
    connection_spec,
    mail_patterns_spec,
    mail_source_spec,
    run,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access, call_log
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    DATE_SLACK,
    Decision,
    Evidence,
    Wish,
    check_wish,
    decide,
    parse_date,
    parse_duration,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import patterns as mail_patterns
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Mailbox, Search, newest
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.source import open_mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, connect, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso

#: Looks for the evidence of a request with an unknown outcome, and the seconds between them.
EVIDENCE_LOOKS = 3
EVIDENCE_PAUSE = 2.0


class Trigger:
    """One run of the module for one access."""

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        service_name: str,
        wish: Wish,
        journal: Journal,
        patterns: mail_patterns.Patterns,
    ) -> None:
        self._client = client
        self._mailbox = mailbox
        self._patterns = patterns
        self._service_name = service_name
        self._path = f"/xdsl/{segment(service_name)}/requestPPPLoginMail"
        self._wish = wish
        self._journal = journal
        self._noted: Entry | None = None
        self.search = Search(None, None, [])
        self.warnings: list[str] = []

    def decide(self) -> Decision:
        """Gather the evidence, cheapest first, and decide."""
        now = self._client.now()
        check_wish(self._wish, now)
        self._require_active()
        self._noted = self._journal.last()
        request_at = self._noted.requested_at if self._noted and self._noted.counts else None
        login, session_ok_at, session_known = self._sessions()
        self.search = self._find_mail(login, self._look_back(now, request_at))
        mail_at = self.search.mail.date if self.search.mail else None
        evidence = Evidence(mail_at, request_at, session_ok_at, session_known)
        decision = decide(self._wish, evidence, now)
        if decision.request:
            elsewhere = call_log.newest_post(self._client, self._path, now - self._wish.cooldown)
            if elsewhere and (request_at is None or elsewhere > request_at):
                decision = decide(self._wish, Evidence(mail_at, elsewhere, session_ok_at, session_known), now)
        return decision

    def settle(self, decision: Decision, write: bool) -> str:
        """Find out what became of a request whose outcome was left open, and close the journal.

        :param write: whether the journal may be written.
        :returns: the return value ``outcome`` of a run that does not send.
        """
        noted = self._noted
        if noted is None or not noted.open or decision.since != noted.requested_at:
            return "confirmed" if decision.reason == "pending" else "none"
        came = self.search.mail is not None and self.search.mail.date >= noted.requested_at - DATE_SLACK
        with contextlib.suppress(Failure):
            came = came or call_log.newest_post(self._client, self._path, noted.requested_at - DATE_SLACK) is not None
        if came and write:
            self._note(noted.requested_at, "confirmed", noted.query_id)
        if decision.reason != "pending":
            return "none"
        return "confirmed" if came else "unknown"

    def request(self) -> tuple[datetime.datetime, Outcome | None]:
        """Send the request, after :meth:`decide`. Return its time, and ``Outcome.UNKNOWN`` if nobody knows its effect.

        :raises Failure: when it certainly had no effect.
        """
        requested_at = self._client.now()
        self._journal.record(Entry(requested_at, "sending"))
        try:
            self._client.post(self._path)
        except Failure as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                self._take_back(Entry(requested_at, failure.outcome.value, failure.details.get("query_id")))
                failure.message += " No new password was made; the running session was not cut."
                raise
            self._note(requested_at, "unknown", failure.details.get("query_id"))
            return requested_at, self._look_for_evidence(requested_at, failure)
        self._note(requested_at, "confirmed", None)
        return requested_at, None

    def _take_back(self, refused: Entry) -> None:
        """The request had no effect: what was noted before it counts again."""
        try:
            self._journal.record(self._noted if self._noted and self._noted.counts else refused)
        except Failure as failure:
            # "sending" stands there and keeps the next run from asking until the cooldown is over.
            self.warnings.append(f"The refusal could not be noted, so the next run may wait. {failure.message}")

    def _note(self, requested_at: datetime.datetime, outcome: str, query_id: str | None) -> None:
        try:
            self._journal.record(Entry(requested_at, outcome, query_id))
        except Failure as failure:
            # "sending" stands there already and counts as a request: going on matters more now.
            self.warnings.append(f"The request was sent, but its outcome could not be noted: {failure.message}")

    def _look_for_evidence(self, requested_at: datetime.datetime, failure: Failure) -> Outcome | None:
        for look in range(EVIDENCE_LOOKS):
            try:
                if call_log.newest_post(self._client, self._path, requested_at - DATE_SLACK):
                    self._note(requested_at, "confirmed", failure.details.get("query_id"))
                    self.warnings.append(f"{failure.message} OVHcloud's call log shows that the request arrived.")
                    return None
            except Failure:
                pass
            if look < EVIDENCE_LOOKS - 1:
                time.sleep(EVIDENCE_PAUSE)
        self.warnings.append(
            f"{failure.message} Whether a new password was made is not known, so the request is not sent again. If it "
            "was, its mail arrives within minutes: wait for it, or run the same task again."
        )
        return Outcome.UNKNOWN

    def _require_active(self) -> None:
        status = access.read(self._client, self._service_name).get("status")
        if status != "active":
            raise Failure(
                "access_not_active",
                f"{self._service_name} is not active: its status is {status}. Nothing was requested. Wait until it is "
                "active (OVHcloud control panel, Internet access), then run the same task again.",
                {"service_name": self._service_name, "status": status},
            )

    def _sessions(self) -> tuple[str | None, datetime.datetime | None, bool]:
        events = access.session_log_if_allowed(self._client, self._service_name)
        if events is None:
            return None, None, False
        accepted = [event.date for event in events if event.accepted]
        return (events[0].login or None if events else None), (accepted[0] if accepted else None), True

    def _look_back(self, now: datetime.datetime, request_at: datetime.datetime | None) -> datetime.datetime:
        """From when on a credentials mail can bear on the decision."""
        starts = [now - self._wish.cooldown]
        if self._wish.max_age is not None:
            starts.append(now - self._wish.max_age)
        starts += [start for start in (self._wish.renewed_since, request_at) if start is not None]
        return min(starts) - DATE_SLACK

    def _find_mail(self, login: str | None, since: datetime.datetime) -> Search:
        line = reader.Line(self._service_name, login, self._patterns)
        try:
            return newest(self._mailbox, line, since)
        except Failure as failure:
            if failure.code not in ("not_granted", "forbidden"):
                raise
            if self._wish.renewed_since is not None or self._wish.max_age is not None:
                failure.message += " renewed_since and max_age need it. Nothing was requested."
                raise
            self.warnings.append(f"Only the journal and the call log could be consulted. {failure.message}")
            return Search(None, None, [])


def renewal(module: AnsibleModule) -> dict[str, t.Any]:
    params = module.params
    patterns = mail_patterns.compiled(params)
    wish = Wish(
        renew=params["renew"],
        cooldown=parse_duration("cooldown", params["cooldown"]),
        renewed_since=parse_date("renewed_since", params["renewed_since"])
        if params["renewed_since"] is not None
        else None,
        max_age=parse_duration("max_age", params["max_age"]) if params["max_age"] is not None else None,
    )
    if not wish.renew:
        decision = decide(wish, Evidence(), datetime.datetime.now(datetime.timezone.utc))
        return _result(decision, None, "none")
    journal = Journal(params["state_dir"] or default_state_dir(), params["service_name"])
    client = connect(params)
    mailbox = open_mailbox(params, lambda: client)
    trigger = Trigger(client, mailbox, params["service_name"], wish, journal, patterns)
    with contextlib.nullcontext() if module.check_mode else journal.locked():
        decision = trigger.decide()
        if not decision.request or module.check_mode:
            outcome = "none" if decision.request else trigger.settle(decision, not module.check_mode)
            return _result(decision, trigger, outcome)
        requested_at, unknown = trigger.request()
    if unknown:
        sent = Decision("pending", "The request was sent, and its outcome is not known.", requested_at)
        return {**_result(sent, trigger, "unknown"), "changed": True, "requested": True}
    return _result(Decision("requested", decision.why, requested_at), trigger, "confirmed")


def _result(decision: Decision, trigger: Trigger | None, outcome: str) -> dict[str, t.Any]:
    mail = trigger.search.mail if trigger else None
    return {
        "changed": decision.request,
        "requested": decision.request,
        "reason": decision.reason,
        "outcome": outcome,
        "requested_at": iso(decision.since) if decision.since else None,
        "mail": mail.as_result() if mail else None,
        "message": decision.why,
        "warnings": trigger.warnings if trigger else [],
    }


def main() -> None:
    spec = {**connection_spec(), **mail_source_spec(), **mail_patterns_spec()}
    spec.update(
        service_name={"type": "str", "required": True},
        renew={"type": "bool", "default": False},
        renewed_since={"type": "str"},
        max_age={"type": "str"},
        cooldown={"type": "str", "default": "15m"},
        state_dir={"type": "path"},
    )
    run(AnsibleModule(argument_spec=spec, supports_check_mode=True), renewal)


if __name__ == "__main__":
    main()
