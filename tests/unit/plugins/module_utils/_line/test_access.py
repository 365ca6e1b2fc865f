# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modem profile of a line, from data alone."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access


@pytest.mark.parametrize(
    ("kind", "provider", "infra", "profile"),
    [
        ("adsl", "ft", "ORANGE", "A"),
        ("vdsl", "ft", "OR", "B"),
        ("ftth", "ft", None, "B"),
        ("ftth", "bouygues", None, "C"),
        ("ftth", "axione", "AXIONE", "A"),
        ("ftth", "kosc", "ORANGE", "B"),
        ("ftte", "bouygues", None, "A"),
        ("ftto", "newcomer", None, None),
        ("ftth", "newcomer", None, None),
        (None, None, None, None),
    ],
)
def test_profiles(kind, provider, infra, profile):
    data = {"accessType": kind, "provider": provider, "providerInfra": infra}
    assert access.modem_profile(data) == profile
