# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the steps ask of a state; the steps themselves are walked through in test_run_flow and tests/faults."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Seen
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import World, run_of
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    CONVERGED,
    DOWN,
    FRESH,
    IN_HAND,
    NOW,
    SET,
    UP,
    varied,
)

SEEN = dataclasses.replace(SET, seen=Seen(UP, at=NOW))


def ended(state, why=""):
    """What has to answer was looked for so often; and the last words."""
    world = World(connect=why)
    run = run_of(world, state, must_answer=["192.0.2.10:443"], session_timeout=0)
    try:
        steps.Steps(run, "main").ended(state, True)
    except Stopped as stopped:
        return len(world.acts("connect")), stopped.failure["code"], str(stopped)
    return len(world.acts("connect")), "", ""


def test_what_has_to_answer_is_looked_for_after_a_dial_alone():
    assert ended(SEEN)[:2] == (1, "")
    assert ended(CONVERGED) == ended(varied(SEEN, intent={"check": True})) == (0, "", "")
    assert ended(dataclasses.replace(SET, seen=Seen(DOWN, at=NOW)))[0] == 0


def test_what_stays_silent_fails_a_run_whose_session_is_up():
    looked, code, said = ended(SEEN, "timed out")
    assert (looked, code) == (1, "no_answer")
    assert "its new session is up" in said and "192.0.2.10:443 (timed out) did not answer" in said


# -- a run that asks for nothing, in one task


class Counted(World):
    """How many drivers were made."""

    made = 0

    def router(self):
        self.made += 1
        return super().router()


def looked(run, world):
    """What the look at the router comes to."""

    def look():
        run.with_router(lambda driver: driver.probe(prove=False))
        return {"changed": False, "proof": as_data(CONVERGED.proof)}

    return look


def test_a_converge_is_done_by_one_driver():
    world = Counted()
    run = run_of(world, CONVERGED)
    result = steps.Steps(run, "main").converge(looked(run, world))
    assert [name for name, *_what in world.done if name != "unfit"] == [
        *("probe", ovh.COLLECT, ovh.COLLECT, "apply", "session", ovh.DIAL_INS)
    ]
    assert (result["changed"], result["reason"], result["requested"]) == (True, "flag_unset", False)
    assert (world.made, world.opened) == (1, 0)


def test_a_router_that_cannot_be_looked_at_leaves_no_driver_open():
    world = Counted(probe=Failure("router_unreachable", "It is away."))
    run = run_of(world, CONVERGED)
    with pytest.raises(Failure):
        steps.Steps(run, "main").converge(looked(run, world))
    assert (world.made, world.opened, world.acts(ovh.COLLECT)) == (1, 0, [])


def test_what_is_no_proof_ends_a_converge():
    world = Counted()
    with pytest.raises(Stopped) as caught:
        steps.Steps(run_of(world, CONVERGED), "main").converge(dict)
    assert caught.value.failure["code"] == "no_proof" and world.done == []


def test_a_converge_never_asks():
    world = Counted()
    run = run_of(world, FRESH)
    with pytest.raises(Stopped, match="made without router_pppoe_renew"):
        steps.Steps(run, "main").converge(looked(run, world))
    assert world.done == []


@pytest.mark.parametrize(
    ("step", "hold", "begun"), [("verify", False, True), ("verify", True, False), ("failed", False, True)]
)
def test_a_router_that_own_tasks_could_not_set_is_not_called_untouched(step, hold, begun):
    """Nor is one called begun that they only compared."""
    run = run_of(World(), IN_HAND, platform="custom", platform_dir="/p")
    before = {"state": as_data(IN_HAND), "started": NOW.isoformat(), "hold": hold, "files": [{"file": "/p/apply.yml"}]}
    facts = {"router_pppoe_applied": {"error": "no room"}}
    act = steps.Steps(run, "main")
    with pytest.raises(Stopped, match=r"setting the router failed \(no room\)"):
        act.verify(before, facts) if step == "verify" else act.failed(before, facts, "It broke.")
    assert (messages.UNFINISHED in run.where()) is begun and run.did_something is begun
