# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's clock, as answers and files tell it (pure but for this machine's own clocks)."""

from __future__ import annotations

import time
import typing as t
from email.utils import parsedate_to_datetime

#: Seconds since 1970 that a clock of OVHcloud's can show: 2020 to 2100.
TIMES = range(1_577_836_800, 4_102_444_800)


def kept(found: t.Any) -> list[float] | None:
    """The difference of the clocks that a file holds, unless this machine's was set since; None for none of ours."""
    try:
        skew, zero = found
        stepped = abs(time.time() - time.monotonic() - zero) > 0.5
        return None if stepped or abs(skew) > len(TIMES) else [int(skew), zero]
    except (TypeError, ValueError):
        return None


def ahead(headers: t.Mapping[str, str]) -> int | None:
    """Seconds that OVH's clock is ahead by an answer's ``Date`` (RFC 9110); None where that tells no time of it."""
    try:
        told = int(parsedate_to_datetime(headers.get("Date", "")).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None
    return told - int(time.time()) if told in TIMES else None


def retry_after(headers: t.Mapping[str, str]) -> float | None:
    """Read ``Retry-After`` (RFC 9110: seconds, or an HTTP date) as seconds from now."""
    value = headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():  # isdigit() alone takes superscripts, too
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, when.timestamp() - time.time())
