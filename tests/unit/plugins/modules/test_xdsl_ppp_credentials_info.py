# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding, awaiting and reading the mail."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from ovh_api import mails

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import api as mailbox_api

LINE = "xdsl-ab12345-1"
OTHER = "ftth-ab12345-2"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Zq7-canary_9x"
QUICK = {"expected_after": 0, "interval": 1}


def now(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def look(run, ak):
    """Run xdsl_ppp_credentials_info on the first line; looks once unless told."""

    def call(**options):
        return run("xdsl_ppp_credentials_info", **{**ak, "service_name": LINE, "timeout": 0, **options})

    return call


def only_v1(api):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})


def post_mail(api, title, text, **more):
    return api.admin("POST", "/mails", {"title": title, "text": text, **more})


def renew_later(api, seconds):
    thread = threading.Timer(seconds, api.world.renew_password, args=(LINE, False))
    thread.start()
    return thread


# --- look once


@pytest.mark.parametrize("mail_format", ["both", "text", "html"])
@pytest.mark.parametrize("version", ["v2", "v1"])
@pytest.mark.parametrize("bodies", [True, False])
def test_the_latest_credentials(api, look, mail_format, version, bodies):
    api.set(mail_format=mail_format, next_password=CANARY, v2_list_bodies=bodies)
    api.admin("POST", f"/line/{LINE}/rotate")
    time.sleep(0.3)
    if version == "v1":
        only_v1(api)
    result = look(return_password=True)
    assert not result.failed, result
    assert (result["found"], result["login"], result["password"]) == (True, LOGIN, CANARY)
    assert result["password_length"] == len(CANARY)
    assert set(result["mail"]) == {"id", "date", "title"}
    assert LINE in result["mail"]["title"]
    assert result["changed"] is False


def test_both_kinds_of_credentials(run, keys, api):
    result = run("xdsl_ppp_credentials_info", **keys, service_name=LINE, timeout=0, return_password=True)
    assert result["password"] == api.line(LINE)["password"]


def test_the_password_only_when_asked_for(api, look):
    api.set(next_password=CANARY)
    api.admin("POST", f"/line/{LINE}/rotate")
    time.sleep(0.3)
    for options in ({}, {"return_password": False}, {"check_mode": True, "diff": True}):
        result = look(**options)
        assert result["found"] and result["login"] == LOGIN
        assert result.get("password") is None
        assert CANARY not in result.written
        assert result["password_length"] == len(CANARY)


@pytest.mark.parametrize("language", sorted(mails.PPP_WORDS))
def test_languages(api, look, language):
    api.set(mail_language=language)
    api.admin("POST", f"/line/{LINE}/rotate")
    time.sleep(0.3)
    assert look(return_password=True)["password"] == api.line(LINE)["password"]


def test_nothing_found_looking_once_is_no_failure(api, look):
    result = look(newer_than=now())
    assert not result.failed and result["found"] is False
    assert result.get("password") is None and result["mail"] is None


def test_an_old_mail_does_not_count(api, look):
    assert look(newer_than=now(days=-200))["found"] is True
    assert look(newer_than=now(days=-100))["found"] is False


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_the_newest_wins(api, look, version):
    for number, age in enumerate((5000, 500, 50)):
        post_mail(api, *mails.ppp_mail(LINE, LOGIN, f"x7-password-{number}"), age=age)
    if version == "v1":
        only_v1(api)
    assert look(return_password=True)["password"] == "x7-password-2"


def test_check_mode_is_the_same_read(api, look):
    assert look(check_mode=True, return_password=True)["password"] == api.line(LINE)["password"]
    assert {call["method"] for call in api.calls()} == {"GET"}


# --- wait


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_waits_for_the_mail(api, look, version):
    if version == "v1":
        only_v1(api)
    asked = now(seconds=-1)
    began = time.monotonic()
    renew_later(api, 1.2)
    result = look(newer_than=asked, timeout=30, return_password=True, **QUICK)
    took = time.monotonic() - began
    assert result["password"] == api.line(LINE)["password"]
    assert 1 <= took < 30
    assert result["polls"] >= 2
    assert result["elapsed"] <= took + 1


def test_a_mail_that_is_there_already_is_taken_at_the_first_look(api, look):
    asked = now(seconds=-1)
    api.admin("POST", f"/line/{LINE}/rotate")
    time.sleep(0.3)
    began = time.monotonic()
    result = look(newer_than=asked, timeout=60, return_password=True)
    assert result["password"] == api.line(LINE)["password"]
    assert time.monotonic() - began < 20


def test_not_found_in_time(api, look):
    began = time.monotonic()
    result = look(newer_than=now(), timeout=2, **QUICK)
    assert result.failed and result.code == "mail_not_found"
    assert 1.5 <= time.monotonic() - began < 20
    assert len(api.calls()) <= 9
    assert LINE in result["msg"]


@pytest.mark.parametrize("batch", [True, False])
def test_v1_opens_a_mail_once_in_a_wait(api, look, batch):
    """Each look lists the ids; only those that are new are opened: in one request where the API allows it."""
    only_v1(api)
    api.set(batch=batch)
    asked = now(seconds=-1)
    renew_later(api, 3.5)
    result = look(newer_than=asked, timeout=20, return_password=True, **QUICK)
    assert result["password"] == api.line(LINE)["password"] and result["polls"] >= 3
    history = "/1.0/me/notification/email/history"
    opened = [call["path"].removeprefix(f"{history}/") for call in api.calls("GET") if f"{history}/" in call["path"]]
    ids = [one for path in opened if "," not in path for one in [path]] if not batch else ",".join(opened).split(",")
    assert len(ids) == len(set(ids)), f"a mail was opened twice: {opened}"
    assert len(api.calls("GET", history)) == result["polls"]
    assert len(opened) <= (2 if batch else 8)


def test_passing_faults_do_not_end_the_wait(api, look):
    asked = now(seconds=-1)
    renew_later(api, 1.0)
    for kind in ("html_502", "cut_before", "rate_limit", "empty_200", "json_list_error"):
        api.fault(kind, "GET", "*notification*", retry_after=1)
    result = look(newer_than=asked, timeout=30, return_password=True, **QUICK)
    assert result.get("password") == api.line(LINE)["password"], result


def test_many_other_mails_do_not_cost_a_call_each(api, look):
    """An account with servers and domains gets many mails; OVH is fine with 60 requests a minute and key."""
    with api.world.change():
        for number in range(150):
            api.world.add_mail(*mails.other_mail(number), at=api.world.now() - number * 60)
    result = look(return_password=True)
    assert len(api.calls()) <= 10, f"{len(api.calls())} calls for one look"
    # Its title tells it from the others, so it is among the first that are opened.
    assert result.get("password") == api.line(LINE)["password"], result


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_a_limit_that_was_reached_is_told(api, look, monkeypatch, version):
    """ "There is none" must not be said of what was not looked at."""
    for name in ("V2_MAX_OPENED", "V1_MAX_BATCHED"):
        monkeypatch.setattr(mailbox_api, name, 20)
    if version == "v1":
        only_v1(api)
    api.admin("DELETE", "/mails")
    with api.world.change():
        api.world.add_mail(*mails.ppp_mail(LINE, LOGIN, CANARY), at=api.world.now() - 90000)
        for number in range(150):
            api.world.add_mail(f"PPPoE {number}", "Bonjour,\n\nRien.\n", at=api.world.now() - number * 60)
    result = look(newer_than=now(days=-2), requests_per_minute=0)
    assert result.code == "too_many_mails" and "proves nothing about older ones" in result["msg"], result
    result = look(requests_per_minute=0)
    assert result["found"] is False and "proves nothing about older ones" in str(result["warnings"]), result


def test_a_limit_of_pages_is_told(api, look, monkeypatch):
    monkeypatch.setattr(mailbox_api, "V2_MAX_PAGES", 2)
    api.admin("DELETE", "/mails")
    api.set(v2_list_bodies=True)
    with api.world.change():
        for number in range(150):
            api.world.add_mail(*mails.other_mail(number), at=api.world.now() - number * 60)
    result = look(newer_than=now(days=-200))
    assert result.code == "too_many_mails" and "/v2/notification/history" in result["msg"], result
    assert len(api.calls("GET", "/v2/notification/history")) == 4  # two pages, and two searches by title


def test_one_by_one_in_the_first_version_is_bounded(api, look, monkeypatch):
    monkeypatch.setattr(mailbox_api, "V1_MAX_SINGLE", 10)
    only_v1(api)
    api.set(batch=False)
    with api.world.change():
        for number in range(50):
            api.world.add_mail(*mails.other_mail(number), at=api.world.now() - number)
    result = look(newer_than=now(days=-200))
    assert result.code == "too_many_mails", result
    assert len(api.calls()) < 20


def test_a_key_revoked_in_the_middle_of_a_wait_ends_it(api, look):
    threading.Timer(1.2, api.set, kwargs={"credentials": {"test-ck": {"status": "expired"}}}).start()
    began = time.monotonic()
    result = look(newer_than=now(), timeout=60, login=LOGIN, **QUICK)
    assert result.failed and result.code == "invalid_credentials", result
    assert "renew the keys" in result["msg"]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("first", [True, False])
def test_which_mails_are_told_as_passed_over(api, look, first):
    """Those that resemble credentials and are not this line's; no bill, and nothing older than the one taken."""
    if first:
        post_mail(api, *mails.ppp_mail(LINE, LOGIN, CANARY), age=1)
    near = post_mail(api, "Vos identifiants PPPoE", mails.ppp_mail(OTHER, "0320654321_1@adsl.ovh", CANARY)[1], age=3)
    post_mail(api, *mails.bill_mail("FR1"), age=2)
    result = look(newer_than=now(seconds=-8), login=LOGIN)
    assert result["found"] is first
    assert [one["id"] for one in result["passed_over"]] == ([] if first else [near["uuid"]])


@pytest.mark.parametrize(
    ("rules", "paths"),
    [(lambda path: True, ["/v2/notification/history"]), (lambda path: "/v2/" not in path, ["/v2/", "/1.0/me/"])],
)
def test_the_order_of_the_histories(api, look, rules, paths):
    """v2 first, whose list can be narrowed; v1 where the key holds that right only."""
    kept = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if rules(rule["path"])]
    api.set(credentials={"test-ck": {"rules": kept}})
    assert look(login=LOGIN, newer_than=now(days=-200))["found"]
    asked = [call["path"] for call in api.calls("GET") if "notification" in call["path"]]
    seen = [next(part for part in paths if path.startswith(part)) for path in asked]
    assert list(dict.fromkeys(seen)) == paths


# --- mails that must not be taken


@pytest.mark.parametrize(
    ("title", "text"),
    [
        mails.modem_mail(LINE, CANARY),
        ("Vos identifiants PPPoE", mails.ppp_mail(OTHER, "0320654321_1@adsl.ovh", CANARY)[1]),
        mails.bill_mail("FR1"),
    ],
)
def test_passed_over(api, look, title, text):
    asked = now(seconds=-1)
    mail = post_mail(api, title, text)
    result = look(newer_than=asked, return_password=True)
    assert result["found"] is False
    assert CANARY not in result.written
    if "Facture" not in title:
        entry = result["passed_over"][0]
        assert set(entry) == {"id", "date", "title", "why"}
        assert entry["id"] == mail["uuid"] and entry["title"] == title


def test_a_mail_whose_title_names_another_access_is_not_opened(api, look):
    """Where thirty lines are renewed together, each opens its own mail."""
    asked = now(seconds=-1)
    other = post_mail(api, *mails.ppp_mail(OTHER, "0320654321_1@adsl.ovh", CANARY))
    nobodys = post_mail(api, "Votre mot de passe", "Bonjour")
    assert look(newer_than=asked)["found"] is False
    opened = [call["path"].rpartition("/")[2] for call in api.calls("GET") if "/history/" in call["path"]]
    assert nobodys["uuid"] in opened and other["uuid"] not in opened


@pytest.mark.parametrize(
    "body",
    [
        f"Identifiant : {LOGIN}\nMot de passe :\n",
        f"Identifiant : {LOGIN}\nMot de passe : {CANARY}\nMot de passe : {CANARY}2\n",
        f"Identifiant : {LOGIN}\nIdentifiant : 0320999999_1@adsl.ovh\nMot de passe : {CANARY}\n",
        f"Identifiant : {LOGIN}\nMot de passe : https://www.ovh.com/manager/secret/#?id={CANARY}\n",
    ],
)
@pytest.mark.parametrize("timeout", [0, 2])
def test_unreadable(api, look, body, timeout):
    title = f"[{LINE}] Vos identifiants de connexion PPPoE"
    mail = post_mail(api, title, f"Bonjour,\n\nVos identifiants PPPoE de {LINE}.\n\n{body}")
    result = look(timeout=timeout, newer_than=now(seconds=-5), return_password=True, **QUICK)
    assert result.failed and result.code == "mail_unreadable", result
    assert mail["uuid"] in result["msg"] or mail["uuid"] in str(result["failure"])
    assert title in result["msg"]
    assert CANARY not in result.written


def test_a_mail_without_a_password_is_named(api, look):
    title = f"[{LINE}] Vos identifiants de connexion PPPoE"
    mail = post_mail(api, title, f"Bonjour,\n\nVotre connexion PPPoE.\n\nIdentifiant : {LOGIN}\n")
    result = look(newer_than=now(seconds=-5))
    assert not result.failed and result["found"] is False, result
    assert [entry["id"] for entry in result["passed_over"]] == [mail["uuid"]]
    assert result["passed_over"][0]["why"]


def test_a_login_of_another_line(api, look):
    title = f"[{LINE}] Vos identifiants de connexion PPPoE"
    text = f"Bonjour,\n\nIdentifiant : 0320999999_1@adsl.ovh\nMot de passe : {CANARY}\n"
    post_mail(api, title, text)
    result = look(newer_than=now(seconds=-5), login=LOGIN, return_password=True)
    assert result.failed or not result["found"]
    assert CANARY not in result.written


# --- rights and faults


def test_no_right_to_the_mails(api, look):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "notification" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    result = look()
    assert result.failed and result.code == "not_granted"
    assert "/v2/notification/history" in result["msg"]
    assert "account:apiovh:notification/history/get" in result["msg"]


def test_iam_without_the_v2_action_falls_back_to_v1(api, run):
    actions = [
        one for one in api.world.state["oauth2_clients"]["EU.test-client"]["actions"] if ":notification" not in one
    ]
    api.set(oauth2_clients={"EU.test-client": {"actions": actions}})
    result = run(
        "xdsl_ppp_credentials_info",
        endpoint=api.endpoint,
        client_id="EU.test-client",
        client_secret="test-client-secret",
        service_name=LINE,
        timeout=0,
        return_password=True,
    )
    assert result.get("password") == api.line(LINE)["password"], result


@pytest.mark.parametrize("kind", ["html_502", "cut_before", "status:500", "json_list_error", "empty_200"])
def test_a_fault_that_stays(api, look, kind):
    api.fault(kind, "GET", "*notification*", times=-1)
    result = look()
    assert result.failed and result.code, result
    assert result["failure"]["message"]
    if kind.startswith("html"):
        assert "a proxy, a firewall or a captive portal" in result["msg"]
    elif kind != "cut_before":
        assert "EU.ext-1." in str(result["failure"])


@pytest.mark.parametrize(
    ("option", "value"),
    [("newer_than", "yesterday"), ("timeout", -1), ("requests", -1)],
)
def test_malformed_values(api, look, option, value):
    result = look(**{"timeout": 1, option: value})
    assert result.failed and option in result["msg"], result
    assert api.calls() == []


@pytest.mark.parametrize(
    ("password", "state", "minutes", "readable"),
    [
        ("73910462", "OK", 5, True),
        ("hvtmwqkz", "OK", 5, True),
        ("73910462", "KO", 5, False),
        # before the earlier mail, and after the newer one: with another password each
        ("73910462", "OK", 15, False),
        ("73910462", "OK", 0, False),
        ("unchanged", "OK", 5, False),
    ],
)
def test_an_earlier_mail_proves_the_layout_when_its_password_was_accepted(
    api, look, password, state, minutes, readable
):
    """The earlier mail is ten minutes old, the newer one a minute."""
    api.admin("DELETE", "/mails")
    post_mail(api, *mails.ppp_mail(LINE, LOGIN, CANARY), age=600)
    post_mail(api, *mails.ppp_mail(LINE, LOGIN, password), age=60)
    line = api.world.state["lines"][LINE]
    line["radius"] = []
    api.world._radius(line, state, "", api.world.now() - minutes * 60)
    result = look(return_password=True, login=LOGIN)
    if readable:
        assert result.get("password") == password and result["layout"], result
    else:
        assert result.failed and result.code == "mail_unreadable", result
