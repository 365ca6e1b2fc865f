# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A year of nights with a store: nothing changes, but for the renewals that max_age makes due, one request each."""

from __future__ import annotations

from pathlib import Path

import pytest
from ovh_api import mails
from ovh_api.running import running
from ovh_api.world import LINE_1, LINE_2

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from provisioning.year import Year

#: Before and after each end of a life: links 30 days, mails 60, passwords 90; and once more.
CHOSEN = (1, 29, 31, 59, 61, 89, 91, 119, 122, 151, 153, 182)
ENTRIES = ("credentials", "main")
#: A night asks no more than this.
MOST = 3
ADVICE = ("ask for a new password", "age of the password is not known", "one-time link", "has no credentials mail")


def lived(year: Year, days: tuple[int, ...]) -> list[int]:
    """Each night by both entry points, in turns; the days on which a password was requested."""
    renewed = []
    for number, day in enumerate(days):
        year.pass_days(day - year.day)
        posts = 0
        for entry in ENTRIES if number % 2 else reversed(ENTRIES):
            kept = year.kept()
            found = year.night(entry)
            posts += found.posts
            assert not any(one in found.said for one in ADVICE), (day, entry, found)
            assert found.links == (found.posts if links_of(year) else 0), (day, entry, found)
            if found.posts:
                assert kept != year.kept(), (day, entry)
            elif not (posts and entry == "main"):
                assert not found.changed and found.asked <= MOST and kept == year.kept(), (day, entry, found)
            assert entry == "main" or found.handed == year.api.line(LINE_1)["password"], (day, entry)
        if posts:
            renewed.append(day)
            assert posts == 1, day
        assert year.router.password == year.api.line(LINE_1)["password"] == year.kept().password, day
    return renewed


def links_of(year: Year) -> bool:
    return bool(year.api.world.state["mail_kind"] == "secret_link")


@pytest.fixture(params=["passwords", "links"])
def year(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """On its first day the password was renewed, and kept. In its second half the home is lost each night."""
    monkeypatch.setenv("OVH_REQUESTS_PER_MINUTE", "0")
    with running() as api:
        api.set(mail_delay=0, mail_kind="secret_link" if request.param == "links" else "password")
        one = Year(api, tmp_path, keeps_home=request.param == "passwords")
        first = one.night("main", max_age="1d")
        assert (first.posts, one.kept().password) == (1, api.line(LINE_1)["password"])
        yield one


def test_twelve_nights(year: Year) -> None:
    assert lived(year, CHOSEN) == [91, 182]


@pytest.mark.soak
def test_all_of_them(year: Year) -> None:
    assert lived(year, tuple(range(1, 366))) == [90, 180, 270, 360]


def test_two_years_later(year: Year) -> None:
    """The router is replaced, long after the last renewal, by a run that asks for nothing: the store is enough."""
    year.pass_days(730)
    year.router.password = "of another router"
    found = year.night("main", renew=False)
    assert (found.changed, found.posts, found.links) == (True, 0, 0), found
    assert year.router.password == year.api.line(LINE_1)["password"]


def test_a_line_whose_login_changes(year: Year) -> None:
    """The store's login does not hide the mail for the new one: it is said, until the user names it."""
    year.pass_days(10)
    new = "0320999999_9@ftth.ovh"
    with year.api.world.change() as state:
        line = state["lines"][LINE_1]
        line.update(login=new, password="Kx7mQ2vR8tW4")
        line["session"] = {"up": False, "since": None, "ip": None}
        year.api.world.add_mail(*mails.ppp_mail(LINE_1, new, line["password"]), at=year.api.world.now() - 60)
    with pytest.raises(Stopped) as stopped:
        year.night("credentials")
    assert "set router_pppoe_line_login to it" in str(stopped.value) and new not in year.kept().login
    assert "ask for a new password" not in str(stopped.value)
    found = year.night("credentials", line_login=new)
    assert (found.handed, found.posts, year.kept().login) == ("Kx7mQ2vR8tW4", 0, new)
    # The router of the role is this line's, by the same word as any other that has moved.
    with pytest.raises(Stopped) as stopped:
        year.night("main")
    assert "router_pppoe_replaces_login" in str(stopped.value)
    assert year.night("main", replaces_login=year.router.login).changed and year.router.login == new


def test_other_mails_are_no_doubt(year: Year) -> None:
    """Another line's, and that of this line's modem: they are newer, and none of this line's credentials."""
    year.pass_days(5)
    with year.api.world.change():
        year.api.world.add_mail(*mails.modem_mail(LINE_1, "Modem7xK2"))
    year.api.admin("POST", f"/line/{LINE_2}/rotate")
    for entry in ENTRIES:
        found = year.night(entry)
        # Each new mail with such a title is opened once.
        assert (found.changed, found.posts) == (False, 0) and found.asked <= MOST, (entry, found)


# Behind a link there is nothing to compare.
@pytest.mark.parametrize("year", ["passwords"], indirect=True)
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_night_without_a_store(year: Year, entry: str) -> None:
    """As cheap, also with an empty home: the log for the login, the list, and the mail."""
    year.pass_days(10)
    for _night in range(2):
        found = year.night(entry, renew=False, max_age="", store_vault_file="")
        assert not found.changed and found.posts == 0 and found.asked <= MOST, (entry, found)
        assert entry == "main" or found.handed == year.api.line(LINE_1)["password"], entry
