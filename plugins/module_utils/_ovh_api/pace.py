# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When may the next call be sent? The rule of the budget that all runs with one key share (pure).

Who needs a call most goes first: each kind of call leaves some of the budget to those that come before it. A line that
is about to be cut, or is cut, waits for nobody; then come looks for a mail; a preflight that has begun goes before one
that has not, so that its line is through before the next one starts.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import typing as t

#: Seconds: a little more than a minute, since calls take their time to arrive.
MINUTE = 61.0
#: Calls of a preflight are spread, once a third of the budget is spent: so many seconds see a twelfth of it, or a
#: twentieth while somebody looks for a mail; where some preflights have begun, others leave them a thirtieth. What is
#: sent at once comes back at once, and nothing for a while.
SPREAD = 5.0
#: Seconds that looks for a mail count as under way, after so many of them: one alone is made long before the mail.
LOOKING, LOOKS = 10.0, 2
#: Seconds that a preflight's first calls count as under way: those of others may come between two of them.
BEGINNING = 20.0
#: Seconds: what stands further ahead is not ours. A clock was set back, or a file was damaged.
FAR = 180.0
#: After a refusal (429), everybody is silent for so many seconds, twice as long after each further one; at most MOST.
SILENT, MOST = 2.0, 60.0


class Turn(enum.Enum):
    """Kinds of calls, by growing need."""

    START = "start"
    READ = "read"
    LOOK = "look"
    POST = "post"


@dataclasses.dataclass(frozen=True)
class Calls:
    """What a node knows of the calls with one key. Times are seconds since 1970.

    :param sent: when, and what kind
    :param silent: until then nothing is sent
    :param slow: until then half the budget is spent
    :param silence: seconds of the last silence
    """

    sent: tuple[tuple[float, Turn], ...] = ()
    silent: float = 0.0
    slow: float = 0.0
    silence: float = 0.0

    def since(self, now: float) -> Calls:
        """What still counts; a time that is too far ahead is none of ours."""
        return dataclasses.replace(
            self,
            sent=tuple(sorted((one for one in self.sent if now - MINUTE < one[0] < now + FAR), key=lambda one: one[0])),
            silent=self.silent if self.silent < now + FAR else 0.0,
            slow=self.slow if self.slow < now + FAR else 0.0,
        )

    def and_one(self, now: float, turn: Turn) -> Calls:
        """With one more, sent now."""
        kept = self.since(now)
        return dataclasses.replace(kept, sent=(*kept.sent, (now, turn)))

    def refused(self, now: float, retry_after: float | None) -> Calls:
        """OVHcloud said that these were too many (429).

        :param retry_after: seconds, where it told
        """
        kept = self.since(now)
        again = kept.silence * 2 if now < kept.slow else SILENT
        silence = min(MOST, max(SILENT, again if retry_after is None else retry_after))
        return dataclasses.replace(
            kept, silent=max(kept.silent, now + silence), slow=now + silence + MINUTE, silence=silence
        )


def due(calls: Calls, now: float, turn: Turn, per_minute: int) -> float:
    """The first time from now on at which a call may be sent, if nobody else sends one before.

    :param per_minute: the budget: at least 1
    """
    kept = calls.since(now)
    limit = _limit(kept, now, per_minute)
    changes = [at + span for at, _turn in kept.sent for span in (MINUTE, SPREAD, LOOKING)]
    times = sorted({at for at in (kept.silent, kept.slow, *changes) if at > now})
    return next((at for at in (now, *times) if _free(kept, at, turn, limit)), times[-1] if times else now)


def short(calls: Calls, now: float, per_minute: int) -> bool:
    """Do other calls than looks for a mail take a third of this minute's budget?"""
    kept = calls.since(now)
    return sum(turn is not Turn.LOOK for _at, turn in kept.sent) >= max(1, _limit(kept, now, per_minute) // 3)


def beginning(calls: Calls, now: float) -> bool:
    """Do preflights begin? One that may not send its first call yet is seen by those that go before it."""
    return any(turn is Turn.START and at > now - BEGINNING for at, turn in calls.since(now).sent)


def _limit(kept: Calls, now: float, per_minute: int) -> int:
    return max(1, per_minute // 2) if now < kept.slow else per_minute


def _free(calls: Calls, at: float, turn: Turn, limit: int) -> bool:
    if at < calls.silent:
        return False
    within = [one for one in calls.sent if one[0] > at - MINUTE]
    if turn is Turn.POST:
        return len(within) < limit
    if turn is Turn.LOOK:
        return len(within) < max(1, limit - limit // 20)
    looking = sum(kind is Turn.LOOK and sent > at - LOOKING for sent, kind in within) >= LOOKS
    if len(within) < limit // 3 and not looking:
        return True
    reads = [kind for sent, kind in within if kind in (Turn.START, Turn.READ) and sent > at - SPREAD]
    spread = max(1, limit // (20 if looking else 12))
    if turn is Turn.START and Turn.READ in reads:
        spread = max(1, spread - limit // 30)
    return len(reads) < spread and len(within) < max(1, limit - limit // (6 if looking else 12))


def as_text(calls: Calls) -> str:
    """For a file."""
    sent = [[round(at, 3), turn.value] for at, turn in calls.sent]
    return json.dumps({"sent": sent, "silent": calls.silent, "slow": calls.slow, "silence": calls.silence})


def of_text(text: str) -> Calls:
    """What a file holds; nothing where that is none of ours."""
    try:
        found = json.loads(text)
        sent = tuple((_number(at), Turn(turn)) for at, turn in found["sent"])
        return Calls(sent, _number(found["silent"]), _number(found["slow"]), _number(found["silence"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return Calls()


def _number(value: t.Any) -> float:
    """:raises ValueError: for what is no time"""
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(value)
    return number
