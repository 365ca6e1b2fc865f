# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this control node remembers of its requests: one small file and one lock per line.

The journal is written before a request is sent and after its answer, so that a run killed in between is resumed
instead of repeated. It holds no secret. Losing it is harmless within what OVHcloud's own record shows.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import errno
import fcntl
import json
import os
import shlex
import socket
import time
import typing as t
from urllib.parse import quote

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time

VERSION = 1
#: Outcomes that may have taken effect; a ``refused`` or ``not_sent`` request counts as never made.
COUNTED = ("sending", "confirmed", "unknown")
#: Looks for the name of a lock's holder, who may have just taken it, and the seconds after each.
NAME_LOOKS = 10
NAME_PAUSE = 0.05
#: A date that is further ahead than this is no past request's: two readings of OVHcloud's clock are never so far apart.
AHEAD = datetime.timedelta(minutes=5)
#: No line has so many requests without a mail.
MOST = 1000
#: Shared storage may know no flush of a folder; the file itself is flushed all the same.
NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOSYS)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One request for a new password: its time (UTC, OVHcloud's clock) and what is known of its effect.

    ``requests``: so many requests had no mail yet when this one was the last of them; ``since``: time of the first.
    ``refused_at``: a later request that had no effect; OVHcloud's call log may show it all the same.
    """

    requested_at: datetime.datetime
    outcome: str
    query_id: str | None = None
    requests: int = 1
    since: datetime.datetime | None = None
    refused_at: datetime.datetime | None = None

    @property
    def counts(self) -> bool:
        """May it have taken effect?"""
        return self.outcome in COUNTED

    @property
    def open(self) -> bool:
        """Is its effect still unknown?"""
        return self.outcome in ("sending", "unknown")


class Journal:
    """The journal of one line.

    :param state_dir: folder, made with mode 0700 when it does not exist.
    """

    def __init__(self, state_dir: str, service_name: str) -> None:
        self._dir = state_dir
        self._service_name = service_name
        stem = quote(service_name, safe="")
        self.path = os.path.join(state_dir, f"{stem}.json")
        self.lock_path = os.path.join(state_dir, f"{stem}.lock")

    def last(self, now: datetime.datetime | None = None) -> Entry | None:
        """The last request that this host noted, or None.

        :param now: OVHcloud's time, where it is known
        :raises Failure: ``journal`` when the file exists but cannot be understood: it may speak of a request.
        """
        try:
            noted = _own_file.read_json(self.path)
        except FileNotFoundError:
            return None
        except _own_file.NotOurs as error:
            raise self._failure(str(error)) from None
        except OSError as error:
            raise self._failure(f"cannot be read ({error.strerror})") from None
        if not isinstance(noted, dict):
            raise self._failure("is damaged")
        if noted.get("version") != VERSION:
            raise self._failure("was written by another version of this collection")
        when, outcome = parse_time(noted.get("requested_at")), noted.get("outcome")
        if when is None or outcome not in (*COUNTED, "refused", "not_sent"):
            raise self._failure("is damaged")
        count = noted.get("requests", 1)
        if not isinstance(count, int) or not 1 <= count <= MOST:
            raise self._failure("is damaged")
        since, refused_at = parse_time(noted.get("since")), parse_time(noted.get("refused_at"))
        for at in (when, since, refused_at):
            if at is not None and now is not None and at > now + AHEAD:
                raise self._failure(
                    f"has a request of {iso(at)}, and OVHcloud's clock says {iso(now)}: one of the two clocks is "
                    "wrong, or was"
                )
        query_id = noted.get("query_id")
        return Entry(when, outcome, query_id if isinstance(query_id, str) else None, count, since, refused_at)

    def record(self, entry: Entry) -> None:
        """Write the last request, atomically and flushed to the disk. Hold the lock.

        :raises Failure: ``journal`` when it cannot be written; before a request, that means: do not send it.
        """
        noted = {
            "version": VERSION,
            "service_name": self._service_name,
            "requested_at": iso(entry.requested_at),
            "outcome": entry.outcome,
            "query_id": entry.query_id,
            "requests": entry.requests,
            "since": iso(entry.since) if entry.since else None,
            "refused_at": iso(entry.refused_at) if entry.refused_at else None,
            "host": socket.gethostname(),
        }
        # One name for each line: what a killed run leaves is taken over by the next one.
        temporary = f"{self.path}.new"
        try:
            self._make_dir()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(noted, file, indent=1)
                    file.write("\n")
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self.path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
            self._sync_folder()
        except OSError as error:
            raise self._failure(f"cannot be written ({error.strerror})") from None

    def _sync_folder(self) -> None:
        folder = os.open(self._dir, os.O_RDONLY)
        try:
            os.fsync(folder)
        except OSError as error:
            if error.errno not in NO_FOLDER_SYNC:
                raise
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def locked(self) -> t.Iterator[None]:
        """Hold the line's lock; the kernel frees it when the process ends, however it ends.

        :raises Failure: ``locked``, saying who holds it and since when.
        """
        with contextlib.ExitStack() as lock:
            try:
                self._make_dir()
                handle = lock.enter_context(_own_file.opened(self.lock_path, os.O_RDWR | os.O_CREAT))
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._held(handle) from None
            except _own_file.NotOurs as error:
                raise self._failure(f"cannot be locked: {self.lock_path} {error}", self.lock_path) from None
            except OSError as error:
                raise self._failure(f"cannot be locked ({error.strerror})") from None
            self._sign(handle, f"process {os.getpid()} on {socket.gethostname()} since {_now()}")
            try:
                yield
            finally:
                self._sign(handle, "")

    def look_at_lock(self) -> None:
        """See whether what stands in the lock's place could be one, without taking it.

        :raises Failure: ``journal``
        """
        if kind := _own_file.kind_of(self.lock_path):
            raise self._failure(f"cannot be locked: {self.lock_path} is {kind}", self.lock_path)

    @staticmethod
    def _sign(handle: int, name: str) -> None:
        """Write the holder's name into its lock; on a full disk the lock holds without a name."""
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, name.encode(), 0)

    def _held(self, handle: int) -> Failure:
        """What to say of a lock that another process has."""
        for _look in range(NAME_LOOKS):
            holder = os.pread(handle, 200, 0).decode("utf-8", "replace")
            if holder:
                break
            time.sleep(NAME_PAUSE)
        return Failure(
            "locked",
            f"Another run is deciding on a renewal of {self._service_name} right now ({holder or 'nameless'}). "
            "Nothing was requested. Run the same command again when it has ended.",
            {"holder": holder, "lock": self.lock_path},
        )

    def _make_dir(self) -> None:
        os.makedirs(self._dir, mode=0o700, exist_ok=True)

    def _failure(self, why: str, at_fault: str = "") -> Failure:
        place = at_fault or self.path
        removed = "rm -rf" if os.path.isdir(place) and not os.path.islink(place) else "rm -f"
        return Failure(
            "journal",
            f"The journal {self.path} {why}. Nothing was requested. Set state_dir to a writable folder of the host "
            "that runs this module; or, if no renewal was requested in the last hour, remove what stands there "
            f"({removed} {shlex.quote(place)}).",
            {"path": self.path, "option": "state_dir"},
        )


def _now() -> str:
    return iso(datetime.datetime.now(datetime.timezone.utc))
