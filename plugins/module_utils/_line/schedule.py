# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a renewal that is due may cut the line: the hours of the day, and a fleet's spread over days (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso

_FORM = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s+(\S+))?")
_FORMS = "two times of the day and a time zone, such as 02:00-05:00 Europe/Paris, or 22:30-04:00 UTC"


@dataclasses.dataclass(frozen=True)
class Hours:
    """From a time of the day to another, which may be one of the next day.

    :param zone: None for that of this machine
    """

    start: datetime.time
    end: datetime.time
    zone: datetime.tzinfo | None = None

    def hold(self, now: datetime.datetime) -> bool:
        """Is it that time?"""
        at = now.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def next(self, now: datetime.datetime) -> datetime.datetime:
        """When they begin the next time, in their own zone."""
        local = now.astimezone(self.zone)
        for days in (0, 1, 2):
            day = local.date() + datetime.timedelta(days=days)
            # Of this machine's zone, the offset of that day is not the one of today.
            begins = datetime.datetime.combine(day, self.start, self.zone)
            begins = begins if self.zone else begins.astimezone()
            if begins > now:
                return begins
        return local + datetime.timedelta(days=1)

    def told(self, now: datetime.datetime) -> str:
        """When they begin the next time, for people: in their own zone, and in UTC."""
        begins = self.next(now)
        return f"{begins:%Y-%m-%d %H:%M} {getattr(self.zone, 'key', '') or begins.tzname()} ({iso(begins)})"


def parse_hours(name: str, value: str) -> Hours:
    """
    :raises Failure: ``invalid_option`` with the value and the accepted form
    """
    match = _FORM.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        hours = Hours(
            datetime.time(int(match[1]), int(match[2])), datetime.time(int(match[3]), int(match[4])), _zone(match[5])
        )
    except ValueError:
        hours = None
    if hours is None or hours.start == hours.end:
        raise Failure(
            "invalid_option",
            f"{name} is {value!r}; it takes {_FORMS} (a name that this machine knows; without one, the zone of this "
            "machine). Nothing was requested.",
            {"option": name, "value": value},
        )
    return hours


def _zone(name: str | None) -> datetime.tzinfo | None:
    """:raises ValueError: for one that this machine does not know"""
    if name is None:
        return None
    if name in ("UTC", "Z"):
        return datetime.timezone.utc
    import zoneinfo  # which Python has from 3.9 on

    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError from None


def share(service_name: str, whole: datetime.timedelta) -> datetime.timedelta:
    """A line's own part of a span: always the same one, and those of many lines spread evenly. Whole seconds."""
    seconds = int(whole.total_seconds())
    digest = hashlib.sha256(service_name.encode()).digest()
    return datetime.timedelta(seconds=int.from_bytes(digest[:8], "big") * seconds >> 64)
