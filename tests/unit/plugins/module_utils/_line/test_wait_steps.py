# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait asks of mailbox and API, and what it tells, without a server."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import credentials_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import wait
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Search, ServiceMail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn

LINE = "xdsl-ab12345-1"
ASKED = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
MAIL = ServiceMail("77", ASKED + timedelta(seconds=150), "Your PPP credentials", None, None)
READING = reader.Reading(reader.Verdict.CREDENTIALS, "", "0320123456_1@adsl.ovh", "Secret1")
FORWARDED = {"id": "5", "date": "2026-11-01T00:00:00Z", "title": "Bill", "why": "dmarc=fail", "what_to_do": "Redirect."}
NONE = Search(None, None, [])


class Client:
    """OVHcloud's API, of which a wait wants its clock."""

    def __init__(self, now=ASKED):
        self.turn, self.known_skew, self.waits, self.at = Turn.READ, 4, 0, now

    def wait(self):
        self.waits += 1

    def now_anew(self):
        return self.at


class Played:
    """A wait whose searches find that, one after the other, and then nothing. ``options``: of :class:`wait.Wait`."""

    def __init__(self, monkeypatch, *found, client=None, **options):
        self.found, self.searches, self.opened, self.clock, self.pauses = list(found), [], None, 1000.0, []
        self.client = client or Client()
        given = {"service_name": LINE, "login": "0320123456_1@adsl.ovh", "timeout": 10, "interval": 5, **options}
        self.params = ArgumentSpecValidator(credentials_spec()).validate(given).validated_parameters
        clock = SimpleNamespace(monotonic=lambda: self.clock, sleep=self.sleep)
        monkeypatch.setattr(wait, "time", clock)
        monkeypatch.setattr(wait, "newest", self.newest)
        monkeypatch.setattr(wait, "open_mailbox", self.open)

    def open(self, *given):
        self.opened = given
        given[1]()
        return SimpleNamespace(wait=self.sleep, recent=lambda _since: iter(()))

    def newest(self, *given):
        self.searches.append(given)
        return self.found.pop(0) if self.found else NONE

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.clock += min(seconds, 5)

    def made(self):
        return wait.Wait(self.params, connected=lambda _params: self.client)

    def collect(self, check=False):
        return wait.collect(self.params, check, connected=lambda _params: self.client)

    def why(self):
        with pytest.raises(Failure) as error:
            self.collect()
        assert error.value.code == "mail_not_found"
        return error.value.message


def found(reading=READING, **more):
    return Search(MAIL, reading, [], dates=[MAIL.date], **more)


@pytest.mark.parametrize(("given", "counts"), [({}, 1), ({"requests": 0}, 1), ({"requests": 2}, 2)])
def test_how_many_requests_a_mail_answers(monkeypatch, given, counts):
    """Where nobody counted them, it is one: the first mail is its own."""
    played = Played(monkeypatch, *[found()] * 9, newer_than="2026-11-24T12:00:00Z", **given)
    if counts == 1:
        assert played.collect()["mail"]["id"] == "77"
    else:
        assert "it may answer an earlier request: 2 were sent" in played.why()
    assert played.searches[0][5] == counts


@pytest.mark.parametrize("known", ["77", None])
def test_a_mail_that_is_known_is_not_opened(monkeypatch, known):
    played = Played(monkeypatch, found(), known_mail=known)
    told = played.collect()
    assert (told["found"], told["known"]) == (True, bool(known))
    assert played.searches[0][6] == (known or "")


@pytest.mark.parametrize(("timeout", "age", "remembers"), [(10, 5.0, False), (0, None, True)])
def test_who_waits_looks_at_each_mail_that_comes(monkeypatch, tmp_path, timeout, age, remembers):
    """And shares lists as old as its pause; one look remembers which mails are none of the line's."""
    saved = []
    monkeypatch.setattr(wait.Looked, "save", lambda _self: saved.append(1))
    played = Played(monkeypatch, found(), timeout=timeout, state_dir=str(tmp_path))
    played.collect()
    assert played.opened[5] == age
    assert (played.opened[4] != ()) is remembers and saved == [1] * remembers


@pytest.mark.parametrize(("timeout", "waits", "turn"), [(10, 1, Turn.LOOK), (0, 0, Turn.READ)])
def test_a_wait_is_told_at_once_what_cannot_be_reached(monkeypatch, timeout, waits, turn):
    played = Played(monkeypatch, found(), timeout=timeout)
    played.collect()
    assert (played.client.waits, played.client.turn) == (waits, turn)


def test_how_far_ovhcloud_s_clock_is(monkeypatch):
    played = Played(monkeypatch, found())
    assert played.collect()["clock_skew"] == 4
    monkeypatch.setattr(wait, "open_mailbox", lambda *_given: None)
    assert played.made().skew is None, "nobody was asked"


def test_how_long_it_took(monkeypatch):
    waiting = (played := Played(monkeypatch)).made()
    played.clock += 1.26
    assert waiting.elapsed == 1.3


@pytest.mark.parametrize(("late", "told"), [(-3, True), (-2, False), (0, False)])
def test_a_clock_that_was_set_back(monkeypatch, late, told):
    """Dates may differ by two seconds."""
    client = Client(ASKED + timedelta(seconds=late))
    why = Played(monkeypatch, client=client, newer_than="2026-11-24T12:00:00Z").why()
    assert ("which is before that" in why) is told


def test_where_any_mail_will_do_no_clock_is_asked(monkeypatch):
    assert "clock" not in Played(monkeypatch, client=Client(None)).why()


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "the mailbox of the account's contact."),
        (
            {"source": "imap", "imap_host": "imap.example.org", "imap_user": "u", "imap_password": "p"},
            "another folder than INBOX, or come from another sender than ",
        ),
    ],
)
def test_where_the_mail_may_be(monkeypatch, given, where):
    assert f"It may also lie in {where}" in Played(monkeypatch, **given).why()


@pytest.mark.parametrize(
    ("senders", "named"),
    [
        (["a.example", "b.example", "c.example"], "a.example, b.example, c.example."),
        (
            ["a.example", "b.example", "c.example", "d.example", "e.example"],
            "b.example, c.example and 2 more (imap_from).",
        ),
    ],
)
def test_three_senders_are_named(monkeypatch, senders, named):
    given = {"source": "imap", "imap_host": "h", "imap_user": "u", "imap_password": "p", "imap_from": senders}
    assert f"{named}" in Played(monkeypatch, **given).why()


def test_what_to_do_about_a_rule_that_forwards(monkeypatch):
    nothing = Search(None, None, [], forwarded=FORWARDED)
    assert " Redirect. If a renewal was requested" in Played(monkeypatch, *[nothing] * 9).why()
    told = Played(monkeypatch, found(forwarded=FORWARDED)).collect()["warnings"]
    assert [one for one in told if "do not request a new password" in one]


@pytest.mark.parametrize("check", [False, True])
def test_nothing_was_found(monkeypatch, check):
    """Check mode does not wait for it."""
    played = Played(monkeypatch, timeout=10 if check else 0)
    told = played.collect(check)
    assert (told["found"], told["known"], told["secret_link"], told["mail"]) == (False, False, False, None)
    assert played.pauses == [] and len(played.searches) == 1


def test_a_mail_that_was_not_read_gives_nothing(monkeypatch):
    told = Played(monkeypatch, found(reading=None)).collect()
    assert (told["found"], told["mail"]["id"]) == (False, "77")
