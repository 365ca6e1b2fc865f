# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: on the disk before anything is sent, whole at every instant, and for nobody else."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import socket
import stat
from datetime import datetime, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal

LINE = "xdsl-ab12345-1"
AT = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)


@pytest.fixture
def kept(state_dir):
    return Journal(state_dir, LINE)


@pytest.fixture
def steps(monkeypatch):
    """What is done to the disk, in order, for the journal."""
    done = []
    sync, replace = os.fsync, os.replace

    def fsync(handle):
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def put(old, new):
        if "shared-" not in str(new):
            done.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", put)
    return done


def test_flushed_before_and_after_the_replacement(kept, steps):
    kept.record(Entry(AT, "sending"))
    assert steps == ["file", "replace", "folder"]
    assert kept.last() == Entry(AT, "sending")


def test_what_is_flushed_is_the_whole_entry(kept, monkeypatch):
    """And it can be read by people: one field a line."""
    seen = []
    sync = os.fsync

    def fsync(handle):
        if not seen:
            with open(f"{kept.path}.new", encoding="utf-8") as file:
                seen.append(file.read())
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    kept.record(Entry(AT, "unknown", "EU.ext-1.1", 2, AT.replace(hour=9)))
    with open(kept.path, encoding="utf-8") as file:
        assert file.read() == seen[0]
    assert seen[0].splitlines() == [
        "{",
        ' "version": 1,',
        f' "service_name": "{LINE}",',
        ' "requested_at": "2026-11-24T12:00:00Z",',
        ' "outcome": "unknown",',
        ' "query_id": "EU.ext-1.1",',
        ' "requests": 2,',
        ' "since": "2026-11-24T09:00:00Z",',
        ' "refused_at": null,',
        f' "host": "{socket.gethostname()}"',
        "}",
    ]
    assert seen[0].endswith("}\n")


def test_nothing_stays_open(kept):
    """A run may renew many lines."""
    before = os.listdir("/proc/self/fd")
    with kept.locked():
        kept.record(Entry(AT, "sending"))
    assert os.listdir("/proc/self/fd") == before


def test_all_of_it_before_the_request(api, renew, steps, monkeypatch):
    import ovh

    real = ovh.Client.raw_call

    def watching(self, method, *args, **options):
        if method == "POST":
            steps.append("POST")
        return real(self, method, *args, **options)

    monkeypatch.setattr(ovh.Client, "raw_call", watching)
    assert renew(renew=True)["requested"]
    assert steps[:4] == ["file", "replace", "folder", "POST"]


@pytest.mark.parametrize(
    ("number", "fails"),
    [
        (errno.EINVAL, False),
        (errno.ENOTSUP, False),
        (errno.EBADF, False),
        (errno.ENOSYS, False),
        (errno.EIO, True),
        (errno.ENOSPC, True),
    ],
)
def test_a_folder_that_cannot_be_flushed(kept, monkeypatch, number, fails):
    """Shared storage may know no such thing; a disk that fails is another matter."""
    sync = os.fsync

    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    if fails:
        with pytest.raises(Failure) as error:
            kept.record(Entry(AT, "sending"))
        assert error.value.code == "journal"
    else:
        kept.record(Entry(AT, "sending"))


def test_a_disk_that_fails_sends_no_request(api, renew, monkeypatch):
    def fsync(_handle):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", fsync)
    result = renew(renew=True)
    assert result.code == "journal" and "Nothing was requested" in result["msg"]
    assert api.posts() == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_the_old_entry_stands_until_the_new_one_is_whole(kept, monkeypatch, step):
    """Whenever a run is killed: the old entry or the new one, never a half, and the next run is not in its way."""
    old = Entry(AT, "confirmed", "EU.ext-1.1")
    kept.record(old)

    class Killed(BaseException):
        pass

    def killed(*_arguments):
        assert kept.last() == old
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, step, killed)
        patch.setattr(os, "unlink", lambda _path: None)  # a killed process cleans nothing up
        with pytest.raises(Killed):
            kept.record(Entry(AT, "sending"))
    assert kept.last() == old
    with open(f"{kept.path}.new", "a", encoding="utf-8") as file:
        file.write("{half of an ent")
    kept.record(Entry(AT, "unknown"))
    assert kept.last() == Entry(AT, "unknown")
    assert [name for name in os.listdir(os.path.dirname(kept.path)) if name.endswith(".new")] == []


def test_a_failed_entry_leaves_no_file(kept, monkeypatch):
    def fsync(_handle):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Failure):
        kept.record(Entry(AT, "sending"))
    assert os.listdir(os.path.dirname(kept.path)) == []


def test_modes(kept, state_dir):
    old = os.umask(0)
    try:
        with kept.locked():
            kept.record(Entry(AT, "sending"))
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(state_dir).st_mode) == 0o700
    modes = {name: stat.S_IMODE(os.stat(os.path.join(state_dir, name)).st_mode) for name in os.listdir(state_dir)}
    assert modes == {f"{LINE}.json": 0o600, f"{LINE}.lock": 0o600}


# --- the lock


def test_the_lock_names_its_holder(kept, state_dir):
    """While it is held, and nobody after that; what a killed run left there is gone."""
    lock = os.path.join(state_dir, f"{LINE}.lock")
    os.makedirs(state_dir)
    with open(lock, "w", encoding="utf-8") as file:
        file.write("a killed run's name " * 9)
    with kept.locked(), open(lock, encoding="utf-8") as file:
        name = file.read()
    host = re.escape(socket.gethostname())
    assert re.fullmatch(rf"process {os.getpid()} on {host} since 2\d{{3}}-\d\d-\d\dT\d\d:\d\d:\d\dZ", name), name
    assert os.path.getsize(lock) == 0


@pytest.mark.parametrize(
    ("names", "holder", "pauses"),
    [
        (["process 7 on here"], "process 7 on here", 0),
        (["", "", "process 7 on here"], "process 7 on here", 2),
        ([""] * 11, "", 10),
        (["7" * 201], "7" * 200, 0),
    ],
)
def test_a_lock_that_is_held(kept, state_dir, monkeypatch, names, holder, pauses):
    """Its holder may have taken it just now, and not have written its name yet."""
    lock = os.path.join(state_dir, f"{LINE}.lock")
    os.makedirs(state_dir)
    names, slept = list(names), []
    with open(lock, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.pwrite(file.fileno(), names.pop(0).encode(), 0)

        def sleep(seconds):
            slept.append(seconds)
            os.pwrite(file.fileno(), names.pop(0).encode(), 0)

        monkeypatch.setattr(journal.time, "sleep", sleep)
        with pytest.raises(Failure) as error, kept.locked():
            raise AssertionError("two have it")
    assert slept == [0.05] * pauses
    assert error.value.code == "locked" and error.value.details == {"holder": holder, "lock": lock}
    assert f"({holder or 'nameless'})" in error.value.message


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    kept = Journal(str(tmp_path / "file" / "state"), LINE)
    with pytest.raises(Failure) as error, kept.locked():
        raise AssertionError("nobody has it")
    assert error.value.code == "journal" and "cannot be locked (Not a directory)" in error.value.message
    with pytest.raises(Failure) as error:
        kept.record(Entry(AT, "sending"))
    assert error.value.code == "journal" and "cannot be written (Not a directory)" in error.value.message


def test_storage_without_locks_is_no_place_for_a_journal(kept, monkeypatch):
    def flock(_handle, _how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(Failure) as error, kept.locked():
        raise AssertionError("nobody has it")
    assert error.value.code == "journal" and "No locks available" in error.value.message


# --- what stands in it


@pytest.mark.parametrize(
    ("outcome", "counts", "is_open"),
    [
        ("sending", True, True),
        ("unknown", True, True),
        ("confirmed", True, False),
        ("refused", False, False),
        ("not_sent", False, False),
    ],
)
def test_outcomes(kept, outcome, counts, is_open):
    kept.record(Entry(AT, outcome))
    entry = kept.last()
    assert (entry.outcome, entry.counts, entry.open) == (outcome, counts, is_open)


def written(kept, **more):
    os.makedirs(os.path.dirname(kept.path), exist_ok=True)
    entry = {"version": 1, "requested_at": "2026-11-24T12:00:00Z", "outcome": "confirmed", "query_id": None, **more}
    with open(kept.path, "w", encoding="utf-8") as file:
        json.dump(entry, file)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"version": 2}, "was written by another version of this collection"),
        ({"version": None}, "was written by another version of this collection"),
        ({"outcome": "perhaps"}, "is damaged"),
        ({"requested_at": "soon"}, "is damaged"),
        ({"requests": 0}, "is damaged"),
        ({"requests": "2"}, "is damaged"),
    ],
)
def test_an_entry_that_is_not_understood(kept, more, why):
    """It may speak of a request."""
    written(kept, **more)
    with pytest.raises(Failure) as error:
        kept.last()
    assert error.value.code == "journal" and f"{LINE}.json {why}. Nothing was requested." in error.value.message


@pytest.mark.parametrize(("text", "why"), [("[]", "is damaged"), ("null", "is damaged"), ("{", "holds no JSON")])
def test_a_file_that_is_no_journal(kept, text, why):
    written(kept)
    with open(kept.path, "w", encoding="utf-8") as file:
        file.write(text)
    with pytest.raises(Failure) as error:
        kept.last()
    assert error.value.code == "journal" and why in error.value.message


def test_a_journal_of_0_1_0_is_read(kept):
    written(kept, service_name=LINE, host="here")
    assert kept.last() == Entry(AT, "confirmed")


def test_all_of_an_entry_comes_back(kept):
    entry = Entry(AT, "sending", "EU.ext-1.1", 3, AT.replace(hour=9), AT.replace(hour=11))
    kept.record(entry)
    assert kept.last() == entry


@pytest.mark.parametrize("requests", [0, -1, "2", None, 1.5])
def test_a_count_that_is_none(kept, requests):
    """It says for how many mails to wait: a wrong one could have a dead password written."""
    written(kept, requests=requests)
    with pytest.raises(Failure):
        kept.last()


@pytest.mark.parametrize(
    ("kind", "command"),
    [("folder", "rm -rf "), ("file", "rm -f "), ("link to a folder", "rm -f "), ("lock", "rm -rf ")],
)
def test_what_stands_there_is_named_with_the_command_that_removes_it(kept, kind, command):
    """Of a link nothing but the link is removed."""
    os.makedirs(os.path.dirname(kept.path), mode=0o700, exist_ok=True)
    place = kept.lock_path if kind == "lock" else kept.path
    if kind == "file":
        with open(place, "w", encoding="utf-8") as file:
            file.write("damaged")
    elif kind == "link to a folder":
        os.symlink(os.path.dirname(place), place)
    else:
        os.mkdir(place)
    with pytest.raises(Failure) as caught:
        if kind == "lock":
            with kept.locked():
                pass
        kept.last()
    assert f"({command}{place})." in caught.value.message


def test_the_future_begins_five_minutes_ahead(kept):
    kept.record(Entry(AT, "confirmed"))
    assert kept.last(AT - journal.AHEAD) == Entry(AT, "confirmed")
    with pytest.raises(Failure):
        kept.last(AT - journal.AHEAD - datetime.resolution)
