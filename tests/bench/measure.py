# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One renewal on a fresh line, by one of three ways, and what it cost."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab.line import TARGET, Line, Run, quoted
from lab.machines import LabError
from lab.provider import SERVICE

NAIVE = Path(__file__).resolve().parent / "naive"
WAYS = ("oracle", "naive", "ours")
ORACLE = (
    "cd /etc/ppp; umask 077; cat >.new && cp .new pap-secrets && mv .new chap-secrets && kill -HUP $(pgrep -x pppd)"
)
REPLY = re.compile(r"^\[([0-9.]+)\] \d+ bytes from", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """Seconds and counts of one renewal."""

    way: str
    mail_after: float  # request to mail: the provider's time, not ours
    mail_to_write: float  # mail exists → new password in the router's file
    mail_to_session: float  # mail exists → new session up
    outage: float  # what a 5 Hz ping through the line saw, in all
    requests: int
    tasks: int
    output: str = field(default="", repr=False)


def outage(log: str, since: float) -> float:
    """Seconds without an answer after that time: every gap longer than a second."""
    times = [float(text) for text in REPLY.findall(log)]
    gaps = [late - early for early, late in itertools.pairwise(times) if late > since]
    if not times or times[-1] < since:
        raise LabError(f"the ping never came back:\n{log[-500:]}")
    return sum(gap - 0.2 for gap in gaps if gap > 1)


def oracle(line: Line) -> None:
    """Knows the password the instant the mail exists; one SSH connection is open already."""
    began = time.time()
    line.provider.world.renew_password(SERVICE, asked_by_api=True)
    time.sleep(max(0.0, line.provider.mail_at(began) - time.time()))
    login = quoted(line.provider.line["login"])
    secret = f"{login} * {quoted(line.provider.line['password'])}\n"
    line.router(ORACLE, stdin=secret)


def renew(way: str, line: Line) -> Run | None:
    """:raises LabError: when it did not work."""
    if way == "oracle":
        oracle(line)
        return None
    naive = way == "naive"
    run = line.play(playbook=str(NAIVE / "renew.yml")) if naive else line.play("-e", "router_pppoe_renew=true")
    if run.code:
        raise LabError(f"{way}: exit code {run.code}\n{run.output}")
    return run


def measure(way: str, collections: Path, mail_delay: float, defaults: bool = False) -> Outcome:
    """A line of its own for every renewal: no run profits from an earlier one.

    Real mails take minutes. A short delay here stands for the end of that time, so the role is told to look early.
    """
    with Line(collections, mail_delay=mail_delay) as line:
        if defaults:
            line.host_variables.clear()
            line.write_inventory()
        line.dial()
        line.router(f"ping -D -i 0.2 {TARGET} >/run/ping.log 2>&1 </dev/null & sleep 1")
        began = time.time()
        run = renew(way, line)
        mail = line.provider.mail_at(began)
        session = line.provider.wait_for("start", mail, 90).at
        written = float(line.router("stat -c %.9Y /etc/ppp/chap-secrets"))
        time.sleep(3)
        log = line.router("pkill -x ping; cat /run/ping.log")
        requested = mail - mail_delay
        return Outcome(
            way,
            mail - requested,
            written - mail,
            session - mail,
            outage(log, requested),
            len(line.provider.calls(began)),
            run.output.count("\nTASK [") if run else 0,
            run.output if run else "",
        )


def idle(collections: Path, runs: int) -> tuple[list[float], list[float], int]:
    """Seconds of our run that changes nothing, seconds of a playbook with one module, API requests of ours."""
    ours, one = [], []
    with Line(collections) as line:
        line.dial()
        for number in range(runs + 1):
            before = len(line.provider.calls())
            run = line.play()
            if run.code or run.recap("changed"):
                raise LabError(f"this was to change nothing\n{run.output}")
            requests = len(line.provider.calls()) - before
            other = line.play(playbook=str(NAIVE / "one_module.yml"))
            if other.code:
                raise LabError(other.output)
            if number:  # the first of each fills caches
                ours.append(run.ended - run.began)
                one.append(other.ended - other.began)
    return ours, one, requests
