# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's clock: a date that is none of its is not taken, and no difference outlives this machine's own clock."""

from __future__ import annotations

import time
from email.utils import formatdate
from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import clock


@pytest.mark.parametrize("value", ["\u00b9", "\u0663", "-1", "1.5", "soon", "", "Fri, 31 Dec 2027 23:59:59"])
def test_retry_after_that_says_nothing(value):
    assert clock.retry_after({"Retry-After": value}) is None


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("0", 0, 0),
        ("120", 120, 120),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 10**9, 10**12),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0),
    ],
)
def test_retry_after(value, least, most):
    assert least <= clock.retry_after({"Retry-After": value}) <= most


@pytest.mark.parametrize("value", ["", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_date_that_no_clock_of_ovhclouds_shows(value):
    assert clock.ahead({"Date": value}) is None


def test_the_difference_by_an_answer():
    assert clock.ahead({"Date": formatdate(time.time() + 90, usegmt=True)}) in (89, 90, 91)


def test_a_difference_that_was_kept():
    zero = time.time() - time.monotonic()
    assert clock.kept([7, zero]) == [7, zero]
    assert clock.kept([7, zero - 60]) is None, "this machine's clock was set since"
    assert clock.kept([10**10, zero]) is None
    assert clock.kept([len(clock.TIMES), zero]) and clock.kept([len(clock.TIMES) + 1, zero]) is None
    for found in (None, [], ["x", zero], [1, 2, 3], {}):
        assert clock.kept(found) is None


@pytest.mark.parametrize(("step", "counts"), [(0.5, True), (-0.5, True), (0.75, False), (-0.75, False)])
def test_half_a_second_is_no_step_of_this_machine_s_clock(monkeypatch, step, counts):
    """The two clocks are not read at the same instant."""
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=lambda: 2000.0 + step, monotonic=lambda: 1000.0))
    assert (clock.kept([7, 1000.0]) is not None) is counts
