# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By what an older mail is known that a mail quotes or forwards, in OVHcloud's eight languages."""

from __future__ import annotations

import re
import unicodedata

#: What names the sender of a mail, when it was sent, to whom, and its subject: Outlook, Thunderbird, Gmail, Apple Mail.
_NAMES = {
    "sender": "de|from|von|da|van|od|fra|exp[\u00e9e]diteur|absender|remitente|mittente|afzender|nadawca|remetente",
    "sent": "envoy[\u00e9e]e?|sent|gesendet|enviad[oa]|inviato|verzonden|wys[\u0142l]ano|date|datum|data|fecha|dato|"
    "re[\u00e7c]u|received|empfangen|recibido|ricevuto|ontvangen|otrzymano|recebido",
    "to": "[\u00e0a]|to|an|para|aan|do|per|cci?|bcc|dw|kopie|reply|r[\u00e9e]pondre|destinat[a\u00e1]i?r[eio]{1,2}|"
    "empf[\u00e4a]nger|ontvanger|odbiorca",
    "subject": "objet|subject|betreff|asunto|oggetto|onderwerp|temat|assunto|sujet",
}
_NAME = "|".join(f"(?P<{kind}>{names})" for kind, names in _NAMES.items())
#: A header's name: where a line or a column begins, in a box drawn round a mail or in stars for bold letters; anywhere
#: else, as programs leave it that join lines, only with its colon or a column's space right behind it.
_HEADER_RE = re.compile(
    r"(?:(?P<first>^|[ \t]{2}|[|\u2502\t])[-|\u2502*>_ \t]{0,6}|(?<=[\s*_(\[<>,;.|-]))"
    rf"(?:{_NAME})(?![^\W_])"
    r"(?:[*_]{0,2}(?: ?:|[ \t]{2}| ?[|\u2502\t])|(?(first)(?:[^:\n]{0,16}:|[ \t*_]{0,3}$)|(?!)))",
    re.I | re.M,
)
#: The same without any mark, by its capital letter: three of them near each other are headers that a program joined.
SUBJECT_RE = re.compile(rf"[*_ ]*(?:{_NAMES['subject']})[*_ ]*:", re.I)
_BARE_RE = re.compile(rf"(?<!\S)(?=(?-i:[A-Z\u00c0\u00c9]))(?:{_NAME})(?!\S)", re.I)
_NEAR_BARE = 200
#: Characters between two headers of one mail: the list of those that it was sent to may be long.
_NEAR = 800
_ORIGINAL = (
    "original(?:-| )?(?:nachricht|mail|e-mail)|(?:courriel|e-?mail|mail) (?:d.origine|original)|message initial|"
    "message d.origine|message original|message transf[ée]r[ée]|original message|forwarded message|urspr[üu]e?ngliche "
    "nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|"
    "oorspronkelijk bericht|doorgestuurd bericht|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|"
    "(?:przes[łl]ana|przekazana|przekazywana) (?:dalej )?wiadomo[śs][ćc]|wiadomo[śs][ćc] (?:przes[łl]ana|"
    "przekazana)(?: dalej)?|"
    "mensagem original|mensagem (?:re)?encaminhada|doorgezonden bericht|tre[śs][ćc] przekazanej wiadomo[śs]ci"
)
#: A line that begins an older mail.
QUOTE_HEAD = (
    rf"^[-_*=>| ]{{0,40}}(?:{_ORIGINAL}|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|"
    rf"begin forwarded message|"
    "anfang der weitergeleiteten (?:nachricht|e-mail)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|"
    "begin doorgestuurd bericht|pocz[ąa]tek przekaz(?:anej|ywanej) wiadomo[śs]ci|"
    "in[íi]cio da mensagem (?:re)?encaminhada)"
    "[-_*=<>| :.]{0,40}(?:$|  )"
)
_WROTE = (
    r"(?:a |ha )?[ée]cri(?:vi)?t|"
    r"wrote|writes|schrieb(?:\s.{1,120})?|escribi[óo]|(?:ha )?scritto|schreef(?:\s.{1,120})?|"
    r"geschreven|napisa[łl](?:a|\(a\))?|pisze|escreveu"
)
#: By what a reply names the mail that it quotes; the mail itself may follow on the line.
QUOTE_TAIL = rf"^[^\n]{{0,290}}(?<!\w)(?:{_WROTE}) ?:(?!\w)"
#: The same in any words: an address in angle brackets, and a colon at the end.
QUOTE_WHO = (
    r"^[^\n]{0,200}<\n{0,2}[^<>\s@]{1,80}@[^<>\s@]{1,80}>[^\n]{0,90}:[ |]{0,9}$|"
    r"^(?:zitat von|quoting|citando|citeren) .{1,90}:$"
)
#: A rule with words on it that speak of a mail, and headers that only a program reads.
QUOTE_RULE = (
    r"^[-=_*#]{3,40} ?[^\n]{0,90}?(?<!\w)(?:messages?|courriel|mail|e-mail|nachricht|mensaje|messaggio|bericht|"
    r"wiadomo[śs]\w{1,2}|mensagem|wrote|weitergeleitet|[ée]cri(?:vi)?t)(?!\w)|^message du \d|"
    rf"^[ \t*_]{{0,6}}(?:{_NAMES['subject']})[ *_]{{0,3}}:[ *_]{{0,3}}"
    r"(?:re|tr|fwd?|wg|aw|rv|res|odp|enc|pd|antw|doorst|i|r) ?:|"
    r"^(?:return-path|received|message-id|delivered-to|mime-version|reporting-mta|dkim-signature):"
)
#: The same of a mail whose lines a program has joined.
QUOTE_INSIDE = rf"-{{4,}} ?(?:{_ORIGINAL}) ?-{{4,}}|(?<!\w)(?:{_WROTE}) ?:[ |]{{0,9}}>"
#: What programs and people write for a colon; each is one character, as it is.
COLONS = dict.fromkeys(map(ord, "\uff1a\ufe55\u2236\ua789\ufe13\u02d0"), ":")
#: Where an older mail begins that is known by one line.
_OLDER_RE = re.compile(f"{QUOTE_HEAD}|{QUOTE_TAIL}|{QUOTE_WHO}|{QUOTE_RULE}|{QUOTE_INSIDE}", re.I | re.M)


def _near(regex: re.Pattern[str], text: str, end: int, most: int, least: int) -> int:
    """Where LEAST kinds of header stand within MOST characters of each other, before END; END where none do."""
    seen: dict[str, int] = {}
    for match in regex.finditer(text, 0, end):
        kind = next(name for name in _NAMES if match[name])
        seen[kind] = match.start()
        near = {name: place for name, place in seen.items() if match.start() - place < most}
        if len(near) >= least and set(near) != {"sent", "subject"}:
            return min(near.values())
    return end


def begins(shown: str) -> int:
    """Where an older mail begins in a text; its end where none does.

    Two headers of a mail near each other begin one in whatever arrangement; only a date and a subject are a letter's.
    """
    # Accents that stand as characters of their own are left out: the names are known without them, too.
    places = [place for place, char in enumerate(shown) if not unicodedata.combining(char)]
    whole = len(places) == len(shown)
    text = (shown if whole else "".join(map(shown.__getitem__, places))).translate(COLONS)
    found = _OLDER_RE.search(text)
    end = _near(_HEADER_RE, text, found.start() if found else len(text), _NEAR, 2)
    end = _near(_BARE_RE, text, end, _NEAR_BARE, 3)
    return end if whole else [*places, len(shown)][end]
