# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where service mails come from: the port, and the search for the newest credentials mail of one line."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso


@dataclasses.dataclass(frozen=True)
class ServiceMail:
    """One mail that OVHcloud sent. ``date`` is UTC; the contents may hold a password and are never shown."""

    id: str
    date: datetime.datetime
    title: str
    text: str | None = dataclasses.field(repr=False)
    html: str | None = dataclasses.field(repr=False)

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


#: So many mails are looked at beyond the newest credentials mail, for others that came since.
OTHERS = 4
#: So many mails that were passed over are told of in a message; the results hold all.
TOLD = 4


@dataclasses.dataclass(frozen=True)
class Search:
    """The newest credentials mail of a line, with what the reader said of it and of the mails passed over.

    ``others``: older credentials mails of the line that came since, if they were looked for. ``dates``: those of all
    that were found. ``ours_passed_over``: one that was passed over names this line and resembles its credentials.
    """

    mail: ServiceMail | None
    reading: reader.Reading | None
    passed_over: list[dict[str, str]]
    others: list[dict[str, str]] = dataclasses.field(default_factory=list)
    dates: list[datetime.datetime] = dataclasses.field(default_factory=list)
    ours_passed_over: bool = False

    def told(self) -> str:
        """The newest mails that were passed over, and why, in words; empty when there is none."""
        told = self.passed_over[:TOLD]
        return "".join(f" Passed over: {one['title']!r} of {one['date']}, {one['why']}." for one in told)


def newest(
    mailbox: Mailbox,
    line: reader.Line,
    since: datetime.datetime | None,
    others: bool = False,
    tell_all: bool = False,
    at_least: int = 1,
) -> Search:
    """Find the newest credentials mail of a line.

    A mail that is this line's but cannot be read counts too: an older one holds a dead password.

    :param others: look on for a few mails, to tell of others that came since.
    :param at_least: look on until so many were found.
    :param tell_all: tell of every mail that was passed over, not only of near misses and those that name the line.
    """
    passed_over: list[dict[str, str]] = []
    found: list[tuple[ServiceMail, reader.Reading]] = []
    ours_passed_over = False
    left = OTHERS if others else 0
    try:
        for mail in mailbox.recent(since):
            reading = reader.read(mail.title, mail.text, mail.html, line)
            if reading.verdict is not reader.Verdict.NOT_THIS_MAIL:
                found.append((mail, reading))
            elif not found:
                ours = _names(mail, line.service_name)
                if reading.near_miss or ours or tell_all:
                    passed_over.append({**mail.as_result(), "why": reading.why})
                ours_passed_over = ours_passed_over or (ours and reading.near_miss)
            if len(found) >= at_least:
                if left == 0:
                    break
                left -= 1
    except Failure:
        if not found:
            raise
    if not found:
        return Search(None, None, passed_over, ours_passed_over=ours_passed_over)
    found.sort(key=lambda one: one[0].date, reverse=True)
    (mail, reading), *older = found
    return Search(
        mail, reading, passed_over, [one.as_result() for one, _reading in older], [one.date for one, _reading in found]
    )


def _names(mail: ServiceMail, service_name: str) -> bool:
    return any(service_name.lower() in (part or "").lower() for part in (mail.title, mail.text, mail.html))
