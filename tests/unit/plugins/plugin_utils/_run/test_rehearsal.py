# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rehearsal on means that answer anything: what is done to the router, and that nothing is asked for."""

from __future__ import annotations

import dataclasses
import json
import random
import re

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry, Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Standing, command_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import rehearsal as rehearsal_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import rehearsed as last_rehearsed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import compare
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Means, Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.rehearsal import Rehearsing, rehearse
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Unsafe
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import (
    CANARY,
    FAILED,
    UP,
    World,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    HOST,
    LINE,
    LOGIN,
    NOW,
    OLD_MAIL,
    REHEARSAL,
    WORDS,
    Anything,
    ago,
    varied,
)

SAME = port.Applied(False, False, False)
DIALLED = port.Applied(True, False, True, port.Mark(1.0, "one"))
DOWN = port.Session(False, error="LCP timeout")
MAILED = {
    "found": True,
    "login": LOGIN,
    "password": CANARY,
    "mail": {"id": OLD_MAIL.id, "date": iso(OLD_MAIL.date), "title": OLD_MAIL.title},
}
TYPED = ["ansible-playbook", "-i", "hosts.yml", "ownrouter.ovhcloud.rehearse"]
WORDS = dataclasses.replace(WORDS, renew=False, command=command_of(TYPED, {}, Standing(HOST, (HOST, "router2"))))


class Place(World):
    """A router that has the password of the mail; its answers to apply are by what is asked."""

    def __init__(self, **answers):
        super().__init__(**{ovh.COLLECT: MAILED, "compared": SAME, "dialled": DIALLED, "apply": None, **answers})
        self.sessions = list(answers.get("sessions") or [])

    def apply(self, credentials, *, dial, age, check):
        super().apply(credentials, dial=dial, age=age, check=check)
        return self.answer("compared" if check else "dialled")

    def session(self, *, wait, since):
        self.answer("session", wait, since)
        found = self.sessions.pop(0) if self.sessions else self.answers["session"]
        if isinstance(found, Exception):
            raise found
        return found

    def dials(self):
        return [dial for _credentials, dial, _age, check in self.acts("apply") if not check]


def run_of(place, state=REHEARSAL, **given):
    means = Means(place.call, place.router, place.keep, lambda: NOW)
    given = {"service_name": LINE, "renew": True, **given}
    if state.intent.by_hand:
        given.update(login=LOGIN, password=CANARY)
    return Rehearsing(Options(given), state.intent, WORDS, means)


def went(tmp_path, place, state=REHEARSAL, **given):
    """The run, what it came to, and its last words."""
    run = run_of(place, state, **given)
    try:
        return run, rehearse(run, state, str(tmp_path))[1], ""
    except Stopped as stopped:
        return run, "", str(stopped)


def test_it_dials_once_and_asks_for_nothing(tmp_path):
    place = Place(sessions=[DOWN, DOWN, UP])
    run, said, _last_words = went(tmp_path, place)
    names = [name for name, *_what in place.done if name not in ("compared", "dialled")]
    assert names == [
        *(ovh.COLLECT, "unfit", "apply", "probe", "apply", "session", ovh.DIAL_INS, "session", "session", ovh.DIAL_INS)
    ]
    assert place.acts("probe") == [[True]], "that it can be written is tried"
    compared, dialled = place.acts("apply")
    assert (compared[1], compared[3]) == (port.Dial.AUTO, True)
    assert (dialled[1], dialled[3]) == (port.Dial.ALWAYS, False)
    assert dialled[0].password == CANARY
    assert place.acts("session")[2] == [180.0, port.Mark(1.0, "one")], "the new session is waited for"
    assert place.acts(ovh.COLLECT)[0][0]["open_link"] is False
    assert "the router was made to dial once, and a new session was up" in said
    assert run.diff == ["+dial once"]
    assert place.opened == 0
    shown = last_rehearsed.Rehearsal(HOST, NOW, True, True, True, True)
    assert last_rehearsed.last(str(tmp_path), LINE, HOST) == shown


def test_check_mode_dials_nothing(tmp_path):
    place = Place()
    _run, said, _last_words = went(tmp_path, place, varied(REHEARSAL, intent={"check": True}))
    assert place.dials() == place.acts("probe") == place.acts("session") == []
    assert "would be made to dial once" in said
    assert last_rehearsed.last(str(tmp_path), LINE, HOST) is None


@pytest.mark.parametrize(
    ("sessions", "told", "router", "api"),
    [
        ([UP, UP], {}, None, None),
        ([DOWN, UP, UP], {"connected": False, "allowed": True}, True, None),
        ([DOWN, DOWN, UP], {"connected": False, "allowed": True}, True, True),
        ([DOWN, DOWN, UP], {"failed": True, "failure": {"code": "not_granted"}}, True, True),
        ([DOWN, DOWN, UP], {"failed": True, "failure": {"code": "unreachable"}}, True, False),
        ([Failure("router_unreachable", "No way."), UP], {}, False, None),
    ],
)
def test_what_the_dial_shows_of_the_ways(tmp_path, sessions, told, router, api):
    went(tmp_path, Place(sessions=sessions, **{ovh.DIAL_INS: told}))
    shown = last_rehearsed.last(str(tmp_path), LINE, HOST)
    assert (shown.router_answered, shown.api_answered) == (router, api)


@pytest.mark.parametrize(
    ("answers", "part", "dials"),
    [
        ({"compared": port.Applied(True, True, True)}, "does not run on the password of the latest mail any more", 0),
        ({"compared": port.Applied(True, False, True)}, "does not run on the password of the latest mail any more", 0),
        ({"compared": dataclasses.replace(SAME, compared=False)}, "does not run on the password of the latest", 0),
        ({"unfit": "No such sign."}, "No such sign.", 0),
        ({"probe": port.Probe(LOGIN, False, UP, why="Read only.")}, "could not be made to dial (Read only)", 0),
        ({"dialled": Failure("router_lost", "It is gone.")}, "could not be made to dial (It is gone)", 1),
        ({"session": DOWN}, "made to dial, but no new session came up within 180 s (LCP timeout)", 1),
        ({"session": port.Session(True, uptime=600.0)}, "the previous session is still up", 1),
        ({ovh.COLLECT: FAILED}, "OVHcloud said no. The router was not touched.", 0),
        ({ovh.COLLECT: {**MAILED, "mail": {**MAILED["mail"], "id": "9"}}}, "is under way, or was just made", 0),
        ({ovh.COLLECT: {**MAILED, "password": ""}}, "has no credentials mail of this line", 0),
    ],
)
def test_what_goes_wrong_is_told_with_a_command(tmp_path, answers, part, dials):
    place = Place(**answers)
    _run, _said, last_words = went(tmp_path, place)
    assert part in last_words
    assert last_words.startswith(f"{LINE}: ")
    assert re.search(r"\nansible-playbook -i hosts.yml --limit router1 .*ownrouter\.ovhcloud\.\w+$", last_words.strip())
    assert place.dials() == [port.Dial.ALWAYS] * dials
    assert place.opened == 0
    assert CANARY not in last_words
    shown = last_rehearsed.last(str(tmp_path), LINE, HOST)
    assert (shown is not None) is ("new session" in part or "previous session" in part)
    assert not (shown and shown.session)


@pytest.mark.parametrize(
    ("age", "outcome", "refused"),
    [
        (60, "confirmed", True),
        (60, "unknown", True),
        (899, "sending", True),
        (60, "refused", False),
        (901, "confirmed", False),
        (91 * 86400, "confirmed", False),
    ],
)
def test_a_request_that_the_journal_knows_of_comes_first(tmp_path, age, outcome, refused):
    Journal(str(tmp_path), LINE).record(Entry(ago(age), outcome))
    place = Place()
    _run, _said, last_words = went(tmp_path, place)
    assert ("a renewal of this line is under way" in last_words) is refused
    assert bool(place.dials()) is not refused


def test_what_it_has_shown_need_not_be_kept(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = run_of(Place())
    run.note(varied(REHEARSAL, write=dataclasses.replace(Anything(1).write(), at=NOW)), str(tmp_path / "file"), True)
    assert "could not be kept" in run.warnings[0]


def test_a_rehearsal_that_is_broken_off_says_whether_it_dialled():
    run = run_of(Place())
    assert "Nothing was changed" in run.broken_off("it was ended.")
    run.go(REHEARSAL, (Do.COLLECT, Do.REDIAL))
    said = run.broken_off("it was ended.")
    assert "it was ended. The router was being made to dial" in said
    assert said.endswith(WORDS.converging.text)


@pytest.mark.parametrize("why", list(Unsafe))
def test_every_refusal_has_its_sentence_and_a_command(why):
    text, on = rehearsal_words._why(REHEARSAL, WORDS, why)
    assert text
    assert re.search(
        r"\nansible-playbook -i hosts.yml --limit router1 .*ownrouter\.ovhcloud\.(renew|rehearse)$", on.strip()
    )
    assert "router_pppoe_renew=true" not in on, "whoever rehearses has not asked for a renewal"
    assert not text.endswith(".")


def test_whatever_is_answered_nothing_is_asked_for_and_it_dials_at_most_once(tmp_path):
    dice, anything = random.Random(3), Anything(4)
    seen = dict.fromkeys(("dialled", "refused", "well"), 0)
    for _number in range(3000):
        state = anything.rehearsal()
        state = varied(state, hand=None, write=None, seen=None, kept=False)
        session = port.Session(dice.random() < 0.7, "", dice.choice([None, 1.0, 600.0]), "No.")
        flags = [dice.random() < 0.1 for _flag in "123"]
        mailed, proof = MAILED, state.proof
        if proof and proof.latest and proof.latest.mail and proof.router and dice.random() < 0.9:
            mail = {"id": proof.latest.mail.id, "date": iso(proof.latest.mail.date), "title": "Yours"}
            mailed = {**MAILED, "login": proof.router.login, "mail": mail}
        place = Place(
            **{
                ovh.COLLECT: dice.choice([mailed] * 4 + [FAILED, {}, {**mailed, "password": ""}]),
                "compared": dice.choice([SAME] * 5 + [port.Applied(*flags), Failure("router_lost", "Gone.")]),
                "dialled": dice.choice([DIALLED] * 5 + [Failure("router_write", "It broke.")]),
                "probe": port.Probe(LOGIN, dice.random() < 0.9, UP),
                "session": dice.choice([session] * 5 + [Failure("router_lost", "It is gone.")]),
            }
        )
        run, said, last_words = went(tmp_path, place, state)
        assert place.acts(ovh.RENEW) == place.acts("keep") == [], "there is no act that asks"
        assert place.sent == place.opened == 0
        assert len(place.dials()) <= 1
        assert not (place.dials() and state.intent.check)
        if place.dials():
            assert place.dials() == [port.Dial.ALWAYS]
            assert place.answers["compared"] == SAME or not place.answers["compared"].changed
            assert state.proof.same is True
        assert CANARY not in f"{said} {last_words} {run.warnings} {run.diff}"
        seen["dialled"] += bool(place.dials())
        seen["refused"] += "not rehearsed: " in last_words
        seen["well"] += bool(said)
    assert min(seen.values()) > 10, seen


# -- is the mail's password the one on the router?


@pytest.mark.parametrize(
    ("found", "compared", "same", "why"),
    [
        (MAILED, SAME, True, ""),
        (MAILED, port.Applied(True, True, False), False, ""),
        (MAILED, port.Applied(True, False, False), True, ""),
        (MAILED, Failure("router_lost", "It is gone."), None, "It is gone"),
        (MAILED, dataclasses.replace(SAME, compared=False), None, "does not show its password"),
        (MAILED, port.Applied(True, True, False, compared=False), None, "does not show its password"),
        ({**MAILED, "login": "another"}, SAME, None, "for the login another"),
        ({**MAILED, "password": ""}, SAME, None, "no mail gives one"),
        ({"found": False}, SAME, None, "no mail gives one"),
    ],
)
def test_the_driver_compares(found, compared, same, why):
    place = Place(compared=compared)
    told, because = compare.compared(place, LOGIN, found)
    assert told is same
    assert why in because
    assert [(dial, check) for _credentials, dial, _age, check in place.acts("apply")] in ([], [(port.Dial.NEVER, True)])
    assert CANARY not in because
    unfit = Place(unfit="No such sign.")
    assert compare.compared(unfit, LOGIN, MAILED)[0] is None
    assert unfit.acts("apply") == []


def test_one_look_at_the_mails_opens_no_link():
    place = Place()
    run = run_of(place)
    compare.latest_mail(run, LOGIN, 3, password=True)
    ((asked, _check),) = place.acts(ovh.COLLECT)
    assert (asked["timeout"], asked["open_link"], asked["return_password"]) == (0, False, True)
    assert (asked["login"], asked["clock_skew"]) == (LOGIN, 3)
    compare.latest_mail(run, "", None, password=False)
    asked, _check = place.acts(ovh.COLLECT)[1]
    assert not {"return_password", "login", "clock_skew"} & set(asked)
    assert CANARY not in json.dumps(asked)


@pytest.mark.parametrize(("several", "age"), [(True, 30), (False, 0)])
def test_the_first_look_at_the_mails_takes_no_list_of_an_earlier_use(monkeypatch, several, age):
    """An audit that is included twice would say of the second look what was true at the first."""
    monkeypatch.setitem(ovh._run, "several", several)
    place = Place()
    compare.latest_mail(run_of(place), LOGIN, 3, password=True)
    assert [asked["list_age"] for asked, _check in place.acts(ovh.COLLECT)] == [age]
