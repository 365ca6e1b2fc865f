# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from what an OpenWrt router told."""

from __future__ import annotations

import typing as t

import pytest
from openwrt.box import MOUNTS

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.looks import (
    DISABLED,
    SECRET,
    STOPPED,
    UP,
    plan,
    ran,
    told,
    ubus,
)


class TestPlan:
    @pytest.mark.parametrize(
        ("asked", "writes", "calls"),
        [
            ({}, False, ()),
            ({"new": "new"}, True, ("reload",)),
            ({"changes": ran("network.wan.password='old'\n")}, True, ("reload",)),
            ({"status": ubus(pending=True)}, False, ("reload",)),
            ({"status": ran("", 4)}, False, ("reload",)),
            ({"age": 60.0}, False, ()),
            ({"age": 48.0}, False, ()),
            ({"age": 47.0}, False, ("reload",)),
            ({"status": STOPPED}, False, ()),
            ({"status": STOPPED, "new": "new"}, True, ("reload", "up")),
            ({"status": ubus(**{**UP, "autostart": False}), "new": "new"}, True, ("reload", "up")),
            ({"status": ubus(**{**UP, "autostart": False})}, False, ()),
            ({"dial": Dial.NEVER, "new": "new"}, True, ()),
            ({"dial": Dial.NEVER, "status": ubus()}, False, ()),
            ({"dial": Dial.ALWAYS}, False, ("down", "reload", "up")),
            ({"dial": Dial.ALWAYS, "status": STOPPED}, False, ("down", "reload", "up")),
            ({"dial": Dial.ALWAYS, "status": ran("", 4)}, False, ("reload",)),
            ({"dial": Dial.ALWAYS, "show": DISABLED}, True, ()),
        ],
    )
    def test_of_a_password(self, asked: dict[str, t.Any], writes: bool, calls: tuple[str, ...]) -> None:
        made = plan(**asked)
        assert (bool(made.sets), made.calls) == (writes, calls)
        assert SECRET not in repr(plan(new=SECRET))

    @pytest.mark.parametrize(
        ("labels", "said"),
        [
            ({}, ""),
            ({"show": DISABLED}, "is disabled"),
            ({"mounts": ran("/dev/root / squashfs ro 0 0\n")}, "mounted read-only"),
            ({"mounts": ran(MOUNTS + "tmpfs /etc/config tmpfs ro 0 0\n")}, "mounted read-only"),
            ({"mounts": ran(MOUNTS + "tmpfs /etc/conf tmpfs ro 0 0\n")}, ""),
            (
                {"room": ran("F 1K-blocks Used Available Use% Mounted on\noverlay 100 99 1 99% /\n")},
                "(2094 bytes, 1024 are",
            ),
            ({"room": ran("F 1K-blocks\nlong-name\n  100 99 1 99% /\n")}, "no room for two copies"),
            ({"room": ran("df: can't find mount point", 1)}, ""),
        ],
    )
    def test_why_it_cannot_be_written(self, labels: dict[str, Ran], said: str) -> None:
        why = plans.unwritable(facts.look_of(told(**labels), "wan"), "wan")
        assert said in why and bool(why) is bool(said)

    def test_a_user_that_may_not_write(self) -> None:
        look = facts.look_of(Told({}, told().ran), "wan")
        assert "not writable for this user. Log in as root: ansible_user" in plans.unwritable(look, "wan")

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (ran("1+0 records in"), ""),
            (ran("dd: error writing: No space left on device", 1), "Its inodes may be used up"),
            (ran("dd: can't open: Read-only file system", 1), "mounted read-only"),
            (
                ran("dd: can't open: Operation not permitted", 1),
                "No file can be made beside /etc/config/network: dd: can't",
            ),
        ],
    )
    def test_what_a_trial_says(self, answer: Ran, said: str) -> None:
        why = plans.untried(facts.look_of(told(), "wan"), answer)
        assert said in why and bool(why) is bool(said)

    def test_an_overlay_that_forgets(self) -> None:
        assert plans.forgetful(MOUNTS) == ()
        forgets = MOUNTS.replace("upperdir=/overlay/upper", "upperdir=/tmp/root/upper")
        assert "after a reboot the router has its old password again" in plans.forgetful(forgets)[0]
