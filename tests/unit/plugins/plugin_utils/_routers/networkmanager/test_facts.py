# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nmcli tells, read; its texts are those of NetworkManager 1.42."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Mark
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran

LISTED = (
    "pppoe:ovh: line:/etc/NetworkManager/system-connections/a:b.nmconnection\n"
    "loopback:lo:/run/NetworkManager/system-connections/lo.nmconnection\n"
    "pppoe:unsaved:\n"
)
SHOWN = "connection.type:pppoe\npppoe.username:me@isp\npppoe.password:a:b'c\npppoe.password-flags:0 (none)\n"


def test_names_and_values_with_colons() -> None:
    assert facts.named("a.b:c:d\nIP4.ADDRESS[1]:192.0.2.1/32\nIP4.ADDRESS[2]:x\nnoise\n") == {
        "a.b": ["c:d"],
        "IP4.ADDRESS": ["192.0.2.1/32", "x"],
    }


def test_a_profile() -> None:
    found = facts.profile_of(Ran(0, SHOWN.encode()), LISTED, "ovh: line")
    assert (found.login, found.password, found.keeps) == ("me@isp", "a:b'c", True)
    assert found.folder == "/etc/NetworkManager/system-connections"
    assert "a:b'c" not in repr(found)


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("/srv/nm/x.nmconnection", "/srv/nm"),
        ("/run/NetworkManager/system-connections/x.nmconnection", facts.FOLDER),
        ("/usr/lib/NetworkManager/system-connections/x.nmconnection", facts.FOLDER),
        ("", facts.FOLDER),
    ],
)
def test_where_a_profile_is_written(file: str, folder: str) -> None:
    assert facts.Profile("me", "x", True, file).folder == folder


@pytest.mark.parametrize(
    ("code", "text", "word"),
    [
        (127, "", "nmcli is missing"),
        (8, "", "is not running"),
        (10, "", "PPPoE profiles of this router: ovh: line, unsaved. Set"),
        (1, "Error: timeout.", "cannot tell of the profile x: Error: timeout"),
        (0, SHOWN + SHOWN, "2 connection profiles"),
        (0, SHOWN.replace("pppoe\n", "vlan\n", 1), "of the type vlan"),
    ],
)
def test_a_profile_that_cannot_be_used(code: int, text: str, word: str) -> None:
    with pytest.raises(Failure, match=word):
        facts.profile_of(Ran(code, text.encode()), LISTED, "x")


def test_when_a_process_was_started() -> None:
    stat = "77 (a) b (c)) S 1 77 77 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 123456 2000 30\n"
    assert facts.started(Ran(0, stat.encode())) == 1234.56
    for ran in (None, Ran(1, b"cat: no such file"), Ran(0, b""), Ran(0, b"77 (a) S 1")):
        assert facts.started(ran) is None


def test_a_session_and_what_it_is_compared_with() -> None:
    up = facts.State("activated", "/ActiveConnection/4", "ppp0", "192.0.2.9", 900.0)
    assert facts.session_of(up, 1000, None, "x") == facts.Session(
        True, "192.0.2.9", 100, "", "/ActiveConnection/4 900.0"
    )
    assert facts.session_of(up, 1000, Mark(899.0, "another"), "x").up
    for since in (Mark(901.0, "another"), Mark(None, up.identity), Mark(899.0, up.identity)):
        assert "previous one, from before the change" in facts.session_of(up, 1000, since, "x").error
    ageless = facts.State("activated", "/ActiveConnection/4", "ppp0", "192.0.2.9")
    assert facts.session_of(ageless, 1000, Mark(2000.0, "another"), "x").uptime is None


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (facts.State(""), "x is down"),
        (facts.State("activating"), "activating"),
        (facts.State("activated"), "without an"),
    ],
)
def test_no_session(state: facts.State, word: str) -> None:
    found = facts.session_of(state, 1000, None, "x")
    assert not found.up and word in found.error and not state.identity


def test_a_router_without_an_uptime() -> None:
    with pytest.raises(Failure, match="uptime"):
        facts.uptime_of(Ran(1, b"cat: /proc/uptime: No such file or directory"))
