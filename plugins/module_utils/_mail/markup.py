# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closed lists by which a mail's source is read: HTML, quoted-printable, one-time links, frames of older mails."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.words import names

#: HTML, and what programs make of it.
ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: What is left of one that was escaped twice, or not ended.
ENTITY_LEFT_RE = re.compile(r"&(?:#\w|(?:amp|lt|gt|quot|nbsp)(?![A-Za-z]))")
#: A tag with its name, or what has none or is not shown: a comment, a style, a declaration, an end of nothing.
TAG_RE = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(?P<hidden>script|style|head|template)(?![\w:]).*?(?:</(?P=hidden)(?![\w:])[^<>]*>|\Z)|"
    r"(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*)(?P<rest>(?![A-Za-z0-9:])[^<>]*)>|[/?!][^<>]*>)",
    re.S | re.I,
)
SPACES_RE = re.compile(r"[ \t\n\r\f]+")
HREF_RE = re.compile(r"href\s*=\s*[\"']?\s*(https?:[^\s\"'>]*)", re.I)
SPAN_RE = re.compile(r"(?P<way>col|row)span\s*=\s*[\"']?\s*(?P<number>[2-9]|1\d)", re.I)
#: What nobody sees, or sees struck out; and what is shown in other characters, or in another order.
UNSEEN_RE = re.compile(
    r"(?<![\w-])color\s*:\s*(?!in)(#?\w+)[^<>]{0,80}background(?:-color)?\s*:\s*\1(?!\w)|"
    r"background(?:-color)?\s*:\s*(?!in)(#?\w+)[^<>]{0,80}(?<![\w-])color\s*:\s*\2(?!\w)|"
    r"clip(?:-path)?\s*:(?!\s*auto)|scale\(0|opacity\s*[:(]\s*0?\.0|opacity\(0(?![.\d])|"
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0(?![.\d])|line-through|"
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?(?![.\w%])|(?:left|top|indent)\s*:\s*-\d{3}|"
    r"font-size\s*:\s*1p|(?<![\w-])color\s*:\s*transparent|"
    r"(?:^|\s)hidden(?=[\s=/]|$)",
    re.I,
)
#: Elements whose text nobody sees, or only those whose program cannot show what they stand for; and what is struck out.
UNSEEN = names(
    """
    del s strike noscript noframes noembed iframe object audio video canvas svg math select datalist dialog
    title
    """
)
#: A page's own styles, and the last name of each selector of a rule; and the names that a tag has.
STYLE_RE = re.compile(r"<style(?![\w:])[^<>]*>(.*?)(?:</style|\Z)", re.S | re.I)
SELECTOR_RE = re.compile(r"(?:^|(?<=[\s>+~,]))(\w*)([.#][\w-]+)?[^\s>+~,:]*\s*(?:,|$)")
NAMES_RE = re.compile(r"(?<![\w-])(class|id)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
CHANGED_RE = re.compile(
    r"text-transform\s*:\s*(?!none)\w|unicode-bidi\s*:\s*(?!normal)\w|font-variant[\w-]*\s*:.*caps", re.I
)
#: No size at all: also a wrapper of newsletters, in which other sizes stand again.
TINY_RE = re.compile(r"font(?:-size)?\s*:\s*(?:0(?![.\d])|0?\.\d+\s*p[xt])", re.I)
SIZED_RE = re.compile(r"font(?:-size)?\s*:[^;\"']{0,40}?(?<![\d.])[1-9]\d*(?:\.\d+)?\s*(?:px|pt|rem)", re.I)
#: Each with how it is written in an element itself.
LOOKS = (
    (UNSEEN_RE, "display:none"),
    (CHANGED_RE, "text-transform:uppercase"),
    (TINY_RE, "font-size:0"),
    (SIZED_RE, "font-size:9px"),
)
#: How programs mark the older mail below: Gmail, Yahoo, Thunderbird, Outlook, Proton; and the bars beside and above it.
QUOTE_TAG_RE = re.compile(
    r"hr .*zwchr|div .*(?:_quote|yahoo_quoted|moz-cite-prefix|forward-container|divRplyFwdMsg|appendonsend|reply-intro|"
    r"OutlookMessageHeader|reference-message|[zg]mail_extra|replied|messageReply|oriMsg|"
    r"border-(?:left|top)\s*:[^;\"']*solid)",
    re.I | re.S,
)
BLOCKS = names(
    """
    p div li ul ol h1 h2 h3 h4 h5 h6 br hr title body html center section article header footer main dl dt dd pre form
    tbody thead tfoot caption address fieldset blockquote table tr td th
    """
)
TABLES = names("table tr td th dl dt dd")
INLINE = names(
    """
    a b strong i em u small big span font code tt kbd samp var sub sup abbr mark label o:p wbr img bdi ins meta
    link base col colgroup
    """
)
VOID = names(
    """
    br hr wbr img meta link base col
    """
)

IS_HTML_RE = re.compile(r"\s*<(?:!doctype|html|body|\?xml|head|table|div|p)\b[^<>]*>", re.I)
CLOSING_RE = re.compile(r"</(?:p|td|tr|div|table|body|li|b|strong|a|span)\s*>|<br\s*/?>", re.I)
LAID_OUT_RE = re.compile(r"<(?:p|br|div|table|tr|td|li|body|h\d)\b", re.I)
#: OVHcloud's one-time links, as seen in its mails about servers: ``https://www.ovh.com/manager/secret/#?id=<uuid>``.
#: The other control panels are the ones that www.ovh.com, ca.ovh.com and us.ovhcloud.com lead to.
_PANELS = "(?:www.ovh.com|ca.ovh.com|us.ovhcloud.com)/manager|manager.(?:eu|ca|us).ovhcloud.com".replace(".", r"\.")
#: The control panel itself reads a secret at ``https://www.ovh.com/engine/api/secret/retrieve``, so an address
#: below that one is a link, too. The id may be the last part of the path as well.
_PLACES = rf"(?:{_PANELS})/secret/?(?:#/?)?|www\.ovh\.com/engine/api/secret(?:/retrieve)?/?"
SECRET_ADDRESS_RE = re.compile(
    rf"https://(?:{_PLACES})(?:\?id=|(?<=/))(?P<id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})", re.I
)
ADDRESS_RE = re.compile(r"[a-z]{2,10}://[^\s\"'<>]{0,300}", re.I)
LOOKS_SECRET_RE = re.compile(r"(?:/|%2f)secret(?![\w-])", re.I)
SECRET_RE = re.compile(
    r"/secret/?(?:#/)?[^\s\"'<>/]{0,40}id=|/secret/(?:retrieve/)?(?:#/)?[0-9a-f]{8}-[0-9a-f]{4}-", re.I
)
QP_RE = re.compile(r"=(?:[CDEF][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]|3D|20\r?$|C2=A0)|(?<=\S)=\r?\n(?=[ \t]*[^\s=])", re.M)
QP_WRONG_RE = re.compile(r"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")
#: What may be left of it; and the sign that is put there, for a character that nobody knows.
QP_LEFT_RE = re.compile(r"=(?:3D|[C-F][0-9A-F]=[89AB][0-9A-F]|(?=[ \t]*\r?\n[ \t]*\S))")
UNKNOWN = "\ufffd"
#: Elements whose end may be left out, and those that only give structure.
OPEN_ENDED = names("p li td th tr dt dd")
STRUCTURE = names("table thead tbody tfoot tr ul ol dl html body center")
