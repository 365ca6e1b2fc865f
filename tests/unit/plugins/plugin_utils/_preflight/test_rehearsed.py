# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rehearsal has shown is kept, and nothing else that lies there is taken for it."""

from __future__ import annotations

import datetime
import json
import os
import stat

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.rehearsed import (
    COUNTS,
    Rehearsal,
    last,
    note,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Trails
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways.three import Rehearsed

LINE = "xdsl-ab12345-1"
AT = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
SHOWN = Rehearsal("router1", AT, True, True, True, None)
TRAILS = Trails("eth0", "usb0")


def test_it_is_found_again(tmp_path):
    folder = str(tmp_path / "state")
    assert last(folder, LINE, "router1") is None
    note(folder, LINE, Rehearsal("router1", AT, True, False))
    note(folder, LINE, SHOWN)
    assert last(folder, LINE, "router1") == SHOWN
    assert last(folder, LINE, "router2") is None, "that is another router"
    assert last(folder, "xdsl-other-1", "router1") is None
    (file,) = (tmp_path / "state").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_what_a_killed_run_left_is_replaced(tmp_path):
    (tmp_path / f"{LINE}.rehearsed.json.new").write_text("half", encoding="utf-8")
    note(str(tmp_path), LINE, SHOWN)
    assert last(str(tmp_path), LINE, "router1") == SHOWN


@pytest.mark.parametrize("content", ["", "{}", "[1", "null", "[" * 3000, "x" * 10**6, json.dumps({"host": "router1"})])
def test_what_is_none_is_not_taken_for_one(tmp_path, content):
    (tmp_path / f"{LINE}.rehearsed.json").write_text(content, encoding="utf-8")
    assert last(str(tmp_path), LINE, "router1") is None


def test_neither_a_pipe_nor_a_link_is_followed(tmp_path):
    path = tmp_path / f"{LINE}.rehearsed.json"
    os.mkfifo(path)
    assert last(str(tmp_path), LINE, "router1") is None
    path.unlink()
    note(str(tmp_path / "elsewhere"), LINE, SHOWN)
    path.symlink_to(tmp_path / "elsewhere" / path.name)
    assert last(str(tmp_path), LINE, "router1") is None
    path.unlink()
    path.mkdir()
    assert last(str(tmp_path), LINE, "router1") is None


@pytest.mark.parametrize(
    ("router", "api", "told"),
    [
        (None, None, ""),
        (True, True, "the router and OVHcloud's API answered while the line was down"),
        (True, None, "the router answered while the line was down"),
        (False, None, "the router did not answer while the line was down"),
        (
            True,
            False,
            "the router answered while the line was down, OVHcloud's API did not answer while the line was down",
        ),
    ],
)
def test_what_it_told_of_the_ways(router, api, told):
    assert Rehearsal("router1", AT, True, True, router, api).told() == told


@pytest.mark.parametrize(
    ("trails", "router", "api", "found"),
    [
        (TRAILS, True, True, (True, True)),
        (TRAILS, True, False, (True, False)),
        (TRAILS, None, True, (False, True)),
        (Trails("eth1", "usb0"), True, True, (False, True)),
        (Trails("eth0", ""), True, True, (True, False)),
        (Trails(), True, True, (False, False)),
    ],
)
def test_it_tells_of_the_same_routes_alone(trails, router, api, found):
    shown = Rehearsal("router1", AT, True, True, router, api, TRAILS)
    told = shown.answered(AT + COUNTS, trails)
    assert (bool(told.router), bool(told.api)) == found
    assert Rehearsal("router1", AT, True, True, True, True).answered(AT, trails) == Rehearsed()


@pytest.mark.parametrize("later", [COUNTS + datetime.timedelta(seconds=1), datetime.timedelta(seconds=-1)])
def test_it_tells_nothing_after_a_while_or_from_the_future(later):
    shown = Rehearsal("router1", AT, True, True, True, True, TRAILS)
    assert shown.answered(AT + later, TRAILS) == Rehearsed()
