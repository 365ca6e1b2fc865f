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

#: The options: the group that marks the value of each, and an example.
_OPTIONS = {
    "mail_title": (None, "'(?i)pppoe'"),
    "mail_login_pattern": ("login", r"'^PPP user: (\S+)$'"),
    "mail_password_pattern": ("password", r"'^PPP secret: (\S+)$'"),
}


class TooSlow(Exception):
    """A pattern took longer than it may."""


@dataclasses.dataclass(frozen=True)
class Patterns:
    """What the user says of the mail. ``login`` and ``password`` mark the value by a group."""

    title: re.Pattern[str] | None = None
    login: re.Pattern[str] | None = None
    password: re.Pattern[str] | None = None


def compiled(params: t.Mapping[str, t.Any]) -> Patterns:
    """The patterns of a module's options ``mail_title``, ``mail_login_pattern`` and ``mail_password_pattern``.

    :raises Failure: ``invalid_option`` for one that is malformed, marks no value, or takes too long.
    """
    found: list[re.Pattern[str] | None] = []
    for option, (group, example) in _OPTIONS.items():
        try:
            found.append(None if params[option] is None else _compiled(params[option], group))
        except ValueError as why:
            message = f"{option} {why}; for example {example}. Nothing was sent."
            raise Failure("invalid_option", message, {"option": option}) from None
    return Patterns(*found)


def _compiled(source: str, group: str | None) -> re.Pattern[str]:
    """:raises ValueError: what is wrong with a pattern."""
    if not 0 < len(source) <= MAX_PATTERN:
        raise ValueError(f"is {'too long' if source else 'empty'}: it takes 1 to {MAX_PATTERN} characters")
    try:
        pattern = re.compile(source, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a regular expression of Python: {error}") from None
    if group and group not in pattern.groupindex and pattern.groups != 1:
        marked = f"put the value in exactly one group, or name the group {group}: '(?P<{group}>...)'"
        raise ValueError(f"has {pattern.groups} groups: {marked}")
    try:
        if _NESTED_RE.search(source):
            raise TooSlow
        # Its own characters, repeated, then no match: on these a pattern that tries too many ways shows it.
        with limited(TRIAL_LIMIT):
            for unit in {*"a0 :.@", *source}:
                pattern.search(unit * 1000 + "\0")
            pattern.search("a1 " * 333 + "\0")
    except TooSlow:
        tries = "a repeat inside a repeat, such as (a+)+, tries every way to share the characters out. Write it without"
        raise ValueError(f"may take for ever: {tries}") from None
    return pattern


def places(pattern: re.Pattern[str], group: str | None, text: str) -> list[tuple[int, int]]:
    """Where the group (None: the whole) matched in a text; places of the same value left out; at most two.

    :raises TooSlow: when the search takes too long.
    """
    name = group if group and group in pattern.groupindex else int(group is not None)
    found: dict[str, tuple[int, int]] = {}
    with limited(SEARCH_LIMIT):
        for match in pattern.finditer(text):
            if match[name] is not None:
                found.setdefault(match[name], match.span(name))
            if len(found) > 1:
                break
    return list(found.values())


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
