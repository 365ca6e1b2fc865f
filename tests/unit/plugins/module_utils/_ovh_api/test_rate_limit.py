# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The budget of requests that all runs with one key share."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import stat
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import rate_limit
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn


class Clock:
    """Time that only sleeping, and the test, move on."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def time(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(rate_limit.time, "time", clock.time)
    return clock


def most_in_a_minute(times):
    return max(sum(1 for one in times if start <= one < start + 60) for start in times)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(min_value=1, max_value=200),
    st.lists(st.tuples(st.floats(min_value=0, max_value=90), st.sampled_from(list(Turn))), min_size=1, max_size=100),
)
def test_no_minute_sees_more_than_the_budget(clock, tmp_path_factory, per_minute, calls):
    folder = tmp_path_factory.mktemp("state")
    lines = [rate_limit.Pace(str(folder), "key", per_minute, clock.sleep) for _line in range(3)]
    sent = []
    for number, (pause, turn) in enumerate(calls):
        clock.now += pause if number % 7 == 0 else 0
        lines[number % 3].wait(turn)
        sent.append(clock.now)
    assert most_in_a_minute(sent) <= per_minute


def test_a_renewal_is_not_held_back(clock, tmp_path):
    pace = rate_limit.Pace(str(tmp_path), "key", 60, clock.sleep)
    began = clock.now
    for _request in range(20):
        pace.wait()
    assert clock.now == began
    clock.now += 120
    for _look in range(300):
        clock.now += 1.1
        before = clock.now
        pace.wait(Turn.LOOK)
        assert clock.now == before


def test_a_refusal_slows_everybody_who_shares_the_folder(clock, tmp_path):
    one, other = (rate_limit.Pace(str(tmp_path / "state"), "key", 60, clock.sleep) for _node in range(2))
    apart = rate_limit.Pace(str(tmp_path / "other"), "key", 60, clock.sleep)
    one.refused(7)
    began = clock.now
    assert apart.held_for(Turn.POST) == 0
    assert [round(other.held_for(turn), 3) for turn in Turn] == [7] * 4
    other.wait(Turn.POST)
    assert clock.now == pytest.approx(began + 7, abs=0.02)


def test_who_looks_ahead_takes_no_place(clock, tmp_path):
    pace = rate_limit.Pace(str(tmp_path / "state"), "key", 1, clock.sleep)
    assert [pace.held_for(Turn.POST) for _look in range(3)] == [0, 0, 0]
    pace.wait(Turn.POST)
    assert pace.held_for(Turn.POST) == 61


def test_the_budget_is_short_for_all_who_share_the_folder(clock, tmp_path):
    one, other = (
        rate_limit.Pace(str(tmp_path), "ak", 60, clock.sleep),
        rate_limit.Pace(str(tmp_path), "ak", 60, clock.sleep),
    )
    for _call in range(19):
        one.wait()
    assert not other.short()
    one.wait()
    assert one.short() and other.short()
    assert not rate_limit.Pace(str(tmp_path), "ak", 0, clock.sleep).short(), "without a budget none is short"
    assert not rate_limit.Pace(str(tmp_path), "other", 60, clock.sleep).short()
    smallest = rate_limit.Pace(str(tmp_path), "smallest", 1, clock.sleep)
    smallest.wait()
    assert smallest.short()


def test_keys_do_not_share_and_no_limit_is_none(clock, tmp_path):
    began = clock.now
    for number in range(100):
        rate_limit.Pace(str(tmp_path / "state"), f"key {number}", 60, clock.sleep).wait()
        rate_limit.Pace(str(tmp_path / "state"), "one", 0, clock.sleep).wait()
    assert clock.now == began and len(list((tmp_path / "state").iterdir())) == 100


@pytest.mark.parametrize("content", ["", "nonsense", "1800000031.500", "{}", "\x00" * 9, "9" * 100, "[" * 300_000])
def test_a_damaged_file_holds_nothing_back(clock, tmp_path, content):
    pace = rate_limit.Pace(str(tmp_path / "state"), "key", 60, clock.sleep)
    pace.wait()
    (file,) = (tmp_path / "state").iterdir()
    file.write_text(content, encoding="ascii")
    began = clock.now
    for _request in range(20):
        pace.wait()
    assert clock.now == began
    pace.wait()
    assert clock.now > began and len(json.loads(file.read_text(encoding="ascii"))["sent"]) == 21


def test_file(tmp_path):
    folder = tmp_path / "state"
    rate_limit.Pace(str(folder), "https://eu.api.ovh.com/1.0 application-key", 60).wait()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "application-key" not in file.name
    ((at, turn),) = json.loads(file.read_text(encoding="ascii"))["sent"]
    assert abs(at - time.time()) < 5 and turn == "read"


def test_its_name_is_the_same_in_every_version(tmp_path):
    rate_limit.Pace(str(tmp_path / "state"), "key", 60).wait()
    (file,) = (tmp_path / "state").iterdir()
    assert file.name == f"pace-{hashlib.sha256(b'key').hexdigest()[:16]}"


def test_nothing_stays_open(tmp_path):
    before = os.listdir("/proc/self/fd")
    rate_limit.Pace(str(tmp_path), "key", 60).wait()
    assert os.listdir("/proc/self/fd") == before


def test_a_folder_that_cannot_be_made_holds_nothing_back(tmp_path):
    (tmp_path / "file").write_text("")
    pauses = []
    for _request in range(200):
        rate_limit.Pace(os.fspath(tmp_path / "file" / "state"), "key", 60, pauses.append).wait()
    assert pauses == []


def test_a_full_disk_holds_nothing_back(tmp_path):
    pauses = []
    pace = rate_limit.Pace(str(tmp_path), "key", 60, pauses.append)
    os.symlink("/dev/full", pace._path)
    for _request in range(200):
        pace.wait()
    assert pauses == []


def test_storage_without_locks_holds_nothing_back(tmp_path, monkeypatch):
    def flock(_handle, _how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    pauses = []
    for _request in range(200):
        rate_limit.Pace(str(tmp_path), "key", 60, pauses.append).wait()
    assert pauses == []


def test_where_it_stands(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert rate_limit.default_state_dir() == os.path.expanduser("~/.local/state/ownrouter.ovhcloud")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert rate_limit.default_state_dir() == str(tmp_path / "ownrouter.ovhcloud")


def test_one_at_a_time_reads_and_writes_the_file(tmp_path):
    """While another process holds the lock, nobody takes a place: else two would take the same one."""
    pace = rate_limit.Pace(str(tmp_path / "state"), "key", 60, lambda _seconds: None)
    pace.wait()
    (file,) = (tmp_path / "state").iterdir()
    before = file.read_text(encoding="ascii")
    taken = threading.Thread(target=pace.wait, daemon=True)
    with file.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        taken.start()
        taken.join(0.2)
        assert taken.is_alive() and file.read_text(encoding="ascii") == before
    taken.join(5)
    assert not taken.is_alive() and file.read_text(encoding="ascii") != before


def test_modules_share_the_budget(ak, run):
    """Six runs with one key: the last waits its turn."""
    options = {**ak, "service_name": "xdsl-ab12345-1", "requests_per_minute": 15}
    waits = []
    for _run in range(6):
        began = time.monotonic()
        assert not run("xdsl_ppp_session_info", **options).failed
        waits.append(time.monotonic() - began)
    assert waits[5] > 4 > waits[0], waits


def test_a_short_pause_is_one_too(tmp_path, monkeypatch):
    slept, pauses = [], [0.5, 0.0]
    pace = rate_limit.Pace(str(tmp_path), "key", 60, slept.append)
    monkeypatch.setattr(pace, "held_for", lambda _turn, take: pauses.pop(0))
    pace.wait()
    assert slept == [0.5 + rate_limit.BEHIND] and not pauses


@pytest.mark.parametrize(("per_minute", "noted"), [(0, False), (1, True)])
def test_a_refusal_is_noted_where_there_is_a_budget(tmp_path, per_minute, noted):
    rate_limit.Pace(str(tmp_path / "state"), "key", per_minute).refused(None)
    assert (tmp_path / "state").exists() is noted
