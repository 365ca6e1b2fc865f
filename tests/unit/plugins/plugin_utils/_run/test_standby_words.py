# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of standby routers."""

from __future__ import annotations

import dataclasses

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby_words as words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.standby import Standby
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_commands import commands
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import CONVERGED, IN_HAND, WORDS


def standby(host, changed=False, why=""):
    made = {"host": host, "looked": True, "changed": changed, "why": why}
    names = {one.name for one in dataclasses.fields(Standby)}
    return Standby(**{name: value for name, value in made.items() if name in names})


FOUND = [standby("b", changed=True), standby("c"), standby("d", why="it is off")]


def test_who_is_left_to_another_run():
    assert "The run of a sets this standby router" in words.left_to("a")


def test_a_preflight_tells_who_cannot_be_set_and_goes_on():
    (said,) = words.notes(FOUND)
    assert "standby router d" in said and "it is off" in said and "goes on without it" in said


def test_what_came_of_them():
    assert words.summary([], False) == ""
    assert (
        words.summary(FOUND, False)
        == "standby routers that were set, too: b; standby routers that were left as they are: c"
    )
    assert words.summary(FOUND[:1], True) == "standby routers that would be set: b"


def test_who_was_not_set_has_a_command_that_asks_for_nothing():
    assert words.unset(IN_HAND, FOUND[:2], WORDS) == ""
    said = words.unset(IN_HAND, FOUND, WORDS)
    assert "d: it is off" in said and [given.get("router_pppoe_renew") for _name, given in commands(said)] == ["false"]
    assert "no longer valid" in said and "no longer valid" not in words.unset(CONVERGED, FOUND, WORDS)


def test_both_messages_stand_in_lines_of_their_own():
    assert words.beside("first.", "") == "first." and words.beside("first.", "second.").splitlines()[-1] == "second."
