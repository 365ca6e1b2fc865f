# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a sentence: refusals, attributes and queries, as MikroTik's manual ("API") has them."""

from __future__ import annotations

NOT_PERMITTED = "not enough permissions (9)"

Row = dict[str, str]
Reply = list[str]


class Trap(Exception):
    """A command that the router refuses."""

    def __init__(self, message: str, category: int | None = None) -> None:
        super().__init__(message)
        self.words = ["!trap", *([] if category is None else [f"=category={category}"]), f"=message={message}"]


def attributes(words: list[str]) -> Row:
    """The =name=value words of a command."""
    found: Row = {}
    for word in words:
        name, equals, value = word[1:].partition("=")
        if not word.startswith("=") or not equals:
            raise Trap("unknown parameter", 1)
        found[name] = value
    return found


def matches(row: Row, query: list[str]) -> bool:
    """The query words that clients use here, on the manual's stack: ?=name=value, ?name=value, ?#!, ?#&, ?#|."""
    stack: list[bool] = []
    for word in query:
        if word == "?#!":
            stack.append(not stack.pop())
        elif word in ("?#&", "?#|"):
            right, left = stack.pop(), stack.pop()
            stack.append((left and right) if word == "?#&" else (left or right))
        elif "=" in word and word[1] not in "#<>-":
            name, _equals, value = word.removeprefix("?").removeprefix("=").partition("=")
            stack.append(row.get(name) == value)
        else:
            raise Trap(f"unknown query {word}", 1)
    return all(stack)
