# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a run ends that does not come to its end: for a person in words, for programs as a code."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped


def test_the_words_are_said_once():
    stopped = Stopped("preflight", "It stops here.")
    assert str(stopped) == "It stops here." and stopped.verdict is None
    assert stopped.failure == {"code": "preflight", "details": {}}


def test_the_code_of_what_failed_below_wins():
    below = {"code": "router_lost", "message": "Lost.", "details": {"a": 1}}
    stopped = Stopped("not_set", "It stops here.", below)
    assert str(stopped) == "It stops here."
    assert stopped.failure == {"code": "router_lost", "details": {"a": 1}}
    stopped.failure["details"]["b"] = 2
    assert below["details"] == {"a": 1}
