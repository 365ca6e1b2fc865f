# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import differences
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Difference, Existing, Interface

WANTED = Interface("eth1", 835, 1492, "a@b")
VLAN = Difference("VLAN", "none", "835")


@pytest.mark.parametrize(
    ("has", "found"),
    [
        (Existing("eth1", 835, "1492", True), ()),
        (Existing("eth1", 0, "1492", True), (VLAN,)),
        (Existing("", 835, "1492", True), (Difference("device", "none", "eth1"),)),
        (
            Existing("eth0", 7, "auto", False),
            (
                Difference("device", "eth0", "eth1"),
                Difference("VLAN", "7", "835"),
                Difference("MTU", "auto", "1492"),
                Difference("IPv6", "off", "on"),
            ),
        ),
    ],
)
def test_each_setting_for_itself(has: Existing, found: tuple[Difference, ...]) -> None:
    assert differences.differences(has, WANTED) == found
    assert differences.of_link(found) == any(one.what in ("device", "VLAN") for one in found)


def test_another_mtu_alone_is_no_other_link() -> None:
    assert not differences.of_link([Difference("MTU", "1480", "1492"), Difference("IPv6", "off", "on")])


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("eth1.835", ("eth1", 835)),
        ("eth1", ("eth1", 0)),
        ("br-lan.7", ("br-lan", 7)),
        ("@wan", ("@wan", 0)),
        ("", ("", 0)),
    ],
)
def test_port_and_vlan(name: str, port: tuple[str, int]) -> None:
    assert differences.port_of(name) == port


def test_in_words() -> None:
    both = (VLAN, Difference("MTU", "1480", "1492"))
    assert differences.in_words(both) == "VLAN none instead of 835, MTU 1480 instead of 1492"
    assert differences.lines_left("wan", both) == (
        " wan: VLAN none, not 835: left as it is",
        " wan: MTU 1480, not 1492: left as it is",
    )
