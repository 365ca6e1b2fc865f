# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OVHcloud API: the only file that imports ``ovh``. What goes wrong gets its meaning in :mod:`failures`.

Requests go through the ``ovh`` client's ``raw_call``, because its ``call`` loses the status of an unreadable
answer and stumbles over an error body that is a list (ovh 1.2.0).
"""

from __future__ import annotations

import datetime
import json
import os
import time
import typing as t
from urllib.parse import quote, urlencode

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded, clock, library
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import connection as _connection
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.failures import (
    failure_of,
    of_ovh,
    refused_by_client,
    unreachable,
    unreadable,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import Pace, default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared

#: Seconds to connect and to wait for bytes; the ``ovh`` client's own default is 180.
TIMEOUT = (10.0, 30.0)
#: The same where a wait looks again by itself: this machine may be on its way to another network.
WAITING = (4.0, 30.0)
#: A GET is tried this many times on 429, 5xx and connection errors.
GET_ATTEMPTS = 4
#: Never wait longer than this between two tries, whatever Retry-After says (seconds).
MAX_BACKOFF = 60.0
#: What all lines of a run are told alike counts for so many seconds; what a line alone was told, for the next of its
#: steps, which follows at once.
IN_RUN, NEXT_STEP = 300.0, 10.0
SKEW = "skew"
#: Failures of a read that other evidence can stand in for.
NOT_READABLE = ("not_granted", "forbidden", "not_found", "bad_request")


Value = t.TypeVar("Value")


def segment(value: str) -> str:
    """Quote a value, such as a service name, as one path segment."""
    return quote(value, safe="")


def newest_first(ids: t.Iterable[t.Any]) -> list[str]:
    """Sort numeric ids of the API, whose order it does not promise: higher ones are newer."""
    return sorted((str(one) for one in ids), key=lambda one: (len(one), one), reverse=True)


class Client:
    """A signed session with the OVHcloud API.

    Create it with :func:`connect`. GETs are repeated on passing faults; :meth:`post` is sent once, ever.

    :ivar shared: what other runs with the same key were told; None where nothing is shared
    :ivar turn: how much the next calls are needed
    """

    def __init__(
        self,
        client: library.OvhClient,
        connection: _connection.Connection,
        sessions: t.Callable[[], t.Sequence[t.Any]],
        sleep: t.Callable[[float], None] = time.sleep,
        skew: int | None = None,
        pace: Pace | None = None,
        shared: Shared | None = None,
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._sleep = sleep
        self.connection = connection
        self._pace = pace
        self.shared, self.turn = shared, Turn.READ
        self._granted = False
        self._skew = skew
        # The ovh client signs with the same difference.
        self._client._time_delta = skew
        self._waiting = self._by_answers = False

    def clock_by_answers(self) -> None:
        """Take the difference of the clocks from the date of the first answer, in place of a request of its own.

        For reads alone. Until then this machine's clock signs; where OVH refuses its time, OVH's is asked.
        """
        self._by_answers = self._skew is None

    def skew(self) -> int:
        """Seconds that OVH's clock is ahead of this host's, from ``GET /auth/time``.

        :raises Failure: when OVH cannot be reached or does not answer with a time.
        """
        if self._skew is None:
            kept = self.in_run(SKEW, lambda: [self._asked_skew(), time.time() - time.monotonic()], clock.kept)
            self._skew = self._client._time_delta = int(kept[0])
        return self._skew

    def _asked_skew(self) -> int:
        answer = self.get("/auth/time", need_auth=False)
        if not isinstance(answer, int) or answer not in clock.TIMES:
            raise Failure(
                "unreadable_answer",
                f"GET /auth/time at {self.connection.base_url} did not answer with the time of a clock, in seconds "
                f"since 1970, but with {json.dumps(answer)[:40]}: is endpoint right?",
                {"path": "/auth/time"},
            )
        return answer - int(time.time())

    def in_run(
        self, name: str, ask: t.Callable[[], Value], take: t.Callable[[t.Any], Value | None], age: float = IN_RUN
    ) -> Value:
        """What all lines of a run, or the steps of one that is alone, are told alike: one of them asks.

        :param ask: asks OVHcloud; nothing in the answer is a secret, the text of a mail or an address
        :param take: the answer from what a file holds; None where that is none
        :param age: seconds that an answer may be old
        :raises Failure: when OVHcloud cannot be asked
        """
        if self.shared is None or not self.shared.run:
            return ask()

        def answer() -> tuple[Value, t.Any]:
            told = ask()
            return told, told

        if name != SKEW:
            if self.shared.several:
                self.skew()  # by a question of its own
            else:
                # The first step of each use of the role asks anew, whatever an earlier use in this run was told.
                age = -1.0 if self.turn is Turn.START else min(age, NEXT_STEP)
        question = f"{self.shared.run} {name}"
        return self.shared.answer("account", question, lambda _others: age, answer, take, self.held_for)[0]

    @property
    def known_skew(self) -> int | None:
        """The same, where it was given or asked for."""
        return self._skew

    def now(self) -> datetime.datetime:
        """The time of OVH's clock, UTC, whole seconds."""
        here = datetime.datetime.now(datetime.timezone.utc)
        return (here + datetime.timedelta(seconds=self.skew())).replace(microsecond=0)

    def now_anew(self) -> datetime.datetime:
        """The same, asked for once more: a clock may have been set since.

        :raises Failure: as :meth:`skew`; what was known stays
        """
        self._skew = self._client._time_delta = self._asked_skew()
        return self.now()

    def get(
        self,
        path: str,
        query: t.Mapping[str, str] | None = None,
        headers: t.Mapping[str, str] | None = None,
        need_auth: bool = True,
    ) -> t.Any:
        """GET a path of the API and return its JSON.

        :param path: ``/1.0``-relative path, or one that begins with ``/v2``.
        :raises Failure: see :func:`failures.failure_of`; passing faults only after :data:`GET_ATTEMPTS` tries.
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

    def wait(self) -> None:
        """From here on, whoever calls looks again by itself: what cannot be reached is told at once."""
        self._waiting, self._client._timeout = True, WAITING

    def held_for(self) -> float:
        """Seconds until the next call may be sent, by the budget that runs with this key share; 0 grants its place."""
        pause = self._pace.held_for(self.turn, take=True) if self._pace and not self._granted else 0.0
        self._granted = pause <= 0
        return pause

    def short(self) -> bool:
        """Do other calls than looks for a mail take much of this minute's budget?"""
        return self._pace is not None and self._pace.short()

    def beginning(self) -> bool:
        """Do lines with this key begin their preflights?"""
        return self._pace is not None and self._pace.beginning()

    def leave(self) -> None:
        """Leave every connection; the next call makes a new one."""
        for session in self._sessions():
            session.close()

    def _get(
        self,
        path: str,
        query: t.Mapping[str, str] | None,
        headers: t.Mapping[str, str] | None,
        need_auth: bool,
    ) -> tuple[t.Any, t.Mapping[str, str]]:
        if need_auth and self._by_answers and self._skew is None:
            self._client._time_delta = 0
        elif need_auth:
            self.skew()
        target = f"{path}?{urlencode(query)}" if query else path
        attempt, asked_anew = 1, False
        while True:
            try:
                body, answered = self._send("GET", path, target, headers, need_auth)
                self._learn(answered)
                return body, answered
            except Failure as failure:
                if failure.code != "clock_stepped" or asked_anew:
                    raise
                # One of the two clocks was set since OVH's was asked, or the difference that was given is an old one.
                asked_anew, self._by_answers = True, False
                self._skew = self._client._time_delta = self._asked_skew()
            except _Passing as passing:
                if attempt == GET_ATTEMPTS or (self._waiting and passing.failure.code in ("unreachable", "timeout")):
                    raise passing.failure from None
                self._sleep(min(passing.retry_after or 2.0 ** (attempt - 1), MAX_BACKOFF))
                attempt += 1

    def _learn(self, answered: t.Mapping[str, str]) -> None:
        """The difference of the clocks, by an answer's ``Date`` (RFC 9110), where it is requested and not known."""
        if not self._by_answers or self._skew is not None:
            return
        self._by_answers = False
        if (skew := clock.ahead(answered)) is not None:
            self._skew = self._client._time_delta = skew

    def post(self, path: str, data: t.Mapping[str, str] | None = None, need_auth: bool = True) -> t.Any:
        """POST once, without a body unless ``data`` is given.

        :raises Failure: its ``outcome`` tells whether the request can have taken effect.
        """
        if need_auth:
            self.skew()
        # A fresh connection: one that the server closed while idle would make the outcome unknown.
        self.leave()
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

        if self._pace and not self._granted:
            self._pace.wait(Turn.POST if method == "POST" else self.turn)
        self._granted = False
        try:
            response = self._client.raw_call(method, target, data, need_auth, dict(headers or {}))
            status = response.status_code
            if status == 429 and self._pace:
                self._pace.refused(clock.retry_after(response.headers))
            try:
                body = None if status == 204 else response.json()
            except (ValueError, RecursionError):  # the latter for JSON that is nested without end
                raise _Passing(unreadable(method, path, response), None) from None
        except bounded.TooLong:
            raise Failure(
                "unreadable_answer",
                f"{method} {path}: {self.connection.base_url} sent more than {bounded.LIMIT // 2**20} MiB, or sent "
                f"for more than {bounded.DEADLINE:.0f} s, so the connection was closed. OVHcloud's API does not "
                "answer so: is endpoint right?",
                {"method": method, "path": path},
                Outcome.UNKNOWN,
            ) from None
        except requests_errors.RequestException as error:
            raise _Passing(unreachable(method, path, self.connection, error), None) from None
        except APIError as error:
            failure = refused_by_client(method, path, self.connection, error)
            if failure.code == "server_error":
                raise _Passing(failure, None) from None
            raise failure from None
        if 200 <= status < 300:
            return body, response.headers
        if not of_ovh(body, response.headers):
            kind = "a body that is no error of OVHcloud's"
            raise _Passing(unreadable(method, path, response, kind), clock.retry_after(response.headers))
        failure = failure_of(method, path, status, body, response.headers, self.connection)
        if status == 429 or status >= 500:
            raise _Passing(failure, clock.retry_after(response.headers))
        raise failure


class _Passing(Exception):
    """A failure that may be gone at the next try."""

    def __init__(self, failure: Failure, retry_after: float | None) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.retry_after = retry_after


def connect(params: t.Mapping[str, t.Any], make: t.Callable[..., Client] = Client) -> Client:
    """Build a client from a module's connection options. Nothing is sent yet.

    :param params: module parameters; see :mod:`_argspec`.
    :param make: the client's class, or one that is made as it is
    :raises Failure: ``missing_library`` without the ``ovh`` package, ``configuration`` as in :mod:`connection`.
    """
    _connection.check_numbers(params)
    # Before the import: ovh.config reads the files as it is imported, and its error quotes a line, perhaps a secret.
    _connection.check_files(params)
    try:
        import ovh
        import ovh.client
        import ovh.config
        import ovh.oauth2
    except ImportError as error:
        raise library.missing(error) from None
    connection = _connection.resolve(params, ovh.client.ENDPOINTS, ovh.client.OAUTH2_TOKEN_URLS)
    ovh.client.ENDPOINTS.setdefault(connection.region, connection.base_url)
    if connection.token_url:
        ovh.client.OAUTH2_TOKEN_URLS.setdefault(connection.region, connection.token_url)
        if connection.token_url.startswith("http://"):  # the connection lets that pass for loopback only
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

    ovh.oauth2.RefreshOAuth2Session = library.timed_session(ovh.oauth2, TIMEOUT)
    # The ovh client would look for a missing value again, and take an empty one, such as OVH_APPLICATION_KEY= beside an
    # OAuth2 client, for a second kind of credentials: all of them are decided by :mod:`connection`.
    kept, ovh.config.ConfigurationManager = ovh.config.ConfigurationManager, library.Nothing
    try:
        client = ovh.Client(
            endpoint=connection.region,
            timeout=TIMEOUT,
            **{name: connection.values.get(name) for name in _connection.KEY_OPTIONS + _connection.OAUTH2_OPTIONS},
        )
    finally:
        ovh.config.ConfigurationManager = kept
    client._session.max_redirects = 0
    bounded.bound(client._session)
    # The OAuth2 session is made at the first signed call.
    folder = params.get("state_dir") or default_state_dir()
    # One application may have keys of several accounts.
    key = [connection.base_url, connection.identity, connection.values.get("consumer_key", "")]
    return make(
        client,
        connection,
        lambda: [client._session, *filter(None, [getattr(client._oauth2, "_session", None)])],
        skew=params.get("clock_skew"),
        pace=Pace(folder, f"{connection.base_url} {connection.identity}", params.get("requests_per_minute") or 0),
        shared=Shared(
            folder, key, params.get("service_name") or "", params.get("run") or "", bool(params.get("several"))
        ),
    )
