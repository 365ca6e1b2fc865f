# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modem profile of a line, from data alone."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access, dial_ins
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.access import SessionEvent


@pytest.mark.parametrize(
    ("kind", "provider", "infra", "profile"),
    [
        ("adsl", "ft", "ORANGE", "A"),
        ("vdsl", "ft", "OR", "B"),
        ("ftth", "ft", None, "B"),
        ("ftth", "bouygues", None, "C"),
        ("ftth", "axione", "AXIONE", "A"),
        ("ftth", "kosc", "ORANGE", "B"),
        ("ftte", "bouygues", None, "A"),
        ("ftto", "newcomer", None, None),
        ("ftth", "newcomer", None, None),
        (None, None, None, None),
        ("FTTH", "Bouygues", "", "C"),
        ("vdsl", "bouygues", None, "A"),
        ("vdsl", None, None, None),
        ("vdsl", "newcomer", None, "A"),
        ("ftth", "sfr", None, "A"),
        ("ftth", "ft", "axione", None),
        ("ftth", "bouygues", "or", "B"),
        ("ftte", "celan", None, "D"),
        ("ftto", "newcomer", "CELAN", "D"),
        ("ftto", "bouygues", "celan", "D"),
        ("sdsl", "ft", None, None),
        ("sdsl", "bouygues", None, None),
        ("sdsl", "celan", None, None),
    ],
)
def test_profiles(kind, provider, infra, profile):
    data = {"accessType": kind, "provider": provider, "providerInfra": infra}
    assert access.modem_profile(data) == profile


LINE = "xdsl-ab12345-1"
NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LOG = f"/xdsl/{LINE}/radiusConnectionLogs"


class Client:
    """``answers``: by path, a failure to raise among them; what is not there is not found."""

    shared = None

    def in_run(self, _name, ask, _take, _age=0):
        return ask()

    def __init__(self):
        self.answers = {
            "/xdsl": ["xdsl-b", "xdsl-a"],
            f"/xdsl/{LINE}": {"status": "active", "accessType": "ftth", "provider": "bouygues", "role": "main"},
            f"/xdsl/{LINE}/serviceInfos": {"contactAdmin": "ab12345-ovh"},
            f"/xdsl/{LINE}/ips": ["203.0.113.10", "2001:db8::/56"],
            LOG: [{"date": "2026-11-24T12:00:00Z", "login": "me@ovh", "state": "ok", "message": "fine"}],
        }

    def get(self, path, headers=None):
        answer = self.answers.get(path, Failure("not_found", "None.", {"query_id": "q"}))
        if isinstance(answer, Failure):
            raise answer
        return answer


@pytest.fixture
def client():
    return Client()


def test_names(client):
    assert access.list_names(client) == ["xdsl-a", "xdsl-b"]
    client.answers["/xdsl"] = {"a": 1}
    with pytest.raises(Failure) as error:
        access.list_names(client)
    assert error.value.code == "unreadable_answer" and error.value.details == {"path": "/xdsl"}


def test_a_line_that_is_not_there_gets_the_names(client):
    with pytest.raises(Failure) as error:
        access.read(client, "xdsl-c")
    assert error.value.code == "unknown_service" and "This account has: xdsl-a, xdsl-b." in error.value.message
    assert error.value.details == {"query_id": "q", "service_name": "xdsl-c", "service_names": ["xdsl-a", "xdsl-b"]}
    client.answers["/xdsl"] = Failure("not_granted", "No.")
    with pytest.raises(Failure) as error:
        access.read(client, "xdsl-c")
    assert "could not be listed" in error.value.message and error.value.details["service_names"] == []


def test_what_the_steps_of_a_line_share_of_it_is_no_address(client):
    client.answers[f"/xdsl/{LINE}"]["address"] = {"street": "Main Street 1"}
    asked = []
    client.in_run = lambda name, ask, take, _age=0: asked.append(name) or take(ask())
    assert access.read_in_run(client, LINE) == {
        "status": "active",
        "accessType": "ftth",
        "provider": "bouygues",
        "role": "main",
    }
    assert asked == [f"line {LINE}"]


@pytest.mark.parametrize("answer", [Failure("server_error", "No."), ["?"]])
def test_a_line_that_cannot_be_read(client, answer):
    client.answers[f"/xdsl/{LINE}"] = answer
    with pytest.raises(Failure) as error:
        access.read(client, LINE)
    assert error.value.code == (answer.code if isinstance(answer, Failure) else "unreadable_answer")


def test_the_log_newest_first(client):
    """Of one second the acceptance counts as the newest; what has no date is none."""
    client.answers[LOG] = [
        {"date": "2026-11-24T11:00:00Z", "state": "OK", "login": "a"},
        {"date": "2026-11-24T12:00:00Z", "state": " ok ", "login": "b"},
        {"date": "2026-11-24T12:00:00Z", "state": "KO", "login": "c", "message": "why"},
        {"date": "soon", "state": "OK"},
        "?",
    ]
    found = access.session_log(client, LINE)
    assert [event.login for event in found] == ["b", "c", "a"]
    assert [event.accepted for event in found] == [True, False, True]
    assert found[1] == SessionEvent(NOON, "c", "KO", "why")
    assert found[1].as_result() == {"date": "2026-11-24T12:00:00Z", "login": "c", "state": "KO", "message": "why"}
    client.answers[LOG] = {"?": 1}
    assert access.session_log(client, LINE) == []


def test_a_log_that_may_not_be_read(client):
    for code in ("not_granted", "forbidden", "not_found", "bad_request"):
        client.answers[LOG] = Failure(code, "No.")
        assert access.session_log_if_allowed(client, LINE) is None
    client.answers[LOG] = Failure("server_error", "No.")
    with pytest.raises(Failure):
        access.session_log_if_allowed(client, LINE)


def test_addresses(client):
    assert access.addresses(client, LINE) == ["203.0.113.10", "2001:db8::/56"]
    client.answers[f"/xdsl/{LINE}/ips"] = None
    assert access.addresses(client, LINE) == []


def test_all_of_a_line(client):
    assert access.describe(client, LINE, "ab12345-ovh") == {
        "service_name": LINE,
        "access_type": "ftth",
        "status": "active",
        "description": None,
        "role": "main",
        "provider": "bouygues",
        "ips": ["203.0.113.10", "2001:db8::/56"],
        "profile": "C",
        "vlan": 4001,
        "mtu": 1492,
        "login": "me@ovh",
        "last_connection": {"date": "2026-11-24T12:00:00Z", "login": "me@ovh", "state": "ok", "message": "fine"},
        "session_log_allowed": True,
        "mail_contact": "ab12345-ovh",
        "mail_to_this_account": True,
        "problems": [],
    }


def test_what_routers_need():
    """Of the guide's four profiles."""
    assert access.VLANS == {"A": None, "B": 835, "C": 4001, "D": 4070} and access.MTU == 1492


def problems(client, nichandle="ab12345-ovh"):
    found = access.describe(client, LINE, nichandle)
    return found, found["problems"]


@pytest.mark.parametrize(
    ("contact", "nichandle", "to_this"),
    [
        ("ab12345-ovh", "ab12345-ovh", True),
        ("zz-ovh", "ab12345-ovh", False),
        ("", "ab12345-ovh", None),
        ("a", "", None),
    ],
)
def test_who_gets_the_mail(client, contact, nichandle, to_this):
    client.answers[f"/xdsl/{LINE}/serviceInfos"] = {"contactAdmin": contact}
    found, told = problems(client, nichandle)
    assert found["mail_to_this_account"] is to_this and found["mail_contact"] == (contact or None)
    assert [("zz-ovh" in one and "ab12345-ovh" in one) for one in told] == [True] * (to_this is False)


@pytest.mark.parametrize("code", ["not_granted", "forbidden", "not_found", "server_error"])
def test_contacts_that_cannot_be_read(client, code):
    client.answers[f"/xdsl/{LINE}/serviceInfos"] = Failure(code, "No.")
    if code == "server_error":
        with pytest.raises(Failure):
            problems(client)
    else:
        assert problems(client)[0]["mail_contact"] is None
    client.answers[f"/xdsl/{LINE}/serviceInfos"] = ["?"]
    assert problems(client)[0]["mail_contact"] is None


def test_an_access_that_is_not_active(client):
    client.answers[f"/xdsl/{LINE}"] = {"status": "slamming"}
    found, told = problems(client)
    assert found["status"] == "slamming" and "status slamming" in told[0] and len(told) == 1
    assert (found["profile"], found["vlan"]) == (None, None)
    client.answers[f"/xdsl/{LINE}"] = {}
    assert "status unknown" in problems(client)[1][0]


@pytest.mark.parametrize("how", ["capability", "right"])
def test_a_log_that_is_not_there(client, how):
    if how == "capability":
        client.answers[f"/xdsl/{LINE}"]["capabilities"] = {"canGetRadiusConnectionLogs": False}
    else:
        client.answers[LOG] = Failure("not_granted", "No.")
    found, told = problems(client)
    assert (found["session_log_allowed"], found["login"], found["last_connection"]) == (False, None, None)
    assert len(told) == 1 and "RADIUS log cannot be read" in told[0]


@pytest.mark.parametrize("capabilities", [None, {}, {"canGetRadiusConnectionLogs": True}])
def test_a_log_that_is_there(client, capabilities):
    client.answers[f"/xdsl/{LINE}"]["capabilities"] = capabilities
    assert problems(client)[0]["session_log_allowed"] is True
    client.answers[LOG] = []
    found, told = problems(client)
    assert found["session_log_allowed"] is True and told == [] and found["login"] is None


def test_a_dial_in_that_was_refused(client):
    client.answers[LOG] = [
        {"date": "2026-11-24T12:00:00Z", "login": "me@ovh", "state": "KO", "message": "bad password"}
    ]
    assert problems(client)[1] == ["The last dial-in was refused at 2026-11-24T12:00:00Z: bad password."]
    client.answers[LOG][0]["message"] = ""
    assert problems(client)[1] == ["The last dial-in was refused at 2026-11-24T12:00:00Z: KO."]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([{"key": "a", "value": {"status": "active"}}, {"key": "b", "value": None}], {"a": {"status": "active"}}),
        ([], {}),
        ({"key": "a"}, None),
        ([{"value": {}}], None),
        ([{"key": "a", "value": {}}, "key"], None),
        ([{"key": "a", "value": {}}, {}], None),
        (Failure("not_granted", "No."), None),
        (Failure("not_found", "None."), None),
    ],
)
def test_several_in_one_request(client, answer, found):
    """It has to say which is which."""
    client.answers["/xdsl/a,b"] = answer
    assert access.together(client, ["a", "b"]) == found


def test_several_that_cannot_be_asked_for_now(client):
    client.answers["/xdsl/a,b"] = Failure("timeout", "No.")
    with pytest.raises(Failure):
        access.together(client, ["a", "b"])


def events(*states):
    """Newest first, a minute between them."""
    return [
        {"date": f"2026-11-24T12:{59 - number:02}:00Z", "login": "me@ovh", "state": state}
        for number, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("states", "kept"),
    [
        (["KO"] * 12, list(range(12))),
        (["KO"] * 13, list(range(12))),
        (["KO"] * 14 + ["OK", "OK"], [*range(12), 14]),
        (["OK"] * 14, list(range(12))),
    ],
)
def test_what_other_steps_of_a_run_need_of_the_log(client, states, kept):
    """The newest, and the newest that was accepted."""
    client.answers[LOG] = events(*states)
    every = access.session_log(client, LINE)
    assert access.session_log_in_run(client, LINE) == [every[number] for number in kept]


class Remembers(Client):
    """What a step was told stays with the run for a while."""

    def __init__(self):
        super().__init__()
        self.kept = {}

    def in_run(self, name, ask, take, age=0):
        if age < 0 or name not in self.kept:
            self.kept[name] = ask()
        return take(self.kept[name])


def test_what_was_told_before_a_dial_counts_no_more(monkeypatch):
    client = Remembers()
    client.answers[LOG] = events("KO")
    assert [event.accepted for event in access.session_log_in_run(client, LINE)] == [False]
    client.answers[LOG] = events("OK", "KO")
    assert [event.accepted for event in access.session_log_in_run(client, LINE)] == [False]
    client.clock_by_answers, client.skew = lambda: None, lambda: 0
    monkeypatch.setattr(dial_ins, "connect", lambda _params: client)
    assert dial_ins.watch({"service_name": LINE, "newer_than": None, "timeout": 0}, False)["connected"]
    client.answers.clear()
    assert [event.accepted for event in access.session_log_in_run(client, LINE)] == [True, False]


def test_a_look_at_a_line_is_told_nothing_of_before():
    """The steps after it are told what it has found."""
    client = Remembers()
    for state in ("OK", "KO"):
        client.answers[LOG] = events(state)
        assert access.describe(client, LINE, "")["last_connection"]["state"] == state
    client.answers.clear()
    assert [event.accepted for event in access.session_log_in_run(client, LINE)] == [False]


@pytest.mark.parametrize(
    ("answer", "login"),
    [
        (events("KO", "OK"), "me@ovh"),
        ([*events("OK"), {"date": "2026-11-24T13:00:00Z", "state": "OK", "login": "newer@ovh"}], "newer@ovh"),
        ([{"date": "2026-11-24T13:00:00Z", "state": "OK"}], None),
        ([], None),
        (Failure("not_granted", "No."), None),
    ],
)
def test_the_login_that_the_log_tells(client, answer, login):
    client.answers[LOG] = answer
    assert access.login_of_log(client, LINE) == login


def test_a_log_that_is_not_there_is_that_of_an_unknown_line(client):
    del client.answers[LOG]
    assert access.login_of_log(client, LINE) is None
    del client.answers[f"/xdsl/{LINE}"]
    with pytest.raises(Failure) as error:
        access.login_of_log(client, LINE)
    assert error.value.code == "unknown_service"
    client.answers[LOG] = Failure("not_granted", "No.")
    assert access.login_of_log(client, LINE) is None


@pytest.mark.parametrize("code", ["timeout", "invalid_credentials"])
def test_a_log_that_may_be_had_at_the_next_try(client, code):
    client.answers[LOG] = Failure(code, "No.")
    with pytest.raises(Failure) as error:
        access.login_of_log(client, LINE)
    assert error.value.code == code


GOOD = ["2026-11-24T12:00:00+00:00", "me@ovh", "OK", ""]


@pytest.mark.parametrize(
    ("kept", "taken"),
    [
        ([], True),
        ([None], True),
        ([GOOD, GOOD], True),
        (None, False),
        ("x", False),
        ({"a": 1}, False),
        ([GOOD, None], False),
        ([GOOD[:3]], False),
        (["abcd"], False),
        ([[*GOOD[:3], 1]], False),
        ([["2026-11-24T12:00:00", *GOOD[1:]]], False),
    ],
)
def test_sessions_that_a_file_holds(kept, taken):
    assert access._events(kept) == (kept if taken else None)
