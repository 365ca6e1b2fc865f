# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX starts them: ansible-runner, an empty home each time, a survey's texts, a key in the environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from role.fleet import Fleet
from role.lab import Lab, Run

from leaks.hunt import Hunt, watched
from leaks.test_secrets import FULL, SECRETS, secret_keys

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = Path(__file__).resolve().parents[5]
#: What a survey gives: texts, and an empty one for what was not answered.
SURVEY = {
    "router_pppoe_renew": "true",
    "router_pppoe_max_age": "1h",
    "router_pppoe_renewed_since": "",
    "router_pppoe_mail_timeout": "60",
    "router_pppoe_renew_between": "",
    "batch": "5",
    "max_lines": "1",
    "report": "",
}


def job(lab: Lab, number: int, playbook: str, inventory: Path | None = None, **survey: str) -> tuple[Run, Path]:
    """One job: what it was given is made anew, and only its artefacts are kept.

    :param inventory: of a slice; else the lab's
    """
    folder = lab.top / f"job{number}"
    for name in ("project", "env", "home"):
        (folder / name).mkdir(parents=True)
    path = folder / "project" / "site.yml"
    path.write_text(f"- ansible.builtin.import_playbook: ownrouter.ovhcloud.{playbook}\n", encoding="utf-8")
    (folder / "env" / "extravars").write_text(json.dumps(survey), encoding="utf-8")
    key = {"OVH_APPLICATION_KEY": "test-ak", "OVH_APPLICATION_SECRET": SECRETS["application_secret"]}
    settings = lab.environment(HOME=str(folder / "home"), OVH_CONSUMER_KEY=SECRETS["consumer_key"], **key)
    for name in ("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP"):
        settings[name] = settings[name].replace(str(lab.top), str(folder / "home"))
    done = subprocess.run(
        [
            "ansible-runner",
            "run",
            str(folder),
            "-p",
            "site.yml",
            "--inventory",
            str(inventory or lab.inventory),
            "--cmdline=-vvv",
        ],
        env=settings,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr, 0, 0), folder / "artifacts"


def statistics(artifacts: Path) -> dict[str, Any]:
    """What AWX hands on to the next job of a workflow."""
    for path in sorted(artifacts.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8")).get("event_data") or {}
        if found := (data.get("artifact_data") or {}).get("ownrouter_report"):
            return dict(found)
    return {}


def test_jobs_with_an_empty_home_each(lab: Lab) -> None:
    """A renewal, and the same job again: one request, and no secret in the artefacts."""
    secret_keys(lab)
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    # The journal is in the home, which the next job does not have.
    inventory["routers"]["hosts"]["router1"].pop("router_pppoe_state_dir")
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    hunt = Hunt(SECRETS)
    with watched(hunt):
        first, kept = job(lab, 1, "renew", **SURVEY)
        second, kept_again = job(lab, 2, "renew", **SURVEY)
    assert first.code == 0 and second.code == 0, first.output + second.output
    assert lab.line()["password"] == FULL and lab.line()["session"]["up"] and len(lab.posts()) == 1
    assert [statistics(one).get("counts") for one in (kept, kept_again)] == [{"renewed": 1}, {"unchanged": 1}]
    assert "At most 1 line will be cut: router1 (xdsl-ab12345-1)." in first.output
    refused, kept_too = job(lab, 3, "renew", **{**SURVEY, "max_lines": "0"})
    assert refused.code != 0 and "could be cut, and max_lines is 0" in " ".join(refused.output.split()), refused.output
    none, _kept = job(lab, 4, "renew", **{**SURVEY, "target": "nowhere"})
    assert none.code != 0 and "No host of the inventory matches nowhere" in " ".join(none.output.split()), none.output
    for run in (first, second, refused, none):
        hunt.look("output", run.output.encode())
    for folder in (kept, kept_again, kept_too):
        hunt.folder(folder, ())
    assert hunt.files > 30, hunt
    # What starts a program with a key in its environment has it there, and ansible-runner notes that environment.
    own = ("process environ", "/command")
    assert {hit for hit in hunt.hits if hit[0] == "password" or not hit[1].endswith(own)} == set()


def test_a_job_that_fails_tells_what_to_launch(lab: Lab) -> None:
    """There is no command of the user's: the report names the job and its limit."""
    secret_keys(lab)
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    hosts = inventory["routers"]["hosts"]
    inventory["routers"]["hosts"] = {
        "lyon": {**hosts["router1"], "router_pppoe_service_name": "xdsl-no-1"},
        "paris": hosts["router1"],
    }
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    run, kept = job(lab, 1, "renew", **{**SURVEY, "max_lines": "2"})
    found = statistics(kept)
    assert run.code != 0 and found["counts"] == {"failed": 1, "not tried": 1}, run.output
    assert (found["limit"], found["command"]) == ("lyon,paris", "")
    said = " ".join(run.output.split())
    assert "To go on with the 2 sites that are left: launch the same job again" in said, run.output
    assert lab.posts() == []


@pytest.mark.soak
def test_slices_of_a_job() -> None:
    """AWX gives each container its part of the inventory: each reports its own sites, and they share what they may."""
    with Fleet(COLLECTIONS, 4) as lab, ThreadPoolExecutor(2) as pool:
        secret_keys(lab)
        lab.admin("PUT", "/state", {"rate_limit": 60})
        folders = {host["router_pppoe_state_dir"] for host in lab.hosts.values()}
        assert len(folders) == 1, "the slices share one folder, as a volume would be"
        parts = []
        for number, names in enumerate((lab.names[::2], lab.names[1::2]), 1):
            parts.append(lab.top / f"slice{number}.json")
            # As it is by default: the lab holds nobody back.
            hosts = {name: {**lab.hosts[name], "router_pppoe_requests_per_minute": 60} for name in names}
            parts[-1].write_text(json.dumps({"routers": {"hosts": hosts}}), encoding="utf-8")
        survey = {**SURVEY, "max_lines": "2", "router_pppoe_max_age": ""}
        jobs = [
            pool.submit(job, lab, number, "renew", inventory=part, **survey) for number, part in enumerate(parts, 1)
        ]
        done = [one.result() for one in jobs]
        outputs = "\n".join(run.output for run, _kept in done)
        assert [run.code for run, _kept in done] == [0, 0], outputs
        reports = [statistics(kept) for _run, kept in done]
        assert [report["counts"] for report in reports] == [{"renewed": 2}, {"renewed": 2}], outputs
        told = [[site["host"] for site in report["sites"]] for report in reports]
        assert told == [lab.names[::2], lab.names[1::2]]
        assert len(lab.posts()) == len({post["path"] for post in lab.posts()}) == 4
        assert [call for call in lab.admin("GET", "/calls") if call["status"] == 429] == []


def builder(*words: str, cwd: Path) -> str:
    """The real ansible-builder, of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    program = shutil.which("ansible-builder", path=path)
    assert program, "ansible-builder is missing"
    done = subprocess.run([program, *words], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_execution_environment_gets_what_the_collection_needs(tmp_path: Path) -> None:
    """The example in the documentation is one for ansible-builder, and it finds what the collection declares."""
    example = ROOT / "docs" / "examples" / "awx" / "execution-environment.yml"
    said = builder("create", "-f", str(example), "-c", str(tmp_path / "context"), cwd=tmp_path)
    assert "Complete! The build context can be found at" in said
    wanted = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert wanted["collections"] == [{"name": "ownrouter.ovhcloud"}]
    place = tmp_path / "ansible_collections" / "ownrouter" / "ovhcloud"
    place.mkdir(parents=True)
    shutil.copytree(ROOT / "meta", place / "meta")
    shutil.copy(ROOT / "galaxy.yml", place)
    told = yaml.safe_load(builder("introspect", str(tmp_path), cwd=tmp_path))
    assert told == {"python": ["ovh >= 1.2.0  # from collection ownrouter.ovhcloud"], "system": []}
