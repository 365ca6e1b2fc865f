# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interface a router answers: its own word, for whoever is logged in by SSH, behind sudo as well."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import kernel
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Shell, Told

SHELLS = [found for found in (["dash"], ["bash", "--posix"], ["busybox", "ash"]) if shutil.which(found[0])]
IP = """\
#!/bin/sh
case "$*" in
"route get 192.0.2.7"*) echo "192.0.2.7 via 198.51.100.1 dev eth7 src 192.0.2.1" ;;
*) exit 2 ;;
esac
"""


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("connection", "kept", "wanted"),
    [
        ("192.0.2.7 50000 192.0.2.1 22", True, "eth7"),
        ("192.0.2.7 50000 192.0.2.1 22", False, "eth7"),
        ("::ffff:192.0.2.7 50000 ::ffff:192.0.2.1 22", True, "eth7"),
        ("fe80::1%eth5 50000 fe80::2%eth5 22", False, "eth5"),
        ("192.0.2.9 50000 192.0.2.1 22", True, ""),
    ],
)
def test_the_way_back_is_found(words: list[str], connection: str, kept: bool, wanted: str, tmp_path: Path) -> None:
    """`kept`: in the environment of the step itself; else in that of the session that it is in, as with sudo."""
    (tmp_path / "ip").write_text(IP)
    (tmp_path / "ip").chmod(0o755)

    def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
        if words[0] == "busybox":  # it takes its own ip before the one in PATH
            given = given.replace(b" ip route", f" {tmp_path}/ip route".encode())
        inner = ["env", "-u", "none" if kept else "SSH_CONNECTION", *words, "-c", command]
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SSH_CONNECTION": connection}
        session = ["sh", "-c", '"$@"; exit "$?"', "session", *inner]
        done = subprocess.run(session, input=given, capture_output=True, check=False, env=environment, timeout=30)
        return done.returncode, done.stdout, done.stderr.decode()

    told = Shell(execute)(ways_back.STEP)
    assert ways_back.reached_by(told) == wanted
    found = ways_back.counter(told, "lo")
    assert found is not None and found.interface == "lo" and ways_back.counter(told, "none") is None


# -- what the interface is, and where its outer ends are

IP_LINK = """\
1: lo: <LOOPBACK,UP> mtu 65536 \\    link/loopback 00:00:00:00:00:00 promiscuity 0
2: eth0: <BROADCAST,UP> mtu 1500 master br-lan \\    link/ether 02:00:00:00:00:01 \\    bridge_slave state forwarding
3: br-lan: <BROADCAST,UP> mtu 1500 \\    link/ether 02:00:00:00:00:01 \\    bridge forward_delay 200
4: vx0: <BROADCAST,UP> mtu 1450 \\    link/ether 02:00:00:00:00:02 \\    vxlan id 3 remote 198.51.100.9 dstport 4789
5: wg0: <POINTOPOINT,UP> mtu 1420 \\    link/none  promiscuity 0 \\    wireguard addrgenmode none
6: gre1@NONE: <UP> mtu 1476 \\    link/gre 203.0.113.10 peer 198.51.100.8 \\    gre remote 198.51.100.8
7: wwan0: <UP> mtu 1500 \\    link/[519] promiscuity 0 addrgenmode none \\    altname wwx1
"""


def files(**interfaces: str) -> tuple[tuple[str, bytes], ...]:
    """What the kernel's own files tell: the type, and words of uevent."""
    return tuple((f"net {name.replace('_', '-')}", text.encode()) for name, text in interfaces.items())


FILES = files(
    lo="772\n",
    eth0="1\nINTERFACE=eth0\n",
    br_lan="1\nDEVTYPE=bridge\nPART=eth0\n",
    wlan0="1\nDEVTYPE=wlan\n",
    vx0="1\nDEVTYPE=vxlan\n",
    wg0="65534\nDEVTYPE=wireguard\n",
    tun0="65534\nKIND=tun\n",
    ppp0="512\nDEVTYPE=ppp\n",
    wwan0="519\n",
    br_mixed="1\nDEVTYPE=bridge\nPART=wlan0\nPART=vx0\n",
    gre1="778\n",
)


def told(links: str = "", said: tuple[tuple[str, bytes], ...] = FILES, **ran: str) -> Told:
    shown = {"links": Ran(0, links.encode())} if links else {"links": Ran(1, b"ip: unrecognized option: d")}
    return Told({}, {**shown, **{name: Ran(0, text.encode()) for name, text in ran.items()}}, said)


@pytest.mark.parametrize("links", [IP_LINK, ""], ids=["iproute2", "busybox"])
@pytest.mark.parametrize(
    ("name", "tunnel"),
    [
        ("eth0", ""),
        ("br-lan", ""),
        ("wlan0", ""),
        ("wwan0", ""),
        ("vx0", "vxlan"),
        ("wg0", "wireguard"),
        ("tun0", "tun"),
        ("ppp0", "ppp"),
        ("br-mixed", "vxlan"),
        ("gre1", "gre|type 778"),
    ],
)
def test_what_the_interface_is(links: str, name: str, tunnel: str) -> None:
    made = ways_back.links(told(links))
    number = next(one.number for one in made.values() if one.name == name)
    assert kernel.tunnel(made, number) in tunnel.split("|")


@pytest.mark.parametrize(
    ("interface", "links", "ran", "said", "wanted"),
    [
        ("vx0", IP_LINK, {}, (), ("198.51.100.9",)),
        ("gre1", IP_LINK, {}, (), ("198.51.100.8",)),
        ("wg0", IP_LINK, {"wg": "KEY=\t198.51.100.7:51820\nKEY=\t(none)\n"}, (), ("198.51.100.7",)),
        ("wg0", IP_LINK, {"wg": "KEY=\t[2001:db8::7]:51820\n"}, (), ("2001:db8::7",)),
        (
            "tun0",
            "",
            {"sockets": "  12: 0A710DCB:C350 086433C6:04AA 01 00000000:00000000 00:00000000 00000000 0 0 4711 2\n"},
            (("keeper 9", b"lrwx------ 1 root root 64 Nov 1 00:00 5 -> socket:[4711]\n"),),
            ("198.51.100.8",),
        ),
        (
            "tun0",
            "",
            {"sockets": "  12: 0A710DCB:C350 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 4711 2\n"},
            (("keeper 9", b"socket:[4711]"),),
            (),
        ),
        ("tun0", "", {}, (), ()),
    ],
)
def test_the_outer_ends_of_a_tunnel(
    interface: str, links: str, ran: dict[str, str], said: tuple[tuple[str, bytes], ...], wanted: tuple[str, ...]
) -> None:
    assert ways_back.ends(told(links, said, **ran), told(links), interface) == wanted


def test_addresses_of_a_router() -> None:
    text = (
        "1: lo: <LOOPBACK>\n    inet 127.0.0.1/8 scope host lo\n"
        "3: br-lan: <UP>\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    inet 192.168.1.1/24 brd x\n"
        "    inet6 fe80::1/64 scope link\n"
        "9: ppp0@if2: <UP>\n    inet 203.0.113.10 peer 203.0.113.1/32 scope global ppp0\n"
    )
    assert ways_back.addresses(told(addresses=text)) == ("192.168.1.1", "fe80::1%br-lan", "203.0.113.10")
    assert ways_back.addresses(Told({}, {}, ())) == ()


@pytest.mark.parametrize(
    ("back", "wanted"),
    [
        ("192.0.2.7 dev eth1 src 192.0.2.1", True),
        ("192.0.2.7 via 192.0.2.9 dev eth1", False),
        ("RTNETLINK answers: Network unreachable", None),
    ],
)
def test_is_who_asks_on_the_network(back: str, wanted: bool | None) -> None:
    assert ways_back.on_link(told(**{"back-from": back})) is wanted


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
def test_a_look_and_the_counter_in_each_shell(words: list[str]) -> None:
    """The steps run as they are, on this machine: its interfaces, and random bytes behind the counter."""

    def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
        environment = {"PATH": os.environ["PATH"], "SSH_CONNECTION": "127.0.0.1 1 127.0.0.1 22"}
        done = subprocess.run(
            [*words, "-c", command], input=given, capture_output=True, check=False, env=environment, timeout=60
        )
        return done.returncode, done.stdout, done.stderr.decode()

    back = ways_back.look(Shell(execute))
    assert (back.interface, back.on_link, back.tunnel) == ("lo", True, "")
    found = ways_back.counted(Shell(execute), "lo", 16384)
    assert found is not None and found[0].interface == "lo" and 16384 <= found[1] <= 16386
    assert ways_back.counted(Shell(execute), "lo", 0) is not None
    assert ways_back.counted(Shell(execute), "lo", 0, 24576) is not None  # what is sent to it is read, and dropped
    found = ways_back.counted(Shell(execute), "lo", 8192, 24576)
    assert found is not None and 8192 <= found[1] <= 8194
    assert ways_back.counted(Shell(execute), "none", 0) is None
