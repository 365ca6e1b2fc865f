# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The RouterOS API on the wire: sentences of words, each word behind its length.

Source: MikroTik's manual, "API" (protocol, word lengths, replies). Lengths from 0x10000000 on are not
supported, as nothing here is that long.

Bytes that are no UTF-8 are surrogate escapes here: RouterOS stores bytes, and Winbox sends those of its Windows code
page (luqasz/librouteros issue 30, pull requests 10 and 123).
"""

from __future__ import annotations

from collections.abc import Callable

LIMITS = ((0x80, 1, 0x00), (0x4000, 2, 0x8000), (0x200000, 3, 0xC00000), (0x10000000, 4, 0xE0000000))


class ProtocolError(Exception):
    """The other side does not speak this protocol."""


def encode_length(length: int) -> bytes:
    """The one to four bytes that announce a word of LENGTH bytes."""
    for limit, size, mark in LIMITS:
        if length < limit:
            return (length | mark).to_bytes(size, "big")
    raise ProtocolError(f"a word of {length} bytes is too long")


def encode(words: list[str]) -> bytes:
    """A sentence: its words, then an empty one."""
    parts = [word.encode("utf-8", "surrogateescape") for word in words]
    return b"".join(encode_length(len(part)) + part for part in parts) + b"\0"


def read_length(read: Callable[[int], bytes]) -> int:
    """The length of the next word; READ(n) returns n bytes."""
    first = read(1)[0]
    if first >= 0xF0:
        raise ProtocolError(f"the control byte {first:#x} is reserved")
    size = 1 if first < 0x80 else 2 if first < 0xC0 else 3 if first < 0xE0 else 4
    _limit, _size, mark = LIMITS[size - 1]
    return int.from_bytes(bytes([first]) + (read(size - 1) if size > 1 else b""), "big") ^ mark


def read_sentence(read: Callable[[int], bytes]) -> list[str]:
    """The words of the next sentence."""
    words: list[str] = []
    while length := read_length(read):
        words.append(read(length).decode("utf-8", "surrogateescape"))
    return words
