# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has in hand, from a mail, the store or a person, and how it is kept."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import FRESH, LEISURE, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import stops as stop_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process.alongside import Silent, within
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Means, Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state import state as run_state
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Hand,
    Intent,
    same_login,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, answers, follows
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import lost_host, three

#: Seconds for a store, where the line is cut: a file on a server behind it may keep whoever opens it waiting for ever.
STORED = 15.0


class InHand:
    """Login and password of one line.

    :ivar password: in hand, or ""
    :ivar warnings: sentences for the result
    :ivar stored: the store was written, or would be
    :ivar head: what is shown before a request, once
    :ivar mark: of the dial, for the wait for its session
    :ivar patient: a router that cannot be reached is waited for, where its line was cut
    """

    def __init__(self, options: Options, intent: Intent, words: Words, means: Means) -> None:
        self.options, self.intent, self.words, self.means = options, intent, words, means
        self.password = options.text("password")
        self.warnings: list[str] = []
        self.diff: list[str] = []
        self._parent = os.getppid()
        self._failure: t.Mapping[str, t.Any] | None = None
        self.mark: port.Mark | None = None
        self.patient = True
        self._driver: port.Router | None = None
        self._stays = False
        self._writes = False
        self._state, self._knows = State(intent), False
        self._asking = False
        self._of_store: list[Kept | None] = []
        self.stored = False
        self.head = ""

    def at(self, state: State) -> None:
        """Go on from what an earlier task has left."""
        self._state, self._knows = state, True

    def now(self, state: State) -> datetime.datetime:
        """OVHcloud's time."""
        return self.their_time(state.skew)

    def their_time(self, skew: int | None) -> datetime.datetime:
        """The same by a difference of the clocks in seconds; None where it is not known."""
        return self.means.now() + datetime.timedelta(seconds=skew or 0)

    def kept(self) -> Kept | None:
        """What the store holds of the line, read once.

        :raises Failure: when it cannot be read
        """
        if not self._of_store:
            self._of_store.append(self.means.kept())
        return self._of_store[0]

    def _router_ready(self, state: State, waits: bool) -> t.ContextManager[None]:
        """Where a mail is waited for, what is done meanwhile."""
        return contextlib.nullcontext()

    # -- the mail

    def _collect(self, state: State) -> State:
        if self.intent.by_hand:
            return dataclasses.replace(state, hand=Hand(True, self.options.text("login")))
        if not state.renewed.under_way and state.session.up:
            told = len(self.warnings)
            found = self._collected(state, LEISURE)
            if run_state.held(found, self.now(found)):
                return found
            # The router may be written to, so this must be the newest mail.
            del self.warnings[told:]
            state = state.with_skew(found.skew)
        return self._collected(state, FRESH)

    def _collected(self, state: State, age: int) -> State:
        """The newest mail, by a list of the account's mails that is at most so old (seconds)."""
        renewal, proof = state.renewed, state.proof
        kept = self._usable(state)
        waits = renewal.under_way and not self.intent.check and kept is None
        timeout = self.options.number("mail_timeout") if waits else 0
        offline = three.offline(proof.ways) if proof else None
        note = messages.offline_note(self.words)
        since = renewal.requests_since or renewal.requested_at if renewal.under_way else None
        given = {
            **self.options.connection(),
            **self.options.mailbox(),
            "list_age": age,
            # Never the router's: another provider's would keep the line's own mail from being found.
            "login": (proof.line.login if proof else "") or None,
            # After several requests only the mail of the last one has the password that counts.
            "newer_than": _iso(since or (kept.dated if kept else None)),
            "requests": renewal.requests or None,
            "expected_after": self.options.number("mail_expected_after"),
            "interval": self.options.number("mail_interval"),
            "return_password": True,
            "open_link": run_state.opens_link(state),
            "state_dir": self.options.state_dir,
            "known_mail": kept.mail_id or None if kept else None,
            "clock_skew": state.skew,
        }
        waits_for, quiet = f"the credentials mail of {self.words.service_name}", note if offline else ""
        with (
            progress.shown(self.intent.host, waits_for, timeout, quiet, note) as hear,
            self._router_ready(state, waits),
        ):

            def ask(left: int) -> dict[str, t.Any]:
                return self.means.calls(ovh.COLLECT, present({**given, "timeout": left}), self.intent.check, hear=hear)

            told = lost_host.until_answered(ask, self.means.reset, hear, timeout)
        self.warnings += told.get("warnings") or []
        state = state.with_skew(told.get("clock_skew"))
        of_store = kept is not None and bool(told.get("known") or told.get("found") is False)
        # After a request its own mail counts, whatever else comes.
        if told.get("doubtful") and (of_store or (told.get("found") and not renewal.under_way)):
            return self._doubted(state, told, of_store)
        if kept is not None and of_store:
            return self._of_the_store(state, kept, told)
        self._failure = told.get("failure")
        self.password = str(told.get("password") or "")
        untold = "" if "found" in told else preflight.told_by(told, "the credentials mail was not found.")
        if not told.get("found") and not untold and (passed := preflight.told_passed_over(told)):
            untold = f"{self.words.mail_place} has no credentials mail of this line that can be taken. {passed}"
            if not renewal.under_way and state.session.up:
                self.warnings.append(untold)
                untold = ""
        hand = Hand(
            bool(self.password),
            str(told.get("login") or ""),
            preflight.mail_of(told.get("mail")),
            bool(told.get("secret_link")),
            untold,
        )
        self._tell_of(hand, state)
        return dataclasses.replace(state, hand=hand)

    def _usable(self, state: State) -> Kept | None:
        """What the store holds, unless a request has made it worthless."""
        kept = self.kept()
        return kept if kept and (not state.renewed.under_way or answers(kept, state.renewed)) else None

    def _of_the_store(self, state: State, kept: Kept, told: t.Mapping[str, t.Any]) -> State:
        """No mail is newer than the store."""
        noted = None
        online = state.intent.router and state.session.up
        # Of a store that tells no age nothing can be said.
        if self.means.here and kept.dated and not state.renewed.under_way and not online:
            noted = Journal(self.options.state_dir, self.words.service_name).last()
        if noted is not None and not follows(kept, noted):
            untold = messages.unanswered(iso(noted.requested_at), noted.outcome == "confirmed")
            return dataclasses.replace(state, hand=Hand(False, untold=untold))
        self.password = kept.password
        mail = preflight.mail_of(told.get("mail")) if told.get("known") else None
        hand = Hand(True, kept.login, mail or kept.mail, stored=True, kept_at=kept.kept_at)
        return dataclasses.replace(state, hand=hand)

    def _doubted(self, state: State, told: t.Mapping[str, t.Any], of_store: bool) -> State:
        """A newer mail of the line cannot be taken: what is older is written on no router."""
        untold = messages.doubted(preflight.told_passed_over(told), of_store)
        if state.intent.router and state.session.up:
            self.warnings.append(untold)
            untold = ""
        self.password = ""
        return dataclasses.replace(state, hand=Hand(False, untold=untold))

    def _tell_of(self, hand: Hand, state: State) -> None:
        if state.proof is not None and state.proof.latest is None:
            # No preflight has looked at the mail.
            seen = {"secret_link": hand.secret_link, "found": hand.mail is not None or None}
            self.warnings += [
                f"{self.words.service_name}: {one}" for one in preflight.notes_of_mail(self.options, seen)
            ]
        if hand.secret_link and not hand.complete and not hand.untold:
            opens = run_state.opens_link(state)
            self.warnings.append(
                f"The mail {messages.name_of(hand.mail)} gives a one-time link in place of the password. "
                + (
                    "A real run would open it, set the router and dial once. Check mode stops here."
                    if opens
                    else "The line has a session, so the link was not opened and the router is left alone."
                )
            )
        elif not hand.complete and not hand.untold and not state.renewed.under_way:
            self.warnings.append(
                f"{self.words.mail_place} has no credentials mail of this line. The router is left alone."
            )

    # -- the store

    def _keep(self, state: State) -> State:
        wanted, cut = self.to_keep(state), state.renewed.under_way
        try:
            changed = within(STORED, lambda: self.means.keep(wanted)) if cut else self.means.keep(wanted)
        except (Failure, Silent) as error:
            unkept = f"{self.words.store} did not answer within {STORED:g} s, and may not hold login and password."
            failed = dataclasses.replace(
                state, kept=True, unkept=error.message if isinstance(error, Failure) else unkept
            )
            if state.renewed.under_way:
                return failed
            said = stop_words.stop(Why.NOT_KEPT, failed, self.words, self.now(state))
            raise Stopped(Why.NOT_KEPT.value, said) from None
        self.stored = self.stored or changed
        if changed:
            self.diff.append(f"+login and password of {self.words.service_name}: kept (not shown)")
        return dataclasses.replace(state, kept=True, stored=changed)

    def to_keep(self, state: State) -> Kept:
        """What is in hand, as a store holds it."""
        hand, asked = state.hand or Hand(False), state.renewed
        mail = hand.mail
        now = self.now(state).replace(microsecond=0)
        return Kept(
            hand.login,
            self.password,
            mail.id if mail else "",
            mail.date if mail else None,
            asked.requested_at if asked.under_way else None,
            None if mail else hand.kept_at or now,
        )

    def _credentials(self, state: State) -> port.Credentials:
        """What the router is to have; its own way to write the login is left."""
        login = state.hand.login if state.hand else ""
        router = state.proof.router if state.proof else None
        return port.Credentials(router.login if router and same_login(router.login, login) else login, self.password)


def _iso(when: datetime.datetime | None) -> str | None:
    return iso(when) if when else None


def present(given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options that were given."""
    return {name: value for name, value in given.items() if value is not None}
