# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role used twice in one run, within seconds, while somebody else renews: each use goes by what is true then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from role.lab import SERVICE, Lab, Run
from role.plays import failures

from faults.__main__ import place

pytestmark = pytest.mark.soak
RENEW = {"router_pppoe_renew": True}


@pytest.fixture
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The mail of whoever renews is there at once."""
    with Lab(place(tmp_path_factory.mktemp("uses"))) as made:
        made.admin("PUT", "/state", {"mail_delay": 0})
        yield made


def use(entry: str, **variables: Any) -> dict[str, Any]:
    role = {"name": "ownrouter.ovhcloud.router_pppoe", "tasks_from": entry}
    return {"ansible.builtin.include_role": role, "vars": variables}


def play(lab: Lab, *tasks: dict[str, Any]) -> Run:
    path: Path = lab.top / "uses.yml"
    path.write_text(yaml.safe_dump([{"hosts": "routers", "gather_facts": False, "tasks": list(tasks)}]), "utf-8")
    return lab.play("-v", playbook=str(path))


def elsewhere(lab: Lab) -> dict[str, Any]:
    """Somebody renews where no call log shows it, a second before the next use."""
    command = f"curl -s -X POST {lab.url}/admin/line/{SERVICE}/rotate && sleep 1"
    return {"ansible.builtin.shell": command, "delegate_to": "localhost"}


def verdicts(run: Run) -> list[dict[str, Any]]:
    """What the preflights of a run came to, in their order."""
    results = [line.partition(" => ")[2] for line in run.output.splitlines() if line.startswith("ok: [router1] => {")]
    return [found["verdict"] for found in map(json.loads, results) if found.get("verdict")]


@pytest.mark.parametrize("entry", ["audit", "preflight"])
def test_a_second_look_sees_what_came_since_the_first(lab: Lab, entry: str) -> None:
    run = play(lab, use(entry), elsewhere(lab), use(entry))
    first, second = verdicts(run)
    assert first["mail"]["id"] != second["mail"]["id"], run.output
    assert second["same_password"] is not True and "OVHcloud accepted its login since" not in str(second["proven"])
    assert lab.posts() == [] and not failures(run)


@pytest.mark.parametrize("entry", ["audit", "preflight", "main"])
def test_what_somebody_renewed_after_a_look_is_not_renewed_again(lab: Lab, entry: str) -> None:
    run = play(lab, use(entry, **(RENEW if entry == "preflight" else {})), elsewhere(lab), use("main", **RENEW))
    assert run.code == 0 and lab.posts() == [] and lab.line()["session"]["up"], run.output


def test_uses_in_a_row_ask_once_and_wait_for_nothing_of_their_own(lab: Lab) -> None:
    uses = [use("preflight", **RENEW), use("main", **RENEW), use("main"), use("main", **RENEW), use("audit")]
    run = play(lab, *uses)
    assert run.code == 0 and len(lab.posts()) == 1, run.output
    assert verdicts(run)[-1]["same_password"] is True
    # A question that waits for itself takes half a minute, and each preflight asked one.
    assert run.ended - run.began < 30
