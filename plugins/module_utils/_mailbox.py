# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where service mails come from: the port, and the search for the newest credentials mail of one line."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _ppp_mail
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


@dataclasses.dataclass(frozen=True)
class Search:
    """The newest credentials mail of a line, with what the reader said of it and of the mails passed over."""

    mail: ServiceMail | None
    reading: _ppp_mail.Reading | None
    passed_over: list[dict[str, str]]


def newest(mailbox: Mailbox, line: _ppp_mail.Line, since: datetime.datetime | None) -> Search:
    """Find the newest credentials mail of a line.

    A mail that is this line's but cannot be read ends the search too: an older one holds a dead password.
    """
    passed_over: list[dict[str, str]] = []
    for mail in mailbox.recent(since):
        reading = _ppp_mail.read(mail.title, mail.text, mail.html, line)
        if reading.verdict is not _ppp_mail.Verdict.NOT_THIS_MAIL:
            return Search(mail, reading, passed_over)
        if reading.near_miss:
            passed_over.append({**mail.as_result(), "why": reading.why})
    return Search(None, None, passed_over)
