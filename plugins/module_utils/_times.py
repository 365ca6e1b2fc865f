# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times of the API and of what is returned: ISO 8601, UTC (pure)."""

from __future__ import annotations

import datetime
import typing as t


def iso(when: datetime.datetime) -> str:
    """A time as ISO 8601 UTC, whole seconds."""
    return when.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


#: Others are nobody's: what programs write that know no time (0001-01-01), and what no sum with a duration holds.
YEARS = range(1970, 9000)


def parse_time(value: t.Any) -> datetime.datetime | None:
    """Read a time of the API (ISO 8601 with an offset or ``Z``); None for none, or one of no year in :data:`YEARS`."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.endswith(("Z", "z")):
        text = text[:-1] + "+00:00"
    if len(text) > 5 and text[-5] in "+-" and text[-4:].isdigit():
        text = f"{text[:-2]}:{text[-2:]}"
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None or when.year not in YEARS:
        return None
    return when.astimezone(datetime.timezone.utc)
