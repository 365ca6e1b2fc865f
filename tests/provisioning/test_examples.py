# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of docs/examples/provisioning, run as they stand: a role for several lines, and the modules alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from leaks.vaults import Vault
from role.scenarios import must
from role.site import LOGIN, SERVICE, Run, Site
from routers import lines

from provisioning.conftest import COLLECTIONS

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "provisioning"
SITES = ("office", "shop", "home")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(COLLECTIONS) as one:
        one.admin("PUT", "/state", {"mail_delay": 0.3})
        yield one


def dialled(site: Site) -> list[str]:
    path = site.top / "dialled"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def router(site: Site, **more: Any) -> dict[str, Any]:
    """A router whose dialling is noted in a file."""
    dial = ["sh", "-c", f'echo "$1" >>{site.top}/dialled', "dial"]
    return {"ansible_connection": "local", "pppoe_router_dial": dial, "dial": [*dial, "office"], **more}


@pytest.mark.soak
def test_three_lines_in_one_loop(site: Site) -> None:
    """Each its own password; the same again changes nothing, without mails as well; then one request for each."""
    vault = Vault(site)
    made = lines.add(site, list(SITES), "first", known=True)
    (site.top / "lines").mkdir()
    wanted = [{"service_name": made[name].service, "name": name} for name in SITES]
    folder = {"pppoe_router_folder": str(site.top / "lines"), "pppoe_router_lines": wanted}
    site.write_inventory({"router1": router(site, **folder)})

    def run(*words: str) -> Run:
        done = site.play(*vault.words, *words, playbook=str(EXAMPLES / "site.yml"))
        for name in SITES:
            password = site.line(made[name].service)["password"]
            must(password not in done.output, "no password is shown", done)
        return done

    def right() -> None:
        for name in SITES:
            line = site.line(made[name].service)
            text = (site.top / "lines" / f"{name}.conf").read_text(encoding="utf-8")
            assert f'user "{made[name].login}"\npassword "{line["password"]}"\n' in text, name

    site.admin("PUT", "/state", {"mail_delay": 0})
    for name in SITES:
        site.admin("POST", f"/line/{made[name].service}/rotate")
    first = run("-vvvv", "--diff")
    must(first.code == 0 and site.posts() == [], "each line by its mail", first)
    right()
    assert sorted(dialled(site)) == sorted(SITES)
    again = run()
    must(again.code == 0 and again.recap("changed") == 0, "the second run changes nothing", again)
    site.admin("DELETE", "/mails")
    for words in ((), ("--check",)):
        again = run(*words)
        must(again.code == 0 and again.recap("changed") == 0, "nor does one without mails", again)
    renewed = run("-e", "pppoe_router_max_age=1s", "-e", "router_pppoe_cooldown=0s", "-vvvv", "--diff")
    must(renewed.code == 0 and len(site.posts()) == 3, "each line is renewed once", renewed)
    right()
    assert len(dialled(site)) == 6


@pytest.mark.soak
def test_the_modules_alone(site: Site) -> None:
    """Trigger, wait, own handler: one request and one dial; the same again does nothing, and nothing is shown."""
    secret = site.top / "office.secret"
    site.write_inventory({"router1": router(site, service_name=SERVICE, secret_file=str(secret))})
    for _night in range(2):
        run = site.play("-vvvv", "--diff", playbook=str(EXAMPLES / "module_only.yml"))
        password = site.line()["password"]
        must(run.code == 0 and secret.read_text(encoding="utf-8") == f"{LOGIN} {password}\n", "it is written", run)
        assert site.leaks(password, run, allowed=[secret]) == []
    must(run.recap("changed") == 0 and len(dialled(site)) == 1, "the second run does nothing", run)
