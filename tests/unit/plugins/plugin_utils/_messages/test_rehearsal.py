# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last words of a rehearsal: why it did not dial, what it came to, and the command that goes on."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import rehearsal as words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Unsafe
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Seen, Session, Write
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_commands import commands
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import NOW, REHEARSAL, WORDS, ago

ALL = list(Unsafe)


@pytest.mark.parametrize("why", ALL, ids=lambda why: why.name)
def test_each_reason_has_words_of_its_own_and_a_step(why):
    text, step = words._why(REHEARSAL, WORDS, why)
    assert text and step
    assert text not in [words._why(REHEARSAL, WORDS, other)[0] for other in ALL if other is not why]


def test_not_rehearsed_says_that_nothing_was_done():
    said = words.not_rehearsed(REHEARSAL, WORDS, NOW, "")
    assert "not rehearsed" in said and words.UNTOUCHED in said
    assert "renew=true" not in said.rpartition("\n")[2] or commands(said)


def test_a_redial_that_failed_and_one_that_was_broken_off_ask_for_nothing():
    for said in (words.redial_failed(REHEARSAL, WORDS, "no answer."), words.broken_off(WORDS, "Ctrl-C was pressed.")):
        found = commands(said)
        assert "No password was" in " ".join(said.split()) and found
        assert all(given.get("router_pppoe_renew") != "true" for _playbook, given in found)
    assert "(no answer)" in words.redial_failed(REHEARSAL, WORDS, "no answer.")


def test_what_it_came_to():
    done = dataclasses.replace(
        REHEARSAL, write=Write(False, True, ago(9)), seen=Seen(Session(True, "203.0.113.9", 4.0), True, "", ago(5))
    )
    assert "4 s later" in words.rehearsed(done) and "No password was requested" in words.rehearsed(done)
    check = dataclasses.replace(REHEARSAL, intent=dataclasses.replace(REHEARSAL.intent, check=True))
    assert "would be made to dial once" in words.rehearsed(check)
