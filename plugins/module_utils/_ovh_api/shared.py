# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lines that share a key, and a state folder, ask OVHcloud once for all of them.

One of them asks, and the others take the answer while it is fresh. On the disk are identifiers, dates, titles and
what was told of lines and key; never the text of a mail or a secret, and an address only where it is :mod:`sealed`. All
of it may be lost: whoever finds nothing that is fresh, or whose folder cannot be used, asks for itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file

VERSION = 1
#: Bytes: a file that is longer is none of ours.
LONGEST = 1024 * 1024
#: Seconds that somebody else's question is waited for. Whoever takes longer was stopped, or meets an API that hangs:
#: then the next one is not waited for as long.
PATIENCE, LOST = 30.0, 1.0
#: Seconds between two looks whether somebody else's question was answered.
PAUSE = 0.1
#: Seconds after which a line that asked no more is taken to have left; it is told again in half that time.
PRESENT = 10.0
#: Seconds: no answer is kept for longer, whoever may want it. A call log is read back for a quarter of an hour.
KEPT = 1800.0

Value = t.TypeVar("Value")


def running_since() -> str:
    """Names the time that the clock of :func:`time.monotonic` counts from: this start of this machine."""
    with contextlib.suppress(OSError), open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()
    return socket.gethostname()


class Shared:
    """The answers of one key, by topic: one small file and one lock for each.

    :param folder: made with mode 0700 when it does not exist
    :param key: all that names whose answers these are; it is kept as a digest only
    :param line: that asks; two questions of one line are not those of several lines
    :param run: the run of Ansible, for answers that count within one: the number of its process, and when that was
        started, in ticks since this machine's start, with a dot between; "" where that is not known
    :param several: has that run several lines?
    """

    def __init__(self, folder: str, key: t.Sequence[str], line: str, run: str = "", several: bool = False) -> None:
        self._folder, self._me, self.run = folder, line, run
        self.several = several and bool(run)
        self._key = hashlib.sha256("\0".join(key).encode("utf-8", "surrogateescape")).hexdigest()
        self._boot = running_since()
        self._patience = PATIENCE
        #: The topics whose lock is held here: a question may lead to another one of its topic.
        self._held: set[str] = set()

    def path(self, topic: str) -> str:
        return os.path.join(self._folder, f"shared-{self._key[:16]}.{topic}.json")

    def answer(
        self,
        topic: str,
        name: str,
        fresh: t.Callable[[bool], float],
        ask: t.Callable[[], tuple[Value, t.Any]],
        take: t.Callable[[t.Any], Value | None],
        held_for: t.Callable[[], float] = lambda: 0.0,
        present: float = PRESENT,
    ) -> tuple[Value, bool]:
        """The answer to a question of a topic: one that is fresh, else a new one.

        :param name: of the question
        :param fresh: how old, in seconds, an answer may be, where other lines ask the same (True) or none does
        :param ask: asks OVHcloud, and returns the answer, and as much of it as may be kept for others
        :param take: the answer from what was kept; None where that is none
        :param held_for: seconds until the question may be sent; 0 when it may be sent now, and is
        :param present: seconds that another line which asked counts as one that asks
        :returns: with whether other lines ask the same
        :raises Failure: when OVHcloud cannot be asked
        """
        end = time.monotonic() + self._patience
        within = topic in self._held
        while time.monotonic() < end:
            pause = PAUSE
            with self._locked(topic) as mine:
                if mine is None:
                    return ask()[0], False
                self._patience = PATIENCE if mine else self._patience
                kept = self._read(topic)
                one = kept.get(name, {"at": 0.0, "value": None, "askers": {}})
                now = time.monotonic()
                others = self._others(one, now, present)
                value = take(one["value"]) if 0 <= now - one["at"] <= fresh(others) else None
                if value is not None:
                    if mine and not 0 <= now - one["askers"].get(self._me, -PRESENT) <= PRESENT / 2:
                        one["askers"][self._me] = now
                        self._write(topic, kept, now)
                    return value, others
                if mine and (within or (pause := held_for()) <= 0):
                    value, public = ask()
                    # As old as the question: what came meanwhile may not be in it.
                    mark = {"at": now, "value": public, "askers": {**one["askers"], self._me: now}}
                    self._write(topic, {**self._read(topic), name: mark}, time.monotonic())
                    return value, others
            # Who waits for a turn to ask does so without the lock, and hears meanwhile what others are told.
            pause = min(max(pause, PAUSE), 1.0)
            end += pause if pause > PAUSE else 0.0
            time.sleep(pause)
        self._patience = LOST
        return ask()[0], False

    def run_age(self) -> float:
        """Seconds since the run began; 0 where that is not known."""
        with contextlib.suppress(ValueError, AttributeError, OSError):
            ticks = int(self.run.rpartition(".")[2]) / os.sysconf("SC_CLK_TCK")
            return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - ticks)
        return 0.0

    def kept(self, topic: str, name: str) -> t.Any:
        """What somebody kept, however old; None for nothing."""
        return self._read(topic).get(name, {}).get("value")

    def others(self, topic: str, name: str, present: float) -> bool:
        """Did another line ask the same within so many seconds?"""
        return self._others(self._read(topic).get(name, {}), time.monotonic(), present)

    def asked_since(self, topic: str, name: str, when: float) -> bool:
        """Was the question asked since then (by :func:`time.monotonic`), and answered?"""
        answer = self._read(topic).get(name)
        return answer is not None and bool(when <= answer["at"] <= time.monotonic())

    def keep(self, topic: str, name: str, change: t.Callable[[t.Any], t.Any]) -> None:
        """Keep a change of what is kept for others. Where somebody else does so at this moment, it is lost."""
        with self._locked(topic) as mine:
            if mine:
                kept, now = self._read(topic), time.monotonic()
                kept[name] = {"at": now, "value": change(kept.get(name, {}).get("value")), "askers": {}}
                self._write(topic, kept, now)

    def _others(self, one: t.Mapping[str, t.Any], now: float, present: float) -> bool:
        """Did another line ask the same a short time ago?"""
        return any(asker != self._me and 0 <= now - at <= present for asker, at in one.get("askers", {}).items())

    @contextlib.contextmanager
    def _locked(self, topic: str) -> t.Iterator[bool | None]:
        """Hold the topic's lock; False where somebody else has it, None where there can be none.

        A question that is asked for another one's sake finds it held already: flock would have it wait for itself.
        """
        if topic in self._held:
            yield True
            return
        with contextlib.ExitStack() as lock:
            held: bool | None = None
            try:
                os.makedirs(self._folder, mode=0o700, exist_ok=True)
                path = f"{self.path(topic)[: -len('.json')]}.lock"
                handle = lock.enter_context(_own_file.opened(path, os.O_RDWR | os.O_CREAT))
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
            except BlockingIOError:
                held = False
            except (OSError, _own_file.NotOurs):
                held = None
            if held:
                self._held.add(topic)
                lock.callback(self._held.discard, topic)
            yield held

    def _read(self, topic: str) -> dict[str, dict[str, t.Any]]:
        """The answers that are kept; none where the file is none of this key's, or of another start of the machine."""
        try:
            found = _own_file.read_json(self.path(topic), LONGEST)
            if [found[name] for name in ("version", "key", "boot")] != [VERSION, self._key, self._boot]:
                return {}
            return {str(name): one for name, one in found["answers"].items() if _is_answer(one)}
        except (OSError, _own_file.NotOurs, LookupError, TypeError, AttributeError):
            return {}

    def _write(self, topic: str, answers: t.Mapping[str, dict[str, t.Any]], now: float) -> None:
        """Keep the answers; where that cannot be done, everybody asks. Hold the lock."""
        kept = {name: one for name, one in answers.items() if 0 <= now - one["at"] <= KEPT}
        for one in kept.values():
            one["askers"] = {asker: at for asker, at in one["askers"].items() if 0 <= now - at <= KEPT}
        found = {"version": VERSION, "key": self._key, "boot": self._boot, "answers": kept}
        with contextlib.suppress(OSError):
            _own_file.replace_json(self.path(topic), found)


def _is_answer(one: t.Any) -> bool:
    numbers = (int, float)
    return (
        isinstance(one, dict)
        and isinstance(one.get("at"), numbers)
        and "value" in one
        and isinstance(one.get("askers"), dict)
        and all(isinstance(at, numbers) for at in one["askers"].values())
    )
