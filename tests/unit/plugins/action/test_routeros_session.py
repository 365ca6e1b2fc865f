# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RouterOS prints and how it is read, and a redial that half fails; the rest is tested against a router."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.action import routeros_session as action


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0s", 0),
        ("5s", 5),
        ("1m2s", 62),
        ("2h", 7200),
        ("1w2d3h4m5s", 788645),
        ("01:02:03", 3723),
        ("2d01:02:03", 176523),
    ],
)
def test_times(text: str, expected: int) -> None:
    assert action.seconds(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "1y", "5", "-1s"])
def test_no_times(text: str) -> None:
    with pytest.raises(action.ApiError, match="cannot be read"):
        action.seconds(text)


@pytest.mark.parametrize("password", [None, "", "*****", True, False, 7])
def test_hidden_passwords(password: Any) -> None:
    assert action.hidden(password)


@pytest.mark.parametrize("password", ["x", "*x*", "0123", "True"])
def test_shown_passwords(password: str) -> None:
    assert not action.hidden(password)


class Flaky(action.Router):
    """A router whose commands fail in this order (True: it fails)."""

    def __init__(self, *fails: bool) -> None:
        super().__init__({"hostname": "192.0.2.1", "port": 8729})
        self.fails, self.asked = list(fails), []

    def run(self, *words: str) -> list[dict[str, Any]]:
        self.asked.append(words[-1])
        if self.fails.pop(0):
            raise action.ApiError("it is gone.")
        return []


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "PAUSE", 0.001)


def test_a_client_is_enabled_whatever_became_of_the_disabling() -> None:
    for fails in ((False, False), (True, False), (True, True, False), (False, True, True, False)):
        router = Flaky(*fails)
        router.redial("*1")
        assert router.asked == ["=disabled=yes"] + ["=disabled=no"] * (len(fails) - 1)


def test_a_client_that_stays_disabled_is_an_error_with_the_command() -> None:
    router = Flaky(False, True, True, True)
    with pytest.raises(action.ApiError, match=r"could not be enabled again: it is gone\. On the router: /interface"):
        router.redial("*1")
    assert router.asked == ["=disabled=yes", "=disabled=no", "=disabled=no", "=disabled=no"]


class Stubborn(action.Router):
    """A router whose session stays up and old, whatever is done."""

    def __init__(self) -> None:
        super().__init__({"hostname": "192.0.2.1", "port": 8729})
        self.changes: list[str] = []

    def run(self, *words: str) -> list[dict[str, Any]]:
        if words[0].endswith("/monitor"):
            return [{"status": "connected", "local-address": "192.0.2.7/32", "uptime": "1h"}]
        self.changes.append(words[-1])
        return []


def test_one_redial_and_no_second() -> None:
    router = Stubborn()
    seen = action.watch(router, "*1", wait=0.05, newer_than=time.time(), redial_after=0.01)
    assert router.changes == ["=disabled=yes", "=disabled=no"]
    assert seen == {"session": {"up": True, "address": "192.0.2.7", "uptime": 3600, "error": ""}, "redialled": True}


def test_no_redial_without_a_wish() -> None:
    router = Stubborn()
    action.watch(router, "*1", wait=0.02, newer_than=time.time(), redial_after=0)
    action.watch(router, "*1", wait=0.02, newer_than=0.0, redial_after=0.001)
    assert router.changes == []


def test_no_core_dump_while_the_password_of_the_api_is_held() -> None:
    """Both actions connect by it: what holds the password may not be dumped. In a child, for it lasts."""
    prctl = ctypes.CDLL(None).prctl
    child = os.fork()
    if child == 0:
        prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
        with action.connected({"username": "ansible", "password": "Kanarie7391"}):
            os._exit(2 + prctl(3, 0, 0, 0, 0))  # PR_GET_DUMPABLE
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
