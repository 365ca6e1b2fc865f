# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kind and the place of an error are told, and never its text."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _unexpected


def test_where():
    try:
        raise ValueError("Kanarie5528")
    except ValueError as error:
        said = _unexpected.where(error)
    assert said.startswith("ValueError, test_unexpected.py:") and "Kanarie" not in said
