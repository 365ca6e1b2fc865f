# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes on beside a task ends with it, and what takes too long is not waited for."""

from __future__ import annotations

import contextvars
import threading
import time

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process.alongside import Silent, alongside, within

WORD = contextvars.ContextVar("WORD", default="none")


def test_it_ends_with_the_block_and_knows_its_context():
    seen = []

    def work(done):
        seen.append(WORD.get())
        assert done.wait(10)
        seen.append("ended")

    WORD.set("mine")
    with alongside(work):
        pass
    assert seen == ["mine", "ended"]


def test_it_ends_where_the_block_fails():
    ended = threading.Event()
    with pytest.raises(KeyError), alongside(lambda done: (done.wait(10), ended.set())):
        raise KeyError
    assert ended.is_set()


def test_what_is_there_in_time_is_returned_or_raised():
    assert within(10, lambda: 7) == 7

    def fails():
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        within(10, fails)


def test_what_is_not_there_in_time_is_left_behind():
    release, began = threading.Event(), time.monotonic()
    with pytest.raises(Silent):
        within(0.05, lambda: release.wait(10))
    assert time.monotonic() - began < 5
    release.set()
