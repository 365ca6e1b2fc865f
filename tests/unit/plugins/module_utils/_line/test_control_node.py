# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this machine sits behind the line, from data alone."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import control_node


@pytest.mark.parametrize(
    ("ips", "seen_as", "gateways", "router", "behind"),
    [
        (["203.0.113.10"], "203.0.113.10", [], [], True),
        (["203.0.113.10"], "198.51.100.1", [], [], False),
        (["203.0.113.8/29"], "203.0.113.12", [], [], True),
        (["2001:db8:1:100::/56"], "2001:db8:1:1ab::7", [], [], True),
        (["203.0.113.10"], None, [], [], None),
        ([], "198.51.100.1", [], [], None),
        (["203.0.113.10"], "198.51.100.1", ["192.168.1.1"], ["192.168.1.1"], True),
        (["203.0.113.10"], None, ["192.168.1.1"], ["192.168.1.1"], True),
        (["203.0.113.10"], "198.51.100.1", ["192.168.1.1"], ["192.168.2.1"], False),
        (["nonsense", "203.0.113.10"], "203.0.113.10", [], [], True),
    ],
)
def test_control_node(ips, seen_as, gateways, router, behind):
    position = control_node.position(ips, seen_as, gateways, router)
    assert position.behind_line is behind
    assert position.reason
