# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed request can have done: the difference between "ask again" and a second outage."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import NEXT_STEP, Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import connection, failures

AK = {"application_key": "test-ak", "application_secret": "As5512Kq9Vt", "consumer_key": "Ck8840Pm3Ru"}
CONNECTION = connection.Connection("x", "https://x/1.0", None, AK, dict.fromkeys(AK, "option") | {"endpoint": "option"})
PATH = "/xdsl/a/requestPPPLoginMail"


class Response:
    def __init__(self, status):
        self.status_code = status
        self.headers = {"X-OVH-QUERYID": "EU.ext-1.1"}


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (400, Outcome.REFUSED, "bad_request"),
        (401, Outcome.REFUSED, "invalid_credentials"),
        (403, Outcome.REFUSED, "not_granted"),
        (404, Outcome.REFUSED, "not_found"),
        (408, Outcome.UNKNOWN, "refused"),
        (409, Outcome.REFUSED, "conflict"),
        (418, Outcome.REFUSED, "refused"),
        (429, Outcome.REFUSED, "rate_limited"),
        (460, Outcome.REFUSED, "expired"),
        (500, Outcome.UNKNOWN, "server_error"),
        (502, Outcome.UNKNOWN, "server_error"),
        (504, Outcome.UNKNOWN, "server_error"),
    ],
)
def test_an_answer_of_ovh(status, outcome, code):
    failure = failures.failure_of("POST", PATH, status, {"message": "m"}, {}, CONNECTION)
    assert (failure.outcome, failure.code) == (outcome, code)
    assert failure.details["status"] == status and "m" in failure.message


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (200, Outcome.UNKNOWN, "unreadable_answer"),
        (403, Outcome.REFUSED, "unreadable_answer"),
        (500, Outcome.UNKNOWN, "server_error"),
        (502, Outcome.UNKNOWN, "server_error"),
    ],
)
def test_an_answer_that_is_no_json(status, outcome, code):
    failure = failures.unreadable("POST", PATH, Response(status))
    assert (failure.outcome, failure.code) == (outcome, code)
    assert "EU.ext-1.1" in failure.message and failure.details["query_id"] == "EU.ext-1.1"


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (requests.exceptions.ConnectTimeout(), Outcome.NOT_SENT, "timeout"),
        (requests.exceptions.ReadTimeout(), Outcome.UNKNOWN, "timeout"),
        (requests.exceptions.SSLError(), Outcome.NOT_SENT, "unreachable"),
        (requests.exceptions.ConnectionError("NewConnectionError(refused)"), Outcome.NOT_SENT, "unreachable"),
        (requests.exceptions.ConnectionError("NameResolutionError"), Outcome.NOT_SENT, "unreachable"),
        (requests.exceptions.ConnectionError("RemoteDisconnected"), Outcome.UNKNOWN, "unreachable"),
        (requests.exceptions.ChunkedEncodingError(), Outcome.UNKNOWN, "unreachable"),
        (requests.exceptions.TooManyRedirects(), Outcome.REFUSED, "redirected"),
    ],
)
def test_no_answer(error, outcome, code):
    failure = failures.unreachable("POST", PATH, CONNECTION, error)
    assert (failure.outcome, failure.code) == (outcome, code)


#: Codes whose cause only somebody else can take away in time, and those that the user corrects.
LATER = {"rate_limited", "server_error", "unreachable", "timeout", "unreadable_answer"}
NEXT = {
    "invalid_credentials": "renew the keys",
    "not_granted": "when the right is there",
    "forbidden": "Check what OVHcloud says",
    "refused": "Check what OVHcloud says",
    "not_found": "Check service_name and endpoint",
    "bad_request": "Check service_name and endpoint",
    "conflict": "Check the access in OVHcloud's control panel",
    "expired": "Check the access in OVHcloud's control panel",
    "unknown_service": "Correct service_name",
    "redirected": "Correct that",
    "configuration": "Correct that",
    **dict.fromkeys(LATER, "in a few minutes"),
}


def test_every_code_has_its_next_step():
    assert set(NEXT_STEP) == set(NEXT)
    for code, words in NEXT.items():
        said = Failure(code, "It failed.").as_result()
        assert said["msg"].startswith("It failed. ") and words in said["msg"], code
        assert "same command again" in said["msg"] and said["msg"].endswith(".")
        assert said["failure"] == {"code": code, "message": said["msg"], "details": {}}
        # A failed step after the request changed nothing itself; only a wrong input says no more than what to correct.
        assert ("changed nothing" in said["msg"]) is (code not in ("unknown_service", "configuration")), code


def test_no_secret_in_the_names_of_things():
    assert "As5512" not in repr(CONNECTION) and "Ck8840" not in repr(CONNECTION)
