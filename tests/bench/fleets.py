# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m bench.fleets``: many lines on one key, renewed and converged, and the table for docs/fleets.md."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from . import document
from .fleet import LIMIT, MAIL, Fleet, Outcome, kinds

TESTS = Path(__file__).resolve().parents[1]
FLAG = ("-e", "router_pppoe_renew=true")


def renewed(lines: int, collections: Path) -> Outcome:
    """All lines at once, each of them once.

    :raises SystemExit: when one of them was not
    """
    with Fleet(lines, collections) as fleet:
        one = fleet.run(*FLAG)
        if one.code or one.posts != [1] * lines or len(one.delays) != lines:
            raise SystemExit(f"{lines} lines: exit code {one.code}, requests {one.posts}\n{one.output[-5000:]}")
        return one


def converged(lines: int, collections: Path) -> Outcome:
    """A run that changes nothing."""
    with Fleet(lines, collections) as fleet:
        one = fleet.run(ANSIBLE_FORKS="20")
        if one.code or any(one.posts):
            raise SystemExit(f"{lines} lines: exit code {one.code}\n{one.output[-5000:]}")
        return one


def told(one: Outcome) -> Outcome:
    """The same, with where its requests went on standard error."""
    print(f"{one.lines} lines, {one.requests} requests, {one.seconds:.0f} s, {one.delays}", file=sys.stderr)
    for kind, count in kinds(one.calls):
        print(f"  {count:5} {count / one.lines:6.1f} a line  {kind}", file=sys.stderr, flush=True)
    return one


def row_of_renewal(one: Outcome) -> list[str]:
    return [
        str(one.lines),
        str(one.requests),
        f"{one.requests / one.lines:.1f}",
        str(one.looks),
        f"{one.seconds / 60:.1f}",
        f"{statistics.mean(one.delays):.1f}",
        f"{max(one.delays):.1f}",
        str(one.busiest),
        str(one.refused),
    ]


def row_of_converge(one: Outcome) -> list[str]:
    return [
        str(one.lines),
        str(one.requests),
        f"{one.requests / one.lines:.1f}",
        f"{one.seconds / 60:.1f}",
        f"{one.cpu / one.lines:.1f}",
        f"{one.memory:.0f}",
        str(one.busiest),
        str(one.refused),
    ]


def table(heads: str, rows: list[list[str]]) -> list[str]:
    return [heads, "|---" * (heads.count("|") - 1) + "|", *(f"| {' | '.join(row)} |" for row in rows)]


def figures(collections: Path, renewals: list[int], converges: list[int]) -> str:
    """The document's part that is measured: runs over so many lines."""
    lines = [
        f"Command: `make bench-fleet`; {os.cpu_count()} processors, Python {platform.python_version()}, ansible-core",
        f"{version('ansible-core')}. The local API answers {LIMIT} requests a minute and refuses more. Each mail takes "
        f"{MAIL[0]:.0f} to {MAIL[1]:.0f} s.",
        "",
        "Renewed, one line first and then all others at once:",
        "",
    ]
    rows = [row_of_renewal(told(renewed(size, collections))) for size in renewals]
    heads = (
        "| lines | requests | a line | looks for mails | minutes | mail → router, mean (s) | worst (s) | "
        "most answered in a minute | refused |"
    )
    lines += [*table(heads, rows), "", "Converged, nothing to change, 20 forks:", ""]
    rows = [row_of_converge(told(converged(size, collections))) for size in converges]
    heads = (
        "| lines | requests | a line | minutes | processor time a line (s) | memory of a process (MiB) | "
        "most answered in a minute | refused |"
    )
    return "\n".join([*lines, *table(heads, rows)]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.fleets", description=__doc__)
    sizes = [1, 5, 10, 30, 100]
    parser.add_argument("lines", type=int, nargs="*", help=f"sizes of the fleets that are renewed ({sizes})")
    parser.add_argument("--converge", type=int, nargs="*", default=[10, 30, 100], help="and of those that are not")
    parser.add_argument("--out", type=Path, help="the document whose figures are replaced")
    options = parser.parse_args()
    sys.path.insert(0, str(TESTS / "tools"))
    import workspace

    with tempfile.TemporaryDirectory(prefix="ownrouter-fleets.") as folder:
        workspace.copy_collection(Path(folder))
        text = figures(Path(folder), options.lines or sizes, options.converge)
    print(text)
    if options.out:
        document.put(text, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
