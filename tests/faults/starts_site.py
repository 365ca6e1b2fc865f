# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the table of starts stands on: one local API, and for each cell a line and a stand-in router."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ovh_api import mails
from role.site import SANDBOX, SERVICE, LabError, Site

from .bench import asked
from .starts import Cell, written

DAY = 86400
#: Commands of a host's router, and the modules that run on it, see its own stand-in.
SHELL = """\
#!/bin/sh
export PATH="{bin}:$PATH" STANDIN_RUN_DIR="{run}"
exec /bin/sh "$@"
"""
#: An ssh that runs the command here, as long as the host that talks to the API is not gone. {first}: from which
#: connection on it is gone; 0 for: when the file "gone" is there.
SSH = """\
#!/bin/sh
[ "$1" != -G ] || exec ssh "$@"
for command; do :; done
echo x >>"{folder}/connections"
if [ -e "{folder}/gone" ] || {{ [ {first} -gt 0 ] && [ "$(wc -l <"{folder}/connections")" -ge {first} ]; }}; then
  echo "ssh: connect to host api port 22: No route to host" >&2
  exit 255
fi
exec /bin/sh -c "$command"
"""
#: A platform of one's own, as docs/routers/custom.md says: it drives the same stand-in, by its first file of secrets.
STATUS = """\
until [ -s "$FILE.address" ] || [ "$WAIT" -le 0 ]; do sleep 1; WAIT=$((WAIT - 1)); done
[ ! -s "$FILE.address" ] || echo "$(cat "$FILE.address") $(($(date +%s) - $(stat -c %Y "$FILE.pid")))"
"""
CUSTOM: dict[str, list[dict[str, Any]]] = {
    "probe.yml": [
        {
            "ansible.builtin.set_fact": {
                "router_pppoe_router": {
                    "login": "{{ standins[router_pppoe_interface].login }}",
                    "writable": "{{ standins[router_pppoe_interface].writable }}",
                    "why": "It is locked.",
                }
            }
        },
        {"ansible.builtin.include_tasks": "status.yml", "vars": {"router_pppoe_wait": 0}},
    ],
    "apply.yml": [
        {
            "ansible.builtin.lineinfile": {
                "path": "{{ standins[router_pppoe_interface].secrets }}",
                "regexp": '^"{{ router_pppoe_login }}" ',
                "line": '"{{ router_pppoe_login }}" * "{{ router_pppoe_password }}" *',
            },
            "register": "mine_written",
            "no_log": True,
            "diff": False,
        },
        {
            "ansible.builtin.shell": 'kill -HUP "$PPPD"',
            "environment": {"PPPD": "{{ standins[router_pppoe_interface].pid }}"},
            "when": "mine_written is changed and not ansible_check_mode",
        },
        {
            "ansible.builtin.set_fact": {
                "router_pppoe_applied": {
                    "changed": "{{ mine_written is changed }}",
                    "dialled": "{{ mine_written is changed }}",
                    "error": "",
                }
            }
        },
    ],
    "status.yml": [
        {
            "ansible.builtin.shell": STATUS,
            "environment": {
                "FILE": "{{ standins[router_pppoe_interface].file }}",
                "WAIT": "{{ router_pppoe_wait }}",
            },
            "register": "mine_seen",
            "changed_when": False,
            "check_mode": False,
        },
        {
            "ansible.builtin.set_fact": {
                "router_pppoe_session": {
                    "up": "{{ mine_seen.stdout | length > 0 }}",
                    "address": "{{ (mine_seen.stdout.split() + ['', ''])[0] }}",
                    "uptime": "{{ (mine_seen.stdout.split() + ['', ''])[1] }}",
                    "error": "{{ '' if mine_seen.stdout else 'it is down' }}",
                }
            }
        },
    ],
}


@dataclass
class Line:
    """A cell's line and its router, as they were before the first run."""

    cell: Cell
    host: str
    service: str
    login: str
    before: str
    folder: Path
    peer: str
    interface: str

    @property
    def events(self) -> Path:
        return self.folder / f"{self.interface}.events"

    def entries(self) -> set[str]:
        """The passwords of this login on the router: of both files, or of the first where the platform is custom."""
        names = ["chap-secrets"] if self.cell.custom else ["chap-secrets", "pap-secrets"]
        found: set[str] = set()
        for path in (self.folder / "etc" / name for name in names):
            if path.exists():
                text = path.read_text(encoding="utf-8")
                found |= set(re.findall(rf'^"{re.escape(self.login)}" \* "(.*)" \*$', text, re.MULTILINE)) or {""}
        return found

    def done(self, event: str) -> list[dict[str, Any]]:
        """What its pppd did of that kind."""
        text = self.events.read_text(encoding="utf-8") if self.events.exists() else ""
        return [one for one in map(json.loads, text.splitlines()) if one["event"] == event]


class Stage(Site):
    """One API and the lines of one way at a time."""

    def __init__(self, collections: Path) -> None:
        super().__init__(collections)
        self.lines: list[Line] = []
        self._number = 0

    def close(self) -> None:
        self.clear()
        super().close()

    def clear(self) -> None:
        """End the routers of the last way, and forget its folder."""
        pids = [event["pid"] for line in self.lines for event in line.done("started")]
        for pid in pids:
            # The pid of one that has ended may be another's by now.
            with contextlib.suppress(OSError):
                if str(self.top).encode() in Path(f"/proc/{pid}/environ").read_bytes():
                    os.kill(pid, signal.SIGKILL)
        self.lines = []
        for path in self.top.iterdir():
            if path.name not in ("ovh.json", "ansible"):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def set_up(self, cells: Sequence[Cell]) -> list[Line]:
        """A fresh world for the cells of one way."""
        self.clear()
        self.admin("POST", "/reset")
        state = self.admin("GET", "/state")
        model, key = state["lines"][SERVICE], state["credentials"]["test-ck"]
        lines, rules = {}, list(key["rules"])
        for cell in cells:
            line = self._line(cell)
            changes: dict[str, Any] = {"login": line.login, "password": line.before}
            changes["mail_delay"] = 10 * DAY if cell.wrong.mail is None else cell.wrong.mail
            lines[line.service] = {**copy.deepcopy(model), **changes}
            lines[line.service]["access"]["status"] = cell.wrong.status
            if cell.wrong.right:
                rules.append({"method": "POST", "path": f"/xdsl/{line.service}/requestPPPLoginMail"})
        self.admin("PUT", "/state", {"lines": lines, "credentials": {"test-ck": {**key, "rules": rules}}})
        for line in self.lines:
            title, text = mails.ppp_mail(line.service, line.login, line.before)
            self.admin("POST", "/mails", {"title": title, "text": text, "age_days": 100})
            self._router(line)
        for line in self.lines:
            self._dialled(line)
        self._files(cells)
        return self.lines

    def _line(self, cell: Cell) -> Line:
        self._number += 1
        number = self._number
        siblings = [one for one in self.lines if cell.host and one.cell.host == cell.host]
        host = siblings[0].host if siblings else f"{cell.host or 'router'}{number}"
        line = Line(
            cell,
            host,
            f"xdsl-cell{number}-1",
            f"cell{number}@adsl.ovh",
            f"Before{number}x{secrets.token_hex(4)}",
            self.top / re.sub(r"[^\w.-]", "_", host),
            f"{self.top.suffix[1:]}-{number}",
            f"ppp{len(siblings)}",
        )
        self.lines.append(line)
        return line

    # -- the routers

    def _router(self, line: Line) -> None:
        etc, run = line.folder / "etc", line.folder / "run"
        (etc / "peers").mkdir(parents=True, exist_ok=True)
        run.mkdir(exist_ok=True)
        options = f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{line.login}"\npersist\nmaxfail 0\nholdoff 1\n'
        (etc / "peers" / line.peer).write_text(options, encoding="utf-8")
        for name in ("chap-secrets", "pap-secrets"):
            with (etc / name).open("a", encoding="utf-8") as file:
                file.write(f'"{line.login}" * "{line.before}" *\nvpn * "other" *\n')
            (etc / name).chmod(0o600)
        self._script(line.folder / "shell", SHELL.format(bin=SANDBOX / "pppd", run=run))
        environment = {
            **self.environment(),
            "STANDIN_PPP_DIR": str(etc),
            "STANDIN_RUN_DIR": str(run),
            "STANDIN_API": self.url,
            "STANDIN_SERVICE": line.service,
            "STANDIN_LOG": str(line.events),
            "STANDIN_HOLDOFF_AFTER_REFUSAL": "1",
            "STANDIN_INTERFACE": line.interface,
        }
        command = [sys.executable, str(SANDBOX / "pppd" / "pppd"), "call", line.peer]
        subprocess.run(command, env=environment, check=True, stdin=subprocess.DEVNULL)

    def _dialled(self, line: Line) -> None:
        end = time.monotonic() + 30
        # A line that is not active takes no dial: its old session is another's matter.
        event = "up" if line.cell.wrong.status == "active" else "refused"
        while not line.done(event):
            if time.monotonic() > end:
                raise LabError(f"the router of {line.service} did not dial")
            time.sleep(0.05)
        if event == "up":
            # A session as a line has it: from long before.
            os.utime(line.folder / "run" / f"{line.interface}.pid", (time.time() - DAY,) * 2)
        if not line.cell.wrong.writable and not line.cell.custom:
            path = line.folder / "etc" / "chap-secrets"
            path.unlink()
            path.symlink_to(line.folder / "not-there" / "chap-secrets")

    # -- the control node

    def _files(self, cells: Sequence[Cell]) -> None:
        (self.top / "custom").mkdir()
        for name, tasks in CUSTOM.items():
            (self.top / "custom" / name).write_text(written(tasks), encoding="utf-8")
        way = cells[0].way
        for name, value in way.files.items():
            (self.top / name).write_text(written(value), encoding="utf-8")
        if not isinstance(way.play, str):
            (self.top / "play.yml").write_text(written(way.play), encoding="utf-8")
        if way.cfg:
            (self.top / "way.cfg").write_text(way.cfg, encoding="utf-8")
        routers: dict[str, dict[str, Any]] = {}
        apis: dict[str, dict[str, Any]] = {}
        for line in self.lines:
            if line.host not in routers:
                routers[line.host] = self._variables(line, [one for one in self.lines if one.host == line.host])
                if line.cell.wrong.api:
                    apis[f"api-{line.host}"] = self._api(line)
        inventory = {"routers": {"hosts": routers}, "apis": {"hosts": apis}}
        self.inventory.write_text(json.dumps(inventory, indent=1), encoding="utf-8")

    def _variables(self, first: Line, lines: list[Line]) -> dict[str, Any]:
        given: dict[str, Any] = {
            "ansible_connection": "local",
            "ansible_host": "127.0.0.1",
            "ansible_python_interpreter": sys.executable,
            "ansible_shell_executable": str(first.folder / "shell"),
            "mine": str(first.folder),
            "lines": [{"service_name": one.service, "interface": one.peer} for one in lines],
            "standins": {one.peer: self._standin(one) for one in lines},
            "router_pppoe_renew": True,
            "router_pppoe_mail_expected_after": 0,
            "router_pppoe_mail_interval": 1,
            "router_pppoe_mail_timeout": 6 if any(one.cell.wrong.mail is None for one in lines) else 30,
            "router_pppoe_session_timeout": 20,
            "router_pppoe_state_dir": str(self.top / "journal"),
            "router_pppoe_ppp_dir": str(first.folder / "etc"),
            "router_pppoe_run_dir": str(first.folder / "run"),
        }
        if len(lines) == 1:
            given.update(router_pppoe_service_name=first.service, router_pppoe_interface=first.peer)
        if first.cell.custom:
            given.update(router_pppoe_platform="custom", router_pppoe_platform_dir=str(self.top / "custom"))
        if first.cell.wrong.api:
            given["router_pppoe_api_host"] = f"api-{first.host}"
        for name, value in first.cell.variables.items():
            given[name] = value.replace("{top}", str(self.top)) if isinstance(value, str) else value
        return given

    @staticmethod
    def _standin(line: Line) -> dict[str, Any]:
        return {
            "login": line.login,
            "writable": line.cell.wrong.writable,
            "secrets": str(line.folder / "etc" / "chap-secrets"),
            "file": str(line.folder / "run" / line.interface),
            "pid": line.done("started")[0]["pid"],
        }

    def _api(self, line: Line) -> dict[str, Any]:
        """The host that talks to the API: reached by ssh, as far as the wrong lets it."""
        kind, _from, first = line.cell.wrong.api.partition(" from ")
        folder = line.folder / "api"
        folder.mkdir()
        self._script(folder / "ssh", SSH.format(folder=folder, first=first or 0))
        if kind == "gone" and not first:
            (folder / "gone").touch()
        return {
            "ansible_connection": "ssh",
            "ansible_host": "127.0.0.1",
            "ansible_ssh_executable": str(folder / "ssh"),
            "ansible_ssh_transfer_method": "piped",
            "ansible_python_interpreter": sys.executable,
        }

    @staticmethod
    def _script(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    # -- during and after a run

    @contextlib.contextmanager
    def striking(self) -> Iterator[None]:
        """The time of one run: API hosts that are to be gone after the request are, as soon as it is there."""
        waiting = {line.service: line for line in self.lines if line.cell.wrong.api == "gone after"}
        ended = threading.Event()

        def strike() -> None:
            while waiting and not ended.wait(0.05):
                for call in self.posts():
                    if line := waiting.pop(call["path"].split("/")[-2], None):
                        (line.folder / "api" / "gone").touch()

        helper = threading.Thread(target=strike, daemon=True)
        helper.start()
        try:
            yield
        finally:
            ended.set()
            helper.join(10)

    def requests(self, line: Line) -> int:
        """How many requests of a line may have had an effect."""
        return asked([call for call in self.posts() if f"/{line.service}/" in call["path"]])
