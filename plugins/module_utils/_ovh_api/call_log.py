# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's own log of the calls that an account made: evidence of a request, and of where this host comes from."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import moments
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import (
    NEXT_STEP,
    NOT_READABLE,
    Client,
    newest_first,
    segment,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

PATH = "/me/api/logs/self"
#: Entries read by one request.
BATCH = 100
#: So many batches are read to reach a time that must be reached, and so many to look further back. A run that waits
#: for a mail makes up to 60 calls a minute, so the second one reaches half an hour of that.
MUST_BATCHES = 60
FAR_BATCHES = 20
#: Entries read one by one, where the API does not answer for several at once: a minute's calls.
SINGLE_DEPTH = 60
#: So many entries are kept for other lines with the same key, and so many numbers of a list: an entry does not change.
KEPT = 4000
LISTED = MUST_BATCHES * BATCH + 2 * BATCH
#: Seconds that a list may be old which another line has made: directly before a request, and before the decision on it.
TOGETHER, BEFORE = 1.0, 30.0
#: Seconds after a request in which another line may make a list, so that this one need not; the same where the budget
#: is short, and the next lines look at the next of the moments; and between looks for it.
COMPANY, MOMENT, PAUSE = 5.0, moments.EVERY + 1.0, 0.5
#: Seconds after a request until those that others sent at the same moment are looked for: its mail takes minutes.
SETTLED = 0.5
TOPIC, LIST, OF_ENTRIES = "log", "list", "calls"
#: So many batches are read at once of what came since any line has read: a quarter of an hour of the whole budget.
AHEAD = 9
#: So often is the list taken again until it holds nothing of others.
AGAIN_ROUNDS = 2
#: Entries read one by one that came since the last look.
SINGLE_AGAIN = 10


@dataclasses.dataclass(frozen=True)
class Posts:
    """Times (UTC) of the POSTs that the log shows, oldest first; ``unknown``: why it does not show all, or empty."""

    times: tuple[datetime.datetime, ...]
    unknown: str = ""


class RequestLog:
    """What the log tells of POSTs to one path. An entry does not change: it is read once.

    :param path: what the paths of the entries end with.
    :param shares: what is read is kept for others, and taken from them
    """

    def __init__(self, client: Client, path: str, shares: bool = True) -> None:
        self._client = client
        self._path = path
        self._batches = True
        self._listed: set[str] = set()
        self._shared: Shared | None = getattr(client, "shared", None) if shares else None
        self._known: dict[str, dict[str, str]] = {}
        #: Do other lines read the log at the same time?
        self.together = False
        #: Times of all POSTs seen so far, in the order of reading.
        self.times: list[datetime.datetime] = []

    def back_to(self, since: datetime.datetime, far: datetime.datetime, just_listed: bool = False) -> Posts | None:
        """Read back to ``since``, however many entries that is, and on to ``far`` where that is cheap.

        :param just_listed: the list that this line's preflight has just made will do: :meth:`again` follows
        :returns: None when these credentials may not read the log.
        :raises Failure: when OVHcloud cannot be asked now.
        """
        try:
            return self._read(self._list(BEFORE, just_listed), since, far)
        except Failure as failure:
            if failure.code not in NOT_READABLE:
                raise
            return None

    def again(self, after: float | None = None) -> list[datetime.datetime]:
        """The POSTs among the entries that came since the last look.

        Before a request it ends with a list that holds nothing but this look's own calls, so that the next call follows
        directly on it: three calls, more where the account is busy, a few where there is no batch. Where other lines of
        this account look, too, that never comes: two calls, of which they share the first. After a request one look is
        enough, when those of the same moment have arrived.

        :param after: by :func:`time.monotonic`, when the request was sent, and the list is to be made at the earliest;
            None before it
        :raises Failure: when OVHcloud cannot be asked now.
        """
        known = len(self.times)
        if after is not None and not self.together and (early := after + SETTLED - time.monotonic()) > 0:
            time.sleep(early)
        try:
            age = TOGETHER if after is None else self._company(after)
            new = self._list(age)
            for _round in range(0 if self.together or after is not None else AGAIN_ROUNDS):
                own = 1 + self._read_new(new)
                new = self._list()
                if len(new) <= own:
                    break
            else:
                self._read_new(new)
        except Failure as failure:
            if failure.code not in NOT_READABLE:
                raise
        return self.times[known:]

    def _read_new(self, ids: list[str]) -> int:
        """Read new entries; return how many calls that took."""
        calls = 0
        for start in range(0, len(ids), BATCH):
            chunk = ids[start : start + BATCH]
            entries = self._batch(chunk)
            chunk = chunk[:SINGLE_AGAIN] if entries is None else []
            for entry in [*(entries or []), *map(self._single, chunk)]:
                self._take(entry)
            calls += len(chunk) or 1
        return calls

    def _company(self, after: float) -> float:
        """How old a list may be that is made after that time: where other lines ask, one of them makes it soon."""
        company = self._shared is not None and self.together
        end = after + (MOMENT if company and self._client.short() else COMPANY)
        while self._shared is not None and company and time.monotonic() < end:
            time.sleep(PAUSE)
            if self._shared.asked_since(TOPIC, LIST, after):
                time.sleep(PAUSE)  # for what it reads of it
                break
        return time.monotonic() - after

    def newest(self, count: int) -> t.Iterator[dict[str, t.Any]]:
        """See :func:`newest`."""
        wanted = self._of_the_line(-1.0, self._asked)[:count]
        entries = self._batch(wanted)
        if entries:
            yield from sorted(entries, key=lambda entry: str(entry.get("date")), reverse=True)
            return
        yield from (entry for entry in map(self._single, wanted[:SINGLE_AGAIN]) if isinstance(entry, dict))

    def _list(self, age: float = -1.0, just_listed: bool = False) -> list[str]:
        """The entries that no look listed before, newest first.

        :param age: seconds that the list of another line may be old
        :param just_listed: see :meth:`back_to`
        """
        ids = self._of_the_line(NEXT_STEP, lambda: self._ids(age)) if just_listed else self._ids(age)
        if self._shared is not None:
            self._known = _entries(self._shared.kept(OF_ENTRIES, "entries"))
        new = [one for one in ids if one not in self._listed]
        self._listed.update(new)
        return new

    def _of_the_line(self, age: float, ask: t.Callable[[], list[str]]) -> list[str]:
        """A list for the steps of a line that is alone in its run: not older than so many seconds."""
        if not _alone(self._client):
            return ask()
        ids: list[str] = self._client.in_run("calls", lambda: ask()[:LISTED], _listed, age)
        return ids

    def _asked(self) -> list[str]:
        """A new list, newest first."""
        ids = self._client.get(PATH)
        return newest_first(ids if isinstance(ids, list) else [])

    def _ids(self, age: float) -> list[str]:
        """The list, newest first: another line's, else a new one."""

        def ask() -> tuple[list[str], t.Any]:
            found = self._asked()
            self._read_ahead(found)
            return found, found[:LISTED]

        if self._shared is None:
            return ask()[0]
        self._client.skew()  # whoever asks keeps the others waiting for no second call
        ids: list[str]
        ids, self.together = self._shared.answer(
            TOPIC, LIST, lambda together: age if together else -1.0, ask, _listed, self._client.held_for, moments.AROUND
        )
        return ids

    def _read_ahead(self, ids: list[str]) -> None:
        """Read what came since any line has read, before other lines are told of it: each would read it then.

        A line alone does not: the list is the last call before its request.
        """
        if self._shared is None or not self._shared.others(TOPIC, LIST, moments.AROUND):
            return
        self._known = _entries(self._shared.kept(OF_ENTRIES, "entries"))
        new = list(itertools.takewhile(lambda one: one not in self._known, ids))
        if len(new) == len(ids):
            return  # none has: how far is worth it is for the one that asks
        for start in range(0, min(len(new), AHEAD * BATCH), BATCH):
            if self._batch(new[start : start + BATCH]) is None:
                return

    def _read(self, ids: list[str], since: datetime.datetime, far: datetime.datetime) -> Posts:
        unknown = ""
        read = batches = 0
        while read < len(ids):
            chunk = ids[read : read + BATCH]
            entries = self._batch(chunk)
            if entries is None:
                return self._one_by_one(ids[read:], since)
            dates = [date for date in map(self._take, entries) if date is not None]
            batches, read = batches + 1, read + len(chunk)
            if len(dates) < len(chunk) and max(dates, default=since) >= since:
                unknown = f"{len(chunk) - len(dates)} of its entries cannot be read"
            oldest = min(dates, default=None)
            if oldest is not None and oldest < far:
                break
            if batches >= MUST_BATCHES or (batches >= FAR_BATCHES and oldest is not None and oldest < since):
                if oldest is None or oldest >= since:
                    unknown = f"its newest {read} entries are all younger"
                break
        return Posts(tuple(sorted(self.times)), unknown)

    def _one_by_one(self, ids: list[str], since: datetime.datetime) -> Posts:
        unknown, left = "", SINGLE_DEPTH
        for number, log_id in enumerate(ids):
            left -= log_id not in self._known
            if left < 0:
                unknown = f"its newest {number} entries are all younger, and they can only be read one by one"
                break
            date = self._take(self._single(log_id))
            if date is None:
                unknown = "some of its entries cannot be read"
            elif date < since:
                break
        return Posts(tuple(sorted(self.times)), unknown)

    def _batch(self, ids: list[str]) -> list[dict[str, t.Any]] | None:
        """Entries in one request, but for those that another line has read; None where the API does not answer so."""
        known = [self._known[one] for one in ids if one in self._known]
        ids = [one for one in ids if one not in self._known]
        if known and len(ids) < 2:
            return [*known, *(entry for entry in map(self._single, ids) if isinstance(entry, dict))]
        if self._batches and len(ids) > 1:
            entries = self._client.get_batch(PATH, ids)
            self._batches = bool(entries)
            self._keep(ids, entries or [])
            return [*known, *entries] if entries else None
        return None

    def _single(self, log_id: str) -> t.Any:
        if log_id in self._known:
            return self._known[log_id]
        entry = self._client.get(f"{PATH}/{segment(log_id)}")
        self._keep([log_id], [entry])
        return entry

    def _keep(self, ids: t.Collection[str], entries: t.Iterable[t.Any]) -> None:
        """For other lines: what was just read, as far as an entry says which one it is."""
        new = {}
        for entry in entries:
            log_id = str(entry.get("logId")) if isinstance(entry, dict) else ""
            if log_id in ids and parse_time(entry.get("date")):
                post = str(entry.get("path") or "") if entry.get("method") == "POST" else ""
                new[log_id] = {"date": str(entry["date"]), "method": "POST" if post else "", "path": post}
        self._known.update(new)
        if self._shared is not None and new:
            self._shared.keep(OF_ENTRIES, "entries", lambda kept: _newest_of({**_entries(kept), **new}))

    def _take(self, entry: t.Any) -> datetime.datetime | None:
        """Note an entry, and return its time, if it has one."""
        date = parse_time(entry.get("date")) if isinstance(entry, dict) else None
        if date is None:
            return None
        ours = str(entry.get("path") or "").rstrip("/").endswith(self._path)
        if entry.get("method") == "POST" and ours:
            self.times.append(date)
        return date


def _listed(kept: t.Any) -> list[str] | None:
    """A list that was kept; None for what is none of ours (pure)."""
    return kept if isinstance(kept, list) and all(isinstance(one, str) for one in kept) else None


def _entries(kept: t.Any) -> dict[str, dict[str, str]]:
    """Entries that were kept, by number; those that are none of ours are left out (pure)."""
    found = kept.items() if isinstance(kept, dict) else ()
    names = {"date", "method", "path"}
    return {
        str(log_id): entry
        for log_id, entry in found
        if isinstance(entry, dict) and set(entry) == names and all(isinstance(one, str) for one in entry.values())
    }


def _newest_of(entries: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {log_id: entries[log_id] for log_id in newest_first(entries)[:KEPT]}


def newest(client: Client, count: int) -> t.Iterator[dict[str, t.Any]]:
    """Yield the newest entries (date, ip or null, method, path), newest first.

    The log has no filter.

    :raises Failure: when the log may not be read.
    """
    return RequestLog(client, "", _alone(client)).newest(count)


def _alone(client: Client) -> bool:
    """Is the line alone in its run, so that its next step follows at once?"""
    shared: Shared | None = getattr(client, "shared", None)
    return shared is not None and bool(shared.run) and not shared.several
