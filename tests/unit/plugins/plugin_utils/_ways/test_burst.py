# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line's counter as a voice: slopes of played lines, with other traffic beside."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    UNKNOWN,
    Route,
    Target,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.judge import counted_says
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import burst


class Line:
    """A line whose counter sees a share of what is sent, and other traffic.

    :param share: of each byte sent on the way
    :param noise: bytes of others between two looks at most
    """

    def __init__(self, share, noise=0, took=0.1, seed=7, up=None):
        self.share, self.noise, self.took = share, noise, took
        self.up = share if up is None else up
        self.count, self.clock, self.sent, self.received = 1000, 0.0, 0, 0
        self._random = random.Random(seed)

    def _pass(self, amount, up=0):
        self.received += int(up * self.up)
        found = Counter("ppp0", self.received, self.count)
        self.clock += self.took
        self.sent += amount + up
        self.count += int(amount * self.share) + 300 + (self._random.randrange(self.noise) if self.noise else 0)
        return found

    def counted(self, down, up):
        return self._pass(down, up), down

    def now(self):
        return self.clock


@pytest.mark.parametrize(
    ("share", "noise", "says"),
    [
        (0.0, 0, LIVES),
        (1.01, 0, CROSSES),
        (1.10, 2000, CROSSES),
        (0.0, 10_000, LIVES),
        (1.0, 20_000, CROSSES),
        (1.0, 3_000_000, UNKNOWN),
        (0.0, 3_000_000, UNKNOWN),
    ],
)
def test_what_the_router_sends(share, noise, says):
    line = Line(share, noise)
    found = burst.from_router(line.counted, line.now)
    assert found is not None and counted_says(found) == says, found
    assert line.sent <= 1 << 20 and found.seconds <= 10


@pytest.mark.parametrize("noise", [0, 8_000])
@pytest.mark.parametrize(("down", "up"), [(0.0, 1.0), (1.0, 0.0)])
def test_one_direction_over_the_line_is_enough(down, up, noise):
    """There over the line, and back over the LAN, or the other way round."""
    line = Line(down, noise, up=up)
    assert counted_says(burst.from_router(line.counted, line.now)) == CROSSES


def test_no_noise_is_taken_for_an_answer():
    """Over many lines with heavy traffic of others: what crosses is never taken for what lives."""
    said = {(share, says): 0 for share in (0.0, 1.0) for says in (LIVES, CROSSES, UNKNOWN)}
    for seed in range(1000):
        share = seed % 2 * 1.0
        random.seed(seed)  # of the order of the amounts
        line = Line(share, 400_000 if seed % 4 < 2 else 40_000, seed=seed)
        said[share, counted_says(burst.from_router(line.counted, line.now))] += 1
    assert said[1.0, LIVES] == 0, said
    assert said[0.0, CROSSES] < 20, said
    assert said[0.0, LIVES] > 100 and said[1.0, CROSSES] > 200, said


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 1 << 22)), max_size=40))
def test_what_crosses_never_lives_whatever_others_send(noise):
    """A slope and its error are estimates, 4 errors off are not enough: a counter grows by what crosses at least."""
    counted = burst.slope([(sent, sent + others) for sent, others in noise], 1.0)
    assert counted_says(counted) != LIVES


def test_one_moment_of_a_counter_that_lags_is_no_proof():
    pairs = [(0, 300), (16384, 100), (32768, 200), *[(49152, 60_000)] * 5]
    assert burst.slope(pairs, 1.0).most > 1 > burst.slope([(16384, 100), *pairs], 1.0).most


@pytest.mark.parametrize("took", [0.7, 1.1, 2.5, 4.9])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_slow_router_is_asked_for_ten_seconds_at_most(took, share):
    """As on a machine under load: a look is begun only where one as slow as the slowest so far still fits."""
    line = Line(share, took=took)
    found = burst.from_router(line.counted, line.now)
    assert line.clock <= burst.LONGEST
    assert found is None or counted_says(found) in (CROSSES if share else LIVES, UNKNOWN)


def test_a_host_that_drips_its_answer_is_left(monkeypatch):
    monkeypatch.setattr(burst, "SHAKE", 0.3)
    ends = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            came, _address = server.accept()
            with came, contextlib.suppress(OSError):
                came.sendall(b"\x16\x03\x03\x3f\xff")
                while not ends.wait(0.02):
                    came.sendall(b"x")

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        assert burst.shaker("127.0.0.1", server.getsockname()[1], "x")() > 0
        assert time.monotonic() - begun < 20
        ends.set()


def test_a_router_that_does_not_send():
    assert burst.from_router(lambda down, up: None, lambda: 0.0) is None
    assert burst.to_host(lambda: None, lambda: 5000, clock=lambda: 0.0, sleep=lambda _s: None) is None


def test_a_counter_that_begins_anew_is_left_out():
    """One of 32 bits, or a session that came up anew."""
    line = Line(1.0)

    def counted(down, up):
        if line.sent > 100_000:
            line.count %= 50_000
        return line.counted(down, up)

    found = burst.from_router(counted, line.now)
    assert found is None or counted_says(found) != LIVES


@pytest.mark.parametrize(("share", "says"), [(0.0, LIVES), (1.4, CROSSES)])
def test_what_is_said_to_a_host(share, says):
    line = Line(share)
    shakes = []

    def shake():
        shakes.append(1)
        line.count += int(5000 * share)
        return 5000

    def counter():
        return line._pass(0)

    found = burst.to_host(counter, shake, clock=line.now, sleep=lambda _s: None)
    assert counted_says(found) == says, found
    assert len(shakes) == 36 and found.sent <= 1 << 20


def test_too_few_points():
    assert burst.slope([(0, 1), (1, 2)], 1.0) is None
    assert burst.slope([(5, 1)] * 9, 1.0) is None


def test_whom_hands_are_shaken_with():
    route = Route("127.0.0.1", "lo")
    assert burst.shaker_of(Target("the mailbox", "x", 143, ("127.0.0.1",), (route,))) is None
    assert burst.shaker_of(Target("the API", "x", 443)) is None
    assert burst.shaker_of(Target("the API", "x", 443, ("127.0.0.1",), (route,))) is not None
    # Nobody listens there: a handshake of no bytes.
    assert burst.shaker("127.0.0.1", 9, "x")() == 0
