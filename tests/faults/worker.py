# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One worker: a job a line on standard input, its outcome as a line of JSON on standard output."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from .bench import Outcome
from .jobs import Worker


def main() -> int:
    """Work until standard input ends."""
    # What modules and servers print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))
    worker = Worker(Path(sys.argv[1]))
    try:
        for line in sys.stdin:
            job = line.strip()
            try:
                outcome = worker.do(job)
            except Exception:  # a job that breaks has failed, and the others still run
                text = traceback.format_exc()
                outcome = Outcome(job, "", "", "", "", "broken", [text.strip().splitlines()[-1]], 0.0, text)
            answers.write(json.dumps(outcome.as_dict()) + "\n")
            answers.flush()
    finally:
        worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
