# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What wrong input gets, from end to end: ``python -m role.input_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import yaml

from .lab import Lab
from .plays import failures, play_all
from .scenarios import counted, files, main, must
from .site import SANDBOX

README = SANDBOX.parents[1] / "README.md"
ROLE = SANDBOX.parents[1] / "roles" / "router_pppoe" / "meta" / "argument_specs.yml"
#: A value that none of the kind is.
WRONG = {"bool": "perhaps", "int": "soon", "list": {"a": 1}, "str": ["a"], "path": {"a": "b"}}
#: What one host may be told, with Ansible's own lines round it; the whole specification is 14 kB.
MOST = 2000


def options() -> dict[str, dict[str, Any]]:
    """The role's variables, as its users read them."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(ROLE.read_text(encoding="utf-8"))["argument_specs"]["main"][
        "options"
    ]
    return found


def wrong_values(lab: Lab) -> None:
    """Each variable with a value of another kind, and templates that cannot be resolved: a short sentence each."""
    router = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]["router1"]
    before = files(lab)
    hosts: dict[str, dict[str, Any]] = {}
    for name, option in options().items():
        hosts[f"kind_{name}"] = {**router, name: WRONG[option.get("type", "str")]}
        if "choices" in option:
            hosts[f"choice_{name}"] = {**router, name: str(option["choices"][-1])[1:]}
    for name in ("router_pppoe_service_name", "router_pppoe_password", "router_pppoe_renew"):
        hosts[f"undefined_{name}"] = {**router, name: "{{ nothing_of_that_name }}"}
    hosts["unset_router_pppoe_service_name"] = {**router, "router_pppoe_service_name": ""}
    lab.write_inventory(hosts)
    run = play_all(lab)
    told = failures(run)
    must("Traceback" not in run.output, "no traceback", run)
    must(len(run.output) < MOST * len(hosts), f"{len(run.output)} characters for {len(hosts)} hosts are few", run)
    for host in hosts:
        kind, _underscore, name = host.partition("_")
        must(run.recap("failed", host) == 1, f"{host} fails", run)
        word = "nothing_of_that_name" if kind == "undefined" else name
        must(word in told[host], f"{host} says: {word}", run)
        must(len(re.sub(r"\s+", " ", told[host])) < 700, f"{host} is told little: {told[host]}", run)
    counted(lab, run, 0, 0)
    must(files(lab) == before, "no file changed", run)


def misspelt(lab: Lab) -> None:
    """A name that is none is warned of with the right one, once for all hosts, and the run goes on."""
    router = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]["router1"]
    slips = {"router_pppoe_max_aeg": "90d", "router_ppoe_renew": True, "router_pppoe_colour": "red"}
    lab.write_inventory({name: {**router, **slips} for name in ("router1", "router2")})
    run = play_all(lab, "--tags", "preflight", "-e", "router_pppoe_renewed_sicne=2026-01-01")
    must(run.code == 0, "the run succeeds", run)
    for slip, meant in (
        ("router_pppoe_max_aeg", " Is router_pppoe_max_age meant?"),
        ("router_ppoe_renew", " Is router_pppoe_renew meant?"),
        ("router_pppoe_renewed_sicne", " Is router_pppoe_renewed_since meant?"),
        ("router_pppoe_colour", ""),
    ):
        said = f"{slip} is no variable of the role and has no effect.{meant}"
        must(run.said.count(said) == 1, f"it says once: {said}", run)
    must(run.output.count("has no effect") == 4, "nothing else is warned of", run)


def no_target(lab: Lab) -> None:
    """A target that matches nothing is no success, and names what there is."""
    run = lab.play("-e", "target=nowhere")
    must(run.code != 0, "it fails", run)
    must("No host of the inventory matches nowhere, so nothing was done." in run.said, "it says so", run)
    must("The inventory has the groups routers and the hosts router1." in run.said, "it says what there is", run)
    must("Traceback" not in run.output, "no traceback", run)
    given = json.loads(lab.inventory.read_text(encoding="utf-8"))
    lab.inventory.write_text(json.dumps({"dsl": given["routers"]}), encoding="utf-8")
    run = lab.play()
    must(run.code != 0 and "put your routers in a group routers" in run.said, "the group is told", run)
    run = lab.play("-e", "target=dsl", "--limit", "dsl", playbook="ownrouter.ovhcloud.preflight")
    must(run.code == 0 and run.recap("failed") == 0, "a target of another name is taken", run)


def damaged_conf(lab: Lab) -> None:
    """An ovh.conf that cannot be read is named, and no line of it is quoted: it may hold a secret."""
    (lab.top / ".ovh.conf").write_text("application_secret=Kanarie7391\n", encoding="utf-8")
    run = lab.play("-vvv", playbook="ownrouter.ovhcloud.preflight")
    must(run.code != 0 and "/.ovh.conf cannot be understood as an ovh.conf" in run.said, "the file is named", run)
    must("Kanarie" not in run.output and "Traceback" not in run.output, "nothing of it is shown", run)


def readme(lab: Lab) -> None:
    """What the README has people type, with the README's inventory; the router is a played one of this machine."""
    text = README.read_text(encoding="utf-8")
    inventory = re.search(r"(?ms)^```yaml\n(routers:.*?)^```", text)
    commands = re.findall(r"(?m)^\$ (ansible-playbook ownrouter\.ovhcloud\.\S+ -i inventory\.yml[^#\n]*)", text)
    assert inventory and len(commands) == 3
    given = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]["router1"]
    host = next(iter(yaml.safe_load(inventory[1])["routers"]["hosts"].values()))
    assert host["router_pppoe_service_name"] == given["router_pppoe_service_name"]
    (lab.top / "inventory.yml").write_text(inventory[1], encoding="utf-8")
    (lab.top / "group_vars").mkdir()
    played = {name: value for name, value in given.items() if name not in host}
    (lab.top / "group_vars" / "routers.yml").write_text(json.dumps(played), encoding="utf-8")
    for number, command in enumerate(commands):
        run = lab.shell(command)
        must(run.code == 0, f"{command} ends well", run)
        must(len(lab.posts()) == (1 if number == 2 else 0), "only the last one asks for a password", run)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)


SCENARIOS: list[Callable[[Lab], None]] = [wrong_values, misspelt, no_target, damaged_conf, readme]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
