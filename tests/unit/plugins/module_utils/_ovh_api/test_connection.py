# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all four modules share: the connection options, and every way in which a connection can be wrong."""

from __future__ import annotations

import importlib
import time

import pytest
import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded

LINE = "xdsl-ab12345-1"
PACKAGE = "ansible_collections.ownrouter.ovhcloud.plugins.modules"
CONNECTION = {
    "endpoint",
    "application_key",
    "application_secret",
    "consumer_key",
    "client_id",
    "client_secret",
    "config_file",
}
MODULES = {
    "xdsl_info": {},
    "xdsl_ppp_login_mail": {"service_name": LINE, "renew": True},
    "xdsl_ppp_credentials_info": {"service_name": LINE, "timeout": 0},
    "xdsl_ppp_session_info": {"service_name": LINE},
}
SECRETS = ("test-as", "test-ck", "test-client-secret", "sekret")
AK = {"application_key": "test-ak", "application_secret": "test-as", "consumer_key": "test-ck"}
OAUTH2 = {"client_id": "EU.test-client", "client_secret": "test-client-secret"}


@pytest.fixture(params=sorted(MODULES))
def call(request, run, state_dir):
    """call(**connection) -> Result, for each of the modules."""
    options = dict(MODULES[request.param])
    if request.param == "xdsl_ppp_login_mail":
        options["state_dir"] = state_dir

    def run_it(**connection):
        result = run(request.param, **{**options, **connection})
        for secret in SECRETS:
            assert secret not in result.written.replace("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", ""), result.written
        return result

    return run_it


# --- which credentials


def test_no_credentials(api, call):
    result = call(endpoint=api.endpoint)
    assert result.failed and result.code == "configuration"
    assert "application_key" in result["msg"] and "client_id" in result["msg"]
    assert api.calls() == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"application_key": "test-ak"}, ["application_secret", "consumer_key"]),
        ({"application_key": "test-ak", "application_secret": "test-as"}, ["consumer_key"]),
        ({"consumer_key": "test-ck"}, ["application_key", "application_secret"]),
        ({"client_id": "EU.test-client"}, ["client_secret"]),
        ({"client_secret": "test-client-secret"}, ["client_id"]),
    ],
)
def test_half_a_pair(api, call, given, missing):
    result = call(endpoint=api.endpoint, **given)
    assert result.failed and result.code == "configuration"
    assert all(name in result["msg"] for name in missing)
    assert api.calls() == []


def test_both_kinds_at_once_name_their_sources(api, call, monkeypatch):
    monkeypatch.setenv("OVH_CLIENT_ID", "EU.test-client")
    monkeypatch.setenv("OVH_CLIENT_SECRET", "test-client-secret")
    result = call(endpoint=api.endpoint, **AK)
    assert result.failed and result.code == "configuration"
    assert "OVH_CLIENT_ID" in result["msg"] and "application_key" in result["msg"]
    assert api.calls() == []


def test_a_leftover_in_a_file_is_named(api, call, tmp_path):
    file = tmp_path / "home" / "ovh.conf"
    file.write_text(f"[{api.endpoint}]\napplication_key=test-ak\napplication_secret=sekret\n")
    result = call(endpoint=api.endpoint, **OAUTH2)
    assert result.failed and "ovh.conf" in result["msg"] and "application_key" in result["msg"]
    assert api.calls() == []


def test_from_the_environment(api, call, monkeypatch):
    for name, value in {**AK, "endpoint": api.endpoint}.items():
        monkeypatch.setenv(f"OVH_{name.upper()}", value)
    assert not call().failed


def test_from_ovh_conf(api, call, tmp_path):
    lines = "".join(f"{name}={value}\n" for name, value in AK.items())
    (tmp_path / "home" / ".ovh.conf").write_text(f"[default]\nendpoint={api.endpoint}\n\n[{api.endpoint}]\n{lines}")
    assert not call().failed


def test_from_config_file_with_oauth2(api, call, tmp_path):
    file = tmp_path / "keys.conf"
    lines = "".join(f"{name}={value}\n" for name, value in OAUTH2.items())
    file.write_text(f"[default]\nendpoint={api.endpoint}\n\n[{api.endpoint}]\n{lines}")
    assert not call(config_file=str(file)).failed


def test_empty_values_beside_an_oauth2_client_are_none(api, call, monkeypatch, tmp_path):
    """Set and empty, in the environment or in a file: no second kind of credentials."""
    for name in AK:
        monkeypatch.setenv(f"OVH_{name.upper()}", "")
    file = tmp_path / "keys.conf"
    file.write_text(f"[{api.endpoint}]\napplication_key=\nconsumer_key=\n")
    assert not call(config_file=str(file), endpoint=api.endpoint, **OAUTH2).failed


@pytest.mark.parametrize("content", [None, "this is = no [conf\nsekret", "[default\n"])
def test_a_bad_config_file(api, call, tmp_path, content):
    file = tmp_path / "keys.conf"
    if content is not None:
        file.write_text(content)
    result = call(config_file=str(file), endpoint=api.endpoint, **AK)
    assert result.failed and "keys.conf" in result["msg"]
    assert api.calls() == []


# --- where to


@pytest.mark.parametrize(
    "endpoint",
    [
        "ovh-mars",
        "eu.api.ovh.com",
        "http://192.0.2.1/1.0",
        "http://example.org/1.0",
        "http://127.0.0.1.example.org/1.0",
        "ftp://127.0.0.1/1.0",
        "https://",
        "https://user:in-the-url@example.org/1.0",
        "http://127.0.0.1:notaport/1.0",
        "http://127.0.0.1/1.0?x=y",
    ],
)
def test_malformed_endpoint(call, endpoint):
    result = call(endpoint=endpoint, **AK)
    assert result.failed and result.code == "configuration"
    assert "ovh-eu" in result["msg"] and "http" in result["msg"]
    if "in-the-url" in endpoint:
        assert "in-the-url" not in str([result["msg"], result["failure"]])
    else:
        assert endpoint in result["msg"]


def test_no_endpoint(call):
    result = call(**AK)
    assert result.failed and "endpoint" in result["msg"]


def test_a_trailing_slash_is_no_matter(api, call):
    assert not call(endpoint=api.endpoint + "/", **AK).failed


def test_nobody_listens(call):
    result = call(endpoint="http://127.0.0.1:9/1.0", **AK)
    assert result.failed and result.code == "unreachable", result
    assert "127.0.0.1:9" in result["msg"]


# --- what OVH says of the key


@pytest.mark.parametrize("wrong", ["application_key", "application_secret", "consumer_key"])
def test_wrong_key(api, call, wrong):
    result = call(endpoint=api.endpoint, **{**AK, wrong: "nonsense"})
    assert result.failed and result.code == "invalid_credentials", result
    assert "EU.ext-1." in result["failure"]["details"]["query_id"]
    assert api.posts() == []


@pytest.mark.parametrize("change", [{"status": "expired"}, {"expiration": "2020-01-01T00:00:00+01:00"}])
def test_expired_key(api, call, change):
    api.set(credentials={"test-ck": change})
    result = call(endpoint=api.endpoint, **AK)
    assert result.failed and result.code == "invalid_credentials"
    assert api.line(LINE)["requests"] == 0


def test_wrong_client_secret(api, call):
    result = call(endpoint=api.endpoint, client_id="EU.test-client", client_secret="sekret")
    assert result.failed and result.code == "invalid_credentials"
    assert "client_secret" in result["msg"]


@pytest.mark.parametrize("kind", ["ak", "oauth2"])
@pytest.mark.parametrize("name", sorted(set(MODULES) - {"xdsl_ppp_session_info"}))
def test_no_rights_at_all(api, run, state_dir, name, kind):
    api.set(credentials={"test-ck": {"rules": []}}, oauth2_clients={"EU.test-client": {"actions": []}})
    more = {"state_dir": state_dir} if name == "xdsl_ppp_login_mail" else {}
    result = run(name, endpoint=api.endpoint, **MODULES[name], **more, **(AK if kind == "ak" else OAUTH2))
    assert result.failed and result.code == "not_granted", result
    details = result["failure"]["details"]
    assert details["method"] in result["msg"] and details["path"] in result["msg"]
    assert ":apiovh:" in result["msg"]
    assert api.line(LINE)["requests"] == 0


@pytest.mark.parametrize("kind", ["ak", "oauth2"])
def test_a_log_that_may_not_be_read_is_an_answer(api, run, kind):
    api.set(credentials={"test-ck": {"rules": []}}, oauth2_clients={"EU.test-client": {"actions": []}})
    keys = AK if kind == "ak" else OAUTH2
    result = run("xdsl_ppp_session_info", endpoint=api.endpoint, service_name=LINE, **keys)
    assert not result.failed and result["allowed"] is False and result["connected"] is False, result


# --- a bad connection


def test_a_token_endpoint_that_fails_for_a_moment(api, call):
    api.fault("status:503", "POST", "/auth/oauth2/token")
    result = call(endpoint=api.endpoint, **OAUTH2)
    assert not result.failed, result["msg"]


def test_a_token_endpoint_that_stays_broken_is_not_a_wrong_secret(api, call):
    api.fault("html_502", "POST", "/auth/oauth2/token", times=-1)
    result = call(endpoint=api.endpoint, **OAUTH2)
    assert result.failed and result.code != "invalid_credentials", result
    assert api.posts() == []


def test_no_call_waits_for_ever(api, call, monkeypatch):
    """Every call has a time-out; that of the OAuth2 token too, which the ovh client leaves out."""
    client = importlib.import_module(f"{PACKAGE.replace('modules', 'module_utils')}._ovh_api.client")
    monkeypatch.setattr(client, "TIMEOUT", (1.0, 0.3))
    for path, connection in (("/auth/oauth2/token", OAUTH2), ("*", AK)):
        api.fault("timeout_before", "*", path, times=4, seconds=1)
        began = time.monotonic()
        result = call(endpoint=api.endpoint, **connection)
        assert time.monotonic() - began < 20
        assert result.failed and result.code in ("timeout", "unreachable"), result
        api.admin("DELETE", "/faults")
    assert api.posts() == []


def test_the_token_endpoint_s_redirection_is_not_followed(api, call):
    """It leads back to the same path, which would take the client's secret and give a token."""
    api.fault("redirect", "POST", "/auth/oauth2/token", times=-1)
    result = call(endpoint=api.endpoint, **OAUTH2)
    assert result.failed and result.code == "redirected", result
    asked = api.calls("POST", "/auth/oauth2/token")
    assert {one["status"] for one in asked} == {307} and api.posts() == []
    assert len(asked) <= 8  # the tries of one or two reads


def test_a_token_without_an_end(api, run, monkeypatch):
    monkeypatch.setattr(bounded, "DEADLINE", 0.2)
    api.fault("endless", "POST", "/auth/oauth2/token", times=-1)
    result = run("xdsl_info", endpoint=api.endpoint, **OAUTH2)
    assert result.failed and result.code == "unreadable_answer", result


def test_auth_time_that_fails_for_a_moment(api, call):
    api.fault("cut_before", "GET", "/auth/time")
    assert not call(endpoint=api.endpoint, **AK).failed


@pytest.mark.parametrize("kind", ["status:503", "html_502", "cut_before", "empty_200", "rate_limit"])
def test_reads_are_repeated(api, call, kind):
    api.fault(kind, "GET", "/xdsl*", retry_after=1)
    api.fault(kind, "GET", "*notification*", retry_after=1)
    result = call(endpoint=api.endpoint, **AK)
    assert not result.failed, result
    assert len(api.posts()) <= 1


def test_retry_after_is_kept(patient, api, call):
    api.fault("rate_limit", "GET", "*", retry_after=1)
    began = time.monotonic()
    assert not call(endpoint=api.endpoint, **AK).failed
    assert time.monotonic() - began >= 1


def test_skew(api, call):
    api.set(clock_skew=5000)
    assert not call(endpoint=api.endpoint, **AK).failed


# --- the documentation tells the truth


@pytest.mark.parametrize("name", sorted(MODULES))
def test_documentation(name):
    module = importlib.import_module(f"{PACKAGE}.{name}")
    documentation = yaml.safe_load(module.DOCUMENTATION)
    assert documentation["module"] == name
    text = module.DOCUMENTATION
    assert "ownrouter.ovhcloud" in text
    assert yaml.safe_load(module.EXAMPLES) and yaml.safe_load(module.RETURN)


def documented_attributes(module):
    """The attributes of a module, its doc fragments included."""
    documentation = yaml.safe_load(module.DOCUMENTATION)
    attributes = {}
    for fragment in documentation.get("extends_documentation_fragment", []):
        if fragment.startswith("ownrouter.ovhcloud.attributes"):
            part = fragment.split(".")[3:] or ["documentation"]
            fragments = importlib.import_module(f"{PACKAGE.replace('modules', 'doc_fragments')}.attributes")
            text = getattr(fragments.ModuleDocFragment, part[0].upper())
            attributes.update(yaml.safe_load(text)["attributes"])
    for name, attribute in documentation.get("attributes", {}).items():
        attributes[name] = {**attributes.get(name, {}), **attribute}
    return attributes


@pytest.mark.parametrize("name", sorted(MODULES))
def test_check_mode_is_documented_and_makes_no_writing_call(api, run, name, state_dir):
    module = importlib.import_module(f"{PACKAGE}.{name}")
    assert documented_attributes(module)["check_mode"]["support"] == "full"
    options = dict(MODULES[name])
    if name == "xdsl_ppp_login_mail":
        options["state_dir"] = state_dir
    result = run(name, endpoint=api.endpoint, **AK, **options, check_mode=True, diff=True)
    assert not result.failed, result
    assert {call["method"] for call in api.calls()} <= {"GET"}
    assert result["changed"] is (name == "xdsl_ppp_login_mail")


def samples(documented):
    """Every documented value with the values below it."""
    for name, value in documented.items():
        yield name, value
        yield from samples(value.get("contains", {}))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_returns_are_documented(api, run, name, state_dir):
    """What comes back is documented, in its type; what is promised at success comes back."""
    types = {"str": str, "bool": bool, "int": int, "float": (int, float), "list": list, "dict": dict}
    module = importlib.import_module(f"{PACKAGE}.{name}")
    options = dict(MODULES[name])
    if name == "xdsl_ppp_login_mail":
        options["state_dir"] = state_dir
    result = run(name, endpoint=api.endpoint, **AK, **options)
    assert not result.failed, result
    documented = yaml.safe_load(module.RETURN)
    own = set(result) - {"changed", "invocation", "warnings"}
    assert own <= set(documented), own - set(documented)
    promised = {key for key, value in documented.items() if value["returned"] == "success"}
    assert promised and promised <= own, promised - own
    for key in own:
        assert result[key] is None or isinstance(result[key], types[documented[key]["type"]]), key
    for key, value in samples(documented):
        assert value.get("type") in types and value.get("description"), key
