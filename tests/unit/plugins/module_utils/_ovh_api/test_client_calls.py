# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client hands to ``ovh.Client`` and takes from it, call by call, with a played one below it."""

from __future__ import annotations

import datetime
import os
import sys
import time
from email.utils import formatdate
from types import SimpleNamespace

import ovh.client
import ovh.config
import ovh.oauth2
import pytest
import requests
from ovh.exceptions import APIError

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import (
    bounded,
    client,
    clock,
    connection,
    pace,
    shared,
)

AK = {"application_key": "test-ak", "application_secret": "As5512Kq9Vt", "consumer_key": "Ck8840Pm3Ru"}
CONNECTION = connection.Connection("x", "https://x/1.0", None, AK, dict.fromkeys(AK, "option") | {"endpoint": "option"})
NO_JSON = ValueError("no JSON")
OVH = {"X-OVH-QUERYID": "EU.ext-1.1"}


class Played:
    """``answers``: (status, body, headers) in turn, an error to raise among them. ``calls``: what was sent."""

    def __init__(self, *answers, skew=0):
        self.answers, self.calls, self.pauses, self.closed, self.waits = list(answers), [], [], 0, 0
        self._time_delta = None
        self.refusals, self.held = [], 0.0
        pace = SimpleNamespace(wait=self.wait, refused=self.refusals.append, held_for=self.held_for)
        self.client = client.Client(self, CONNECTION, lambda: [self, self], self.pauses.append, skew, pace)

    def wait(self, _turn):
        self.waits += 1

    def held_for(self, _turn, take):
        self.waits += take and not self.held
        return self.held

    def close(self):
        self.closed += 1

    def raw_call(self, method, target, data, need_auth, headers):
        self.calls.append((method, target, data, need_auth, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, answered = (*answer, {})[:3]

        def json():
            if body is NO_JSON:
                raise NO_JSON
            return body

        return SimpleNamespace(status_code=status, json=json, headers={**OVH, **answered})


@pytest.mark.parametrize("package", ["ovh", "ovh.oauth2"])
def test_a_library_that_is_missing_or_too_old(monkeypatch, package):
    """Before 1.2.0 it had no OAuth2."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(Failure) as error:
        client.connect({"endpoint": "https://x/1.0", **AK})
    assert error.value.code == "missing_library"
    assert error.value.details == {"package": "ovh", "python": sys.executable}
    assert f"{sys.executable} -m pip install 'ovh>=1.2.0'" in error.value.message


@pytest.mark.parametrize(("scheme", "insecure"), [("http", "1"), ("https", None)])
def test_a_client_of_oauth2(monkeypatch, scheme, insecure):
    """Plain http, to a loopback address alone, has to be allowed by a variable."""
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    url = f"{scheme}://127.0.0.1:9"
    made = client.connect({"endpoint": f"{url}/1.0", "client_id": "the-id", "client_secret": "the-secret"})
    assert os.environ.get("OAUTHLIB_INSECURE_TRANSPORT") == insecure
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    assert ovh.client.OAUTH2_TOKEN_URLS[f"{url}/1.0"] == f"{url}/auth/oauth2/token"
    assert ovh.client.ENDPOINTS[f"{url}/1.0"] == f"{url}/1.0" and made.connection.identity == "the-id"


@pytest.mark.parametrize(
    ("given", "timeout"), [({}, client.TIMEOUT), ({"timeout": None}, client.TIMEOUT), ({"timeout": 5}, 5)]
)
def test_the_session_of_a_token(monkeypatch, given, timeout):
    """It waits for no answer without end, follows no redirection, and is ours once, however many clients there are."""
    for _client in range(3):
        client.connect({"endpoint": "https://127.0.0.1:9/1.0", "client_id": "the-id", "client_secret": "the-secret"})
    made = ovh.oauth2.RefreshOAuth2Session
    assert [one.__name__ for one in made.__mro__[:2]] == ["TimedSession", "RefreshOAuth2Session"]
    asked = []
    monkeypatch.setattr(made.__mro__[1], "request", lambda _self, *_words, **options: asked.append(options) or "answer")
    session = made(token_url="https://127.0.0.1:9/token")
    assert session.request("GET", "https://127.0.0.1:9/1.0", **given) == "answer" and asked == [{"timeout": timeout}]
    assert session.max_redirects == 0 and session.token_url == "https://127.0.0.1:9/token"
    assert type(session.get_adapter("https://a")).__name__ == "Bounded"


def test_a_session_of_its_own(monkeypatch):
    """No redirection is followed; nothing but the connection says where to and who."""
    monkeypatch.setenv("OVH_APPLICATION_KEY", "another")
    kept = ovh.config.ConfigurationManager
    options = {"endpoint": "https://127.0.0.1:9/1.0", **AK, "clock_skew": 7, "requests_per_minute": 30}
    made = client.connect(options)
    (session,) = made._sessions()
    assert session.max_redirects == 0 and type(session.get_adapter("https://a")).__name__ == "Bounded"
    assert type(session.get_adapter("http://a")).__name__ == "Bounded"
    assert made.skew() == 7 and made._pace._per_minute == 30
    assert made._client._application_key == "test-ak" and made._client._timeout == client.TIMEOUT
    assert ovh.config.ConfigurationManager is kept
    assert client.connect({**options, "requests_per_minute": None})._pace._per_minute == 0


# --- the clock


def test_the_clock_is_asked_for_once():
    played = Played((200, int(time.time()) + 3600), (200, "a"), (200, "b"), skew=None)
    assert played.client.get("/me") == "a" and played.client.get("/me") == "b"
    assert played.calls[0] == ("GET", "/auth/time", None, False, {}) and len(played.calls) == 3
    assert 3599 <= played.client.skew() <= 3601 and played._time_delta == played.client.skew()
    ahead = played.client.now() - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(seconds=3590) < ahead < datetime.timedelta(seconds=3610)
    assert played.client.now().microsecond == 0


def test_a_clock_that_was_given_is_not_asked_for():
    played = Played((200, "a"), skew=5)
    assert played.client.get("/me") == "a" and played._time_delta == 5 and len(played.calls) == 1


@pytest.mark.parametrize("ahead", [0, 3600, -20])
def test_the_clock_of_an_answer(ahead):
    """Where a caller only reads, the date of its first answer is enough."""
    date = formatdate(time.time() + ahead, usegmt=True)
    played = Played((200, "a", {"Date": date}), (200, "b"), skew=None)
    played.client.clock_by_answers()
    assert played.client.get("/me") == "a" and played.client.get("/me") == "b" and len(played.calls) == 2
    assert abs(played.client.skew() - ahead) <= 1 and played._time_delta == played.client.skew()


@pytest.mark.parametrize("date", ["", "noon", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_an_answer_without_a_date(date):
    """Then the clock is asked for, once."""
    played = Played((200, "a", {"Date": date}), (200, int(time.time())), (200, "b"), skew=None)
    played.client.clock_by_answers()
    assert played.client.get("/me") == "a" and played.client.get("/me") == "b"
    assert [call[1] for call in played.calls] == ["/me", "/auth/time", "/me"]


def test_a_clock_that_gives_no_number():
    played = Played((200, "noon"), skew=None)
    with pytest.raises(Failure) as error:
        played.client.skew()
    assert error.value.code == "unreadable_answer" and error.value.details == {"path": "/auth/time"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_call_without_a_signature_needs_no_clock(method):
    played = Played((200, "a"), skew=None)
    assert getattr(played.client, method)("/me", need_auth=False) == "a"
    assert played.calls == [(method.upper(), "/me", None, False, {})]


def test_a_request_has_its_clock_first():
    played = Played((200, int(time.time())), (200, None), skew=None)
    played.client.post("/xdsl/a/requestPPPLoginMail")
    assert [call[:2] for call in played.calls] == [("GET", "/auth/time"), ("POST", "/xdsl/a/requestPPPLoginMail")]


# --- what is sent


def test_a_read():
    played = Played((200, {"a": 1}))
    assert played.client.get("/me", {"a": "1&2"}, {"X-A": "b"}) == {"a": 1}
    assert played.calls == [("GET", "/me?a=1%262", None, True, {"X-A": "b"})]
    assert (played.waits, played.closed) == (1, 0)


def test_a_request():
    played = Played((204, NO_JSON))
    assert played.client.post("/a", {"b": "c"}) is None
    assert played.calls == [("POST", "/a", {"b": "c"}, True, {})] and (played.waits, played.closed) == (1, 2)


@pytest.mark.parametrize(("cursor", "following"), [(None, "n"), ("c", ""), ("c", None)])
def test_a_page(cursor, following):
    played = Played((200, [1], {"X-Pagination-Cursor-Next": following}))
    assert played.client.get_page("/v2/a", {"b": "c"}, 50, cursor) == ([1], following or None)
    headers = {"X-Pagination-Size": "50", **({"X-Pagination-Cursor": cursor} if cursor else {})}
    assert played.calls == [("GET", "/v2/a?b=c", None, True, headers)]


def test_several_at_once():
    """In both forms of an answer; what could not be had is left out."""
    played = Played((200, [{"key": "1", "value": {"a": 1}}, {"a": 2}, {"key": "3", "value": None}, "?"]))
    assert played.client.get_batch("/me/api/logs/self", ["1", "a/b"]) == [{"a": 1}, {"a": 2}]
    assert played.calls == [("GET", "/me/api/logs/self/1,a%2Fb", None, True, {"X-Ovh-Batch": ","})]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_api_that_does_not_answer_for_several(status):
    assert Played((status, {"errorCode": ""})).client.get_batch("/a", ["1", "2"]) is None
    assert Played((status, {"errorCode": "FORBIDDEN"})).client.get_batch("/a", ["1", "2"]) is None


def test_several_that_are_no_list():
    assert Played((200, {"1": {}})).client.get_batch("/a", ["1", "2"]) is None
    with pytest.raises(Failure):
        Played((409, {})).client.get_batch("/a", ["1", "2"])


def test_ids_have_no_order_but_their_number():
    assert client.newest_first([9, "10", 100, 2]) == ["100", "10", "9", "2"]


# --- what comes back


@pytest.mark.parametrize("status", [200, 299])
def test_what_is_taken_for_an_answer(status):
    assert Played((status, "a")).client.get("/me") == "a"


@pytest.mark.parametrize("status", [199, 300, 404, 428, 430, 499])
def test_what_is_refused_is_asked_once(status):
    played = Played((status, {"message": "no"}))
    with pytest.raises(Failure):
        played.client.get("/me")
    assert len(played.calls) == 1 and played.pauses == []


@pytest.mark.parametrize(
    "passing",
    [
        (429, {}),
        (500, {}),
        (200, NO_JSON),
        (404, NO_JSON),
        requests.exceptions.ConnectionError("gone"),
        type("OAuth2FailureError", (APIError,), {})("status_code=503"),
    ],
)
def test_what_passes_is_asked_again(patient, passing):
    played = Played(passing, (200, "a"))
    assert played.client.get("/me") == "a"
    assert played.pauses == [1.0] and played.waits == 2


@pytest.mark.parametrize(
    ("answer", "code", "outcome"),
    [
        (bounded.TooLong(), "unreadable_answer", Outcome.UNKNOWN),
        (type("OAuth2FailureError", (APIError,), {})("status_code=401"), "invalid_credentials", Outcome.NOT_SENT),
    ],
)
def test_what_does_not_pass(answer, code, outcome):
    played = Played(answer)
    with pytest.raises(Failure) as error:
        played.client.get("/me")
    assert (error.value.code, error.value.outcome, played.pauses) == (code, outcome, [])


@pytest.mark.parametrize(
    ("answer", "code", "outcome"),
    [
        ((429, {}), "rate_limited", Outcome.REFUSED),
        ((500, {}), "server_error", Outcome.UNKNOWN),
        ((200, NO_JSON), "unreadable_answer", Outcome.UNKNOWN),
        (requests.exceptions.ReadTimeout(), "timeout", Outcome.UNKNOWN),
        (type("OAuth2FailureError", (APIError,), {})("status_code=503"), "server_error", Outcome.NOT_SENT),
    ],
)
def test_a_request_is_never_sent_again(answer, code, outcome):
    played = Played(answer)
    with pytest.raises(Failure) as error:
        played.client.post("/a")
    assert (error.value.code, error.value.outcome, len(played.calls)) == (code, outcome, 1)


@pytest.mark.parametrize("held", [0.0, 3.0])
def test_a_place_that_was_granted_is_not_waited_for_again(held):
    played = Played((200, 1), (200, 2))
    played.held = held
    assert played.client.held_for() == held
    played.client.get("/me")
    assert played.waits == 1
    played.held = 0.0
    assert played.client.held_for() == played.client.held_for() == 0.0
    assert played.waits == 2, "one place, however often it is asked for"
    played.client.get("/me")
    assert played.waits == 2


@pytest.mark.parametrize(
    ("status", "headers", "told"), [(429, {}, [None]), (429, {"Retry-After": "7"}, [7.0]), (503, {}, [])]
)
@pytest.mark.parametrize("body", [{"class": "Client::TooManyRequests", "message": "Too many"}, NO_JSON])
def test_a_refusal_is_told_to_everybody(status, headers, told, body):
    """A refusal of a proxy, too."""
    played = Played((status, body, headers), (200, 1))
    assert played.client.get("/me") == 1
    assert played.refusals == told


GONE = requests.exceptions.ConnectionError("gone")


def test_who_looks_again_by_itself_is_told_at_once_what_cannot_be_reached(patient):
    """What OVHcloud itself answers is asked again all the same."""
    played = Played(GONE, (503, {}), (200, "a"))
    played.client.wait()
    assert played._timeout == client.WAITING
    with pytest.raises(Failure) as error:
        played.client.get("/me")
    assert error.value.code == "unreachable" and len(played.calls) == 1
    assert played.client.get("/me") == "a" and played.pauses == [1.0]


def test_each_pause_is_twice_as_long(patient):
    played = Played((503, {}), (503, {}), (503, {}), (200, "a"))
    assert played.client.get("/me") == "a" and played.pauses == [1.0, 2.0, 4.0]


def test_a_clock_that_is_refused_is_asked_for_once():
    stepped = (400, {"message": "Query out of time"})
    played = Played(stepped, (200, int(time.time())), stepped, skew=3)
    with pytest.raises(Failure) as error:
        played.client.get("/me")
    assert error.value.code == "clock_stepped" and not played.answers


def test_until_an_answer_has_told_it_this_machines_clock_signs():
    played = Played((200, "a", {"Date": ""}), skew=None)
    played.client.clock_by_answers()
    assert played.client.get("/me") == "a" and played._time_delta == 0


def test_an_answer_tells_the_clock_to_who_asked_for_that_alone():
    date = formatdate(time.time() + 3600, usegmt=True)
    played = Played((200, "a", {"Date": date}), skew=None)
    assert played.client.get("/x", need_auth=False) == "a" and played.client.known_skew is None
    given = Played((200, "a", {"Date": date}), skew=5)
    given.client._by_answers = True
    assert given.client.get("/me") == "a" and given.client.known_skew == 5


def test_a_clock_at_the_edge_of_time():
    """Seconds since 1970 of a year between 2020 and 2099, and nothing else."""
    for told, fit in ((clock.TIMES[0], True), (clock.TIMES[0] - 1, False)):
        played = Played((200, told), skew=None)
        if fit:
            assert played.client.skew() == told - int(time.time())
        else:
            with pytest.raises(Failure) as error:
                played.client.skew()
            assert error.value.code == "unreadable_answer"


def test_a_long_answer_in_place_of_a_clock_is_cut():
    played = Played((200, "x" * 80), skew=None)
    with pytest.raises(Failure) as error:
        played.client.skew()
    assert f'with "{"x" * 39}: is' in error.value.message


def test_a_place_that_is_not_free_is_not_taken():
    played = Played((200, "a"))
    played.held = 0.5
    assert played.client.held_for() == 0.5
    assert played.client.get("/me") == "a" and played.waits == 1


@pytest.mark.parametrize(("call", "turn"), [("post", client.Turn.POST), ("get", client.Turn.LOOK)])
def test_the_request_goes_first(call, turn):
    turns = []
    played = Played((200, "a"))
    played.client._pace = SimpleNamespace(wait=turns.append, refused=None, held_for=None)
    played.client.turn = client.Turn.LOOK
    assert getattr(played.client, call)("/me") == "a" and turns == [turn]


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_an_error_that_is_none_of_ovhclouds_tells_nothing_of_a_request(status):
    """A proxy's, in JSON, without an id of OVHcloud's."""
    played = Played((status, {"message": "no"}, {"X-OVH-QUERYID": ""}))
    with pytest.raises(Failure) as error:
        played.client.post("/me")
    assert error.value.outcome is Outcome.UNKNOWN and "a body that is no error of OVHcloud's" in error.value.message


@pytest.mark.parametrize(("skew", "fit"), [(len(clock.TIMES), True), (len(clock.TIMES) + 1, False)])
def test_a_difference_of_clocks_that_was_given(tmp_path, skew, fit):
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "clock_skew": skew}
    if fit:
        assert client.connect(given).known_skew == skew
    else:
        with pytest.raises(Failure) as error:
            client.connect(given)
        assert error.value.details["option"] == "clock_skew"


def test_lines_of_a_run_share_what_they_are_told(tmp_path):
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path)}
    made = client.connect({**given, "service_name": "xdsl-a", "run": "7.1"})
    assert (made.shared.run, made.shared._me, made.shared.several) == ("7.1", "xdsl-a", False)
    assert client.connect({**given, "run": "7.1", "several": True}).shared.several
    assert not client.connect({**given, "several": True}).shared.several
    alone = client.connect(given)
    assert (alone.shared.run, alone.shared._me) == ("", "")


@pytest.mark.parametrize(("several", "calls"), [(True, ["/auth/time"]), (False, [])])
def test_who_asks_for_several_knows_the_time_first(tmp_path, several, calls):
    """It keeps them waiting for no second call; a line alone may go by the date of the answer."""
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "run": "7.1", "several": several}
    played = Played((200, int(time.time())), skew=None)
    played.client.shared = client.connect(given).shared
    assert played.client.in_run("key", lambda: "told", lambda kept: kept) == "told"
    assert [target for _method, target, *_more in played.calls] == calls


@pytest.mark.parametrize("several", [True, False])
def test_what_a_run_asks_first_waits_for_nobody(tmp_path, monkeypatch, several):
    """The time is asked for on the way: not in vain for a lock that this very question holds."""
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "run": "7.1", "several": several}
    played, slept = Played((200, int(time.time())), (200, "me"), skew=None), []
    played.client.shared = client.connect(given).shared
    # The module's own: threads of other tests sleep, too.
    clock = SimpleNamespace(**{**vars(time), "sleep": slept.append})
    monkeypatch.setattr(shared, "time", clock)
    assert played.client.in_run("me", lambda: played.client.get("/me"), lambda kept: kept) == "me"
    assert [target for _method, target, *_more in played.calls] == ["/auth/time", "/me"] and not slept


@pytest.mark.parametrize(("several", "seconds"), [(True, client.IN_RUN), (False, client.NEXT_STEP)])
def test_how_long_counts_what_a_run_was_told(tmp_path, monkeypatch, several, seconds):
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "run": "7.1", "several": several}
    played, now, told = Played(), [5000.0], iter(range(9))
    played.client.shared = client.connect(given).shared
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    found = []
    for later in (0, seconds, seconds + 1):
        now[0] = 5000 + later
        found.append(played.client.in_run("key", lambda: next(told), lambda kept: kept))
    assert found == [0, 0, 1]


@pytest.mark.parametrize(("several", "found"), [(True, [0, 0, 0]), (False, [0, 1, 1])])
def test_each_use_of_the_role_asks_anew_at_first(tmp_path, several, found):
    """What changed since the use before, in this run, is seen; the steps of this one take what its first was told."""
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "run": "7.1", "several": several}
    played, told = Played(), iter(range(9))
    played.client.shared = client.connect(given).shared
    answers = []
    for turn in (pace.Turn.START, pace.Turn.START, pace.Turn.READ):
        played.client.turn = turn
        answers.append(played.client.in_run("key", lambda: next(told), lambda kept: kept))
    assert answers == found


def test_a_difference_that_was_kept_counts_until_the_clock_is_set(tmp_path):
    given = {"endpoint": "https://x/1.0", **AK, "state_dir": str(tmp_path), "run": "7.1"}
    one, other = (Played((200, int(time.time()) + 60), skew=None) for _number in range(2))
    for played in (one, other):
        played.client.shared = client.connect(given).shared
        assert abs(played.client.skew() - 60) <= 1
    assert len(one.calls) == 1 and not other.calls


def test_files_are_looked_at_before_the_library_is(monkeypatch, tmp_path):
    """It reads them as it is imported, and quotes a line that it cannot read."""
    bad = tmp_path / "bad.conf"
    bad.write_text("the-as without a section")
    monkeypatch.setitem(sys.modules, "ovh", None)
    with pytest.raises(Failure) as error:
        client.connect({"endpoint": "https://x/1.0", **AK, "config_file": str(bad)})
    assert error.value.code == "configuration"
