# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an open driver adds to the facts of the ways: how the router answers, and its counter where that is needed."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import judge
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import UNKNOWN, Counted, Target
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import burst, three


def by_router(facts: three.Facts, driver: port.Router, probe: port.Probe, words: t.Collection[str]) -> three.Facts:
    """The facts, with those of the router; its counter is asked only where cheap voices do not settle it.

    :param words: see :func:`three.judged`
    """
    counter = probe.counter
    seen = probe.session
    line = counter.interface if counter else ""
    told = driver.way_back()
    back = dataclasses.replace(told, line=line, others=tuple(one for one in told.others if line and one != line))
    session = Session(seen.up, seen.address, seen.uptime, seen.error)
    facts = dataclasses.replace(facts, back=back, session=session)
    if counter is None:
        return facts
    found = {way.name: way.verdict for way in three.judged(facts, words)}
    if found.get("router") == UNKNOWN:
        facts = dataclasses.replace(facts, sent=_sent(driver))
    # What another machine says to the API is not said from here.
    if found["api"] == UNKNOWN and facts.looked.api_host.local and facts.looked.here:
        here = facts.looked.here
        open_ones = judge.unsettled(here.targets, here.exit, three.line_of(facts))
        facts = dataclasses.replace(facts, said=dict(_said(driver, open_ones)))
    return facts


def _sent(driver: port.Router) -> Counted | None:
    try:
        return burst.from_router(driver.counted)
    except Failure:
        return None


def _said(driver: port.Router, targets: t.Sequence[Target]) -> t.Iterator[tuple[str, Counted]]:
    def counter() -> port.Counter | None:
        told = driver.counted(0)
        return told[0] if told else None

    for target in targets:
        shake = burst.shaker_of(target)
        if shake is None:
            continue
        try:
            found = burst.to_host(counter, shake, burst.LONGEST / len(targets))
        except Failure:
            return
        if found is not None:
            yield target.what, found
