# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proof beyond PPP: addresses that answer over the line, by option. A connection is opened and closed, nothing is sent.

An IPv6 address behind the router proves that the prefix is back.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import re
import socket
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words, again, joined

OPTION = "router_pppoe_must_answer"
#: Seconds for one connection, and between two rounds.
ONE, PAUSE = 3.0, 1.0
#: Connections at the same moment.
MOST = 32
#: A name, an IPv4 address, or an IPv6 address in square brackets; and a port.
_TARGET_RE = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[\w.-]+)):(?P<port>\d{1,5})")


@dataclasses.dataclass(frozen=True)
class Target:
    """Something that answers over the line."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


Connect = t.Callable[[Target], str]


def targets(given: t.Iterable[str]) -> tuple[Target, ...]:
    """:raises Failure: ``invalid_option`` for what is no host with a port"""
    found = []
    for text in given:
        match = _TARGET_RE.fullmatch(text.strip())
        if match is None or not 0 < int(match["port"]) < 65536 or not _a_name(match["name"] or ""):
            raise Failure(
                "invalid_option",
                f"{OPTION} has {text!r}. It takes a host with a TCP port, such as 192.0.2.10:443 or [2001:db8::1]:443.",
            )
        found.append(Target(match["v6"] or match["name"], int(match["port"])))
    return tuple(found)


def _a_name(text: str) -> bool:
    """Can that be looked up at all? An empty or an endless part of a name is no failure of the network."""
    try:
        text.encode("idna")
    except UnicodeError:
        return False
    return True


def by_tcp(target: Target) -> str:
    """Why something does not answer from this machine; "" when it does."""
    try:
        with contextlib.closing(socket.create_connection((target.host, target.port), ONE)):
            return ""
    except OSError as error:
        return error.strerror or str(error) or type(error).__name__


def silent(
    wanted: t.Iterable[Target],
    seconds: float,
    connect: Connect = by_tcp,
    *,
    sleep: t.Callable[[float], None] = time.sleep,
    clock: t.Callable[[], float] = time.monotonic,
) -> tuple[str, ...]:
    """What does not answer within these seconds, each with the reason; with 0, what does not answer now."""
    end = clock() + seconds
    left = list(wanted)
    while True:
        # All at once: twenty that are silent take as long as one.
        with concurrent.futures.ThreadPoolExecutor(MOST) as pool:
            why = [(one, reason) for one, reason in zip(left, pool.map(connect, left)) if reason]
        left = [one for one, _reason in why]
        if not left or clock() >= end:
            return tuple(f"{one} ({reason})" for one, reason in why)
        sleep(PAUSE)


def before(quiet: t.Sequence[str]) -> str:
    """Why no password is requested: the proof that is asked for could not be made."""
    return (
        f"{', '.join(quiet)} does not answer from here while the session is up, so {OPTION} could not be proven after "
        "it. Correct or unset that option. Nothing was requested."
    )


def after(quiet: t.Sequence[str], words: Words, address: str, seconds: float) -> str:
    """The last words where the session is up and something behind it is not back."""
    return joined(
        f"{words.service_name}: the router was set, and its new session is up (address {address or 'not known'}), but "
        f"{', '.join(quiet)} did not answer within {seconds:g} s ({OPTION}). Login and password are right; nothing is "
        "to be requested or dialled again. See what is behind the router: its firewall, its IPv6 prefix, the host "
        "itself.",
        again("To see the line's state,", words.command),
    )
