# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each task behind the preflight does: one to the verified session, or one for each stretch of it where a step is
the user's own tasks or the host that talks to the API is another machine."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _beyond_ppp
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import joined
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages, stops
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.verdict import Verdict, text
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import own_tasks, standby_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby as standbys
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.rehearsal import Rehearsing, rehearse
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import UNKNOWN, Line, Proof, Seen
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import (
    State,
    asked,
    held,
    is_the_routers,
    kept_when_proven,
    next_step,
    same,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store import store_tasks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import as_fields

Data = t.Mapping[str, t.Any]
NO_LINE = Line(False)
#: What the next task needs of a result.
HANDED_ON = ("msg", "state", "credentials", "reason", "requested", "session")
#: Which placeholders `credentials` hands out where check mode has none.
PLACEHOLDER = "placeholder-of-check-mode"
#: What the result of the step that has the password tells the next one.
HANDED = ("state", "login", "password", "standbys", "hold", "renewed", "started", "files", "mark", "keep")


class Steps:
    """The steps of one line; each returns the task's result.

    :param entry: the role's entry point: main, preflight or credentials
    """

    def __init__(self, run: Run, entry: str) -> None:
        self.run, self._entry = run, entry
        self.options, self.intent, self.words = run.options, run.intent, run.words

    def head(self, verdict: t.Any) -> None:
        """Have the verdict of the preflight shown before a request, where there are few."""
        try:
            found = from_data(Verdict, verdict)
        except Unreadable:
            return
        self.run.head = "" if progress.sparing() else text(found, now=not self.intent.check)

    def start(self, proof: Data) -> State:
        """The state that a run begins with; without a readable proof it has none."""
        try:
            return State(self.intent, from_data(Proof, proof))
        except Unreadable:
            return State(self.intent)

    def whole(self, proof: Data) -> dict[str, t.Any]:
        """All of it."""
        state = self.run.go(self.start(proof), (Do.ASK, Do.COLLECT, Do.KEEP, Do.WRITE, Do.WATCH))
        return self.ended(state, asked(state) or self.run.stored or state.changed)

    def converge(self, look: t.Callable[[], Data]) -> dict[str, t.Any]:
        """A run that asks for nothing: its router's preflight and all of it, by one driver.

        :param look: what :meth:`Looks.router` does
        :raises Stopped: also where a request is wished now, since nothing has prepared one
        """
        if self.intent.renew:
            now = self.run.means.now()
            raise Stopped(
                Why.PREPARED_WITHOUT.value, stops.stop(Why.PREPARED_WITHOUT, State(self.intent), self.words, now)
            )
        with self.run.one_driver():
            return self.whole(look().get("proof") or {})

    def rehearse(self, proof: Data) -> dict[str, t.Any]:
        """Everything but the request."""
        if not isinstance(self.run, Rehearsing):
            raise Failure("invalid_option", "This step belongs to the entry point rehearse.")
        folder = self.options.state_dir
        state, said = rehearse(self.run, self.start(proof), folder)
        return {**self.ended(state, True), "msg": said}

    def ask(self, proof: Data, away: str = "") -> dict[str, t.Any]:
        """As far as the login and the password, and the user's tasks that are to be run with them.

        :param away: why what comes before the cut was not done; "" where it was
        """
        if away:
            raise Stopped("before_cut", messages.not_before(self.words, away))
        state = self.run.go(self.start(proof), (Do.ASK, Do.COLLECT, Do.KEEP))
        result: dict[str, t.Any] = {"changed": asked(state) or self.run.stored, "state": as_data(state)}
        hold = held(state, self.run.now(state))
        files = []
        if self.run.password:
            result.update(login=state.hand.login if state.hand else "", password=self.run.password)
            wanted = self.options.text("store") and "store" in self.intent.phases and not kept_when_proven(self.intent)
            # A store that is read is written once the router has shown that it has the same.
            if wanted and (not hold or (is_the_routers(state) and not self.options.store_folder)):
                files += self._to_keep(state, result)
        state_then = dataclasses.replace(state, kept=True)
        step = next_step(state_then, self.run.now(state))
        if self._entry == "main" and step.do in (Do.WRITE, Do.WATCH):
            files += own_tasks.behind(
                self.options, state_then, step.do, hold or self.intent.check, self._standbys(step.do)
            )
            result["standbys"] = bool(self.run.password and self.options.hosts("standby_hosts"))
        started = self.run.now(state)
        result.update(files=files, renewed=state.renewed.under_way, started=started.isoformat(), hold=hold)
        return result

    def _to_keep(self, state: State, result: dict[str, t.Any]) -> list[dict[str, t.Any]]:
        """The tasks of the user's own store, where it holds something else: they are run behind this one."""
        if "store" not in self.intent.phases or not self.run.password:
            return []
        wanted = self.run.to_keep(state)
        if folder := self.options.store_folder:
            keep = self.run.means.to_write(wanted)
            if keep is None or self.intent.check:
                result["changed"] = result["changed"] or keep is not None
                return []
            result.update(keep=as_fields(keep))
            found = {"store": f"{folder}/{store_tasks.WRITE}", "check_mode": False, "here": True}
        elif store := self.options.text("store"):
            found = {"store": store, "check_mode": self.intent.check, "here": False}
        else:
            return []
        result.update(login=wanted.login, password=self.run.password)
        return [{"file": "keep.yml", **found}]

    def kept(self, before: Data, reason: str) -> dict[str, t.Any]:
        """What came of the tasks of the store. A line that was cut is set all the same, and the run fails then.

        :param reason: why they failed; "" when they did not
        :raises Stopped: when they failed and nothing was asked for
        """
        handed = {name: value for name, value in before.items() if name in HANDED}
        if not reason:
            return {"changed": False, **handed}
        state = self._state(before)
        path = self.options.text("store")
        state = dataclasses.replace(state, unkept=f"Login and password were not kept by {path}: {reason.rstrip('.')}.")
        if not state.renewed.under_way:
            said = stops.stop(Why.NOT_KEPT, state, self.words, self.run.now(state))
            raise Stopped(Why.NOT_KEPT.value, said)
        self.run.warnings.append(state.unkept)
        return {"changed": False, **handed, "state": as_data(state)}

    def _standbys(self, do: Do) -> bool:
        """Is there a password for standby routers, in a run that sets routers?"""
        return bool(do is Do.WRITE and self.run.password and self.options.hosts("standby_hosts"))

    def set(self, before: Data, once: bool = False) -> dict[str, t.Any]:
        """The router of a platform of ours, where the steps are tasks.

        :param once: try it without a wait, and leave what fails, and the session, to the task after the next
        """
        found = self._state(before)
        self.run.password = str(before.get("password") or "")
        if before.get("mark"):
            self.run.mark = port.Mark(**before["mark"])
        self.run.patient, state = not once, dataclasses.replace(found, kept=True)
        if once:
            with contextlib.suppress(Stopped):
                state = self.run.go(state, (Do.WRITE,))
            handed = {name: value for name, value in before.items() if name in HANDED}
            mark = dataclasses.asdict(self.run.mark) if self.run.mark else None
            return {**handed, "changed": state.changed, "state": as_data(state), "mark": mark}
        state = self.run.go(state, (Do.WRITE,))
        if next_step(state, self.run.now(state)).do is Do.WATCH:
            session = self.run.session(state)
            state = dataclasses.replace(state, seen=Seen(session, at=self.run.now(state)))
        changed = state.changed and not found.changed
        return {
            "changed": changed,
            "state": as_data(state),
            "standbys": bool(before.get("standbys")),
            "password": self.run.password,
        }

    def standby(self, before: Data, host: str, open_driver: standbys.Opener, last: Data | None) -> dict[str, t.Any]:
        """See :func:`standby.turn`."""
        return standbys.turn(before, host, open_driver, lambda: self._state(before), last, self.intent.check)

    def verify(self, before: Data, facts: Data) -> dict[str, t.Any]:
        """What came of it, and OVHcloud's word on it.

        :raises Stopped: also where a standby router was not set
        """
        if not before.get("standbys"):
            return self._verified(before, facts)
        found = standbys.told(facts.get("standbys"), self.options.hosts("standby_hosts"))
        state = self._state(before)
        unset = standby_words.unset(state, found, self.words)
        try:
            result = self._verified(before, facts)
        except Stopped as stopped:
            raise Stopped(stopped.failure["code"], standby_words.beside(str(stopped), unset)) from None
        if unset:
            raise Stopped("standby", standby_words.beside(str(result["msg"]), unset))
        if summary := standby_words.summary(found, self.intent.check):
            result["msg"] = f"{result['msg'].rstrip('.')}; {summary}."
        return result

    def _verified(self, before: Data, facts: Data) -> dict[str, t.Any]:
        state = self._state(before)
        if self.options.custom:
            self._begun(state, before)
            state = own_tasks.came_to(state, before, facts, self.words, self.run.now(state))
        if state.seen is not None:
            state = dataclasses.replace(state, seen=self.run.radius(state, state.seen))
        late = kept_when_proven(self.intent) or same(state)
        again = kept_when_proven(self.intent) or bool(self.options.store_folder)
        self.run.password = self.run.password or str(before.get("password") or "")
        state = self.run.go(dataclasses.replace(state, kept=not late), (Do.KEEP,))
        # What is predicted where no task of the user's own was run is this one's to tell.
        waited = self.options.custom and self.intent.check and state.changed and not before.get("files")
        result = self.ended(state, waited or self.run.stored)
        if late and again:
            result["late"] = self._to_keep(state, result)
        return result

    def _state(self, before: Data) -> State:
        """:raises Stopped: when the step before has left none"""
        self._reached(before)
        try:
            found = from_data(State, before.get("state"))
        except Unreadable:
            said = messages.elsewhere(State(self.intent), self.words, "an earlier task of this run did not finish.")
            raise Stopped("elsewhere", said) from None
        # What this task is given as login and password is not what a person has handed over.
        state = dataclasses.replace(found, intent=dataclasses.replace(self.intent, by_hand=found.intent.by_hand))
        self.run.at(state)
        return state

    def _reached(self, before: Data) -> None:
        """:raises Stopped: when the host of the step before could not be reached"""
        if not before.get("unreachable"):
            return
        why = str(before.get("msg") or "no answer").rstrip(".")
        said = f"{self.options.text('api_host')} (router_pppoe_api_host) cannot be reached any more: {why}."
        last = messages.not_known_whether(self.words)
        raise Stopped("elsewhere", joined(f"{self.words.service_name}: {said}", last))

    def hand(self) -> dict[str, t.Any]:
        """The playbook by_hand goes on with what a person has read.

        :raises Stopped: without both, since a run without a password would take that of the latest mail
        """
        if not (self.options.text("login") and self.options.text("password")):
            raise Stopped("not_handed", messages.not_handed(self.words))
        return {}

    def handed(self, before: Data) -> dict[str, t.Any]:
        """The end of the entry point credentials. Its result takes the place of the one that holds the password."""
        self._reached(before)
        kept = {name: before[name] for name in HANDED_ON if name in before and name != "credentials"}
        return {**kept, "msg": str(before.get("msg") or "")}

    def credentials(self, before: Data) -> dict[str, t.Any]:
        """What the entry point of that name hands out."""
        if before.get("unreachable"):
            why = str(before.get("msg") or "no answer").rstrip(".")
            said = f"{self.options.text('api_host')} (router_pppoe_api_host) cannot be reached: {why}."
            said = f"{self.words.service_name}: {said}"
            raise Stopped("preflight", joined(said, messages.before_post(self.words)))
        state = self.run.go(self.start(before.get("proof") or {}), (Do.ASK, Do.COLLECT, Do.KEEP))
        login = state.hand.login if state.hand else state.proof.line.login if state.proof else ""
        password = self.run.password
        if self.intent.check and not password:
            login, password = login or PLACEHOLDER, PLACEHOLDER
        handed = {"service_name": self.intent.service_name, "login": login, "password": password}
        result = {**self.ended(state, asked(state) or self.run.stored), "credentials": handed, "secret": True}
        result["late"] = self._to_keep(state, result)
        return result

    def unkept(self, before: Data) -> dict[str, t.Any]:
        """A store of the user's own failed. After a request the line is down: the password is handed over all the same.

        :raises Stopped: when nothing was asked for
        """
        state = self._state(before)
        said = messages.store_failed(state, self.words)
        if not state.renewed.under_way:
            raise Stopped(Why.NOT_KEPT.value, said)
        self.run.warnings.append(said)
        return {name: value for name, value in before.items() if name in HANDED_ON} | {"changed": False, "secret": True}

    def failed(self, before: Data, facts: Data, reason: str) -> dict[str, t.Any]:
        """Whatever failed, in our tasks or in the user's own: the last words are the state and the command.

        :raises Stopped: always
        """
        found = standbys.told(facts.get("standbys"), self.options.hosts("standby_hosts"))
        unset = standby_words.unset(State(self.intent), [one for one in found if not one.looked], self.words)
        unset = "" if unset in reason else unset
        try:
            self._failed(before, facts, reason)
        except Stopped as stopped:
            raise Stopped(stopped.failure["code"], standby_words.beside(str(stopped), unset)) from None

    def _failed(self, before: Data, facts: Data, reason: str) -> t.NoReturn:
        ours = before.get("failure")
        if messages.told(reason, self.words) or (ours and reason and reason == str(before.get("msg"))):
            raise Stopped(
                "elsewhere",
                f"{self.words.service_name}: stopped. The message above says where that leaves the line and how to go "
                "on.",
            )
        try:
            state = dataclasses.replace(from_data(State, before.get("state")), intent=self.intent)
        except Unreadable:
            state = State(self.intent)
            if self.options.flag("provision") and not self.intent.check and "provision" in self.intent.phases:
                now = self.run.means.now()
                state = State(
                    self.intent, Proof(self.intent.service_name, self.intent.host, False, now, NO_LINE, None, UNKNOWN)
                )
        self.run.at(state)
        applied = facts.get("router_pppoe_applied")
        if isinstance(applied, t.Mapping) and applied.get("error") and state.hand:
            self._begun(state, before)
            said = messages.write_failed(state, self.words, self.run.now(state), str(applied["error"]))
            raise Stopped("not_set", said)
        raise Stopped("elsewhere", messages.task_failed(state, self.words))

    def _begun(self, state: State, before: Data) -> None:
        """What is true should this run end by what the user's own tasks did to the router."""
        self.run.at(dataclasses.replace(state, unset=not (self.intent.check or before.get("hold"))))

    def _answers(self, address: str) -> None:
        wanted, wait = self.options.answering, float(self.options.number("session_timeout"))
        if not wanted:
            return
        with progress.shown(self.intent.host, f"an answer of {', '.join(map(str, wanted))}", wait):
            quiet = _beyond_ppp.silent(wanted, wait, self.run.means.connect)
        if quiet:
            raise Stopped("no_answer", _beyond_ppp.after(quiet, self.words, address, wait))

    def ended(self, state: State, changed: bool) -> dict[str, t.Any]:
        """The result of a run that came to its end.

        :param changed: by this task
        :raises Stopped: when something behind a new session does not answer that the user wants to
        """
        renewal, session = state.renewed, state.session
        if state.dialled and session.up and not self.intent.check:
            self._answers(session.address)
        uptime = "" if session.uptime is None else int(session.uptime)
        return {
            "changed": changed,
            "state": as_data(state),
            "reason": renewal.reason,
            "requested": renewal.sent or state.predicted,
            "session": {"up": session.up, "address": session.address, "uptime": uptime, "error": session.error},
            "msg": messages.summary(state, self.words.store),
        }
