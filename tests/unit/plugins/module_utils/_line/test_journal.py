# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: on the disk before anything is sent, whole at every instant, and for nobody else."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import datetime, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal

LINE = "xdsl-ab12345-1"
AT = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)


@pytest.fixture
def kept(state_dir):
    return Journal(state_dir, LINE)


@pytest.fixture
def steps(monkeypatch):
    """What is done to the disk, in order."""
    done = []
    sync, replace = os.fsync, os.replace

    def fsync(handle):
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def put(old, new):
        done.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", put)
    return done


def test_flushed_before_and_after_the_replacement(kept, steps):
    kept.record(Entry(AT, "sending"))
    assert steps == ["file", "replace", "folder"]
    assert kept.last() == Entry(AT, "sending")


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


def test_an_entry_of_another_version_or_a_strange_outcome(kept):
    for text in ('{"version": 2}', '{"version": 1, "requested_at": "2026-11-24T12:00:00Z", "outcome": "perhaps"}'):
        os.makedirs(os.path.dirname(kept.path), exist_ok=True)
        with open(kept.path, "w", encoding="utf-8") as file:
            file.write(text)
        with pytest.raises(Failure) as error:
            kept.last()
        assert error.value.code == "journal"


def written(kept, **more):
    os.makedirs(os.path.dirname(kept.path), exist_ok=True)
    entry = {"version": 1, "requested_at": "2026-11-24T12:00:00Z", "outcome": "confirmed", "query_id": None, **more}
    with open(kept.path, "w", encoding="utf-8") as file:
        json.dump(entry, file)


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
