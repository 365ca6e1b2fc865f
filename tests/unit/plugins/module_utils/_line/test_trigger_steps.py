# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one request, step by step, without a server: who is asked, what is noted, what is sent, what is told."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import login_mail_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import trigger
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import Asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.evidence import Session
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import Decision, Evidence
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.call_log import Posts

LINE = "xdsl-ab12345-1"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"
NO_EFFECT = "No new password was made; the running session was not cut."
NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)


def before(**delta):
    return NOW - timedelta(**delta)


class Played:
    """A trigger whose client, journal, log and caller note in ``steps`` what is done; ``fails``: at which of them.

    ``looks``: what each further look at the log finds, a failure to raise among them.
    """

    def __init__(self, monkeypatch, noted=None, posts=(), looks=(), fails=None, evidence=None, **known):
        self.steps, self.fails, self.looks, self.entries = [], fails or {}, list(looks), []
        self.record = SimpleNamespace(
            noted=noted,
            asked=known.get("asked"),
            evidence=evidence or Evidence(),
            session=known.get("session", Session()),
            log=SimpleNamespace(times=list(posts), back_to=self.back_to, again=self.again),
            warnings=[],
        )
        client = SimpleNamespace(now=lambda: NOW, post=lambda path: self.did(f"POST {path}"))
        kept = SimpleNamespace(record=self.note)
        self.trigger = trigger.Trigger(client, LINE, kept, self.record, lambda sending: self.did(f"ready {sending}"))
        monkeypatch.setattr(trigger.time, "sleep", lambda seconds: self.did(f"sleep {seconds}"))

    def did(self, step):
        self.steps.append(step)
        if step in self.fails:
            raise self.fails[step]

    def note(self, entry):
        self.did(f"note {entry.outcome}")
        self.entries.append(entry)

    def back_to(self, since, far):
        self.did(f"read {(NOW - since).total_seconds():.0f} {(NOW - far).total_seconds():.0f}")
        return Posts(tuple(self.record.log.times)) if self.record.log.times else None

    def again(self, _after=None):
        self.did("look")
        if self.looks and isinstance(self.looks[0], Failure):
            raise self.looks.pop(0)
        new = self.looks.pop(0) if self.looks else []
        self.record.log.times += new
        return new


@pytest.fixture
def played(monkeypatch, patient):
    return lambda **known: Played(monkeypatch, **known)


OPEN = Entry(before(minutes=2), "sending")


@pytest.mark.parametrize(
    ("reason", "since", "noted", "known", "outcome", "becomes"),
    [
        ("pending", before(minutes=2), None, {}, "confirmed", None),
        ("pending", None, None, {}, "none", None),
        ("already_renewed", before(minutes=2), None, {}, "none", None),
        ("pending", before(minutes=2), Entry(before(minutes=2), "confirmed"), {}, "confirmed", None),
        # the log shows another host's request, newer than ours
        ("pending", before(minutes=1), OPEN, {"posts": [before(minutes=1)]}, "confirmed", None),
        # nothing tells; or a POST from two seconds before on
        ("pending", before(minutes=2), OPEN, {}, "unknown", None),
        ("pending", before(minutes=2), OPEN, {"posts": [before(seconds=123)]}, "unknown", None),
        ("pending", before(minutes=2), OPEN, {"posts": [before(seconds=122)]}, "confirmed", "confirmed"),
        ("pending", before(minutes=2), OPEN, {"posts": [before(seconds=999), NOW]}, "confirmed", "confirmed"),
        # its mail is there, so that the log is not asked
        ("pending", before(minutes=2), OPEN, {"mail": True}, "confirmed", "confirmed"),
        ("already_renewed", before(minutes=2), OPEN, {"mail": True}, "none", "confirmed"),
    ],
)
@pytest.mark.parametrize("write", [True, False])
def test_what_became_of_an_open_request(played, reason, since, noted, known, outcome, becomes, write):
    evidence = Evidence(mail_at=NOW, request_at=before(minutes=2)) if known.get("mail") else Evidence()
    run = played(noted=noted, evidence=evidence, posts=known.get("posts", ()))
    assert run.trigger.settle(Decision(reason, "", since), write) == outcome
    assert run.entries == ([dataclasses.replace(noted, outcome=becomes)] if becomes and write else [])
    assert run.steps.count("read 122 122") == (noted is OPEN and since == OPEN.requested_at and not known.get("mail"))


def test_a_log_out_of_reach_settles_nothing(played):
    run = played(noted=OPEN, fails={"read 122 122": Failure("unreachable", "No answer.")})
    assert run.trigger.settle(Decision("pending", "", OPEN.requested_at), True) == "unknown"
    assert run.entries == []


SENT = f"POST {POST}"


def test_the_order_of_a_request(played):
    run = played()
    decision, unknown = run.trigger.request()
    assert (decision.reason, decision.since, unknown) == ("requested", NOW, None)
    assert run.steps == ["ready False", "note sending", "look", "ready True", SENT, "note confirmed", "look"]
    assert run.record.asked == Asked(NOW, NOW, 1, True) and run.record.warnings == []


def test_a_caller_who_is_not_ready_leaves_no_trace(played):
    run = played(fails={"ready False": Failure("no_proof", "No proof.")})
    with pytest.raises(Failure) as error:
        run.trigger.request()
    assert run.steps == ["ready False"] and error.value.message == "No proof."


def test_a_journal_that_cannot_be_written_sends_nothing(played):
    run = played(fails={"note sending": Failure("journal", "No room.")})
    with pytest.raises(Failure):
        run.trigger.request()
    assert run.steps == ["ready False", "note sending"]


@pytest.mark.parametrize(
    ("noted", "kept"),
    [
        (None, Entry(NOW, "not_sent")),
        (Entry(before(hours=2), "refused"), Entry(NOW, "not_sent")),
        (Entry(before(hours=2), "unknown", "q", 2, before(hours=3)), "as it was"),
    ],
)
@pytest.mark.parametrize("at", ["ready True", "look"])
def test_the_last_word_before_the_request(played, noted, kept, at):
    failure = Failure("too_late", "Too late.")
    run = played(noted=noted, fails={at: failure})
    with pytest.raises(Failure) as error:
        run.trigger.request()
    assert error.value is failure and failure.message == f"Too late. {NO_EFFECT}"
    assert SENT not in run.steps and run.entries[-1] == (noted if kept == "as it was" else kept)


@pytest.mark.parametrize(
    ("noted", "kept"),
    [
        (None, Entry(NOW, "refused", "EU.ext-2.1")),
        (Entry(before(hours=2), "refused", "q"), Entry(NOW, "refused", "EU.ext-2.1")),
        (Entry(before(hours=2), "confirmed", "q"), Entry(before(hours=2), "confirmed", "q", refused_at=NOW)),
    ],
)
def test_a_refusal(played, noted, kept):
    failure = Failure("conflict", "No.", {"query_id": "EU.ext-2.1"}, Outcome.REFUSED)
    run = played(noted=noted, fails={SENT: failure})
    with pytest.raises(Failure) as error:
        run.trigger.request()
    assert error.value.message == f"No. {NO_EFFECT}" and run.entries[-1] == kept
    assert run.steps.count(SENT) == 1 and run.record.warnings == []


def test_a_refusal_that_cannot_be_noted_is_told(played):
    failure = Failure("conflict", "No.", {}, Outcome.REFUSED)
    run = played(fails={SENT: failure, "note refused": Failure("journal", "Disk full.")})
    with pytest.raises(Failure) as error:
        run.trigger.request()
    assert error.value is failure
    said = (
        "The request had no effect, but the journal does not say so: until cooldown is over, the next run may wait for"
    )
    assert run.record.warnings == [f"{said} its mail. Disk full."]


def test_another_host_was_first(played):
    noted, other = Entry(before(hours=2), "confirmed"), before(seconds=1)
    run = played(noted=noted, looks=[[before(seconds=5), other]], session=Session(ok_at=before(hours=1)))
    decision, unknown = run.trigger.request()
    assert (decision.reason, decision.since, unknown) == ("pending", other, None)
    assert run.steps == ["ready False", "note sending", "look", "note confirmed"] and run.entries[-1] == noted
    assert run.record.asked == Asked(other, before(seconds=5), 2, True)


@pytest.mark.parametrize(
    ("asked", "evidence", "noted", "entry"),
    [
        (None, None, None, Entry(NOW, "sending")),
        # one whose mail may still come
        ("asked", None, None, Entry(NOW, "sending", None, 3, before(hours=1))),
        # it did come; the line was set by hand; nobody knows that there was one
        ("asked", {"mail_at": NOW, "requests": 1}, None, Entry(NOW, "sending")),
        ("asked", {"session_ok_at": NOW}, None, Entry(NOW, "sending")),
        ("unknown", None, None, Entry(NOW, "sending")),
        # the log shows a refused one all the same
        (None, None, Entry(before(hours=2), "refused"), Entry(NOW, "sending", refused_at=before(hours=2))),
        (
            None,
            None,
            Entry(before(hours=2), "unknown", refused_at=before(hours=1)),
            Entry(NOW, "sending", refused_at=before(hours=1)),
        ),
        ("asked", None, Entry(before(hours=2), "unknown"), Entry(NOW, "sending", None, 3, before(hours=1))),
    ],
)
def test_the_entry_counts_what_has_no_mail_yet(played, asked, evidence, noted, entry):
    known = asked and Asked(before(minutes=30), before(hours=1), 2, asked == "asked")
    run = played(asked=known, evidence=Evidence(request_at=before(minutes=30), **(evidence or {})), noted=noted)
    run.trigger.request()
    assert run.entries[0] == entry


@pytest.mark.parametrize(
    ("found", "requests", "notes"),
    [
        ([], 1, ["confirmed"]),
        ([NOW], 1, ["confirmed"]),
        ([before(seconds=1), NOW], 2, ["confirmed", "confirmed"]),
        (Failure("unreachable", "No answer."), 1, ["confirmed"]),
    ],
)
def test_others_at_the_same_moment_are_counted(played, found, requests, notes):
    run = played(looks=[[], found])
    run.trigger.request()
    assert [entry.outcome for entry in run.entries] == ["sending", *notes]
    assert run.entries[-1].requests == run.record.asked.count == requests


def unclear():
    return Failure("timeout", "No answer.", {"query_id": "EU.ext-2.1"}, Outcome.UNKNOWN)


def test_an_unclear_answer_is_looked_after_three_times(played):
    run = played(fails={SENT: unclear()}, looks=[[], [], Failure("unreachable", "No.")])
    decision, unknown = run.trigger.request()
    assert (decision.reason, decision.since, unknown) == ("requested", NOW, Outcome.UNKNOWN)
    after = run.steps[run.steps.index(SENT) + 1 :]
    assert after == ["note unknown", "look", "sleep 2.0", "look", "sleep 2.0", "look"]
    assert run.entries[-1] == Entry(NOW, "unknown", "EU.ext-2.1")
    assert run.record.asked == Asked(NOW, NOW, 1, False)
    (warning,) = run.record.warnings
    assert warning.startswith("No answer. Whether a new password was made is not known, so the request is not sent")


@pytest.mark.parametrize(("dated", "arrived"), [(2, True), (3, False), (0, True)])
def test_the_log_answers_for_an_unclear_one(played, dated, arrived):
    run = played(fails={SENT: unclear()}, looks=[[], [], [before(seconds=dated)]])
    assert run.trigger.request()[1] is (None if arrived else Outcome.UNKNOWN)
    assert run.entries[-1] == Entry(NOW, "confirmed" if arrived else "unknown", "EU.ext-2.1")
    assert run.record.asked.confirmed is arrived and len(run.record.warnings) == 1
    assert ("shows that the request arrived" in run.record.warnings[0]) is arrived


def test_an_outcome_that_cannot_be_noted_is_told(played):
    run = played(fails={"note confirmed": Failure("journal", "Disk full.")})
    assert run.trigger.request()[1] is None
    assert run.record.warnings == ["The request was sent, but its outcome could not be noted: Disk full."]


@pytest.mark.parametrize(("check", "ago"), [(False, 7), (True, 0)])
def test_others_are_waited_for_before_a_request_alone(monkeypatch, tmp_path, check, ago):
    """And what the router said of its session is as old as that wait."""
    made = []

    def record(*given):
        made.append(given[-1])
        raise Failure("enough", "Seen.")

    monkeypatch.setattr(trigger, "connect", lambda _params: SimpleNamespace(now=lambda: NOW))
    monkeypatch.setattr(trigger, "open_mailbox", lambda *_given: None)
    monkeypatch.setattr(trigger.moments, "meet", lambda *_given: 7.0)
    monkeypatch.setattr(trigger, "Record", record)
    given = {"service_name": LINE, "renew": True, "state_dir": str(tmp_path), "source": "api", "session_uptime": 50}
    params = ArgumentSpecValidator(login_mail_spec()).validate(given).validated_parameters
    with pytest.raises(Failure):
        trigger.renew(params, check)
    assert made == [timedelta(seconds=ago)]
