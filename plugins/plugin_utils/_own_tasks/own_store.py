# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store that is a task file of the user's own: which of its tasks may find nobody, and what became of them (pure).

A store that fails does not keep a router offline, and neither does one that cannot be reached. Ansible goes on after
the latter and tells nobody but by a result that was registered.
"""

from __future__ import annotations

import dataclasses
import typing as t

BLOCKS = ("block", "rescue", "always")
HERE = ("localhost", "127.0.0.1", "::1")


@dataclasses.dataclass(frozen=True)
class Remote:
    """A task that is delegated to another host.

    :param register: the variable that has its result; "" for none
    """

    name: str
    register: str


def remote(tasks: t.Any, host: str = "") -> t.Iterator[Remote]:
    """The tasks that are delegated to another host; of an included file nothing is told.

    :param host: that a block around them is delegated to
    """
    for task in tasks if isinstance(tasks, list) else []:
        if not isinstance(task, t.Mapping):
            continue
        to = str(task.get("delegate_to") or host)
        inner = [one for key in BLOCKS for one in task.get(key) or []]
        if inner:
            yield from remote(inner, to)
        elif to and to not in HERE:
            yield Remote(str(task.get("name") or "without a name"), str(task.get("register") or ""))


def unseen(path: str, tasks: t.Any, so: str) -> t.Iterator[str]:
    """Each task that is run on another host and would not tell that this host is away, as a sentence.

    :param so: what comes of that, as a clause
    """
    for task in remote(tasks):
        if not task.register:
            yield (
                f"the task {task.name!r} of {path} is run on another host, and registers no result: where that host "
                f"cannot be reached, Ansible goes on, and {so}. Give it register."
            )


def away(tasks: t.Any, value: t.Callable[[str], t.Any]) -> str:
    """The task that found its host away; "" for none.

    :param value: of a variable
    """
    for task in remote(tasks):
        result = value(task.register) if task.register else None
        each = result.get("results") if isinstance(result, t.Mapping) else None
        for one in [result, *(each if isinstance(each, list) else [])]:
            if isinstance(one, t.Mapping) and one.get("unreachable") is True:
                return task.name
    return ""
