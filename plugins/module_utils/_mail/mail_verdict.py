# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mail is for a line, and why: pure."""

from __future__ import annotations

import dataclasses
import enum

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.mail_patterns import NO_PATTERNS, Patterns

#: Why a mail is passed over or refused. None of these quotes the mail.
WHY_EMPTY = "the mail is empty"
WHY_NOT_PPP = "it does not speak of PPPoE credentials"
WHY_OTHER_ACCESS = "it names another access"
WHY_OTHER_LOGIN = "its login is another line's"
WHY_NO_LOGIN = "no PPPoE login stands in it"
WHY_NO_PASSWORD_TALK = "it does not speak of a password"
WHY_MODEM = "its title says that it carries the modem's own password"
WHY_OTHER_PASSWORD = "the password in it is another one: a modem's, an account's, a Wi-Fi's"
WHY_NO_ACCESS = "it names no access, and the line's login is not known: set the login option to tell them apart"
WHY_ACCESSES = "it names several accesses"
WHY_LOGINS = "it gives several logins"
WHY_PASSWORDS = "it gives several passwords"
WHY_PARTS = "its text part and its HTML part give different credentials"
WHY_MISSING = "no password stands in it"
WHY_WORDS = "what follows its password label is several words"
WHY_REMARK = "what follows its password label is a remark, not a password"
WHY_LINK = "it gives a link instead of the password"
WHY_LINK_UNSURE = "it gives a link, and it is not certain that this is the link to the line's password"
WHY_LINK_STRANGE = "it gives a link instead of the password, and not in the form of OVHcloud's one-time links"
WHY_LINKS = "it gives several one-time links"
WHY_LINK_TOO = "it gives both a password and a one-time link"
WHY_LINK_LOGIN = "it gives a link instead of the password, and the line's login is not known: set the login option"
WHY_MASKED = "its password is masked"
WHY_PLACEHOLDER = "a placeholder stands where its password should"
WHY_LOGIN_AGAIN = "what follows its password label is the login"
WHY_CONTROL = "its password holds a control character"
WHY_AMBIGUOUS = "where its password begins or ends is ambiguous"
WHY_ENCODING = "how its password is encoded is ambiguous"
WHY_PLACE = "it does not say for certain which login its password belongs to"
WHY_TITLE = "its title does not match mail_title"
WHY_LOGIN_PATTERN = "mail_login_pattern matches nothing in it"
WHY_PASSWORD_PATTERN = "mail_password_pattern matches nothing in it"
WHY_SLOW = (
    "a pattern takes too long on it: write mail_title, mail_login_pattern or mail_password_pattern in a simpler way"
)
WHY_QUOTED = "its password stands in an older mail that it quotes"
WHY_LONG = "it is too long to be read whole"
WHY_LONG_PASSWORD = "it is too long for a PPP password"


class Verdict(enum.Enum):
    CREDENTIALS = "credentials"
    NOT_THIS_MAIL = "not_this_mail"
    UNREADABLE = "unreadable"


@dataclasses.dataclass(frozen=True)
class Line:
    """The access whose mail is looked for; ``login`` when it is known already. ``patterns``: how its mail looks."""

    service_name: str
    login: str | None = None
    patterns: Patterns = NO_PATTERNS


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a mail is for a line.

    ``near_miss``: it resembles a credentials mail, so say why it was passed over. ``secret``: id of OVHcloud's one-time
    link that stands in place of the password: whoever has it can read the password, so it is shown nowhere.
    """

    verdict: Verdict
    why: str
    login: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    near_miss: bool = False
    secret: str | None = dataclasses.field(default=None, repr=False)


class Refused(Exception):
    """Ends the reading of one part."""

    def __init__(self, why: str, verdict: Verdict = Verdict.UNREADABLE, near_miss: bool = True) -> None:
        super().__init__(why)
        self.reading = Reading(verdict, why, near_miss=near_miss)


def not_this(why: str, near_miss: bool = True) -> Refused:
    return Refused(why, Verdict.NOT_THIS_MAIL, near_miss)
