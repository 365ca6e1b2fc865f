# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML part of a mail -> the lines and table cells that a person sees: pure, and linear."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail_page import (
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
            lines = unescape(source).split("\n")
            for number, text in enumerate(lines):
                if number:
                    self.flush(True)
                self.parts.append(text)
                self.size += len(text)
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
