# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a run for one line, and what it allows next (pure).

A run is data: what was asked for, what preflight proved, and what came of each step so far. :func:`next_step` tells the
only step that may follow. Whoever acts, the one task or the tasks of the role, asks it before each act, so that no
order of tasks, tags or failures leads to a request without its proof or to a password that does not count.

No record holds a password. Times are UTC on OVHcloud's clock, as mails, requests and the RADIUS log are dated.
"""

from __future__ import annotations

import dataclasses
import datetime

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import DATE_SLACK
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import judge
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Do, Step, Unsafe, Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Hand,
    Intent,
    Proof,
    Renewal,
    Router,
    Seen,
    Session,
    Write,
    same_login,
)

#: A proof is of this run, and this run is at its line now.
PROOF_LASTS = datetime.timedelta(hours=1)
#: Seconds: routers tell the age of a session in whole ones, and by a clock of their own.
UPTIME_SLACK = 3.0


@dataclasses.dataclass(frozen=True)
class State:
    """All that is true of one line in one run.

    :param kept: the store was tried
    :param stored: it was written, or would be in check mode
    :param unset: setting the router was begun and not finished; how far that came, the failure alone tells
    :param unkept: why it failed, as a sentence; a line that was cut is set all the same, and the run fails then
    """

    intent: Intent
    proof: Proof | None = None
    renewal: Renewal | None = None
    hand: Hand | None = None
    kept: bool = False
    write: Write | None = None
    seen: Seen | None = None
    unkept: str = ""
    stored: bool = False
    unset: bool = False

    @property
    def renewed(self) -> Renewal:
        return self.renewal or Renewal("already_renewed" if self.intent.settled else "flag_unset")

    @property
    def begun(self) -> bool:
        """Was anything done? Then the time to request a new password is over."""
        return any(done is not None for done in (self.renewal, self.hand, self.write, self.seen))

    @property
    def predicted(self) -> bool:
        """Check mode stops where a request would be sent."""
        return self.intent.check and self.renewed.reason == "requested"

    @property
    def session(self) -> Session:
        """The last that was seen of it."""
        if self.seen:
            return self.seen.session
        return self.proof.router.session if self.proof and self.proof.router else Session(False)

    def looked_at(self, now: datetime.datetime) -> datetime.datetime:
        """When :attr:`session` was seen, which is when its age was told."""
        if self.seen:
            return self.seen.at or now
        return self.proof.at if self.proof else now

    @property
    def skew(self) -> int | None:
        return self.proof.line.skew if self.proof else None

    def with_skew(self, skew: int | None) -> State:
        """The same by another difference of the clocks: asked for only now, or one was set since the preflight."""
        proof = self.proof
        if proof is None or skew is None:
            return self
        at = proof.at if proof.line.skew is not None else proof.at + datetime.timedelta(seconds=skew)
        line = dataclasses.replace(proof.line, skew=skew)
        return dataclasses.replace(self, proof=dataclasses.replace(proof, line=line, at=at))

    @property
    def changed(self) -> bool:
        """Did this run set the router?"""
        return self.write is not None and self.write.changed and not self.write.held

    @property
    def dialled(self) -> bool:
        return self.write is not None and self.write.dialled and not self.write.held

    @property
    def link_left(self) -> bool:
        """A one-time link was not opened."""
        return self.hand is not None and self.hand.secret_link and not self.hand.complete

    @property
    def session_since(self) -> datetime.datetime | None:
        """Since when a session is one on the new password; None when any is.

        A run that finds its new password on the router already (another run, or somebody who finished by hand) goes by
        the request, which cut the session that preflight saw.
        """
        if self.write and self.dialled:
            return self.write.at
        return self.renewed.requested_at if self.renewed.under_way else None


def next_step(state: State, now: datetime.datetime) -> Step:
    """The only step that may follow."""
    step = _next(state, now)
    return Step(Do.STOP, Why.NOT_KEPT) if step.do is Do.END and state.unkept else step


def _next(state: State, now: datetime.datetime) -> Step:
    intent, hand = state.intent, state.hand
    if intent.rehearse:
        return _rehearsal(state, now)
    if not intent.watches_only:
        if why := unproven(state, now):
            return Step(Do.STOP, why)
        if intent.renew and not state.begun:
            return Step(Do.ASK) if intent.complete else Step(Do.STOP, Why.TAGS)
        if stop := _after_asking(state):
            return stop
        if hand is None and "collect" in intent.phases:
            return Step(Do.COLLECT)
        if hand is not None and (why := unusable(state)):
            return Step(Do.STOP, why)
        if hand is not None and hand.complete:
            unwritten = state.write is None and state.seen is None and not held(state, now)
            if keeps(state) and not kept_when_proven(intent) and (same(state) or unwritten):
                return Step(Do.KEEP)
            if intent.router and "apply" in intent.phases and state.write is None:
                return Step(Do.WRITE)
    if not intent.router or "verify" not in intent.phases or (intent.check and foreseen(state)):
        return Step(Do.END)
    if state.seen is None:
        return Step(Do.WATCH)
    if not intent.check and not (state.seen.session.up and is_new(state, now)):
        return Step(Do.STOP, Why.NO_SESSION)
    if hand is not None and hand.complete and keeps(state) and kept_when_proven(intent):
        return Step(Do.KEEP)
    return Step(Do.END)


def keeps(state: State) -> bool:
    """Is the store still to be written?"""
    return state.intent.stores and "store" in state.intent.phases and not state.kept


def kept_when_proven(intent: Intent) -> bool:
    """What a person has typed is kept once a session has shown it: a wrong one would be taken for newer than a mail."""
    return intent.by_hand and intent.router and "verify" in intent.phases and not intent.check


def _rehearsal(state: State, now: datetime.datetime) -> Step:
    """Everything but the request: none of its steps asks for anything."""
    if why := unproven(state, now):
        return Step(Do.STOP, why)
    if not state.intent.complete:
        return Step(Do.STOP, Why.TAGS)
    if state.write is None:
        if unsafe(state, now):
            return Step(Do.STOP, Why.NOT_REHEARSED)
        if state.hand is None:
            return Step(Do.COLLECT)
        if why := unusable(state):
            return Step(Do.STOP, why)
        if not state.hand.complete:
            return Step(Do.STOP, Why.NO_MAIL)
        return Step(Do.REDIAL)
    if state.intent.check:
        return Step(Do.END, Why.PREDICTED)
    if state.seen is None:
        return Step(Do.WATCH)
    return Step(Do.END) if state.seen.session.up and is_new(state, now) else Step(Do.STOP, Why.NO_SESSION)


def unsafe(state: State, now: datetime.datetime) -> Unsafe | None:
    """Why the router may not be made to dial for a rehearsal; None when it may.

    It may where it is shown that OVHcloud takes the router's password: it is the one of the newest mail, and the line
    was let in by it since.
    """
    proof = state.proof
    latest = proof.latest if proof else None
    if state.intent.by_hand or latest is None or latest.mail is None:
        return Unsafe.NO_MAIL
    newer = state.hand is not None and state.hand.mail is not None and state.hand.mail.id != latest.mail.id
    if state.renewed.under_way or newer:
        return Unsafe.UNDER_WAY
    if latest.secret_link:
        return Unsafe.LINK
    if not state.session.up:
        return Unsafe.NO_SESSION
    if proof is None or proof.same is None:
        return Unsafe.NOT_COMPARED
    if not proof.same:
        return Unsafe.DIFFERS
    begun = begun_at(state, now)
    return None if begun is not None and begun > latest.mail.date else Unsafe.OLD_SESSION


def unproven(state: State, now: datetime.datetime) -> Why | None:
    """Why the proof does not allow this run to go on; None when it does.

    What a proof shows of the line's state is needed to begin. Whose it is, is asked before each act.
    """
    intent, proof = state.intent, state.proof
    if proof is None or (intent.router and proof.router is None):
        return Why.NO_PROOF
    if (proof.service_name, proof.host) != (intent.service_name, intent.host):
        return Why.OTHER_LINE
    if state.begun:
        return None
    # A preflight for login and password by hand has not looked for the mail.
    if intent.renew and not (proof.renew and proof.latest):
        return Why.PREPARED_WITHOUT
    if intent.renew and proof.router and not _of_the_line(proof.router, proof.line.login):
        return Why.NOT_THE_LINES
    if intent.renew and not judge.proven(proof.ways, router=intent.router):
        return Why.NO_WAYS
    return Why.OLD_PROOF if abs(now - proof.at) > PROOF_LASTS else None


def _of_the_line(router: Router, login: str) -> bool:
    """Is the mail's login one that the router may have? It is told before the line is cut."""
    return router.replaceable or router.waiting or (bool(login) and same_login(router.login, login))


def _after_asking(state: State) -> Step | None:
    renewal = state.renewed
    if renewal.reason in ("requested", "pending") and renewal.requested_at is None and not state.predicted:
        return Step(Do.STOP, Why.NOT_KNOWN)
    proof = state.proof
    known = proof is not None and (proof.kept or (proof.latest is not None and proof.latest.found))
    down = state.intent.router and state.seen is None and not state.session.up
    if renewal.reason == "age_unknown" and down and not known:
        return Step(Do.STOP, Why.AGE_UNKNOWN_DOWN)
    return Step(Do.END, Why.PREDICTED) if state.predicted else None


def unusable(state: State) -> Why | None:
    """Why what is in hand is not enough to go on with; None when it is, or when there is nothing to do."""
    hand, intent = state.hand, state.intent
    if hand is None or hand.untold:
        return Why.NO_MAIL
    router = state.proof.router if state.proof else None
    if hand.complete:
        if not counts(state):
            return Why.NO_MAIL
        other = router is not None and not (router.replaceable or same_login(hand.login, router.login))
        return Why.OTHER_LOGIN if other else None
    if intent.check:
        return None
    if state.renewed.under_way:
        return Why.NO_MAIL
    if state.link_left:
        return None
    if not intent.router:
        return Why.NO_CREDENTIALS
    offline = router is not None and not router.session.up and not router.waiting
    return Why.OFFLINE_NO_MAIL if offline else None


def counts(state: State) -> bool:
    """Is the password in hand the one that counts?

    No mail does that is older than the request under way, or than one that preflight saw already, and neither does what
    the store has from before. One given by hand does, but not after a request.
    """
    hand, renewal = state.hand, state.renewed
    latest = state.proof.latest.mail if state.proof and state.proof.latest else None
    if hand is None or (hand.mail is None and not hand.stored):
        return state.intent.by_hand and not renewal.under_way
    if hand.dated is None:
        return latest is None and not renewal.under_way
    since = renewal.requests_since or renewal.requested_at
    if renewal.under_way and since and hand.dated < since - DATE_SLACK:
        return False
    return latest is None or hand.dated >= latest.date


def opens_link(state: State) -> bool:
    """Is the password needed, so that a one-time link is opened?

    That is for a renewal, or for a router without a session.
    """
    if state.renewed.under_way or not state.intent.router or state.proof is None:
        return True
    return not state.session.up or replaces(state)


def replaces(state: State) -> bool:
    """Does the router have a login that the line's is to take the place of?"""
    return state.proof is not None and state.proof.router is not None and state.proof.router.replaceable


def held(state: State, now: datetime.datetime) -> bool:
    """Is the router online on a password that may be newer than the mail? Then it knows better, whatever differs.

    A session of an age that nobody tells, without an accepted dial-in that OVHcloud tells, is not shown to be older.
    """
    hand = state.hand
    known = hand is not None and (hand.mail is not None or hand.stored)
    if state.intent.by_hand or state.renewed.under_way or not known or not state.session.up or state.proof is None:
        return False
    if replaces(state):
        # A session that another login has opened says nothing of this one.
        return False
    begun = begun_at(state, now)
    return hand is None or hand.dated is None or begun is None or begun > hand.dated


def same(state: State) -> bool:
    """Was the router, which is left alone, found to have the password in hand?"""
    return state.write is not None and state.write.held and not state.write.changed


def begun_at(state: State, now: datetime.datetime) -> datetime.datetime | None:
    """When the session began, by the router or by OVHcloud's last accepted dial-in; None when neither tells."""
    accepted = state.proof.line.accepted_at if state.proof else None
    told = [accepted] if accepted else []
    if state.session.uptime is not None:
        told.append(state.looked_at(now) - datetime.timedelta(seconds=state.session.uptime))
    return max(told, default=None)


def is_new(state: State, now: datetime.datetime) -> bool:
    """Is the session that was seen one on the new password?"""
    since, uptime = state.session_since, state.session.uptime
    if since is None or uptime is None:
        return True
    return state.looked_at(now) - datetime.timedelta(seconds=uptime - UPTIME_SLACK) >= since


def foreseen(state: State) -> bool:
    """In check mode: would the router be set, so that there is nothing to look at yet?"""
    return state.predicted or state.changed or (state.link_left and opens_link(state))


def asked(state: State) -> bool:
    """Did this run ask for a password or open its link, or would it?"""
    return state.renewed.sent or state.predicted or (state.intent.check and state.link_left and opens_link(state))


def is_the_routers(state: State) -> bool:
    """Is the password in hand the one of a router that is left alone?

    They were compared, or it is the one of the last request that is known.
    """
    asked_at, mail = state.renewed.requested_at, state.hand.mail if state.hand else None
    answered = bool(asked_at and mail and mail.date >= asked_at - DATE_SLACK)
    return bool(state.proof and state.proof.same) or answered
