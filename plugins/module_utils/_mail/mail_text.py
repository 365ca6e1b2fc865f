# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail part -> the lines and table cells that a person sees, with what is uncertain about them: pure, and linear.

Nothing is repaired silently: where the source does not say for certain which characters a person would read (a tag or
a wide space in the middle, an entity that may be meant), the place is marked and the reader refuses to take it.
"""

from __future__ import annotations

import quopri
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_html import Builder
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import (
    BLANK,
    MAX_LENGTH,
    MAX_LINE,
    MAX_LINES,
    Chunk,
    Page,
    unescape,
)

_IS_HTML_RE = re.compile(r"\s*<(?:!doctype|html|body|\?xml|head|table|div|p)\b[^<>]*>", re.I)
_CLOSING_RE = re.compile(r"</(?:p|td|tr|div|table|body|li|b|strong|a|span)\s*>|<br\s*/?>", re.I)
_SECRET_RE = re.compile(r"/secret/?(?:#/)?[^\s\"'<>/]{0,40}id=", re.I)
_QP_RE = re.compile(r"=(?:[CDEF][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]|3D|20\r?$|C2=A0)|(?<=\S)=\r?\n(?=[ \t]*[^\s=])", re.M)
_QP_WRONG_RE = re.compile(r"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_QP_LOOK_RE = re.compile(r"=3D|=[C-F][0-9A-F]=[89AB][0-9A-F]")

_QUOTE_HEAD_RE = re.compile(
    r"[-_* ]{0,40}(?:message d.origine|message original|message transf\u00e9r\u00e9|original message|forwarded message|"
    r"urspr\u00fcngliche nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|messaggio originale|"
    r"messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|wiadomo\u015b\u0107 oryginalna|"
    r"oryginalna wiadomo\u015b\u0107|mensagem original|mensagem encaminhada)[-_* :.]{0,40}$",
    re.I,
)
_QUOTE_WORDS = (
    "a \u00e9crit wrote schrieb schrieb.{1,80} escribi\u00f3 scritto schreef schreef.{1,80} napisa\u0142 napisa\u0142a "
    "napisa\u0142\\(a\\) escreveu"
).replace("a \u00e9", "\u00e9")
_QUOTE_TAIL_RE = re.compile(rf"(?<!\w)(?:{'|'.join(_QUOTE_WORDS.split())}) ?:$", re.I)


def _from_text(page: Page, source: str) -> None:
    lines = source.split("\n")
    page.complete = page.complete and len(lines) <= MAX_LINES
    for number, raw in enumerate(lines[:MAX_LINES]):
        text = unescape(raw)
        page.decoded += text != raw
        text = text.strip(BLANK)
        whole = len(text) <= MAX_LINE
        chunk = Chunk(text[:MAX_LINE], whole=whole, raw=raw.strip(BLANK), quoted=text.startswith(">"))
        if page.maybe_encoded and text.endswith("=") and "".join(lines[number + 1 : number + 2]).strip():
            chunk.strange.append(len(chunk.text))
        page.chunks.append(chunk)


def _from_quoted_printable(page: Page, source: str) -> str:
    """Decode what is left of quoted-printable where that is certain, and mark the page where it may be."""
    if "=" not in source or not source.isascii():
        return source
    if _QP_WRONG_RE.search(source):
        return source
    found = [match.start() for match in _QP_RE.finditer(source)]
    # Two lines show it: one could be the password's own.
    if len(found) > 1 and "\n" in source[found[0] + 1 : found[-1]].lstrip("\r\n"):
        data = quopri.decodestring(source.encode("ascii"))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    page.maybe_encoded = True
    return source


def looks_encoded(value: str) -> bool:
    """Whether a value may hold what is left of quoted-printable."""
    return _QP_LOOK_RE.search(value) is not None


def page_of(source: str, is_html: bool) -> Page:
    """The page that a part shows."""
    page = Page(complete=len(source) <= MAX_LENGTH)
    source = _from_quoted_printable(page, source[:MAX_LENGTH])
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    page.secret_link = _SECRET_RE.search(source) is not None
    page.is_html = is_html or (_IS_HTML_RE.match(source) is not None and _CLOSING_RE.search(source) is not None)
    if not page.is_html and len(_CLOSING_RE.findall(source)) > 1:
        page.is_html = True
    if page.is_html:
        Builder(page).feed(source)
    else:
        _from_text(page, source)
    quoted = False
    for chunk in page.chunks:
        if not quoted and chunk.text and len(chunk.text) < 300:
            tail = chunk.flat.endswith(":") and _QUOTE_TAIL_RE.search(chunk.flat)
            quoted = bool(tail or _QUOTE_HEAD_RE.match(chunk.flat))
        chunk.quoted = chunk.quoted or quoted
    return page
