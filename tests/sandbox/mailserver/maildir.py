# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails as files: what a mail server would have delivered."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

_numbers = itertools.count(1)
SENDER = "OVHcloud <noreply@ovhcloud.com>"


def compose(title: str, text: str | None, html: str | None, at: float | None = None, sender: str = SENDER) -> bytes:
    """One mail as it travels (RFC 5322): quoted-printable or base64 as the email package sees fit.

    :param at: its Date, seconds since the epoch; now when None.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "camille@example.org"
    message["Subject"] = title
    message["Date"] = format_datetime(datetime.fromtimestamp(time.time() if at is None else at, UTC))
    if text is not None:
        message.set_content(text)
    if html is not None and text is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def make(folder: Path) -> None:
    """An empty Maildir, of the owner of the folder around it."""
    owner = folder.parent.stat()
    for path in folder, folder / "cur", folder / "new", folder / "tmp":
        path.mkdir(mode=0o700, exist_ok=True)
        _give(path, owner)


def deliver(folder: Path, message: bytes, at: float | None = None, seen: bool = False) -> Path:
    """Put a mail into a Maildir, as a delivery does: complete in ``tmp``, then moved.

    :param at: when the server took it in (the file's time is Dovecot's INTERNALDATE); now when None.
    """
    name = f"{time.time():.6f}.P{os.getpid()}Q{next(_numbers)}.localhost"
    temporary = folder / "tmp" / name
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message)
    if at is not None:
        os.utime(temporary, (at, at))
    _give(temporary, folder.stat())
    target = folder / "cur" / f"{name}:2,S" if seen else folder / "new" / name
    temporary.rename(target)
    return target


def _give(path: Path, owner: os.stat_result) -> None:
    with contextlib.suppress(PermissionError):
        os.chown(path, owner.st_uid, owner.st_gid)
