# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account of tens of thousands of mails: the API searches the titles, and few lists are asked for."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ovh_api import mails

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import listing

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Zq7-canary_9x"
LIST = "/v2/notification/history"


@pytest.fixture
def look(run, ak):
    def call(**options):
        return run("xdsl_ppp_credentials_info", **{**ak, "service_name": LINE, "return_password": True, **options})

    return call


@pytest.fixture
def history(api):
    """history(count, title): so many mails, and the credentials mail with that title before them all."""

    def fill(count, title=None, at=-90 * 86400):
        api.admin("DELETE", "/mails")
        known, text = mails.ppp_mail(LINE, LOGIN, CANARY)
        now = api.world.now()
        with api.world.change():
            api.world.add_mail(title or known, text, at=now + at)
            others = [mails.other_mail(number) for number in range(5)]
            kept = [api.world.add_mail(*one, at=now) for one in others]
            del api.world.state["mails"][-5:]
            api.world.state["mails"] += [
                {**kept[number % 5], "id": 500000000 + number, "uuid": f"u-{number}", "at": now - 60 - number}
                for number in range(count)
            ]

    return fill


def lists(api):
    return [call["query"] for call in api.calls("GET", LIST)]


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize(
    "title", [f"[{LINE}] Vos identifiants", "[ab12345-ovh] Vos identifiants PPPoE", "[ab12345-ovh] Login PPP"]
)
def test_fifty_thousand_newer_mails(api, look, history, title, bodies):
    api.set(v2_list_bodies=bodies)
    history(50_000, title)
    result = look(login=LOGIN)
    assert result.get("password") == CANARY and "warnings" not in result, result
    assert len(lists(api)) <= 3, lists(api)
    assert len(api.calls("GET")) <= 45


@pytest.mark.parametrize("bodies", [True, False])
def test_what_is_on_the_newest_page_is_not_searched_for(api, look, history, bodies):
    api.set(v2_list_bodies=bodies)
    history(200, at=-30)
    assert look(login=LOGIN)["password"] == CANARY
    assert lists(api) == ["sortCreatedAt=DESC"]


def test_lines_of_a_fleet_read_the_next_page_before_each_searches_its_title(api, look, history, monkeypatch):
    """They share a page, and no title."""
    monkeypatch.setattr(
        listing.Listing, "together", property(lambda _told: True, lambda _told, _value: None), raising=False
    )
    history(140)
    assert look(login=LOGIN)["password"] == CANARY
    assert len(lists(api)) == 3 and not any("titleContains" in one for one in lists(api))
    api.admin("DELETE", "/calls")
    history(160)
    assert look(login=LOGIN)["password"] == CANARY
    assert [("titleContains" in one) for one in lists(api)][:4] == [False, False, False, True]


def test_the_day_narrows_it_too(api, look, history):
    """In a wait one list holds all that came since."""
    history(50_000, at=-30)
    assert look(login=LOGIN, newer_than="2020-01-01")["password"] == CANARY
    api.admin("DELETE", "/calls")
    since = mails_at(api, -45)
    assert look(login=LOGIN, newer_than=since)["password"] == CANARY
    assert lists(api) == ["sortCreatedAt=DESC"]


def mails_at(api, seconds):
    return datetime.fromtimestamp(api.world.now() + seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("heeds", [True, False])
def test_a_title_that_says_nothing_is_said_to_be_the_reason(api, look, history, heeds):
    history(50_000, "[ab12345-ovh] Votre acc\u00e8s")
    api.set(v2_title_search=heeds)
    result = look(login=LOGIN)
    assert result["found"] is False
    warning = str(result["warnings"])
    assert "more mails than one search opens" in warning
    said = f"A search of all titles for '{LINE}' or 'PPP' did not find it either."
    assert (said if heeds else "The API did not search the titles.") in warning
    assert len(lists(api)) == 20 + (2 if heeds else 1)


def test_the_older_api_cannot_search_and_says_so(api, look, history):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    history(2_000)
    warning = str(look(login=LOGIN)["warnings"])
    assert "by the older API (v1) alone" in warning and "give it GET /v2/notification/history" in warning


@pytest.mark.parametrize(("title", "bodies"), [("Votre acc\u00e8s", True), ("Vos identifiants", False)])
def test_the_newest_counts_though_an_older_one_has_the_better_title(api, look, history, title, bodies):
    history(300)
    with api.world.change():
        api.world.add_mail(title, mails.ppp_mail(LINE, LOGIN, "x7-newest-9")[1], at=api.world.now() - 30)
    api.set(v2_list_bodies=bodies)
    assert look(login=LOGIN)["password"] == "x7-newest-9"
