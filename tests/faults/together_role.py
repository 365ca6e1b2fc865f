# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole playbook twice at the same moment, for one line and one router: on one control node, and on two."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from .bench import FLAG, POST, SERVICE, Outcome, Seen
from .by_role import RoleBench
from .inject import mail_of
from .together import wait

#: A run that finds the lock held says by whom and since when, what was not done, and the command that goes on.
HELD = re.compile(
    r"Another run is deciding on a renewal of \S+ right now \(process \d+ on \S+ since 20\S+\).*Nothing was requested"
    r".*ansible-playbook -i \S+ .*ownrouter\.ovhcloud\.renew"
)
#: A run's first line of progress.
WAITS = "waiting for the credentials mail"
#: Seconds that a run has to come to it, on a machine with much else to do.
LIMIT = 120
EXPECTED = "1 request, 1 write and dial, session up; each run ends well, or names the holder of the lock"


class Pair:
    """Two runs of the same command, each with a journal, and what they wrote."""

    def __init__(self, bench: RoleBench, *state_dirs: Path) -> None:
        self.bench = bench
        self.state_dirs = state_dirs
        self.began = time.monotonic()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.outputs = [bench.lab.top / f"together-{number}.out" for number in range(len(state_dirs))]

    def start(self) -> None:
        """Start the next one."""
        number = len(self.processes)
        self.bench.extra["router_pppoe_state_dir"] = str(self.state_dirs[number])
        self.processes.append(self.bench.start(FLAG, self.outputs[number]))

    def end(self) -> list[Seen]:
        """What can be seen once both have ended."""
        codes = [process.wait(200) for process in self.processes]
        texts = [output.read_text(encoding="utf-8", errors="replace") for output in self.outputs]
        seconds = time.monotonic() - self.began
        return [self.bench.seen(code == 0, text, seconds) for code, text in zip(codes, texts, strict=True)]


def one_node(bench: RoleBench) -> tuple[list[Seen], list[str]]:
    """Both are started at once, and the answer to the first request is late and lost: the lock is held meanwhile."""
    bench.fault("timeout_after", "POST", POST, seconds=4)
    pair = Pair(bench, bench.state_dir, bench.state_dir)
    pair.start()
    pair.start()
    return pair.end(), []


def two_nodes(bench: RoleBench) -> tuple[list[Seen], list[str]]:
    """No shared folder: the second begins after the first one's request; both wait for its mail, and set the router.

    Both at the very same moment could both ask: see the window in docs/security.md, and the modules' "window".
    """
    bench.set(mail_delay=86400)
    bench.extra["router_pppoe_mail_timeout"] = 2 * LIMIT
    pair = Pair(bench, bench.lab.top / "one", bench.lab.top / "two")
    pair.start()
    wait(lambda: bool(bench.lab.posts()), LIMIT)
    pair.start()
    wait(lambda: all(WAITS in output.read_text("utf-8", "replace") for output in pair.outputs), LIMIT)
    mail_of(SERVICE)(bench)
    seen = pair.end()
    said = "a new password was requested already"
    return seen, [] if said in seen[1].said else ["the second does not say that it was asked for already"]


TOGETHER = {one.__name__: one for one in (one_node, two_nodes)}
#: What `make test` has of them: where no lock of one machine helps. The modules alone are tried in both ways there.
GATE = ("two_nodes",)


def run(bench: RoleBench, name: str) -> Outcome:
    """One of them as a job."""
    began = time.monotonic()
    action = TOGETHER[name]
    seen, problems = action(bench)
    for number, one in enumerate(seen, 1):
        if not one.ok and not HELD.search(one.said):
            problems.append(f"run {number} neither ended well nor named the holder of the lock")
        if (one.posts, one.router, one.up) != (1, "set", True):
            problems.append(f"seen after run {number}: {one}")
    if not any(one.ok for one in seen):
        problems.append("no run ended well")
    if bench.lab.line()["requests"] != 1:
        problems.append("more than one password was made")
    if bench.hang_ups() != 1:
        problems.append(f"the router dialled {bench.hang_ups()} times for it, promised once")
    problems += bench.leftovers()
    return Outcome(
        f"together-role-{name}".replace("_", "-"),
        "role",
        "together",
        (action.__doc__ or "").partition("\n")[0],
        EXPECTED,
        "; ".join(map(str, seen)),
        problems,
        round(time.monotonic() - began, 1),
        "\n".join(f"--- run {number}\n{one.said}" for number, one in enumerate(seen, 1)),
    )
