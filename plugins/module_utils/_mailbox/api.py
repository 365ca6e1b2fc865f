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
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import shapes
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.listing import V1_PATH, V2_PATH, Listing
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, newest_first, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time

#: Seconds between two looks before the mail is expected.
EARLY_PAUSE = 60.0
#: The same where other lines look, too: who looks again takes what another has listed.
TOGETHER_PAUSE = 0.25
#: So many pages are read before the API searches titles where other lines read the same: they ask once for all of them,
#: and each line has titles of its own.
SHARED_PAGES = 3
#: So many v2 pages are searched for a credentials mail, besides those that the API itself searched by title.
V2_MAX_PAGES = 20
#: What the API is asked to find in titles (``titleContains``), beside the access's service name. Whether it heeds
#: capitals is not published, and OVHcloud writes PPP and PPPoE so.
V2_TITLE = "PPP"
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
    :param service_name: searched for in titles where the history is long.
    :param known: id of a mail that need not be opened.
    :param skipped: ids of mails that are not opened.
    :param age: seconds that a list of mails may be old; in a wait it is the pause between two looks.
    """

    def __init__(
        self,
        client: Client,
        interval: float = 2.0,
        expected_at: datetime.datetime | None = None,
        service_name: str = "",
        known: str = "",
        skipped: t.Container[str] = (),
        age: float = 2.0,
    ) -> None:
        self._client = client
        self._known = known
        self._skipped = skipped
        self._service_name = service_name.lower()
        self._titles = [title for title in (service_name, V2_TITLE) if title]
        self._interval = interval
        self._listing = Listing(client, age)
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
        early = 0.0
        if self._expected_at:
            with contextlib.suppress(Failure):
                early = (self._expected_at - self._client.now()).total_seconds()
        self._listing.waits, self._listing.alone = True, max(self._interval, min(EARLY_PAUSE, early) / 2)
        pause = min(self._interval, TOGETHER_PAUSE) if self._listing.together else self._interval
        time.sleep(min(max(pause, min(EARLY_PAUSE, early)), seconds))

    def _recent_v2(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        query = {"sortCreatedAt": "DESC"}
        seen: set[str] = set()
        closed: list[ServiceMail] = []
        cursor: str | None = None
        budget = V2_MAX_OPENED
        searched, ahead = False, 1

        def offered(mails: t.Iterable[ServiceMail]) -> t.Iterator[ServiceMail]:
            nonlocal budget
            for mail in mails:
                if mail.text or mail.html or mail.id == self._known:
                    yield mail
                elif budget > 0:
                    budget -= 1
                    yield self._opened(V2_PATH, mail.id, _v2_mail)
                else:
                    closed.append(mail)

        for page in range(V2_MAX_PAGES):
            mails, cursor = self._page_v2(query, cursor, since, seen)
            closed += [mail for mail in mails if not mail.text and not mail.html and self._may_be(mail)]
            yield from (mail for mail in mails if mail.text or mail.html)
            if not cursor:
                break
            if page == 0 and self._listing.together:
                ahead = SHARED_PAGES
            if page < ahead:
                # More than one page: what is likely here first.
                likely = [mail for mail in closed if _LIKELY_TITLE_RE.search(mail.title)]
                closed[:] = [mail for mail in closed if mail not in likely]
                yield from offered(likely)
            if page == ahead - 1:
                # Have the API find the likely titles before all the others are walked through.
                found, searched = self._by_title_v2(query, since, seen)
                yield from offered(found)
        # Stable: newest first among the likely ones, then among the others.
        closed.sort(key=lambda mail: _LIKELY_TITLE_RE.search(mail.title) is None)
        for mail in closed[:budget]:
            yield mail if mail.id == self._known else self._opened(V2_PATH, mail.id, _v2_mail)
        if cursor or len(closed) > budget:
            titles = " or ".join(map(repr, self._titles))
            raise _too_many(
                V2_PATH,
                f" A search of all titles for {titles} did not find it either."
                if searched
                else " The API did not search the titles.",
            )

    def _may_be(self, mail: ServiceMail) -> bool:
        """Is a mail to be opened? Not one that was, and not one whose title names other accesses alone."""
        named = {found.lower() for found in shapes.SERVICE_RE.findall(mail.title)}
        ours = not named or not self._service_name or self._service_name in named
        return ours and mail.id not in self._skipped

    def _page_v2(
        self, query: dict[str, str], cursor: str | None, since: datetime.datetime | None, seen: set[str]
    ) -> tuple[list[ServiceMail], str | None]:
        """One page of the list: its mails that were not seen before, newest first, and where the next page begins.

        All lines ask for the same pages, so that they can share them: where the time is over, nobody reads on.
        """
        items, following = self._listing.page(query, cursor)
        mails = list(map(_v2_mail, _dicts(items, V2_PATH)))
        dates = [mail.date for mail in mails]
        if since and following and dates == sorted(dates, reverse=True):
            following = following if dates and dates[-1] >= since else None
        elif since and following and "createdAfter" not in query:
            # Not in order: then only the API can tell where the time is over.
            query["createdAfter"] = iso(since - datetime.timedelta(seconds=1))
            return self._page_v2(query, None, since, seen)
        mails = [mail for mail in mails if mail.id not in seen and (not since or mail.date >= since)]
        seen.update(mail.id for mail in mails)
        return sorted(mails, key=lambda mail: mail.date, reverse=True), following

    def _by_title_v2(
        self, query: t.Mapping[str, str], since: datetime.datetime | None, seen: set[str]
    ) -> tuple[list[ServiceMail], bool]:
        """The newest mails with a likely title, by the API's own search; and whether it searched."""
        found: list[ServiceMail] = []
        try:
            for title in self._titles:
                mails, more = self._page_v2({**query, "titleContains": stem(title)}, None, since, seen)
                found += mails
                if more and title != stem(title):
                    # The mails of the account's other accesses fill a page.
                    found += self._page_v2({**query, "titleContains": title}, None, since, seen)[0]
        except Failure as failure:
            if failure.code != "bad_request":
                raise
            return found, False
        found = [mail for mail in found if mail.text or mail.html or self._may_be(mail)]
        return sorted(found, key=lambda mail: mail.date, reverse=True), True

    def _opened(self, path: str, mail_id: str, read: t.Callable[[t.Any], ServiceMail]) -> ServiceMail:
        """A mail does not change: it is opened once in a wait."""
        if mail_id not in self._seen:
            turn = self._client.turn
            # The line is down, and this is what it waits for.
            self._client.turn = Turn.POST if turn is Turn.LOOK else turn
            try:
                self._seen[mail_id] = read(self._client.get(f"{path}/{segment(mail_id)}"))
            finally:
                self._client.turn = turn
        return self._seen[mail_id]

    def _recent_v1(self, since: datetime.datetime | None) -> t.Iterator[ServiceMail]:
        ids = self._listing.ids()
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
                raise _too_many(
                    V1_PATH,
                    " This key may read the history by the older API (v1) alone, which searches no titles: give it "
                    f"GET {V2_PATH}, too.",
                )

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


def stem(service_name: str) -> str:
    """What the names of the account's accesses of this kind begin with: one search for their mails serves them all."""
    head, dash, number = service_name.rpartition("-")
    return head + dash if number.isdigit() and head else service_name


def _too_many(path: str, why: str) -> Failure:
    return Failure(
        "too_many_mails",
        f"The mail history ({path}) holds more mails than one search opens, and no credentials mail of this access is "
        f"among the newest.{why} That proves nothing about older ones. Give a later renewed_since or newer_than, or a "
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
