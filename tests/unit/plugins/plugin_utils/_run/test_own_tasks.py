# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which task files are run on the router's side, and what those of a platform of one's own came to."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import own_tasks as own
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    IN_HAND,
    LINE,
    NOW,
    WORDS,
    varied,
)

OURS = Options({"service_name": LINE})
THEIRS = Options({"service_name": LINE, "platform": "custom", "platform_dir": "/p"})


@pytest.mark.parametrize(
    ("options", "do", "standbys", "files"),
    [
        (OURS, Do.WRITE, False, "set.yml"),
        (OURS, Do.WRITE, True, "set.yml standby.yml set.yml"),
        (THEIRS, Do.WRITE, False, "start_session.yml /p/apply.yml /p/status.yml"),
        (THEIRS, Do.WRITE, True, "start_session.yml /p/apply.yml standby.yml /p/status.yml"),
        (THEIRS, Do.WATCH, False, "start_session.yml /p/status.yml"),
    ],
)
def test_the_files_in_their_order(options, do, standbys, files):
    assert [one["file"] for one in own.behind(options, IN_HAND, do, False, standbys)] == files.split()


def test_a_router_without_an_interface_yet_is_not_written_in_check_mode():
    state = varied(IN_HAND, intent={"check": True}, proof={"router": varied(IN_HAND.proof.router, waiting=True)})
    assert [one["file"] for one in own.behind(THEIRS, state, Do.WRITE, True, False)] == ["start_session.yml"]
    assert own.came_to(state, {"started": NOW.isoformat()}, {}, WORDS, NOW).changed


BEFORE = {"started": NOW.isoformat(), "files": [{"file": "/p/apply.yml"}, {"file": "/p/status.yml"}]}


def test_what_they_have_set():
    facts = {
        "router_pppoe_applied": {"changed": True, "dialled": False},
        "router_pppoe_session": {"up": True, "address": "203.0.113.7", "uptime": 3},
    }
    state = own.came_to(IN_HAND, BEFORE, facts, WORDS, NOW)
    assert (state.changed, state.dialled, state.write.told, state.session.address) == (True, False, True, "203.0.113.7")
    untold = own.came_to(IN_HAND, {**BEFORE, "files": BEFORE["files"][:1]}, {}, WORDS, NOW)
    assert untold.changed and not untold.write.told and untold.seen is None


def test_a_failure_of_theirs_ends_the_run():
    with pytest.raises(Stopped) as caught:
        own.came_to(IN_HAND, BEFORE, {"router_pppoe_applied": {"error": "no room"}}, WORDS, NOW)
    assert caught.value.failure["code"] == "not_set" and "setting the router failed (no room)" in str(caught.value)
