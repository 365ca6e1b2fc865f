# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local OVH API is strict: what OVH would refuse, it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import ovh
import ovh.client
import pytest
from ovh.exceptions import (
    APIError,
    BadParametersError,
    HTTPError,
    InvalidCredential,
    InvalidKey,
    InvalidResponse,
    NotCredential,
    NotGrantedCall,
    OAuth2FailureError,
    ResourceConflictError,
    ResourceNotFoundError,
)
from ovh_api.running import running

LINE = "xdsl-ab12345-1"
OTHER = "ftth-ab12345-2"
LOGIN = "0320123456_1@adsl.ovh"
SECRETS = ("test-as", "test-client-secret")
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
V1 = "/me/notification/email/history"
V2 = "/v2/notification/history"
READS = [
    "/auth/details",
    "/me",
    "/me/api/logs/self",
    V1,
    V2,
    "/xdsl",
    f"/xdsl/{LINE}",
    f"/xdsl/{LINE}/ips",
    f"/xdsl/{LINE}/ips/203.0.113.10",
    f"/xdsl/{LINE}/serviceInfos",
    f"/xdsl/{LINE}/radiusConnectionLogs",
]


@pytest.fixture
def client(api):
    """client(secret=…) -> ovh.Client by application key."""

    def make(application="test-ak", secret=SECRETS[0], consumer="test-ck", timeout=5):
        ovh.client.ENDPOINTS[api.endpoint] = api.endpoint
        return ovh.Client(api.endpoint, application, secret, consumer, timeout=timeout)

    return make


@pytest.fixture
def oauth2_client(api, monkeypatch):
    """oauth2_client(secret=…) -> ovh.Client by OAuth2 client."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")

    def make(secret=SECRETS[1]):
        ovh.client.ENDPOINTS[api.endpoint] = api.endpoint
        ovh.client.OAUTH2_TOKEN_URLS[api.endpoint] = api.token_url
        return ovh.Client(api.endpoint, client_id="EU.test-client", client_secret=secret, timeout=5)

    return make


# --- who may call


@pytest.mark.parametrize("path", READS)
def test_every_route_answers_both_kinds_of_credentials(client, oauth2_client, path):
    assert client().get(path) is not None
    assert oauth2_client().get(path) is not None


@pytest.mark.parametrize("path", READS)
def test_no_route_answers_strangers(client, path):
    with pytest.raises(APIError) as error:
        client().get(path, _need_auth=False)
    assert error.value.response.status_code == 401


@pytest.mark.parametrize(
    ("who", "expected", "code"),
    [
        ({"secret": "wrong"}, BadParametersError, "INVALID_SIGNATURE"),
        ({"application": "wrong"}, InvalidKey, "INVALID_KEY"),
        ({"consumer": "wrong"}, NotCredential, "NOT_CREDENTIAL"),
    ],
)
def test_wrong_keys(client, who, expected, code):
    with pytest.raises(expected) as error:
        client(**who).get("/me")
    body = error.value.response.json()
    assert body["errorCode"] == code
    assert set(body) == {"class", "message", "errorCode", "httpCode"}
    assert re.match(r"EU\.ext-1\.", error.value.query_id)


@pytest.mark.parametrize(
    "change", [{"status": "expired"}, {"status": "pendingValidation"}, {"expiration": "2020-01-01T00:00:00+01:00"}]
)
def test_dead_consumer_keys(api, client, change):
    api.set(credentials={"test-ck": change})
    with pytest.raises(InvalidCredential):
        client().get("/me")


def test_allowed_addresses(api, client):
    api.set(credentials={"test-ck": {"allowedIPs": ["192.0.2.0/24"]}})
    with pytest.raises(APIError):
        client().get("/me")
    api.set(caller_ip="192.0.2.7")
    assert client().get("/me")["nichandle"] == "ab12345-ovh"


def test_the_clock_counts_and_auth_time_heals_it(api, client):
    api.set(clock_skew=3600)
    good, late = client(), client()
    assert good.get("/me")
    assert 3598 <= good.time_delta <= 3601
    late._time_delta = 0
    with pytest.raises(BadParametersError) as error:
        late.get("/me")
    assert error.value.response.json()["errorCode"] == "QUERY_TIME_OUT"


@pytest.mark.parametrize(
    ("pattern", "granted"),
    [
        (f"/xdsl/{LINE}/ips", True),
        ("/xdsl/*", True),
        ("/*", True),
        ("/xdsl/*/ips", False),
        ("/xdsl", False),
        (f"/xdsl/{LINE}", False),
        (f"/xdsl/{OTHER}/*", False),
    ],
)
def test_rights_by_rule(api, client, pattern, granted):
    api.set(credentials={"test-ck": {"rules": [{"method": "GET", "path": pattern}]}})
    if granted:
        assert client().get(f"/xdsl/{LINE}/ips")
        return
    with pytest.raises(NotGrantedCall):
        client().get(f"/xdsl/{LINE}/ips")


def test_a_get_rule_grants_no_post(api, client):
    api.set(credentials={"test-ck": {"rules": [{"method": "GET", "path": "/*"}]}})
    with pytest.raises(NotGrantedCall):
        client().post(POST)
    assert api.line(LINE)["requests"] == 0


def test_iam_refuses_without_an_error_code(api, oauth2_client):
    api.set(oauth2_clients={"EU.test-client": {"actions": ["xdsl:apiovh:get"]}})
    caller = oauth2_client()
    assert caller.get("/xdsl") == [LINE, OTHER]
    with pytest.raises(APIError) as error:
        caller.post(POST)
    assert type(error.value).__name__ == "APIError"  # none of its subclasses
    assert error.value.response.status_code == 403
    assert "errorCode" not in error.value.response.json()
    assert api.line(LINE)["requests"] == 0


def test_oauth2_wrong_secret_and_dead_token(api, oauth2_client):
    with pytest.raises(OAuth2FailureError):
        oauth2_client("wrong").get("/me")
    caller = oauth2_client()
    assert caller.get("/me")
    api.set(tokens=dict.fromkeys(api.world.state["tokens"]))
    with pytest.raises(APIError) as error:
        caller.get("/me")
    assert error.value.response.status_code == 401


def test_who_am_i(client, oauth2_client):
    credential = client().get("/auth/currentCredential")
    assert credential["status"] == "validated"
    assert {"method": "POST", "path": POST} in credential["rules"]
    assert credential["expiration"] is None and credential["allowedIPs"] is None
    assert "application_key" not in credential
    assert client().get("/auth/details")["allowedRoutes"] == credential["rules"]
    assert oauth2_client().get("/auth/details")["account"] == "ab12345-ovh"


# --- what OVH knows


def test_unknown_names(client):
    with pytest.raises(ResourceNotFoundError, match="This service does not exist"):
        client().get("/xdsl/xdsl-nobody-1")
    with pytest.raises(ResourceNotFoundError, match="empty"):
        client().get("/nowhere")


def test_the_post_renews_cuts_and_mails(api, client):
    api.set(mail_delay=0.3)
    old = dict(api.line(LINE))
    assert client().post(POST) is None
    line = api.line(LINE)
    assert line["password"] != old["password"]
    assert line["login"] == old["login"]
    assert line["session"]["up"] is False
    assert line["requests"] == 1
    newest = client().get(V2)[0]
    assert "PPPoE" not in newest["title"]
    time.sleep(0.4)
    newest = client().get(V2, sortCreatedAt="DESC")[0]
    assert LINE in newest["title"] and newest["text"] is None
    text = client().get(f"{V2}/{newest['id']}")["text"]
    assert f"Identifiant : {LOGIN}" in text
    assert f"Mot de passe : {line['password']}" in text


def test_the_post_is_strict(api, client):
    with pytest.raises(BadParametersError):
        client().post(POST, surprise=True)
    api.set(lines={LINE: {"access": {"status": "slamming"}}})
    with pytest.raises(ResourceConflictError):
        client().post(POST)
    api.set(credentials={"test-ck": {"rules": [{"method": "POST", "path": "/*"}]}})
    with pytest.raises(ResourceNotFoundError):
        client().post("/xdsl/xdsl-ab12345-9/requestPPPLoginMail")
    assert api.line(LINE)["requests"] == 0


def test_radius_log(api, client):
    old = api.line(LINE)["password"]
    client().post(POST)
    assert api.admin("POST", "/dial", {"login": LOGIN, "password": old})["ok"] is False
    assert api.admin("POST", "/dial", {"login": LOGIN, "password": api.line(LINE)["password"]}) == {
        "ok": True,
        "ip": "203.0.113.10",
        "message": "session established",
    }
    log = client().get(f"/xdsl/{LINE}/radiusConnectionLogs")
    assert [entry["state"] for entry in log[:4]] == ["OK", "OK", "KO", "KO"]
    assert log[2]["message"] == "wrong login or password"
    for _round in range(30):
        api.admin("POST", "/dial", {"login": LOGIN, "password": "no"})
    assert len(client().get(f"/xdsl/{LINE}/radiusConnectionLogs")) == 50
    api.set(lines={LINE: {"access": {"capabilities": {"canGetRadiusConnectionLogs": False}}}})
    with pytest.raises(APIError):
        client().get(f"/xdsl/{LINE}/radiusConnectionLogs")


def test_api_log(api, client):
    api.set(caller_ip="203.0.113.10")
    caller = client()
    caller.post(POST)
    caller.get("/me")
    ids = caller.get("/me/api/logs/self")
    log = caller.get(f"/me/api/logs/self/{min(ids)}")
    assert log["method"] == "POST" and log["path"] == POST and log["ip"] == "203.0.113.10"
    assert log["route"] == "/xdsl/{serviceName}/requestPPPLoginMail"
    api.set(api_log_delay=60)
    caller.get("/me")
    assert len(caller.get("/me/api/logs/self")) == len(ids) + 1
    together = f"/me/api/logs/self/{ids[0]},{ids[1]}"
    batch = caller.raw_call("GET", together, headers={"X-Ovh-Batch": ","}).json()
    assert [entry["value"]["logId"] for entry in batch] == ids[:2]
    api.set(batch=False)
    assert caller.raw_call("GET", together, headers={"X-Ovh-Batch": ","}).status_code == 404


def test_v2_history(api, client):
    api.admin("DELETE", "/mails")
    for age in range(10):
        api.admin("POST", "/mails", {"title": f"Facture {age}", "text": "x", "age": age * 100})
    caller = client()
    pages, cursor = [], None
    while True:
        headers = {"X-Pagination-Size": "4"} | ({"X-Pagination-Cursor": cursor} if cursor else {})
        answer = caller.raw_call("GET", f"{V2}?sortCreatedAt=ASC&titleContains=facture", headers=headers)
        pages.append([mail["title"][-1] for mail in answer.json()])
        cursor = answer.headers.get("X-Pagination-Cursor-Next")
        if not cursor:
            break
    assert pages == [list("9876"), list("5432"), list("10")]
    middle = caller.get(V2)[5]["createdAt"]
    assert len(caller.get(V2, createdAfter=middle)) == 5
    assert len(caller.get(V2, createdBefore=middle)) == 4
    for bad in ({"createdAfter": "yesterday"}, {"sortCreatedAt": "up"}, {"search": "x"}):
        with pytest.raises(BadParametersError):
            caller.get(V2, **bad)


def test_v1_history(api, client):
    caller = client()
    ids = caller.get(V1)
    assert sorted(ids) != ids
    mail = caller.get(f"{V1}/{ids[0]}")
    assert set(mail) == {"id", "date", "subject", "body"}
    assert "\r\n" in mail["body"]
    batch = caller.raw_call("GET", f"{V1}/{ids[0]},{ids[1]},1", headers={"X-Ovh-Batch": ","}).json()
    assert [entry["key"] for entry in batch] == [str(ids[0]), str(ids[1]), "1"]
    assert batch[0]["value"] == mail and batch[2]["error"]
    api.set(mail_format="html")
    api.admin("POST", "/mails", {"title": "H", "text": "a & b"})
    assert "a &amp; b" in caller.get(f"{V1}/{max(caller.get(V1))}")["body"]


# --- faults


@pytest.mark.parametrize(
    ("kind", "expected", "took_effect"),
    [
        ("cut_before", HTTPError, False),
        ("cut_after", HTTPError, True),
        ("timeout_before", HTTPError, False),
        ("timeout_after", HTTPError, True),
        ("html_502", InvalidResponse, False),
        ("empty_200", InvalidResponse, True),
        ("json_list_error", AttributeError, False),
        ("status:500", APIError, False),
        ("status:460", APIError, False),
        ("rate_limit", APIError, False),
    ],
)
def test_faults(api, client, kind, expected, took_effect):
    caller = client(timeout=0.3)
    caller.get("/me")
    api.fault(kind, "POST", POST, seconds=0.6 if kind.startswith("timeout") else 0)
    with pytest.raises(expected):
        caller.post(POST)
    time.sleep(0.8 if kind == "timeout_before" else 0)
    assert api.line(LINE)["requests"] == int(took_effect)
    assert caller.post(POST) is None
    assert api.line(LINE)["requests"] == 1 + int(took_effect)


def test_faults_count_match_and_can_be_turned_around(api, client):
    caller = client()
    api.fault("status:503", "GET", "/xdsl/*", times=2)
    api.fault("html_502", "POST", "*", effect=True)
    assert caller.get("/xdsl")
    for _round in range(2):
        with pytest.raises(APIError):
            caller.get(f"/xdsl/{LINE}")
    assert caller.get(f"/xdsl/{LINE}")
    with pytest.raises(InvalidResponse):
        caller.post(POST)
    assert api.line(LINE)["requests"] == 1
    assert api.world.state["faults"] == []


def test_rate_limit(api, client):
    api.set(rate_limit=2, retry_after=7)
    caller = client()
    assert caller.get("/me") and caller.get("/me")
    answer = caller.raw_call("GET", "/me")
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "7"


def test_delay(api, client):
    caller = client()
    caller.get("/me")
    api.set(answer_delay=0.3)
    began = time.monotonic()
    caller.get("/me")
    assert time.monotonic() - began >= 0.3


def test_calls_are_recorded(api, client):
    client().get("/me")
    last = api.admin("GET", "/calls")[-1]
    assert set(last) == {"at", "method", "path", "query", "status", "credential", "query_id"}
    assert (last["method"], last["path"], last["status"], last["credential"]) == ("GET", "/1.0/me", 200, "test-ck")
    api.admin("DELETE", "/calls")
    assert api.calls() == []


def test_many_callers_at_once(api, client):
    def work():
        caller = client()
        for _round in range(10):
            caller.get("/me")

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(api.calls("GET", "/me")) == 40


# --- the process


def test_state_survives_a_restart(tmp_path):
    file = tmp_path / "state.json"
    with running(file) as first:
        first.set(next_password="known-one", mail_delay=0)
        first.admin("POST", f"/line/{LINE}/rotate")
    with running(file) as second:
        assert second.admin("GET", f"/line/{LINE}")["password"] == "known-one"
        assert second.line(LINE)["requests"] == 0
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_as_a_process(tmp_path):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "sandbox")}
    command = [sys.executable, "-m", "ovh_api", "--port", "0", "--state", str(tmp_path / "s.json")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            ready = json.loads(process.stdout.readline())
            assert ready["url"] == f"http://127.0.0.1:{ready['port']}"
        finally:
            process.terminate()
        assert process.wait(5) == 0
