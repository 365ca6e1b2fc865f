# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The few shapes in which a mail gives login and password: accepted, never guessed: pure, and linear.

A page becomes rows, a row becomes entries: a whole label and the value that it points to. The last login before a
password says whose it is; a line that speaks of another service, or a label that nobody knows, ends that.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import itertools
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import words
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import BLANK, Chunk, Page

#: Characters in which a label's mark is looked for; columns that a line may have.
_LABEL, _COLUMNS = 120, 24


class Kind(enum.Enum):
    LOGIN = "login"
    PASSWORD = "password"
    #: another service's; a setting of the line; one that speaks of a password and is none's; any other
    FOREIGN = "foreign"
    SETTING = "setting"
    TALK = "talk"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True)
class Value:
    """A place in a line: ``start`` to ``end``."""

    chunk: Chunk
    number: int
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]

    @property
    def flat(self) -> str:
        return self.chunk.flat[self.start : self.end]


@dataclasses.dataclass(frozen=True)
class Entry:
    """A label, and where its value stands: on its ``line``, in the next ``cell`` or ``column``, or ``below`` it."""

    kind: Kind
    about_password: bool
    value: Value | None
    place: str
    mark: str
    #: empty lines between; or pieces that stand beside both
    gap: int = 0
    #: it follows a login on the same line; a piece beside it may be the value as well
    joined: bool = False
    doubtful: bool = False


@dataclasses.dataclass
class Row:
    pieces: list[Value | None]
    gap: int
    table: int
    entries: list[Entry] = dataclasses.field(default_factory=list)
    #: its entries, or its value, are read already
    used: bool = False

    @property
    def flat(self) -> str:
        return " ".join(piece.flat for piece in self.pieces if piece)


@functools.lru_cache(maxsize=4096)
def kind_of(label: tuple[str, ...]) -> tuple[Kind, bool]:
    """What a label names, and whether it speaks of a password at all."""
    parts = _parted(label)
    names = rest = ()  # type: tuple[str, ...]
    place = 0
    while place < len(parts):
        for size in (4, 3, 2, 1):
            phrase = " ".join(parts[place : place + size])
            if phrase in words.PASSWORDS or phrase in words.LOGINS:
                names += (phrase,)
                break
        else:
            rest += (parts[place],)
            size = 1
        place += size
    password = any(name in words.PASSWORDS for name in names)
    login = any(name in words.LOGINS for name in names)
    shared = words.SHARED if "pppoe" in parts or "ppp" in parts else frozenset()
    if any(word in words.FOREIGN and word not in shared for word in rest):
        return Kind.FOREIGN, password
    strange = any(word not in words.NEUTRAL and word not in shared for word in rest)
    if names and not strange and password is not login and len(label) < 12:
        return (Kind.PASSWORD if password else Kind.LOGIN), password
    if password:
        return Kind.TALK, True
    setting = bool(parts) and all(word in words.SETTINGS or word in words.NEUTRAL for word in parts)
    return (Kind.SETTING if setting else Kind.UNKNOWN), False


def _parted(label: tuple[str, ...]) -> list[str]:
    """Compounds apart, and what a hyphen cut together: ``einwahlkennwort``, ``wi-fi``."""
    parts: list[str] = []
    for word in label:
        tail = next((tail for tail in words.COMPOUND_TAILS if word.endswith(tail) and word != tail), None)
        head = word[: -len(tail)] if tail else ""
        if tail and word not in words.LOGINS and word not in words.FOREIGN:
            parts += [tail] if head in words.COMPOUND_HEADS else [head, tail]
        elif parts and parts[-1] + word in ("wifi", "email"):
            parts[-1] += word
        else:
            parts.append(word)
    return parts


def _rows(page: Page) -> list[Row]:
    """The page's lines and table rows in their order. A row whose cells hold several lines is one row for each line."""
    cells: dict[tuple[int, int], list[int]] = {}
    for number, chunk in enumerate(page.chunks):
        if chunk.row and chunk.text:
            cells.setdefault((chunk.row, chunk.col), []).append(number)
    broken = {row for (row, _col), lines in cells.items() if len(lines) > 1 or page.width.get(row, 0) < 1}
    rows: list[Row] = []
    seen: set[int] = set()
    gap = 0
    for number, chunk in enumerate(page.chunks):
        whole = Value(chunk, number, 0, len(chunk.text))
        if chunk.quoted:
            rows.append(Row([], gap, 0))
        elif not chunk.text:
            gap += 1
            continue
        elif chunk.row and chunk.row not in broken:
            if chunk.row in seen:
                continue
            seen.add(chunk.row)
            numbers = [cells.get((chunk.row, col), [-1])[0] for col in range(page.width[chunk.row])]
            pieces = [Value(page.chunks[n], n, 0, len(page.chunks[n].text)) if n >= 0 else None for n in numbers]
            rows.append(Row([one for one in pieces if not one or one.text not in (":", "=")], gap, chunk.row))
        elif chunk.typed and not words.RULE_RE.fullmatch(chunk.flat):
            rows.append(Row(_columns(whole), gap, 0))
        elif not chunk.typed:
            rows.append(Row([whole], gap, -chunk.row if page.width.get(chunk.row, 0) != 1 else 0))
        gap = 0
    return rows


def _columns(line: Value) -> list[Value | None]:
    """The pieces that wide spaces, tabs and pipes make of a line; one that begins with a mark belongs to the last."""
    pieces: list[Value | None] = []
    start = 0
    breaks = list(itertools.islice(words.COLUMN_RE.finditer(line.chunk.flat), _COLUMNS + 1))
    if len(breaks) > _COLUMNS:
        return [line]
    for match in (*breaks, None):
        end = match.start() if match else line.end
        text = line.chunk.flat[start:end]
        mark = words.MARK_RE.match(text)
        last = pieces[-1] if pieces else None
        if last and mark and mark.lastgroup != "dash" and (mark.end() == len(text) or text[mark.end()] in " \t"):
            pieces[-1] = dataclasses.replace(last, end=end)
        elif text.strip(" |"):
            pieces.append(dataclasses.replace(line, start=start, end=end))
        start = match.end() if match else end
    return [_trimmed(piece) if piece else None for piece in pieces]


def _trimmed(value: Value) -> Value:
    text = value.text
    start = value.start + len(text) - len(text.lstrip(BLANK))
    return dataclasses.replace(value, start=start, end=max(start, value.start + len(text.rstrip(BLANK))))


def _labelled(piece: Value) -> Entry:
    """The label of a piece, with the value that follows it in the same piece, if one does."""
    flat = piece.chunk.flat
    bullet = words.BULLET_RE.match(flat, piece.start, piece.end)
    start = bullet.end() if bullet else piece.start
    first: Entry | None = None
    for match in words.MARK_RE.finditer(flat, start, min(piece.end, start + _LABEL)):
        kind, about = kind_of(words.words_of(flat[start : match.start()]))
        mark = str(match.lastgroup)
        value = _trimmed(dataclasses.replace(piece, start=match.end()))
        entry = Entry(kind, about, value if value.text else None, "line", mark)
        if kind in (Kind.LOGIN, Kind.PASSWORD):
            return entry
        if mark in ("strong", "dots") and "//" not in flat[start : match.end() + 2]:
            first = first or entry
    if first is None:
        kind, about = kind_of(words.words_of(flat[start : piece.end]))
        end = flat[piece.end - 1 : piece.end]
        first = Entry(kind if end not in ".!?,;" else Kind.UNKNOWN, about, None, "cell", "")
    return first


def entries_of(page: Page, login: re.Pattern[str]) -> list[Row]:
    """The rows of a page with their entries. ``login``: how this line's login looks, or any login."""
    rows = _rows(page)
    for number, row in enumerate(rows):
        if row.used:
            continue
        labels = [_labelled(piece) if piece else None for piece in row.pieces]
        bare = [one.kind if one and one.value is None else None for one in labels]
        if Kind.LOGIN in bare and Kind.PASSWORD in bare and not login.search(row.flat):
            _column_entries(page, rows[number:], bare)
        elif len(labels) == 1 and labels[0]:
            row.entries = _single(row, rows[number + 1] if number + 1 < len(rows) else None, labels[0], login)
        else:
            row.entries = _beside(row, labels)
    return [row for row in rows if row.entries or not row.used]


def _column_entries(page: Page, rows: list[Row], kinds: list[Kind | None]) -> None:
    """Give the rows below a row of labels, the first one, their entries."""
    for above, row in zip(rows, rows[1:]):
        if len(row.pieces) != len(kinds) or page.below.get(above.table, 0) != row.table or (not row.table and row.gap):
            break
        columns = [(kind, piece) for kind, piece in zip(kinds, row.pieces) if kind in (Kind.LOGIN, Kind.PASSWORD)]
        columns.sort(key=lambda one: one[0] is not Kind.LOGIN)
        row.entries = [Entry(kind, kind is Kind.PASSWORD, piece, "column", "") for kind, piece in columns if kind]
        row.used = True


def _single(row: Row, following: Row | None, label: Entry, login: re.Pattern[str]) -> list[Entry]:
    """The entries of a line that stands alone, with the value below it."""
    if label.value:
        return _joined(label, login)
    below = following.pieces[0] if following and len(following.pieces) == 1 else None
    if following and below and label.kind in (Kind.LOGIN, Kind.PASSWORD) and row.table >= 0 and following.table >= 0:
        alike = (following.table > 0) == (row.table > 0) and following.gap < 3
        other = _labelled(below)
        whole = other.kind in (Kind.LOGIN, Kind.PASSWORD) and other.value
        if alike and not whole and not re.search(r"\s", below.text.strip(BLANK)):
            following.used = True
            return [dataclasses.replace(label, value=below, place="below", gap=following.gap)]
    return [label] if label.mark else []


def _joined(label: Entry, login: re.Pattern[str]) -> list[Entry]:
    """A label with its value on the line; after a login, the password may follow on the same line."""
    value = label.value
    found = (
        login.search(value.chunk.flat, value.start, value.end) if value and label.kind is not Kind.PASSWORD else None
    )
    if not value or not found:
        return [label]
    end = found.end()
    if value.chunk.flat[end : end + 1] in "\"'`\u00bb\u201d\u201c>)]" and end < value.end:
        end += 1
    joint = words.JOINT_RE.match(value.chunk.flat, end, value.end)
    rest = dataclasses.replace(value, start=joint.end() if joint else end)
    second = _labelled(rest) if rest.text else None
    if not second or second.kind is not Kind.PASSWORD or not second.value:
        return [label]
    return [
        dataclasses.replace(label, value=_trimmed(dataclasses.replace(value, end=end))),
        dataclasses.replace(second, joined=True),
    ]


def _beside(row: Row, labels: list[Entry | None]) -> list[Entry]:
    """The entries of a row of several pieces: each label has its value with it, or in the next piece."""
    entries: list[Entry] = []
    extra: list[Value] = []
    skip = False
    for number, label in enumerate(labels):
        piece = row.pieces[number]
        if skip or not label or not piece:
            skip = False
            continue
        following = labels[number + 1] if number + 1 < len(labels) else None
        if label.value:
            entries.append(label)
        elif label.kind is Kind.UNKNOWN and number and not label.mark:
            extra.append(piece)
        elif following and following.kind in (Kind.LOGIN, Kind.PASSWORD):
            entries.append(label)
        else:
            value = row.pieces[number + 1] if number + 1 < len(labels) else None
            place = "line" if label.mark and not row.table else "cell"
            entries.append(dataclasses.replace(label, value=value, place=place, mark=label.mark or "cell"))
            skip = True
    # A table of several services has a column for each: what stands beside must be alike for login and password.
    doubtful = any(looks_like_one(piece.text) for piece in extra)
    entries = [dataclasses.replace(entry, gap=len(extra), doubtful=doubtful) for entry in entries]
    return sorted(entries, key=lambda entry: entry.kind is not Kind.LOGIN) if len(entries) == 2 else entries


def looks_like_one(text: str) -> bool:
    """Whether a text may be a password at all."""
    if re.search(r"\s", text) or len(text) < 6:
        return False
    return not (text.isdigit() or (text.isalpha() and (text.islower() or text.isupper() or text.istitle())))
