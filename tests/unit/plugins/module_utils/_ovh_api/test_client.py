# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hostile server in OVHcloud's place: clean failures, bounded memory and time, no credentials for others."""

from __future__ import annotations

import json
import resource
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded, client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import connection as _connection
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.module_utils._ovh_api.hostile import (
    AK,
    Server,
    body,
    clean,
)

MIB = 1024 * 1024


@pytest.fixture
def hostile(run):
    """hostile(answer) -> (result of xdsl_info, the server)."""
    servers = []

    def ask(answer):
        servers.append(Server(answer))
        endpoint = f"http://127.0.0.1:{servers[-1].port}/1.0"
        return run("xdsl_info", endpoint=endpoint, **AK, service_name="xdsl-ab12345-1"), servers[-1]

    yield ask
    for server in servers:
        server.close()


def test_a_hundred_mebibytes(hostile):
    def answer(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (100 * MIB))
        for _count in range(100):
            connection.sendall(b"[" + b" " * (MIB - 1))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result, _server = hostile(answer)
    clean(result, "unreadable_answer")
    assert "more than 16 MiB" in result["msg"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 * 1024  # KiB


def test_chunks_without_end(hostile, monkeypatch):
    monkeypatch.setattr(bounded, "DEADLINE", 1.0)

    def answer(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1\r\n[\r\n" * 10)
            time.sleep(0.05)

    began = time.monotonic()
    result, _server = hostile(answer)
    clean(result, "unreadable_answer")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary Redirect", b"308 Permanent Redirect"])
def test_another_host_gets_no_credentials(hostile, status):
    other = Server(body(b"{}"))
    try:
        result, server = hostile(body(b"", status, b"Location: http://127.0.0.1:%d/1.0/me\r\n" % other.port))
        clean(result, "redirected")
        assert server.heard and other.heard == []
    finally:
        other.close()


@pytest.mark.parametrize(
    "text",
    [
        b'{"nichandle": "\xff\xfe\xc3\x28"}',
        b"\xff" * 1000,
        b"[" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"1" * 6000,
        b"NaN",
        b'"\\ud800"',
        b'{"class": 1, "message": [[[]]], "errorCode": {"a": 1}}',
        b"null",
        b"[null, [], {}]",
        b"\x1f\x8b garbage",
    ],
)
@pytest.mark.parametrize("status", [b"200 OK", b"403 Forbidden", b"500 Oops"])
def test_bodies_that_are_none(hostile, text, status):
    """Whatever it is, the module ends with a failure of ours (or takes it for little), and not with a traceback."""
    result, _server = hostile(body(text, status))
    if status == b"200 OK" and text.startswith((b'{"n', b'{"c')):  # an object, though not what it should hold
        assert not result.failed and "not active (status unknown)" in str(result["accesses"]), result
        return
    codes = {b"200": "unreadable_answer", b"403": "not_granted unreadable_answer", b"500": "server_error"}[status[:3]]
    clean(result, *codes.split())


@pytest.mark.parametrize(
    "name", ["../me", "xdsl-a/../../me", "xdsl%2f..", "a/b", "xdsl-1?x=1", "xdsl#1", "", " ", "é", "a\nb"]
)
@pytest.mark.parametrize(
    "module", ["xdsl_info", "xdsl_ppp_login_mail", "xdsl_ppp_credentials_info", "xdsl_ppp_session_info"]
)
def test_service_names_that_are_paths(api, run, ak, state_dir, module, name):
    """Refused before any call; an empty name, too, which is not "all lines"."""
    more = {"renew": True, "state_dir": state_dir} if module == "xdsl_ppp_login_mail" else {}
    result = run(module, **ak, service_name=name, **more)
    assert result.failed and result.code == "invalid_option", result
    assert api.calls() == []


# --- the error mapper, whatever the server says

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ERRORS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("class", "message", "errorCode", "httpCode"), JSON),
)
CODES = {
    *("bad_request", "invalid_credentials", "not_found", "conflict", "rate_limited", "expired"),
    *("server_error", "refused", "forbidden", "not_granted"),
}
CONNECTION = _connection.Connection(
    "x", "https://x/1.0", None, AK, dict.fromkeys(AK, "option") | {"endpoint": "option"}
)


@settings(suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["GET", "POST"]),
    st.integers(100, 599),
    JSON | ERRORS,
    st.dictionaries(st.sampled_from(["X-OVH-QUERYID", "Retry-After", "Content-Type"]), st.text(max_size=20)),
    st.sampled_from([*AK.values(), ""]),
)
def test_error_mapper(method, status, answer, headers, secret):
    if isinstance(answer, dict) and secret:
        answer = {**answer, "message": f"no {secret} here"}
    failure = client.failure_of(method, "/me", status, answer, headers, CONNECTION)
    assert isinstance(failure, Failure) and failure.code in CODES
    assert failure.message.startswith(f"{method} /me") and f"status {status}" in failure.message
    assert (failure.outcome is Outcome.UNKNOWN) is (status >= 500 or status == 408)
    shown = json.dumps(failure.as_result())
    if isinstance(answer, dict) and secret:
        assert ("no *** here" in failure.message) is (secret in CONNECTION.secrets)
        assert "As5512" not in shown and "Ck8840" not in shown
