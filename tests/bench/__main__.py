# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m bench``: three ways to renew, side by side, and the table for docs/outage.md."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from lab.machines import LabError
from lab.needs import Unavailable

from . import document, measure

TESTS = Path(__file__).resolve().parents[1]
#: Seconds by which all delays together miss a whole number, so that no moment between two looks is met each time.
LOOKS = 0.8


def spread(values: Sequence[float]) -> str:
    """Median, minimum and maximum."""
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


def figures(collections: Path, options: argparse.Namespace) -> str:
    """The document's part that is measured."""
    outcomes: dict[str, list[measure.Outcome]] = {way: [] for way in measure.WAYS}
    for number in range(options.runs):
        for way in measure.WAYS:
            # Another delay each time, one after the other through a whole hold-off of pppd (30 s), which dials by
            # itself at its end; and through the pauses between two looks, which are whole seconds.
            delay = options.first + (30 + LOOKS) * number / options.runs
            one = measure.measure(way, collections, delay)
            outcomes[way].append(one)
            print(number + 1, one, file=sys.stderr, flush=True)
    lines = [
        f"Command: `make bench`; {options.runs} renewals by each way, side by side; {os.cpu_count()} processors,",
        f"Python {platform.python_version()}, ansible-core {version('ansible-core')}.",
        "Median (minimum–maximum), in seconds.",
        "",
        "| way | mail → written | mail → new session | outage less the mail's time | API requests | tasks |",
        "|---|---|---|---|---|---|",
    ]
    for way, all_of_it in outcomes.items():
        cells = [
            way,
            spread([one.mail_to_write for one in all_of_it]),
            spread([one.mail_to_session for one in all_of_it]),
            spread([one.outage - one.mail_after for one in all_of_it]),
            f"{statistics.median(one.requests for one in all_of_it):.0f}",
            f"{statistics.median(one.tasks for one in all_of_it):.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    middle = {way: statistics.median(one.mail_to_session for one in outcomes[way]) for way in measure.WAYS}
    lines += ["", f"Mail → session: ours is {middle['ours'] / middle['oracle']:.2f} × the oracle", ""]
    lines[-2] += f" and {middle['ours'] / middle['naive']:.2f} × the naive playbook."
    ours, module, requests = measure.idle(collections, options.runs)
    lines += [
        f"A run that changes nothing takes {spread(ours)} s and {requests} API requests; a playbook with one module",
        f"on the same router takes {spread(module)} s: {statistics.median(ours) / statistics.median(module):.2f} ×.",
    ]
    if options.long:
        long = measure.measure("ours", collections, options.long, defaults=True)
        lines += [
            "",
            f"A renewal whose mail takes {options.long:.0f} s, with the role's defaults, sends {long.requests} API",
            f"requests; its session is up {long.mail_to_session:.1f} s after the mail.",
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="renewals by each way")
    parser.add_argument("--out", type=Path, help="the document whose figures are replaced")
    parser.add_argument("--long", type=float, default=150, help="mail delay of the run whose requests are counted")
    parser.add_argument(
        "--first", type=float, default=10, help="mail delay of the first renewal; each next takes longer"
    )
    options = parser.parse_args()
    sys.path.insert(0, str(TESTS / "tools"))
    import workspace

    try:
        with tempfile.TemporaryDirectory(prefix="ownrouter-bench.") as folder:
            collections = Path(folder)
            workspace.copy_collection(collections)
            text = figures(collections, options)
    except (LabError, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    if options.out:
        document.put(text, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
