# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run jobs, two at a time, each worker with a line and a router of its own."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from . import kills, together, together_role
from .bench import Cell, Outcome, play
from .by_module import ModuleBench
from .by_role import RoleBench
from .matrix import CELLS

WORKERS = 3
TESTS = Path(__file__).resolve().parents[1]
#: Runs that `make soak` kills at random instants, by a new seed that it prints. `make test` kills at borders alone.
SOAK_KILLS = 50
#: Seconds after which a job that does not end has failed.
JOB_LIMIT = 480


class Worker:
    """What one worker keeps from job to job."""

    def __init__(self, collections: Path) -> None:
        self.collections = collections
        self._modules: ModuleBench | None = None
        self._role: RoleBench | None = None

    def modules(self) -> ModuleBench:
        if self._modules is None:
            self._modules = ModuleBench(self.collections)
        self._modules.reset()
        return self._modules

    def role(self) -> RoleBench:
        if self._role is None:
            self._role = RoleBench(self.collections)
        self._role.reset()
        return self._role

    def close(self) -> None:
        for bench in (self._modules, self._role):
            if bench is not None:
                bench.close()

    def do(self, job: str) -> Outcome:
        """Do a job, then look for the line's passwords in all that it said and left."""
        outcome = self._do(job)
        bench = self._modules if outcome.level == "modules" else self._role
        assert bench is not None
        hunt = bench.search()
        outcome.places = hunt.files
        outcome.problems += [f"{name} is in {place}" for name, place in sorted(hunt.hits)]
        if not hunt.files:
            outcome.problems.append("nothing was left to look for passwords in")
        return outcome

    def _do(self, job: str) -> Outcome:
        """``cell:LEVEL:NAME``, ``together:NAME``, ``both:NAME``, ``border:NAME`` or ``random:SEED/NUMBER``."""
        kind, _colon, rest = job.partition(":")
        if kind == "cell":
            level, _colon, name = rest.partition(":")
            cell = next(one for one in CELLS if one.name == name)
            return play(cell, self.modules() if level == "modules" else self.role(), level)
        if kind == "border":
            return kills.at_border(self.role(), rest)
        if kind == "random":
            seed, _slash, number = rest.partition("/")
            return kills.at_random(self.role(), int(seed), int(number))
        if kind == "together":
            return together.run(self.modules(), rest)
        if kind == "both":
            return together_role.run(self.role(), rest)
        raise ValueError(job)


def cell_jobs(soak: bool = False, level: str | None = None) -> list[str]:
    """The cells to run: those of the gate, or all; LEVEL runs every cell that can be run there on that level."""

    def level_of(cell: Cell) -> str:
        return cell.level if cell.only or level is None else level

    return [f"cell:{level_of(cell)}:{cell.name}" for cell in CELLS if soak or not cell.soak]


def gate() -> list[str]:
    """What every change has to pass."""
    return cell_jobs() + together_jobs() + border_jobs()


def together_jobs(soak: bool = False) -> list[str]:
    """Two runs at once, of the module and of the whole playbook."""
    module = [*together.TOGETHER, *(together.LONG if soak else [])]
    playbook = together_role.TOGETHER if soak else together_role.GATE
    return [*(f"together:{name}" for name in module), *(f"both:{name}" for name in playbook)]


def border_jobs(soak: bool = False) -> list[str]:
    """Runs that are killed at the borders of their phases."""
    return [f"border:{border.name}" for border in kills.BORDERS if soak or not border.soak]


def random_jobs(seed: int) -> list[str]:
    """Runs that are killed at random instants."""
    return [f"random:{seed}/{number}" for number in range(SOAK_KILLS)]


def run(jobs: Iterable[str], collections: Path, tell: Callable[[Outcome], None] | None = None) -> list[Outcome]:
    """Run all jobs and return their outcomes in the jobs' order. ``tell`` hears of each as it ends."""
    jobs = list(jobs)
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    # The long ones first.
    for job in sorted(jobs, key=lambda one: one.startswith("cell:modules:")):
        waiting.put(job)
    outcomes: dict[str, Outcome] = {}
    threads = [
        threading.Thread(target=_drive, args=(waiting, collections, outcomes, tell), daemon=True)
        for _number in range(min(WORKERS, len(jobs)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[job] for job in jobs]


def _drive(
    waiting: queue.SimpleQueue[str],
    collections: Path,
    outcomes: dict[str, Outcome],
    tell: Callable[[Outcome], None] | None,
) -> None:
    process: subprocess.Popen[str] | None = None
    try:
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            if process is None or process.poll() is not None:
                process = _start(collections)
            outcomes[job] = _ask(process, job)
            if tell:
                tell(outcomes[job])
    finally:
        if process is not None:
            process.communicate(timeout=60)


def _start(collections: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(TESTS), str(TESTS / "sandbox"), str(collections)])
    return subprocess.Popen(
        [sys.executable, "-m", "faults.worker", str(collections)],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(process: subprocess.Popen[str], job: str) -> Outcome:
    assert process.stdin is not None and process.stdout is not None
    began = time.monotonic()
    watchdog = threading.Timer(JOB_LIMIT, process.terminate)
    watchdog.start()
    try:
        process.stdin.write(f"{job}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    finally:
        watchdog.cancel()
    if not answer:
        return Outcome(job, "", "", "", "", "no answer", ["the worker ended"], time.monotonic() - began)
    found: dict[str, Any] = json.loads(answer)
    return Outcome(**found)
