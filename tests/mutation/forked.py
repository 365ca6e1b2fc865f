# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the tests in forked processes.

A fault inside a function is tried in a fork of one pytest that has collected everything: the function gets the code
of the mutant, wherever it is held. What runs on import is tried in a fork that has imported nothing of the collection.
"""

# mypy: disable-error-code="import-not-found, untyped-decorator"
# These are in the environments that run the tests, not in the one that checks types.

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import types
import typing as t
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest

# What the tests import, once for all of them.
for name in ("flask", "ovh", "yaml", "ansible.module_utils.basic", "ansible.module_utils.testing", "ovh_api.app"):
    importlib.import_module(name)

#: Seconds that tests may take, and how many times as long as they took without a fault.
LEAST, TIMES = 20.0, 6.0
#: Seconds of processor time: a loop without an end is met now and then.
LEAST_BUSY = 6.0
MEMORY = 4 << 30
NOT_LOADED = 70
#: Events of the interpreter, from Python 3.12 on.
MONITORING: t.Any = getattr(sys, "monitoring", None)


@dataclass
class Record:
    """What the tests run, without a fault.

    ``tests``: by source file and line. ``seconds``: by test.
    """

    tests: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, source: Path, lines: frozenset[int]) -> list[str]:
        """The tests that run one of these lines, the quickest first."""
        chosen: set[str] = set().union(*(self.tests[str(source)][line] for line in lines))
        return sorted(chosen, key=lambda test: (self.seconds[test], test))

    def time(self, tests: list[str]) -> float:
        return sum(self.seconds[test] for test in tests)


class Recorder:
    """Makes a record, by the interpreter's own events."""

    def __init__(self, sources: t.Collection[str]) -> None:
        self.record, self._sources, self._test = Record(), sources, ""
        self._tool = MONITORING.COVERAGE_ID

    def run(self, session: t.Any) -> Record:
        MONITORING.use_tool_id(self._tool, "mutation")
        MONITORING.register_callback(self._tool, MONITORING.events.LINE, self._line)
        for item, following in _pairs(session.items):
            self._test = item.nodeid
            MONITORING.set_events(self._tool, MONITORING.events.LINE)
            MONITORING.restart_events()
            before = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.record.seconds[self._test] = time.monotonic() - before
            if session.testsfailed:
                print(f"{item.nodeid} fails without any fault", flush=True)
                raise SystemExit(1)
        MONITORING.free_tool_id(self._tool)
        return self.record

    def _line(self, code: t.Any, line: int) -> t.Any:
        if code.co_filename in self._sources:
            self.record.tests[code.co_filename][line].add(self._test)
        return MONITORING.DISABLE


class Warm:
    """A plugin of pytest that has it do something else with the tests that it collected."""

    def __init__(self, work: Callable[[t.Any], None]) -> None:
        self._work = work

    def pytest_runtestloop(self, session: t.Any) -> bool:
        self._work(session)
        return True


def collected(tests: t.Collection[str], work: Callable[[t.Any], None]) -> int:
    """Collect these tests and hand pytest's session to that; return pytest's exit code."""
    # A test is red for what it checks, never for a slow machine.
    unhurried: dict[str, t.Any] = {"deadline": None, "suppress_health_check": list(hypothesis.HealthCheck)}
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None, **unhurried)
    hypothesis.settings.load_profile("mutation")
    # Nobody reads what these runs say: no plugin but ours, and no rewriting of assertions, which costs the most.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    quiet = ("-x", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--assert=plain")
    folder = tempfile.mkdtemp(prefix="mutation-")
    try:
        return int(pytest.main([*quiet, f"--basetemp={folder}/tests", *tests], plugins=[Warm(work)]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def passes(session: t.Any, tests: list[str]) -> bool:
    """Do these tests pass, in this order, until the first that does not?"""
    items = {item.nodeid: item for item in session.items}
    for item, following in _pairs([items[test] for test in tests]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def _pairs(items: list[t.Any]) -> Iterator[tuple[t.Any, t.Any]]:
    return zip(items, [*items[1:], None], strict=True)


def functions(sources: t.Collection[str]) -> dict[str, list[types.FunctionType]]:
    """Every function of these source files that this process holds."""
    found: dict[str, list[types.FunctionType]] = {source: [] for source in sources}
    for held in gc.get_objects():
        if isinstance(held, types.FunctionType) and held.__code__.co_filename in found:
            found[held.__code__.co_filename].append(held)
    return found


def change(held: list[types.FunctionType], module: types.CodeType) -> bool:
    """Give the functions of a source file the code that they have in that module; return whether one is another now."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(module)}
    changed = False
    for function in held:
        code = codes[function.__code__.co_qualname, function.__code__.co_firstlineno]
        if code != function.__code__:
            function.__code__, changed = code, True
    return changed


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


def replace(source: Path, code: types.CodeType, loaded: list[str]) -> None:
    """Have a source file that was not imported yet be that code; ``loaded`` gets the names of its modules."""
    before: Callable[..., t.Any] = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> t.Any:
        if Path(self.path) != source:
            return before(self, fullname)
        loaded.append(fullname)
        return code

    vars_of: t.Any = importlib.machinery.SourceFileLoader
    vars_of.get_code = get_code


@dataclass(frozen=True)
class Job:
    """What a process of its own does, and how long it may take where nothing is wrong."""

    act: Callable[[], int]
    seconds: float


def run(jobs: Iterator[Job], ended: Callable[[int, int], None], at_a_time: int) -> None:
    """Run jobs in processes of their own.

    :param ended: is told a job's number and its exit code, negative where it was killed.
    """
    # What is there already stays where it is: a fork copies no page of it.
    gc.collect()
    gc.freeze()
    running: dict[int, tuple[int, float]] = {}
    waiting = enumerate(jobs)
    more = True
    while more or running:
        while more and len(running) < at_a_time:
            number, job = next(waiting, (0, None))
            if job is None:
                more = False
                break
            running[_fork(job)] = (number, time.monotonic() + max(LEAST, TIMES * job.seconds))
        for pid, (number, end) in list(running.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found and time.monotonic() > end:
                _end(pid)
                found, status = os.waitpid(pid, 0)
            if found:
                _end(pid)
                del running[pid]
                ended(number, os.waitstatus_to_exitcode(status))
        time.sleep(0.005)


def _fork(job: Job) -> int:
    pid = os.fork()
    if pid == 0:
        code = 71
        try:
            os.setsid()
            busy = int(max(LEAST_BUSY, TIMES * job.seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (busy, busy))
            silent = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(silent, stream)
            sys.dont_write_bytecode = True
            code = job.act()
        finally:
            os._exit(code)
    return pid


def _end(group: int) -> None:
    """Whatever that process has started, too."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
