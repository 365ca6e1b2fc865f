# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail text -> PPPoE credentials: pure, and hard to fool.

OVHcloud publishes the mail's wording only as a screenshot, so it is recognised by the line (service name or known
login) and by meaning (a labelled login and a labelled password), and refused when anything is ambiguous: a wrong
password on a router is worse than none.
"""

from __future__ import annotations

import dataclasses
import enum
import html as html_entities
import html.parser
import re

#: Longer contents and lines are cut (characters): a credentials mail is a page or two.
MAX_LENGTH = 1 << 17
MAX_LINE = 1000

_LOGIN = r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
_LOGIN_RE = re.compile(rf"(?<![\w.+@-]){_LOGIN}(?![\w@-])")
_SERVICE_RE = re.compile(r"(?<![\w-])(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto)-[a-z0-9-]{2,40}-[0-9]{1,6}(?![\w-])", re.I)

#: fr, en, de, es, it, nl, pl, pt
_LOGIN_WORDS = (
    r"identifiant|nom d.utilisateur|login|user ?name|user|benutzername|benutzerkennung|nombre de usuario|usuario|"
    r"identificador|nome utente|utente|identificativo|gebruikersnaam|nazwa użytkownika|identyfikator|"
    r"nome de utilizador|utilizador|nome de usuário"
)
_PASSWORD_WORDS = (
    r"mot de passe|mdp|password|passwort|kennwort|contraseña|clave|parola d.ordine|wachtwoord|hasło|"
    r"palavra-passe|palavra passe|senha"
)
_SEPARATOR = r"[ ]*(?::|=|\t)[ \t]*"
_LOGIN_LABEL_RE = re.compile(rf"(?<!\w)(?:{_LOGIN_WORDS})(?!\w)[^:=\t\n@]{{0,40}}?{_SEPARATOR}(?P<value>[^\n]*)$", re.I)
_PASSWORD_LABEL_RE = re.compile(
    rf"^(?P<before>[^:=\t\n]{{0,40}}?)(?<!\w)(?:{_PASSWORD_WORDS})(?!\w)(?P<after>[^:=\t\n]{{0,40}}?)"
    rf"(?:{_SEPARATOR}(?P<value>[^\n]*))?$",
    re.I,
)
_PPP_RE = re.compile(r"(?<!\w)(?:pppoe|ppp|xdsl|adsl|vdsl|ftth|ftte|ftto)(?!\w)", re.I)
_MODEM_RE = re.compile(
    r"(?:mot de passe|password|passwort|kennwort|contraseña|wachtwoord|hasło|palavra-passe|senha)"
    r"[^\n]{0,30}(?<!\w)(?:modem|módem|modemu)(?!\w)|(?<!\w)modem[ -]?(?:password|passwort|wachtwoord)",
    re.I,
)
_MASK_RE = re.compile(r"[*•●·.xX#_–-]{3,}|\[?(?:masqué|hidden|masked|redacted)\]?", re.I)
_LINK_RE = re.compile(r"https?://\S+", re.I)
_TAG_RE = re.compile(r"<(?:html|body|br|p|div|table|tr|td|span|b|strong|a)\b[^<>]{0,2000}>", re.I)
_OPEN_RE = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_ENTITY_RE = re.compile(r"&(?:nbsp|[aeiou](?:acute|grave|circ|uml)|ccedil|ntilde|#\d{2,4}|#x[0-9a-f]{2,4});", re.I)


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


class _Text(html.parser.HTMLParser):
    """HTML -> lines: a block or ``<br>`` ends a line, a table cell is followed by a tab."""

    _BLOCKS = frozenset(("p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "br", "hr", "title"))
    _HIDDEN = frozenset(("script", "style", "head"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th"):
            self.parts.append("\t")
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _from_html(source: str) -> str:
    parser = _Text()
    # A "<" that no ">" closes is text; the standard parser would look for its end over and over.
    parser.feed(_OPEN_RE.sub("&lt;", source))
    parser.close()
    return "".join(parser.parts)


def _lines(source: str, is_html: bool) -> list[str]:
    source = source[:MAX_LENGTH]
    if is_html or _TAG_RE.search(source):
        source = _from_html(source)
    elif _ENTITY_RE.search(source):
        # v1 bodies are text that may hold HTML entities; decoded only when the prose itself is encoded.
        source = html_entities.unescape(source)
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u202f", " ")
    source = re.sub("[\u200b\u200c\u200d\ufeff]", "", source)
    return [line.strip(" ").rstrip("\t ")[:MAX_LINE] for line in source.split("\n")]


def _mentions(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])", text, re.I) is not None


def read(title: str, text: str | None, html: str | None, line: Line) -> Reading:
    """Say what a mail is for a line, and read login and password out of it.

    :param title: subject of the mail.
    :param text: plain part, :param html: HTML part; either may be missing.
    :returns: ``CREDENTIALS`` with login and password; ``NOT_THIS_MAIL``; or ``UNREADABLE``: this line's credentials
        mail, but ambiguous, masked, a link only, or without a password. ``why`` never quotes the mail. Never raises.
    """
    bodies = [_lines(text, False)] if text and text.strip() else []
    if html and html.strip():
        bodies.append(_lines(html, True))
    if not bodies:
        return Reading(Verdict.NOT_THIS_MAIL, "the mail is empty")
    readings = [_read_body(title, body, line) for body in bodies]
    if len(readings) == 1 or readings[0] == readings[1]:
        return readings[0]
    good = [reading for reading in readings if reading.verdict is Verdict.CREDENTIALS]
    if len(good) == 2:
        return Reading(Verdict.UNREADABLE, "its text part and its HTML part give different credentials", near_miss=True)
    if len(good) == 1:
        other = readings[1] if good[0] is readings[0] else readings[0]
        # The other part may simply be a stub; but if it names two passwords, nothing is certain.
        if other.verdict is Verdict.NOT_THIS_MAIL or other.why == _MISSING:
            return good[0]
        return other
    unreadable = [reading for reading in readings if reading.verdict is Verdict.UNREADABLE]
    return (unreadable or readings)[0]


_MISSING = "no password stands in it"


def _read_body(title: str, lines: list[str], line: Line) -> Reading:
    whole = "\n".join([title, *lines])
    password_lines = [(n, match) for n, text in enumerate(lines) for match in [_PASSWORD_LABEL_RE.match(text)] if match]
    if not password_lines and not _PPP_RE.search(whole):
        return Reading(Verdict.NOT_THIS_MAIL, "it does not speak of PPPoE credentials")
    login, refusal = _login(whole, lines, line)
    if refusal:
        return refusal
    if login is None:
        return Reading(Verdict.NOT_THIS_MAIL, "no PPPoE login stands in it", near_miss=bool(password_lines))
    if _MODEM_RE.search(title):
        return Reading(Verdict.NOT_THIS_MAIL, "its title says that it carries the modem's own password", near_miss=True)
    if not password_lines and not re.search(_PASSWORD_WORDS, whole, re.I):
        return Reading(Verdict.NOT_THIS_MAIL, "it does not speak of a password", near_miss=True)
    return _password(lines, password_lines, login)


def _login(whole: str, lines: list[str], line: Line) -> tuple[str | None, Reading | None]:
    """Find the line's login in a mail, or say why the mail is another line's."""
    services = {found.lower() for found in _SERVICE_RE.findall(whole)}
    if services and line.service_name.lower() not in services:
        return None, Reading(Verdict.NOT_THIS_MAIL, "it names another access", near_miss=True)
    if len(services) > 1:
        return None, Reading(Verdict.UNREADABLE, "it names several accesses", near_miss=True)
    labelled: list[str] = []
    for number, text in enumerate(lines):
        match = _LOGIN_LABEL_RE.search(text)
        if match:
            value = match["value"] or next((later for later in lines[number + 1 : number + 3] if later), "")
            labelled += _LOGIN_RE.findall(value)
    logins = set(labelled)
    if line.login is not None:
        others = {one for one in logins if one.lower() != line.login.lower()}
        if _mentions(whole, line.login) and not others:
            return line.login, None
        if others and _mentions(whole, line.login):
            return None, Reading(Verdict.UNREADABLE, "it gives several logins", near_miss=True)
        if others:
            return None, Reading(Verdict.NOT_THIS_MAIL, "its login is another line's", near_miss=True)
        return None, None
    if len(logins) > 1:
        return None, Reading(Verdict.UNREADABLE, "it gives several logins", near_miss=True)
    if logins and not services and not _mentions(whole, line.service_name):
        why = "it names no access, and the line's login is not known: set the login option to tell them apart"
        return None, Reading(Verdict.NOT_THIS_MAIL, why, near_miss=True)
    return (logins.pop() if logins else None), None


def _password(lines: list[str], labels: list[tuple[int, re.Match[str]]], login: str) -> Reading:
    values: list[str] = []
    sentences = 0
    for number, match in labels:
        value = match["value"]
        if not value:
            if match["value"] is None and len(match["after"].split()) > 2:
                # "Votre mot de passe a été modifié": prose, not a label. "Mot de passe PPPoE" alone is a label.
                continue
            value = next((later for later in lines[number + 1 : number + 3] if later), "")
            if not value or _PASSWORD_LABEL_RE.match(value) or _LOGIN_LABEL_RE.search(value):
                continue
        value = value.strip("\t ")
        if re.search(r"\s", value) and not _LINK_RE.search(value):
            sentences += 1
            continue
        values.append(value)
    distinct = list(dict.fromkeys(values))
    if not distinct:
        if sentences:
            return Reading(Verdict.UNREADABLE, "what follows its password label is several words", near_miss=True)
        if _LINK_RE.search("\n".join(lines)) and "secret" in "\n".join(lines):
            return Reading(Verdict.UNREADABLE, "it gives a link instead of the password", near_miss=True)
        return Reading(Verdict.UNREADABLE, _MISSING, near_miss=True)
    if len(distinct) > 1:
        return Reading(Verdict.UNREADABLE, "it gives several passwords", near_miss=True)
    value = distinct[0]
    if _LINK_RE.search(value):
        return Reading(Verdict.UNREADABLE, "it gives a link instead of the password", near_miss=True)
    if _MASK_RE.fullmatch(value):
        return Reading(Verdict.UNREADABLE, "its password is masked", near_miss=True)
    if value == login:
        return Reading(Verdict.UNREADABLE, "what follows its password label is the login", near_miss=True)
    value = _without_sentence_end(value, lines, login)
    if not value or any(ord(char) < 32 or ord(char) == 127 for char in value):
        return Reading(Verdict.UNREADABLE, "its password holds a control character", near_miss=True)
    return Reading(Verdict.CREDENTIALS, "read", login, value)


def _without_sentence_end(value: str, lines: list[str], login: str) -> str:
    """Drop a final ``.`` ``;`` or ``,`` only where the login's own line ends with the same: then it is prose."""
    if value[-1] in ".;," and any(text.endswith(login + value[-1]) for text in lines):
        return value[:-1]
    return value
