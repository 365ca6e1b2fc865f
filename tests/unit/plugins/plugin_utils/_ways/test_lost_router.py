# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router that is away after the cut is waited for, and no other failure is."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import lost_router

AWAY = Failure("router_unreachable", "The router cannot be reached: no route.")


class Clock:
    """A router that is away for some seconds, on a clock of its own."""

    def __init__(self, away, then=None):
        self.now, self.away, self.then = 0.0, away, then
        self.tries, self.anew = 0, 0

    def act(self):
        self.tries += 1
        if self.now < self.away:
            raise AWAY
        if self.then:
            raise self.then
        return "set"

    def again(self):
        self.anew += 1

    def sleep(self, seconds):
        self.now += seconds

    def run(self, seconds):
        def clock():
            return self.now

        return lost_router.until_reached(self.act, self.again, "router1", seconds, sleep=self.sleep, clock=clock)


def test_a_router_that_is_there_is_not_waited_for():
    clock = Clock(0)
    assert clock.run(900) == "set" and (clock.tries, clock.anew, clock.now) == (1, 0, 0)


def test_it_is_waited_for_by_new_connections():
    clock = Clock(100)
    assert clock.run(900) == "set" and 100 <= clock.now <= 104 and clock.anew == clock.tries - 1


@pytest.mark.parametrize(("seconds", "until"), [(900, 900), (-5, 60), (0, 60)])
def test_and_not_for_ever(seconds, until):
    clock = Clock(1e9)
    with pytest.raises(Failure) as failed:
        clock.run(seconds)
    assert failed.value is AWAY and until <= clock.now <= until + 4


def test_another_failure_ends_it():
    for away in (0, 30):
        clock = Clock(away, Failure("router_lost", "in the middle"))
        with pytest.raises(Failure) as failed:
            clock.run(900)
        assert failed.value.code == "router_lost" and clock.now <= 34
