# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from what a router with NetworkManager told."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager import plan
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.facts import (
    Look,
    Profile,
    State,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told

UP = State("activated", "/ActiveConnection/4", "ppp0", "192.0.2.9", 900.0)


def look(state: State = UP, has: str = "right", may: bool = True, keeps: bool = True) -> Look:
    return Look(Told({}, {}), Profile("me", has, keeps), state, may, 1000.0)


@pytest.mark.parametrize(
    ("state", "password", "dial", "age", "writes", "dials"),
    [
        (UP, "right", Dial.AUTO, None, False, False),
        (UP, "right", Dial.AUTO, 101.0, False, False),
        (UP, "right", Dial.AUTO, 99.0, False, True),
        (UP, "right", Dial.ALWAYS, None, False, True),
        (UP, "wrong", Dial.AUTO, None, True, True),
        (UP, "wrong", Dial.NEVER, None, True, False),
        (State(""), "right", Dial.AUTO, None, False, True),
        (State("activating"), "right", Dial.AUTO, None, False, False),
        (State("activated", address="192.0.2.9"), "right", Dial.AUTO, 1.0, False, False),
    ],
)
def test_what_is_done(state: State, password: str, dial: Dial, age: float | None, writes: bool, dials: bool) -> None:
    assert plan.plan_of(look(state, password), Credentials("me", "right"), dial, age) == plan.Plan(writes, dials)


def test_another_login_is_written() -> None:
    assert plan.plan_of(look(), Credentials("you", "right"), Dial.AUTO, None).writes


def test_why_it_cannot_be_written() -> None:
    assert plan.unwritable(look()) == ""
    assert "Become root" in plan.unwritable(look(may=False))
    assert "password-flags" in plan.unwritable(look(keeps=False))
    assert plan.untried(Ran(0, b""), "/x") == ""
    assert "in /x on the router (dd: full)" in plan.untried(Ran(1, b"dd: full\n"), "/x")


def test_what_nmcli_does_not_take() -> None:
    assert plan.unfit(Credentials("me", "x")) == "" and plan.unfit(Credentials("me", "x" * 255)) == ""
    for login, password in ((" me", "x"), ("me", "x "), ("me", "x" * 256)):
        assert plan.unfit(Credentials(login, password)).endswith(".")


def test_what_was_written_is_compared() -> None:
    assert plan.written(Profile("me", "x"), Credentials("me", "x"))
    assert not plan.written(Profile("me", "y"), Credentials("me", "x"))
