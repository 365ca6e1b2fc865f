# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rights a renewal needs, and whether a key holds them."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import rights

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
    right = next(one for one in rights.RIGHTS["access"] if one.path.endswith("/ips")).on(LINE)
    assert rights.granted(right, rules(pattern)) is granted
    assert rights.granted(right, rules(pattern, method="POST")) is False


def test_every_purpose_has_rights_with_an_action():
    for purpose, several in rights.RIGHTS.items():
        assert several
        for right in several:
            assert right.purpose == purpose and ":apiovh:" in right.iam_action
            assert rights.right_of(right.method, right.on(LINE).path) == right.iam_action


@pytest.mark.parametrize("method", ["GET", "*"])
@pytest.mark.parametrize(
    ("pattern", "lacking"),
    [("/v2/notification/*", 0), ("/notification/*", 0), ("/notification/history", 1), ("/v1/notification/*", 2)],
)
def test_rules_of_the_second_version(method, pattern, lacking):
    """OVHcloud's key pages write paths of v2 with their version and without; a method may be "*"."""
    given = rules(pattern, method=method)
    assert len(rights.missing(["service_mails"], LINE, given)) == lacking


def test_a_method_of_another_kind_is_not_granted():
    assert rights.missing(["renew"], LINE, rules("/xdsl/*", method="*")) == []
    assert rights.missing(["renew"], LINE, rules("/xdsl/*", method="GET")) != []


def test_mails_of_the_first_version_will_do():
    assert rights.missing(["service_mails"], LINE, rules("/me/notification/email/history*")) == []
    assert rights.missing(["service_mails"], LINE, rules("/me/notification/email/history")) != []


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/me/notification/email/history/12", "account:apiovh:me/notification/email/history/get"),
        ("GET", "/me/api/logs/self/12", "account:apiovh:me/api/logs/self/get"),
        ("GET", "/xdsl", "xdsl:apiovh:get"),
        ("GET", f"/xdsl/{LINE}/requestPPPLoginMail", None),
        ("POST", f"/xdsl/{LINE}/ips", None),
        ("GET", f"/xdsl/{LINE}/ips/a/b", None),
        ("GET", "/domain", None),
    ],
)
def test_the_right_of_a_call(method, path, action):
    assert rights.right_of(method, path) == action


def test_what_comes_out():
    (right,) = rights.missing(["renew"], LINE, [])
    assert right.as_result() == {
        "right": "renew",
        "method": "POST",
        "path": f"/xdsl/{LINE}/requestPPPLoginMail",
        "iam_action": "xdsl:apiovh:requestPPPLoginMail",
    }


def test_purposes_in_their_order():
    """Mails of the first version stand in for those of the second alone."""
    given = rules("/me/notification/email/history*", "/xdsl/*")
    assert {right.purpose for right in rights.missing(["service_mails", "access", "renew"], LINE, given)} == {
        "access",
        "renew",
    }
    assert [right.path for right in rights.missing(["access"], LINE, given)] == ["/me"]


def test_a_rule_for_what_lies_below_is_none_for_the_path_itself():
    assert [right.path for right in rights.missing(["access"], LINE, rules("/xdsl/*", "/me/*"))] == ["/me"]
