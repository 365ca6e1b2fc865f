# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail part -> the lines and table cells that a person sees, with what is uncertain about them: pure, and linear.

Nothing is repaired silently: where the source does not say for certain which characters a person would read (a tag in
the middle, an entity that may be meant), the place is marked, and no password is taken from it. The tokenizer is our
own: ``html.parser`` reads ``a&ltb`` as ``a<b`` (HTML's rule for an ampersand that nobody escaped) and is quadratic.
"""

from __future__ import annotations

import dataclasses
import functools
import html as html_entities
import quopri
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import words

#: Longer contents (characters), lines, and numbers of lines and tags are cut: a credentials mail is a page or two.
MAX_LENGTH = 3 << 15
MAX_LINE = 1000
MAX_LINES = 1000
MAX_TAGS = 2000
#: White space and invisible characters that a mail may have around a value, never inside it.
BLANK = " \t\n\r\f\v\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff"
_FLAT = str.maketrans({char: " " for char in BLANK if char not in " \t"})


@dataclasses.dataclass
class Chunk:
    """A line, or a line of a table cell. Positions are indexes in ``text``; in ``flat`` all blanks are plain spaces."""

    text: str
    row: int = 0
    col: int = 0
    quoted: bool = False
    whole: bool = True
    #: its blanks are as somebody typed them, so that they can be columns
    typed: bool = False
    #: inline tags with their positions; places of what nobody knows; parts that are links
    tags: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    strange: list[int] = dataclasses.field(default_factory=list)
    links: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    #: the tags that touch its beginning and its end: indexes in ``Page.tags``
    before: list[int] = dataclasses.field(default_factory=list)
    after: list[int] = dataclasses.field(default_factory=list)
    raw: str | None = None
    flat: str = ""

    def settle(self, whole: str) -> None:
        """Take the text without the blanks around it, and move every place with it."""
        text = whole.strip(BLANK)
        left = len(whole) - len(whole.lstrip(BLANK)) if text else 0
        self.tags = [(place - left, tag) for place, tag in self.tags]
        self.strange = [place - left for place in self.strange]
        self.links = [(start - left, end - left) for start, end in self.links]
        self.text, self.whole = text[:MAX_LINE], len(text) <= MAX_LINE
        self.flat = self.text if self.text.isascii() and self.text.isprintable() else self.text.translate(_FLAT)


@dataclasses.dataclass
class Page:
    """A mail part as a person sees it."""

    chunks: list[Chunk] = dataclasses.field(default_factory=list)
    #: cells of a table row (negative: some span others); the next row of the same table
    width: dict[int, int] = dataclasses.field(default_factory=dict)
    below: dict[int, int] = dataclasses.field(default_factory=dict)
    #: its tags in their order, such as "p" and "/p"; for each one its other end, where it has one
    tags: list[str] = dataclasses.field(default_factory=list)
    pairs: dict[int, int] = dataclasses.field(default_factory=dict)
    complete: bool = True
    secret_link: bool = False
    #: targets of its links, as far as they may be one-time links
    hrefs: list[str] = dataclasses.field(default_factory=list)
    is_html: bool = False
    #: lines whose HTML entities were decoded although the part is text
    decoded: int = 0
    #: "=3D" in it may be a character, or what is left of quoted-printable
    maybe_encoded: bool = False

    def add(self, chunk: Chunk, whole: str) -> None:
        chunk.settle(whole)
        self.chunks.append(chunk)


@functools.lru_cache(maxsize=1000)
def _entity(name: str) -> str:
    return html_entities.unescape(name)


def _unescape(text: str) -> str:
    return words.ENTITY_RE.sub(lambda match: _entity(match[0]), text) if "&" in text else text


class _Builder:
    """HTML -> page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.line = Chunk("")
        self.parts: list[str] = []
        self.size = 0
        self.open: list[tuple[str, int]] = []
        self.count: dict[str, int] = {}
        self.hidden = self.quoted = self.pre = self.rows = 0
        self.linked = self.seen = False
        self.tables: list[list[int]] = []
        #: tags since the last character; where the ones that follow the last line go, until the next character
        self.leading: list[int] = []
        self.trailing: list[int] | None = None

    def feed(self, source: str) -> None:
        position = tags = 0
        while len(self.page.chunks) < MAX_LINES and tags < MAX_TAGS:
            opening = source.find("<", position)
            self.text(source[position:] if opening < 0 else source[position:opening])
            if opening < 0:
                self.flush()
                return
            tags += 1
            match = words.TAG_RE.match(source, opening)
            other = None if match else words.OTHER_TAG_RE.match(source, opening)
            if source.startswith("<!--", opening):
                closing = source.find("-->", opening + 4)
                self.line.strange.append(self.size)
                position = closing + 3 if closing >= 0 else len(source)
            elif match:
                self.tag(match["name"].lower(), bool(match["end"]), match["rest"])
                position = match.end()
            elif other:
                self.line.strange.append(self.size)
                position = other.end()
            else:
                self.text("&lt;")
                position = opening + 1
        self.flush()
        self.page.complete = False

    def flush(self, keep_empty: bool = False) -> None:
        whole = "".join(self.parts)
        text = whole.strip(BLANK)
        if text or keep_empty:
            if text:
                self.trailing = self.line.after
            self.page.add(self.line, whole)
        if whole or keep_empty or self.line.tags or self.line.strange:
            self.line = Chunk("", self.line.row, self.line.col, quoted=self.quoted > 0, typed=self.pre > 0)
            self.parts, self.size, self.seen = [], 0, False

    def text(self, source: str) -> None:
        if self.hidden or not source:
            return
        if not self.pre:
            # One plain space is a space; any other run may have been anything, and is marked as a wide one.
            blank = words.SPACES_RE.sub(lambda match: " " if match[0] == " " else "\u00a0", source)
            if self.page.maybe_encoded and words.QP_BREAK_RE.search(source):
                self.line.strange += [self.size + len(blank.rstrip(BLANK)), self.size + len(blank) // 2]
            self.put(_unescape(blank))
            return
        for number, text in enumerate(_unescape(source).split("\n")):
            if number:
                self.flush(True)
            self.put(text)

    def put(self, text: str) -> None:
        if text.strip(BLANK):
            if not self.seen:
                self.line.before, self.seen = self.leading, True
            self.leading, self.trailing = [], None
        if self.linked and text:
            self.line.links.append((self.size, self.size + len(text)))
        self.parts.append(text)
        self.size += len(text)

    def tag(self, name: str, end: bool, rest: str) -> None:
        if name in words.HIDDEN:
            self.hidden = max(0, self.hidden + (-1 if end else 1))
            self.line.strange.append(self.size)
        elif self.hidden:
            return
        elif name in words.BLOCKS:
            self.flush(keep_empty=name == "br")
            self.note(name, end)
            self.block(name, end, rest)
            self.line.row, self.line.col = self.tables[-1] if self.tables and self.tables[-1][1] >= 0 else (0, 0)
            self.line.quoted, self.line.typed = self.quoted > 0, self.pre > 0
        elif name in words.INLINE:
            self.line.tags.append((self.size, self.note(name, end)))
            if name == "a":
                href = None if end else words.HREF_RE.search(rest)
                self.linked = href is not None
                if href and "ecret" in href[1]:
                    self.page.hrefs.append(_unescape(href[1]))
        else:
            self.line.strange.append(self.size)
        if not end and words.UNSEEN_RE.search(rest):
            self.line.strange.append(self.size)

    def note(self, name: str, end: bool) -> int:
        """Take a tag down, with its other end and for the lines that it touches; return its index."""
        number = len(self.page.tags)
        self.page.tags.append(f"/{name}" if end else name)
        self.leading.append(number)
        if self.trailing is not None:
            self.trailing.append(number)
        if not end and name not in words.VOID:
            self.open.append((name, number))
            self.count[name] = self.count.get(name, 0) + 1
        elif end and self.count.get(name):
            opened = ""
            while opened != name:
                opened, first = self.open.pop()
                self.count[opened] -= 1
            self.page.pairs[first], self.page.pairs[number] = number, first
        return number

    def block(self, name: str, end: bool, rest: str) -> None:
        table = self.tables[-1] if self.tables else None
        if name == "pre":
            self.pre = max(0, self.pre + (-1 if end else 1))
        elif name == "blockquote" or (name == "div" and not end and words.QUOTE_DIV_RE.search(rest)):
            # The end of a div is not tracked: what follows a quotation is quoted too.
            self.quoted = max(0, self.quoted + (-1 if end else 1))
        elif name == "table" and not end and len(self.tables) < 50:
            self.tables.append([0, -1])
        elif name == "table" and end and table:
            self.tables.pop()
        elif name == "tr" and not end and table:
            self.rows += 1
            if table[0]:
                self.page.below[table[0]] = self.rows
            table[:] = [self.rows, -1]
        elif name in ("td", "th") and not end and table:
            table[1] += 1
            self.page.width[table[0]] = -100 if words.SPAN_RE.search(rest) else self.page.width.get(table[0], 0) + 1


def _from_text(page: Page, source: str) -> None:
    lines = source.split("\n")
    page.complete = page.complete and len(lines) <= MAX_LINES
    for number, raw in enumerate(lines[:MAX_LINES]):
        text = _unescape(raw)
        page.decoded += text != raw
        chunk = Chunk("", raw=raw.strip(BLANK), typed=True)
        page.add(chunk, text)
        chunk.quoted = chunk.text.startswith(">")
        if page.maybe_encoded and chunk.text.endswith("=") and "".join(lines[number + 1 : number + 2]).strip():
            chunk.strange.append(len(chunk.text))


def _from_quoted_printable(page: Page, source: str) -> str:
    """Decode what is left of quoted-printable where that is certain, and mark the page where it may be."""
    if "=" not in source or not source.isascii() or words.QP_WRONG_RE.search(source):
        return source
    found = [match.start() for match in words.QP_RE.finditer(source)]
    # Two lines show it: one could be the password's own.
    if len(found) > 1 and "\n" in source[found[0] + 1 : found[-1]].lstrip("\r\n"):
        data = quopri.decodestring(source.encode("ascii"))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    page.maybe_encoded = True
    return source


def _end_at_older_mail(page: Page) -> None:
    """Mark what a quoted or forwarded mail holds, from its first line on."""
    quoted = False
    heads: list[str] = []
    for chunk in page.chunks:
        if not quoted and chunk.text and not chunk.quoted and len(chunk.text) < 300:
            name, colon, _rest = chunk.flat.partition(":")
            word = "".join(words.words_of(name)[:1]) if colon and len(name) < 20 else ""
            heads = [*heads, word][-4:] if word in words.HEADER_FROM or word in words.HEADER_MORE else []
            # Two headers, one of them the sender: the others are a date, an addressee, a subject.
            more = re.findall(r"([^\W\d_]{2,}) ?:", chunk.flat)[1:] if len(heads) == 1 else []
            heads_here = [*heads, *(one for name in more for one in words.words_of(name) if one in words.HEADER_MORE)]
            quoted = len(heads_here) > 1 and not words.HEADER_FROM.isdisjoint(heads)
            quoted = quoted or words.QUOTE_HEAD_RE.match(chunk.flat) is not None
            quoted = quoted or (chunk.flat.endswith(":") and words.QUOTE_TAIL_RE.search(chunk.flat) is not None)
        chunk.quoted = chunk.quoted or quoted or (page.is_html and chunk.text.startswith(">"))


def page_of(source: str, is_html: bool) -> Page:
    """The page that a part shows."""
    page = Page(complete=len(source) <= MAX_LENGTH)
    source = _from_quoted_printable(page, source[:MAX_LENGTH])
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    page.secret_link = words.SECRET_RE.search(source) is not None
    page.is_html = is_html or (
        words.IS_HTML_RE.match(source) is not None and words.CLOSING_RE.search(source) is not None
    )
    page.is_html = page.is_html or len(words.CLOSING_RE.findall(source)) > 1
    if page.is_html:
        builder = _Builder(page)
        # Inline tags alone do not make HTML of a text: its lines stay lines.
        builder.pre = int(not is_html and not words.LAID_OUT_RE.search(source))
        builder.feed(source)
    else:
        _from_text(page, source)
    _end_at_older_mail(page)
    return page
