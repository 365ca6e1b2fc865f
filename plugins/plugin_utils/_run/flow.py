# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The acts of a run: each asks :func:`_state.state.next_step` first, does the one thing, and notes what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import typing as t

from ansible.errors import AnsibleConnectionFailure

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import strayed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _beyond_ppp
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import joined
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import OPTION_NAMES
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages, stops
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.naming import named
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import ahead
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.hand import InHand, present
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state import state as run_state
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Renewal,
    Seen,
    Session,
    Trails,
    Write,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import evidence_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import lost_router, three

Deeds = dict[Do, t.Callable[[State], State]]
#: A request is sent so many seconds after it was decided on at the latest; its own looks and pauses are in there.
SENT_WITHIN = datetime.timedelta(minutes=5)
#: Seconds for the RADIUS log to show a new session; less where OVHcloud could not be asked before.
RADIUS, RADIUS_BY_HAND = 30, 5


def session_of(seen: port.Session) -> Session:
    """A driver's session, as what is known of the line."""
    return Session(seen.up, seen.address, seen.uptime, seen.error)


class Run(InHand):
    """One line, from what its preflight proved to its verified session."""

    def go(self, state: State, acts: t.Collection[Do]) -> State:
        """Act as long as the next step is one of these.

        :raises Stopped: when it is to stop, or an act failed
        """
        deeds, self._writes = self.deeds(), Do.WRITE in acts
        try:
            while True:
                self.at(state)
                self._asking = False
                now = self.now(state)
                step = run_state.next_step(state, now)
                if step.do is Do.STOP:
                    code = str((self._failure or {}).get("code") or "")
                    said = stops.stop(step.why, state, self.words, now, code)
                    raise Stopped(step.why.value, said, self._failure)
                if step.do not in acts:
                    return state
                state = deeds[step.do](state)
        finally:
            self._leave()

    @contextlib.contextmanager
    def one_driver(self) -> t.Iterator[None]:
        """Have one driver for all that is done in here up to the end of :meth:`go`: what it has seen of the router, and
        a connection of its own, go from act to act."""
        self._stays = True
        try:
            yield
        finally:
            self._stays = False
            self._leave()

    def deeds(self) -> Deeds:
        """What does each act."""
        return {
            Do.ASK: self._ask,
            Do.COLLECT: self._collect,
            Do.KEEP: self._keep,
            Do.WRITE: self._write,
            Do.WATCH: self._watch,
        }

    @property
    def did_something(self) -> bool:
        """Was anything asked for, written or kept by this run, as far as it came? Where it is not known, it was."""
        state = self._state
        return not self.intent.check and (state.renewed.sent or state.changed or state.unset or self.stored)

    def where(self) -> str:
        """What is true of line and router now, as sentences; "" where this step did not come to know it."""
        return messages.situation(self._state, self.words) if self._knows else ""

    def broken_off(self, reason: str) -> str:
        """The last words where this run ends at a moment that nobody chose."""
        if self._asking:
            unsure = messages.not_known_whether(self.words)
            return joined(f"{self.words.service_name}: {reason}", unsure)
        return messages.elsewhere(self._state, self.words, reason)

    # -- the request

    def _ask(self, state: State) -> State:
        proof = state.proof
        router = proof.router if proof else None
        session = router.session if router else None
        # A session that another login has opened tells nothing of this line's requests.
        uptime = session.uptime if session and session.up and not run_state.replaces(state) else None
        not_after = self.now(state) + SENT_WITHIN
        given = {
            **self.options.renewal(),
            "clock_skew": state.skew,
            "session_uptime": None if uptime is None else int(uptime),
            # Hooks, a short budget and the user's own tasks may take minutes between that look and the decision.
            "session_seen_at": iso(proof.at) if proof and uptime is not None else None,
            "not_after": iso(not_after),
            **(evidence_of(kept) if (kept := self.kept()) else {}),
        }

        def ready(sending: bool) -> None:
            if os.getppid() != self._parent:
                raise Failure("run_ended", "The run that this request belongs to has ended. Nothing was requested.")
            if not sending:
                self._same_ways(state)
                self._answers(session)
                self.means.room()
                self._prove(state)
                self.say_head()
            self._asking = sending

        if not self.means.here and not self.intent.check:
            try:
                self._same_ways(state)
                self._answers(session)
                self.means.room()
            except Failure as failure:
                said = f"{self.words.service_name}: {failure.message}"
                said = joined(said, messages.before_post(self.words, router, failure.code))
                raise Stopped("elsewhere", said, failure.as_result()["failure"]) from None
            self.say_head()
        told = self.means.calls(ovh.RENEW, present(given), self.intent.check, ready)
        self.warnings += told.get("warnings") or []
        if told.get("reason") == "requested":
            self.say_head()
        if "reason" not in told:
            code = str((told.get("failure") or {}).get("code") or "")
            before = messages.before_post(self.words, router, code)
            # A module that was sent and gave no answer may have sent the request.
            known = told.get("failure") is not None or told.get("unreachable")
            if not known:
                before = messages.not_known_whether(self.words)
            # A driver's word is among them: the proof is made directly before the request.
            said = f"{self.words.service_name}: {self.named(preflight.told_by(told))}"
            raise Stopped("elsewhere", joined(said, before), told.get("failure"))
        renewal = Renewal(
            str(told["reason"]),
            str(told.get("outcome") or "none"),
            parse_time(told.get("requested_at")),
            int(told.get("requests") or 0),
            parse_time(told.get("requests_since")),
            str(told.get("message") or ""),
            bool(told.get("requested")) and not self.intent.check,
        )
        state = dataclasses.replace(state, renewal=renewal).with_skew(told.get("clock_skew"))
        if renewal.reason == "age_unknown":
            self.warnings.append(joined(renewal.message, self.words.anew(self.now(state))))
        return state

    def say_head(self) -> None:
        """Show what stands at the head of a renewal, whatever the verbosity."""
        if self.head:
            progress.say(self.intent.host, self.head)
            self.head = ""

    def _same_ways(self, state: State) -> None:
        """The ways were proven some moments or minutes ago: a VPN that came up since is none of them.

        :raises Failure: when router or API is reached another way by now
        """
        trails = state.proof.trails if state.proof else Trails()
        for what, kept in (("the router", trails.router), ("OVHcloud's API", trails.api if self.means.here else "")):
            if why := strayed(kept, self.means.route):
                raise Failure(
                    "way_changed",
                    f"The network path to {what} has changed since it was proven to work without the line: {why}. "
                    "Nothing was requested.",
                )

    def _answers(self, session: Session | None) -> None:
        """:raises Failure: when something does not answer over the session now that has to after it"""
        if session and session.up and (quiet := _beyond_ppp.silent(self.options.answering, 0, self.means.connect)):
            raise Failure("no_answer", _beyond_ppp.before(quiet))

    def _prove(self, state: State) -> None:
        """Write, rename and remove something on the router: only where a request follows.

        :raises Failure: when the new password could not be written
        """
        router = state.proof.router if state.proof else None
        if self.means.router is None or router is None or router.waiting or not self.intent.router:
            return
        probe = self.with_router(lambda driver: driver.probe(prove=True))
        if not probe.writable:
            raise Failure("router_unwritable", f"the router cannot be set. {probe.why} Nothing was requested.")

    # -- the router

    def _write(self, state: State) -> State:
        at, hold = self.now(state), run_state.held(state, self.now(state))
        router = state.proof.router if state.proof else None
        if router and router.waiting and self.intent.check:
            return dataclasses.replace(state, write=Write(True, True, at))
        asked = state.renewed.requested_at if state.renewed.under_way else None
        age = (at - asked).total_seconds() if asked else None
        credentials = self._credentials(state)

        # What is true should the run end in the midst of it; the step's own result takes its place.
        self.at(dataclasses.replace(state, unset=not (hold or self.intent.check)))

        def act() -> port.Applied:
            return self.with_router(lambda driver: self._applied(driver, credentials, age, hold or self.intent.check))

        try:
            if asked and self.patient and not self.intent.check:
                if state.proof and three.offline(state.proof.ways):
                    self._anew()
                left = self.options.number("mail_timeout") - (at - asked).total_seconds()
                applied = lost_router.until_reached(act, self._anew, self.intent.host, left)
            else:
                applied = act()
        except Failure as failure:
            said = messages.write_failed(state, self.words, at, self.said(failure))
            raise Stopped("not_set", said) from None
        self.mark = applied.mark
        self.warnings += [self.named(one) for one in applied.warnings]
        if hold and applied.changed:
            source = messages.source_of(state.hand)
            self.warnings.append(messages.other_password(source, run_state.begun_at(state, at)))
        if applied.written and not hold:
            self.diff.append(f"+login and password of {credentials.login}: written (not shown)")
        if applied.dialled and not hold:
            self.diff.append("+dial once")
        return dataclasses.replace(state, write=Write(applied.changed, applied.dialled, at, hold))

    def _anew(self) -> None:
        """Leave every connection to the router: one from before the cut may be dead, and silent."""
        self._leave()
        self.means.reset()

    def _leave(self) -> None:
        """End the driver that is open, if one is."""
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.close()

    def _applied(
        self, driver: port.Router, credentials: port.Credentials, age: float | None, check: bool
    ) -> port.Applied:
        port.refuse_unfit(driver, credentials)
        return driver.apply(credentials, dial=port.Dial.AUTO, age=age, check=check)

    def _watch(self, state: State) -> State:
        session = self.session(state)
        return dataclasses.replace(state, seen=self.radius(state, Seen(session, at=self.now(state))))

    def session(self, state: State) -> Session:
        """The session on the router. One that preflight saw, and that neither a request nor a dial has cut since, is
        still the answer."""
        session = state.session
        if not state.changed and state.session_since is None and session.up and state.proof is not None:
            return session
        mark = self.mark if state.dialled else None
        wait = 0.0 if self.intent.check else float(self.options.number("session_timeout"))
        try:
            seen = self.with_router(lambda driver: driver.session(wait=wait, since=mark))
        except Failure as failure:
            return Session(False, error=self.said(failure))
        return session_of(seen)

    def radius(self, state: State, seen: Seen) -> Seen:
        """What OVHcloud's RADIUS log says of a session that was seen on the router."""
        session = seen.session
        since, asked = state.session_since, state.proof is None or state.proof.line.asked
        if since is None and session.up:
            return seen
        given = {
            **self.options.connection(),
            "newer_than": iso(since) if since else None,
            "timeout": (RADIUS if asked else RADIUS_BY_HAND) if session.up else 0,
            "clock_skew": state.skew,
        }
        try:
            told = self.means.calls(ovh.DIAL_INS, present(given), self.intent.check)
        except AnsibleConnectionFailure as error:  # what the router shows stands without OVHcloud's word
            told = {"msg": f"the host that talks to the API cannot be reached: {error}"}
        if not session.up:
            event = told.get("last_event") or {}
            said = (
                f"OVHcloud's last RADIUS event is {event.get('state')} at {event.get('date')}: {event.get('message')}."
            )
            return dataclasses.replace(seen, accepted=told.get("connected"), radius=said if event else "")
        if told.get("connected"):
            return dataclasses.replace(seen, accepted=True)
        why = (
            "shows no connection after the change yet"
            if told.get("allowed")
            else "may not be read, so it was not asked"
        )
        why = why if "allowed" in told else f"could not be asked ({preflight.told_by(told)})"
        self.warnings.append(f"The router's session is up, but OVHcloud's RADIUS log {why}.")
        return seen

    def _router_ready(self, state: State, waits: bool) -> t.ContextManager[None]:
        """Where a mail is waited for, keep the router ready from shortly before it is expected on."""
        asked = state.renewed.requested_at
        if not waits or asked is None or self.means.router is None or not self._writes:
            return contextlib.nullcontext()
        if state.proof and three.offline(state.proof.ways):
            # This machine changes its network meanwhile: a look would hang in a connection that is dead.
            return contextlib.nullcontext()
        try:
            self._driver = self.means.router()
        except Failure:  # the write meets it again, and tells it
            return contextlib.nullcontext()
        expected = asked + datetime.timedelta(seconds=self.options.number("mail_expected_after"))
        left = (expected - self.now(state)).total_seconds() - ahead.LEAD
        return ahead.kept_ready(self._driver, max(ahead.SOON, left))

    def with_router(self, act: t.Callable[[port.Router], Answer]) -> Answer:
        """Do something on the router by the driver that is open, else by one for this act alone."""
        if self._driver is not None:
            return act(self._driver)
        if self.means.router is None:
            raise Failure("router_option", "This platform's router is set by tasks of its own.")
        driver = self.means.router()
        if self._stays:
            self._driver = driver
            return act(driver)
        try:
            return act(driver)
        finally:
            driver.close()

    def said(self, failure: Failure) -> str:
        return self.named(failure.message)

    def named(self, sentence: str) -> str:
        """A driver's sentence, with options as the role calls them."""
        found: str = named(sentence, OPTION_NAMES, True)
        return found


Answer = t.TypeVar("Answer")
