# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service mails from the mailbox that receives them, over IMAP: read-only, and never more than a window of it.

So the API key needs no right to read the account's mail history. In return anybody can write to a mailbox: only mails
whose one sender is of a given domain are looked at.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email.message
import email.parser
import imaplib
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import (
    imap_answers,
    imap_client,
    imap_folder,
    sender,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.message import header_text, parsed
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail

UTC = datetime.timezone.utc
#: Bytes read of each mail: text and HTML of a service mail are a few KiB, what follows would be an attachment.
BODY_LIMIT = 256 * 1024
#: So many mails are fetched by one request (the first is small: a wait finds its mail among the newest few), and so
#: many are looked through by one search.
FIRST_CHUNK = 10
CHUNK = 50
MAX_LOOKED_AT = 500
#: The headers of so many of the newest mails are read where the server's search does not find senders.
SCANNED = 200
#: Seconds after which a look is taken whatever IDLE said: some servers tell late, or never.
IDLE_LIMIT = 30.0
#: The pause after a refusal that passes grows up to so many seconds.
MAX_PAUSE = 60.0
#: The date of a mail that has none, and of which nothing tells when it came.
NO_DATE = datetime.datetime(1970, 1, 1, tzinfo=UTC)

BLIND = (
    f"the mail server's search by sender or day did not find it, so the headers of the newest {SCANNED} mails were read"
)
BY_HEADER = "the mail server gives no usable day of arrival (INTERNALDATE), so the date is that of its own Date header"
BY_ORDER = (
    "it has no usable date at all, so it is taken to have come right after the mail before it (order of UIDs), which "
    "is the earliest that it can be"
)


@dataclasses.dataclass(frozen=True)
class _Fetched:
    """A mail that was looked at; ``mail`` is None when it is not one of the senders' and does not name the access."""

    mail: ServiceMail | None
    received: datetime.datetime | None


class ImapMailbox:
    """Implements :class:`search.Mailbox` on one folder.

    :param senders: domains; a mail's sender must be of one of them, or of a sub-domain.
    :param interval: seconds between two looks while waiting where the server has no IDLE, and after a cut.
    :param service_name: mails with it in the title are told of, whoever sent them.
    """

    def __init__(
        self, account: imap_client.Account, senders: t.Sequence[str], interval: float = 2.0, service_name: str = ""
    ) -> None:
        self._account = account
        self._senders = [sender.lower().lstrip("@") for sender in senders]
        self._interval = interval
        self._service_name = service_name.lower()
        self._connection: imap_client.Connection | None = None
        self._idle = True
        self._refusals = 0
        self._validity: bytes | None = None
        self._began = datetime.datetime.now(UTC)
        #: UIDs from this one on came since the first look.
        self._next: int | None = None
        #: Number (no UID) of the first of the newest mails.
        self._newest_few: int | None = None
        self._seen: dict[int, _Fetched] = {}
        #: Whether the server's search is known to look at addresses; and what reading headers found in its place.
        self._proven = False
        self._scanned: set[int] = set()
        self._missed: set[int] = set()
        self._strangers: set[int] = set()

    def recent(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        with self._errors():
            uids = self._search(since)
        looked_at, size = 0, FIRST_CHUNK
        while uids:
            chunk, uids = uids[:size], uids[size:]
            with self._errors():
                self._fetch([uid for uid in chunk if uid not in self._seen])
            mails = [mail for mail in self._dated(chunk) if not since or mail.date >= since]
            yield from sorted(mails, key=lambda mail: mail.date, reverse=True)
            looked_at, size = looked_at + len(chunk), CHUNK
            if uids and looked_at >= MAX_LOOKED_AT:
                raise Failure(
                    "too_many_mails",
                    f"The mail folder {self._account.folder!r} holds more than {MAX_LOOKED_AT} mails of these senders, "
                    "and no credentials mail of this access is among the newest. That proves nothing about older "
                    "ones. Give a later renewed_since or newer_than, or a shorter max_age, or let your mail server "
                    "sort OVHcloud's mails into a folder of their own (imap_folder).",
                    self._account.details(),
                )

    def wait(self, seconds: float) -> None:
        connection = self._connection
        if connection is None or not self._idle:
            grown = min(self._interval * 2**self._refusals, MAX_PAUSE)
            time.sleep(min(seconds, max(self._interval, grown)))
            return
        try:
            if connection.response("EXISTS")[1] == [None]:  # else one came in during the last look
                connection.idle_until_news(min(seconds, IDLE_LIMIT))
        except (imaplib.IMAP4.abort, OSError):
            self._drop()
            time.sleep(min(seconds, self._interval))
        except imaplib.IMAP4.error:
            self._idle = False

    @contextlib.contextmanager
    def _errors(self) -> t.Iterator[None]:
        """Turn an error of the wire into a Failure; the next look connects again."""
        try:
            yield
        except (imaplib.IMAP4.abort, OSError) as error:
            failure = imap_client.unreachable(self._account, error)
        except imaplib.IMAP4.error as error:
            failure = self._refused(self._account.said(error))
        except Failure as raised:
            failure = raised
        else:
            self._refusals = 0
            return
        self._drop()
        # A server that refuses is asked less and less often; one that is out of reach may be back at any moment.
        self._refusals = min(self._refusals + 1, 10) if failure.code == "imap_unavailable" else 0
        raise failure from None

    def _refused(self, said: str) -> Failure:
        if imap_answers.passes(said):
            return imap_client.unavailable(self._account, said)
        return Failure(
            "imap_refused",
            f"The mail server {self._account.where} refused to search or to read {self._account.folder!r}. It "
            f"says: {said}. Nothing was changed there.",
            self._account.details(),
        )

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.shutdown()
        self._connection = None

    def _open(self) -> imap_client.Connection:
        if self._connection is None:
            self._connection = imap_client.connect(self._account)
            imap_folder.open_folder(self._connection, self._account)
            self._idle = "IDLE" in self._connection.capabilities
            validity = self._connection.response("UIDVALIDITY")[1][-1]
            following = self._connection.response("UIDNEXT")[1][-1]
            if validity != self._validity:
                # RFC 3501, 2.3.1.1: the UIDs of before mean nothing any more.
                for kept in (self._seen, self._scanned, self._missed, self._strangers):
                    kept.clear()
                self._next = None
            self._validity = validity
            if self._next is None and following and following.isdigit():
                self._next = int(following)
        else:
            self._connection.noop()  # the server may tell of new mails only now
        count = self._connection.response("EXISTS")[1][-1]
        if count and count.isdigit():
            self._newest_few = max(1, int(count) - FIRST_CHUNK + 1)
        return self._connection

    def _search(self, since: datetime.datetime | None) -> list[int]:
        """UIDs of the mails in the window, newest first."""
        connection = self._open()
        words = ["UNDELETED"]
        if since:
            # The server compares days, of its own time zone, of the dates that it gives.
            day = since.astimezone(UTC) - datetime.timedelta(days=1)
            new = f"SINCE {day.day}-{imap_answers.MONTHS[day.month - 1].capitalize()}-{day.year}"
            # The newest few are looked at whatever their dates: some servers give none.
            words.append(f"OR {new} {self._newest_few}:*" if self._newest_few else new)
        terms = [f'FROM "{term}"' for term in sender.search_terms(self._senders)]
        words.append("OR " * (len(terms) - 1) + " ".join(terms))
        found = _numbers(connection.uid("SEARCH", *words))
        if not self._proven:
            # Does it look at addresses? Microsoft's looked at display names alone (imapfilter #33, alpine #30).
            self._fetch([uid for uid in sorted(found, reverse=True)[:FIRST_CHUNK] if uid not in self._seen])
        if not self._proven:
            self._scan(connection, found)
        return sorted(found | self._missed | self._strangers, reverse=True)

    def _scan(self, connection: imap_client.Connection, found: set[int]) -> None:
        """Read the headers of the newest mails that the search did not find; each once."""
        newest = sorted(_numbers(connection.uid("SEARCH", "UNDELETED")), reverse=True)[:SCANNED]
        wanted = [uid for uid in newest if uid not in self._scanned and uid not in found]
        if not wanted:
            return
        now = datetime.datetime.now(UTC)
        fields = "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])"
        data = imap_answers.accepted(connection.uid("FETCH", ",".join(map(str, wanted)), fields))
        self._scanned.update(wanted)
        named = []
        for row in imap_answers.rows_of(data, now):
            headers: email.message.Message = email.parser.BytesHeaderParser().parsebytes(row.body)
            refused = sender.judged(headers, self._senders)
            if not (refused and refused.stranger):
                self._missed.add(row.uid)
            elif self._service_name and self._service_name in header_text(headers.get("Subject")).lower():
                named.append(row.uid)
        self._fetch(sorted(named, reverse=True)[:FIRST_CHUNK])
        self._strangers.update(named)

    def _fetch(self, uids: t.Sequence[int]) -> None:
        if not uids or self._connection is None:
            return
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{BODY_LIMIT}>)"
        data = imap_answers.accepted(self._connection.uid("FETCH", ",".join(map(str, uids)), wanted))
        now = datetime.datetime.now(UTC)
        for row in imap_answers.rows_of(data, now):
            mail = read_mail(row.body, row.received, self._id(row.uid), self._senders, now)
            if mail.refused and mail.refused.stranger:
                ours = self._service_name and self._service_name in mail.title.lower()
                self._seen[row.uid] = _Fetched(mail if ours else None, row.received)
                continue
            if row.uid in self._missed:
                mail = dataclasses.replace(mail, remark=f"{BLIND}. {mail.remark}" if mail.remark else BLIND)
            elif not self._proven:
                headers: email.message.Message = email.parser.BytesHeaderParser().parsebytes(row.body)
                self._proven = sender.by_address(headers, self._senders)
            self._seen[row.uid] = _Fetched(mail, row.received)

    def _dated(self, chunk: t.Sequence[int]) -> list[ServiceMail]:
        """The senders' mails of a chunk; one without any date gets the earliest that it can be.

        A mail that came later has a higher UID (RFC 3501, 2.3.1.1).
        """
        mails = []
        before = NO_DATE
        for uid in sorted(chunk):
            fetched = self._seen.get(uid)
            if self._next is not None and uid >= self._next:
                before = max(before, self._began)
            if fetched and fetched.mail and BY_ORDER in fetched.mail.remark:
                before += datetime.timedelta(microseconds=1)
                mails.append(dataclasses.replace(fetched.mail, date=before))
            elif fetched and fetched.mail:
                mails.append(fetched.mail)
            if fetched and fetched.received:
                before = max(before, fetched.received)
        return mails

    def _id(self, uid: int) -> str:
        return f"{self._account.folder}/{uid}"


def _numbers(answer: tuple[str, list[t.Any]]) -> set[int]:
    """The UIDs of an answer to UID SEARCH."""
    rows = [row for row in imap_answers.accepted(answer) if isinstance(row, bytes)]
    return {int(word) for row in rows for word in row.partition(b"(")[0].split() if word.isdigit()}


def read_mail(
    source: bytes,
    received: datetime.datetime | None,
    mail_id: str,
    senders: t.Sequence[str],
    now: datetime.datetime | None = None,
) -> ServiceMail:
    """A message (RFC 5322, MIME) as a service mail, refused when it is not certainly from one of the senders (pure).

    Its date is INTERNALDATE, the moment at which the user's own server took it in, which the sender cannot choose.
    Where the ``Date`` header is older, that counts: a mail that was held up on its way has a password of then. Where
    there is no INTERNALDATE, it is the ``Date`` header's, or else :data:`NO_DATE`.

    :param now: no date is later than this.
    """
    headers: email.message.Message = email.parser.BytesHeaderParser().parsebytes(source)
    mail = parsed(source)
    remark = ""
    if received is None:
        written = mail.written if mail.written and mail.written >= imap_answers.FIRST else None
        remark = BY_HEADER if written else BY_ORDER
        date = min(written, now) if written and now else written or NO_DATE
    else:
        date = min(received, mail.written) if mail.written else received
    refused = sender.judged(headers, senders) or mail.sealed
    return ServiceMail(mail_id, date, mail.title, mail.text, mail.html, refused, remark)
