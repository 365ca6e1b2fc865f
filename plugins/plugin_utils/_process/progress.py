# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of progress while a task waits: a module, or a function of ours, cannot show anything by itself."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import typing as t

from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import last_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process.alongside import alongside

#: Seconds between two lines of progress.
PROGRESS = 15.0
#: The same where many lines are waited for.
PROGRESS_OF_MANY = 60.0
#: From so many hosts of a play on, each of them says less, unless -v wants it.
MANY = 6
#: A look that takes more seconds than this is not answered.
SLOW = 8.0


_hosts = 1


def among(hosts: int) -> None:
    """:param hosts: of the play that this worker's task is of"""
    global _hosts
    _hosts = hosts


def sparing() -> bool:
    """Are there so many hosts that nobody could read all that each of them has to say?"""
    return bool(_hosts >= MANY and Display().verbosity == 0)


class Looks:
    """What became of the looks for something so far, told by who looks to who writes a line."""

    def __init__(self) -> None:
        self._trouble = ""
        self._since: float | None = None

    def hear(self, why: str | None) -> None:
        """
        :param why: None when a look begins, then why it failed, as sentences, or "" when it was answered
        """
        self._since = time.monotonic() if why is None else None
        self._trouble = self._trouble if why is None else why

    def trouble(self) -> str:
        """Why nothing can be told of what is looked for; "" when it can."""
        since = self._since
        silent = 0.0 if since is None else time.monotonic() - since
        return self._trouble or (f"There is no answer for {silent:.0f} s." if silent > SLOW else "")


@contextlib.contextmanager
def shown(
    host: str, waits_for: str, timeout: float, note: str = "", note_in_trouble: str = ""
) -> t.Iterator[t.Callable[[str | None], None]]:
    """Show every :data:`PROGRESS` seconds that something is waited for, or why it cannot be looked for.

    :param timeout: seconds that it may take at most
    :param note: sentences beside it
    :param note_in_trouble: those that take their place while it cannot be looked for
    :returns: takes what became of a look: see :meth:`Looks.hear`
    """
    looks = Looks()

    def line(seconds: int) -> str:
        trouble = looks.trouble()
        return progress(waits_for, seconds, timeout, trouble, note_in_trouble if trouble else note)

    # The main thread works; the other one only writes lines.
    with alongside(lambda done: _show(done, host, line)):
        yield looks.hear


def progress(waits_for: str, seconds: int, timeout: float, trouble: str, note: str) -> str:
    """What a line says."""
    of = f"{seconds} s of at most {timeout:g} s"
    if trouble:
        return f"{waits_for} cannot be looked for, this is tried again: {of}. {trouble} {note}".rstrip()
    return f"waiting for {waits_for}: {of}. {note}".rstrip()


def _show(done: threading.Event, host: str, line: t.Callable[[int], str]) -> None:
    started, parent, told = time.monotonic(), os.getppid(), 0
    while not done.wait(1.0):
        if os.getppid() != parent:
            # Nobody waits for this any more, and the same command goes on.
            last_words.orphan()
        seconds = int(time.monotonic() - started)
        if seconds < told + (PROGRESS_OF_MANY if sparing() else PROGRESS):
            continue
        told = seconds
        say(host, line(seconds))


def say(host: str, text: str) -> None:
    """A line of its own, whatever the verbosity."""
    Display().display(harmless(f"[{host}] {text}"))
