# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker whose Ansible ends, as real processes: it always says its last words, once, and then it is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import last_words, progress

#: Seconds.
LIMIT = 10.0


def worker(ready: int) -> t.NoReturn:
    """What an action does while it waits for a mail."""
    last_words.at_a_signal(lambda reason: f"LAST WORDS {reason}")
    with progress.shown("router1", "the mail", 60):
        os.write(ready, b"x")
        time.sleep(LIMIT)
    os._exit(3)


def busy(ready: int) -> t.NoReturn:
    """What an action does while it works, and nothing is to be shown of that."""
    last_words.at_a_signal(lambda reason: f"LAST WORDS {reason}")
    os.write(ready, b"x")
    limit = time.monotonic() + 2 * LIMIT
    while time.monotonic() < limit:
        # It takes any trouble for one that passes.
        with contextlib.suppress(OSError):
            time.sleep(1)
    os._exit(3)


def told(
    stderr: Path, end: t.Callable[[int], None], act: t.Callable[[int], t.NoReturn] = worker, heard: bool = True
) -> str:
    """What a worker has written on its Ansible's standard error, after END was done to it and Ansible ended.

    :param end: is given the worker's number; it runs in Ansible's process, which then ends at once
    :param heard: Ansible's standard error is a file; else a pipe that nobody reads any more
    """
    gone, alive = os.pipe()
    ansible = os.fork()
    if ansible == 0:
        reader, writer = os.pipe()
        os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT) if heard else writer, 2)
        os.close(writer)
        ready, begun = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            act(begun)
        os.close(alive)
        os.read(ready, 1)
        os.close(reader)
        end(child)
        os._exit(0)
    os.close(alive)
    os.waitpid(ansible, 0)
    limit = time.monotonic() + LIMIT
    os.set_blocking(gone, False)
    while time.monotonic() < limit:
        try:
            # The worker holds the other end as long as it lives.
            if os.read(gone, 1) == b"":
                return stderr.read_text("utf-8") if heard else ""
        except BlockingIOError:
            time.sleep(0.05)
    raise AssertionError("the worker still lives")


def test_an_ansible_that_was_killed_leaves_a_worker_that_speaks(tmp_path: Path) -> None:
    said = told(tmp_path / "err", lambda worker: None)
    assert said == "[ERROR]: LAST WORDS Ansible was killed.\n"


def test_so_does_one_that_has_nothing_to_show(tmp_path: Path) -> None:
    """A job's cancel kills Ansible while the worker writes to the router."""
    assert told(tmp_path / "err", lambda worker: None, busy) == "[ERROR]: LAST WORDS Ansible was killed.\n"


def test_one_that_nobody_hears_ends_all_the_same(tmp_path: Path) -> None:
    """``ansible-playbook … | tee log``: Ctrl-C ends the reader first."""
    began = time.monotonic()
    told(tmp_path / "err", lambda worker: os.kill(worker, signal.SIGTERM), busy, heard=False)
    # And not only when the watch over Ansible loses its patience.
    assert time.monotonic() - began < last_words.GONE_LIMIT


def test_a_watch_ends_with_its_task(tmp_path: Path) -> None:
    before = threading.active_count()
    last_words.at_a_signal(lambda reason: reason)
    assert threading.active_count() == before + 1
    last_words.nothing()
    limit = time.monotonic() + LIMIT
    while threading.active_count() > before and time.monotonic() < limit:
        time.sleep(0.01)
    assert threading.active_count() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_answered_though_ansible_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """The watch over Ansible looks every second: it comes while the worker gives way to Ansible's own words."""
    monkeypatch.setattr(last_words, "FILE_PAUSE", 2.5)
    said = told(tmp_path / "err", lambda worker: os.kill(worker, number))
    assert said == f"[ERROR]: LAST WORDS the run was ended by {number.name}.\n"
