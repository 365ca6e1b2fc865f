# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The watched RADIUS log: when it is looked at, what counts, and how the wait ends. On a clock of its own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import dial_ins
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.access import SessionEvent

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LINE = "xdsl-ab12345-1"


def event(seconds, state="OK"):
    return SessionEvent(NOW - timedelta(seconds=seconds), f"login-{seconds}", state, "")


class Watched:
    """``looks``: what each look gives, a failure to raise among them. ``steps``: looks and pauses, in order."""

    def __init__(self, monkeypatch):
        self.looks, self.steps, self.now, self.cost = [], [], 1000.0, 0.0
        self.clocks, self.told = [], []
        client = SimpleNamespace(skew=lambda: 3, clock_by_answers=lambda: self.clocks.append("by answers"))
        monkeypatch.setattr(dial_ins, "connect", lambda _params: client)
        monkeypatch.setattr(dial_ins.access, "session_log", self.look)
        monkeypatch.setattr(dial_ins.access, "told_anew", lambda *told: self.told.append(told[1:]))
        monkeypatch.setattr(dial_ins.access, "read", lambda _client, name: self.steps.append(f"read {name}"))
        monkeypatch.setattr(dial_ins.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(dial_ins.time, "sleep", self.sleep)

    def look(self, _client, name):
        assert name == LINE
        self.steps.append("look")
        self.now += self.cost
        found = self.looks.pop(0)
        if isinstance(found, Failure):
            raise found
        return found

    def sleep(self, seconds):
        self.steps.append(seconds)
        self.now += seconds

    def __call__(self, *looks, timeout=0, newer_than=None):
        self.looks = list(looks)
        params = {"service_name": LINE, "timeout": timeout, "newer_than": newer_than}
        return dial_ins.watch(params, False)


@pytest.fixture
def watched(monkeypatch, patient):
    return Watched(monkeypatch)


def test_a_session(watched):
    newest, before = event(5), event(50, "KO")
    assert watched([newest, before]) == {
        "changed": False,
        "allowed": True,
        "connected": True,
        "login": "login-5",
        "last_event": newest.as_result(),
        "events": [newest.as_result(), before.as_result()],
        "clock_skew": 3,
    }


def test_none(watched):
    assert watched([]) == {
        "changed": False,
        "allowed": True,
        "connected": False,
        "login": None,
        "last_event": None,
        "events": [],
        "clock_skew": 3,
    }


def test_the_newest_attempt_counts(watched):
    assert watched([event(5, "KO"), event(50)])["connected"] is False


@pytest.mark.parametrize("newer_than", ["2026-11-24T11:59:50Z", "2026-11-24T11:59:50.900Z"])
def test_newer_than(watched, newer_than):
    """The log has whole seconds, so that very second counts."""
    found = watched([event(9), event(10), event(11)], newer_than=newer_than)
    assert [one["login"] for one in found["events"]] == ["login-9", "login-10"]
    assert watched([event(10)], newer_than=newer_than)["connected"] is True
    assert watched([event(11)], newer_than=newer_than)["connected"] is False


def test_it_looks_every_three_seconds_and_at_the_very_end(watched):
    assert watched([], [], [], [], timeout=7)["connected"] is False
    assert watched.steps == ["look", 3.0, "look", 3.0, "look", 1.0, "look"]


def test_it_ends_with_the_session(watched):
    assert watched([], [event(0)], timeout=60)["connected"] is True
    assert watched.steps == ["look", 3.0, "look"]


def test_a_way_that_comes_back_with_the_session(watched):
    """A host behind the line is cut off until then."""
    gone = Failure("unreachable", "No way.")
    assert watched(gone, gone, [event(0)], timeout=60)["connected"] is True
    assert watched.steps == ["look", 3.0, "look", 3.0, "look"]


@pytest.mark.parametrize("timeout", [0, 3])
def test_a_way_that_does_not(watched, timeout):
    gone = Failure("unreachable", "No way.")
    with pytest.raises(Failure) as error:
        watched(gone, gone, timeout=timeout)
    assert error.value is gone and watched.steps == ["look", 3.0, "look"][: 1 + 2 * (timeout > 0)]


@pytest.mark.parametrize("code", ["forbidden", "not_granted", "bad_request"])
def test_a_log_that_may_not_be_read(watched, code):
    assert watched(Failure(code, "No right."), timeout=60) == {
        "changed": False,
        "allowed": False,
        "connected": False,
        "login": None,
        "last_event": None,
        "events": [],
        "clock_skew": 3,
        "warnings": ["The RADIUS log cannot be read. No right."],
    }
    assert watched.steps == ["look"]


def test_a_line_that_is_not_there(watched):
    with pytest.raises(Failure) as error:
        watched(Failure("not_found", "None."), timeout=60)
    assert error.value.code == "not_found" and watched.steps == ["look", f"read {LINE}"]


def test_a_failure_that_does_not_pass(watched):
    with pytest.raises(Failure):
        watched(Failure("invalid_credentials", "No."), timeout=60)
    assert watched.steps == ["look"]


@pytest.mark.parametrize(("timeout", "refused"), [(-1, True), (0, False)])
def test_the_time_out_is_a_number_from_nought(watched, timeout, refused):
    if refused:
        with pytest.raises(Failure):
            watched([], timeout=timeout)
    else:
        watched([], timeout=timeout)
    assert watched.steps == ["look"] * (not refused)


def test_the_clock_costs_no_call_of_its_own(watched):
    watched([])
    assert watched.clocks == ["by answers"]
