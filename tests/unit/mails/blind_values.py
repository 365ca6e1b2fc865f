# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, passwords, and what is none, for the generator ``blind``: written without a look at the reader."""

from __future__ import annotations

import random
import string
import typing as t
import uuid

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
#: Marks that cut nothing inside a password, and those that something may be made of: a host, an address, an entity.
INNER, ODD = "-_!#$%+?~^=", "@/:.&<>\\,;\"'*()[]{}|`"
EDGE = "!#$%+?=~-_&@^"
#: Marks that may stand round a value.
PAIRS = (
    *(
        ('"', '"'),
        ("'", "'"),
        ("«\u00a0", "\u00a0»"),
        ("\u201c", "\u201d"),
        ("\u201e", "\u201c"),
        ("[", "]"),
        ("<", ">"),
        ("(", ")"),
    ),
    *(("*", "*"), ("**", "**"), ("`", "`"), ("_", "_"), ("{", "}"), ("<b>", "</b>"), ("‹", "›"), ("»", "«")),
)
#: What may stand beside a password: {0} the password, {1} a sentence, {2} another password, {3} the label.
TAILS = (
    *(
        "{0} ({1})",
        "{0} - {1}",
        "{0}, {1}",
        "{0} <-- {1}",
        "({1}) {0}",
        "{0} (8 characters)",
        "{0} *",
        "{0} .",
        "{0}\t(PAP/CHAP)",
    ),
    *("PAP/CHAP: {0}", "{3}: {0}", ": {0}", "= {0}", "{2} -> {0}", "{2} → {0}", "{2} => {0}", "{0} ({2})", "{2} / {0}"),
    *(
        "{0}\u00a0",
        "{0}\u200b",
        "\u200e{0}",
        "{0} ✓",
        "➜ {0}",
        "{0} | {2}",
        "{0}; {2}",
        "{0}  {2}",
        "{0} # {1}",
        "{0} // {1}",
    ),
)
#: {0} a password that is none any more, {1} words that say so.
VOID = (
    "{0} ({1})",
    "{0} - {1}",
    "{0}, {1}",
    "{0} [{1}]",
    "({1}) {0}",
    "{1}: {0}",
    "{0} : {1}",
    "{0} <- {1}",
    "{0}; {1}",
)
#: A mark at one end alone: nobody can tell whether it is the password's.
STRAYS = ('"{0}', "{0}'", "«{0}", "{0}»", "[{0}", "{0})", "<{0}", "{0}>", "*{0}", "`{0}", "{0}.", "{0},", "{0};")


def _mixed(rng: random.Random, kinds: t.Sequence[str], length: int) -> str:
    """Of all KINDS, changing between them three times at least and without a run: it looks like nothing else."""
    while True:
        chars = [rng.choice(rng.choice(kinds)) for _n in range(length)]
        which = [next(kind for kind in kinds if char in kind) for char in chars]
        changes = sum(left is not right for left, right in zip(which, which[1:]))
        digits = sum((left in DIGITS) != (right in DIGITS) for left, right in zip(chars, chars[1:]))
        run = any(chars[n] == chars[n + 1] for n in range(length - 1))
        if (
            len({*which}) == len(kinds)
            and changes >= 3
            and digits >= 2
            and not run
            and set("".join(chars)) - set("abcdefABCDEF0123456789")
        ):
            return "".join(chars)


def _marked(rng: random.Random, marks: str) -> str:
    core = _mixed(rng, (LOWER, UPPER, DIGITS), rng.randint(8, 14))
    place = rng.randint(2, len(core) - 2)
    return core[:place] + rng.choice(marks) + core[place:]


def _edge(rng: random.Random) -> str:
    core, mark = _mixed(rng, (LOWER, UPPER, DIGITS), rng.randint(7, 12)), rng.choice(EDGE)
    return mark + core if rng.random() < 0.4 else core + mark


def _one_kind(rng: random.Random) -> str:
    return "".join(rng.choices(rng.choice((LOWER, UPPER, DIGITS)), k=rng.randint(7, 12)))


#: Passwords by kind. The first ones have a password's shape by the rules.
VALUES: dict[str, t.Callable[[random.Random], str]] = {
    "simple": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), rng.randint(8, 16)),
    "lower": lambda rng: _mixed(rng, (LOWER, DIGITS), rng.randint(8, 12)),
    "upper": lambda rng: _mixed(rng, (UPPER, DIGITS), rng.randint(8, 12)),
    "six": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), 6),
    "long": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), rng.randint(24, 40)),
    "inner": lambda rng: _marked(rng, INNER),
}
OPEN_VALUES: dict[str, t.Callable[[random.Random], str]] = {
    "odd": lambda rng: _marked(rng, ODD),
    "edge": _edge,
    "letters": lambda rng: "".join(rng.choices(LOWER, k=4)) + "".join(rng.choices(UPPER, k=4)),
    "word": lambda rng: rng.choice(("Soleil", "Maison", "Welcome", "Sommer", "Bonjour")) + str(rng.randint(10, 99)),
    "two odd": lambda rng: _marked(rng, ODD)[:7] + _marked(rng, ODD)[1:7],
    "accent": lambda rng: _marked(rng, "éüñłç€"),
    "entity": lambda rng: _marked(rng, "&")[:6] + rng.choice(("&lt", "&amp;", "&eacute", "&copy", "&#65;")) + "7k",
    "tag": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), 6) + rng.choice(("<b>", "</p>", "<x", "<1")) + "7k",
    "hyphens": lambda rng: "-".join(_mixed(rng, (LOWER, UPPER, DIGITS), 5) for _n in range(3)),
}
#: By the rules these are none: accepted by nobody, though they are what the mail means.
LOOSE_VALUES: dict[str, t.Callable[[random.Random], str]] = {
    "one kind": _one_kind,
    "short": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), 5),
    "too long": lambda rng: _mixed(rng, (LOWER, UPPER, DIGITS), rng.randint(65, 90)),
    "two words": lambda rng: " ".join(_mixed(rng, (LOWER, UPPER, DIGITS), 6) for _n in range(2)),
}


def things(rng: random.Random, names: Names) -> str:
    """A value that is no password."""
    number = "".join(rng.choices(DIGITS, k=9))
    hexa = [f"{rng.randrange(256):02x}" for _n in range(6)]
    return rng.choice(
        (
            *(
                "2026-11-26",
                "26/11/2026",
                "26.11.2026",
                "26/11/2026 10:32",
                "10:32",
                "10h32",
                "26-Nov-2026",
                "20261126T103200Z",
            ),
            *("+33 9 72 10 10 07", "09.72.10.10.07", "+33972101007", "0033972101007", "1007"),
            *("29,99 €", "29.99EUR", "$29.99", "203.0.113.7", "203.0.113.7/32", "2001:db8::7", "fe80::1%eth0"),
            *(":".join(hexa), "-".join(hexa).upper(), str(uuid.UUID(int=rng.getrandbits(128))), "pppoe1.ovh.net"),
            *(
                "https://www.ovh.com/manager/",
                "www.ovhtelecom.fr",
                "support@ovh.com",
                f"{names.nic}",
                names.nic.upper(),
            ),
            *(
                names.service,
                names.other_service,
                names.login,
                f"#{number}",
                f"n°{number}",
                number,
                names.login.upper(),
            ),
            *(
                "2026-11-26T10:32:00+01:00",
                "ovh.fr",
                "http://10.0.0.1:8080",
                "100%",
                "12/2026",
                "identifiants_2026.pdf",
                "mailto:support@ovh.com",
            ),
        )
    )


class Names(t.NamedTuple):
    """Who the mail is for."""

    nic: str
    service: str
    login: str
    other_service: str
    other_login: str


def _login(rng: random.Random) -> str:
    number = "".join(rng.choices(DIGITS, k=7))
    local = rng.choice((f"032{number}_1", f"FP_{number}_1", f"032{number}"))
    realm = rng.choice(("adsl.ovh", "ovh.kosc", "byt.ovhcloud", "ovh.ftth", "adsl.ovh", "ovh.vdsl", "sdsl.ovh"))
    return f"{local}@{realm}" if rng.random() < 0.94 else f"fti/{''.join(rng.choices(LOWER + DIGITS, k=7))}"


def names(rng: random.Random) -> Names:
    nic = "".join(rng.choices(LOWER, k=2)) + "".join(rng.choices(DIGITS, k=5))
    number, kind = rng.randint(1, 9), rng.choice(("xdsl", "ftth"))
    login, other = _login(rng), _login(rng)
    # The other line's names begin like this one's, more often than not.
    if rng.random() < 0.6 and "_1@" in login:
        other = login.replace("_1@", "_2@")
    return Names(f"{nic}-ovh", f"{kind}-{nic}-{number}", login, f"{kind}-{nic}-{number}{rng.randint(0, 9)}", other)
