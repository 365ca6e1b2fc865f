# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From where OVHcloud sees this run's own calls: its log of the account's calls.

How long a call takes to be in that log is not known. So earlier looks over the same route are remembered, and the calls
of one of them count where those of now are not there yet.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import json
import os
import stat
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import call_log, moments
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.sealed import Seal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Exit

#: Only entries this young, among so many of the newest, can be this run's own calls.
RECENT = datetime.timedelta(seconds=30)
LOG_DEPTH = 30
#: So many of the newest are read for several lines at once, and this is kept of each.
TOGETHER_DEPTH, OF_ENTRY = call_log.BATCH, ("date", "ip", "path")
TOPIC = "exits"
#: An earlier look counts for so long, and so many of them are remembered.
EARLIER, LOOKS = datetime.timedelta(days=1), 8
#: Bytes: a file that is longer is none of ours.
LONGEST = 65536
Entries = t.Sequence[t.Mapping[str, t.Any]]


def look(client: Client, service_name: str, trail: str = "", folder: str = "") -> Exit:
    """The addresses that the log gives for this run's calls, else for those of an earlier look over the same route.

    Call it after a call for this access: only such a call, made just now, can be this host's.

    :param trail: by what this host reaches the API; "" where that cannot be told
    :param folder: that looks are remembered in; "" for none
    """
    now = client.now()
    key = f"{client.connection.base_url} {client.connection.identity} {service_name}" if trail and folder else ""
    earlier = [] if not key else [at for at in remembered(folder, key, trail) if now - EARLIER < at < now - RECENT]
    if key:
        remember(folder, key, trail, now)
    oldest = min(earlier, default=now) - RECENT
    try:
        newest, anew = _together(client)
        entries = _of_line(newest, service_name, oldest)
        if not (anew or any(date >= now - RECENT for date, _ip in entries)):
            entries = _of_line(call_log.newest(client, LOG_DEPTH), service_name, oldest)
    except Failure as failure:
        return Exit((), f"OVHcloud's call log (GET {call_log.PATH}) cannot be read ({failure.code})")
    except ValueError:
        return Exit((), "OVHcloud's call log gives something else than an address for this host")
    found = {ip for date, ip in entries if date >= now - RECENT}
    for at in sorted(earlier, reverse=True):
        # A look takes some seconds, and ends with this one of the log.
        found = found or {ip for date, ip in entries if at - RECENT <= date <= at}
    return _of(found)


def _of_line(
    newest: t.Iterable[t.Mapping[str, t.Any]], service_name: str, oldest: datetime.datetime
) -> list[tuple[datetime.datetime, str]]:
    """When calls for this line came, and from where; "" for no address.

    :raises ValueError: when something else than an address stands there
    """
    entries = []
    for entry in newest:
        date = parse_time(entry.get("date"))
        if date is None or date < oldest:
            break
        if f"/xdsl/{segment(service_name)}/" in str(entry.get("path") or ""):
            entries.append((date, str(ipaddress.ip_address(entry["ip"])) if entry.get("ip") else ""))
    return entries


def _together(client: Client) -> tuple[list[dict[str, t.Any]], bool]:
    """The newest entries, which lines of one run read together after the last call of each; none for a line alone.

    :returns: with whether this line has read them itself
    """
    shared = getattr(client, "shared", None)
    if shared is None or not shared.several:
        return [], False
    seal, since, question = Seal(client.connection.secrets), time.monotonic(), f"{shared.run} newest"

    def ask() -> tuple[tuple[list[dict[str, t.Any]], bool], t.Any]:
        newest = [{name: one.get(name) for name in OF_ENTRY} for one in call_log.newest(client, TOGETHER_DEPTH)]
        return (newest, True), seal.closed(newest)

    def take(kept: t.Any) -> tuple[list[dict[str, t.Any]], bool] | None:
        found = seal.opened(kept)
        return (found, False) if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None

    moments.meet(client, TOPIC, question)
    # Several lines wait for it, and their calls go down in the log meanwhile.
    turn, client.turn = client.turn, Turn.POST
    try:
        found: tuple[list[dict[str, t.Any]], bool] = shared.answer(
            TOPIC, question, lambda _others: time.monotonic() - since, ask, take, client.held_for
        )[0]
    finally:
        client.turn = turn
    return found


def _of(found: t.Collection[str]) -> Exit:
    if not found:
        return Exit((), "OVHcloud's call log does not show this run's own calls yet")
    if set(found) == {""}:
        return Exit((), "OVHcloud's call log gives no address for this host's calls")
    named = tuple(sorted({*found} - {""}))
    if len(found) > 1:
        from_all = ", ".join(sorted(one or "none" for one in found))
        return Exit(named, f"OVHcloud's call log shows calls for this line from several addresses now ({from_all})")
    return Exit(named)


def _path(folder: str) -> str:
    return os.path.join(folder, "looks.json")


def _read(folder: str) -> list[dict[str, str]]:
    try:
        # A pipe would be waited for, and a link leads anywhere.
        handle = os.open(_path(folder), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return []
    try:
        text = os.read(handle, LONGEST) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
        found = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return []
    finally:
        os.close(handle)
    wanted = {"key", "trail", "at"}
    return [one for one in found if isinstance(one, dict) and set(one) == wanted] if isinstance(found, list) else []


def remembered(folder: str, key: str, trail: str) -> list[datetime.datetime]:
    """When this key looked at this line over this route before."""
    times = [parse_time(one["at"]) for one in _read(folder) if (one["key"], one["trail"]) == (key, trail)]
    return [one for one in times if one is not None]


def remember(folder: str, key: str, trail: str, at: datetime.datetime) -> None:
    """Keep a look. Of two runs at a time the later one's stays; where nothing can be written, none does."""
    mine = [one for one in _read(folder) if one["key"] == key][-(LOOKS - 1) :]
    others = [one for one in _read(folder) if one["key"] != key][-(LOOKS * 20) :]
    kept = [*others, *mine, {"key": key, "trail": trail, "at": iso(at)}]
    with contextlib.suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        fresh = f"{_path(folder)}.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(fresh, _path(folder))
