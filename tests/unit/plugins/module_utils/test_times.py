# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times of the API: with a zone, or no time at all."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00z",
        "2026-11-24T13:00:00+01:00",
        "2026-11-24T13:00:00+0100",
        "2026-11-24T11:00:00-0100",
        " 2026-11-24T12:00:00.000000Z ",
    ],
)
def test_forms(text):
    assert parse_time(text) == datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
    assert iso(parse_time(text)) == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize("value", ["2026-11-24T12:00:00", "2026-11-24", "", "soon", None, 1764000000, ["x"]])
def test_what_is_no_time(value):
    """Without a zone it could be hours off: a mail would count, or not, by chance."""
    assert parse_time(value) is None
