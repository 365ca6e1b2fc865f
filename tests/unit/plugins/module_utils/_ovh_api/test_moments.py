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


def line(folder, name, run="7.7", short=True):
    return SimpleNamespace(shared=Shared(str(folder), ["key"], name, run), short=lambda: short)


def asks(one):
    one.shared.answer("log", "list", lambda _others: 1.0, lambda: ([], []), lambda kept: kept)


def test_lines_that_come_at_different_times_go_on_at_the_same(tmp_path, clock):
    one, other = line(tmp_path, "one"), line(tmp_path, "other")
    asks(one), asks(other)
    clock.now += 3
    assert moments.meet(one, "log", "list", clock.sleep)
    first, clock.now = clock.now, moments.EVERY * 1000 + 14
    assert moments.meet(other, "log", "list", clock.sleep)
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
    assert not moments.meet(one, "log", "list", clock.sleep) and clock.now == before


def test_who_asked_a_minute_ago_is_not_waited_for(tmp_path, clock):
    one = line(tmp_path, "one")
    asks(line(tmp_path, "other"))
    clock.now += moments.AROUND + 1
    assert not moments.meet(one, "log", "list", clock.sleep)


def test_a_client_that_shares_nothing_goes_on():
    assert not moments.meet(SimpleNamespace(shared=None), "log", "list")
