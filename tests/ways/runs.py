# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One row: the world is made, a renewal is run in it, and what came of it is told."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mailserver.dovecot import PASSWORD, USER, Dovecot

from . import progress
from . import world as worlds
from .rows import GOES_ON, STOPS, Row
from .table import ROWS
from .world import TESTS, World

FLAG = ("-e", "router_pppoe_renew=true")
#: A platform of one's own: the same files as the stand-in reads, and no counter.
CUSTOM = {
    "probe.yml": """
- ansible.builtin.raw: cat {etc}/peers/dsl
  register: peer
  changed_when: false
  check_mode: false
- ansible.builtin.set_fact:
    router_pppoe_router:
      login: "{{{{ peer.stdout | regex_search('user \\"([^\\"]+)', '\\\\1') | first }}}}"
      writable: true
""",
    "apply.yml": """
- ansible.builtin.raw: |
    for file in chap pap; do
      printf '"%s" * "%s" *\\n' '{{{{ router_pppoe_login }}}}' '{{{{ router_pppoe_password }}}}' >{etc}/$file-secrets
    done
    kill -HUP $(cat {run}/ppp0.pid 2>/dev/null || pgrep -f '[p]ppd call dsl')
  no_log: true
""",
    "status.yml": """
- ansible.builtin.raw: |
    for try in 1 2 3 4 5 6 7 8 9 10; do
      [ -s {run}/ppp0.pid ] && break
      [ '{{{{ router_pppoe_wait }}}}' = 0 ] && break
      sleep 1
    done
    [ ! -s {run}/ppp0.pid ] || {{ echo "$(cat {run}/ppp0.address)"; date -r {run}/ppp0.pid +%s; }}
    date +%s
  register: seen
  changed_when: false
  check_mode: false
- ansible.builtin.set_fact:
    router_pppoe_session:
      up: "{{{{ said | length == 3 }}}}"
      address: "{{{{ said[0] if said | length == 3 else '' }}}}"
      uptime: "{{{{ said[2] | int - said[1] | int if said | length == 3 else '' }}}}"
      error: "{{{{ '' if said | length == 3 else 'none' }}}}"
  vars:
    said: "{{{{ seen.stdout_lines }}}}"
""",
}
#: What the proof by the line's counter took.
COST = re.compile(r"PPPoE interface \((\d+) KB in (\d+) s\)")
#: A status.yml that looks at another interface.
LIES = """
- ansible.builtin.set_fact:
    router_pppoe_session: {up: false, address: '', uptime: '', error: 'no such interface'}
"""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a row.

    :param end: "online on the new password", "as it was", or what is wrong with the site
    """

    row: Row
    code: int
    posts: int
    end: str
    said: str
    output: str
    seconds: float
    false: list[str] = dataclasses.field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        row, found = self.row, []
        if row.ends == STOPS and (self.code == 0 or self.posts or self.end != "as it was"):
            found.append("it must stop before the POST")
        if row.ends == GOES_ON and (self.code or self.posts != 1 or self.end != "online on the new password"):
            found.append("it must go on, by one POST, to a new session")
        for size, seconds in COST.findall(self.said):
            if int(size) > 1024 or int(seconds) > 11:
                found.append(f"the proof took {size} KB and {seconds} s")
        return found + self.false + [f"it does not say: {part}" for part in row.says if part not in self.said]

    @property
    def cost(self) -> str:
        """What the counter took, where it was asked."""
        found = COST.search(self.said)
        return f", counter {found[1]} KB in {found[2]} s" if found else ""

    @property
    def line(self) -> str:
        verdict = "BROKEN" if self.problems else "kept"
        return (
            f"{verdict:7} {self.row.kind:9} {self.row.name:55} {self.row.ends:8} posts {self.posts} rc {self.code} "
            f"{self.end:27} {self.seconds:4.0f} s{self.cost}"
        )


def played(row: Row, collections: Path) -> Outcome:
    """Run a row, in a namespace of the test's own."""
    with worlds.mounts(), World(collections, row.at, row.server) as world, contextlib.ExitStack() as more:
        for space, command in row.before:
            world.ip(space, command)
        mails = more.enter_context(Dovecot(more=(worlds.MAILS, "mail.test"))) if row.imap else None
        said = {"top": str(world.top), "imap": str(mails.ports["tls"]) if mails else ""}
        for space, *words in row.services:
            world.serve(space, *(word.format(**said) for word in words))
        for space, command in row.net:
            world.ip(space, command)
        for space, interface in row.proxy_arp:
            on = f"echo 1 >/proc/sys/net/ipv4/conf/{interface}/proxy_arp"
            subprocess.run(["ip", "netns", "exec", space, "sh", "-c", on], check=True)
        for space in row.sshd:
            world.sshd(space)
        for space, *words in row.late:
            world.serve(space, *(word.format(**said) for word in words))
        furnish(world, row, mailbox(world, mails) if mails else {})
        if row.denied:
            state = world.admin("GET", "/state")["credentials"]
            key = next(iter(state))
            rules = [one for one in state[key]["rules"] if "/me/api" not in one["path"]]
            world.admin("PUT", "/state", {"credentials": {key: {"rules": rules}}})
        before = world.line()["password"]
        if row.later:
            threading.Thread(target=later, args=(world, row.later), daemon=True).start()
        if row.stopped[1]:
            threading.Thread(target=stop, args=(world, row.stopped), daemon=True).start()
        began = time.monotonic()
        run = world.play(*FLAG, *(["-vvv"] if os.environ.get("WAYS_VERBOSE") else []), **row.env)
        took = time.monotonic() - began
        time.sleep(0.3)
        false = list(progress.untrue(row, progress.of(world)))
        return Outcome(row, run.code, len(world.posts()), ended(world, before), run.said, run.output, took, false)


def ended(world: World, before: str) -> str:
    """Where the site is now."""
    line = world.line()
    secret = (world.etc / "chap-secrets").read_text(encoding="utf-8")
    if line["password"] == before:
        return "as it was" if line["session"]["up"] else "offline, on the old password"
    up, written = line["session"]["up"], line["password"] in secret
    return "online on the new password" if up and written else "LOCKED OUT: the line is cut"


def later(world: World, commands: tuple[tuple[int, str, str], ...]) -> None:
    """What happens to the site after the cut."""
    while world.cut_at is None:
        time.sleep(0.1)
    for seconds, space, command in commands:
        time.sleep(max(0.0, world.cut_at + seconds - time.monotonic()))
        world.ip(space, command)


def stop(world: World, span: tuple[int, int]) -> None:
    """Everything on the machine of the run stands still for a while, as in a suspended laptop."""
    while world.cut_at is None:
        time.sleep(0.1)
    time.sleep(max(0.0, world.cut_at + span[0] - time.monotonic()))
    pids = subprocess.run(["ip", "netns", "pids", world.at], capture_output=True, text=True, check=True).stdout.split()
    for sent, seconds in ((signal.SIGSTOP, span[1] - span[0]), (signal.SIGCONT, 0)):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), sent)
        time.sleep(seconds)


def mailbox(world: World, mails: Dovecot) -> dict[str, Any]:
    """The line's mails arrive there, and are read there."""
    world.admin("POST", "/maildir", {"path": str(mails.inbox)})
    given = {"host": "mail.test", "port": 993, "ca_file": str(mails.ca_file), "user": USER, "password": PASSWORD}
    return {"router_pppoe_mail_source": "imap", **{f"router_pppoe_imap_{name}": one for name, one in given.items()}}


def furnish(world: World, row: Row, more: dict[str, Any]) -> None:
    """Names, the configuration of ssh, the inventory, and a platform of one's own."""
    if row.server_of_names:
        (world.top / "hosts").write_text("127.0.0.1 localhost\n", encoding="utf-8")
        (world.top / "resolv.conf").write_text(f"nameserver {row.server_of_names}\n", encoding="utf-8")
    with (world.top / "hosts").open("r+", encoding="utf-8") as file:
        known = file.read()
        file.seek(0)
        file.write(row.names + known)
    config = world.top / "ssh_config"
    config.write_text(row.ssh.format(top=world.top) + config.read_text(encoding="utf-8"), encoding="utf-8")
    variables = world.variables(row.address, **row.host, **more)
    variables["ansible_ssh_common_args"] += " " + row.args.format(top=world.top) if row.args else ""
    if row.custom:
        folder = world.top / "mine"
        folder.mkdir()
        for name, text in CUSTOM.items():
            (folder / name).write_text(text.format(etc=world.etc, run=world.run_dir), encoding="utf-8")
        if row.lies:
            (folder / "status.yml").write_text(LIES, encoding="utf-8")
        variables.update(router_pppoe_platform="custom", router_pppoe_platform_dir=str(folder))
    world.write_inventory({"router1": variables})
    inventory: dict[str, Any] = json.loads(world.inventory.read_text(encoding="utf-8"))
    vps = {
        "ansible_host": row.vps,
        "ansible_user": "root",
        "ansible_ssh_common_args": f"-F {world.top}/ssh_config",
        "ansible_python_interpreter": sys.executable,
    }
    inventory["others"] = {"hosts": {"vps": vps}}
    world.inventory.write_text(json.dumps(inventory, indent=1), encoding="utf-8")


def run(rows: list[Row], collections: Path, places: int = 2) -> list[Outcome]:
    """Run rows, each in a process and namespaces of its own."""
    with concurrent.futures.ThreadPoolExecutor(places) as pool:
        return list(pool.map(lambda row: apart(row, collections), rows))


def apart(row: Row, collections: Path) -> Outcome:
    words = worlds.alone([sys.executable, "-B", "-m", "ways", "--row", row.name, "--collections", str(collections)])
    path = os.pathsep.join(map(str, (TESTS, TESTS / "sandbox", collections)))
    try:
        done = subprocess.run(
            words,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=580,
            check=False,
        )
        said, err = done.stdout, done.stderr
    except subprocess.TimeoutExpired as error:
        said, err = "", f"no end after {error.timeout:.0f} s"
    lines = said.splitlines()
    if not lines or not lines[-1].startswith("{"):
        return Outcome(row, -1, -1, "the row did not run", "", f"{said}\n{err}", 0.0)
    return Outcome(row=row, **json.loads(lines[-1]))


def found(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)
