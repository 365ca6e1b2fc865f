# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast this control node calls the API: all runs and lines that share a key share one budget.

OVHcloud's maintainers call 60 requests a minute and key safe (python-ovh, issue 81). A third of the budget may be spent
at once, the rest comes back evenly, so no minute sees more than the whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file

#: A time stamp further ahead than this (seconds) is not ours: a clock was set back, or a file was damaged.
FAR = 3600.0


def default_state_dir() -> str:
    """``$XDG_STATE_HOME/ownrouter.ovhcloud``, by default ``~/.local/state/ownrouter.ovhcloud``."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(base, "ownrouter.ovhcloud")


class Pace:
    """The budget of one key, kept in one small file; it holds a time, and the file's name a digest of the key's name.

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

    def wait(self) -> None:
        """Take the next place, and return when its time has come."""
        if self._per_minute > 0:
            pause = self._take()
            if pause > 0:
                self._sleep(pause)

    def _take(self) -> float:
        """Seconds until the place that this call took (generic cell rate algorithm, ITU-T I.371)."""
        at_once = max(1, self._per_minute // 3)
        spacing = 60.0 / max(1, self._per_minute - at_once)
        try:
            os.makedirs(self._dir, mode=0o700, exist_ok=True)
            with _own_file.opened(self._path, os.O_RDWR | os.O_CREAT) as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                now = time.time()
                due = max(_due(os.pread(handle, 64, 0), now), now) + spacing
                os.ftruncate(handle, os.pwrite(handle, f"{due:.3f}\n".encode(), 0))
        except (OSError, _own_file.NotOurs):
            return 0.0
        return max(0.0, due - now - at_once * spacing)


def _due(text: bytes, now: float) -> float:
    """The time in a file, or now where it holds none of ours."""
    try:
        due = float(text)
    except ValueError:
        return now
    return due if due < now + FAR else now
