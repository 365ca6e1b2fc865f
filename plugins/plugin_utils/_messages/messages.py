# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run says: where it leaves line and router, and the command that goes on (pure)."""

from __future__ import annotations

import datetime

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import HANDED, Command
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words, again, joined, step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Hand, Mail, Router
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, foreseen

UNTOUCHED = "Nothing was changed: no new password was requested, and the router was not touched."
PROVISIONED = (
    "No new password was requested. On the router, the PPPoE interface was provisioned, and nothing else was changed."
)
UNFINISHED = "Setting the router was begun and not finished; how far that came is in the reason, where it is known."
MAYBE_PROVISIONED = "No new password was requested. What provision.yml did on the router is not known."


def untouched(router: Router | None, kept_in: str = "") -> str:
    """Where a run leaves line and router that has asked for nothing and set nothing.

    :param kept_in: the store, if it was written
    """
    if kept_in:
        return f"No new password was requested. {at_router(router)} Login and password were written to {kept_in}."
    if router and router.provisioned is None:
        return MAYBE_PROVISIONED
    return PROVISIONED if router and router.provisioned else UNTOUCHED


def at_router(router: Router | None) -> str:
    """What was done on a router that login and password were not written on."""
    if router is None or not router.provisioned:
        return "The router has no password yet." if router and router.waiting else "The router was not touched."
    return f"On the router, the PPPoE interface was provisioned{', and has no password yet' if router.waiting else ''}."


def before_post(words: Words, router: Router | None = None, code: str = "", amended: Command | None = None) -> str:
    """How every failure ends that comes before a request is possible.

    :param code: of what went wrong
    :param amended: the command with what it lacked, where that is known
    """
    more = cut_off(words) if code in PASSING else by_hand(words) if code == "journal" else ""
    then = step("Then, with it", amended) if amended else words.again("Then")
    return joined(untouched(router), then, more)


def not_before(words: Words, why: str) -> str:
    """What was to come before the cut was not done, so there is none."""
    return joined(f"{words.service_name}: router_pppoe_before_cut was not done: {why}.", before_post(words))


def cut_off(words: Words) -> str:
    """What may be so where nothing answers: a run before this one may have cut the line of this very machine."""
    return joined(
        "If this machine reaches the Internet by a line that is down, give it another uplink first (a phone's tether, "
        "a second line).",
        by_hand(words),
    )


def by_hand(words: Words) -> str:
    """What is left where nothing tells whether a run before this one has asked, or its mail cannot be looked for."""
    return words.finish_by_hand(
        "If a new password was requested before, its mail can be read on a smartphone, too. By hand"
    )


def asked(state: State, words: Words) -> str:
    """What is known of the request, as a sentence; "" without one."""
    renewal = state.renewed
    if not renewal.under_way or renewal.requested_at is None:
        return ""
    at = iso(renewal.requested_at)
    if renewal.outcome != "unknown":
        return f"A new password was requested at {at}, so the previous password is no longer valid."
    return (
        f"A new password was requested at {at}. Whether OVHcloud took that request is not known: as long as the router "
        "stays online without a new password, it did not. The next request is sent "
        f"{words.cooldown} after that one at the earliest."
    )


def not_known_whether(words: Words) -> str:
    """How a run ends that nobody can tell of whether it sent its request."""
    known = "Whether a new password was requested is not known; it is not asked for a second time."
    return joined(known, words.again("To go on,"))


def situation(state: State, words: Words) -> str:
    """Where line and router are now."""
    if state.unset:
        kept = f"Login and password were written to {words.store}." if state.stored and words.store else ""
        return joined(asked(state, words) or "No new password was requested.", UNFINISHED, kept)
    if state.changed:
        seen = state.seen is not None and state.seen.session.up
        return joined(
            asked(state, words),
            "The router was set." if seen else "The router was set, but its new session was not seen.",
        )
    if state.renewed.under_way:
        return f"{asked(state, words)} As far as is known, the router was not set."
    return untouched(state.proof.router if state.proof else None, words.store if state.stored else "")


def name_of(mail: Mail | None) -> str:
    if mail is None:
        return "none"
    # A store does not keep the title.
    title = f'"{mail.title}" ' if mail.title else ""
    return f"{title}of {iso(mail.date)} (id {mail.id})"


def source_of(hand: Hand | None) -> str:
    """Where login and password in hand come from."""
    if hand is not None and hand.stored and not hand.mail:
        return "what the store holds"
    return f"the mail {name_of(hand.mail if hand else None)}"


def offline_note(words: Words) -> str:
    return joined(
        "If this machine has lost its Internet access, give it another one (a phone's tether, a second uplink): this "
        "run then goes on by itself.",
        words.finish_by_hand("Or read the mail on a smartphone and finish by hand"),
    )


def write_failed(state: State, words: Words, now: datetime.datetime, reason: str) -> str:
    """The last words where the router could not be set."""
    hand = state.hand
    mail = name_of(hand.mail if hand else None)
    kept = f": the password is where the store keeps it ({words.store})." if words.store else "."
    link = hand is not None and hand.secret_link
    parts = [
        f"{words.service_name}: setting the router failed ({reason or 'the platform gives no reason'}).",
        f"The password on the router is no longer valid; the mail {mail} has the new one."
        if state.renewed.under_way
        else "",
        f"That mail gave a one-time link, which this run opened and which may not open again{kept}" if link else "",
        step("To go on without a second request", words.command),
        joined("If the link does not open any more, two ways are left.", words.lost(now)) if link else "",
    ]
    return joined(*parts)


def other_password(source: str, begun: datetime.datetime | None) -> str:
    """A router that is left alone, since its password may be newer than the mail."""
    why = (
        "its session is younger than that, so it has a newer one"
        if begun
        else "nothing tells how old its session is, so it may have a newer one"
    )
    return f"The router's password is not the one of {source}, but {why}. The router is left alone."


def task_failed(state: State, words: Words) -> str:
    """The last words where a task of the user's own failed; its message may be one that no_log hides."""
    reason = "a task failed (its message is above)."
    if state.hand is None or not state.hand.complete:
        return elsewhere(state, words, reason)
    parts = [f"{words.service_name}: {reason}", asked(state, words), "What was done on the router is not known."]
    return joined(*parts, words.again("Deal with that, then"))


def unanswered(asked: str, confirmed: bool) -> str:
    """What the store holds is from before a request whose mail is not there.

    :param asked: when, UTC
    """
    was, is_now = ("was", "is") if confirmed else ("may have been", "may be")
    return (
        f"a new password {was} requested at {asked}, and its mail is not there: what the store holds {is_now} no "
        "longer valid. Run ownrouter.ovhcloud.renew with router_pppoe_renew=true: it waits for the mail and requests "
        "no second password."
    )


def doubted(passed: str, stored: bool) -> str:
    """A password that was found may be out of date.

    :param passed: the mails that were passed over, as a sentence
    :param stored: found in the store, and not in a mail
    """
    return joined(
        "a mail of this line is newer than what the store holds, and cannot be taken, so the store may be out of date."
        if stored
        else "a newer mail of this line cannot be taken, so the latest one that can may be out of date.",
        passed,
        "If the line has another login now, set router_pppoe_line_login to it; else read the mail, and finish by hand.",
    )


def store_failed(state: State, words: Words) -> str:
    """A store of the user's own did not take the password."""
    why = f"the store {words.store} failed (its message is above)."
    if not state.renewed.under_way:
        return joined(f"{words.service_name}: {why}", situation(state, words), words.again("Deal with that, then"))
    return joined(
        f"{words.service_name}: {why}",
        asked(state, words),
        "Login and password are handed over all the same, so that the line comes back.",
        step("To have them kept, without a second request", words.command),
    )


def elsewhere(state: State, words: Words, reason: str) -> str:
    """The last words where something failed that has no sentence of its own, in our tasks or in the user's."""
    return joined(f"{words.service_name}: {reason}", situation(state, words), words.again("Deal with that, then"))


def not_handed(words: Words) -> str:
    """The last words where nobody typed what was read in the mail, or half of it."""
    said = f"{words.service_name}: no login or no password was handed over. {UNTOUCHED}"
    if not words.command.text:
        return joined(said, step("To hand over both", words.command.in_a_file()))
    return joined(
        said,
        step("In a terminal, to type both", words.command),
        step(
            f"Where nobody can type, with router_pppoe_login and router_pppoe_password in a file {HANDED} that you "
            "alone can read",
            words.command.in_a_file(),
        ),
    )


def not_read(reason: str, command: Command, first: bool) -> str:
    """The last words where variables cannot be read.

    :param first: nothing of this run has come before
    """
    where = UNTOUCHED if first else "Nothing more was done."
    return joined(reason, where, again("Correct that, then", command))


def told(reason: str, words: Words) -> bool:
    """Is that a message of ours, which says where the line is and how to go on?"""
    return reason.startswith(f"{words.service_name}: ") and (words.command.text or words.command.phrase) in reason


def due(message: str) -> str:
    """The words of the module for a password that is due at another hour, as the role says them."""
    said = message.replace("(renew_between)", "(router_pppoe_renew_between)").rstrip(".")
    return f"{said[:1].lower()}{said[1:]}"


def summary(state: State, store: str = "") -> str:
    """What a run that ended well came to.

    :param store: where login and password are kept
    """
    renewal, check = state.renewed, state.intent.check
    at = iso(renewal.requested_at) if renewal.requested_at else ""
    reasons = {
        "not_now": due(renewal.message),
        "flag_unset": "no renewal was requested",
        "age_unknown": "the age of the password is not known, so none was requested",
        "already_renewed": "the password was renewed already, none was requested",
        "pending": f"a new password was requested{'' if renewal.sent else ' already'} ({at}), no second one",
        "requested": "a new password would be requested" if check else f"a new password was requested at {at}",
    }
    if check and foreseen(state):
        router = "the router would be set"
    elif state.changed:
        router = "the router was set" + (" and dialled once" if state.dialled else "")
    elif state.write is not None and not state.write.told:
        router = "the router's own tasks were run, and do not say whether they changed it"
    elif state.proof and state.proof.router and state.proof.router.provisioned:
        router = "the PPPoE interface was provisioned, and login and password were left as they are"
    else:
        router = "the router was left as it is"
    session = state.session
    up = f"up, address {session.address}" if session.up else "not looked at" if check or not state.seen else "down"
    if state.intent.watches_only:
        return f"{state.intent.service_name}: only the session was looked at; session {up}."
    parts = [reasons[renewal.reason]]
    if state.stored:
        parts.append(f"login and password {'would be' if check else 'were'} written to {store or 'the store'}")
    parts += [router, f"session {up}"] if state.intent.router else []
    return f"{state.intent.service_name}: {'; '.join(parts)}."
