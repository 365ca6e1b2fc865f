# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's variables: empty is not given, texts do for flags and numbers, and the papers agree with the code."""

from __future__ import annotations

import pathlib

import pytest
import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import (
    CONNECTION,
    MAILBOX,
    PATTERNS,
    PREFIX,
    ROUTER,
    SPEC,
    Options,
)

ROLE = pathlib.Path(__file__).resolve().parents[5] / "roles" / "router_pppoe"
CANARY = "Kanarie'\"$;\\#<>&é:7391"
LEAST = {"service_name": "xdsl-ab12345-1"}
OTHERS = [name for name in SPEC if name != "service_name"]


def options(**given):
    return Options({**LEAST, **given})


@pytest.mark.parametrize("empty", [None, "", []])
@pytest.mark.parametrize("name", OTHERS)
def test_empty_is_not_given(name, empty):
    assert options(**{name: empty}).values == options().values


@pytest.mark.parametrize("empty", [None, "", []])
def test_the_line_must_be_named(empty):
    with pytest.raises(Failure) as refused:
        Options({"service_name": empty})
    assert refused.value.code == "invalid_option"
    assert "router_pppoe_service_name" in refused.value.message


@pytest.mark.parametrize("name", [name for name, spec in SPEC.items() if spec["type"] == "bool"])
def test_flags_as_texts(name):
    for text, flag in (("true", True), ("yes", True), ("1", True), ("false", False), ("no", False), ("0", False)):
        assert options(**{name: text}).flag(name) is flag
    assert options(**{name: False}).flag(name) is False
    assert options(**{name: True}).flag(name) is True


@pytest.mark.parametrize("name", [name for name, spec in SPEC.items() if spec["type"] == "int"])
def test_numbers_as_texts(name):
    assert options(**{name: "47"}).number(name) == 47
    assert options(**{name: 0}).number(name) == 0


WRONG = {"bool": "perhaps", "int": "many", "list": {"a": 1}, "path": {"a": 1}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, WRONG[spec["type"]]) for name, spec in SPEC.items() if spec["type"] in ("bool", "int", "list")),
        *((name, "another") for name, spec in SPEC.items() if "choices" in spec),
    ],
)
def test_a_wrong_value_names_the_variable(name, value):
    with pytest.raises(Failure) as refused:
        options(**{name: value})
    assert refused.value.code == "invalid_option"
    assert f"{PREFIX}{name}" in refused.value.message


@pytest.mark.parametrize("name", [name for name, spec in SPEC.items() if spec.get("no_log")])
@pytest.mark.parametrize("shape", [CANARY, [CANARY], {"a": CANARY}, {CANARY: 1}])
def test_no_refusal_quotes_a_secret(name, shape):
    try:
        found = options(**{name: shape, "renew": "perhaps"})
    except Failure as failure:
        assert CANARY not in f"{failure.message} {failure.as_result()}"
        assert "router_pppoe_renew" in failure.message
    else:
        pytest.fail(f"{found} was taken")


def test_every_secret_is_one():
    secret = {name for name, spec in SPEC.items() if spec.get("no_log")}
    named = {name for name in SPEC if name.endswith(("password", "secret", "token", "consumer_key"))}
    assert secret == named


def test_no_unknown_variable():
    with pytest.raises(Failure, match="router_pppoe_paswrd"):
        options(paswrd="x")


def test_what_the_parts_take():
    given = options(endpoint="ovh-eu", imap_host="mail.example", mail_title="Yours", ppp_dir="/srv/ppp", login="x")
    assert given.connection() == {"service_name": "xdsl-ab12345-1", "endpoint": "ovh-eu"}
    assert given.mailbox() == {"source": "api", "list_age": 2, "imap_host": "mail.example", "mail_title": "Yours"}
    router = given.router()
    assert router["ppp_dir"] == "/srv/ppp"
    assert router["platform"] == "linux_pppd"
    assert router["interface"] == given.interface != ""
    assert set(router) == {"platform", "interface", *ROUTER}
    assert not set(CONNECTION) & set(MAILBOX) & set(PATTERNS) & set(ROUTER)
    assert "login" not in router
    assert options(interface="wan6").interface == "wan6"
    assert options(platform="custom", platform_dir="/x").interface == ""


def test_what_is_wished():
    assert not options().by_hand
    assert not options(login="x").by_hand
    assert options(login="x", password="y").by_hand
    assert options(platform="custom").custom
    assert not options().custom
    assert not options().stores
    assert options(store="a.yml").stores
    assert options(store_vault_file="b.yml").stores
    assert options(store="/a.yml", store_vault_file="/b.yml").store_name == "/b.yml"
    assert options(store="/a.yml").store_name == "/a.yml"
    assert options().store_name == ""
    assert options().mail_place == "the account"
    assert options(mail_source="imap").mail_place == "the mailbox"
    assert options(renewed_since=None).text("renewed_since") == ""
    assert options(cooldown="1h").text("cooldown") == "1h"


def described():
    papers = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    return papers["main"]["options"]


def test_the_papers_agree_with_the_code():
    found = described()
    assert list(found) and set(found) == {f"{PREFIX}{name}" for name in SPEC}
    for name, spec in SPEC.items():
        paper = found[f"{PREFIX}{name}"]
        ours = {key: spec[key] for key in ("type", "choices", "elements", "required", "default") if key in spec}
        theirs = {key: paper[key] for key in ("type", "choices", "elements", "required", "default") if key in paper}
        assert theirs == ours, name
        assert bool(paper.get("no_log")) is bool(spec.get("no_log")), name


def test_the_defaults_agree_with_the_code():
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert defaults == {f"{PREFIX}{name}": spec["default"] for name, spec in SPEC.items() if "default" in spec}


def test_every_entry_point_describes_the_same():
    papers = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    assert set(papers) == {"main", "preflight", "rehearse", "audit", "credentials"}
    for entry in papers.values():
        assert set(entry["options"]) <= set(described())


def test_blanks_around_what_the_line_has_are_none_of_it():
    """As somebody copies it out of a mail; another password may begin or end with a blank."""
    given = {
        "login": " l@x",
        "password": "p\u00a0w \n",
        "line_login": "m ",
        "replaces_login": "\tn",
        "imap_password": " i ",
    }
    one = Options({"service_name": "xdsl-ab12345-1", **given})
    found = [one.text(name) for name in given]
    assert found == ["l@x", "p\u00a0w", "m", "n", " i "]
