# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The few shapes in which a mail gives login and password: accepted, never guessed: pure, and linear.

A page becomes rows, a row becomes entries: a whole label and the value that it points to.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import prose, shapes, words
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import Line, Page, TableRow

#: A place in a page's text: from, to.
Span = tuple[int, int]
#: Characters in which a label's mark is looked for; a row of more pieces is none of labels and values.
_LABEL = 120
MAX_PIECES = 20


class Kind(enum.Enum):
    """What a label names."""

    LOGIN = "login"
    PASSWORD = "password"
    FOREIGN = "another service's"
    OTHERS = "another service's password"
    TALK = "none, but it speaks of a password"
    SETTING = "a setting of the line"
    UNKNOWN = "nobody knows"


OURS = (Kind.LOGIN, Kind.PASSWORD)
ABOUT_PASSWORD = (Kind.PASSWORD, Kind.OTHERS, Kind.TALK)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A label and its value; or prose, which has none. ``span``: where it stands; ``gap``: empty lines above.

    ``shape``: the mark between them, "cell" or "below"; and a number. Login and password are alike in it.
    """

    kind: Kind
    span: Span
    value: Span | None = None
    shape: tuple[str, int] = ("", 0)
    gap: int = 0


@dataclasses.dataclass
class Row:
    """Pieces of a line, or of a table's row. ``gap``: empty lines above. ``used``: as the values of labels above."""

    pieces: list[Span]
    gap: int
    table: TableRow | None = None
    used: bool = False


def named_in(parts: tuple[str, ...]) -> tuple[list[str], frozenset[str]]:
    """The names of logins and passwords that words hold, and the words beside them."""
    said = words.COMPOUND_RE.sub(" ", words.COMPOUND_HEAD_RE.sub("", " ".join(parts)))
    return words.NAME_RE.findall(said), frozenset(words.NAME_RE.sub(" ", said).split())


@functools.lru_cache(maxsize=4096)
def kind_of(label: str) -> Kind:
    """What a label names."""
    parts = words.words_of(label)
    names, rest = named_in(parts)
    password = not words.PASSWORDS.isdisjoint(names)
    rest -= words.SHARED if "pppoe" in parts or "ppp" in parts else frozenset()
    if rest & words.FOREIGN:
        return Kind.OTHERS if password else Kind.FOREIGN
    if names and rest <= words.NEUTRAL and len(parts) < 12 and password is words.LOGINS.isdisjoint(names):
        return Kind.PASSWORD if password else Kind.LOGIN
    if password:
        return Kind.TALK
    setting = rest & words.SETTINGS and rest <= words.SETTINGS | words.NEUTRAL
    return Kind.SETTING if setting else Kind.UNKNOWN


def speaks_of_another(text: str) -> bool:
    """Whether a text names another service, and not the line."""
    said = words.words_of(text)
    return not words.FOREIGN.isdisjoint(said) and prose.PPP.isdisjoint(said)


def _trimmed(page: Page, start: int, end: int) -> Span:
    text = page.flat[start:end]
    return start + len(text) - len(text.lstrip()), max(start, start + len(text.rstrip()))


def _rows(page: Page) -> list[Row]:
    """The page's lines and table rows in their order. A row whose cells hold several lines is a row for each line."""
    rows: list[Row] = []
    seen: set[int] = set()
    gap = 0
    for line in page.lines:
        table = line.row
        if line.quoted or line.start == line.end:
            gap += 3 if line.quoted else 1
            continue
        if table is None or not table.plain:
            rule = shapes.RULE_RE.fullmatch(page.flat, line.start, line.end)
            pieces = [] if rule else _columns(page, line)
        elif id(table) in seen:
            continue
        else:
            seen.add(id(table))
            cells = [page.lines[cell[0]] if cell else Line(line.start, line.start) for cell in table.cells]
            # The mark may stand in the value's cell, with a blank behind it, or in one of its own.
            marks = [shapes.CELL_MARK_RE.match(page.flat, cell.start, cell.end) for cell in cells]
            pieces = [(mark.end() if mark else cell.start, cell.end) for cell, mark in zip(cells, marks)]
            pieces = [piece for piece, mark in zip(pieces, marks) if not mark or piece[0] < piece[1]]
        if len(pieces) > MAX_PIECES:
            pieces = [(pieces[0][0], max(end for _start, end in pieces))]
        if pieces:
            rows.append(Row(pieces, gap, table if table and len(table.cells) > 1 else None))
        gap = 0
    return rows


def _columns(page: Page, line: Line) -> list[Span]:
    """The pieces that wide spaces, tabs and pipes make of a line; one that begins with a mark belongs to the last."""
    pieces: list[Span] = []
    start = line.start
    for match in (*shapes.COLUMN_RE.finditer(page.flat, line.start, line.end), None):
        piece = _trimmed(page, start, match.start() if match else line.end)
        if page.flat[slice(*piece)].strip("|"):
            pieces.append(piece)
        start = match.end() if match else start
    return pieces


def _labelled(page: Page, piece: Span) -> Entry:
    """The label of a piece, with the value that follows it in the same piece, if one does."""
    flat, end = page.flat, piece[1]
    bullet = shapes.BULLET_RE.match(flat, *piece)
    start = bullet.end() if bullet else piece[0]
    first: Entry | None = None
    for match in shapes.MARK_RE.finditer(flat, start, min(end, start + _LABEL)):
        kind, mark = kind_of(flat[start : match.start()]), str(match.lastgroup)
        value = _trimmed(page, match.end(), end)
        entry = Entry(kind, piece, value if value[0] < end else None, (mark, 0))
        if kind in OURS:
            return entry
        named = mark == "dash" and kind in (Kind.SETTING, Kind.TALK) and " " not in flat[slice(*value)]
        plain = mark in ("strong", "touching", "dots") or named
        if not first and plain and "//" not in flat[start : match.end() + 2]:
            first = entry
    kind = kind_of(flat[start:end]) if flat[end - 1 : end] not in tuple(".!?,;") else Kind.UNKNOWN
    return first or Entry(kind, piece)


def entries_of(page: Page) -> list[Entry]:
    """The entries of a page."""
    rows = _rows(page)
    entries: list[Entry] = []
    for number, row in enumerate(rows):
        if row.used:
            continue
        whole = (row.pieces[0][0], max(end for _start, end in row.pieces))
        labels = [_labelled(page, piece) for piece in row.pieces]
        bare = [label.kind for label in labels if not label.value]
        heads = all(kind in bare for kind in OURS) and not shapes.LOGIN_RE.search(page.flat, *whole)
        found: list[Entry] = []
        if heads or (len(labels) == 1 and bare and bare[0] in (*OURS, Kind.SETTING, Kind.TALK)):
            found = _below(page, rows[number:], labels)
            if found and labels[0].kind is Kind.TALK:
                found.insert(0, labels[0])
        if heads:
            found.insert(0, Entry(Kind.UNKNOWN, whole))
        elif len(labels) > 1:
            found = _beside(page, labels, whole)
        elif not found and labels[0].shape[0]:
            found = _joined(page, labels[0])
        found = found or [Entry(Kind.UNKNOWN, whole)]
        entries += [dataclasses.replace(found[0], gap=row.gap), *found[1:]]
    return entries


def _below(page: Page, rows: list[Row], labels: list[Entry]) -> list[Entry]:
    """What labels name in the rows below them: a word below one that stands alone, or every row of a table."""
    found: list[Entry] = []
    alone = len(labels) == 1
    for above, row in zip(rows, rows[1:]):
        linked = bool(row.table) is bool(above.table) and (row.table and row.table.above) is above.table
        if not linked or len(row.pieces) != len(labels) or row.gap > (2 if alone or row.table else 0):
            break
        shown = page.shows(row.pieces[0])
        if alone and (found or re.search(r"\s|:$|^[^\W\d_]+:(?!//)", shown) or kind_of(shown) in OURS):
            break
        if labels[0].kind is Kind.TALK and not re.search(r"\d", shown):
            break
        row.used = True
        ours = [pair for pair in zip(labels, row.pieces) if alone or (pair[0].kind in OURS and not pair[0].value)]
        whole, shape = (row.pieces[0][0], row.pieces[-1][1]), ("below", row.gap)
        beside = " ".join(page.shows(piece) for label, piece in zip(labels, row.pieces) if label.kind not in OURS)
        below = [Entry(label.kind, whole, piece if page.shows(piece) else None, shape) for label, piece in ours]
        other = speaks_of_another(beside)
        found += [Entry(Kind.FOREIGN, whole)] if other else sorted(below, key=lambda one: one.kind is not Kind.LOGIN)
    return found


def _joined(page: Page, label: Entry) -> list[Entry]:
    """A label with its value on the line; after a login, the password may follow on the same line."""
    found = shapes.LOGIN_RE.search(page.flat, *label.value) if label.value and label.kind is not Kind.PASSWORD else None
    joint = shapes.JOINT_RE.match(page.flat, found.end(), label.span[1]) if found else None
    if not joint or not label.value:
        return [label]
    second = _labelled(page, (joint.end(), label.span[1]))
    if second.kind is not Kind.PASSWORD or not second.value:
        return [label]
    return [dataclasses.replace(label, value=(label.value[0], joint.end("mark"))), second]


def _beside(page: Page, labels: list[Entry], whole: Span) -> list[Entry]:
    """The entries of a row of several pieces: each label has its value with it, or in the next piece."""
    found: list[Entry] = []
    extra: list[str] = []
    taken = -1
    for number, label in enumerate(labels):
        # Between a label and its value a table may have a cell for the space alone.
        next_ = next((n for n in range(number + 1, len(labels)) if page.shows(labels[n].span)), number + 1)
        after = labels[next_ : next_ + 1]
        if number == taken or label.span[0] == label.span[1]:
            continue
        if label.kind is Kind.UNKNOWN and number and not label.shape[0]:
            extra.append(page.shows(label.span))
        elif label.value or (after and after[0].kind in OURS):
            found.append(label)
        else:
            taken = next_
            value = after[0].span if after else None
            shape = (label.shape[0] or "cell") + " " * (next_ - number - 1)
            found.append(dataclasses.replace(label, value=value, shape=(shape, 0)))
    # A table of several services has a column for each: what stands beside must be alike for login and password, and
    # may not be the value as well.
    beside = -whole[1] if any(shapes.WORD_LIKE_RE.fullmatch(text) for text in extra) else len(extra)
    return [dataclasses.replace(one, span=whole, shape=(one.shape[0], beside)) for one in found]
