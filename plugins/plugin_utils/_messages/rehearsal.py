# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rehearsal says: why it did not dial, and what it came to (pure)."""

from __future__ import annotations

import datetime

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import plain
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words, joined, step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Unsafe
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, unsafe

OTHERWISE = "so a redial could end in an outage that only a new password mends"
MEND = "To see that it is online, and to mend it if not"
UNTOUCHED = "The router was not made to dial, nothing was written, and no password was requested."


def _why(state: State, words: Words, found: Unsafe | None) -> tuple[str, str]:
    """Why not, and what to do before the same command."""
    latest = state.proof.latest if state.proof else None
    date = iso(latest.mail.date) if latest and latest.mail else ""
    renew = words.again("The next renewal shows it; after that one,")
    found_by: dict[Unsafe, tuple[str, str]] = {
        Unsafe.UNDER_WAY: (
            "a renewal of this line is under way, or was just made",
            step("Let it end", words.converging),
        ),
        Unsafe.NO_MAIL: (f"{words.mail_place} has no credentials mail of this line, {OTHERWISE}", renew),
        Unsafe.LINK: (
            f"the latest credentials mail, of {date}, gives a one-time link, and a rehearsal opens none, {OTHERWISE}",
            renew,
        ),
        Unsafe.NO_SESSION: (
            f"the router has no session ({state.session.error or 'it gives no reason'}), so nothing can be rehearsed",
            step("Bring it up first", words.converging),
        ),
        Unsafe.NOT_COMPARED: (
            f"nothing tells whether the router has the password of the latest credentials mail, of {date}, {OTHERWISE}",
            renew,
        ),
        Unsafe.DIFFERS: (
            f"the router has another password than the latest credentials mail, of {date}, {OTHERWISE}",
            step("Let the router have the mail's, if it is the newer one", words.converging),
        ),
        Unsafe.OLD_SESSION: (
            f"neither the router's session nor an accepted dial-in is younger than the latest credentials mail, of "
            f"{date}: nothing shows that OVHcloud takes its password, {OTHERWISE}",
            renew,
        ),
    }
    return found_by[found or Unsafe.UNDER_WAY]


def not_rehearsed(state: State, words: Words, now: datetime.datetime, _code: str) -> str:
    """The last words where the router is not made to dial."""
    why, on = _why(state, words, unsafe(state, now))
    return joined(f"not rehearsed: {plain(why)}. {UNTOUCHED}", on)


def redial_failed(state: State, words: Words, reason: str) -> str:
    """The last words where the router could not be made to dial."""
    return joined(
        f"{state.intent.service_name}: the router could not be made to dial ({reason.rstrip('.')}). No password was "
        "requested, and the router has the one that it had.",
        step(MEND, words.converging),
    )


def broken_off(words: Words, reason: str) -> str:
    """The last words where a rehearsal ends at a moment that nobody chose."""
    return joined(
        f"{words.service_name}: {reason} The router was being made to dial, and whether it came back was not seen. No "
        "password was requested.",
        step(MEND, words.converging),
    )


def rehearsed(state: State) -> str:
    """What a rehearsal that ended well came to."""
    name, session = state.intent.service_name, state.session
    if state.intent.check:
        return f"{name}: the router would be made to dial once, with the password that it has; none would be requested."
    since, seen = (state.write.at if state.write else None), state.seen.at if state.seen else None
    after = f" {max(1, round((seen - since).total_seconds()))} s later" if since and seen else ""
    return (
        f"{name}: rehearsed. That the password can be written was tried, the router was made to dial once, and a new "
        f"session was up{after}, address {session.address}. No password was requested: what is left unproven is "
        "OVHcloud's part."
    )
