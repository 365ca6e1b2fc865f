# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lies between this machine and OVHcloud's API, or in this machine: clocks, proxies, keys, files, the library."""

from __future__ import annotations

import datetime
import os
import threading
import time
from pathlib import Path

import ovh.client
import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded, client, connection
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.module_utils._ovh_api.hostile import (
    AK,
    Server,
    body,
    clean,
)

LINE = "xdsl-ab12345-1"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
#: Of the local API.
KEYS = {"application_key": "test-ak", "application_secret": "test-as", "consumer_key": "test-ck"}


# --- clocks


@pytest.mark.parametrize("step", [3600, -3600])
def test_a_clock_that_steps(api, ak, step):
    """OVHcloud's time is asked for again, once, and the run goes on."""
    asked = client.connect(ak)
    assert asked.get("/me")
    api.set(clock_skew=step)
    assert asked.get("/me") and abs(asked.skew() - step) <= 1
    assert len(api.calls("GET", "/auth/time")) == 2
    assert [call["status"] for call in api.calls("GET", "/me")] == [200, 400, 200]


def test_a_clock_that_steps_before_a_look_at_the_mails(api, ak):
    """Errors of /v2 have no code."""
    asked = client.connect(ak)
    asked.skew()
    api.set(clock_skew=3600)
    assert isinstance(asked.get("/v2/notification/history"), list)


def test_a_clock_that_goes_on_stepping(api, ak):
    asked = client.connect({**ak, "clock_skew": 0})
    order = {"class": "Client::BadRequest", "message": "Query out of time", "errorCode": "QUERY_TIME_OUT"}
    api.fault("status:400", "GET", "/me", times=-1, body=order)
    with pytest.raises(Failure) as error:
        asked.get("/me")
    assert error.value.code == "clock_stepped" and "the clock of this machine is being set" in error.value.message
    assert len(api.calls("GET", "/auth/time")) == 1 and len(api.calls("GET", "/me")) == 2
    assert "timedatectl" in error.value.as_result()["msg"]


def test_a_clock_that_steps_before_the_request(api, renew):
    """The last look at the call log, directly before the request, is the one that notices it."""
    assert renew(renew=True, clock_skew=-3600)["requested"] and len(api.posts()) == 1


@pytest.mark.parametrize(
    "answer", [b"1e14", b"100000000000000", b"-5", b"0", b"true", b'"1764000000"', b"null", b"[1]", b"4102444800"]
)
def test_a_clock_of_no_clock(answer, run):
    server = Server(body(b"{}"))
    server._talk = lambda connection: (connection.recv(65536), body(answer)(connection), connection.close())
    try:
        result = run("xdsl_info", endpoint=f"http://127.0.0.1:{server.port}/1.0", **AK)
    finally:
        server.close()
    clean(result, "unreadable_answer")
    assert "did not answer with the time of a clock" in result["msg"] and "is endpoint right?" in result["msg"]


@pytest.mark.parametrize("skew", [10**15, -(10**11)])
def test_a_difference_that_no_clocks_have(run, ak, skew):
    result = run("xdsl_info", **ak, clock_skew=skew)
    assert result.code == "invalid_option" and f"clock_skew is {skew}, which no two clocks differ by" in result["msg"]


# --- something in between


@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize("status", [400, 403, 404, 408, 409, 502, 504])
def test_a_page_of_a_proxy_at_the_request(api, renew, status, effect):
    """Whether it passed the request on first is not known: what the call log shows is, and nothing is sent again."""
    api.fault(f"html:{status}", "POST", POST, effect=effect)
    result = renew(renew=True)
    assert not result.failed and result["outcome"] == ("confirmed" if effect else "unknown"), result
    assert f"answered with status {status} and a body that is not JSON but text/html" in str(result["warnings"])
    assert renew(renew=True)["reason"] in ("pending", "already_renewed") and len(api.posts()) == 1


def test_json_that_is_none_of_ovhcloud_at_the_request(renew, api):
    """As gateways write it: a message, without a class and a query id."""
    api.fault("html:403", "POST", POST)
    assert renew(renew=True)["outcome"] == "unknown"


@pytest.mark.parametrize("status", [403, 404, 502])
def test_a_page_of_a_proxy_at_a_look(api, run, ak, status):
    """It is told as one, and not as a right that is missing or a line that is not there."""
    api.fault(f"html:{status}", "GET", f"/xdsl/{LINE}", times=-1)
    result = run("xdsl_info", **ak, service_name=LINE)
    assert result.failed and result.code in ("unreadable_answer", "server_error")
    assert "it seems to come from a proxy, a firewall or a captive portal in between" in result["msg"]


@pytest.mark.parametrize("text", [b'{"message": "Forbidden"}', b'{"error": "blocked"}', b"[]"])
def test_an_error_of_a_gateway(run, text):
    server = Server(body(text, b"403 Forbidden"))
    try:
        result = run("xdsl_info", endpoint=f"http://127.0.0.1:{server.port}/1.0", **AK, service_name=LINE)
    finally:
        server.close()
    clean(result, "unreadable_answer")
    assert "a body that is no error of OVHcloud's" in result["msg"]


@pytest.mark.parametrize("part", ["header", "status line", "body"])
def test_a_byte_now_and_then(run, monkeypatch, part):
    """Each byte is in time, and the whole never ends: the deadline is for all of it."""
    monkeypatch.setattr(bounded, "DEADLINE", 1.0)
    ended = threading.Event()

    def answer(connection):
        begin = {"header": b"HTTP/1.1 200 OK\r\nX-A: ", "status line": b"", "body": b"HTTP/1.1 200 OK\r\n\r\n["}[part]
        connection.sendall(begin)
        while not ended.wait(0.1):
            connection.sendall(b"H")

    server = Server(answer)
    began = time.monotonic()
    try:
        result = run("xdsl_info", endpoint=f"http://127.0.0.1:{server.port}/1.0", **AK, service_name=LINE)
    finally:
        ended.set()
        server.close()
    clean(result, "unreadable_answer")
    assert time.monotonic() - began < 20 and "for more than 1 s" in result["msg"]


# --- rights and keys


def test_a_missing_right_to_ask_says_nothing_of_mails(api, renew):
    with api.world.change() as state:
        rules = state["credentials"]["test-ck"]["rules"]
        state["credentials"]["test-ck"]["rules"] = [rule for rule in rules if rule["method"] != "POST"]
    since = iso(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1))
    for options in ({}, {"max_age": "1d"}, {"renewed_since": since}):
        result = renew(renew=True, **options)
        assert result.code == "not_granted" and f"with the rule POST {POST}" in result["msg"]
        said = result["msg"].replace("requestPPPLoginMail", "").lower()
        assert "mail" not in said and "max_age" not in said and "renewed_since" not in said, result["msg"]
    assert [call["status"] for call in api.posts()] == [403] * 3


ELLIPSIS = "abcdef\u2026uvwxyz"


@pytest.mark.parametrize("name", [*AK, "client_id", "client_secret"])
@pytest.mark.parametrize("value", [ELLIPSIS, "with blank", "tab\tin it", "del\x7f", "\ufeffbom", "qu\u201cote"])
def test_a_key_with_a_sign_that_no_key_has(api, run, name, value):
    given = AK if name in AK else {"client_id": "EU.a", "client_secret": "b"}
    result = run("xdsl_info", endpoint=api.endpoint, **{**given, name: value})
    clean(result, "configuration")
    assert f"{name} (from option {name}) holds a character that no key has" in result["msg"] and api.calls() == []
    if value == ELLIPSIS:
        assert "(HORIZONTAL ELLIPSIS)" in result["msg"] and ELLIPSIS not in result["msg"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("application_key", "there is no application with application_key (from option application_key)"),
        (
            "application_secret",
            "application_secret (from option application_secret) is not the secret of this application",
        ),
        (
            "consumer_key",
            "consumer_key (from option consumer_key) is wrong, expired or revoked, or of another application",
        ),
    ],
)
def test_which_key_is_wrong(api, run, name, says):
    result = run("xdsl_info", endpoint=api.endpoint, **{**KEYS, name: "Xq93"})
    assert result.code == "invalid_credentials" and says in result["msg"], result["msg"]


def test_a_consumer_key_that_is_revoked(api, run, ak):
    with api.world.change() as state:
        state["credentials"]["test-ck"]["status"] = "expired"
    assert "consumer_key (from option consumer_key) is wrong, expired or revoked." in run("xdsl_info", **ak)["msg"]


# --- where tokens come from


@pytest.mark.parametrize("region", ovh.client.ENDPOINTS)
def test_the_host_of_tokens(region):
    """Every region that the library knows: by name, by URL, and by the URL of another version of its API."""
    url = ovh.client.ENDPOINTS[region]
    known = ovh.client.OAUTH2_TOKEN_URLS.get(region)
    for endpoint in (region, url, f"{url}/", url.replace("/1.0", "/v1"), url.replace("/1.0", "")):
        given = {"endpoint": endpoint, "client_id": "EU.a", "client_secret": "b"}
        try:
            found = connection.resolve(given, ovh.client.ENDPOINTS, ovh.client.OAUTH2_TOKEN_URLS).token_url
        except Failure as failure:
            assert known is None and "gives OAuth2 tokens only for ovh-ca, ovh-eu, ovh-us" in failure.message
        else:
            assert known is None or found == known, endpoint
            assert known is not None or endpoint not in (region, url)


# --- files


def test_an_unreadable_conf_is_told_where_something_is_missing(api, run, monkeypatch):
    """It may have what is missing; one that is not needed is no matter."""
    path = Path.home() / ".ovh.conf"
    path.write_text("[default]\n", encoding="utf-8")
    real = open

    def shut(name, *args, **kwargs):
        if str(name) == str(path):
            raise PermissionError(13, "Permission denied")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(connection, "open", shut, raising=False)
    told = f"{path} cannot be read by this user: Permission denied."
    for given in ({}, {"endpoint": api.endpoint}, {"endpoint": api.endpoint, "application_key": "a"}):
        result = run("xdsl_info", **given)
        assert result.code == "configuration" and told in result["msg"], result["msg"]
    assert not run("xdsl_info", endpoint=api.endpoint, **KEYS).failed
    named = run("xdsl_info", endpoint=api.endpoint, config_file=str(path), **KEYS)
    assert named.code == "configuration" and told in named["msg"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_conf_that_is_no_file(api, run, make):
    make(Path.home() / "odd.conf")
    result = run("xdsl_info", endpoint=api.endpoint, config_file="~/odd.conf", **KEYS)
    assert result.code == "configuration" and "odd.conf cannot be read by this user: it is no file" in result["msg"]
    make(Path.home() / ".ovh.conf")
    assert not run("xdsl_info", endpoint=api.endpoint, **KEYS).failed


def test_a_conf_that_is_broken_names_its_path(api, run):
    path = Path.home() / ".ovh.conf"
    path.write_text("application_secret=As5512Kq9Vt\n", encoding="utf-8")
    result = run("xdsl_info", endpoint=api.endpoint)
    clean(result, "configuration")
    assert f"{path} cannot be understood as an ovh.conf" in result["msg"]


def test_a_conf_of_a_windows_editor(api, run):
    """It begins with a mark that is no part of a section's name."""
    words = "".join(f"{name}={value}\n" for name, value in KEYS.items())
    text = f"[default]\nendpoint={api.endpoint}\n[{api.endpoint}]\n{words}"
    (Path.home() / ".ovh.conf").write_text(text, encoding="utf-8-sig")
    assert not run("xdsl_info").failed
