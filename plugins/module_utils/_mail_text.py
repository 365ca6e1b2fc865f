# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail part -> the lines and table cells that a person sees, with what is uncertain about them: pure, and linear.

Nothing is repaired silently: where the source does not say for certain which characters a person would read (a tag or
a wide space in the middle, an entity that may be meant), the place is marked and the reader refuses to take it.
"""

from __future__ import annotations

import dataclasses
import functools
import html as html_entities
import quopri
import re

#: Longer contents (characters), lines, and numbers of lines and tags are cut: a credentials mail is a page or two.
MAX_LENGTH = 3 << 15
MAX_LINE = 1000
MAX_LINES = 1000
MAX_TAGS = 3000

#: White space and invisible characters that a mail may have around a value, never inside it.
BLANK = " \t\n\r\f\v\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff"
_FLAT = str.maketrans({char: " " for char in BLANK if char not in " \t"})

_TAG_RE = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*)(?P<rest>[^<>]*)>")
_OTHER_TAG_RE = re.compile(r"<[/?!][^<>]*>")
_ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES_RE = re.compile(r"[ \t\n\r\f]+")
_HREF_RE = re.compile(r"href\s*=\s*[\"']?\s*(https?:[^\s\"'>]*)", re.I)
_IS_HTML_RE = re.compile(r"\s*<(?:!doctype|html|body|\?xml|head|table|div|p)\b[^<>]*>", re.I)
_CLOSING_RE = re.compile(r"</(?:p|td|tr|div|table|body|li|b|strong|a|span)\s*>|<br\s*/?>", re.I)
_SECRET_RE = re.compile(r"/secret/?(?:#/)?[^\s\"'<>/]{0,40}id=", re.I)
_QP_RE = re.compile(r"=(?:[CDEF][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]|3D|20\r?$|C2=A0)|(?<=\S)=\r?\n(?=[ \t]*[^\s=])", re.M)
_QP_WRONG_RE = re.compile(r"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_QP_LOOK_RE = re.compile(r"=3D|=[C-F][0-9A-F]=[89AB][0-9A-F]")
_QP_BREAK_RE = re.compile(r"=[ \t]*\n")

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

_BLOCK_NAMES = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 br hr title body html center section article header footer main dl dt dd pre "
    "form tbody thead tfoot caption address fieldset blockquote table tr td th"
)
_INLINE_NAMES = (
    "a b strong i em u s small big span font code tt kbd samp var sub sup abbr mark label o:p wbr img bdi bdo ins del "
    "meta link base col colgroup"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_HIDDEN = frozenset(("script", "style", "head", "template"))


@dataclasses.dataclass
class Chunk:
    """A line, or a line of a table cell. Positions are indexes in ``text``."""

    text: str
    row: int = 0
    col: int = 0
    quoted: bool = False
    whole: bool = True
    #: elements that stand in the line with both ends; tags; tags nobody knows; links
    spans: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    marks: list[int] = dataclasses.field(default_factory=list)
    strange: list[int] = dataclasses.field(default_factory=list)
    links: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    raw: str | None = None
    flat: str = ""
    joined: bool = False

    def __post_init__(self) -> None:
        text = self.text
        self.flat = text if text.isascii() and text.isprintable() else text.translate(_FLAT)

    def shifted(self, start: int) -> Chunk:
        """The rest of the line from ``start`` on, as a chunk of its own."""
        return dataclasses.replace(
            self,
            text=self.text[start:],
            spans=[(a - start, b - start) for a, b in self.spans if a >= start],
            marks=[a - start for a in self.marks if a >= start],
            strange=[a - start for a in self.strange if a >= start],
            links=[(a - start, b - start) for a, b in self.links if b >= start],
        )


@dataclasses.dataclass
class Page:
    """A mail part as a person sees it."""

    chunks: list[Chunk] = dataclasses.field(default_factory=list)
    #: cells of a table row: number of cells; the next row of the same table
    width: dict[int, int] = dataclasses.field(default_factory=dict)
    below: dict[int, int] = dataclasses.field(default_factory=dict)
    complete: bool = True
    secret_link: bool = False
    #: targets of its links, as far as they may be one-time links
    hrefs: list[str] = dataclasses.field(default_factory=list)
    is_html: bool = False
    #: lines whose HTML entities were decoded although the part is text
    decoded: int = 0
    #: "=3D" in it may be a character, or what is left of quoted-printable
    maybe_encoded: bool = False
    _cells: dict[tuple[int, int], list[int]] = dataclasses.field(default_factory=dict)

    def cell(self, row: int, col: int) -> list[int]:
        """The lines of a table cell. The lines must not change any more."""
        if not self._cells:
            for number, chunk in enumerate(self.chunks):
                if chunk.row and chunk.text:
                    self._cells.setdefault((chunk.row, chunk.col), []).append(number)
        return self._cells.get((row, col), [])


@functools.lru_cache(maxsize=1000)
def _entity(name: str) -> str:
    return html_entities.unescape(name)


def _unescape(text: str) -> str:
    return _ENTITY_RE.sub(lambda match: _entity(match[0]), text) if "&" in text else text


class _Builder:
    """HTML -> page. A tokenizer of its own: the standard one is slow, and silent about what it drops."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.line = Chunk("")
        self.parts: list[str] = []
        self.size = 0
        self.opened: list[tuple[str, int, bool]] = []
        self.hidden = self.quoted = self.pre = self.rows = 0
        self.tables: list[list[int]] = []

    def flush(self, keep_empty: bool = False) -> None:
        whole = "".join(self.parts)
        text = whole.strip(BLANK)
        if text or keep_empty:
            left = len(whole) - len(whole.lstrip(BLANK)) if text else 0
            line = self.line
            for places in (line.spans, line.links):
                places[:] = [(start - left, end - left) for start, end in places]
            for marks in (line.marks, line.strange):
                marks[:] = [mark - left for mark in marks]
            line.links += [(max(0, start - left), len(text)) for _name, start, link in self.opened if link]
            line.text, line.whole = text[:MAX_LINE], len(text) <= MAX_LINE
            line.__post_init__()
            self.page.chunks.append(line)
        if self.opened:
            self.opened = [(name, -1 if not link else 0, link) for name, _start, link in self.opened]
        if self.parts or keep_empty or self.line.marks or self.line.strange:
            self.line, self.parts, self.size = Chunk("", self.line.row, self.line.col, quoted=self.quoted > 0), [], 0

    def text(self, source: str) -> None:
        if self.hidden or not source:
            return
        if self.pre:
            lines = _unescape(source).split("\n")
            for number, text in enumerate(lines):
                if number:
                    self.flush(True)
                self.parts.append(text)
                self.size += len(text)
            return
        # One plain space is a space; any other run may have been anything, and is marked as a wide one.
        soft = self.page.maybe_encoded and _QP_BREAK_RE.search(source) is not None
        text = _unescape(_SPACES_RE.sub(lambda match: " " if match[0] == " " else "\u00a0", source))
        if soft:
            self.line.strange += [self.size + len(text.rstrip(BLANK)), self.size + len(text) // 2]
        self.parts.append(text)
        self.size += len(text)

    def tag(self, name: str, end: bool, rest: str) -> None:
        if name in _HIDDEN:
            self.hidden = max(0, self.hidden + (-1 if end else 1))
            self.line.strange.append(self.size)
        elif self.hidden:
            return
        elif name in _BLOCKS:
            self.flush(keep_empty=name == "br")
            self.block(name, end, rest)
        elif name in _INLINE:
            self.line.marks.append(self.size)
            self.inline(name, end, rest)
        else:
            self.line.strange.append(self.size)

    def inline(self, name: str, end: bool, rest: str) -> None:
        if not end:
            if name not in ("wbr", "img", "meta", "link", "base", "col") and len(self.opened) < 100:
                href = _HREF_RE.search(rest) if name == "a" else None
                if href and "ecret" in href[1]:
                    self.page.hrefs.append(_unescape(href[1]))
                self.opened.append((name, self.size, href is not None))
            return
        for number in range(len(self.opened) - 1, -1, -1):
            opened, start, link = self.opened[number]
            if opened == name:
                del self.opened[number]
                if start >= 0:
                    (self.line.links if link else self.line.spans).append((start, self.size))
                return

    def block(self, name: str, end: bool, rest: str) -> None:
        if name == "pre":
            self.pre = max(0, self.pre + (-1 if end else 1))
        elif name == "blockquote" or (name == "div" and not end and "_quote" in rest):
            # The end of a div is not tracked: what follows a quotation is quoted too.
            self.quoted = max(0, self.quoted + (-1 if end else 1))
        elif name == "table":
            if not end and len(self.tables) < 50:
                self.tables.append([0, -1])
            elif end and self.tables:
                self.tables.pop()
        elif name == "tr" and not end and self.tables:
            self.rows += 1
            table = self.tables[-1]
            if table[0]:
                self.page.below[table[0]] = self.rows
            table[:] = [self.rows, -1]
        elif name in ("td", "th") and not end and self.tables:
            table = self.tables[-1]
            table[1] += 1
            spanning = re.search(r"(?:col|row)span\s*=\s*[\"']?\s*(?:[2-9]|1\d)", rest, re.I)
            self.page.width[table[0]] = -100 if spanning else self.page.width.get(table[0], 0) + 1
        row, col = self.tables[-1][:2] if self.tables and self.tables[-1][1] >= 0 else (0, 0)
        self.line.row, self.line.col, self.line.quoted = row, col, self.quoted > 0

    def feed(self, source: str) -> None:
        position = tags = 0
        while len(self.page.chunks) < MAX_LINES and tags < MAX_TAGS:
            opening = source.find("<", position)
            if opening < 0:
                self.text(source[position:])
                self.flush()
                return
            self.text(source[position:opening])
            tags += 1
            if source.startswith("<!--", opening):
                self.line.strange.append(self.size)
                closing = source.find("-->", opening + 4)
                position = closing + 3 if closing >= 0 else len(source)
                continue
            match = _TAG_RE.match(source, opening)
            if match:
                self.tag(match["name"].lower(), bool(match["end"]), match["rest"])
                position = match.end()
                continue
            other = _OTHER_TAG_RE.match(source, opening)
            if other:
                self.line.strange.append(self.size)
                position = other.end()
            else:
                self.text("&lt;")
                position = opening + 1
        self.flush()
        self.page.complete = False


def _from_text(page: Page, source: str) -> None:
    lines = source.split("\n")
    page.complete = page.complete and len(lines) <= MAX_LINES
    for number, raw in enumerate(lines[:MAX_LINES]):
        text = _unescape(raw)
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
        _Builder(page).feed(source)
    else:
        _from_text(page, source)
    quoted = False
    for chunk in page.chunks:
        if not quoted and chunk.text and len(chunk.text) < 300:
            tail = chunk.flat.endswith(":") and _QUOTE_TAIL_RE.search(chunk.flat)
            quoted = bool(tail or _QUOTE_HEAD_RE.match(chunk.flat))
        chunk.quoted = chunk.quoted or quoted
    return page
