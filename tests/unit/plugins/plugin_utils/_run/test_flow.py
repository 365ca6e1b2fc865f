# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The acts of a run on means that answer anything: what is done to the line, to the store and to the router."""

from __future__ import annotations

import dataclasses
import os
import random
import threading
import time

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Route
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import flow
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import hand as hand_of_run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Means, Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Hand, Session, Trails
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, held
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    FRESH,
    LINE,
    LOGIN,
    NEW_MAIL,
    NOW,
    OLD_MAIL,
    PROOF,
    REASONS,
    WORDS,
    Anything,
    ago,
    varied,
)

ACTS = (Do.ASK, Do.COLLECT, Do.KEEP, Do.WRITE, Do.WATCH)
CANARY = "Kanarie'\"$;\\#<>&é:7391"
ASKED = {
    "reason": "requested",
    "outcome": "confirmed",
    "requested_at": iso(ago(120)),
    "requests": 1,
    "requests_since": iso(ago(120)),
    "message": "So.",
}
PENDING = {**ASKED, "reason": "pending"}
MAILED = {
    "found": True,
    "login": LOGIN,
    "password": CANARY,
    "mail": {"id": "2", "date": iso(NEW_MAIL.date), "title": "Yours"},
}
FAILED = {"failed": True, "msg": "OVHcloud said no.", "failure": {"code": "unavailable"}}
UP = port.Session(True, "203.0.113.7", 1.0)


class World:
    """OVHcloud, the store and the router. What was done to them is noted; an answer may be an exception."""

    def __init__(self, **answers):
        self.answers = {
            ovh.RENEW: ASKED,
            ovh.COLLECT: MAILED,
            ovh.DIAL_INS: {"connected": True, "allowed": True},
            "keep": True,
            "probe": port.Probe(LOGIN, True, UP),
            "unfit": "",
            "look_ahead": None,
            "apply": port.Applied(True, True, True, port.Mark(1.0, "one")),
            "session": UP,
            "connect": "",
            **answers,
        }
        self.done = []
        self.sent = 0
        self.opened = self.most = 0

    def answer(self, name, *what):
        self.done.append((name, *what))
        found = self.answers[name]
        if isinstance(found, Exception):
            raise found
        return found

    def acts(self, name):
        return [what for act, *what in self.done if act == name]

    def call(self, module, given, check, ready=None, hear=None):
        if module == ovh.RENEW and not check:
            try:
                ready(False)
                ready(True)
            except Failure as failure:
                self.done.append(("not sent", failure.code))
                return {**failure.as_result(), "failed": True}
            self.sent += self.answers[module].get("reason") == "requested" and module == ovh.RENEW
        return self.answer(module, given, check)

    def router(self):
        self.opened += 1
        self.most = max(self.most, self.opened)
        return self

    def close(self):
        self.opened -= 1

    def keep(self, credentials):
        return self.answer("keep", credentials)

    def probe(self, *, prove):
        return self.answer("probe", prove)

    def look_ahead(self):
        self.answer("look_ahead")

    def unfit(self, credentials):
        return self.answer("unfit", credentials)

    def apply(self, credentials, *, dial, age, check):
        return self.answer("apply", credentials, dial, age, check)

    def session(self, *, wait, since):
        return self.answer("session", wait, since)


def run_of(world, state, **given):
    means = Means(world.call, world.router if state.intent.router else None, world.keep, lambda: NOW)
    means.connect = lambda target: world.answer("connect", target)
    if state.intent.by_hand:
        given.update(login=LOGIN, password=CANARY)
    given.update(service_name=LINE, renew=state.intent.renew, cooldown="15m")
    words = dataclasses.replace(WORDS, renew=state.intent.renew, by_hand=state.intent.by_hand)
    return Run(Options(given), state.intent, words, means)


def went(world, state=FRESH, **given):
    """The run, its last state, and its last words."""
    run = run_of(world, state, **given)
    try:
        return run, run.go(state, ACTS), ""
    except Stopped as stopped:
        return run, None, str(stopped)


# -- a run that goes well


def test_a_renewal():
    world = World()
    run, state, last_words = went(world, varied(FRESH, intent={"stores": True}), mail_timeout=7)
    assert last_words == ""
    assert world.sent == 1
    assert [name for name, *_what in world.done] == [
        *("probe", ovh.RENEW, ovh.COLLECT, "keep", "unfit", "apply", "session", ovh.DIAL_INS)
    ]
    credentials, dial, age, check = world.acts("apply")[0]
    assert (credentials.login, credentials.password, dial, age, check) == (LOGIN, CANARY, port.Dial.AUTO, 120, False)
    asked, _check = world.acts(ovh.RENEW)[0]
    assert asked["session_uptime"] == 86400 and asked["session_seen_at"] == iso(PROOF.at)
    assert parse_time(asked["not_after"]) == NOW + flow.SENT_WITHIN
    assert asked["cooldown"] == "15m"
    collected, _check = world.acts(ovh.COLLECT)[0]
    assert collected["newer_than"] == ASKED["requests_since"]
    assert (collected["timeout"], collected["requests"], collected["login"]) == (7, 1, LOGIN)
    assert collected["open_link"] is True
    assert world.acts("session") == [[180.0, port.Mark(1.0, "one")]]
    assert world.acts(ovh.DIAL_INS)[0][0]["newer_than"] == iso(NOW)
    assert state.seen.accepted is True
    assert state.kept
    assert run.diff == [
        f"+login and password of {LINE}: kept (not shown)",
        f"+login and password of {LOGIN}: written (not shown)",
        "+dial once",
    ]
    assert world.opened == 0


def test_a_line_that_another_run_has_cut_is_finished():
    world = World(**{ovh.RENEW: PENDING})
    _run, state, _last_words = went(world)
    assert world.sent == 0
    assert state.changed
    assert world.acts(ovh.COLLECT)[0][0]["newer_than"] == ASKED["requests_since"]


def test_check_mode_sends_writes_and_opens_nothing():
    world = World(**{ovh.RENEW: {**ASKED, "requested_at": None}})
    _run, state, last_words = went(world, varied(FRESH, intent={"check": True}))
    assert (last_words, world.sent, world.acts("apply"), world.acts("keep")) == ("", 0, [], [])
    assert world.acts(ovh.RENEW)[0][1] is True
    assert state.predicted
    world = World(**{ovh.RENEW: PENDING})
    went(world, varied(FRESH, intent={"check": True}))
    assert world.acts("apply")[0][3] is True
    assert world.acts(ovh.COLLECT)[0][1] is True
    assert world.acts(ovh.COLLECT)[0][0]["timeout"] == 0


def test_a_password_by_hand_needs_no_mail():
    world = World()
    _run, state, last_words = went(world, varied(FRESH, intent={"renew": False, "by_hand": True}))
    assert last_words == ""
    assert world.acts(ovh.RENEW) == world.acts(ovh.COLLECT) == []
    assert world.acts("apply")[0][0].password == CANARY
    assert state.hand.mail is None


def test_a_router_that_knows_better_is_only_compared_with():
    young = varied(PROOF, router={"session": Session(True, "203.0.113.7", 10.0)})
    run, state, last_words = went(World(), varied(FRESH, intent={"renew": False}, proof=young))
    assert last_words == ""
    assert not state.changed
    assert run.diff == []
    assert "is younger than that" in " ".join(run.warnings)


# -- the request


ANSWERING = {"must_answer": ["192.0.2.10:443"]}


def test_what_does_not_answer_over_a_session_that_is_up_sends_nothing():
    world = World(connect="timed out")
    _run, _state, last_words = went(world, **ANSWERING)
    assert world.sent == 0 and "192.0.2.10:443 (timed out) does not answer" in last_words
    assert "Nothing was requested" in last_words
    world = World()
    assert went(world, **ANSWERING)[2] == "" and (world.sent, len(world.acts("connect"))) == (1, 1)


def test_over_a_session_that_is_down_nothing_has_to_answer():
    world = World(connect="timed out")
    down = varied(FRESH, proof=varied(PROOF, router={"session": Session(False)}))
    went(world, down, **ANSWERING)
    assert world.acts("connect") == [] and world.sent == 1


def test_a_run_whose_parent_is_gone_sends_nothing(monkeypatch):
    world = World()
    run = run_of(world, FRESH)
    monkeypatch.setattr(os, "getppid", lambda: 1)
    with pytest.raises(Stopped, match="The run that this request belongs to has ended") as stopped:
        run.go(FRESH, ACTS)
    assert (world.sent, world.acts("not sent"), world.acts(ovh.RENEW)) == (0, [["run_ended"]], [])
    assert WORDS.command.text in str(stopped.value)


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize("what", ["router", "api"])
def test_a_way_that_is_another_one_by_now_sends_nothing(here, what):
    """A VPN that came up since the proof. What another host reaches the API by is not this machine's route."""
    world = World()
    trails = dataclasses.replace(Trails(), **{what: "x:443=198.51.100.1; 198.51.100.1>usb0>172.20.10.1>172.20.10.2"})
    state = dataclasses.replace(FRESH, proof=dataclasses.replace(FRESH.proof, trails=trails))
    run = run_of(world, state)
    run.means.here, run.means.route = here, lambda address, port: Route(address, "tun0", tunnel="wireguard")
    if not here and what == "api":
        run.go(state, {Do.ASK})
        assert world.sent == 1
        return
    with pytest.raises(Stopped, match="has changed since it was proven") as stopped:
        run.go(state, ACTS)
    assert (world.sent, world.acts(ovh.RENEW)) == (0, [])
    assert WORDS.command.text in str(stopped.value) and "Nothing was requested" in str(stopped.value)


def test_a_store_that_never_answers_keeps_no_router_offline(monkeypatch):
    """A file on a server behind the line: the router is set, and then the run fails."""
    monkeypatch.setattr(hand_of_run, "STORED", 0.05)
    world, ended = World(), threading.Event()
    monkeypatch.setattr(world, "keep", lambda credentials: ended.wait(20))
    _run, state, last_words = went(world, varied(FRESH, intent={"stores": True}))
    ended.set()
    assert state is None and len(world.acts("apply")) == 1
    assert "did not answer within 0.05 s, and may not hold login and password. The router was set." in last_words
    assert CANARY not in last_words


@pytest.mark.parametrize("state", [FRESH, varied(FRESH, intent={"renew": False})])
def test_a_write_that_ends_badly_leaves_no_router_that_was_not_touched(state):
    """Whatever the driver has done of it: its reason tells that, and nothing else says that nothing was done."""
    run, state, last_words = went(World(apply=Failure("router_write", "The password is written, but no dial.")), state)
    assert state is None and run.did_something
    assert "The password is written, but no dial." in last_words
    assert messages.UNFINISHED in run.where() and "touched" not in run.where() + last_words
    assert messages.UNFINISHED in run.broken_off("Cancelled.")


def test_a_write_in_check_mode_that_fails_has_touched_nothing():
    state = varied(FRESH, intent={"renew": False, "check": True})
    run, state, _last_words = went(World(apply=Failure("router_write", "No.")), state)
    assert state is None and not run.did_something and messages.UNFINISHED not in run.where()


def test_a_router_that_cannot_be_written_keeps_the_request_from_being_sent():
    world = World(probe=port.Probe(LOGIN, False, UP, why="Read only."))
    _run, state, last_words = went(world)
    assert state is None
    assert (world.sent, world.acts("not sent")) == (0, [["router_unwritable"]])
    assert "Read only." in last_words
    assert WORDS.command.text in last_words
    assert world.acts("probe") == [[True]]
    waiting = varied(PROOF, router={"waiting": True, "session": Session(False)})
    world = World()
    went(world, varied(FRESH, proof=waiting))
    assert world.acts("probe") == []


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (FAILED, "OVHcloud said no. Nothing was changed"),
        ({"unreachable": True, "msg": "No route."}, "No route. Nothing was changed"),
        ({"failed": True, "msg": "MODULE FAILURE"}, "Whether a new password was requested is not known; it is not"),
        ({}, "no answer Whether"),
    ],
)
def test_a_request_that_failed_says_what_is_known(answer, part):
    world = World(**{ovh.RENEW: answer})
    _run, state, last_words = went(world)
    assert state is None
    assert part in last_words
    assert WORDS.command.text in last_words
    assert world.acts(ovh.COLLECT) == world.acts("apply") == []


# -- what fails after it


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        (ovh.COLLECT, FAILED, "OVHcloud said no. A new password was requested at"),
        (ovh.COLLECT, {"found": False}, "no credentials mail of this line yet"),
        (ovh.COLLECT, {**MAILED, "login": "other"}, "is for the login other"),
        (ovh.COLLECT, {**MAILED, "mail": {**MAILED["mail"], "date": iso(OLD_MAIL.date)}}, "no credentials mail of"),
        (ovh.COLLECT, {**MAILED, "mail": None}, "no credentials mail of this line yet"),
        (ovh.COLLECT, {"found": False, "passed_over": [{"title": "Yours", "why": "odd"}]}, "Passed over: "),
        ("keep", Failure("store", "The file is gone."), "The file is gone. The router was set."),
        ("apply", Failure("router_write", "It broke."), "setting the router failed (It broke.)"),
        ("unfit", "No such sign.", "No such sign. Nothing was written on the router."),
        ("session", port.Session(False, error="Refused."), "no new session came up within 180 s (Refused.)"),
        ("session", Failure("router_lost", "It is gone."), "(It is gone.)"),
        ("session", port.Session(True, uptime=600.0), "the previous session is still up"),
    ],
)
def test_what_fails_after_it_ends_with_the_command(name, answer, part):
    world = World(**{name: answer})
    _run, state, last_words = went(world, varied(FRESH, intent={"stores": True}))
    assert state is None
    assert last_words.startswith(f"{LINE}: ")
    assert part in last_words
    assert (WORDS.looked() if name == "session" else WORDS.command.text) in f"{last_words}\n"
    assert CANARY not in last_words
    assert world.sent == 1
    assert world.opened == 0
    # A line that was cut is set, though the store fails.
    if name in (ovh.COLLECT, "unfit"):
        assert world.acts("apply") == []


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"allowed": True}, "shows no connection after the change yet"),
        ({"allowed": False}, "may not be read"),
        (FAILED, "could not be asked (OVHcloud said no.)"),
    ],
)
def test_a_log_that_does_not_say_so_is_a_warning(told, part):
    run, state, last_words = went(World(**{ovh.DIAL_INS: told}))
    assert last_words == ""
    assert part in " ".join(run.warnings)
    assert state.seen.accepted is None


def test_it_is_told_what_ovhcloud_saw_of_a_session_that_did_not_come():
    event = {"state": "KO", "date": "today", "message": "bad password"}
    world = World(session=port.Session(False), **{ovh.DIAL_INS: {"connected": False, "last_event": event}})
    _run, _state, last_words = went(world)
    assert "OVHcloud's last RADIUS event is KO at today: bad password." in last_words


def test_acts_that_were_not_wished_are_left():
    world = World()
    state = run_of(world, FRESH).go(FRESH, (Do.ASK, Do.COLLECT))
    assert state.hand.complete
    assert world.acts("apply") == []


# -- anything


def any_world(dice):
    """One whose every answer is drawn."""

    def mail():
        return {"id": "3", "date": iso(dice.choice([NEW_MAIL.date, OLD_MAIL.date, NOW, ago(100 * 86400)])), "title": ""}

    def failure():
        return Failure(dice.choice(["router_lost", "router_write"]), "It broke.")

    at = dice.choice([iso(ago(120)), iso(ago(120)), None, "nonsense"])
    renewed = {
        "reason": dice.choice([*REASONS, "requested"]),
        "requested_at": at,
        "requests": dice.choice([None, 1, 3]),
    }
    mailed = {
        "found": dice.random() < 0.9,
        "login": dice.choice([LOGIN, LOGIN, LOGIN, "other", None]),
        "password": dice.choice([CANARY, CANARY, CANARY, "", None]),
        "secret_link": dice.random() < 0.2,
        "mail": mail() if dice.random() < 0.9 else None,
    }
    up = dice.random() < 0.7
    flags = [dice.random() < 0.5 for _flag in "123"]
    return World(
        **{
            ovh.RENEW: dice.choice([renewed] * 8 + [FAILED, {}]),
            ovh.COLLECT: dice.choice([mailed] * 8 + [FAILED, {}]),
            ovh.DIAL_INS: dice.choice([{"connected": True}, {"allowed": True, "last_event": None}, FAILED, {}]),
            "keep": dice.choice([True, False, Failure("store", "It is gone.")]),
            "probe": dice.choice([port.Probe(LOGIN, dice.random() < 0.9, UP)] * 9 + [failure()]),
            "unfit": dice.choice([""] * 9 + ["No."]),
            "apply": dice.choice([port.Applied(*flags)] * 5 + [failure()]),
            "session": dice.choice([port.Session(up, "", dice.choice([None, 1.0, 600.0]))] * 5 + [failure()]),
        }
    )


def test_whatever_is_answered_one_request_and_no_password_that_does_not_count():
    dice, anything = random.Random(1), Anything(2)
    seen = dict.fromkeys(("sent", "applied", "held", "kept", "stopped", "ended"), 0)
    for _number in range(4000):
        start = State(anything.intent(), anything.maybe(anything.proof, 9))
        start = varied(start, intent={"renew": start.intent.renew and not start.intent.by_hand})
        world = any_world(dice)
        run = run_of(world, start)
        last_words = ""
        try:
            state = run.go(start, ACTS)
            seen["ended"] += 1
        except Stopped as stopped:
            last_words = str(stopped)
            seen["stopped"] += 1
        requests = [check for _given, check in world.acts(ovh.RENEW)]
        assert len(requests) <= 1
        assert world.sent <= 1
        assert not start.intent.check or all(requests), "check mode asks what would be asked"
        assert not requests or (start.intent.renew and start.intent.complete and start.proof.service_name == LINE)
        seen["sent"] += world.sent
        for credentials, _dial, _age, check in world.acts("apply"):
            seen["applied"] += 1
            seen["held"] += check and not start.intent.check
            assert credentials.password == CANARY
            assert credentials.login == LOGIN == start.proof.router.login
            assert check or not start.intent.check
            found = world.answers[ovh.COLLECT].get("mail")
            if requests and world.answers[ovh.RENEW]["reason"] in ("requested", "pending"):
                assert parse_time(found["date"]) >= ago(130), "an earlier one is not the answer"
            elif not start.intent.by_hand:
                mailed = dataclasses.replace(NEW_MAIL, date=parse_time(found["date"]))
                hand = Hand(True, LOGIN, mailed)
                assert check or not held(dataclasses.replace(start, hand=hand), run.now(start))
        assert len(world.acts("apply")) <= 1
        for (credentials,) in world.acts("keep"):
            seen["kept"] += 1
            assert credentials.password == CANARY
        assert world.opened == 0
        said = f"{last_words} {run.warnings} {run.diff}"
        assert CANARY not in said
        if last_words:
            assert last_words.startswith(f"{LINE}: ")
            assert "\nansible-playbook " in last_words
        elif world.sent and start.intent.router:
            assert state.seen.session.up
            assert world.acts("apply")
    assert min(seen.values()) > 3, seen


class Slow(World):
    """The mail takes a while."""

    def call(self, module, given, check, ready=None, hear=None):
        if module == ovh.COLLECT:
            time.sleep(0.3)
        return super().call(module, given, check, ready)


class TestLookingAhead:
    @pytest.fixture(autouse=True)
    def _soon(self, monkeypatch):
        monkeypatch.setattr(flow.ahead, "PAUSE", 0.01)
        monkeypatch.setattr(flow.ahead, "SOON", 0.01)

    def test_the_router_is_looked_at_while_a_mail_is_waited_for_and_set_by_the_same_driver(self):
        world = Slow()
        assert went(world)[2] == ""
        names = [act for act, *_what in world.done]
        between = names[names.index(ovh.RENEW) + 1 : names.index(ovh.COLLECT)]
        assert between.count("look_ahead") > 2 and set(between) == {"look_ahead"}
        assert "look_ahead" not in names[names.index(ovh.COLLECT) :]
        assert (world.opened, world.most) == (0, 1)

    def test_a_router_that_is_lost_meanwhile_is_no_matter_before_the_write(self):
        world = Slow(look_ahead=Failure("router_unreachable", "Gone."))
        assert went(world)[2] == ""
        assert len(world.acts("look_ahead")) == 1 and len(world.acts("apply")) == 1

    @pytest.mark.parametrize("error", [RuntimeError(CANARY), UnicodeDecodeError("utf-8", b"x", 0, 1, CANARY)])
    def test_an_error_in_a_look_shows_nothing(self, error, capfd):
        assert went(Slow(look_ahead=error))[2] == ""
        assert CANARY not in "".join(capfd.readouterr())

    def test_where_somebody_else_writes_nobody_looks(self):
        world = Slow()
        run_of(world, FRESH).go(FRESH, (Do.ASK, Do.COLLECT, Do.KEEP))
        assert not world.acts("look_ahead") and world.opened == 0

    def test_a_mail_that_was_there_is_not_waited_for(self):
        world = Slow(**{ovh.RENEW: {**ASKED, "reason": "flag_unset", "outcome": "none"}})
        went(world)
        assert not world.acts("look_ahead")

    def test_nobody_looks_before_the_mail_can_be_there(self):
        asked = {**ASKED, "requested_at": iso(NOW)}
        world = Slow(**{ovh.RENEW: asked})
        went(world, mail_expected_after=120)
        assert not world.acts("look_ahead")


@pytest.mark.parametrize(
    ("answers", "check", "did"),
    [
        ({"session": port.Session(False, error="Refused.")}, False, True),
        ({ovh.RENEW: {**ASKED, "requested": True}, ovh.COLLECT: FAILED}, False, True),
        ({ovh.RENEW: FAILED}, False, False),
        ({"session": port.Session(False, error="Refused.")}, True, False),
    ],
)
def test_a_run_that_stops_says_whether_it_did_something(answers, check, did):
    run, _state, _last_words = went(World(**answers), varied(FRESH, intent={"check": check}))
    assert run.did_something is did
