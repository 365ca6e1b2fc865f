# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task files of the router's side that are run behind a step, and what the user's own came to (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Seen, Write
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State

Data = t.Mapping[str, t.Any]


def behind(options: Options, state: State, do: Do, check: bool, standbys: bool) -> list[dict[str, t.Any]]:
    """The files, in their order, each with what its include is given.

    :param do: what is next: the router is written, or only watched
    :param check: the router is only looked at
    :param standbys: there is a password for standby routers
    """
    intent = state.intent
    others = [{"file": "standby.yml", "check_mode": intent.check}] if standbys else []
    if not options.custom:
        # A router that cannot be reached is waited for when the standby routers, one of which may take over, have the
        # password.
        first = [{"file": "set.yml", "check_mode": check, "once": True}] if others else []
        return [*first, *others, {"file": "set.yml", "check_mode": check}]
    folder = options.text("platform_dir")
    waiting = state.proof is not None and state.proof.router is not None and state.proof.router.waiting
    files: list[dict[str, t.Any]] = [{"file": "start_session.yml", "check_mode": False}]
    if do is Do.WRITE and not (waiting and intent.check):
        files.append({"file": f"{folder}/apply.yml", "check_mode": check})
    files += others
    if "verify" in intent.phases and not (waiting and intent.check):
        wait = 0 if intent.check else options.number("session_timeout")
        files.append({"file": f"{folder}/status.yml", "check_mode": intent.check, "wait": wait})
    return files


def came_to(state: State, before: Data, facts: Data, words: Words, now: datetime.datetime) -> State:
    """What the tasks of the user's own platform have set.

    :param before: the result of the step that they were run behind
    :param facts: that they have set, by name
    :raises Stopped: when they say that they failed
    """
    at = datetime.datetime.fromisoformat(str(before.get("started")))
    files = [str(one.get("file")) for one in before.get("files") or []]
    if any(one.endswith("/apply.yml") for one in files):
        applied = facts.get("router_pppoe_applied")
        told: Data = applied if isinstance(applied, t.Mapping) else {}
        if told.get("error"):
            raise Stopped("not_set", messages.write_failed(state, words, now, str(told["error"])))
        changed = bool(told.get("changed", state.renewed.under_way))
        dialled = bool(told.get("dialled", told.get("changed", state.renewed.under_way)))
        write = Write(changed, dialled, at, bool(before.get("hold")), "changed" in told)
        state = dataclasses.replace(state, write=write)
    elif state.proof and state.proof.router and state.proof.router.waiting and state.intent.check:
        state = dataclasses.replace(state, write=Write(True, True, at))
    if any(one.endswith("/status.yml") for one in files):
        state = dataclasses.replace(state, seen=Seen(preflight.session_of(facts.get("router_pppoe_session"))))
    return state
