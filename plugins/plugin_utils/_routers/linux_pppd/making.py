# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peer of a line on a router that does not have it yet, and what starts it: as it is to be. All pure.

What a peer that exists has besides is kept, byte for byte. The peer has "persist", and whoever starts it starts it at
boot: a unit of systemd where that runs, else a stanza of ifupdown.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import port_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import (
    Options,
    Word,
    given_options,
    quoted,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Existing, Interface
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import decoded, encoded

UNITS = "/etc/systemd/system"
INTERFACES = "/etc/network/interfaces"
HEAD = b"# The line %s, made by the Ansible collection ownrouter.ovhcloud.\n"
#: What else a peer has that is made here. A peer that exists keeps what it has of these.
REST = b"""\
noipdefault
defaultroute
hide-password
persist
maxfail 0
holdoff 10
lcp-echo-interval 20
lcp-echo-failure 3
"""
#: An interface's name has 15 bytes at most (IFNAMSIZ), and these are words of a shell, of systemd and of ifupdown.
DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")
#: What among the options of a peer names the interface to dial on, also where that is not up yet.
LINK = re.compile(r"nic-\S+|(?:eth|enp|ens|eno|enx|lan|wan|vlan|br|bond)\w*(?:\.\d+)?")
PEER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
UNIT = """\
[Unit]
Description=PPPoE line {peer}
After=network-pre.target sys-subsystem-net-devices-{escaped}.device
Wants=sys-subsystem-net-devices-{escaped}.device
StartLimitIntervalSec=0

[Service]
{links}ExecStart=/usr/sbin/pppd call {peer} nodetach
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
"""
STANZA = """\
auto {peer}
iface {peer} inet ppp
{links}    provider {peer}
"""


@dataclasses.dataclass(frozen=True)
class Starter:
    """What starts pppd at boot.

    :param path: of the file; "" where something of the router's own does
    :param text: what it is to hold
    :param unit: its name; "" for ifupdown
    """

    path: str = ""
    text: str = ""
    unit: str = ""


@dataclasses.dataclass(frozen=True)
class Edit:
    """One change of a peer file, for a diff."""

    old: str
    new: str


def link_of(wanted: Interface) -> str:
    """The interface that PPPoE runs on: the port, or its VLAN.

    :raises Failure: ``router_option`` for what is no name of an interface
    """
    if not DEVICE.fullmatch(wanted.device):
        raise Failure(
            "router_option", f"{wanted.device!r} is not the name of a port of this router. Correct O(device)."
        )
    name = wanted.link
    # As ip-link(8) lets it be called; the kernel goes by the number.
    return name if len(name) <= 15 else f"vlan{wanted.vlan}"


def link_commands(wanted: Interface) -> list[str]:
    """Commands that bring up the port, and its VLAN; they may be run again and again."""
    link = link_of(wanted)
    up = [f"ip link set dev {name} up" for name in dict.fromkeys((wanted.device, link))]
    if not wanted.vlan:
        return up
    add = f"ip link add link {wanted.device} name {link} type vlan id {wanted.vlan}"
    return [f"ip link show dev {link} >/dev/null 2>&1 || {add}", *up]


class Peer:
    """A peer file on its way to what the line needs.

    :param old: as it is; None for none
    :ivar edits: what changes
    """

    def __init__(self, old: bytes | None, peer: str) -> None:
        self._content = HEAD % encoded(peer) if old is None else old
        self.given = given_options(self._content)
        self.edits: list[Edit] = []
        self._changes: list[tuple[Word, bytes]] = []
        self._added = b""

    def add(self, line: bytes) -> None:
        self._added += line + b"\n"
        self.edits.append(Edit("", decoded(line)))

    def change(self, word: Word, new: bytes, option: str = "") -> None:
        before = f"{option} " if option else ""
        self._changes.append((word, new))
        self.edits.append(Edit(before + decoded(word.text), before + decoded(new)))

    def values(self, *options: bytes) -> list[Word]:
        """The values of an option; the last one counts."""
        return [value for option, _word, value in self.given if option in options and value is not None]

    def flags(self) -> dict[bytes, Word]:
        """The options that take no value."""
        return {option: word for option, word, value in self.given if value is None}

    def want(self, option: bytes, text: bytes) -> None:
        there = self.values(option)
        if not there:
            self.add(option + b" " + text)
        elif there[-1].text != text:
            self.change(there[-1], text, decoded(option))

    def text(self) -> bytes:
        content = self._content
        for word, new in sorted(self._changes, key=lambda one: -one[0].start):
            content = content[: word.start] + _written(new) + content[word.end :]
        end = b"\n" if self._added and content and not content.endswith(b"\n") else b""
        return content + end + self._added


def peer_text(old: bytes | None, peer: str, wanted: Interface, plugin: str) -> tuple[bytes, list[Edit]]:
    """The peer file as it is to be, and what changes in it.

    :param old: as it is; None for none
    :param plugin: the file of pppd's PPPoE plugin
    :raises Failure: ``router_option`` when it is another line's, ``router_refused`` when it cannot be added to
    """
    made = _made(old, peer, wanted, plugin)
    text = made.text()
    if _made(text, peer, wanted, plugin).edits:
        raise Failure(
            "router_refused",
            f"The file of the peer {peer} ends within a quoted or continued line, or has an option that pppd would not "
            "read from the place where it stands. Nothing was written. Correct it, or move it away.",
        )
    return text, made.edits


def _made(old: bytes | None, peer: str, wanted: Interface, plugin: str) -> Peer:
    made = Peer(old, peer)
    if made.values(b"pty"):
        raise Failure(
            "router_option",
            f"The peer {peer} dials by a program (option pty), and is not taken over by us. Move it away, or set "
            "O(interface) to another name.",
        )
    user = [decoded(value.text) for value in made.values(b"user", b"name")]
    if user and user[-1] != wanted.login:
        raise Failure(
            "router_option",
            f"The peer {peer} dials with the login {user[-1]}, but the line has the login {wanted.login}. This is "
            "another line: set O(interface).",
        )
    if not any(b"pppoe" in value.text for value in made.values(b"plugin")):
        made.add(b"plugin " + encoded(plugin))
    _want_link(made, wanted)
    if not user:
        made.add(b"user " + quoted(encoded(wanted.login)))
    for option in (b"mtu", b"mru"):
        made.want(option, b"%d" % wanted.mtu)
    flags = made.flags()
    if b"noipv6" in flags:
        made.change(flags[b"noipv6"], b"+ipv6")
    elif not {b"+ipv6", b"ipv6cp-use-ipaddr"} & set(flags) and not made.values(b"ipv6"):
        made.add(b"+ipv6")
    if b"noauth" not in flags:
        made.add(b"noauth")
    for line in REST.splitlines() if old is None else ():
        made.add(line)
    return made


def _want_link(made: Peer, wanted: Interface) -> None:
    link = encoded(link_of(wanted))
    port = re.compile(rb"nic-.*|%s(\.\d+)?" % re.escape(encoded(wanted.device)))
    flags = made.flags().items()
    devices = [word for option, word in flags if port.fullmatch(option) or LINK.fullmatch(decoded(option))]
    if not devices:
        made.add(b"nic-" + link)
    elif devices[-1].text not in (link, b"nic-" + link):
        made.change(devices[-1], b"nic-" + link)


def existing(seen: Options, ports: t.Collection[str], wanted: Interface) -> Existing:
    """What a peer is set to, by all files that pppd reads; what stands nowhere is what pppd and its plugin take.

    :param ports: the network devices of the router
    """
    links = [one for one in seen.bare if one in ports or LINK.fullmatch(one)]
    link = links[-1].removeprefix("nic-") if links else ""
    device, vlan = (wanted.device, wanted.vlan) if link == link_of(wanted) else port_of(link)
    mtu, mru = seen.text("mtu", "1492"), seen.text("mru", "1492")
    speaks = [one for one in seen.bare if one in ("+ipv6", "ipv6cp-use-ipaddr", "noipv6", "-ipv6")]
    ipv6 = speaks[-1] in ("+ipv6", "ipv6cp-use-ipaddr") if speaks else bool(seen.text("ipv6"))
    return Existing(device, vlan, mtu if mtu == mru else f"{mtu} (mru {mru})", ipv6)


def _written(text: bytes) -> bytes:
    return text if re.fullmatch(rb"[\w.+-]+", text) else quoted(text)


def starter(peer: str, wanted: Interface, *, systemd: bool) -> Starter:
    """What starts the peer at boot, by systemd or by ifupdown."""
    commands = link_commands(wanted)
    if systemd:
        links = "".join(f"ExecStartPre=/bin/sh -c '{command}'\n" for command in commands)
        text = UNIT.format(peer=peer, escaped=_escaped(wanted.device), links=links)
        return Starter(f"{UNITS}/pppoe-{peer}.service", text, f"pppoe-{peer}.service")
    links = "".join(f"    pre-up {command}\n" for command in commands)
    return Starter(f"{INTERFACES}.d/pppoe-{peer}", STANZA.format(peer=peer, links=links))


def _escaped(name: str) -> str:
    """As systemd.unit(5) has a word in the name of a unit."""
    return "".join(one if one.isalnum() or one in "_." else f"\\x{ord(one):02x}" for one in name)


def sources(interfaces: str) -> bool:
    """Does ifupdown read the folder beside its file?"""
    lines = [line.split() for line in interfaces.splitlines()]
    return any(
        len(line) > 1
        and line[0] in ("source", "source-directory")
        and line[1].startswith((f"{INTERFACES}.d", "interfaces.d"))
        for line in lines
    )


def shown(path: str, edits: t.Iterable[Edit]) -> list[str]:
    """The lines of a diff; there is no secret in an edit."""
    found: list[str] = []
    for edit in edits:
        found += [f"-{path}: {edit.old}"] if edit.old else []
        found.append(f"+{path}: {edit.new}")
    return found
