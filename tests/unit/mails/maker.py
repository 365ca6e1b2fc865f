# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A second generator of mails, written from the rules of what a mail may say: each with its outcome by construction.

It shares nothing with ``corpus``: other words, layouts, services, noise. A mail has one section for the line, or none
with a password in it, and any number of sections of other services around it; what must be read is what was put into
the line's section. ``plain``: the section and a greeting, nothing else, so that a refusal is a fault.
"""

from __future__ import annotations

import dataclasses
import quopri
import random
import typing as t
from html import escape

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.maker_words import (
    LOGIN_LABELS,
    OLDER,
    OTHER_LABELS,
    PASSWORD_LABELS,
    PHRASES,
    REMARKS,
    SENTENCES,
    SERVICES,
)

LANGUAGES = tuple(LOGIN_LABELS)
LOWER, UPPER, DIGITS, MARKS = "abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_!@#$%&+=/.,;?"
ALPHABETS = (LOWER + DIGITS, UPPER + DIGITS, *[LOWER + UPPER + DIGITS] * 2, LOWER + UPPER + DIGITS + MARKS)
#: What may stand where a password should and is none: ``#`` is a digit, a dot in the middle stands for a bullet.
NO_PASSWORDS = (
    """
|********|\u00b7\u00b7\u00b7\u00b7\u00b7\u00b7|xxxxxxxx|-|......|n/a|***|________|Zq******|##/11/2026|2026-11-03
2026-11-03 10:12|0#########|+33 9 ## 10 10 07|12.50 EUR|198.51.100.#|2001:db8:12::1|02:00:5e:10:00:53|ppp.example.net
pm20417-ovh|https://www.example.org/a|CS#######|BC-2026####-7781|R2026####|#######|1.4.2|office@example.org
{{ password }}
%PASSWORD%|[password]|<password>|null|12345
6f1c2d3e-0a1b-4c5d-8e9f-0011223344##|5f4dcc3b5aa765d61d8327deb882cf##
hvtmwqkz|ABKWQTRZ|########|24 h|v2.4.#|10:12:##|100 %|Confidentiel|ci-dessous|Anlage|Bijlage|E-Mail|Zie-brief
""".strip("\n")
    .replace("\n", "|")
    .replace("\u00b7", "\u2022")
    .split("|")
)

NOISE = (
    "SAS OVH - http://www.ovh.com\n2 rue Kellermann\nBP 80157\n59100 Roubaix",
    "VLAN : 835\nMTU : 1492",
    "Dossier n\u00b0 4471823 du 12/10/2026",
    "Reference: R20261103-7712",
    "Tel. 1007",
    "OVHcloud\nhttps://help.ovhcloud.com/",
    "Montant : 35,99 EUR",
    "IPv4 : 198.51.100.77",
    "--\nOVHcloud",
)

Shape = t.Callable[[str, str, str, str], str]
TEXT: dict[str, Shape] = {
    "colon": lambda a, x, b, y: f"{a}: {x}\n{b}: {y}",
    "French colon": lambda a, x, b, y: f"{a} : {x}\n{b} : {y}",
    "fixed space": lambda a, x, b, y: f"{a}\u00a0: {x}\n{b}\u00a0: {y}",
    "equals": lambda a, x, b, y: f"{a}={x}\n{b}={y}",
    "arrow": lambda a, x, b, y: f"{a} -> {x}\n{b} -> {y}",
    "fat arrow": lambda a, x, b, y: f"{a} => {x}\n{b} => {y}",
    "drawn arrow": lambda a, x, b, y: f"{a} \u2192 {x}\n{b} \u2192 {y}",
    "leaders": lambda a, x, b, y: f"{a} {'.' * (30 - len(a))} {x}\n{b} {'.' * (30 - len(b))} {y}",
    "pipes": lambda a, x, b, y: f"| {a} | {x} |\n| {b} | {y} |",
    "padded pipes": lambda a, x, b, y: f"| {a:<28} | {x:<30} |\n|{'-' * 30}|{'-' * 32}|\n| {b:<28} | {y:<30} |",
    "columns": lambda a, x, b, y: f"{a:<32}{x}\n{b:<32}{y}",
    "aligned colon": lambda a, x, b, y: f"{a:<28}: {x}\n{b:<28}: {y}",
    "aligned value": lambda a, x, b, y: f"{a + ':':<32}{x}\n{b + ':':<32}{y}",
    "tabs": lambda a, x, b, y: f"{a}:\t{x}\n{b}:\t{y}",
    "tab list": lambda a, x, b, y: f"\t- {a} : {x}\n\t- {b} : {y}",
    "numbered": lambda a, x, b, y: f"1. {a}: {x}\n2. {b}: {y}",
    "dots list": lambda a, x, b, y: f"\u2022 {a}: {x}\n\u2022 {b}: {y}",
    "below": lambda a, x, b, y: f"{a}\n{x}\n\n{b}\n{y}",
    "below colon": lambda a, x, b, y: f"{a}:\n{x}\n{b}:\n{y}",
    "heads": lambda a, x, b, y: f"{a:<34}{b}\n{x:<34}{y}",
    "heads and more": lambda a, x, b, y: f"{a:<34}{b:<34}VLAN\n{x:<34}{y:<34}835",
}
HTML: dict[str, Shape] = {
    "break": lambda a, x, b, y: f"<p>{a}: {x}<br>{b}: {y}</p>",
    "paragraphs": lambda a, x, b, y: f"<p>{a} : {x}</p><p>{b} : {y}</p>",
    "list": lambda a, x, b, y: f"<ul><li>{a} : {x}</li><li>{b} : {y}</li></ul>",
    "bold values": lambda a, x, b, y: f"<p>{a} : <b>{x}</b></p><p>{b} : <b>{y}</b></p>",
    "bold labels": lambda a, x, b, y: f"<p><b>{a} :</b> {x}</p><p><b>{b} :</b> {y}</p>",
    "table": lambda a, x, b, y: f"<table><tr><td>{a}</td><td>{x}</td></tr><tr><td>{b}</td><td>{y}</td></tr></table>",
    "table heads": lambda a, x, b, y: (
        f"<table><thead><tr><th>{a}</th><th>{b}</th></tr></thead><tbody><tr><td>{x}</td><td>{y}</td></tr></table>"
    ),
    "rows with th": lambda a, x, b, y: (
        f"<table><tr><th>{a}:</th><td><code>{x}</code></td></tr><tr><th>{b}:</th><td><code>{y}</code></td></tr></table>"
    ),
    "definition list": lambda a, x, b, y: f"<dl><dt>{a}</dt><dd>{x}</dd><dt>{b}</dt><dd>{y}</dd></dl>",
    "preformatted": lambda a, x, b, y: f"<pre>{a}: {x}\n{b}: {y}\n</pre>",
    "Outlook": lambda a, x, b, y: (
        f"<div class=WordSection1><p class=MsoNormal>{a}&nbsp;: {x}<o:p></o:p></p><p class=MsoNormal>{b}&nbsp;: "
        f"{y}<o:p>"
        "</o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p></div>"
    ),
    "Outlook below": lambda a, x, b, y: (
        f"<div class=WordSection1><p class=MsoNormal>{a}&nbsp;: <o:p></o:p></p><p class=MsoNormal>{x}<o:p></o:p></p>"
        f"<p class=MsoNormal>{b}&nbsp;: <o:p></o:p></p><p class=MsoNormal>{y}<o:p></o:p></p></div>"
    ),
    "divs": lambda a, x, b, y: f"<div>{a}: <span>{x}</span></div><div>{b}: <span>{y}</span></div>",
    "nested table": lambda a, x, b, y: (
        f"<table><tr><td><table "
        f"width=600><tr><td><font>{a}</font></td><td><strong>{x}</strong></td></tr><tr><td><font>{b}"
        f"</font></td><td><strong>{y}</strong></td></tr></table></td></tr></table>"
    ),
}
WRAPS = ('""', "''", "``", "**", "[]", "()", "<>", "\u201c\u201d", "\u201e\u201c", "\u2018\u2019")
KINDS = (
    *["plain"] * 3,
    *["noisy", "services", "no password"] * 2,
    *("masked among services", "missing among services", "other label", "old and new", "older below", "only older"),
    *("wrapped", "apart"),
)


@dataclasses.dataclass(frozen=True)
class Made:
    """A mail. ``expect``: its password, or None; ``plain``: it must be read."""

    kind: str
    language: str
    layout: str
    title: str
    text: str | None
    html: str | None
    service: str
    login: str
    known: bool
    expect: str | None
    plain: bool


class Maker:
    """Any number of mails from a seed. The attributes are those of the mail that is being made."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.choose = self.random.choice
        self.language = self.layout = self.login = self.password = ""
        self.html = False

    def make(self) -> Made:
        self.language, self.html = self.choose(LANGUAGES), self.chance(0.4)
        self.layout = self.choose([*(HTML if self.html else TEXT), "sentence"])
        self.login, self.password = self._login(), self._password()
        kind = self.choose(KINDS)
        parts, expect = getattr(self, "_" + kind.replace(" ", "_"))()
        return self._framed(kind, parts, expect)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _login(self) -> str:
        number = f"03{self.random.randint(20_000_000, 89_999_999)}"
        forms = ("{}_1@adsl.ovh", "{}_2@ovh.kosc", "FP_{}_1@byt.ovhcloud", "{}_1@ovh.ftth", "fti/{}")
        return self.choose(forms).format(number)

    def _password(self) -> str:
        """A password of two or more kinds of character; its marks stand inside."""
        alphabet = self.choose(ALPHABETS)
        while True:
            word = "".join(self.choose(alphabet) for _n in range(self.random.randint(8, 16)))
            letters = sum(char.isalpha() for char in word)
            digit_inside = any(char.isdigit() for char in word[1:-1]) and word[0].isalnum() and word[-1].isalpha()
            if letters > 3 and digit_inside and not any(mark * 2 in word for mark in MARKS):
                return word

    def _no_word(self) -> str:
        if self.chance(0.15):
            return self.choose((*REMARKS[self.language], *PASSWORD_LABELS[self.language]))
        return "".join(self.choose("0123456789") if char == "#" else char for char in self.choose(NO_PASSWORDS))

    def _escaped(self, text: str) -> str:
        return escape(text) if self.html else text

    def _lines(self, *lines: str) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in lines) if self.html else "\n".join(lines)

    def _section(self, login: str, password: str, layout: str = "", label: str = "") -> str:
        """The line's section."""
        layout = layout or self.layout
        a, b = self.choose(LOGIN_LABELS[self.language]), label or self.choose(PASSWORD_LABELS[self.language])
        if layout == "sentence":
            return self._lines(SENTENCES[self.language][0].format(x=login, y=password))
        return (HTML if self.html else TEXT)[layout](*map(self._escaped, (a, login, b, password)))

    def _other(self) -> str:
        """Another service's section, with a password of its own."""
        head, label, value, secret = self.choose(SERVICES[self.language])
        lines = [f"{label} : {value}", f"{secret} : {self._password()}"]
        return self._lines(*([head] if self.chance(0.7) else []), *lines)

    def _framed(self, kind: str, parts: list[str], expect: str | None) -> Made:
        """The mail round its sections, in one of the encodings."""
        service = f"xdsl-pm20417-ovh-{self.random.randint(1, 9)}"
        known = self.chance(0.8)
        hello, intro, head = PHRASES[self.language][:3]
        title = f"[{service}] {head}" if not known or self.chance(0.5) else head
        source = "\n\n".join([self._lines(hello), self._lines(intro), *parts]) + "\n"
        if self.html:
            source = f"<html><head><style>p {{ margin: 0 }}</style></head><body>{source}</body></html>"
        how = self.random.random()
        if how < 0.15:
            source = source.replace("\n", "\r\n")
        elif (
            how < 0.22
            and not self.html
            and sum(not one.isascii() for one in source.split("\n")) > 1
            and "&" not in source
        ):
            source = "".join(char if char.isascii() else f"&#{ord(char)};" for char in escape(source, quote=False))
        elif how < 0.3 and not source.isascii() and "=" not in source:
            encoded = quopri.encodestring(source.encode()).decode()
            if sum("=" in one for one in encoded.split("\n")) > 2:  # fewer could be the password's own characters
                source = encoded
        parts_ = (None, source) if self.html else (source, None)
        return Made(
            kind, self.language, self.layout, title, *parts_, service, self.login, known, expect, kind == "plain"
        )

    def _plain(self) -> tuple[list[str], str | None]:
        return [self._section(self.login, self.password)], self.password

    def _noisy(self) -> tuple[list[str], str | None]:
        parts, _expect = self._plain()
        for _n in range(self.random.randint(1, 3)):
            noise = self._lines(*self.choose((*NOISE, PHRASES[self.language][4])).split("\n"))
            parts.insert(self.choose((0, len(parts))), noise)
        return parts, self.password

    def _around(self, middle: str) -> list[str]:
        before = [self._other() for _n in range(self.random.randint(0, 2))]
        after = [self._other() for _n in range(self.random.randint(0 if before else 1, 2))]
        headed = before or self.chance(0.5)
        return [*before, *([self._lines(PHRASES[self.language][2])] if headed else []), middle, *after]

    def _services(self) -> tuple[list[str], str | None]:
        return self._around(self._section(self.login, self.password)), self.password

    def _masked_among_services(self) -> tuple[list[str], str | None]:
        return self._around(self._section(self.login, self._no_word())), None

    def _missing_among_services(self) -> tuple[list[str], str | None]:
        lines = [f"{self.choose(LOGIN_LABELS[self.language])} : {self.login}"]
        return self._around(self._lines(*lines, *([PHRASES[self.language][3]] if self.chance(0.5) else []))), None

    def _no_password(self) -> tuple[list[str], str | None]:
        return [self._section(self.login, self._no_word())], None

    def _other_label(self) -> tuple[list[str], str | None]:
        self.layout = self.choose([*(HTML if self.html else TEXT)])
        return [self._section(self.login, self.password, label=self.choose(OTHER_LABELS[self.language]))], None

    def _old_and_new(self) -> tuple[list[str], str | None]:
        a, b = self.choose(LOGIN_LABELS[self.language]), self.choose(PASSWORD_LABELS[self.language])
        lines = [f"{OTHER_LABELS[self.language][0]} : {self._password()}", f"{b} : {self.password}"]
        self.random.shuffle(lines)
        return [self._lines(f"{a} : {self.login}", *lines)], self.password

    def _older(self) -> str:
        headers, wrote = OLDER[self.language]
        original = ("-------- Original Message --------", "---------- Forwarded message ---------")
        head = self._lines(*self.choose((headers, wrote, *original)).split(" / "))
        section = self._section(self.login, self._password(), "paragraphs" if self.html else "colon")
        if not self.html:
            return head + "\n" + (section if self.chance(0.5) else "> " + section.replace("\n", "\n> "))
        frames = ("{1}{0}", "<blockquote>{0}</blockquote>", "<div style='border-left:1px solid #ccc'>{0}</div>")
        return self.choose((*frames, "<div class=gmail_quote>{1}{0}</div>")).format(section, head)

    def _older_below(self) -> tuple[list[str], str | None]:
        return [self._section(self.login, self.password), self._older()], self.password

    def _only_older(self) -> tuple[list[str], str | None]:
        return [self._older()], None

    def _wrapped(self) -> tuple[list[str], str | None]:
        self.html, self.layout = False, self.choose(("colon", "French colon", "equals", "arrow", "tabs"))
        left, right = self.choose(WRAPS)
        login = f"{left}{self.login}{right}" if self.chance(0.5) else self.login
        return [self._section(login, f"{left}{self.password}{right}")], self.password

    def _apart(self) -> tuple[list[str], str | None]:
        """Our login, and a password of nobody's that stands apart from it."""
        secret = f"{self.choose(PASSWORD_LABELS[self.language])} : {self.password}"
        login = f"{self.choose(LOGIN_LABELS[self.language])} : {self.login}"
        return [self._lines(login), self._lines(PHRASES[self.language][1]), self._lines(secret)], None
