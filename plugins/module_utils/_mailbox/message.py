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
import typing as t

UTC = datetime.timezone.utc


@dataclasses.dataclass(frozen=True)
class Message:
    """What a person sees of a message. ``written``: its ``Date`` header, UTC, when it is one."""

    title: str
    written: datetime.datetime | None
    text: str | None = dataclasses.field(repr=False)
    html: str | None = dataclasses.field(repr=False)


def parsed(source: bytes) -> Message:
    """Read a message; never raises."""
    headers: email.message.Message = email.parser.BytesHeaderParser().parsebytes(source)
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    with contextlib.suppress(RecursionError):  # thousands of parts inside each other: made to break readers
        _collect(email.message_from_bytes(source), texts)
    return Message(
        _decoded(headers.get("Subject")),
        _header_date(headers),
        "\n\n".join(texts["text/plain"]) or None,
        "\n".join(texts["text/html"]) or None,
    )


def _header_date(message: email.message.Message) -> datetime.datetime | None:
    try:
        written = email.utils.parsedate_to_datetime(str(message.get("Date")))
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _decoded(value: t.Any) -> str:
    """A header's text (RFC 2047), on one line."""
    raw = str(value or "")
    with contextlib.suppress(LookupError, ValueError, email.errors.HeaderParseError):
        raw = str(email.header.make_header(email.header.decode_header(raw)))
    return " ".join(raw.split())


def _collect(part: email.message.Message, texts: dict[str, list[str]]) -> None:
    """Gather the texts of a message, not those of attachments or of messages inside it."""
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return
    if part.is_multipart():
        for inner in t.cast("list[email.message.Message]", part.get_payload()):
            _collect(inner, texts)
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
