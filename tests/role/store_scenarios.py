# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store that fails, or cannot be reached: ``python -m role.store_scenarios COLLECTIONS [NAME...]``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from .lab import Lab, Run
from .scenarios import FLAG, counted, failed, main, must

COPY = """
- name: Keep it
  ansible.builtin.copy:
    content: "{{ router_pppoe_login }} {{ router_pppoe_password }}"
    dest: %s
    mode: "0600"
  no_log: true
  diff: false
"""
#: Its folder is not there.
LOCKED = """
- ansible.builtin.copy:
    content: "{{ router_pppoe_password }}"
    dest: /nonexistent/safe
    mode: "0600"
  no_log: true
  diff: false
"""
AWAY = """
- name: Ask the safe
  ansible.builtin.ping:
  delegate_to: safe
  register: safe
"""


def command_of(run: Run) -> str:
    """The last command that a message gives."""
    return [one for one in run.output.splitlines() if one.startswith("ansible-playbook ")][-1]


def mended(lab: Lab, run: Run, store: Path) -> None:
    """The line came back all the same; the command of the message keeps the password, and asks for nothing."""
    must(bool(lab.line()["session"]["up"]), "the session is up", run)
    counted(lab, run, 1, 1)
    kept = lab.top / "kept"
    must(not kept.exists(), "nothing is kept yet", run)
    store.write_text(COPY % kept, encoding="utf-8")
    again = lab.shell(command_of(run))
    must(again.code == 0, "the command succeeds", again)
    counted(lab, again, 1, 1)
    must(kept.exists() and lab.line()["password"] in kept.read_text(encoding="utf-8"), "it is kept", again)


def own_store_fails(lab: Lab) -> None:
    """The router is set, then the run fails."""
    store = lab.top / "store.yml"
    store.write_text(LOCKED, encoding="utf-8")
    run = lab.play(*FLAG, "-e", f"router_pppoe_store={store}")
    failed(lab, run, 1, 1, f"not kept by {store}: a task of it failed (its message is above). The router was set.")
    must(lab.line()["password"] not in run.output, "what no_log hides is not said", run)
    mended(lab, run, store)


def own_store_is_away(lab: Lab) -> None:
    """The same where Ansible goes on after a host of the store that cannot be reached."""
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    safe = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
    inventory["others"] = {"hosts": {"safe": safe}}
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    store = lab.top / "store.yml"
    store.write_text(AWAY, encoding="utf-8")
    run = lab.play(*FLAG, "-e", f"router_pppoe_store={store}")
    failed(lab, run, 1, 1, "the host of its task 'Ask the safe' could not be reached. The router was set.")
    mended(lab, run, store)
    store.write_text(AWAY.replace("  register: safe\n", ""), encoding="utf-8")
    run = lab.play(*FLAG, "-e", f"router_pppoe_store={store}", playbook="ownrouter.ovhcloud.preflight")
    must("registers no result" in run.said, "a store that would tell nobody is told before", run)


SCENARIOS: list[Callable[[Lab], None]] = [own_store_fails, own_store_is_away]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
