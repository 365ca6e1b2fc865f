# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account's lists of service mails, which the lines that look at the same time share: see :mod:`_ovh_api.shared`.

What is kept of a mail is its id, date and title. Whoever made the list has the contents, too, where OVHcloud gave them.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client

V2_PATH = "/v2/notification/history"
V1_PATH = "/me/notification/email/history"
V2_PAGE_SIZE = 50
#: Seconds that a list may be old where several lines look; and while other calls take much of the budget.
TOGETHER, SHORT = 2.0, 2.5
TOPIC = "mails"
Page = tuple[t.Any, t.Optional[str]]


class Listing:
    """Lists for one line.

    :param alone: how old (seconds) a list may be where no other line looks; 0 for a new one, whoever looks
    :ivar together: do other lines look at the same time?
    :ivar waits: is a mail waited for? Then the next list has what this one lacks. Else it is acted upon, and none from
        before this run is taken: it may lack the mail that the run was started for.
    """

    def __init__(self, client: Client, alone: float) -> None:
        self._client = client
        self.alone = alone
        self.together = False
        self.waits = False

    def page(self, query: t.Mapping[str, str], cursor: str | None) -> Page:
        """One page of the v2 list as OVHcloud gives it, and the cursor of the next one.

        :raises Failure: when it cannot be read
        """

        def ask() -> tuple[Page, t.Any]:
            items, following = self._client.get_page(V2_PATH, query, V2_PAGE_SIZE, cursor)
            return (items, following), [shown(items), following]

        found: Page = self._answer(json.dumps([V2_PATH, dict(query), cursor], sort_keys=True), ask, _page)
        return found

    def ids(self) -> t.Any:
        """The v1 list: numbers.

        :raises Failure: when it cannot be read
        """

        def ask() -> tuple[t.Any, t.Any]:
            ids = self._client.get(V1_PATH, headers={"Pragma": "no-cache"})
            return ids, ids

        return self._answer(V1_PATH, ask, lambda kept: kept if _numbers(kept) else None)

    def _answer(
        self, name: str, ask: t.Callable[[], tuple[t.Any, t.Any]], take: t.Callable[[t.Any], t.Any | None]
    ) -> t.Any:
        shared = self._client.shared
        if shared is None:
            return ask()[0]
        self._client.skew()  # whoever asks keeps the others waiting for no second call
        answer, self.together = shared.answer(TOPIC, name, self._fresh, ask, take, self._client.held_for)
        return answer

    def _fresh(self, together: bool) -> float:
        if self.alone <= 0 or self._client.shared is None:
            return -1.0
        old = self.alone
        if together:
            old = max(old, SHORT if self._client.short() else TOGETHER)
        return old if self.waits else min(old, self._client.shared.run_age())


def shown(items: t.Any) -> list[dict[str, str]] | None:
    """What may be kept of a page: never the contents; None for what is no page (pure)."""
    names = ("id", "title", "createdAt")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    return [{name: str(item[name]) for name in names if item.get(name) is not None} for item in items]


def _page(kept: t.Any) -> Page | None:
    """A page that was kept; None for what is none of ours (pure)."""
    if not isinstance(kept, list) or len(kept) != 2 or not isinstance(kept[1], (str, type(None))):
        return None
    items = shown(kept[0])
    return (items, kept[1]) if items is not None else None


def _numbers(kept: t.Any) -> bool:
    return isinstance(kept, list) and all(isinstance(one, (int, str)) for one in kept)
