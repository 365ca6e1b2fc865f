# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's own log of the calls that an account made: evidence of a request, and of where this host comes from."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._client import Client, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

PATH = "/me/api/logs/self"
#: Entries read one by one, where the API does not answer for several at once.
SINGLE_DEPTH = 10


def newest(client: Client, count: int) -> t.Iterator[dict[str, t.Any]]:
    """Yield the newest entries (date, ip or null, method, path), newest first.

    The log has no filter and promises no order; higher ids are newer. Several entries are asked for at once by
    OVHcloud's batch form (``/{id1},{id2}`` with ``X-Ovh-Batch``, as its control panel does), else one by one.

    :raises Failure: when the log may not be read.
    """
    ids = client.get(PATH)
    if not isinstance(ids, list):
        return
    wanted = sorted((str(one) for one in ids), key=lambda one: (len(one), one), reverse=True)[:count]
    batch = _batch(client, wanted) if len(wanted) > 1 else None
    if batch is not None:
        yield from batch
        return
    for log_id in wanted[:SINGLE_DEPTH]:
        entry = client.get(f"{PATH}/{segment(log_id)}")
        if isinstance(entry, dict):
            yield entry


def _batch(client: Client, ids: t.Sequence[str]) -> list[dict[str, t.Any]] | None:
    path = f"{PATH}/{','.join(segment(one) for one in ids)}"
    try:
        answer = client.get(path, headers={"X-Ovh-Batch": ","})
    except Failure as failure:
        if failure.code in ("not_granted", "forbidden", "not_found", "bad_request"):
            return None
        raise
    if not isinstance(answer, list):
        return None
    # Each element is {key, value, error} or the entry itself: both forms are seen in OVHcloud's own code.
    values = [item.get("value", item) for item in answer if isinstance(item, dict)]
    entries = [value for value in values if isinstance(value, dict) and value.get("date")]
    return sorted(entries, key=lambda entry: str(entry["date"]), reverse=True) if entries else None
