# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One saved mail in place of a mailbox: for trying the reader without OVHcloud."""

from __future__ import annotations

import datetime
import email.parser
import pathlib
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.message import parsed
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail

#: Bytes; a credentials mail is a few KiB.
MAX_SIZE = 1 << 22
_HEADERS = ("From", "Subject", "Received", "MIME-Version")


class FileMailbox:
    """Implements :class:`search.Mailbox` on one file: a message with its headers, or the bare text or HTML of one."""

    def __init__(self, path: str) -> None:
        self._path = pathlib.Path(path)

    def recent(self, _since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        try:
            with self._path.open("rb") as file:
                source = file.read(MAX_SIZE + 1)
            saved = datetime.datetime.fromtimestamp(self._path.stat().st_mtime, datetime.timezone.utc)
        except OSError as error:
            raise _unusable(self._path, f"cannot be read: {error.strerror or type(error).__name__}") from None
        if len(source) > MAX_SIZE:
            raise _unusable(self._path, f"is larger than {MAX_SIZE} bytes, so it is not one mail")
        headers = email.parser.BytesHeaderParser().parsebytes(source)
        if any(name in headers for name in _HEADERS):
            mail = parsed(source)
            yield ServiceMail(self._path.name, mail.written or saved, mail.title, mail.text, mail.html, mail.sealed)
            return
        utf16 = source.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = source.decode("utf-16" if utf16 else "utf-8-sig", "replace")
        yield ServiceMail(self._path.name, saved, "", text, None)

    def wait(self, seconds: float) -> None:
        """A file gets no new mail."""


def _unusable(path: pathlib.Path, what: str) -> Failure:
    return Failure("invalid_option", f"mail_file is {path}, which {what}. Nothing was sent.", {"option": "mail_file"})
