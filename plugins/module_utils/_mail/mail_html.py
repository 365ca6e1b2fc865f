# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML part of a mail -> the lines and table cells that a person sees: pure, and linear."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import (
    BLANK,
    MAX_LINE,
    MAX_LINES,
    MAX_TAGS,
    Chunk,
    Page,
    unescape,
)

_TAG_RE = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*)(?P<rest>[^<>]*)>")
_OTHER_TAG_RE = re.compile(r"<[/?!][^<>]*>")
_SPACES_RE = re.compile(r"[ \t\n\r\f]+")
_HREF_RE = re.compile(r"href\s*=\s*[\"']?\s*(https?:[^\s\"'>]*)", re.I)
_QP_BREAK_RE = re.compile(r"=[ \t]*\n")
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


#: Elements whose end may be left out: what opens inside of them and ends them, and what keeps that from them.
_BOXES = _BLOCKS & frozenset(
    ("table", "td", "th", "tr", "ul", "ol", "li", "dl", "dd", "dt", "div", "blockquote", "body", "center", "form")
)
_ENDED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "p": (_BLOCKS - frozenset(("br", "hr")), _BOXES),
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "table"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "td": (frozenset(("td", "th", "tr")), frozenset(("table",))),
    "th": (frozenset(("td", "th", "tr")), frozenset(("table",))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
}
#: The other way round: what a tag may end; what an element keeps from being ended.
_ENDS = {name: [one for one in _ENDED_BY if name in _ENDED_BY[one][0]] for name in _BLOCKS}
_KEEPS = {name: [one for one in _ENDED_BY if name in _ENDED_BY[one][1]] for name in _BLOCKS}
VOID = frozenset(["br", "hr", "wbr", "img", "meta", "link", "base", "col"])
_DEPTH = 30


class _Balance:
    """Says of every tag whether it has its other end. What has none may be part of a text that nobody escaped."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[tuple[str, int]] = []
        self.count: dict[str, int] = {}

    def note(self, name: str, end: bool) -> int:
        """Take down one tag and return its index."""
        number = len(self.page.tags)
        self.page.tags.append(f"/{name}" if end else name)
        if name in VOID and not end:
            return number
        if not end:
            self._end_others(name, number)
            self.page.loose.add(number)
            self.open.append((name, number))
            self.count[name] = self.count.get(name, 0) + 1
        elif self.count.get(name):
            while True:
                opened, first = self._pop()
                if opened == name:
                    break
            if first not in self.page.silent:
                self.page.loose.discard(first)
        else:
            self.page.loose.add(number)
        return number

    def _pop(self) -> tuple[str, int]:
        opened, number = self.open.pop()
        self.count[opened] -= 1
        return opened, number

    def _end_others(self, name: str, number: int) -> None:
        """Close what this tag ends silently. The tag itself then is one that may not have been meant as one."""
        ends = [one for one in _ENDS.get(name, ()) if self.count.get(one)]
        if not ends:
            return
        depth = 0
        for place, (opened, _first) in enumerate(reversed(self.open[-_DEPTH:]), start=1):
            if opened in ends:
                depth = place
            ends = [one for one in ends if one not in _KEEPS.get(opened, ())]
        if depth:
            self.page.silent.add(number)
        for _n in range(depth):
            opened, first = self._pop()
            if opened in _ENDS[name]:
                self.page.loose.discard(first)


class Builder:
    """HTML -> page. A tokenizer of its own: the standard one is slow, and silent about what it drops."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.line = Chunk("")
        self.parts: list[str] = []
        self.size = 0
        self.opened: list[tuple[str, int, bool]] = []
        self.hidden = self.quoted = self.pre = self.rows = 0
        self.tables: list[list[int]] = []
        self.balance = _Balance(page)
        #: tags since the last character; where the ones that follow the last line go, until the next character
        self.leading: list[int] = []
        self.trailing: list[int] | None = None

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
            line.tags = [(mark - left, tag) for mark, tag in line.tags]
            if left:
                line.before = []
            if text:
                self.trailing = line.after if len(whole) == left + len(text) else None
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
        if not self.size:
            self.line.before = self.leading
        self.leading, self.trailing = [], None
        if self.pre:
            lines = unescape(source).split("\n")
            for number, text in enumerate(lines):
                if number:
                    self.flush(True)
                self.parts.append(text)
                self.size += len(text)
            self.trailing = None
            return
        # One plain space is a space; any other run may have been anything, and is marked as a wide one.
        soft = self.page.maybe_encoded and _QP_BREAK_RE.search(source) is not None
        text = unescape(_SPACES_RE.sub(lambda match: " " if match[0] == " " else "\u00a0", source))
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
            self.touch(name, end)
            self.block(name, end, rest)
        elif name in _INLINE:
            self.line.marks.append(self.size)
            self.line.tags.append((self.size, self.touch(name, end)))
            self.inline(name, end, rest)
        else:
            self.line.strange.append(self.size)

    def touch(self, name: str, end: bool) -> int:
        """Take a tag down, also for the lines that it touches."""
        number = self.balance.note(name, end)
        self.leading.append(number)
        if self.trailing is not None:
            self.trailing.append(number)
        return number

    def inline(self, name: str, end: bool, rest: str) -> None:
        if not end:
            if name not in ("wbr", "img", "meta", "link", "base", "col") and len(self.opened) < 100:
                href = _HREF_RE.search(rest) if name == "a" else None
                if href and "ecret" in href[1]:
                    self.page.hrefs.append(unescape(href[1]))
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
