# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags leave whole phases, with what these cannot do without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import PHASES
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.phases import phases_left


@pytest.mark.parametrize(
    ("run", "skip", "own", "left"),
    [
        ("all", "", "", "preflight provision renew collect store apply verify"),
        ("tagged", "", "", "preflight provision renew collect store apply verify"),
        ("site", "", "site", "preflight provision renew collect store apply verify"),
        ("site", "", "other", ""),
        ("always", "", "always", ""),
        ("verify", "", "verify", "verify"),
        ("preflight", "", "", "preflight"),
        ("preflight verify", "", "", "preflight verify"),
        ("provision", "", "", "preflight provision"),
        ("renew", "", "", "preflight renew"),
        ("renew verify", "", "", "preflight renew verify"),
        ("collect", "", "", "preflight collect"),
        ("store", "", "", "preflight collect store"),
        ("apply", "", "", "preflight collect store apply verify"),
        ("apply", "store", "", "preflight collect apply verify"),
        ("all", "preflight", "", "provision renew collect store apply verify"),
        ("all", "renew", "", "preflight provision collect store apply verify"),
        ("all", "all", "", ""),
        ("verify", "verify", "", ""),
        ("apply", "preflight", "", "collect store apply verify"),
    ],
)
def test_tags_leave_phases(run, skip, own, left):
    own_tags = ("always", *own.split())
    assert phases_left(tuple(run.split()), tuple(skip.split()), own_tags) == tuple(left.split())


@given(st.sets(st.sampled_from(PHASES)), st.sets(st.sampled_from(PHASES)))
def test_phases_come_in_order_and_skipped_ones_do_not(run, skip):
    left = phases_left(tuple(run), tuple(skip), ("always",))
    assert left == tuple(phase for phase in PHASES if phase in left)
    assert not set(left) & skip
    assert run - skip <= set(left)
