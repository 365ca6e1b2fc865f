# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the text and the page of a mail may come, for the generator ``blind``: written without a look at the reader."""

from __future__ import annotations

import html
import quopri
import re
import textwrap
import typing as t
import unicodedata

PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>OVHcloud</title>
<style>p {{ color: #123456; }} .password:after {{ content: "Pass7word"; }}</style></head>
<body style="margin:0"><!-- Password: Hw4tk82Pc -->
<div><img src="https://www.ovh.com/logo.png" width="1" height="1" alt=""></div>
{0}
<p><a href="https://www.ovhcloud.com/fr/">ovhcloud.com</a></p></body></html>"""
SECRET = re.compile(r"https://www\.ovh\.com/manager/secret/#\?id=[-0-9a-f]{36}")
MSO = "<!--[if mso]><table><tr><td width=600><![endif]-->{0}<!--[if mso]></td></tr></table><![endif]-->"
HIDDEN = '<div style="display:none;max-height:0">Password: Hw4tk82Pc</div>{0}'


def _text(change: t.Callable[[str], str]) -> t.Callable[[str, str], tuple[str, str]]:
    return lambda text, page: (change(text), page)


def _both(change: t.Callable[[str], str]) -> t.Callable[[str, str], tuple[str, str]]:
    return lambda text, page: (change(text), change(page))


def _soft(text: str) -> str:
    """Long lines broken by blank and line feed, as format=flowed does."""
    return "\n".join(re.sub(r"(.{30,50}) ", "\\1 \n", line) for line in text.split("\n"))


def _printable(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


def _mojibake(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


#: Ways that leave it plain what stands there.
PLAIN: dict[str, t.Callable[[str, str], tuple[str, str]]] = {
    "": lambda text, page: (text, page),
    "crlf": _both(lambda text: text.replace("\n", "\r\n")),
    "trailing": _text(lambda text: re.sub("(?m)$", "  ", text)),
    "nbsp": _text(lambda text: text.replace(" : ", "\u00a0: ").replace(": ", ":\u00a0")),
    "page": lambda text, page: (text, PAGE.format(page)),
    "mso": lambda text, page: (text, MSO.format(page)),
    "anchors": lambda text, page: (text, SECRET.sub(r'<a href="\g<0>">***</a>', page)),
    "indent": _text(lambda text: textwrap.indent(text, "    ")),
}
#: Ways that may be refused, or in which nothing says any more where a block ends.
OPEN: dict[str, t.Callable[[str, str], tuple[str, str]]] = {
    "dense": lambda text, page: (re.sub(r"\n{2,}", "\n", text), re.sub(r"</p>\s*<p>", "<br>", page)),
    "dense cell": lambda text, page: (text, f"<table><tr><td>{re.sub('</?p>', '<br>', page)}</td></tr></table>"),
    "escaped": lambda text, page: (html.escape(text), html.escape(page)),
    "nfd": _both(lambda text: unicodedata.normalize("NFD", text)),
    "mojibake": _both(_mojibake),
    "printable": _both(_printable),
    "zero width": _both(lambda text: text.replace(": ", ": \u200b")),
    "bom": _text(lambda text: "\ufeff" + text),
    "wrapped": _text(lambda text: "\n".join(textwrap.fill(line, 40) for line in text.split("\n"))),
    "flowed": _text(_soft),
    "double": _both(lambda text: text.replace("\n", "\n\n")),
    "separators": _text(lambda text: text.replace("\n", "\u2028")),
    "one line": _both(lambda text: text.replace("\n", " ")),
    "carriage": _text(lambda text: text.replace("\n", "\r")),
    "upper": _text(lambda text: re.sub(r"(?m)^[^\W\d][\w' -]+(?= ?:)", lambda found: found[0].upper(), text)),
    "hidden": lambda text, page: (text, HIDDEN.format(page)),
    "page as text": lambda text, page: (page, page),
    "text as page": lambda text, page: (text, html.escape(text)),
    "pre": lambda text, page: (text, f"<pre>{html.escape(text)}</pre>"),
    "wide colon": _both(lambda text: text.replace(": ", "： ")),
    "picture": lambda text, page: (text, f'<img alt="Password: Hw4tk82Pc" src="x.png">{page}'),
    "script": lambda text, page: (text, f"<script>var password = 'Password: Hw4tk82Pc';</script>{page}"),
    "template": lambda text, page: (text, f"<template><p>Password: Hw4tk82Pc</p></template>{page}"),
    "tiny": lambda text, page: (text, f'<p style="font-size:0;color:#fff">Password: Hw4tk82Pc</p>{page}'),
    "noscript": lambda text, page: (text, f"<noscript><p>Password: Hw4tk82Pc</p></noscript>{page}"),
    "zero width end": _both(lambda text: text.replace("\n", "\u200b\n").replace("</", "&#8203;</")),
    "direction": _both(lambda text: text.replace(": ", ": \u200e")),
    "thin blanks": _both(lambda text: text.replace(" : ", "\u202f: ").replace(": ", ":\u2009")),
    "frame": _text(lambda text: "\n".join(f"| {line:60} |" for line in text.split("\n"))),
    "line numbers": _text(lambda text: "\n".join(f"{n:3} {line}" for n, line in enumerate(text.split("\n")))),
    "stub": lambda text, page: ("This mail is HTML.", page),
}


def encoded(name: str, text: str, page: str) -> tuple[str, str]:
    """Text and page in that way."""
    return {**PLAIN, **OPEN}[name](text, page)
