# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run may do next: the rules, one by one, and thousands of states that no rule may be broken in."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import DATE_SLACK
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import judge
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state import state as run_state
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Step, Unsafe, Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    FINISH,
    PHASES,
    Hand,
    Intent,
    Latest,
    Line,
    Mail,
    Renewal,
    Router,
    Seen,
    Session,
    Write,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import (
    PROOF_LASTS,
    State,
    held,
    is_new,
    kept_when_proven,
    next_step,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    ASKED,
    CONVERGED,
    DOWN,
    FRESH,
    IN_HAND,
    LOGIN,
    NEW_MAIL,
    NOW,
    OLD_MAIL,
    PROOF,
    REHEARSAL,
    SET,
    UP,
    WAYS,
    Anything,
    ago,
    thousands,
    varied,
)

SECOND = datetime.timedelta(seconds=1)
HELD = varied(CONVERGED, proof=varied(PROOF, router={"session": Session(True, "203.0.113.7", 10.0)}))
OFFLINE = varied(PROOF, router={"session": DOWN})
EMPTY = Hand(False)
LINK = Hand(False, LOGIN, NEW_MAIL, secret_link=True)
OLD_SESSION = Seen(Session(True, "203.0.113.7", 600.0))
CHECK = {"check": True}


def do(state, now=NOW):
    return next_step(state, now).do


def why(state, now=NOW):
    step = next_step(state, now)
    assert step.do is Do.STOP, step
    return step.why


# -- the proof


def test_a_wish_with_its_proof_is_asked_for():
    assert next_step(FRESH, NOW) == Step(Do.ASK)
    assert do(varied(FRESH, intent={"renew": False})) is Do.COLLECT


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"proof": None}, Why.NO_PROOF),
        ({"proof": {"router": None}}, Why.NO_PROOF),
        ({"proof": {"service_name": "xdsl-other-1"}}, Why.OTHER_LINE),
        ({"proof": {"host": "router2"}}, Why.OTHER_LINE),
        ({"proof": {"renew": False}}, Why.PREPARED_WITHOUT),
        ({"proof": {"latest": None}}, Why.PREPARED_WITHOUT),
        ({"proof": {"ways": ()}}, Why.NO_WAYS),
        ({"proof": {"ways": WAYS[:2]}}, Why.NO_WAYS),
        ({"proof": {"ways": WAYS[1:]}}, Why.NO_WAYS),
        ({"proof": {"ways": (*WAYS[:2], Way("api", "unknown", "why"))}}, Why.NO_WAYS),
        ({"proof": {"ways": (Way("router", "crosses", "why"), *WAYS[1:])}}, Why.NO_WAYS),
        ({"proof": {"at": NOW - PROOF_LASTS - SECOND}}, Why.OLD_PROOF),
        ({"proof": {"at": NOW + PROOF_LASTS + SECOND}}, Why.OLD_PROOF),
        ({"intent": {"phases": ("preflight", "renew")}}, Why.TAGS),
        ({"intent": {"phases": ("verify", "renew")}, "proof": None}, Why.NO_PROOF),
    ],
)
def test_without_it_nothing_is_asked_for(parts, reason):
    assert why(varied(FRESH, **parts)) is reason


@pytest.mark.parametrize("at", [NOW - PROOF_LASTS, NOW + PROOF_LASTS, NOW])
def test_a_proof_lasts_an_hour(at):
    assert datetime.timedelta(hours=1) == PROOF_LASTS
    assert do(varied(FRESH, proof={"at": at})) is Do.ASK


def test_the_callers_own_router_needs_no_look():
    assert do(varied(FRESH, intent={"router": False}, proof={"router": None})) is Do.ASK


def test_a_proof_without_the_wish_does_for_a_comparison():
    assert do(varied(FRESH, intent={"renew": False}, proof={"renew": False, "latest": None})) is Do.COLLECT


@pytest.mark.parametrize("phase", sorted(FINISH))
def test_tags_that_leave_out_what_finishes_a_renewal(phase):
    left = tuple(one for one in PHASES if one != phase)
    assert why(varied(FRESH, intent={"phases": left})) is Why.TAGS


def test_provisioning_finishes_nothing():
    assert set(PHASES) - FINISH == {"provision"}
    assert do(varied(FRESH, intent={"phases": tuple(sorted(FINISH))})) is Do.ASK


@pytest.mark.parametrize("done", [IN_HAND, varied(IN_HAND, renewal=None), varied(SET, renewal=None, hand=None)])
def test_what_has_begun_goes_on_for_as_long_as_it_takes_and_asks_for_nothing(done):
    assert do(done, NOW + 5 * PROOF_LASTS) not in (Do.ASK, Do.STOP)
    assert why(varied(done, proof={"service_name": "xdsl-other-1"})) is Why.OTHER_LINE
    assert why(varied(done, proof=None)) is Why.NO_PROOF


# -- after the request


def test_a_request_without_its_time_is_not_known():
    for reason in ("pending", "requested"):
        assert why(varied(FRESH, renewal=Renewal(reason))) is Why.NOT_KNOWN
    predicted = varied(FRESH, intent=CHECK, renewal=Renewal("requested"))
    assert next_step(predicted, NOW) == Step(Do.END, Why.PREDICTED)
    assert why(varied(predicted, renewal=Renewal("pending"))) is Why.NOT_KNOWN


def test_check_mode_goes_on_with_a_request_of_another_run():
    pending = varied(IN_HAND, intent=CHECK, renewal={"reason": "pending"})
    assert do(pending) is Do.WRITE
    assert not pending.predicted
    assert not varied(pending, intent={"check": False}, renewal={"reason": "requested"}).predicted


def test_an_age_that_is_not_known():
    unknown = varied(FRESH, renewal=Renewal("age_unknown"))
    assert do(unknown) is Do.COLLECT
    down = varied(unknown, proof=varied(OFFLINE, latest=Latest(False)))
    assert why(down) is Why.AGE_UNKNOWN_DOWN
    assert do(varied(down, intent={"router": False})) is Do.COLLECT
    assert do(varied(down, proof=OFFLINE)) is Do.COLLECT, "a mail may bring it back"
    assert do(varied(down, proof=varied(PROOF, latest=Latest(False)))) is Do.COLLECT
    assert do(varied(down, renewal=Renewal("already_renewed"))) is Do.COLLECT
    gone = varied(unknown, hand=IN_HAND.hand, write=SET.write, seen=Seen(DOWN), proof={"latest": Latest(False)})
    assert why(gone) is Why.NO_SESSION, "that went down later"


@pytest.mark.parametrize(
    ("renewal", "under_way"),
    [
        (ASKED, True),
        (Renewal("pending", requested_at=NOW), True),
        (Renewal("pending"), False),
        (Renewal("already_renewed", requested_at=NOW), False),
        (Renewal(), False),
    ],
)
def test_a_request_under_way(renewal, under_way):
    assert renewal.under_way is under_way
    assert varied(FRESH, renewal=renewal).session_since == (renewal.requested_at if under_way else None)


# -- what is in hand


def test_without_collect_nothing_is_taken_in_hand():
    state = varied(CONVERGED, hand=None, intent={"phases": ("preflight", "verify")})
    assert do(state) is Do.WATCH, "and the session is looked at all the same"
    assert do(varied(state, intent={"phases": ("preflight",)})) is Do.END


SINCE = ASKED.requested_at - DATE_SLACK


@pytest.mark.parametrize(
    ("parts", "counts"),
    [
        ({}, True),
        ({"hand": {"mail": OLD_MAIL}}, False),
        ({"hand": {"mail": Mail("2", SINCE, "")}}, True),
        ({"hand": {"mail": Mail("2", SINCE - SECOND, "")}}, False),
        ({"hand": {"mail": Mail("2", SINCE - SECOND, "")}, "renewal": {"requests_since": SINCE}}, True),
        ({"hand": {"mail": Mail("2", SINCE, "")}, "renewal": {"requests_since": NOW}}, False),
        ({"hand": {"mail": Mail("2", SINCE - SECOND, "")}, "renewal": {"requests_since": None}}, False),
        ({"hand": {"mail": Mail("2", SINCE - SECOND, "")}, "renewal": {"reason": "already_renewed"}}, True),
        ({"hand": {"mail": None}}, False),
        ({"hand": {"mail": None}, "intent": {"by_hand": True}}, False),
        ({"hand": {"mail": None}, "renewal": None}, False),
        ({"hand": {"mail": None}, "renewal": None, "intent": {"by_hand": True}}, True),
        ({"hand": {"mail": Mail("0", OLD_MAIL.date - SECOND, "")}, "renewal": None}, False),
        ({"hand": {"mail": Mail("0", OLD_MAIL.date, "")}, "renewal": None}, True),
        ({"hand": {"mail": Mail("0", OLD_MAIL.date - SECOND, "")}, "renewal": None, "proof": {"latest": None}}, True),
    ],
)
def test_a_password_counts_by_its_mail(parts, counts):
    state = varied(IN_HAND, **parts)
    assert run_state.counts(state) is counts
    assert do(state) is Do.WRITE if counts else why(state) is Why.NO_MAIL


def test_nothing_in_hand_counts():
    assert not run_state.counts(FRESH)
    assert run_state.unusable(FRESH) is Why.NO_MAIL


@pytest.mark.parametrize("login", ["0320123456_2@adsl.ovh", ""])
def test_a_password_of_another_login_is_written_nowhere(login):
    assert why(varied(IN_HAND, hand={"login": login})) is Why.OTHER_LOGIN
    assert why(varied(IN_HAND, proof={"router": Router(login, UP)})) is Why.OTHER_LOGIN
    assert do(varied(IN_HAND, hand={"login": login}, proof={"router": None}, intent={"router": False})) is Do.END


def test_a_login_that_the_router_has_in_capitals_is_no_other_one():
    """Nor is it written anew: the router's own way stays (_run.hand)."""
    in_capitals = Router(IN_HAND.hand.login.upper(), UP)
    assert do(varied(IN_HAND, proof={"router": in_capitals})) is Do.WRITE


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"hand": Hand(True, LOGIN, NEW_MAIL, untold="It was lost.")}, Why.NO_MAIL),
        ({"hand": EMPTY}, Why.NO_MAIL),
        ({"hand": LINK}, Why.NO_MAIL),
        ({"hand": EMPTY, "renewal": None, "intent": {"router": False}}, Why.NO_CREDENTIALS),
        ({"hand": EMPTY, "renewal": None, "proof": OFFLINE}, Why.OFFLINE_NO_MAIL),
    ],
)
def test_nothing_that_could_be_written(parts, reason):
    assert why(varied(IN_HAND, **parts)) is reason


@pytest.mark.parametrize(
    "parts",
    [
        {"hand": EMPTY},
        {"hand": LINK},
        {"hand": LINK, "proof": OFFLINE},
        {"hand": EMPTY, "intent": CHECK, "renewal": ASKED},
        {"hand": EMPTY, "intent": CHECK, "proof": OFFLINE},
        {"hand": EMPTY, "proof": varied(OFFLINE, router={"waiting": True})},
    ],
)
def test_nothing_in_hand_that_stops_nothing(parts):
    state = varied(CONVERGED, **parts)
    assert run_state.unusable(state) is None
    assert do(state) in (Do.WATCH, Do.END)


# -- what is done with it


def test_the_order_of_acts():
    state = varied(IN_HAND, intent={"stores": True})
    assert do(state) is Do.KEEP
    assert do(varied(state, intent={"phases": ("preflight", "collect", "apply", "verify")})) is Do.WRITE
    state = varied(state, kept=True)
    assert do(state) is Do.WRITE
    assert do(varied(state, intent={"phases": ("preflight", "collect", "store")})) is Do.END
    state = varied(state, write=Write(True, True, NOW))
    assert do(state) is Do.WATCH
    assert do(varied(state, intent={"phases": PHASES[:-1]})) is Do.END
    assert do(varied(state, seen=Seen(Session(True, uptime=1.0)))) is Do.END
    assert why(varied(state, seen=Seen(DOWN))) is Why.NO_SESSION


def test_the_callers_own_router_is_left_to_him():
    state = varied(IN_HAND, intent={"router": False, "stores": True}, proof={"router": None})
    assert do(state) is Do.KEEP
    assert do(varied(state, kept=True)) is Do.END
    assert do(varied(state, hand=None)) is Do.COLLECT


def test_verify_alone_needs_nothing_and_asks_for_nothing():
    watching = State(dataclasses.replace(FRESH.intent, phases=("verify",)))
    assert do(watching) is Do.WATCH
    assert why(varied(watching, seen=Seen(DOWN))) is Why.NO_SESSION
    assert do(varied(watching, seen=Seen(UP))) is Do.END
    assert do(varied(watching, intent={"router": False})) is Do.END


def test_check_mode_looks_only_at_what_is_there():
    state = varied(CONVERGED, intent=CHECK)
    assert do(varied(state, write=Write(False, False, NOW))) is Do.WATCH
    assert do(varied(state, write=Write(True, True, NOW))) is Do.END
    assert do(varied(state, write=Write(True, True, NOW, held=True))) is Do.WATCH
    assert do(varied(state, hand=LINK)) is Do.WATCH
    assert do(varied(state, hand=LINK, proof=OFFLINE)) is Do.END
    assert do(varied(state, hand=EMPTY, proof=OFFLINE)) is Do.WATCH
    assert do(varied(state, write=Write(False, False, NOW), seen=Seen(DOWN))) is Do.END


# -- whose session it is


@pytest.mark.parametrize(
    ("parts", "holds"),
    [
        ({}, True),
        ({"intent": {"by_hand": True}}, False),
        ({"renewal": ASKED}, False),
        ({"hand": None}, False),
        ({"hand": {"mail": None}}, False),
        ({"proof": None}, False),
        ({"proof": OFFLINE}, False),
        ({"proof": {"router": Router(LOGIN, Session(True))}}, True),
        ({"proof": PROOF}, False),
        ({"proof": varied(PROOF, line={"accepted_at": ago(59)})}, True),
        ({"proof": varied(PROOF, line={"accepted_at": NEW_MAIL.date})}, False),
        ({"proof": varied(PROOF, line={"accepted_at": ago(61)}, router={"session": Session(True)})}, False),
        # 40 s old when it was looked at, 30 s ago: ten seconds before the mail.
        ({"proof": varied(PROOF, router={"session": Session(True, uptime=40.0)})}, False),
        ({"proof": varied(PROOF, router={"session": Session(True, uptime=29.0)})}, True),
    ],
)
def test_what_holds_the_router(parts, holds):
    assert held(varied(HELD, **parts), NOW) is holds


def test_what_is_held_is_compared_and_not_kept():
    state = varied(HELD, intent={"stores": True})
    assert do(state) is Do.WRITE
    compared = varied(state, write=Write(True, True, NOW, held=True))
    assert not compared.changed
    assert not compared.dialled
    assert do(varied(compared, seen=Seen(UP))) is Do.END


@pytest.mark.parametrize(
    ("parts", "new"),
    [
        ({}, False),
        ({"seen": Seen(Session(True, uptime=20.0))}, True),
        ({"seen": Seen(Session(True, uptime=23.0))}, True),
        ({"seen": Seen(Session(True, uptime=23.5))}, False),
        ({"seen": Seen(Session(True))}, True),
        # Seen 15 s ago, when it was 10 s old: it began five seconds before the write.
        ({"seen": Seen(Session(True, uptime=10.0), at=ago(15))}, None),
        ({"write": Write(False, False, NOW)}, False),
        ({"write": None}, False),
        ({"write": None, "renewal": None}, True),
        ({"write": Write(True, False, NOW), "renewal": None}, True),
        ({"write": Write(True, True, ago(20), held=True), "renewal": None}, True),
        ({"write": None, "seen": Seen(Session(True, uptime=110.0))}, True),
    ],
)
def test_a_session_is_new_by_its_age(parts, new):
    state = varied(varied(SET, seen=OLD_SESSION), **parts)
    if new is None:
        assert not is_new(state, NOW)
        assert is_new(varied(state, seen=Seen(state.seen.session)), NOW), "at its age of now it would look new"
        return
    assert is_new(state, NOW) is new
    assert do(state) is Do.END if new and do(state) is not Do.WRITE else True


def test_an_old_session_is_no_proof_of_a_new_password():
    assert why(varied(SET, seen=OLD_SESSION)) is Why.NO_SESSION


@pytest.mark.parametrize(
    ("parts", "opens"),
    [
        ({}, False),
        ({"proof": OFFLINE}, True),
        ({"proof": None}, True),
        ({"intent": {"router": False}}, True),
        ({"renewal": ASKED}, True),
    ],
)
def test_a_one_time_link_is_opened_where_its_password_is_needed(parts, opens):
    assert run_state.opens_link(varied(CONVERGED, **parts)) is opens


# -- what else a state tells


def test_what_a_state_tells():
    assert State(FRESH.intent).session == Session(False)
    assert FRESH.session == UP
    assert varied(FRESH, proof={"router": None}).session == Session(False)
    assert varied(FRESH, seen=Seen(DOWN)).session == DOWN
    assert State(FRESH.intent).skew is None
    assert varied(FRESH, proof=varied(PROOF, line={"skew": 40})).skew == 40
    assert FRESH.renewed == Renewal()
    assert (FRESH.changed, FRESH.dialled) == (False, False)
    assert (SET.changed, SET.dialled) == (True, True)
    assert not varied(SET, write=Write(False, False, NOW)).changed
    assert varied(FRESH, hand=LINK).link_left
    assert not varied(FRESH, hand=EMPTY).link_left
    assert not varied(FRESH, hand=Hand(True, LOGIN, NEW_MAIL, secret_link=True)).link_left
    assert not FRESH.link_left
    assert State(FRESH.intent).looked_at(NOW) == NOW
    assert FRESH.looked_at(NOW) == PROOF.at
    assert varied(FRESH, seen=Seen(UP)).looked_at(NOW) == NOW
    assert varied(FRESH, seen=Seen(UP, at=ago(9))).looked_at(NOW) == ago(9)
    assert not FRESH.begun
    assert all(varied(FRESH, **one).begun for one in ({"hand": EMPTY}, {"seen": Seen(UP)}, {"renewal": Renewal()}))
    assert run_state.begun_at(State(FRESH.intent), NOW) is None


def test_what_nobody_told_is_the_least():
    assert Renewal() == Renewal("flag_unset", "none", None, 0, None, "")
    assert Renewal().requests == 0
    assert Session(True) == Session(True, "", None, "")
    assert Router(LOGIN, UP) == Router(LOGIN, UP, waiting=False, provisioned=False)
    assert Latest(False) == Latest(False, "", None, False, "")
    assert Hand(False) == Hand(False, "", None, False, "")
    assert not Write(True, True, NOW).held
    assert Seen(UP) == Seen(UP, None, "", None)
    assert Line(True) == Line(True, "", None, None)
    intent = Intent("a", "b", renew=True, by_hand=False, check=False)
    assert (intent.phases, intent.router, intent.stores) == (PHASES, True, False)
    assert not State(intent).kept


# -- what it asked for, and whose the password is


def test_did_it_ask():
    assert not run_state.asked(FRESH) and not run_state.asked(varied(FRESH, renewal=ASKED))
    assert run_state.asked(varied(FRESH, renewal=dataclasses.replace(ASKED, sent=True)))
    predicted = varied(
        FRESH, intent={"check": True}, renewal=dataclasses.replace(ASKED, reason="requested", sent=False)
    )
    assert run_state.asked(predicted) is predicted.predicted


def test_the_password_in_hand_is_the_router_s():
    assert run_state.is_the_routers(IN_HAND), "its mail answers the last request"
    assert not run_state.is_the_routers(varied(IN_HAND, hand={"mail": OLD_MAIL})), "the mail is older than the request"
    for late, answers in ((-3, False), (-2, True), (0, True)):
        mail = dataclasses.replace(IN_HAND.hand.mail, date=IN_HAND.renewed.requested_at + late * SECOND)
        assert run_state.is_the_routers(varied(IN_HAND, hand={"mail": mail})) is answers, "dates may differ by 2 s"
    assert not run_state.is_the_routers(CONVERGED)
    assert run_state.is_the_routers(varied(CONVERGED, proof={"same": True}))


# -- any state


def test_nothing_is_asked_without_the_proof_of_this_line_in_this_run():
    asked = [state for state in thousands(1) if do(state) is Do.ASK]
    assert len(asked) > 20
    for state in asked:
        proof, intent = state.proof, state.intent
        assert (proof.service_name, proof.host) == (intent.service_name, intent.host), state
        assert proof.renew, state
        assert proof.latest, state
        assert abs(NOW - proof.at) <= PROOF_LASTS, state
        assert proof.router or not intent.router, state
        assert judge.proven(proof.ways, router=intent.router), state
        assert intent.renew, state
        assert set(intent.phases) >= FINISH, state
        assert (state.renewal, state.hand, state.write, state.seen) == (None, None, None, None), "and never twice"


def test_only_the_password_that_counts_is_written_or_kept_and_only_where_it_belongs():
    acts = {Do.WRITE: 0, Do.KEEP: 0}
    for state in thousands(2):
        act, hand, proof, renewal, intent = do(state), state.hand, state.proof, state.renewed, state.intent
        if act not in acts:
            continue
        acts[act] += 1
        assert hand.complete, state
        assert not hand.untold, state
        assert (proof.service_name, proof.host) == (intent.service_name, intent.host), state
        assert proof.router is None or hand.login == proof.router.login, state
        assert not state.predicted, state
        assert state.write is None or (act is Do.KEEP and run_state.same(state)), state
        if act is Do.WRITE:
            assert intent.router, state
            assert proof.router, state
            assert "apply" in intent.phases, state
        if renewal.reason in ("requested", "pending"):
            assert hand.mail, "what was given by hand is older than the request"
            assert hand.mail.date >= (renewal.requests_since or renewal.requested_at) - DATE_SLACK, state
        assert hand.mail or intent.by_hand, state
        if hand.mail and proof.latest and proof.latest.mail:
            assert hand.mail.date >= proof.latest.mail.date, state
    assert min(acts.values()) > 20, acts


def test_a_session_that_may_be_newer_than_the_mail_holds_the_router():
    seen = {True: 0, False: 0}
    for state in thousands(3):
        mailed = state.hand and state.hand.mail and not state.intent.by_hand and not state.renewed.under_way
        if not (mailed and state.session.up and state.proof):
            continue
        uptime, accepted = state.session.uptime, state.proof.line.accepted_at
        shown = [] if uptime is None else [state.looked_at(NOW) - datetime.timedelta(seconds=uptime)]
        shown += [accepted] if accepted else []
        older = bool(shown) and all(one <= state.hand.mail.date for one in shown)
        seen[older] += 1
        assert held(state, NOW) is not older, state
        assert do(state) is not Do.KEEP or older, state
    assert min(seen.values()) > 20, seen


def test_check_mode_foresees_a_request_and_ends():
    for state in map(in_check_mode, thousands(4)):
        step = next_step(state, NOW)
        assert step.why is not Why.NO_SESSION, state
        if state.renewed.reason == "requested" and not state.intent.watches_only:
            assert step.do in (Do.END, Do.STOP), state


def in_check_mode(state):
    return varied(state, intent=CHECK)


ACTS = {Do.ASK: "renewal", Do.COLLECT: "hand", Do.KEEP: "kept", Do.WRITE: "write", Do.WATCH: "seen"}


def acted(state, anything):
    """The acts of a run, each coming to something, good or bad; its last state and step."""
    did = []
    while (step := next_step(state, NOW)).do in ACTS:
        assert step.do not in did, state
        did.append(step.do)
        name = ACTS[step.do]
        state = dataclasses.replace(state, **{name: True if name == "kept" else getattr(anything, name)()})
    return did, state, step


def test_every_run_ends_and_does_nothing_twice_and_nothing_out_of_turn():
    runs, anything = set(), Anything(5)
    for before in thousands(6):
        did, state, step = acted(before, anything)
        assert len(did) == len(set(did)), before
        turns = ACTS if not kept_when_proven(before.intent) else [*(act for act in ACTS if act is not Do.KEEP), Do.KEEP]
        in_turn = [act for act in turns if act in did]
        if did != in_turn:
            # A router that knows better is compared first; what it is found to have is kept.
            assert [act for act in did if act is not Do.KEEP] == [act for act in in_turn if act is not Do.KEEP], before
            assert state.write and state.write.held and not state.write.changed, before
        assert (step.do is Do.STOP) is (step.why not in (Why.NONE, Why.PREDICTED)), state
        runs.add(tuple(did))
    assert len(runs) > 10, runs


def test_no_renewal_ends_well_without_its_password_on_the_router_and_its_session():
    well, anything = 0, Anything(7)
    for _number in range(20000):
        before = State(dataclasses.replace(anything.intent(), check=False, router=True), anything.proof())
        did, state, step = acted(before, anything)
        if step.do is Do.END and state.renewed.reason in ("requested", "pending"):
            well += 1
            assert Do.WRITE in did, state
            assert state.seen.session.up, state
            assert is_new(state, NOW), state
    assert well > 10


def test_no_request_where_the_login_on_the_router_is_not_shown_to_be_the_lines():
    """Whatever else is so: the mail that comes would be for another one."""
    asked = 0
    for before in thousands(11, 20000):
        if next_step(before, NOW).do is not Do.ASK or not before.proof.router:
            continue
        router, login = before.proof.router, before.proof.line.login
        asked += 1
        assert router.replaceable or router.waiting or router.login == login != "", before
    assert asked > 50


def test_another_login_that_may_go_is_replaced_whatever_session_it_has():
    old = varied(PROOF, router={"login": "old@isp", "session": Session(True, "198.51.100.7", 5.0), "replaceable": True})
    state = varied(IN_HAND, proof=old)
    assert do(state) is Do.WRITE and not held(varied(CONVERGED, proof=old), NOW)
    assert run_state.opens_link(varied(CONVERGED, proof=old, hand=None))
    assert why(varied(IN_HAND, proof=varied(old, router={"replaceable": False}))) is Why.OTHER_LOGIN


# -- a rehearsal

OLD_HAND = Hand(True, LOGIN, OLD_MAIL)
DIALLED = varied(REHEARSAL, hand=OLD_HAND, write=Write(True, True, ago(20)))


def test_the_acts_of_a_rehearsal():
    assert do(REHEARSAL) is Do.COLLECT
    assert do(varied(REHEARSAL, hand=OLD_HAND)) is Do.REDIAL
    assert do(DIALLED) is Do.WATCH
    assert do(varied(DIALLED, seen=Seen(Session(True, "203.0.113.7", 5.0)))) is Do.END
    assert why(varied(DIALLED, seen=OLD_SESSION)) is Why.NO_SESSION
    assert why(varied(DIALLED, seen=Seen(DOWN))) is Why.NO_SESSION
    assert next_step(varied(DIALLED, intent=CHECK), NOW) == Step(Do.END, Why.PREDICTED)


BEFORE_MAIL = Session(True, "203.0.113.7", 91 * 86400.0)
AGELESS = Router(LOGIN, Session(True))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({}, None),
        ({"intent": {"by_hand": True}}, Unsafe.NO_MAIL),
        ({"proof": {"latest": None}}, Unsafe.NO_MAIL),
        ({"proof": {"latest": Latest(False)}}, Unsafe.NO_MAIL),
        ({"proof": {"latest": Latest(True, LOGIN, OLD_MAIL, secret_link=True)}}, Unsafe.LINK),
        ({"proof": {"same": None}}, Unsafe.NOT_COMPARED),
        ({"proof": {"same": False}}, Unsafe.DIFFERS),
        ({"proof": {"router": Router(LOGIN, DOWN)}}, Unsafe.NO_SESSION),
        ({"proof": {"router": Router(LOGIN, BEFORE_MAIL)}}, Unsafe.OLD_SESSION),
        ({"proof": {"router": AGELESS}}, Unsafe.OLD_SESSION),
        (
            {"proof": {"router": AGELESS, "line": Line(True, LOGIN, OLD_MAIL.date)}},
            Unsafe.OLD_SESSION,
        ),
        ({"proof": {"router": AGELESS, "line": Line(True, LOGIN, OLD_MAIL.date + SECOND)}}, None),
        ({"proof": {"router": Router(LOGIN, BEFORE_MAIL), "line": Line(True, LOGIN, ago(60))}}, None),
        ({"renewal": ASKED}, Unsafe.UNDER_WAY),
        ({"renewal": Renewal("pending", requested_at=ago(60))}, Unsafe.UNDER_WAY),
        ({"renewal": Renewal("already_renewed", requested_at=ago(60))}, None),
        ({"hand": Hand(True, LOGIN, NEW_MAIL)}, Unsafe.UNDER_WAY),
    ],
)
def test_a_redial_that_could_end_in_an_outage(parts, reason):
    state = varied(REHEARSAL, **parts)
    assert run_state.unsafe(state, NOW) is reason
    assert why(state) is Why.NOT_REHEARSED if reason else do(state) in (Do.COLLECT, Do.REDIAL)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"proof": None}, Why.NO_PROOF),
        ({"proof": {"service_name": "xdsl-other-1"}}, Why.OTHER_LINE),
        ({"proof": {"at": NOW - PROOF_LASTS - SECOND}}, Why.OLD_PROOF),
        ({"intent": {"phases": ("preflight", "collect", "apply")}}, Why.TAGS),
        ({"intent": {"phases": ("verify",)}}, Why.TAGS),
        ({"hand": EMPTY}, Why.NO_MAIL),
        ({"hand": Hand(True, "0320123456_2@adsl.ovh", OLD_MAIL)}, Why.OTHER_LOGIN),
    ],
)
def test_a_rehearsal_needs_its_proof_and_its_password(parts, reason):
    assert why(varied(REHEARSAL, **parts)) is reason


def test_no_rehearsal_leads_to_a_request_or_to_a_dial_that_nothing_speaks_for():
    seen, anything = dict.fromkeys(Do, 0), Anything(8)
    for _number in range(20000):
        state = anything.rehearsal()
        step = next_step(state, NOW)
        seen[step.do] += 1
        assert step.do not in (Do.ASK, Do.WRITE, Do.KEEP), state
        if step.do is not Do.REDIAL:
            continue
        proof = state.proof
        assert proof.same is True, state
        assert (proof.service_name, proof.host) == (state.intent.service_name, state.intent.host), state
        assert state.session.up, state
        assert state.hand.login == proof.router.login, state
        assert state.hand.mail.id == proof.latest.mail.id, state
        assert not state.renewed.under_way, state
        began = [proof.line.accepted_at] if proof.line.accepted_at else []
        if state.session.uptime is not None:
            began.append(state.looked_at(NOW) - datetime.timedelta(seconds=state.session.uptime))
        assert max(began) > proof.latest.mail.date, state
    assert min(seen[one] for one in (Do.COLLECT, Do.REDIAL, Do.WATCH, Do.END, Do.STOP)) > 20, seen


def test_a_rehearsal_dials_once_and_then_only_looks():
    deeds, anything, dialled = {**ACTS, Do.REDIAL: "write"}, Anything(9), 0
    for _number in range(5000):
        state, did = anything.rehearsal(), []
        while (step := next_step(state, NOW)).do in deeds:
            did.append(step.do)
            name = deeds[step.do]
            come = anything.hand_of(state.proof) if step.do is Do.COLLECT else getattr(anything, name)()
            state = dataclasses.replace(state, **{name: come})
        assert did in ([], [Do.COLLECT], [Do.WATCH], [Do.REDIAL], [Do.COLLECT, Do.REDIAL], [Do.REDIAL, Do.WATCH]) or (
            did == [Do.COLLECT, Do.REDIAL, Do.WATCH]
        ), did
        dialled += Do.REDIAL in did
    assert dialled > 50


# -- no secret


def fields(kind, seen=frozenset()):
    for field in dataclasses.fields(kind):
        yield kind, field.name, str(t.get_type_hints(kind)[field.name])
    for hint in t.get_type_hints(kind).values():
        for one in (hint, *t.get_args(hint)):
            if dataclasses.is_dataclass(one) and one not in seen:
                yield from fields(one, seen | {one})


def test_no_record_has_a_place_for_a_password():
    found = list(fields(State))
    assert {kind.__name__ for kind, _name, _hint in found} == {
        *("State", "Intent", "Proof", "Way", "Line", "Latest", "Mail", "Router", "Session", "Renewal", "Hand", "Write"),
        *("Seen", "Trails"),
    }
    for kind, name, hint in found:
        assert "password" not in name, (kind, name)
        assert "secret" not in name or hint == "<class 'bool'>", (kind, name)
        assert "Any" not in hint, (kind, name, hint)
        assert "Credentials" not in hint, (kind, name, hint)
    assert all(dataclasses.fields(kind) and kind.__dataclass_params__.frozen for kind, _name, _hint in found)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"by_hand": False}, False),
        ({"router": False}, False),
        ({"phases": tuple(phase for phase in PHASES if phase != "verify")}, False),
        ({"check": True}, False),
    ],
)
def test_what_a_person_typed_is_kept_when_a_session_has_shown_it(changes, kept):
    intent = dataclasses.replace(CONVERGED.intent, by_hand=True)
    assert kept_when_proven(dataclasses.replace(intent, **changes)) is kept


@pytest.mark.parametrize(
    ("write", "same"),
    [
        (None, False),
        (Write(False, False, NOW), False),
        (Write(False, False, NOW, held=True), True),
        (Write(True, False, NOW, held=True), False),
    ],
)
def test_a_router_that_was_left_alone_was_found_to_be_right(write, same):
    assert run_state.same(dataclasses.replace(CONVERGED, write=write)) is same


def test_what_was_not_kept_stops_the_end_and_nothing_before_it():
    done = varied(SET, kept=True, seen=Seen(Session(True, "203.0.113.7", 5.0), NOW))
    assert do(done) is Do.END
    assert next_step(varied(done, unkept="It is locked."), NOW) == Step(Do.STOP, Why.NOT_KEPT)
    for state in (IN_HAND, varied(IN_HAND, kept=True), varied(SET, kept=True)):
        assert next_step(varied(state, unkept="It is locked."), NOW) == next_step(state, NOW) != Step(Do.END)


def test_a_state_that_nothing_was_done_in():
    fresh = State(FRESH.intent)
    assert not (fresh.kept or fresh.stored or fresh.unkept or fresh.begun)
