# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a mail, for the generator ``blind``: written without a look at the reader."""

from __future__ import annotations

import random
import typing as t
import uuid
from dataclasses import dataclass

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_encodings as encodings
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_layouts as layouts
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_values as values
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind_words import SERVICES, Words

#: Kinds of mail in which there is nothing to read for this line.
HOPELESS = (
    *("mask", "placeholder", "remark", "empty", "missing", "thing", "other label", "service label", "void", "link"),
    *(
        "absent",
        "other line",
        "other login",
        "quoted only",
        "parts differ",
        "stray",
        "service mail",
        "former block",
        "unseen",
    ),
)
NEUTRAL = ("letterhead", "footer", "rule", "signature")
NOISE = (
    *(
        "settings",
        "order",
        "ticket",
        "nic",
        "calls",
        "ip",
        "dates",
        "guide",
        "noise 0",
        "noise 1",
        "noise 2",
        "noise 3",
    ),
    *("about 0", "about 1"),
)
RIVALS = tuple(f"{service} {style}" for service in SERVICES for style in ("heading", "label"))
OPEN = (
    *("old 0", "old 1", "example", "other line", "other line names", "link", "former", "login again", "void"),
    *(f"{service} {style}" for service in SERVICES for style in ("bare", "sentence", "link", "column")),
    *("other heading", "other heading", "other label", "other column", "other column", "other sentence", "other link"),
)


@dataclass(frozen=True)
class Recipe:
    """What a mail is made of. ``seed`` gives the names and values; the rest says what stands where."""

    seed: str
    language: str = "en"
    kind: str = "good"
    layout: str = "colon"
    form: str = "text"  # text, html, both
    labels: tuple[int, int] = (0, 0)  # -1: with a possessive
    value: str = "simple"
    wrap: str = ""  # "both 3": the fourth pair of marks round login and password; "one 3": round the password alone
    title: int = 0  # 2: says nothing, 3: empty
    known: bool = True
    swapped: bool = False
    before: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    quote: str = ""
    encoding: str = ""
    escape: str = "named"
    proven: str = (
        ""  # an earlier mail of the "same" layout, or of an "other" one, was read and had the router's password
    )

    @property
    def level(self) -> str:
        """plain, noisy, open (the rules do not say whether it is read), or none (nothing to read)."""
        if self.kind != "good" or self.value in values.LOOSE_VALUES:
            return "open" if (self.kind, self.value, self.proven) == ("good", "one kind", "same") else "none"
        pieces = {*self.before, *self.between, *self.after}
        strict = self.layout == "sentence" or self.layout in layouts.TEXT or self.layout in layouts.HTML
        strict = strict and self.value in values.VALUES and not self.wrap and self.title < 2 and not self.swapped
        if (
            not strict
            or self.proven
            or pieces & {*OPEN}
            or self.encoding in encodings.OPEN
            or self.escape == "forgetful"
        ):
            return "open"
        return "noisy" if self.quote or pieces - {*NEUTRAL} else "plain"


#: Layouts in which a value may end with a mark of the sentence: in a cell of its own it would be the value's.
LINES = ("colon", "colon apart", "colon close", "colon nbsp", "tab dash", "bullets", "equals", "p", "div", "list")


@dataclass(frozen=True)
class Block:
    """A part of a mail: lines, then pairs of label and value in a layout, then a table, heads in its first row."""

    lines: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    layout: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    around: str = "{0}"  # of the pairs, in HTML


def chance(seed: str, what: str) -> random.Random:
    return random.Random(f"{seed} {what}")


def make_link(rng: random.Random) -> tuple[str, str]:
    number = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return f"https://www.ovh.com/manager/secret/#?id={number}", number


#: Services of which there is no list.
OTHERS = (
    *(
        "VPN",
        "IPsec",
        "MySQL",
        "SSH",
        "Plesk",
        "NAS",
        "TR-069",
        "SNMP",
        "TV",
        "4G",
        "Exchange",
        "Webmail",
        "VPS",
        "Zimbra",
    ),
    *(
        "FRITZ!Box",
        "Livebox",
        "Zyxel VMG8825",
        "Synology",
        "Microsoft 365",
        "example.com",
        "Manager",
        "RDP",
        "phpMyAdmin",
    ),
)
USERS = {"area": "{0.nic}", "wifi": "OVH-A1B2C3", "modem": "admin", "phone": "0033972101008", "ftp": "ab12ftp"}


def _rival(name: str, words: Words, names: values.Names, rng: random.Random, recipe: Recipe) -> Block:
    """Another service with its own password."""
    service, style = name.split(" ", 1)
    if service == "other":
        heading = rng.choice(OTHERS)
        label = f"{words.passwords[0]} {heading}"
    else:
        heading, label = words.services[SERVICES.index(service)]
    password = values.VALUES[rng.choice(("simple", "simple", "lower", "inner"))](rng)
    user = USERS.get(service, "contact@example.com").format(names)
    if service == "other":
        user = rng.choice(("admin", "root", "user@vpn.example.com", "0033972101008@sip.ovh.net", names.nic, "db12345"))
    login, own = words.logins[0], words.passwords[0]
    layout = rng.choice((recipe.layout, "colon"))
    if style == "heading":
        shape = rng.choice(("{0}", "{0}:", "=== {0} ===", "2. {0}", "[ {0} ]", "{0}\n-----"))
        return Block((shape.format(heading),), ((login, user), (own, password)), layout)
    if style == "label":
        return Block((), ((label, password),), layout)
    if style == "bare":
        return Block((), ((login, user), (own, password)), layout)
    if style == "sentence":
        return Block((f"{heading}: {words.sentence.format(user, password)}.",))
    if style == "column":
        return Block((heading,), ((own, password),), layout)
    return Block((heading,), ((login, user), (own, make_link(rng)[0])), layout)


def piece(name: str, words: Words, names: values.Names, recipe: Recipe) -> Block:
    rng = chance(recipe.seed, name)
    if name.split(" ")[0] in (*SERVICES, "other") and not name.startswith("other line"):
        return _rival(name, words, names, rng, recipe)
    other = values.VALUES["simple"](rng)
    number = rng.randrange(10**8, 10**9)
    index = int(name[-1]) if name[-1].isdigit() else 0
    login, password = words.logins[0], words.passwords[0]
    blocks: dict[str, t.Callable[[], Block]] = {
        "letterhead": lambda: Block(("SAS OVH", "2 rue Kellermann", "59100 Roubaix", "Tel. 1007")),
        "footer": lambda: Block(("SAS OVH - RCS Lille Métropole 424 761 419 00045 - TVA FR 22 424 761 419",)),
        "rule": lambda: Block(("-" * 40,)),
        "signature": lambda: Block(("-- ", "OVHcloud", "https://www.ovhcloud.com")),
        "settings": lambda: Block((), (("VLAN", "835"), ("MTU", "1492"), ("VPI/VCI", "8/35")), "colon"),
        "order": lambda: Block((f"Order: {number}", "Ref. FR" + str(number))),
        "ticket": lambda: Block((f"[#CS{number}]",)),
        "nic": lambda: Block((), (("NIC", names.nic),), "colon"),
        "calls": lambda: Block(("+33 9 72 10 10 07 (8:00-20:00)",)),
        "ip": lambda: Block((), (("IPv4", "203.0.113.7"), ("IPv6", "2001:db8:7::/56")), "colon"),
        "dates": lambda: Block(("26/11/2026 10:32",)),
        "guide": lambda: Block(
            ("https://help.ovhcloud.com/csm/fr-internet-pppoe?id=kb_article_view&sysparm_article=KB0050105",)
        ),
        "noise": lambda: Block((words.noise[index],)),
        "about": lambda: Block((), ((words.about[index], (names.nic, "2027-11-26", "10")[index]),), "colon"),
        "old": lambda: Block((), ((words.not_ours[index], other),), recipe.layout),
        "example": lambda: Block((words.example,), ((login, "0320000000_1@adsl.ovh"), (password, "Ab12Cd34")), "colon"),
        "other line": lambda: Block(
            (names.other_service,), ((login, names.other_login), (password, other)), recipe.layout
        ),
        "other line names": lambda: Block((f"{names.other_service} / {names.other_login}",)),
        "link": lambda: Block((make_link(rng)[0],)),
        "former": lambda: Block(
            (rng.choice(words.former[:3]),), ((login, names.login), (password, other)), recipe.layout
        ),
        "login again": lambda: Block((f"PPPoE: {names.login} ({names.service})",)),
        "void": lambda: Block((), ((password, f"{other} ({words.void[0]})"),), recipe.layout),
    }
    return blocks[name if name in blocks else name.rsplit(" ", 1)[0]]()
