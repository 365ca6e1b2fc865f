# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trigger: never a POST too many. Every test counts the POSTs that the local OVH saw."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

LINE = "xdsl-ab12345-1"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
CANARY = "Zq7-canary_9x"
WRITES = ("POST", "PUT", "DELETE", "PATCH")


def iso(**ago):
    return (datetime.now(timezone.utc) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def taken(api):
    """How often a new password was really made."""
    return api.line(LINE)["requests"]


def everything_written(folder):
    return "".join(path.read_text() for path in Path(folder).rglob("*") if path.is_file())


# --- the flag


def test_without_the_flag_nothing_is_sent(api, renew):
    for options in ({}, {"renew": False}, {"renew": False, "max_age": "1d"}):
        result = renew(**options)
        assert not result["changed"] and not result["requested"]
        assert result["reason"] == "flag_unset"
    assert api.calls() == []


def test_with_the_flag_exactly_one(api, renew):
    before = time.time() - 1
    result = renew(renew=True)
    assert (result["changed"], result["requested"], result["reason"]) == (True, True, "requested")
    assert result["outcome"] == "confirmed"
    asked = datetime.fromisoformat(result["requested_at"].replace("Z", "+00:00")).timestamp()
    assert before <= asked <= time.time() + 1
    assert len(api.posts()) == 1 and taken(api) == 1


def test_both_kinds_of_credentials(api, run, keys, state_dir):
    result = run("xdsl_ppp_login_mail", **keys, service_name=LINE, renew=True, state_dir=state_dir)
    assert result["requested"], result
    assert len(api.posts()) == 1


def test_the_same_command_again_sends_nothing(api, renew):
    renew(renew=True)
    again = renew(renew=True)
    assert not again["changed"] and not again["requested"]
    assert again["reason"] in ("pending", "already_renewed")
    time.sleep(0.3)
    third = renew(renew=True)
    assert not third["changed"] and third["reason"] in ("pending", "already_renewed")
    assert len(api.posts()) == 1


def test_again_without_the_journal_the_evidence_is_enough(api, renew, tmp_path):
    """Another control node, a lost disk: OVH's own record tells."""
    renew(renew=True)
    again = renew(renew=True, state_dir=str(tmp_path / "another"))
    assert not again["requested"], again
    time.sleep(0.3)
    third = renew(renew=True, state_dir=str(tmp_path / "third"))
    assert not third["requested"], third
    assert len(api.posts()) == 1


def test_pending_until_the_mail_is_there(api, renew):
    api.set(mail_delay=60)
    renew(renew=True)
    again = renew(renew=True)
    assert (again["changed"], again["reason"]) == (False, "pending")
    assert again["requested_at"]
    assert len(api.posts()) == 1


def test_after_the_cooldown_the_flag_renews_again(api, renew):
    renew(renew=True)
    time.sleep(1.1)
    line = api.line(LINE)
    assert api.admin("POST", "/dial", {"login": line["login"], "password": line["password"]})["ok"]
    time.sleep(1.1)
    again = renew(renew=True, cooldown="1s")
    assert again["requested"], again
    assert len(api.posts()) == 2


def test_a_password_that_was_never_used_is_not_thrown_away(api, renew):
    """The run was stopped after the mail came: the same command goes on with that password."""
    renew(renew=True)
    time.sleep(1.4)
    again = renew(renew=True, cooldown="1s")
    assert again["reason"] == "already_renewed", again
    assert len(api.posts()) == 1


# --- check mode


def test_check_mode_predicts_and_writes_nothing(api, renew, state_dir):
    predicted = renew(renew=True, check_mode=True, diff=True)
    assert predicted["changed"] and not api.posts()
    assert [call for call in api.calls() if call["method"] in WRITES and call["path"] != "/auth/oauth2/token"] == []
    assert list(Path(state_dir).glob("xdsl-*")) == []  # what lines share is no record of this one
    real = renew(renew=True)
    assert real["changed"] == predicted["changed"] and len(api.posts()) == 1
    after = renew(renew=True, check_mode=True)
    assert not after["changed"] and len(api.posts()) == 1


# --- the evidence of a mail


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"renewed_since": iso(days=200)}, 0),
        ({"renewed_since": iso(days=100)}, 1),
        ({"max_age": "150d"}, 0),
        ({"max_age": "90d"}, 1),
        ({"max_age": "20w"}, 0),
    ],
)
def test_renewed_since_and_max_age(api, renew, options, wanted):
    result = renew(renew=True, **options)
    assert not result.failed, result
    assert len(api.posts()) == wanted
    assert result["changed"] == bool(wanted)
    if not wanted:
        assert result["reason"] == "already_renewed"
        assert set(result["mail"]) == {"id", "date", "title"}
        assert LINE in result["mail"]["title"]
    again = renew(renew=True, **options)
    assert not again["changed"] and len(api.posts()) == wanted


@pytest.mark.parametrize("version", ["v2", "v1"])
@pytest.mark.parametrize("options", [{"max_age": "150d"}, {"renewed_since": iso(days=150)}])
def test_an_account_with_many_mails(api, renew, version, options):
    """A search that stopped early has proven nothing: a mail that it did not reach must not cost an outage."""
    from ovh_api import mails

    if version == "v1":
        rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
        api.set(credentials={"test-ck": {"rules": rules}})
    with api.world.change():
        for number in range(150, 0, -1):
            api.world.add_mail(*mails.other_mail(number), at=api.world.now() - number * 3600)
    result = renew(renew=True, **options)
    assert api.posts() == [], result
    assert not result.failed and result["reason"] == "already_renewed", result


@pytest.mark.parametrize("offset", [-1, 0])
def test_renewed_since_is_met_by_a_mail_at_that_very_second(api, renew, offset):
    api.admin("POST", f"/line/{LINE}/rotate")
    time.sleep(0.3)
    mail = next(one for one in api.world.published()[::-1] if LINE in one["title"])
    since = datetime.fromtimestamp(int(mail["at"]) + offset, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    result = renew(renew=True, renewed_since=since, cooldown="0s")
    assert result["reason"] == "already_renewed", result
    assert api.posts() == []


def test_an_offset_in_renewed_since_counts(api, renew):
    from ovh_api import mails

    api.admin("DELETE", "/mails")
    title, text = mails.ppp_mail(LINE, api.line(LINE)["login"], CANARY)
    api.admin("POST", "/mails", {"title": title, "text": text, "age": 3600})
    for minutes, hours, wanted in ((30, 3, True), (90, -3, False)):
        since = (datetime.now(timezone.utc) - timedelta(minutes=minutes)).astimezone(timezone(timedelta(hours=hours)))
        result = renew(renew=True, renewed_since=since.isoformat(timespec="seconds"), check_mode=True)
        assert result["changed"] is wanted, result
    assert api.posts() == []


def test_renewed_since_in_the_future_is_refused(api, renew):
    """No mail could ever satisfy it: it would ask again at every run."""
    result = renew(renew=True, renewed_since=iso(days=-2))
    assert result.failed and "renewed_since" in result["msg"]
    assert api.posts() == []


@pytest.mark.parametrize("noise", ["modem", "bill", "other_line"])
def test_other_mails_are_no_evidence(api, renew, noise):
    from ovh_api import mails

    other = "ftth-ab12345-2"
    title, text = {
        "modem": mails.modem_mail(LINE, CANARY),
        "bill": mails.bill_mail("FR1"),
        "other_line": mails.ppp_mail(other, api.line(other)["login"], CANARY),
    }[noise]
    api.admin("POST", "/mails", {"title": title, "text": text, "age": 3600})
    result = renew(renew=True, max_age="90d")
    assert result["requested"], result
    assert CANARY not in result.written


def test_v1_history_where_v2_is_not_granted(api, renew):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    assert renew(renew=True, max_age="150d")["reason"] == "already_renewed"
    assert api.posts() == []
    assert renew(renew=True, max_age="90d")["requested"]
    assert len(api.posts()) == 1


def test_no_mail_can_be_read_then_nothing_is_sent(api, renew):
    """Without the right to read the mail the new password would be out of reach."""
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "notification" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    result = renew(renew=True, max_age="90d")
    assert result.failed and result.code == "not_granted", result
    assert "notification" in result["msg"]
    assert api.posts() == []


def test_the_clock_of_ovh_counts(api, renew):
    """A control node whose clock is wrong by hours."""
    api.set(clock_skew=-7200)
    assert renew(renew=True)["requested"]
    time.sleep(0.4)
    again = renew(renew=True)
    assert not again["requested"], again
    assert len(api.posts()) == 1


# --- unknown outcomes: sent once, never again blindly


@pytest.mark.parametrize(
    ("fault", "effect"),
    [
        ({"kind": "cut_before"}, 0),
        ({"kind": "cut_after"}, 1),
        ({"kind": "html_502"}, 0),
        ({"kind": "html_502", "effect": True}, 1),
        ({"kind": "empty_200"}, 1),
        ({"kind": "status:503"}, 0),
        ({"kind": "json_list_error", "effect": True}, 1),
        ({"kind": "json_list_error"}, 0),
        ({"kind": "status:504", "effect": True}, 1),
    ],
)
def test_an_unclear_answer_is_never_followed_by_a_second_post(api, renew, fault, effect):
    api.fault(method="POST", path=POST, **fault)
    first = renew(renew=True)
    assert len(api.posts()) == 1 and taken(api) == effect
    # OVHcloud's call log tells what arrived.
    assert not first.failed and first["changed"], first
    assert first["outcome"] == ("confirmed" if effect else "unknown"), first
    again = renew(renew=True)
    assert len(api.posts()) == 1, "sent a second time"
    assert not again.failed and not again["requested"], again
    assert again["reason"] in (("pending", "already_renewed") if effect else ("pending",))


def test_the_call_log_one_entry_at_a_time(api, renew, tmp_path):
    """Where the API answers for one entry at a time only."""
    api.set(batch=False, mail_delay=60)
    api.fault("cut_after", "POST", POST)
    assert renew(renew=True)["outcome"] in ("confirmed", "unknown")
    again = renew(renew=True, state_dir=str(tmp_path / "another"))
    assert again["reason"] == "pending" and len(api.posts()) == 1


@pytest.mark.parametrize("effect", [0, 1])
def test_a_cut_connection_and_a_lost_journal(api, renew, tmp_path, effect):
    """The journal is gone and the answer was lost: OVH's call log or its mail still tells what took effect."""
    api.fault("cut_after" if effect else "cut_before", "POST", POST)
    renew(renew=True)
    time.sleep(0.4)
    renew(renew=True, state_dir=str(tmp_path / "another"))
    assert taken(api) == 1


def test_the_journal_is_written_before_the_post(api, renew, state_dir, monkeypatch):
    """Killed in the middle of the POST: the next run knows."""
    import ovh

    real = ovh.Client.raw_call
    seen = []

    def watching(self, method, path, *args, **options):
        if method == "POST":
            seen.append(everything_written(state_dir))
            raise KeyboardInterrupt
        return real(self, method, path, *args, **options)

    monkeypatch.setattr(ovh.Client, "raw_call", watching)
    with pytest.raises(KeyboardInterrupt):
        renew(renew=True)
    assert seen and LINE in seen[0]
    monkeypatch.setattr(ovh.Client, "raw_call", real)
    again = renew(renew=True)
    assert not again.failed and (again["reason"], again["outcome"]) == ("pending", "unknown"), again
    assert api.posts() == []


def test_evidence_under_many_other_calls(api, renew, ak, tmp_path):
    """No journal here, the answer was lost, no mail yet, and a monitoring job calls the API all the time."""
    import ovh
    import ovh.client

    api.set(mail_delay=60)
    api.fault("cut_after", "POST", POST)
    renew(renew=True)
    ovh.client.ENDPOINTS[api.endpoint] = api.endpoint
    client = ovh.Client(api.endpoint, "test-ak", "test-as", "test-ck")
    for _call in range(40):
        client.get("/me")
    again = renew(renew=True, state_dir=str(tmp_path / "another"))
    assert len(api.posts()) == 1, again


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1, "requested_at": "soon"}'])
def test_a_damaged_journal_stops_the_run(api, renew, state_dir, content):
    """It may speak of a request: guessing could cut the line a second time."""
    renew(renew=True, check_mode=True)
    api.set(mail_delay=60)
    renew(renew=True)
    journals = list(Path(state_dir).rglob("*.json"))
    assert journals
    for journal in journals:
        journal.write_text(content)
    result = renew(renew=True)
    assert len(api.posts()) == 1
    assert result.failed and "state_dir" in result["msg"], result


def test_a_journal_that_cannot_be_written_stops_the_run(api, renew, tmp_path):
    (tmp_path / "file").write_text("")
    result = renew(renew=True, state_dir=str(tmp_path / "file" / "below"))
    assert result.failed and "state_dir" in result["msg"], result
    assert api.posts() == []


def test_a_refused_post_is_no_request(api, renew):
    """OVH said no: nothing changed, and the next run may ask again."""
    api.fault("status:409", "POST", POST)
    first = renew(renew=True)
    assert first.failed and not first.get("changed"), first
    assert "query_id" in first["failure"]["details"]
    second = renew(renew=True)
    assert second["requested"], second
    assert taken(api) == 1


def test_a_missing_right_to_post(api, renew):
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if rule["method"] == "GET"]
    api.set(credentials={"test-ck": {"rules": rules}})
    result = renew(renew=True)
    assert result.failed and result.code == "not_granted"
    assert POST in result["msg"] and "xdsl:apiovh:requestPPPLoginMail" in result["msg"]
    assert taken(api) == 0


def test_rate_limited_post_is_not_repeated(api, renew):
    api.fault("rate_limit", "POST", POST, retry_after=1)
    result = renew(renew=True)
    assert result.failed and len(api.posts()) == 1
    assert taken(api) == 0


def test_reads_are_repeated_and_retry_after_is_kept(patient, api, renew):
    api.fault("rate_limit", "GET", "/xdsl/*", retry_after=1)
    api.fault("rate_limit", "GET", "*notification*", retry_after=1)
    began = time.monotonic()
    assert renew(renew=True, max_age="90d")["requested"]
    assert time.monotonic() - began >= 1
    assert len(api.posts()) == 1


# --- one at a time


def test_two_runs_at_once_send_one(api, ak, state_dir, tmp_path):
    """Two processes, one line, one journal."""
    import json
    import os
    import subprocess
    import sys

    api.set(answer_delay=0.1)
    script = (
        "import importlib, json, sys\n"
        "sys.path[:0] = json.loads(sys.argv[1])\n"
        "from ansible.module_utils.testing import patch_module_args\n"
        "name = 'ansible_collections.ownrouter.ovhcloud.plugins.modules.xdsl_ppp_login_mail'\n"
        "module = importlib.import_module(name)\n"
        "with patch_module_args(json.loads(sys.argv[2])):\n"
        "    module.main()\n"
    )
    options = {**ak, "service_name": LINE, "state_dir": state_dir, "renew": True}
    options.update(_ansible_remote_tmp=str(tmp_path), _ansible_tmpdir=None)
    root = str(Path(__file__).resolve().parents[7])
    command = [sys.executable, "-c", script, json.dumps([root, *sys.path]), json.dumps(options)]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        for _number in range(2)
    ]
    outputs = [run.communicate(timeout=30) for run in runs]
    assert all("Traceback" not in err for _out, err in outputs), outputs
    assert len(api.posts()) == 1, outputs
    results = [json.loads(out.strip().splitlines()[-1]) for out, _err in outputs]
    assert sorted(bool(result.get("changed")) for result in results) == [False, True]


def test_two_lines_do_not_wait_for_each_other(api, renew):
    assert renew(renew=True)["requested"]
    assert renew(renew=True, service_name="ftth-ab12345-2")["requested"]
    assert len(api.posts()) == 2


def test_threads_of_the_sandbox_agree(api):
    """The count that these tests rely on is right under concurrency."""
    threads = [threading.Thread(target=api.world.renew_password, args=(LINE, True)) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken(api) == 20


# --- bad input


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("renewed_since", "yesterday"),
        ("renewed_since", "2026-13-01T00:00:00Z"),
        ("renewed_since", "1700000000"),
        ("max_age", "90 bananas"),
        ("max_age", "-3d"),
        ("max_age", ""),
        ("cooldown", "soon"),
        ("cooldown", "-1"),
    ],
)
@pytest.mark.parametrize("flag", [True, False])
def test_malformed_values(api, renew, option, value, flag):
    result = renew(renew=flag, **{option: value})
    assert result.failed, result
    assert option in result["msg"]
    if value:
        assert value in result["msg"]
    assert result.code
    assert api.calls() == []


@pytest.mark.parametrize("value", ["15m", "0s", "1h", "2d", "900s", "1w"])
def test_usual_durations(renew, value):
    assert not renew(renew=False, cooldown=value).failed


def test_a_duration_of_iso_8601_is_refused_with_the_forms(renew):
    result = renew(renew=False, cooldown="PT15M")
    assert result.code == "invalid_option" and "cooldown" in result["msg"] and "1d12h" in result["msg"], result


def test_unknown_service_name_gets_the_names(api, renew):
    result = renew(renew=True, service_name="xdsl-ab12345-7")
    assert result.failed
    assert "xdsl-ab12345-1" in result["msg"] and "ftth-ab12345-2" in result["msg"]
    assert api.posts() == []


@pytest.mark.parametrize("status", ["slamming", "close", "terminated", "doing"])
def test_an_access_that_is_not_active(api, renew, status):
    api.set(lines={LINE: {"access": {"status": status}}})
    result = renew(renew=True)
    assert result.failed and status in result["msg"], result
    assert api.posts() == []


@pytest.mark.parametrize("name", ["", "../me", "xdsl-ab12345-1/ips", "a b", "*"])
def test_strange_service_names(api, renew, name):
    result = renew(renew=True, service_name=name)
    assert result.failed
    assert api.posts() == []


# --- secrets


def test_no_password_anywhere(api, renew, state_dir):
    api.set(next_password=CANARY)
    outputs = [renew(renew=True, diff=True)]
    time.sleep(0.3)
    outputs.append(renew(renew=True, diff=True, max_age="1d"))
    assert api.line(LINE)["password"] == CANARY
    for output in outputs:
        assert CANARY not in output.written
        assert "TARBOURIECH" not in output.written.upper() and "KELLERMANN" not in output.written
    kept = everything_written(state_dir)
    assert LINE in kept
    for secret in (CANARY, "test-as", "test-ck"):
        assert secret not in kept
    modes = {oct(path.stat().st_mode & 0o077) for path in Path(state_dir).rglob("*")}
    assert modes == {"0o0"}
