# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peer of a line that is made, and what starts it: names that are none are refused, what is there is kept."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import making
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Interface


def wanted(device: str = "eth1", vlan: int = 835) -> Interface:
    return Interface(device, vlan, 1492, "me@adsl.ovh")


@pytest.mark.parametrize(
    ("device", "vlan", "link"),
    [("eth1", 835, "eth1.835"), ("eth1", 0, "eth1"), ("enp0s31f6u1u2", 835, "vlan835")],
)
def test_what_pppoe_runs_on(device: str, vlan: int, link: str) -> None:
    assert making.link_of(wanted(device, vlan)) == link


@pytest.mark.parametrize("device", ["", "eth 1", "eth1;reboot", "-x", "a" * 16, "../eth1"])
def test_what_is_no_port(device: str) -> None:
    with pytest.raises(Failure, match=r"Correct O.device"):
        making.link_of(wanted(device))


def test_the_commands_may_be_run_again() -> None:
    add, *up = making.link_commands(wanted())
    assert (
        add.startswith("ip link show dev eth1.835 ")
        and "|| ip link add link eth1 name eth1.835 type vlan id 835" in add
    )
    assert up == ["ip link set dev eth1 up", "ip link set dev eth1.835 up"]
    assert making.link_commands(wanted(vlan=0)) == ["ip link set dev eth1 up"]


def test_what_is_added_and_changed_is_told() -> None:
    peer = making.Peer(b"user me@adsl.ovh\nmtu 1400 # kept\npersist\n", "dsl")
    assert b"persist" in peer.flags()
    (mtu,) = peer.values(b"mtu")
    peer.change(mtu, b"1492", "mtu")
    peer.add(b"noipdefault")
    assert [(one.old, one.new) for one in peer.edits] == [("mtu 1400", "mtu 1492"), ("", "noipdefault")]


def test_a_peer_that_is_not_there_begins_with_who_made_it() -> None:
    assert making.Peer(None, "dsl").given == making.Peer(making.HEAD % b"dsl", "dsl").given
