# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this machine sits behind the line, from data alone."""

from __future__ import annotations

import types
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import control_node


@pytest.mark.parametrize(
    ("ips", "seen_as", "gateways", "router", "behind"),
    [
        (["203.0.113.10"], "203.0.113.10", [], [], True),
        (["203.0.113.10"], "198.51.100.1", [], [], False),
        (["203.0.113.8/29"], "203.0.113.12", [], [], True),
        (["2001:db8:1:100::/56"], "2001:db8:1:1ab::7", [], [], True),
        (["203.0.113.10"], None, [], [], None),
        ([], "198.51.100.1", [], [], None),
        (["203.0.113.10"], "198.51.100.1", ["192.168.1.1"], ["192.168.1.1"], True),
        (["203.0.113.10"], None, ["192.168.1.1"], ["192.168.1.1"], True),
        (["203.0.113.10"], "198.51.100.1", ["192.168.1.1"], ["192.168.2.1"], False),
        (["nonsense", "203.0.113.10"], "203.0.113.10", [], [], True),
    ],
)
def test_control_node(ips, seen_as, gateways, router, behind):
    position = control_node.position(ips, seen_as, gateways, router)
    assert position.behind_line is behind
    assert position.reason and position.address == seen_as


NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LINE = "xdsl-ab12345-1"


class Log:
    """The account's call log: (seconds ago, path, address), newest first."""

    def __init__(self, *entries):
        self.connection = types.SimpleNamespace(base_url="http://127.0.0.1/1.0")
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

    def now(self):
        return NOW

    def get(self, path, **_more):
        ids = [one["logId"] for one in self._entries]
        return ids if path.endswith("/self") else self._entries[ids.index(int(path.rpartition("/")[2]))]

    def get_batch(self, path, ids):
        return [one for one in self._entries if str(one["logId"]) in ids]


def found(*entries, ips=("203.0.113.10",)):
    return control_node.find(Log(*entries), LINE, ips, "192.0.2.7")


def test_this_line_s_calls_tell_where_they_come_from():
    at = found((1, f"/xdsl/{LINE}/ips", "203.0.113.10"))
    assert (at.behind_line, at.address) == (True, "203.0.113.10")
    at = found((1, f"/xdsl/{LINE}/ips", "198.51.100.1"))
    assert (at.behind_line, at.address) == (False, "198.51.100.1")


def test_calls_of_two_addresses_tell_nothing():
    at = found((1, f"/xdsl/{LINE}/ips", "198.51.100.1"), (2, f"/xdsl/{LINE}/ips", "203.0.113.10"))
    assert at.behind_line is None and at.address is None
    assert "several addresses" in at.reason and "198.51.100.1" in at.reason and "203.0.113.10" in at.reason


@pytest.mark.parametrize("path", ["/xdsl/ftth-ab12345-2/ips", "/me", "/xdsl/xdsl-ab12345-10/ips", "/xdsl"])
def test_only_calls_for_this_line_count(path):
    """Another job with the same account may run anywhere."""
    at = found((1, path, "198.51.100.99"), (2, f"/xdsl/{LINE}/ips", "203.0.113.10"))
    assert (at.behind_line, at.address) == (True, "203.0.113.10")
    at = found((1, path, "198.51.100.99"))
    assert at.behind_line is None and "not show this run's own calls yet" in at.reason


@pytest.mark.parametrize(("seconds", "behind"), [(30, False), (31, None)])
def test_only_calls_of_just_now_count(seconds, behind):
    assert found((seconds, f"/xdsl/{LINE}/ips", "198.51.100.1")).behind_line is behind


@pytest.mark.parametrize(
    ("ip", "says"), [(None, "gives no address"), ("", "gives no address"), ("here", "something else than an address")]
)
def test_calls_without_an_address(ip, says):
    at = found((1, f"/xdsl/{LINE}/ips", ip))
    assert at.behind_line is None and says in at.reason


def test_a_log_that_cannot_be_read():
    class Closed(Log):
        def get(self, path, **_more):
            raise Failure("not_granted", "no")

    at = control_node.find(Closed(), LINE, ["203.0.113.10"], "192.0.2.7")
    assert at.behind_line is None and "not_granted" in at.reason
