# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the account says of its lines."""

from __future__ import annotations

import json

import pytest

LINE = "xdsl-ab12345-1"
OTHER = "ftth-ab12345-2"
LOGIN = "0320123456_1@adsl.ovh"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
ROUTER = "198.51.100.254"
ALL = ["access", "renew", "service_mails", "session_log"]
PERSONAL = ("KELLERMANN", "ROUBAIX", "TARBOURIECH", "CAMILLE", "59100", "59512", "EXAMPLE.ORG", "33.3202")


def patch_access(api, **fields):
    api.set(lines={LINE: {"access": fields}})


@pytest.fixture
def info(run, ak):
    """Run xdsl_info."""
    return lambda **options: run("xdsl_info", **{**ak, **options})


def one(result):
    assert not result.failed, result
    assert len(result["accesses"]) == 1
    return result["accesses"][0]


def test_all_lines(run, keys, api):
    result = run("xdsl_info", **keys)
    assert {access["service_name"] for access in result["accesses"]} == {LINE, OTHER}
    assert result["changed"] is False
    assert {call["method"] for call in api.calls() if "oauth2" not in call["path"]} == {"GET"}


def test_one_line(info):
    access = one(info(service_name=LINE))
    assert access["service_name"] == LINE
    assert (access["access_type"], access["status"], access["role"]) == ("ftth", "active", "main")
    assert access["ips"][0] == "203.0.113.10" or access["ips"][0]["ip"] == "203.0.113.10"
    assert access["login"] == LOGIN
    assert access["last_connection"]["state"] == "OK"
    assert access["session_log_allowed"] is True
    assert access["problems"] == []


@pytest.mark.parametrize(
    ("provider", "infra", "kind", "profile", "vlan"),
    [
        ("ft", "ORANGE", "ftth", "B", 835),
        ("ft", "OR", "vdsl", "B", 835),
        ("bouygues", None, "ftth", "C", 4001),
        ("axione", "AXIONE", "ftth", "A", None),
        ("sfr", "SFR", "ftth", "A", None),
        ("kosc", None, "vdsl", "A", None),
        ("ft", "ORANGE", "adsl", "A", None),
    ],
)
def test_router_settings(api, info, provider, infra, kind, profile, vlan):
    patch_access(api, provider=provider, providerInfra=infra, accessType=kind)
    access = one(info(service_name=LINE))
    assert (access["profile"], access["vlan"], access["mtu"]) == (profile, vlan, 1492)


def test_unsure_is_null(api, info):
    patch_access(api, provider="newcomer", providerInfra="NEW", accessType="fttx")
    access = one(info(service_name=LINE))
    assert access["profile"] is None and access["vlan"] is None


def test_newer_fields_may_be_missing(api, info):
    patch_access(api, provider=None, providerInfra=None, mailSending=None, iam=None, packName=None, description=None)
    assert one(info(service_name=LINE))["service_name"] == LINE


def test_no_personal_data(info):
    for options in ({}, {"service_name": LINE}, {"service_name": LINE, "required_rights": ALL}):
        written = info(**options).written.upper()
        assert [word for word in PERSONAL if word in written] == []


# --- problems in words


def problems(info, **options):
    return " ".join(map(json.dumps, one(info(service_name=LINE, **options))["problems"])).lower()


def test_problem_status(api, info):
    patch_access(api, status="slamming")
    assert "slamming" in problems(info)


def test_problem_contact(api, info):
    api.set(lines={LINE: {"service_infos": {"contactAdmin": "zz99999-ovh"}}})
    assert "zz99999-ovh" in problems(info)


def test_problem_session_log(api, info):
    patch_access(api, capabilities={"canGetRadiusConnectionLogs": False})
    access = one(info(service_name=LINE))
    assert access["session_log_allowed"] is False
    assert access["last_connection"] is None
    assert access["problems"]


def test_problem_wrong_password(api, info):
    api.admin("POST", "/dial", {"login": LOGIN, "password": "old"})
    assert "wrong login or password" in problems(info)
    access = one(info(service_name=LINE))
    assert access["last_connection"]["state"] == "KO"
    assert access["login"] == LOGIN


def test_empty_log(api, info):
    api.set(lines={LINE: {"radius": []}})
    access = one(info(service_name=LINE))
    assert access["last_connection"] is None and access["login"] is None


def test_without_the_right_to_the_log(api, run):
    actions = [one for one in api.world.state["oauth2_clients"]["EU.test-client"]["actions"] if "radius" not in one]
    api.set(oauth2_clients={"EU.test-client": {"actions": actions}})
    options = {"client_id": "EU.test-client", "client_secret": "test-client-secret"}
    result = run("xdsl_info", endpoint=api.endpoint, service_name=LINE, **options)
    assert one(result)["session_log_allowed"] is False


# --- rights


def drop_rules(api, *words, method=None):
    rules = [
        rule
        for rule in api.world.state["credentials"]["test-ck"]["rules"]
        if not (any(word in rule["path"] for word in words) and method in (None, rule["method"]))
    ]
    api.set(credentials={"test-ck": {"rules": rules}})


def test_all_rights_are_there(info, api):
    result = info(service_name=LINE, required_rights=ALL)
    assert result["missing_rights"] == [] and result["unproven_rights"] == []
    assert api.posts() == []


def test_missing_renew(api, info):
    drop_rules(api, "requestPPPLoginMail")
    result = info(service_name=LINE, required_rights=ALL)
    assert result["missing_rights"] == [
        {"right": "renew", "method": "POST", "path": POST, "iam_action": "xdsl:apiovh:requestPPPLoginMail"}
    ]
    assert info(service_name=LINE, required_rights=["access", "service_mails"])["missing_rights"] == []


def test_renew_of_another_line_is_not_this_one(api, info):
    drop_rules(api, POST)
    missing = info(service_name=LINE, required_rights=["renew"])["missing_rights"]
    assert [right["path"] for right in missing] == [POST]


def test_missing_mails(api, info):
    drop_rules(api, "notification")
    missing = info(service_name=LINE, required_rights=["service_mails"])["missing_rights"]
    assert missing and missing[0]["right"] == "service_mails"
    assert missing[0]["path"].startswith("/v2/notification/history")


def test_v1_alone_is_enough_for_the_mails(api, info):
    drop_rules(api, "/v2/")
    assert info(service_name=LINE, required_rights=["service_mails"])["missing_rights"] == []


def test_a_history_that_can_be_listed_but_not_opened_is_not_enough(api, info):
    """The list need not carry the text: without the right to open one mail, the password stays out of reach."""
    drop_rules(api, "/me/notification")
    drop_rules(api, "/v2/notification/history/*")
    missing = info(service_name=LINE, required_rights=["service_mails"])["missing_rights"]
    assert missing, "only the list is granted, and yet no right is said to be missing"


def test_everything_rule(api, info):
    rules = [{"method": method, "path": "/*"} for method in ("GET", "POST", "PUT", "DELETE")]
    api.set(credentials={"test-ck": {"rules": rules}})
    assert info(service_name=LINE, required_rights=ALL)["missing_rights"] == []


def test_oauth2_rights_that_cannot_be_proven_are_said_so(api, run):
    options = {"client_id": "EU.test-client", "client_secret": "test-client-secret"}
    result = run("xdsl_info", endpoint=api.endpoint, service_name=LINE, required_rights=ALL, **options)
    assert result["missing_rights"] == []
    assert "renew" in {right["right"] for right in result["unproven_rights"]}
    assert api.posts() == []


def test_oauth2_missing_mail_action(api, run):
    actions = [
        one for one in api.world.state["oauth2_clients"]["EU.test-client"]["actions"] if "notification" not in one
    ]
    api.set(oauth2_clients={"EU.test-client": {"actions": actions}})
    options = {"client_id": "EU.test-client", "client_secret": "test-client-secret"}
    result = run("xdsl_info", endpoint=api.endpoint, service_name=LINE, required_rights=ALL, **options)
    assert not result.failed, result
    assert "account:apiovh:notification/history/get" in {
        right["iam_action"] for right in result["missing_rights"] + result["unproven_rights"]
    }


# --- is the control node behind the line?


def control_node(info, **options):
    return info(service_name=LINE, router_address=ROUTER, **options)["control_node"]


def test_control_node_elsewhere(api, info):
    api.set(caller_ip="198.51.100.20")
    node = control_node(info)
    assert node["behind_line"] is False, node


def test_control_node_behind_the_line(api, info):
    api.set(caller_ip="203.0.113.10")
    node = control_node(info)
    assert node["behind_line"] is True and node["address"] == "203.0.113.10"


def test_control_node_behind_the_line_by_ipv6(api, info):
    api.set(caller_ip="2001:db8:1:1ab::7")
    assert control_node(info)["behind_line"] is True


def test_control_node_whose_calls_nobody_tells(api, info):
    """The local API is on this machine's loopback, which no line carries."""
    drop_rules(api, "/me/api")
    node = control_node(info)
    assert node["behind_line"] is False and "loopback" in node["reason"]
    assert "cannot be read (not_granted)" in node["facts"]["exit"]["untold"]
    assert node["facts"]["blocks"] == ["203.0.113.10", "2001:db8:1:100::/56"] or node["facts"]["blocks"]


def test_control_node_and_a_mail_server_at_the_line(info):
    node = control_node(info, source="imap", imap_host="203.0.113.10")
    assert node["behind_line"] is True and "the mailbox 203.0.113.10 is 203.0.113.10, an address of" in node["reason"]
    assert control_node(info, imap_host="203.0.113.10")["behind_line"] is False


@pytest.mark.parametrize("address", ["198.51.100.1", None])
def test_control_node_behind_the_line_and_another_caller(api, info, address):
    """The newest call of the account may be somebody else's, from somewhere else: never a reason to feel safe."""
    api.set(caller_ip="203.0.113.10")
    info(service_name=LINE)
    with api.world.change() as state:
        entry = dict(state["api_logs"][-1])
        entry.update(logId=entry["logId"] + 900000, ip=address, method="GET", path="/domain", route="/domain")
        state["api_logs"].append(entry)
    assert control_node(info)["behind_line"] is not False


# --- bad input


def test_unknown_service_name(info):
    result = info(service_name="xdsl-ab12345-7")
    assert result.failed
    assert "xdsl-ab12345-7" in result["msg"] and LINE in result["msg"] and OTHER in result["msg"]


def test_unknown_service_name_without_the_right_to_list(api, info):
    api.set(credentials={"test-ck": {"rules": [{"method": "GET", "path": "/xdsl/*"}]}})
    result = info(service_name="xdsl-ab12345-7")
    assert result.failed and result.code in ("unknown_service", "not_found") and "xdsl-ab12345-7" in result["msg"]


@pytest.mark.parametrize("word", ["everything", "Renew"])
def test_unknown_right(info, word):
    result = info(service_name=LINE, required_rights=[word])
    assert result.failed and word in result["msg"]
