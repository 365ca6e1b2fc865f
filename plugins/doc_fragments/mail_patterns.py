# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options for a credentials mail that the reader does not know."""

    DOCUMENTATION = r"""
options:
  mail_title:
    description:
      - Only a mail whose title this regular expression matches somewhere is taken for the credentials mail. Its body
        then need not speak of PPPoE in words that the module knows.
      - It must be this access's mail all the same, by its service name or its login. The mail with the modem's own
        password is never taken.
      - The regular expressions are Python's. Capitals matter, unless the expression begins with V((?i\)). They are
        checked before anything is sent. One that takes too long is refused.
    type: str
  mail_login_pattern:
    description:
      - A regular expression that marks the login in the mail, by its only group or by the group V(login).
      - It searches the text of the mail's text part and of its HTML part as a person sees it. Every line, paragraph and
        table cell is a line (V(^) and V($) match at its ends), without blanks at its ends, every kind of blank as a
        plain space. Entities and encodings are decoded. Quotations of older mails are left out.
      - If it is known which login the access has, the login must be that one.
    type: str
  mail_password_pattern:
    description:
      - A regular expression that marks the password in the mail, by its only group or by the group V(password). It
        searches the same text as O(mail_login_pattern).
      - What it marks is taken as it stands. It is refused when it is empty, masked, a placeholder or a link, or when it
        marks two different values.
    type: str
"""
