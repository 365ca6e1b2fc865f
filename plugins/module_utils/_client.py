# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OVHcloud API: the only file that imports ``ovh``, and the one place where its errors get their meaning.

Requests go through the ``ovh`` client's ``raw_call``, because its ``call`` loses the status of an unreadable
answer and stumbles over an error body that is a list (ovh 1.2.0).
"""

from __future__ import annotations

import datetime
import os
import re
import time
import typing as t
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _connection, _rights
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._pace import Pace, default_state_dir

#: Seconds to connect and to wait for bytes; the ``ovh`` client's own default is 180.
TIMEOUT = (10.0, 30.0)
#: A GET is tried this many times on 429, 5xx and connection errors.
GET_ATTEMPTS = 4
#: Never wait longer than this between two tries, whatever Retry-After says (seconds).
MAX_BACKOFF = 60.0
#: Failures of a read that other evidence can stand in for.
NOT_READABLE = ("not_granted", "forbidden", "not_found", "bad_request")

_CREDENTIAL_CODES = {"INVALID_CREDENTIAL", "NOT_CREDENTIAL", "INVALID_KEY", "INVALID_SIGNATURE", "QUERY_TIME_OUT"}
_STATUS_CODES = {
    400: "bad_request",
    401: "invalid_credentials",
    404: "not_found",
    409: "conflict",
    429: "rate_limited",
    460: "expired",
}


class _Response(t.Protocol):
    status_code: int
    headers: t.Mapping[str, str]

    def json(self) -> t.Any: ...


class _OvhClient(t.Protocol):
    """The part of ``ovh.Client`` that is used here; ``ovh`` has no type stubs."""

    #: Seconds that OVH's clock is ahead, None until known: private, and set here to spare the client its own request.
    _time_delta: int | None

    def raw_call(
        self,
        method: str,
        path: str,
        data: t.Any = None,
        need_auth: bool = True,
        headers: dict[str, str] | None = None,
    ) -> _Response: ...


def segment(value: str) -> str:
    """Quote a value, such as a service name, as one path segment."""
    return quote(value, safe="")


def newest_first(ids: t.Iterable[t.Any]) -> list[str]:
    """Sort numeric ids of the API, whose order it does not promise: higher ones are newer."""
    return sorted((str(one) for one in ids), key=lambda one: (len(one), one), reverse=True)


class Client:
    """A signed session with the OVHcloud API.

    Create it with :func:`connect`. GETs are repeated on passing faults; :meth:`post` is sent once, ever.
    """

    def __init__(
        self,
        client: _OvhClient,
        connection: _connection.Connection,
        sessions: t.Callable[[], t.Sequence[t.Any]],
        sleep: t.Callable[[float], None] = time.sleep,
        skew: int | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._sleep = sleep
        self.connection = connection
        self._pace = pace
        self._skew = skew
        # The ovh client signs with the same difference.
        self._client._time_delta = skew

    def skew(self) -> int:
        """Seconds that OVH's clock is ahead of this host's, from ``GET /auth/time``.

        :raises Failure: when OVH cannot be reached or does not answer with a time.
        """
        if self._skew is None:
            answer = self.get("/auth/time", need_auth=False)
            if not isinstance(answer, int):
                raise Failure(
                    "unreadable_answer",
                    f"GET /auth/time at {self.connection.base_url} did not answer with a number: is endpoint right?",
                    {"path": "/auth/time"},
                )
            self._skew = self._client._time_delta = answer - int(time.time())
        return self._skew

    def now(self) -> datetime.datetime:
        """The time of OVH's clock, UTC, whole seconds."""
        here = datetime.datetime.now(datetime.timezone.utc)
        return (here + datetime.timedelta(seconds=self.skew())).replace(microsecond=0)

    def get(
        self,
        path: str,
        query: t.Mapping[str, str] | None = None,
        headers: t.Mapping[str, str] | None = None,
        need_auth: bool = True,
    ) -> t.Any:
        """GET a path of the API and return its JSON.

        :param path: ``/1.0``-relative path, or one that begins with ``/v2``.
        :raises Failure: see :func:`failure_of`; passing faults only after :data:`GET_ATTEMPTS` tries.
        """
        return self._get(path, query, headers, need_auth)[0]

    def get_page(
        self, path: str, query: t.Mapping[str, str], size: int, cursor: str | None
    ) -> tuple[t.Any, str | None]:
        """GET one page of a ``/v2`` list; return its JSON and the cursor of the next page, if any."""
        headers = {"X-Pagination-Size": str(size)}
        if cursor:
            headers["X-Pagination-Cursor"] = cursor
        body, answered = self._get(path, query, headers, True)
        return body, answered.get("X-Pagination-Cursor-Next") or None

    def get_batch(self, path: str, ids: t.Sequence[str]) -> list[dict[str, t.Any]] | None:
        """GET several objects below a ``/1.0`` path in one request; None where the API does not answer in that form.

        OVHcloud's control panel does so: ``/{id1},{id2}`` with ``X-Ovh-Batch: ,``. Its elements are ``{key, value,
        error}``, or the objects themselves: both forms are taken. Objects that could not be had are left out.
        """
        target = f"{path}/{','.join(segment(one) for one in ids)}"
        try:
            answer = self.get(target, headers={"X-Ovh-Batch": ","})
        except Failure as failure:
            if failure.code in ("not_granted", "forbidden", "not_found", "bad_request"):
                return None
            raise
        if not isinstance(answer, list):
            return None
        values = [item.get("value", item) for item in answer if isinstance(item, dict)]
        return [value for value in values if isinstance(value, dict)]

    def _get(
        self,
        path: str,
        query: t.Mapping[str, str] | None,
        headers: t.Mapping[str, str] | None,
        need_auth: bool,
    ) -> tuple[t.Any, t.Mapping[str, str]]:
        if need_auth:
            self.skew()
        target = f"{path}?{urlencode(query)}" if query else path
        attempt = 1
        while True:
            try:
                return self._send("GET", path, target, headers, need_auth)
            except _Passing as passing:
                if attempt == GET_ATTEMPTS:
                    raise passing.failure from None
                self._sleep(min(passing.retry_after or 2.0 ** (attempt - 1), MAX_BACKOFF))
                attempt += 1

    def post(self, path: str, data: t.Mapping[str, str] | None = None, need_auth: bool = True) -> t.Any:
        """POST once, without a body unless ``data`` is given.

        :raises Failure: its ``outcome`` tells whether the request can have taken effect.
        """
        if need_auth:
            self.skew()
        for session in self._sessions():
            # A fresh connection: one that the server closed while idle would make the outcome unknown.
            session.close()
        try:
            return self._send("POST", path, path, None, need_auth, data)[0]
        except _Passing as passing:
            raise passing.failure from None

    def _send(
        self,
        method: str,
        path: str,
        target: str,
        headers: t.Mapping[str, str] | None,
        need_auth: bool,
        data: t.Mapping[str, str] | None = None,
    ) -> tuple[t.Any, t.Mapping[str, str]]:
        # Imported late: the ovh client and requests cost 0.2 s, and a run that calls nothing needs neither.
        from ovh.exceptions import APIError
        from requests import exceptions as requests_errors

        if self._pace:
            self._pace.wait()
        try:
            response = self._client.raw_call(method, target, data, need_auth, dict(headers or {}))
            status = response.status_code
            try:
                body = None if status == 204 else response.json()
            except ValueError:
                raise _Passing(_unreadable(method, path, response), None) from None
        except requests_errors.RequestException as error:
            raise _Passing(_unreachable(method, path, self.connection, error), None) from None
        except APIError as error:
            failure = _refused_by_client(method, path, self.connection, error)
            if failure.code == "server_error":
                raise _Passing(failure, None) from None
            raise failure from None
        if 200 <= status < 300:
            return body, response.headers
        failure = failure_of(method, path, status, body, response.headers, self.connection)
        if status == 429 or status >= 500:
            raise _Passing(failure, _retry_after(response.headers))
        raise failure


class _Passing(Exception):
    """A failure that may be gone at the next try."""

    def __init__(self, failure: Failure, retry_after: float | None) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.retry_after = retry_after


def _retry_after(headers: t.Mapping[str, str]) -> float | None:
    """Read ``Retry-After`` (RFC 9110: seconds, or an HTTP date) as seconds from now."""
    value = headers.get("Retry-After", "")
    if value.isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, when.timestamp() - time.time())


def _details(method: str, path: str, response: _Response | None = None, status: int | None = None) -> dict[str, t.Any]:
    details: dict[str, t.Any] = {"method": method, "path": path}
    if response is not None:
        details["status"] = response.status_code
        details["query_id"] = response.headers.get("X-OVH-QUERYID")
    if status is not None:
        details["status"] = status
    return details


def _unreadable(method: str, path: str, response: _Response) -> Failure:
    details = _details(method, path, response)
    status = response.status_code
    code = "server_error" if status >= 500 else "unreadable_answer"
    # A 4xx without JSON comes from something in between that did not pass the request on, or from OVH's refusal.
    outcome = Outcome.REFUSED if 400 <= status < 500 else Outcome.UNKNOWN
    return Failure(
        code,
        f"{method} {path} was answered with status {status} and a body that is not JSON "
        f"(OVH query id {details['query_id'] or 'none'}).",
        details,
        outcome,
    )


def _unreachable(method: str, path: str, connection: _connection.Connection, error: Exception) -> Failure:
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


def _refused_by_client(method: str, path: str, connection: _connection.Connection, error: Exception) -> Failure:
    # Raised by the ovh client before the request: bad OAuth2 answer or unusable keys. Its text may quote a body.
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
    said = str(message if message is not None else "no message")[:300]
    for secret in connection.secrets:
        said = said.replace(secret, "***")
    error_code = str(fields.get("errorCode") or "")
    query_id = headers.get("X-OVH-QUERYID")
    details = _details(method, path, status=status)
    details.update(query_id=query_id, error_code=error_code or None, error_class=fields.get("class"))
    code = _STATUS_CODES.get(status, "server_error" if status >= 500 else "refused")
    if error_code in _CREDENTIAL_CODES:
        code = "invalid_credentials"
    elif status == 403:
        code = "forbidden" if error_code == "FORBIDDEN" else "not_granted"
    end = f"OVH says: {said} (status {status}, OVH query id {query_id or 'none'})."
    who = ", ".join(f"{name} from {connection.sources[name]}" for name in connection.values)
    if code == "invalid_credentials":
        text = f"{method} {path}: OVHcloud does not accept these credentials ({who}): wrong, expired or revoked. {end}"
    elif code == "not_granted":
        right = _rights.right_of(method, path)
        details["iam_action"] = right
        text = (
            f"{method} {path}: the credentials ({who}) do not hold this right. Add the rule {method} {path} to the "
            f"consumer key, or the IAM action {right or 'of this call'} to the policy. {end}"
        )
    else:
        text = f"{method} {path} {'failed' if status >= 500 else 'was refused'}. {end}"
    outcome = Outcome.UNKNOWN if status >= 500 or status == 408 else Outcome.REFUSED
    return Failure(code, text, details, outcome)


def connect(params: t.Mapping[str, t.Any]) -> Client:
    """Build a client from a module's connection options. Nothing is sent yet.

    :param params: module parameters; see :mod:`_argspec`.
    :raises Failure: ``missing_library`` without the ``ovh`` package, ``configuration`` as in :mod:`_connection`.
    """
    try:
        import ovh
        import ovh.client
        import ovh.oauth2
    except ImportError:
        raise Failure(
            "missing_library",
            "The Python package ovh is missing on the host that runs this module (by default the control node): "
            "pip install ovh (1.2.0 or newer), in the same environment as ansible-core.",
            {"package": "ovh"},
        ) from None
    if not hasattr(ovh, "oauth2"):
        raise Failure("missing_library", "The Python package ovh is too old: pip install 'ovh>=1.2.0'.", {})
    connection = _connection.resolve(params, ovh.client.ENDPOINTS, ovh.client.OAUTH2_TOKEN_URLS)
    ovh.client.ENDPOINTS.setdefault(connection.region, connection.base_url)
    if connection.token_url:
        ovh.client.OAUTH2_TOKEN_URLS.setdefault(connection.region, connection.token_url)
        if connection.token_url.startswith("http://"):  # _connection lets that pass for loopback only
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

    class TimedSession(ovh.oauth2.RefreshOAuth2Session):  # type: ignore[misc]  # ovh has no stubs
        """The ovh client's OAuth2 session asks for its token without a time-out and follows redirections."""

        def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().__init__(*args, **kwargs)
            self.max_redirects = 0

        def request(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            if kwargs.get("timeout") is None:
                kwargs["timeout"] = TIMEOUT
            return super().request(*args, **kwargs)

    ovh.oauth2.RefreshOAuth2Session = TimedSession
    # The ovh client would fill a missing value from the environment again; all of them are decided here.
    client = ovh.Client(
        endpoint=connection.region,
        timeout=TIMEOUT,
        **{name: connection.values.get(name) for name in _connection.KEY_OPTIONS + _connection.OAUTH2_OPTIONS},
    )
    client._session.max_redirects = 0
    # The OAuth2 session is made at the first signed call.
    return Client(
        client,
        connection,
        lambda: [client._session, *filter(None, [getattr(client._oauth2, "_session", None)])],
        skew=params.get("clock_skew"),
        pace=Pace(
            default_state_dir(), f"{connection.base_url} {connection.identity}", params.get("requests_per_minute") or 0
        ),
    )
