# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the table: ``PYTHONPATH=tests:tests/sandbox python -m ways [--soak] [NAME...]``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from faults.__main__ import place

from . import runs, world
from .table import ROWS


def main() -> int:
    """Run and print; 1 when a row was broken."""
    parser = argparse.ArgumentParser(prog="ways", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="all rows")
    parser.add_argument("--row", help="this row, here and now, as JSON; for the other processes")
    parser.add_argument("--collections", type=Path, help="the folder of ansible_collections")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.row:
        outcome = runs.played(runs.found(options.row), options.collections)
        told = {
            field.name: getattr(outcome, field.name) for field in dataclasses.fields(outcome) if field.name != "row"
        }
        print(json.dumps(told))
        return 0
    if why := world.available():
        print(why, file=sys.stderr)
        return 2
    wanted = [
        row for row in ROWS if row.name in options.names or (not options.names and (options.soak or not row.soak))
    ]
    broken = 0
    for outcome in runs.run(wanted, options.collections or place(Path.cwd())):
        print(outcome.line, flush=True)
        if outcome.problems:
            broken += 1
            print("\n".join(f"        {one}" for one in outcome.problems))
            print("\n".join(f"        | {one[:4000]}" for one in outcome.output.splitlines()[-160:]))
    print(f"rows: {len(wanted) - broken} of {len(wanted)} kept, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
