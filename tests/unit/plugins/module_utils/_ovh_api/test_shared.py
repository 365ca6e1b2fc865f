# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lines ask once for all of them: who asks, who is told, and what is never taken for an answer."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import shared
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared

KEY = ("https://eu.api.ovh.com/1.0", "application-key", "consumer-key-5512")


class Clock:
    def __init__(self):
        self.now = 5000.0

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(shared.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(shared.time, "sleep", clock.sleep)
    return clock


class Line:
    """Asks, and counts how often OVHcloud is asked for it."""

    def __init__(self, folder, name="one", key=KEY):
        self.shared, self.asked, self.together = Shared(str(folder), key, name), 0, None

    def __call__(self, alone=1.0, together=2.0, answer="answer", question="list", held_for=lambda: 0.0):
        def ask():
            self.asked += 1
            return f"whole {answer}", answer

        told, self.together = self.shared.answer(
            "mails", question, lambda others: together if others else alone, ask, self.take, held_for
        )
        return told

    @staticmethod
    def take(kept):
        return kept if isinstance(kept, str) else None


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state"


def file_of(folder):
    (file,) = folder.glob("*.json")
    return file


def test_one_asks_and_the_others_are_told(folder, clock):
    one, other = Line(folder), Line(folder, "other")
    assert one() == "whole answer" and one.together is False
    assert other() == "answer" and other.together is True
    assert (one.asked, other.asked) == (1, 0)


def test_a_line_alone_asks_as_often_as_it_wants_and_several_share(folder, clock):
    one, other = Line(folder), Line(folder, "other")
    for _look in range(20):
        one()
        clock.now += 1.01
    assert one.asked == 20
    for _look in range(40):
        one(), other()
        clock.now += 0.5
    assert one.asked + other.asked <= 20 + 1 + 40 * 0.5 / 2
    clock.now += 11
    one()
    assert one.together is False, "the other has left"


def test_two_questions_of_one_line_are_none_of_several_lines(folder, clock):
    """Each step of a line is a process of its own."""
    Line(folder)()
    later = Line(folder)
    clock.now += 0.5
    assert later() == "answer" and later.together is False


def test_an_answer_is_as_old_as_its_question(folder, clock):
    one, other = Line(folder), Line(folder, "other")

    def slow():
        clock.now += 30
        return "whole", "kept"

    one.shared.answer("mails", "list", lambda _others: 2.0, slow, Line.take)
    assert other() == "whole answer"


@pytest.mark.parametrize("age", [-1.0, -5.0])
def test_an_answer_that_must_be_new_is_asked_for(folder, clock, age):
    one, other = Line(folder), Line(folder, "other")
    one()
    other(alone=age, together=age)
    assert other.asked == 1


def test_a_failure_is_nobody_elses(folder, clock):
    one, other = Line(folder), Line(folder, "other")

    def fails():
        raise Failure("server_error", "No.")

    with pytest.raises(Failure):
        one.shared.answer("mails", "list", lambda _others: 2.0, fails, Line.take)
    assert other() == "whole answer"


# --- what is never taken for an answer


@pytest.mark.parametrize("part", range(3))
def test_another_key_is_told_nothing(folder, clock, part):
    other_key = tuple(f"{text}x" if number == part else text for number, text in enumerate(KEY))
    one, other = Line(folder), Line(folder, "other", other_key)
    one(answer="one")
    assert other(answer="two") == "whole two"
    # Nor where the other's file stands in the place of its own.
    first, second = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    second.write_bytes(first.read_bytes())
    third = Line(folder, "third", other_key)
    assert third(answer="three") == "whole three" and third.together is False


def change(file, **values):
    found = json.loads(file.read_text(encoding="utf-8"))
    found.update(values)
    file.write_text(json.dumps(found), encoding="utf-8")


def answers(**values):
    return {"list": {"at": 5000.0, "value": "answer", "askers": {}, **values}}


@pytest.mark.parametrize(
    "values",
    [
        {"version": 2},
        {"key": "0" * 64},
        {"boot": "another start"},
        {"answers": []},
        {"answers": {"list": "answer"}},
        {"answers": answers(at=5000.1)},  # from the future
        {"answers": answers(at=4990.0)},
        {"answers": answers(at="5000")},
        {"answers": answers(at=None)},
        {"answers": answers(at=float("nan"))},
        {"answers": answers(at=True)},
        {"answers": answers(askers=[])},
        {"answers": answers(askers={"x": "now"})},
        {"answers": answers(value=7)},
    ],
)
def test_what_is_none_of_ours_is_asked_for(folder, clock, values):
    Line(folder, "other")()
    change(file_of(folder), **values)
    one = Line(folder)
    assert one() == "whole answer" and one.asked == 1
    assert Line(folder, "third")() == "answer", "it is mended"


@pytest.mark.parametrize("length", [0, 1, 40, -1])
def test_a_file_that_was_cut_is_asked_for(folder, clock, length):
    Line(folder, "other")()
    text = file_of(folder).read_bytes()
    file_of(folder).write_bytes(text[:length])
    assert Line(folder)() == "whole answer"


@given(st.binary(max_size=300))
def test_any_bytes_in_its_place(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("state")
    one = Line(folder)
    Path(one.shared.path("mails")).write_bytes(content)
    assert one() == "whole answer"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "other user", "too long"])
def test_what_stands_in_its_place_is_not_followed(folder, clock, kind, monkeypatch, tmp_path):
    folder.mkdir()
    one = Line(folder)
    path = Path(one.shared.path("mails"))
    outside = tmp_path / "outside"
    outside.write_text("mine", encoding="utf-8")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(outside)
    elif kind == "too long":
        path.write_bytes(b" " * (shared.LONGEST + 1))
    else:
        Line(folder, "other")(answer="forged")
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        monkeypatch.setattr(shared._own_file, "NOBODY", -1)
        real = os.fstat
        monkeypatch.setattr(os, "fstat", lambda handle: os.stat_result((*real(handle)[:4], 54321, *real(handle)[5:])))
    assert one() == "whole answer"
    assert outside.read_text(encoding="utf-8") == "mine"


# --- where it cannot be shared


def test_a_folder_that_cannot_be_made(tmp_path, clock):
    (tmp_path / "file").write_text("", encoding="utf-8")
    one = Line(tmp_path / "file" / "state")
    assert [one(), one()] == ["whole answer"] * 2 and clock.now == 5000


def test_storage_without_locks(folder, clock, monkeypatch):
    def flock(_handle, _how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    one = Line(folder)
    assert [one(), one()] == ["whole answer"] * 2 and clock.now == 5000


def test_a_disk_that_is_full(folder, clock, monkeypatch):
    real = os.open

    def full(path, flags, *mode):
        if str(path).endswith(".new"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, flags, *mode)

    monkeypatch.setattr(os, "open", full)
    one, other = Line(folder), Line(folder, "other")
    assert [one(), other()] == ["whole answer"] * 2


def held(folder):
    """Somebody holds the lock and does nothing."""
    handle = os.open(folder / next(path.name for path in folder.glob("*.lock")), os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def test_somebody_who_was_stopped_while_asking_is_not_waited_for_without_end(folder, clock):
    Line(folder, "other")()
    handle = held(folder)
    clock.now += 60
    one = Line(folder)
    assert one() == "whole answer"
    assert shared.PATIENCE <= clock.now - 5060 <= shared.PATIENCE + 1
    clock.now += 60
    before = clock.now
    assert one() == "whole answer" and clock.now - before <= shared.LOST + 1
    os.close(handle)
    clock.now += 60
    assert one() == "whole answer" and Line(folder, "third")() == "answer"


def test_somebody_who_dies_while_asking_leaves_no_lock(folder, clock):
    Line(folder, "other")()
    os.close(held(folder))
    clock.now += 60
    assert Line(folder)() == "whole answer" and clock.now == 5060


def test_what_is_fresh_is_told_while_somebody_asks_anew(folder, clock):
    Line(folder, "other")()
    handle = held(folder)
    clock.now += 0.5
    assert Line(folder)() == "answer" and clock.now == 5000.5
    os.close(handle)


def test_who_waits_for_a_turn_does_not_hold_the_lock(folder, clock, monkeypatch):
    """A refusal (429) silences everybody: nobody loses patience over it, and one asks when it is over."""
    silent_until = clock.now + 60
    one, other = Line(folder), Line(folder, "other")

    def sleep(seconds):
        handle = os.open(next(folder.glob("*.lock")), os.O_RDWR)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
        clock.sleep(seconds)

    monkeypatch.setattr(shared.time, "sleep", sleep)
    assert one(held_for=lambda: max(0.0, silent_until - clock.now)) == "whole answer"
    assert 5060 <= clock.now <= 5062 and one.asked == 1
    assert other() == "answer"


def test_thirty_who_ask_at_once_are_told_by_one(folder):
    asked, told = [], []

    def line(number):
        def ask():
            asked.append(number)
            time.sleep(0.3)
            return "answer", "answer"

        mine = Shared(str(folder), KEY, f"line {number}")
        told.append(mine.answer("mails", "list", lambda _others: 2.0, ask, Line.take)[0])

    threads = [threading.Thread(target=line, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == ["answer"] * 30
    assert len(asked) == 1


# --- what stands on the disk


def test_its_files(folder, clock):
    Line(folder)()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".lock"]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"consumer-key" not in path.read_bytes() and "key" not in path.name
    assert "whole" not in file_of(folder).read_text(encoding="utf-8")


def test_nothing_stays_open(folder):
    before = os.listdir("/proc/self/fd")
    Line(folder)()
    assert os.listdir("/proc/self/fd") == before


def test_what_is_old_is_not_kept(folder, clock):
    one = Line(folder)
    one(question="first")
    clock.now += shared.KEPT + 1
    one(question="second")
    assert list(json.loads(file_of(folder).read_text(encoding="utf-8"))["answers"]) == ["second"]


def test_what_a_killed_run_left_is_taken_over(folder, clock):
    folder.mkdir()
    one = Line(folder)
    Path(f"{one.shared.path('mails')}.new").write_text('{"half', encoding="utf-8")
    one()
    assert Line(folder, "other")() == "answer"
    assert list(folder.glob("*.new")) == []


# --- what is kept without a question


def test_changes_are_kept(folder, clock):
    one, other = Shared(str(folder), KEY, "one"), Shared(str(folder), KEY, "other")
    assert one.kept("log", "entries") is None
    one.keep("log", "entries", lambda kept: [*(kept or []), 1])
    other.keep("log", "entries", lambda kept: [*(kept or []), 2])
    assert one.kept("log", "entries") == other.kept("log", "entries") == [1, 2]


def test_since_when_was_asked(folder, clock):
    one = Line(folder)
    assert one.shared.asked_since("mails", "list", 4000) is False
    one()
    clock.now += 5
    assert one.shared.asked_since("mails", "list", 5000) is True
    assert one.shared.asked_since("mails", "list", 5001) is False
    clock.now = 10
    assert one.shared.asked_since("mails", "list", 0) is False, "it is from the future"


def test_the_age_of_a_run(tmp_path):
    """By the start of its process, as the kernel counts it."""
    with open("/proc/self/stat", encoding="utf-8") as file:
        ticks = file.read().rpartition(")")[2].split()[19]
    began = int(ticks) / os.sysconf("SC_CLK_TCK")
    age = Shared(str(tmp_path), ["key"], "line", f"{os.getpid()}.{ticks}").run_age()
    assert 0 <= age <= time.clock_gettime(time.CLOCK_BOOTTIME) - began + 1
    for unknown in ("", "no number", "1.x"):
        assert Shared(str(tmp_path), ["key"], "line", unknown).run_age() == 0


@pytest.mark.parametrize(
    ("given", "several"), [((), False), (("7.1",), False), (("7.1", True), True), (("", True), False)]
)
def test_a_run_of_several_lines_has_a_name(tmp_path, given, several):
    assert Shared(str(tmp_path), ["key"], "line", *given).several is several


def test_what_its_files_are_named_by(folder):
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        assert shared.running_since() == file.read().strip()
    one = Shared(str(folder), KEY, "one")
    assert one.path("mails") == str(folder / f"shared-{one._key[:16]}.mails.json")


def test_a_run_of_the_future_is_young(tmp_path):
    assert Shared(str(tmp_path), ["key"], "line", f"1.{10**12}").run_age() == 0


def test_who_asks_for_itself_knows_of_no_others(folder, clock, monkeypatch):
    Line(folder, "other")()
    handle = held(folder)
    clock.now += 60
    one = Line(folder)
    assert one() == "whole answer" and one.together is False
    os.close(handle)
    monkeypatch.setattr(shared.Shared, "_locked", lambda _self, _topic: contextlib.nullcontext())
    assert one() == "whole answer" and one.together is False


def test_patience_comes_back_with_the_lock(folder, clock):
    Line(folder, "other")()
    one = Line(folder)
    for _time in range(2):
        clock.now += 60
        handle, before = held(folder), clock.now
        assert one() == "whole answer" and clock.now - before >= shared.PATIENCE
        os.close(handle)
        clock.now += 60
        assert one() == "whole answer"


def test_a_line_is_noted_again_in_half_of_the_time_that_it_counts(folder, clock, monkeypatch):
    """And not each time that it is told."""
    Line(folder, "other")()
    one, written = Line(folder), []
    write = shared.Shared._write
    monkeypatch.setattr(shared.Shared, "_write", lambda self, *args: (written.append(clock.now), write(self, *args)))
    for at in (5001.0, 5001.0, 5001.0 + shared.PRESENT / 2, 5001.1 + shared.PRESENT / 2):
        clock.now = at
        assert one(alone=100.0, together=100.0) == "answer"
    assert written == [5001.0, 5001.1 + shared.PRESENT / 2]


def test_who_waits_for_a_turn_hears_of_others_every_second(folder, clock, monkeypatch):
    slept = []
    monkeypatch.setattr(shared.time, "sleep", lambda seconds: (slept.append(seconds), clock.sleep(seconds)))
    until = clock.now + 7
    assert Line(folder)(held_for=lambda: max(0.0, until - clock.now)) == "whole answer"
    assert max(slept) == 1.0 and sum(slept) >= 7


def test_a_question_for_the_sake_of_another_waits_for_nobody(folder, clock):
    """The first call of a run asks for the time within its own question; both are kept, and the lock is free again."""
    line, other = Line(folder), Line(folder, "two")
    began = clock.now

    def ask():
        return line(question="time", answer="noon", held_for=lambda: 5.0), "whole day"

    told, _others = line.shared.answer("mails", "day", lambda _others: 60.0, ask, Line.take)
    assert told == "whole noon" and clock.now == began and line.asked == 1
    assert other(alone=60.0, together=60.0, question="time") == "noon" and other.asked == 0
    assert other(alone=60.0, together=60.0, question="day") == "whole day" and other.asked == 0
