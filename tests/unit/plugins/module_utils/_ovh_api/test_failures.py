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
        *((status, Outcome.REFUSED, "refused") for status in (402, 405, 407, 410, 430, 461, 499)),
        (501, Outcome.UNKNOWN, "server_error"),
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
    assert failure.details["status"] == status and f"OVH says: m (status {status}," in failure.message
    if code in ("refused", "server_error"):
        assert failure.message.startswith(f"POST {PATH} {'failed' if status >= 500 else 'was refused'}. ")


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (200, Outcome.UNKNOWN, "unreadable_answer"),
        (302, Outcome.UNKNOWN, "unreadable_answer"),
        (399, Outcome.UNKNOWN, "unreadable_answer"),
        *((status, Outcome.UNKNOWN, "unreadable_answer") for status in (400, 403, 404, 408, 409, 499)),
        (429, Outcome.REFUSED, "rate_limited"),
        (500, Outcome.UNKNOWN, "server_error"),
        (502, Outcome.UNKNOWN, "server_error"),
    ],
)
def test_an_answer_that_is_no_json(status, outcome, code):
    failure = failures.unreadable("POST", PATH, Response(status))
    assert (failure.outcome, failure.code) == (outcome, code)
    assert "EU.ext-1.1" in failure.message and failure.details["query_id"] == "EU.ext-1.1"
    assert failure.details == {"method": "POST", "path": PATH, "status": status, "query_id": "EU.ext-1.1"}


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


@pytest.mark.parametrize(
    ("status", "error_code", "code"),
    [
        (403, "", "not_granted"),
        (403, "NOT_GRANTED_CALL", "not_granted"),
        (403, "FORBIDDEN", "forbidden"),
        (404, "FORBIDDEN", "not_found"),
        *(
            (status, error_code, "invalid_credentials")
            for status in (400, 403)
            for error_code in ("INVALID_CREDENTIAL", "NOT_CREDENTIAL", "INVALID_KEY", "INVALID_SIGNATURE")
        ),
        (400, "QUERY_TIME_OUT", "clock_stepped"),
    ],
)
def test_what_ovh_calls_it(status, error_code, code):
    body = {"message": "m", "errorCode": error_code, "class": "Client::X"}
    failure = failures.failure_of("POST", PATH, status, body, {"X-OVH-QUERYID": "EU.ext-1.1"}, CONNECTION)
    known = {"method": "POST", "path": PATH, "status": status, "query_id": "EU.ext-1.1"}
    known |= {"error_code": error_code or None, "error_class": "Client::X"}
    if code == "not_granted":
        known["iam_action"] = "xdsl:apiovh:requestPPPLoginMail"
        assert f"Create a consumer key with the rule POST {PATH}, or add" in failure.message
        assert "the IAM action xdsl:apiovh:requestPPPLoginMail to" in failure.message
    assert (failure.code, failure.details) == (code, known)
    assert f"OVH says: m (status {status}, OVH query id EU.ext-1.1)." in failure.message
    names = "application_key from option, application_secret from option, consumer_key from option"
    assert (f"({names})" in failure.message) is (code in ("not_granted", "invalid_credentials"))
    assert ("does not accept these credentials" in failure.message) is (code == "invalid_credentials")


def test_a_call_whose_right_is_not_known():
    failure = failures.failure_of("GET", "/domain", 403, {}, {}, CONNECTION)
    assert failure.details["iam_action"] is None and "the IAM action of this call" in failure.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "no"}, "no"),
        ({"message": ""}, ""),
        ({}, "no message"),
        ("text", "no message"),
        (["a", 1], "a; 1"),
        ({"message": "m" * 301}, "m" * 300),
        ({"message": "key As5512Kq9Vt and Ck8840Pm3Ru of test-ak"}, "key *** and *** of test-ak"),
    ],
)
def test_what_ovh_says(body, said):
    failure = failures.failure_of("GET", "/me", 409, body, {}, CONNECTION)
    assert failure.message.endswith(f"OVH says: {said} (status 409, OVH query id none).")


def test_words_for_no_answer():
    errors = requests.exceptions
    for error, words in (
        (errors.ReadTimeout(), "did not answer in time (ReadTimeout)."),
        (errors.ConnectTimeout(), "did not answer in time (ConnectTimeout)."),
        (errors.SSLError(), "could not be trusted: the TLS handshake failed (SSLError)."),
        (errors.ConnectionError("NewConnectionError"), "could not be reached (ConnectionError)."),
        (errors.ConnectionError("ConnectTimeoutError"), "could not be reached (ConnectionError)."),
        (errors.ConnectionError("?"), "closed the connection without an answer (ConnectionError)."),
    ):
        failure = failures.unreachable("POST", PATH, CONNECTION, error)
        assert failure.message == f"POST {PATH}: https://x/1.0 {words}"
        assert failure.details == {"method": "POST", "path": PATH}
    no_id = Response(502)
    no_id.headers = {}
    assert (
        "no OVH query id, so it seems to come from a proxy, a firewall or a captive"
        in failures.unreadable("GET", "/me", no_id).message
    )


@pytest.mark.parametrize(
    ("name", "said", "code", "status"),
    [
        ("OAuth2FailureError", "status_code=429, body=x", "server_error", 429),
        ("OAuth2FailureError", "status_code=500", "server_error", 500),
        ("OAuth2FailureError", "status_code=503", "server_error", 503),
        ("OAuth2FailureError", "status_code=499", "invalid_credentials", None),
        ("OAuth2FailureError", "status_code=401", "invalid_credentials", None),
        ("OAuth2FailureError", "the-secret is wrong", "invalid_credentials", None),
        ("InvalidKey", "status_code=503", "invalid_credentials", None),
    ],
)
def test_what_the_ovh_client_refuses(name, said, code, status):
    """It may quote a body, which is not shown."""
    of = {"client_id": "the-id", "client_secret": "the-secret"}
    client = connection.Connection("x", "https://x/1.0", "https://x/token", of, dict.fromkeys(of, "option"))
    failure = failures.refused_by_client("POST", PATH, client, type(name, (Exception,), {})(said))
    assert (failure.code, failure.outcome) == (code, Outcome.NOT_SENT)
    assert failure.details == {"method": "POST", "path": PATH, **({"status": status} if status else {})}
    assert f"POST {PATH} was not sent" in failure.message and "the-secret" not in failure.message
    assert (f"with status {status}." in failure.message) is bool(status)
    assert ("for client_id the-id (from option)" in failure.message) is (name[0] == "O" and not status)


#: Codes whose cause only somebody else can take away in time, and those that the user corrects.
LATER = {"rate_limited", "server_error", "unreachable", "timeout", "unreadable_answer"}
NEXT = {
    "invalid_credentials": "renew the keys",
    "clock_stepped": "Have this machine's clock set (timedatectl)",
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
        # A run says itself where that leaves the line.
        assert said["failure"] == {"code": code, "message": "It failed.", "details": {}}
        # A failed step after the request changed nothing itself; only a wrong input says no more than what to correct.
        assert ("changed nothing" in said["msg"]) is (code not in ("unknown_service", "configuration")), code


def test_no_secret_in_the_names_of_things():
    assert "As5512" not in repr(CONNECTION) and "Ck8840" not in repr(CONNECTION)


@pytest.mark.parametrize(
    ("body", "headers", "of_ovh"),
    [
        ({"class": "Client::Forbidden"}, {}, True),
        ({"errorCode": "FORBIDDEN"}, {}, True),
        ({"message": "no"}, {"X-OVH-QUERYID": "EU.ext-1.1"}, True),
        ({"message": "no"}, {}, False),
        (["class"], {}, False),
    ],
)
def test_whose_error_it_is(body, headers, of_ovh):
    assert failures.of_ovh(body, headers) is of_ovh


@pytest.mark.parametrize(
    ("kind", "what", "says"),
    [
        ("text/html; charset=utf-8", "", "a body that is not JSON but text/html (OVH"),
        ("application/json; charset=utf-8", "", "a body that is not JSON (OVH"),
        (None, "", "a body that is not JSON (OVH"),
        ("text/html", "no body at all", "status 200 and no body at all (OVH"),
    ],
)
def test_what_an_answer_is_that_is_no_json(kind, what, says):
    response = Response(200)
    response.headers = {**response.headers, "Content-Type": kind}
    assert says in failures.unreadable("GET", PATH, response, what).message


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"message": "Query Out of Time"}, "clock_stepped"),
        (400, {"message": "Query out of time", "errorCode": "OTHER"}, "bad_request"),
        (409, {"message": "Query out of time"}, "conflict"),
        (403, {"message": "m", "errorCode": "QUERY_TIME_OUT"}, "clock_stepped"),
    ],
)
def test_a_time_that_ovhcloud_refuses(status, body, code):
    failure = failures.failure_of("GET", PATH, status, body, {}, CONNECTION)
    assert failure.code == code
    assert ("the clock of this machine is being set" in " ".join(failure.message.split())) is (code == "clock_stepped")
