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

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import markup, older, prose

#: Longer contents (characters), lines, and numbers of lines and tags are cut: a credentials mail is a page or two.
MAX_LENGTH = 3 << 15
MAX_LINE = 1000
MAX_LINES = 1000
MAX_TAGS = 2000
#: White space and invisible characters that a mail may have around a value, never inside it.
BLANK = " \t\n\r\f\v\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff"
_FLAT = str.maketrans({char: " " for char in BLANK if char not in " \t\n"})


@dataclasses.dataclass
class Tag:
    """A tag, such as "p" and "/p": behind the last character before it. ``paired``: it has its other end."""

    place: int
    name: str
    paired: bool = False


@dataclasses.dataclass
class TableRow:
    """Its cells with the numbers of their lines; ``plain``: no cell spans columns, or holds several lines."""

    above: TableRow | None
    cells: list[list[int]] = dataclasses.field(default_factory=list)
    plain: bool = True
    #: rows that the cell of a column reaches over
    tall: dict[int, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line, or a line of a table cell: where it stands in the page's text."""

    start: int
    end: int
    row: TableRow | None = None
    quoted: bool = False


@dataclasses.dataclass
class Page:
    """A mail part as a person sees it. Every place is an index in ``text``, and in ``flat``, where blanks are spaces.

    What an older mail says that it quotes is left out; ``quotes_password``: that speaks of a password.
    """

    text: str = ""
    flat: str = ""
    lines: list[Line] = dataclasses.field(default_factory=list)
    shown: list[str] = dataclasses.field(default_factory=list)
    size: int = 0
    tags: list[Tag] = dataclasses.field(default_factory=list)
    #: places where nobody knows what is shown; texts of links, and their targets
    strange: list[int] = dataclasses.field(default_factory=list)
    links: list[tuple[int, int, str]] = dataclasses.field(default_factory=list)
    complete: bool = True
    is_html: bool = False
    secret_link: bool = False
    #: the source of a text of which no two lines show that entities are to be decoded
    raw: str | None = None
    quotes_password: bool = False
    #: what quoted lines show, and where the first one stands
    quoted: list[str] = dataclasses.field(default_factory=list)
    first_quoted: int = 0

    def add(self, whole: str, row: TableRow | None = None, quoted: bool = False) -> None:
        """Take a line."""
        text = whole.strip(BLANK).replace("\n", "\r")
        start = self.size
        # Behind a stroke at the left alone it is a quotation as well; more of them make a table.
        stroke = row is None and re.match(r"[|\u2502 ]+(?=[^|\u2502]+$)", text) is not None
        quoted = quoted or stroke or re.match(r"[|\u2502 ]*(?:\d{1,3} +)?(?:>|\u00bb )", text) is not None
        if quoted:
            self.quotes_password = self.quotes_password or prose.PASSWORD_TALK_RE.search(text) is not None
            self.first_quoted = self.first_quoted if self.quoted else start
            self.quoted.append(text[:MAX_LINE].translate(_FLAT).lstrip("|\u2502>\u00bb "))
        else:
            if text and row:
                row.plain = row.plain and not row.cells[-1]
                row.cells[-1].append(len(self.lines))
            self.shown.append((text if len(text) <= MAX_LINE else text[:MAX_LINE] + markup.UNKNOWN) + "\n")
            self.size += len(self.shown[-1])
        self.lines.append(Line(start, max(start, self.size - 1), row, quoted))

    def shows(self, span: tuple[int, int] | None) -> str:
        """The characters from a place to another; none of nowhere."""
        return self.text[slice(*span)] if span else ""

    def settle(self) -> Page:
        """End it where an older mail begins."""
        text = "".join(self.shown)
        flat = text.translate(_FLAT)
        end = older.begins(flat)
        # A program that wraps lines, or a person, may have marked the older mail's headers only.
        quoted = "\n".join(self.quoted)
        end = end if older.begins(quoted) == len(quoted) else min(end, self.first_quoted)
        self.quotes_password = self.quotes_password or prose.PASSWORD_TALK_RE.search(text, end) is not None
        self.lines = [line if line.start < end else Line(end, end, quoted=True) for line in self.lines]
        self.text, self.flat = text[:end], flat[:end]
        return self


_entity = functools.lru_cache(maxsize=1000)(html_entities.unescape)


def _unescape(text: str) -> str:
    return markup.ENTITY_RE.sub(lambda match: _entity(match[0]), text) if "&" in text else text


@dataclasses.dataclass
class _Region:
    """An element of a kind, with how many of its name are open; ends with the first one."""

    name: str = ""
    depth: int = 0

    def tag(self, name: str, end: bool, begins: bool) -> None:
        if self.depth:
            self.depth += (-1 if end else 1) * (name == self.name)
        elif begins and not end and name not in markup.VOID:
            self.name, self.depth = name, 1


class _Builder:
    """HTML -> page. ``typed``: line breaks count, as in ``pre``."""

    def __init__(self, page: Page, typed: bool) -> None:
        self.page = page
        #: the present line; its length without the blanks at its end
        self.parts: list[str] = []
        self.length = self.size = 0
        self.open: list[Tag] = []
        self.quoted, self.pre = 0, int(typed)
        self.href = ""
        self.unseen, self.changed, self.tiny, self.sized = _Region(), _Region(), _Region(), _Region()
        self.styles: dict[str, set[str]] = {}
        #: the present row of each table around, None before its first one
        self.tables: list[TableRow | None] = []

    def feed(self, source: str) -> None:
        for rule in "}".join(markup.STYLE_RE.findall(source)).split("}"):
            *_outer, selectors, body = ["", *rule.split("{")]
            looks = {word for regex, word in markup.LOOKS if regex.search("".join(body.split()))}
            for element, name in markup.SELECTOR_RE.findall(" ".join(selectors.split())) if looks else ():
                self.styles.setdefault(name or element.lower(), set()).update(looks)
        position = 0
        for number, match in enumerate(markup.TAG_RE.finditer(source)):
            if number >= MAX_TAGS or len(self.page.lines) >= MAX_LINES:
                self.page.complete = False
                break
            self.text(source[position : match.start()])
            position = match.end()
            if match["name"]:
                self.tag(match["name"].lower(), bool(match["end"]), match["rest"])
            else:
                self.page.strange.append(self.place)
        else:
            self.text(source[position:])
        self.flush()

    @property
    def place(self) -> int:
        return self.page.size + min(self.size, MAX_LINE)

    def flush(self, keep_empty: bool = False) -> None:
        if self.length or keep_empty:
            row = self.tables[-1] if self.tables else None
            self.page.add("".join(self.parts), row if row and row.cells else None, self.quoted > 0)
            self.parts, self.length, self.size = [], 0, 0

    def text(self, source: str) -> None:
        for number, text in enumerate(source.split("\n") if self.pre else [markup.SPACES_RE.sub(" ", source)]):
            if number:
                self.flush(True)
            shown = _unescape(text)
            shown = shown if self.length else shown.lstrip(BLANK)
            hidden = self.unseen.depth or (self.tiny.depth and not self.sized.depth)
            shown = markup.UNKNOWN if hidden and shown.strip(BLANK) else shown
            start = self.page.size + self.length
            if self.changed.depth:
                self.page.strange += range(start, start + len(shown))
            if self.href and shown:
                self.page.links.append((start, start + len(shown), self.href))
            self.parts.append(shown)
            visible = len(shown.rstrip(BLANK))
            self.size = self.length + visible if visible else self.size
            self.length += len(shown)

    def tag(self, name: str, end: bool, rest: str) -> None:
        page, step = self.page, -1 if end else 1
        if name in markup.BLOCKS:
            self.flush(name == "br")
        looks = rest if end else self.looks(name, rest)
        tiny = markup.TINY_RE.search(looks) is not None
        unseen = name in markup.UNSEEN or markup.UNSEEN_RE.search(looks) is not None
        self.unseen.tag(name, end, unseen or (tiny and self.sized.depth > 0))
        self.changed.tag(name, end, name == "bdo" or markup.CHANGED_RE.search(looks) is not None)
        self.sized.tag(name, end, self.tiny.depth > 0 and markup.SIZED_RE.search(looks) is not None)
        self.tiny.tag(name, end, tiny)
        if name in markup.BLOCKS or name in markup.INLINE:
            self.note(name, end)
        else:
            page.strange.append(self.place)
        if name == "a":
            href = None if end else markup.HREF_RE.search(rest)
            self.href = _unescape(href[1]) if href else ""
            page.links += [(self.place, self.place, self.href)] if href else []
        elif name == "pre":
            self.pre = max(0, self.pre + step)
        elif name == "blockquote" or (not end and markup.QUOTE_TAG_RE.match(f"{name} {rest}")):
            # The end of a div is not tracked: what follows a quotation is quoted too.
            self.quoted = max(0, self.quoted + step)
        elif name in markup.TABLES:
            self.table(name, end, rest)

    def looks(self, name: str, rest: str) -> str:
        """How an element is shown: its own words, and those of the page's styles for it."""
        if not self.styles:
            return rest
        given = [(kind, one) for kind, *values in markup.NAMES_RE.findall(rest) for one in "".join(values).split()]
        named = [f"{'#' if kind.lower() == 'id' else '.'}{one}" for kind, one in given]
        return " ".join([rest, *(word for one in (name, *named) for word in sorted(self.styles.get(one, ())))])

    def note(self, name: str, end: bool) -> None:
        """Take a tag down; its end ends what was opened inside, too."""
        tag = Tag(self.place, f"/{name}" if end else name)
        self.page.tags.append(tag)
        if not end and name not in markup.VOID:
            self.open.append(tag)
        elif end and name in [one.name for one in self.open]:
            while self.open[-1].name != name:
                self.open.pop()
            tag.paired = self.open.pop().paired = True

    def table(self, name: str, end: bool, rest: str) -> None:
        """A definition list is a table, each of its terms begins a row."""
        if name in ("table", "dl"):
            if not end and len(self.tables) < 50:
                self.tables.append(None)
            elif end and self.tables:
                self.tables.pop()
        elif self.tables and not end:
            if name in ("tr", "dt"):
                above = self.tables[-1]
                tall = {column: rows - 1 for column, rows in above.tall.items() if rows > 1} if above else {}
                self.tables[-1] = TableRow(above, tall=tall)
            if name != "tr" and (row := self.tables[-1]):
                while len(row.cells) in row.tall:
                    row.cells.append([])
                spans = {way.lower(): int(number) for way, number in markup.SPAN_RE.findall(rest)}
                row.plain = row.plain and "col" not in spans
                row.tall[len(row.cells)] = spans.get("row", 1)
                row.cells.append([])


def _decoded(source: str) -> str:
    """Decode what is left of quoted-printable where that is certain; else mark where it may be."""
    if "=" not in source or not source.isascii() or markup.QP_WRONG_RE.search(source):
        return source
    found = [match.start() for match in markup.QP_RE.finditer(source)]
    # Two lines show it: one could be the password's own.
    if len(found) < 2 or "\n" not in source[found[0] + 1 : found[-1]].lstrip("\r\n"):
        return markup.QP_LEFT_RE.sub(lambda match: match[0] + markup.UNKNOWN, source)
    data = quopri.decodestring(source.encode("ascii"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def page_of(source: str, is_html: bool) -> Page:
    """The page that a part shows."""
    page = Page(complete=len(source) <= MAX_LENGTH)
    source = _decoded(source[:MAX_LENGTH]).replace("\r\n", "\n").replace("\r", "\n")
    page.secret_link = markup.SECRET_RE.search(source) is not None
    closed = len(markup.CLOSING_RE.findall(source))
    page.is_html = is_html or closed > 1 or (closed == 1 and markup.IS_HTML_RE.match(source) is not None)
    # Inline tags alone do not make HTML of a text: its lines stay lines.
    typed = not is_html and not markup.LAID_OUT_RE.search(source)
    lines = source.split("\n") if typed or not page.is_html else []
    decoded = [_unescape(line) for line in lines[:MAX_LINES]]
    if lines and sum(line != raw for line, raw in zip(decoded, lines)) < 2:
        page.raw = source
    if page.is_html:
        _Builder(page, typed).feed(source)
    else:
        page.complete = page.complete and len(lines) <= MAX_LINES
        for line in decoded:
            page.add(line)
    return page.settle()


def secret_ids(page: Page) -> set[str]:
    """The ids of OVHcloud's one-time links on a page; none when one of them is not certainly OVHcloud's."""
    found: set[str] = set()
    shown = "\n".join([page.text, *(target for _start, _end, target in page.links)])
    for address in markup.ADDRESS_RE.findall(shown):
        match = markup.SECRET_ADDRESS_RE.fullmatch(address.rstrip(".,;:!?)]}"))
        if match:
            found.add(match["id"].lower())
        elif markup.LOOKS_SECRET_RE.search(address):
            return set()
    return set() if markup.LOOKS_SECRET_RE.search(markup.ADDRESS_RE.sub("", shown)) else found
