# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of mails, shared by the uses of a lookup: each is evaluated in a process of its own.

What is shared are ids, dates and titles, the login of a line and the difference of the clocks, in one small file in
the folder that Ansible makes for a run and removes at its end. No text of a mail is in it, and so no password.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

#: Seconds: a list that is older is asked for anew.
FRESH = 600.0
#: Bytes: more was not written here.
LONGEST = 4 * 2**20
#: What is kept of a mail.
SHARED = ("id", "createdAt", "title")

Answer = t.TypeVar("Answer")


class SharingClient(Client):
    """A client whose lists of mails are shared with the other processes of its run.

    :ivar folder: of the run
    """

    folder = ""
    #: Does an answer count that another use was given?
    takes_shared = True
    #: Was such a one taken?
    took_shared = False
    _clock_read = False

    def skew(self) -> int:
        if self._skew is None:
            # A second look at the clock means that the shared one is not right any more.
            read, self._clock_read = self._clock_read, True
            self._skew = self._client._time_delta = super().skew() if read else self._shared("skew", super().skew)
        return self._skew

    def remembered(self, name: str, ask: t.Callable[[], Answer]) -> Answer:
        """What another use was told, else what is asked now. Nothing secret."""
        self.skew()
        return self._shared(f"told {name}", ask)

    def anew(self) -> None:
        """What is asked from here on is not taken from another use."""
        self.takes_shared = self.took_shared = False

    def get_page(
        self, path: str, query: t.Mapping[str, str], size: int, cursor: str | None
    ) -> tuple[t.Any, str | None]:
        """The whole list is asked for, whatever a line needs of it: the next line needs another part."""
        whole = {name: value for name, value in query.items() if name != "createdAfter"}
        self.skew()

        def ask() -> list[t.Any]:
            items, following = super(SharingClient, self).get_page(path, whole, size, cursor)
            return [_stripped(items), following]

        items, following = self._shared(json.dumps(["page", path, sorted(whole.items()), size, cursor]), ask)
        return items, following if _goes_on(items, query.get("createdAfter")) else None

    def _shared(self, name: str, ask: t.Callable[[], Answer]) -> Answer:
        """One process asks, the others wait for its answer. Where nothing can be shared, each asks."""
        with self._noted() as noted:
            found = noted.get(name)
            if self.takes_shared and isinstance(found, list) and len(found) == 2 and _fresh(found[0]):
                self.took_shared = True
                taken: Answer = found[1]
                return taken
            answer = ask()
            noted[name] = [time.time(), answer]
            return answer

    @contextlib.contextmanager
    def _noted(self) -> t.Iterator[dict[str, t.Any]]:
        """What is shared, to be read and written by one process at a time."""
        about = hashlib.sha256(f"{self.connection.base_url} {self.connection.identity}".encode()).hexdigest()[:16]
        with contextlib.ExitStack() as stack:
            try:
                path = os.path.join(self.folder, f"ownrouter-mails-{about}")
                handle = stack.enter_context(_own_file.opened(path, os.O_RDWR | os.O_CREAT))
                fcntl.flock(handle, fcntl.LOCK_EX)
                before = os.pread(handle, LONGEST, 0)
            except (OSError, _own_file.NotOurs):
                yield {}
                return
            try:
                noted = json.loads(before or b"{}")
            except (ValueError, RecursionError):
                noted = {}
            yield noted if isinstance(noted, dict) else {}
            with contextlib.suppress(OSError):
                written = json.dumps(noted).encode()
                os.ftruncate(handle, os.pwrite(handle, written, 0))


def sharing(folder: str) -> t.Callable[..., SharingClient]:
    """Makes clients that share in that folder, for :func:`client.connect`."""

    def make(*given: t.Any, **named: t.Any) -> SharingClient:
        client = SharingClient(*given, **named)
        client.folder = folder
        return client

    return make


def _fresh(at: t.Any) -> bool:
    return isinstance(at, float) and 0 <= time.time() - at < FRESH


def _stripped(items: t.Any) -> t.Any:
    """The list without any text of a mail. What is no list is told as it is, to whoever reads it."""
    if not isinstance(items, list):
        return items
    return [{name: one.get(name) for name in SHARED} if isinstance(one, dict) else None for one in items]


def _goes_on(items: t.Any, after: str | None) -> bool:
    """Can a later page hold a mail that is newer?"""
    since = parse_time(after)
    dates = (
        [parse_time(one.get("createdAt")) for one in items if isinstance(one, dict)]
        if since and isinstance(items, list)
        else []
    )
    return not any(date is not None and since is not None and date < since for date in dates)
