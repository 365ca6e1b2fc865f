# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as one exception that every module turns into the same kind of failure."""

from __future__ import annotations

import enum
import typing as t

#: Codes of failures that may be gone at the next try: the control node's own uplink may be away for a while.
PASSING = (
    "unreachable",
    "timeout",
    "server_error",
    "rate_limited",
    "unreadable_answer",
    "imap_unreachable",
    "imap_unavailable",
)


class Outcome(enum.Enum):
    """What is known of the effect of a request that failed."""

    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_AGAIN = "then run the same command again."
_LATER = "This task changed nothing. Run the same command again in a few minutes."
_SERVICE = f"This task changed nothing. Check service_name and endpoint, {_AGAIN}"
_ACCESS = f"This task changed nothing. Check the access in OVHcloud's control panel, {_AGAIN}"
_SAID = f"This task changed nothing. Check what OVHcloud says, {_AGAIN}"
#: What is true after a failure with this code, and how to go on; other codes say so in their own message.
NEXT_STEP = {
    "invalid_credentials": f"This task changed nothing. Correct or renew the keys, {_AGAIN}",
    "clock_stepped": f"This task changed nothing. Have this machine's clock set (timedatectl), {_AGAIN}",
    "not_granted": "This task changed nothing. Run the same command again when the right is there.",
    "forbidden": _SAID,
    "refused": _SAID,
    "not_found": _SERVICE,
    "bad_request": _SERVICE,
    "conflict": _ACCESS,
    "expired": _ACCESS,
    "unknown_service": f"Correct service_name, {_AGAIN}",
    "redirected": f"This task changed nothing. Correct that, {_AGAIN}",
    "configuration": f"Correct that, {_AGAIN}",
    "rate_limited": _LATER,
    "server_error": _LATER,
    "unreachable": _LATER,
    "timeout": _LATER,
    "unreadable_answer": _LATER,
}


class Failure(Exception):
    """A failure that a user can act on.

    :param code: stable, machine-readable name, such as ``not_granted``.
    :param message: English sentences: what is true now, what was not done, what to do.
    :param details: JSON-ready facts (status, query id, option, names), never a secret.
    :param outcome: for a writing request, whether it can have taken effect.
    """

    def __init__(
        self,
        code: str,
        message: str,
        details: t.Mapping[str, t.Any] | None = None,
        outcome: Outcome = Outcome.NOT_SENT,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: dict[str, t.Any] = dict(details or {})
        self.outcome = outcome

    def as_result(self) -> dict[str, t.Any]:
        """Return the arguments for ``fail_json``: ``msg`` with the next step, ``failure`` (code, message, details).

        What a task alone may say, that it changed nothing and is to be run again, is not for a run to repeat, which may
        have asked for a password before it: ``failure`` has the message without it.
        """
        message = f"{self.message} {NEXT_STEP[self.code]}" if self.code in NEXT_STEP else self.message
        return {"msg": message, "failure": {"code": self.code, "message": self.message, "details": self.details}}
