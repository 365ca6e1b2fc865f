# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests still wait for their mail: the journal's entry and OVHcloud's log of POSTs together (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import CUT_WITHIN, DATE_SLACK

#: The log dates a request when it arrived; between its entry in the journal and that lie a look at the log and the
#: time-outs of one call.
ARRIVES_WITHIN = datetime.timedelta(seconds=45)
#: A refusal is an answer: it came soon.
REFUSED_WITHIN = datetime.timedelta(seconds=10)


@dataclasses.dataclass(frozen=True)
class Asked:
    """Requests of a line, the first without a known mail to the newest. ``confirmed``: OVHcloud took the newest."""

    newest: datetime.datetime
    first: datetime.datetime
    count: int
    confirmed: bool


def asked(
    noted: Entry | None, posts: t.Iterable[datetime.datetime], session_ok_at: datetime.datetime | None
) -> Asked | None:
    """Put the two records together; None when neither shows a request.

    :param noted: the journal's entry.
    :param posts: times of the POSTs that the log shows.
    :param session_ok_at: an accepted dial-in that stands; what was requested well before it is done with.
    """
    posts = sorted(posts)
    for at in (noted.refused_at, None if noted.counts else noted.requested_at) if noted else ():
        of_it = [post for post in posts if at is not None and at - DATE_SLACK <= post <= at + REFUSED_WITHIN]
        if of_it:
            posts.remove(of_it[0])  # the one; another host may have asked right after it
    settled = session_ok_at - CUT_WITHIN if session_ok_at is not None else None
    still = [post for post in posts if settled is None or post > settled]
    if noted is None or not noted.counts:
        return Asked(still[-1], still[0], len(still), True) if still else None
    at, first = noted.requested_at, noted.since or noted.requested_at
    later = [post for post in posts if post > at + ARRIVES_WITHIN]
    if later and settled is not None and at <= settled:
        return Asked(later[-1], still[0], len(still), True) if still else Asked(later[-1], later[-1], 1, True)
    arrived = noted.outcome == "confirmed" or any(_is(post, at) for post in posts)
    count = max(noted.requests, sum(post >= first - DATE_SLACK for post in posts))
    return Asked(later[-1] if later else at, first, count, arrived or bool(later))


def _is(post: datetime.datetime, at: datetime.datetime) -> bool:
    """Is a POST of the log the request that was noted at that time?"""
    return at - DATE_SLACK <= post <= at + ARRIVES_WITHIN
