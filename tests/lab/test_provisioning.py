# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first set-up of a router that has nothing: VLAN, peer, secrets, and what starts it; on a real line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.kinds import PEER, Kind
from lab.line import Line, quoted
from lab.provider import SERVICE
from lab.test_end_to_end import FLAG, succeeded

VLAN, DEVICE = 835, "vec0"
LINK = f"{DEVICE}.{VLAN}"
KINDS = [
    Kind("2.4.9", "ifupdown"),
    Kind("2.5.2", "supervisor", unit=f"pppoe-{PEER}.service"),
]
#: The concentrator speaks on the VLAN alone.
TAGGED = f"""\
pkill pppoe-server
modprobe 8021q
ip link add link vec0 name {LINK} type vlan id {VLAN}
ip link set dev {LINK} up
pppoe-server -I {LINK} -C isp-ac -S internet -L 100.64.0.1 -R 100.64.0.10 -N 16 -O /etc/ppp/server-options
"""
#: As Debian has it with ppp and nothing more.
NOTHING = """\
rm -f /etc/ppp/peers/*
printf '# Secrets\\n' >/etc/ppp/chap-secrets
rm -f /etc/ppp/pap-secrets
modprobe 8021q
mkdir -p /etc/network/interfaces.d /etc/systemd/system
printf 'source /etc/network/interfaces.d/*\\nauto lo\\niface lo inet loopback\\n' >/etc/network/interfaces
"""
STATE = "sha256sum /etc/ppp/peers/* /etc/ppp/*-secrets /etc/network/interfaces.d/* /etc/systemd/system/*.service"


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("known", [True, False], ids=["known", "brand-new"])
def test_from_nothing(collections: Path, kind: Kind, known: bool) -> None:
    """Check mode shows it and writes nothing; one run brings the line up; the same again does nothing."""
    with Line(collections, kind=kind, mail_delay=3) as line:
        line.host_variables.update(
            router_pppoe_provision=True, router_pppoe_provision_device=DEVICE, router_pppoe_provision_vlan=VLAN
        )
        line.write_inventory()
        line.machines.ssh("isp", TAGGED)
        line.router(NOTHING)
        if not known:
            with line.provider.world.change() as state:
                state["mails"].clear()
                state["lines"][SERVICE]["radius"].clear()
        before = line.router(f"{STATE}; ip -o link", check=False)
        run = line.play(*FLAG, "--check", "--diff")
        succeeded(run)
        assert f"+/etc/ppp/peers/{PEER}: nic-{LINK}" in run.output and f"VLAN {VLAN} of {DEVICE}" in run.output, (
            run.output
        )
        assert line.router(f"{STATE}; ip -o link", check=False) == before and line.provider.posts() == 0

        run = line.play(*FLAG, "--diff")
        succeeded(run)
        assert line.provider.posts() == 1 and line.provider.line["password"] not in run.output, run.output
        assert quoted(line.provider.line["password"]) in line.secret()
        assert line.session().up and line.pings(), run.output
        assert line.router(f"cat /sys/class/net/ppp0/mtu; cat /proc/net/vlan/{LINK}").startswith("1492\n")
        made, session = line.router(STATE, check=False), line.session().identity
        for words in (FLAG, ()):
            again = line.play(*words)
            succeeded(again)
            assert (again.recap("changed"), line.provider.posts()) == (0, 1), again.output
        assert line.router(STATE, check=False) == made and line.session().identity == session

        if kind.keeper == "ifupdown":
            # As at the next boot: nothing but the files is left.
            line.router(f"poff {PEER}; sleep 2; ip link del {LINK}; rm -f /run/network/ifstate*; ifup -a")
            line.wait_up()
            assert line.pings() and len(line.pppds()) == 1
        else:
            text = line.router(f"cat /etc/systemd/system/pppoe-{PEER}.service")
            start = "; ".join(
                one[len("ExecStartPre=") :] for one in text.splitlines() if one.startswith("ExecStartPre=")
            )
            line.router(f"ip link del {LINK}; {start}; ip link show dev {LINK} | grep -q UP")


OLD = "fti/x@example.net"


@pytest.mark.soak
@pytest.mark.parametrize("tagged", [False, True], ids=["same-link", "another-vlan"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "brand-new"])
def test_from_another_provider(collections: Path, tagged: bool, known: bool) -> None:
    """Its pppd dials in vain with the old login. The old login has to be named, and another VLAN to be allowed."""
    with Line(collections, mail_delay=3) as line:
        login, peer = line.provider.line["login"], f"/etc/ppp/peers/{PEER}"
        line.router(f"sed -i s#{login}#{OLD}# {peer} /etc/ppp/chap-secrets /etc/ppp/pap-secrets")
        if tagged:
            line.machines.ssh("isp", TAGGED)
            line.router("modprobe 8021q")
            line.host_variables.update(
                router_pppoe_provision=True, router_pppoe_provision_device=DEVICE, router_pppoe_provision_vlan=VLAN
            )
            line.write_inventory()
        if not known:
            with line.provider.world.change() as state:
                state["mails"].clear()
                state["lines"][SERVICE]["radius"].clear()
        line.router(f"pon {PEER}")
        before = line.router(STATE, check=False)

        run = line.play(*FLAG)
        assert run.code != 0 and line.provider.posts() == 0, run.output
        replaces = ("-e", f"router_pppoe_replaces_login={OLD}")
        if tagged:
            run = line.play(*FLAG, *replaces)
            assert run.code != 0 and "VLAN none instead of 835" in run.output and line.provider.posts() == 0, run.output
            replaces += ("-e", "router_pppoe_provision_changes=true")
        run = line.play(*FLAG, *replaces, "--check", "--diff")
        succeeded(run)
        assert line.router(STATE, check=False) == before and line.provider.posts() == 0, run.output

        run = line.play(*FLAG, *replaces)
        succeeded(run)
        assert line.provider.posts() == 1 and line.session().up and line.pings(), run.output
        made, session = line.router(STATE, check=False), line.session().identity
        assert f'user "{login}"' in line.router(f"cat {peer}") and len(line.pppds()) == 1
        for words in (FLAG, ()):
            again = line.play(*words, *replaces)
            succeeded(again)
            assert (again.recap("changed"), line.provider.posts()) == (0, 1), again.output
        assert line.router(STATE, check=False) == made and line.session().identity == session


@pytest.mark.soak
def test_a_peer_that_differs(collections: Path) -> None:
    """It is told and left, session and all; with the option it is changed, and one new session comes."""
    with Line(collections, mail_delay=3) as line:
        peer = f"/etc/ppp/peers/{PEER}"
        line.router(f"sed -i s/1492/1400/ {peer}")
        line.dial()
        line.host_variables.update(
            router_pppoe_provision=True, router_pppoe_provision_device=DEVICE, router_pppoe_provision_vlan=0
        )
        line.write_inventory()
        before, session = line.router(STATE, check=False), line.session().identity
        told = "MTU 1400 instead of 1492, IPv6 off instead of on"
        changes = ("-e", "router_pppoe_provision_changes=true")
        for words in ((), ("--check", "--diff", *changes)):
            run = line.play(*words)
            succeeded(run)
            assert told in " ".join(run.output.split()), run.output
            assert (line.router(STATE, check=False), line.session().identity) == (before, session), run.output
        run = line.play("--diff", *changes)
        succeeded(run)
        assert f"{told}. That ends its session" in " ".join(run.output.split()), run.output
        assert line.router("cat /sys/class/net/ppp0/mtu") == "1492\n" and line.pings() and len(line.pppds()) == 1
        made, new = line.router(STATE, check=False), line.session().identity
        assert new != session and line.provider.line["password"] not in run.output
        again = line.play("--diff", *changes)
        succeeded(again)
        assert (again.recap("changed"), line.provider.posts()) == (0, 0), again.output
        assert (line.router(STATE, check=False), line.session().identity) == (made, new)
