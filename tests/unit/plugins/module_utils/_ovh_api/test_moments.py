# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When lines of one run wait for each other: only where the budget is short and there is somebody to wait for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import moments
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared


class Clock:
    def __init__(self, now):
        self.now = now

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    found = Clock(moments.EVERY * 1000 + 4)
    monkeypatch.setattr(moments.time, "monotonic", found.monotonic)
    return found


def line(folder, name, run="7.7", short=True, beginning=lambda: False, at_once=30):
    return SimpleNamespace(
        shared=Shared(str(folder), ["key"], name, run),
        short=lambda: short,
        beginning=beginning,
        at_once=lambda: at_once,
    )


def meet(one, clock, longest=0.0):
    return moments.meet(one, "log", "list", longest, clock.sleep)


def asks(one):
    one.shared.answer("log", "list", lambda _others: 1.0, lambda: ([], []), lambda kept: kept)


def test_lines_that_come_at_different_times_go_on_at_the_same(tmp_path, clock):
    one, other = line(tmp_path, "one"), line(tmp_path, "other")
    asks(one), asks(other)
    clock.now += 3
    assert meet(one, clock)
    first, clock.now = clock.now, moments.EVERY * 1000 + 14
    assert meet(other, clock)
    assert clock.now == first == moments.EVERY * 1001


@pytest.mark.parametrize(
    ("others", "run", "short"), [(False, "7.7", True), (True, "", True), (True, "7.7", False)], ids=str
)
def test_nobody_waits_for_nothing(tmp_path, clock, others, run, short):
    """A line alone, one outside a run of several, and one whose budget is not short: they go on at once."""
    one, before = line(tmp_path, "one", run, short), clock.now
    asks(one)
    if others:
        asks(line(tmp_path, "other"))
    assert not meet(one, clock) and clock.now == before


def test_who_asked_a_minute_ago_is_not_waited_for(tmp_path, clock):
    one = line(tmp_path, "one")
    asks(line(tmp_path, "other"))
    clock.now += moments.AROUND + 1
    assert not meet(one, clock)


@pytest.mark.parametrize(("begins", "waits"), [(0, 11), (1, 11), (20, 26), (100, 101), (1000, 911)])
def test_a_line_is_cut_when_all_have_begun(tmp_path, clock, begins, waits):
    """Nobody is about who asked the same; the first calls of other lines go on for so many seconds."""
    began = clock.now
    one = line(tmp_path, "one", beginning=lambda: clock.now <= began + begins)
    assert meet(one, clock, moments.LONGEST) == waits == clock.now - began
    assert waits <= moments.LONGEST + moments.EVERY


def test_nobody_begins(tmp_path, clock):
    assert meet(line(tmp_path, "one"), clock, moments.LONGEST) == 0


def test_a_client_that_shares_nothing_goes_on():
    assert not moments.meet(SimpleNamespace(shared=None), "log", "list")


@pytest.mark.parametrize(("lines", "at_once"), [(2, 1), (7, 3), (30, 30), (100, 30), (25, 2)])
def test_no_more_are_cut_than_can_be_served(tmp_path, clock, lines, at_once):
    """Each comes when the one before it is cut; whoever finds no place waits for one, and for no longer."""
    cuts = []
    for number in range(lines):
        asks(line(tmp_path, "another"))
        one, came = line(tmp_path, f"line {number}", at_once=at_once), clock.now
        assert moments.cut(one, "log", "list", clock.sleep) == clock.now - came <= moments.GROUP + 2 * moments.EVERY
        cuts.append(clock.now)
    for at in cuts:
        assert len([other for other in cuts if at <= other < at + moments.GROUP]) <= at_once
    assert cuts[-1] - cuts[0] <= moments.GROUP * ((lines - 1) // at_once + 1) + moments.EVERY * lines


def test_the_last_one_is_cut_though_there_is_no_place(tmp_path, clock, monkeypatch):
    one, began = line(tmp_path, "one"), clock.now
    asks(one), asks(line(tmp_path, "another"))
    monkeypatch.setattr(one.shared, "place", lambda *_which: False)
    assert moments.cut(one, "log", "list", clock.sleep) == clock.now - began
    assert moments.LAST <= clock.now - began <= moments.LAST + moments.EVERY


def test_a_place_is_tried_again_that_another_line_takes(tmp_path, clock, monkeypatch):
    one, answers = line(tmp_path, "one"), [None, None, False, True]
    asks(one), asks(line(tmp_path, "another"))
    monkeypatch.setattr(one.shared, "place", lambda *_which: answers.pop(0))
    began = clock.now
    assert moments.cut(one, "log", "list", clock.sleep) == clock.now - began == pytest.approx(11 + moments.EVERY)
    assert not answers


def test_a_line_alone_takes_no_place(tmp_path, clock, monkeypatch):
    one = line(tmp_path, "one")
    monkeypatch.setattr(one.shared, "place", lambda *_which: pytest.fail("a place was taken"))
    assert moments.cut(one, "log", "list", clock.sleep) == 0
