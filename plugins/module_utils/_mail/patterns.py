# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions of the user's own, for a mail that the reader does not know: checked before anything is sent.

They search the text that the reader sees: entities and encodings decoded, one line for each line, paragraph or table
cell, blanks around lines removed, every kind of blank as a plain space, quotations of older mails left out.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import signal
import threading
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

#: Characters that a pattern may have; seconds that one search may take, and that the trials of a new pattern may take.
MAX_PATTERN = 500
SEARCH_LIMIT = 2.0
TRIAL_LIMIT = 1.0

#: A repeat inside of a repeated group, in the forms in which one writes it by mistake.
_NESTED_RE = re.compile(r"(?<!\\)\((?:[^()\\]|\\.)*(?:[*+]|\{\d*,\d*\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d*,\d*\})")

_EXAMPLES = {
    "mail_title": "for example '(?i)pppoe'",
    "mail_login_pattern": r"for example '^PPP user: (\S+)$'",
    "mail_password_pattern": r"for example '^PPP secret: (\S+)$'",
}


class TooSlow(Exception):
    """A pattern took longer than it may."""


@dataclasses.dataclass(frozen=True)
class Patterns:
    """What the user says of the mail. ``login`` and ``password`` mark the value by a group."""

    title: re.Pattern[str] | None = None
    login: re.Pattern[str] | None = None
    password: re.Pattern[str] | None = None


NO_PATTERNS = Patterns()


def compiled(params: t.Mapping[str, t.Any]) -> Patterns:
    """The patterns of a module's options ``mail_title``, ``mail_login_pattern`` and ``mail_password_pattern``.

    :raises Failure: ``invalid_option`` for one that is malformed, marks no value, or takes too long.
    """
    return Patterns(
        _compiled(params, "mail_title", None),
        _compiled(params, "mail_login_pattern", "login"),
        _compiled(params, "mail_password_pattern", "password"),
    )


def _compiled(params: t.Mapping[str, t.Any], option: str, group: str | None) -> re.Pattern[str] | None:
    source = params[option]
    if source is None:
        return None
    if not source or len(source) > MAX_PATTERN:
        raise _invalid(option, f"is {'empty' if not source else 'too long'}: it takes 1 to {MAX_PATTERN} characters")
    try:
        pattern = re.compile(source, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise _invalid(option, f"is not a regular expression of Python: {error}") from None
    if group and group not in pattern.groupindex and pattern.groups != 1:
        raise _invalid(
            option,
            f"has {pattern.groups} groups: put the value in exactly one group, or name the group {group}: "
            f"'(?P<{group}>...)'",
        )
    slow = _NESTED_RE.search(source) is not None
    try:
        with limited(TRIAL_LIMIT):
            for text in () if slow else _trials(source):
                pattern.search(text)
    except TooSlow:
        slow = True
    if slow:
        raise _invalid(
            option,
            "may take for ever: a repeat inside a repeat, such as (a+)+, tries every way to share the characters out. "
            "Write it without",
        )
    return pattern


def _trials(source: str) -> list[str]:
    """Lines on which a pattern that tries too many ways shows it: its own characters, repeated, then no match."""
    characters = dict.fromkeys(["a", "0", " ", ":", ".", "@", *source])
    return [character * 1000 + "\x00" for character in characters] + ["a1 " * 333 + "\x00"]


def values(pattern: re.Pattern[str], group: str, text: str) -> list[tuple[int, int]]:
    """Where the group matched in a text, with places of the same value left out; two are enough to be ambiguous.

    :raises TooSlow: when the search takes too long.
    """
    name: str | int = group if group in pattern.groupindex else 1
    found: dict[str, tuple[int, int]] = {}
    with limited(SEARCH_LIMIT):
        for match in pattern.finditer(text):
            if match[name] is not None:
                found.setdefault(match[name], match.span(name))
            if len(found) > 1:
                break
    return list(found.values())


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern matches anywhere.

    :raises TooSlow: when the search takes too long.
    """
    with limited(SEARCH_LIMIT):
        return pattern.search(text) is not None


@contextlib.contextmanager
def limited(seconds: float) -> t.Iterator[None]:
    """Interrupt what takes longer. Python's ``re`` looks for signals while it searches.

    Signals reach the main thread only, in which modules run; elsewhere nothing is interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _invalid(option: str, what: str) -> Failure:
    return Failure("invalid_option", f"{option} {what}; {_EXAMPLES[option]}. Nothing was sent.", {"option": option})
