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


def line(folder, name, run="7.7", short=True, beginning=lambda: False):
    return SimpleNamespace(
        shared=Shared(str(folder), ["key"], name, run, True), short=lambda: short, beginning=beginning
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


@pytest.mark.parametrize(("begins", "waits"), [(0, 11), (1, 11), (20, 26), (100, 101), (1000, 191)])
def test_a_line_is_cut_when_all_have_begun(tmp_path, clock, begins, waits):
    """Nobody is about who asked the same; the first calls of other lines go on for so many seconds."""
    began = clock.now
    one = line(tmp_path, "one", beginning=lambda: clock.now <= began + begins)
    assert meet(one, clock, moments.LONGEST) == waits == clock.now - began
    assert waits <= moments.LONGEST + moments.EVERY


def test_who_may_not_wait_for_them_does_not(tmp_path, clock):
    one = line(tmp_path, "one", beginning=lambda: True)
    assert moments.meet(one, "log", "list", sleep=clock.sleep) == 0


def test_it_waits_no_longer_than_that(tmp_path, clock):
    clock.now = moments.EVERY * 1000
    assert meet(line(tmp_path, "one", beginning=lambda: True), clock, 2 * moments.EVERY) == 2 * moments.EVERY


def test_nobody_begins(tmp_path, clock):
    assert meet(line(tmp_path, "one"), clock, moments.LONGEST) == 0


def test_a_client_that_shares_nothing_goes_on():
    assert not moments.meet(SimpleNamespace(shared=None), "log", "list")
