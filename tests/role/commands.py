# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that a run prints, each with the words before it: to be given to a shell as they are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

#: A command has a line of its own, and a person may take it from there with the mouse.
LINE = re.compile(r"^(?P<lead>.*):\n(?P<command>ansible(?:-playbook)? .+)$", re.MULTILINE)
#: A result of a task that failed, of which host; its JSON follows.
FAILED = re.compile(
    r"^(?:(?:fatal|failed): \[(.+?)(?: -> .+?)?\](?: \(item=.*\))?:? \S+|(\S.*) \| FAILED!) => (?=\{\s*\")",
    re.MULTILINE,
)
#: Words before a command that goes on, and is meant to be given first.
FIRST = ("run the same command again", "To go on without a second request", "To look again")


@dataclass(frozen=True)
class Printed:
    """``lead``: the sentence that ends with the command."""

    lead: str
    command: str

    @property
    def first(self) -> bool:
        return self.lead.endswith(FIRST)


def printed(text: str) -> list[Printed]:
    """The commands in a text, in their order."""
    found = [Printed(re.split(r"[.!?] ", one["lead"])[-1], one["command"]) for one in LINE.finditer(text)]
    return list(dict.fromkeys(found))


def messages(output: str, host: str) -> list[str]:
    """What a host was told in failures, line breaks and all."""
    found = []
    for one in FAILED.finditer(output):
        if (one[1] or one[2]) == host:
            result, _end = json.JSONDecoder().raw_decode(output, one.end())
            found.append(str(result.get("msg", "")))
    return found


def of_host(output: str, host: str) -> list[Printed]:
    """The commands that a host was told. Each stands in the output as a shell takes it, too.

    :raises AssertionError: when one does not
    """
    found = list(dict.fromkeys(one for message in messages(output, host) for one in printed(message)))
    lines = set(output.splitlines())
    for one in found:
        assert one.command in lines, f"no line of the output is: {one.command}"
    return found


def to_go_on(commands: list[Printed]) -> Printed | None:
    """The one that a person would give first."""
    return next((one for one in commands if one.first), commands[0] if commands else None)
