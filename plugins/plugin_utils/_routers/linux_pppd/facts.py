# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from what a pppd router told: its processes and sessions, who keeps them, its mounts. All pure."""

from __future__ import annotations

import dataclasses
import enum
import posixpath
import re
import shlex
import typing as t


@dataclasses.dataclass(frozen=True)
class Process:
    """A process that may be a pppd.

    :param started: ticks (1/100 s) after the router's start
    :param link: it is up, hangs up or dials: it has /dev/ppp or a packet socket open (watched with 2.4.9 on a line)
    :param barred: we may not signal it
    :param unit: the systemd unit of its cgroup
    :param main: that unit's main process, 0 when it is not told
    """

    pid: int
    parent: int
    started: int
    link: bool
    barred: bool
    words: tuple[str, ...] = ()
    parent_words: tuple[str, ...] = ()
    unit: str = ""
    main: int = 0

    @property
    def command_line(self) -> tuple[str, ...] | None:
        """Its options; None when it is no pppd, by itself or behind an interpreter."""
        for place in (0, 1):
            if posixpath.basename("".join(self.words[place : place + 1])) == "pppd":
                return self.words[place + 1 :]
        return None


@dataclasses.dataclass(frozen=True)
class PidFile:
    """A pid file whose process runs. That of a link's name has the interface in its second line."""

    pid: int
    name: str
    interface: str
    changed: int
    marks: str
    address: str


@dataclasses.dataclass(frozen=True)
class State:
    """The processes and sessions of pppd at one moment.

    :param text: what tells the same state again
    """

    text: str
    processes: tuple[Process, ...] = ()
    files: tuple[PidFile, ...] = ()

    def of(self, pid: int) -> str:
        """The text of one process, as "z PID" tells it."""
        lines = [line for line in self.text.splitlines() if not line.startswith("argv\t")]
        return "\n".join(line for line in lines if re.split(r"\s", line)[1] == str(pid))

    def session(self, pid: int) -> PidFile | None:
        """The session of a process: the pid file of its interface, which has an address."""
        return next((file for file in self.files if file.pid == pid and file.address and not file.interface), None)


def state(told: str) -> State:
    """What ``z`` of pppd_steps told."""
    processes: list[Process] = []
    files: list[PidFile] = []
    for line in told.splitlines():
        kind, _blank, rest = line.replace("\t", " ", 1).partition(" ")
        if kind == "pid":
            pid, parent, started, seen = rest.split()
            words = seen.split(",")
            processes.append(Process(int(pid), int(parent), int(started), "link" in words, "barred" in words))
        elif kind == "file":
            pid, name, interface, marks, *shown = rest.split("\t")
            address = re.search(r" inet ([0-9.]+)", "".join(shown))
            changed, _blank, _more = marks.partition(" ")
            if marks:
                found = address.group(1) if address else ""
                files.append(PidFile(int(pid), name, interface, int(changed), f"{name} {marks}", found))
        elif processes:
            more: dict[str, t.Any] = {}
            if kind == "argv":
                more = {"words": tuple(rest.rstrip("\t").split("\t"))}
            elif kind == "+parent":
                more = {"parent_words": tuple(rest.rstrip("\t").split("\t"))}
            elif kind == "+unit":
                unit, _blank, main = rest.partition(" ")
                more = {"unit": unit, "main": int("0" + re.sub(r"\D", "", main))}
            processes[-1] = dataclasses.replace(processes[-1], **more)
    return State(
        "\n".join(line for line in told.splitlines() if line and not line.startswith("+")),
        tuple(processes),
        tuple(files),
    )


class Keeper(enum.Enum):
    """Who sees to it that pppd dials again, or starts it again when it has ended."""

    ITSELF = "persist"
    UNIT = "a unit of systemd"
    SUPERVISOR = "the process that started it"
    NOBODY = "nobody"
    UNKNOWN = "not known"


#: Programs that start what somebody typed, and do not start it again.
_PEOPLE = ("sshd", "login", "su", "sudo", "doas", "screen", "tmux", "dropbear", "script")
_SHELLS = ("bash", "sh", "dash", "ash", "zsh", "fish")


def keeper(process: Process, flags: t.AbstractSet[str]) -> Keeper:
    """Who keeps a pppd that runs.

    :param flags: options that it has, of those without an argument
    """
    if "persist" in flags:
        return Keeper.ITSELF
    if has_unit(process):
        return Keeper.UNIT
    program = posixpath.basename("".join(process.parent_words[:1])).lstrip("-").split(":")[0]
    if any("ownrouter" in word for word in process.parent_words) or "--user" in process.parent_words:
        return Keeper.NOBODY  # started by an earlier run of ours; taken over by a user's service manager
    if process.parent <= 1:
        # It went into the background, as it does by pon, and by ifup, which runs pon and goes. Else init may keep it.
        return Keeper.UNKNOWN if process.parent == 1 and "nodetach" in flags else Keeper.NOBODY
    if program in _PEOPLE or (program in _SHELLS and all(word.startswith("-") for word in process.parent_words[1:])):
        return Keeper.UNKNOWN  # somebody typed it, as far as can be seen
    return Keeper.SUPERVISOR


def has_unit(process: Process) -> bool:
    """Is it the main process of a unit of systemd, or started by that one?"""
    return bool(process.unit) and process.main in (process.pid, process.parent) and not process.unit.startswith("user@")


def unit_of(told: str, loaded: str, peer: str) -> str:
    """The unit that starts pppd for a peer, if one that is in use does; "" for none.

    :param told: "PATH:ExecStart=COMMAND" lines, a path in a folder .wants for each unit that is enabled
    :param loaded: what "systemctl list-units --all" printed: name, load state, active state, sub-state
    """
    commands: dict[str, str] = {}
    used: list[str] = []
    for line in told.splitlines():
        path, _colon, command = line.partition(":ExecStart=")
        commands.setdefault(posixpath.basename(path), command)
        if ".wants/" in path:
            used.append(posixpath.basename(path))
    rows = [line.split() for line in loaded.splitlines()]
    used += [row[0] for row in rows if len(row) > 3 and row[2] != "inactive"]
    for name in used:
        stem, at_sign, instance = name.rpartition(".")[0].partition("@")
        command = commands.get(name, commands.get(f"{stem}@.service", "") if at_sign else "")
        try:
            words = shlex.split(command.lstrip("-@:+!"))
        except ValueError:
            continue
        meant = {"%i": instance, "%I": _unescaped(instance)}
        words = [meant.get(word, word) for word in words]
        if peer in [second for first, second in zip(words, words[1:]) if first == "call" or first.endswith("pon")]:
            return name
    return ""


def _unescaped(instance: str) -> str:
    """As systemd.unit(5) has it: "-" is "/", and other characters stand as "\\x2d"."""
    parts = re.split(r"\\x([0-9a-f]{2})", instance.replace("-", "/"))
    return "".join(chr(int(part, 16)) if odd % 2 else part for odd, part in enumerate(parts))


@dataclasses.dataclass(frozen=True)
class Mount:
    """A line of /proc/self/mountinfo (proc(5))."""

    point: str
    read_only: bool
    kind: str
    upper: str


def mounts(told: str) -> list[Mount]:
    found = []
    for line in told.splitlines():
        fields, _dash, rest = line.partition(" - ")
        left, right = fields.split(" "), rest.split(" ")
        if len(left) > 5 and len(right) > 2:
            upper = re.search(r"(?:^|,)upperdir=([^,]*)", right[2])
            read_only = "ro" in left[5].split(",") or "ro" in right[2].split(",")
            found.append(Mount(_path(left[4]), read_only, right[0], _path(upper.group(1)) if upper else ""))
    return found


def _path(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), text)


def mount_of(path: str, known: t.Sequence[Mount]) -> Mount | None:
    """The mount that a path lies on: the longest point above it, the last of those that hide each other."""
    best: Mount | None = None
    for mount in known:
        above = mount.point.rstrip("/")
        if (path == above or path.startswith(above + "/")) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def forgets(path: str, known: t.Sequence[Mount]) -> str:
    """The mount point of a path whose files are gone at the next start; "" when they stay, or when that is not told."""
    mount = mount_of(path, known)
    if mount is None:
        return ""
    if mount.kind in ("tmpfs", "ramfs", "rootfs"):
        return mount.point
    if mount.kind == "overlay" and mount.upper:
        upper = mount_of(mount.upper, [other for other in known if other is not mount])
        if upper is not None and upper.kind in ("tmpfs", "ramfs") and upper.point != "/":
            return mount.point
    return ""
