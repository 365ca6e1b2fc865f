# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder that the mails are in: its name as the server writes it, and opening it read-only.

A server writes names in modified UTF-7 (RFC 3501, 5.1.3) or in UTF-8 (RFC 6855, RFC 9051), parts them by ``/``, ``.``
or another sign, and may keep all folders below INBOX. The name that the user gives is tried first, then the one folder
of the server's list that it can mean.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import imaplib
import re
import typing as t
import unicodedata

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_answers
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap_client import (
    Account,
    Connection,
    unavailable,
)

#: So many folders are named in a message.
NAMED = 20
#: Microsoft's words (MailKit #1494, getmail6 #214): the token or password is taken, and then no mailbox is behind it.
_NOT_CONNECTED = "authenticated but not connected"
_ROW_RE = re.compile(rb'\(([^)]*)\) (?:"((?:[^"\\]|\\.)*)"|NIL) (.+)', re.S)


@dataclasses.dataclass(frozen=True)
class Folder:
    """A folder of the server's list: ``raw`` as the server writes it, ``name`` as a person does."""

    raw: bytes
    name: str
    separator: str
    selectable: bool


def open_folder(connection: Connection, account: Account) -> None:
    """Open the account's folder read-only.

    :raises Failure: ``imap_folder`` with the folders that there are, or ``imap_unavailable``.
    """
    wanted = utf7(account.folder).encode("ascii")
    if "UTF8=ONLY" in connection.capabilities:  # RFC 6855, section 4
        connection.enable("UTF8=ACCEPT")
        wanted = account.folder.encode("utf-8")
    said = _examined(connection, account, wanted)
    if not said:
        return
    folders = folders_of(connection)
    meant = meant_by(folders, account.folder)
    if meant and meant.raw != wanted:
        said = _examined(connection, account, meant.raw)
        if not said:
            return
    below = ""
    if meant and not meant.selectable:
        said = said or "not selectable"
        below = f" {account.shown(meant.name)} holds other folders, and no mails (\\Noselect)."
    names = sorted(account.shown(one.name) for one in folders if one.selectable)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    raise Failure(
        "imap_folder",
        f"The mail folder {account.folder!r} of {account.user} on {account.where} cannot be opened. The server says: "
        f"{said}.{below} Set imap_folder to one of: {', '.join(names[:NAMED]) or '(the server lists none)'}{more}.",
        account.details(),
    )


def _examined(connection: Connection, account: Account, name: bytes) -> str:
    """Open a folder; else what the server says against it.

    :raises Failure: where that has nothing to do with the folder.
    """
    try:
        quoted = b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        answer, data = connection.select(t.cast(str, quoted), readonly=True)  # imaplib passes bytes on as they are
        if answer == "OK":
            return ""
        said = account.said(data[-1] or b"")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        said = account.said(error)
    if _NOT_CONNECTED in said.lower():
        raise Failure(
            "imap_unavailable",
            f"The mail server {account.where} took the login of {account.user}, and then has no mailbox for it. It "
            f"says: {said}. Microsoft says so when imap_user is not the mailbox's own address, when the token is for "
            "another user or lacks the scope IMAP.AccessAsUser.All (an application: IMAP.AccessAsApp, with rights on "
            "the mailbox), when IMAP is switched off for the mailbox, and for a while after too many logins. For a "
            "shared mailbox set imap_user to its address, and take the token of a user with full access.",
            account.details(),
        )
    if imap_answers.passes(said):
        raise unavailable(account, said)
    return said or "no reason"


def folders_of(connection: Connection) -> list[Folder]:
    """The account's folders, as far as the server tells."""
    data: list[t.Any] = []
    with contextlib.suppress(imaplib.IMAP4.error):
        data = connection.list()[1]
    found = []
    for row in data:
        if isinstance(row, tuple):  # a name as a literal
            row = re.sub(rb"\{\d+\+?\}$", b"", row[0]) + row[1]
        match = _ROW_RE.fullmatch(row) if isinstance(row, bytes) else None
        if match:
            raw = match[3]
            if raw[:1] == raw[-1:] == b'"' and len(raw) > 1:
                raw = re.sub(rb"\\(.)", rb"\1", raw[1:-1])
            flags = {flag.lower() for flag in match[1].split()}
            separator = re.sub(rb"\\(.)", rb"\1", match[2] or b"").decode("utf-8", "replace")
            selectable = flags.isdisjoint((b"\\noselect", b"\\nonexistent"))
            found.append(Folder(raw, read_name(raw), separator, selectable))
    return found


def meant_by(folders: t.Sequence[Folder], wanted: str) -> Folder | None:
    """The one folder that a name means: the same one, or the only one with these parts, INBOX in front or not."""
    same = [one for one in folders if wanted in (one.name, one.raw.decode("utf-8", "replace"))]
    if not same:
        same = [
            one
            for one in folders
            if any(_parts(one.name, one.separator) == _parts(wanted, sign) for sign in {one.separator, *"/.\\"})
        ]
    return same[0] if len(same) == 1 else None


def _parts(name: str, separator: str) -> list[str]:
    plain = unicodedata.normalize("NFC", name).casefold()
    parts = plain.split(separator) if separator else [plain]
    return parts[1:] if len(parts) > 1 and parts[0] == "inbox" else parts


def utf7(name: str) -> str:
    """A folder's name as RFC 3501 (5.1.3) writes it: modified UTF-7 (pure)."""

    def shifted(match: re.Match[str]) -> str:
        code = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
        return f"&{code}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))


def read_name(raw: bytes) -> str:
    """A folder's name as a person writes it, of modified UTF-7 or UTF-8 (pure); what is neither stays as it is."""
    text = raw.decode("utf-8", "replace")

    def back(match: re.Match[str]) -> str:
        if not match[1]:
            return "&"
        code = match[1].replace(",", "/")
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            return base64.b64decode(code + "=" * (-len(code) % 4), validate=True).decode("utf-16-be")
        return match[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", back, text) if text.isascii() else text
