# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From where OVHcloud sees this run's calls, by its log."""

from __future__ import annotations

import json
import os
import stat
import types
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import exits

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LINE = "xdsl-ab12345-1"
IPS = f"/xdsl/{LINE}/ips"


class Log:
    """The account's call log: (seconds ago, path, address), newest first."""

    def __init__(self, *entries):
        self._entries = [
            {
                "logId": len(entries) - number,
                "date": (NOW - timedelta(seconds=seconds)).isoformat(),
                "ip": ip,
                "method": "GET",
                "path": path,
            }
            for number, (seconds, path, ip) in enumerate(entries)
        ]

    connection = types.SimpleNamespace(base_url="https://api.test/1.0", identity="test-ak")

    def now(self):
        return NOW

    def get(self, path, **_more):
        ids = [one["logId"] for one in self._entries]
        return ids if path.endswith("/self") else self._entries[ids.index(int(path.rpartition("/")[2]))]

    def get_batch(self, path, ids):
        return [one for one in self._entries if str(one["logId"]) in ids]


def found(*entries):
    return exits.look(Log(*entries), LINE)


def test_this_line_s_calls_tell_where_they_come_from():
    assert found((1, IPS, "203.0.113.10")).addresses == ("203.0.113.10",)
    assert found((1, IPS, "2001:DB8::1")).addresses == ("2001:db8::1",)
    assert found((1, IPS, "203.0.113.10")).untold == ""


def test_calls_of_two_addresses_are_told_and_are_no_exit():
    at = found((1, IPS, "198.51.100.1"), (2, IPS, "203.0.113.10"))
    assert at.addresses == ("198.51.100.1", "203.0.113.10") and "several addresses" in at.untold
    at = found((1, IPS, "198.51.100.1"), (2, IPS, None))
    assert at.addresses == ("198.51.100.1",) and "(198.51.100.1, none)" in at.untold


@pytest.mark.parametrize("path", ["/xdsl/ftth-ab12345-2/ips", "/me", "/xdsl/xdsl-ab12345-10/ips", "/xdsl"])
def test_only_calls_for_this_line_count(path):
    """Another job with the same account may run anywhere."""
    assert found((1, path, "198.51.100.99"), (2, IPS, "203.0.113.10")).addresses == ("203.0.113.10",)
    at = found((1, path, "198.51.100.99"))
    assert at.addresses == () and "not show this run's own calls yet" in at.untold


@pytest.mark.parametrize(("seconds", "addresses"), [(30, ("198.51.100.1",)), (31, ())])
def test_only_calls_of_just_now_count(seconds, addresses):
    assert found((seconds, IPS, "198.51.100.1")).addresses == addresses


@pytest.mark.parametrize(
    ("ip", "says"), [(None, "gives no address"), ("", "gives no address"), ("here", "something else than an address")]
)
def test_calls_without_an_address(ip, says):
    at = found((1, IPS, ip))
    assert at.addresses == () and says in at.untold


def test_a_log_that_cannot_be_read():
    class Closed(Log):
        def get(self, path, **_more):
            raise Failure("not_granted", "no")

    at = exits.look(Closed(), LINE)
    assert at.addresses == () and "not_granted" in at.untold


# -- earlier looks: how long the log's delay is, is not known

TRAIL = "api.test:443=198.51.100.1; 198.51.100.1>usb0>172.20.10.1>172.20.10.2"


def looked(folder, ago, *, trail=TRAIL, line=LINE, identity="test-ak"):
    """A look of then, as it was remembered."""
    key = f"https://api.test/1.0 {identity} {line}"
    exits.remember(str(folder), key, trail, NOW - timedelta(seconds=ago))


def of(folder, *entries, trail=TRAIL):
    return exits.look(Log(*entries), LINE, trail, str(folder))


def test_calls_of_an_earlier_look_over_the_same_route_count(tmp_path):
    looked(tmp_path, 600)
    looked(tmp_path, 300)
    assert of(tmp_path, (303, IPS, "198.51.100.1"), (602, IPS, "203.0.113.10")).addresses == ("198.51.100.1",)
    assert "203.0.113.10" in of(tmp_path, (602, IPS, "203.0.113.10")).addresses


def test_calls_of_now_count_more_than_earlier_ones(tmp_path):
    looked(tmp_path, 300)
    assert of(tmp_path, (1, IPS, "203.0.113.10"), (303, IPS, "198.51.100.1")).addresses == ("203.0.113.10",)


@pytest.mark.parametrize(
    "other",
    [{"trail": TRAIL.replace("usb0", "eth0")}, {"line": "xdsl-ab12345-2"}, {"identity": "other"}],
)
def test_an_earlier_look_over_another_route_or_of_another_key_does_not_count(tmp_path, other):
    looked(tmp_path, 300, **other)
    assert of(tmp_path, (303, IPS, "198.51.100.1")).addresses == ()


@pytest.mark.parametrize(("ago", "called"), [(25, 40), (300, 299), (300, 331), (86401, 86402)])
def test_only_calls_of_that_look_count(tmp_path, ago, called):
    looked(tmp_path, ago)
    assert of(tmp_path, (called, IPS, "198.51.100.1")).addresses == ()


def test_a_route_that_cannot_be_told_is_not_remembered(tmp_path):
    of(tmp_path / "state", trail="")
    assert not (tmp_path / "state").exists()
    exits.look(Log(), LINE, TRAIL, "")


def test_looks_are_remembered_without_end_and_alone(tmp_path):
    for ago in range(40, 0, -1):
        looked(tmp_path / "state", ago)
    looked(tmp_path / "state", 5, line="xdsl-ab12345-2")
    (file,) = (tmp_path / "state").iterdir()
    assert len(json.loads(file.read_text())) == exits.LOOKS + 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[1", "{}", '[{"key": 1}]', "[" * 3000, "null"])
def test_what_is_no_such_file_is_not_taken_for_one(tmp_path, content):
    (tmp_path / "looks.json").write_text(content)
    assert of(tmp_path, (303, IPS, "198.51.100.1")).addresses == ()


def test_neither_a_pipe_nor_a_full_disk_stops_a_look(tmp_path):
    os.mkfifo(tmp_path / "looks.json")
    assert of(tmp_path).addresses == ()
    (tmp_path / "file").write_text("")
    assert of(tmp_path / "file" / "below").addresses == ()


# -- lines of one run


class Together(Log):
    """One line's client in a run of several; ``asked``: what it asked OVHcloud for."""

    connection = types.SimpleNamespace(base_url="https://api.test/1.0", identity="test-ak", secrets=("as", "ck"))
    turn = Turn.START

    def __init__(self, folder, line, *entries, run="7.7"):
        super().__init__(*entries)
        self.shared, self.asked = Shared(str(folder), ["key"], line, run, True), []

    def short(self):
        return False

    def held_for(self):
        return 0.0

    def get(self, path, **more):
        self.asked.append((path, self.turn))
        return super().get(path, **more)

    def get_batch(self, path, ids):
        self.asked.append((path, self.turn))
        return super().get_batch(path, ids)


OTHER = "xdsl-ab12345-2"
CALLS = [(1, f"/xdsl/{OTHER}/ips", "203.0.113.11"), (2, IPS, "203.0.113.10")]


@pytest.fixture
def meanwhile(monkeypatch):
    """What another line does while one waits for its company, its own calls made."""

    def wait(act):
        acts = [act]
        monkeypatch.setattr(exits.moments, "meet", lambda *_question: acts.pop()() if acts else None)

    return wait


def test_one_line_reads_the_log_and_each_finds_its_own_calls(tmp_path, meanwhile):
    pytest.importorskip("cryptography")
    state = tmp_path / "state"
    one, other = Together(state, LINE, *CALLS), Together(state, OTHER, *CALLS)
    meanwhile(lambda: exits.look(one, LINE))
    assert exits.look(other, OTHER).addresses == ("203.0.113.11",)
    assert [turn for _path, turn in one.asked] == [Turn.POST] * 2 and one.turn is Turn.START
    assert other.asked == []
    for file in state.iterdir():
        assert b"203.0.113" not in file.read_bytes()


def test_what_was_read_before_a_line_s_own_calls_tells_it_nothing(tmp_path):
    one, other = Together(tmp_path, LINE, *CALLS), Together(tmp_path, OTHER, *CALLS)
    exits.look(one, LINE)
    exits.look(other, OTHER)
    assert len(one.asked) == len(other.asked) == 2


def test_a_line_that_does_not_find_its_calls_looks_for_itself(tmp_path, meanwhile):
    """They had not come to the log yet when another line read it."""
    meanwhile(lambda: exits.look(Together(tmp_path, LINE, *CALLS[1:]), LINE))
    other = Together(tmp_path, OTHER, *CALLS)
    assert exits.look(other, OTHER).addresses == ("203.0.113.11",) and len(other.asked) == 2


def test_who_has_just_looked_for_all_looks_no_second_time(tmp_path):
    one = Together(tmp_path, LINE, *CALLS[:1])
    assert "not show this run's own calls yet" in exits.look(one, LINE).untold and len(one.asked) == 2


def test_a_line_alone_shares_nothing(tmp_path):
    assert exits.look(Together(tmp_path / "state", LINE, *CALLS, run=""), LINE).addresses == ("203.0.113.10",)
    assert not (tmp_path / "state").exists()
