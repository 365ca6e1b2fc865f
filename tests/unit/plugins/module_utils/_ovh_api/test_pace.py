# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a call may be sent: no minute has too many, who needs it most goes first, and a refusal slows everybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import pace
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Calls, Turn

NOW = 1_800_000_000.0
TURNS = st.sampled_from(list(Turn))
SENT = st.lists(st.tuples(st.floats(-90, 90).map(lambda at: NOW + at), TURNS), max_size=70).map(tuple)
HELD = st.builds(Calls, SENT, st.floats(NOW - 9, NOW + 60), st.floats(NOW - 9, NOW + 119), st.floats(0, 60))


def sent(turn, *ago):
    return Calls(tuple(sorted((NOW - one, turn) for one in ago)))


def every(turn, seconds, count):
    return sent(turn, *(number * seconds for number in range(count)))


def looked(ago, calls):
    return Calls(tuple(sorted((*calls.sent, *sent(Turn.LOOK, *ago).sent), key=lambda one: one[0])))


@pytest.mark.parametrize(
    ("calls", "short"),
    [
        (Calls(), False),
        (every(Turn.READ, 1, 19), False),
        (every(Turn.READ, 1, 20), True),
        (every(Turn.POST, 1, 20), True),
        (every(Turn.READ, 4, 20), False),
        (every(Turn.LOOK, 1, 57), False),
        (Calls(every(Turn.READ, 1, 10).sent, slow=NOW + 1), True),
    ],
)
def test_the_budget_is_short_while_other_calls_than_looks_take_a_third_of_it(calls, short):
    assert pace.short(calls, NOW, 60) is short


@pytest.mark.parametrize(
    ("calls", "begin"),
    [
        (Calls(), False),
        (sent(Turn.START, 19), True),
        (sent(Turn.START, 20), False),
        (sent(Turn.START, 21), False),
        (sent(Turn.READ, 1), False),
        (sent(Turn.POST, 1), False),
        (Calls(((NOW + pace.FAR + 1, Turn.START),)), False),
    ],
)
def test_preflights_begin_while_first_calls_are_sent(calls, begin):
    assert pace.beginning(calls, NOW) is begin


def played(arrivals, per_minute):
    """Calls that come at these times, each sent as soon as it may: their times."""
    calls, times = Calls(), []
    waiting = sorted(arrivals, key=lambda one: one[0])
    now = NOW
    while waiting:
        dues = [
            (max(pace.due(calls, now, turn, per_minute), NOW + at), -list(Turn).index(turn), turn)
            for at, turn in waiting
        ]
        at, _need, turn = min(dues)
        number = dues.index((at, -list(Turn).index(turn), turn))
        now = max(now, at)
        calls = calls.and_one(now, turn)
        times.append(now)
        del waiting[number]
    return times


@given(st.integers(1, 90), st.lists(st.tuples(st.floats(0, 100), TURNS), min_size=1, max_size=60))
def test_no_minute_has_more_than_the_budget(per_minute, arrivals):
    times = played(arrivals, per_minute)
    assert len(times) == len(arrivals)
    for start in times:
        assert sum(start <= one < start + 60 for one in times) <= per_minute


@given(HELD, TURNS, st.integers(1, 120))
def test_it_is_the_first_time_at_which_it_may_be_sent(calls, turn, per_minute):
    at = pace.due(calls, NOW, turn, per_minute)
    assert NOW <= at <= NOW + pace.FAR + pace.MINUTE + pace.SPREAD
    assert pace.due(calls, at, turn, per_minute) == at


@given(HELD, st.integers(1, 120))
def test_who_needs_it_most_never_waits_longer(calls, per_minute):
    times = [pace.due(calls, NOW, turn, per_minute) for turn in Turn]
    assert times == sorted(times, reverse=True)


@given(HELD, TURNS, st.integers(1, 120))
def test_one_more_call_makes_nobody_earlier(calls, turn, per_minute):
    more = calls.and_one(NOW, turn)
    for other in Turn:
        assert pace.due(more, NOW, other, per_minute) >= pace.due(calls, NOW, other, per_minute)


@given(HELD, st.one_of(st.none(), st.floats(0, 1e6)), TURNS)
def test_a_refusal_silences_everybody(calls, retry_after, turn):
    told = calls.refused(NOW, retry_after)
    wanted = min(pace.MOST, max(pace.SILENT, retry_after or 0))
    assert pace.due(told, NOW, turn, 60) >= NOW + wanted
    assert told.silent <= max(calls.silent, NOW + pace.MOST)
    # For a minute after the silence, half the budget is spent.
    assert told.slow == NOW + told.silence + pace.MINUTE


def test_each_further_refusal_is_answered_by_twice_the_silence():
    calls, seconds = Calls(), []
    for _refusal in range(7):
        calls = calls.refused(NOW, None)
        seconds.append(calls.silence)
    assert seconds == [2, 4, 8, 16, 32, 60, 60]
    later = calls.refused(calls.slow, None)
    assert later.silence == 2


@pytest.mark.parametrize("turn", list(Turn))
def test_half_the_budget_after_a_refusal(turn):
    slow = Calls(every(Turn.POST, 1, 30).sent, slow=NOW + 60)
    assert pace.due(slow, NOW, Turn.POST, 60) > NOW
    assert pace.due(every(Turn.POST, 1, 30), NOW, Turn.POST, 60) == NOW
    assert pace.due(Calls(slow=NOW + 60), NOW, turn, 60) == NOW


@pytest.mark.parametrize(
    ("calls", "turn", "waits"),
    [
        # a third at once, then the rest evenly: five seconds see five more
        (every(Turn.READ, 0.1, 19), Turn.READ, 0),
        (every(Turn.READ, 0.1, 20), Turn.READ, 5 - 0.4),
        (every(Turn.READ, 1, 20), Turn.READ, 1),
        # who begins leaves some to those that have begun, where there are such
        (every(Turn.READ, 0.1, 20), Turn.START, 5 - 0.2),
        (every(Turn.READ, 2, 20), Turn.START, 1),
        (every(Turn.READ, 2, 20), Turn.READ, 0),
        (every(Turn.START, 1.5, 20), Turn.START, 0),
        (every(Turn.START, 0.1, 20), Turn.START, 5 - 0.4),
        # while somebody looks for a mail, three; one look alone is made long before the mail
        (looked((6, 4), every(Turn.READ, 0.1, 3)), Turn.READ, 4),
        (looked((3, 1), every(Turn.READ, 0.1, 3)), Turn.READ, 4.8),
        (looked((3, 1), every(Turn.READ, 0.1, 2)), Turn.READ, 0),
        (looked((1,), every(Turn.READ, 0.1, 3)), Turn.READ, 0),
        (looked((13, 11), every(Turn.READ, 0.1, 3)), Turn.READ, 0),
        # the last five of a minute are for looks and requests alone, twenty while somebody looks, three for requests
        (every(Turn.POST, 1, 55), Turn.READ, 61 - 54),
        (every(Turn.POST, 1, 54), Turn.READ, 0),
        (looked((3, 1), every(Turn.POST, 1, 38)), Turn.READ, 10 - 3),
        (looked((3, 1), every(Turn.POST, 1, 37)), Turn.READ, 0),
        (every(Turn.POST, 1, 57), Turn.LOOK, 61 - 56),
        (every(Turn.POST, 1, 56), Turn.LOOK, 0),
        (every(Turn.POST, 1, 59), Turn.POST, 0),
        (every(Turn.POST, 1, 60), Turn.POST, 61 - 59),
        (Calls(silent=NOW + 7), Turn.POST, 7),
    ],
)
def test_who_waits_how_long(calls, turn, waits):
    assert pace.due(calls, NOW, turn, 60) - NOW == pytest.approx(waits, abs=0.001)


@pytest.mark.parametrize("turn", list(Turn))
def test_a_budget_of_one_is_one_a_minute_whoever_asks(turn):
    assert pace.due(Calls(), NOW, turn, 1) == NOW
    assert pace.due(sent(Turn.POST, 1), NOW, turn, 1) == NOW + 60


@pytest.mark.parametrize("ahead", [180, 3600, 1e9])
def test_what_is_too_far_ahead_is_none_of_ours(ahead):
    """A clock was set back: nobody waits for the time that it had shown."""
    calls = Calls(tuple((NOW + ahead, Turn.POST) for _call in range(60)), silent=NOW + ahead, slow=NOW + ahead)
    assert calls.since(NOW) == Calls()
    assert pace.due(calls, NOW, Turn.START, 60) == NOW


@given(HELD)
def test_a_file_gives_back_what_was_written(calls):
    calls = calls.since(NOW)
    again = pace.of_text(pace.as_text(calls))
    assert [turn for _at, turn in again.sent] == [turn for _at, turn in calls.sent]
    assert all(abs(one[0] - other[0]) < 0.001 for one, other in zip(again.sent, calls.sent, strict=True))
    assert (again.silent, again.slow, again.silence) == (calls.silent, calls.slow, calls.silence)


@given(
    st.text()
    | st.recursive(
        st.none() | st.floats() | st.text(),
        lambda part: st.lists(part) | st.dictionaries(st.sampled_from(["sent", "silent", "slow", "silence"]), part),
    ).map(repr)
)
def test_anything_else_in_a_file_is_nothing(text):
    assert isinstance(pace.of_text(text), Calls)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1800000000.0",
        "{}",
        "[]",
        '{"sent": [[NaN, "read"]], "silent": 0, "slow": 0, "silence": 0}',
        '{"sent": [[1, "none"]], "silent": 0, "slow": 0, "silence": 0}',
        '{"sent": [], "silent": -1, "slow": 0, "silence": 0}',
        '{"sent": [], "silent": 1e999, "slow": 0, "silence": 0}',
        "[" * 9999,
    ],
)
def test_a_damaged_file_is_nothing(text):
    assert pace.of_text(text) == Calls()


def free(turn, *calls, per_minute=60, slow=0.0):
    """May it be sent now?"""
    held = Calls(tuple(sorted((one for some in calls for one in some.sent), key=lambda one: one[0])), slow=slow)
    return pace.due(held, NOW, turn, per_minute) == NOW


OLD = sent(Turn.POST, *[30.0] * 20)


@pytest.mark.parametrize(
    ("turn", "calls", "may"),
    [
        # The first third is everybody's, as long as nobody looks for a mail.
        (Turn.READ, [sent(Turn.READ, *[1.0] * 19)], True),
        (Turn.READ, [sent(Turn.READ, *[1.0] * 20)], False),
        (Turn.READ, [sent(Turn.READ, *[1.0] * 10), sent(Turn.LOOK, pace.LOOKING, 1.0)], True),
        (Turn.READ, [sent(Turn.READ, *[1.0] * 10), sent(Turn.LOOK, pace.LOOKING - 1, 1.0)], False),
        # Then a twelfth of it in five seconds, a twentieth beside looks, and less for who begins where others go on.
        (Turn.READ, [OLD, sent(Turn.READ, *[1.0] * 4)], True),
        (Turn.READ, [OLD, sent(Turn.READ, *[1.0] * 5)], False),
        (Turn.READ, [OLD, sent(Turn.READ, *[pace.SPREAD] * 5)], True),
        (Turn.READ, [OLD, sent(Turn.LOOK, 1.0, 3.0), sent(Turn.READ, *[1.0] * 2)], True),
        (Turn.READ, [OLD, sent(Turn.LOOK, 1.0, 3.0), sent(Turn.READ, *[1.0] * 3)], False),
        (Turn.READ, [OLD, sent(Turn.LOOK, 1.0), sent(Turn.READ, *[1.0] * 4)], True),
        (Turn.START, [OLD, sent(Turn.START, *[1.0] * 4)], True),
        (Turn.START, [OLD, sent(Turn.START, *[1.0] * 5)], False),
        (Turn.START, [OLD, sent(Turn.START, 1.0), sent(Turn.READ, 1.0)], True),
        (Turn.START, [OLD, sent(Turn.START, 1.0, 1.0), sent(Turn.READ, 1.0)], False),
        # A twelfth is kept for looks, a third while there are any, and a twentieth for the request.
        (Turn.READ, [sent(Turn.POST, *[30.0] * 54)], True),
        (Turn.READ, [sent(Turn.POST, *[30.0] * 55)], False),
        (Turn.READ, [sent(Turn.POST, *[30.0] * 37), sent(Turn.LOOK, 1.0, 3.0)], True),
        (Turn.READ, [sent(Turn.POST, *[30.0] * 38), sent(Turn.LOOK, 1.0, 3.0)], False),
        (Turn.LOOK, [sent(Turn.POST, *[30.0] * 56)], True),
        (Turn.LOOK, [sent(Turn.POST, *[30.0] * 57)], False),
        (Turn.POST, [sent(Turn.POST, *[30.0] * 59)], True),
        (Turn.POST, [sent(Turn.POST, *[30.0] * 60)], False),
    ],
)
def test_what_each_kind_of_call_may_take_of_the_budget(turn, calls, may):
    assert free(turn, *calls) is may


def test_who_begins_leaves_the_last_place_to_those_that_go_on():
    """Of a budget of 30, two calls in five seconds; one where another line's preflight goes on."""
    old = sent(Turn.POST, *[30.0] * 10)
    assert free(Turn.START, old, sent(Turn.START, 1.0), per_minute=30)
    assert not free(Turn.START, old, sent(Turn.READ, 1.0), per_minute=30)


@pytest.mark.parametrize("per_minute", [1, 2, 3, 5])
def test_of_a_small_budget_one_call_is_a_third(per_minute):
    assert pace.short(sent(Turn.READ, 1.0), NOW, per_minute) and not pace.short(Calls(), NOW, per_minute)


def test_a_small_budget_is_never_none():
    assert free(Turn.READ, sent(Turn.POST, 30.0, 30.0), per_minute=6)
    assert not free(Turn.READ, sent(Turn.POST, 30.0, 30.0), sent(Turn.READ, 1.0), per_minute=6)
    assert not free(Turn.POST, sent(Turn.POST, 30.0), per_minute=2, slow=NOW + 1)
    assert free(Turn.POST, sent(Turn.POST, 30.0), per_minute=4, slow=NOW + 1)


def test_it_is_slow_until_that_time():
    held = sent(Turn.POST, *[30.0] * 40)
    assert free(Turn.POST, held, slow=NOW) and not free(Turn.POST, held, slow=NOW + 1)


def test_a_call_that_is_a_minute_old_counts_no_more():
    assert pace.due(sent(Turn.POST, 10.0, 5.0), NOW, Turn.POST, 2) == NOW - 10 + pace.MINUTE


def test_a_file_has_milliseconds():
    assert '[1.235, "read"]' in pace.as_text(Calls(((1.23456, Turn.READ),)))
