# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cells in the field as real runs: a line and a router for each, and ansible-playbook with the role for all."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from leaks.hunt import files_below
from ovh_api import mails
from role.plays import failures
from role.site import Site

from . import lines
from .field import Case, Situation
from .field_routers import Shown, started
from .lines import Line

NETWORK_CLI = Path(
    "ansible_collections", "ownrouter", "ovhcloud", "plugins", "plugin_utils", "_routers", "vyos", "network_cli.py"
)
#: Seconds for an answer of VyOS, in the driver and here: libssh notices a lost connection only when they are over.
PATIENCE = ("QUICK, SLOW = 30, 120\n", "QUICK, SLOW = 6, 9\n")
#: What the line's next password begins with. VyOS takes no quotes and no backslash; a mail is read up to 64 characters.
SPECIAL = {"routeros": "Kan'\"$;\\é#&<>:", "vyos": "Kan$HOME`id`;#&|<>()[]{}*!~^%@=+,.:"}
AT_ONCE = 12  # forks; most of them wait
BATCH = 12  # hosts of one run of ansible-playbook, which has to end in the time that site.py gives it
OUTPUTS = "outputs"
PLAY = """
- hosts: routers
  gather_facts: false
  strategy: free
  tasks:
    - ansible.builtin.include_role: {name: ownrouter.ovhcloud.router_pppoe}
"""


@dataclasses.dataclass(frozen=True)
class Whole:
    """What a cell's run came to.

    :param message: all that the run said to this host
    :param password: the one that the line takes at the end
    :param leaked: where that password, or the one before it, was shown or left
    """

    failed: bool
    message: str
    posts: int
    password: str
    before: Shown
    after: Shown
    leaked: tuple[str, ...]


def patient(collections: Iterable[Path], folder: Path) -> list[Path]:
    """A copy of the collection whose driver of VyOS waits less; the others as they are."""
    ours, *others = collections
    top = NETWORK_CLI.parts[0]
    shutil.copytree(ours / top, folder / top, ignore=shutil.ignore_patterns("__pycache__", "tests", ".git"))
    file = folder / NETWORK_CLI
    text = file.read_text(encoding="utf-8")
    assert PATIENCE[0] in text
    file.write_text(text.replace(*PATIENCE), encoding="utf-8")
    return [folder, *others]


def run(cases: Iterable[Case], collections: Iterable[Path], folder: Path) -> dict[str, Whole]:
    """Run cells, all at once but for those that want a command or an environment of their own.

    :param collections: the folders that hold ``ansible_collections``, ours first
    :param folder: an empty one, for a copy of ours
    """
    asked = list(cases)
    if not asked:
        return {}
    with Site(*patient(collections, folder)) as site:
        site.admin("PUT", "/state", {"mail_delay": 1})
        known = lines.add(site, [case.name for case in asked], "Old")
        has = {case.name: (known[case.name], _prepared(site, case, known[case.name])) for case in asked}
        with started(asked, site.top, has) as routers:
            for case in asked:
                _meanwhile(site, case, known[case.name])
            before = {name: router.shown() for name, router in routers.items()}
            site.write_inventory({case.name: _entry(case, routers[case.name].variables()) for case in asked})
            ran = _play_all(site, asked)
            posts = [call["path"].split("/")[-2] for call in site.posts()]
            leaked = _leaked(site, known.values())
            return {
                name: Whole(
                    *ran[name],
                    posts=posts.count(line.service),
                    password=site.line(line.service)["password"],
                    before=before[name],
                    after=routers[name].shown(),
                    leaked=tuple(leaked.get(line.needle, ())),
                )
                for name, line in known.items()
            }


def _prepared(site: Site, case: Case, line: Line) -> str:
    """What is true before the router is there; the password that it has."""
    state: dict[str, Any] = {"next_password": SPECIAL[case.platform] + line.needle}
    if case.situation is Situation.OLDER:
        state["access"] = {"capabilities": {"canGetRadiusConnectionLogs": False}}
        title, text = mails.ppp_mail(line.service, line.login, f"Older5{line.needle}")
        site.admin("POST", "/mails", {"title": title, "text": text, "age_days": 10})
    site.admin("PUT", "/state", {"lines": {line.service: state}})
    return line.password


def _meanwhile(site: Site, case: Case, line: Line) -> None:
    """What happens while the router has its first session."""
    if case.situation in (Situation.ROTATED, Situation.REFUSED):
        site.admin("POST", f"/line/{line.service}/rotate")
    if case.situation is Situation.REFUSED:
        site.admin("PUT", "/state", {"lines": {line.service: {"password": "not the one of the mail"}}})


def _entry(case: Case, way: dict[str, Any]) -> dict[str, Any]:
    """The host's own part of the inventory."""
    return {**way, "router_pppoe_renew": case.situation is Situation.RENEW, **case.variables}


def _play_all(site: Site, cases: list[Case]) -> dict[str, tuple[bool, str]]:
    """Whether each cell's host failed, and what it was told."""
    (site.top / "field.yml").write_text(PLAY, encoding="utf-8")
    groups: dict[Any, list[str]] = {}
    for case in cases:
        groups.setdefault((case.environment, case.command), []).append(case.name)
    ran = {}
    batches = [(alike, names[at : at + BATCH]) for alike, names in groups.items() for at in range(0, len(names), BATCH)]
    for (environment, command), names in batches:
        results = site.top / "results"
        results.unlink(missing_ok=True)
        settings = {
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback_plugins")),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "ANSIBLE_FORKS": str(AT_ONCE),
            "RESULTS": str(results),
            **{name: value.format(top=site.top) for name, value in environment},
        }
        done = site.play("-v", "--limit", ",".join(names), *command, playbook=str(site.top / "field.yml"), **settings)
        with (site.top / OUTPUTS).open("a", encoding="utf-8") as file:
            file.write(done.output)
        told = {name: [message] for name, message in failures(done).items()}
        for line in results.read_text(encoding="utf-8").splitlines() if results.exists() else ():
            host, _task, result = json.loads(line)
            told.setdefault(host, []).extend(map(str, [result.get("msg", ""), *result.get("warnings", [])]))
        results.unlink(missing_ok=True)
        for name in names:
            ran[name] = (done.recap("failed", name) != 0, " ".join(" ".join(told.get(name, [])).split()))
    return ran


def _leaked(site: Site, known: Iterable[Line]) -> dict[str, list[str]]:
    """By its needle, where a line's password is: any file of the run's folder but those that have to have it."""
    allowed = (site.top / "ovh.json", site.inventory, site.top / "routers")
    needles = [line.needle for line in known]
    found: dict[str, list[str]] = {}
    for path, content in files_below(site.top, allowed):
        for needle in needles:
            if needle.encode() in content:
                found.setdefault(needle, []).append(str(path.relative_to(site.top)))
    return found
