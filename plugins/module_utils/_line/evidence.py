# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a line's requests, mails and sessions, gathered cheapest first, and the decision on it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import Asked, asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    CUT_WITHIN,
    DATE_SLACK,
    Decision,
    Evidence,
    RenewalPolicy,
    check_policy,
    decide,
    not_known,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import patterns as mail_patterns
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Mailbox, Search, newest
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import call_log
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, segment

#: A request that another host sent is looked for so far back, where the log can be read that far: its mail is late.
OPEN_FOR = datetime.timedelta(hours=6)
#: Beyond twice max_age, so much more is searched for an older mail before all mails are.
OLDER = datetime.timedelta(days=30)
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


@dataclasses.dataclass(frozen=True)
class Known:
    """What somebody else, such as a store, knows of the current password: it outlives mails and logs.

    ``mail_at``: date of its mail. ``request_at``: the request that this mail answers. ``handed_at``: when it was
    given by hand, where no mail is known.
    """

    mail_at: datetime.datetime | None = None
    request_at: datetime.datetime | None = None
    handed_at: datetime.datetime | None = None


class Record:
    """What one run knows of one access.

    ``asked``: the requests that have no mail yet; ``search``: the mails; ``log``: the account's call log.

    :param session_uptime: how long the router's session had been up, by its own word
    :param seen_ago: when it said so
    """

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        service_name: str,
        policy: RenewalPolicy,
        journal: Journal,
        patterns: mail_patterns.Patterns,
        session_uptime: datetime.timedelta | None = None,
        of_password: Known = Known(),
        seen_ago: datetime.timedelta = datetime.timedelta(),
    ) -> None:
        self._client = client
        self._mailbox = mailbox
        self._patterns = patterns
        self._service_name = service_name
        self._policy = policy
        self._journal = journal
        self._uptime, self._seen_ago = session_uptime, seen_ago
        self._of_password = of_password
        self._posts: tuple[datetime.datetime, ...] = ()
        self._searched: tuple[datetime.datetime | None, int] | None = None
        self.log = call_log.RequestLog(client, path_of(service_name))
        self.noted: Entry | None = None
        self.session = Session()
        self.evidence = Evidence()
        self.asked: Asked | None = None
        self.search = Search(None, None, [])
        #: how the account's mails came so far, where that was looked at
        self.ways = Search(None, None, [])
        self.warnings: list[str] = []

    @property
    def skew(self) -> int | None:
        """Of OVHcloud's clock, as the last call has shown it."""
        return self._client.known_skew

    def decide(self) -> Decision:
        """Gather the evidence, cheapest first, and decide."""
        now = self._client.now()
        check_policy(self._policy, now)
        self._require_active()
        self.noted = self._journal.last(now)
        self.session = self._sessions(now)
        decision = self._judged(now)
        if decision.reason == "age_unknown":
            decision = self._judged_by_older_mails(now)
        if decision.request or decision.reason in ("age_unknown", "not_now"):
            wanted = decision.request
            posts = self.log.back_to(*self._log_window(now), just_listed=wanted)
            if posts is None:
                self.warnings.append(
                    "These credentials may not read OVHcloud's call log (GET /me/api/logs/self), so a request that "
                    "another host sent, and whose mail is not there yet, would not be seen."
                )
            elif posts.times:
                self._posts = posts.times
                decision = self._judged(now)
                if wanted and not decision.request and self.log.back_to(now, now):
                    # No look before a request follows now: each of those that others sent has a mail of its own.
                    self._posts = tuple(sorted(self.log.times))
                    decision = self._judged(now)
            if decision.request and posts and posts.unknown:
                decision = not_known(self._policy, now, posts.unknown)
        return self._told(decision)

    def look_at_the_ways(self) -> None:
        """Find out whether the next credentials mail could be accepted from this mailbox, by the mails that came."""
        with contextlib.suppress(Failure):  # too many mails, or none that can be read: nothing is known then
            self.ways = newest(self._mailbox, self._line(), None)
            self.warnings += self.ways.told_forwarded()

    def _line(self) -> reader.Line:
        return reader.Line(self._service_name, self.session.login, self._patterns)

    def _judged(self, now: datetime.datetime) -> Decision:
        """Decide by what is known so far."""
        self.asked = known = asked(self.noted, self._posts, self.session.stands)
        self._look_for_mails(self._look_back(now), known.count if known else 1)
        stored = self._of_password
        dates = list(self.search.dates)
        if stored.mail_at and all(date.replace(microsecond=0) != stored.mail_at for date in dates):
            dates.append(stored.mail_at)
        self.evidence = Evidence(
            mail_at=max(dates, default=None),
            session_ok_at=self.session.ok_at,
            session_known=self.session.known,
            refused_since=self.session.refused_since,
            handed_at=stored.handed_at,
        )
        if known:
            mails = sum(date >= known.first - DATE_SLACK for date in dates)
            # Whoever noted that the password is this request's has counted the mails.
            mine = stored.request_at is not None and stored.request_at == known.newest
            self.evidence = dataclasses.replace(
                self.evidence,
                request_at=known.newest,
                confirmed=known.confirmed,
                requests=known.count,
                mails=max(mails, known.count) if mine else mails,
            )
        return decide(self._policy, self.evidence, now)

    def _judged_by_older_mails(self, now: datetime.datetime) -> Decision:
        """No mail is younger than max_age. Is there an older one, or none at all? Only the former tells an age."""
        max_age = self._policy.max_age or datetime.timedelta()
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
        must, far = now - self._policy.cooldown, now - OPEN_FOR
        if self._uptime is not None and self._uptime >= self._policy.cooldown + CUT_WITHIN:
            # Free evidence: a request that took effect would have ended this session.
            must = far = max(must, now - self._seen_ago - CUT_WITHIN)
        if self._policy.renewed_since is not None:
            must = max(must, self._policy.renewed_since)
        if self.session.stands is not None:
            far = max(far, self.session.stands - CUT_WITHIN)
        return must, min(must, far)

    def _told(self, decision: Decision) -> Decision:
        """With the mails that were passed over, where it is said that there is none; then no renewal is offered."""
        if decision.reason not in ("pending", "age_unknown"):
            return decision
        why = decision.why + self.search.told()
        if self.search.ours_passed_over:
            return Decision(decision.reason, f"{why} {READ_IT}", decision.since)
        return Decision(decision.reason, f"{why} {decision.offer}".rstrip(), decision.since)

    def _require_active(self) -> None:
        status = access.read_in_run(self._client, self._service_name).get("status")
        if status != "active":
            raise Failure(
                "access_not_active",
                f"{self._service_name} is not active: its status is {status}. Nothing was requested. Wait until it is "
                "active (OVHcloud control panel, Internet access), then run the same command again.",
                {"service_name": self._service_name, "status": status},
            )

    def _sessions(self, now: datetime.datetime) -> Session:
        events = access.session_log_in_run(self._client, self._service_name)
        began = now - self._seen_ago - self._uptime if self._uptime is not None else None
        if events is None:
            return Session(ok_at=began)
        accepted = [event.date for event in events if event.accepted]
        ok_at = max((at for at in [*accepted, began] if at is not None), default=None)
        return Session(
            login=events[0].login or None if events else None,
            ok_at=ok_at,
            known=True,
            refused_since=any(not event.accepted and (ok_at is None or event.date > ok_at) for event in events),
        )

    def _look_back(self, now: datetime.datetime) -> datetime.datetime:
        """From when on a credentials mail can bear on the decision."""
        starts = [now - self._policy.cooldown]
        if self._policy.max_age is not None:
            starts.append(now - self._policy.max_age)
        first = self.asked.first if self.asked else None
        starts += [start for start in (self._policy.renewed_since, first) if start is not None]
        return min(starts) - DATE_SLACK

    def _look_for_mails(self, since: datetime.datetime | None, at_least: int) -> None:
        """Have :attr:`search` reach back that far, and hold so many mails if there are so many."""
        if self._searched is not None:
            start, count = self._searched
            if (start is None or (since is not None and since >= start)) and at_least <= count:
                return
        self._searched = (since, at_least)
        try:
            self.search = newest(self._mailbox, self._line(), since, at_least=at_least)
        except Failure as failure:
            if failure.code not in ("not_granted", "forbidden"):
                raise
            if self._policy.renewed_since is not None or self._policy.max_age is not None:
                failure.message += " renewed_since and max_age need it. Nothing was requested."
                raise
            self.warnings.append(f"Only the journal and the call log could be consulted. {failure.message}")
            self.search = Search(None, None, [])


def path_of(service_name: str) -> str:
    """The path of the request."""
    return f"/xdsl/{segment(service_name)}/requestPPPLoginMail"
