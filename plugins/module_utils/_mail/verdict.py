# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mail is for a line, and why: pure."""

from __future__ import annotations

import dataclasses
import enum

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.patterns import NO_PATTERNS, Patterns


class Verdict(enum.Enum):
    CREDENTIALS = "credentials"
    NOT_THIS_MAIL = "not_this_mail"
    UNREADABLE = "unreadable"


@dataclasses.dataclass(frozen=True)
class Line:
    """The access whose mail is looked for; ``login`` when it is known already. ``patterns``: how its mail looks.

    ``proven``: layout of an earlier mail whose password is the one on the router.
    """

    service_name: str
    login: str | None = None
    patterns: Patterns = NO_PATTERNS
    proven: str | None = None


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a mail is for a line.

    ``near_miss``: it resembles a credentials mail, so say why it was passed over. ``secret``: id of OVHcloud's one-time
    link that stands in place of the password: whoever has it can read the password, so it is shown nowhere. ``layout``:
    digest of the mail without its password, its dates and its numbers.
    """

    verdict: Verdict
    why: str
    login: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    near_miss: bool = False
    secret: str | None = dataclasses.field(default=None, repr=False)
    layout: str | None = None


class Refused(Exception):
    """Ends the reading of one part."""

    def __init__(self, why: str, verdict: Verdict = Verdict.UNREADABLE, near_miss: bool = True) -> None:
        super().__init__(why)
        self.reading = Reading(verdict, why, near_miss=near_miss)


def not_this(why: str, near_miss: bool = True) -> Refused:
    return Refused(why, Verdict.NOT_THIS_MAIL, near_miss)
