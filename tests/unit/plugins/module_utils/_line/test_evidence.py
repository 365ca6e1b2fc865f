# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evidence by time: what is known decides, however long ago and however busy the account; what is not, stops."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ovh_api import mails
from ovh_api.world import iso_v1

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import api as mailbox_api
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import call_log

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"


def at(**ago):
    return (datetime.now(timezone.utc) - timedelta(**ago)).replace(microsecond=0)


def text(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def busy(api, count=500, minutes=15, request=None):
    """A monitoring job, and perhaps a request of another host so many seconds ago."""
    every = minutes * 60 / count
    entries = [(number * every, "/me") for number in range(count)]
    api.logged((86400, "/me"), *entries, *([(request, POST)] if request is not None else []))


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
def collect(run, ak):
    def call(**options):
        return run(
            "xdsl_ppp_credentials_info",
            **{**ak, "service_name": LINE, "login": LOGIN, "return_password": True, **options},
        )

    return call


# --- the account's call log, by time


@pytest.mark.parametrize("request_at", [30, 300, 890])
def test_a_busy_account_is_read_back_to_the_cooldown(api, renew, request_at):
    busy(api, request=request_at)
    result = renew(renew=True)
    assert (result["reason"], result["outcome"]) == ("pending", "confirmed"), result
    assert abs(
        at(seconds=request_at) - datetime.fromisoformat(result["requested_at"].replace("Z", "+00:00"))
    ) < timedelta(seconds=20)
    assert api.posts() == []
    assert len(api.calls("GET")) < 25


def test_a_busy_account_without_a_request_asks(api, renew):
    busy(api)
    assert renew(renew=True)["reason"] == "requested" and len(api.posts()) == 1
    assert len(api.calls("GET")) < 25


@pytest.mark.parametrize("request_at", [None, 890])
def test_a_busy_account_one_by_one_is_not_known(api, renew, request_at):
    """Told, with the explicit request that goes on: then the log counts from that time on, which can be read."""
    api.set(batch=False)
    busy(api, request=request_at)
    for _turn in range(2):
        result = renew(renew=True)
        assert (result["reason"], result["requested_at"], result["outcome"]) == ("pending", None, "none"), result
        assert "nothing was requested" in result["message"] and not result["changed"]
        assert "one by one" in result["message"] and "set renewed_since to 20" in result["message"]
    assert api.posts() == []
    since = result["message"].partition("set renewed_since to ")[2].split()[0]
    with api.world.change() as state:
        state["api_logs"] = state["api_logs"][:-100]  # the looks of the runs above stand for a minute or two
    result = renew(renew=True, renewed_since=since)
    assert result["reason"] == "requested" and len(api.posts()) == 1, result


def test_one_by_one_a_quiet_account_is_read_back(api, renew):
    api.set(batch=False)
    api.logged((7200, "/me"), (700, POST), *[(seconds, "/me") for seconds in range(20, 600, 20)])
    result = renew(renew=True)
    assert result["reason"] == "pending" and result["requested_at"] and api.posts() == [], result


def test_the_own_looks_do_not_push_a_request_out_of_sight(api, renew, tmp_path):
    """Another host asked, and looked for the mail once a second for four minutes."""
    api.logged((240, POST), *[(seconds, "/v2/notification/history") for seconds in range(240)])
    result = renew(renew=True, state_dir=str(tmp_path / "empty"))
    assert result["reason"] == "pending" and api.posts() == []


def test_an_entry_that_cannot_be_read_may_be_a_request(api, renew, monkeypatch):
    busy(api, count=50, minutes=5, request=100)
    real = call_log.Client.get_batch

    def half(self, path, ids):
        found = real(self, path, ids)
        return [one for one in found if one["method"] != "POST"]

    monkeypatch.setattr(call_log.Client, "get_batch", half)
    result = renew(renew=True)
    assert (result["reason"], result["requested_at"]) == ("pending", None), result
    assert "1 of its entries cannot be read" in result["message"] and api.posts() == []


def test_more_entries_than_are_ever_read(api, renew, monkeypatch):
    monkeypatch.setattr(call_log, "MUST_BATCHES", 2)
    busy(api)
    result = renew(renew=True)
    assert (result["reason"], result["requested_at"]) == ("pending", None) and api.posts() == [], result
    assert "its newest 200 entries are all younger" in result["message"]


def test_a_log_that_may_not_be_read_is_told(api, renew):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/api/logs" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    result = renew(renew=True)
    assert result["reason"] == "requested" and "/me/api/logs/self" in str(result["warnings"]), result


# --- free evidence first


def test_a_session_older_than_the_cooldown_spares_the_log(api, renew):
    """A request that took effect would have ended it, so only the last two minutes are read."""
    api.set(batch=False)
    api.logged(*[(seconds, "/me") for seconds in range(10, 900, 10)])
    assert renew(renew=True, check_mode=True)["reason"] == "pending"
    with api.world.change() as state:
        state["api_logs"] = [one for one in state["api_logs"] if one["path"] == "/me" and one["ip"] == "198.51.100.7"]
    api.admin("DELETE", "/calls")
    assert renew(renew=True, session_uptime=86400)["reason"] == "requested" and len(api.posts()) == 1
    assert [call["method"] for call in api.calls()].index("POST") < 40


@pytest.mark.parametrize(("uptime", "request_at", "reason"), [(86400, 60, "pending"), (600, 700, "pending")])
def test_what_a_session_does_not_prove(api, renew, uptime, request_at, reason):
    """The cut may come a while after the request; and what was before the session is not known from it."""
    api.set(batch=False)  # else a batch reaches further than it must
    api.logged((20, "/me"), (200, "/me"), (400, "/me"), (request_at, POST))
    result = renew(renew=True, session_uptime=uptime)
    assert result["reason"] == reason and result["requested_at"] and api.posts() == [], result


def test_what_came_since_the_session_was_seen_is_looked_for(api, renew):
    """The router was looked at ten minutes ago, and somebody else requested a password since: no second one."""
    api.set(batch=False)
    api.logged((20, "/me"), (200, "/me"), (400, POST))
    seen = {"session_uptime": 86400, "session_seen_at": text(at(minutes=10))}
    result = renew(renew=True, **seen)
    assert result["reason"] == "pending" and result["requested_at"] and api.posts() == [], result
    assert renew(renew=True, session_seen_at="soon").code == "invalid_option"


def test_an_uptime_is_a_whole_number(renew, api):
    result = renew(renew=True, session_uptime=-1)
    assert result.code == "invalid_option" and "session_uptime" in result["msg"] and api.calls() == []


# --- a request stays open until its mail came


@pytest.mark.parametrize("memory", ["journal", "log", "both"])
def test_a_mail_that_takes_longer_than_the_cooldown(api, renew, noted, memory):
    """18 minutes, cooldown 15: the same command waits on, from an empty home too, and then takes that mail."""
    if memory != "log":
        noted("confirmed", minutes=18)
    if memory != "journal":
        api.logged((1080, POST), *[(seconds, "/v2/notification/history") for seconds in range(1070)])
    for _turn in range(2):
        result = renew(renew=True)
        assert (result["reason"], result["outcome"], result["requests"]) == ("pending", "confirmed", 1), result
        assert "set renewed_since to 20" in result["message"]
    api.set(mail_delay=0)
    api.world.renew_password(LINE, False)
    result = renew(renew=True)
    assert result["reason"] == "already_renewed", result
    assert api.posts() == []


def test_an_unknown_outcome_that_the_log_shows_stays_open_too(api, renew, noted):
    noted("unknown", minutes=20)
    api.logged((1199, POST))
    result = renew(renew=True)
    assert (result["reason"], result["outcome"]) == ("pending", "confirmed") and api.posts() == [], result
    assert noted().outcome == "confirmed"


def test_an_unknown_outcome_that_nothing_shows_does_not(api, renew, noted):
    noted("unknown", minutes=20)
    assert renew(renew=True)["reason"] == "requested" and len(api.posts()) == 1


@pytest.mark.parametrize("memory", ["journal", "log"])
def test_a_new_wish_is_said(api, renew, noted, memory):
    if memory == "journal":
        noted("confirmed", minutes=40)
    api.logged((2400, POST))
    assert renew(renew=True, renewed_since=text(at(minutes=41)))["reason"] == "pending"
    api.set(mail_delay=60)
    result = renew(renew=True, renewed_since=text(at(minutes=1)))
    assert (result["reason"], result["requests"]) == ("requested", 2), result
    assert abs(datetime.fromisoformat(result["requests_since"].replace("Z", "+00:00")) - at(minutes=40)) < timedelta(
        seconds=5
    )
    assert noted().requests == 2 and len(api.posts()) == 1


@pytest.mark.parametrize("memory", ["journal", "log"])
def test_a_password_set_by_hand_closes_the_wish(api, renew, noted, memory):
    if memory == "journal":
        noted("confirmed", minutes=40)
    else:
        api.logged((2400, POST))
    line = api.line(LINE)
    assert renew(renew=True)["reason"] == "pending"
    assert api.admin("POST", "/dial", {"login": LOGIN, "password": line["password"]})["ok"]
    assert renew(renew=True, check_mode=True)["reason"] == "requested"
    if memory == "journal":
        for policy in ({"renewed_since": text(at(hours=1))}, {"max_age": "90d"}):
            assert renew(renew=True, **policy)["reason"] == "already_renewed"
    api.admin("POST", "/dial", {"login": LOGIN, "password": "wrong"})
    with api.world.change() as state:
        state["lines"][LINE]["radius"][0]["date"] = iso_v1(api.world.now() + 1)
    assert renew(renew=True)["reason"] == "pending"
    assert api.posts() == []


def test_the_router_s_word_closes_it_where_the_log_cannot_be_read(api, renew, noted):
    api.set(lines={LINE: {"access": {"capabilities": {"canGetRadiusConnectionLogs": False}}}})
    noted("confirmed", minutes=40)
    assert renew(renew=True)["reason"] == "pending"
    assert renew(renew=True, check_mode=True, session_uptime=2390)["reason"] == "pending"
    assert renew(renew=True, check_mode=True, session_uptime=2200)["reason"] == "requested"


# --- evidence gone is not evidence of age


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_tells_the_age(api, renew, check_mode):
    api.admin("DELETE", "/mails")
    result = renew(renew=True, max_age="90d", check_mode=check_mode)
    assert (result["reason"], result["changed"], result["requested"]) == ("age_unknown", False, False), result
    assert (result["outcome"], result["requested_at"], result["requests"]) == ("none", None, 0)
    assert "Nothing was requested" in result["message"] and api.posts() == []
    since = result["message"].partition("set renewed_since to ")[2].split()[0]
    assert renew(renew=True, max_age="90d", renewed_since=since, check_mode=check_mode)["reason"] == "requested"
    assert len(api.posts()) == (not check_mode)


@pytest.mark.parametrize("days", [91, 150, 250, 900])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_old_mail_tells_the_age(api, renew, days, version):
    if version == "v1":
        rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
        api.set(credentials={"test-ck": {"rules": rules}})
    api.admin("DELETE", "/mails")
    api.admin("POST", "/mails", dict(zip(("title", "text"), mails.ppp_mail(LINE, LOGIN, "old-7")), age_days=days))
    assert renew(renew=True, max_age="90d", check_mode=True)["reason"] == "requested"


def test_a_history_too_long_to_look_through_tells_no_age(api, renew, monkeypatch):
    monkeypatch.setattr(mailbox_api, "V2_MAX_PAGES", 1)
    api.admin("DELETE", "/mails")
    with api.world.change():
        for number in range(150):
            api.world.add_mail(*mails.other_mail(number), at=api.world.now() - (100 + number) * 86400)
    result = renew(renew=True, max_age="90d")
    assert result["reason"] == "age_unknown" and "proves nothing about older ones" in str(result["warnings"]), result
    assert api.posts() == []


def test_the_journal_tells_the_age(api, renew, noted):
    """The mail is gone; the request, and the session since, are not."""
    api.admin("DELETE", "/mails")
    noted("confirmed", days=10)
    assert renew(renew=True, max_age="90d")["reason"] == "already_renewed"
    noted("confirmed", days=100)
    assert renew(renew=True, max_age="90d", check_mode=True)["reason"] == "requested"
    assert api.posts() == []


# --- a mail that was passed over is told


def test_a_mail_of_this_line_that_says_nothing_known_is_told(api, renew, collect, noted):
    """It may be the one, in words that nobody knew of; where it plainly is another, the offer stands."""
    api.admin("DELETE", "/mails")
    title = f"[{LINE}] Your connection"
    api.admin("POST", "/mails", {"title": title, "text": "Greetings,\n\nall was set up anew.\n", "age": 60})
    noted("confirmed", minutes=30)
    result = renew(renew=True)
    assert result["reason"] == "pending" and title in result["message"], result
    assert result["passed_over"][0]["why"] in result["message"] and "set renewed_since" in result["message"]
    result = collect(newer_than=result["requested_at"], timeout=1, expected_after=0, interval=1)
    assert result.code == "mail_not_found" and title in result["msg"], result


@pytest.mark.parametrize("ours", [True, False])
def test_a_mail_passed_over_is_told_and_no_renewal_is_offered_for_ours(api, renew, noted, ours):
    api.admin("DELETE", "/mails")
    line = LINE if ours else "ftth-ab12345-2"
    title, body = mails.modem_mail(line, "Modem-7")
    api.admin("POST", "/mails", {"title": title, "text": body, "age": 60})
    unknown = renew(renew=True, max_age="90d")
    noted("confirmed", minutes=30)
    pending = renew(renew=True)
    assert (unknown["reason"], pending["reason"]) == ("age_unknown", "pending")
    for result in (unknown, pending):
        if ours:
            assert title in result["message"] and result["passed_over"][0]["why"] in result["message"], result
        assert ("set renewed_since" in result["message"]) is not ours, result
        assert ("mail_password_pattern" in result["message"]) is ours
        assert "Modem-7" not in result.written
