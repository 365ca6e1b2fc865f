# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the table of printed commands: each way once, then for each line what was wrong is put right, and a shell is
given the command that the line's failure printed, as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from ovh_api import mails
from role.commands import messages, of_host
from role.site import Run

from . import starts_runs
from .printed import UNTOLD, Case
from .starts import Cell, Seen
from .starts_runs import Outcome, look
from .starts_site import Line, Stage

VARIABLES = re.compile(r"with (\S+=\S+(?:(?:, | and )\S+=\S+)*) as extra variables?")


def spoil(stage: Stage, line: Line) -> None:
    """What is wrong with a line and no part of the stage."""
    if line.cell.wrong is not UNTOLD:
        return
    # The session began long ago, and ends; no mail is left, nor one that could be taken for the line's.
    stage.admin("POST", f"/line/{line.service}/rotate")
    stage.admin("PUT", "/state", {"mails": []})
    end = time.monotonic() + 30
    while not line.done("refused") and time.monotonic() < end:
        time.sleep(0.05)


def mend(stage: Stage, line: Line) -> None:
    """Put right what is wrong with a line."""
    wrong, state = line.cell.wrong, stage.admin("GET", "/state")
    if not wrong.right:
        key = state["credentials"]["test-ck"]
        rules = [*key["rules"], {"method": "POST", "path": f"/xdsl/{line.service}/requestPPPLoginMail"}]
        stage.admin("PUT", "/state", {"credentials": {"test-ck": {**key, "rules": rules}}})
    if wrong.status != "active":
        stage.admin("PUT", "/state", {"lines": {line.service: {"access": {"status": "active"}}}})
        end = time.monotonic() + 30
        while not line.done("up") and time.monotonic() < end:
            time.sleep(0.05)
    if not wrong.writable:
        path = line.folder / "etc" / "chap-secrets"
        path.unlink()
        shutil.copy2(line.folder / "etc" / "pap-secrets", path)
    if wrong.mail is None:
        stage.admin("PUT", "/state", {"lines": {line.service: {"mail_delay": 0.3}}})
        if wrong is not UNTOLD and not _by_hand(line.cell):
            title, text = mails.ppp_mail(line.service, line.login, str(stage.line(line.service)["password"]))
            stage.admin("POST", "/mails", {"title": title, "text": text, "age_days": 0})


def _by_hand(cell: Cell) -> bool:
    return isinstance(cell, Case) and cell.lead.endswith("by hand")


def given(stage: Stage, line: Line, case: Case, run: Run) -> tuple[Run | None, str]:
    """Give the shell what the failure of a line printed. Its run, and the command or what was wrong."""
    if "{more}" in case.typed:
        return _launched(stage, line, case, run)
    found = [one for one in of_host(run.output, line.host) if one.lead.endswith(case.lead) or case.lead in one.lead]
    if len(found) != 1:
        return None, f"{len(found)} commands behind: {case.lead}"
    command = found[0].command
    problems = [f"it has no {word}" for word in case.then if word not in command]
    problems += [f"it has {word}" for word in case.never if word in command]
    if problems:
        return None, f"{', '.join(problems)}: {command}"
    now = {"login": line.login, "password": str(stage.line(line.service)["password"])}
    if case.answers:
        answers = {question: answer.format(**now) for question, answer in case.answers.items()}
        return stage.typed(["bash", "-c", command], answers, **environment(case)), command
    file = stage.top / "by-hand.yml"
    if _by_hand(case):
        file.write_text(f"router_pppoe_login: {now['login']}\nrouter_pppoe_password: {now['password']}\n", "utf-8")
    try:
        return stage.shell(command, **environment(case)), command
    finally:
        file.unlink(missing_ok=True)


def _launched(stage: Stage, line: Line, case: Case, run: Run) -> tuple[Run | None, str]:
    """A job has no command: it is launched again, with the variables that the failure names."""
    said = " ".join(messages(run.output, line.host))
    if case.lead not in said or "ansible-playbook" in said:
        return None, f"it does not say: {case.lead}"
    named = VARIABLES.search(said)
    more = "".join(f" -e {one}" for one in re.split(", | and ", named[1])) if named else ""
    command = words(stage, case, more)
    return stage.shell(command, **environment(case)), command


def words(stage: Stage, case: Case, more: str = "") -> str:
    """What the user typed."""
    found = case.typed.replace("{inventory}", str(stage.inventory)).replace("{top}", str(stage.top))
    return found.replace("{more}", more)


def environment(case: Case) -> dict[str, str]:
    return {"ANSIBLE_FORKS": "12", **case.way.environment}


def run_cases(stage: Stage, cases: list[Case]) -> list[Outcome]:
    """All cases of one way: they share their first run."""
    lines = stage.set_up(cases)
    for name in ("project", "env"):
        (stage.top / "runner" / name).mkdir(parents=True)
    for line in lines:
        spoil(stage, line)
    _encrypt(stage)
    run = stage.shell(words(stage, cases[0]), **environment(cases[0]))
    outcomes = []
    for line, case in zip(lines, cases, strict=True):
        if not case.lead:
            continue
        began, before = time.monotonic(), _posts(stage, lines, line)
        mend(stage, line)
        second, command = given(stage, line, case, run)
        problems, seen = [] if second else [command], "-"
        if second:
            after: Seen = look(stage, line, second)
            seen = str(after)
            problems += case.promised[0].broken_by(after)
            if _posts(stage, lines, line) != before:
                problems.append("another line was asked for")
        log = f"--- {words(stage, case)}: {run.code}\n--- {command}\n"
        log += (second or run).output[-6000:] if problems else ""
        outcomes.append(Outcome(case, seen, problems, round(time.monotonic() - began, 1), log))
    return outcomes


def _posts(stage: Stage, lines: list[Line], but: Line) -> dict[str, int]:
    return {line.service: stage.requests(line) for line in lines if line is not but}


def _encrypt(stage: Stage) -> None:
    key = stage.top / "key.yml"
    if key.exists():
        vault = ["ansible-vault", "encrypt", str(key), "--vault-password-file", str(stage.top / "vault-password")]
        subprocess.run(vault, env=stage.environment(), check=True, capture_output=True, stdin=subprocess.DEVNULL)


def run(cases: Iterable[Case], collections: Path) -> list[Outcome]:
    """Run these cases, two ways at a time."""
    return starts_runs.in_turn([*cases], collections, run_cases)
