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
import enum
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _mail_text
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail_text import BLANK, Chunk, Page

_LOGIN = r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
_LOGIN_RE = re.compile(rf"(?<![\w.+@-]){_LOGIN}(?![\w@-])")
_SERVICE_RE = re.compile(r"(?<![\w-])(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto)-[a-z0-9-]{2,40}-[0-9]{1,6}(?![\w-])", re.I)

#: fr, en, de, es, it, nl, pl, pt
_LOGIN_WORDS = (
    r"identifiant|nom d.utilisateur|login|log-in|user ?name|user|utilisateur|benutzername|benutzerkennung|nutzername|"
    r"anmeldename|zugangskennung|anschlusskennung|nombre de usuario|usuario|identificador|nome utente|utente|"
    r"identificativo|gebruikersnaam|inlognaam|gebruiker|nazwa u\u017cytkownika|u\u017cytkownik|identyfikator|"
    r"nome de utilizador|utilizador|nome de usu\u00e1rio|usu\u00e1rio"
)
_PASSWORD_WORDS = (
    r"mot de passe|mdp|password|passphrase|passwort|kennwort|contrase(?:\u00f1|n\u0303|n)a|clave|parola d.ordine|"
    r"parola chiave|wachtwoord|has(?:\u0142|l)o|palavra[- \u2010\u2011]passe|senha"
)
_SEPARATOR = r"[ ]*(?::|=|\t|\uff1a)[ \t]*"
_LOGIN_LABEL_RE = re.compile(
    rf"(?<!\w)(?:{_LOGIN_WORDS})(?!\w)(?P<after>[^:=\t@\uff1a]{{0,40}}?)(?:{_SEPARATOR}(?P<value>.*))?$", re.I | re.S
)
_PASSWORD_LABEL_RE = re.compile(
    rf"^(?P<before>[^:=\t\uff1a]{{0,40}}?)(?<!\w)(?:{_PASSWORD_WORDS})(?!\w)(?P<after>[^:=\t\uff1a]{{0,40}}?)"
    rf"(?:{_SEPARATOR}(?P<value>.*))?$",
    re.I | re.S,
)
_PASSWORD_RE = re.compile(rf"(?<!\w)(?:{_PASSWORD_WORDS})(?!\w)", re.I)
_NEXT_LABEL_RE = re.compile(rf"(?<!\w)(?:{_PASSWORD_WORDS}|{_LOGIN_WORDS})(?!\w)[^:=]{{0,40}}[:=]", re.I)
_LABEL_WORD_RE = re.compile(rf"(?:{_PASSWORD_WORDS}|{_LOGIN_WORDS})", re.I)
_LABEL_ROOT_WORDS = (
    "identif login log-in user util nutzer anmeld kennung usuario usu\u00e1 utente gebruik inlog u\u017cyt identy "
    "passe mdp passw passph kennwort contrase clave parola wachtw has\u0142 haslo senha"
)
_LABEL_ROOTS = tuple(_LABEL_ROOT_WORDS.split())
_PPP_RE = re.compile(r"(?<!\w)(?:pppoe|ppp|xdsl|adsl|vdsl|ftth|ftte|ftto)(?!\w)", re.I)
_PPPOE_RE = re.compile(r"(?<!\w)pppo?e?(?!\w)", re.I)
#: the modem's own password, and other passwords that an internet mail may carry
_MODEM_RE = re.compile(
    rf"(?<!\w)(?:{_PASSWORD_WORDS})(?!\w)(?:(?!ppp)[^\n]){{0,40}}(?<!\w)(?:modem|m\u00f3dem|modems|modemu|router|box)(?!\w)"
    r"|(?<!\w)(?:modem|m\u00f3dem|router)[ -]?(?:password|passwort|kennwort|wachtwoord)",
    re.I,
)
_MODEM_FIRST_RE = re.compile(rf"(?<!\w)(?:modem|modems|m\u00f3dem|router)(?!\w).{{0,40}}(?:{_PASSWORD_WORDS})", re.I)
_FOREIGN_RE = re.compile(
    r"(?<!\w)(?:modems?|m\u00f3dem|modemu|router\w*|wi-?fi|wlan|ssid|wpa2?|interface|admin\w*|espace|manager|panel|compte|"
    r"account|konto|kunden\w*|cuenta|conto|client\w*|cliente|klant\w*|klient\w*|konta|conta|customer|contact|e-?mail|"
    r"mail|courriel|sip|voip|ftp|ssh|root|ancien|pr\u00e9c\u00e9dent|old|previous|alte[sr]?|bisherige[sr]?|anterior|"
    r"precedente|vecchi[ao]|antiguo|antiga|oude?|vorige?|poprzednie|stare)(?!\w)",
    re.I,
)
_VERB_RE = re.compile(r"(?<!\w)(?:est|is|lautet|ist|es|\u00e8|\u00e9|to|jest|suivante?|follows|folgt)\W*$", re.I)
_MASK_RE = re.compile(
    r"[*\u2022\u25cf\u25cb\u00b7.xX#_\u2013\u2014-]{3,}|.*[*\u2022\u25cf]{3,}.*|"
    r"[\[(<]?(?:masqu\u00e9|hidden|masked|redacted|ausgeblendet|verborgen|oculto|oculta|nascost[oa]|ukryte)[\])>]?",
    re.I | re.S,
)
_PLACEHOLDER_RE = re.compile(
    r".*(?:\{\{.*\}\}|\{%.*%\}|<%.*%>|\{#.*#\}).*|%[A-Za-z_]{3,40}%|\$\{[^{}]{1,60}\}|\$[A-Za-z_]{4,40}|"
    r"[\[{<(](?:[A-Za-z_. -]{0,20})(?:password|pass|pwd|passe|passwort|kennwort|contrase\u00f1a|wachtwoord|has\u0142o|"
    r"senha)(?:[A-Za-z_. -]{0,20})[\]}>)]|%s|%\([a-z_]{1,40}\)s|__[A-Za-z_]{3,40}__|\[\[.*\]\]|"
    r"null|none|undefined|nan|n/a",
    re.I | re.S,
)
#: one word that says something of the password, or the first word after the credentials
_REMARK_RE = re.compile(
    r"(?:[(\[]?(?:inchang\u00e9e?|unchanged|unver\u00e4ndert|sin cambios|invariat[ao]|ongewijzigd|bez zmian|"
    r"inalterad[ao]|confidentiel(?:le)?|confidential|vertraulich|aucun|ici|here|hier|aqu[i\u00ed]|aqui|qui|tutaj|secret|voir|see|siehe|"
    r"ci-dessous|ci-joint|below|unten|merci|cordialement|bonjour|thanks?|regards|danke|gracias|grazie|cordiali|saluti|"
    r"saludos|dank|bedankt|groet(?:en)?|dzi\u0119kujemy|dzi\u0119kuj\u0119|pozdrawiamy|obrigad[oa]|atenciosamente|attention|"
    r"sincerely|support|ovh|ovhcloud|sms|email|e-mail)[)\]]?)[.,;:!]?",
    re.I,
)
_LINK_RE = re.compile(r"(?:https?|ftp)://\S|www\.\w+\.\w", re.I)
_ENTITY_LOOK_RE = re.compile(r"&(?:#\w{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_QUOTES = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u00ab": "\u00bb",
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
}
_ALSO_RE = re.compile(r"[ ]*[,;/|\u2013\u2014-]?[ ]*(?:(?:et|and|und|y|e|en|i|oraz)[ ]+)?")

#: Why a mail is passed over or refused. None of these quotes the mail.
WHY_EMPTY = "the mail is empty"
WHY_NOT_PPP = "it does not speak of PPPoE credentials"
WHY_OTHER_ACCESS = "it names another access"
WHY_OTHER_LOGIN = "its login is another line's"
WHY_NO_LOGIN = "no PPPoE login stands in it"
WHY_NO_PASSWORD_TALK = "it does not speak of a password"
WHY_MODEM = "its title says that it carries the modem's own password"
WHY_OTHER_PASSWORD = "the password in it is another one: a modem's, an account's, a Wi-Fi's"
WHY_NO_ACCESS = "it names no access, and the line's login is not known: set the login option to tell them apart"
WHY_ACCESSES = "it names several accesses"
WHY_LOGINS = "it gives several logins"
WHY_PASSWORDS = "it gives several passwords"
WHY_PARTS = "its text part and its HTML part give different credentials"
WHY_MISSING = "no password stands in it"
WHY_WORDS = "what follows its password label is several words"
WHY_REMARK = "what follows its password label is a remark, not a password"
WHY_LINK = "it gives a link instead of the password"
WHY_MASKED = "its password is masked"
WHY_PLACEHOLDER = "a placeholder stands where its password should"
WHY_LOGIN_AGAIN = "what follows its password label is the login"
WHY_CONTROL = "its password holds a control character"
WHY_AMBIGUOUS = "where its password begins or ends is ambiguous"
WHY_ENCODING = "how its password is encoded is ambiguous"
WHY_PLACE = "it does not say for certain which login its password belongs to"
WHY_QUOTED = "its password stands in an older mail that it quotes"
WHY_LONG = "it is too long to be read whole"


class Verdict(enum.Enum):
    CREDENTIALS = "credentials"
    NOT_THIS_MAIL = "not_this_mail"
    UNREADABLE = "unreadable"


@dataclasses.dataclass(frozen=True)
class Line:
    """The access whose mail is looked for; ``login`` when it is known already."""

    service_name: str
    login: str | None = None


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a mail is for a line. ``near_miss``: it resembles a credentials mail, so say why it was passed over."""

    verdict: Verdict
    why: str
    login: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    near_miss: bool = False


class _Refused(Exception):
    """Ends the reading of one part."""

    def __init__(self, why: str, verdict: Verdict = Verdict.UNREADABLE, near_miss: bool = True) -> None:
        super().__init__(why)
        self.reading = Reading(verdict, why, near_miss=near_miss)


@dataclasses.dataclass(frozen=True)
class _Value:
    """What stands where a label points. ``kind``: line, cell, below, column; ``gap``: empty lines before it."""

    chunk: Chunk
    number: int
    start: int
    end: int
    kind: str
    gap: int = 0

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]

    @property
    def own(self) -> bool:
        """Whether it fills a table cell or an HTML element."""
        return self.kind in ("cell", "column") or (self.start, self.end) in self.chunk.spans


@dataclasses.dataclass(frozen=True)
class _Label:
    number: int
    after: str
    before: str
    separated: bool
    value: _Value | None


@dataclasses.dataclass(frozen=True)
class _Form:
    """How the login's line looks: the password's line is read alike."""

    label: _Label
    prefix: str
    suffix: str

    @property
    def regular(self) -> bool:
        return len(self.prefix) <= 3 and len(self.suffix) <= 3 and not re.search(r"\w", self.prefix + self.suffix)


def _mentions(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])", text, re.I) is not None


def read(title: str, text: str | None, html: str | None, line: Line) -> Reading:
    """Say what a mail is for a line, and read login and password out of it.

    :param title: subject of the mail.
    :param text: plain part, :param html: HTML part; either may be missing.
    :returns: ``CREDENTIALS`` with login and password; ``NOT_THIS_MAIL``; or ``UNREADABLE``: this line's credentials
        mail, but ambiguous, masked, a link only, or without a password. ``why`` never quotes the mail. Never raises.
    """
    title = (title or "")[: _mail_text.MAX_LINE]
    pages = [_mail_text.page_of(text, False)] if text and text.strip() else []
    if html and html.strip():
        pages.append(_mail_text.page_of(html, True))
    if not pages:
        return Reading(Verdict.NOT_THIS_MAIL, WHY_EMPTY)
    readings = [_read_page(title, page, line) for page in pages]
    if len(readings) == 1 or readings[0] == readings[1]:
        return readings[0]
    good = [reading for reading in readings if reading.verdict is Verdict.CREDENTIALS]
    if len(good) == 2:
        return Reading(Verdict.UNREADABLE, WHY_PARTS, near_miss=True)
    if len(good) == 1:
        other = readings[1] if good[0] is readings[0] else readings[0]
        # The other part may simply be a stub; but if it names another line or two passwords, nothing is certain.
        if other.why in (WHY_NOT_PPP, WHY_NO_LOGIN, WHY_NO_PASSWORD_TALK, WHY_MISSING):
            return good[0]
        return dataclasses.replace(other, verdict=Verdict.UNREADABLE)
    unreadable = [reading for reading in readings if reading.verdict is Verdict.UNREADABLE]
    return (unreadable or readings)[0]


def _read_page(title: str, page: Page, line: Line) -> Reading:
    try:
        login, password = _credentials(title, page, line)
    except _Refused as refused:
        return refused.reading
    return Reading(Verdict.CREDENTIALS, "read", login, password)


def _not_this(why: str, near_miss: bool = True) -> _Refused:
    return _Refused(why, Verdict.NOT_THIS_MAIL, near_miss)


def _credentials(title: str, page: Page, line: Line) -> tuple[str, str]:
    _split_joined(page)
    passwords, logins = _labels(page)
    whole = "\n".join([title, *(chunk.flat for chunk in page.chunks if not chunk.quoted)])
    if not passwords and not _PPP_RE.search(whole):
        raise _not_this(WHY_NOT_PPP, near_miss=False)
    services = {found.lower() for found in _SERVICE_RE.findall(whole)}
    ours = line.service_name.lower() in services or _mentions(whole, line.service_name)
    if services and not ours:
        raise _not_this(WHY_OTHER_ACCESS)
    if len(services) > 1:
        raise _Refused(WHY_ACCESSES)
    if _modem_title(title):
        raise _not_this(WHY_MODEM)
    login, form = _login(whole, logins, line, ours)
    if login is None:
        if page.secret_link and ours and _PPPOE_RE.search(whole):
            raise _Refused(WHY_LINK)
        raise _not_this(WHY_NO_LOGIN, near_miss=bool(passwords))
    if page.secret_link:
        raise _Refused(WHY_LINK)
    if not passwords and not _PASSWORD_RE.search(whole):
        raise _not_this(WHY_NO_PASSWORD_TALK)
    value = _chosen(page, passwords, logins, login, form)
    if not page.complete:
        raise _Refused(WHY_LONG)
    return login, _checked(page, value, login, form)


def _modem_title(title: str) -> bool:
    if _MODEM_RE.search(title):
        return True
    return _MODEM_FIRST_RE.search(title) is not None and not _PPPOE_RE.search(title)


def _split_joined(page: Page) -> None:
    """``Login: x, password: y`` in one line becomes two: a login in full says where it ends."""
    for number, chunk in enumerate(page.chunks):
        if not chunk.text or "@" not in chunk.text or not _PASSWORD_RE.search(chunk.flat):
            continue
        label = _LOGIN_LABEL_RE.search(chunk.flat)
        if not label or not label["value"]:
            continue
        start = label.start("value")
        found = re.compile(rf"\W{{0,2}}{_LOGIN}[^\w.,;:]?").match(chunk.flat, start)
        if not found:
            continue
        rest = _ALSO_RE.match(chunk.flat, found.end())
        second = chunk.shifted(rest.end() if rest else found.end())
        match = _PASSWORD_LABEL_RE.match(second.flat)
        if match and match["value"] and not match["before"].strip(" \t-\u2013(").count("@"):
            second.joined = True
            first = dataclasses.replace(chunk, text=chunk.text[: found.end()].rstrip(BLANK))
            page.chunks[number : number + 1] = [first, second]
            return


def _labels(page: Page) -> tuple[list[_Label], list[_Label]]:
    passwords: list[_Label] = []
    logins: list[_Label] = []
    for number, chunk in enumerate(page.chunks):
        if not chunk.text or chunk.quoted:
            continue
        low = chunk.flat.lower()
        if not any(root in low for root in _LABEL_ROOTS):
            continue
        match = _PASSWORD_LABEL_RE.match(chunk.flat)
        if match and _is_label(match, match["before"]):
            passwords.append(_label(page, number, match, match["before"]))
            continue
        match = _LOGIN_LABEL_RE.search(chunk.flat)
        if match and _is_label(match, chunk.flat[: match.start()]):
            logins.append(_label(page, number, match, chunk.flat[: match.start()]))
    return passwords, logins


def _is_label(match: re.Match[str], before: str) -> bool:
    """``Votre mot de passe a \u00e9t\u00e9 modifi\u00e9`` is prose; ``Mot de passe PPPoE`` alone is a label."""
    if match["value"] is not None:
        # The colon of an address is no label's.
        return not (match["value"].startswith("//") and re.search(r"(?<!\w)https?$", match["after"], re.I))
    after = match["after"]
    return len(before.split()) <= 3 and len(after.split()) <= 2 and not after.rstrip().endswith((".", "!", "?", ","))


def _label(page: Page, number: int, match: re.Match[str], before: str) -> _Label:
    separated = match["value"] is not None
    chunk = page.chunks[number]
    value: _Value | None = None
    if separated and match["value"].strip(BLANK):
        value = _trimmed(chunk, number, match.start("value"), "line")
    elif chunk.row:
        value = _in_table(page, number, chunk)
    else:
        value = _next_line(page, number)
    return _Label(number, match["after"], before, separated, value)


def _trimmed(chunk: Chunk, number: int, start: int, kind: str, gap: int = 0) -> _Value:
    text = chunk.text[start:]
    start += len(text) - len(text.lstrip(BLANK))
    return _Value(chunk, number, start, len(chunk.text.rstrip(BLANK)), kind, gap)


def _next_line(page: Page, number: int) -> _Value | None:
    for gap, later in enumerate(range(number + 1, min(number + 4, len(page.chunks)))):
        if page.chunks[later].text:
            return None if page.chunks[later].row else _trimmed(page.chunks[later], later, 0, "below", gap)
    return None


def _only(page: Page, cell: list[int], kind: str) -> _Value | None:
    """A cell's only line; a cell of several lines is nobody's value."""
    return _trimmed(page.chunks[cell[0]], cell[0], 0, kind) if len(cell) == 1 else None


def _in_table(page: Page, number: int, chunk: Chunk) -> _Value | None:
    cell = page.cell(chunk.row, chunk.col)
    if cell[-1] != number:
        return _trimmed(page.chunks[number + 1], number + 1, 0, "below") if number + 1 in cell else None
    width = page.width.get(chunk.row, 0)
    col = chunk.col + 1
    while col < width and [page.chunks[n].flat for n in page.cell(chunk.row, col)] in ([":"], ["="]):
        col += 1
    if width < 0:
        return None
    following = page.cell(chunk.row, col) if col < width else []
    below = page.below.get(chunk.row, 0)
    header = any(
        _names_label(page, page.cell(chunk.row, other))
        for other in (chunk.col - 1, chunk.col + 1)
        if 0 <= other < width
    )
    if header and below and page.width.get(below) == width:
        return _only(page, page.cell(below, chunk.col), "column")
    if col < width:
        return _only(page, following, "cell")
    if width == 1 and page.width.get(below) == 1:
        return _only(page, page.cell(below, 0), "below")
    return None


def _names_label(page: Page, cell: list[int]) -> bool:
    if len(cell) != 1:
        return False
    flat = page.chunks[cell[0]].flat
    match = _PASSWORD_LABEL_RE.match(flat) or _LOGIN_LABEL_RE.search(flat)
    return match is not None and not (match["value"] or "").strip(BLANK)


def _login(whole: str, labels: list[_Label], line: Line, ours: bool) -> tuple[str | None, _Form | None]:
    """Find the line's login and the form of its line, or say why the mail is another line's."""
    found: dict[str, str] = {}
    for label in labels:
        if label.value and not _FOREIGN_RE.search(label.before + " " + label.after):
            found.update({one.lower(): one for one in _LOGIN_RE.findall(label.value.text)})
    if line.login is None:
        found = {
            low: one for low, one in found.items() if re.search(r"_\d+@|\d{6}[^@]*@", one) and not _is_contact(low)
        }
        if len(found) > 1:
            raise _Refused(WHY_LOGINS)
        if found and not ours:
            raise _not_this(WHY_NO_ACCESS)
        login = next(iter(found.values()), None)
    else:
        login = line.login
        others = set(found) - {login.lower()}
        if others and _mentions(whole, login):
            raise _Refused(WHY_LOGINS)
        if others:
            raise _not_this(WHY_OTHER_LOGIN)
        if not _mentions(whole, login):
            login = None
    return login, _form(labels, login) if login else None


def _is_contact(login: str) -> bool:
    return (
        re.search(
            r"@(?:.*\.)?(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|gmx|web|orange|wanadoo|free|sfr|laposte|"
            r"proton|protonmail|example)\.[a-z.]+$|@(?:ovh|ovhcloud|ovhtelecom)\.(?:com|net|fr)$",
            login,
        )
        is not None
    )


def _form(labels: list[_Label], login: str) -> _Form | None:
    for label in labels:
        if label.value:
            place = label.value.text.lower().find(login.lower())
            if place >= 0:
                text = label.value.text
                return _Form(label, text[:place], text[place + len(login) :])
    return None


def _is_prose(value: _Value) -> bool:
    """Whether a value with spaces reads like words: then it is a remark, not a password."""
    words = [word.strip(".,;:!?()[]\"'\u2026\u2019") for word in value.text.split()]
    letters = [word for word in words if re.fullmatch(r"[^\W\d_]{2,}(?:[-'\u2019][^\W\d_]+)*", word)]
    mixed = [word for word in words if re.search(r"[^\W\d_]", word) and re.search(r"[\d_]|[^\w'\u2019.,;:!?()-]", word)]
    return len(letters) > (1 if value.own else 0) or not mixed


def _chosen(page: Page, labels: list[_Label], logins: list[_Label], login: str, form: _Form | None) -> _Value:
    """The one value that a password label points to, or the reason why there is none."""
    values: list[tuple[_Label, _Value]] = []
    empty: list[int] = []
    why = foreign = ""
    for label in labels:
        value = _placed(page, label, form)
        strange = _FOREIGN_RE.search(label.before + " " + label.after) and not _PPPOE_RE.search(
            label.before + label.after
        )
        if value is None:
            if label.separated and not strange:
                empty.append(label.number)
            continue
        if (
            re.search(r"\s", value.text.rstrip(BLANK + ".,;"))
            and not _LINK_RE.search(value.text)
            and not _quotes(value.text)
        ):
            text = value.text.translate({ord(char): " " for char in BLANK})
            stand_in = _PLACEHOLDER_RE.fullmatch(text) or _MASK_RE.fullmatch(text.replace(" ", ""))
            if not stand_in and _is_prose(value):
                why = WHY_WORDS
                if not strange:
                    empty.append(label.number)
                continue
        if strange:
            foreign = WHY_OTHER_PASSWORD
            continue
        values.append((label, value))
    if foreign and not values and not empty:
        raise _not_this(foreign)
    if foreign and not all(_PPPOE_RE.search(label.before + label.after) for label, _value in values):
        raise _Refused(WHY_PASSWORDS)
    if len({value.text for _label, value in values}) > 1:
        raise _Refused(WHY_PASSWORDS)
    if not values:
        if any(chunk.quoted and _PASSWORD_LABEL_RE.match(chunk.flat.lstrip("> ")) for chunk in page.chunks):
            raise _Refused(WHY_QUOTED)
        if _LINK_RE.search("\n".join(chunk.text for chunk in page.chunks)) and page.secret_link:
            raise _Refused(WHY_LINK)
        raise _Refused(why or WHY_MISSING)
    _must_be_the_logins(values[0][0], logins, form, login, empty, page)
    return values[0][1]


def _placed(page: Page, label: _Label, form: _Form | None) -> _Value | None:
    """A label's value, if it stands where values stand in this mail: next lines and columns must match the login's."""
    value = label.value
    if value is None or value.kind in ("line", "cell"):
        return value
    theirs = form.label.value if form else None
    if theirs is None or theirs.kind != value.kind or theirs.gap != value.gap:
        return None
    if value.chunk.quoted:
        raise _Refused(WHY_AMBIGUOUS)
    return value


def _must_be_the_logins(
    label: _Label, logins: list[_Label], form: _Form | None, login: str, empty: list[int], page: Page
) -> None:
    """The nearest login before a password (else after it) is the one it belongs to: it must be this line's."""
    if form is None:
        if any(one.value and not _SERVICE_RE.search(one.value.text) for one in logins):
            raise _Refused(WHY_PLACE)
        if empty:
            raise _Refused(WHY_PASSWORDS)
        return
    named = [one for one in logins if one.value and not _SERVICE_RE.search(one.value.text)]
    before = [one for one in named if one.number <= label.number]
    nearest = before[-1] if before else next(iter(named), None)
    if nearest is None or nearest.value is None or login.lower() not in nearest.value.text.lower():
        raise _Refused(WHY_PLACE)
    first, last = sorted((nearest.number, label.number))
    if any(first < number < last for number in empty):
        raise _Refused(WHY_PASSWORDS)
    between = [chunk for chunk in page.chunks[first + 1 : last] if chunk.text]
    values = [one.value.chunk for one in (label, nearest) if one.value]
    if len(between) > 15 or any(_FOREIGN_RE.search(chunk.flat) for chunk in between if chunk not in values):
        # Another section began: the modem's page, the Wi-Fi, a telephone line.
        raise _Refused(WHY_PLACE)


def _quotes(text: str) -> bool:
    return len(text) > 2 and text[0] in _QUOTES and text[-1] in _QUOTES[text[0]]


def _checked(page: Page, value: _Value, login: str, form: _Form | None) -> str:
    """The password's exact characters, or the reason why they are not certain."""
    chunk, text = value.chunk, value.text
    if not chunk.whole:
        raise _Refused(WHY_LONG)
    if _LINK_RE.search(text) or any(start < value.end and end > value.start for start, end in chunk.links):
        raise _Refused(WHY_LINK)
    if any(value.start < mark < value.end for mark in chunk.marks):
        raise _Refused(WHY_ENCODING)
    if any(value.start <= mark <= value.end for mark in chunk.strange):
        raise _Refused(WHY_PLACEHOLDER if not text else WHY_ENCODING)
    if page.maybe_encoded and _mail_text.looks_encoded(text):
        raise _Refused(WHY_ENCODING)
    if chunk.raw is not None and _ENTITY_LOOK_RE.search(chunk.raw) and not chunk.raw.endswith(text):
        if page.decoded < 2:
            raise _Refused(WHY_ENCODING)
    elif not page.is_html and not page.decoded and _ENTITY_LOOK_RE.search(text):
        raise _Refused(WHY_ENCODING)
    text = _unwrapped(text, value, form)
    _must_be_a_password(text, value, login, form)
    return text


def _unwrapped(text: str, value: _Value, form: _Form | None) -> str:
    """Drop what stands around the login too: quotes, brackets, the comma or full stop of a sentence."""
    prefix, suffix = (form.prefix, form.suffix) if form and form.regular else ("", "")
    ends = ".,;"
    if suffix and suffix[-1] in ends:
        suffix = suffix[:-1]
        sentence = True
    else:
        sentence = False
    if text[-1:] and text[-1] in ends:
        if sentence:
            text = text[:-1]
        elif form is None or not form.regular or value.chunk.joined or _VERB_RE.search(_label_of(value)):
            raise _Refused(WHY_AMBIGUOUS)
    if prefix or suffix:
        if not (text.startswith(prefix) and text.endswith(suffix)) or len(text) <= len(prefix + suffix):
            raise _Refused(WHY_AMBIGUOUS)
        text = text[len(prefix) : len(text) - len(suffix)]
    elif _quotes(text):
        raise _Refused(WHY_AMBIGUOUS)
    return text


def _label_of(value: _Value) -> str:
    return value.chunk.flat[: value.start].rstrip(" \t:=") if value.kind == "line" else ""


def _must_be_a_password(text: str, value: _Value, login: str, form: _Form | None) -> None:
    if not text:
        raise _Refused(WHY_MISSING)
    if _PLACEHOLDER_RE.fullmatch(text) or _LABEL_WORD_RE.fullmatch(text):
        raise _Refused(WHY_PLACEHOLDER)
    if _MASK_RE.fullmatch(text) or _MASK_RE.fullmatch(text.replace(" ", "")):
        raise _Refused(WHY_MASKED)
    if login.lower() in text.lower() or _LOGIN_RE.fullmatch(text):
        raise _Refused(WHY_LOGIN_AGAIN)
    if _REMARK_RE.fullmatch(text) or _is_word(text):
        raise _Refused(WHY_REMARK)
    if not text.isprintable():
        raise _Refused(WHY_CONTROL)
    if " " in text:
        _spaces_must_be_certain(text, value, form)


def _is_word(text: str) -> bool:
    """Whether a value is one plain word: more likely a remark than a made password."""
    word = text.strip(".,;:!?()[]").replace("-", "")
    return word.isalpha() and (not word.isascii() or word.islower() or word.isupper() or word.istitle())


def _spaces_must_be_certain(text: str, value: _Value, form: _Form | None) -> None:
    if _NEXT_LABEL_RE.search(text):
        raise _Refused(WHY_AMBIGUOUS)
    alike = form is not None and form.regular and form.label.value is not None and form.label.value.kind == value.kind
    if value.own or (alike and not value.chunk.joined):
        return
    raise _Refused(WHY_WORDS)
