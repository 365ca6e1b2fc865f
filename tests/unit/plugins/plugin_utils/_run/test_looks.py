# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a preflight makes of a router and of a line's interface; whole preflights are in test_run_preflight."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.looks import Looks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Line
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import UP, World, run_of
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    CONVERGED,
    FRESH,
    LINE,
    LOGIN,
)


def looks(world=None, state=FRESH, **given):
    given = {"provision_vlan": None, "provision_device": "eth1", **given}
    return Looks(run_of(world or World(), state, **given), Place(), lambda _path: None, "main")


@pytest.mark.parametrize(
    ("access", "given", "vlan"),
    [
        ({"profile": "B", "vlan": 835, "mtu": 1492}, {}, 835),
        ({"profile": "A", "vlan": None}, {}, 0),
        ({"profile": "B", "vlan": 835}, {"provision_vlan": 0}, 0),
        ({"profile": None}, {"provision_vlan": 4001}, 4001),
    ],
)
def test_the_interface_that_a_line_needs(access, given, vlan):
    wanted = looks(**given)._wanted(access, Line(True, LOGIN))
    assert (wanted["vlan"], wanted["mtu"], wanted["device"], wanted["login"]) == (vlan, 1492, "eth1", LOGIN)


def test_a_line_whose_vlan_nobody_tells():
    with pytest.raises(Stopped, match="router_pppoe_provision_vlan: 835, 4001, 4070, or 0"):
        looks()._wanted({"profile": None, "provider": "x"}, Line(True, LOGIN))


def test_a_login_that_comes_with_the_mail_needs_one_to_come():
    assert looks()._unknown_login() == LINE
    with pytest.raises(Stopped):
        looks(state=CONVERGED)._unknown_login()


@pytest.mark.parametrize(
    ("probe", "why"),
    [
        (port.Probe(LOGIN, True, UP), ""),
        (port.Probe(LOGIN, False, UP, why="It is read-only."), "It is read-only."),
        (port.Probe(LOGIN, False, UP), "The router does not say why."),
    ],
)
def test_a_router_that_is_looked_at(probe, why):
    world = World(probe=probe)
    changed, router, said = looks(world)._looked_at(world, {"prove": True})
    assert (changed, router.login, said) == (False, LOGIN, why) and world.acts("probe") == [[True]]


def test_a_router_of_the_user_s_own_that_breaks_the_contract():
    with pytest.raises(Stopped):
        looks(platform="custom", platform_dir="/mine")._own_router({"router_pppoe_router": "nothing"})


def test_a_router_of_the_user_s_own():
    facts = {
        "router_pppoe_router": {"login": LOGIN, "writable": False, "why": "It says no."},
        "router_pppoe_session": {"up": True, "address": "203.0.113.7", "uptime": 5},
    }
    _changed, router, why = looks(platform="custom", platform_dir="/mine")._own_router(facts)
    assert (router.login, router.session.up, why) == (LOGIN, True, "It says no.")


@pytest.mark.parametrize(
    ("phases", "as_tasks", "file"),
    [
        (("preflight", "collect", "apply", "verify"), "", "converge.yml"),
        (("preflight", "verify"), "", "converge.yml"),
        (("preflight",), "", "whole.yml"),
        (("verify",), "", "whole.yml"),
        (("preflight", "collect", "apply", "verify"), "router_pppoe_api_host is another host", "steps.yml"),
    ],
)
def test_a_run_that_asks_for_nothing_is_one_task(phases, as_tasks, file):
    state = dataclasses.replace(CONVERGED, intent=dataclasses.replace(CONVERGED.intent, phases=phases))
    run = run_of(World(**{ovh.DIAL_INS: {"connected": True, "login": LOGIN, "last_event": None}}), state)
    found = Looks(run, Place(as_tasks=as_tasks), lambda _path: None, "main").line("192.0.2.1")
    assert found["tasks"] == file
