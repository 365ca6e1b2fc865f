# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a wait looks, and when it ends: on a clock that only sleeping moves on."""

from __future__ import annotations

import types
from datetime import datetime, timedelta, timezone

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import credentials_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import wait
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import api as mailbox_api
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Search

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"


def now(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Stands in place of the module ``time``."""

    def __init__(self):
        self.at = 1000.0
        self.pauses = []

    def monotonic(self):
        return self.at

    def sleep(self, seconds):
        self.pauses.append(round(seconds))
        self.at += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (mailbox_api, wait):
        monkeypatch.setattr(module, "time", types.SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep))
    return clock


@pytest.fixture
def look(run, ak):
    def call(**options):
        options = {**ak, "service_name": LINE, "login": LOGIN, "requests_per_minute": 0, **options}
        return run("xdsl_ppp_credentials_info", **options)

    return call


def test_the_first_seconds_are_not_polled(api, clock, look):
    """Few mails come sooner than two minutes: one look, then one a minute until expected_after."""
    result = look(newer_than=now(), timeout=100, expected_after=3600, interval=1)
    assert result.code == "mail_not_found" and result["failure"]["details"]["polls"] == 3
    assert clock.pauses == [60, 40]


def test_the_first_pause_ends_when_the_mail_is_expected(api, clock, look):
    look(newer_than=now(), timeout=32, expected_after=32, interval=1)
    assert clock.pauses[0] in (31, 32)


@pytest.mark.parametrize("interval", [1, 7, 300])
def test_after_that_it_looks_at_the_interval_and_never_beyond_the_deadline(api, clock, look, interval):
    began = clock.at
    result = look(newer_than=now(seconds=-100), timeout=10, expected_after=0, interval=interval)
    assert result.code == "mail_not_found"
    assert clock.at - began == 10
    assert clock.pauses == {1: [1] * 10, 7: [7, 3], 300: [10]}[interval]
    assert result["failure"]["details"]["polls"] == len(clock.pauses) + 1


def test_a_look_once_does_not_sleep(api, clock, look):
    assert look(newer_than=now(), timeout=0)["found"] is False
    assert clock.pauses == []


def test_defaults():
    assert mailbox_api.EARLY_PAUSE == 60.0


def test_a_wait_tells_that_it_cannot_look_and_that_it_can_again(api, clock, ak, monkeypatch):
    """Whoever waits for the mail is told why nothing can be looked at, and when something can."""
    answers = [Failure("unreachable", "No way there."), Failure("timeout", "Too late."), Search(None, None, [])]
    heard = []

    def newest(*_args):
        answer = answers.pop(0) if answers else Search(None, None, [])
        if isinstance(answer, Failure):
            raise answer
        return answer

    monkeypatch.setattr(wait, "newest", newest)
    given = {**ak, "service_name": LINE, "login": LOGIN, "newer_than": now(), "timeout": 3, "expected_after": 0}
    params = ArgumentSpecValidator(credentials_spec()).validate({**given, "interval": 1}).validated_parameters
    with pytest.raises(Failure):
        wait.collect(params, False, heard.append)
    assert heard == [None, "No way there.", None, "Too late.", None, "", None, ""]


def test_another_way_out_ends_the_connections_of_the_one_before(api, clock, ak, monkeypatch):
    """They are dead: whoever asks by one of them waits for nothing."""
    looks, left, routes = [], [], ["eth0"]

    def newest(*_args):
        looks.append(clock.at)
        if len(looks) == 3:
            routes[:] = ["usb0"]
        return Search(None, None, [])

    monkeypatch.setattr(wait, "newest", newest)
    monkeypatch.setattr(wait.here, "defaults", lambda: tuple(routes))
    monkeypatch.setattr(wait.Client, "leave", lambda _self: left.append(len(looks)))
    given = {**ak, "service_name": LINE, "login": LOGIN, "newer_than": now(), "timeout": 8, "expected_after": 0}
    waiting = wait.Wait(
        ArgumentSpecValidator(credentials_spec()).validate({**given, "interval": 1}).validated_parameters
    )
    waiting.client()
    with pytest.raises(Failure):
        waiting.search()
    assert len(looks) > 5 and left == [3]


@pytest.mark.parametrize(("skew", "told"), [(-3600, True), (-1, False), (0, False), (3600, False)])
def test_a_clock_of_ovhcloud_s_that_was_set_after_the_request(api, clock, look, monkeypatch, skew, told):
    """A mail that it dates before the request is not taken, and the message says so: the mail never comes otherwise."""
    asked, real = now(), clock.sleep

    def sleep(seconds):
        api.set(clock_skew=skew)
        real(seconds)

    monkeypatch.setattr(wait, "time", types.SimpleNamespace(monotonic=clock.monotonic, sleep=sleep))
    monkeypatch.setattr(mailbox_api, "time", wait.time)
    result = look(newer_than=asked, timeout=10, expected_after=0, interval=5)
    assert result.code == "mail_not_found"
    assert ("OVHcloud's clock says" in result["msg"]) is told
    assert ("it was set back, or newer_than is wrong" in result["msg"]) is told


def test_a_clock_that_cannot_be_asked_at_the_end(api, clock, look):
    api.fault("status:500", "/auth/time", times=-1)
    result = look(newer_than=now(), timeout=10, expected_after=0, interval=5, clock_skew=0)
    assert result.code == "mail_not_found" and "clock" not in result["msg"]
