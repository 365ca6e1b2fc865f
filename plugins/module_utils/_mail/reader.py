# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail text -> PPPoE credentials: pure, and never a guess.

OVHcloud publishes the mail's wording only as a screenshot, so it is recognised by the line (service name or known
login) and by meaning, and read in a few shapes only: a wrong password on a router is worse than none.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import (
    grammar,
    markup,
    older,
    prose,
    reasons,
    shapes,
    words,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import value as values
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.grammar import Entry, Kind, Span, entries_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import MAX_LINE, Page, page_of, secret_ids
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.patterns import Patterns, TooSlow, places
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.value import Refused, exact, refuse


class Verdict(enum.Enum):
    CREDENTIALS = "credentials"
    NOT_THIS_MAIL = "not_this_mail"
    UNREADABLE = "unreadable"


@dataclasses.dataclass(frozen=True)
class Line:
    """The access whose mail is looked for; ``login`` when it is known already. ``patterns``: how its mail looks.

    ``proven``: layout of an earlier mail whose password is the one on the router.
    """

    service_name: str
    login: str | None = None
    patterns: Patterns = dataclasses.field(default_factory=Patterns)
    proven: str | None = None


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a mail is for a line.

    ``near_miss``: it resembles a credentials mail, so say why it was passed over. ``secret``: id of OVHcloud's one-time
    link that stands in place of the password: whoever has it can read the password, so it is shown nowhere. ``layout``:
    digest of the mail without its password, its dates and its numbers.
    """

    verdict: Verdict
    why: str
    login: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    near_miss: bool = False
    secret: str | None = dataclasses.field(default=None, repr=False)
    layout: str | None = None


def read(title: str, text: str | None, html: str | None, line: Line) -> Reading:
    """Say what a mail is for a line, and read login and password out of it.

    :param title: subject of the mail.
    :param text: plain part, :param html: HTML part; either may be missing.
    :returns: ``CREDENTIALS`` with login and password; ``NOT_THIS_MAIL``; or ``UNREADABLE``: this line's credentials
        mail, but ambiguous, masked, a link only (``secret`` then says which), or without a password. ``why`` never
        quotes the mail. Never raises.
    """
    title = (title or "")[:MAX_LINE]
    parts = [(part, is_html) for part, is_html in ((text, False), (html, True)) if part and part.strip()]
    readings = [_read_page(title, page_of(part, is_html), line) for part, is_html in parts]
    if not readings:
        return Reading(Verdict.NOT_THIS_MAIL, reasons.EMPTY)
    return readings[0] if len(readings) == 1 else _agreed(*readings)


def _agreed(first: Reading, second: Reading) -> Reading:
    """What two parts of a mail say together."""
    good = [one for one in (first, second) if one.verdict is Verdict.CREDENTIALS or one.secret]
    if len(good) == 2:
        if first == dataclasses.replace(second, layout=first.layout):
            return dataclasses.replace(first, layout=f"{first.layout}:{second.layout}")
        links = sum(one.secret is not None for one in good)
        why = (reasons.PARTS, reasons.LINK_TOO, reasons.LINKS)[links]
        return Reading(Verdict.UNREADABLE, why, near_miss=True)
    other = second if good == [first] else first
    if good:
        # The other part may simply be a stub; but if it names another line or two passwords, nothing is certain.
        if other.why in reasons.STUB or (good[0].secret and other.why in reasons.NO_PASSWORD):
            return good[0]
        return dataclasses.replace(other, verdict=Verdict.UNREADABLE)
    return second if first.verdict is Verdict.NOT_THIS_MAIL and second.verdict is Verdict.UNREADABLE else first


def _read_page(title: str, page: Page, line: Line) -> Reading:
    try:
        return _credentials(title, page, line)
    except Refused as no:
        verdict = Verdict.NOT_THIS_MAIL if no.why in reasons.ANOTHER_MAIL else Verdict.UNREADABLE
        return Reading(verdict, no.why, near_miss=no.near_miss)
    except TooSlow:
        return Reading(Verdict.UNREADABLE, reasons.SLOW, near_miss=True)


def _names(text: str, line: Line) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(line.service_name)}(?![\w-])", text, re.I) is not None


def _credentials(title: str, page: Page, line: Line) -> Reading:
    """Login, password and layout of a page, if it is the line's and gives them for certain."""
    patterns = line.patterns
    whole = f"{title}\n{page.flat}"
    entries = entries_of(page)
    labelled = any(entry.kind in grammar.ABOUT_PASSWORD for entry in entries)
    marked = _marked(page, patterns.password, "password", reasons.PASSWORDS)
    titled = patterns.title is not None and places(patterns.title, None, title) != []
    known = marked is not None or titled
    if not (known or labelled or prose.PPP_RE.search(whole)):
        raise Refused(reasons.NOT_PPP, near_miss=False)
    services = {found.lower() for found in shapes.SERVICE_RE.findall(whole)}
    ours = _names(whole, line)
    modem = prose.MODEM_RE.search(title) or (prose.MODEM_FIRST_RE.search(title) and not prose.PPPOE_RE.search(title))
    refuse(reasons.OTHER_ACCESS if services and not ours else None)
    refuse(reasons.TITLE if patterns.title and not titled else None)
    refuse(reasons.ACCESSES if len(services) > 1 else reasons.MODEM if modem else None)
    login = _login(whole, page, entries, line, ours)
    if marked and login and not (page.secret_link and shapes.LINK_RE.search(page.flat, *marked)):
        password = exact(page, marked)
        refuse(values.why_no_secret(password, login) if page.complete else reasons.LONG)
        return Reading(Verdict.CREDENTIALS, "read", login, password)
    pppoe = known or prose.PPPOE_RE.search(whole) is not None
    if page.secret_link and (login is not None or (ours and pppoe)):
        return _link(page, entries, login or line.login, line, marked, pppoe)
    if login is None:
        raise Refused(reasons.NO_LOGIN, near_miss=labelled)
    refuse(None if known or labelled or prose.PASSWORD_TALK_RE.search(whole) else reasons.NO_PASSWORD_TALK)
    refuse(reasons.PASSWORD_PATTERN if patterns.password else None)
    entry, model = _chosen(page, entries, login, line)
    layout = _layout(title, page, entry)
    password = values.password_of(page, entry, model, login, layout in (line.proven or "").split(":"))
    refuse(None if page.complete else reasons.LONG)
    return Reading(Verdict.CREDENTIALS, "read", login, password, layout=layout)


def _layout(title: str, page: Page, entry: Entry) -> str:
    """Digest of what a mail says without its password, its dates and its numbers."""
    start, end = entry.value or (0, 0)
    shown = shapes.DATE_OR_NUMBER_RE.sub("0", f"{title}\n{page.flat[:start]}\0{page.flat[end:]}")
    whole = "\n".join([shown, *(tag.name for tag in page.tags)])
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _login(whole: str, page: Page, entries: list[Entry], line: Line, ours: bool) -> str | None:
    """The line's login if it stands in the mail, or the user's pattern marks it; or what says: another line's mail."""
    shown = {one.lower() for one in shapes.LOGIN_RE.findall(whole)}
    if line.patterns.login:
        found = [page.shows(_marked(page, line.patterns.login, "login", reasons.LOGINS))]
        refuse(None if found[0] else reasons.LOGIN_PATTERN)
        refuse(reasons.AMBIGUOUS if not found[0].isprintable() or re.search(r"\s", found[0]) else None)
        mentioned = line.login is not None and found[0].lower() == line.login.lower()
    else:
        labels = [entry.value for entry in entries if entry.kind is Kind.LOGIN and entry.value]
        some = [one for value in labels for one in shapes.LOGIN_RE.findall(page.flat, *value)]
        found = [one for one in some if shapes.PPP_LOGIN_RE.fullmatch(one) and not shapes.CONTACT_RE.fullmatch(one)]
        mentioned = line.login is not None and line.login.lower() in shown
    others = {one.lower() for one in found} - {(line.login or "").lower()}
    if not others:
        return line.login if mentioned else None
    if line.login:
        raise Refused(reasons.LOGINS if mentioned else reasons.OTHER_LOGIN)
    anywhere = {one for one in shown if shapes.PPP_LOGIN_RE.fullmatch(one)}
    several = max(len(others), len(anywhere)) > 1
    refuse(reasons.LOGINS if several else None if ours else reasons.NO_ACCESS)
    return found[0]


def _chosen(page: Page, entries: list[Entry], login: str, line: Line) -> tuple[Entry, Entry]:
    """The one password entry that belongs to the login, and the login's own entry, if nothing speaks against them.

    The last login before a password says whose it is; a line that speaks of another service, or a label that nobody
    knows, ends that. A password right above its login is the login's where the page speaks of no other.
    """
    found: list[tuple[Entry, Entry]] = []
    loose: list[Entry] = []
    owner: Entry | None = None
    # Whether: our login was seen; another service's block is open; a password is spoken of.
    named = foreign = talk = False
    for above, entry in zip([None, *entries], entries):
        shown, prose_ = page.shows(entry.value), page.shows(entry.span)
        given = shapes.ONE_LOGIN_RE.match(shown)
        if given and given["login"].lower() == login.lower() and entry.kind not in (Kind.PASSWORD, Kind.FOREIGN):
            if above and loose[-1:] == [above] and not named and not entry.gap and entry.kind is Kind.LOGIN:
                found.append((loose.pop(), entry))
            owner, foreign, named = entry, False, True
        elif entry.kind is Kind.PASSWORD and owner:
            found.append((entry, owner))
        elif entry.kind is Kind.PASSWORD:
            loose += [] if foreign else [entry]
        elif entry.kind is Kind.TALK:
            talk = True
        elif entry.kind in (Kind.UNKNOWN, Kind.SETTING) and not shapes.LOGIN_RE.search(shown):
            # Prose, a heading, or a setting of the line: it may say that another service's block begins.
            said = words.words_of(prose_)
            talk = talk or prose.PASSWORD_TALK_RE.search(prose_) is not None
            foreign = (foreign or not words.FOREIGN.isdisjoint(said)) and prose.PPP.isdisjoint(said)
            owner = None if foreign or entry.kind is Kind.UNKNOWN else owner
        else:
            owner, foreign = None, True
    if talk and any(password.span[0] < owner.span[0] for password, owner in found):
        raise Refused(reasons.PLACE)
    others = any(entry.kind is Kind.OTHERS for entry in entries)
    block = _only(page, found, loose, talk, foreign, others)
    refuse(_why_not_ours(page, entries, block, line))
    return block


def _only(
    page: Page, found: list[tuple[Entry, Entry]], loose: list[Entry], talk: bool, foreign: bool, others: bool
) -> tuple[Entry, Entry]:
    texts = {page.shows(entry.value) for entry, _model in found}
    stray = {page.shows(entry.value) for entry in loose}
    if found:
        if len(texts) > 1 or any(text and not re.search(r"\s", text) for text in stray - texts):
            raise Refused(reasons.PASSWORDS)
        return found[0]
    if others and not talk and not loose:
        raise Refused(reasons.OTHER_PASSWORD)
    if any(stray) or foreign or others:
        raise Refused(reasons.PLACE)
    raise Refused(reasons.QUOTED if page.quotes_password else reasons.MISSING)


@dataclasses.dataclass
class _Saying:
    """What a page says beside labels and values: a line, or a sentence over several. ``bare``: it has no label."""

    start: int
    text: str
    bare: bool


_GREETING = {(word,) for word in prose.GREETINGS}


def _said(text: str) -> str:
    """The words of a text, without addresses: an example's is no example."""
    told = [one for one in text.split() if "@" not in one and "." not in one.strip(".,;:!?()")]
    return " ".join(words.words_of(" ".join(told)))


def _sayings(page: Page, entries: list[Entry], block: tuple[Entry, Entry], line: Line) -> list[_Saying]:
    sayings: list[_Saying] = []
    for entry in entries:
        text = page.shows(entry.span)
        # A line may begin or break at a mark; and when the login is not known, any label may be another service's.
        broken = shapes.MARK_RE.match(text) is not None or text.endswith(f"={markup.UNKNOWN}")
        bare = not entry.value or broken or (not line.login and entry.kind in (Kind.UNKNOWN, Kind.FOREIGN))
        same = bare and not entry.gap and not page.is_html and sayings and sayings[-1].bare
        if same and not sayings[-1].text.endswith((".", ":", "!", "?", ",", ";")):
            sayings[-1].text += f" {text}"
        elif bare or entry.kind is Kind.UNKNOWN or entry in block:
            sayings.append(_Saying(entry.span[0], text, bare))
    # An address alone says nothing; but when the login is not known, it may be another service's heading.
    return [one for one in sayings if _said(one.text) or (not line.login and words.words_of(one.text))]


def _why_not_ours(page: Page, entries: list[Entry], block: tuple[Entry, Entry], line: Line) -> str | None:
    """What the prose of a page says against the credentials in it: old ones, an example, an unknown heading."""
    first, last = min(entry.span[0] for entry in block), max(entry.span[1] for entry in block)
    sayings = _sayings(page, entries, block, line)
    above, below = [one for one in sayings if one.start < first], [one for one in sayings if one.start > last]
    bare = [number for number, one in enumerate(above) if one.bare]
    inside = sayings[len(above) : len(sayings) - len(below)]
    void = any(prose.VOID_RE.search(_said(one.text)) for one in (*inside, *below[:1]))
    doubtful = any(prose.DOUBTFUL_RE.search(_said(one.text)) for one in above[bare[-1] if bare else 0 :])
    if void or doubtful or any(_speaks_of_former(one.text) for one in sayings):
        return reasons.FORMER
    # A letter greets once, in one line or two on each other, and has its subject above that.
    greets = [n for n, one in enumerate(above) if len(one.text) < 60 and words.words_of(one.text)[:1] in _GREETING]
    greeted = above[greets[0] + 1 :] if greets else []
    if (greets and greets[-1] - greets[0] >= len(greets)) or any(older.SUBJECT_RE.match(one.text) for one in greeted):
        return reasons.QUOTED
    # What names both may be the heads of a table.
    named = [set(grammar.named_in(words.words_of(above[number].text))[0]) for number in bare]
    heads = [above[n].text for n, names in zip(bare, named) if not (names & words.LOGINS and names & words.PASSWORDS)]
    return reasons.HEADING if heads and not _may_head(heads[-1], line) else None


def _may_head(text: str, line: Line) -> bool:
    """Whether the last line above a block says that it is this line's, or at least not that it is another's."""
    spoken = words.words_of(text)
    ours = not prose.PPP.isdisjoint(spoken) or _names(text, line) or (line.login and text.endswith((".", "!")))
    if ours or prose.NOTE_RE.search(text) or (spoken and spoken[0] in prose.GREETINGS):
        return True
    return not grammar.named_in(spoken)[1] - words.NEUTRAL - prose.OPENING - words.SETTINGS


def _speaks_of_former(text: str) -> bool:
    """Does it call credentials old? A whole sentence on the old password speaks of another one than the mail's."""
    for sentence in re.split(r"(?<=[.!])\s+", text):
        said = _said(sentence)
        rest = prose.OLD_PASSWORD_RE.sub("", said)
        of_another = rest != said and sentence.endswith((".", "!")) and prose.ENDED_RE.search(rest)
        if not of_another and (prose.FORMER_RE.search(said) or prose.WRONG_RE.search(said)):
            return True
    return False


def _link(page: Page, entries: list[Entry], login: str | None, line: Line, marked: Span | None, pppoe: bool) -> Reading:
    """A mail with a one-time link: unreadable by itself; it may be opened where it stands in our password's place.

    ``marked``: the place that the user's pattern gives.
    """
    ids = secret_ids(page)
    if len(ids) != 1:
        raise Refused(reasons.LINKS if ids else reasons.LINK_STRANGE)
    if login is None:
        raise Refused(reasons.LINK_LOGIN)
    try:
        entry, model = (Entry(Kind.PASSWORD, marked),) * 2 if marked else _chosen(page, entries, login, line)
        place = marked or entry.value or (0, 0)
        if page.complete and pppoe and next(iter(ids)) in values.leads_to(page, place).lower():
            return Reading(Verdict.UNREADABLE, reasons.LINK, login, near_miss=True, secret=ids.pop())
        values.password_of(page, entry, model, login, False)
    except Refused:
        raise Refused(reasons.LINK_UNSURE) from None
    raise Refused(reasons.LINK_TOO)


def _marked(page: Page, pattern: re.Pattern[str] | None, group: str, several: str) -> Span | None:
    """The one place that a pattern of the user's marks in what a person sees, if any."""
    spans = places(pattern, group, page.flat) if pattern else []
    if len(spans) > 1:
        raise Refused(several)
    for start, end in spans:
        if start == end or "\n" in page.flat[start:end]:
            raise Refused(reasons.MISSING if start == end else reasons.CONTROL)
    return spans[0] if spans else None
