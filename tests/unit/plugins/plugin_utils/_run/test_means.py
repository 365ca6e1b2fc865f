# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a run ends that does not come to its end: for a person in words, for programs as a code."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped


def test_the_words_are_the_failure_where_nothing_failed_below():
    stopped = Stopped("preflight", "It stops here.")
    assert str(stopped) == "It stops here." and stopped.verdict is None
    assert stopped.failure == {"code": "preflight", "message": "It stops here.", "details": {}}


def test_what_failed_below_wins_and_is_a_copy():
    below = {"code": "router_lost", "message": "Lost.", "details": {"a": 1}}
    stopped = Stopped("not_set", "It stops here.", below)
    assert stopped.failure == below and stopped.failure is not below
