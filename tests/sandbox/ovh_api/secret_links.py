# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``POST /secret/retrieve``: opens the one-time links that mails may carry in place of a password.

World settings: ``mail_kind`` ("password" or "secret_link": what the mails of renewals carry), ``secret_text`` (what
stands behind a link; ``{login}`` and ``{password}`` are filled in), ``secret_reads`` (how often a link opens),
``secret_lifetime`` (seconds; 30 days, as OVHcloud's mails say, and 7 once it was opened).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Request

from .auth import ApiError

#: Seconds that a link opens for once it was opened.
OPENED_LIFETIME = 7 * 86400.0
UUID_RE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def retrieve(state: dict[str, Any], request: Request, now: float) -> dict[str, str]:
    """Answer one request, and use the link up, or shorten its life."""
    if request.mimetype != "application/json":
        raise ApiError(400, "BadRequest", "The body must be JSON", "INVALID_ARGUMENT")
    if "X-Ovh-Consumer" in request.headers or "Authorization" in request.headers:
        raise ApiError(400, "BadRequest", "This call takes no authentication: no key needs to be shown to it")
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or set(given) != {"id"}:
        raise ApiError(400, "BadRequest", "Received not described parameters in the body", "INVALID_ARGUMENT")
    identifier = given["id"]
    if not isinstance(identifier, str) or not UUID_RE.fullmatch(identifier):
        raise ApiError(400, "BadRequest", f"[id] Given data ({identifier}) is not of type uuid", "INVALID_ARGUMENT")
    kept = state["secrets"].get(identifier)
    if kept is None or kept["reads"] <= 0 or kept["expires"] <= now:
        raise ApiError(404, "NotFound", f"The requested object (id = {identifier}) does not exist", "NOT_FOUND")
    kept["reads"] -= 1
    kept["expires"] = min(kept["expires"], now + OPENED_LIFETIME)
    expires = datetime.fromtimestamp(kept["expires"], UTC).isoformat(timespec="seconds")
    return {"secret": kept["secret"], "expiration": expires}
