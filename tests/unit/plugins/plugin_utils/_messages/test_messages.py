# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run says of line and router, and how it ends."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages, stops
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import (
    PROVISIONED,
    UNTOUCHED,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    UNKNOWN,
    Hand,
    Renewal,
    Router,
    Seen,
    Session,
    Write,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import next_step
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_commands import (
    AGAIN,
    BY_HAND,
    JOB,
    commands,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    ASKED,
    CONVERGED,
    DOWN,
    FRESH,
    IN_HAND,
    LINE,
    LOGIN,
    NEW_MAIL,
    NOW,
    PROOF,
    SET,
    UP,
    WORDS,
    varied,
)

OFFLINE = varied(PROOF, router={"session": DOWN})


# -- what is true


def test_where_line_and_router_are():
    assert messages.situation(FRESH, WORDS) == UNTOUCHED
    provisioned = varied(FRESH, proof={"router": Router(LOGIN, UP, provisioned=True)})
    assert messages.situation(provisioned, WORDS) == PROVISIONED
    assert messages.before_post(WORDS) == f"{UNTOUCHED} Then run the same command again:\n{AGAIN}"
    assert PROVISIONED in messages.before_post(WORDS, provisioned.proof.router)
    amended = WORDS.command.with_option("--vault-id", "office@prompt")
    said = messages.before_post(WORDS, amended=amended)
    assert said.startswith(f"{UNTOUCHED} Then, with it:\n") and " --vault-id office@prompt " in said
    assert "same command" not in said
    assert "requested at 2026-03-01T11:58:00Z" in messages.situation(IN_HAND, WORDS)
    assert "was not set" in messages.situation(IN_HAND, WORDS)
    assert "The router was set" in messages.situation(SET, WORDS)
    assert messages.situation(varied(SET, renewal=None), WORDS).startswith("The router was set")
    assert messages.asked(FRESH, WORDS) == ""
    unknown = messages.asked(varied(IN_HAND, renewal={"outcome": "unknown"}), WORDS)
    assert "is not known" in unknown
    assert "15m after" in unknown
    assert "no longer valid" not in unknown
    assert "the previous password is no longer valid" in messages.asked(IN_HAND, WORDS)


def test_what_was_changed_is_not_called_nothing():
    words = dataclasses.replace(WORDS, store="secrets.yml")
    stored = messages.situation(varied(CONVERGED, stored=True), words)
    assert stored == (
        "No new password was requested. The router was not touched. Login and password were written to secrets.yml."
    )
    unknown = varied(FRESH, proof={"router": UNKNOWN})
    assert messages.elsewhere(unknown, WORDS, "It broke.").startswith(
        f"{LINE}: It broke. No new password was requested. What provision.yml did on the router is not known. Deal"
    )
    provisioned = Router(LOGIN, DOWN, waiting=True, provisioned=True)
    lost = varied(IN_HAND, hand=Hand(False, untold="It was lost."), proof={"router": provisioned})
    assert "provisioned, and has no password yet." in stops.stop(Why.NO_MAIL, lost, WORDS, NOW)
    assert "Nothing more was done." in messages.not_read("So.", WORDS.command, False)
    assert UNTOUCHED in messages.not_read("So.", WORDS.command, True)
    assert "but its" not in messages.situation(varied(SET, seen=Seen(UP)), WORDS)


@pytest.mark.parametrize("state", [FRESH, CONVERGED, IN_HAND, varied(CONVERGED, stored=True)])
def test_a_router_that_was_begun_to_be_set_is_not_called_untouched(state):
    words = dataclasses.replace(WORDS, store="secrets.yml")
    text = messages.situation(varied(state, unset=True), words)
    assert UNTOUCHED not in text and "not touched" not in text and "was not set" not in text
    assert text.startswith(messages.asked(state, words) or "No new password was requested. Setting")
    assert messages.UNFINISHED in text and ("secrets.yml" in text) == state.stored


def test_a_message_of_ours_is_known():
    assert messages.told(messages.elsewhere(IN_HAND, WORDS, "It broke."), WORDS)
    assert not messages.told("the safe is locked", WORDS)
    assert not messages.told(f"{LINE}: the safe is locked", WORDS)
    job = dataclasses.replace(WORDS, command=JOB)
    assert messages.told(messages.elsewhere(IN_HAND, job, "It broke."), job)


def test_a_router_that_could_not_be_set():
    text = messages.write_failed(IN_HAND, WORDS, NOW, "")
    assert text == (
        f"{LINE}: setting the router failed (the platform gives no reason). The password on the router is no longer "
        f'valid; the mail "Your xDSL credentials" of 2026-03-01T11:59:00Z (id 2) has the new one. To go on without a '
        f"second request:\n{AGAIN}"
    )
    assert "no longer valid" not in messages.write_failed(CONVERGED, WORDS, NOW, "No.")
    link = varied(IN_HAND, hand={"secret_link": True})
    assert "may not open again. To" in messages.write_failed(link, WORDS, NOW, "No.")
    assert WORDS.lost(NOW).strip() in messages.write_failed(link, WORDS, NOW, "No.")
    stored = dataclasses.replace(WORDS, store="secrets.yml")
    assert "where the store keeps it (secrets.yml)." in messages.write_failed(link, stored, NOW, "No.")


def test_a_failure_of_no_kind():
    text = messages.elsewhere(IN_HAND, WORDS, "It broke.")
    assert text.startswith(f"{LINE}: It broke. A new password was requested at")
    assert commands(text)


def test_a_router_that_is_left_alone():
    assert "is younger than that" in messages.other_password(messages.name_of(NEW_MAIL), NOW)
    assert "nothing tells how old" in messages.other_password(messages.name_of(None), None)
    assert messages.name_of(None) == "none"
    assert BY_HAND in messages.offline_note(WORDS)


CHECK = {"check": True}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            varied(SET, seen=Seen(UP)),
            "a new password was requested at 2026-03-01T11:58:00Z; the router was set and dialled once; session up, "
            "address 203.0.113.7.",
        ),
        (
            varied(FRESH, intent=CHECK, renewal=Renewal("requested")),
            "a new password would be requested; the router would be set; session up, address 203.0.113.7.",
        ),
        (
            varied(SET, renewal={"reason": "pending"}, write=Write(True, False, NOW)),
            "a new password was requested already (2026-03-01T11:58:00Z), no second one; the router was set; session "
            "up, address 203.0.113.7.",
        ),
        (
            varied(CONVERGED, write=Write(False, False, NOW), seen=Seen(DOWN)),
            "no renewal was requested; the router was left as it is; session down.",
        ),
        (
            varied(CONVERGED, intent=CHECK, proof={"router": Router(LOGIN, DOWN)}),
            "no renewal was requested; the router was left as it is; session not looked at.",
        ),
        (
            varied(CONVERGED, intent=CHECK, hand={"complete": False, "secret_link": True}),
            "no renewal was requested; the router was left as it is; session up, address 203.0.113.7.",
        ),
        (
            varied(CONVERGED, intent=CHECK, hand={"complete": False, "secret_link": True}, proof=OFFLINE),
            "no renewal was requested; the router would be set; session not looked at.",
        ),
        (varied(CONVERGED, intent={"router": False}), "no renewal was requested."),
        (
            varied(CONVERGED, stored=True, write=Write(False, False, NOW), seen=Seen(UP)),
            "no renewal was requested; login and password were written to the store; the router was left as it is; "
            "session up, address 203.0.113.7.",
        ),
        (
            varied(CONVERGED, write=Write(False, False, NOW, told=False), seen=Seen(DOWN)),
            "no renewal was requested; the router's own tasks were run, and do not say whether they changed it; "
            "session down.",
        ),
        (
            varied(CONVERGED, proof={"router": Router(LOGIN, UP, provisioned=True)}, seen=Seen(UP)),
            "no renewal was requested; the PPPoE interface was provisioned, and login and password were left as they "
            "are; session up, address 203.0.113.7.",
        ),
        (
            varied(CONVERGED, intent={"router": False}, renewal=Renewal("age_unknown")),
            "the age of the password is not known, so none was requested.",
        ),
        (
            varied(CONVERGED, intent={"router": False}, renewal=Renewal("already_renewed")),
            "the password was renewed already, none was requested.",
        ),
    ],
)
def test_what_a_run_came_to(state, said):
    assert messages.summary(state) == f"{LINE}: {said}"


def test_the_fixtures_are_what_they_say():
    assert next_step(varied(SET, seen=Seen(Session(True, uptime=1.0))), NOW).do is Do.END
    assert ASKED.under_way
    assert PROOF.router.session.up


def test_nobody_handed_anything_over():
    """A terminal, and a file where there is none; a job has variables. What stands in the file is not given again."""
    left = dataclasses.replace(WORDS.command, left_out=("router_pppoe_password", "mine"))
    said = messages.not_handed(dataclasses.replace(WORDS, command=left))
    typing, file = [line for line in said.splitlines() if line.startswith("ansible-playbook")]
    assert "@by-hand.yml" not in typing and " -e @by-hand.yml " in file
    assert said.endswith("Add these, which are left out here: mine.") and said.count("router_pppoe_password, mine") == 1
    job = messages.not_handed(dataclasses.replace(WORDS, command=JOB))
    assert "terminal" not in job and "by-hand.yml" not in job and UNTOUCHED in job
    assert "with router_pppoe_login and router_pppoe_password as extra variables." in job
