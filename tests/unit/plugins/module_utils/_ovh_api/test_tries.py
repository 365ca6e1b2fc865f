# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tries and pauses of a read, the one try of a request: on the real client, with a scripted ``ovh.Client`` below it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from email.utils import formatdate

import pytest
import requests

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded, client, connection

AK = {"application_key": "test-ak", "application_secret": "As5512Kq9Vt", "consumer_key": "Ck8840Pm3Ru"}
CONNECTION = connection.Connection("x", "https://x/1.0", None, AK, dict.fromkeys(AK, "option") | {"endpoint": "option"})


class Answer:
    def __init__(self, status=200, body=None, **headers):
        self.status_code, self._body, self.headers = status, body, {"X-OVH-QUERYID": "EU.ext-1.1", **headers}

    def json(self):
        return self._body


class Scripted:
    """Gives the answers in turn, the last one for ever."""

    _time_delta = None

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def raw_call(self, method, path, *_more):
        self.calls.append(f"{method} {path}")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def made(patient):
    """made(*answers) -> (a client on them, the list of its pauses). Nobody sleeps."""

    def make(*answers, pauses=None):
        pauses = [] if pauses is None else pauses
        return client.Client(Scripted(*answers), CONNECTION, list, sleep=pauses.append, skew=0), pauses

    return make


def test_pauses_without_retry_after(made):
    """One, two, four seconds, then it gives up: four tries in all."""
    asked, pauses = made(Answer(503, {"message": "later"}))
    with pytest.raises(Failure) as error:
        asked.get("/me")
    assert error.value.code == "server_error"
    assert pauses == [1.0, 2.0, 4.0] and len(asked._client.calls) == 4


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("7", 7.0),
        ("3600", 60.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("soon", 1.0),
        ("1.5", 1.0),
        (formatdate(0, usegmt=True), 1.0),
    ],
)
def test_pauses_with_retry_after(made, value, pause):
    """What it says, a minute at most; a date in the past, or nonsense, as if it were not there."""
    asked, pauses = made(Answer(429, {}, **{"Retry-After": value}), Answer(200, "fine"))
    assert asked.get("/me") == "fine"
    assert pauses == [pause]


def test_a_date_to_come(made):
    asked, pauses = made(Answer(429, {}, **{"Retry-After": formatdate(time.time() + 20, usegmt=True)}), Answer(200))
    asked.get("/me")
    assert 17 < pauses[0] <= 20


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refusal_is_not_tried_again(made, status):
    asked, pauses = made(Answer(status, {}))
    with pytest.raises(Failure):
        asked.get("/me")
    assert pauses == [] and len(asked._client.calls) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(429, {}, **{"Retry-After": "1"}), Outcome.REFUSED),
        (Answer(503, {}), Outcome.UNKNOWN),
        (bounded.TooLong(), Outcome.UNKNOWN),
    ],
)
def test_a_request_is_sent_once(made, answer, outcome):
    asked, pauses = made(answer)
    with pytest.raises(Failure) as error:
        asked.post("/xdsl/a/requestPPPLoginMail")
    assert error.value.outcome is outcome
    assert pauses == [] and len(asked._client.calls) == 1


def unreached():
    return requests.ConnectionError("no route")


@pytest.mark.parametrize("error", [unreached(), requests.ReadTimeout("silent")])
def test_a_wait_is_told_at_once_that_nothing_is_reached(made, error):
    """It looks again by itself, and can say meanwhile what is so."""
    asked, pauses = made(error)
    asked.wait()
    with pytest.raises(Failure) as failure:
        asked.get("/me")
    assert failure.value.code in ("unreachable", "timeout")
    assert pauses == [] and len(asked._client.calls) == 1
    assert asked._client._timeout == client.WAITING and client.WAITING[0] <= 5


def test_a_wait_bears_with_a_server_that_is_busy(made):
    asked, pauses = made(Answer(429, {}, **{"Retry-After": "2"}), Answer(200, []))
    asked.wait()
    assert asked.get("/me") == [] and pauses == [2.0]


def test_bounds():
    """What the documentation promises: a change of these is one of behaviour."""
    assert client.TIMEOUT == (10.0, 30.0) and client.GET_ATTEMPTS == 4


def test_the_pause_is_bounded(patient):
    assert client.MAX_BACKOFF == 60.0


# --- the connection of the request


class KeepAlive:
    """A server that keeps its connections open, and notes which call came over which."""

    def __init__(self):
        self.seen = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._socket.getsockname()[1]}/1.0"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            number = 0
            while True:
                connection, _address = self._socket.accept()
                number += 1
                threading.Thread(target=self._talk, args=(connection, number), daemon=True).start()

    def _talk(self, connection, number):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as file:
            while line := file.readline():
                while file.readline().strip():
                    pass
                self.seen.append((line.decode().split()[0], number))
                text = json.dumps(int(time.time())).encode()
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                connection.sendall(head % len(text) + text)

    def close(self):
        self._socket.close()


def test_the_request_never_goes_over_a_kept_connection():
    """A connection that the server closes at that very moment would make the outcome unknown."""
    server = KeepAlive()
    try:
        asked = client.connect({"endpoint": server.endpoint, **AK, "requests_per_minute": 0})
        for _call in range(3):
            asked.get("/me")
        asked.post("/xdsl/a/requestPPPLoginMail")
    finally:
        server.close()
    reads = {number for method, number in server.seen if method == "GET"}
    assert len(reads) == 1, "the server was meant to keep the connection"
    assert [number for method, number in server.seen if method == "POST"] not in ([], [*reads])
