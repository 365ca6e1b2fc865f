# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the tags around a value are the mail's, or the value's own characters that nobody escaped: pure.

A password that holds ``<p>`` is cut in two by a mail that forgets to escape it. Such a tag has no other end, or another
layout than the login's, or another word follows it at once. Where that is so, the value is refused.
"""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_html import VOID
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_labels import Value
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_words import (
    LINK_RE,
    LOGIN_LABEL_RE,
    LOGIN_RE,
    PASSWORD_LABEL_RE,
)

#: Elements whose end may be left out.
_FAMILY = {
    **dict.fromkeys(("td", "th", "tr", "thead", "tbody", "tfoot"), "td"),
    "p": "p",
    "li": "li",
    "dt": "dd",
    "dd": "dd",
}


def may_be_the_values_own(page: Page, value: Value, model: Value | None) -> bool:
    """Whether a tag that touches a value may belong to it. ``model``: the login, which is written alike."""
    left, right = _touching(value)
    like_left, like_right = _touching(model) if model else ([], [])
    last = page.tags[left[-1]] if left else ""
    suspects = [(tag, like_left, left) for tag in left if page.tags[tag] == last]
    suspects += [(tag, like_right, right) for tag in right[:1]]
    for tag, like, run in suspects:
        name = page.tags[tag]
        # A line break may end any line; before another tag it ends nothing.
        stray = name in VOID and (name != "br" or run is left or len(run) > 1)
        if stray and name not in {page.tags[one] for one in like}:
            return True
        if tag in page.loose and not _leaves_open(page, name, run[0]):
            return True
    closing = [page.tags[tag] for tag in right if page.tags[tag].startswith("/")]
    if closing[:1] in (["/body"], ["/html"]):
        right = list(range(right[0], len(page.tags)))
    if any(tag in page.loose and page.tags[tag].startswith("/") for tag in right):
        return True
    if len(right) > 1 and page.tags[right[1]] == f"/{page.tags[right[0]]}":
        return True
    return len(right) == 1 and _a_word_follows(page, value)


def _touching(value: Value) -> tuple[list[int], list[int]]:
    """The tags that touch the two ends of a value, with nothing in between."""
    chunk = value.chunk
    left = [tag for place, tag in chunk.tags if place == value.start]
    right = [tag for place, tag in chunk.tags if place == value.end]
    if value.start == 0:
        left = [*chunk.before, *(tag for tag in left if tag not in chunk.before)]
    if value.end == len(chunk.text):
        right = [*right, *(tag for tag in chunk.after if tag not in right)]
    return left, right


def _leaves_open(page: Page, name: str, first: int) -> bool:
    """Whether the mail leaves elements of this kind open as a habit: it did so before."""
    family = _FAMILY.get(name)
    return any(tag < first and _FAMILY.get(page.tags[tag]) == family for tag in page.loose | page.silent if family)


def _a_word_follows(page: Page, value: Value) -> bool:
    """Whether the next line begins right after the tag, and is one word that nothing explains."""
    number = value.number + 1
    if number >= len(page.chunks) or value.end < len(value.chunk.text) or not value.chunk.after:
        return False
    chunk = page.chunks[number]
    if chunk.before != value.chunk.after or not chunk.text or " " in chunk.flat:
        return False
    known = LOGIN_RE.search(chunk.flat) or LINK_RE.match(chunk.flat)
    return not (known or LOGIN_LABEL_RE.search(chunk.flat) or PASSWORD_LABEL_RE.match(chunk.flat))
