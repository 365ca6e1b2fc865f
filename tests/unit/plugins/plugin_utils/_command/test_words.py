# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How sentences end: with the command that goes on, or another one that is derived from it."""

from __future__ import annotations

import dataclasses

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import joined, said, step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import UNTOUCHED
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.stops import stop
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Why
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_commands import (
    AGAIN,
    BY_HAND,
    CHECKED,
    JOB,
    SITE,
    STOPS,
    commands,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import FRESH, IN_HAND, NOW, WORDS


def test_the_command_that_goes_on():
    assert WORDS.again("Then") == f"Then run the same command again:\n{AGAIN}\n"
    assert WORDS.asking.text == AGAIN
    converge = dataclasses.replace(
        WORDS, command=WORDS.command.with_variable("router_pppoe_renew", "false"), renew=False
    )
    assert commands(converge.asked_first()) == [("renew", {"router_pppoe_renew": "true"})]
    assert BY_HAND in WORDS.finish_by_hand("By hand")
    assert commands(WORDS.anew(NOW)) == [
        ("renew", {"router_pppoe_renew": "true", "router_pppoe_renewed_since": "2026-03-01T12:00:00Z"})
    ]
    assert commands(WORDS.looked()) == [("renew", {"router_pppoe_renew": "false"})]
    assert WORDS.looked().startswith("To look again:")
    assert WORDS.command.text in dataclasses.replace(WORDS, renew=False).looked()
    lost = commands(WORDS.lost(NOW))
    assert lost[0] == ("by_hand", {})
    assert lost[1][1]["router_pppoe_cooldown"] == "0s"


def test_what_may_be_secret_is_named():
    words = dataclasses.replace(WORDS, command=SITE)
    assert words.again("Then") == (
        "Then run the same command again:\nansible-playbook -i hosts.yml site.yml\n"
        "Add these, which are left out here: mine."
    )
    assert "(router_pppoe_login and router_pppoe_password in a file by-hand.yml that you alone can read):" in (
        words.finish_by_hand("By hand")
    )


def test_a_job_is_launched_again():
    words = dataclasses.replace(WORDS, command=JOB, renew=False)
    assert words.again("Then") == "Then launch the same job again, limited to the host router1."
    assert messages.before_post(words) == f"{UNTOUCHED} {words.again('Then')}"
    text = stop(Why.OFFLINE_NO_MAIL, FRESH, words, NOW)
    assert text.endswith(
        "To request a new password: launch the same job again, limited to the host router1, with "
        "router_pppoe_renew=true as extra variable."
    )
    for why in STOPS:
        said = stop(why, IN_HAND, words, NOW)
        assert "ansible-playbook" not in said, said
        assert "launch the same job again" in said, said


def test_check_mode_asks_for_nothing_and_sets_nothing():
    words = dataclasses.replace(WORDS, command=CHECKED, check=True)
    assert "foresees it, and does not" in words.anew(NOW)
    assert words.finish_by_hand("By hand") == ""
    for why in STOPS:
        said = stop(why, IN_HAND, words, NOW)
        assert "by_hand" not in said
        assert all("--check" in line for line in said.splitlines() if line.startswith("ansible-playbook"))


def test_nothing_answers():
    text = messages.before_post(WORDS, code="unreachable")
    assert "give it another uplink first" in text
    assert [playbook for playbook, _given in commands(text)] == ["renew", "by_hand"]
    assert "uplink" not in messages.before_post(WORDS, code="not_granted")


def test_sentences_are_joined_and_commands_keep_their_lines():
    assert joined("One.", "", "Two.") == "One. Two." and joined() == ""
    assert joined("Do:\na b\n", "Then.") == "Do:\na b\nThen."
    assert step("Go on", WORDS.command).splitlines() == ["Go on:", WORDS.command.text]
    assert said(WORDS.command) == WORDS.command.text and said(JOB) == (JOB.text or JOB.phrase)
