# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Did the line authenticate? The RADIUS log."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone

import pytest

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Zq7-canary_9x"


def now(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def dial(api, password=None):
    return api.admin("POST", "/dial", {"login": LOGIN, "password": password or api.line(LINE)["password"]})


@pytest.fixture
def session(run, ak):
    """Run xdsl_ppp_session_info on the first line."""
    return lambda **options: run("xdsl_ppp_session_info", **{**ak, "service_name": LINE, **options})


def test_connected(run, keys):
    result = run("xdsl_ppp_session_info", **keys, service_name=LINE)
    assert (result["changed"], result["connected"], result["allowed"], result["login"]) == (False, True, True, LOGIN)
    assert set(result["last_event"]) == {"date", "login", "state", "message"}
    assert result["last_event"]["state"] == "OK"


def test_newer_than(api, session):
    assert session(newer_than=now(seconds=-5))["connected"] is False
    dial(api)
    result = session(newer_than=now(seconds=-5))
    assert result["connected"] is True
    assert len(result["events"]) == 2


def test_the_last_event_decides(api, session):
    dial(api, "wrong")
    result = session(newer_than=now(days=-10))
    assert result["connected"] is False
    assert result["last_event"]["message"] == "wrong login or password"
    dial(api)
    time.sleep(1.1)
    assert session(newer_than=now(days=-10))["connected"] is True


def test_an_event_in_the_second_of_newer_than_counts(api, session):
    """The log has whole seconds: a session that came up right after the apply may show the same second."""
    fraction = datetime.now(timezone.utc).microsecond / 1e6
    time.sleep(max(0.0, 0.4 - fraction) if fraction < 0.4 else 1.4 - fraction)
    applied = datetime.now(timezone.utc).isoformat()
    dial(api)
    assert session(newer_than=applied)["connected"] is True


def test_waits(api, session):
    asked = now(seconds=-1)
    threading.Timer(1.0, dial, args=(api,)).start()
    began = time.monotonic()
    result = session(newer_than=asked, timeout=15)
    assert result["connected"] is True
    assert time.monotonic() - began < 12


def test_waits_for_its_own_way_out(api, session):
    """A host behind the line is cut off as long as the session that it asks about is down."""
    api.fault("cut_before", "GET", "*/radiusConnectionLogs", times=6)
    assert session(timeout=10)["connected"] is True
    api.fault("cut_before", "GET", "*/radiusConnectionLogs", times=-1)
    assert session(timeout=0).code == "unreachable"


def test_gives_up(api, session):
    began = time.monotonic()
    result = session(newer_than=now(), timeout=1)
    assert not result.failed and result["connected"] is False
    assert time.monotonic() - began < 20


def test_not_allowed(api, session):
    api.set(lines={LINE: {"access": {"capabilities": {"canGetRadiusConnectionLogs": False}}}})
    result = session()
    assert not result.failed and result["allowed"] is False and result["connected"] in (False, None)


def test_empty_log(api, session):
    api.set(lines={LINE: {"radius": []}})
    result = session()
    assert result["connected"] is False and result["last_event"] is None and result["events"] == []


def test_check_mode_and_secrets(api, session):
    api.set(next_password=CANARY)
    api.admin("POST", f"/line/{LINE}/rotate")
    dial(api)
    result = session(check_mode=True, diff=True, newer_than=now(seconds=-5))
    assert result["connected"] is True
    assert CANARY not in result.written and "KELLERMANN" not in result.written
    assert {call["method"] for call in api.calls()} == {"GET"}


def test_unknown_service_name(session):
    result = session(service_name="xdsl-ab12345-7")
    assert result.failed and LINE in result["msg"]


@pytest.mark.parametrize(("option", "value"), [("newer_than", "yesterday"), ("timeout", -1)])
def test_malformed_values(api, session, option, value):
    result = session(**{option: value})
    assert result.failed and option in result["msg"]
    assert api.calls() == []
