# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An interface that exists: told before it is changed, and nothing is requested for one that is not on the line."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.provisioning import Provisioning

WANTED = port.Interface("eth1", 835, 1492, "a@b")
VLAN, MTU = port.Difference("VLAN", "10", "835"), port.Difference("MTU", "1480", "1492")
MARK = port.Mark(5.0, "before")


class Driver:
    """A router whose interface differs in these; a change of it leads to a session, or not."""

    def __init__(self, differs: tuple[port.Difference, ...], up: bool = True, comes: bool = True) -> None:
        self.differs, self.up, self.comes = differs, up, comes
        self.did: list[t.Any] = []

    def provision(self, wanted: port.Interface, *, check: bool, change: bool = False) -> port.Provisioned:
        changed = change and bool(self.differs)
        self.did.append("look" if check or not changed else "write")
        return port.Provisioned(changed, False, ("+x",), self.differs, changed, port.Mark() if check else MARK)

    def session(self, *, wait: float, since: port.Mark | None) -> port.Session:
        self.did.append(("session", wait, since))
        up = self.comes if "write" in self.did else self.up
        return port.Session(up, "203.0.113.10" if up else "", error="" if up else "refused.")


def made(
    driver: Driver, looks_only: bool = False, **given: t.Any
) -> tuple[types.SimpleNamespace, list[str], list[str]]:
    options = Options({"service_name": "xdsl-ab12345-1", "interface": "wan", "session_timeout": 60, **given})
    intent = types.SimpleNamespace(host="router1")
    run = types.SimpleNamespace(options=options, intent=intent, warnings=[], diff=(), named=lambda text: text)
    said: list[str] = []
    found = Provisioning(t.cast(t.Any, run), looks_only, lambda host, text: said.append(f"{host}: {text}"))
    _made, stops = found.make(t.cast(t.Any, driver), WANTED)
    return run, said, stops


def test_what_differs_is_told_and_left() -> None:
    driver = Driver((MTU,))
    run, said, stops = made(driver, renew=True)
    assert driver.did == ["look"] and said == stops == [] and run.diff == ("+x",)
    assert run.warnings == [
        "The interface wan exists, and is not what the line needs: MTU 1480 instead of 1492. It was left as it is. Set "
        "O(changes) to have it changed."
    ]


@pytest.mark.parametrize(
    ("differs", "up", "renew", "stops"),
    [
        ((VLAN,), False, True, True),
        ((VLAN,), True, True, False),
        ((MTU,), False, True, False),
        ((VLAN,), False, False, False),
    ],
)
def test_nothing_is_requested_for_an_interface_that_is_not_on_the_line(
    differs: tuple[port.Difference, ...], up: bool, renew: bool, stops: bool
) -> None:
    _run, _said, found = made(Driver(differs, up), renew=renew)
    assert bool(found) == stops and all("has no session, and is not on the line" in one for one in found)


def test_a_change_that_ends_the_session_is_said_before_and_waited_for() -> None:
    driver = Driver((VLAN,))
    run, said, stops = made(driver, provision_changes=True)
    assert driver.did == ["look", ("session", 0, None), "write", ("session", 60.0, MARK)]
    assert said == [
        "router1: The interface wan is now changed: VLAN 10 instead of 835. That ends its session (203.0.113.10); the "
        "router dials anew by itself."
    ]
    assert run.warnings == stops == []


def test_a_look_tells_what_would_be_changed() -> None:
    driver = Driver((VLAN,))
    run, said, stops = made(driver, True, provision_changes=True, renew=True)
    assert "write" not in driver.did and said == stops == []
    assert len(run.warnings) == 1 and "would be changed" in run.warnings[0] and "would end" in run.warnings[0]


@pytest.mark.parametrize("renew", [True, False])
def test_no_password_is_requested_where_no_session_came_after_the_change(renew: bool) -> None:
    """Without a request there is nothing to stop: a newer password may be what it lacks."""
    _run, _said, stops = made(Driver((VLAN,), comes=False), provision_changes=True, renew=renew)
    assert bool(stops) == renew and all("no session came within 60 s (refused)" in one for one in stops)


def test_nothing_differs() -> None:
    driver = Driver(())
    run, said, stops = made(driver, provision_changes=True)
    assert driver.did == ["look", "look"] and said == stops == run.warnings == []
