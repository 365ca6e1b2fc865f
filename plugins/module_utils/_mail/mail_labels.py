# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labels on a page, and the place of the value that each points to: pure."""

from __future__ import annotations

import dataclasses
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import BLANK, Chunk, Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_words import (
    ALSO_RE,
    LABEL_ROOTS,
    LOGIN,
    LOGIN_LABEL_RE,
    PASSWORD_LABEL_RE,
    PASSWORD_RE,
)


@dataclasses.dataclass(frozen=True)
class Value:
    """What stands where a label points. ``kind``: line, cell, below, column; ``gap``: empty lines before it."""

    chunk: Chunk
    number: int
    start: int
    end: int
    kind: str
    gap: int = 0

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]

    @property
    def own(self) -> bool:
        """Whether it fills a table cell or an HTML element."""
        return self.kind in ("cell", "column") or (self.start, self.end) in self.chunk.spans


@dataclasses.dataclass(frozen=True)
class Label:
    number: int
    after: str
    before: str
    separated: bool
    value: Value | None


@dataclasses.dataclass(frozen=True)
class Form:
    """How the login's line looks: the password's line is read alike."""

    label: Label
    prefix: str
    suffix: str

    @property
    def regular(self) -> bool:
        return len(self.prefix) <= 3 and len(self.suffix) <= 3 and not re.search(r"\w", self.prefix + self.suffix)


def split_joined(page: Page) -> None:
    """``Login: x, password: y`` in one line becomes two: a login in full says where it ends."""
    for number, chunk in enumerate(page.chunks):
        if not chunk.text or "@" not in chunk.text or not PASSWORD_RE.search(chunk.flat):
            continue
        label = LOGIN_LABEL_RE.search(chunk.flat)
        if not label or not label["value"]:
            continue
        start = label.start("value")
        found = re.compile(rf"\W{{0,2}}{LOGIN}[^\w.,;:]?").match(chunk.flat, start)
        if not found:
            continue
        rest = ALSO_RE.match(chunk.flat, found.end())
        second = chunk.shifted(rest.end() if rest else found.end())
        match = PASSWORD_LABEL_RE.match(second.flat)
        if match and match["value"] and not match["before"].strip(" \t-\u2013(").count("@"):
            second.joined = True
            first = dataclasses.replace(chunk, text=chunk.text[: found.end()].rstrip(BLANK))
            page.chunks[number : number + 1] = [first, second]
            return


def find_labels(page: Page) -> tuple[list[Label], list[Label]]:
    passwords: list[Label] = []
    logins: list[Label] = []
    for number, chunk in enumerate(page.chunks):
        if not chunk.text or chunk.quoted:
            continue
        low = chunk.flat.lower()
        if not any(root in low for root in LABEL_ROOTS):
            continue
        match = PASSWORD_LABEL_RE.match(chunk.flat)
        if match and _is_label(match, match["before"]):
            passwords.append(_label(page, number, match, match["before"]))
            continue
        match = LOGIN_LABEL_RE.search(chunk.flat)
        if match and _is_label(match, chunk.flat[: match.start()]):
            logins.append(_label(page, number, match, chunk.flat[: match.start()]))
    return passwords, logins


def _is_label(match: re.Match[str], before: str) -> bool:
    """``Votre mot de passe a \u00e9t\u00e9 modifi\u00e9`` is prose; ``Mot de passe PPPoE`` alone is a label."""
    if match["value"] is not None:
        # The colon of an address is no label's.
        return not (match["value"].startswith("//") and re.search(r"(?<!\w)https?$", match["after"], re.I))
    after = match["after"]
    return len(before.split()) <= 3 and len(after.split()) <= 2 and not after.rstrip().endswith((".", "!", "?", ","))


def _label(page: Page, number: int, match: re.Match[str], before: str) -> Label:
    separated = match["value"] is not None
    chunk = page.chunks[number]
    value: Value | None = None
    if separated and match["value"].strip(BLANK):
        value = _trimmed(chunk, number, match.start("value"), "line")
    elif chunk.row:
        value = _in_table(page, number, chunk)
    else:
        value = _next_line(page, number)
    return Label(number, match["after"], before, separated, value)


def _trimmed(chunk: Chunk, number: int, start: int, kind: str, gap: int = 0) -> Value:
    text = chunk.text[start:]
    start += len(text) - len(text.lstrip(BLANK))
    return Value(chunk, number, start, len(chunk.text.rstrip(BLANK)), kind, gap)


def _next_line(page: Page, number: int) -> Value | None:
    for gap, later in enumerate(range(number + 1, min(number + 4, len(page.chunks)))):
        if page.chunks[later].text:
            return None if page.chunks[later].row else _trimmed(page.chunks[later], later, 0, "below", gap)
    return None


def _only(page: Page, cell: list[int], kind: str) -> Value | None:
    """A cell's only line; a cell of several lines is nobody's value."""
    return _trimmed(page.chunks[cell[0]], cell[0], 0, kind) if len(cell) == 1 else None


def _in_table(page: Page, number: int, chunk: Chunk) -> Value | None:
    cell = page.cell(chunk.row, chunk.col)
    if cell[-1] != number:
        return _trimmed(page.chunks[number + 1], number + 1, 0, "below") if number + 1 in cell else None
    width = page.width.get(chunk.row, 0)
    col = chunk.col + 1
    while col < width and [page.chunks[n].flat for n in page.cell(chunk.row, col)] in ([":"], ["="]):
        col += 1
    if width < 0:
        return None
    following = page.cell(chunk.row, col) if col < width else []
    below = page.below.get(chunk.row, 0)
    header = any(
        _names_label(page, page.cell(chunk.row, other))
        for other in (chunk.col - 1, chunk.col + 1)
        if 0 <= other < width
    )
    if header and below and page.width.get(below) == width:
        return _only(page, page.cell(below, chunk.col), "column")
    if col < width:
        return _only(page, following, "cell")
    if width == 1 and page.width.get(below) == 1:
        return _only(page, page.cell(below, 0), "below")
    return None


def _names_label(page: Page, cell: list[int]) -> bool:
    if len(cell) != 1:
        return False
    flat = page.chunks[cell[0]].flat
    match = PASSWORD_LABEL_RE.match(flat) or LOGIN_LABEL_RE.search(flat)
    return match is not None and not (match["value"] or "").strip(BLANK)


def form_of(labels: list[Label], login: str) -> Form | None:
    for label in labels:
        if label.value:
            place = label.value.text.lower().find(login.lower())
            if place >= 0:
                text = label.value.text
                return Form(label, text[:place], text[place + len(login) :])
    return None
