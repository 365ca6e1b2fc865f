# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which phases the tags of a run leave (pure)."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import PHASES

#: What a phase cannot do without.
NEEDS = {"store": ("collect",), "apply": ("collect", "store", "verify")}


def phases_left(run_tags: tuple[str, ...], skip_tags: tuple[str, ...], own_tags: tuple[str, ...]) -> tuple[str, ...]:
    """The phases that ``--tags`` and ``--skip-tags`` leave, with those that they need.

    :param own_tags: the task's, and those that it has from its play, role or include
    """
    if "all" in skip_tags:
        # Ansible itself would run what is tagged "always" all the same.
        return ()
    run = set(run_tags)
    if run & ({"all", "tagged"} | (set(own_tags) - set(PHASES) - {"always"})):
        picked = set(PHASES)
    else:
        picked = run & set(PHASES)
        picked |= {needed for phase in picked for needed in NEEDS.get(phase, ())}
        # What is not watched alone begins with the preflight.
        picked |= {"preflight"} if picked - {"verify"} else set()
    return tuple(phase for phase in PHASES if phase in picked - set(skip_tags))
