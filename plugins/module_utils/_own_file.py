# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small files of ours in the state folder: opened so that nothing in their place can hang or lead away."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import typing as t

#: Bytes: a file that is longer is none of ours.
LONGEST = 16 * 1024
#: NFS and containers show this user in place of one that they do not know, such as root (see user_namespaces(7)).
NOBODY = 65534
#: A pipe or a terminal would be waited for, and a link leads anywhere.
SAFELY = os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC
#: Kinds of things that have the name of a file: how stat(2) tells them, and what a sentence calls them.
KINDS = (
    (stat.S_ISLNK, "a link, which is not followed"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotOurs(Exception):
    """What stands there is none of our files; the text is a clause behind its name."""


@contextlib.contextmanager
def opened(path: str, flags: int) -> t.Iterator[int]:
    """A descriptor of a regular file that belongs to this user, or to root.

    :param flags: ``os.O_RDONLY``, or ``os.O_RDWR | os.O_CREAT`` for one that is made with mode 0600
    :raises NotOurs: when something else has that name, or it is another user's
    :raises OSError: when it cannot be opened, such as ``FileNotFoundError``
    """
    try:
        handle = os.open(path, flags | SAFELY, 0o600)
    except OSError as error:
        # Opening a link, a socket or a device that is not there fails in its own way.
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR) and (kind := kind_of(path)):
            raise NotOurs(f"is {kind}") from None
        raise
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise NotOurs(f"is {_kind(found.st_mode)}")
        if found.st_uid not in (os.geteuid(), 0, NOBODY):
            raise NotOurs(f"belongs to another user (uid {found.st_uid})")
        yield handle
    finally:
        os.close(handle)


def kind_of(path: str) -> str:
    """What stands there in place of a file; "" for a file, or nothing."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) else _kind(mode)


def read_json(path: str, longest: int = LONGEST) -> t.Any:
    """What the file holds.

    :param longest: bytes
    :raises NotOurs: when it is no file of ours, or holds no such text
    :raises OSError: when it cannot be read, such as ``FileNotFoundError``
    """
    with opened(path, os.O_RDONLY) as handle:
        text = b""
        while len(text) <= longest and (part := os.read(handle, longest + 1 - len(text))):
            text += part
    if len(text) > longest:
        raise NotOurs(f"is longer than {longest // 1024} KiB")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotOurs("holds no JSON of this collection's") from None


def replace_json(path: str, found: t.Any) -> None:
    """Have the file hold that, mode 0600, in one step.

    Two at a time may leave half of it for a moment: they hold a lock, or their readers bear that.

    :raises OSError: when it cannot be written; what stood there is left as it is then
    """
    # One name: what a killed run leaves is taken over by the next one.
    temporary = f"{path}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(found, file)
    os.replace(temporary, path)


def _kind(mode: int) -> str:
    return next((name for test, name in KINDS if test(mode)), "no file")
