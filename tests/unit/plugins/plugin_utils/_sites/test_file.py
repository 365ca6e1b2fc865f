# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a report goes: to a file of the user's, whole or not at all."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import file as report_file


def test_a_path_begins_where_the_command_was_typed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert report_file.path_of("report.json") == str(tmp_path / "report.json")
    assert report_file.path_of("~/report.json") == "/home/me/report.json"
    assert report_file.path_of(None) == report_file.path_of("") == report_file.path_of(True) == ""


def test_a_report_is_written_and_takes_the_place_of_the_last_one(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    path = str(folder / "report.json")
    for number in (1, 2):
        assert report_file.trouble(path) == ""
        report_file.write(path, {"é": number})
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == {"é": 2}
    assert os.listdir(folder) == ["report.json"]


def test_what_stood_there_is_left_where_it_cannot_be_written(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    path = folder / "report.json"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(TypeError):
        report_file.write(str(path), {"a": object()})
    assert os.listdir(folder) == ["report.json"] and path.read_text(encoding="utf-8") == "before"


def test_a_file_that_cannot_be_written_is_told_before(tmp_path):
    assert "there is no folder" in report_file.trouble(str(tmp_path / "none" / "report.json"))
    assert "which is a folder" in report_file.trouble(str(tmp_path))
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert "which is a link" in report_file.trouble(str(tmp_path / "link"))


def test_nothing_is_written_into_the_collection(tmp_path):
    assert (report_file.INSTALLED / "playbooks" / "renew.yml").is_file(), "the whole of the collection"
    inside = str(report_file.INSTALLED / "report.json")
    assert "lies in the installed collection" in report_file.trouble(inside)
    (tmp_path / "way").symlink_to(report_file.INSTALLED)
    assert "lies in the installed collection" in report_file.trouble(str(tmp_path / "way" / "plugins" / "report.json"))
