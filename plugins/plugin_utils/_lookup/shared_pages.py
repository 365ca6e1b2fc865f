# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of mails, shared by the uses of a lookup: each is evaluated in a process of its own.

What is shared are ids, dates and titles, the login of a line and the difference of the clocks, in small files in
the folder that Ansible makes for a run and removes at its end. No text of a mail is in it, and so no password.
"""

from __future__ import annotations

import json
import os
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

#: Seconds: a list that is older is asked for anew.
FRESH = 600.0
#: What is kept of a mail.
SHARED = ("id", "createdAt", "title")

Answer = t.TypeVar("Answer")


class SharingClient(Client):
    """A client whose lists of mails are shared with the other processes of its run.

    :ivar answers: of the run
    """

    answers: Shared
    #: Does an answer count that another use was given?
    takes_shared = True
    #: Was such a one taken?
    took_shared = False

    def skew(self) -> int:
        if self._skew is None:
            self._skew = self._client._time_delta = self._shared("clock", "skew", super().skew)
        return self._skew

    def remembered(self, name: str, ask: t.Callable[[], Answer]) -> Answer:
        """What another use was told, else what is asked now. Nothing secret."""
        self.skew()
        return self._shared("told", name, ask)

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

        items, following = self._shared("pages", json.dumps([path, sorted(whole.items()), size, cursor]), ask)
        return items, following if _goes_on(items, query.get("createdAfter")) else None

    def _shared(self, topic: str, name: str, ask: t.Callable[[], Answer]) -> Answer:
        """One process asks, the others wait for its answer. Where nothing can be shared, each asks."""
        asked = False

        def answered() -> tuple[list[Answer], list[Answer]]:
            nonlocal asked
            asked = True
            return [answer := ask()], [answer]

        fresh = FRESH if self.takes_shared else -1.0
        told: list[Answer] = self.answers.answer(topic, name, lambda _together: fresh, answered, _one)[0]
        self.took_shared = self.took_shared or not asked
        return told[0]


def sharing(folder: str) -> t.Callable[..., SharingClient]:
    """Makes clients that share in that folder, for :func:`client.connect`."""

    def make(*given: t.Any, **named: t.Any) -> SharingClient:
        # What lines share that wait at the same time is seconds old at most; a run's uses go by their own list.
        client = SharingClient(*given, **{**named, "shared": None})
        client.answers = Shared(folder, [client.connection.base_url, client.connection.identity], str(os.getpid()))
        return client

    return make


def _one(kept: t.Any) -> list[t.Any] | None:
    return kept if isinstance(kept, list) and len(kept) == 1 else None


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
