# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A peer that is made, or made what the line needs: what is written, by what it is started, and what is refused."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import making
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Facts, facts_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.provisioning import Plan, planned
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import given_options, options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Interface
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
    return facts(made, **{**more, "ports": "eth0\neth1\neth1.835\n", "vlan": vlan, "flags": "0x1003\n0x1003\n"})


def test_from_nothing() -> None:
    """All of it, shown line by line; then there is nothing more to do."""
    plan = planned(facts(), WANTED)
    assert [path for path, _old, _new in plan.files] == [PATH, UNIT] and plan.waiting
    assert plan.commands[1] == "systemctl daemon-reload"
    assert "ip link add link eth1 name eth1.835 type vlan id 835" in plan.commands[2]
    peer = plan.files[0][2]
    seen = options(("call", PEER), "/etc/ppp", "", {PATH: peer, "/etc/ppp/options": None})
    assert seen.user and seen.user.text.decode() == LOGIN and (seen.text("mtu"), seen.text("mru")) == ("1492", "1492")
    assert (
        "persist" in seen.flags and seen.plugins == ("pppoe.so",) and b"\n+ipv6\n" in peer and b"nic-eth1.835" in peer
    )
    for line in (f"+{PATH}: mtu 1492", f"+{UNIT}: ExecStart=/usr/sbin/pppd call {PEER} nodetach", "+eth1.835: VLAN"):
        assert any(shown.startswith(line) for shown in plan.diff), plan.diff
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
    plan = planned(there, dataclasses.replace(WANTED, mtu=1480))
    assert plan.peer and "Kanarie1" not in str(plan.diff) + repr(plan.diff)


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


@given(st.binary(max_size=200), st.sampled_from([0, 835]))
def test_any_file_is_changed_once(old: bytes, vlan: int) -> None:
    """And what was its own is still read as it was."""
    wanted = dataclasses.replace(WANTED, vlan=vlan)
    try:
        new, edits = making.peer_text(old, PEER, wanted, "pppoe.so")
        assert (new != old) == bool(edits)
        again, none = making.peer_text(new, PEER, wanted, "pppoe.so")
    except Failure:
        return
    assert again == new and none == []
    names = {name for name, _word, _value in given_options(new)}
    assert {b"mtu", b"mru", b"plugin", b"noauth"} <= names
