# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RouterOS as it is in the field, in whole runs: what is told, what is asked for, what is written, what is dialled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from router.plays import failures, play_all
from router.site import LOGIN, SERVICE, Site
from routeros.certificates import Kind, make_signed
from routeros.router import User
from routeros.server import Manner, serving

from .test_routeros import API_PASSWORD, FLAG, LOGIN_2, SERVICE_2, Mikrotik, went_well

NOTHING = "Nothing was changed: no new password was asked for, and the router was not touched."
# "untold" goes all the way: its right to write is proven right before the request.
PLAY = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: "{{ 'main' if inventory_hostname == 'untold' else 'preflight_router' }}"
"""


@pytest.fixture
def routers() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


def odd(world: Site, row: dict[str, str] | None = None, **habits: Any) -> Mikrotik:
    """A router whose client has no session and nobody to dial: it is only looked at."""
    found = Mikrotik(world, SERVICE, LOGIN, "sensitive", row=row or {}, answers=False)
    for name, value in habits.items():
        setattr(found.router, name, value)
    return found


def test_each_thing_that_cannot_work_is_told_before_the_request(
    world: Site, routers: contextlib.ExitStack, tmp_path: Path
) -> None:
    idle = [{"name": "saving", "idle-timeout": "5m"}]
    safe = [{"action": "changed", "by": "admin", "floating-undo": "true"}]
    untold = odd(world, tells_groups=False)
    untold.router.users["renew"] = User(API_PASSWORD, frozenset(["api", "read", "sensitive"]))
    elsewhere = odd(world)
    elsewhere.router.users["renew"].addresses = ("192.0.2.7",)
    good, plain = Kind(), Manner()
    cells: dict[str, tuple[Mikrotik, Kind, Manner, str]] = {
        "on-demand": (odd(world, {"dial-on-demand": "true"}), good, plain, "pppoe-out1 dials on demand"),
        "invalid": (odd(world, {"invalid": "true"}), good, plain, "calls the PPPoE client pppoe-out1 invalid"),
        "idle": (odd(world, {"profile": "saving"}, profiles=idle), good, plain, "without traffic after 5m"),
        "safe-mode": (odd(world, history=safe), good, plain, "Safe Mode is on (changes by admin)"),
        "untold": (untold, good, plain, "lacks the policy write"),
        "elsewhere": (elsewhere, good, plain, "the user's address list holds this control node"),
        "challenge": (odd(world, release=(6, 42)), good, plain, "RouterOS before 6.43"),
        "anonymous": (odd(world), good, Manner(anonymous=True), "its service api-ssl has no certificate"),
        "old-tls": (odd(world), good, Manner(old=True), "no TLS that is as new as 1.2"),
        "closed": (odd(world), good, Manner(lets_in="close"), "an address list leaves this control node out"),
        "silent": (odd(world), good, Manner(lets_in="silent"), "does not answer in time"),
        "expired": (odd(world), Kind(days=-1), plain, "has a certificate that is not valid today"),
        "no-san": (odd(world), Kind(alternatives=False), plain, "subject-alt-name=IP:"),
    }
    hosts: dict[str, dict[str, Any]] = {}
    for name, (mikrotik, kind, manner, _said) in cells.items():
        ca, *certificate = make_signed(tmp_path, kind, name)
        port = routers.enter_context(serving(mikrotik.router, *certificate, manner))
        given = {"router_pppoe_routeros_port": port, "router_pppoe_routeros_ca_path": str(ca)}
        hosts[name] = {**mikrotik.variables, **given, "router_pppoe_routeros_timeout": 2}
    world.write_inventory(hosts)
    (world.top / "field.yml").write_text(PLAY, encoding="utf-8")
    run = world.play(*FLAG, playbook=str(world.top / "field.yml"))
    told = failures(run)
    for name, (mikrotik, _kind, _manner, said) in cells.items():
        assert said in told[name], f"{name}: {said}\n{run.output}"
        assert NOTHING in told[name], told[name]
        tried = [["/interface/pppoe-client/set", "=.id=*2", "=comment="]] if name == "untold" else []
        assert mikrotik.router.writes() == tried, name
    assert world.posts() == []
    assert world.leaks(API_PASSWORD, run, allowed=[world.inventory]) == []


@pytest.mark.soak
def test_an_answer_that_is_late_or_lost_ends_no_renewal(
    world: Site, routers: contextlib.ExitStack, tmp_path: Path
) -> None:
    """12 s late, where the API's time-out is 10 s; and a connection that ends instead, where no password is shown."""
    late, lost = Mikrotik(world, SERVICE, LOGIN, "sensitive"), Mikrotik(world, SERVICE_2, LOGIN_2)
    late.router.late, lost.router.breaks = 12.0, "before the answer"
    ca, *certificate = make_signed(tmp_path, Kind())
    hosts = {}
    for name, mikrotik in (("late", late), ("lost", lost)):
        hosts[name] = routers.enter_context(mikrotik.running((certificate[0], certificate[1])))
        hosts[name]["router_pppoe_routeros_ca_path"] = str(ca)
    world.write_inventory(hosts)
    run = play_all(world, *FLAG)
    went_well(run, "late", "lost", changed=2)
    assert len(world.posts()) == 2
    for mikrotik, service in ((late, SERVICE), (lost, SERVICE_2)):
        password = world.line(service)["password"]
        assert mikrotik.router.writes() == [["/interface/pppoe-client/set", "=.id=*2", f"=password={password}"]]
        assert world.line(service)["session"]["up"], run.output
        assert mikrotik.client.sessions == 2  # the first, and the new one
