# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of NetworkManager over a played nmcli: what every driver keeps, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.driver import NetworkManager
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Dial,
    Interface,
    Unable,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import Conformance
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.networkmanager.router import (
    LOGIN,
    NAME,
    PASSWORD,
    Router,
)


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path / "router")


class TestConformance(Conformance):
    driver = NetworkManager

    @pytest.fixture
    def played(self, router: Router) -> Router:
        return router


@pytest.mark.parametrize("shell", [("dash",), ("bash",), ("busybox", "ash")], ids=" ".join)
@pytest.mark.parametrize("password", ["a'b\"$HOME`id`;\\#<>&\u00e9%s!{x}", "-n", "a b", "\\n\\061"])
def test_passwords_arrive_byte_for_byte(tmp_path: Path, shell: tuple[str, ...], password: str) -> None:
    router = Router(tmp_path / "router", shell)
    assert router.apply(password, dial=Dial.NEVER).written and router.stored() == password
    assert router.state["homes"] == ["/nonexistent"], "nmcli would keep what it is fed"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"running": False}, "NetworkManager is not running on the router"),
        ({"names": ["wan"]}, f"no connection profile {NAME}. PPPoE profiles of this router: wan. Set O(interface)"),
        ({"names": [NAME, NAME]}, f"2 connection profiles named {NAME}"),
        ({"type": "802-3-ethernet"}, f"{NAME} is a connection of the type 802-3-ethernet, not pppoe"),
    ],
)
def test_what_cannot_be_used_is_refused(router: Router, state: dict[str, object], said: str) -> None:
    router.set(**state)
    with pytest.raises(Failure) as caught:
        router.driver().probe(prove=True)
    assert said in caught.value.message and caught.value.code in ("router_option", "router_refused")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"may": "auth"}, "Become root (ansible_become)"),
        ({"flags": "1 (agent-owned)"}, "pppoe.password-flags is not 0"),
        ({"file": "/proc/nothing/line.nmconnection"}, "No file can be written in /proc/nothing"),
    ],
)
def test_what_cannot_be_written_is_told_before(router: Router, state: dict[str, object], said: str) -> None:
    router.set(**state)
    probe = router.driver().probe(prove=True)
    assert not probe.writable and said in probe.why and router.writes() == 0


def test_a_profile_that_does_not_take_it(router: Router) -> None:
    """nmcli ends with 0 all the same: what was written is read back, and nothing is dialled."""
    router.set(takes=False)
    with pytest.raises(Failure, match="did not take the new password"):
        router.apply("new")
    assert router.dials() == 0 and router.stored() == PASSWORD


def test_a_dial_that_does_not_begin(router: Router) -> None:
    router.set(busy=True)
    with pytest.raises(
        Failure, match=r"It has the new password, but NetworkManager does not dial ovh line .*no suitable"
    ):
        router.apply("new")
    assert router.stored() == "new"


def test_a_connection_that_breaks_under_the_write(router: Router) -> None:
    def lose(command: str) -> None:
        router.lost = "ownrouter write" in command

    router.before = lose
    with pytest.raises(Failure, match="Whether the new password is written is not known"):
        router.apply("new")


def test_somebody_puts_another_password_there(router: Router) -> None:
    driver = router.driver()
    mark = driver.apply(Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, check=False).mark
    router.set(profile={"username": LOGIN, "password": "another"})
    session = driver.session(wait=0, since=mark)
    assert not session.up and "put another login or password there" in session.error


def test_it_makes_no_profile_and_says_how(router: Router) -> None:
    made = router.driver().provision(Interface("eth1", 835, 1492, LOGIN), check=False)
    assert isinstance(made, Unable) and "pppoe.parent eth1.835" in made.why


def test_no_nmcli(tmp_path: Path) -> None:
    router = Router(tmp_path / "router")
    (tmp_path / "router" / "bin" / "nmcli").unlink()
    with pytest.raises(Failure, match="The command nmcli is missing"):
        router.driver().probe(prove=False)
