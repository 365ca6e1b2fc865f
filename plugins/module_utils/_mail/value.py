# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The password's exact characters out of a page, or the reason why they are not certain: pure."""

from __future__ import annotations

import itertools
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import words
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.grammar import Entry, Kind, Value, kind_of
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import BLANK, Page
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.verdict import Refused

#: Octets that PAP can carry (RFC 1334, section 2.2.1: its length is one octet).
MAX_PASSWORD = 255
#: Pairs of marks that no keyboard has: a value in one of them is what stands inside.
_PAIRS = ("\u00ab\u00bb", "\u201c\u201d", "\u201e\u201c", "\u201e\u201d", "\u2018\u2019")
#: Marks that are taken off only where the login stands in the same ones, or where they pair.
_MARKS = "\"'`*()[]<>{}"
#: A pair of them round nothing but letters and digits stands round the value, too.
_PAIRED_RE = re.compile(r"(\"|'|`|\*\*?)([A-Za-z0-9]+)\1|(?:\[(?=.*\]$)|\((?=.*\)$)|<(?=.*>$))([A-Za-z0-9]+)[])>]")
_TAG_PAIR_RE = re.compile(r"<(b|strong|i|em|u|code|tt)>([^<>\s]+)</\1>")
_REMARK_RE = re.compile(r"\s*\((?:[^\W\d_]{2,}[ ,'\u2019-]+)+[^\W\d_]{2,}[.!]?\)")


def password_of(page: Page, entry: Entry, model: Entry, login: str, proven: bool) -> str:
    """The characters of an entry's value. ``model``: the login's entry, which is written alike.

    :raises Refused: when it is not certain where the value begins and ends, or it is not a password's shape.
    """
    value = entry.value
    if value is None or not value.text:
        raise Refused(words.WHY_PLACEHOLDER if value and value.chunk.strange else words.WHY_MISSING)
    chunk, start = value.chunk, value.start
    if not chunk.whole:
        raise Refused(words.WHY_LONG)
    if words.LINK_RE.search(value.text) or any(first < value.end and last > start for first, last in chunk.links):
        raise Refused(words.WHY_LINK)
    text = _one_token(value, entry, model, login)
    end = start + len(text)
    if entry.place != model.place or entry.gap != model.gap or entry.doubtful:
        raise Refused(words.WHY_MISSING if entry.place == "below" else words.WHY_PLACE)
    if entry.mark not in ("strong", "verb") and entry.mark != model.mark:
        raise Refused(words.WHY_PLACE)
    if (
        any(start < place < end for place, _tag in chunk.tags)
        or any(start <= place <= end for place in chunk.strange)
        or _goes_on(page, value, text)
        or (page.is_html and _torn(page, value, end, model.value))
        or (page.maybe_encoded and re.search(r"=3D|=[C-F][0-9A-F]=[89AB][0-9A-F]", text))
        or _may_be_escaped(page, chunk.raw, text)
    ):
        raise Refused(words.WHY_ENCODING)
    why = _stands_in(text)
    if not why:
        text = _unwrapped(text, entry, model, login)
        why = why_no_password(text, login, proven)
    if why:
        raise Refused(why)
    return text


def _may_be_escaped(page: Page, raw: str | None, text: str) -> bool:
    """Whether a value of a text part may hold HTML's entities, and nothing shows whether the part is escaped."""
    if raw is not None and words.ENTITY_LOOK_RE.search(raw) and not raw.endswith(text):
        return page.decoded < 2
    return not page.is_html and not page.decoded and words.ENTITY_LOOK_RE.search(text) is not None


def _stands_in(text: str) -> str | None:
    """Why a text is a mask or a placeholder; None when it is neither."""
    if words.PLACEHOLDER_RE.fullmatch(text):
        return words.WHY_PLACEHOLDER
    return words.WHY_MASKED if words.MASK_RE.fullmatch(text) else None


def _around_login(model: Entry, login: str) -> tuple[str, str]:
    """What stands before and after the login where it is given."""
    around = model.value.text if model.value else login
    place = around.lower().find(login.lower())
    return around[:place], words.MAILTO_RE.sub("", around[place + len(login) :], count=1)


def _one_token(value: Value, entry: Entry, model: Entry, login: str) -> str:
    """The value's one word; a remark in brackets may follow it, and the next sentence follow a sentence."""
    text = value.chunk.flat[value.start : value.end]
    if re.fullmatch(r"\u00ab ?\S+ ?\u00bb[.,;]?", text):
        return value.text
    first = text.split(" ", 1)[0]
    rest = text[len(first) :]
    if (
        not rest.strip()
        or (_REMARK_RE.fullmatch(rest) and not words.CASE.isdisjoint(words.words_of(rest)))
        or (rest == _around_login(model, login)[1] and rest.strip() in tuple(".,;"))
    ):
        return value.text[: len(first)]
    if entry.mark == "verb" and first.endswith(".") and re.match(r" [^\W\d_a-z]", rest):
        return value.text[: len(first)]
    raise Refused(_stands_in(text) or _stands_in(text.replace(" ", "")) or words.WHY_WORDS)


def _goes_on(page: Page, value: Value, text: str) -> bool:
    """Whether the next line may be the rest of the value: one word that nothing explains, right below it."""
    if value.number + 1 >= len(page.chunks) or value.end < len(value.chunk.text):
        return False
    chunk = page.chunks[value.number + 1]
    if not chunk.text or chunk.quoted or re.search(r"\s|[:=@]|//", chunk.flat):
        return False
    if kind_of(words.words_of(chunk.flat))[0] in (Kind.LOGIN, Kind.PASSWORD):
        return False
    if page.is_html:
        return len(value.chunk.after) == 1 and chunk.before == value.chunk.after
    return text[-1:] in "-=/\\+&" or re.fullmatch(r"[^\W\d_a-z][^\W\d_]*[.,!]?|.*[.,!]|[-_=*~#]+", chunk.flat) is None


def _around(value: Value, end: int) -> tuple[list[int], list[int]]:
    """The tags that touch the two ends of a value, with nothing visible in between."""
    chunk = value.chunk
    blank = len(chunk.flat[: value.start].rstrip(" \t"))
    left = [tag for place, tag in chunk.tags if blank <= place <= value.start]
    right = [tag for place, tag in chunk.tags if place >= end]
    if value.start == 0:
        left = [*chunk.before, *(tag for tag in left if tag not in chunk.before)]
    if end == len(chunk.text):
        right = [*right, *(tag for tag in chunk.after if tag not in right)]
    return left, right


def _torn(page: Page, value: Value, end: int, model: Value | None) -> bool:
    """Whether a tag that touches a value may be the value's own: characters of a password that nobody escaped.

    Such a tag has no other end, or an end that stands elsewhere, or is none that the login's place has.
    """
    left, right = _around(value, end)
    like_left, like_right = _around(model, model.end) if model else ([], [])
    if any(page.tags[tag].startswith("/") and tag not in page.pairs for tag in (*left, *right)):
        return True
    opened = _opened(page, left)
    alike = [page.tags[tag] for tag in opened] == [page.tags[tag] for tag in _opened(page, like_left)]
    waiting = [tag for tag in opened if page.tags[tag] not in words.VOID]
    if any(page.tags[tag] in words.VOID for tag in opened) and not alike:
        return True
    closed = False
    for tag in right:
        name = page.tags[tag]
        if name.startswith("/"):
            while waiting and waiting[-1] != page.pairs[tag]:
                if not alike or page.tags[waiting.pop()] not in words.OPEN_ENDED:
                    return True
            waiting = waiting[:-1]
            closed = True
            continue
        if name == "o:p":  # Outlook's own, always empty
            waiting.append(tag)
            continue
        usual = name == "br" or closed or name in [page.tags[one] for one in like_right[:1]] or _habit(page, name, left)
        return not usual or any(not alike or page.tags[one] not in words.OPEN_ENDED for one in waiting)
    return False


def _habit(page: Page, name: str, left: list[int]) -> bool:
    """Whether the mail leaves such elements open as a habit: it did so before the one that holds the value."""
    before = [one for one, tag in enumerate(page.tags[: left[0]] if left else []) if tag == name]
    return name in words.OPEN_ENDED and sum(one not in page.pairs for one in before) > 1


def _opened(page: Page, run: list[int]) -> list[int]:
    """The elements that begin right before a value: the tags after the last end tag, and after those of structure."""
    ends = [place for place, tag in enumerate(run) if page.tags[tag].startswith("/")]
    return list(itertools.dropwhile(lambda tag: page.tags[tag] in words.STRUCTURE, run[ends[-1] + 1 if ends else 0 :]))


def _unwrapped(text: str, entry: Entry, model: Entry, login: str) -> str:
    """Drop what stands around the login too: quotes, brackets, the comma or full stop of a sentence."""
    prefix, suffix = _around_login(model, login)
    if re.match(r" (?:\(|[.,;]$)", suffix):
        suffix = ""
    sentence = suffix[-1:] in tuple(".,;") or entry.mark == "verb"
    suffix = suffix.rstrip(".,;")
    alone = entry.place != "line"
    if text[-1:] in ".,;:!?" and (sentence or (text[-1] not in "!?" and not alone)):
        if not sentence or text[-1] in ":!?" or (entry.joined and entry.mark != "verb"):
            raise Refused(words.WHY_AMBIGUOUS)
        text = text[:-1]
    if not text:
        raise Refused(words.WHY_MISSING)
    tagged = _TAG_PAIR_RE.fullmatch(text)
    if tagged and prefix in ("", f"<{tagged[1]}>"):
        return tagged[2]
    if re.search(r"\w", prefix + suffix) or len(prefix + suffix) > 6:
        raise Refused(words.WHY_AMBIGUOUS)
    if prefix or suffix:
        if not (text.startswith(prefix) and text.endswith(suffix)) or len(text) <= len(prefix + suffix):
            raise Refused(words.WHY_AMBIGUOUS)
        return text[len(prefix) : len(text) - len(suffix)]
    if any(text[0] == pair[0] and text[-1] == pair[1] for pair in _PAIRS):
        return text[1:-1].strip(BLANK)
    paired = _PAIRED_RE.fullmatch(text)
    if paired:
        return paired[2] or paired[3]
    # A mark at one end may be half of a pair, a footnote's star, or a sentence's; a pair round other marks may be
    # the password's own.
    mirrored = text[0] == text[-1] and not text[0].isalnum()
    if mirrored or text[0] in _MARKS or text[-1] in _MARKS or (not alone and text[0] in ":=>"):
        raise Refused(words.WHY_AMBIGUOUS)
    return text


def _no_text(text: str, login: str) -> str | None:
    """Why a text cannot be a password whatever its shape."""
    if not text.strip(BLANK):
        return words.WHY_MISSING
    if (
        login.lower() in text.lower()
        or text.lower() == login.lower().partition("@")[0]
        or (words.LOGIN_RE.fullmatch(text) and "." in text.partition("@")[2])
    ):
        return words.WHY_LOGIN_AGAIN
    if not text.isprintable() or "\ufffd" in text:  # the sign for a character that could not be decoded
        return words.WHY_CONTROL
    return _stands_in(text)


def why_no_password(text: str, login: str, proven: bool = False) -> str | None:
    """Why a text is not a password by its shape; None when it may be one."""
    plain = words.words_of(text)
    letters = "".join(plain)
    kinds = [re.search(kind, text) for kind in ("[a-z\u00df-\u00ff]", "[A-Z]", r"\d", r"[^\w]|_")]
    named = kind_of(plain)[0] in (Kind.LOGIN, Kind.PASSWORD)
    if named or (text.isalnum() and words.STAND_IN_RE.search(letters) and not re.search(r"\d.*\D", letters)):
        return words.WHY_PLACEHOLDER
    why = _no_text(text, login)
    if why:
        return why
    said = [word.rstrip("0123456789") in words.REMARKS for word in plain]
    long = [one for one, word in zip(said, plain) if len(word) > 3]
    if plain and (all(said) or (any(long) and re.fullmatch(r"[\w./\u2019-]+", text))):
        return words.WHY_REMARK
    if sum(kind is not None for kind in kinds) < 2:
        return None if proven and text.isalnum() and text.isascii() and 6 <= len(text) <= 64 else words.WHY_ONE_KIND
    if len(text) <= 64 and words.PROSE_RE.fullmatch(text):
        return words.WHY_REMARK
    strange = not 6 <= len(text) <= 64 or words.OTHER_THINGS_RE.fullmatch(text) or re.search(r"[^\w!-~]", text)
    return words.WHY_SHAPE if strange else None


def why_no_secret(text: str, login: str) -> str | None:
    """Why a text that was given as the password alone cannot be one; None when it can."""
    why = _no_text(text, login)
    if why:
        return why
    if len(text.encode("utf-8", "replace")) > MAX_PASSWORD:
        return words.WHY_LONG_PASSWORD
    if words.LINK_RE.search(text):
        return words.WHY_LINK
    label = re.match(r"[^:=]{1,60}(?=[:=])", text + ":")
    named = label and kind_of(words.words_of(label[0]))[1]
    return words.WHY_AMBIGUOUS if text != text.strip(BLANK) or named else None
