# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails that need not be opened again are known by their ids alone, and only as long as they would be judged alike."""

from __future__ import annotations

import json
import stat

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.looked import MOST, Looked

LINE = "xdsl-ab12345-1"


def test_they_are_kept(tmp_path):
    one = Looked(str(tmp_path / "state"), LINE, ["login", None])
    one.add("7")
    one.save()
    (file,) = (tmp_path / "state").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "7" in Looked(str(tmp_path / "state"), LINE, ["login", None])
    assert "7" not in Looked(str(tmp_path / "state"), LINE, ["another login", None])
    assert "7" not in Looked(str(tmp_path / "state"), "xdsl-other-1", ["login", None])


def test_nothing_new_is_not_written(tmp_path):
    Looked(str(tmp_path / "state"), LINE, []).save()
    assert not (tmp_path / "state").exists()


def test_the_newest_are_kept(tmp_path):
    one = Looked(str(tmp_path), LINE, [])
    for number in range(MOST + 5):
        one.add(str(number))
    one.save()
    again = Looked(str(tmp_path), LINE, [])
    assert "4" not in again and str(MOST + 4) in again


@pytest.mark.parametrize("content", ["", "[", "null", "[]", json.dumps({"by": "x"}), "[" * 5000])
def test_what_is_none_is_looked_at_again(tmp_path, content):
    folder = tmp_path / "state"
    one = Looked(str(folder), LINE, [])
    one.add("7")
    one.save()
    (file,) = folder.iterdir()
    file.write_text(content, encoding="utf-8")
    assert "7" not in Looked(str(folder), LINE, [])


def test_what_cannot_be_kept_stops_nothing(tmp_path):
    (tmp_path / "file").touch()
    one = Looked(str(tmp_path / "file"), LINE, [])
    one.add("7")
    one.save()
    assert "7" in one
