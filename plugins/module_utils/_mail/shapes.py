# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of what stands in a credentials mail: logins, values that are no password, and the marks round them."""

from __future__ import annotations

import re

LOGIN = r"[A-Za-z0-9][A-Za-z0-9_.+/-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}|fti/[A-Za-z0-9]{1,40}"
LOGIN_RE = re.compile(rf"(?<![\w.+@/-])(?:{LOGIN})(?![\w@-]|\.\w)", re.I)
#: The link that Outlook writes behind an address in a text.
MAILTO_RE = re.compile(r"^ ?[<\[(]mailto:[^<>()\[\] ]{3,200}[>\])]", re.I)
#: A login alone, with marks round it, or what programs and people write behind it.
ONE_LOGIN_RE = re.compile(
    rf"(?:<\w+>|[^\w@]{{0,4}})(?P<login>{LOGIN})(?:{MAILTO_RE.pattern[1:]})?(?:</\w+>|[^\w@]{{0,4}}|[ ]+\(.*\))$", re.I
)
#: A login of a line, as opposed to the address of a person.
PPP_LOGIN_RE = re.compile(
    r"(?:[^@]*_\d+@|[^@]*\d{6}[^@]*@).*|.*@(?:.*\.)?(?:adsl|xdsl|vdsl|sdsl|dsl|ftth|ftte|ftto|fttx|kosc|byt|"
    r"celan|pppoe?|covage|"
    r"axione)(?:\..*)?|fti/.*",
    re.I,
)
CONTACT_RE = re.compile(
    r".*@(?:.*\.)?(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|gmx|web|orange|wanadoo|free|sfr|laposte|proton|"
    r"protonmail|example)\.[a-z.]+|.*@(?:.*\.)?(?:sip|vpn|mail|ftp)\..*|.*@(?:ovh|ovhcloud|ovhtelecom)\.(?:com|net|fr)",
    re.I,
)
SERVICE_RE = re.compile(r"(?<![\w-])(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto)-[a-z0-9-]{2,40}-[0-9]{1,6}(?![\w-])", re.I)
LINK_RE = re.compile(r"(?:https?|ftp)://\S|www\.\w+\.\w", re.I)
MASK_RE = re.compile(
    r".*(?:([*\u00b7?_#=~.\u2013\u2014-])\1\1|[xX]{3}|[\u2022\u25cf\u25cb\u2026]).*|\w*(?:\*\*|\.\.)\w*|"
    r"(?:\w*\*){3}\w*|"
    r"[.xX*#_\u2013\u2014-]+",
    re.S,
)
PLACEHOLDER_RE = re.compile(
    r".*(?:\{\{.*\}\}|\{%.*%\}|<%.*%>|\{#.*#\}).*|%[A-Za-z_]{3,40}%|\$\{[^{}]{1,60}\}|\$[A-Za-z_]{4,40}|"
    r"[\[{<(](?:[A-Za-z_. -]{0,20})(?:password|pass|pwd|passe|passwort|kennwort|contrase\u00f1a|wachtwoord|has\u0142o|"
    r"senha)(?:[A-Za-z_. -]{0,20})[\]}>)]|%s|%\([a-z_]{1,40}\)s|__[A-Za-z_]{3,40}__|\[\[.*\]\]|"
    r"null|none|undefined|nan|n/a",
    re.I | re.S,
)
_MONTHS = (
    "jan feb fev f\u00e9v mar m\u00e4r mrt apr avr abr kwi mai may maj mag mei jun jui juin giu cze jul lug lip "
    "lipca aug "
    "aou ao\u00fb ago sie sep set wrz oct okt out ott pa\u017a paz nov lis dec d\u00e9c dez dic gru ene gen sty lut"
)
_DAYS = (
    "lun mar mer jeu ven sam dim mon tue wed thu fri sat sun mo di mi do fr sa so mi\u00e9 jue vie s\u00e1b dom "
    "gio ma wo vr za zo "
    "pon wt \u015br czw pt sob nie seg ter qua qui sex"
)
#: What may differ between two mails of one layout.
DATE_OR_NUMBER_RE = re.compile(
    rf"\d+|(?<!\w)(?:{(_MONTHS + ' ' + _DAYS).replace(' ', '|')})[^\W\d_]{{0,7}}\.?(?!\w)", re.I
)
_UNITS = (
    "[kmgt]?(?:bit|bits|b|o|octets?|bps|byte|bytes|hz)(?:/s|ps)?|min|mn|sec|ms|h|j|jours?|days?|tagen?|d\u00edas|"
    "giorni|dagen|dni|"
    "dias|eur|euros?|usd|chf|pln|gbp|z\u0142|\u20ac|\\$|\u00a3|%|chars?|caracteres|caract\u00e8res|characters|"
    "zeichen|caratteri|"
    "tekens|znak\u00f3w|znakow|px"
)
#: What is no password although it is one word with digits, each with what it is.
OTHER_THINGS_RE = re.compile(
    # numbers of every kind: dates, times, telephones, prices, versions, addresses
    r"[-+#(]?\d[\d\s./:,;()+#*\u2013-]*%?|v?\d+(?:\.\d+){1,4}(?:[-+]?[a-z]{1,5}\.?\d{0,3})?|\d{8}t\d{4,6}z?|"
    r"\d{1,2}[:h.]\d{2}(?:[:m.]\d{0,2})?s?(?:am|pm|z|h|uhr)?|0x[0-9a-f]+|#[0-9a-f]{3,8}|\d{4}-?w\d{1,2}(?:-\d)?|"
    r"(?:tel|sip|mailto|callto):.*|"
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}).*|"
    rf"\d{{1,2}}(?:er|st|nd|rd|th)?[-./]?(?:{_MONTHS.replace(' ', '|')})[^\W\d]*[-./]?\d{{2,4}}|"
    rf"(?:\d{{4}}[-./]?)?(?:{_MONTHS.replace(' ', '|')})[^\W\d]{{0,7}}[-./]?\d{{1,4}}|"
    rf"[+-]?\d[\d.,]*(?:{_UNITS})|(?:\u20ac|\$|\u00a3|eur|usd)\d[\d.,]*|\d[\d.,]*[^\W\d_]{{0,3}}/[^\W\d_]+|"
    # order, ticket, invoice, customer and service names
    r"[#n\u00b0]*[a-z]{0,4}[-_/#\u00b0]?\d{5,}(?:[-/_]\d+)*|[a-z]{2,4}[-_/]\d+(?:[-_/]\d+)*|[a-z]\d{1,2}[-/]\d{2,4}|"
    # a word and a number, with a sign between
    r"(?-i:[A-Z]?[a-z]+|[A-Z]+)[-_/.#:]\d+|\d+[-_/.#:](?-i:[A-Z]?[a-z]+|[A-Z]+)|"
    r"(?-i:[A-Z]+)[-_/#]\d+(?:[-_/]\w+)*|"
    r"(?:ticket|order|commande|bestellung|pedido|ordine|zamowienie|encomenda|dossier|incident|invoice|facture|ref)\d+|"
    r"[a-z]{2,3}\d{3,8}-ovh(?:-\d+)?|"
    r"(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto|pack|sip|vps|ns|ip)-[a-z0-9-]+|"
    # hardware and network addresses, UUIDs, digests
    r"(?:[0-9a-f]{2}[-:.]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}[.:-]){2}[0-9a-f]{4}|(?-i:[0-9a-f]{12}|[0-9A-F]{12})|"
    r"(?=(?:[0-9a-f]*:){2})[0-9a-f:.]+(?:%\w+)?(?:/\d+)?|"
    r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|"
    r"\$(?:[0-9]|2[aby]|y|apr1)\$.*|\{[a-z0-9]{2,9}\}.*|"
    # hosts, addresses of mail and web, paths of files
    r"(?-i:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?::\d+)?(?:/.*)?|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}|"
    r"(?:[\w-]+\.)+(?:com|net|org|fr|de|es|it|nl|pl|pt|eu|uk|be|ch|io|cloud|local|lan|home|ovh)|[a-z.]+@[a-z.-]+|"
    r"[a-z0-9_.+/-]*\d{4}[a-z0-9_.+/-]*@[a-z0-9.-]+|[a-z]+://.*|www\..*|/(?:[\w.-]+/)+[\w.-]*|[a-z]:\\.*|"
    r".*\.(?:pdf|txt|docx?|odt|zip|7z|gz|html?|csv|xlsx?|png|jpe?g|gif|eml|msg|json|xml|conf|cfg|rsc|ini|kdbx)",
    re.I,
)
#: A ticket's number as mails about it show it.
TICKET_RE = re.compile(r"\[#[A-Z]{1,4}\d{6,}\]")
#: What a placeholder is made of.
STAND_IN_RE = re.compile(
    "password|passwort|passwd|motdepasse|kennwort|wachtwoord|contrase[n\u00f1]a|has[l\u0142]o|palavrapasse|senha|"
    "changeme",
    re.I,
)
#: Words alone, with what joins them: a remark more likely than a password.
_WORD = r"(?=[^\W\d_])(?:[^\W\d_A-Z]*(?:[A-Z][^\W\d_A-Z]{2,})*|[A-Z]+|[A-Z][^\W\d_A-Z])"
PROSE_RE = re.compile(rf"[(\[]?{_WORD}(?:[-'\u2019/&_.+]{_WORD})*[-.,;:!?)\]]*")
#: A value's one word; a remark behind it; a piece that may be a value as well; a word that begins what follows.
TOKEN_RE = re.compile(r"\u00ab ?\S+ ?\u00bb[.,;]?|\S+")
REMARK_RE = re.compile(r"\s*\((?:[^\W\d_]{2,}[ ,'\u2019-]+)+[^\W\d_]{2,}[.!]?\)")
WORD_LIKE_RE = re.compile(r"(?!\d+$|[^\W\dA-Z_]+$|[^\W\da-z_]+$|[^\W\d_][^\W\dA-Z_]+$)\S{6,}")
CLOSING_WORD_RE = re.compile(r"[^\W\d_a-z][^\W\d_]*[.,!]?|.*[.,!]|[-_=*~#]+")
#: Marks that are taken off only where the login stands in the same ones, or where they pair: round letters and digits,
#: or as no keyboard has them.
MARKS = "\"'`*()[]<>{}"
_PAIRS = [(mark, mark) for mark in ('"', "'", "`", "*", "**")] + [("[", "]"), ("(", ")"), ("<", ">")]
_TAG_PAIRS = [(f"<{tag}>", f"</{tag}>") for tag in ("b", "strong", "i", "em", "u", "code", "tt")]
_TYPESET = [tuple(pair) for pair in ("\u00ab\u00bb", "\u201c\u201d", "\u201e\u201c", "\u201e\u201d", "\u2018\u2019")]
PAIRED_RE = re.compile(
    "|".join(
        f"{re.escape(left)}({inside}){re.escape(right)}"
        for pairs, inside in ((_PAIRS, "[A-Za-z0-9]+"), (_TAG_PAIRS, r"[^<>\s]+"), (_TYPESET, r"\s*\S+\s*"))
        for left, right in pairs
    )
)
ONE_KIND_RE = re.compile(r"[^\W\d_A-Z]+|[A-Z]+|\d+|[\W_]+")
#: What stands before a label, between it and its value, and between two of them on a line.
BULLET_RE = re.compile(r"[ \t]*(?:(?:[-*+\u2022\u00b7\u2013\u2014\u25aa\u25e6\u2023]|\d{1,2}[.)]|[a-z]\))[ \t]+)?")
_DOTS = r"(?:\.{3,}|\u2026{2,}|(?:\. ){3,}\.?)[ \t]*:?(?=[ \t]|$)"
_LONG = ":=|={1,2}>|-{1,2}>"
_STRONG = rf"{_LONG}|[:=\uff1a\u2192\u21d2\u2794]"
#: What may stand between a label and its value. Weak marks count only where the login's line has the same one, as does
#: one of several signs that touches the value: its end may be the value's beginning.
MARK_RE = re.compile(
    rf"(?P<dots>{_DOTS})|(?P<touching>(?:{_LONG})(?![ \t]|$))|(?P<strong>(?:{_STRONG})(?:[*_]{{1,2}}(?=[ \t]|$))?)|"
    r"(?<= )(?P<dash>[\u2013\u2014-])(?= )|"
    r"(?<= )(?P<verb>(?:est|is|lautet|ist|es|\u00e8|e'|\u00e9|to|jest|brzmi|luidt)(?: ?:)?)(?= )",
    re.I,
)
#: What parts columns: wide spaces, tabs and pipes, unless a mark follows.
COLUMN_RE = re.compile(
    rf"(?:[ ]{{2,}}|[ ]?\t[ \t]*)(?![ \t]*(?:{_DOTS}|(?:{_STRONG})(?=[ \t]|$)))|(?:^|(?<= ))[|\u2502](?= |$)", re.M
)
CELL_MARK_RE = re.compile(r"[:=](?: +|$)")
RULE_RE = re.compile(r"[-=_+|:\u2500-\u257f ]{3,}")
JOINT_RE = re.compile(
    r"(?P<mark>[\"'`\u00bb\u201d\u201c>)\]]?)[ ]*[,;/|\u2013\u2014-]?[ ]*(?:(?:et|and|und|y|e|en|i|a|oraz)[ ]+)?", re.I
)
