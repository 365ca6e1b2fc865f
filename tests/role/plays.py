# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many routers in one run, and what each of them was told."""

from __future__ import annotations

import json
import re

from .site import Run, Site

# The playbook "renew" lets one router go first, and stops when that one fails: here all go at once.
ALL_AT_ONCE = """
- hosts: routers
  gather_facts: false
  strategy: "{{ wanted_strategy | default('linear') }}"
  roles:
    - ownrouter.ovhcloud.router_pppoe
"""

# The line of a task, or of one turn of a loop; of another machine, too, that works for the host.
FAILED = re.compile(r"^(?:fatal|failed): \[([^] ]+)(?: -> [^]]+)?\].*? => (?=\{\s*\")", re.MULTILINE)


def play_all(site: Site, *words: str, **environment: str) -> Run:
    """The role for every router of the inventory at once."""
    path = site.top / "all.yml"
    path.write_text(ALL_AT_ONCE, encoding="utf-8")
    return site.play(*words, playbook=str(path), **environment)


def failures(run: Run) -> dict[str, str]:
    """All that each host that failed was told: the first message has the reason, the last one may only point at it."""
    found: dict[str, str] = {}
    for line in FAILED.finditer(run.output):
        result, _end = json.JSONDecoder().raw_decode(run.output, line.end())
        found[line[1]] = " ".join([found.get(line[1], ""), *str(result.get("msg", "")).split()]).strip()
    return found
