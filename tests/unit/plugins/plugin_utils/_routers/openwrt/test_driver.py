# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of OpenWrt over a played router: what is asked, what is written, what is said."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from openwrt.played import LOGIN, shells

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.driver import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Dial,
    Mark,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import (
    Conformance,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.router import Router


@pytest.fixture(params=shells(), ids=lambda words: words[-1])
def played(request: pytest.FixtureRequest, tmp_path: Path) -> t.Iterator[Router]:
    with Router(tmp_path / "router", request.param) as made:
        yield made


@pytest.fixture
def router(tmp_path: Path) -> t.Iterator[Router]:
    """For what is no matter of the shell."""
    with Router(tmp_path / "router", shells()[-1]) as made:
        yield made


class TestConformance(Conformance):
    driver = OpenWrt

    @pytest.fixture
    def played(self, router: Router) -> Router:
        return router


#: Every printable character of ASCII, and some that are not; "network." begins the name of an option, too.
PRINTABLE = "".join(map(chr, range(32, 127)))
SPECIAL = [
    *("a'b", "'", "''", 'a"b', "$HOME$(id)", "a;b", "a\\b", "\\", "a b", " lead and trail ", "é", "a#b", "`id`", "a!b"),
    *("%s%d", "a&b", "a|b", "<a>", "(a)", "[a]", "{a}", "*", "?", "~", "a=b", "=", "-n", "!", "(", "network.wan.mtu"),
    *("a" * 64, "\\n", "\\061", "'\\''", "€uro", PRINTABLE, PRINTABLE[::-1], "x" * 255),
]


def fresh(router: Router, wait: float = 15, since: Mark | None = None) -> bool:
    return router.driver().session(wait=wait, since=since).up


class TestEachShell:
    """What depends on the shell that runs a step."""

    def test_passwords_arrive_byte_for_byte(self, played: Router) -> None:
        for password in (PRINTABLE, "é '\\''", " a'b\\ "):
            assert played.apply(password, dial=Dial.NEVER).written
            assert played.stored() == password
        assert not played.apply(" a'b\\ ", dial=Dial.NEVER).changed

    def test_a_new_session_is_seen(self, played: Router) -> None:
        played.accept("new")
        mark = played.apply("new").mark
        session = played.driver().session(wait=15, since=mark)
        assert session.up and session.address == "198.51.100.7" and session.uptime is not None and session.uptime < 20
        assert not fresh(played, 0, Mark(mark.at, session.identity)), "it is the one of the mark"

    def test_a_full_flash_is_made_good(self, played: Router) -> None:
        before = played.box.network.read_bytes()
        with played.faulty("full"):
            failure = played.refused(lambda: played.apply("new"))
            assert failure.code == "router_write" and "put back as it was, byte for byte" in failure.message
            assert played.box.network.read_bytes() == before and played.calls() == []

    def test_a_file_that_moves_is_looked_at_again(self, played: Router) -> None:
        def write(command: str) -> None:
            if "ownrouter write" in command:
                played.uci("set network.lan.mtu=1400", "commit network")
                played.between = lambda _command: None

        played.between = write
        assert played.apply("new").written
        assert played.stored() == "new" and "option mtu '1400'" in played.box.network.read_text("utf-8")
        assert played.writes() == 1, "the first step wrote nothing"


def test_every_password(router: Router) -> None:
    for password in SPECIAL:
        assert router.apply(password, dial=Dial.NEVER).written, password
        assert router.stored() == password
    assert router.driver().unfit(Credentials(LOGIN, "é" * 128)) and router.driver().unfit(Credentials("a" * 256, "x"))
    for _command, given in router.steps:
        assert b"\n" not in given.split(b"\n", 1)[0]
    assert all(PRINTABLE not in command for command, _given in router.steps)


def test_what_is_sent_as_the_command_is_short(router: Router) -> None:
    router.driver().probe(prove=True)
    router.apply("new")
    router.driver().session(wait=0, since=None)
    assert max(len(command) for command, _given in router.steps) < 200
    assert [command.split(";")[0] for command, _given in router.steps] == [
        ": ownrouter look",
        ": ownrouter try",
        ": ownrouter look",
        ": ownrouter write",
        ": ownrouter wait",
    ]


class TestSession:
    def test_the_second_after_a_reload_is_no_failure(self, router: Router) -> None:
        router.box.netifd.idle_seconds = 1.5
        router.accept("new")
        mark = router.apply("new").mark
        idle = router.driver().session(wait=0, since=mark)
        assert idle.error == "The interface wan has no session.", "USER_REQUEST is history"
        assert fresh(router, since=mark)

    def test_a_refusal_is_told(self, router: Router) -> None:
        router.accept("another")
        session = router.driver().session(wait=3, since=router.apply("wrong").mark)
        assert "netifd says that the provider refused the login and password (AUTH_FAILED)" in session.error

    def test_a_session_of_before_is_waited_out(self, router: Router) -> None:
        router.box.netifd.keeps_old_session = True
        now = router.driver().session(wait=0, since=None)
        assert now.up and now.uptime is not None and now.uptime >= 100
        old = router.driver().session(wait=1, since=Mark(router.box.netifd.booted + 1e6, ""))
        assert not old.up and "still the previous one, from before the change" in old.error
