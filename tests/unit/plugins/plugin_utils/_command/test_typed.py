# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a command are read as Ansible's programs read them, and given back by their first names."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.typed import Option, Unreadable, parsed


def test_options_in_their_order_and_the_rest():
    options, rest = parsed("ansible-playbook", ["-i", "hosts", "site.yml", "--check", "-e", "a=1", "--tags=x"])
    assert options == [Option("-i", "hosts"), Option("--check"), Option("-e", "a=1"), Option("--tags", "x")]
    assert rest == ["site.yml"]


@pytest.mark.parametrize(
    ("word", "name"), [("--extra-vars", "-e"), ("--verbose", "-v"), ("-C", "--check"), ("--key-file", "--private-key")]
)
def test_each_has_one_name(word, name):
    more = [] if word in ("--verbose", "-C") else ["x"]
    (option,), _rest = parsed("ansible-playbook", [word, *more, "site.yml"])
    assert option.name == name


def test_as_words_again():
    assert Option("--check").words() == ["--check"]
    assert Option("-e", "a b").words() == ["-e", "a b"]
    assert Option("--limit", "-x").words() == ["--limit=-x"]


def test_each_program_has_its_own():
    (option,), rest = parsed("ansible", ["-m", "ping", "all"])
    assert (option, rest) == (Option("-m", "ping"), ["all"])
    with pytest.raises(Unreadable):
        parsed("ansible", ["--tags", "x", "all"])


@pytest.mark.parametrize("words", [["--nothing", "x"], [], ["-e"]])
def test_what_is_not_known(words):
    with pytest.raises(Unreadable):
        parsed("ansible-playbook", words)
    with pytest.raises(Unreadable):
        parsed("molecule", ["x"])
