# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README keeps what it promises, as far as that is seen without a run; tests/role runs its commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "TESTING")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def anchors(page):
    """The headings of a page as its links name them."""
    headings = re.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_it_is_short():
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_each_command_is_one():
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    made = set(re.findall(r"[`$] ?(?:sudo )?make ([a-z]+)", README))
    assert {"demo", "quick", "test"} <= made <= targets
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    played = set(re.findall(r"ansible-playbook ownrouter\.ovhcloud\.([a-z_]+)", README))
    assert {"preflight", "rehearse", "renew"} <= played <= playbooks


def test_what_has_to_be_there_is_named():
    for word in ("python3-venv", "python3 -m venv", "pipx", "git clone", "-e target=", "group `routers`"):
        assert word in README


def test_the_inventory_is_one():
    found = yaml.safe_load(re.search(r"(?ms)^```yaml\n(routers:.*?)^```", README)[1])
    (host,) = found["routers"]["hosts"].values()
    assert set(host) == {"ansible_host", "ansible_user", "router_pppoe_service_name"}


def test_the_recording_is_what_the_demonstration_prints():
    """All but its times and addresses."""
    source = (ROOT / "tests" / "demo.py").read_text(encoding="utf-8")
    recorded = re.search(r"(?ms)^(The router's session is up.*?)^```", README)[1]
    lines = [line.strip() for line in recorded.splitlines() if line.strip()]
    assert len(lines) > 9
    for line in lines:
        fixed = re.sub(r"^[\d.]+ s  ", "", line)
        pieces = re.split(r"[\d.]+(?: s\b)?", fixed)
        for piece in (piece.strip(" .,") for piece in pieces):
            assert piece in source, piece
