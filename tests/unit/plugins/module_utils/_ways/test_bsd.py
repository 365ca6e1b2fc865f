# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of macOS and BSD, in the words of route(8)."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import bsd

SAID = """\
   route to: 192.0.2.9
destination: default
    gateway: 192.0.2.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""


def test_by_a_gateway():
    found = bsd.route("192.0.2.9", SAID)
    assert (found.interface, found.gateway, found.tunnel, found.loopback) == ("en0", "192.0.2.1", "", False)


@pytest.mark.parametrize(
    ("said", "loopback", "tunnel", "gateway"),
    [
        ("  interface: lo0\n      flags: <UP,HOST,LOCAL>\n", True, "", ""),
        ("  interface: utun3\n    gateway: link#18\n      flags: <UP,GATEWAY>\n", False, "utun", ""),
        ("  interface: en5\n    gateway: 192.0.2.1\n      flags: <UP,HOST>\n", False, "", ""),
        ("  interface: wg0\n      flags: <UP>\n", False, "wg", ""),
    ],
)
def test_others(said, loopback, tunnel, gateway):
    found = bsd.route("192.0.2.9", said)
    assert (found.loopback, found.tunnel, found.gateway) == (loopback, tunnel, gateway)


def test_no_route():
    found = bsd.route("192.0.2.9", "route: writing to routing socket: not in table\n")
    assert not found.interface and not found.known


def test_the_command():
    assert bsd.command("192.0.2.9") == ["route", "-n", "get", "192.0.2.9"]
    assert bsd.command("fe80::1%en0") == ["route", "-n", "get", "-inet6", "fe80::1%en0"]
