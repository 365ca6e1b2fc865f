# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader over the corpus of mails, over many made ones, and over hostile ones; and the corpus over bad readers."""

from __future__ import annotations

import base64
import contextlib
import pathlib
import random
import sys
import time
import types
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import (
    mail_html,
    mail_labels,
    mail_link,
    mail_page,
    mail_password,
    mail_tags,
    mail_text,
    mail_verdict,
    mail_words,
    ppp_mail,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus, figures

KNOWN = ppp_mail.Line(corpus.SERVICE, corpus.LOGIN)
UNKNOWN = ppp_mail.Line(corpus.SERVICE)
NUMBER = 20_000


def test_the_corpus():
    cases = corpus.corpus()
    assert len(cases) >= 150 and len({case.name for case in cases}) > 300
    result = figures.measure(cases)
    print(f"\ncorpus: {result}")
    assert not result.failures


def test_the_generated_mails():
    began = time.process_time()
    result = figures.measure(figures.generated(NUMBER, 4))
    spent = time.process_time() - began
    print(f"\ngenerated: {result}; {spent:.1f} s of processor time")
    assert result.mails == NUMBER and result.wrong == 0, result.failures
    assert result.right >= 0.99 * result.readable > 10_000
    assert result.refused >= 0.99 * result.refusable > 5_000
    assert spent < 60


PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


@settings(deadline=None, max_examples=200)
@given(
    st.text(PRINTABLE, min_size=1, max_size=24).filter(lambda word: word == word.strip()),
    st.sampled_from(sorted(corpus.WORDS)),
    st.sampled_from([*corpus.TEXT, *corpus.HTML]),
    st.sampled_from(corpus.TRANSPORTS),
    st.booleans(),
)
def test_any_printable_password_comes_back_whole_or_is_refused(password, language, layout, transport, known):
    case = corpus.readable(language, layout, password, transport=transport, known=known)
    reading = ppp_mail.read(*case.inputs(), KNOWN if known else UNKNOWN)
    # A full stop that may be the sentence's is certain only where the login's line shows it.
    assert reading.password in (password, None), (case, reading.password)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=400))
def test_nothing_raises(title, text, html):
    for line in (KNOWN, UNKNOWN):
        ppp_mail.read(title, text, html, line)
        ppp_mail.read(title, f"Login: {corpus.LOGIN}\nPassword: {text}", f"<td>Password<td>{html}", line)


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
            reading = ppp_mail.read(corpus.title_of("en"), None, corpus.framed("en", body, True), KNOWN)
            assert reading.password in (password, None), (password, reading.password)


MEBIBYTE = 1 << 20
UNITS = [
    *(
        "a",
        "<",
        "<b>",
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
    *("mot de passe ", "mot de passe\n", "Mot de passe : a1\n", "login ", "login: a.a.a.a@", "xdsl-a-"),
    *("xdsl-ab12345-1 ", f"{corpus.LOGIN} ", f"Login: {corpus.LOGIN}\n", f"login: {corpus.LOGIN}, password: x "),
    *("<td>login</td><td>password</td>", f"<p>Login: {corpus.LOGIN}</p><p>Password: x</p>"),
    f"<tr><td>Login<td>{corpus.LOGIN}<tr><td>Password<td>x9y",
]


BLOB = base64.encodebytes(random.Random(1).randbytes(MEBIBYTE)).decode()
NOISE = "".join(random.Random(2).choices("<>&;:=@./ \n\tabpassword", k=MEBIBYTE))
HOSTILE = {
    **{repr(unit): unit * (MEBIBYTE // len(unit)) for unit in UNITS},
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
                reading = ppp_mail.read(*parts, KNOWN)
                best = min(best, time.process_time() - began)
                if best < 0.05:
                    break
            assert best < LIMIT, (name, best)
            assert reading.verdict is not ppp_mail.Verdict.CREDENTIALS


#: What is changed in which module, and to what: defects that a careless edit could make.
DEFECTS: dict[str, tuple[t.Any, str, str]] = {
    "another access is not noticed": (ppp_mail, "if services and not ours:", "if False:"),
    "the modem's mail is taken": (ppp_mail, "if _modem_title(title):", "if False:"),
    "the first of two passwords is taken": (
        mail_password,
        "if len({value.text for _label, value in values}) > 1:",
        "if False:",
    ),
    "the first of two logins is taken": (ppp_mail, "if others and _mentions(whole, login):", "if False:"),
    "a mask is a password": (mail_password, "if MASK_RE.fullmatch(text) or", "if False and"),
    "a placeholder is a password": (mail_password, "if PLACEHOLDER_RE.fullmatch(text) or", "if False and"),
    "a sentence's full stop is kept": (mail_password, "if sentence:", "if False:"),
    "every final full stop is dropped": (mail_password, "if sentence:", "if True:"),
    "quotes are part of the password": (mail_password, "if prefix or suffix:", "if False:"),
    "the password of the login before is taken": (
        mail_password,
        "if nearest is None or nearest.value is None or login.lower() not in nearest.value.text.lower():",
        "if False:",
    ),
    "prose is a password": (mail_password, "if not stand_in and _is_prose(value):", "if False:"),
    "the next line is always taken": (
        mail_password,
        "if theirs is None or theirs.kind != value.kind or theirs.gap != value.gap:",
        "if False:",
    ),
    "the older mail below is read": (mail_text, "chunk.quoted = chunk.quoted or quoted", "chunk.quoted = False"),
    "entities are not decoded": (mail_page, 'if "&" in text else text', "if False else text"),
    "white space is squeezed": (mail_html, 'if match[0] == " " else "\\u00a0"', "if True else ''"),
    "a link is not noticed": (mail_text, "page.secret_link = _SECRET_RE.search(source) is not None", "pass"),
    "quoted-printable is left": (mail_text, "if len(found) > 1 and", "if False and"),
    "another section's password is taken": (mail_password, "if len(between) > 15 or any(", "if False and any("),
    "a word is a password": (mail_password, "or _is_word(text)", ""),
    "a tag that nobody escaped is cut off": (
        mail_password,
        "if page.is_html and may_be_the",
        "if False and may_be_the",
    ),
    "a word after a tag is not noticed": (
        mail_tags,
        "len(right) == 1 and _a_word_follows",
        "False and _a_word_follows",
    ),
    "any host's link is opened": (mail_link, "https://(?:{_PLACES})", r"https://[\w.-]+/manager"),
    "a strange link beside it is not noticed": (mail_link, "elif _LOOKS_SECRET_RE.search(address):", "elif False:"),
    "the first of two links is opened": (ppp_mail, "if len(ids) > 1:", "if False:"),
    "a link beside a password is opened": (ppp_mail, "        return Refused(WHY_LINK_TOO)", "        pass"),
    "another password's link is opened": (
        ppp_mail,
        "if not pppoe or refused.reading.why not in",
        "if () and () not in",
    ),
    "the two parts are not compared": (ppp_mail, "if len(good) == 2:", "if False:"),
}
#: The modules of the reader, each after the ones that it imports.
READER = (
    mail_words,
    mail_verdict,
    mail_page,
    mail_html,
    mail_text,
    mail_labels,
    mail_link,
    mail_tags,
    mail_password,
    ppp_mail,
)
PACKAGE = "ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail"


@contextlib.contextmanager
def broken_reader(module: types.ModuleType, old: str, new: str) -> t.Iterator[types.ModuleType]:
    """The reader with one text of its source replaced."""
    originals = READER
    package = sys.modules[PACKAGE]
    try:
        for original in originals:
            source = pathlib.Path(original.__file__ or "").read_text(encoding="utf-8")
            if original is module:
                assert source.count(old) == 1, f"the source no longer holds {old!r} once"
                source = source.replace(old, new)
            copy = types.ModuleType(original.__name__)
            sys.modules[original.__name__] = copy
            setattr(package, original.__name__.rpartition(".")[2], copy)
            exec(compile(source, original.__name__, "exec"), copy.__dict__)  # noqa: S102  # our own source, with one defect put in
        yield sys.modules[ppp_mail.__name__]
    finally:
        for original in originals:
            sys.modules[original.__name__] = original
            setattr(package, original.__name__.rpartition(".")[2], original)


def quick_cases() -> list[corpus.Case]:
    return [*corpus.corpus(), *figures.generated(400, 11)]


def test_the_unbroken_copy_passes_the_quick_cases():
    with broken_reader(mail_password, "if sentence:", "if sentence :") as copy:
        result = figures.measure(quick_cases(), copy.read, copy.Line)
    assert not result.failures


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_caught(defect):
    with broken_reader(*DEFECTS[defect]) as copy:
        result = figures.measure(quick_cases(), copy.read, copy.Line)
    print(f"\n{defect}: caught by {len(result.failures)} mails, {result.wrong} of them with wrong credentials")
    assert result.failures
