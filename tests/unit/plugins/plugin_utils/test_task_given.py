# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task of the role is given: by itself, by its play, and by the inventory."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites.sites import RENEW, Sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import PHASES
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._task_given import Given

PLAY = {
    "inventory_hostname": "paris",
    "ansible_host": "{{ 192.0.2.1 }}",
    "groups": {"all": ["paris", "lyon", "api"]},
    "ansible_play_hosts_all": ["paris", "lyon"],
    "ansible_play_batch": ["paris"],
    "hostvars": {"api": {"ansible_connection": "local"}, "lyon": {"router_pppoe_standby_hosts": "paris"}},
}


def rendered(value):
    """A template's value: what stands between the braces."""
    return value.strip("{} ") if isinstance(value, str) else value


def given(**more):
    return Given({**PLAY, **more}, rendered)


def options(**more):
    return Options({"service_name": "xdsl-ab12345-1", "api_host": "localhost", **more})


@pytest.fixture(autouse=True)
def library(monkeypatch):
    monkeypatch.setattr(ovh, "library_here", lambda: True)


def test_variables():
    one = given(mine="{{ x }}", result={"a": 1}, odd="text")
    assert (one.host, one.value("mine"), one.value("none")) == ("paris", "x", None)
    assert one.before("result") == {"a": 1} and one.before("odd") == one.before("none") == {}
    assert (one.of("api", "ansible_connection"), one.of("nowhere", "x"), one.of_host("api", "x")) == ("local", None, "")


@pytest.mark.parametrize(
    ("entry", "once", "fit"), [("credentials", True, False), ("main", True, True), ("hand", False, True)]
)
def test_with_run_once_no_host_is_handed_another_ones_line(entry, once, fit):
    hosts = {
        "lyon": {"router_pppoe_service_name": "xdsl-zz-1"},
        "nice": {"router_pppoe_service_name": "xdsl-ab12345-1"},
    }
    one, mine = given(ansible_play_batch=["paris", "nice", "api", "lyon"], hostvars=hosts), options()
    if fit:
        assert one.its_own(mine, entry, once) is mine
    else:
        with pytest.raises(Failure, match="lyon would be handed login and password of xdsl-ab12345-1, and its line is"):
            one.its_own(mine, entry, once)
        assert given(ansible_play_batch=["paris", "nice", "api"], hostvars=hosts).its_own(mine, entry, once) is mine


def test_the_play():
    one = given()
    assert (one.play_hosts(), one.batch(), one.inventory()) == (["paris", "lyon"], ["paris"], ["paris", "lyon", "api"])
    bare = Given({"inventory_hostname": "paris"}, rendered)
    assert (bare.play_hosts(), bare.batch(), bare.inventory(), bare.address()) == ([], [], [], "paris")


@pytest.mark.parametrize(
    ("tags", "left"),
    [({}, PHASES), ({"ansible_run_tags": ["verify"]}, ("verify",)), ({"ansible_skip_tags": ["verify"]}, PHASES[:-1])],
)
def test_phases(tags, left):
    assert given(**tags).phases(["always"]) == left


def test_the_address_is_the_routers_own_also_where_the_task_is_delegated():
    assert given().address() == "192.0.2.1"
    assert given(hostvars={"paris": {"ansible_host": "192.0.2.2"}}, ansible_host="localhost").address() == "192.0.2.2"


def test_a_standby_router_knows_whose_run_sets_it():
    assert given().active("credentials") == ""
    lines = {host: {"router_pppoe_service_name": "xdsl-ab12345-1"} for host in ("paris", "lyon")}
    lines["lyon"]["router_pppoe_standby_hosts"] = ["paris"]
    assert given(hostvars=lines).active("main") == "lyon"


def test_whose_turn_it_is():
    assert given().not_begun(None) == ""
    sites = Sites("1", RENEW, ("paris", "lyon"), ("a", "b"))
    assert given().not_begun(sites) == ""
    later = given(inventory_hostname="lyon", ansible_play_batch=["lyon"])
    assert "paris" in later.not_begun(sites)
    assert given(inventory_hostname="api", ansible_play_batch=["api"]).not_begun(sites) == ""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"api_host": "api"}, ""),
        ({"api_host": "lyon"}, "router_pppoe_api_host is another host, lyon"),
        ({"platform": "custom"}, "router_pppoe_platform is custom"),
    ],
)
def test_where_ovhcloud_is_asked(more, why, monkeypatch):
    assert given().apart(options(**more)) == why
    assert given().place(options(**more), "main", frozenset(), 5, 0).as_tasks == why
    monkeypatch.setattr(ovh, "library_here", lambda: False)
    assert given().apart(options()) == "ansible-core's own Python has no package ovh"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"store": "/x.yml"}, "router_pppoe_store is a task file"),
        ({"standby_hosts": ["lyon"]}, "router_pppoe_standby_hosts are set, too"),
        ({"before_cut": "/x.yml"}, "router_pppoe_before_cut is set"),
        ({"after": "/x.yml"}, "router_pppoe_after is set"),
    ],
)
def test_why_the_steps_are_tasks(more, why):
    assert given().place(options(**more), "main", frozenset(), 5, 0).as_tasks == why
    assert given().place(options(**more), "credentials", frozenset(), 5, 0).as_tasks == ""


def test_the_place():
    place = given().place(options(), "main", frozenset({"a"}), 7, 2)
    assert (place.over, place.batch, place.forks, place.throttle, place.hosts) == (frozenset({"a"}), 1, 7, 2, 2)
    assert not place.bare and place.unfit == ()


@pytest.mark.parametrize(
    ("more", "over", "bare"),
    [
        ({"renew": True}, (), True),
        ({"renew": True, "max_age": "90d"}, (), False),
        ({"renew": True, "renewed_since": "2026-01-01"}, (), False),
        ({"renew": True}, ("router_pppoe_renew",), False),
        ({}, (), False),
    ],
)
def test_a_flag_that_every_run_finds(more, over, bare):
    assert given().place(options(**more), "main", frozenset(over), 5, 0).bare is bare
    kept = given(hostvars={"paris": {"router_pppoe_renew": "yes"}})
    assert kept.place(options(), "preflight", frozenset(), 5, 0).bare


def test_slips():
    assert given(router_pppoe_renwe=True).slips() != [] and given(router_pppoe_renew=True).slips() == []
