# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a run stops, a sentence for each reason: where that leaves the line, and the command that goes on (pure)."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import RENEW, Words, again, joined, step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import (
    UNTOUCHED,
    asked,
    at_router,
    before_post,
    name_of,
    situation,
    source_of,
    untouched,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.rehearsal import not_rehearsed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Why
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State

#: Codes of a one-time link whose password is lost.
LOST = ("secret_link_gone", "secret_unusable")


def as_it_is(state: State, words: Words, command: Command | None = None) -> str:
    """How a run ends that found no proof to go on with: before a request, and after one that this run has noted."""
    return joined(situation(state, words), again("Then", command or words.command))


def stop(why: Why, state: State, words: Words, now: datetime.datetime, code: str = "") -> str:
    """The last words of a run that stops.

    :param code: of the failure that kept the password from being read, if one did
    """
    return joined(f"{words.service_name}:", _SENTENCES[why](state, words, now, code))


def _no_proof(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    return joined(
        "nothing shows that a renewal of this line could finish: its preflight did not pass in this run (left out by "
        "tags or --start-at-task, failed and ignored, or this file was included alone). Start the role by its entry "
        "points main, preflight or credentials, without leaving the preflight out.",
        situation(state, words),
        step("Then, with nothing of it left out", words.command.whole_renewal()),
    )


def _not_the_lines(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    router = state.proof.router if state.proof else None
    return joined(
        f"nothing shows that {router.login if router else ''}, which the router dials with, is the login of this line, "
        "or may be replaced by it. Set router_pppoe_line_login or router_pppoe_replaces_login.",
        before_post(words, router),
    )


def _other_line(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    proof = state.proof
    whose = f"{proof.service_name} on {proof.host}" if proof else "none"
    return joined(
        f"the preflight of this run is of another line ({whose}), and nothing shows that a renewal of this one could "
        "finish. Let the role's preflight run for each line.",
        before_post(words),
    )


def _prepared_without(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    return joined(
        "the preflight of this run was made without router_pppoe_renew, so nothing shows that a renewal could finish. "
        "Set router_pppoe_renew for the whole role.",
        situation(state, words),
        step("Then, as an extra variable, which is for the whole role", words.command.with_variable(RENEW, "true")),
    )


def _old_proof(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    return joined(
        "the preflight of this run is more than an hour old, and may not be true any more.",
        as_it_is(state, words),
    )


def _no_ways(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    return joined(
        "the preflight of this run does not show that router, API and mailbox stay reachable without the line.",
        as_it_is(state, words),
    )


def _tags(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    left = ", ".join(state.intent.phases) or "none"
    asked_for = "a rehearsal is requested" if state.intent.rehearse else "router_pppoe_renew is set"
    unset = "" if state.intent.rehearse else ", or unset router_pppoe_renew"
    return joined(
        f"{asked_for}, and the tags of this run (--tags, --skip-tags) leave out what finishes a renewal: of its phases "
        f"they leave {left}. Leave the tags out{unset}.",
        situation(state, words),
        step("With all that a renewal needs", words.command.whole_renewal()),
        "" if state.intent.rehearse else step("Or without one", words.command.with_variable(RENEW, "false")),
    )


def _not_known(state: State, words: Words, now: datetime.datetime, _code: str) -> str:
    router = state.proof.router if state.proof else None
    where = untouched(router)
    if state.renewed.reason == "requested":
        where = joined(
            "A new password was requested, but not when, so no mail is known to answer it.", at_router(router)
        )
    return joined(state.renewed.message, where, words.anew(now))


def _age_unknown_down(state: State, words: Words, now: datetime.datetime, _code: str) -> str:
    router = state.proof.router if state.proof else None
    return joined(
        state.renewed.message,
        "The router has no session.",
        untouched(router),
        words.anew(now, "To request a new password"),
    )


def _no_mail(state: State, words: Words, now: datetime.datetime, code: str) -> str:
    untold = state.hand.untold if state.hand else ""
    router = state.proof.router if state.proof else None
    under_way, lost = state.renewed.under_way, code in LOST
    uplink = (
        "If this machine reaches the Internet by the line that was cut, give it another uplink first (a phone's "
        "tether, a second line)."
    )
    parts = [
        untold or f"{words.mail_place} has no credentials mail of this line yet.",
        asked(state, words),
        at_router(router),
        uplink if under_way and code in PASSING else "",
        words.lost(now)
        if lost
        else step("To go on without a second request", words.command)
        if under_way
        else words.again("Then"),
        words.finish_by_hand("Or read the mail yourself and finish by hand") if under_way and not lost else "",
    ]
    return joined(*parts)


def _other_login(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    hand, router = state.hand, state.proof.router if state.proof else None
    has = router.login if router else ""
    whose = "the login given by hand is" if words.by_hand else f"{source_of(hand)} is for the login"
    parts = [
        f"{whose} {hand.login if hand else ''}, but the router dials with {has}.",
        "Login and password were not written on the router.",
        asked(state, words),
        f"If the first is to take the place of {has}, set router_pppoe_replaces_login to it.",
        words.again("Or correct router_pppoe_service_name or the inventory, then"),
    ]
    return joined(*parts)


def _offline_no_mail(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    router = state.proof.router if state.proof else None
    return joined(
        f"the router has no session, and {words.mail_place} has no credentials mail of this line.",
        untouched(router),
        words.asked_first(),
    )


def _no_credentials(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    return joined(
        f"{words.mail_place} has no credentials mail of this line, so there is nothing to hand over. {UNTOUCHED}",
        words.asked_first(),
    )


def _no_session(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    session, new = state.session, "new " if state.session_since else ""
    reason = session.error or ("the previous session is still up" if session.up else "the router gives no reason")
    by_hand = "See whether login and password were typed as they are in the newest mail."
    only_way = (
        "When the password is refused, another one was made. Its mail may be on its way: the same command takes it. If "
        "none comes, a new one is the only way (router_pppoe_renew)."
    )
    did = "made to dial" if state.intent.rehearse else "set"
    parts = [
        f"{f'the router was {did}, but ' if state.changed else ''}no {new}session came up within "
        f"{words.session_timeout} s ({reason}).",
        state.seen.radius if state.seen else "",
        "No password was requested because of this.",
        by_hand if words.by_hand else "" if words.renew else only_way,
        "The router goes on dialling by itself, unless it is disabled there.",
        step("To look again", words.converging) if state.intent.rehearse else words.looked(),
    ]
    return joined(*parts)


def _not_kept(state: State, words: Words, _now: datetime.datetime, _code: str) -> str:
    """A line that was cut is set first: a store that fails does not keep it offline."""
    router = state.proof.router if state.proof else None
    where = "The router was set." if state.changed else at_router(router)
    line = asked(state, words)
    if state.renewed.under_way and not state.changed:
        mail = name_of(state.hand.mail if state.hand else None)
        line = f"Its password is no longer valid; the mail {mail} has the new one."
    return joined(state.unkept, where, line, step("To go on without a second request", words.command))


_Sentence = t.Callable[[State, Words, datetime.datetime, str], str]
_SENTENCES: dict[Why, _Sentence] = {
    Why.NO_PROOF: _no_proof,
    Why.NOT_THE_LINES: _not_the_lines,
    Why.OTHER_LINE: _other_line,
    Why.PREPARED_WITHOUT: _prepared_without,
    Why.OLD_PROOF: _old_proof,
    Why.NO_WAYS: _no_ways,
    Why.TAGS: _tags,
    Why.NOT_KNOWN: _not_known,
    Why.AGE_UNKNOWN_DOWN: _age_unknown_down,
    Why.NO_MAIL: _no_mail,
    Why.OTHER_LOGIN: _other_login,
    Why.OFFLINE_NO_MAIL: _offline_no_mail,
    Why.NO_CREDENTIALS: _no_credentials,
    Why.NO_SESSION: _no_session,
    Why.NOT_KEPT: _not_kept,
    Why.NOT_REHEARSED: not_rehearsed,
}
