# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rights, profiles and the place of the control node, from data alone."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _access, _control_node, _rights

LINE = "xdsl-ab12345-1"


def rules(*paths, method="GET"):
    return [{"method": method, "path": path} for path in paths]


@pytest.mark.parametrize(
    ("pattern", "granted"),
    [
        ("/xdsl/*", True),
        ("/*", True),
        ("*", True),
        (f"/xdsl/{LINE}/ips", True),
        (f"/xdsl/{LINE}/*", True),
        ("/xdsl/xdsl-ab12345-10/*", False),
        ("/xdsl", False),
        (f"/xdsl/{LINE}", False),
        ("/me", False),
        ("/xdsl/xdsl-ab[0-9]2345-1/ips", False),
    ],
)
def test_granted(pattern, granted):
    right = next(one for one in _rights.RIGHTS["access"] if one.path.endswith("/ips")).on(LINE)
    assert _rights.granted(right, rules(pattern)) is granted
    assert _rights.granted(right, rules(pattern, method="POST")) is False


def test_every_purpose_has_rights_with_an_action():
    for purpose, rights in _rights.RIGHTS.items():
        assert rights
        for right in rights:
            assert right.purpose == purpose and ":apiovh:" in right.iam_action
            assert _rights.right_of(right.method, right.on(LINE).path) == right.iam_action


@pytest.mark.parametrize(
    ("kind", "provider", "infra", "profile"),
    [
        ("adsl", "ft", "ORANGE", "A"),
        ("vdsl", "ft", "OR", "B"),
        ("ftth", "ft", None, "B"),
        ("ftth", "bouygues", None, "C"),
        ("ftth", "axione", "AXIONE", "A"),
        ("ftth", "kosc", "ORANGE", "B"),
        ("ftte", "bouygues", None, "A"),
        ("ftto", "newcomer", None, None),
        ("ftth", "newcomer", None, None),
        (None, None, None, None),
    ],
)
def test_profiles(kind, provider, infra, profile):
    access = {"accessType": kind, "provider": provider, "providerInfra": infra}
    assert _access.modem_profile(access) == profile


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
    position = _control_node.position(ips, seen_as, gateways, router)
    assert position.behind_line is behind
    assert position.reason
