# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router is looked at while a mail is waited for, and never at its expense."""

from __future__ import annotations

import threading

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import ahead


class Driver:
    """Notes its looks."""

    def __init__(self, failing=False):
        self.looks, self.failing, self.seen = 0, failing, threading.Event()

    def look_ahead(self):
        self.looks += 1
        self.seen.set()
        if self.failing:
            raise RuntimeError("Kanarie")


def test_it_looks_until_the_wait_ends(monkeypatch):
    monkeypatch.setattr(ahead, "PAUSE", 0.01)
    driver = Driver()
    with ahead.kept_ready(driver, 0):
        assert driver.seen.wait(10)
    looks = driver.looks
    assert looks >= 1 and driver.looks == looks, "nothing goes on behind it"


def test_a_wait_that_is_short_looks_at_nothing():
    driver = Driver()
    with ahead.kept_ready(driver, 60):
        pass
    assert driver.looks == 0


def test_a_look_that_fails_ends_the_looks_and_tells_nothing(monkeypatch, capsys):
    monkeypatch.setattr(ahead, "PAUSE", 0.01)
    driver = Driver(failing=True)
    with ahead.kept_ready(driver, 0):
        assert driver.seen.wait(10)
        threading.Event().wait(0.05)
    assert driver.looks == 1
    out = capsys.readouterr()
    assert "Kanarie" not in out.out + out.err
