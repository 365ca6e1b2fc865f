# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router is to everybody else: look, provision, set, watch. One class each for the routers that we know.

A driver is Python on the control node. What it does on the router are a few short, fixed commands that tell facts and
take bytes; what follows from the facts is decided here, by functions that know no connection.
"""

from __future__ import annotations

import dataclasses
import enum
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back


class Dial(enum.Enum):
    """Whether the router is made to dial."""

    AUTO = "auto"  # once, if something was written or the router does not run on what it has
    ALWAYS = "always"  # once, whatever was written
    NEVER = "never"


@dataclasses.dataclass(frozen=True)
class Credentials:
    """Login and password of a PPPoE line."""

    login: str
    password: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class Counter:
    """Bytes that an interface of the router has carried so far."""

    interface: str
    received: int
    sent: int


#: Why no session comes where the router has not got any more what was written.
PUT_BACK = (
    "somebody, or something on the router (a script, a management system), has put another login or password there "
    "since it was written"
)


@dataclasses.dataclass(frozen=True)
class Session:
    """The PPPoE session of the line.

    :param uptime: its age in seconds, None when the router does not tell
    :param error: why there is none, in the router's words; "" when there is one
    :param identity: what tells it from any other session of this router; "" when nothing does
    """

    up: bool
    address: str = ""
    uptime: float | None = None
    error: str = ""
    identity: str = ""


@dataclasses.dataclass(frozen=True)
class Probe:
    """What a look at the router told; nothing was changed by it.

    :param login: the login that the router dials with; "" when it has none
    :param writable: login and password can be written, as far as was tried
    :param why: the reason, a sentence with the remedy, when they cannot
    :param tried: writing was tried and undone, not judged by rights alone
    :param reached_by: the interface by which the router answers this control node; "" when that is not known
    :param counter: the line's own counter of bytes; None without a session
    :param warnings: sentences on what will not stop a run and should be known before it
    """

    login: str
    writable: bool
    session: Session
    why: str = ""
    tried: bool = False
    reached_by: str = ""
    counter: Counter | None = None
    warnings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Mark:
    """The moment of a change, so that a session after it can be told from the one before.

    :param at: seconds on the router's own clock (whichever the driver uses); None when nothing was dialled
    :param identity: the session that was up before the change; "" for none
    """

    at: float | None = None
    identity: str = ""


@dataclasses.dataclass(frozen=True)
class Applied:
    """What setting the router came to, or would come to in check mode.

    :param changed: something was written, or the router was made to dial
    :param written: login or password were written
    :param dialled: the router was made to dial
    :param mark: what :meth:`Router.session` needs to see a new session
    :param compared: the router showed its password, so that `written` says whether it is another one
    """

    changed: bool
    written: bool
    dialled: bool
    mark: Mark = Mark()
    warnings: tuple[str, ...] = ()
    compared: bool = True


@dataclasses.dataclass(frozen=True)
class Interface:
    """The interface that a line needs, all but its password.

    :param device: the port of the router that the line is plugged into
    :param vlan: 0 for none
    :param mtu: bytes
    """

    device: str
    vlan: int
    mtu: int
    login: str

    @property
    def link(self) -> str:
        """What most systems call the port's interface for that VLAN, such as eth1.835."""
        return f"{self.device}.{self.vlan}" if self.vlan else self.device


@dataclasses.dataclass(frozen=True)
class Existing:
    """What an interface that has dialled, or could, is set to.

    :param device: the port, or whatever else it dials on, as the router calls it; "" for nothing
    :param vlan: 0 for none
    :param mtu: in bytes, or in the router's own word, such as "auto"
    """

    device: str
    vlan: int
    mtu: str
    ipv6: bool


@dataclasses.dataclass(frozen=True)
class Difference:
    """A setting of an existing interface that is not what the line needs; there is no secret in one.

    :param what: "device", "VLAN", "MTU" or "IPv6"
    """

    what: str
    has: str
    needs: str


@dataclasses.dataclass(frozen=True)
class Provisioned:
    """What provisioning came to, or would come to in check mode.

    :param waiting: the interface has no password yet, and does not dial
    :param diff: lines such as "+mtu='1492'", without any secret
    :param differs: what an interface that was there had otherwise; it was changed if `changed`, and else left
    :param dials: the change ends the session, and the router dials anew
    :param mark: what :meth:`Router.session` needs to see that new session
    """

    changed: bool
    waiting: bool
    diff: tuple[str, ...] = ()
    differs: tuple[Difference, ...] = ()
    dials: bool = False
    mark: Mark = Mark()


@dataclasses.dataclass(frozen=True)
class Unable:
    """The typed answer of a driver that cannot do what it is asked for.

    :param why: a sentence with what to do instead
    """

    why: str


class Router(t.Protocol):
    """The PPPoE client of one router, for one interface.

    Every method raises :class:`Failure` with a message that says what is true on the router now:
    ``router_unreachable`` (no way in; nothing was done), ``router_lost`` (the connection broke during a step that may
    have had its effect), ``router_refused`` (the router said no; nothing was written), ``router_option`` (an option of
    the user's is wrong; the message names it), ``router_write`` (writing failed; the message says what is there now).
    """

    def probe(self, *, prove: bool) -> Probe:
        """Look at the router.

        :param prove: try that login and password can be written, and undo that; else nothing at all is written
        """

    def unfit(self, credentials: Credentials) -> str:
        """Why this platform cannot take that login or password, as a sentence; "" when it can. Asks nobody."""

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        """Make the interface what the line needs, without its password and without dialling.

        One that has a password already is left as it is, and what it has otherwise is told.

        :param check: only tell what would be done
        :param change: change what it has otherwise; it may dial anew then
        """

    def look_ahead(self) -> None:
        """Do of :meth:`apply` what can be done before the password is known, such as its look, or keep the connection
        alive. Called every few seconds while a mail is waited for; nothing is written.

        A look that is kept may be old when it is used: a write that goes by it sees for itself whether it still holds.
        """

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        """Write login and password if they differ, and nothing else; dial once, as `dial` says.

        :param age: seconds since the password was requested, if it was: a session that is older runs on another one
        :param check: only tell what would be done
        """

    def session(self, *, wait: float, since: Mark | None) -> Session:
        """The session, as soon as there is one that is younger than `since`, or after `wait` seconds.

        A session that is not is given with ``up`` false and the reason in ``error``.

        :param since: None when any session will do
        """

    def way_back(self) -> Back:
        """How the router answers this control node, for whoever judges whether that works without the line."""

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """Send some bytes to the router, then read the line's own counter, and then have the router send some here.

        :param down: bytes; 0 for none
        :param up: bytes
        :return: the counter, and how many bytes came; None where the router tells no counter, or cannot send
        """

    def close(self) -> None:
        """End what was opened for this driver alone. Never raises."""


def unfit_characters(credentials: Credentials) -> str:
    """What no router takes: nothing at all, and control characters. A sentence, or ""."""
    for name, value in (("login", credentials.login), ("password", credentials.password)):
        if not value:
            return f"The {name} is empty."
        if any(ord(character) < 32 or ord(character) == 127 for character in value):
            return f"The {name} holds a line break or another control character."
    return ""


def refuse_unfit(router: Router, credentials: Credentials) -> None:
    """:raises Failure: ``router_option`` when this platform cannot take the login or the password; nothing is done."""
    if why := unfit_characters(credentials) or router.unfit(credentials):
        raise Failure("router_option", f"{why} Nothing was written on the router.")
