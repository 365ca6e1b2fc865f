# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of bounded length and time: requests itself reads whatever a server sends, for as long as it sends."""

from __future__ import annotations

import threading
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._dead_connections import noticing

#: Bytes of an answer's body, decompressed. A page of 50 long mails is far below.
LIMIT = 16 * 1024 * 1024
#: Seconds for one answer, its header and its body, however often the server sends a byte of it.
DEADLINE = 90.0
CHUNK = 64 * 1024


class TooLong(Exception):
    """A server sent more, or for longer, than any answer of OVHcloud's takes."""


def bound(session: t.Any) -> None:
    """Let a ``requests.Session`` read :data:`LIMIT` bytes of a body and :data:`DEADLINE` seconds of an answer at most.

    Its requests then raise :class:`TooLong`, and one on a connection that is dead fails soon. The time-outs of requests
    are for each byte, and a header is read by the library in one call: so a thread of its own asks, and is left alone
    with the connection when the time is up.
    """
    from requests.adapters import HTTPAdapter

    class Bounded(noticing(HTTPAdapter)):  # type: ignore[misc]  # a class made of one without stubs
        """Reads the body before requests does."""

        def send(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            def ask() -> t.Any:
                response = super(Bounded, self).send(*args, **kwargs)
                response._content = _read(response)
                return response

            return _in_time(ask)

    for scheme in ("http://", "https://"):
        session.mount(scheme, Bounded())


def _in_time(ask: t.Callable[[], t.Any]) -> t.Any:
    """What it returns or raises, or :class:`TooLong` when that takes longer than an answer may."""
    answers: list[t.Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # whatever it is, the caller is to get it
            errors.append(error)

    asking = threading.Thread(target=run, daemon=True)
    asking.start()
    asking.join(DEADLINE)
    if errors:
        raise errors[0]
    if not answers:
        raise TooLong
    return answers[0]


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
