# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Break the core on purpose, one small fault at a time, and see that a test goes red: ``python -m mutation``.

Run in the folder of the collection, by Python 3.12 or later. What survives is a promise that no test holds, or a
fault that changes nothing: accepted.yml says so of each of the latter. A survivor that is not there fails, and so does
a line of it that is none. A measure, such as a number of seconds at the head of a file, is chosen, and its tests go by
its name: one that they do not hold is told, and tried no further.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import typing as t
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from mutation import forked
from mutation.mutants import Mutant, mutants

SOURCES = (
    "plugins/module_utils/_line/*.py",
    "plugins/module_utils/_ovh_api/*.py",
    "plugins/plugin_utils/_state/phases.py",
    "plugins/plugin_utils/_state/state.py",
)
UNIT = "tests/unit/plugins"
#: All unit tests that run these.
TESTS = (
    f"{UNIT}/module_utils/_line",
    f"{UNIT}/module_utils/_ovh_api",
    f"{UNIT}/module_utils/_mailbox",
    f"{UNIT}/modules",
    f"{UNIT}/plugin_utils/_state",
    f"{UNIT}/plugin_utils/_preflight",
    f"{UNIT}/plugin_utils/_run",
    f"{UNIT}/plugin_utils/_given/test_options.py",
    f"{UNIT}/plugin_utils/_command/test_words.py",
    f"{UNIT}/plugin_utils/_command/test_command.py",
    f"{UNIT}/plugin_utils/_messages/test_messages.py",
)
ACCEPTED = Path(__file__).with_name("accepted.yml")


@dataclass(frozen=True)
class Trial:
    """A mutant of a source file."""

    source: str
    mutant: Mutant

    @property
    def name(self) -> str:
        return f"{self.source} {self.mutant.name}"

    @property
    def path(self) -> Path:
        return Path(self.source).resolve()

    @property
    def own_tests(self) -> list[str]:
        """The test files of the source file's name."""
        folder = Path("tests", "unit", self.source).parent
        return [str(path) for path in sorted(folder.glob(f"test_{self.path.stem.lstrip('_')}*.py"))]


def trials(wanted: str) -> list[Trial]:
    """Every mutant whose name, that of its file included, holds that word."""
    made = []
    for path in (path for pattern in SOURCES for path in sorted(Path().glob(pattern))):
        found = mutants(path.read_text(encoding="utf-8"), str(path.resolve()))
        made += [Trial(str(path), mutant) for mutant in found]
    return [trial for trial in made if wanted in trial.name]


def tests() -> list[str]:
    return [str(path) for pattern in TESTS for path in sorted(Path().glob(pattern))]


def accepted() -> dict[str, str]:
    """Reasons, by the name of a survivor."""
    read = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or {}
    return {f"{source} {name}": str(why) for source, of in read.items() for name, why in of.items()}


class Run:
    """Tries mutants, first by the tests of their files' names, then by all; ``seconds``: of each test, faultless."""

    def __init__(self, jobs: int, folder: str) -> None:
        self._jobs, self._folder = jobs, folder
        self.measures = 0
        self.seconds: dict[str, float] = {}

    def alive(self, waiting: list[Trial]) -> set[str]:
        """The names of those that live."""
        own = sorted({file for trial in waiting for file in trial.own_tests})
        left = self._round(waiting, own, lambda trial: trial.own_tests)
        for trial in (trial for trial in left if trial.mutant.measure):
            print(f"a measure: {trial.name}")
            self.measures += 1
        left = [trial for trial in left if not trial.mutant.measure]
        everything = tests()
        return {trial.name for trial in self._round(left, everything, lambda _trial: everything)}

    def _round(self, waiting: list[Trial], files: list[str], of: Callable[[Trial], list[str]]) -> list[Trial]:
        """Those that no test in these files kills; ``of``: the files among them for what runs on import."""
        print(f"{len(waiting)} mutants, {len(files)} files of tests", flush=True)
        inner = [trial for trial in waiting if trial.mutant.lines]
        alive = self._warm(inner, files) if inner else set()
        outer = [trial for trial in waiting if not trial.mutant.lines]
        alive |= self._alive(outer, lambda trial: self._cold(trial, of(trial)))
        return [trial for trial in waiting if trial.name in alive]

    def _warm(self, waiting: list[Trial], files: list[str]) -> set[str]:
        """Try faults in functions, in one process that has collected those files."""
        answer = Path(self._folder, "answer.json")
        answer.unlink(missing_ok=True)

        def work(session: t.Any) -> None:
            sources = {str(trial.path) for trial in waiting}
            print(f"{len(session.items)} tests, without a fault ...", flush=True)
            record = forked.Recorder(sources).run(session)
            print(f"... take {record.time(list(record.seconds)):.0f} s", flush=True)
            held = forked.functions(sources)

            def job(trial: Trial) -> forked.Job:
                chosen = record.of(trial.path, trial.mutant.lines)

                def try_it() -> int:
                    if not forked.change(held[str(trial.path)], trial.mutant.code):
                        return forked.NOT_LOADED
                    return 0 if forked.passes(session, chosen) else 1

                return forked.Job(try_it, record.time(chosen))

            alive = self._alive(waiting, job)
            answer.write_text(json.dumps({"seconds": record.seconds, "alive": sorted(alive)}), encoding="utf-8")

        pid = os.fork()
        if pid == 0:
            try:
                forked.collected(files, work)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(0)
        os.waitpid(pid, 0)
        if not answer.exists():
            raise SystemExit("no mutant could be tried")
        data = json.loads(answer.read_text(encoding="utf-8"))
        self.seconds.update(data["seconds"])
        return set(data["alive"])

    def _cold(self, trial: Trial, files: list[str]) -> forked.Job:
        """Try a fault in what runs on import, in a process that imports all anew."""

        def try_it() -> int:
            loaded: list[str] = []
            passed: list[bool] = []

            def work(session: t.Any) -> None:
                names = sorted((item.nodeid for item in session.items), key=self._time)
                passed.append(forked.passes(session, names))

            forked.replace(trial.path, trial.mutant.code, loaded)
            code = forked.collected(files, work)
            return 0 if passed == [True] and loaded else code or 1

        return forked.Job(try_it, sum(self.seconds.values()))

    def _time(self, test: str) -> float:
        return self.seconds.get(test, 0.0)

    def _alive(self, waiting: list[Trial], job: Callable[[Trial], forked.Job]) -> set[str]:
        alive: set[str] = set()

        def ended(number: int, code: int) -> None:
            if code == forked.NOT_LOADED:
                print(f"the fault was in nothing that the tests load: {waiting[number].name}", flush=True)
                raise SystemExit(1)
            if code == 0:
                alive.add(waiting[number].name)
                print(f"lives: {waiting[number].name}", flush=True)

        forked.run((job(trial) for trial in waiting), ended, self._jobs)
        return alive


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # Most tests wait for something, more than they calculate.
    jobs = 2 * (os.cpu_count() or 1) + 1
    parser.add_argument("--jobs", type=int, default=jobs, metavar="N", help="run N mutants at a time (%(default)s)")
    parser.add_argument("word", nargs="?", default="", help="part of the names of the mutants; all without")
    options = parser.parse_args()
    began = time.monotonic()
    waiting = trials(options.word)
    known = {name: why for name, why in accepted().items() if options.word in name}
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        # What Hypothesis finds in source files is the same for all.
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        run = Run(options.jobs, folder)
        alive = run.alive(waiting)
    return told(len(waiting), alive, known, run.measures, time.monotonic() - began)


def told(tried: int, alive: set[str], known: dict[str, str], measures: int, seconds: float) -> int:
    """Tell the survivors, and the lines of accepted.yml that are none; return the exit code."""
    survived, stale = sorted(alive - set(known)), sorted(set(known) - alive)
    for name in sorted(alive & set(known)):
        print(f"accepted: {name}: {known[name]}")
    for name in survived:
        print(f"SURVIVED: {name}")
    for name in stale:
        print(f"ACCEPTED, AND NO SURVIVOR: {name}")
    killed = tried - len(alive) - measures
    print(
        f"mutants: {tried}, {killed} killed, {len(alive) - len(survived)} accepted, {len(survived)} survived, "
        f"{measures} measures that no test of theirs holds, in {seconds:.0f} s"
    )
    return 1 if survived or stale or not killed else 0


if __name__ == "__main__":
    sys.exit(main())
