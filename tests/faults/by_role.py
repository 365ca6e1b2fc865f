# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cell on the whole role: ansible-playbook, the local API and the stand-in pppd."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leaks.hunt import files_below, talkative
from role.commands import printed, to_go_on
from role.lab import Lab

from .bench import Seen, asked
from .by_module import journal_problems
from .strikes import Strikes

DAY = 86400
FIRST_WAIT = {"router_pppoe_mail_expected_after": 0, "router_pppoe_mail_interval": 1}


class RoleBench(Strikes):
    """See :class:`.bench.Bench`."""

    def __init__(self, collections: Path) -> None:
        # After a refusal, too, pppd's own next attempt is among the promises.
        self.lab = Lab(collections, holdoff=1.0, holdoff_after_refusal=1.0).__enter__()
        super().__init__(self.lab.top, self.lab.etc, self.lab.top / "ovh.json")
        self.collections = collections
        self._first = True
        self.reset()

    def close(self) -> None:
        """Leave no process and no file behind."""
        self.heal()
        self.lab.close()

    def reset(self) -> None:
        """The world, the router and the control node as they are before every cell."""
        self.heal()
        if not self._first:
            self.lab.stop_pppd()
            self.lab.events_file.unlink(missing_ok=True)
            self.admin("POST", "/reset")
        self.set(mail_delay=0.3)
        self.state_dir = self.lab.top / "journal"
        shutil.rmtree(self.state_dir, ignore_errors=True)
        self.spoken = []
        shutil.rmtree(self.top / "written", ignore_errors=True)
        # All that Ansible can be made to write, but what changes the output that is judged.
        self.loud = {name: value for name, value in talkative(self.top).items() if "DISPLAY" not in name}
        self.loud["ANSIBLE_DIFF_ALWAYS"] = "true"
        self.environment: dict[str, str] = {}
        self.extra: dict[str, Any] = {}
        self.words: list[str] = []
        #: What the last run was given.
        self.given: tuple[list[str], dict[str, str]] = ([], {})
        if not self._first:
            self.lab.put_secret(self.lab.line()["password"])
            self.lab.dial()
        self._first = False
        # A session as a line has it: from long before.
        (pid_file,) = self.lab.run_dir.glob("*.pid")
        os.utime(pid_file, (time.time() - DAY,) * 2)
        self.passwords = {str(self.lab.line()["password"])}
        self.before = self.files()

    # -- what a cell does

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        return self.lab.admin(method, path, body)

    def posts(self) -> list[dict[str, Any]]:
        return self.lab.posts()

    def uplink_lost(self, seconds: float) -> None:
        """The provider cannot be reached for a while: nothing listens on its port any more."""
        self.lab.stop_api()
        time.sleep(seconds)
        self.lab.start_api()

    # -- the run

    def files(self) -> dict[str, bytes]:
        """The router's whole configuration; it is looked at while a run writes, too, whose temporary file then goes."""
        return {str(path): content for path, content in files_below(self.lab.etc)}

    def command(self, options: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
        """The words after ``ansible-playbook -i inventory playbook``, and the environment."""
        # Where something comes, a busy machine is no fault.
        extra: dict[str, Any] = {**FIRST_WAIT, "router_pppoe_mail_timeout": 60, "router_pppoe_session_timeout": 20}
        extra["router_pppoe_state_dir"] = str(self.state_dir)
        extra.update({f"router_pppoe_{name}": value for name, value in options.items()})
        extra.update(self.extra)
        return ["-e", json.dumps(extra), *self.words], {**self.loud, **self.environment}

    def start(
        self, options: Mapping[str, Any], output: Path, runner: bool = False, **more: Any
    ) -> subprocess.Popen[bytes]:
        """Begin the run, and leave it to the caller: what it says goes to a file; MORE goes to ``Popen``.

        :param runner: by ansible-runner, as AWX does
        """
        words, environment = self.given = self.command(options)
        command = self.job(words) if runner else self.lab.command(*words)
        with output.open("wb") as file:
            return subprocess.Popen(
                command,
                env=self.lab.environment(**environment),
                cwd=self.lab.top,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                **more,
            )

    def job(self, words: list[str]) -> list[str]:
        """The same run as a job of ansible-runner."""
        folder = self.top / "runner"
        for name in ("project", "env"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        playbook = ["-p", "ownrouter.ovhcloud.renew", "--inventory", str(self.lab.inventory)]
        return ["ansible-runner", "run", str(folder), *playbook, f"--cmdline={shlex.join(words)}"]

    def run(self, options: Mapping[str, Any]) -> Seen:
        began = time.monotonic()
        words, environment = self.given = self.command(options)
        with self.striking():
            done = self.lab.play(*words, **environment)
        self.spoken.append(done.output)
        return self.seen(done.code == 0, done.output, time.monotonic() - began)

    def again(self, options: Mapping[str, Any]) -> Seen:
        command = to_go_on(printed(self.spoken[-1])) if self.spoken else None
        # Where a variable of the command was what had to be mended, it is not the same any more.
        if command is None or self.command(options) != self.given:
            return self.run(options)
        began = time.monotonic()
        with self.striking():
            done = self.lab.shell(command.command, **self.command(options)[1])
        self.spoken.append(done.output)
        return self.seen(
            done.code == 0, f"by the printed command {command.command}\n{done.output}", time.monotonic() - began
        )

    def seen(self, ok: bool, output: str, seconds: float) -> Seen:
        """What can be seen now, after a run that wrote this."""
        line = self.lab.line()
        self.passwords.add(str(line["password"]))
        now = self.files()
        if now == self.before:
            router = "kept"
        else:
            both = "".join(text.decode("utf-8", "replace") for path, text in now.items() if path.endswith("-secrets"))
            router = "set" if both.count(f'"{line["password"]}"') == 2 and both.count('"other"') == 2 else "other"
        said = " ".join((output if ok else failure(output)).split())
        return Seen(ok, asked(self.lab.posts()), router, bool(line["session"]["up"]), said, seconds)

    # -- what must not be there

    def hang_ups(self) -> int:
        return len(self.lab.events("hup"))

    def leftovers(self) -> list[str]:
        problems = journal_problems(self.state_dir)
        problems += [f"a temporary file is left: {path}" for path in self.lab.etc.rglob("*.ownrouter.*")]
        return problems


def failure(output: str) -> str:
    """From the first failure of a playbook's output to its end: what a person reads."""
    starts = [place for mark in ("[ERROR]", "fatal:", "ERROR!") if (place := output.find(mark)) >= 0]
    return output[min(starts) :] if starts else output
