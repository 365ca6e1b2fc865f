# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as one exception that every module turns into the same kind of failure."""

from __future__ import annotations

import enum
import typing as t


class Outcome(enum.Enum):
    """What is known of the effect of a request that failed."""

    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


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
        """Return the arguments for ``fail_json``: ``msg`` and ``failure`` (code, message, details)."""
        return {
            "msg": self.message,
            "failure": {"code": self.code, "message": self.message, "details": self.details},
        }
