# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks for the mail that takes the reader longest: ``python -m ...mails.slowest SECONDS [SEED]``.

A mail is a few pieces, repeated up to a size. The slowest ones are changed a little, again and again. Times are of the
processor; ``growth`` says how much longer four times the size takes: about 4 where the work is linear.
"""

from __future__ import annotations

import random
import secrets
import sys
import time

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import page, reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus

LINES = (reader.Line(corpus.SERVICE, corpus.LOGIN), reader.Line(corpus.SERVICE))
#: What a reader of mails looks for, or stumbles over.
PIECES = (
    "De  x\n",
    "From\n",
    "<a@b.c>",
    "----- x ",
    "<\n",
    "<td rowspan=9>",
    "<tr>",
    *(
        "<p>",
        "</p>",
        "<br>",
        "<td>",
        "</td>",
        "<tr>",
        "<table>",
        "<div style='font-size:0'>",
        "<b class='a b'>",
        "<pre>",
    ),
    *(
        "<style>",
        "</style>",
        ".a{font:0}",
        ".a,",
        "<!--",
        "-->",
        "<a href='https://a/secret/?id=",
        "'>",
        "<",
        ">",
        "&amp;",
    ),
    *(
        "&#",
        ";",
        "=3D",
        "=\n",
        "=",
        "\n",
        "\n\n",
        " ",
        "  ",
        "\t",
        "\u00a0",
        "\u200b",
        "|",
        ":",
        " : ",
        "->",
        ".",
        "...",
        ",",
    ),
    *(
        "- ",
        "* ",
        "'",
        '"',
        "(",
        ")",
        "[",
        "{{",
        "}}",
        "@",
        "a",
        "A1",
        "a.",
        "Abc",
        "x1y2",
        "\u00e9",
        "_",
        "/",
        "://",
        "****",
    ),
    *(
        "Login",
        "Password",
        "Mot de passe",
        "old password",
        "wrong",
        "this is not ",
        "PPPoE",
        "Wi-Fi",
        "De : ",
        "wrote:",
    ),
    *(corpus.LOGIN, corpus.SERVICE, f"Login: {corpus.LOGIN}\n", "Password: Zq7x9Ab\n", "Sent: ", "schrieb ", "> "),
)
SIZE = page.MAX_LENGTH


def source(unit: str, size: int) -> str:
    """A mail of that size: with this line's credentials, and the unit again and again."""
    head = f"PPPoE\nLogin: {corpus.LOGIN}\nPassword: Zq7x9Ab\n"
    return (head + unit * (size // max(1, len(unit)) + 1))[:size]


def seconds(unit: str, size: int, tries: int = 1) -> float:
    """Processor time that the slowest way to read it takes, the best of so many tries."""
    text = source(unit, size)
    slowest = 0.0
    for parts in ((text, None), (None, text)):
        for line in LINES:
            best = 60.0
            for _n in range(tries):
                began = time.process_time()
                reader.read("PPPoE", *parts, line)
                best = min(best, time.process_time() - began)
            slowest = max(slowest, best)
    return slowest


def _changed(rng: random.Random, pieces: tuple[str, ...]) -> tuple[str, ...]:
    """With a piece more, less, or another one."""
    place, what = rng.randrange(len(pieces) + 1), rng.randrange(3)
    end = place + (what > 0)
    return (*pieces[:place], *((rng.choice(PIECES),) if what < 2 else ()), *pieces[end:])[:12] or ("a",)


def search(limit: float, seed: str) -> list[tuple[float, tuple[str, ...]]]:
    """The slowest mails that so many seconds find, the slowest first."""
    rng = random.Random(seed)
    known: dict[tuple[str, ...], float] = {(piece,): seconds(piece, SIZE) for piece in PIECES}
    ends = time.monotonic() + limit
    while time.monotonic() < ends:
        best = sorted(known, key=lambda one: -known[one])[:30]
        start = rng.choice(best) if rng.random() < 0.7 else tuple(rng.choices(PIECES, k=rng.randint(1, 6)))
        found = _changed(rng, start)
        if found not in known:
            known[found] = seconds("".join(found), SIZE)
    print(f"{len(known)} mails of {SIZE >> 10} KiB")
    return sorted(((took, pieces) for pieces, took in known.items()), reverse=True)


def growth(unit: str) -> float:
    """How much longer four times the size takes; 1 where it takes no time."""
    large = seconds(unit, SIZE, 2)
    return large / seconds(unit, SIZE // 4, 3) if large > 0.02 else 1.0


def main() -> int:
    """Print the ten slowest; fail when one of them is not linear."""
    limit, seed = float(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else secrets.token_hex(4)
    print(f"seed {seed}", flush=True)
    grows = []
    for took, pieces in search(limit, seed)[:10]:
        unit = "".join(pieces)
        grows.append(growth(unit))
        print(f"{1000 * seconds(unit, SIZE, 5):6.1f} ms (first {1000 * took:.1f}), growth {grows[-1]:.1f}: {unit!r}")
    return int(max(grows) > 8)


if __name__ == "__main__":
    sys.exit(main())
