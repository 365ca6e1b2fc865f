# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Frozen dataclasses as the plain data that goes from task to task, and back (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import math
import types
import typing as t

Record = t.TypeVar("Record")
#: The only key of a text that is not printable.
ESCAPED = "escaped"


class Unreadable(Exception):
    """These data are not those of a record; the text says which field."""


def as_data(record: t.Any) -> t.Any:
    """A record as dicts, lists, texts and numbers; times as ISO 8601 with an offset.

    A text with a sign that is not printable, such as a host's name with one that turns the direction, is ``{"escaped":
    …}``: as it is, it would be made harmless on its way out, and come back as another text.
    """
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {field.name: as_data(getattr(record, field.name)) for field in dataclasses.fields(record)}
    if isinstance(record, (tuple, list)):
        return [as_data(one) for one in record]
    if isinstance(record, datetime.datetime):
        return record.isoformat()
    if isinstance(record, str) and not record.isprintable():
        return {ESCAPED: record.encode("unicode_escape").decode("ascii")}
    return record


def from_data(kind: type[Record], data: t.Any) -> Record:
    """The record that :func:`as_data` made these data of. Unknown keys, missing ones and other types are refused.

    :raises Unreadable: naming the field
    """
    found: Record = _value(kind, data, kind.__name__)
    return found


def _value(kind: t.Any, data: t.Any, where: str) -> t.Any:
    origin = t.get_origin(kind)
    if origin in (t.Union, types.UnionType):
        if data is None:
            return None
        (kind,) = (one for one in t.get_args(kind) if one is not types.NoneType)
        return _value(kind, data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise Unreadable(where)
        return tuple(_value(t.get_args(kind)[0], one, where) for one in data)
    if dataclasses.is_dataclass(kind):
        return _record(t.cast(t.Any, kind), data, where)
    if kind is datetime.datetime:
        return _time(data, where)
    if kind is float and isinstance(data, (int, float)) and not isinstance(data, bool):
        return _number(data, where)
    if kind is str and isinstance(data, t.Mapping) and list(data) == [ESCAPED]:
        data = _unescaped(data[ESCAPED], where)
    # Ansible's own texts and numbers are subclasses of these.
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        raise Unreadable(where)
    return bool(data) if kind is bool else kind(data)


def _unescaped(data: t.Any, where: str) -> str:
    try:
        return str(data).encode("ascii").decode("unicode_escape")
    except ValueError:
        raise Unreadable(where) from None


def _time(data: t.Any, where: str) -> datetime.datetime:
    """One with an offset: others cannot be compared with the clock."""
    try:
        when = datetime.datetime.fromisoformat(data) if isinstance(data, str) else None
        if when is not None and when.tzinfo is not None:
            return when.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise Unreadable(where)


def _number(data: float, where: str) -> float:
    try:
        found = float(data)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Unreadable(where)
    return found


def _record(kind: t.Any, data: t.Any, where: str) -> t.Any:
    if not isinstance(data, t.Mapping):
        raise Unreadable(where)
    hints = t.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    if odd := set(data) ^ set(names):
        raise Unreadable(f"{where}.{min(map(str, odd))}")
    return kind(**{name: _value(hints[name], data[name], f"{where}.{name}") for name in names})
