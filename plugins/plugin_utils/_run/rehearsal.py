# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rehearsal of a renewal: everything but the request, which there is no act for here."""

from __future__ import annotations

import dataclasses

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING, Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    CUT_WITHIN,
    DATE_SLACK,
    parse_duration,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import rehearsal as rehearsal_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import rehearsed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Deeds, Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Renewal, Trails, Write
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State


class Rehearsing(Run):
    """A run that ends with a new session on the password that the router has.

    :ivar router_answered: while the line was down; None where that was not seen
    :ivar api_answered: likewise
    """

    router_answered: bool | None = None
    api_answered: bool | None = None
    _dials = False

    def broken_off(self, reason: str) -> str:
        if self._dials:
            return rehearsal_words.broken_off(self.words, reason)
        return super().broken_off(reason)

    def deeds(self) -> Deeds:
        return {Do.COLLECT: self._collect, Do.REDIAL: self._redial, Do.WATCH: self._watch}

    def noted(self, state: State, folder: str) -> State:
        """The state, with a request that the journal knows of and that no mail has answered yet.

        A request cuts the line within minutes. One that is older, and whose line is up, had no effect.

        :param folder: of the journal
        """
        entry, mail = Journal(folder, self.intent.service_name).last(), None
        if state.proof and state.proof.latest:
            mail = state.proof.latest.mail
        if entry is None or not entry.counts or (mail and mail.date >= entry.requested_at - DATE_SLACK):
            return state
        span = max(parse_duration("cooldown", self.options.text("cooldown")), CUT_WITHIN)
        if self.now(state) > entry.requested_at + span:
            return state
        return dataclasses.replace(state, renewal=Renewal("pending", entry.outcome, entry.requested_at, entry.requests))

    def note(self, state: State, folder: str, session: bool) -> None:
        """Keep what the dial has shown."""
        if state.write is None or self.intent.check:
            return
        shown = rehearsed.Rehearsal(
            self.intent.host,
            state.write.at,
            state.dialled,
            session,
            self.router_answered,
            self.api_answered,
            state.proof.trails if state.proof else Trails(),
        )
        try:
            rehearsed.note(folder, self.intent.service_name, shown)
        except OSError as error:
            self.warnings.append(f"What this rehearsal has shown could not be kept in {folder} ({error.strerror}).")

    def _redial(self, state: State) -> State:
        at, credentials = self.now(state), self._credentials(state)
        try:
            applied = self.with_router(lambda driver: self._dialled(driver, credentials, state.skew))
        except Failure as failure:
            said = rehearsal_words.redial_failed(state, self.words, self.said(failure))
            raise Stopped("not_set", said) from None
        self.mark = applied.mark
        self.warnings += [self.named(one) for one in applied.warnings]
        self.diff.append("+dial once")
        return dataclasses.replace(state, write=Write(True, True, at))

    def _dialled(self, driver: port.Router, credentials: port.Credentials, skew: int | None) -> port.Applied:
        port.refuse_unfit(driver, credentials)
        told = driver.apply(credentials, dial=port.Dial.AUTO, age=None, check=True)
        if told.changed or not told.compared:
            raise Failure("router_refused", "it does not run on the password of the latest mail any more")
        if self.intent.check:
            return port.Applied(True, False, True)
        probe = driver.probe(prove=True)
        if not probe.writable:
            raise Failure("router_unwritable", probe.why)
        self._dials = True
        applied = driver.apply(credentials, dial=port.Dial.ALWAYS, age=None, check=False)
        self._look_around(driver, skew)
        return applied

    def _look_around(self, driver: port.Router, skew: int | None) -> None:
        """While the line is down, see who answers; the dial goes on by itself."""
        try:
            if driver.session(wait=0, since=None).up:
                return
            self.router_answered = True
            given = {**self.options.connection(), "timeout": 0}
            if skew is not None:
                given["clock_skew"] = skew
            told = self.means.calls(ovh.DIAL_INS, given, self.intent.check)
            code = (told.get("failure") or {}).get("code") if told.get("failed") else ""
            if not driver.session(wait=0, since=None).up:
                self.api_answered = code not in PASSING
        except Failure:
            # The router cannot be reached without its line, or for a moment: the wait for its session says which.
            self.router_answered = False


def rehearse(run: Rehearsing, state: State, folder: str) -> tuple[State, str]:
    """All of it.

    :param folder: of the journal
    :returns: the last state, and what it came to
    :raises Stopped: when the router was not made to dial, or did not come back
    """
    last = run.noted(state, folder)
    try:
        last = run.go(last, (Do.COLLECT, Do.REDIAL))
        last = run.go(last, (Do.WATCH,))
    except Stopped:
        run.note(last, folder, False)
        raise
    run.note(last, folder, True)
    return last, rehearsal_words.rehearsed(last)
