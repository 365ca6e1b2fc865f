# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message as it is sent and saved (RFC 5322, MIME): its title, date and texts (pure)."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email
import email.errors
import email.header
import email.message
import email.parser
import email.utils
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.sender import Refusal

UTC = datetime.timezone.utc


@dataclasses.dataclass(frozen=True)
class Message:
    """What a person sees of a message. ``written``: its ``Date`` header, UTC, when it is one.

    ``sealed``: its text is wrapped up in a form that is not taken apart here.
    """

    title: str
    written: datetime.datetime | None
    text: str | None = dataclasses.field(repr=False)
    html: str | None = dataclasses.field(repr=False)
    sealed: Refusal | None = None


#: Forms that are told, and never read: RFC 3156 and 9580 (PGP), RFC 8551 (S/MIME), MS-OXTNEF (Outlook's).
PGP = "it is encrypted or signed with PGP, which is not read here"
SMIME = "it is wrapped up with S/MIME, encrypted or signed as a whole, which is not read here"
TNEF = "it is in Outlook's own form (TNEF, winmail.dat), which is not read here"
_CLEAR = "Have OVHcloud's mails arrive as they were sent"
_SEALED_KINDS = {
    "multipart/encrypted": PGP,
    "application/pgp-encrypted": PGP,
    "application/pkcs7-mime": SMIME,
    "application/x-pkcs7-mime": SMIME,
    "application/ms-tnef": TNEF,
    "application/vnd.ms-tnef": TNEF,
}
_SEALED_FILES = {"winmail.dat": TNEF, "win.dat": TNEF, "smime.p7m": SMIME, "encrypted.asc": PGP}
_PGP_RE = re.compile(r"^-----BEGIN PGP (?:SIGNED )?MESSAGE-----\s*$", re.M)


def parsed(source: bytes) -> Message:
    """Read a message; never raises."""
    headers: email.message.Message = email.parser.BytesHeaderParser().parsebytes(source)
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    sealed: set[str] = set()
    with contextlib.suppress(RecursionError):  # thousands of parts inside each other: made to break readers
        _collect(email.message_from_bytes(source), texts, sealed)
    title, written = header_text(headers.get("Subject")), header_date(headers)
    if any(_PGP_RE.search(text) for kind in texts.values() for text in kind):
        sealed.add(PGP)
    if sealed:
        return Message(title, written, None, None, Refusal(f"{min(sealed)}. {_CLEAR}"))
    return Message(title, written, "\n\n".join(texts["text/plain"]) or None, "\n".join(texts["text/html"]) or None)


def header_date(message: email.message.Message) -> datetime.datetime | None:
    """The ``Date`` header, UTC; None when it is no date."""
    try:
        written = email.utils.parsedate_to_datetime(str(message.get("Date")))
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def header_text(value: t.Any) -> str:
    """A header's text (RFC 2047), on one line."""
    raw = str(value or "")
    with contextlib.suppress(LookupError, ValueError, email.errors.HeaderParseError):
        raw = str(email.header.make_header(email.header.decode_header(raw)))
    return " ".join(raw.split())


def _collect(part: email.message.Message, texts: dict[str, list[str]], sealed: set[str]) -> None:
    """Gather the texts of a message, not those of attachments or of messages inside it; and what is sealed in it."""
    kind = part.get_content_type()
    why = _SEALED_KINDS.get(kind) or _SEALED_FILES.get(str(part.get_filename() or "").lower())
    if why:
        sealed.add(why)
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return
    if part.is_multipart():
        # Without the mark at the end of all parts the last one may be cut, and a password in it.
        cut = any(isinstance(defect, email.errors.CloseBoundaryNotFoundDefect) for defect in part.defects)
        inner = t.cast("list[email.message.Message]", part.get_payload())
        for one in inner[: len(inner) - cut]:
            _collect(one, texts, sealed)
    elif kind in texts:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            text = _text(payload, part.get_content_charset("utf-8"))
            if kind == "text/plain" and str(part.get_param("format", "")).lower() == "flowed":
                text = unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
            texts[kind].append(text)


def unflowed(text: str, delsp: bool) -> str:
    """The lines of a ``format=flowed`` text as they were written (RFC 3676, section 4).

    A line that ends with a blank goes on in the next one of the same depth of quotation, and a blank at the start of a
    line was put there for the way. The line before a signature is never one that goes on. ``delsp``: the blank at a
    line's end was put there too, and goes.
    """
    lines: list[str] = []
    open_depth: int | None = None
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.lstrip(">")
        depth = len(raw) - len(line)
        line = line.removeprefix(" ")
        goes_on = line.endswith(" ") and line != "-- "
        shown = line[:-1] if goes_on and delsp else line
        if depth == open_depth and line != "-- ":
            lines[-1] += shown
        else:
            lines.append(">" * depth + (" " if depth else "") + shown)
        open_depth = depth if goes_on else None
    return "\n".join(lines)


def _text(payload: bytes, charset: str) -> str:
    """Bytes as text. A character that cannot be told becomes U+FFFD, which no password is taken from."""
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")
