# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of others on a terminal (pure).

Everything that a module or an action of ours returns, and every line that one writes by itself, goes through
:func:`harmless` on its way out: whatever the API, a mail, a router or an inventory put into it.
"""

from __future__ import annotations

import typing as t
import unicodedata

#: Values that are handed on as they are: a password may hold any sign, and is never shown; the path of a task file is
#: the user's own, and would name another file.
AS_THEY_ARE = ("password", "credentials", "file")


def plain(text: str) -> str:
    """The text with whatever is no visible character or blank written as an escape, such as ``\\x1b`` or ``\\u202e``.

    A title of a mail, or a router's word, could move the cursor, colour what follows, or turn its direction. A blank of
    another kind becomes one of the usual kind.
    """
    return "".join(map(_sign, text))


def harmless(value: t.Any) -> t.Any:
    """A result, or a text, without any sign that does something to a terminal but begin a line.

    Blanks of every kind stay: a path in a command may have them. Keys are ours, and :data:`AS_THEY_ARE` are not
    looked at.
    """
    if isinstance(value, str):
        return value if value.isprintable() else "".join(map(_kept, value))
    if isinstance(value, t.Mapping):
        return {name: one if name in AS_THEY_ARE else harmless(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [harmless(one) for one in value]
    return value


def _kept(one: str) -> str:
    return one if one == "\n" or unicodedata.category(one) == "Zs" else _sign(one)


def _sign(one: str) -> str:
    if one.isprintable():
        return one
    return " " if unicodedata.category(one) == "Zs" else one.encode("unicode_escape").decode("ascii")
