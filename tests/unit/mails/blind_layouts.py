# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How labels and values stand in mails, for the generator ``blind``: written without a look at the reader.

A layout takes pairs of label and value, login and password first, and gives text, or HTML whose values and labels are
written by ``escape``.
"""

from __future__ import annotations

import html
import json
import typing as t
from html.entities import codepoint2name

Pairs = t.Sequence["tuple[str, str]"]
Escape = t.Callable[[str], str]


def _lines(shape: str) -> t.Callable[[Pairs], str]:
    return lambda pairs: "\n".join(shape.format(label, value) for label, value in pairs)


def _padded(fill: str, mark: str, least: int = 2) -> t.Callable[[Pairs], str]:
    def layout(pairs: Pairs) -> str:
        width = max(len(label) for label, _value in pairs) + least
        return "\n".join(
            f"{(label + (' ' if fill == '.' else '')).ljust(width, fill)}{mark}{value}" for label, value in pairs
        )

    return layout


def _heads(pairs: Pairs) -> str:
    widths = [max(len(label), len(value)) + 3 for label, value in pairs]
    rows = [[label for label, _value in pairs], [value for _label, value in pairs]]
    return "\n".join("".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def _pipe_heads(pairs: Pairs) -> str:
    heads = " | ".join(label for label, _value in pairs)
    return f"| {heads} |\n|{'---|' * len(pairs)}\n| {' | '.join(value for _label, value in pairs)} |"


def _box(pairs: Pairs) -> str:
    left, right = (max(len(pair[side]) for pair in pairs) for side in (0, 1))
    rule = f"+{'-' * (left + 2)}+{'-' * (right + 2)}+"
    rows = [f"| {label.ljust(left)} | {value.ljust(right)} |" for label, value in pairs]
    return "\n".join([rule, *rows, rule])


def _numbered(pairs: Pairs) -> str:
    return "\n".join(f"{number}. {label}: {value}" for number, (label, value) in enumerate(pairs, 1))


#: Layouts in plain text that the rules name: whatever stands in one of them plainly is to be read.
TEXT: dict[str, t.Callable[[Pairs], str]] = {
    "colon": _lines("{0}: {1}"),
    "colon apart": _lines("{0} : {1}"),
    "colon close": _lines("{0}:{1}"),
    "colon nbsp": _lines("{0}\u00a0: {1}"),
    "tab dash": _lines("\t- {0} : {1}"),
    "bullets": _lines("* {0}: {1}"),
    "dots": _padded(".", ": ", 8),
    "leaders": _padded(".", " ", 12),
    "padded colon": _padded(" ", ": "),
    "equals": _lines("{0} = {1}"),
    "arrow": _lines("{0} -> {1}"),
    "arrow sign": _lines("{0} → {1}"),
    "thick arrow": _lines("{0} => {1}"),
    "dash": _lines("{0} – {1}"),
    "pipes": _lines("| {0} | {1} |"),
    "one pipe": _lines("{0} | {1}"),
    "pipe heads": _pipe_heads,
    "box": _box,
    "columns": _padded(" ", "", 5),
    "tabs": _lines("{0}\t{1}"),
    "over": _lines("{0}:\n{1}"),
    "over indented": _lines("{0}\n    {1}"),
    "heads": _heads,
}
#: Layouts whose reading the rules leave open.
OPEN_TEXT: dict[str, t.Callable[[Pairs], str]] = {
    "over apart": _lines("{0}\n\n{1}\n"),
    "one line": lambda pairs: ", ".join(f"{label}: {value}" for label, value in pairs),
    "one line slash": lambda pairs: " / ".join(f"{label} : {value}" for label, value in pairs),
    "numbered": _numbered,
    "bold": _lines("**{0}:** {1}"),
    "stars": _lines("*{0}*: {1}"),
    "code": _lines("{0}: `{1}`"),
    "list marks": lambda pairs: ";\n".join(f"- {label} : {value}" for label, value in pairs) + ".",
    "stops": _lines("{0}: {1}."),
    "config": lambda pairs: "\n".join(f'{label.lower().replace(" ", "_")}="{value}"' for label, value in pairs),
    "joined": lambda pairs: (
        f"{' / '.join(label for label, _value in pairs)} : {' / '.join(value for _label, value in pairs)}"
    ),
    "value first": _lines("{1} ({0})"),
    "tight": _lines("{0} {1}"),
    "brackets": _lines("[{0}] {1}"),
}


def _json(pairs: Pairs) -> str:
    return json.dumps({("login", "password", "vlan", "mtu", "x")[min(n, 4)]: pair[1] for n, pair in enumerate(pairs)})


def _names(shape: str, mark: str) -> t.Callable[[Pairs], str]:
    """Values behind a program's names."""
    names = ("login", "password")
    return lambda pairs: mark.join(shape.format(name, value) for name, (_label, value) in zip(names, pairs))


OPEN_TEXT.update(
    {
        "json": _json,
        "csv": lambda pairs: (
            f"{';'.join(label for label, _value in pairs)}\n{';'.join(value for _label, value in pairs)}"
        ),
        "query": _names("{0}={1}", "&"),
        "xml": _names("<{0}>{1}</{0}>", "\n"),
        "cisco": _names("ppp chap {0} 0 {1}", "\n"),
        "options": _names("--{0} {1}", " "),
        "mail link": lambda pairs: "\n".join(
            f"{name}: {value}{f' <mailto:{value}>' * ('@' in value)}" for name, value in pairs
        ),
        "both labels": _lines("{0} / {0} : {1}"),
        "question": _lines("{0} ? {1}"),
        "steps": lambda pairs: "\n".join(f"{n}. {label} » {value}" for n, (label, value) in enumerate(pairs, 1)),
        "far colon": _lines("{0}\n: {1}"),
        "colon below": _lines("{0} :\n\n\t{1}\n"),
        "two columns": lambda pairs: "     ".join(f"{label}: {value}" for label, value in pairs),
        "labels above": lambda pairs: "\n".join(
            [*(label for label, _value in pairs), *(value for _label, value in pairs)]
        ),
    }
)


def _each(shape: str, around: str = "{0}") -> t.Callable[[Pairs, Escape], str]:
    return lambda pairs, escape: around.format(
        "".join(shape.format(escape(label), escape(value)) for label, value in pairs)
    )


def _table(row: str, attributes: str = "") -> t.Callable[[Pairs, Escape], str]:
    return _each(row, f"<table{attributes}>{{0}}</table>")


def _td_heads(head: str) -> t.Callable[[Pairs, Escape], str]:
    def layout(pairs: Pairs, escape: Escape) -> str:
        heads = "".join(f"<{head}>{escape(label)}</{head}>" for label, _value in pairs)
        return (
            f"<table><tr>{heads}</tr><tr>{''.join(f'<td>{escape(value)}</td>' for _label, value in pairs)}</tr></table>"
        )

    return layout


def _mailto(pairs: Pairs, escape: Escape) -> str:
    def linked(value: str) -> str:
        return (
            f'<a href="mailto:{escape(value)}">{escape(value)}</a>'
            if "@" in value and " " not in value
            else escape(value)
        )

    return "".join(f"<p>{escape(label)}: {linked(value)}</p>" for label, value in pairs)


def _halves(mark: str) -> t.Callable[[Pairs, Escape], str]:
    """The value cut in two by a mark that is not seen."""

    def layout(pairs: Pairs, escape: Escape) -> str:
        return "".join(
            f"<p>{escape(label)}: {mark.format(escape(value[:4]), escape(value[4:]))}</p>" for label, value in pairs
        )

    return layout


OUTLOOK = "<p class=MsoNormal><span lang=FR style='font-size:11.0pt'>{0}<o:p></o:p></span></p>"
NEWSLETTER = (
    '<table width="100%" border="0" cellpadding="0"><tr><td align="center">\n  <table width="600">\n{0}  </table>\n'
    '</td></tr><tr><td style="font-size:1px">&nbsp;</td></tr></table>'
)
NEWSLETTER_ROW = (
    '  <tr>\n    <td style="padding:8px"><span style="color:#555">{0}</span></td>\n'
    '    <td style="padding:8px"><strong><span>{1}</span></strong></td>\n  </tr>\n'
)

HTML: dict[str, t.Callable[[Pairs, Escape], str]] = {
    "p": _each("<p>{0}: {1}</p>"),
    "br": _each("{0} : {1}<br>\n", "<p>{0}</p>"),
    "div": _each("<div>{0}: {1}</div>"),
    "bold label": _each("<b>{0}:</b> {1}<br/>", "<p>{0}</p>"),
    "bold value": _each("<p>{0} : <strong>{1}</strong></p>"),
    "code value": _each("<p>{0}: <code>{1}</code></p>"),
    "list": _each("<li>{0} : {1}</li>", "<ul>{0}</ul>"),
    "dl": _each("<dt>{0}</dt><dd>{1}</dd>", "<dl>{0}</dl>"),
    "cells": _table("<tr><td>{0}</td><td>{1}</td></tr>"),
    "cells colon": _table("<tr>\n<td>{0} :</td>\n<td>{1}</td>\n</tr>\n", ' border="1"'),
    "head cells": _table("<tr><th align=left>{0}</th><td><b>{1}</b></td></tr>"),
    "three cells": _table("<tr><td>{0}</td><td>:</td><td>{1}</td></tr>"),
    "colon cells": _table("<tr><td><b>{0}</b></td><td><b>: {1}</b></td></tr>"),
    "one row": _each("<td>{0}</td><td>{1}</td>", "<table><tr>{0}</tr></table>"),
    "one cell": _table("<tr><td>{0}: {1}</td></tr>"),
    "heads": _td_heads("th"),
    "heads td": _td_heads("td"),
    "newsletter": _each(NEWSLETTER_ROW, NEWSLETTER),
    "outlook": _each(OUTLOOK.replace("{0}", "{0}&nbsp;: {1}")),
    "outlook cells": _table(
        f"<tr><td>{OUTLOOK.replace('{0}', '{0}')}</td><td>{OUTLOOK.replace('{0}', '<b>{1}</b>')}</td></tr>"
    ),
    "over": _each("<p>{0}</p><p>{1}</p>"),
    "over br": _each("<p><b>{0}</b><br>{1}</p>"),
    "over cells": _table("<tr><td>{0}</td></tr><tr><td>{1}</td></tr>"),
    "pre": _each("{0}: {1}\n", "<pre>\n{0}</pre>"),
    "font": _each("<FONT FACE=Arial SIZE=2><B>{0}</B> : {1}</FONT><BR>\n"),
    "mailto": _mailto,
}
OPEN_HTML: dict[str, t.Callable[[Pairs, Escape], str]] = {
    "spans": _each("<div><span>{0}</span><span>{1}</span></div>"),
    "spans apart": _each("<div><span>{0}</span> <span>{1}</span></div>"),
    "input": _each('<p>{0}: <input value="{1}"></p>'),
    "two spans": _halves("<span>{0}</span><span>{1}</span>"),
    "wbr": _halves("{0}<wbr>{1}"),
    "soft hyphen": _halves("{0}&shy;{1}"),
    "zero width": _halves("{0}&#8203;{1}"),
    "line break": _halves("{0}<br>{1}"),
    "struck": _each("<p>{0}: <s>Hw4tk82Pc</s> {1}</p>"),
    "hidden": _each('<p>{0}: <span style="display:none">Hw4tk82Pc</span>{1}</p>'),
    "attribute": _each('<p>{0}: <span title="Hw4tk82Pc">{1}</span></p>'),
    "comment": _each("<p>{0}: <!-- Hw4tk82Pc -->{1}</p>"),
    "nested": _each("<table><tr><td>{0}</td><td><table><tr><td>{1}</td></tr></table></td></tr></table>"),
    "button": _each("<p>{0}: {1} <button>Copy</button></p>"),
    "textarea": _each("<p>{0}: <textarea>{1}</textarea></p>"),
    "label tag": _each("<p><label>{0}</label> <span>{1}</span></p>"),
    "image": _each('<p><img alt="{0}"> {1}</p>'),
    "floats": _each('<div style="float:left">{0}</div><div>{1}</div>'),
    "labels above": lambda pairs, escape: "".join(f"<p>{escape(pair[side])}</p>" for side in (0, 1) for pair in pairs),
    "empty cell": _table("<tr><td>{0}</td><td></td><td>{1}</td></tr>"),
    "second cell": _table("<tr><td>{0}</td><td>{1}</td><td>Hw4tk82Pc</td></tr>"),
    "value first": _table("<tr><td>{1}</td><td>{0}</td></tr>"),
    "details": _each("<details><summary>{0}</summary>{1}</details>"),
    "headings": _each("<h3>{0}</h3>{1}"),
    "ruby": _each("<p>{0}: <ruby>{1}<rt>Hw4tk</rt></ruby></p>"),
    "superscript": _each("<p>{0}<sup>1</sup>: {1}<sup>2</sup></p>"),
}


def named(value: str) -> str:
    """With the usual entities only."""
    return html.escape(value)


def numeric(value: str) -> str:
    """With a numeric entity for everything that is no letter or digit of ASCII."""
    return "".join(char if char.isascii() and (char.isalnum() or char == " ") else f"&#{ord(char)};" for char in value)


def entities(value: str) -> str:
    """With named entities for accents, as old mailers write."""
    names = {code: name for code, name in codepoint2name.items() if code > 127}
    return "".join(f"&{names[ord(char)]};" if ord(char) in names else char for char in html.escape(value))


def forgetful(value: str) -> str:
    """As it is: whoever made the mail forgot to escape."""
    return value


#: Ways to write a value into HTML; the last one cannot be told from another value's.
ESCAPES = {"named": named, "numeric": numeric, "entities": entities, "forgetful": forgetful}


def quoted_text(style: str, headers: t.Sequence[str], wrote: str, marks: tuple[str, str], title: str, old: str) -> str:
    """An older mail as programs quote it in plain text."""
    who, sent, to, subject = headers
    lines = {
        "outlook": f"{who}: OVHcloud <support@services.ovhcloud.com>\n{sent}: 12/10/2026 10:32\n{to}: me@example.com\n"
        f"{subject}: {title}",
        "apple": f"{who}: OVHcloud <support@services.ovhcloud.com>\n{subject}: {title}\n{sent}: 12/10/2026 10:32\n"
        f"{to}: me@example.com",
    }
    original, forwarded = marks
    start, *end = wrote.rsplit(" ", 2 if wrote.endswith(" :") else 1)
    broken = f"{start}\n{' '.join(end)}"
    styles = {
        "marked": wrote + "\n" + "\n".join(f"> {line}" for line in old.split("\n")),
        "marked bare": "\n".join(f">{line}" for line in old.split("\n")),
        "wrote": f"{wrote}\n\n{old}",
        "broken": broken + "\n\n" + "\n".join(f"> {line}" for line in old.split("\n")),
        "broken bare": f"{broken}\n\n{old}",
        "date first": f"{sent}: 12/10/2026 10:32\n{who}: OVHcloud\n{to}: me@example.com\nCc: you@example.com\n"
        f"{subject}: {title}\n\n{old}",
        "stars": f"*{who}:* OVHcloud\n*{sent}:* 12/10/2026 10:32\n*{to}:* me@example.com\n*{subject}:* {title}\n"
        f"\n{old}",
        "address": f"OVHcloud <\nsupport@services.ovhcloud.com>, 12/10/2026 10:32:\n\n{old}",
        "columns": f"{who}      OVHcloud\n{sent}      12/10/2026 10:32\n{to}      me\n{subject}      {title}\n\n{old}",
        "joined": f"{who}      OVHcloud {sent}      12/10/2026 10:32 {to}      me {subject}      {title} \n{old}",
        "joined colons": f"Hello, {who}: OVHcloud {sent}: 12/10/2026 10:32 {to}: me {subject}: {title} \n{old}",
        "cells": f"| {who} | OVHcloud |\n| {sent} | 12/10/2026 10:32 |\n| {to} | me |\n\n{old}",
        "under": f"{to}\nme\n\n{who}\nOVHcloud\n\n{subject}\n{title}\n\n{old}",
        "transport": f"Return-Path: <support@services.ovhcloud.com>\nSubject: {title}\n\n{old}",
        "deep": wrote + "\n" + "\n".join(f">> {line}" for line in old.split("\n")),
        "original": f"-----{original}-----\n{lines['outlook']}\n\n{old}",
        "outlook": f"________________________________\n{lines['outlook']}\n\n{old}",
        "headers": f"{lines['outlook']}\n\n{old}",
        "gmail": f"---------- {forwarded} ---------\n{lines['apple']}\n\n{old}",
        "thunderbird": f"-------- {forwarded} --------\n{lines['apple']}\n\n{old}",
    }
    return styles.get(style, styles["marked"])


def quoted_html(style: str, headers: t.Sequence[str], wrote: str, title: str, old: str) -> str:
    """An older mail as programs quote it in HTML."""
    who, sent, to, subject = headers
    lines = f"<b>{who}:</b> OVHcloud &lt;support@services.ovhcloud.com&gt;<br><b>{sent}:</b> 12/10/2026 10:32<br>"
    lines += f"<b>{to}:</b> me@example.com<br><b>{subject}:</b> {html.escape(title)}<br>"
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    styles = {
        "marked": f'<div class="moz-cite-prefix">{wrote}<br></div><blockquote type="cite">{old}</blockquote>',
        "marked bare": f"<blockquote>{old}</blockquote>",
        "wrote": f'<div class="gmail_quote"><div class="gmail_attr">{wrote}<br></div>{old}</div>',
        "outlook for mac": f'<div id="mail-editor-reference-message-container">{old}</div>',
        "zimbra": f'<hr id="zwchr">{old}',
        "zoho": f'<div class="zmail_extra">{old}</div>',
        "broken": f'<div class="yahoo_quoted"><div>{wrote}</div><div>{old}</div></div>',
        "broken bare": f"<p>{wrote}</p>{old}",
        "date first": f"<p>{sent}: 12/10/2026 10:32<br>{who}: OVHcloud<br>{to}: me<br>{subject}: {title}</p>{old}",
        "stars": f"<div><p class=MsoNormal>{lines}</p></div>{old}",
        "address": f"<p>OVHcloud &lt;support@services.ovhcloud.com&gt;, 12/10/2026 10:32:</p>{old}",
        "columns": f"<table><tr><td>{who}</td><td>OVHcloud</td></tr><tr><td>{sent}</td><td>12/10/2026</td></tr></table>"
        f"{old}",
        "joined": f"<p>{who}&nbsp;&nbsp; OVHcloud {sent}&nbsp;&nbsp; 12/10/2026 {to}&nbsp;&nbsp; me</p>{old}",
        "joined colons": f"<p>Hello, {who}: OVHcloud {sent}: 12/10/2026 10:32 {to}: me {subject}: {title}</p>{old}",
        "cells": f"<p>{who}&nbsp;&nbsp; OVHcloud</p><p>{sent}&nbsp;&nbsp; 12/10/2026</p><p>{to}&nbsp;&nbsp; me</p>"
        f"{old}",
        "under": f"<dl><dt>{to}<dd>me<dt>{who}<dd>OVHcloud<dt>{sent}<dd>12/10/2026</dl>{old}",
        "transport": f"<pre>Return-Path: &lt;support@services.ovhcloud.com&gt;\nX: y</pre>{old}",
        "deep": f"<blockquote><blockquote>{old}</blockquote></blockquote>",
        "original": f"<p>-----Original Message-----<br>{lines}</p>{old}",
        "outlook": f"<div style='{border}'><p class=MsoNormal>{lines}</p></div>{old}",
        "headers": f'<hr><div id="divRplyFwdMsg">{lines}</div><div>{old}</div>',
        "gmail": f'<div class="gmail_quote"><div>------- Forwarded message -------<br>{lines}</div><br>{old}</div>',
        "thunderbird": '<div class="moz-forward-container">-------- Forwarded Message --------<table><tr>'
        f"<th>{subject}: </th><td>{html.escape(title)}</td></tr><tr><th>{who}: </th><td>support@ovh.com</td></tr>"
        f"</table>{old}</div>",
    }
    return styles[style]


#: Layouts of a table in which other services stand beside ours.
TABLES = ("rows", "matrix")


#: Round what nobody sees, or what is struck out.
UNSEEN = (
    *('<div style="display:none">{0}</div>', "<div hidden>{0}</div>", '<div style="visibility:hidden">{0}</div>'),
    *("<del>{0}</del>", '<div style="mso-hide:all;display:none">{0}</div>', "<s>{0}</s>"),
)


def table_text(table: t.Sequence[t.Sequence[str]]) -> str:
    widths = [max(map(len, column)) + 3 for column in zip(*table)]
    return "\n".join("".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table)


def table_html(table: t.Sequence[t.Sequence[str]], escape: Escape) -> str:
    rows = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


QUOTES = (
    *("marked", "marked bare", "wrote", "original", "outlook", "headers", "gmail", "thunderbird"),
    *("broken", "broken bare", "date first", "stars", "deep", "outlook for mac", "zimbra", "zoho"),
    *("address", "columns", "transport", "joined", "joined colons", "cells", "under"),
)
