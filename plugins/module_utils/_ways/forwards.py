# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A port on this machine's loopback: does whoever listens there forward it ("ssh -L", a mail bridge, a container)?

The kernel's route ends at the loopback, and what goes on from there is another process' connection. It is found by what
it does, not by its name: who listens has a connection to another machine. Nothing is connected to for it, so one that
makes its own connections only when it is asked is not seen.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
import typing as t

#: Servers whose processes of other sessions are nothing to this one.
SERVERS = ("sshd", "dropbear")
_CONNECTED, _LISTEN = ("01", "02"), "0A"


class Sockets(t.NamedTuple):
    """Numbers of sockets (inodes), out of the kernel's tables."""

    listening: frozenset[str]
    outward: frozenset[str]


class Process(t.NamedTuple):
    """:param sockets: by their numbers"""

    name: str
    parent: int
    sockets: frozenset[str]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The kernel prints words of 32 bits as this machine holds them."""
    words = [bytes.fromhex(text[at : at + 8]) for at in range(0, len(text), 8)]
    found = ipaddress.ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    return getattr(found, "ipv4_mapped", None) or found


def sockets(tables: t.Iterable[str], port: int) -> Sockets:
    """Those that listen on a port, and those that are connected to another machine (pure).

    :param tables: the texts of /proc/net/tcp and /proc/net/tcp6
    """
    listening, outward = set(), set()
    for row in (line.split() for table in tables for line in table.splitlines()[1:]):
        if len(row) < 10:
            continue
        local, remote, state, number = row[1], row[2], row[3], row[9]
        if state == _LISTEN and int(local.rpartition(":")[2], 16) == port:
            listening.add(number)
        elif state in _CONNECTED and not _address(remote.rpartition(":")[0]).is_loopback:
            outward.add(number)
    return Sockets(frozenset(listening), frozenset(outward))


def forwards(found: Sockets, processes: t.Mapping[int, Process]) -> str:
    """Why it is not known what carries what this port takes; "" where nothing tells that it goes further (pure)."""
    if not found.listening:
        return ""  # nobody is there
    owners = {number: one for number, one in processes.items() if one.sockets & found.listening}
    if not owners:
        return "what listens there is not seen from here"
    for one in processes.values():
        of_owner = one.sockets & found.listening or (one.parent in owners and not one.name.startswith(SERVERS))
        if of_owner and one.sockets & found.outward:
            return f"it is a port forward by the program {one.name}, and which uplink that uses is not known here"
    return ""


def processes(folder: str = "/proc") -> dict[int, Process]:
    """Those that this user may look at."""
    found = {}
    for name in filter(str.isdigit, os.listdir(folder)):
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"{folder}/{name}/stat", encoding="utf-8", errors="replace") as file:
                head, _bracket, rest = file.read().rpartition(")")
            handles = set()
            for handle in os.listdir(f"{folder}/{name}/fd"):
                with contextlib.suppress(OSError):
                    handles.add(os.readlink(f"{folder}/{name}/fd/{handle}"))
            own = frozenset(one[8:-1] for one in handles if one.startswith("socket:["))
            found[int(name)] = Process(head.partition("(")[2], int(rest.split()[1]), own)
    return found


def told(port: int) -> str:
    """See :func:`forwards`; "" as well where no kernel tells."""
    tables = []
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(OSError), open(f"/proc/net/{name}", encoding="ascii") as file:
            tables.append(file.read())
    try:
        return forwards(sockets(tables, port), processes()) if tables else ""
    except (OSError, ValueError):
        return ""
