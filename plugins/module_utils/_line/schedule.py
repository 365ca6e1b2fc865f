# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a renewal that is due may cut the line: the hours of the day, and a fleet's spread over days (pure)."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso

_FORM = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})(?:\s+(\S+))?")
_FORMS = "two times of the day and a time zone, such as 02:00-05:00 Europe/Paris, or 22:30-04:00 UTC"
_MINUTE = datetime.timedelta(minutes=1)
#: Days in which the next begin is looked for: where the clocks leave out the hours of one night, the next one has them.
_DAYS = 3


@dataclasses.dataclass(frozen=True)
class Hours:
    """From a time of the day to another, which may be one of the next day.

    :param zone: None for that of this machine
    """

    start: datetime.time
    end: datetime.time
    zone: datetime.tzinfo | None = None

    def hold(self, now: datetime.datetime) -> bool:
        """Is it that time? By the clock on the wall: an hour that comes twice counts twice, one left out does not."""
        at = now.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def next(self, now: datetime.datetime) -> datetime.datetime:
        """When they begin the next time, in their own zone: the first minute in which they hold after one without."""
        at = now.astimezone(datetime.timezone.utc).replace(second=0, microsecond=0)
        held = self.hold(now)
        for _minute in range(_DAYS * 24 * 60):
            at += _MINUTE
            before, held = held, self.hold(at)
            if held and not before:
                break
        return at.astimezone(self.zone)

    def told(self, now: datetime.datetime) -> str:
        """When they begin the next time, for people: in their own zone, and in UTC."""
        begins = self.next(now)
        return f"{begins:%Y-%m-%d %H:%M} {getattr(self.zone, 'key', '') or begins.tzname()} ({iso(begins)})"


def parse_hours(name: str, value: str) -> Hours:
    """
    :raises Failure: ``invalid_option`` with the value and the accepted form
    """
    match, hours, form = _FORM.fullmatch(value.strip()), None, _FORMS
    if match is not None:
        with contextlib.suppress(ValueError):
            hours = Hours(_time(match[1], match[2]), _time(match[3], match[4], ends=True))
        try:
            hours = dataclasses.replace(hours, zone=_zone(match[5])) if hours else None
        except ValueError:
            hours, form = None, f"{form}: {match[5]} is no time zone that this machine knows (Debian's package tzdata)"
    if hours is None or hours.start == hours.end:
        raise Failure(
            "invalid_option",
            f"{name} is {value!r}; it takes {form}. Without a zone, it is that of this machine. Nothing was requested.",
            {"option": name, "value": value},
        )
    return hours


def _time(hour: str, minute: str, ends: bool = False) -> datetime.time:
    """:param ends: 24:00 is the end of the day

    :raises ValueError: for what is no time of the day
    """
    return datetime.time() if ends and (hour, minute) == ("24", "00") else datetime.time(int(hour), int(minute))


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
