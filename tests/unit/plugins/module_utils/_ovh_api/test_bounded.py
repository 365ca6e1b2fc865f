# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of an answer, to the byte and to the second."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded


class Response:
    """Gives these parts, each a second after the one before it."""

    def __init__(self, monkeypatch, *parts):
        self.parts, self.closed, self.now, self.size = parts, False, 1000.0, None
        monkeypatch.setattr(bounded.time, "monotonic", lambda: self.now)

    def iter_content(self, size):
        self.size = size
        for part in self.parts:
            self.now += 1.0
            yield part

    def close(self):
        self.closed = True


def test_bounds():
    """What the documentation promises: a change of these is one of behaviour."""
    assert bounded.LIMIT == 16 * 1024 * 1024 and bounded.DEADLINE == 90.0


def test_all_of_a_body(monkeypatch):
    response = Response(monkeypatch, b"[1,", b" 2", b"]")
    assert bounded._read(response) == b"[1, 2]"
    assert response.size == 64 * 1024 and not response.closed


@pytest.mark.parametrize(("parts", "fits"), [([b"12345", b"67890"], True), ([b"12345", b"67890", b"1"], False)])
def test_its_length(monkeypatch, parts, fits):
    monkeypatch.setattr(bounded, "LIMIT", 10)
    response = Response(monkeypatch, *parts)
    if fits:
        assert bounded._read(response) == b"".join(parts)
    else:
        with pytest.raises(bounded.TooLong):
            bounded._read(response)
    assert response.closed is not fits


@pytest.mark.parametrize(("count", "fits"), [(3, True), (4, False)])
def test_its_time(monkeypatch, count, fits):
    monkeypatch.setattr(bounded, "DEADLINE", 3.0)
    response = Response(monkeypatch, *[b"1"] * count)
    if fits:
        assert bounded._read(response) == b"1" * count
    else:
        with pytest.raises(bounded.TooLong):
            bounded._read(response)
    assert response.closed is not fits


def test_what_is_left_alone_with_its_connection_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(bounded, "DEADLINE", 0.05)
    before, answered = set(threading.enumerate()), threading.Event()
    with pytest.raises(bounded.TooLong):
        bounded._in_time(answered.wait)
    left = set(threading.enumerate()) - before
    assert left and all(thread.daemon for thread in left)
    answered.set()
