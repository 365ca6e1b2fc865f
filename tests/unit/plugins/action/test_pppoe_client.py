# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action's own part: what it returns of a driver's answers, and how its sentences name options."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.action import pppoe_client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.modules import pppoe_client as documented
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import naming, port

CANARY = "Zq7Kanarie9Vx2"
UP = port.Session(True, "203.0.113.7", 41.6, "", "one")
SET = port.Applied(True, True, True, port.Mark(5.0, "zero"))
OPTIONS = {name: one.get("default") for name, one in pppoe_client.OPTIONS.items()}


MADE = port.Provisioned(True, True, ("+mtu='1492'",))


@dataclasses.dataclass
class Driver:
    """A driver that says what it is told to, and notes what it was asked for."""

    session_told: port.Session = UP
    applied: port.Applied = SET
    why: str = ""
    asked: list[tuple[t.Any, ...]] = dataclasses.field(default_factory=list)
    provisioned: port.Provisioned = MADE
    changes: list[bool] = dataclasses.field(default_factory=list)

    def probe(self, *, prove: bool) -> port.Probe:
        self.asked.append(("probe", prove))
        return port.Probe("login@x", not self.why, UP, self.why, prove, "br-lan", port.Counter("ppp0", 1, 2), ("w",))

    def unfit(self, credentials: port.Credentials) -> str:
        return "Too long." if len(credentials.password) > 20 else ""

    def provision(self, wanted: port.Interface, *, check: bool, change: bool = False) -> port.Provisioned | port.Unable:
        self.asked.append(("provision", wanted, check))
        self.changes.append(change)
        return port.Unable("Cannot.") if self.why else self.provisioned

    def apply(self, credentials: port.Credentials, *, dial: port.Dial, age: float | None, check: bool) -> port.Applied:
        self.asked.append(("apply", credentials, dial, age, check))
        return self.applied

    def session(self, *, wait: float, since: port.Mark | None) -> port.Session:
        self.asked.append(("session", wait, since))
        return self.session_told

    def close(self) -> None:
        """Nothing was opened."""


def run(driver: Driver, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    return pppoe_client.Run(driver, {**OPTIONS, **options}, check).as_result()


def test_every_option_is_documented_as_it_is() -> None:
    told = yaml.safe_load(documented.DOCUMENTATION)["options"]
    assert set(told) == set(pppoe_client.OPTIONS)
    for name, option in pppoe_client.OPTIONS.items():
        for key in ("type", "default", "required", "choices"):
            assert told[name].get(key) == option.get(key), (name, key)


def test_a_look() -> None:
    driver = Driver()
    result = run(driver, state="probed", prove=True)
    assert result["router"] == {
        "login": "login@x",
        "writable": True,
        "why": "",
        "tried": True,
        "reached_by": "br-lan",
        "counter": {"interface": "ppp0", "received": 1, "sent": 2},
    }
    assert result["session"] == {"up": True, "address": "203.0.113.7", "uptime": 41, "error": ""}
    assert (result["changed"], result["warnings"]) == (False, ["w"])
    run(driver, check=True, state="probed", prove=True)
    assert driver.asked == [("probe", True), ("probe", False)], "check mode tries nothing"


def test_set_and_wait_goes_by_the_mark() -> None:
    driver = Driver()
    result = run(driver, state="set", login="a", password=CANARY, wait=9, age=3.0, dial="always")
    assert driver.asked == [
        ("apply", port.Credentials("a", CANARY), port.Dial.ALWAYS, 3.0, False),
        ("session", 9.0, port.Mark(5.0, "zero")),
    ]
    assert result["applied"]["mark"] == {"at": 5.0, "identity": "zero"}
    assert (result["changed"], result["session"]["up"]) == (True, True)
    assert CANARY not in repr(result)


def test_set_without_a_dial_takes_any_session() -> None:
    driver = Driver(applied=port.Applied(False, False, False))
    assert not run(driver, state="set", login="a", password="b", wait=9)["changed"]
    assert driver.asked[-1] == ("session", 9.0, None)


def test_no_session_in_time_has_failed_and_the_change_stays_true() -> None:
    driver = Driver(session_told=port.Session(False, error="refused"))
    result = run(driver, state="set", login="a", password="b", wait=9)
    assert (result["failed"], result["changed"], result["failure"]["code"]) == (True, True, "router_session")
    assert "refused" in result["msg"]


def test_check_mode_never_waits() -> None:
    driver = Driver()
    run(driver, check=True, state="set", login="a", password="b", wait=9)
    run(driver, check=True, state="connected", wait=9)
    assert [one[:2] for one in driver.asked[1:]] == [("session", 0.0)] and driver.asked[0][-1] is True


def test_connected_since_a_mark() -> None:
    driver = Driver()
    run(driver, state="connected", wait=2, since={"at": 7.0, "identity": "x"})
    assert driver.asked == [("session", 2.0, port.Mark(7.0, "x"))]


def test_an_unfit_password_is_refused_before_the_router_is_asked() -> None:
    driver = Driver()
    with pytest.raises(Failure) as caught:
        run(driver, state="set", login="a", password="x" * 30)
    assert caught.value.code == "router_option" and driver.asked == []


def test_provisioning() -> None:
    wanted = {"state": "provisioned", "login": "a", "device": "eth1", "vlan": 835, "mtu": 1492}
    driver = Driver()
    result = run(driver, **wanted)
    assert (
        result["provisioned"] == {"changed": True, "waiting": True, "differs": []}
        and "+mtu='1492'" in result["diff"]["prepared"]
    )
    assert driver.asked == [("provision", port.Interface("eth1", 835, 1492, "a"), False)]
    differs = (port.Difference("MTU", "1400", "1492"),)
    for changed, warned in ((False, 1), (True, 0)):
        driver = Driver(provisioned=port.Provisioned(changed, False, ("x",), differs))
        result = run(driver, **wanted, platform="openwrt", changes=changed)
        assert driver.changes == [changed] and result["changed"] == changed
        assert result["provisioned"]["differs"] == [{"what": "MTU", "has": "1400", "needs": "1492"}]
        assert len(result["warnings"]) == warned and all(
            one.startswith("The interface wan ex") for one in result["warnings"]
        )
    with pytest.raises(Failure) as caught:
        run(Driver(why="no"), **wanted)
    assert (caught.value.code, caught.value.message) == ("router_unable", "Cannot.")


def test_options_are_named_as_the_user_knows_them() -> None:
    result = {
        "msg": "Set O(interface), or O(device). (O(x)?",
        "router": {"why": "Set O(dial_command).", "login": "O(interface)"},
        "warnings": ["O(vlan)"],
        "failure": {"message": "O(routeros_port)", "code": "O(a)"},
    }
    alone = pppoe_client.named(result, {})
    assert alone["msg"] == "Set interface, or device. (x?" and alone["router"]["login"] == "O(interface)"
    names = {"": "router_pppoe_", "device": "router_pppoe_provision_device"}
    told = pppoe_client.named(result, names)
    assert told["msg"].startswith("Set router_pppoe_interface, or router_pppoe_provision_device.")
    assert told["router"]["why"] == "Set router_pppoe_dial_command." and told["warnings"] == ["router_pppoe_vlan"]
    assert told["failure"] == {"message": "router_pppoe_routeros_port", "code": "O(a)"}


def test_every_option_that_a_driver_names_exists() -> None:
    folder = Path(pppoe_client.__file__).parents[1] / "plugin_utils" / "_routers"
    named = {name for path in folder.glob("**/*.py") for name in naming.OPTION.findall(path.read_text("utf-8"))}
    assert named and named <= set(pppoe_client.OPTIONS)
