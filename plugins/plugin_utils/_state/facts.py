# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one line in one run, as records (pure). None of them holds a password.

Times are UTC on OVHcloud's clock, as mails, requests and the RADIUS log are dated.
"""

from __future__ import annotations

import dataclasses
import datetime

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Way

PHASES = ("preflight", "provision", "renew", "collect", "store", "apply", "verify")
#: Without one of these, a line that was cut might stay offline.
FINISH = frozenset(PHASES) - {"provision"}
#: What is done behind the preflight; without one of these there is nothing left to do.
ACTING = FINISH - {"preflight"}


@dataclasses.dataclass(frozen=True)
class Intent:
    """What this run was started for.

    :param phases: those that its tags leave, see :func:`phases_left`
    :param router: false where the caller sets the router by tasks of his own (entry point "credentials")
    :param check: nothing may be written, anywhere
    :param settled: the flag is set, and the store shows that no renewal is due; then `renew` is false
    :param rehearse: everything but the request; one that rehearses asks for nothing, whatever the flag says
    """

    service_name: str
    host: str
    renew: bool
    by_hand: bool
    check: bool
    phases: tuple[str, ...] = PHASES
    router: bool = True
    stores: bool = False
    rehearse: bool = False
    settled: bool = False

    @property
    def complete(self) -> bool:
        return set(self.phases) >= FINISH

    @property
    def watches_only(self) -> bool:
        return set(self.phases) == {"verify"}


@dataclasses.dataclass(frozen=True)
class Mail:
    id: str
    date: datetime.datetime
    title: str


@dataclasses.dataclass(frozen=True)
class Session:
    """:param uptime: seconds, None when the router does not tell"""

    up: bool
    address: str = ""
    uptime: float | None = None
    error: str = ""


@dataclasses.dataclass(frozen=True)
class Line:
    """What OVHcloud told of the line.

    :param asked: false where OVHcloud could not be asked, and login and password are given by hand
    :param login: by the RADIUS log, else by the latest mail; "" when neither tells
    :param accepted_at: OVHcloud's last dial-in, if it was accepted
    :param skew: seconds that OVHcloud's clock is ahead of this machine's; None when it was not asked
    """

    asked: bool
    login: str = ""
    accepted_at: datetime.datetime | None = None
    skew: int | None = None


@dataclasses.dataclass(frozen=True)
class Latest:
    """The newest credentials mail before this run asked for anything."""

    found: bool
    login: str = ""
    mail: Mail | None = None
    secret_link: bool = False
    layout: str = ""


@dataclasses.dataclass(frozen=True)
class Router:
    """What the probe told.

    :param waiting: the interface has no password yet, and has not dialled
    :param replaceable: the login is not the line's, and may be replaced by it: there is none, or the user has said so
    :param provisioned: this run made or changed the interface; None where nobody knows
    """

    login: str
    session: Session
    waiting: bool = False
    provisioned: bool | None = False
    replaceable: bool = False


def same_login(one: str, other: str) -> bool:
    """Are both one login? Two lines' never differ in case alone, and people and mails write a realm in either."""
    return one.lower() == other.lower()


#: A router that tasks of the user's own may have provisioned before one failed.
UNKNOWN = Router("", Session(False), provisioned=None)


@dataclasses.dataclass(frozen=True)
class Trails:
    """By what this machine reaches router and API; see :func:`_ways.facts.trail`. "" where that cannot be told."""

    router: str = ""
    api: str = ""


@dataclasses.dataclass(frozen=True)
class Proof:
    """The preflight of one line that passed: who has one may go on with that line, in that run, for that intent.

    :param ways: those that work without the line, or that the user answers for; a request needs all of them
    :param same: the password of the latest mail is the one on the router; None when that is not known
    :param kept: the store holds login and password of the line
    :param trails: how router and API are reached
    """

    service_name: str
    host: str
    renew: bool
    at: datetime.datetime
    line: Line
    latest: Latest | None
    router: Router | None
    ways: tuple[Way, ...] = ()
    same: bool | None = None
    kept: bool = False
    trails: Trails = dataclasses.field(default_factory=Trails)


@dataclasses.dataclass(frozen=True)
class Renewal:
    """What came of the renewal; see plugins/modules/xdsl_ppp_login_mail.py for the values.

    :param sent: this run sent the request, whatever became of it
    """

    reason: str = "flag_unset"
    outcome: str = "none"
    requested_at: datetime.datetime | None = None
    requests: int = 0
    requests_since: datetime.datetime | None = None
    message: str = ""
    sent: bool = False

    @property
    def under_way(self) -> bool:
        """Was the line cut by a request whose password counts now?"""
        return self.reason in ("requested", "pending") and self.requested_at is not None


@dataclasses.dataclass(frozen=True)
class Hand:
    """The credentials in hand, without the password.

    :param complete: the password is known
    :param mail: that it stood in; None for one given by hand
    :param secret_link: the mail gave a one-time link
    :param untold: why there are none, as sentences
    :param stored: they are from the store, and no newer mail is there
    :param kept_at: when they were put into the store, where no mail gave them
    """

    complete: bool
    login: str = ""
    mail: Mail | None = None
    secret_link: bool = False
    untold: str = ""
    stored: bool = False
    kept_at: datetime.datetime | None = None

    @property
    def dated(self) -> datetime.datetime | None:
        """From when they are, at the latest."""
        return self.mail.date if self.mail else self.kept_at


@dataclasses.dataclass(frozen=True)
class Write:
    """What setting the router came to.

    :param held: only compared, because the router knows better
    :param told: false where tasks of the user's own were run and have not said what they did
    """

    changed: bool
    dialled: bool
    at: datetime.datetime
    held: bool = False
    told: bool = True


@dataclasses.dataclass(frozen=True)
class Seen:
    """The session after the write, and OVHcloud's word on it.

    :param at: when the router was looked at; None for this moment
    :param accepted: OVHcloud accepted a dial-in since; None where its log was not or could not be read
    :param radius: what to tell of that log; "" when nothing
    """

    session: Session
    accepted: bool | None = None
    radius: str = ""
    at: datetime.datetime | None = None
