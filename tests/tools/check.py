# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks of this collection, one line for each.

A WORD picks the checks whose name or group starts with it (lint, build, ansible-2.21, sanity, ...); none picks all.
Nothing is skipped: where this machine lacks something that one of them needs, nothing is run, and each missing part is
named with what gets it. The list of checks is plan.py, what each does stands in checks.py, where in workspace.py.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docsite
import needs
import workspace
from checks import (
    CLIENT,
    SANDBOX,
    Tree,
    fleets,
    leaks,
    line,
    lint_bin,
    module_units,
    newest_ansible,
    platforms,
    provisioning,
    pure_units,
    routers,
    scenarios,
    starts,
    tutorials,
    ways,
)
from needs import Missing
from plan import CHECKS, Check, quick
from workspace import REQUIREMENTS, ROOT, CheckFailed, environment, run

SLOWEST = 5
#: So many lines of a failed check, and so many characters of each, are said again at the end.
LAST, LONGEST = 8, 300


@dataclass(frozen=True)
class Outcome:
    """What came of a check."""

    name: str
    passed: bool
    seconds: float
    log: str = ""


def picked(words: Sequence[str], checks: Sequence[Check] = CHECKS) -> list[Check]:
    """The checks that these words pick. A whole name picks that one alone, though others begin with it."""
    exact = {check.name for check in checks}
    start = tuple(word for word in words if word not in exact)
    return [
        check
        for check in checks
        if not words
        or check.name in words
        or (start and (check.name.startswith(start) or check.group.startswith(start)))
    ]


def alone(name: str) -> str:
    """The command that runs one check alone, as this run was started."""
    interpreter = Path(sys.executable).name
    if shutil.which(interpreter) != sys.executable:
        interpreter = sys.executable
    sudo = ["sudo"] if os.environ.get("SUDO_UID") and os.geteuid() == 0 else []
    return shlex.join([*sudo, interpreter, "tests/tools/check.py", name])


def report(check: Check, snapshot: Path) -> Outcome:
    """Run one check on a copy of the snapshot, and print its line."""
    began = time.monotonic()
    log = ""
    folder = snapshot.parent / re.sub(r"\W+", "-", check.name)
    try:
        shutil.copytree(snapshot, folder, symlinks=True)
        tree = Tree(folder, folder / workspace.COLLECTION)
        passed, note = True, check.run(tree) or ""
    except (CheckFailed, Missing) as error:
        passed, note, log = False, "", str(error)
    except Exception:  # a check that breaks has failed, and the others still run
        passed, note, log = False, "", traceback.format_exc()
    outcome = Outcome(check.name, passed, time.monotonic() - began, log)
    said = f"{'passed' if passed else 'failed':8}{check.name:34}{outcome.seconds:7.1f} s  {note}".rstrip()
    again = [] if passed else [f"    again, alone: {alone(check.name)}"]
    print("\n".join([said, *(f"    {line}" for line in log.splitlines()), *again]), flush=True)
    return outcome


def telling(log: str) -> list[str]:
    """The few lines of a log that tell most: pytest's own about what failed, else the last."""
    lines = [line for line in log.splitlines() if line.strip()]
    return ([line for line in lines if line.startswith(("E  ", "FAILED ", "ERROR "))] or lines)[-LAST:]


def summary(outcomes: Sequence[Outcome]) -> str:
    """The last lines: the slowest checks, those that failed with the end of what they said, and how many there were.

    Where only the end of a long log is kept, the reason is in it.
    """
    failed = [outcome for outcome in outcomes if not outcome.passed]
    slowest = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:SLOWEST]
    lines = [f"slowest: {', '.join(f'{one.name} {one.seconds:.0f} s' for one in slowest)}"] if len(outcomes) > 1 else []
    for outcome in failed:
        lines += [f"failed: {alone(outcome.name)}", *(f"    {line[:LONGEST]}" for line in telling(outcome.log))]
    return "\n".join([*lines, f"{len(outcomes) - len(failed)} passed, {len(failed)} failed"])


def run_all(checks: list[Check], slots: int, one: Callable[[Check], Outcome]) -> list[Outcome]:
    """The outcomes of ONE for each check, in their order, in at most SLOTS places at a time."""
    waiting = list(enumerate(checks))
    outcomes: dict[int, Outcome] = {}
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


def reformat() -> int:
    """Rewrite the Python files of the work tree in the project's format."""
    binaries = lint_bin()
    for words in (("check", "--fix", "--exit-zero", "--quiet"), ("format",)):
        print(run([binaries / "ruff", *words, "--no-cache"]), end="")
    return 0


def hand_over(binaries: Path, *words: str, **extra: str) -> int:
    """Become that environment's Python with these words, in the project's folder."""
    command = [str(binaries / "python"), *words]
    os.chdir(ROOT)
    os.execve(command[0], command, environment(extra, path=binaries))


def demo_bin() -> Path:
    """An environment with what a user would install, and the local API."""
    python = needs.newest_python("3.11", "3.12", "3.13", "3.14")
    return workspace.venv("demo", python, [REQUIREMENTS / "demo.txt", CLIENT, SANDBOX])


def demo() -> int:
    """Run the demonstration; needs no git."""
    return hand_over(demo_bin(), str(ROOT / "tests" / "demo.py"), PYTHONPATH=str(ROOT / "tests" / "sandbox"))


def bench() -> int:
    """Measure the outage, and write docs/outage.md."""
    return hand_over(demo_bin(), "-B", "-m", "bench", "--out", "docs/outage.md", PYTHONPATH=str(ROOT / "tests"))


def bench_fleet() -> int:
    """Measure many lines on one key (as many as the words say, such as 1 5 10), and write docs/fleets.md."""
    sizes = [word for word in sys.argv[1:] if word.isdigit()]
    words = ("-B", "-m", "bench.fleets", "--out", "docs/fleets.md", *sizes)
    return hand_over(demo_bin(), *words, PYTHONPATH=str(ROOT / "tests"))


def verdicts() -> int:
    """Write the verdicts in docs/preflight.md anew, as the code says them."""
    _core, binaries = newest_ansible()
    with tempfile.TemporaryDirectory(prefix="ovhcloud-verdicts-") as folder:
        workspace.copy_collection(Path(folder))
        module = "ansible_collections.ownrouter.ovhcloud.tests.unit.docs.verdicts"
        page: list[str | Path] = [binaries / "python", "-B", "-m", module, ROOT / "docs" / "preflight.md"]
        print(run(page, cwd=ROOT, env=environment({"PYTHONPATH": folder}, path=binaries)), end="")
    return 0


def docs() -> int:
    """Build the docs site into tests/output/docsite."""
    target = ROOT / "tests" / "output" / "docsite"
    with tempfile.TemporaryDirectory(prefix="ovhcloud-docs-") as folder:
        collection = workspace.copy_collection(Path(folder))
        (Path(folder) / "site").mkdir()
        command = partial(Tree(Path(folder), collection).command, lint_bin())
        html, made = docsite.build(collection, Path(folder) / "site", command)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(html, target)
    print(f"{made}: {target / 'index.html'}")
    return 0


def soak() -> int:
    """Fuzz for five minutes, read 100,000 mails of each generator, break the core on purpose, set each router and line
    at length, then all faults and many kills."""
    _core, binaries = newest_ansible()
    with tempfile.TemporaryDirectory(prefix="ovhcloud-fuzz-") as folder:
        workspace.copy_collection(Path(folder))
        path = f"{folder}:tests:tests/sandbox"
        fuzz: list[str | Path] = [binaries / "python", "-B", "-m", "leaks.fuzz", "300"]
        print(run(fuzz, cwd=ROOT, env=environment({"PYTHONPATH": path}, path=binaries)), end="", flush=True)
        for name in ("figures", "blind_run"):
            module = f"ansible_collections.ownrouter.ovhcloud.tests.unit.mails.{name}"
            mails: list[str | Path] = [binaries / "python", "-B", "-m", module, "100000"]
            print(run(mails, cwd=ROOT, env=environment({"PYTHONPATH": folder}, path=binaries)), end="", flush=True)
        tree = Tree(Path(folder), Path(folder) / workspace.COLLECTION)
        faults: list[str | Path] = [binaries / "python", "-B", "-m", "mutation"]
        known = environment({"PYTHONPATH": path}, path=binaries)
        print(run(faults, cwd=tree.collection, env=known), end="", flush=True)
        print("properties, newly drawn:", pure_units(tree, search=True), flush=True)
        print("modules on the oldest ansible-core:", module_units(tree), flush=True)
        print("platforms:", platforms("soak", tree), flush=True)
        print("routers:", routers("soak", tree), flush=True)
        print("real PPPoE line:", line("soak", tree), flush=True)
        print("ways without the line:", ways("soak", tree), flush=True)
        print("fleets:", fleets("soak", tree), flush=True)
        print("provisioning:", provisioning("soak", tree), flush=True)
        print("tutorials:", tutorials("soak", tree), flush=True)
        print("secrets:", leaks("soak", tree), flush=True)
        print("the role from end to end:", scenarios(tree), flush=True)
        print("ways to start, commands that are printed:", starts(tree), flush=True)
    return hand_over(binaries, "-B", "-m", "faults", "--soak", PYTHONPATH="tests:tests/sandbox")


def perform(checks: list[Check], jobs: int, *, archive: bool) -> int:
    """Run these checks, each on its own copy of the work tree; ARCHIVE: keep the one that is built."""
    with tempfile.TemporaryDirectory(prefix="ovhcloud-check-") as folder:
        snapshot = Path(folder).resolve() / "snapshot"
        workspace.copy_collection(snapshot)
        outcomes = run_all(checks, jobs, lambda check: report(check, snapshot))
        failed = any(not outcome.passed for outcome in outcomes)
        if archive and not failed:
            print(shutil.copy2(next(snapshot.parent.glob("*/built/*.tar.gz")), ROOT))
    print(summary(outcomes))
    return 1 if failed else 0


def lacking(checks: Sequence[Check], words: Sequence[str]) -> str:
    """What this machine lacks for these checks, in words; "" for nothing."""
    lacks = needs.missing([needs.clone, *(need for check in checks for need in check.needs)])
    if not lacks:
        return ""
    if not words:
        return needs.said(lacks, "make test", rootless="make quick")
    known: dict[tuple[str, ...], str] = {
        ("--quick",): "make quick",
        ("build and install",): "make build",
        ("lint",): "make lint",
    }
    own = shlex.join([Path(sys.executable).name, "tests/tools/check.py", *words])
    return needs.said(lacks, known.get(tuple(words), own))


def missing_packages() -> list[str]:
    """Debian's packages that the checks lack here."""
    lacks = needs.missing(need for check in CHECKS for need in check.needs)
    return sorted({lack.package for lack in lacks if lack.package})


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the checks and stop")
    # Three on two cores: most of them wait for something now and then.
    jobs = 3 if (os.cpu_count() or 1) > 1 else 1
    parser.add_argument(
        "--jobs", type=int, default=jobs, metavar="N", help="run N checks at a time (here: %(default)s)"
    )
    parser.add_argument("word", nargs="*", help="a check's name, or the start of names or groups")
    parser.add_argument("--quick", action="store_true", help="format, types and the units of pure parts; needs no root")
    parser.add_argument("--packages", action="store_true", help="print Debian's packages that are missing and stop")
    parser.add_argument("--build", action="store_true", help="leave the archive in the project's folder and stop")
    for name, what in OTHERS.items():
        parser.add_argument(f"--{name}", action="store_true", help=f"{what.__doc__} Then stop.")
    return parser.parse_args()


OTHERS: dict[str, Callable[[], int]] = {
    "demo": demo,
    "bench": bench,
    "bench-fleet": bench_fleet,
    "soak": soak,
    "verdicts": verdicts,
    "docs": docs,
    "format": reformat,
}


def main() -> int:
    options = arguments()
    for name, other in OTHERS.items():
        if getattr(options, name.replace("-", "_")):
            return other()
    if options.packages:
        print("\n".join(missing_packages()))
        return 0
    checks = quick() if options.quick else picked(options.word)
    if options.list or not checks:
        print("\n".join(f"{check.group:16}{check.name}" for check in checks or CHECKS))
        return 0 if checks else 2
    words = options.word
    if options.build:
        words = ["build and install"]
        checks = picked(words)
    if lacks := lacking(checks, words or ["--quick"] * options.quick):
        print(lacks, file=sys.stderr)
        return 1
    return perform(checks, options.jobs, archive=options.build)


def guarded() -> int:
    """The exit code; whatever stops a run is told in a few words."""
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))  # so that what was started ends, too
    try:
        return main()
    except Missing as missing:
        print(f"This machine lacks:\n{missing}\nThen run the same command again.", file=sys.stderr)
    except (CheckFailed, OSError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    finally:
        workspace.give_back()
    return 1


if __name__ == "__main__":
    sys.exit(guarded())
