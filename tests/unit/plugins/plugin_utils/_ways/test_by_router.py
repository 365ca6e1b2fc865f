# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an open driver adds to the facts of the ways: how it answers; its counter only where nothing else tells."""

from __future__ import annotations

import dataclasses

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    Back,
    Chain,
    Exit,
    Here,
    Route,
    Target,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import three
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways.by_router import by_router

DIRECT = Target("the API", "api", 443, ("198.51.100.1",), (Route("198.51.100.1", "usb0", "172.20.10.1"),))
HERE = Here((DIRECT,), Exit(("192.0.2.99",)), ("203.0.113.10",))
LAN = Chain(hops=(Target("the router", "r", 22, ("192.168.1.1",), (Route("192.168.1.1", "eth0"),)),))
FAR = Chain(hops=(Target("the router", "r", 22, ("10.0.0.1",), (Route("10.0.0.1", "eth0", "192.168.7.1"),)),))
FACTS = three.Facts(three.Looked(HERE, Chain(local=True)), (), LAN)
COUNTED = port.Counter("pppoe-wan", 1, 2)
UP = port.Session(True, "203.0.113.77", 60.0)


class Driver:
    """Answers by br-lan; notes what its counter is asked for."""

    def __init__(self, back=None, failing=False):
        self.back, self.failing, self.asked = back or Back("br-lan", True, others=("pppoe-wan", "lte0")), failing, []

    def way_back(self):
        return self.back

    def counted(self, down, _came):
        self.asked.append(down)
        if self.failing:
            raise Failure("router_lost", "It broke.")


def test_how_it_answers_and_its_session():
    driver = Driver()
    found = by_router(FACTS, driver, port.Probe("me", True, UP, counter=COUNTED), ())
    assert (found.back.interface, found.back.line, found.back.others) == ("br-lan", "pppoe-wan", ("lte0",))
    assert (found.session.up, found.session.address) == (True, "203.0.113.77")
    assert driver.asked == [], "the cheap voices settle it"


def test_without_a_session_nothing_is_counted():
    driver = Driver(Back())
    found = by_router(FACTS, driver, port.Probe("me", True, port.Session(False, error="down")), ())
    assert driver.asked == [] and found.back.line == "" and found.session.error == "down" and found.sent is None


def test_a_way_that_nothing_settles_is_counted_and_a_counter_that_fails_says_nothing():
    for failing in (False, True):
        driver = Driver(Back("br-lan"), failing)
        found = by_router(
            dataclasses.replace(FACTS, router=FAR), driver, port.Probe("me", True, UP, counter=COUNTED), ()
        )
        assert driver.asked and found.sent is None
