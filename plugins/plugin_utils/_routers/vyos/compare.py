# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What VyOS tells of its configurations when they are compared, and when the configuration mode is entered: pure."""

from __future__ import annotations

import dataclasses
import re

#: The command itself without its blanks, where it is left in the answer: a narrow terminal puts more into it.
ECHO = re.compile(r"(?:\S+@\S+#)?compare(?:saved)?")
NONE = re.compile(r"(?i)\bno (?:configuration )?changes\b")
#: At "configure", while some of the saved configuration is not running, because it was refused at boot (seen on
#: consoles, in public notes).
BOOT_FAILED = re.compile(r"config error on boot", re.I)
#: At "configure": op-mode-definitions/configure.xml.in of vyos-1x.
LIVE = re.compile(r"live-ISO environment", re.I)

FOREIGN = (
    "Its running configuration has changes that are not saved, and they would be saved, too. "
    "Look at them (configure; compare saved), then save or undo them."
)
UNREAD = (
    "VyOS cannot compare what runs with its saved configuration, so whether a password is saved could not be told. "
    "On the router, see what configure; compare saved says, and that /config/config.boot is there and whole."
)
OVERWRITES = (
    "VyOS says that its saved configuration had an error at boot: not all of it is running, and a save would lose the "
    "rest. Put that right first (configure; compare saved; load /config/config.boot), then commit and save."
)
NOT_KEPT = "VyOS runs from a live image: what is saved there is gone at its next boot. Install it (install image)."


@dataclasses.dataclass(frozen=True)
class Changes:
    """What "compare" tells: whether anything differs, and whether anything but our own settings does.

    :param unread: it told neither changes nor that there are none: anything may differ
    """

    any: bool
    foreign: bool
    unread: bool = False

    @classmethod
    def read(cls, text: str, interface: str) -> Changes:
        """1.3 writes "[edit interfaces ...]" and ">password ..", 1.4 "[interfaces ...]" and "+ password ...".

        A node that is new as a whole, or gone, has all that is below it in braces: "+ authentication {".
        Without a change 1.4 says so, and 1.3 says nothing; 1.4 ends in a Traceback when the saved configuration is not
        there or cannot be parsed (_get_saved_config_tree() of vyos-1x, python/vyos/config_mgmt.py).
        """
        where: list[str] = []
        ours = ["interfaces", "pppoe", interface]
        any_, foreign, odd = False, False, False
        for line in text.splitlines():
            head = re.match(r"\[(?:edit ?)?(.*)\]\s*$", line)
            if head:
                where = head[1].split()
            elif line[:1] in ("-", "+", ">"):
                any_ = True
                change = line[1:].strip()
                path = [*where, *change.split(" ")]
                if change == "}" and where:
                    where.pop()
                elif change.endswith(" {"):
                    where.append(change[:-2])
                    foreign |= where != [*ours, "authentication"] or line[0] != "+"
                else:
                    foreign |= not (
                        (path[:4] == [*ours, "authentication"] and path[4:5] in (["user"], ["username"], ["password"]))
                        or (path == [*ours, "disable"] and line[0] == "-")
                    )
            else:
                odd |= bool(line.strip()) and not ECHO.fullmatch("".join(line.split()))
        if odd and not any_ and not NONE.search(text):
            return cls(True, True, unread=True)
        return cls(any_, foreign)


def hindrance(entered: str, unsaved: Changes, *, all_of_it: bool) -> str:
    """Why nothing should be saved now, as a sentence with the remedy; "" when a save writes what is ours only.

    :param entered: what VyOS said when the configuration mode was entered
    :param all_of_it: changes of login and password stand in the way too
    """
    if BOOT_FAILED.search(entered):
        return OVERWRITES
    if unsaved.unread:
        return UNREAD
    return FOREIGN if unsaved.foreign or (all_of_it and unsaved.any) else ""


def warnings(entered: str) -> tuple[str, ...]:
    """What is said of a router that is as it should not be, and can be written all the same."""
    return (NOT_KEPT,) if LIVE.search(entered) else ()
