# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a request could be noted, told without writing anything."""

from __future__ import annotations

import datetime
import os

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.state_folder import trouble

LINE = "xdsl-ab12345-1"
NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("folder", ["", "state", "a/b/c"])
def test_a_folder_that_is_there_or_can_be_made(tmp_path, folder):
    top = tmp_path / "top"
    top.mkdir()
    assert trouble(str(top / folder), LINE, NOW) == ""
    assert list(top.iterdir()) == [], "nothing is made"


def test_a_journal_that_is_there(tmp_path):
    good = '{"version": 1, "requested_at": "2026-03-01T12:00:00Z", "outcome": "confirmed"}'
    (tmp_path / f"{LINE}.json").write_text(good, encoding="utf-8")
    assert trouble(str(tmp_path), LINE, NOW) == ""


def of_file(path):
    path.write_text("", encoding="utf-8")


def of_the_future(path):
    path.write_text('{"version": 1, "requested_at": "2099-01-01T00:00:00Z", "outcome": "confirmed"}', encoding="utf-8")


def of_link(path):
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (of_file, "holds no JSON"),
        (os.mkfifo, "is a pipe"),
        (os.mkdir, "is a folder"),
        (of_link, "is a link, which is not followed"),
        (of_the_future, "has a request of 2099-01-01T00:00:00Z, and OVHcloud's clock says 2026-11-24T12:00:00Z"),
    ],
)
def test_a_journal_that_cannot_be_read(tmp_path, make, part):
    make(tmp_path / f"{LINE}.json")
    assert part in trouble(str(tmp_path), LINE, NOW)


@pytest.mark.parametrize(
    ("make", "part"), [(os.mkfifo, "is a pipe"), (os.mkdir, "is a folder"), (of_link, "is a link")]
)
def test_a_lock_that_cannot_be_taken(tmp_path, make, part):
    make(tmp_path / f"{LINE}.lock")
    assert f"{LINE}.lock {part}" in trouble(str(tmp_path), LINE, NOW)


def test_a_place_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "file is no folder" in trouble(str(tmp_path / "file"), LINE, NOW)
    assert "file is no folder" in trouble(str(tmp_path / "file" / "below"), LINE, NOW)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK | os.X_OK)
    found = trouble(str(tmp_path / "new" / "below"), LINE, NOW)
    assert f"may not write in {tmp_path}, or it is mounted read-only. Set router_pppoe_state_dir" in found
