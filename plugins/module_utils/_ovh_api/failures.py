# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one error mapper: what went wrong with a request to OVHcloud -> a Failure with a code, a text and an outcome."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import connection as _connection
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import rights

#: What is wrong with the credentials, by OVH's errorCode; ``{}`` is where the part in question comes from.
_CREDENTIAL_CODES = {
    "INVALID_CREDENTIAL": "consumer_key (from {consumer_key}) is wrong, expired or revoked",
    "NOT_CREDENTIAL": "consumer_key (from {consumer_key}) is wrong, expired or revoked, or of another application",
    "INVALID_KEY": "there is no application with application_key (from {application_key})",
    "INVALID_SIGNATURE": (
        "the signature is wrong: application_secret (from {application_secret}) is not the secret of this application"
    ),
}
#: Errors of /v2 have no errorCode: what is said of a time stamp that is no longer OVH's.
OUT_OF_TIME = "out of time"
_STATUS_CODES = {
    400: "bad_request",
    401: "invalid_credentials",
    404: "not_found",
    409: "conflict",
    429: "rate_limited",
    460: "expired",
}


class Response(t.Protocol):
    """The part of ``requests.Response`` that is used here."""

    status_code: int
    headers: t.Mapping[str, str]

    def json(self) -> t.Any: ...


def _details(method: str, path: str, response: Response | None = None, status: int | None = None) -> dict[str, t.Any]:
    details: dict[str, t.Any] = {"method": method, "path": path}
    if response is not None:
        details["status"] = response.status_code
        details["query_id"] = response.headers.get("X-OVH-QUERYID")
    if status is not None:
        details["status"] = status
    return details


def unreadable(method: str, path: str, response: Response, what: str = "") -> Failure:
    """An answer that is none of OVHcloud's API: something in between gave it, or the API itself is broken.

    Whether that passed the request on first is not known, whatever the status says; but who sends too much, is turned
    away.

    :param what: why it is none; by default the body, which is no JSON
    """
    details = _details(method, path, response)
    status, query_id = response.status_code, details["query_id"]
    kind = str(response.headers.get("Content-Type") or "").partition(";")[0].strip()
    what = what or f"a body that is not JSON{f' but {kind}' if kind and 'json' not in kind else ''}"
    whose = (
        f"OVH query id {query_id}"
        if query_id
        else "no OVH query id, so it seems to come from a proxy, a firewall or a captive portal in between"
    )
    if status == 429:
        code, outcome = "rate_limited", Outcome.REFUSED
    else:
        code, outcome = "server_error" if status >= 500 else "unreadable_answer", Outcome.UNKNOWN
    return Failure(
        code,
        f"{method} {path} was answered with status {status} and {what} ({whose}).",
        details,
        outcome,
    )


def of_ovh(body: t.Any, headers: t.Mapping[str, str]) -> bool:
    """Does an error come from OVHcloud's API? Its errors have a class, and its answers a query id."""
    named = isinstance(body, dict) and ("class" in body or "errorCode" in body)
    return named or bool(headers.get("X-OVH-QUERYID"))


def unreachable(method: str, path: str, connection: _connection.Connection, error: Exception) -> Failure:
    """No answer: ``error`` is what requests raised. The outcome tells whether the request can have arrived."""
    from requests import exceptions as requests_errors

    name = type(error).__name__
    text = str(error)
    never_sent = isinstance(error, (requests_errors.ConnectTimeout, requests_errors.SSLError)) or any(
        word in text for word in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
    )
    if isinstance(error, requests_errors.TooManyRedirects):
        return Failure(
            "redirected",
            f"{method} {path} was answered with a redirection by {connection.base_url}; it was not followed, so that "
            "no credentials go to another server. Check endpoint and any proxy.",
            _details(method, path),
            Outcome.REFUSED,
        )
    if isinstance(error, requests_errors.Timeout):
        what = "did not answer in time"
    elif isinstance(error, requests_errors.SSLError):
        what = "could not be trusted: the TLS handshake failed"
    elif never_sent:
        what = "could not be reached"
    else:
        what = "closed the connection without an answer"
    return Failure(
        "timeout" if isinstance(error, requests_errors.Timeout) else "unreachable",
        f"{method} {path}: {connection.base_url} {what} ({name}).",
        _details(method, path),
        Outcome.NOT_SENT if never_sent else Outcome.UNKNOWN,
    )


def refused_by_client(method: str, path: str, connection: _connection.Connection, error: Exception) -> Failure:
    """An error of the ovh client before the request: a bad OAuth2 answer, unusable keys. It may quote a body."""
    name = type(error).__name__
    if name == "OAuth2FailureError":
        status = re.search(r"status_code=(\d{3})", str(error))
        if status and (status[1] == "429" or status[1] >= "500"):
            return Failure(
                "server_error",
                f"OVHcloud gave no OAuth2 token at {connection.token_url}: it answered with status {status[1]}. "
                f"{method} {path} was not sent.",
                _details(method, path, status=int(status[1])),
            )
        return Failure(
            "invalid_credentials",
            f"OVHcloud gave no OAuth2 token at {connection.token_url} for client_id {connection.identity} (from "
            f"{connection.sources.get('client_id')}): check client_id and client_secret. {method} {path} was not sent.",
            _details(method, path),
        )
    return Failure(
        "invalid_credentials",
        f"The ovh client refused the credentials ({name}). {method} {path} was not sent.",
        _details(method, path),
    )


def failure_of(
    method: str,
    path: str,
    status: int,
    body: t.Any,
    headers: t.Mapping[str, str],
    connection: _connection.Connection,
) -> Failure:
    """Give an error answer of OVH its meaning.

    OVH's error body is ``{"class", "message"}``, with ``errorCode`` and ``httpCode`` for application keys; IAM's
    403 has no ``errorCode`` (seen in the ovh client's tests and OVH's API console).
    """
    fields = body if isinstance(body, dict) else {}
    message = fields.get("message")
    if isinstance(body, list):
        message = "; ".join(str(part) for part in body)
    said = " ".join(str(message if message is not None else "no message").split())[:300]
    for secret in connection.secrets:
        said = said.replace(secret, "***")
    error_code = str(fields.get("errorCode") or "")
    query_id = headers.get("X-OVH-QUERYID")
    details = _details(method, path, status=status)
    details.update(query_id=query_id, error_code=error_code or None, error_class=fields.get("class"))
    code = _STATUS_CODES.get(status, "server_error" if status >= 500 else "refused")
    if error_code in _CREDENTIAL_CODES:
        code = "invalid_credentials"
    elif error_code == "QUERY_TIME_OUT" or (status == 400 and not error_code and OUT_OF_TIME in said.lower()):
        code = "clock_stepped"
    elif status == 403:
        code = "forbidden" if error_code == "FORBIDDEN" else "not_granted"
    end = f"OVH says: {said} (status {status}, OVH query id {query_id or 'none'})."
    who = ", ".join(f"{name} from {connection.sources[name]}" for name in connection.values)
    if code == "invalid_credentials":
        why = _CREDENTIAL_CODES.get(error_code, "wrong, expired or revoked")
        why = why.format_map({name: connection.sources.get(name, "nowhere") for name in _connection.KEY_OPTIONS})
        text = f"{method} {path}: OVHcloud does not accept these credentials ({who}): {why}. {end}"
    elif code == "clock_stepped":
        text = (
            f"{method} {path}: OVHcloud refuses the time of this call, though its clock was asked: the clock of this "
            f"machine is being set while the call is on its way. {end}"
        )
    elif code == "not_granted":
        right = rights.right_of(method, path)
        details["iam_action"] = right
        text = (
            f"{method} {path}: the credentials ({who}) do not hold this right. Create a consumer key with the rule "
            f"{method} {path}, or add the IAM action {right or 'of this call'} to the policy. {end}"
        )
    else:
        text = f"{method} {path} {'failed' if status >= 500 else 'was refused'}. {end}"
    outcome = Outcome.UNKNOWN if status >= 500 or status == 408 else Outcome.REFUSED
    return Failure(code, text, details, outcome)
