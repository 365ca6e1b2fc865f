# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The password's exact characters out of a page, or the reason why they are not certain: pure."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import mail_text
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_labels import Form, Label, Value
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_page import BLANK, Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_tags import may_be_the_values_own
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_verdict import (
    WHY_AMBIGUOUS,
    WHY_CONTROL,
    WHY_ENCODING,
    WHY_LINK,
    WHY_LOGIN_AGAIN,
    WHY_LONG,
    WHY_LONG_PASSWORD,
    WHY_MASKED,
    WHY_MISSING,
    WHY_OTHER_PASSWORD,
    WHY_PASSWORDS,
    WHY_PLACE,
    WHY_PLACEHOLDER,
    WHY_QUOTED,
    WHY_REMARK,
    WHY_WORDS,
    Refused,
    not_this,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_words import (
    ENTITY_LOOK_RE,
    FOREIGN_RE,
    LABEL_WORD_RE,
    LINK_RE,
    LOGIN_RE,
    MASK_RE,
    NEXT_LABEL_RE,
    PASSWORD_LABEL_RE,
    PLACEHOLDER_RE,
    PPPOE_RE,
    QUOTES,
    REMARK_RE,
    SERVICE_RE,
    VERB_RE,
)

#: Octets that PAP can carry (RFC 1334, section 2.2.1: its length is one octet).
MAX_PASSWORD = 255


def _is_prose(value: Value) -> bool:
    """Whether a value with spaces reads like words: then it is a remark, not a password."""
    words = [word.strip(".,;:!?()[]\"'\u2026\u2019") for word in value.text.split()]
    letters = [word for word in words if re.fullmatch(r"[^\W\d_]{2,}(?:[-'\u2019][^\W\d_]+)*", word)]
    mixed = [word for word in words if re.search(r"[^\W\d_]", word) and re.search(r"[\d_]|[^\w'\u2019.,;:!?()-]", word)]
    return len(letters) > (1 if value.own else 0) or not mixed


def chosen(page: Page, labels: list[Label], logins: list[Label], login: str, form: Form | None) -> Value:
    """The one value that a password label points to, or the reason why there is none."""
    values: list[tuple[Label, Value]] = []
    empty: list[int] = []
    why = foreign = ""
    for label in labels:
        value = _placed(page, label, form)
        strange = FOREIGN_RE.search(label.before + " " + label.after) and not PPPOE_RE.search(
            label.before + label.after
        )
        if value is None:
            if label.separated and not strange:
                empty.append(label.number)
            continue
        if (
            re.search(r"\s", value.text.rstrip(BLANK + ".,;"))
            and not LINK_RE.search(value.text)
            and not _quotes(value.text)
        ):
            text = value.text.translate({ord(char): " " for char in BLANK})
            stand_in = PLACEHOLDER_RE.fullmatch(text) or MASK_RE.fullmatch(text.replace(" ", ""))
            if not stand_in and _is_prose(value):
                why = WHY_WORDS
                if not strange:
                    empty.append(label.number)
                continue
        if strange:
            foreign = WHY_OTHER_PASSWORD
            continue
        values.append((label, value))
    if foreign and not values and not empty:
        raise not_this(foreign)
    if foreign and not all(PPPOE_RE.search(label.before + label.after) for label, _value in values):
        raise Refused(WHY_PASSWORDS)
    if len({value.text for _label, value in values}) > 1:
        raise Refused(WHY_PASSWORDS)
    if not values:
        if any(chunk.quoted and PASSWORD_LABEL_RE.match(chunk.flat.lstrip("> ")) for chunk in page.chunks):
            raise Refused(WHY_QUOTED)
        if LINK_RE.search("\n".join(chunk.text for chunk in page.chunks)) and page.secret_link:
            raise Refused(WHY_LINK)
        raise Refused(why or WHY_MISSING)
    _must_be_the_logins(values[0][0], logins, form, login, empty, page)
    return values[0][1]


def _placed(page: Page, label: Label, form: Form | None) -> Value | None:
    """A label's value, if it stands where values stand in this mail: next lines and columns must match the login's."""
    value = label.value
    if value is None or value.kind in ("line", "cell"):
        return value
    theirs = form.label.value if form else None
    if theirs is None or theirs.kind != value.kind or theirs.gap != value.gap:
        return None
    if value.chunk.quoted:
        raise Refused(WHY_AMBIGUOUS)
    return value


def _must_be_the_logins(
    label: Label, logins: list[Label], form: Form | None, login: str, empty: list[int], page: Page
) -> None:
    """The nearest login before a password (else after it) is the one it belongs to: it must be this line's."""
    if form is None:
        if any(one.value and not SERVICE_RE.search(one.value.text) for one in logins):
            raise Refused(WHY_PLACE)
        if empty:
            raise Refused(WHY_PASSWORDS)
        return
    named = [one for one in logins if one.value and not SERVICE_RE.search(one.value.text)]
    before = [one for one in named if one.number <= label.number]
    nearest = before[-1] if before else next(iter(named), None)
    if nearest is None or nearest.value is None or login.lower() not in nearest.value.text.lower():
        raise Refused(WHY_PLACE)
    first, last = sorted((nearest.number, label.number))
    if any(first < number < last for number in empty):
        raise Refused(WHY_PASSWORDS)
    between = [chunk for chunk in page.chunks[first + 1 : last] if chunk.text]
    values = [one.value.chunk for one in (label, nearest) if one.value]
    if len(between) > 15 or any(FOREIGN_RE.search(chunk.flat) for chunk in between if chunk not in values):
        # Another section began: the modem's page, the Wi-Fi, a telephone line.
        raise Refused(WHY_PLACE)


def _quotes(text: str) -> bool:
    return len(text) > 2 and text[0] in QUOTES and text[-1] in QUOTES[text[0]]


def checked(page: Page, value: Value, login: str, form: Form | None) -> str:
    """The password's exact characters, or the reason why they are not certain."""
    chunk, text = value.chunk, value.text
    if not chunk.whole:
        raise Refused(WHY_LONG)
    if LINK_RE.search(text) or any(start < value.end and end > value.start for start, end in chunk.links):
        raise Refused(WHY_LINK)
    if any(value.start < mark < value.end for mark in chunk.marks):
        raise Refused(WHY_ENCODING)
    if any(value.start <= mark <= value.end for mark in chunk.strange):
        raise Refused(WHY_PLACEHOLDER if not text else WHY_ENCODING)
    if page.is_html and may_be_the_values_own(page, value, form.label.value if form else None):
        raise Refused(WHY_ENCODING)
    if page.maybe_encoded and mail_text.looks_encoded(text):
        raise Refused(WHY_ENCODING)
    if chunk.raw is not None and ENTITY_LOOK_RE.search(chunk.raw) and not chunk.raw.endswith(text):
        if page.decoded < 2:
            raise Refused(WHY_ENCODING)
    elif not page.is_html and not page.decoded and ENTITY_LOOK_RE.search(text):
        raise Refused(WHY_ENCODING)
    text = _unwrapped(text, value, form)
    _must_be_a_password(text, value, login, form)
    return text


def _unwrapped(text: str, value: Value, form: Form | None) -> str:
    """Drop what stands around the login too: quotes, brackets, the comma or full stop of a sentence."""
    prefix, suffix = (form.prefix, form.suffix) if form and form.regular else ("", "")
    ends = ".,;"
    if suffix and suffix[-1] in ends:
        suffix = suffix[:-1]
        sentence = True
    else:
        sentence = False
    if text[-1:] and text[-1] in ends:
        if sentence:
            text = text[:-1]
        elif form is None or not form.regular or value.chunk.joined or VERB_RE.search(_label_of(value)):
            raise Refused(WHY_AMBIGUOUS)
    if prefix or suffix:
        if not (text.startswith(prefix) and text.endswith(suffix)) or len(text) <= len(prefix + suffix):
            raise Refused(WHY_AMBIGUOUS)
        text = text[len(prefix) : len(text) - len(suffix)]
    elif _quotes(text):
        raise Refused(WHY_AMBIGUOUS)
    return text


def _label_of(value: Value) -> str:
    return value.chunk.flat[: value.start].rstrip(" \t:=") if value.kind == "line" else ""


def _must_be_a_password(text: str, value: Value, login: str, form: Form | None) -> None:
    if not text:
        raise Refused(WHY_MISSING)
    if PLACEHOLDER_RE.fullmatch(text) or LABEL_WORD_RE.fullmatch(text):
        raise Refused(WHY_PLACEHOLDER)
    if MASK_RE.fullmatch(text) or MASK_RE.fullmatch(text.replace(" ", "")):
        raise Refused(WHY_MASKED)
    if login.lower() in text.lower() or LOGIN_RE.fullmatch(text):
        raise Refused(WHY_LOGIN_AGAIN)
    if REMARK_RE.fullmatch(text) or _is_word(text):
        raise Refused(WHY_REMARK)
    if not text.isprintable() or "\ufffd" in text:  # the sign for a character that could not be decoded
        raise Refused(WHY_CONTROL)
    if " " in text:
        _spaces_must_be_certain(text, value, form)


def _is_word(text: str) -> bool:
    """Whether a value is one plain word: more likely a remark than a made password."""
    word = text.strip(".,;:!?()[]").replace("-", "")
    return word.isalpha() and (not word.isascii() or word.islower() or word.isupper() or word.istitle())


def _spaces_must_be_certain(text: str, value: Value, form: Form | None) -> None:
    if NEXT_LABEL_RE.search(text):
        raise Refused(WHY_AMBIGUOUS)
    alike = form is not None and form.regular and form.label.value is not None and form.label.value.kind == value.kind
    if value.own or (alike and not value.chunk.joined):
        return
    raise Refused(WHY_WORDS)


def why_no_secret(text: str, login: str) -> str | None:
    """Why a text that was given as the password alone cannot be one; None when it can."""
    if not text.strip(BLANK):
        return WHY_MISSING
    if len(text.encode("utf-8", "replace")) > MAX_PASSWORD:
        return WHY_LONG_PASSWORD
    if not text.isprintable() or "\ufffd" in text:
        return WHY_CONTROL
    if text != text.strip(BLANK):
        return WHY_AMBIGUOUS
    if LINK_RE.search(text):
        return WHY_LINK
    if PLACEHOLDER_RE.fullmatch(text):
        return WHY_PLACEHOLDER
    if MASK_RE.fullmatch(text):
        return WHY_MASKED
    if login.lower() in text.lower() or LOGIN_RE.fullmatch(text):
        return WHY_LOGIN_AGAIN
    label = PASSWORD_LABEL_RE.match(text)
    if LABEL_WORD_RE.fullmatch(text) or (label is not None and label["value"] is not None):
        return WHY_AMBIGUOUS
    return None
