# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader over the corpus of mails, over many made ones, and over hostile ones; and the corpus over bad readers."""

from __future__ import annotations

import base64
import dataclasses
import html
import random
import re
import time
import types
import typing as t

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import (
    grammar,
    markup,
    older,
    page,
    prose,
    reader,
    reasons,
    shapes,
    value,
    words,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus, figures, maker, slowest, small, unlike

KNOWN = reader.Line(corpus.SERVICE, corpus.LOGIN)
UNKNOWN = reader.Line(corpus.SERVICE)
#: Mails of each generator; `make soak` takes many more, with fresh seeds.
NUMBER = 5_000


def test_the_mails_that_stand_still():
    assert len(small.SMALL) == 135 and len(unlike.UNLIKE) > 60
    assert not list(figures.faults())


def test_the_corpus():
    cases = corpus.corpus()
    assert len(cases) >= 150 and len({case.name for case in cases}) > 300
    result = figures.measure(cases)
    print(f"\ncorpus: {result}")
    assert not result.failures


def test_the_generated_mails():
    result = figures.measure(figures.generated(NUMBER, 4))
    print(f"\ngenerated: {result}")
    assert result.mails == NUMBER and result.wrong == 0, result.failures
    assert result.right >= 0.99 * result.readable > NUMBER / 2
    assert result.refused >= 0.99 * result.refusable > NUMBER / 4


def test_the_mails_of_the_second_generator():
    result = figures.survey(NUMBER, 4)
    print(f"\nsecond generator: {result}")
    assert not result.wrong
    assert all(right >= 0.97 * mails > 0 for mails, right in result.plain.values()), result.plain
    assert len(result.plain) == len([*maker.TEXT, *maker.HTML, "sentence", *maker.LANGUAGES])
    assert all(result.share(kind) >= 0.9 for kind in result.kinds)


PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


@settings(deadline=None, max_examples=200)
@given(
    # A blank inside is another word: "Zq7x (see below)" has a remark behind it, whoever wrote it.
    st.text(PRINTABLE, min_size=1, max_size=24).map(lambda word: word.replace(" ", "~")),
    st.sampled_from(sorted(corpus.WORDS)),
    st.sampled_from([*corpus.TEXT, *corpus.HTML]),
    st.sampled_from(corpus.TRANSPORTS),
    st.booleans(),
)
def test_any_printable_password_comes_back_whole_or_is_refused(password, language, layout, transport, known):
    case = corpus.readable(language, layout, password, transport=transport, known=known)
    reading = reader.read(*case.inputs(), KNOWN if known else UNKNOWN)
    # A full stop that may be the sentence's is certain only where the login's line shows it.
    # A pair of marks round letters and digits alone stands round the password.
    inside = re.fullmatch(r"[^\w\s]{1,2}([A-Za-z0-9]+)[^\w\s]{1,2}", password)
    assert reading.password in (password, None, inside and inside[1]), (case, reading.password)


MARKS = st.sampled_from([*(":", "=", ":=", "=>", "==>", "->", "-->", "...", "....:"), *"\uff1a\u2192\u21d2\u2794"])
BLANKS = st.sampled_from(["", " ", "\t", "\u00a0"])


@settings(deadline=None, max_examples=600)
@given(MARKS, MARKS | st.none(), BLANKS, BLANKS, st.text("=:>-.<*aB7", max_size=4), st.booleans())
@example(":", None, "", "", "=", False)
@example("=", None, "", "", ">", False)
def test_a_mark_takes_nothing_of_the_value_that_touches_it(mark, other, before, behind, start, known):
    password = f"{start}Zq7canary"
    text = f"Login{before}{mark}{behind}{corpus.LOGIN}\nPassword{before}{other or mark}{behind}{password}"
    # Where the login's mark, or a colon at the end of dots, fits as well, no person can tell.
    seen, own = f"{other or mark}{behind}{start}", other or mark
    assume(not any(seen.startswith(one) and len(one) > len(own) for one in (mark, "...:", "....:")))
    reading = reader.read(corpus.title_of("en"), text, None, KNOWN if known else UNKNOWN)
    assert reading.password in (password, None), text


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=400))
def test_nothing_raises(title, text, html):
    for line in (KNOWN, UNKNOWN):
        reader.read(title, text, html, line)
        reader.read(title, f"Login: {corpus.LOGIN}\nPassword: {text}", f"<td>Password<td>{html}", line)


SIGNS = st.text("\"'`*_()[]<>{}\u00ab\u00bb\u201c\u201d.,;:!?-=/|& \u00a0\tab1A<b></b>", max_size=6)


@settings(deadline=None, max_examples=400)
@given(SIGNS, SIGNS, SIGNS, SIGNS, st.sampled_from([*corpus.TEXT, *corpus.HTML]), st.booleans())
def test_no_signs_round_login_and_password_make_it_stumble(before, after, left, right, layout, joined):
    """Whatever stands round the two: nothing raises, and what is read is what stands there, or its inside."""
    words_, value_ = corpus.WORDS["en"], f"{left}Zq7canary{right}"
    login = f"{before}{corpus.LOGIN}{after}"
    if joined:
        parts = (f"Login: {login}, password: {value_}\nYour login is {login} and your password is {right}", None)
    else:
        shape = (corpus.TEXT if layout in corpus.TEXT else corpus.HTML)[layout]
        body = shape(words_.logins[0], login, words_.passwords[0], value_)
        mail_ = corpus.framed("en", body, layout in corpus.HTML)
        parts = (None, mail_) if layout in corpus.HTML else (mail_, None)
    for line in (KNOWN, UNKNOWN):
        password = reader.read(corpus.title_of("en"), *parts, line).password
        assert password is None or password in html.unescape(value_)


NAMES = ("p", "div", "table", "tr", "td", "li", "pre", "br", "hr", "b", "span", "a", "h1", "body", "x7")
TAGS = [f"<{mark}{name}>" for name in NAMES for mark in ("", "/")]


@pytest.mark.parametrize("layout", corpus.HTML)
def test_a_tag_that_nobody_escaped_is_not_cut_off(layout):
    """A password that holds a tag, in a mail that forgets to escape: never half of it."""
    shape = corpus.HTML[layout]
    words = corpus.WORDS["en"]
    for tag in TAGS:
        inside = [f"ab7{tag}cd9", f"a{tag}b7", f"a<b7{tag}c"]
        outside = [f"ab7{tag}", f"{tag}cd9"] if layout not in ("header_swapped", "cells_paragraph", "pre") else []
        for password in [*inside, *(outside if tag != "<br>" else [])]:
            body = shape(words.logins[0], corpus.LOGIN, words.passwords[0], password)
            reading = reader.read(corpus.title_of("en"), None, corpus.framed("en", body, True), KNOWN)
            assert reading.password in (password, None), (password, reading.password)


MORE_NAMES = (
    *NAMES,
    "strong",
    "code",
    "dl",
    "dd",
    "ul",
    "thead",
    "tbody",
    "th",
    "i",
    "o:p",
    "font",
    "blockquote",
    "center",
)


@pytest.mark.parametrize("layout", maker.HTML)
def test_a_tag_that_nobody_escaped_is_not_cut_off_in_other_layouts(layout):
    shape = maker.HTML[layout]
    for tag in [f"<{mark}{name}>" for name in MORE_NAMES for mark in ("", "/")]:
        ends = [f"{tag}ab7Xqcd9", *([f"ab7Xqcd9{tag}"] if tag != "<br>" else [])]
        for password in (f"ab7Xq{tag}cd9Yw", f"a{tag}b7Xqcd9", f"ab7Xqcd{tag}9", f"ab7Xq{tag}cdefYw", *ends):
            for more in ("", "<p>Thank you for choosing us.</p>"):
                body = shape("Login", corpus.LOGIN, "Password", password) + more
                reading = reader.read("PPPoE", None, f"<html><body><p>Hello</p>{body}</body></html>", KNOWN)
                assert reading.password in (password, None), (password, reading.password)


MEBIBYTE = 1 << 20
UNITS = [
    *(
        "a",
        "<",
        "<b>",
        "<b",
        "<a ",
        "<!--",
        "<td>",
        "<tr><td>",
        "<table>",
        "<pre>\n",
        "&amp;",
        "&",
        "=3D",
        "=\n",
        "\n",
        "a\n",
    ),
    *("x:\n", "\t", " ", "\u00a0", "{{ ", "*", "> a\n", "a@a.", "On a wrote", "schrieb ", "https://a/secret/"),
    *("a  ", "| a ", ". ", "- ", "Mot de passe : a.a.a.a.a.a.a.A\n", "Mot de passe : AbcAbcAbcAbc!\n", "De : x : "),
    *("  de:x", "  to: ", "  to:\n", "| from: ", "schrieb\n", "schrieb x\n"),
    *("mot de passe ", "mot de passe\n", "Mot de passe : a1\n", "login ", "login: a.a.a.a@", "xdsl-a-"),
    *("xdsl-ab12345-1 ", f"{corpus.LOGIN} ", f"Login: {corpus.LOGIN}\n", f"login: {corpus.LOGIN}, password: x "),
    *("<td>login</td><td>password</td>", f"<p>Login: {corpus.LOGIN}</p><p>Password: x</p>"),
    *("\t=.", "<td>=.", "|a ", "<style>&amp;&amp;\u00e9/", "<style>a,b ", "<style>.a{font:0}.b,", "<style>.a   "),
    f"<tr><td>Login<td>{corpus.LOGIN}<tr><td>Password<td>x9y",
]


BLOB = base64.encodebytes(random.Random(1).randbytes(MEBIBYTE)).decode()
NOISE = "".join(random.Random(2).choices("<>&;:=@./ \n\tabpassword", k=MEBIBYTE))
HOSTILE = {
    **{repr(unit): unit * (MEBIBYTE // len(unit)) for unit in UNITS},
    "a tag without end": "<" + "a" * (MEBIBYTE - 1),
    "base64": BLOB[:MEBIBYTE],
    "base64 in one line": BLOB.replace("\n", "")[:MEBIBYTE],
    "noise": NOISE,
    **{f"{tag} 100,000 deep": f"<{tag}>" * 100_000 for tag in ("div", "b", "blockquote", "table><tr><td", "p><li")},
    "links": f"<a href='{corpus.LINK}'>x</a>" * (MEBIBYTE // 90),
    "link after link": corpus.LINK * (MEBIBYTE // len(corpus.LINK)),
    "labels without end": "mot de passe password senha has\u0142o " * (MEBIBYTE // 35),
}
#: Seconds of processor time that reading 1 MiB may take. The promise is 50 ms; a busy machine takes several times
#: as long for the same work, and what is not linear would take seconds.
LIMIT = 0.5


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mebibyte_takes_no_time(name):
    lines = f"<html><p>Login: {corpus.LOGIN}</p><p>Password: Zq7-can</p>"
    for source in (HOSTILE[name], (lines + HOSTILE[name])[:MEBIBYTE]):
        for parts in (("", source, None), ("", None, source), (source, "x", None)):
            best = LIMIT
            for _n in range(5):
                began = time.process_time()
                reading = reader.read(*parts, KNOWN)
                best = min(best, time.process_time() - began)
                if best < 0.05:
                    break
            assert best < LIMIT, (name, best)
            assert reading.verdict is not reader.Verdict.CREDENTIALS


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_mail_takes_not_much_more_than_four_times_as_long(unit):
    """Up to the size at which a mail is cut. What is quadratic would take sixteen times as long, on any machine."""
    growth = 99.0
    for _n in range(4):
        growth = min(growth, slowest.growth(unit))
        if growth < 8:
            break
    assert growth < 8, unit


#: Defects that a careless edit could make, each as a behaviour that is lost: module, name, what stands there instead.
NEVER = re.compile("(?!)")


class _Everything(frozenset[str]):
    """A list that holds every word: Python asks a derived class first, on either side of an operator."""

    def __ge__(self, _some: object) -> bool:
        return True

    def __rand__(self, some: t.Any) -> t.Any:
        return some

    def __or__(self, _more: object) -> t.Any:
        return self

    __ror__ = __or__

    def __rsub__(self, _some: object) -> frozenset[str]:
        return frozenset()


def _no(*_given: object) -> bool:
    return False


def _without(kind: str) -> re.Pattern[str]:
    """Where an older mail begins, but not in one of the ways."""
    ways = {"QUOTE_LINES", "QUOTE_HEAD", "QUOTE_TAIL", "QUOTE_INSIDE"} - {kind}
    return re.compile("|".join(getattr(older, way) for way in ways), re.I | re.M)


def _by_no_header(text: str) -> int:
    found = _without("QUOTE_LINES").search(text)
    return found.start() if found else len(text)


def _nothing(*_given: object) -> None:
    return None


def _whole(text: str, *_more: object) -> str:
    return text


def _as_if_bare(text: str, entry: grammar.Entry, *_around: str) -> str:
    return UNWRAPPED(text, entry, "", "")


def _anywhere(page_: t.Any, entry: grammar.Entry, model: grammar.Entry, *more: t.Any) -> str:
    """The value, wherever it stands."""
    return ORIGINAL(page_, entry, dataclasses.replace(model, shape=entry.shape), *more)


def _missing(*_given: object) -> str:
    raise value.Refused(reasons.MISSING)


def _the_first(_page: object, found: t.Any, loose: t.Any, *_more: object) -> t.Any:
    if found:
        return found[0]
    if loose:
        return loose[0], loose[0]
    raise value.Refused(reasons.MISSING)


ORIGINAL = value.password_of
UNWRAPPED = value._unwrapped
DEFECTS: dict[str, tuple[types.ModuleType | type, str, t.Any]] = {
    "another access is not noticed": (shapes, "SERVICE_RE", NEVER),
    "the modem's mail is taken": (prose, "MODEM_RE", NEVER),
    "a mask is a password": (shapes, "MASK_RE", NEVER),
    "a placeholder is a password": (shapes, "PLACEHOLDER_RE", NEVER),
    "a date is a password": (shapes, "OTHER_THINGS_RE", NEVER),
    "a remark is a password": (shapes, "PROSE_RE", NEVER),
    "other services are not known": (words, "FOREIGN", frozenset()),
    "any word may stand in a label": (words, "NEUTRAL", _Everything()),
    "any label may stand between": (words, "SETTINGS", _Everything()),
    "another line's login is not noticed": (shapes, "PPP_LOGIN_RE", NEVER),
    "any login is the line's": (shapes, "PPP_LOGIN_RE", re.compile(".*", re.S)),
    "several words are a password": (value, "_one_token", _whole),
    "what stands around the login is not looked at": (value, "_unwrapped", _as_if_bare),
    "any place is the login's place": (value, "password_of", _anywhere),
    "the older mail below is read": (older, "begins", len),
    "the headers of an older mail are not known": (older, "begins", _by_no_header),
    "the line above an older mail is not known": (older, "_OLDER_RE", _without("QUOTE_TAIL")),
    "an older mail's frame is not known": (markup, "QUOTE_TAG_RE", NEVER),
    "what is hidden is read": (markup, "UNSEEN_RE", NEVER),
    "a heading that nobody knows is passed over": (reader, "_why_not_ours", _nothing),
    "entities are not decoded": (page, "_unescape", str),
    "an ampersand begins an entity": (page, "_unescape", html.unescape),
    "a link is not noticed": (markup, "SECRET_RE", NEVER),
    "quoted-printable is left": (markup, "QP_RE", NEVER),
    "a tag that nobody escaped is cut off": (value, "_torn", _no),
    "a word after a tag is not noticed": (value, "_goes_on", _no),
    "an escape is not noticed": (page.Page, "raw", property(_nothing, _no)),
    "any host's link is opened": (markup, "SECRET_ADDRESS_RE", re.compile(r"https?://\S*?id=(?P<id>[-0-9a-f]{36})")),
    "a strange link beside it is not noticed": (markup, "LOOKS_SECRET_RE", NEVER),
    "a link beside a password is opened": (value, "password_of", _missing),
    "a link that stands anywhere is opened": (value, "leads_to", lambda page_, _entry: page_.flat),
    "the two parts are not compared": (reader, "_agreed", lambda first, _second: first),
    "the first of two passwords is taken": (reader, "_only", _the_first),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_caught(defect, monkeypatch):
    module, name, instead = DEFECTS[defect]
    assert hasattr(module, name)
    monkeypatch.setattr(module, name, instead)
    grammar.kind_of.cache_clear()
    try:
        first = next(figures.faults(), None)
    finally:
        grammar.kind_of.cache_clear()
    print(f"\n{defect}: {first}")
    assert first is not None
