# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker whose Ansible ends, as real processes: it always says its last words, once, and then it is gone."""

from __future__ import annotations

import os
import signal
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _last_words, _progress

#: Seconds.
LIMIT = 20.0


def worker(ready: int) -> t.NoReturn:
    """What an action does while it waits for a mail."""
    _last_words.at_a_signal(lambda reason: f"LAST WORDS {reason}")
    with _progress.shown("router1", "the mail", 60):
        os.write(ready, b"x")
        time.sleep(LIMIT)
    os._exit(3)


def told(stderr: Path, end: t.Callable[[int], None]) -> str:
    """What a worker has written on its Ansible's standard error, after END was done to it and Ansible ended.

    :param end: is given the worker's number; it runs in Ansible's process, which then ends at once
    """
    gone, alive = os.pipe()
    ansible = os.fork()
    if ansible == 0:
        os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT), 2)
        ready, begun = os.pipe()
        child = os.fork()
        if child == 0:
            worker(begun)
        os.close(alive)
        os.read(ready, 1)
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
                return stderr.read_text("utf-8")
        except BlockingIOError:
            time.sleep(0.05)
    raise AssertionError(f"the worker still lives: {stderr.read_text('utf-8')!r}")


def test_an_ansible_that_was_killed_leaves_a_worker_that_speaks(tmp_path: Path) -> None:
    said = told(tmp_path / "err", lambda worker: None)
    assert said == "[ERROR]: LAST WORDS Ansible was killed.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_answered_though_ansible_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """The watch over Ansible looks every second: it comes while the worker gives way to Ansible's own words."""
    monkeypatch.setattr(_last_words, "FILE_PAUSE", 2.5)
    said = told(tmp_path / "err", lambda worker: os.kill(worker, number))
    assert said == f"[ERROR]: LAST WORDS the run was ended by {number.name}.\n"
