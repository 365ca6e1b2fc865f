# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Login and password where the user's own patterns mark them: taken as they stand, or refused."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_labels import Value
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import Chunk, Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_password import why_no_secret
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_patterns import values
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_verdict import (
    WHY_AMBIGUOUS,
    WHY_CONTROL,
    WHY_ENCODING,
    WHY_LOGIN_PATTERN,
    WHY_LOGINS,
    WHY_LONG,
    WHY_MISSING,
    WHY_PASSWORDS,
    Refused,
    not_this,
)


def by_pattern(page: Page, pattern: re.Pattern[str]) -> Value | None:
    """The one place that the pattern for the password marks, if any."""
    found = values(pattern, "password", _text(page))
    if len(found) > 1:
        raise Refused(WHY_PASSWORDS)
    return _value(page, *found[0]) if found else None


def by_pattern_checked(page: Page, value: Value, login: str) -> str:
    """The characters that stand there, or the reason why they are not certain."""
    chunk, text = value.chunk, value.text
    if not page.complete or not chunk.whole:
        raise Refused(WHY_LONG)
    if any(value.start < mark < value.end for mark in chunk.marks):
        raise Refused(WHY_ENCODING)
    if any(value.start <= mark <= value.end for mark in chunk.strange):
        raise Refused(WHY_ENCODING)
    why = why_no_secret(text, login)
    if why:
        raise Refused(why)
    return text


def login_by_pattern(page: Page, pattern: re.Pattern[str]) -> str:
    """The one login that the pattern for the login marks."""
    found = values(pattern, "login", _text(page))
    if not found:
        raise not_this(WHY_LOGIN_PATTERN)
    if len(found) > 1:
        raise Refused(WHY_LOGINS)
    login = _value(page, *found[0]).text
    if not login or not login.isprintable() or re.search(r"\s", login):
        raise Refused(WHY_AMBIGUOUS)
    return login


def _lines(page: Page) -> list[tuple[int, Chunk]]:
    return [(number, chunk) for number, chunk in enumerate(page.chunks) if not chunk.quoted]


def _text(page: Page) -> str:
    """What a pattern searches."""
    return "\n".join(chunk.flat for _number, chunk in _lines(page))


def _value(page: Page, start: int, end: int) -> Value:
    for number, chunk in _lines(page):
        if start <= len(chunk.flat):
            if end > len(chunk.flat):
                raise Refused(WHY_CONTROL)
            if start == end:
                raise Refused(WHY_MISSING)
            return Value(chunk, number, start, end, "line")
        start -= len(chunk.flat) + 1
        end -= len(chunk.flat) + 1
    raise Refused(WHY_MISSING)
