# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two routers on one line: ``python -m role.standby_scenarios COLLECTIONS [NAME...]``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import scenarios
from .lab import LOGIN, Lab, Run
from .plays import play_all
from .scenarios import CANARY, FLAG, counted, failed, must, succeeded

STANDBY = "router2"


def paired(lab: Lab, **more: Any) -> Path:
    """Give the line a second router, in a folder of its own; its pppd does not run. Returns its secrets."""
    etc, run_dir = lab.top / "etc-ppp-2", lab.top / "run-2"
    (etc / "peers").mkdir(parents=True)
    run_dir.mkdir()
    (etc / "peers" / "spare").write_text((lab.etc / "peers" / lab.peer).read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("chap-secrets", "pap-secrets"):
        (etc / name).write_bytes((lab.etc / name).read_bytes())
        (etc / name).chmod(0o600)
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    hosts = inventory["routers"]["hosts"]
    second = {
        **hosts["router1"],
        "router_pppoe_interface": "spare",
        "router_pppoe_ppp_dir": str(etc),
        "router_pppoe_run_dir": str(run_dir),
        **more,
    }
    inventory["routers"]["hosts"] = {"router1": {**hosts["router1"], "router_pppoe_standby_hosts": [STANDBY]}}
    inventory["routers"]["hosts"][STANDBY] = second
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    return etc / "chap-secrets"


def has(lab: Lab, secrets: Path, run: Run) -> None:
    """The standby router has the line's password, and does not dial."""
    must(lab.line()["password"] in secrets.read_text(encoding="utf-8"), "the standby router has the password", run)
    must(len(lab.events("started")) == 1, "no second pppd was started", run)


def both_in_one_play(lab: Lab) -> None:
    """One request, one redial; the standby router gets the password, and its own turn in the play does nothing."""
    secrets = paired(lab)
    run = lab.play(*FLAG, "--check")
    must(run.code == 0, "check mode succeeds", run)
    counted(lab, run, 0, 0)
    must(lab.line()["password"] in secrets.read_text(encoding="utf-8"), "check mode writes nothing", run)
    run = lab.play(*FLAG, "--diff", "-vv")
    must(run.code == 0, "the run succeeds", run)
    counted(lab, run, 1, 1)
    has(lab, secrets, run)
    must(f"standby routers that were set, too: {STANDBY}" in run.said, "it says so", run)
    must("The run of router1 sets this standby router, too" in run.said, "its own turn is left out", run)
    must(lab.line()["password"] not in run.output, "the password is not shown", run)
    run = lab.play("-e", "router_pppoe_renew=false")
    succeeded(lab, run, 0, 1, 1)
    must(f"standby routers that were left as they are: {STANDBY}" in run.said, "it is right already", run)
    # A spare part that has taken its place is brought up to date without any request.
    secrets.write_text(f'"{LOGIN}" * "of before" *\n', encoding="utf-8")
    run = play_all(lab)
    must(run.code == 0 and run.recap("changed") == 1, "the run succeeds", run)
    counted(lab, run, 1, 1)
    has(lab, secrets, run)


def one_that_fails(lab: Lab) -> None:
    """A standby router that is away, or is another line's, keeps nobody offline, and is told with its command."""
    secrets = paired(lab, ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=9)
    run = lab.play(*FLAG)
    failed(lab, run, 1, 1, f"standby router {STANDBY} cannot be set now", "; session up", "Not set as a standby router")
    must("Nothing was changed" not in run.said, "it says nothing that is not so", run)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)
    must("-e router_pppoe_renew=false" in run.output, "the command asks for nothing", run)
    hosts = json.loads(lab.inventory.read_text(encoding="utf-8"))
    hosts["routers"]["hosts"][STANDBY]["ansible_connection"] = "local"
    lab.inventory.write_text(json.dumps(hosts), encoding="utf-8")
    command = next(one for one in run.output.splitlines() if one.startswith("ansible-playbook") and "=false" in one)
    run = lab.shell(command.strip())
    must(run.code == 0, "the command of the message succeeds", run)
    counted(lab, run, 1, 1)
    has(lab, secrets, run)
    peer = secrets.parent / "peers" / "spare"
    peer.write_text(peer.read_text(encoding="utf-8").replace(LOGIN, "0399999999_1@adsl.ovh"), encoding="utf-8")
    before = secrets.read_bytes()
    run = lab.play("-e", "router_pppoe_renew=false")
    failed(lab, run, 1, 1, "it dials with the login 0399999999_1@adsl.ovh")
    must(secrets.read_bytes() == before, "another line's router is not written", run)


def when_the_active_one_fails(lab: Lab) -> None:
    """It may be the active router that is broken: the standby router has the password all the same."""
    secrets = paired(lab)
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    mine = lab.top / "mine"
    mine.mkdir()
    for name, text in {
        "probe.yml": f"- ansible.builtin.set_fact:\n    router_pppoe_router: {{login: '{LOGIN}', writable: true}}\n",
        "apply.yml": "- ansible.builtin.command: 'false'\n",
        "status.yml": "- ansible.builtin.set_fact:\n    router_pppoe_session: "
        "{up: true, address: 192.0.2.7, uptime: 9, error: ''}\n",
    }.items():
        (mine / name).write_text(text, encoding="utf-8")
    inventory["routers"]["hosts"]["router1"].update(router_pppoe_platform="custom", router_pppoe_platform_dir=str(mine))
    inventory["routers"]["hosts"][STANDBY]["router_pppoe_platform"] = "linux_pppd"
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    words = ("-e", "router_pppoe_out_of_band=true", "-e", "router_pppoe_api_out_of_band=true")
    run = lab.play(*FLAG, *words, "-e", "target=router1")
    must(run.code != 0 and len(lab.posts()) == 1, "one request, and apply.yml fails", run)
    must("a task failed" in run.said or "run the same command again" in run.said, "it says what goes on", run)
    has(lab, secrets, run)
    # The same where a platform of ours cannot write.
    with_plain = lab.inventory.read_text(encoding="utf-8").replace('"custom"', '"linux_pppd"')
    inventory = json.loads(with_plain)
    inventory["routers"]["hosts"]["router1"].pop("router_pppoe_platform_dir")
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    lab.put_secret(CANARY)
    secrets.write_text(f'"{LOGIN}" * "of before" *\n', encoding="utf-8")
    lab.stop_pppd()
    run = lab.play("-e", "router_pppoe_dial_command=false")
    must(run.code != 0 and "setting the router failed" in run.said, "the active router fails", run)
    must(lab.line()["password"] in secrets.read_text(encoding="utf-8"), "the standby router has the password", run)


SCENARIOS: list[Callable[[Lab], None]] = [both_in_one_play, one_that_fails, when_the_active_one_fails]


if __name__ == "__main__":
    sys.exit(scenarios.main(SCENARIOS))
