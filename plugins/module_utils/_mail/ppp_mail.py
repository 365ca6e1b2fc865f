# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail text -> PPPoE credentials: pure, and hard to fool.

OVHcloud publishes the mail's wording only as a screenshot, so it is recognised by the line (service name or known
login) and by meaning (a labelled login and a labelled password), and refused when anything is ambiguous: a wrong
password on a router is worse than none. The login is known or has a form; so its place is certain, and what its line
looks like (same line, next line, next cell; quotes; a final comma) says how to read the password's line.
"""

from __future__ import annotations

import dataclasses
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import mail_text
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_labels import (
    Form,
    Label,
    find_labels,
    form_of,
    split_joined,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_link import secret_ids
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_marked import (
    by_pattern,
    by_pattern_checked,
    login_by_pattern,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import MAX_LINE, Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_password import checked, chosen
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_patterns import TooSlow, matches
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_verdict import (
    WHY_ACCESSES,
    WHY_EMPTY,
    WHY_LINK,
    WHY_LINK_LOGIN,
    WHY_LINK_STRANGE,
    WHY_LINK_TOO,
    WHY_LINK_UNSURE,
    WHY_LINKS,
    WHY_LOGIN_PATTERN,
    WHY_LOGINS,
    WHY_LONG,
    WHY_MASKED,
    WHY_MISSING,
    WHY_MODEM,
    WHY_NO_ACCESS,
    WHY_NO_LOGIN,
    WHY_NO_PASSWORD_TALK,
    WHY_NOT_PPP,
    WHY_OTHER_ACCESS,
    WHY_OTHER_LOGIN,
    WHY_PARTS,
    WHY_PASSWORD_PATTERN,
    WHY_PLACEHOLDER,
    WHY_REMARK,
    WHY_SLOW,
    WHY_TITLE,
    WHY_WORDS,
    Line,
    Reading,
    Refused,
    Verdict,
    not_this,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_words import (
    FOREIGN_RE,
    LINK_RE,
    LOGIN_RE,
    MODEM_FIRST_RE,
    MODEM_RE,
    PASSWORD_RE,
    PPP_RE,
    PPPOE_RE,
    SERVICE_RE,
)

__all__ = ["Line", "Reading", "Verdict", "read"]

#: What is said of a part whose password is elsewhere: behind a link.
_NO_PASSWORD = (WHY_MISSING, WHY_WORDS, WHY_REMARK, WHY_MASKED, WHY_PLACEHOLDER)
#: What is said of a part that is no more than a stub of the other part, or that the user's patterns do not fit.
_STUB = (WHY_NOT_PPP, WHY_NO_LOGIN, WHY_NO_PASSWORD_TALK, WHY_MISSING, WHY_LOGIN_PATTERN, WHY_PASSWORD_PATTERN)


def _mentions(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])", text, re.I) is not None


def read(title: str, text: str | None, html: str | None, line: Line) -> Reading:
    """Say what a mail is for a line, and read login and password out of it.

    :param title: subject of the mail.
    :param text: plain part, :param html: HTML part; either may be missing.
    :returns: ``CREDENTIALS`` with login and password; ``NOT_THIS_MAIL``; or ``UNREADABLE``: this line's credentials
        mail, but ambiguous, masked, a link only (``secret`` then says which), or without a password. ``why`` never
        quotes the mail. Never raises.
    """
    title = (title or "")[:MAX_LINE]
    pages = [mail_text.page_of(text, False)] if text and text.strip() else []
    if html and html.strip():
        pages.append(mail_text.page_of(html, True))
    if not pages:
        return Reading(Verdict.NOT_THIS_MAIL, WHY_EMPTY)
    readings = [_read_page(title, page, line) for page in pages]
    if len(readings) == 1 or readings[0] == readings[1]:
        return readings[0]
    good = [reading for reading in readings if reading.verdict is Verdict.CREDENTIALS or reading.secret]
    if len(good) == 2:
        links = sum(reading.secret is not None for reading in good)
        return Reading(Verdict.UNREADABLE, (WHY_PARTS, WHY_LINK_TOO, WHY_LINKS)[links], near_miss=True)
    if len(good) == 1:
        other = readings[1] if good[0] is readings[0] else readings[0]
        # The other part may simply be a stub; but if it names another line or two passwords, nothing is certain.
        if other.why in _STUB:
            return good[0]
        if good[0].secret and other.why in _NO_PASSWORD:
            return good[0]
        return dataclasses.replace(other, verdict=Verdict.UNREADABLE)
    unreadable = [reading for reading in readings if reading.verdict is Verdict.UNREADABLE]
    return (unreadable or readings)[0]


def _read_page(title: str, page: Page, line: Line) -> Reading:
    try:
        login, password = _credentials(title, page, line)
    except Refused as refused:
        return refused.reading
    except TooSlow:
        return Reading(Verdict.UNREADABLE, WHY_SLOW, near_miss=True)
    return Reading(Verdict.CREDENTIALS, "read", login, password)


def _credentials(title: str, page: Page, line: Line) -> tuple[str, str]:
    patterns = line.patterns
    split_joined(page)
    passwords, logins = find_labels(page)
    whole = "\n".join([title, *(chunk.flat for chunk in page.chunks if not chunk.quoted)])
    marked = by_pattern(page, patterns.password) if patterns.password else None
    known = marked is not None or (patterns.title is not None and matches(patterns.title, title))
    if not known and not passwords and not PPP_RE.search(whole):
        raise not_this(WHY_NOT_PPP, near_miss=False)
    services = {found.lower() for found in SERVICE_RE.findall(whole)}
    ours = line.service_name.lower() in services or _mentions(whole, line.service_name)
    if services and not ours:
        raise not_this(WHY_OTHER_ACCESS)
    if patterns.title and not matches(patterns.title, title):
        raise not_this(WHY_TITLE)
    if len(services) > 1:
        raise Refused(WHY_ACCESSES)
    if _modem_title(title):
        raise not_this(WHY_MODEM)
    if patterns.login:
        login: str | None = _own(login_by_pattern(page, patterns.login), line, ours)
        form = form_of(logins, login) if login else None
    else:
        login, form = _login(whole, logins, line, ours)
    if marked and login and not (page.secret_link and LINK_RE.search(marked.text)):
        return login, by_pattern_checked(page, marked, login)
    pppoe = known or PPPOE_RE.search(whole) is not None
    if page.secret_link and (login is not None or (ours and pppoe)):
        raise _link(page, (passwords, logins), login or line.login, form, pppoe)
    if login is None:
        raise not_this(WHY_NO_LOGIN, near_miss=bool(passwords))
    if not known and not passwords and not PASSWORD_RE.search(whole):
        raise not_this(WHY_NO_PASSWORD_TALK)
    if patterns.password:
        raise Refused(WHY_PASSWORD_PATTERN)
    value = chosen(page, passwords, logins, login, form)
    if not page.complete:
        raise Refused(WHY_LONG)
    return login, checked(page, value, login, form)


def _own(login: str, line: Line, ours: bool) -> str:
    """The login that the user's pattern marks, if it is this line's."""
    if line.login is not None and login.lower() != line.login.lower():
        raise not_this(WHY_OTHER_LOGIN)
    if line.login is None and not ours:
        raise not_this(WHY_NO_ACCESS)
    return login


def _link(
    page: Page, found: tuple[list[Label], list[Label]], login: str | None, form: Form | None, pppoe: bool
) -> Refused:
    """A mail with a one-time link: unreadable by itself; it may be opened if it can be nothing else."""
    ids = secret_ids(page)
    if ids is None or not ids:
        return Refused(WHY_LINK_STRANGE)
    if len(ids) > 1:
        return Refused(WHY_LINKS)
    if login is None:
        return Refused(WHY_LINK_LOGIN)
    try:
        checked(page, chosen(page, *found, login, form), login, form)
    except Refused as refused:
        if not pppoe or refused.reading.why not in (WHY_LINK, *_NO_PASSWORD):
            return Refused(WHY_LINK_UNSURE)
    else:
        return Refused(WHY_LINK_TOO)
    link = Refused(WHY_LINK if page.complete else WHY_LONG)
    if page.complete:
        link.reading = dataclasses.replace(link.reading, login=login, secret=ids.pop())
    return link


def _modem_title(title: str) -> bool:
    if MODEM_RE.search(title):
        return True
    return MODEM_FIRST_RE.search(title) is not None and not PPPOE_RE.search(title)


def _login(whole: str, labels: list[Label], line: Line, ours: bool) -> tuple[str | None, Form | None]:
    """Find the line's login and the form of its line, or say why the mail is another line's."""
    found: dict[str, str] = {}
    for label in labels:
        if label.value and not FOREIGN_RE.search(label.before + " " + label.after):
            found.update({one.lower(): one for one in LOGIN_RE.findall(label.value.text)})
    if line.login is None:
        found = {
            low: one for low, one in found.items() if re.search(r"_\d+@|\d{6}[^@]*@", one) and not _is_contact(low)
        }
        if len(found) > 1:
            raise Refused(WHY_LOGINS)
        if found and not ours:
            raise not_this(WHY_NO_ACCESS)
        login = next(iter(found.values()), None)
    else:
        login = line.login
        others = set(found) - {login.lower()}
        if others and _mentions(whole, login):
            raise Refused(WHY_LOGINS)
        if others:
            raise not_this(WHY_OTHER_LOGIN)
        if not _mentions(whole, login):
            login = None
    return login, form_of(labels, login) if login else None


def _is_contact(login: str) -> bool:
    return (
        re.search(
            r"@(?:.*\.)?(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|gmx|web|orange|wanadoo|free|sfr|laposte|"
            r"proton|protonmail|example)\.[a-z.]+$|@(?:ovh|ovhcloud|ovhtelecom)\.(?:com|net|fr)$",
            login,
        )
        is not None
    )
