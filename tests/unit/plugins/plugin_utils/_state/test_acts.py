# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a run stops is a code that programs read and a page explains."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Step, Why

PAGE = Path(__file__).resolve().parents[5] / "docs" / "when-something-fails.md"
#: These end a run as it should, or have no sentence.
SILENT = {Why.NONE, Why.PREDICTED}


def test_a_step_has_no_reason_where_none_is_given():
    assert Step(Do.ASK) == Step(Do.ASK, Why.NONE) != Step(Do.STOP, Why.TAGS)


@pytest.mark.parametrize("why", sorted(set(Why) - SILENT, key=lambda one: one.value))
def test_each_reason_has_a_row_on_the_page(why):
    assert f"| `{why.value}` |" in PAGE.read_text(encoding="utf-8")
