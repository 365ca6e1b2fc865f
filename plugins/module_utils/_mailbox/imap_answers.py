# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an IMAP server's answers say: mails with their facts, and whether a refusal passes (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import imaplib
import re
import typing as t

UTC = datetime.timezone.utc
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: No mail is older than this, or comes from later than so much after now: such a date is none.
FIRST = datetime.datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = datetime.timedelta(days=1)

_DATE_RE = re.compile(r"\s?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d)(\d\d))?")
_QUOTED_DATE_RE = re.compile(rb'\bINTERNALDATE "([^"]{1,80})"', re.I)
_UID_RE = re.compile(rb"\bUID (\d+)", re.I)

#: RFC 5530, section 3: the server says itself that a later try may succeed, or that it cannot.
_PASSING_CODES = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED")
_FINAL_CODES = ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN")
#: What servers without these codes say: Google "[ALERT] Too many simultaneous connections" (MailKit #377), Microsoft
#: "Request is throttled. Suggested Backoff Time: …" (imap_tools #135) and "Server Unavailable" (imapfilter #146).
_PASSING_RE = re.compile(
    r"too many (?:\w+ )?(?:connections|sessions|clients|requests|commands)|connections? (?:limit|exceeded)|"
    r"number of connections|(?:server|system|service)(?: is)?(?: too| currently| temporarily)? (?:busy|unavailable)|"
    r"throttl|suggested backoff|(?:rate|bandwidth) limit|overloaded|temporar|(?:again|try) (?:later|in a)",
    re.I,
)
_AGAIN_RE = re.compile(r"(?:try|retry) again", re.I)
_WRONG_RE = re.compile(
    r"invalid|incorrect|wrong|denied|rejected|(?:bad|unknown) (?:user|password|credential)|failed|failure", re.I
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One mail of a FETCH's answer. ``received``: its INTERNALDATE, UTC, when it is a date."""

    uid: int
    received: datetime.datetime | None
    body: bytes = dataclasses.field(repr=False)


def rows_of(data: t.Sequence[t.Any], now: datetime.datetime) -> t.Iterator[Row]:
    """The mails of ``imaplib``'s answer to UID FETCH; what has no UID is left out."""
    for position, item in enumerate(data):
        if not isinstance(item, tuple):
            continue
        # The server may put the other items before the body or after it.
        after = data[position + 1] if position + 1 < len(data) else b""
        facts = item[0] + b" " + (after if isinstance(after, bytes) else b"")
        uid = _UID_RE.search(facts)
        if uid:
            yield Row(int(uid[1]), internal_date(facts, now), item[1])


def internal_date(facts: bytes, now: datetime.datetime) -> datetime.datetime | None:
    """INTERNALDATE (RFC 3501: ``dd-Mon-yyyy hh:mm:ss +zzzz``), or the odd forms of it that are met; None for no date.

    Some servers leave it out (closeio/sync-engine #365), write it as a mail's Date (asimap #458), or write
    ``00-Jan-0000 00:00:00 +0000`` (Domino, MailKit #1236).
    """
    quoted = _QUOTED_DATE_RE.search(facts)
    if not quoted:
        return None
    text = quoted[1].decode("ascii", "replace")
    match = _DATE_RE.fullmatch(text)
    try:
        found = _strict(match) if match else email.utils.parsedate_to_datetime(text)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return found if FIRST <= found <= now + AHEAD else None


def _strict(match: re.Match[str]) -> datetime.datetime:
    """:raises ValueError: when it is no date"""
    month = MONTHS.index(match[2].lower()) + 1
    offset = datetime.timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
    zone = datetime.timezone(-offset if match[7] == "-" else offset)
    day, year, hour, minute, second = (int(match[number]) for number in (1, 3, 4, 5, 6))
    return datetime.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)


def passes(said: str) -> bool:
    """Whether a refusal may be gone at a later try. A wrong password is not, whatever else is said."""
    codes = {code.upper() for code in re.findall(r"\[([A-Za-z-]+)", said)}
    if not codes.isdisjoint(_FINAL_CODES):
        return False
    if not codes.isdisjoint(_PASSING_CODES) or _PASSING_RE.search(said):
        return True
    return _AGAIN_RE.search(said) is not None and not _WRONG_RE.search(said)


def accepted(answer: tuple[str, list[t.Any]]) -> list[t.Any]:
    """The data of an answer.

    :raises imaplib.IMAP4.error: with the server's words, unless it is OK.
    """
    if answer[0] != "OK":
        text = b" ".join(row for row in answer[1] if isinstance(row, bytes))
        raise imaplib.IMAP4.error(text.decode("utf-8", "replace"))
    return answer[1]
