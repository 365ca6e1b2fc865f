# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import provision as words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Difference

DIFFERS = (Difference("VLAN", "10", "835"), Difference("MTU", "1480", "1492"))


def test_left() -> None:
    assert words.left("wan", DIFFERS) == (
        "The interface wan exists, and is not what the line needs: VLAN 10 instead of 835, MTU 1480 instead of 1492. "
        "It was left as it is. Set O(changes) to have it changed."
    )


def test_a_change_is_said_before_it() -> None:
    assert words.changes("wan", DIFFERS[1:], "", only_told=False) == (
        "The interface wan is now changed: MTU 1480 instead of 1492."
    )
    assert words.changes("wan", DIFFERS[1:], "203.0.113.10", only_told=False).endswith(
        " That ends its session (203.0.113.10); the router dials anew by itself."
    )
    assert words.changes("wan", DIFFERS[1:], "203.0.113.10", only_told=True) == (
        "The interface wan would be changed: MTU 1480 instead of 1492. That would end its session (203.0.113.10); the "
        "router dials anew by itself."
    )


def test_no_password_is_requested_for_it() -> None:
    assert words.without_session("wan", DIFFERS[:1]) == (
        "the interface wan has no session, and is not on the line: VLAN 10 instead of 835. A new password would not "
        "bring it up. Set router_pppoe_provision_changes to have it changed; if it is right as it is, unset "
        "router_pppoe_provision."
    )
    assert words.no_session_since("wan", DIFFERS, 180.0, "netifd is dialling.") == (
        "the interface wan was changed, and no session came within 180 s (netifd is dialling). Before, it had: VLAN "
        "10, MTU 1480. Put that back on the router, or correct router_pppoe_provision_device and "
        "router_pppoe_provision_vlan."
    )
