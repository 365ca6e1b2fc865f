# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one request: what counts as sent, whatever the answer was, and what the journal and OVHcloud's log say of it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _argspec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import journal, trigger
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import Decision
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import search, sender
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded, moments
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.call_log import LIST, TOPIC
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn

LINE = "xdsl-ab12345-1"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
NO_EFFECT = "No new password was made; the running session was not cut."


def ago(**delta):
    return (datetime.now(timezone.utc) - timedelta(**delta)).replace(microsecond=0)


@pytest.fixture
def noted(state_dir):
    """noted(outcome, **ago): a journal of an earlier run; without arguments: what stands in it now."""
    kept = journal.Journal(state_dir, LINE)

    def note(outcome=None, **delta):
        if outcome is not None:
            kept.record(journal.Entry(ago(**delta), outcome))
        return kept.last()

    return note


# --- the answer to the request


def test_an_answer_without_an_end_is_an_unknown_outcome(api, renew, noted, monkeypatch):
    """Too long or too slow: OVHcloud may have acted on the request all the same."""
    monkeypatch.setattr(bounded, "DEADLINE", 0.2)
    api.set(mail_delay=60, api_log_delay=60)
    api.fault("endless", "POST", POST)
    first = renew(renew=True)
    assert (first["reason"], first["outcome"], noted().outcome) == ("pending", "unknown", "unknown"), first
    assert first["changed"] and first["requested"] and first["requests"] == 1
    assert renew(renew=True)["reason"] == "pending"
    assert len(api.posts()) == 1 and api.line(LINE)["requests"] == 1


@pytest.mark.parametrize(
    ("fault", "body"), [("status:408", None), ("status:500", "no JSON"), ("html_502", None), ("status:500", None)]
)
def test_an_unclear_answer_is_not_taken_for_a_refusal(api, renew, noted, fault, body):
    api.set(mail_delay=60, api_log_delay=60)
    api.fault(fault, "POST", POST, effect=True, **({"body": body} if body else {}))
    assert renew(renew=True)["outcome"] == "unknown" and noted().outcome == "unknown"
    assert renew(renew=True)["reason"] == "pending" and len(api.posts()) == 1


def test_an_old_request_in_the_log_does_not_prove_the_present_one(api, renew, noted):
    api.logged((3600, POST))
    api.fault("cut_before", "POST", POST)
    result = renew(renew=True, renewed_since=ago(seconds=1).isoformat())
    assert (result["reason"], result["outcome"], noted().outcome) == ("pending", "unknown", "unknown"), result
    again = renew(renew=True)
    assert (again["reason"], again["outcome"], noted().outcome) == ("pending", "unknown", "unknown"), again
    assert len(api.posts()) == 1


@pytest.mark.parametrize("kind", ["status:500", "cut_before"])
def test_a_mail_history_that_fails_stops_the_request(api, renew, kind):
    """It may hold the mail that says: done already."""
    api.fault(kind, "GET", "*notification*", times=-1)
    assert renew(renew=True).failed and api.posts() == []


# --- what the journal of an earlier run says


@pytest.mark.parametrize("outcome", ["sending", "unknown", "confirmed"])
def test_what_may_have_been_sent_counts(api, renew, noted, outcome):
    noted(outcome, minutes=1)
    result = renew(renew=True)
    assert not result.failed and result["reason"] == "pending" and api.posts() == []


@pytest.mark.parametrize("outcome", ["refused", "not_sent"])
def test_what_had_no_effect_does_not_count(api, renew, noted, outcome):
    noted(outcome, minutes=1)
    assert renew(renew=True)["reason"] == "requested" and len(api.posts()) == 1


def test_a_newer_request_of_another_node_counts_beside_an_older_entry_of_ours(api, renew, noted):
    noted("confirmed", minutes=40)
    api.logged((300, POST))
    result = renew(renew=True, renewed_since=ago(minutes=30).isoformat())
    assert result["reason"] == "pending" and api.posts() == [], result
    assert datetime.fromisoformat(result["requested_at"].replace("Z", "+00:00")) > ago(minutes=6)


@pytest.mark.parametrize("outcome", ["sending", "unknown"])
def test_a_resumed_run_says_what_became_of_the_request(api, renew, noted, outcome):
    """Unknown while nothing tells; confirmed, in the journal too, as soon as the mail is there."""
    requested_at = noted(outcome, minutes=2).requested_at
    open_still = renew(renew=True)
    assert (open_still["reason"], open_still["outcome"]) == ("pending", "unknown")
    assert noted().outcome == outcome
    api.world.renew_password(LINE, False)
    time.sleep(0.25)
    assert renew(renew=True)["reason"] == "already_renewed"
    assert noted().outcome == "confirmed" and noted().requested_at == requested_at
    assert api.posts() == []


def test_the_log_alone_confirms_an_open_entry(api, renew, noted):
    noted("sending", minutes=2)
    api.logged((120, POST))
    result = renew(renew=True)
    assert (result["reason"], result["outcome"], noted().outcome) == ("pending", "confirmed", "confirmed")


def test_a_refused_request_brings_the_earlier_entry_back(api, renew, noted):
    earlier = noted("unknown", hours=2)
    api.fault("status:409", "POST", POST)
    assert renew(renew=True).failed
    assert (noted().requested_at, noted().outcome) == (earlier.requested_at, "unknown")


def test_a_refused_request_without_an_earlier_entry_is_noted_as_such(api, renew, noted):
    api.fault("status:409", "POST", POST)
    assert renew(renew=True).failed
    assert noted().outcome == "refused"


def test_check_mode_leaves_an_open_entry_as_it_is(api, renew, noted, state_dir):
    noted("sending", minutes=2)
    api.logged((120, POST))  # a run that may write would note it as confirmed
    (file,) = Path(state_dir).glob("*.json")
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    assert renew(renew=True, check_mode=True)["reason"] == "pending"
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    # What lines share of OVHcloud's answers is no record of this one.
    assert [path.name for path in Path(state_dir).iterdir() if not path.name.startswith("shared-")] == [file.name]


def test_the_journal_says_sending_before_the_request_goes_out(api, renew, noted, monkeypatch):
    import ovh

    seen = []
    real = ovh.Client.raw_call

    def watching(self, method, path, *args, **options):
        if method == "POST":
            seen.append(noted())
        return real(self, method, path, *args, **options)

    monkeypatch.setattr(ovh.Client, "raw_call", watching)
    assert renew(renew=True)["requested"]
    assert [entry.outcome for entry in seen] == ["sending"] and noted().outcome == "confirmed"


# --- a rule that forwards the mails


class Forwarded:
    """A mailbox to which a rule forwarded an invoice, forty days ago."""

    def recent(self, since):
        refusal = sender.Refusal("its server says dmarc=fail", "Let it redirect them.", by_rule=True)
        mail = search.ServiceMail("INBOX/7", ago(days=40), "Facture", None, None, refusal)
        return iter([mail] if since is None or since < mail.date else [])


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("age", [{}, {"renewed_since": "2020-01-01T00:00:00Z"}])
def test_a_rule_that_forwards_the_mails_is_told(api, renew, monkeypatch, check, age):
    """However far the decision itself looks back. The role's preflight stops there."""
    monkeypatch.setattr(trigger, "open_mailbox", lambda *_given: Forwarded())
    result = renew(renew=True, source="imap", check_mode=check, **age)
    assert result["requested"] and len(api.posts()) == (not check)
    assert result["forwarded"]["id"] == "INBOX/7" and result["forwarded"]["what_to_do"] == "Let it redirect them."
    warnings = str(result["warnings"])
    assert "'Facture'" in warnings and "Let it redirect them. Until then" in warnings
    assert renew(renew=False, source="imap")["forwarded"] is None


def test_a_mailbox_that_cannot_be_read_to_its_end_stops_nothing(api, renew, monkeypatch):
    class Long(Forwarded):
        def recent(self, since):
            if since is None:
                raise trigger.Failure("too_many_mails", "There are too many mails.")
            return iter(())

    monkeypatch.setattr(trigger, "open_mailbox", lambda *_given: Long())
    result = renew(renew=True, source="imap")
    assert result["requested"] and result["forwarded"] is None


# --- who may still stop it


@pytest.mark.parametrize(("left", "sent"), [(1, True), (0, True), (-1, False)])
def test_a_request_is_not_sent_after_its_time(api, renew, noted, monkeypatch, left, sent):
    """Whoever asked for it may have given up."""
    now = ago()
    monkeypatch.setattr(trigger.Client, "now", lambda _self: now)
    result = renew(renew=True, not_after=(now + timedelta(seconds=left)).isoformat())
    assert len(api.posts()) == sent and noted().outcome == ("confirmed" if sent else "not_sent")
    if not sent:
        assert result.code == "too_late" and "(not_after)" in result["msg"] and NO_EFFECT in result["msg"], result


def test_the_caller_has_the_last_word(api, ak, state_dir, noted):
    """Directly before the request: what speaks against it then ends it."""
    asked = []

    def ready(sending):
        asked.append((sending, noted() and noted().outcome, len(api.posts())))
        if sending:
            raise Failure("no_proof", "The proof is gone.")

    def run(check_mode=False, **options):
        given = {**ak, "service_name": LINE, "state_dir": state_dir, **options}
        checked = ArgumentSpecValidator(_argspec.login_mail_spec()).validate(given)
        return trigger.renew(checked.validated_parameters, check_mode, ready)

    with pytest.raises(Failure) as error:
        run(renew=True)
    assert asked == [(False, None, 0), (True, "sending", 0)]
    assert (error.value.code, error.value.outcome) == ("no_proof", Outcome.NOT_SENT) and api.posts() == []
    assert run(renew=False)["reason"] == "flag_unset"
    assert run(check_mode=True, renew=True)["reason"] == "requested" and len(asked) == 2


def test_it_is_decided_when_the_others_have_been_waited_for(api, renew, ak, state_dir, monkeypatch):
    """What another host asked for meanwhile counts, and the session is as much older."""

    def meet(client, *which):
        assert client.turn is Turn.POST and which == (TOPIC, LIST, moments.LONGEST) and api.calls() == []
        api.logged((150, POST))
        return 200.0

    monkeypatch.setattr(trigger.moments, "meet", meet)
    given = {**ak, "service_name": LINE, "state_dir": state_dir, "renew": True, "session_uptime": 10}
    params = ArgumentSpecValidator(_argspec.login_mail_spec()).validate(given).validated_parameters
    assert trigger.renew(params, False)["reason"] == "pending" and api.posts() == []


def test_a_look_waits_for_nobody(renew, ak, state_dir, monkeypatch, api):
    monkeypatch.setattr(trigger.moments, "meet", lambda *_which: pytest.fail("it waited"))
    given = {**ak, "service_name": LINE, "state_dir": state_dir, "renew": True}
    params = ArgumentSpecValidator(_argspec.login_mail_spec()).validate(given).validated_parameters
    assert trigger.renew(params, True)["reason"] == "requested" and api.posts() == []


def test_a_session_may_be_new(api, renew):
    assert renew(renew=True, session_uptime=0)["requested"]


@pytest.mark.parametrize(("check", "turn"), [(True, "READ"), (False, "POST")])
def test_who_only_looks_gives_way_to_who_asks(api, ak, state_dir, monkeypatch, check, turn):
    made, connect = [], trigger.connect
    monkeypatch.setattr(trigger, "connect", lambda params: made.append(connect(params)) or made[-1])
    given = {**ak, "service_name": LINE, "state_dir": state_dir, "renew": True}
    checked = ArgumentSpecValidator(_argspec.login_mail_spec()).validate(given)
    assert trigger.renew(checked.validated_parameters, check)["reason"] == "requested"
    assert [client.turn.name for client in made] == [turn]


@pytest.mark.parametrize(
    ("source", "reason", "alone", "looks"),
    [
        ("imap", "requested", True, 1),
        # the account itself, no request, or a caller whose preflight has looked
        ("api", "requested", True, 0),
        ("imap", "pending", True, 0),
        ("imap", "requested", False, 0),
    ],
)
def test_how_mails_came_is_looked_at_where_nobody_has(ak, state_dir, monkeypatch, source, reason, alone, looks):
    looked = []

    class Record:
        search = ways = search.Search(None, None, [])
        asked = noted = None
        warnings: list[str] = []
        skew = 0

        def __init__(self, *_given):
            pass

        def decide(self):
            return Decision(reason, "So it is.")

        def look_at_the_ways(self):
            looked.append(1)

    monkeypatch.setattr(trigger, "Record", Record)
    monkeypatch.setattr(trigger, "open_mailbox", lambda _params, _client: None)
    given = {**ak, "service_name": LINE, "state_dir": state_dir, "renew": True}
    params = {
        **ArgumentSpecValidator(_argspec.login_mail_spec()).validate(given).validated_parameters,
        "source": source,
    }
    ready = (trigger.always_ready,) if alone else (lambda _sending: None,)
    assert trigger.renew(params, True, *ready)["reason"] == reason
    assert len(looked) == looks
