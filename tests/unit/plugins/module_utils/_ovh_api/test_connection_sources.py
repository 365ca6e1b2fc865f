# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where endpoint and credentials are taken from, which of them counts, and what is said of each that does not."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import connection

REGIONS = {"ovh-eu": "https://eu.api.ovh.com/1.0", "kimsufi-eu": "https://eu.api.kimsufi.com/1.0"}
TOKENS = {"ovh-eu": "https://www.ovh.com/auth/oauth2/token"}
AK = {"application_key": "the-ak", "application_secret": "the-as", "consumer_key": "the-ck"}
OAUTH2 = {"client_id": "the-id", "client_secret": "the-secret"}


def resolve(**params):
    return connection.resolve(params, REGIONS, TOKENS)


def refused(**params):
    with pytest.raises(Failure) as error:
        resolve(**params)
    assert error.value.code == "configuration" and "Nothing was sent" in error.value.message
    return error.value


@pytest.mark.parametrize(
    ("value", "region", "url"),
    [
        ("ovh-eu", "ovh-eu", "https://eu.api.ovh.com/1.0"),
        ("https://eu.api.ovh.com/1.0/", "ovh-eu", "https://eu.api.ovh.com/1.0"),
        ("https://api.example.org/1.0/", "https://api.example.org/1.0", "https://api.example.org/1.0"),
        *((url, url, url) for url in ("http://127.0.0.1:8080/1.0", "http://localhost/1.0", "http://[::1]/1.0")),
    ],
)
def test_endpoints(value, region, url):
    assert connection.resolve_endpoint(value, REGIONS, "option endpoint") == (region, url)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ovh-mars", "not a region"),
        ("http://127.0.0.1:x/1.0", "not a URL"),
        ("https://", "not a base URL"),
        ("https://a/1.0?x=y", "not a base URL"),
        ("https://a/1.0#x", "not a base URL"),
        ("https://user@a/1.0", "carries credentials"),
        ("https://:word@a/1.0", "carries credentials"),
        ("http://a/1.0", "would expose the key"),
        ("http://192.0.2.1/1.0", "would expose the key"),
        ("ftp://localhost/1.0", "scheme 'ftp' is not supported"),
    ],
)
def test_endpoints_that_are_none(value, why):
    with pytest.raises(Failure) as error:
        connection.resolve_endpoint(value, REGIONS, "option endpoint")
    assert error.value.code == "configuration" and why in error.value.message and "word" not in error.value.message
    assert "(from option endpoint)" in error.value.message and "kimsufi-eu, ovh-eu" in error.value.message
    shown = "https://a" if "@" in value else value
    assert error.value.details == {"option": "endpoint", "value": shown, "source": "option endpoint"}


def test_two_kinds():
    keys, client = resolve(endpoint="ovh-eu", **AK), resolve(endpoint="ovh-eu", **OAUTH2)
    assert (keys.kind, keys.identity, keys.secrets) == ("application_key", "the-ak", ("the-as", "the-ck"))
    assert (client.kind, client.identity, client.secrets) == ("oauth2", "the-id", ("the-secret",))
    assert keys.token_url is None and client.token_url == TOKENS["ovh-eu"]
    assert (keys.region, keys.base_url, dict(keys.values)) == ("ovh-eu", REGIONS["ovh-eu"], AK)
    assert keys.sources == {"endpoint": "option endpoint", **{name: f"option {name}" for name in AK}}


def test_where_tokens_come_from():
    own = resolve(endpoint="https://api.example.org:8443/1.0", **OAUTH2)
    assert own.token_url == "https://api.example.org:8443/auth/oauth2/token"
    failure = refused(endpoint="kimsufi-eu", **OAUTH2)
    assert failure.details == {"option": "endpoint", "value": "kimsufi-eu"} and "ovh-eu" in failure.message
    assert resolve(endpoint="kimsufi-eu", **AK).token_url is None


@pytest.mark.parametrize(("option", "source"), [("the-ak", "environment variable"), ("another", "option")])
def test_an_option_that_the_environment_filled(monkeypatch, option, source):
    """Ansible's fallback has put it there."""
    monkeypatch.setenv("OVH_APPLICATION_KEY", "the-ak")
    found = resolve(endpoint="ovh-eu", **{**AK, "application_key": option})
    name = "OVH_APPLICATION_KEY" if source.startswith("environment") else "application_key"
    assert found.sources["application_key"] == f"{source} {name}" and found.identity == option


def lines(section="ovh-eu", **values):
    return f"[{section}]\n" + "".join(f"{name}={value}\n" for name, value in values.items())


def write(path, **values):
    path.write_text(lines("default", endpoint="ovh-eu") + lines(**values))
    return str(path)


def test_which_file_counts(tmp_path, monkeypatch):
    """The one named, the working folder's, the home's; the environment and an option before them."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    home = write(tmp_path / "home" / ".ovh.conf", **{**AK, "application_key": "home"})
    assert resolve().identity == "home" and resolve().sources["application_key"] == f"{home} [ovh-eu]"
    assert resolve().sources["endpoint"] == f"{home} [default]"
    write(folder / "ovh.conf", application_key="here")
    assert resolve().identity == "here" and resolve().sources["application_key"] == "./ovh.conf [ovh-eu]"
    assert resolve().values["consumer_key"] == "the-ck"
    write(tmp_path / "home" / "named.conf", application_key="named")
    assert resolve(config_file="~/named.conf").identity == "named"
    monkeypatch.setenv("OVH_APPLICATION_KEY", "environment")
    found = resolve(config_file="~/named.conf")
    assert found.identity == "environment"
    assert found.sources["application_key"] == "environment variable OVH_APPLICATION_KEY"
    assert resolve(application_key="option").identity == "option"


def test_an_empty_value_is_none(tmp_path, monkeypatch):
    write(tmp_path / "home" / ".ovh.conf", **AK)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ovh.conf", application_key="")
    monkeypatch.setenv("OVH_CONSUMER_KEY", "")
    assert dict(resolve(application_secret="").values) == AK


def test_files_that_cannot_be_read(tmp_path):
    gone = str(tmp_path / "gone.conf")
    assert refused(config_file=gone, **AK).details == {"option": "config_file", "value": gone}
    bad = tmp_path / "bad.conf"
    for content in (b"the-as without a section", b"[default]\nendpoint=\xff\xfe\n"):
        bad.write_bytes(content)
        failure = refused(config_file=str(bad), **AK)
        assert failure.details == {"file": str(bad)} and "the-as" not in failure.message


def test_nothing_is_given():
    assert refused(**AK).details == {"option": "endpoint"}
    failure = refused(endpoint="ovh-eu")
    assert failure.details == {"missing": ["application_key", "application_secret", "consumer_key"]}
    assert "No API credentials" in failure.message and "[ovh-eu] of ovh.conf" in failure.message


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (("application_key",), ["application_secret", "consumer_key"]),
        (("application_key", "consumer_key"), ["application_secret"]),
        (("client_id",), ["client_secret"]),
        (("client_secret",), ["client_id"]),
    ],
)
def test_half_of_it(given, missing):
    failure = refused(endpoint="ovh-eu", **{name: {**AK, **OAUTH2}[name] for name in given})
    found = {name: f"option {name}" for name in given}
    assert failure.details == {"missing": missing, "found": found}
    assert f"Missing {' and '.join(missing)}: only" in failure.message
    assert all(f"OVH_{name.upper()}" in failure.message for name in missing)


def test_both_kinds_at_once():
    failure = refused(endpoint="ovh-eu", client_id="the-id", **AK)
    assert failure.details == {"clashing": {name: f"option {name}" for name in (*AK, "client_id")}}
    assert "Two kinds" in failure.message and "the-id" not in failure.message


def test_the_files_of_the_ovh_client():
    """By growing priority."""
    assert connection.CONFIG_FILES == ("/etc/ovh.conf", "~/.ovh.conf", "./ovh.conf")


@pytest.mark.parametrize(("sign", "fit"), [("!", True), ("~", True), (" ", False), ("\x7f", False), ("é", False)])
def test_signs_that_no_key_has(sign, fit):
    key = f"the{sign}ck"
    if fit:
        assert resolve(endpoint="ovh-eu", **{**AK, "consumer_key": key}).values["consumer_key"] == key
    else:
        failure = refused(endpoint="ovh-eu", **{**AK, "consumer_key": key})
        assert failure.details == {"option": "consumer_key", "source": "option consumer_key"}
        assert key not in failure.message


def test_a_region_at_its_own_address_has_its_own_tokens():
    own = resolve(endpoint="https://eu.api.ovh.com/v1", **OAUTH2)
    assert own.token_url == TOKENS["ovh-eu"]
    other = resolve(endpoint="https://eu.api.kimsufi.com/v1", **OAUTH2)
    assert other.token_url == "https://eu.api.kimsufi.com/auth/oauth2/token"


def test_a_file_that_is_damaged_is_told_before_the_library_reads_it(tmp_path):
    bad = tmp_path / "bad.conf"
    bad.write_text("the-as without a section")
    with pytest.raises(Failure):
        connection.check_files({"config_file": str(bad)})
    connection.check_files({})


def test_a_file_that_is_none_may_have_what_is_missing(tmp_path):
    """One that is not there is not told."""
    assert "cannot be read" not in refused(endpoint="ovh-eu").message
    (tmp_path / "home" / ".ovh.conf").mkdir()
    assert "home/.ovh.conf cannot be read by this user: it is no file. " in refused(endpoint="ovh-eu").message


def test_a_file_that_was_named_has_to_be_one(tmp_path):
    """Another one need not be, as long as nothing is missing."""
    (tmp_path / "home" / ".ovh.conf").mkdir()
    named = write(tmp_path / "named.conf", **AK)
    assert dict(resolve(config_file=named).values) == AK
    (tmp_path / "folder.conf").mkdir()
    folder = str(tmp_path / "folder.conf")
    failure = refused(config_file=folder, endpoint="ovh-eu", **AK)
    assert failure.details == {"file": folder} and "it is no file. Nothing was sent." in failure.message


def test_a_connection_that_is_shown_has_no_secret():
    shown = repr(resolve(endpoint="ovh-eu", **AK))
    assert "the-as" not in shown and "the-ck" not in shown and "option consumer_key" in shown
