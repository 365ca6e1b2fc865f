# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records as data and back: what went comes back, and nothing else is taken for one."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Intent,
    Line,
    Proof,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    NOW,
    PROOF,
    SET,
    thousands,
)

DATA = as_data(SET)
CET = datetime.timezone(datetime.timedelta(hours=1))


class Text(str):
    """As Ansible's own, which know where they come from."""

    __slots__ = ()


def deep(levels):
    found: t.Any = []
    for _level in range(levels):
        found = [found]
    return found


def test_every_record_comes_back():
    for state in thousands(1, 1000):
        assert from_data(State, json.loads(json.dumps(as_data(state)))) == state


@pytest.mark.parametrize(
    "name", ["Büro\u202eKöln", "a\u200db", "a\nb", "a\\u202e\u202e", "\x1b[31m", "\x9b1m", "a\\x1b"]
)
def test_a_text_that_is_not_printable_comes_back_through_what_makes_it_harmless(name):
    proof = dataclasses.replace(PROOF, host=name)
    shown = harmless(as_data(proof))
    assert from_data(Proof, shown) == proof
    assert all(one.isprintable() for one in json.dumps(shown, ensure_ascii=False))


@pytest.mark.parametrize("value", [{"escaped": "\\x"}, {"escaped": "é"}, {"escaped": "a", "b": ""}, {}])
def test_an_escaped_text_that_is_none_is_refused(value):
    with pytest.raises(Unreadable, match=r"Proof\.host"):
        from_data(Proof, {**as_data(PROOF), "host": value})


def test_times_are_utc_and_texts_plain():
    proof = from_data(Proof, {**as_data(PROOF), "at": NOW.astimezone(CET).isoformat(), "host": Text("router1")})
    assert proof.at == NOW
    assert proof.at.tzinfo is datetime.timezone.utc
    assert proof.host.__class__ is str


def test_a_whole_number_is_an_age_too():
    assert from_data(Session, {"up": True, "address": "", "uptime": 5, "error": ""}).uptime == 5.0


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("", None, "State"),
        ("", [], "State"),
        ("", "text", "State"),
        ("intent", None, "State.intent"),
        ("intent.check", "true", "State.intent.check"),
        ("intent.check", 1, "State.intent.check"),
        ("intent.phases", "verify", "State.intent.phases"),
        ("intent.phases", [1], "State.intent.phases"),
        ("kept", None, "State.kept"),
        ("proof.at", None, "State.proof.at"),
        ("proof.at", 20260301, "State.proof.at"),
        ("proof.at", "", "State.proof.at"),
        ("proof.at", "2026-03-01T12:00:00", "State.proof.at"),
        ("proof.at", "0001-01-01T00:00:00+23:59", "State.proof.at"),
        ("proof.at", deep(5000), "State.proof.at"),
        ("proof.line.skew", True, "State.proof.line.skew"),
        ("proof.line.skew", 1.5, "State.proof.line.skew"),
        ("proof.line.login", None, "State.proof.line.login"),
        ("proof.line.login", 5, "State.proof.line.login"),
        ("proof.router.session.uptime", True, "State.proof.router.session.uptime"),
        ("proof.router.session.uptime", "5", "State.proof.router.session.uptime"),
        ("proof.router.session.uptime", float("nan"), "State.proof.router.session.uptime"),
        ("proof.router.session.uptime", float("inf"), "State.proof.router.session.uptime"),
        ("proof.router.session.uptime", 10**400, "State.proof.router.session.uptime"),
        ("proof.router.session", deep(5000), "State.proof.router.session"),
    ],
)
def test_what_is_none_is_refused_by_name(path, value, where):
    data = {"State": copy.deepcopy(DATA)}
    *folders, last = ["State", *filter(None, path.split("."))]
    part = data
    for name in folders:
        part = part[name]
    part[last] = value
    with pytest.raises(Unreadable) as refused:
        from_data(State, data["State"])
    assert str(refused.value) == where


@pytest.mark.parametrize("key", ["odd", 5, None, ("a", "b")])
def test_an_odd_key_is_refused(key):
    with pytest.raises(Unreadable) as refused:
        from_data(Line, {**as_data(PROOF.line), key: "value"})
    assert str(refused.value) == f"Line.{key}"


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Intent)])
def test_a_missing_key_is_refused(field):
    data = {name: value for name, value in DATA["intent"].items() if name != field}
    with pytest.raises(Unreadable) as refused:
        from_data(Intent, data)
    assert str(refused.value) == f"Intent.{field}"


def test_the_text_of_a_refusal_quotes_no_value():
    with pytest.raises(Unreadable) as refused:
        from_data(State, {**DATA, "intent": "Kanarie'7391"})
    assert "Kanarie" not in str(refused.value)


def places(data, path=()):
    yield path
    if isinstance(data, (dict, list)):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[key], (*path, key))


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just("9" * 100000)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=10,
)


@given(st.sampled_from(list(places(DATA))), anything)
def test_anything_anywhere_is_a_record_or_unreadable(path, value):
    data = {"": copy.deepcopy(DATA)}
    part: t.Any = data
    for key in ("", *path)[:-1]:
        part = part[key]
    part[("", *path)[-1]] = value
    try:
        found = from_data(State, data[""])
    except Unreadable:
        return
    assert from_data(State, as_data(found)) == found
