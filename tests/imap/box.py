# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails and times for the scripted server, and a mailbox behind it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .conftest import MAIL, credentials_mail

OLDER = credentials_mail("x7-older-mail").replace(b"\n", b"\r\n")
UNDATED = re.sub(rb"(?m)^Date: .*\r\n", b"", MAIL)


def now(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def fresh():
    """The mail, sent just now."""
    return credentials_mail().replace(b"\n", b"\r\n")


def internal(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S +0000"').encode()


class Box:
    """Answers EXAMINE, UID SEARCH and UID FETCH for mails that are held here, newest last.

    :param mails: UID to (facts for FETCH, message).
    :param by_name: the search for a sender looks at display names only.
    """

    def __init__(self, mails, by_name=False, uidnext=None):
        self.mails = mails
        self.by_name = by_name
        self.uidnext = uidnext

    @property
    def answers(self):
        return {"EXAMINE": self.examine, "UID SEARCH": self.search, "UID FETCH": self.fetch}

    def examine(self, _rest):
        following = b"* OK [UIDNEXT %d] next\r\n" % self.uidnext if self.uidnext else b""
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY 5] fine\r\n" % len(self.mails) + following

    def search(self, rest):
        found = list(self.mails)
        if b"FROM" in rest:
            terms = [term.decode() for term in re.findall(rb'FROM "([^"]+)"', rest)]
            found = [uid for uid in found if any(term in self.sender(uid) for term in terms)]
        if b"SINCE" in rest:
            first = int(re.search(rb" (\d+):\*", rest)[1])
            since = [uid for uid in found if re.search(rb'INTERNALDATE "\d\d-\w{3}-202', self.mails[uid][0])]
            found = sorted({*since, *(uid for uid in found if sorted(self.mails).index(uid) + 1 >= first)})
        return b"* SEARCH" + b"".join(b" %d" % uid for uid in found) + b"\r\n"

    def sender(self, uid):
        sender = re.search(rb"(?m)^From: (.*)\r$", self.mails[uid][1])[1].decode()
        return sender.partition("<")[0] if self.by_name else sender

    def fetch(self, rest):
        uids = [int(one) for one in rest.split()[2].split(b",")]
        headers = b"HEADER.FIELDS" in rest
        rows = []
        for number, uid in enumerate(uids, 1):
            facts, message = self.mails[uid]
            if headers:
                lines = message.partition(b"\r\n\r\n")[0].split(b"\r\n")
                message = b"\r\n".join(one for one in lines if one.startswith((b"From:", b"Subject:", b"Date:")))
                message += b"\r\n\r\n"
            part = b"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]" if headers else b"BODY[]<0>"
            rows.append(b"* %d FETCH (UID %d %s %s {%d}\r\n%s)\r\n" % (number, uid, facts, part, len(message), message))
        return b"".join(rows)
