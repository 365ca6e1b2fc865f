# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The password's exact characters out of a page, or the reason why they are not certain: pure."""

from __future__ import annotations

import itertools
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import (
    grammar,
    markup,
    prose,
    reasons,
    shapes,
    words,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.grammar import OURS, Entry, Span, kind_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import BLANK, Page, Tag

#: Octets that PAP can carry (RFC 1334, section 2.2.1: its length is one octet).
MAX_PASSWORD = 255


class Refused(Exception):
    """Ends the reading of a part. ``near_miss``: it resembles a credentials mail."""

    def __init__(self, why: str, near_miss: bool = True) -> None:
        super().__init__(why)
        self.why, self.near_miss = why, near_miss


def refuse(why: str | None) -> None:
    """:raises Refused: where there is a reason."""
    if why:
        raise Refused(why)


def password_of(page: Page, entry: Entry, model: Entry, login: str, proven: bool) -> str:
    """The characters of an entry's value. ``model``: the login's entry, which is written alike.

    :raises Refused: when it is not certain where the value begins and ends, or it is not a password's shape.
    """
    start, end = entry.value or (0, 0)
    if start == end:
        raise Refused(reasons.MISSING)
    if shapes.LINK_RE.search(leads_to(page, (start, end))):
        raise Refused(reasons.LINK)
    like = page.shows(model.value)
    place = like.lower().find(login.lower())
    before, behind = like[:place], shapes.MAILTO_RE.sub("", like[place + len(login) :], count=1)
    text = _one_token(page.flat[start:end], entry, behind)
    end = start + len(text)
    if entry.shape != model.shape and {entry.shape[0], model.shape[0]} != {"strong", "verb"}:
        raise Refused(reasons.MISSING if entry.shape[0] == "below" else reasons.PLACE)
    text = exact(page, (start, end))
    escaped = (page.raw is not None and text not in page.raw) or markup.ENTITY_LEFT_RE.search(text)
    if escaped or _goes_on(page, (start, end)) or _torn(page, (start, end), model.value or (0, 0)):
        raise Refused(reasons.ENCODING)
    refuse(_stands_in(text))
    text = _unwrapped(text, entry, before, behind)
    refuse(why_no_password(text, login, proven))
    return text


def leads_to(page: Page, span: Span) -> str:
    """What a place shows, and where its links lead."""
    start, end = span
    return " ".join([page.flat[start:end], *(to for first, last, to in page.links if first < end and last > start)])


def exact(page: Page, span: Span) -> str:
    """The characters at a place, if what a person sees there is certain."""
    start = max(len(page.flat[: span[0]].rstrip()), page.flat.rfind("\n", 0, span[0]) + 1)
    inside = any(span[0] < tag.place < span[1] for tag in page.tags)
    if inside or any(start <= place <= span[1] for place in page.strange):
        raise Refused(reasons.ENCODING)
    return page.shows(span)


def _touching(page: Page, span: Span) -> tuple[list[Tag], list[Tag], int]:
    """The tags that touch the two ends of a value, with nothing visible in between; and where that begins again."""
    first, last = len(page.flat[: span[0]].rstrip()), len(page.flat) - len(page.flat[span[1] :].lstrip())
    return (
        [tag for tag in page.tags if first <= tag.place <= span[0]],
        [tag for tag in page.tags if span[1] <= tag.place <= last],
        last,
    )


def _stands_in(text: str) -> str | None:
    """Why a text is a mask or a placeholder; None when it is neither."""
    if shapes.PLACEHOLDER_RE.fullmatch(text):
        return reasons.PLACEHOLDER
    return reasons.MASKED if shapes.MASK_RE.fullmatch(text) else None


def _one_token(text: str, entry: Entry, behind: str) -> str:
    """A value's one word; what follows it is a remark, what follows the login as well, or the next sentence."""
    found = shapes.TOKEN_RE.match(text)
    token = found[0] if found else ""
    rest = text[len(token) :]
    remark = shapes.REMARK_RE.fullmatch(rest) and not words.CASE.isdisjoint(words.words_of(rest))
    sentence = entry.shape[0] == "verb" and token.endswith(".") and re.match(r" [^\W\d_a-z]", rest)
    if rest.strip() and not remark and not sentence and not (rest == behind and rest.strip() in tuple(".,;")):
        raise Refused(_stands_in(text) or _stands_in(text.replace(" ", "")) or reasons.WORDS)
    return token


def _goes_on(page: Page, span: Span) -> bool:
    """Whether the next line may be the rest of the value: one word that nothing explains."""
    _left, right, start = _touching(page, span)
    following = page.flat[start:].partition("\n")[0]
    if not re.fullmatch(r"[^\s:=@]+", following) or kind_of(following) in OURS:
        return False
    below = 0 if shapes.RULE_RE.fullmatch(following) else page.flat.count("\n", span[1], start)
    if not below or len(right) > 1 or below > 1:
        if shapes.TICKET_RE.fullmatch(following):
            return False
        return below > 0 and re.search(r"\d[^\W\d_]|[^\W\d_]\d", following) is not None
    return bool(right) or page.flat[span[1] - 1] in "-=/\\+&" or not shapes.CLOSING_WORD_RE.fullmatch(following)


def _opened(run: list[Tag]) -> list[Tag]:
    """The tags right before a value, without those that end what stood before, or give structure."""
    return list(itertools.dropwhile(lambda tag: tag.name[0] == "/" or tag.name in markup.STRUCTURE, run))


def _torn(page: Page, span: Span, model: Span) -> bool:
    """Whether a tag that touches a value may be the value's own: characters of a password that nobody escaped.

    Such a tag has no other end, or is none that the login's place (``model``) has.
    """
    left, right, _last = _touching(page, span)
    like_left, like_right, _last = _touching(page, model)
    usual = {tag.name for tag in _opened(like_left) if not tag.paired}
    ends = any(tag.name[0] == "/" and not tag.paired for tag in (*left, *right))
    if ends or any(not tag.paired and tag.name not in usual for tag in _opened(left)):
        return True
    first = right[0] if right else Tag(0, "/")
    usual |= {tag.name for tag in like_right[:1]}
    open_ended = first.name in usual and (first.paired or first.name in markup.OPEN_ENDED)
    return first.name[0] != "/" and first.name != "br" and not open_ended


def _unwrapped(text: str, entry: Entry, before: str, behind: str) -> str:
    """Drop what stands around the login too: quotes, brackets, the comma or full stop of a sentence."""
    behind = "" if re.match(r" (?:\(|[.,;]$)", behind) else behind
    sentence = behind[-1:] in tuple(".,;") or entry.shape[0] == "verb"
    behind = behind.rstrip(".,;")
    if sentence and text[-1] in ".,;":
        text = text[:-1]
    elif text[-1] in (".,;:!?" if sentence else ".,;:"):
        raise Refused(reasons.AMBIGUOUS)
    if before or behind:
        # Marks at one end of the login alone may be half of a pair.
        alike = before and behind and text.startswith(before) and text.endswith(behind)
        if not alike or len(text) <= len(before + behind):
            raise Refused(reasons.AMBIGUOUS)
        text = text[len(before) : len(text) - len(behind)]
    elif (paired := shapes.PAIRED_RE.fullmatch(text)) and paired.lastindex:
        return paired[paired.lastindex].strip(BLANK)
    # A mark at one end may be half of a pair, a footnote's star, or a sentence's; a pair round other marks may be
    # the password's own.
    mirrored = text[:1] == text[-1:] and not text[:1].isalnum()
    if mirrored or text[0] in shapes.MARKS + ":=" or text[-1] in shapes.MARKS:
        raise Refused(reasons.AMBIGUOUS)
    return text


def _no_text(text: str, login: str) -> str | None:
    """Why a text cannot be a password whatever its shape."""
    if not text.strip(BLANK):
        return reasons.MISSING
    address = shapes.LOGIN_RE.fullmatch(text) and ("@" not in text or "." in text.partition("@")[2])
    if login.lower() in text.lower() or text.lower() == login.lower().partition("@")[0] or address:
        return reasons.LOGIN_AGAIN
    return reasons.CONTROL if not text.isprintable() or markup.UNKNOWN in text else _stands_in(text)


def why_no_password(text: str, login: str, proven: bool = False) -> str | None:
    """Why a text is not a password by its shape; None when it may be one."""
    plain = words.words_of(text)
    stand_in = shapes.STAND_IN_RE.search("".join(plain)) and not re.search(r"\d.*\D", "".join(plain))
    if kind_of(text) in OURS or (stand_in and re.fullmatch(r"[\w.-]+", text)):
        return reasons.PLACEHOLDER
    if why := _no_text(text, login):
        return why
    said = [word.rstrip("0123456789") in prose.REMARKS for word in plain]
    some = any(one and len(word) > 3 for one, word in zip(said, plain))
    if plain and (all(said) or (some and re.fullmatch(r"[\w./\u2019-]+", text))):
        return reasons.REMARK
    if shapes.ONE_KIND_RE.fullmatch(text):
        return None if proven and re.fullmatch("[A-Za-z0-9]{6,64}", text) else reasons.ONE_KIND
    if len(text) <= 64 and shapes.PROSE_RE.fullmatch(text):
        return reasons.REMARK
    if text[-1] in "\u00c2\u00c3":  # what a wrong charset leaves of a blank that does not break
        return reasons.ENCODING
    odd = not 6 <= len(text) <= 64 or shapes.OTHER_THINGS_RE.fullmatch(text) or re.search(r"[^!-~\u00c0-\u024f]", text)
    return reasons.SHAPE if odd else None


def why_no_secret(text: str, login: str) -> str | None:
    """Why a text that was given as the password alone cannot be one; None when it can."""
    if why := _no_text(text, login):
        return why
    if len(text.encode("utf-8", "replace")) > MAX_PASSWORD:
        return reasons.LONG_PASSWORD
    if shapes.LINK_RE.search(text):
        return reasons.LINK
    label = re.match(r"[^:=]{1,60}(?=[:=])", text + ":")
    named = label is not None and kind_of(label[0]) in grammar.ABOUT_PASSWORD
    return reasons.AMBIGUOUS if text != text.strip(BLANK) or named else None
