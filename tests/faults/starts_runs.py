# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the ways of the table of starts, each twice, and hold what is seen against what is promised."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from role.site import Run

from .by_role import failure
from .starts import Cell, Seen, Way, Wrong
from .starts_site import Line, Stage

WORKERS = 3
#: A result of a task: how, and of which host; its JSON follows.
RESULT = re.compile(r"^(ok|changed|fatal|failed): \[(.+?)(?: -> [^]]+)?\](?=[: ]).*? => (?=\{\s*\")", re.MULTILINE)
TASK = re.compile(r"^ +(.+?)\tTAGS: ", re.MULTILINE)


@dataclass
class Outcome:
    """How a cell ended: promised, seen, and where they differ."""

    cell: Cell
    seen: str
    problems: list[str]
    seconds: float
    log: str

    @property
    def row(self) -> str:
        """One line of the table."""
        verdict = "BROKEN" if self.problems else "kept"
        return f"{verdict:7}{self.cell.name:72} promised {self.cell.expected} / seen {self.seen}"


def told(run: Run, host: str) -> tuple[str, str]:
    """What a host was told in failures, and in all: each as one line."""
    failed, said = [], []
    for found in RESULT.finditer(run.output):
        if found[2] == host:
            result, _end = json.JSONDecoder().raw_decode(run.output, found.end())
            words = " ".join(str(result.get("msg", "")).split())
            said.append(words)
            if found[1] in ("fatal", "failed"):
                failed.append(words)
    # What the role prints while it works, and at its end.
    said += [line for line in run.output.splitlines() if line.startswith(f"[{host}] ")]
    if run.code and not failed and not run.recap("ok", host) > 0:
        # Nothing was begun: what Ansible said of the whole run.
        failed = said = [" ".join(failure(run.output).split())]
    return " ".join(failed), " ".join(said)


def look(stage: Stage, line: Line, run: Run) -> Seen:
    """What can be seen of a line after a run."""
    now = stage.line(line.service)
    entries = line.entries()
    router = "kept" if entries == {line.before} else "set" if entries == {now["password"]} else "other"
    paper = line.folder / f"handed-{line.service}"
    handed = ""
    if paper.exists():
        right = {"service_name": line.service, "login": line.login, "password": now["password"]}
        handed = "right" if json.loads(paper.read_text(encoding="utf-8")) == right else "wrong"
    mailed = [mail["at"] for mail in stage.admin("GET", "/state")["mails"] if f"[{line.service}]" in mail["title"]]
    up = line.done("up")
    late = up[-1]["at"] - max(mailed) if up and router == "set" else None
    failed, said = told(run, line.host)
    bad = run.recap("failed", line.host) + run.recap("unreachable", line.host)
    # A line that is not active has no session from the beginning.
    active = line.cell.wrong.status == "active"
    return Seen(
        ok=bad == 0 if run.recap("ok", line.host) >= 0 else run.code == 0,
        posts=stage.requests(line),
        router=router,
        up=bool(now["session"]["up"]) or not active,
        handed=handed,
        changed=max(0, run.recap("changed", line.host)),
        late=None if late is None else round(late, 1),
        failed=failed,
        said=said,
    )


def again_broken(first: Seen, second: Seen, wrong: Wrong) -> list[str]:
    """What a second run of the same command must not do."""
    broken = []
    if second.posts != first.posts:
        broken.append(f"again: {second.posts} POSTs, {first.posts} before")
    if first.ok and first.posts:
        if not second.ok and not wrong.api.startswith("gone"):
            broken.append("again: it fails")
        if second.changed:
            broken.append(f"again: changed={second.changed}")
    if (first.router, first.handed) != (second.router, second.handed) and first.ok:
        broken.append(f"again: {second}")
    return broken


def words(stage: Stage, way: Way) -> list[str]:
    """What is added to the command; the names of tasks are those that Ansible lists."""
    found = []
    for word in way.words:
        if place := re.fullmatch(r"\{task:([0-9.]+)\}", word):
            listed = TASK.findall(stage.play("--list-tasks", playbook=str(stage.top / "play.yml")).output)
            names = [name.partition(" : ")[2] or name for name in listed]
            word = names[round(float(place[1]) * (len(names) - 1))]
        found.append(word)
    return found


def run_way(stage: Stage, way: Way, cells: list[Cell], again: bool) -> list[Outcome]:
    """Each cell of a way on a line of its own, by one command, and once more if AGAIN, where it asked for something."""
    lines = stage.set_up(cells)
    playbook = way.play if isinstance(way.play, str) else str(stage.top / "play.yml")
    environment = {"ANSIBLE_FORKS": "12", **way.environment}
    if way.cfg:
        environment["ANSIBLE_CONFIG"] = str(stage.top / "way.cfg")
    more = words(stage, way)
    began = time.monotonic()
    with stage.striking():
        run = stage.play(*more, playbook=playbook, **environment)
    firsts = [look(stage, line, run) for line in lines]
    secrets = {str(stage.line(line.service)["password"]) for line in lines}
    second = None
    if again and any(one.posts and one.ok for one in firsts):
        second = stage.play(*more, playbook=playbook, **environment)
    seconds = round(time.monotonic() - began, 1)
    outcomes = []
    for line, first in zip(lines, firsts, strict=True):
        breaks = [promise.broken_by(first) for promise in line.cell.promised]
        problems = min(breaks, key=len)
        if not first.ok and not run.code:
            problems.append("a host failed, and the run ended with 0")
        log = f"--- {' '.join(more)}: {run.code}, late {first.late}\n{first.failed or first.said}"
        if second is not None:
            after = look(stage, line, second)
            problems += again_broken(first, after, line.cell.wrong)
            log += f"\n--- again: {second.code}, {after}\n{after.failed}"
        if any(secret in one.output for one in (run, second) if one for secret in secrets):
            problems.append("a password is in the output")
        outcomes.append(
            Outcome(line.cell, str(first), problems, seconds, log + (f"\n{run.output[-6000:]}" if problems else ""))
        )
    return outcomes


AnyCell = TypeVar("AnyCell", bound=Cell)


def by_way(cells: Iterable[AnyCell]) -> dict[str, list[AnyCell]]:
    """The cells of each way, by the way's name."""
    found: dict[str, list[AnyCell]] = {}
    for cell in cells:
        found.setdefault(cell.way.name, []).append(cell)
    return found


def run(cells: Iterable[Cell], collections: Path, again: bool) -> list[Outcome]:
    """Run these cells, two ways at a time. AGAIN: every command is given twice."""

    def act(stage: Stage, group: list[Cell]) -> list[Outcome]:
        return run_way(stage, group[0].way, group, again or group[0].way.again)

    return in_turn([*cells], collections, act)


def in_turn(
    cells: list[AnyCell], collections: Path, act: Callable[[Stage, list[AnyCell]], list[Outcome]]
) -> list[Outcome]:
    """Do this with the cells of each way, two ways at a time, each on a stage of its own."""
    waiting: queue.SimpleQueue[list[AnyCell]] = queue.SimpleQueue()
    ways = list(by_way(cells).values())
    for group in ways:
        waiting.put(group)
    outcomes: list[Outcome] = []

    def work() -> None:
        with Stage(collections) as stage:
            while True:
                try:
                    group = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    found = act(stage, group)
                except Exception as error:  # a way that breaks has failed, and the others still run
                    found = [Outcome(cell, "broken", [f"{type(error).__name__}: {error}"], 0.0, "") for cell in group]
                outcomes.extend(found)

    threads = [threading.Thread(target=work, daemon=True) for _number in range(min(WORKERS, len(ways)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
