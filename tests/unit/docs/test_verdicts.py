# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/preflight.md shows the verdicts that the code gives; ``make verdicts`` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.tests.unit.docs.verdicts import BEGIN, CASES, END, page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "preflight.md"


def test_the_page_shows_them():
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == page(), "make verdicts"


@pytest.mark.parametrize("make", [make for _title, make, _about in CASES])
def test_each_is_read_in_one_look(make):
    for verdict in make():
        lines = verdict.splitlines()
        assert len(lines) <= 25
        assert all(len(one) <= 120 for one in lines)
        assert sum("ansible-playbook" in one for one in lines) >= 1
        assert lines[-1].strip().startswith("ansible-playbook -i inventory.yml --limit ")
        assert lines[-1].endswith("-e router_pppoe_renew=true ownrouter.ovhcloud.renew")
