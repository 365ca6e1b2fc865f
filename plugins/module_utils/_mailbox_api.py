# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service mails from the OVHcloud account's history: v2, or v1 where the key holds only that right."""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._client import Client, parse_time, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import ServiceMail, iso

V2_PATH = "/v2/notification/history"
V1_PATH = "/me/notification/email/history"
V2_PAGE_SIZE = 50
#: Without a date to start from, this many v2 pages are searched for a credentials mail.
V2_MAX_PAGES = 10
#: Where the v2 list comes without contents, at most this many mails are opened by one search.
V2_MAX_OPENED = 40
#: v1 has no filter: at most this many of the newest mails are opened by one search.
V1_MAX_MAILS = 40


#: Bills and orders, in OVHcloud's languages: not worth a request to be opened.
_OTHER_TITLE_RE = re.compile(
    r"(?<!\w)(?:factures?|invoices?|rechnung(?:en)?|facturas?|fattur[ae]|factuur|faktur[ay]|faturas?|"
    r"commande|bon de commande|your order|bestellung|pedido|ordine|bestelling|zamówienie|encomenda)(?!\w)",
    re.I,
)


class ApiMailbox:
    """Implements :class:`_mailbox.Mailbox` on ``/v2/notification/history``, else ``/me/notification/email/history``."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._v1_only = False
        self._seen: dict[str, ServiceMail] = {}

    @property
    def used(self) -> str:
        """Path of the history that is read, for messages."""
        return V1_PATH if self._v1_only else V2_PATH

    def recent(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        if not self._v1_only:
            try:
                yield from self._recent_v2(since)
                return
            except Failure as failure:
                if failure.code not in ("not_granted", "not_found"):
                    raise
                refused = failure
            self._v1_only = True
            try:
                yield from self._recent_v1(since)
            except Failure as failure:
                # Name the right that we would rather have.
                raise refused if failure.code in ("not_granted", "not_found") else failure from None
            return
        yield from self._recent_v1(since)

    def _recent_v2(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        query = {"sortCreatedAt": "DESC"}
        if since:
            query["createdAfter"] = iso(since - datetime.timedelta(seconds=1))
        cursor: str | None = None
        opened = 0
        for _page in range(V2_MAX_PAGES):
            items, cursor = self._client.get_page(V2_PATH, query, V2_PAGE_SIZE, cursor)
            found = [mail for mail in map(_v2_mail, _dicts(items, V2_PATH)) if not since or mail.date >= since]
            found.sort(key=lambda mail: mail.date, reverse=True)
            for mail in found:
                if mail.text or mail.html:
                    yield mail
                elif not _OTHER_TITLE_RE.search(mail.title) and opened < V2_MAX_OPENED:
                    opened += 1
                    yield self._opened(mail.id)
            if not cursor:
                return

    def _opened(self, mail_id: str) -> ServiceMail:
        """A mail does not change: it is opened once in a wait."""
        if mail_id not in self._seen:
            self._seen[mail_id] = _v2_mail(self._client.get(f"{V2_PATH}/{segment(mail_id)}"))
        return self._seen[mail_id]

    def _recent_v1(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        ids = self._client.get(V1_PATH, headers={"Pragma": "no-cache"})
        if not isinstance(ids, list):
            raise _unexpected(V1_PATH)
        # The order of the ids is not promised; newer mails have higher numbers.
        newest_ids = sorted((str(one) for one in ids), key=lambda one: (len(one), one), reverse=True)[:V1_MAX_MAILS]
        mails = []
        for mail_id in newest_ids:
            if mail_id not in self._seen:
                self._seen[mail_id] = _v1_mail(self._client.get(f"{V1_PATH}/{segment(mail_id)}"))
            mail = self._seen[mail_id]
            if since and mail.date < since:
                break
            mails.append(mail)
            if not since:
                yield mail
        if since:
            yield from sorted(mails, key=lambda mail: mail.date, reverse=True)


def _unexpected(path: str) -> Failure:
    return Failure("unreadable_answer", f"GET {path} did not answer in the documented form.", {"path": path})


def _dicts(items: t.Any, path: str) -> list[dict[str, t.Any]]:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _unexpected(path)
    return items


def _v2_mail(item: t.Any) -> ServiceMail:
    date = parse_time(item.get("createdAt")) if isinstance(item, dict) else None
    if date is None:
        raise _unexpected(V2_PATH)
    return ServiceMail(str(item.get("id")), date, str(item.get("title") or ""), item.get("text"), item.get("html"))


def _v1_mail(item: t.Any) -> ServiceMail:
    date = parse_time(item.get("date")) if isinstance(item, dict) else None
    if date is None:
        raise _unexpected(V1_PATH)
    return ServiceMail(str(item.get("id")), date, str(item.get("subject") or ""), item.get("body"), None)
