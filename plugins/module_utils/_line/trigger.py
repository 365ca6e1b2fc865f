# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one request for a new password, and what is known of its effect."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.evidence import Known, Record, path_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    DATE_SLACK,
    Decision,
    Evidence,
    check_range,
    decide,
    parse_date,
    policy_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import patterns as mail_patterns
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.source import open_mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import moments
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.call_log import LIST, TOPIC
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, connect
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso

#: Looks for the evidence of a request with an unknown outcome, and the seconds between them.
EVIDENCE_LOOKS = 3
EVIDENCE_PAUSE = 2.0
NO_EFFECT = " No new password was made; the running session was not cut."

#: Called before a request is noted (False), and again directly before it is sent (True). It raises Failure where the
#: request must not be sent.
Ready = t.Callable[[bool], None]


def always_ready(sending: bool) -> None:
    """Nothing speaks against it."""


class Trigger:
    """Sends the request of one access, once the record says so."""

    def __init__(self, client: Client, service_name: str, journal: Journal, record: Record, ready: Ready) -> None:
        self._client = client
        self._path = path_of(service_name)
        self._journal = journal
        self.record = record
        self._ready = ready

    def settle(self, decision: Decision, write: bool) -> str:
        """Find out what became of a request whose outcome was left open, and close the journal.

        :param write: whether the journal may be written.
        :returns: the return value ``outcome`` of a run that does not send.
        """
        noted = self.record.noted
        if noted is None or not noted.open or decision.since != noted.requested_at:
            return "confirmed" if decision.reason == "pending" and decision.since else "none"
        came = self.record.evidence.answered
        with contextlib.suppress(Failure):
            came = came or self._arrived(noted.requested_at)
        if came and write:
            self._note(dataclasses.replace(noted, outcome="confirmed"))
        if decision.reason != "pending":
            return "none"
        return "confirmed" if came else "unknown"

    def _arrived(self, requested_at: datetime.datetime) -> bool:
        since = requested_at - DATE_SLACK
        posts = self.record.log.back_to(since, since)
        return posts is not None and any(post >= since for post in posts.times)

    def request(self) -> tuple[Decision, Outcome | None]:
        """Send the request, after :meth:`Record.decide`. Return what is so now; ``Outcome.UNKNOWN`` if nobody knows.

        :raises Failure: when it certainly had no effect.
        """
        self._ready(False)
        entry = self._next_entry(self._client.now())
        self._journal.record(entry)
        try:
            overtaken = self.record.log.again()
            if not overtaken:
                self._ready(True)
        except Failure as failure:
            self._take_back(entry)
            failure.message += NO_EFFECT
            raise
        if overtaken:
            self._take_back(entry)
            return self._overtaken(overtaken[-1]), None
        try:
            self._client.post(self._path)
        except Failure as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                self._take_back(entry, failure)
                failure.message += NO_EFFECT
                raise
            entry = dataclasses.replace(entry, outcome="unknown", query_id=failure.details.get("query_id"))
            self._note(entry)
            return self._sent(entry), self._look_for_evidence(entry, failure)
        self._confirm(dataclasses.replace(entry, outcome="confirmed"))
        return self._sent(entry), None

    def _sent(self, entry: Entry) -> Decision:
        return Decision("requested", "Nothing shows that this renewal was made already.", entry.requested_at)

    def _next_entry(self, now: datetime.datetime) -> Entry:
        """This request, with those before it whose mails may still come."""
        before, noted = self.record.asked, self.record.noted
        refused_at = None if noted is None else noted.refused_at if noted.counts else noted.requested_at
        if before and before.confirmed and not self.record.evidence.answered and not self.record.evidence.proven:
            return Entry(now, "sending", None, before.count + 1, before.first, refused_at)
        return Entry(now, "sending", refused_at=refused_at)

    def _confirm(self, entry: Entry) -> None:
        """Note that it was taken; then count those that others sent at the same moment, whose mails look the same."""
        self._note(entry)
        with contextlib.suppress(Failure):
            self.record.log.again(time.monotonic())
        found = asked(entry, self.record.log.times, None)
        if found and found.count > entry.requests:
            entry = dataclasses.replace(entry, requests=found.count)
            self._note(entry)
        self.record.asked = asked(entry, (), None)

    def _overtaken(self, at: datetime.datetime) -> Decision:
        self.record.asked = asked(self.record.noted, self.record.log.times, self.record.session.stands)
        why = "Another host sent a request for this line just before; its mail is not there yet. Nothing was requested."
        return Decision("pending", why, at)

    def _take_back(self, entry: Entry, failure: Failure | None = None) -> None:
        """The request had no effect, or was not sent: what was noted before it counts again."""
        outcome = failure.outcome.value if failure else "not_sent"
        refused = Entry(entry.requested_at, outcome, failure.details.get("query_id") if failure else None)
        if self.record.noted and self.record.noted.counts:
            refused = dataclasses.replace(self.record.noted, refused_at=entry.requested_at if failure else None)
        try:
            self._journal.record(refused)
        except Failure as error:
            # "sending" stands there and keeps the next run from asking until the cooldown is over.
            self.record.warnings.append(
                "The request had no effect, but the journal does not say so: until cooldown is over, the next run may "
                f"wait for its mail. {error.message}"
            )

    def _note(self, entry: Entry) -> None:
        try:
            self._journal.record(entry)
        except Failure as failure:
            # "sending" stands there already and counts as a request: going on matters more now.
            self.record.warnings.append(f"The request was sent, but its outcome could not be noted: {failure.message}")

    def _look_for_evidence(self, entry: Entry, failure: Failure) -> Outcome | None:
        for look in range(EVIDENCE_LOOKS):
            with contextlib.suppress(Failure):
                if any(post >= entry.requested_at - DATE_SLACK for post in self.record.log.again(time.monotonic())):
                    self._confirm(dataclasses.replace(entry, outcome="confirmed"))
                    self.record.warnings.append(
                        f"{failure.message} OVHcloud's call log shows that the request arrived."
                    )
                    return None
            if look < EVIDENCE_LOOKS - 1:
                time.sleep(EVIDENCE_PAUSE)
        self.record.warnings.append(
            f"{failure.message} Whether a new password was made is not known, so the request is not sent again. If it "
            "was, its mail arrives within minutes: wait for it, or run the same command again."
        )
        self.record.asked = asked(entry, (), None)
        return Outcome.UNKNOWN


def renew(params: t.Mapping[str, t.Any], check_mode: bool, ready: Ready = always_ready) -> dict[str, t.Any]:
    """Ask for a new password, if that is requested and not done yet.

    :param params: the options of plugins/modules/xdsl_ppp_login_mail.py
    :param check_mode: read all, decide, and send nothing
    :param ready: has the last word before the request; without it, how the account's mails came is looked at here
    :returns: what that module returns, with ``warnings``
    :raises Failure: when the request certainly had no effect, or was not sent
    """
    patterns = mail_patterns.compiled(params)
    uptime = params.get("session_uptime")
    if uptime is not None:
        check_range(params, session_uptime=0)
    seen_at = parse_date("session_seen_at", params["session_seen_at"]) if params.get("session_seen_at") else None
    policy = policy_of(params)
    not_after = parse_date("not_after", params["not_after"]) if params.get("not_after") else None
    if not policy.renew:
        decision = decide(policy, Evidence(), datetime.datetime.now(datetime.timezone.utc))
        return _result(decision, None, "none")
    journal = Journal(params["state_dir"] or default_state_dir(), params["service_name"])
    client = connect(params)
    # A line that is about to be cut waits for nobody else's reading.
    client.turn = Turn.READ if check_mode else Turn.POST
    mailbox = open_mailbox(params, lambda: client)
    # Lines that are decided on at the same moment share what mails and call log tell directly before a request.
    waited = datetime.timedelta(seconds=0 if check_mode else moments.meet(client, TOPIC, LIST, moments.LONGEST))
    up_for = datetime.timedelta(seconds=uptime) if uptime is not None else None
    seen_ago = max(waited, client.now() - seen_at) if seen_at is not None else waited
    record = Record(
        client, mailbox, params["service_name"], policy, journal, patterns, up_for, _known(params), seen_ago
    )

    def in_time(sending: bool) -> None:
        ready(sending)
        if sending and not_after is not None and client.now() > not_after:
            raise Failure(
                "too_late",
                f"The request was to be sent before {iso(not_after)} (not_after), and it is later now: whoever "
                "asked for it may have given up. Nothing was requested.",
                {"option": "not_after"},
            )

    trigger = Trigger(client, params["service_name"], journal, record, in_time)
    with contextlib.nullcontext() if check_mode else journal.locked():
        decision = record.decide()
        if decision.request and params["source"] == "imap" and ready is always_ready:
            record.look_at_the_ways()  # nobody's preflight has
        if not decision.request or check_mode:
            outcome = "none" if decision.request else trigger.settle(decision, not check_mode)
            return _result(decision, record, outcome)
        sent, unknown = trigger.request()
    if unknown:
        pending = Decision("pending", "The request was sent, and its outcome is not known.", sent.since)
        return {**_result(pending, record, "unknown"), "changed": True, "requested": True}
    return _result(sent, record, "confirmed")


def _known(params: t.Mapping[str, t.Any]) -> Known:
    given = (params.get(name) for name in ("known_mail_date", "known_request", "known_by_hand"))
    return Known(*(parse_date("known_mail_date", value) if value else None for value in given))


def _result(decision: Decision, record: Record | None, outcome: str) -> dict[str, t.Any]:
    mail = record.search.mail if record else None
    known = record.asked if record else None
    open_requests = known if known and known.newest == decision.since else None
    since = open_requests.first if open_requests else decision.since
    return {
        "changed": decision.request,
        "requested": decision.request,
        "reason": decision.reason,
        "outcome": outcome,
        "requested_at": iso(decision.since) if decision.since else None,
        "requests": open_requests.count if open_requests else 0,
        "requests_since": iso(since) if since else None,
        "mail": mail.as_result() if mail else None,
        "passed_over": record.search.passed_over if record else [],
        "forwarded": (record.ways.forwarded or record.search.forwarded) if record else None,
        "message": decision.why,
        "clock_skew": record.skew if record else None,
        "warnings": record.warnings if record else [],
    }
