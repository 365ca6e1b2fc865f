# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one request for a new password: the evidence, the decision, the request, and what is known of its effect."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access, call_log
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import Asked, asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    CUT_WITHIN,
    DATE_SLACK,
    Decision,
    Evidence,
    Wish,
    check_range,
    check_wish,
    decide,
    not_known,
    parse_date,
    parse_duration,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import mail_patterns, ppp_mail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Mailbox, Search, newest
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.source import open_mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, connect, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso

#: Looks for the evidence of a request with an unknown outcome, and the seconds between them.
EVIDENCE_LOOKS = 3
EVIDENCE_PAUSE = 2.0
#: A request that another host sent is looked for so far back, where the log can be read that far: its mail is late.
OPEN_FOR = datetime.timedelta(hours=6)
#: Beyond twice max_age, so much more is searched for an older mail before all mails are.
OLDER = datetime.timedelta(days=30)
NO_EFFECT = " No new password was made; the running session was not cut."
READ_IT = (
    "Read that mail in OVHcloud's control panel (service e-mails). Where it holds the PPPoE credentials, mark them "
    "with mail_title and mail_password_pattern, then run the same command again."
)


@dataclasses.dataclass(frozen=True)
class Session:
    """What the RADIUS log, and the router by its own word, tell of the line's sessions."""

    login: str | None = None
    ok_at: datetime.datetime | None = None
    known: bool = False
    refused_since: bool = False

    @property
    def stands(self) -> datetime.datetime | None:
        """Since when the line has the session that it has, as far as that is known."""
        return None if self.refused_since else self.ok_at


class Trigger:
    """One run of the module for one access.

    :param session_uptime: how long the router's present session has been up, by its own word.
    """

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        service_name: str,
        wish: Wish,
        journal: Journal,
        patterns: mail_patterns.Patterns,
        session_uptime: datetime.timedelta | None = None,
    ) -> None:
        self._client = client
        self._mailbox = mailbox
        self._patterns = patterns
        self._service_name = service_name
        self._path = f"/xdsl/{segment(service_name)}/requestPPPLoginMail"
        self._wish = wish
        self._journal = journal
        self._uptime = session_uptime
        self._log = call_log.RequestLog(client, self._path)
        self._noted: Entry | None = None
        self._session = Session()
        self._evidence = Evidence()
        self._posts: tuple[datetime.datetime, ...] = ()
        self.asked: Asked | None = None
        self.search = Search(None, None, [])
        self._searched: tuple[datetime.datetime | None, int] | None = None
        self.warnings: list[str] = []

    def decide(self) -> Decision:
        """Gather the evidence, cheapest first, and decide."""
        now = self._client.now()
        check_wish(self._wish, now)
        self._require_active()
        self._noted = self._journal.last()
        self._session = self._sessions(now)
        decision = self._judged(now)
        if decision.reason == "age_unknown":
            decision = self._judged_by_older_mails(now)
        if decision.request or decision.reason == "age_unknown":
            posts = self._log.back_to(*self._log_window(now))
            if posts is None:
                self.warnings.append(
                    "These credentials may not read OVHcloud's call log (GET /me/api/logs/self), so a request that "
                    "another host sent, and whose mail is not there yet, would not be seen."
                )
            elif posts.times:
                self._posts = posts.times
                decision = self._judged(now)
            if decision.request and posts and posts.unknown:
                decision = not_known(self._wish, now, posts.unknown)
        return self._told(decision)

    def _judged(self, now: datetime.datetime) -> Decision:
        """Decide by what is known so far."""
        self.asked = asked(self._noted, self._posts, self._session.stands)
        known = self.asked
        self._look_for_mails(self._look_back(now), known.count if known else 1)
        self._evidence = Evidence(
            mail_at=self.search.mail.date if self.search.mail else None,
            request_at=known.newest if known else None,
            session_ok_at=self._session.ok_at,
            session_known=self._session.known,
            confirmed=known.confirmed if known else False,
            requests=known.count if known else 1,
            mails=sum(date >= known.first - DATE_SLACK for date in self.search.dates) if known else 0,
            refused_since=self._session.refused_since,
        )
        return decide(self._wish, self._evidence, now)

    def _judged_by_older_mails(self, now: datetime.datetime) -> Decision:
        """No mail is younger than max_age. Is there an older one, or none at all? Only the former tells an age."""
        max_age = self._wish.max_age or datetime.timedelta()
        for since in (now - 2 * max_age - OLDER, None):
            try:
                self._look_for_mails(since, 1)
            except Failure as failure:
                if failure.code != "too_many_mails":
                    raise
                self.warnings.append(failure.message)
            if self.search.mail:
                break
        return self._judged(now)

    def _log_window(self, now: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
        """How far the call log must be read back, and how far it is worth it."""
        must, far = now - self._wish.cooldown, now - OPEN_FOR
        if self._uptime is not None and self._uptime >= self._wish.cooldown + CUT_WITHIN:
            # Free evidence: a request that took effect would have ended this session.
            must = far = max(must, now - CUT_WITHIN)
        if self._wish.renewed_since is not None:
            must = max(must, self._wish.renewed_since)
        if self._session.stands is not None:
            far = max(far, self._session.stands - CUT_WITHIN)
        return must, min(must, far)

    def _told(self, decision: Decision) -> Decision:
        """With the mails that were passed over, where it is said that there is none; then no renewal is offered."""
        if decision.reason not in ("pending", "age_unknown"):
            return decision
        why = decision.why + self.search.told()
        if self.search.ours_passed_over:
            return Decision(decision.reason, f"{why} {READ_IT}", decision.since)
        return Decision(decision.reason, f"{why} {decision.offer}".rstrip(), decision.since)

    def settle(self, decision: Decision, write: bool) -> str:
        """Find out what became of a request whose outcome was left open, and close the journal.

        :param write: whether the journal may be written.
        :returns: the return value ``outcome`` of a run that does not send.
        """
        noted = self._noted
        if noted is None or not noted.open or decision.since != noted.requested_at:
            return "confirmed" if decision.reason == "pending" and decision.since else "none"
        came = self._evidence.answered
        with contextlib.suppress(Failure):
            came = came or self._arrived(noted.requested_at)
        if came and write:
            self._note(dataclasses.replace(noted, outcome="confirmed"))
        if decision.reason != "pending":
            return "none"
        return "confirmed" if came else "unknown"

    def _arrived(self, requested_at: datetime.datetime) -> bool:
        since = requested_at - DATE_SLACK
        posts = self._log.back_to(since, since)
        return posts is not None and any(post >= since for post in posts.times)

    def request(self) -> tuple[Decision, Outcome | None]:
        """Send the request, after :meth:`decide`. Return what is so now, and ``Outcome.UNKNOWN`` if nobody knows.

        :raises Failure: when it certainly had no effect.
        """
        entry = self._next_entry(self._client.now())
        self._journal.record(entry)
        try:
            overtaken = self._log.again()
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
        self._note(self._counted(dataclasses.replace(entry, outcome="confirmed")))
        return self._sent(entry), None

    def _sent(self, entry: Entry) -> Decision:
        return Decision("requested", "Nothing shows that this wish was fulfilled already.", entry.requested_at)

    def _next_entry(self, now: datetime.datetime) -> Entry:
        """This request, with those before it whose mails may still come."""
        before = self.asked
        if before and before.confirmed and not self._evidence.answered and not self._evidence.proven:
            return Entry(now, "sending", requests=before.count + 1, since=before.first)
        return Entry(now, "sending")

    def _counted(self, entry: Entry) -> Entry:
        """With the requests that others sent at the same moment: whose mail is whose cannot be told."""
        with contextlib.suppress(Failure):
            self._log.again()
        found = asked(entry, self._log.times, None)
        entry = dataclasses.replace(entry, requests=found.count if found else 1)
        self.asked = asked(entry, (), None)
        return entry

    def _overtaken(self, at: datetime.datetime) -> Decision:
        self._posts = tuple(self._log.times)
        self.asked = asked(self._noted, self._posts, self._session.stands)
        why = (
            "Another host sent a request just before this one's turn; its mail is not there yet. Nothing was requested."
        )
        return Decision("pending", why, at)

    def _take_back(self, entry: Entry, failure: Failure | None = None) -> None:
        """The request had no effect, or was not sent: what was noted before it counts again."""
        outcome = failure.outcome.value if failure else "not_sent"
        refused = Entry(entry.requested_at, outcome, failure.details.get("query_id") if failure else None)
        if self._noted and self._noted.counts:
            refused = dataclasses.replace(self._noted, refused_at=entry.requested_at if failure else None)
        try:
            self._journal.record(refused)
        except Failure as error:
            # "sending" stands there and keeps the next run from asking until the cooldown is over.
            self.warnings.append(f"The refusal could not be noted, so the next run may wait. {error.message}")

    def _note(self, entry: Entry) -> None:
        try:
            self._journal.record(entry)
        except Failure as failure:
            # "sending" stands there already and counts as a request: going on matters more now.
            self.warnings.append(f"The request was sent, but its outcome could not be noted: {failure.message}")

    def _look_for_evidence(self, entry: Entry, failure: Failure) -> Outcome | None:
        for look in range(EVIDENCE_LOOKS):
            with contextlib.suppress(Failure):
                if any(post >= entry.requested_at - DATE_SLACK for post in self._log.again()):
                    self._note(self._counted(dataclasses.replace(entry, outcome="confirmed")))
                    self.warnings.append(f"{failure.message} OVHcloud's call log shows that the request arrived.")
                    return None
            if look < EVIDENCE_LOOKS - 1:
                time.sleep(EVIDENCE_PAUSE)
        self.warnings.append(
            f"{failure.message} Whether a new password was made is not known, so the request is not sent again. If it "
            "was, its mail arrives within minutes: wait for it, or run the same task again."
        )
        self.asked = asked(entry, (), None)
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

    def _sessions(self, now: datetime.datetime) -> Session:
        events = access.session_log_if_allowed(self._client, self._service_name)
        began = now - self._uptime if self._uptime is not None else None
        if events is None:
            return Session(ok_at=began)
        accepted = [event.date for event in events if event.accepted]
        ok_at = max((at for at in [*accepted[:1], began] if at is not None), default=None)
        return Session(
            login=events[0].login or None if events else None,
            ok_at=ok_at,
            known=True,
            refused_since=any(not event.accepted and (ok_at is None or event.date > ok_at) for event in events),
        )

    def _look_back(self, now: datetime.datetime) -> datetime.datetime:
        """From when on a credentials mail can bear on the decision."""
        starts = [now - self._wish.cooldown]
        if self._wish.max_age is not None:
            starts.append(now - self._wish.max_age)
        first = self.asked.first if self.asked else None
        starts += [start for start in (self._wish.renewed_since, first) if start is not None]
        return min(starts) - DATE_SLACK

    def _look_for_mails(self, since: datetime.datetime | None, at_least: int) -> None:
        """Have :attr:`search` reach back that far, and hold so many mails if there are so many."""
        if self._searched is not None:
            start, count = self._searched
            if (start is None or (since is not None and since >= start)) and at_least <= count:
                return
        self._searched = (since, at_least)
        line = ppp_mail.Line(self._service_name, self._session.login, self._patterns)
        try:
            self.search = newest(self._mailbox, line, since, at_least=at_least)
        except Failure as failure:
            if failure.code not in ("not_granted", "forbidden"):
                raise
            if self._wish.renewed_since is not None or self._wish.max_age is not None:
                failure.message += " renewed_since and max_age need it. Nothing was requested."
                raise
            self.warnings.append(f"Only the journal and the call log could be consulted. {failure.message}")
            self.search = Search(None, None, [])


def renew(params: t.Mapping[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    """Ask for a new password, if that is wished and not done yet.

    :param params: the options of plugins/modules/xdsl_ppp_login_mail.py
    :param check_mode: read all, decide, and send nothing
    :returns: what that module returns, with ``warnings``
    :raises Failure: when the request certainly had no effect, or was not sent
    """
    patterns = mail_patterns.compiled(params)
    uptime = params.get("session_uptime")
    if uptime is not None:
        check_range(params, session_uptime=0)
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
    up_for = datetime.timedelta(seconds=uptime) if uptime is not None else None
    trigger = Trigger(client, mailbox, params["service_name"], wish, journal, patterns, up_for)
    with contextlib.nullcontext() if check_mode else journal.locked():
        decision = trigger.decide()
        if not decision.request or check_mode:
            outcome = "none" if decision.request else trigger.settle(decision, not check_mode)
            return _result(decision, trigger, outcome)
        sent, unknown = trigger.request()
    if unknown:
        pending = Decision("pending", "The request was sent, and its outcome is not known.", sent.since)
        return {**_result(pending, trigger, "unknown"), "changed": True, "requested": True}
    return _result(sent, trigger, "confirmed")


def _result(decision: Decision, trigger: Trigger | None, outcome: str) -> dict[str, t.Any]:
    mail = trigger.search.mail if trigger else None
    known = trigger.asked if trigger else None
    open_requests = known if known and known.newest == decision.since else None
    return {
        "changed": decision.request,
        "requested": decision.request,
        "reason": decision.reason,
        "outcome": outcome,
        "requested_at": iso(decision.since) if decision.since else None,
        "requests": open_requests.count if open_requests else 0,
        "requests_since": iso(open_requests.first) if open_requests else None,
        "mail": mail.as_result() if mail else None,
        "passed_over": trigger.search.passed_over if trigger else [],
        "message": decision.why,
        "warnings": trigger.warnings if trigger else [],
    }
