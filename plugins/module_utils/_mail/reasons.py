# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a mail is passed over or refused. None of these quotes the mail."""

from __future__ import annotations

EMPTY = "the mail is empty"
NOT_PPP = "it does not speak of PPPoE credentials"
OTHER_ACCESS = "it names another access"
OTHER_LOGIN = "its login is another line's"
NO_LOGIN = "no PPPoE login stands in it"
NO_PASSWORD_TALK = "it does not speak of a password"
MODEM = "its title says that it carries the modem's own password"
OTHER_PASSWORD = "the password in it is another one: a modem's, an account's, a Wi-Fi's"
NO_ACCESS = "it names no access, and the line's login is not known: set the login option to tell them apart"
ACCESSES = "it names several accesses"
LOGINS = "it gives several logins"
PASSWORDS = "it gives several passwords"
PARTS = "its text part and its HTML part give different credentials"
MISSING = "no password stands in it"
WORDS = "what follows its password label is several words"
REMARK = "what follows its password label is a remark, not a password"
LINK = "it gives a link instead of the password"
LINK_UNSURE = "it gives a link, and it is not certain that this is the link to the line's password"
LINK_STRANGE = "it gives a link instead of the password, and not in the form of OVHcloud's one-time links"
LINKS = "it gives several one-time links"
LINK_TOO = "it gives both a password and a one-time link"
LINK_LOGIN = "it gives a link instead of the password, and the line's login is not known: set the login option"
MASKED = "its password is masked"
PLACEHOLDER = "a placeholder stands where its password should"
LOGIN_AGAIN = "what follows its password label is the login"
CONTROL = "its password holds a control character"
AMBIGUOUS = "where its password begins or ends is ambiguous"
ENCODING = "how its password is encoded is ambiguous"
PLACE = "it does not say for certain which login its password belongs to"
FORMER = "it speaks of credentials that are old or an example, and it is not certain that its own are not those"
HEADING = "what stands above its credentials does not say for certain that they are this line's"
TITLE = "its title does not match mail_title"
LOGIN_PATTERN = "mail_login_pattern matches nothing in it"
PASSWORD_PATTERN = "mail_password_pattern matches nothing in it"
SLOW = "a pattern takes too long on it: write mail_title, mail_login_pattern or mail_password_pattern in a simpler way"
QUOTED = "its password stands in an older mail that it quotes"
LONG = "it is too long to be read whole"
LONG_PASSWORD = "it is too long for a PPP password"
SHAPE = "what follows its password label does not look like a password"
ONE_KIND = "its password has one kind of character only, as a word or a number has, and its layout is not proven"
#: What is said of a mail that is not this line's credentials mail.
ANOTHER_MAIL = (
    LOGIN_PATTERN,
    MODEM,
    NOT_PPP,
    NO_ACCESS,
    NO_LOGIN,
    NO_PASSWORD_TALK,
    OTHER_ACCESS,
    OTHER_LOGIN,
    OTHER_PASSWORD,
    TITLE,
)
#: What is said of a part whose password is elsewhere: behind a link.
NO_PASSWORD = (MISSING, WORDS, REMARK, MASKED, PLACEHOLDER)
#: What is said of a part that is no more than a stub of the other part, or that the user's patterns do not fit.
STUB = (
    NOT_PPP,
    NO_LOGIN,
    NO_PASSWORD_TALK,
    MISSING,
    LOGIN_PATTERN,
    PASSWORD_PATTERN,
)
