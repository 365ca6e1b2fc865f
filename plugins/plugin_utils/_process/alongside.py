# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Something that goes on beside the work of a task, in a thread of its own."""

from __future__ import annotations

import contextlib
import contextvars
import threading
import typing as t

Answer = t.TypeVar("Answer")


@contextlib.contextmanager
def alongside(work: t.Callable[[threading.Event], None]) -> t.Iterator[None]:
    """Run `work` until the block has ended; it is waited for then.

    :param work: is given an event that is set at the end
    """
    done = threading.Event()
    # Ansible binds the task, and what its connection needs, to the context.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class Silent(Exception):
    """Nothing came of it in time; it may still."""


def within(seconds: float, act: t.Callable[[], Answer]) -> Answer:
    """What `act` returns or raises, if it ends in time. A file of another machine's may keep whoever opens it for ever.

    :raises Silent: when it does not
    """
    came: list[t.Callable[[], Answer]] = []

    def work() -> None:
        try:
            found = act()
        except Exception as error:
            failure = error

            def again() -> Answer:
                raise failure

            came.append(again)
        else:
            came.append(lambda: found)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    thread.start()
    thread.join(seconds)
    if not came:
        raise Silent
    return came[0]()
