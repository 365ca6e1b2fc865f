# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker says when a signal ends it: Ctrl-C, the cancel or the time-out of a job.

Ansible's main process hands SIGINT and SIGTERM on to its workers and ends without their results (ansible-core 2.19 to
2.21, task_queue_manager.py and process/worker.py), so that a result or a line of Display would come too late. A worker
has no standard error of its own; it writes to that of its parent. ansible-runner, and AWX with it, hands on nothing: it
kills Ansible's process group, where no worker is, and reads what is still said for five seconds (ansible-runner 2.4.3,
runner.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import threading
import time
import types
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless

SIGNALS = (signal.SIGINT, signal.SIGTERM)
STDERR = 2
#: Seconds.
FILE_PAUSE = 0.5
#: Seconds between two looks whether Ansible is still there.
LOOK = 0.5
#: Seconds that the words of a worker whose Ansible is gone may take; it may be busy where no signal is seen.
GONE_LIMIT = 5.0
#: Ansible was killed, and could hand nothing on.
_orphaned = threading.Event()
_before: dict[signal.Signals, t.Any] = {}
_open: list[int] = []
_watches: list[threading.Event] = []


def at_a_signal(words: t.Callable[[str], str]) -> None:
    """From here on, a signal is answered with these words, and then as it was before.

    :param words: makes the last words of a reason
    """
    if threading.current_thread() is not threading.main_thread():
        return
    parent = os.getppid()
    try:
        # No controlling terminal is to come of it, and no process that starts from here is to have it.
        _open.append(os.open(f"/proc/{parent}/fd/{STDERR}", os.O_WRONLY | os.O_NOCTTY | os.O_APPEND))
    except OSError:
        return

    def say(number: int, frame: types.FrameType | None) -> None:
        # Said once: a second signal, or the watch over Ansible, must not end this before it is written.
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        reason = "Ansible was killed." if _orphaned.is_set() else f"the run was ended by {signal.Signals(number).name}."
        said = harmless(words(reason))
        if number == signal.SIGINT and stat.S_ISREG(os.fstat(_open[-1]).st_mode):
            # Opened twice, a file has two places to write at: what Ansible says of Ctrl-C has to come first.
            time.sleep(FILE_PAUSE)
        # Who reads it may be gone before Ansible is, as is a "tee" that Ctrl-C ends, too.
        with contextlib.suppress(OSError):
            os.write(_open[-1], f"[ERROR]: {said}\n".encode())
        handler = _before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)
        os._exit(1)

    for one in SIGNALS:
        _before[one] = signal.signal(one, say)
    done = threading.Event()
    _watches.append(done)
    threading.Thread(target=_watch, args=(parent, done), daemon=True).start()


def _watch(parent: int, done: threading.Event) -> None:
    while not done.wait(LOOK):
        if os.getppid() != parent:
            orphan()


def orphan() -> None:
    """End this process, whose Ansible is gone: with its last words where there are some, and from any thread."""
    _orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GONE_LIMIT)
    os._exit(1)


def nothing() -> None:
    """A signal is answered as it was before."""
    while _watches:
        _watches.pop().set()
    for one, handler in _before.items():
        signal.signal(one, handler)
    _before.clear()
    while _open:
        os.close(_open.pop())
