# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast this control node calls the API: all runs and lines that share a key, and a state folder, share one budget.

OVHcloud's maintainers call 60 requests a minute and key safe (python-ovh, issue 81).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import pace
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Calls, Turn

#: Bytes: a file that is longer is none of ours.
LONGEST = 256 * 1024
#: Whoever has to wait comes so many seconds later than it must: times in the file are rounded.
BEHIND = 0.01


def default_state_dir() -> str:
    """``$XDG_STATE_HOME/ownrouter.ovhcloud``, by default ``~/.local/state/ownrouter.ovhcloud``."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(base, "ownrouter.ovhcloud")


class Pace:
    """The budget of one key, kept in one small file; it holds times, and the file's name a digest of the key's name.

    Where the folder cannot be written or locked, calls are not held back: a budget is a courtesy, no reason to stop.

    :param state_dir: folder, made with mode 0700 when it does not exist.
    :param key: what the calls share; public, such as the application key.
    :param per_minute: requests a minute; 0 holds nothing back.
    """

    def __init__(
        self, state_dir: str, key: str, per_minute: int, sleep: t.Callable[[float], None] = time.sleep
    ) -> None:
        self._dir = state_dir
        self._path = os.path.join(state_dir, f"pace-{hashlib.sha256(key.encode()).hexdigest()[:16]}")
        self._per_minute = per_minute
        self._sleep = sleep

    def wait(self, turn: Turn = Turn.READ) -> None:
        """Return when a call of this kind may be sent, and count it."""
        while (pause := self.held_for(turn, take=True)) > 0:
            self._sleep(pause + BEHIND)

    def held_for(self, turn: Turn, take: bool = False) -> float:
        """Seconds until a call of this kind may be sent.

        :param take: count it, if that is now
        """
        pause = 0.0
        if self._per_minute > 0:
            with contextlib.suppress(OSError, _own_file.NotOurs), self._opened() as handle:
                now, calls = time.time(), self._read(handle)
                pause = max(0.0, pace.due(calls, now, turn, self._per_minute) - now)
                if take and not pause:
                    self._write(handle, calls.and_one(now, turn))
        return pause

    def short(self) -> bool:
        """Do other calls than looks for a mail take a third of this minute's budget? Never without a budget."""
        return pace.short(self._sent(), time.time(), self._per_minute) if self._per_minute > 0 else False

    def beginning(self) -> bool:
        """Was a preflight's first call sent in the last seconds? Never without a budget."""
        return pace.beginning(self._sent(), time.time()) if self._per_minute > 0 else False

    def _sent(self) -> Calls:
        with contextlib.suppress(OSError, _own_file.NotOurs), self._opened() as handle:
            return self._read(handle)
        return Calls()

    def refused(self, retry_after: float | None) -> None:
        """OVHcloud has said that these were too many (429): everybody who shares the folder is silent, then slower.

        :param retry_after: seconds, where it told
        """
        if self._per_minute > 0:
            with contextlib.suppress(OSError, _own_file.NotOurs), self._opened() as handle:
                self._write(handle, self._read(handle).refused(time.time(), retry_after))

    @contextlib.contextmanager
    def _opened(self) -> t.Iterator[int]:
        """The file, locked.

        :raises OSError: when it cannot be; :raises _own_file.NotOurs: when something else stands there
        """
        os.makedirs(self._dir, mode=0o700, exist_ok=True)
        with _own_file.opened(self._path, os.O_RDWR | os.O_CREAT) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle

    @staticmethod
    def _read(handle: int) -> Calls:
        return pace.of_text(os.pread(handle, LONGEST, 0).decode("utf-8", "replace"))

    @staticmethod
    def _write(handle: int, calls: Calls) -> None:
        text = pace.as_text(calls).encode()
        os.ftruncate(handle, os.pwrite(handle, text, 0))
