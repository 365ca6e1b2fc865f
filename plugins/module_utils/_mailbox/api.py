# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service mails from the OVHcloud account's history: v2, or v1 where the key holds only that right."""

from __future__ import annotations

import contextlib
import datetime
import re
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, newest_first, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time

#: Seconds between two looks before the mail is expected.
EARLY_PAUSE = 45.0
V2_PATH = "/v2/notification/history"
V1_PATH = "/me/notification/email/history"
V2_PAGE_SIZE = 50
#: So many v2 pages are searched for a credentials mail.
V2_MAX_PAGES = 20
#: Where the v2 list comes without contents, so many mails are opened by one search: likely titles first.
V2_MAX_OPENED = 40
#: v1 tells nothing of a mail before it is opened. So many are opened by one search, in batches or one by one.
V1_BATCH = 50
V1_MAX_BATCHED = 500
V1_MAX_SINGLE = 40

#: Words that the title of a credentials mail can be expected to hold, in OVHcloud's languages.
_LIKELY_TITLE_RE = re.compile(
    r"pppo?e?(?!\w)|identifiant|login|credential|password|mot de passe|zugangsdaten|passwort|kennwort|credencial|"
    r"contraseña|credenzial|inloggegevens|wachtwoord|dane (?:logowania|dostępowe)|hasło|palavra-passe|senha|"
    r"[xav]dsl|ftt[he]",
    re.I,
)


class ApiMailbox:
    """Implements :class:`search.Mailbox` on ``/v2/notification/history``, else ``/me/notification/email/history``.

    :param interval: seconds between two looks while waiting.
    :param expected_at: before this time a wait looks every :data:`EARLY_PAUSE` seconds only, to spare requests.
    """

    def __init__(self, client: Client, interval: float = 2.0, expected_at: datetime.datetime | None = None) -> None:
        self._client = client
        self._interval = interval
        self._expected_at = expected_at
        self._v1_only = False
        self._batches = True
        self._seen: dict[str, ServiceMail] = {}

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

    def wait(self, seconds: float) -> None:
        pause = self._interval
        if self._expected_at:
            with contextlib.suppress(Failure):
                early = (self._expected_at - self._client.now()).total_seconds()
                pause = max(pause, min(EARLY_PAUSE, early))
        time.sleep(min(pause, seconds))

    def _recent_v2(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        query = {"sortCreatedAt": "DESC"}
        if since:
            query["createdAfter"] = iso(since - datetime.timedelta(seconds=1))
        cursor: str | None = None
        closed: list[ServiceMail] = []
        for _page in range(V2_MAX_PAGES):
            items, cursor = self._client.get_page(V2_PATH, query, V2_PAGE_SIZE, cursor)
            found = [mail for mail in map(_v2_mail, _dicts(items, V2_PATH)) if not since or mail.date >= since]
            for mail in sorted(found, key=lambda mail: mail.date, reverse=True):
                if mail.text or mail.html:
                    yield mail
                else:
                    closed.append(mail)
            if not cursor:
                break
        # Stable: newest first among the likely ones, then among the others.
        closed.sort(key=lambda mail: _LIKELY_TITLE_RE.search(mail.title) is None)
        for mail in closed[:V2_MAX_OPENED]:
            yield self._opened(V2_PATH, mail.id, _v2_mail)
        if cursor or len(closed) > V2_MAX_OPENED:
            raise _too_many(V2_PATH)

    def _opened(self, path: str, mail_id: str, read: t.Callable[[t.Any], ServiceMail]) -> ServiceMail:
        """A mail does not change: it is opened once in a wait."""
        if mail_id not in self._seen:
            self._seen[mail_id] = read(self._client.get(f"{path}/{segment(mail_id)}"))
        return self._seen[mail_id]

    def _recent_v1(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        ids = self._client.get(V1_PATH, headers={"Pragma": "no-cache"})
        if not isinstance(ids, list):
            raise _unexpected(V1_PATH)
        numbers = newest_first(ids)
        opened = 0
        while numbers:
            count = V1_BATCH if since is None or opened else 10  # a wait finds its mail among the newest few
            batch, numbers = numbers[:count], numbers[count:]
            mails = self._batch_v1(batch)
            single = mails is None
            if mails is None:
                batch, numbers = batch[:5], batch[5:] + numbers
                mails = [self._opened(V1_PATH, one, _v1_mail) for one in batch]
            opened += len(batch)
            mails.sort(key=lambda mail: mail.date, reverse=True)
            yield from (mail for mail in mails if not since or mail.date >= since)
            if since and mails and mails[-1].date < since:
                return
            if numbers and opened >= (V1_MAX_SINGLE if single else V1_MAX_BATCHED):
                raise _too_many(V1_PATH)

    def _batch_v1(self, ids: list[str]) -> list[ServiceMail] | None:
        wanted = [one for one in ids if one not in self._seen]
        if len(wanted) > 1:
            items = self._client.get_batch(V1_PATH, wanted) if self._batches else None
            if not items:
                self._batches = False
                return None
            for mail in map(_v1_mail, items):
                self._seen[mail.id] = mail
        return [self._opened(V1_PATH, one, _v1_mail) for one in ids]


def _too_many(path: str) -> Failure:
    return Failure(
        "too_many_mails",
        f"The mail history ({path}) holds more mails than one search opens, and no credentials mail of this access is "
        "among the newest. That proves nothing about older ones. Give a later renewed_since or newer_than, or a "
        "shorter max_age.",
        {"path": path},
    )


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
