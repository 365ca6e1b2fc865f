# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's own log of the calls that an account made: evidence of a request, and of where this host comes from."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import (
    NOT_READABLE,
    Client,
    newest_first,
    segment,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time

PATH = "/me/api/logs/self"
#: Entries read one by one, where the API does not answer for several at once.
SINGLE_DEPTH = 10
#: So many of the account's newest calls are searched for one that was made from elsewhere.
SEARCH_DEPTH = 60


def newest(client: Client, count: int) -> t.Iterator[dict[str, t.Any]]:
    """Yield the newest entries (date, ip or null, method, path), newest first.

    The log has no filter.

    :raises Failure: when the log may not be read.
    """
    ids = client.get(PATH)
    if not isinstance(ids, list):
        return
    wanted = newest_first(ids)[:count]
    batch = client.get_batch(PATH, wanted) if len(wanted) > 1 else None
    if batch:
        yield from sorted(batch, key=lambda entry: str(entry.get("date")), reverse=True)
        return
    for log_id in wanted[:SINGLE_DEPTH]:
        entry = client.get(f"{PATH}/{segment(log_id)}")
        if isinstance(entry, dict):
            yield entry


def newest_post(client: Client, path: str, since: datetime.datetime) -> datetime.datetime | None:
    """Time of the newest POST to a path that the log shows; None when it shows none since then, or cannot be read.

    :raises Failure: when OVHcloud cannot be asked now.
    """
    try:
        for entry in newest(client, SEARCH_DEPTH):
            date = parse_time(entry.get("date"))
            if date is not None and date < since:
                return None
            ours = str(entry.get("path") or "").rstrip("/").endswith(path)
            if date is not None and entry.get("method") == "POST" and ours:
                return date
    except Failure as failure:
        if failure.code not in NOT_READABLE:
            raise
    return None
