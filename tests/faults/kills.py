# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed, and the same command again: one request in all, the router online, the journal closed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role.commands import printed, to_go_on

from .bench import FLAG, POST, SERVICE, Outcome, Seen
from .by_role import RoleBench
from .matrix_role import shell

#: Seconds from request to mail: long enough to be killed in.
MAIL_DELAY = 2.0
#: Runs that find the lock held by what the kill left are repeated so often.
LOCK_TRIES = 6
#: Tasks of an undisturbed renewal, and the seconds that the last one, which is the renewal itself, may take.
TASKS, LAST = 5, 5.0


#: What is answered with the state and the command that goes on.
ANSWERED = ("int", "term", "group-term", "runner")
#: What the router can be asked for slowly.
SLOWLY = ("look", "write")
#: Seconds that a cancelled run is watched after its end.
WATCHED = 4.0
#: Seconds that mail and router take in a job: ansible-runner looks every five whether it is cancelled.
JOB_DELAY = 12
#: A shell for the router's commands that takes its time over one kind of them, and says that it was asked for it.
SLOW = """\
#!/bin/sh
case $2 in *"ownrouter {kind}"*) : >"{{folder}}/asked"; sleep {seconds} ;; esac
exec /bin/sh "$@"
"""


@dataclass(frozen=True)
class Border:
    """A place in the run, and what to do to the run there."""

    name: str
    #: The task that ends there (the playbook's strategy "free" prints a task's name with its result), or what is so
    #: there: "posted", "written" or "up"; or what the router is being asked for there, slowly: "look" or "write".
    task: str
    #: all: SIGKILL to everything that it started; group: SIGKILL to its process group; int: Ctrl-C; term: the cancel of
    #: a job, SIGTERM to Ansible alone; group-term: SIGTERM to its process group; runner: the same, of ansible-runner
    how: str = "all"
    #: A fault that holds the request open there, and the words in the journal that tell that it is out.
    fault: str = ""
    #: Words of the run that resumes, in place of none.
    again: tuple[str, ...] = ()
    soak: bool = False


BEFORE_ASKING = "Preflight of the router]"
BORDERS = [
    Border("preflight", "Preflight of the line]", soak=True),
    Border("before-renew", BEFORE_ASKING, "group", soak=True),
    Border("before-the-effect", "", fault="timeout_before", soak=True),
    Border("after-the-effect", "", fault="timeout_after"),
    Border("collect", "posted", "group"),
    Border("apply", "written"),
    Border("verify", "up", soak=True),
    Border("ctrl-c", "posted", "int"),
    Border("cancel", "posted", "term"),
    Border("ctrl-c-at-renew", BEFORE_ASKING, "int", soak=True),
    Border("ctrl-c-before", "look", "int", soak=True),
    Border("cancel-before", "look", "term", soak=True),
    Border("ctrl-c-write", "write", "int", soak=True),
    Border("cancel-write", "write", "term", soak=True),
    Border("cancel-group", "posted", "group-term", soak=True),
    Border("cancel-runner", "posted", "runner", soak=True),
    Border("cancel-runner-before", "look", "runner", soak=True),
    Border("cancel-runner-write", "write", "runner", soak=True),
    Border("tag-apply", "posted", again=("-t", "apply"), soak=True),
    Border("start-at-task", "posted", again=("--start-at-task", "The line's way to a verified session"), soak=True),
]


def descendants(pid: int) -> list[int]:
    """Every process that descends from a process now (Linux)."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def end(process: subprocess.Popen[Any], how: str) -> None:
    """Kill a run that leads a process group."""
    with contextlib.suppress(ProcessLookupError):
        if how in ANSWERED:
            if how == "term":
                process.terminate()
            else:
                os.killpg(process.pid, signal.SIGINT if how == "int" else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        rest = descendants(process.pid) if how == "all" else []
        os.killpg(process.pid, signal.SIGKILL)
        for pid in rest:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait(20)


class Trial:
    """One run that is killed, and what follows."""

    def __init__(self, bench: RoleBench) -> None:
        self.bench = bench
        self.log: list[str] = []
        self.output = bench.lab.top / "killed.out"
        bench.set(mail_delay=MAIL_DELAY)

    def start(self, how: str) -> subprocess.Popen[Any]:
        return self.bench.start(
            FLAG,
            self.output,
            runner=how == "runner",
            start_new_session=True,
            # A shell starts what runs in its background with Ctrl-C ignored, and that is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def reached(self, border: Border) -> bool:
        if border.fault:
            journal = self.bench.state_dir / f"{SERVICE}.json"
            return journal.exists() and '"sending"' in journal.read_text("utf-8") and bool(self.bench.lab.posts())
        if border.task == "posted":
            return bool(self.bench.lab.posts())
        if border.task in SLOWLY:
            return (self.bench.lab.top / "asked").exists()
        if border.task in ("written", "up"):
            written = self.bench.files() != self.bench.before
            return written and (border.task == "written" or bool(self.bench.lab.line()["session"]["up"]))
        return border.task in self.output.read_text("utf-8", errors="replace")

    def begun(self) -> int:
        """How many tasks the run has begun."""
        return self.output.read_text("utf-8", errors="replace").count("TASK [")

    def kill(self, when: Callable[[], bool], how: str, delay: float = 0.0) -> bool:
        """Start a run and kill it DELAY seconds after WHEN says so; False when it had ended before."""
        process = self.start(how)
        limit = time.monotonic() + 120
        while process.poll() is None and not when() and time.monotonic() < limit:
            time.sleep(0.02)
        time.sleep(delay)
        alive = process.poll() is None
        end(process, how)
        return alive

    def where(self) -> str:
        """The last task that had ended when the run was killed."""
        tasks = [line for line in self.output.read_text("utf-8", errors="replace").splitlines() if "TASK [" in line]
        return tasks[-1].partition("TASK [")[2].rpartition("]")[0].partition(" : ")[2][:40] if tasks else "start"

    def last_words(self) -> str:
        """What the run's worker says when a signal ends it, which may be a moment after Ansible itself has ended."""
        limit = time.monotonic() + 5
        while True:
            text = self.output.read_text("utf-8", errors="replace")
            said = re.split("the run was ended by SIG|Ansible was killed", text, maxsplit=1)[1:]
            if said or time.monotonic() > limit:
                return "".join(said)
            time.sleep(0.1)

    def cancelled(self, border: Border) -> list[str]:
        """What is wrong with the end of a run that was to say where the line is and how to go on."""
        last = self.last_words()
        said = " ".join(last.split())
        # Where the answer to the request was not there yet, nobody knows.
        known = {"look": "no new password was requested" in said, "write": "A new password was requested at 20" in said}
        either = "A new password was requested at 20" in said or "it is not asked for a second time" in said
        command = to_go_on(printed(last))
        goes_on = "launch the same job again" in said if border.how == "runner" else command is not None
        asked = 0 if border.task == "look" else 1
        time.sleep(WATCHED)
        sent = len(self.bench.lab.posts())
        problems = [] if sent == asked else [f"{sent} requests {WATCHED:g} s after the end, promised {asked}"]
        if not (known.get(border.task, either) and goes_on):
            problems.append(f"the answer to the signal is: {said[:300] or 'none'}")
        self.log.append(f"--- the answer: {said}")
        self.log.append(self.output.read_text("utf-8", errors="replace")[-2500:])
        # From here on it is what the next run goes by.
        self.bench.spoken.append(last)
        return problems

    def run(self, *more: str, **options: Any) -> Seen:
        """The same command, as often as what was killed still holds the lock."""
        kept, self.bench.words = self.bench.words, list(more)
        try:
            for _try in range(LOCK_TRIES):
                # With a command that was printed, that one, as it stands there.
                seen = self.bench.again(FLAG) if not more and not options else self.bench.run({**FLAG, **options})
                self.log.append(f"--- again {' '.join(more)}: {seen}\n{seen.said}")
                if seen.ok or "Another run is deciding" not in seen.said:
                    return seen
                if "since" not in seen.said:
                    self.log.append("the lock does not say since when")
                time.sleep(1)
            return seen
        finally:
            self.bench.words = kept

    def resume(self, again: tuple[str, ...], unsent: bool = False) -> list[str]:
        """Run the same command again, and say what was not as promised."""
        problems: list[str] = []
        seen = self.run(*again)
        if again and not seen.ok:
            # A part of the run cannot do without what came before it: it has to say so, and to have done no harm.
            problems += [] if "ansible-playbook -i " in seen.said else ["the partial run does not say how to go on"]
            seen = self.run()
        if not seen.ok and self.unsent():
            # Killed after the journal and before the request: it waits, and asks once the cooldown is over.
            problems += [] if "is not known" in seen.said else ["it does not say that the outcome is not known"]
            problems += [] if seen.up and seen.router == "kept" else [f"the line was harmed: {seen}"]
            seen = self.run(cooldown="1s")
        elif unsent:
            problems.append("it did not wait for a request that may have been sent")
        taken = int(self.bench.lab.line()["requests"])
        if taken != 1:
            problems.append(f"{taken} passwords were made, promised 1")
        if seen.posts > (2 if unsent else 1):
            problems.append(f"{seen.posts} requests were sent, promised 1")
        if not (seen.ok and seen.router == "set" and seen.up):
            problems.append(f"seen: {seen}")
        problems += self.bench.leftovers()
        return problems

    def unsent(self) -> bool:
        """Does the journal speak of a request that made no password?"""
        journal = self.bench.state_dir / f"{SERVICE}.json"
        is_open = journal.exists() and json.loads(journal.read_text("utf-8"))["outcome"] in ("sending", "unknown")
        return is_open and int(self.bench.lab.line()["requests"]) == 0


def at_border(bench: RoleBench, name: str) -> Outcome:
    """Kill one run at a border of its phases."""
    border = next(one for one in BORDERS if one.name == name)
    began = time.monotonic()
    trial = Trial(bench)
    if border.fault:
        bench.fault(border.fault, "POST", POST, seconds=5)
    if border.task in SLOWLY:
        (bench.lab.top / "asked").unlink(missing_ok=True)
        seconds = JOB_DELAY if border.how == "runner" else 3
        shell("slow", SLOW.format(kind=border.task, seconds=seconds))(bench)
    if border.how == "runner":
        bench.set(mail_delay=JOB_DELAY)
    alive = trial.kill(lambda: trial.reached(border), border.how)
    bench.heal()
    where = trial.where()
    problems = [] if alive else ["the run ended before it could be killed"]
    if border.task in ("posted", *SLOWLY) and border.how in ANSWERED:
        problems += trial.cancelled(border)
    problems += trial.resume(border.again, unsent=border.fault == "timeout_before")
    return _outcome(f"kill-{name}", f"{border.how} after {where}", problems, began, trial)


def at_random(bench: RoleBench, seed: int, number: int) -> Outcome:
    """Kill one run at a random instant after one of its tasks began, whatever the machine's load."""
    began = time.monotonic()
    chance = random.Random(f"{seed}/{number}")
    task, how = chance.randrange(TASKS + 1), ("all", "group")[number % 2]
    delay = chance.random() * (1 if task < TASKS - 1 else LAST)
    trial = Trial(bench)
    trial.kill(lambda: trial.begun() >= task, how, delay)
    where = trial.where()
    what = f"{how}, {delay:.2f} s into task {task}, after {where}"
    return _outcome(f"kill-random-{number}", what, trial.resume(()), began, trial)


def _outcome(name: str, what: str, problems: list[str], began: float, trial: Trial) -> Outcome:
    return Outcome(
        name,
        "role",
        "kill",
        what,
        "1 password, 1 request, router set, session up, journal closed",
        "kept" if not problems else "; ".join(problems),
        problems,
        round(time.monotonic() - began, 1),
        f"killed by {what}\n" + "\n".join(trial.log),
    )
