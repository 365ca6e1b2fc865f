# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever looks at the playbooks before he runs one: Ansible lists them, and nothing is asked of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from role.site import SANDBOX, SERVICE, Site

from faults.__main__ import place
from faults.starts import PHASES

ROOT = SANDBOX.parents[1]
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(place(tmp_path_factory.mktemp("listed"))) as made:
        made.write_inventory({"router1": {"ansible_host": "192.0.2.1", "router_pppoe_service_name": SERVICE}})
        yield made


def listed(site: Site, *options: str) -> str:
    """What Ansible says of all playbooks at once, with nothing wrong."""
    first, *others = (f"ownrouter.ovhcloud.{name}" for name in PLAYBOOKS)
    run = site.play(*others, *options, "-e", "router_pppoe_renew=true", playbook=first)
    assert run.code == 0, run.output
    assert not re.search(r"WARNING|ERROR|DEPRECAT|Traceback", run.output), run.output
    assert [name for name in PLAYBOOKS if f"/playbooks/{name}.yml" not in run.output] == []
    assert site.admin("GET", "/calls") == []
    return run.output


def test_their_syntax(site: Site) -> None:
    listed(site, "--syntax-check")


def test_their_hosts_tasks_and_tags(site: Site) -> None:
    """The tasks look at the tags themselves, so that a list of tags cannot name the phases: the page does."""
    output = listed(site, "--list-hosts", "--list-tasks", "--list-tags")
    assert output.count("router1") == output.count("play #") >= len(PLAYBOOKS)
    assert set(re.findall(r"TAGS: \[(.*)\]", output)) == {"always"}
    page = Path(ROOT, "docs", "using.md").read_text(encoding="utf-8")
    assert "`--list-tags` shows `always` alone" in page
    assert f"Each phase is a tag: {', '.join(f'`{phase}`' for phase in PHASES)};" in page
