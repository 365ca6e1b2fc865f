# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All lines of an account: in few requests where the batch form works, one by one where not."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import fleet
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import connect

NAMES = [f"xdsl-ab12345-{number}" for number in range(1, 121)]


@pytest.fixture
def account(api):
    """An account with those lines."""
    with api.world.change() as state:
        one = next(iter(state["lines"].values()))
        state["lines"] = {name: copy.deepcopy(one) for name in NAMES}
        state["calls"].clear()
    return api


def asked(api):
    return [call["path"].removeprefix("/1.0/xdsl") for call in api.world.state["calls"] if "/xdsl" in call["path"]]


@pytest.mark.parametrize(("count", "requests"), [(0, 0), (1, 1), (3, 1), (50, 1), (51, 2), (120, 3)])
def test_one_request_tells_of_fifty_lines(account, ak, count, requests):
    found, unreadable = fleet.read(connect(ak), NAMES[:count])
    assert [line.service_name for line in found] == NAMES[:count] and not unreadable
    assert len(asked(account)) == requests


def test_where_there_is_no_batch_each_line_is_asked_for(account, ak):
    with account.world.change() as state:
        state["batch"] = False
    found, _unreadable = fleet.read(connect(ak), NAMES[:3])
    assert len(found) == 3
    assert asked(account)[1:] == [f"/{name}" for name in NAMES[:3]]


def test_a_line_that_may_not_be_read_is_told_and_the_others_are_there(account, ak):
    with account.world.change() as state:
        next(iter(state["credentials"].values()))["rules"] = [{"method": "GET", "path": f"/xdsl/{NAMES[1]}"}]
    found, unreadable = fleet.read(connect(ak), NAMES[:3])
    assert [line.service_name for line in found] == [NAMES[1]]
    assert {name: why.code for name, why in unreadable.items()} == dict.fromkeys((NAMES[0], NAMES[2]), "not_granted")


def test_a_line_that_is_gone_is_told(account, ak):
    found, unreadable = fleet.read(connect(ak), [NAMES[0], "xdsl-gone-1"])
    assert len(found) == 1 and unreadable["xdsl-gone-1"].code == "unknown_service"


def test_keys_that_are_refused_are_no_matter_of_one_line(account, ak):
    with pytest.raises(Failure, match="does not accept these credentials"):
        fleet.read(connect({**ak, "consumer_key": "wrong"}), NAMES[:3])


def test_what_is_kept_comes_back_and_nothing_else_does():
    line = fleet.of_access("a", {"accessType": "ftth", "providerInfra": "or", "address": {"city": "Lyon"}})
    assert line.vlan == 835 and line.status == "unknown" and "Lyon" not in str(line.as_kept())
    assert fleet.kept([line.as_kept()]) == [line]
    assert fleet.kept([{"service_name": "a", "password": "b"}]) is None
    assert fleet.kept({"a": 1}) is None


@pytest.mark.parametrize(("log", "login"), [(True, "0320123456_1@adsl.ovh"), (False, None)])
def test_the_login_is_that_of_the_radius_log(api, ak, log, login):
    with api.world.change() as state:
        state["lines"][NAMES[0]]["access"]["capabilities"]["canGetRadiusConnectionLogs"] = log
    line = fleet.of_access(NAMES[0], {})
    assert fleet.with_login(connect(ak), line).login == login


def test_what_is_told_are_texts():
    told = {"accessType": "ftth", "status": "active", "description": 7, "role": "main", "provider": "bouygues"}
    line = fleet.of_access("a", told)
    assert (line.access_type, line.status, line.role, line.provider) == ("ftth", "active", "main", "bouygues")
    assert line.description == "7" and fleet.of_access("a", {}).description is None


@pytest.mark.parametrize(("count", "batches"), [(1, []), (2, [2]), (51, [50]), (120, [50])])
def test_the_batch_is_tried_once_and_for_several_alone(monkeypatch, count, batches):
    tried = []
    monkeypatch.setattr(fleet.access, "together", lambda _client, part: tried.append(len(part)))
    monkeypatch.setattr(fleet.access, "read", lambda _client, _name: {})
    found, _unreadable = fleet.read(None, NAMES[:count])
    assert len(found) == count and tried == batches


def test_the_login_is_that_of_the_newest_dial_in(monkeypatch):
    events = [fleet.access.SessionEvent(None, login, "OK", "") for login in ("newest", "older")]
    monkeypatch.setattr(fleet.access, "session_log_if_allowed", lambda _client, _name: events)
    assert fleet.with_login(None, fleet.of_access("a", {})).login == "newest"
