# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail text -> PPPoE credentials: pure, and never a guess.

OVHcloud publishes the mail's wording only as a screenshot, so it is recognised by the line (service name or known
login) and by meaning, and read in a few shapes only: a wrong password on a router is worse than none.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import words
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.grammar import (
    Entry,
    Kind,
    Row,
    Value,
    entries_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.link import secret_ids
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import MAX_LINE, Page, page_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.patterns import TooSlow, matches, values
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.value import password_of, why_no_secret
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.verdict import (
    Line,
    Reading,
    Refused,
    Verdict,
    not_this,
)

__all__ = ["Line", "Reading", "Verdict", "read"]

#: What is said of a part whose password is elsewhere: behind a link.
_NO_PASSWORD = (words.WHY_MISSING, words.WHY_WORDS, words.WHY_REMARK, words.WHY_MASKED, words.WHY_PLACEHOLDER)
#: What is said of a part that is no more than a stub of the other part, or that the user's patterns do not fit.
_STUB = (
    words.WHY_NOT_PPP,
    words.WHY_NO_LOGIN,
    words.WHY_NO_PASSWORD_TALK,
    words.WHY_MISSING,
    words.WHY_LOGIN_PATTERN,
    words.WHY_PASSWORD_PATTERN,
)


def read(title: str, text: str | None, html: str | None, line: Line) -> Reading:
    """Say what a mail is for a line, and read login and password out of it.

    :param title: subject of the mail.
    :param text: plain part, :param html: HTML part; either may be missing.
    :returns: ``CREDENTIALS`` with login and password; ``NOT_THIS_MAIL``; or ``UNREADABLE``: this line's credentials
        mail, but ambiguous, masked, a link only (``secret`` then says which), or without a password. ``why`` never
        quotes the mail. Never raises.
    """
    title = (title or "")[:MAX_LINE]
    pages = [page_of(text, False)] if text and text.strip() else []
    if html and html.strip():
        pages.append(page_of(html, True))
    if not pages:
        return Reading(Verdict.NOT_THIS_MAIL, words.WHY_EMPTY)
    readings = [_read_page(title, page, line) for page in pages]
    return readings[0] if len(readings) == 1 else _agreed(readings)


def _agreed(readings: list[Reading]) -> Reading:
    """What two parts of a mail say together."""
    good = [reading for reading in readings if reading.verdict is Verdict.CREDENTIALS or reading.secret]
    if len(good) == 2:
        first, second = (dataclasses.replace(reading, layout=None) for reading in readings)
        if first == second:
            return dataclasses.replace(first, layout=":".join(str(reading.layout) for reading in readings))
        links = sum(reading.secret is not None for reading in good)
        why = (words.WHY_PARTS, words.WHY_LINK_TOO, words.WHY_LINKS)[links]
        return Reading(Verdict.UNREADABLE, why, near_miss=True)
    if len(good) == 1:
        other = readings[1] if good[0] is readings[0] else readings[0]
        # The other part may simply be a stub; but if it names another line or two passwords, nothing is certain.
        if other.why in _STUB or (good[0].secret and other.why in _NO_PASSWORD):
            return good[0]
        return dataclasses.replace(other, verdict=Verdict.UNREADABLE)
    unreadable = [reading for reading in readings if reading.verdict is Verdict.UNREADABLE]
    return (unreadable or readings)[0]


def _read_page(title: str, page: Page, line: Line) -> Reading:
    try:
        login, password, layout = _credentials(title, page, line)
    except Refused as refused:
        return refused.reading
    except TooSlow:
        return Reading(Verdict.UNREADABLE, words.WHY_SLOW, near_miss=True)
    return Reading(Verdict.CREDENTIALS, "read", login, password, layout=layout)


def _mentioned(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-]|\.\w)", re.I)


def _credentials(title: str, page: Page, line: Line) -> tuple[str, str, str | None]:
    """Login, password and layout of a page, if it is the line's and gives them for certain."""
    patterns = line.patterns
    whole = "\n".join([title, *(chunk.flat for chunk in page.chunks if not chunk.quoted)])
    rows = entries_of(page, _mentioned(line.login) if line.login else words.LOGIN_RE)
    labelled = any(entry.kind is Kind.PASSWORD or entry.about_password for row in rows for entry in row.entries)
    marked = _marked(page, patterns.password, "password", words.WHY_PASSWORDS) if patterns.password else None
    known = marked is not None or (patterns.title is not None and matches(patterns.title, title))
    if not known and not labelled and not words.PPP_RE.search(whole):
        raise not_this(words.WHY_NOT_PPP, near_miss=False)
    services = {found.lower() for found in words.SERVICE_RE.findall(whole)}
    ours = line.service_name.lower() in services or _mentioned(line.service_name).search(whole) is not None
    if services and not ours:
        raise not_this(words.WHY_OTHER_ACCESS)
    if patterns.title and not matches(patterns.title, title):
        raise not_this(words.WHY_TITLE)
    if len(services) > 1:
        raise Refused(words.WHY_ACCESSES)
    if words.MODEM_RE.search(title) or (words.MODEM_FIRST_RE.search(title) and not words.PPPOE_RE.search(title)):
        raise not_this(words.WHY_MODEM)
    if patterns.login:
        login: str | None = _login_by_pattern(page, patterns.login, line, ours)
    else:
        login = _login(whole, rows, line, ours)
    if marked and login and not (page.secret_link and words.LINK_RE.search(marked.text)):
        return login, _as_it_stands(page, marked, login), None
    pppoe = known or words.PPPOE_RE.search(whole) is not None
    if page.secret_link and (login is not None or (ours and pppoe)):
        raise _link(page, rows, login or line.login, pppoe)
    if login is None:
        raise not_this(words.WHY_NO_LOGIN, near_miss=labelled)
    if not known and not labelled and not words.PASSWORD_TALK_RE.search(whole):
        raise not_this(words.WHY_NO_PASSWORD_TALK)
    if patterns.password:
        raise Refused(words.WHY_PASSWORD_PATTERN)
    entry, model = _chosen(page, rows, login)
    layout = _layout(title, page, entry)
    password = password_of(page, entry, model, login, layout in (line.proven or "").split(":"))
    if not page.complete:
        raise Refused(words.WHY_LONG)
    return login, password, layout


def _layout(title: str, page: Page, entry: Entry) -> str:
    """Digest of what a mail says without its password, its dates and its numbers."""
    lines = [title]
    for number, chunk in enumerate(page.chunks):
        value = entry.value if entry.value and entry.value.number == number else None
        lines.append(chunk.flat[: value.start] + "\0" + chunk.flat[value.end :] if value else chunk.flat)
    shown = words.DATE_OR_NUMBER_RE.sub("0", "\n".join(lines))
    return hashlib.sha256("\n".join([shown, *page.tags]).encode("utf-8", "replace")).hexdigest()


def _login(whole: str, rows: list[Row], line: Line, ours: bool) -> str | None:
    """The line's login if it stands in the mail; or what says that the mail is another line's."""
    labels = [entry.value for row in rows for entry in row.entries if entry.kind is Kind.LOGIN and entry.value]
    found = {one.lower(): one for value in labels for one in words.LOGIN_RE.findall(value.flat)}
    others = {low for low in found if words.PPP_LOGIN_RE.fullmatch(low) and not words.CONTACT_RE.fullmatch(low)}
    if line.login is None:
        if len(others) > 1:
            raise Refused(words.WHY_LOGINS)
        if others and not ours:
            raise not_this(words.WHY_NO_ACCESS)
        return found[others.pop()] if others else None
    others.discard(line.login.lower())
    mentioned = _mentioned(line.login).search(whole) is not None
    if others:
        raise Refused(words.WHY_LOGINS) if mentioned else not_this(words.WHY_OTHER_LOGIN)
    return line.login if mentioned else None


def _chosen(page: Page, rows: list[Row], login: str) -> tuple[Entry, Entry]:
    """The one password entry that belongs to the login, and the login's own entry; or why there is none."""
    behind = rf"(?:{words.MAILTO_RE.pattern[1:]})?(?:</\w+>|[^\w@]{{0,4}}|[ ]*\(.*\))$"
    exact = re.compile(rf"(?:<\w+>|[^\w@]{{0,4}}){re.escape(login)}{behind}", re.I)
    found: list[tuple[Entry, Entry]] = []
    loose: list[Entry] = []
    waiting: Entry | None = None
    model: Entry | None = None
    owner = foreign = talk = foreign_label = adopted = False
    for row in rows:
        kinds = {entry.kind for entry in row.entries}
        ours = [entry for entry in row.entries if entry.value and exact.match(entry.value.text)]
        if kinds <= {Kind.UNKNOWN, Kind.SETTING} and not ours:
            # Prose, a heading, or a setting of the line: it may say that another service's block begins.
            talk = talk or words.PASSWORD_TALK_RE.search(row.flat) is not None
            said = words.words_of(row.flat)
            foreign = (foreign or not words.FOREIGN.isdisjoint(said)) and words.PPP.isdisjoint(said)
            if foreign or kinds != {Kind.SETTING}:
                owner, waiting = False, None
        if row.gap:
            waiting = None
        for entry in row.entries:
            if entry in ours and entry.kind is not Kind.PASSWORD:
                if waiting and model is None:
                    adopted = True
                    found.append((waiting, entry))
                    loose.remove(waiting)
                model, waiting, owner, foreign = entry, None, True, False
            elif entry.kind is Kind.PASSWORD:
                if owner and model:
                    found.append((entry, model))
                elif not foreign:
                    loose.append(entry)
                    waiting = entry
            elif entry.kind is Kind.TALK:
                talk = True
            elif entry.kind in (Kind.FOREIGN, Kind.LOGIN) or (entry.value and words.LOGIN_RE.search(entry.value.text)):
                foreign_label = foreign_label or entry.about_password
                owner, foreign = False, True
    if adopted and talk:
        raise Refused(words.WHY_PLACE)
    return _only(page, found, loose, login, (talk, foreign or foreign_label, foreign_label))


def _only(
    page: Page, found: list[tuple[Entry, Entry]], loose: list[Entry], login: str, seen: tuple[bool, bool, bool]
) -> tuple[Entry, Entry]:
    talk, foreign, foreign_label = seen
    texts = {entry.value.text if entry.value else "" for entry, _model in found}
    if found:
        if len(texts) > 1:
            raise Refused(words.WHY_PASSWORDS)
        for entry in loose:
            if entry.value and entry.value.text not in texts and not re.search(r"\s", entry.value.text):
                raise Refused(words.WHY_PASSWORDS)
        return found[0]
    if foreign_label and not talk and not loose:
        raise not_this(words.WHY_OTHER_PASSWORD)
    if any(entry.value for entry in loose) or foreign:
        raise Refused(words.WHY_PLACE)
    if any(chunk.quoted and words.PASSWORD_TALK_RE.search(chunk.flat) for chunk in page.chunks):
        raise Refused(words.WHY_QUOTED)
    if page.secret_link and words.LINK_RE.search("\n".join(chunk.text for chunk in page.chunks)):
        raise Refused(words.WHY_LINK)
    raise Refused(words.WHY_MISSING)


def _link(page: Page, rows: list[Row], login: str | None, pppoe: bool) -> Refused:
    """A mail with a one-time link: unreadable by itself; it may be opened if it can be nothing else."""
    ids = secret_ids(page)
    if not ids:
        return Refused(words.WHY_LINK_STRANGE)
    if len(ids) > 1:
        return Refused(words.WHY_LINKS)
    if login is None:
        return Refused(words.WHY_LINK_LOGIN)
    try:
        password_of(page, *_chosen(page, rows, login), login, False)
    except Refused as refused:
        if not pppoe or refused.reading.why not in (words.WHY_LINK, *_NO_PASSWORD):
            return Refused(words.WHY_LINK_UNSURE)
    else:
        return Refused(words.WHY_LINK_TOO)
    link = Refused(words.WHY_LINK if page.complete else words.WHY_LONG)
    if page.complete:
        link.reading = dataclasses.replace(link.reading, login=login, secret=ids.pop())
    return link


def _marked(page: Page, pattern: re.Pattern[str], group: str, several: str) -> Value | None:
    """The one place that a pattern of the user's marks in what a person sees, if any."""
    lines = [(number, chunk) for number, chunk in enumerate(page.chunks) if not chunk.quoted]
    spans = values(pattern, group, "\n".join(chunk.flat for _number, chunk in lines))
    if len(spans) > 1:
        raise Refused(several)
    for start, end in spans:
        for number, chunk in lines:
            if start <= len(chunk.flat):
                if start == end or end > len(chunk.flat):
                    raise Refused(words.WHY_MISSING if start == end else words.WHY_CONTROL)
                return Value(chunk, number, start, end)
            start, end = start - len(chunk.flat) - 1, end - len(chunk.flat) - 1
    return None


def _as_it_stands(page: Page, value: Value, login: str) -> str:
    """The characters that the user's pattern marks as the password, or the reason why they are not certain."""
    chunk = value.chunk
    inside = any(value.start < place < value.end for place, _tag in chunk.tags)
    if inside or any(value.start <= place <= value.end for place in chunk.strange):
        raise Refused(words.WHY_ENCODING)
    why = why_no_secret(value.text, login) if page.complete and chunk.whole else words.WHY_LONG
    if why:
        raise Refused(why)
    return value.text


def _login_by_pattern(page: Page, pattern: re.Pattern[str], line: Line, ours: bool) -> str:
    """The one login that the user's pattern marks, if it is this line's."""
    found = _marked(page, pattern, "login", words.WHY_LOGINS)
    if not found:
        raise not_this(words.WHY_LOGIN_PATTERN)
    if not found.text.isprintable() or re.search(r"\s", found.text):
        raise Refused(words.WHY_AMBIGUOUS)
    if line.login is not None and found.text.lower() != line.login.lower():
        raise not_this(words.WHY_OTHER_LOGIN)
    if line.login is None and not ours:
        raise not_this(words.WHY_NO_ACCESS)
    return found.text
