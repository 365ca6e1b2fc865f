# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An error that nobody thought of is told by its kind and place, and never by its text."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._unexpected import where


def test_kind_and_place_without_the_text():
    with pytest.raises(KeyError) as raised:
        {}["Kanarie7391"]
    told = where(raised.value)
    kind, _comma, place = told.partition(", ")
    assert kind == "KeyError" and place.startswith("test_unexpected.py:") and "Kanarie" not in told
