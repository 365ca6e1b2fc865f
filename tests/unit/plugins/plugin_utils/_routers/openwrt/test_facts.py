# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an OpenWrt router told, made out, and what follows from it: no router, no shell."""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openwrt.uci import Uci

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.facts import Changes, Status
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter, Mark
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.looks import (
    SECRET,
    UP,
    VALUES,
    ran,
    told,
    ubus,
)


class TestConfiguration:
    @given(VALUES)
    def test_words_come_back(self, value: str) -> None:
        assert facts.unquoted(facts.quoted(value)) == (value,)

    @given(st.lists(VALUES, min_size=2, max_size=4))
    def test_lists_come_back(self, values: list[str]) -> None:
        assert facts.unquoted(" ".join(map(facts.quoted, values))) == tuple(values)

    @given(VALUES)
    def test_what_uci_prints_comes_back(self, value: str) -> None:
        """The stand-in for uci, which was compared with the real one."""
        with tempfile.TemporaryDirectory() as folder:
            uci = Uci(Path(folder))
            uci.config.mkdir(parents=True)
            (uci.config / "network").write_text("\nconfig interface 'wan'\n\toption mtu '1492'\n\n", "utf-8")
            (uci.config.parents[1] / "tmp").mkdir()
            batch = f"set network.wan.password={facts.quoted(value)}\nset network.wan.username=x\n"
            assert uci.run(["batch"], batch) == (0, "", "")
            shown = uci.run(["show", "network"], "")[1]
            section = facts.sections_of(shown)["wan"]
            assert (section.kind, section.get("password"), section.get("username")) == ("interface", value, "x")
            assert facts.changes_of(uci.run(["changes", "network"], "")[1], "wan") == Changes(True, ())

    def test_unnamed_sections_lists_and_old_releases(self) -> None:
        found = facts.sections_of(
            "network.@device[0]=device\nnetwork.@device[0].ports='lan1' 'lan 2'\nnetwork.wan=interface\n"
            "network.wan.proto=pppoe\nnetwork.wan.password='two\nlines'\nnetwork.wan.mtu='1492'\n"
        )
        assert found["@device[0]"].options["ports"] == ("lan1", "lan 2")
        assert [found["wan"].get(name) for name in ("proto", "password", "mtu", "none")] == [
            *("pppoe", "two\nlines", "1492", "")
        ]
        assert SECRET not in repr(facts.sections_of(f"network.wan=interface\nnetwork.wan.password='{SECRET}'\n"))

    @pytest.mark.parametrize(
        ("printed", "changes"),
        [
            ("", Changes(False, ())),
            (f"network.wan.password='{SECRET}'\n", Changes(True, ())),
            (f"network.wan.username='x'\nnetwork.wan.password='a'\\''{SECRET}'\n", Changes(True, ())),
            ("-network.wan.password\n", Changes(False, ("network.wan.password",))),
            ("-network.wan\n", Changes(False, ("network.wan",))),
            (f"network.wan.password+='{SECRET}'\n", Changes(False, ("network.wan.password",))),
            (f"network.lan.dns-='{SECRET}'\n", Changes(False, ("network.lan.dns",))),
            ("^network.wan='3'\n", Changes(False, ("network.wan",))),
            ("@network.cfg01='x'\n", Changes(False, ("network.cfg01",))),
            (f"network.@device[0].name='{SECRET}'\n", Changes(False, ("network.@device[0].name",))),
            (f"|network.lan.dns='{SECRET}'\n~network.lan.dns='x'\n", Changes(False, ("network.lan.dns",))),
            (f"network.lan.key='one\n{SECRET}\nnetwork.wan.key=x'\n", Changes(False, ("network.lan.key",))),
            (f"network.wan2.password='{SECRET}'\n", Changes(False, ("network.wan2.password",))),
            ("network.new='interface'\n", Changes(False, ("network.new",))),
        ],
    )
    def test_changes_by_name(self, printed: str, changes: Changes) -> None:
        assert facts.changes_of(printed, "wan") == changes

    @pytest.mark.parametrize(
        ("labels", "code", "said"),
        [
            ({"show": ran("ash: uci: not found", 127)}, "router_option", "The command uci is missing"),
            ({"status": ran("ash: ubus: not found", 127)}, "router_option", "The command ubus is missing"),
            ({"printf": ran("printf is /usr/bin/printf")}, "router_refused", "has no built-in printf"),
            ({"file": ran("cat: can't open: Permission denied", 1)}, "router_option", "Log in as root: ansible_user"),
            (
                {"show": ran("uci: Parse error (EOF with unterminated ') at line 7, byte 3\n", 1)},
                *(
                    "router_refused",
                    "cannot read /etc/config/network: Parse error (EOF with unterminated ') at line 7, by",
                ),
            ),
            ({"show": ran(f"{SECRET}", 1)}, "router_refused", "'uci show network' failed"),
            ({"changes": ran(f"{SECRET}", 1)}, "router_refused", "'uci changes network' failed"),
        ],
    )
    def test_what_stops_a_look(self, labels: dict[str, Ran], code: str, said: str) -> None:
        with pytest.raises(Failure) as caught:
            facts.look_of(told(**labels), "wan")
        assert caught.value.code == code and said in caught.value.message and SECRET not in caught.value.message


class TestStatus:
    def test_up(self) -> None:
        status = facts.status_of(ubus(**UP))
        assert (status.up, status.address, status.uptime, status.device) == (True, "198.51.100.7", 50, "pppoe-wan")

    @pytest.mark.parametrize(
        "missing", [{"up": False}, {"ipv4-address": []}, {"proto": "none"}, {"uptime": None}, {"ipv4-address": None}]
    )
    def test_not_up(self, missing: dict[str, t.Any]) -> None:
        assert not facts.status_of(ubus(**{**UP, **missing})).up

    @pytest.mark.parametrize("answer", [ran("Command failed: Not found", 4), None])
    def test_not_known(self, answer: Ran | None) -> None:
        assert facts.status_of(answer) == Status(known=False)

    @pytest.mark.parametrize(
        "answer",
        [ran("Failed to connect to ubus", 255), ran("Method not found", 253), ran("{half", 0), ran("[]"), ran()],
    )
    def test_no_answer(self, answer: Ran) -> None:
        status = facts.status_of(answer)
        assert not status.known and f"ubus ended with {answer.code}" in status.trouble

    def test_noise_before_it(self) -> None:
        assert facts.status_of(Ran(0, b"warning\n" + ubus(**UP).content)).up

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ({"pending": True}, "no session; netifd is dialling."),
            ({}, "The interface wan has no session."),
            ({"errors": [{"code": "USER_REQUEST"}]}, "The interface wan has no session."),
            ({"errors": [{"code": "HANGUP"}]}, "The interface wan has no session."),
            ({"pending": True, "errors": [{"code": "NO_DEVICE"}]}, "no session; netifd is dialling."),
            ({"errors": [{"code": "NO_DEVICE"}]}, "no session; netifd says NO_DEVICE."),
            ({"errors": [{"code": "AUTH_FAILED"}], "pending": True}, "refused the login and password (AUTH_FAILED)."),
            ({"errors": [{"code": "USER_REQUEST"}, {"code": "AUTH_TOPEER_FAILED"}]}, "password (AUTH_TOPEER_FAILED)."),
            ({"errors": [{"code": "PEER_AUTH_FAILED"}]}, "password (PEER_AUTH_FAILED)."),
            (
                {"autostart": False},
                "it is stopped, and netifd does not dial it by itself: 'ubus call network.interface.w",
            ),
            ({"proto": "none", "up": True}, "the package that makes the protocol pppoe is missing (ppp-mod-pppoe)."),
        ],
    )
    def test_reasons(self, state: dict[str, t.Any], said: str) -> None:
        assert said in facts.no_session(facts.status_of(ubus(**state)), "wan")

    def test_watching_leaves_out_what_changes_by_itself(self) -> None:
        one = facts.watched(ubus(**{**UP, "uptime": 50, "ipv6-address": [{"address": "::1", "valid": 3}]}))
        assert one == facts.watched(ubus(**{**UP, "uptime": 51, "ipv6-address": [{"address": "::1", "valid": 2}]}))
        assert one != facts.watched(ubus(**{**UP, "up": False}))

    @pytest.mark.parametrize(
        ("since", "up"),
        [
            (None, True),
            (Mark(), True),
            (Mark(950.9, "pppoe-wan#9"), True),  # it began at 950, in the second of the dial
            (Mark(951.0, "pppoe-wan#9"), False),
            (Mark(940.0, "pppoe-wan#17"), False),  # the very session of before, whatever the seconds say
            (Mark(940.0, ""), True),
        ],
    )
    def test_younger_than_the_mark(self, since: Mark | None, up: bool) -> None:
        look = told()
        session = facts.session_of(look, facts.status_of(look.ran["status"]), since, "wan")
        assert session.up is up and bool(session.error) is not up
        assert session.identity == ("pppoe-wan#17" if up else "")

    def test_without_uptime_nothing_is_judged(self) -> None:
        with pytest.raises(Failure, match="does not tell its uptime"):
            facts.uptime_of(told(uptime=ran("cat: no such file", 1)))


class TestWaysBack:
    @pytest.mark.parametrize(
        ("said", "labels", "interface"),
        [
            ((), {}, ""),
            ((), {"back": ran("192.168.1.2 dev br-lan  src 192.168.1.1 \n")}, "br-lan"),
            ((), {"back-from": ran("1.2.3.4 from 5.6.7.8 via 9.9.9.9 dev pppoe-wan \n    cache\n")}, "pppoe-wan"),
            ((), {"back-from": ran("ip: invalid argument", 1), "back": ran("1.2.3.4 via 9.9.9.9 dev eth0\n")}, "eth0"),
            ((), {"back-from": ran("x dev tun0\n"), "back": ran("x dev eth0\n")}, "tun0"),
            ((), {"back": ran("RTNETLINK answers: Network unreachable", 2)}, ""),
            ((("client fe80::1%br-lan", b""),), {"back": ran("ip: invalid", 1)}, "br-lan"),
        ],
    )
    def test_reached_by(self, said: tuple[tuple[str, bytes], ...], labels: dict[str, Ran], interface: str) -> None:
        assert ways_back.reached_by(Told({}, labels, said)) == interface

    def test_counter(self) -> None:
        text = "Inter-| Receive | Transmit\n face |bytes packets\n  eth1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
        found = Told({}, {"counters": ran(text + "pppoe-wan:4294967296 2 0 0 0 0 0 0 77 1 0 0 0 0 0 0\n")}, ())
        assert ways_back.counter(found, "pppoe-wan") == Counter("pppoe-wan", 4294967296, 77)
        assert ways_back.counter(found, "eth1") == Counter("eth1", 1, 9)
        assert ways_back.counter(found, "ppp0") is None and ways_back.counter(Told({}, {}, ()), "eth1") is None
