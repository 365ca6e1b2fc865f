# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a run stops: every end names the line, says what is true, and gives a command that can be run."""

from __future__ import annotations

import dataclasses
import re

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import stops as stop_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import UNTOUCHED
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.stops import LOST, stop
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Hand,
    Renewal,
    Router,
    Seen,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, next_step
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_commands import (
    STOPS,
    commands,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    CONVERGED,
    DOWN,
    FRESH,
    IN_HAND,
    LINE,
    LOGIN,
    NOW,
    SET,
    WORDS,
    Anything,
    varied,
)


def ends(count):
    """The ends of so many runs, each act of which came to something, good or bad."""
    made, anything = {Do.ASK: "renewal", Do.COLLECT: "hand", Do.WRITE: "write", Do.WATCH: "seen"}, Anything(1)
    for _number in range(count):
        state = State(anything.intent(), anything.maybe(anything.proof))
        while (step := next_step(state, NOW)).do in (*made, Do.KEEP):
            if step.do is Do.KEEP:
                state = dataclasses.replace(state, kept=True)
                continue
            name = made[step.do]
            state = dataclasses.replace(state, **{name: getattr(anything, name)()})
        yield state, step


def test_every_end_is_told_truly_and_with_a_command():
    told, texts = set(), set()
    for state, step in ends(10000):
        words = dataclasses.replace(WORDS, renew=state.intent.renew, by_hand=state.intent.by_hand)
        if step.do is Do.END:
            text = messages.summary(state)
        else:
            told.add(step.why)
            text = stop(step.why, state, words, NOW)
            assert commands(text), text
        texts.add(text)
        assert text.startswith(f"{LINE}: "), text
        assert "None" not in text, text
        assert "  " not in text, text
        assert not re.search(r"[.!?]\.|: *$|\n\n", text), text
        # What is of another line's renewal is not told of this one.
        if state.renewed.under_way and step.why is not Why.OTHER_LINE:
            assert "no new password was requested" not in text.lower(), text
            assert UNTOUCHED not in text, text
            assert state.intent.check or "a new password was requested" in text.lower() or step.why is Why.NO_SESSION, (
                text
            )
        if state.changed:
            assert "not touched" not in text, text
            assert "Nothing was changed" not in text, text
    # A rehearsal has a test of its own.
    assert told | {Why.NOT_KEPT, Why.NOT_REHEARSED} == set(STOPS)
    assert len(texts) > 100


def test_only_stops_have_last_words():
    assert set(stop_words._SENTENCES) == set(STOPS)


@pytest.mark.parametrize("why", STOPS)
@pytest.mark.parametrize("by_hand", [False, True])
def test_a_stop_says_what_it_is_about_in_any_state(why, by_hand):
    for state in (State(FRESH.intent), FRESH, IN_HAND, SET, varied(SET, seen=Seen(DOWN))):
        text = stop(why, state, dataclasses.replace(WORDS, renew=not by_hand, by_hand=by_hand), NOW)
        assert text.startswith(f"{LINE}: ")
        commands(text)


def test_the_network_is_gone_after_the_request():
    lost = varied(IN_HAND, hand=Hand(False, untold="No way there."))
    text = stop(Why.NO_MAIL, lost, WORDS, NOW, "unreachable")
    assert "give it another uplink first" in text
    assert [playbook for playbook, _given in commands(text)] == ["renew", "by_hand"]
    assert "uplink" not in stop(Why.NO_MAIL, lost, WORDS, NOW, "mail_not_found")


def test_a_request_whose_time_is_not_known():
    text = stop(Why.NOT_KNOWN, varied(FRESH, renewal=Renewal("requested", message="So.")), WORDS, NOW)
    assert "A new password was requested" in text
    assert UNTOUCHED not in text
    pending = stop(Why.NOT_KNOWN, varied(FRESH, renewal=Renewal("pending", message="So.")), WORDS, NOW)
    assert pending == f"{LINE}: So. {UNTOUCHED} {WORDS.anew(NOW)}".strip()


def test_no_mail():
    lost = varied(IN_HAND, hand=Hand(False, untold="It was lost."))
    text = stop(Why.NO_MAIL, lost, WORDS, NOW)
    assert "It was lost." in text
    assert "without a second request" in text
    assert "The router was not touched." in text
    assert [playbook for playbook, _given in commands(text)] == ["renew", "by_hand"]
    assert "renewed_since" not in text
    for code in LOST:
        assert WORDS.lost(NOW).strip() in stop(Why.NO_MAIL, lost, WORDS, NOW, code)
    assert "renewed_since" not in stop(Why.NO_MAIL, lost, WORDS, NOW, "mail_not_found")
    none = stop(Why.NO_MAIL, varied(CONVERGED, hand=Hand(False)), WORDS, NOW)
    assert "the account has no credentials mail of this line yet." in none
    assert "Then run the same" in none
    assert "second request" not in none
    waiting = varied(lost, proof={"router": Router(LOGIN, DOWN, waiting=True)})
    assert "The router has no password yet." in stop(Why.NO_MAIL, waiting, WORDS, NOW)


def test_another_login():
    other = varied(IN_HAND, hand={"login": "other@adsl.ovh"})
    text = stop(Why.OTHER_LOGIN, other, WORDS, NOW)
    assert "(id 2) is for the login other@adsl.ovh, but the router dials with 0320123456_1@adsl.ovh." in text
    assert "Login and password were not written on the router. A new password was requested" in text
    by_hand = stop(Why.OTHER_LOGIN, other, dataclasses.replace(WORDS, by_hand=True), NOW)
    assert "the login given by hand is other@adsl.ovh, but" in by_hand


def test_no_session():
    text = stop(Why.NO_SESSION, varied(SET, seen=Seen(DOWN, radius="Its last event.")), WORDS, NOW)
    assert "the router was set, but no new session came up within 180 s (LCP timeout). Its last event. No" in text
    assert "only way" not in text
    old = stop(Why.NO_SESSION, varied(SET, seen=Seen(Session(True))), WORDS, NOW)
    assert "(the previous session is still up)" in old
    silent = stop(Why.NO_SESSION, varied(CONVERGED, seen=Seen(Session(False))), WORDS, NOW)
    assert f"{LINE}: no session came up within 180 s (the router gives no reason)." in silent
    converge = dataclasses.replace(WORDS, renew=False)
    refused = stop(Why.NO_SESSION, varied(CONVERGED, seen=Seen(DOWN)), converge, NOW)
    # A run that was killed in its wait, or somebody else, may have asked.
    assert "Its mail may be on its way: the same command takes it. If none comes, a new one is the only way" in refused
    by_hand = dataclasses.replace(converge, by_hand=True)
    assert "typed as they are" in stop(Why.NO_SESSION, varied(CONVERGED, seen=Seen(DOWN)), by_hand, NOW)


def test_tags_are_told():
    text = stop(Why.TAGS, varied(FRESH, intent={"phases": ("preflight", "renew")}), WORDS, NOW)
    assert "they leave preflight, renew." in text
    assert UNTOUCHED in text
    assert "they leave none." in stop(Why.TAGS, varied(FRESH, intent={"phases": ()}), WORDS, NOW)


def test_another_line():
    text = stop(Why.OTHER_LINE, varied(FRESH, proof={"service_name": "xdsl-b-2"}), WORDS, NOW)
    assert "(xdsl-b-2 on router1)" in text
    assert UNTOUCHED in text


def test_what_could_not_be_kept():
    lost = dataclasses.replace(IN_HAND, kept=True, unkept="The file is gone.")
    text = stop(Why.NOT_KEPT, lost, WORDS, NOW)
    assert text.startswith(
        f"{LINE}: The file is gone. The router was not touched. Its password is no longer valid; the mail"
    )
    converged = dataclasses.replace(CONVERGED, kept=True, unkept="The file is gone.")
    assert "no longer valid" not in stop(Why.NOT_KEPT, converged, WORDS, NOW)
    assert commands(text)
