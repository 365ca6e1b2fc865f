# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks of this collection, one line for each.

A WORD picks the checks whose name or group starts with it (lint, build, ansible-2.21, sanity, ...); none picks all.
An interpreter that this machine lacks is skipped with a notice, and is a failure where CI=true or STRICT=1.
What is checked stands in checks.py, and where it runs in workspace.py.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import workspace
from checks import CHECKS, CLIENT, SANDBOX, Check, Tree, line, lint_bin, newest_ansible, platforms, routers
from workspace import REQUIREMENTS, ROOT, CheckFailed, CheckSkipped, environment, run


def report(check: Check, snapshot: Path, strict: bool) -> str:
    """Run one check on a copy of the snapshot, print its line, and return passed, failed or skipped."""
    began = time.monotonic()
    log = ""
    folder = snapshot.parent / re.sub(r"\W+", "-", check.name)
    try:
        shutil.copytree(snapshot, folder, symlinks=True)
        tree = Tree(folder, folder / workspace.COLLECTION)
        outcome, note = "passed", check.run(tree) or ""
    except CheckSkipped as error:
        outcome, note = ("failed" if strict else "skipped"), str(error)
    except CheckFailed as error:
        outcome, note, log = "failed", "", str(error)
    except Exception:  # a check that breaks has failed, and the others still run
        outcome, note, log = "failed", "", traceback.format_exc()
    said = f"{outcome:8}{check.name:34}{time.monotonic() - began:7.1f} s  {note}".rstrip()
    print("\n".join([said, *(f"    {line}" for line in log.splitlines())]), flush=True)
    return outcome


def run_all(checks: list[Check], slots: int, one: Callable[[Check], str]) -> list[str]:
    """The outcomes of ONE for each check, in their order, in at most SLOTS places at a time."""
    waiting = list(enumerate(checks))
    outcomes: dict[int, str] = {}
    free, changed = slots, threading.Condition()

    def worker() -> None:
        nonlocal free
        while True:
            with changed:
                # The first that fits: where a check of two places has to wait, others go on.
                while not (fits := [item for item in waiting if min(item[1].places, slots) <= free]):
                    if not waiting:
                        return
                    changed.wait()
                waiting.remove(fits[0])
                number, check = fits[0]
                places = min(check.places, slots)
                free -= places
            try:
                outcomes[number] = one(check)
            finally:
                with changed:
                    free += places
                    changed.notify_all()

    with ThreadPoolExecutor(slots) as pool:
        try:
            for done in [pool.submit(worker) for _number in range(slots)]:
                done.result()
        except BaseException:  # interrupted: what waits is not begun, what runs ends
            with changed:
                waiting.clear()
                changed.notify_all()
            workspace.stop_all()
            raise
    return [outcomes[number] for number in range(len(checks))]


def reformat() -> None:
    """Rewrite the Python files of the work tree."""
    binaries = lint_bin()
    for words in (("check", "--fix", "--exit-zero", "--quiet"), ("format",)):
        print(run([binaries / "ruff", *words, "--no-cache"]), end="")


def hand_over(binaries: Path, *words: str, **extra: str) -> int:
    """Become that environment's Python with these words, in the project's folder."""
    command = [str(binaries / "python"), *words]
    os.chdir(ROOT)
    os.execve(command[0], command, environment(extra, path=binaries))


def demo_bin() -> Path:
    """An environment with what a user would install, and the local API."""
    python = workspace.newest_python("3.11", "3.12", "3.13", "3.14")
    return workspace.venv("demo", python, [REQUIREMENTS / "demo.txt", CLIENT, SANDBOX])


def demo() -> int:
    """The demonstration; needs no git."""
    return hand_over(demo_bin(), str(ROOT / "tests" / "sandbox" / "demo.py"))


def bench() -> int:
    """The measurement of the outage."""
    return hand_over(demo_bin(), "-B", "-m", "bench", "--out", "docs/outage.md", PYTHONPATH=str(ROOT / "tests"))


def soak() -> int:
    """Fuzz for five minutes, read many mails, set each router and line at length, then all faults and many kills."""
    _core, binaries = newest_ansible()
    with tempfile.TemporaryDirectory(prefix="ovhcloud-fuzz-") as folder:
        workspace.copy_collection(Path(folder))
        path = f"{folder}:tests:tests/sandbox"
        fuzz: list[str | Path] = [binaries / "python", "-B", "-m", "leaks.fuzz", "300"]
        print(run(fuzz, cwd=ROOT, env=environment({"PYTHONPATH": path}, path=binaries)), end="", flush=True)
        figures = "ansible_collections.ownrouter.ovhcloud.tests.unit.mails.figures"
        mails: list[str | Path] = [binaries / "python", "-B", "-m", figures, "30000"]
        print(run(mails, cwd=ROOT, env=environment({"PYTHONPATH": folder}, path=binaries)), end="", flush=True)
        tree = Tree(Path(folder), Path(folder) / workspace.COLLECTION)
        print("platforms:", platforms("soak", tree), flush=True)
        print("routers:", routers("soak", tree), flush=True)
        print("real PPPoE line:", line("soak", tree), flush=True)
    return hand_over(binaries, "-B", "-m", "faults", "--soak", PYTHONPATH="tests:tests/sandbox")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the checks and stop")
    # Three on two cores: most of them wait for something now and then.
    jobs = 3 if (os.cpu_count() or 1) > 1 else 1
    parser.add_argument(
        "--jobs", type=int, default=jobs, metavar="N", help="run N checks at a time (here: %(default)s)"
    )
    parser.add_argument("word", nargs="*", help="start of a check's name or group")
    parser.add_argument("--build", action="store_true", help="leave the archive in the project's folder and stop")
    parser.add_argument("--demo", action="store_true", help="run the demonstration and stop")
    parser.add_argument("--bench", action="store_true", help="measure the outage, write docs/outage.md, and stop")
    parser.add_argument("--soak", action="store_true", help="fuzz, all routers, the whole fault matrix and 50 kills")
    parser.add_argument(
        "--format", action="store_true", help="rewrite the Python files in the project's format and stop"
    )
    options = parser.parse_args()
    try:
        if options.demo:
            return demo()
        if options.bench:
            return bench()
        if options.soak:
            return soak()
        if options.format:
            reformat()
            return 0
    except (CheckFailed, CheckSkipped) as error:
        print(error, file=sys.stderr)
        return 1
    words = tuple(options.word)
    checks = [check for check in CHECKS if not words or check.name.startswith(words) or check.group.startswith(words)]
    if options.list or not checks:
        print("\n".join(f"{check.group:16}{check.name}" for check in checks or CHECKS))
        return 0 if checks else 2
    if options.build:
        checks = [check for check in CHECKS if check.name == "build and install"]
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))  # so that what was started ends, too
    strict = os.environ.get("CI") == "true" or os.environ.get("STRICT") == "1"
    with tempfile.TemporaryDirectory(prefix="ovhcloud-check-") as folder:
        snapshot = Path(folder).resolve() / "snapshot"
        workspace.copy_collection(snapshot)
        outcomes = run_all(checks, options.jobs, lambda check: report(check, snapshot, strict))
        if options.build and "failed" not in outcomes:
            print(shutil.copy2(next(snapshot.parent.glob("*/built/*.tar.gz")), ROOT))
    counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
