# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The turns of a write that others race for: bounded, and spread where nobody else orders them."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.races import TURNS, turns


def test_they_end() -> None:
    slept: list[float] = []
    assert list(turns(slept.append, lot=0.7)) == list(range(TURNS))
    assert len(slept) == TURNS - 1 and all(0 <= seconds < 0.7 for seconds in slept)
    assert len(set(slept)) > TURNS / 2, "two runs that collided collide again"


def test_the_first_turn_is_not_waited_for() -> None:
    slept: list[float] = []
    assert next(turns(slept.append, lot=5)) == 0 and slept == []


def test_without_a_lot_nothing_is_waited_for() -> None:
    def never(_seconds: float) -> None:
        pytest.fail("it slept")

    assert list(turns(never, lot=0)) == list(range(TURNS))


def test_each_turn_of_a_loop_waits_once() -> None:
    slept: list[float] = []
    for turn in itertools.islice(turns(slept.append, lot=1), 3):
        assert len(slept) == turn
