# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that asks for nothing looks at little: the login, the store, and the user's own router."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.brief import Brief, look_at
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import World, run_of
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import CONVERGED, FRESH, LOGIN

TOLD = {"connected": True, "login": LOGIN, "last_event": None, "allowed": True, "changed": False}


def brief(world=None, state=CONVERGED, entry="main", **given):
    return Brief(run_of(world or World(**{ovh.DIAL_INS: TOLD}), state, **given), Place(), entry)


def test_files_to_be_included():
    assert look_at("x.yml", True) == {"file": "x.yml", "check_mode": True, "made": False}


def test_when_a_run_is_brief():
    assert brief()._brief and brief(entry="credentials")._brief
    assert not brief(state=FRESH)._brief, "a password may be asked for"
    assert not brief(entry="preflight")._brief
    assert not brief(provision=True)._brief


def test_a_platform_of_ours_is_looked_at_by_no_file():
    assert brief()._own_looks() == []


def test_a_platform_of_the_user_s_own_is_looked_at_by_his():
    looks = brief(platform="custom", platform_dir="/mine")._own_looks()
    assert [one["file"] for one in looks] == ["start_afresh.yml", "/mine/probe.yml", "/mine/status.yml"]
    looks = brief(platform="custom", platform_dir="/mine", provision=True)._own_looks()
    assert looks[1] == {"file": "/mine/provision.yml", "check_mode": False, "made": False}


def test_a_login_that_the_user_names_is_not_asked_for():
    world = World(**{ovh.DIAL_INS: TOLD})
    assert brief(world, line_login=LOGIN)._known_line().login == LOGIN and world.acts(ovh.DIAL_INS) == []
    assert brief(world)._known_line().login == LOGIN and len(world.acts(ovh.DIAL_INS)) == 1


def test_ovhcloud_that_cannot_be_asked_stops_it():
    world = World(
        **{ovh.DIAL_INS: {"failed": True, "msg": "No way.", "failure": {"code": "unreachable", "message": "No way."}}}
    )
    with pytest.raises(Stopped) as caught:
        brief(world)._known_line()
    assert caught.value.failure["code"] == "unreachable"


def test_a_store_that_cannot_be_written_stops_it():
    world = World(keep=Failure("vault_secret", "This run has no vault password."))
    one = brief(world, store_vault_file="/x.yml")
    with pytest.raises(Stopped, match="no vault password"):
        one._prove_store()
    assert one.sight.kept is None
