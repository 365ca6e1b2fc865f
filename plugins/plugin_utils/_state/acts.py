# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run may do next, why it stops, and why a redial is not safe: the answers of :mod:`_state.state` (pure)."""

from __future__ import annotations

import dataclasses
import enum


class Do(enum.Enum):
    """The acts of a run."""

    STOP = "stop"
    ASK = "ask"
    COLLECT = "collect"
    KEEP = "keep"
    WRITE = "write"
    REDIAL = "redial"
    WATCH = "watch"
    END = "end"


class Why(enum.Enum):
    """Why a run stops, or ends without a further act; the sentences are in :mod:`_messages.stops`."""

    NONE = ""
    NO_PROOF = "no_proof"
    NOT_THE_LINES = "not_the_lines"
    OTHER_LINE = "other_line"
    PREPARED_WITHOUT = "preflight_without_renew"
    OLD_PROOF = "old_proof"
    NO_WAYS = "no_ways"
    TAGS = "tags"
    NOT_KNOWN = "not_known"
    AGE_UNKNOWN_DOWN = "age_unknown_down"
    NO_MAIL = "no_mail"
    OTHER_LOGIN = "other_login"
    OFFLINE_NO_MAIL = "offline_no_mail"
    NO_CREDENTIALS = "no_credentials"
    NO_SESSION = "no_session"
    NOT_KEPT = "not_kept"
    NOT_REHEARSED = "not_rehearsed"
    PREDICTED = "predicted"


class Unsafe(enum.Enum):
    """Why a redial could end in an outage that only a request mends; the sentences are in :mod:`_messages.messages`."""

    UNDER_WAY = "under_way"
    NO_MAIL = "no_mail"
    LINK = "link"
    NO_SESSION = "no_session"
    NOT_COMPARED = "not_compared"
    DIFFERS = "differs"
    OLD_SESSION = "old_session"


@dataclasses.dataclass(frozen=True)
class Step:
    do: Do
    why: Why = Why.NONE
