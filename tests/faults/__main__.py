# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the fault matrix: ``PYTHONPATH=tests:tests/sandbox python -m faults [--soak] [--level LEVEL] [NAME...]``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from . import jobs
from .bench import Outcome

TESTS = Path(__file__).resolve().parents[1]


def place(folder: Path) -> Path:
    """Where this collection is found as ansible_collections.ownrouter.ovhcloud; a copy in FOLDER where need be."""
    if TESTS.parents[2].name == "ansible_collections":
        return TESTS.parents[3]
    sys.path.insert(0, str(TESTS / "tools"))
    import workspace

    workspace.copy_collection(folder)
    return folder


def row(outcome: Outcome) -> str:
    """One line of the table."""
    verdict = "BROKEN" if outcome.problems else "kept"
    return (
        f"{verdict:7} {outcome.phase:9} {outcome.name:38} {outcome.level:8} {outcome.seconds:5.1f} s  "
        f"{outcome.what} | promised {outcome.expected} | seen {outcome.seen}"
    )


def searched(outcomes: list[Outcome]) -> str:
    """How much was looked through for the line's passwords."""
    places = sum(outcome.places for outcome in outcomes)
    return f"searched {places} files and outputs of {len(outcomes)} jobs for passwords"


def tell(outcome: Outcome) -> None:
    """Print a job's line, and what was wrong."""
    print(row(outcome), flush=True)
    for problem in outcome.problems:
        print(f"        {problem}")
    if outcome.problems and os.environ.get("FAULTS_VERBOSE"):
        print("\n".join(f"        | {line[:3000]}" for line in outcome.log.splitlines()))


def main() -> int:
    """Run and print; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="with the cells that take minutes")
    parser.add_argument("--level", choices=["modules", "role"], help="run every cell that can be on this level")
    parser.add_argument("--only", action="store_true", help="leave out the cells that are not on that level by nature")
    parser.add_argument("--seed", type=int, help="of the random instants")
    parser.add_argument(
        "name", nargs="*", help="start of a job's name (cell:..., border:..., random:...) or of a cell's"
    )
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else int(time.time())
    everything = options.soak or bool(options.name)
    wanted = jobs.cell_jobs(everything, options.level)
    if options.only:
        wanted = [job for job in wanted if job.startswith(f"cell:{options.level}:")]
    if not options.level:
        wanted += jobs.together_jobs(everything)
        wanted += [*jobs.border_jobs(everything), *(jobs.random_jobs(seed) if everything else ())]
    if options.name:
        starts = tuple(options.name)
        wanted = [job for job in wanted if job.startswith(starts) or job.rpartition(":")[2].startswith(starts)]
    print(f"{len(wanted)} jobs, seed {seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        outcomes = jobs.run(wanted, place(Path(folder)), tell)
    broken = [outcome for outcome in outcomes if outcome.problems]
    print(f"{len(outcomes)} jobs, {len(broken)} broken, {time.monotonic() - began:.0f} s; {searched(outcomes)}")
    return 1 if broken or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
