# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service mails from the mailbox that receives them, over IMAP: read-only, and never more than a window of it.

So the API key needs no right to read the account's mail history. In return anybody can write to a mailbox: only mails
whose one sender is of a given domain are looked at.
"""

from __future__ import annotations

import contextlib
import datetime
import email
import email.errors
import email.header
import email.message
import email.parser
import email.utils
import imaplib
import re
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.message import parsed
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail

UTC = datetime.timezone.utc
#: Bytes read of each mail: text and HTML of a service mail are a few KiB, what follows would be an attachment.
BODY_LIMIT = 256 * 1024
#: So many mails are fetched by one request (the first is small: a wait finds its mail among the newest few), and so
#: many are looked through by one search.
FIRST_CHUNK = 10
CHUNK = 50
MAX_LOOKED_AT = 500
#: Seconds after which a look is taken whatever IDLE said: some servers tell late, or never.
IDLE_LIMIT = 30.0

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_RE = re.compile(
    rb'INTERNALDATE "([ 0-9]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', re.IGNORECASE
)
_UID_RE = re.compile(rb"\bUID (\d+)")
_ADDRESS_RE = re.compile(r"(?:.*<)?([^\s<>@\"(),;:]+)@([A-Za-z0-9.-]+)>?", re.DOTALL)


class ImapMailbox:
    """Implements :class:`search.Mailbox` on one folder.

    :param senders: domains; a mail's sender must be of one of them, or of a sub-domain.
    :param interval: seconds between two looks while waiting where the server has no IDLE, and after a cut.
    """

    def __init__(self, account: imap_client.Account, senders: t.Sequence[str], interval: float = 2.0) -> None:
        self._account = account
        self._senders = [sender.lower().lstrip("@") for sender in senders]
        self._interval = interval
        self._connection: imap_client.Connection | None = None
        self._idle = True
        self._validity: bytes | None = None
        self._seen: dict[int, ServiceMail | None] = {}

    def recent(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        with self._errors():
            uids = self._search(since)
        looked_at, size = 0, FIRST_CHUNK
        while uids:
            chunk, uids = uids[:size], uids[size:]
            with self._errors():
                self._fetch([uid for uid in chunk if uid not in self._seen])
            mails = [mail for mail in map(self._seen.get, chunk) if mail and (not since or mail.date >= since)]
            mails.sort(key=lambda mail: mail.date, reverse=True)
            yield from mails
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
            time.sleep(min(seconds, self._interval))
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
            self._drop()
            raise imap_client.unreachable(self._account, error) from None
        except imaplib.IMAP4.error as error:
            self._drop()
            raise Failure(
                "imap_refused",
                f"The mail server {self._account.where} refused to search or to read {self._account.folder!r}. It "
                f"says: {self._account.said(error)}. Nothing was changed there.",
                self._account.details(),
            ) from None

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.shutdown()
        self._connection = None

    def _open(self) -> imap_client.Connection:
        if self._connection is None:
            self._connection = imap_client.connect(self._account)
            self._idle = "IDLE" in self._connection.capabilities
            validity = self._connection.response("UIDVALIDITY")[1][-1]
            if validity != self._validity:  # RFC 3501, 2.3.1.1: the UIDs of before mean nothing any more
                self._seen.clear()
            self._validity = validity
        else:
            self._connection.noop()  # the server may tell of new mails only now
        self._connection.response("EXISTS")
        return self._connection

    def _search(self, since: datetime.datetime | None) -> list[int]:
        """UIDs of the mails in the window, newest first."""
        connection = self._open()
        words = ["UNDELETED"]
        if since:
            # The server compares days, of its own time zone.
            day = since.astimezone(UTC) - datetime.timedelta(days=1)
            words.append(f"SINCE {day.day}-{_MONTHS[day.month - 1].capitalize()}-{day.year}")
        senders = [f'FROM "{sender}"' for sender in self._senders]
        words.append("OR " * (len(senders) - 1) + " ".join(senders))
        data = _accepted(connection.uid("SEARCH", *words))
        found = b" ".join(row for row in data if isinstance(row, bytes))
        return sorted(map(int, found.split()), reverse=True)

    def _fetch(self, uids: t.Sequence[int]) -> None:
        if not uids or self._connection is None:
            return
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{BODY_LIMIT}>)"
        data = _accepted(self._connection.uid("FETCH", ",".join(map(str, uids)), wanted))
        for position, item in enumerate(data):
            if not isinstance(item, tuple):
                continue
            # The server may put the other items before the body or after it.
            after = data[position + 1] if position + 1 < len(data) else b""
            facts = item[0] + b" " + (after if isinstance(after, bytes) else b"")
            uid, received = _UID_RE.search(facts), _internal_date(facts)
            if uid and received:
                number = int(uid[1])
                self._seen[number] = read_mail(item[1], received, f"{self._account.folder}/{number}", self._senders)


def _accepted(answer: tuple[str, list[t.Any]]) -> list[t.Any]:
    if answer[0] != "OK":
        text = b" ".join(row for row in answer[1] if isinstance(row, bytes))
        raise imaplib.IMAP4.error(text.decode("utf-8", "replace"))
    return answer[1]


def _internal_date(facts: bytes) -> datetime.datetime | None:
    match = _DATE_RE.search(facts)
    if not match or match[2].decode().lower() not in _MONTHS:
        return None
    offset = datetime.timedelta(hours=int(match[8]), minutes=int(match[9]))
    month = _MONTHS.index(match[2].decode().lower()) + 1
    zone = datetime.timezone(-offset if match[7] == b"-" else offset)
    day, year, hour, minute, second = (int(match[number]) for number in (1, 3, 4, 5, 6))
    try:
        return datetime.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def read_mail(source: bytes, received: datetime.datetime, mail_id: str, senders: t.Sequence[str]) -> ServiceMail | None:
    """A message (RFC 5322, MIME) as a service mail; None when it is not from one of the senders (pure).

    Its date is INTERNALDATE, the moment at which the user's own server took it in, which the sender cannot choose.
    Where the ``Date`` header is older, that counts: a mail that was held up on its way has a password of then.
    """
    message: email.message.Message = email.parser.BytesHeaderParser().parsebytes(source)
    if not _sender_allowed(message, senders):
        return None
    mail = parsed(source)
    date = min(received, mail.written) if mail.written else received
    return ServiceMail(mail_id, date, mail.title, mail.text, mail.html)


def _sender_allowed(message: email.message.Message, senders: t.Sequence[str]) -> bool:
    """Whether the one sender is of one of the domains. What can be read in two ways is not."""
    headers = message.get_all("From", [])
    if len(headers) != 1:
        return False
    # The address is looked for in the header as it stands: decoded words may hold anything.
    raw = " ".join(str(headers[0]).split())
    match = _ADDRESS_RE.fullmatch(raw)
    addresses = email.utils.getaddresses([raw])
    if not match or len(addresses) != 1 or addresses[0][1] != f"{match[1]}@{match[2]}":
        return False
    domain = match[2].lower()
    return any(domain == sender or domain.endswith(f".{sender}") for sender in senders)
