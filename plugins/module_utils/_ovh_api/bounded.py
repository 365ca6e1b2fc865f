# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of bounded length and time: requests itself reads whatever a server sends, for as long as it sends."""

from __future__ import annotations

import time
import typing as t

#: Bytes of an answer's body, decompressed. A page of 50 long mails is far below.
LIMIT = 16 * 1024 * 1024
#: Seconds for one body, however often the server sends a byte of it.
DEADLINE = 90.0
CHUNK = 64 * 1024


class TooLong(Exception):
    """A server sent more, or for longer, than any answer of OVHcloud's takes."""


def bound(session: t.Any) -> None:
    """Let a ``requests.Session`` read no more than :data:`LIMIT` bytes and :data:`DEADLINE` seconds of a body.

    Its requests then raise :class:`TooLong`.
    """
    from requests.adapters import HTTPAdapter

    class Bounded(HTTPAdapter):
        """Reads the body before requests does."""

        def send(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            response = super().send(*args, **kwargs)
            response._content = _read(response)
            response._content_consumed = True
            return response

    for scheme in ("http://", "https://"):
        session.mount(scheme, Bounded())


def _read(response: t.Any) -> bytes:
    began = time.monotonic()
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(CHUNK):
        size += len(part)
        if size > LIMIT or time.monotonic() - began > DEADLINE:
            response.close()
            raise TooLong
        parts.append(part)
    return b"".join(parts)
