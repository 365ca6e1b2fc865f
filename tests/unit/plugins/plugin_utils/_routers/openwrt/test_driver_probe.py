# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenWrt: what a look and a proof tell, and what stops them."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from openwrt.played import LOGIN, shells

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.router import (
    Router,
    small_flash,
)

OTHER_LINE = "\nconfig interface 'wan2'\n\toption device 'lan9'\n\toption proto 'pppoe'\n\toption username 'other'\n"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a file system")


@pytest.fixture
def router(tmp_path: Path) -> t.Iterator[Router]:
    with Router(tmp_path / "router", shells()[-1]) as made:
        yield made


class TestProbe:
    def test_all_that_it_tells(self, router: Router) -> None:
        router.environment["SSH_CONNECTION"] = "127.0.0.1 50022 127.0.0.1 22"
        probe = router.driver().probe(prove=False)
        assert (probe.login, probe.writable, probe.why, probe.tried, probe.warnings) == (LOGIN, True, "", False, ())
        assert probe.counter == Counter("pppoe-wan", 1000, 500)
        assert probe.reached_by == "lo"
        assert probe.session.identity.startswith("pppoe-wan#")
        router.cut()
        probe = router.driver().probe(prove=False)
        assert probe.counter is None and not probe.session.up

    @AS_ROOT
    def test_a_proof_needs_room_for_two_copies(self, router: Router) -> None:
        """A real file system without room; what was made in it is gone after it."""
        config = router.box.network.parent
        text = router.box.network.read_bytes()
        with small_flash(config, "size=8k"):
            router.box.network.write_bytes(text)
            probe = router.driver().probe(prove=True)
            assert (probe.writable, probe.tried) == (False, True)
            assert (
                "no room for two copies of /etc/config/network" in probe.why and "leaves that file empty" in probe.why
            )
            assert [path.name for path in config.iterdir()] == ["network"]
        (router.root / "proc" / "mounts").write_text("tmpfs /etc/config tmpfs rw 0 0\n", "ascii")
        with small_flash(config, "size=4k"):
            router.box.network.write_bytes(text)
            unproven = router.driver().probe(prove=False)
            assert (unproven.writable, unproven.tried) == (False, False) and "no room for two copies" in unproven.why
        with small_flash(config, "size=64k"):
            router.box.network.write_bytes(text)
            probe = router.driver().probe(prove=True)
            assert (probe.writable, probe.tried, probe.why) == (True, True, "")
            assert [path.name for path in config.iterdir()] == ["network"]

    @AS_ROOT
    def test_a_configuration_that_is_read_only(self, router: Router) -> None:
        config, text = router.box.network.parent, router.box.network.read_bytes()
        with small_flash(config, "size=64k") as remount:
            router.box.network.write_bytes(text)
            remount("ro")
            probe = router.driver().probe(prove=True)
            assert (probe.writable, probe.tried) == (False, True) and "mounted read-only" in probe.why
        mounts = router.root / "proc" / "mounts"
        mounts.write_text("overlayfs:/overlay / overlay ro,lowerdir=/,upperdir=/tmp/root/upper 0 0\n", "ascii")
        assert "mounted read-only" in router.driver().probe(prove=False).why
        mounts.write_text("o / overlay rw,lowerdir=/,upperdir=/tmp/root/upper 0 0\nx /tmp tmpfs rw 0 0\n", "ascii")
        probe = router.driver().probe(prove=False)
        assert probe.writable and "after a reboot the router has its old password again" in probe.warnings[0]

    def test_a_disabled_interface(self, router: Router) -> None:
        for value in ("1", "true"):
            router.uci(f"set network.wan.disabled={value}", "commit network")
            router.box.netifd.reload()
            probe = router.driver().probe(prove=True)
            assert (probe.writable, probe.tried) == (False, False)
            assert "is disabled" in probe.why and "uci delete network.wan.disabled" in probe.why

    @pytest.mark.parametrize(
        ("interface", "code", "said"),
        [
            (
                "wan3",
                "router_option",
                "no interface wan3 in /etc/config/network. PPPoE interfaces of this router: wan wan2.",
            ),
            ("lan", "router_option", "The interface lan has the protocol static, not pppoe. Set O(interface)"),
            ("wan;id", "router_option", "'wan;id' is not the name of an interface. Set O(interface)"),
            ("wan2", "router_refused", "netifd does not know the interface wan2"),
        ],
    )
    def test_interfaces_that_are_none(self, router: Router, interface: str, code: str, said: str) -> None:
        router.box.network.write_text(router.box.network.read_text("utf-8") + OTHER_LINE, "utf-8")
        failure = router.refused(lambda: router.driver(interface).probe(prove=True))
        assert failure.code == code and said in failure.message
        assert router.writes() == 0

    def test_the_package_is_missing(self, router: Router) -> None:
        router.box.netifd.has_pppoe = False
        router.accept("x")
        assert "ppp-mod-pppoe" in router.refused(lambda: router.driver().probe(prove=False)).message

    def test_no_openwrt(self, router: Router) -> None:
        (router.root / "bin" / "ubus").unlink()
        failure = router.refused(lambda: router.driver().probe(prove=False))
        assert (
            failure.code == "router_option" and "ubus is missing" in failure.message and "platform" in failure.message
        )
        (router.root / "sbin" / "uci").unlink()
        assert "uci is missing" in router.refused(lambda: router.driver().probe(prove=False)).message

    def test_a_configuration_that_uci_cannot_read(self, router: Router) -> None:
        router.box.network.write_text("config interface 'wan'\n\toption password 'never-ended\n", "utf-8")
        failure = router.refused(lambda: router.driver().probe(prove=False))
        assert "uci cannot read /etc/config/network: Parse error (" in failure.message
        assert "at line" in failure.message and "never-ended" not in failure.message

    def test_an_empty_configuration(self, router: Router) -> None:
        router.box.network.write_bytes(b"")
        failure = router.refused(lambda: router.driver().probe(prove=False))
        assert "which is empty: a full flash can do that" in failure.message
