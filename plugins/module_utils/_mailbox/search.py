# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where service mails come from: the port, and the search for the newest credentials mail of one line."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader, reasons
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.sender import Refusal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso


@dataclasses.dataclass(frozen=True)
class ServiceMail:
    """One mail that OVHcloud sent. ``date`` is UTC; the contents may hold a password and are never shown.

    ``refused``: it is not accepted, whatever it says. ``remark``: what is to be said of it where it counts.
    """

    id: str
    date: datetime.datetime
    title: str
    text: str | None = dataclasses.field(repr=False)
    html: str | None = dataclasses.field(repr=False)
    refused: Refusal | None = None
    remark: str = ""

    def as_result(self) -> dict[str, str]:
        """What may be shown of a mail: id, date and title."""
        return {"id": self.id, "date": iso(self.date), "title": self.title}


class Mailbox(t.Protocol):
    """A source of service mails."""

    def recent(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        """Yield mails dated at or after ``since`` (all that the source looks through when None), newest first.

        :raises Failure: when the source cannot be read.
        """

    def wait(self, seconds: float) -> None:
        """Return when a new mail may be there, or when it is time to look again; after ``seconds`` at the latest.

        A source that is out of reach makes it return later, never fail: the next look says so.
        """


_KNOWN = reader.Reading(reader.Verdict.CREDENTIALS, "known")
#: So many mails are looked at beyond the newest credentials mail, for others that came since.
OTHERS = 4
#: So many mails that were passed over are told of in a message; the results hold all.
TOLD = 4


@dataclasses.dataclass(frozen=True)
class Search:
    """The newest credentials mail of a line, with what the reader said of it and of the mails passed over.

    ``others``: older credentials mails of the line that came since, if they were looked for. ``dates``: those of all
    that were found. ``ours_passed_over``: one that was passed over names this line and resembles its credentials.
    ``forwarded``: the mail (id, date, title, why, what_to_do) that shows that a rule forwards OVHcloud's mails to the
    mailbox in a way that the next one cannot be accepted either. ``doubtful``: one that was passed over is
    the line's credentials mail, but for the login in it.
    """

    mail: ServiceMail | None
    reading: reader.Reading | None
    passed_over: list[dict[str, str]]
    others: list[dict[str, str]] = dataclasses.field(default_factory=list)
    dates: list[datetime.datetime] = dataclasses.field(default_factory=list)
    ours_passed_over: bool = False
    forwarded: dict[str, str] | None = None
    doubtful: bool = False

    def told(self) -> str:
        """The newest mails that were passed over, and why, in words; empty when there is none."""
        told = self.passed_over[:TOLD]
        return "".join(f" Passed over: {one['title']!r} of {one['date']}, {one['why']}." for one in told)

    def told_forwarded(self) -> list[str]:
        """That a rule keeps the next credentials mail from being accepted, in words; none where nothing shows it."""
        mail = self.forwarded
        if mail is None:
            return []
        return [
            f"The mail {mail['title']!r} of {mail['date']} (id {mail['id']}) is not accepted: {mail['why']}. "
            f"{mail['what_to_do']} Until then no credentials mail that comes this way is accepted: do not request a "
            "new password."
        ]


def newest(
    mailbox: Mailbox,
    line: reader.Line,
    since: datetime.datetime | None,
    others: bool = False,
    tell_all: bool = False,
    at_least: int = 1,
    known: str = "",
    none_of_it: t.Callable[[str], None] = lambda _id: None,
) -> Search:
    """Find the newest credentials mail of a line.

    A mail that is this line's but cannot be read counts too: an older one holds a dead password.

    :param others: look on for a few mails, to tell of others that came since.
    :param at_least: look on until so many were found.
    :param none_of_it: is told the id of a mail that has nothing to do with it.
    :param known: id of a mail that is known to be one: it is not read.
    :param tell_all: tell of every mail that was passed over, not only of near misses and those that name the line.
    """
    passed_over: list[dict[str, str]] = []
    found: list[tuple[ServiceMail, reader.Reading]] = []
    refused: list[tuple[ServiceMail, bool]] = []
    accepted_at: datetime.datetime | None = None
    ours_passed_over = doubtful = False
    left = OTHERS if others else 0
    try:
        for mail in mailbox.recent(since):
            reading = _reading(mail, line) if mail.id != known else _KNOWN
            like = reading.verdict is not reader.Verdict.NOT_THIS_MAIL
            if mail.refused:
                refused.append((mail, like))
            else:
                accepted_at = max(mail.date, accepted_at or mail.date)
            if like and not mail.refused:
                found.append((mail, reading))
            elif not found:
                ours, near = _names(mail, line.service_name), like or reading.near_miss
                if near or ours or tell_all:
                    passed_over.append({**mail.as_result(), "why": mail.refused.why if mail.refused else reading.why})
                ours_passed_over = ours_passed_over or (ours and near)
                by_login = reading.why in (reasons.OTHER_LOGIN, reasons.LOGINS)
                doubtful = doubtful or (ours and (by_login or (near and reading.why == reasons.NO_LOGIN)))
                if not near and not mail.refused:
                    none_of_it(mail.id)
            if len(found) >= at_least:
                if left == 0:
                    break
                left -= 1
    except Failure as failure:
        if not found and (failure.code != "too_many_mails" or not _forwarded(refused, accepted_at, None)):
            raise
    found.sort(key=lambda one: one[0].date, reverse=True)
    forwarded = _forwarded(refused, accepted_at, found[0][0].date if found else None)
    if not found:
        return Search(
            None, None, passed_over, ours_passed_over=ours_passed_over, forwarded=forwarded, doubtful=doubtful
        )
    (newest_mail, newest_reading), *older = found
    return Search(
        newest_mail,
        newest_reading,
        passed_over,
        [one.as_result() for one, _reading in older],
        [one.date for one, _reading in found],
        forwarded=forwarded,
        doubtful=doubtful,
    )


def _reading(mail: ServiceMail, line: reader.Line) -> reader.Reading:
    """What a mail says. One that could not be read may be this line's credentials mail for all that is known."""
    if mail.refused and mail.text is None and mail.html is None:
        return reader.Reading(reader.Verdict.UNREADABLE, mail.refused.why, near_miss=True)
    return reader.read(mail.title, mail.text, mail.html, line)


def _forwarded(
    refused: t.Iterable[tuple[ServiceMail, bool]],
    accepted_at: datetime.datetime | None,
    found_at: datetime.datetime | None,
) -> dict[str, str] | None:
    """The newest mail that shows that a rule keeps the next credentials mail from being accepted, if there is one.

    :param refused: mails that were not accepted, and whether each reads like this line's credentials mail.
    :param accepted_at: date of the newest mail of OVHcloud that was accepted; :param found_at: of this line's.
    """
    for mail, like in sorted(refused, key=lambda one: one[0].date, reverse=True):
        why = mail.refused
        if why is None or not why.advice:
            continue
        if why.stranger:
            shows = accepted_at is None and (like or (why.by_rule))
        else:
            shows = (like and (found_at is None or mail.date > found_at)) or (
                why.by_rule and (accepted_at is None or mail.date > accepted_at)
            )
        if shows:
            return {**mail.as_result(), "why": why.why, "what_to_do": why.advice}
    return None


def _names(mail: ServiceMail, service_name: str) -> bool:
    return any(service_name.lower() in (part or "").lower() for part in (mail.title, mail.text, mail.html))
