# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an older mail begins that a mail quotes or forwards, in OVHcloud's eight languages.

It is looked for in plain letters: without accents (whole, composed, or spoilt by a wrong charset), frames and stars."""

from __future__ import annotations

import bisect
import contextlib
import re
import typing as t
import unicodedata

#: What names the sender of a mail, when it was sent, to whom, and its subject: Outlook, Thunderbird, Gmail, Apple Mail.
_NAMES = {
    "sender": "de|from|von|da|van|od|fra|expediteur|absender|remitente|mittente|afzender|nadawca|remetente",
    "sent": "envoyee?|sent|gesendet|enviad[oa]|inviato|verzonden|wyslano|date|datum|data|fecha|dato|recu|received|"
    "empfangen|recibido|ricevuto|ontvangen|otrzymano|recebido",
    "to": "a|to|an|para|aan|do|per|cci?|bcc|dw|kopie|reply|repondre|destinatai?r[eio]{1,2}|empfanger|ontvanger|"
    "odbiorca",
    "subject": "objet|subject|betreff|asunto|oggetto|onderwerp|temat|assunto|sujet",
}
_NAME = "|".join(f"(?P<{kind}>{names})" for kind, names in _NAMES.items())
#: A header's name: where a line or a column begins; anywhere else, as programs leave it that join lines, only with its
#: colon or a column's space right behind it.
_HEADER_RE = re.compile(
    r"(?:(?P<first>^|[ \t]{2}|[|\t])[->_ \t]{0,6}|(?<=[\s_(\[<>,;.|-]))"
    rf"(?:{_NAME})(?![^\W_])(?:_{{0,2}}(?: ?:|[ \t]{{2}}| ?[|\t])|(?(first)(?:[^:\n]{{0,16}}:|[ \t_]{{0,3}}$)|(?!)))",
    re.I | re.M,
)
#: A subject, in a text of any letters: an older mail's where it stands below the greeting.
SUBJECT_RE = re.compile(rf"[*_ ]*(?:{_NAMES['subject']})[*_ ]*:", re.I)
#: Columns whose blanks are lost: three lines that begin with such names, one of them the sender's.
_FROM, _ANY = f"(?:{_NAMES['sender']})", f"(?:{'|'.join(_NAMES.values())})"
_LINE = r"(?!\w)[^\n]*\n+"
QUOTE_LINES = (
    rf"^(?:{_FROM}{_LINE}{_ANY}{_LINE}{_ANY}|{_ANY}{_LINE}(?:{_FROM}{_LINE}{_ANY}|{_ANY}{_LINE}{_FROM}))(?!\w)"
)
#: The same without any mark, by its capital letter: three of them near each other are headers that a program joined.
_BARE_RE = re.compile(rf"(?<!\S)(?=(?-i:[A-Z]))(?:{_NAME})(?!\S)", re.I)
_NEAR_BARE = 200
#: Characters between two headers of one mail: the list of those that it was sent to may be long.
_NEAR = 800
_ORIGINAL = (
    "original(?:-| )?(?:nachricht|mail|e-mail)|(?:courriel|e-?mail|mail) (?:d.origine|original)|message initial|"
    "message d.origine|message original|message transfere|original message|forwarded message|urspru?e?ngliche "
    "nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|"
    "oorspronkelijk bericht|doorgestuurd bericht|wiadomosc oryginalna|oryginalna wiadomosc|"
    "(?:przeslana|przekazana|przekazywana) (?:dalej )?wiadomosc|wiadomosc (?:przeslana|"
    "przekazana)(?: dalej)?|"
    "mensagem original|mensagem (?:re)?encaminhada|doorgezonden bericht|tresc przekazanej wiadomosci"
)
#: A line that begins an older mail.
QUOTE_HEAD = (
    rf"^[-_*=>| ]{{0,40}}(?:{_ORIGINAL}|debut du message (?:reexpedie|transfere)|"
    rf"begin forwarded message|"
    "anfang der weitergeleiteten (?:nachricht|e-mail)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|"
    "begin doorgestuurd bericht|poczatek przekaz(?:anej|ywanej) wiadomosci|"
    "inicio da mensagem (?:re)?encaminhada)"
    "[-_*=<>| :.]{0,40}(?:$|  )"
)
_WROTE = (
    r"(?:a |ha )?ecri(?:vi)?t|wrote|writes|"
    r"schrieb(?:\s{1,3}.{1,120})?|escribio|(?:ha )?scritto|schreef(?:\s{1,3}.{1,120})?|"
    r"geschreven|napisal(?:a|\(a\))?|pisze|escreveu"
)
#: By what a reply names the mail that it quotes, which may follow on the line.
QUOTE_TAIL = (
    rf"^[^\n]{{0,290}}(?<!\w)(?:{_WROTE})[ \n]{{0,2}}:(?!\w)|"
    rf"\d[:h.]\d\d[^\n]{{0,90}}(?<!\w)(?:{_WROTE}) ?:"
)
#: The same in any words: an address in angle brackets and a colon at the end, or a time before it; a date and a time.
QUOTE_WHO = (
    r"^[^\n]{0,200}<\n{0,2}[^<>\s@]{1,80}@[^<>\s@]{1,80}>[^\n]{0,90}:[ |]{0,9}$|"
    r"<\s{0,2}[^<>\s@]{1,80}@[^<>\s@]{1,80}>(?:[^\n]|\n(?!\n)){0,60}?\d[:h.]\d\d[^\n\d]{0,12}:(?=\s|$)|"
    r"^[^\n]{0,200}\d[./-]\d\d?[./-]\d[^\n]{0,24}\d[:h.]\d\d[^\n\d]{0,12}:$|"
    r"^(?:zitat von|quoting|citando|citeren) .{1,90}:$"
)
#: A rule with words on it that speak of a mail, and headers that only a program reads.
QUOTE_RULE = (
    r"^[-=_*#]{3,40} ?[^\n]{0,90}?(?<!\w)(?:messages?|courriel|mail|e-mail|nachricht|mensaje|messaggio|bericht|"
    r"wiadomos\w{1,2}|mensagem|wrote|weitergeleitet|ecri(?:vi)?t)(?!\w)|^message du \d|"
    rf"^[ \t_]{{0,6}}(?:{_NAMES['subject']})[ _]{{0,3}}:[ _]{{0,3}}"
    r"(?:re|tr|fwd?|wg|aw|rv|res|odp|enc|pd|antw|doorst|i|r) ?:|"
    r"^received:|(?<!\S)(?:return-path|message-id|delivered-to|mime-version|reporting-mta|dkim-signature):"
)
#: The same of a mail whose lines a program has joined.
QUOTE_INSIDE = rf"-{{4,}} ?(?:{_ORIGINAL}) ?-{{4,}}|(?<!\w)(?:{_WROTE}) ?:[ |]{{0,9}}>"
#: Where an older mail begins that is known by its first line, or by three.
_OLDER_RE = re.compile(f"{QUOTE_LINES}|{QUOTE_HEAD}|{QUOTE_TAIL}|{QUOTE_WHO}|{QUOTE_RULE}|{QUOTE_INSIDE}", re.I | re.M)
#: What programs and people write for a colon, letters that are not an ASCII one with an accent, ends of lines.
_PLAIN = {**dict.fromkeys(map(ord, "\uff1a\ufe55\u2236\ua789\ufe13\u02d0"), ":"), 0x141: "L", 0x142: "l"}
_PLAIN |= dict.fromkeys((0x85, 0x2028, 0x2029), "\n")
#: Frames, numbers and bullets round a line, stars of bold text, two characters that may be one in UTF-8, and any that
#: is not ASCII.
_ODD_RE = re.compile(
    r"(^[ \t|\u2502]*(?:\d{1,3}[ \t|])?[ \t|\u2502]*(?:- )?(?<=[ \t|\u2502])|(?<![ \t|\u2502])[ \t|\u2502]+$|"
    r"(?<!\*)\*{1,2}(?!\*))|[\xc2-\xc5][\x80-\uffff]|[^\x00-\x7f]",
    re.M,
)


def _letters(odd: str) -> str:
    """What an odd character, or two of a wrong charset, are in plain letters."""
    if len(odd) == 2:
        with contextlib.suppress(UnicodeError):
            odd = odd.encode("cp1252").decode("utf-8")
    parts = unicodedata.normalize("NFD", odd.translate(_PLAIN))
    return "".join(one for one in parts if not unicodedata.combining(one))


def _plain(text: str) -> tuple[str, t.Callable[[int], int]]:
    """A text in plain letters, and what gives for a place there the place in the text."""
    pieces: list[str] = []
    #: places in the plain letters, and in the text, between which nothing moves
    plain, places, size, last = [0], [0], 0, 0
    for odd in _ODD_RE.finditer(text):
        letters = "" if odd[1] else _letters(odd[0])
        pieces += text[last : odd.start()], letters
        size += odd.start() - last + len(letters)
        last = odd.end()
        if len(letters) != len(odd[0]):
            plain += size - len(letters), size
            places += odd.start(), last

    def place(at: int) -> int:
        index = bisect.bisect_left(plain, at)
        index -= index == len(plain) or plain[index] > at
        return places[index] + at - plain[index]

    return "".join([*pieces, text[last:]]), place


def _near(regex: re.Pattern[str], text: str, end: int, most: int, least: int) -> int:
    """Where LEAST kinds of header stand within MOST characters of each other, before END; END where none do."""
    seen: dict[str, int] = {}
    for match in regex.finditer(text, 0, end):
        kind = next(name for name in _NAMES if match[name])
        seen[kind] = match.start()
        near = {name: at for name, at in seen.items() if match.start() - at < most}
        if len(near) >= least and set(near) != {"sent", "subject"}:
            return min(near.values())
    return end


def begins(text: str) -> int:
    """Where an older mail begins in a text; its end where none does.

    Two headers of a mail near each other begin one in whatever arrangement; only a date and a subject are a letter's.
    """
    plain, place = _plain(text)
    found = _OLDER_RE.search(plain)
    end = found.start() if found else len(plain)
    start = _near(_BARE_RE, plain, _near(_HEADER_RE, plain, end, _NEAR, 2), _NEAR_BARE, 3)
    return place(start) if start < len(plain) else len(text)
