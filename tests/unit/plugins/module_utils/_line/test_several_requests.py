# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests: the last one's mail counts, and a look directly before the request keeps them rare."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from ovh_api import mails
from ovh_api.world import iso_v1

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import journal, trigger
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import call_log

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"


def at(**ago):
    return (datetime.now(timezone.utc) - timedelta(**ago)).replace(microsecond=0)


def text(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def noted(state_dir):
    """noted(outcome, **ago): a journal of an earlier run; without arguments: what stands in it now."""
    kept = journal.Journal(state_dir, LINE)

    def note(outcome=None, **delta):
        if outcome is not None:
            kept.record(journal.Entry(at(**delta), outcome))
        return kept.last()

    return note


@pytest.fixture
def no_sessions(api):
    """The RADIUS log holds nothing."""
    api.set(lines={LINE: {"radius": []}})


@pytest.fixture
def collect(run, ak):
    def call(**options):
        return run(
            "xdsl_ppp_credentials_info",
            **{**ak, "service_name": LINE, "login": LOGIN, "return_password": True, **options},
        )

    return call


# --- after several requests the last one's mail counts


def test_two_requests_two_mails(api, renew, collect, no_sessions):
    api.set(mail_delay=3600)
    first = renew(renew=True)
    time.sleep(1.1)
    second = renew(renew=True, cooldown="0s", renewed_since=text(at()))
    assert (second["reason"], second["requests"], second["requests_since"]) == ("requested", 2, first["requested_at"])
    asked = {"newer_than": second["requests_since"], "requests": second["requests"]}
    assert renew(renew=True)["reason"] == "pending"

    api.admin("DELETE", "/mails")
    title, body = mails.ppp_mail(LINE, LOGIN, "first-mail-7")
    api.admin("POST", "/mails", {"title": title, "text": body})
    for options in ({}, {"cooldown": "0s"}):
        result = renew(renew=True, **options)
        assert (result["reason"], result["requests"]) == ("pending", 2), result
    result = collect(**asked)
    assert result["found"] is False and "password" not in result, result
    assert [one["title"] for one in result["passed_over"]] == [title]
    assert "2 were sent" in result["passed_over"][0]["why"]
    result = collect(timeout=1, expected_after=0, interval=1, **asked)
    assert result.code == "mail_not_found" and "2 were sent" in result["msg"], result
    assert "first-mail-7" not in result.written

    time.sleep(1.1)
    api.admin("POST", "/mails", dict(zip(("title", "text"), mails.ppp_mail(LINE, LOGIN, "second-mail-7"))))
    assert collect(**asked)["password"] == "second-mail-7"
    assert renew(renew=True)["reason"] == "already_renewed"
    assert len(api.posts()) == 2


def test_a_request_from_before_the_present_session_is_done_with(api, renew):
    """Its password was set, so its mail came: the one mail since then is the later request's."""
    api.admin("DELETE", "/mails")
    session = {"date": iso_v1(api.world.now() - 7200), "login": LOGIN, "message": "", "state": "OK"}
    api.set(lines={LINE: {"radius": [session]}})
    api.logged((10800, POST), (1200, POST))
    result = renew(renew=True)
    assert (result["reason"], result["requests"]) == ("pending", 1), result
    api.admin("POST", "/mails", {**dict(zip(("title", "text"), mails.ppp_mail(LINE, LOGIN, "its-7"))), "age": 1000})
    assert renew(renew=True)["reason"] == "already_renewed"
    assert api.posts() == []


def test_what_comes_back_can_be_handed_on_as_it_is(api, renew, collect):
    """From the trigger to the wait: with a request, and where a mail is the answer (requests is 0 then)."""
    done = renew(renew=True, max_age="150d")
    assert (done["requests"], done["requests_since"]) == (0, done["requested_at"])
    asked = renew(renew=True)
    assert (asked["requests"], asked["requests_since"]) == (1, asked["requested_at"])
    time.sleep(0.3)
    for result in (done, asked):
        found = collect(newer_than=result["requests_since"], requests=result["requests"])
        assert found["password"] == api.line(LINE)["password"], found


def test_it_is_noted_as_taken_before_anything_else_is_asked(api, renew, noted, monkeypatch):
    """The provider may be out of reach by then: what is known must stand in the journal."""
    seen = []
    real = trigger.Client.post

    def post(self, *arguments, **options):
        answer = real(self, *arguments, **options)
        monkeypatch.setattr(call_log.RequestLog, "again", lambda _self, _after=None: seen.append(noted().outcome) or [])
        return answer

    monkeypatch.setattr(trigger.Client, "post", post)
    result = renew(renew=True)
    assert (result["reason"], result["outcome"], seen) == ("requested", "confirmed", ["confirmed"]), result


def test_a_third_request_counts_from_the_first(api, renew, noted, no_sessions):
    noted("confirmed", hours=3)
    api.set(mail_delay=3600)
    for number in (2, 3):
        result = renew(renew=True, cooldown="0s", renewed_since=text(at()))
        assert (result["reason"], result["requests"]) == ("requested", number), result
        time.sleep(1.1)
    assert result["requests_since"] == text(noted().since)
    assert abs(noted().since - at(hours=3)) < timedelta(seconds=10)


def test_another_host_s_request_at_the_same_moment_counts(api, renew, noted, monkeypatch):
    """Its mail and ours cannot be told from each other."""
    api.set(mail_delay=3600)
    real = trigger.Client.post

    def post(self, path, *arguments, **options):
        api.logged((0, POST))
        return real(self, path, *arguments, **options)

    monkeypatch.setattr(trigger.Client, "post", post)
    result = renew(renew=True)
    assert (result["reason"], result["requests"]) == ("requested", 2), result
    assert noted().requests == 2
    monkeypatch.setattr(trigger.Client, "post", real)
    again = renew(renew=True)
    assert (again["reason"], again["requests"]) == ("pending", 2)


# --- a look again directly before the request


def test_a_request_sent_meanwhile_is_seen(api, renew, noted, monkeypatch):
    real = journal.Journal.record

    def record(self, entry):
        real(self, entry)
        if entry.outcome == "sending":
            api.logged((0, POST))

    monkeypatch.setattr(journal.Journal, "record", record)
    result = renew(renew=True)
    assert (result["reason"], result["requested"], result["changed"]) == ("pending", False, False), result
    assert "for this line just before" in result["message"] and api.posts() == []
    assert noted().outcome == "not_sent"
    again = renew(renew=True)
    assert again["reason"] == "pending" and api.posts() == []


def test_a_request_sent_during_the_last_look_is_seen(api, renew, monkeypatch):
    """The look goes on until the log holds nothing new but its own calls."""
    real = call_log.RequestLog._read_new
    looks = []

    def read(self, ids):
        calls = real(self, ids)
        if not looks:
            api.logged((0, POST))
        looks.append(calls)
        return calls

    monkeypatch.setattr(call_log.RequestLog, "_read_new", read)
    assert renew(renew=True)["reason"] == "pending" and api.posts() == []
    assert len(looks) == 2


@pytest.mark.parametrize("kind", ["status:500", "cut_before"])
def test_a_look_that_fails_sends_nothing(api, renew, noted, monkeypatch, kind):
    """And is not taken for an unclear answer to the request."""
    real = journal.Journal.record

    def record(self, entry):
        real(self, entry)
        if entry.outcome == "sending":
            api.fault(kind, "GET", "/me/api/logs/self*", times=-1)

    monkeypatch.setattr(journal.Journal, "record", record)
    assert renew(renew=True).failed
    assert api.posts() == [] and noted().outcome == "not_sent"


def test_the_look_is_the_last_call_before_the_request(api, renew):
    assert renew(renew=True)["requested"]
    calls = [(call["method"], call["path"]) for call in api.calls()]
    before = calls[: calls.index(("POST", f"/1.0{POST}"))]
    assert before[-1] == before[-3] == ("GET", "/1.0/me/api/logs/self")
    assert before[-2][1].startswith("/1.0/me/api/logs/self/")


def test_a_refused_request_that_the_log_shows_does_not_count(api, renew, noted):
    for earlier in (False, True):
        api.set(api_logs=[])
        if earlier:
            noted("unknown", hours=2)
        api.fault("status:409", "POST", POST)
        assert renew(renew=True).failed
        api.logged((0, POST))
        assert renew(renew=True, check_mode=True)["reason"] == "requested"
