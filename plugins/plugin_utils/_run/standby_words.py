# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run says of standby routers (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import RENEW, Words, joined, step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.standby import Standby
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State


def left_to(active: str) -> str:
    """Where a standby router is in a play itself."""
    return f"The run of {active} sets this standby router, too; nothing is done for it by itself."


def notes(found: t.Iterable[Standby]) -> t.Iterator[str]:
    """What a preflight has seen that is to be known before: none of it stops a run."""
    for one in found:
        if one.why:
            yield (
                f"the standby router {one.host} cannot be set now ({one.why}). A renewal goes on without it, and fails "
                "at its end with the command that sets it, too."
            )


def summary(found: t.Iterable[Standby], check: bool) -> str:
    """What came of them, as a part of the last sentence; "" without any."""
    done = [one.host for one in found if one.changed and not one.why]
    right = [one.host for one in found if not one.changed and not one.why]
    did = "standby routers that would be set" if check else "standby routers that were set, too"
    parts = ((did, done), ("standby routers that were left as they are", right))
    return "; ".join(f"{what}: {', '.join(hosts)}" for what, hosts in parts if hosts)


def unset(state: State, found: t.Iterable[Standby], words: Words) -> str:
    """The last words about those that could not be set; "" when all were."""
    lacking = [one for one in found if one.why]
    if not lacking:
        return ""
    named = "; ".join(f"{one.host}: {one.why}" for one in lacking)
    dead = "The password that is there is no longer valid."
    command = words.command.with_variable(RENEW, "false") if words.renew else words.command
    return joined(
        f"Not set as a standby router: {named}.",
        dead if state.renewed.under_way else "",
        step("To set what was not set, without asking for anything", command),
    )


def beside(message: str, unset: str) -> str:
    """Both, each in lines of its own."""
    return joined(message, f"\n{unset}" if unset else "")
