# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader over the corpus of mails, over many made ones, and over hostile ones; and the corpus over bad readers."""

from __future__ import annotations

import base64
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import corpus, figures

KNOWN = reader.Line(corpus.SERVICE, corpus.LOGIN)
UNKNOWN = reader.Line(corpus.SERVICE)
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
    reading = reader.read(*case.inputs(), KNOWN if known else UNKNOWN)
    # A full stop that may be the sentence's is certain only where the login's line shows it.
    assert reading.password in (password, None), (case, reading.password)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=400))
def test_nothing_raises(title, text, html):
    for line in (KNOWN, UNKNOWN):
        reader.read(title, text, html, line)
        reader.read(title, f"Login: {corpus.LOGIN}\nPassword: {text}", f"<td>Password<td>{html}", line)


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
                reading = reader.read(*parts, KNOWN)
                best = min(best, time.process_time() - began)
                if best < 0.05:
                    break
            assert best < LIMIT, (name, best)
            assert reading.verdict is not reader.Verdict.CREDENTIALS
