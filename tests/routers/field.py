# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table's cells that are whole runs of the role: RouterOS and VyOS as people have them, and what a run comes to.

A cell is platform, transport and fault; what it is promised is a count of requests, writes and dials, and words.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Any

from routeros.certificates import Kind
from routeros.server import ORDINARY, Manner

#: What is said wherever a run stops before the request.
NOTHING = "Nothing was changed: no new password was requested, and the router was not touched."
GOOD = Kind()


class Situation(enum.Enum):
    """What the run is to do, and what it finds."""

    RENEW = "renew"  # the flag is set
    OLDER = "older mail"  # no flag; the router's password is newer than the latest mail, and no RADIUS log is readable
    ROTATED = "rotated"  # no flag; the line got a new password elsewhere, and its mail is there
    REFUSED = "refused"  # as rotated, and the line takes yet another one


@dataclasses.dataclass(frozen=True)
class End:
    """What a whole run comes to.

    :param words: what it says to this host
    :param posts: requests for a new password
    :param writes: RouterOS: commands that were to change something; VyOS: commits
    :param dials: how often the router was made to dial
    :param up: the router has a session at the end; None where it had none from the beginning
    :param taken: the router has the password that the line takes
    :param saved: VyOS: what runs is what a reboot would bring
    """

    words: tuple[str, ...] = ()
    failed: bool = False
    posts: int = 1
    writes: int = 1
    dials: int = 1
    up: bool | None = True
    taken: bool = True
    saved: bool = True

    def __str__(self) -> str:
        counts = f"{self.posts} POST, {self.writes} writes, {self.dials} dials"
        return f"{counts}: {', '.join(self.words)}" if self.words else counts


@dataclasses.dataclass(frozen=True)
class Mikrotik:
    """A RouterOS router as somebody has it.

    :param policies: of the user of the API
    :param addresses: from which that user may come; everywhere when left out
    :param row: settings of the client, and `client` its habits; `router`: the router's
    :param ca: "its own" certificate's, "another" one, or "none" at the path
    :param answers: somebody is at the other end of the line; else the router is only looked at
    """

    policies: tuple[str, ...] = ("read", "write", "sensitive")
    addresses: tuple[str, ...] = ()
    row: dict[str, str] = dataclasses.field(default_factory=dict)
    client: dict[str, Any] = dataclasses.field(default_factory=dict)
    router: dict[str, Any] = dataclasses.field(default_factory=dict)
    kind: Kind = GOOD
    manner: Manner = ORDINARY
    ca: str = "its own"
    answers: bool = True


@dataclasses.dataclass(frozen=True)
class VyosBox:
    """A VyOS as somebody has it; see :class:`vyos.running.Vyos`.

    :param orders: what goes wrong, once each (see there)
    :param other_key: this machine knows another SSH host key of it
    :param settings: its host name, its banner, what it says to "configure"
    """

    release: str = "1.4"
    clock: str = ""
    vrf: str = ""
    login: str = ""
    level: str = "admin"
    more: tuple[str, ...] = ()
    unsaved: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    other_key: bool = False
    settings: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One cell.

    :param transport: "tls"; "paramiko" or "libssh"
    :param often: `make test` runs it, else `make soak` alone
    :param environment: of ansible-playbook; {top} is the folder of the run
    :param command: more words of the command
    """

    transport: str
    fault: str
    router: Mikrotik | VyosBox
    promised: End
    situation: Situation = Situation.RENEW
    often: bool = False
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    environment: tuple[tuple[str, str], ...] = ()
    command: tuple[str, ...] = ()

    @property
    def platform(self) -> str:
        return "routeros" if isinstance(self.router, Mikrotik) else "vyos"

    @property
    def name(self) -> str:
        words = (self.platform, self.transport, self.situation.value, self.fault)
        return "-".join(word.replace(" ", "_") for word in words if word)


RENEWED = End()
REPAIRED = End(posts=0)
CHECKED = End(posts=0, writes=0, dials=0)
LEFT_ALONE = End(("The router is left alone",), posts=0, writes=0, dials=0)


def stopped(*words: str) -> End:
    """Before the request: the reason, and that nothing was changed."""
    return End((*words, NOTHING), failed=True, posts=0, writes=0, dials=0, up=None)


def no_session(*words: str, up: bool = False, **more: Any) -> End:
    """Written and dialled once, and no session was seen; `up`: there is one all the same."""
    said = ("the router was set, but no new session came up within 4 s", *words)
    return End(said, failed=True, up=up, **more)
