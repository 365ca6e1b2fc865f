# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of the encrypted vars file: our variable is set, and every other character stays."""

from __future__ import annotations

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_text import KEY, put, read

ONE = Kept("0320123456_1@adsl.ovh", "Kanarie'\"$;\\#<>&é:7391")
OTHERS = """---
# the office's secrets
snmp_community: hush   # old
key: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  6162
# the end
"""
KEPT = f"first: 1\n{KEY}:\n  xdsl-b-2:\n    login: l2\n    password: p2\n# about the next\nlast: [a, b]  # end\n"


class Unsafe(yaml.SafeLoader):
    """Loads Ansible's tags as plain texts."""


for tag in ("!unsafe", "!vault"):
    Unsafe.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))


def load(text):
    return yaml.load(text, Loader=Unsafe)  # noqa: S506 - a safe loader, with two tags more


def test_a_new_file():
    text = put("", "xdsl-a-1", ONE)
    assert read(text) == {"xdsl-a-1": ONE}
    assert load(text) == {KEY: {"xdsl-a-1": {"login": ONE.login, "password": ONE.password}}}
    assert text.endswith("\n")


def test_everything_else_stays():
    text = put(OTHERS, "xdsl-a-1", ONE)
    assert text.startswith(OTHERS)
    assert read(text) == {"xdsl-a-1": ONE}


def test_another_line_and_the_lines_around_stay():
    text = put(KEPT, "xdsl-a-1", ONE)
    assert read(text) == {"xdsl-b-2": Kept("l2", "p2"), "xdsl-a-1": ONE}
    assert text.startswith("first: 1\n")
    assert text.endswith("\n# about the next\nlast: [a, b]  # end\n")
    assert load(text)["last"] == ["a", "b"]


def test_the_same_line_is_replaced_in_place():
    text = put(put(KEPT, "xdsl-b-2", ONE), "xdsl-b-2", ONE)
    assert read(text) == {"xdsl-b-2": ONE}
    assert text == put(KEPT, "xdsl-b-2", ONE)


@pytest.mark.parametrize("end", ["", "\n"])
def test_our_variable_at_the_end_of_the_file(end):
    text = put(f"a: 1\n{KEY}:\n  xdsl-a-1:\n    login: l\n    password: p{end}", "xdsl-a-1", ONE)
    assert load(text) == {"a": 1, KEY: {"xdsl-a-1": {"login": ONE.login, "password": ONE.password}}}


@pytest.mark.parametrize("empty", ["", " {}", " ~", "  # nothing yet"])
def test_our_variable_with_nothing_below(empty):
    text = f"a: 1\n{KEY}:{empty}\nb: 2\n"
    assert read(text) == {}
    assert load(put(text, "xdsl-a-1", ONE)) == {**load("a: 1\nb: 2\n"), KEY: load(put("", "xdsl-a-1", ONE))[KEY]}


def test_a_template_is_never_one():
    text = put("", "xdsl-a-1", Kept("{{ 1 }}", "{{ lookup('pipe', 'id') }}"))
    assert text.count("!unsafe") == 2


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "just words",
        "a: 1\n---\nb: 2\n",
        "a: 1\n...\n",
        "{a: 1}",
        "a: [1\n",
        f"{KEY}: text\n",
        f"{KEY}:\n  x: {{login: a}}\n",
        f"{KEY}:\n  x:\n    login: a\n    password: [Kanarie]\n",
        f"{KEY}:\n  x:\n    login: a\n    password: 1\n",
        f"{KEY}:\n  x:\n",
        f"{KEY}:\n  x:\n    login: a\n    password: Kanarie\n{KEY}: {{}}\n",
    ],
)
def test_what_it_cannot_keep_it_refuses(text):
    with pytest.raises(Failure) as raised:
        put(text, "xdsl-a-1", ONE)
    assert raised.value.code == "vault_file"
    assert "Kanarie" not in raised.value.message


# Not the lone surrogates: no file could hold them.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FULL = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
SECONDS = st.integers(0, 4_000_000_000).map(lambda at: datetime.datetime.fromtimestamp(at, datetime.timezone.utc))
KEPT_ONES = st.builds(Kept, FULL, FULL, TEXTS, *[st.none() | SECONDS] * 3)


@given(st.dictionaries(TEXTS, KEPT_ONES, min_size=1, max_size=4))
def test_whatever_the_credentials_hold(entries):
    text = OTHERS
    for name, one in entries.items():
        text = put(text, name, one)
    assert read(text) == entries
    assert text.isascii() and text.startswith(OTHERS)
    assert load(text)["snmp_community"] == "hush"


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY}:\n  a-1: {{login: l, password: p}}\n  a-1: {{login: l, password: q}}\n",
        f"{KEY}:\n  a-1: {{login: l, password: p, password: q}}\n",
        f'{KEY}:\n  a-1: {{login: l, password: p}}\n  "a-1": {{login: l, password: p}}\n',
    ],
)
def test_of_two_nobody_can_tell_which_is_right(text):
    with pytest.raises(Failure, match="twice; leave the one that is right"):
        read(text)


def test_lines_may_say_the_same():
    assert len(read(f"{KEY}:\n  a-1: {{login: l, password: l}}\n  b-1: {{login: l, password: l}}\n")) == 2
