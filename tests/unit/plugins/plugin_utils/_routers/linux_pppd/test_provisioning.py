# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A peer that is made, or made what the line needs: what is written, by what it is started, and what is refused."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import making
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Facts, facts_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.provisioning import Plan, planned
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Difference, Interface
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import File, Told

PEER, LOGIN = "dsl-provider", "0320123456_1@adsl.ovh"
PATH = f"/etc/ppp/peers/{PEER}"
UNIT = "/etc/systemd/system/pppoe-dsl-provider.service"
STANZA = "/etc/network/interfaces.d/pppoe-dsl-provider"
WANTED = Interface("eth1", 835, 1492, LOGIN)
MADE = making.peer_text(None, PEER, WANTED, "pppoe.so")[0]
#: As pppoeconf leaves it.
BY_HAND = (
    b'noipdefault\nplugin rp-pppoe.so\nnic-eth1.835\nuser "%s"\nnoauth\n+ipv6\nmtu 1492\nmru 1492' % LOGIN.encode()
)


def file(path: str, content: bytes) -> File:
    return File(path, path, ("1", "2", str(len(content)), "640", "0", "0", "7"), content)


def told(files: dict[str, bytes], **more: t.Any) -> Told:
    said = {
        "plugins": "/usr/lib/pppd/2.5.2/pppoe.so\n",
        "ports": "eth0\neth1\nlo\n",
        "vlan": "",
        "flags": "0x1003\n",
        "state": "",
        "mounts": "",
        "units": "",
        "loaded": "",
        "providers": "",
        **{name: value for name, value in more.items() if isinstance(value, str)},
    }
    flags = [name for name, value in {"systemd": True, **more}.items() if value is True]
    given = [(name, value.encode()) for name, value in said.items()] + [(name, b"") for name in flags]
    given += [("own root 100.0 5000", b"")]
    return Told({path: file(path, content) for path, content in files.items()}, {}, tuple(given))


def facts(files: dict[str, bytes] | None = None, **more: t.Any) -> Facts:
    return facts_of(PEER, "/etc/ppp", told(files or {}, **more))


def refused(found: Facts, wanted: Interface = WANTED) -> str:
    with pytest.raises(Failure) as failed:
        planned(found, wanted)
    assert failed.value.code in ("router_option", "router_refused")
    return failed.value.message


def after(plan: Plan, files: dict[str, bytes] | None = None, **more: t.Any) -> Facts:
    """The router that the plan makes."""
    made = {**(files or {}), **{path: new for path, _old, new in plan.files}}
    vlan = "eth1.835  VID: 835\nDevice: eth1\n"
    return facts(
        made, **{"wanted": True, **more, "ports": "eth0\neth1\neth1.835\n", "vlan": vlan, "flags": "0x1003\n0x1003\n"}
    )


def test_from_nothing() -> None:
    """All of it, shown line by line; then there is nothing more to do."""
    plan = planned(facts(), WANTED)
    assert [path for path, _old, _new in plan.files] == [PATH, UNIT] and plan.waiting
    assert plan.commands[0] == "systemctl daemon-reload"
    assert "ip link add link eth1 name eth1.835 type vlan id 835" in plan.commands[2]
    peer = plan.files[0][2]
    seen = options(("call", PEER), "/etc/ppp", "", {PATH: peer, "/etc/ppp/options": None})
    assert seen.user and seen.user.text.decode() == LOGIN and (seen.text("mtu"), seen.text("mru")) == ("1492", "1492")
    assert (
        "persist" in seen.flags and seen.plugins == ("pppoe.so",) and b"\n+ipv6\n" in peer and b"nic-eth1.835" in peer
    )
    for line in (f"+{PATH}: mtu 1492", f"+{UNIT}: ExecStart=/usr/sbin/pppd call {PEER} nodetach", "+eth1.835: VLAN"):
        assert any(shown.startswith(line) for shown in plan.diff), plan.diff
    # A run that was killed before the link was made is finished: systemd may not know the unit yet.
    killed = planned(after(plan, wanted=False), WANTED)
    assert killed.files == () and killed.commands == plan.commands[:2]
    again = planned(after(plan), WANTED)
    assert not again.changes and again.waiting and again.diff == ()
    assert (
        after(
            plan,
            units=f"/etc/systemd/system/multi-user.target.wants/pppoe-{PEER}.service:ExecStart="
            f"/usr/sbin/pppd call {PEER} nodetach",
        ).unit
        == f"pppoe-{PEER}.service"
    )


def test_by_ifupdown() -> None:
    sourced = {"/etc/network/interfaces": b"source /etc/network/interfaces.d/*\nauto lo\n"}
    plan = planned(facts(sourced, systemd=False, ifupdown=True), WANTED)
    assert [path for path, _old, _new in plan.files] == [PATH, STANZA] and not any(
        "systemctl" in one for one in plan.commands
    )
    text = plan.files[1][2].decode()
    assert (
        text.startswith(f"auto {PEER}\niface {PEER} inet ppp\n    pre-up ip link show dev eth1.835")
        and f"provider {PEER}" in text
    )
    assert not planned(after(plan, sourced, systemd=False, ifupdown=True), WANTED).changes
    assert "does not read" in refused(facts({"/etc/network/interfaces": b"auto lo\n"}, systemd=False, ifupdown=True))
    assert "Neither systemd nor ifupdown" in refused(facts(sourced, systemd=False))


def test_without_a_vlan() -> None:
    plan = planned(facts(), dataclasses.replace(WANTED, vlan=0))
    assert b"nic-eth1\n" in plan.files[0][2] and not any("vlan" in one for one in plan.commands)
    assert making.link_of(Interface("enp0s31f6u1u4", 4070, 1492, "l")) == "vlan4070"


def test_one_that_is_half_there() -> None:
    """What it has stays, byte for byte; what differs is changed in its place, and shown; what lacks is added."""
    old = b'# mine\nuser "%s" # the login\nmtu 1500\nnic-eth0\nnoipv6' % LOGIN.encode()
    plan = planned(facts({PATH: old}), WANTED)
    (_path, before, new), *_more = plan.files
    assert before == old and new.startswith(
        b'# mine\nuser "%s" # the login\nmtu 1492\nnic-eth1.835\n+ipv6\n' % LOGIN.encode()
    )
    assert b"plugin pppoe.so\n" in new and b"mru 1492\n" in new and b"noauth\n" in new and b"persist" not in new
    assert {f"-{PATH}: mtu 1500", f"+{PATH}: mtu 1492", f"-{PATH}: nic-eth0"} <= set(plan.diff)
    assert not planned(after(plan, {PATH: old}), WANTED).changes
    # Empty, or a comment without an end.
    for start in (b"", b"# nothing"):
        assert planned(facts({PATH: start}), WANTED).files[0][2].startswith(start)


def test_one_that_runs_already() -> None:
    """What starts it is the router's own: no second one is made. A secret that is there does not wait."""
    stanza = {"providers": f"  provider {PEER}\n"}
    secrets = {"/etc/ppp/chap-secrets": b'"%s" * "Kanarie1" *\n' % LOGIN.encode()}
    there = facts({PATH: BY_HAND, **secrets}, flags="0x1003\n0x1003\n", **stanza)
    plan = planned(there, WANTED)
    assert not plan.changes and not plan.waiting
    other = dataclasses.replace(WANTED, mtu=1480)
    left, plan = planned(there, other), planned(there, other, change=True)
    assert plan.peer and "Kanarie1" not in str(plan.diff) + repr(plan.diff)
    assert not left.changes and left.diff == (f" {PEER}: MTU 1492, not 1480: left as it is",)
    assert left.differs == plan.differs == (Difference("MTU", "1492", "1480"),)


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        (b"nic-eth1.835", b"nic-eth0", [("device", "eth0", "eth1"), ("VLAN", "none", "835")]),
        (b"plugin rp-pppoe.so\nnic-eth1.835", b"plugin rp-pppoe.so eth1.7", [("VLAN", "7", "835")]),
        (b"+ipv6", b"noipv6", [("IPv6", "off", "on")]),
        (b"mru 1492", b"mru 1400", [("MTU", "1492 (mru 1400)", "1492")]),
        # What pppd and its plugin take where nothing is set, and what is no setting of the line.
        (b"mtu 1492\nmru 1492", b"", []),
        (b"noauth\n", b"", []),
    ],
)
@pytest.mark.parametrize("change", [False, True])
def test_a_peer_that_has_a_password(old: bytes, new: bytes, differs: list[tuple[str, ...]], change: bool) -> None:
    """What differs is told, and changed with the option alone; what does not is not touched, byte for byte."""
    secrets = {"/etc/ppp/chap-secrets": b'"%s" * "Kanarie1" *\n' % LOGIN.encode()}
    start = BY_HAND.replace(old, new)
    there = {"flags": "0x1003\n0x1003\n", "providers": f"  provider {PEER}\n", "vlan": "VID: 835\nDevice: eth1\n"}
    plan = planned(facts({PATH: start, **secrets}, **there), WANTED, change=change)
    assert [dataclasses.astuple(one) for one in plan.differs] == differs
    assert plan.peer == plan.changes == bool(change and differs)
    assert all(line.startswith(" ") for line in plan.diff) or change
    if plan.changes:
        assert planned(facts({PATH: plan.files[0][2], **secrets}, **there), WANTED, change=True).differs == ()


@pytest.mark.parametrize("login", ["x@ovh.ftth", "fti/x", "fti/x#1", 'a"b\\c', "a b", "é@x"])
def test_logins_of_any_form(login: str) -> None:
    plan = planned(facts(), dataclasses.replace(WANTED, login=login))
    seen = options(("call", PEER), "/etc/ppp", "", {PATH: plan.files[0][2], "/etc/ppp/options": None})
    assert seen.user and seen.user.text.decode() == login
    assert not planned(after(plan), dataclasses.replace(WANTED, login=login)).changes


def test_what_is_refused() -> None:
    """With the remedy, and nothing planned."""
    assert "apt-get install ppp" in refused(facts(plugins=""))
    assert "It has: eth0" in refused(facts(ports="eth0\nlo\n"))
    assert "belongs to a bridge" in refused(facts(bridged=True))
    assert "This is another line" in refused(facts({PATH: b'user "another@x"\n'}))
    assert "option pty" in refused(facts({PATH: b'pty "pppoe -I eth1"\nuser "x"\n'}))
    other = {"ports": "eth1\neth1.835\n", "vlan": "eth1.835  VID: 7\nDevice: eth1\n"}
    assert "that is not VLAN 835 of eth1" in refused(facts(**other))
    for device in ("eth1;reboot", "", "-x", "eth1 eth2", "a" * 16, "$(id)", "../x"):
        assert "not the name of a port" in refused(facts(), dataclasses.replace(WANTED, device=device))
