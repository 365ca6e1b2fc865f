# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mail part shows: lines and table cells, with what is uncertain about them: pure."""

from __future__ import annotations

import dataclasses
import functools
import html as html_entities
import re

#: Longer contents (characters), lines, and numbers of lines and tags are cut: a credentials mail is a page or two.
MAX_LENGTH = 3 << 15
MAX_LINE = 1000
MAX_LINES = 1000
MAX_TAGS = 2000

#: White space and invisible characters that a mail may have around a value, never inside it.
BLANK = " \t\n\r\f\v\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff"
_FLAT = str.maketrans({char: " " for char in BLANK if char not in " \t"})

_ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


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
    #: tags with their positions, and the tags that touch its beginning and its end: indexes in ``Page.tags``
    tags: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    before: list[int] = dataclasses.field(default_factory=list)
    after: list[int] = dataclasses.field(default_factory=list)
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
            tags=[(a - start, tag) for a, tag in self.tags if a >= start],
            before=self.before if start == 0 else [],
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
    #: its tags in their order, such as "p" and "/p"; those without their other end; those that end another silently
    tags: list[str] = dataclasses.field(default_factory=list)
    loose: set[int] = dataclasses.field(default_factory=set)
    silent: set[int] = dataclasses.field(default_factory=set)
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


def unescape(text: str) -> str:
    return _ENTITY_RE.sub(lambda match: _entity(match[0]), text) if "&" in text else text
