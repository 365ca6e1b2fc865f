# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix: every phase, every fault that can strike there, and what is promised.

A cell reads: the command is run with the fault in place, the fault is taken away, the same command is run again.
A POST that OVHcloud refused (4xx) had no effect and does not count; every other one does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bench import DONE, FLAG, POST, SERVICE, STOPPED, Cell, Promise
from .inject import (
    EVER,
    HISTORY,
    LINE,
    LOGS,
    OAUTH2,
    RADIUS,
    access,
    all_of,
    environment,
    fault,
    key,
    no_names,
    sending,
    setting,
    without_right,
)
from .matrix_later import LATER_CELLS
from .matrix_role import ROLE_CELLS

#: The request is out, its mail will never come, and nobody knows whether the line was cut.
UNCLEAR = Promise(False, 1, "kept", True, ("the same command again",))


def reads(phase: str, path: str, where: str, often: tuple[str, ...] = ()) -> list[Cell]:
    """One read of a phase, met by every way in which an API fails for good: no request, and a clear end.

    OFTEN: what `make test` has of them; all of them, where none is named.
    """
    stopped = Promise(False, 0, "kept", True)
    kinds: dict[str, tuple[str, Mapping[str, Any]]] = {
        "429 without Retry-After": ("rate_limit", {}),
        "500": ("status:500", {}),
        "HTML 502": ("html_502", {}),
        "empty 200": ("empty_200", {"effect": False}),
        "JSON list as error": ("json_list_error", {}),
        "time-out": ("timeout_before", {"seconds": 1.5}),
        "connection reset": ("cut_before", {}),
    }
    return [
        Cell(
            f"{phase}-{where}-{word}".replace(" ", "-").lower(),
            phase,
            f"{word}, for good, reading {where}",
            f"fault {kind} on GET {path}",
            stopped,
            inject=fault(kind, path, **more, **EVER),
            soak=bool(often) and word not in often,
        )
        for word, (kind, more) in kinds.items()
    ]


def posts() -> list[Cell]:
    """The one request, met by everything that can happen to it."""
    took = Promise(True, 1, "set", True)
    lost: list[tuple[str, str, Mapping[str, Any]]] = [
        ("time-out", "timeout_before", {"seconds": 1.5}),
        ("connection reset", "cut_before", {}),
        ("HTML 502", "html_502", {}),
        ("500", "status:500", {}),
        ("503", "status:503", {}),
        ("504", "status:504", {}),
        ("empty 200", "empty_200", {}),
        ("JSON list as error", "json_list_error", {}),
    ]
    refused: list[tuple[str, str, Mapping[str, Any]]] = [
        ("429 without Retry-After", "rate_limit", {}),
        ("429 with Retry-After", "rate_limit", {"retry_after": 1}),
        ("404", "status:404", {}),
        ("409", "status:409", {}),
    ]
    return [
        Cell(
            f"post-{word}-{'after' if effect else 'before'}".replace(" ", "-").lower(),
            "renew",
            f"{word} {'after' if effect else 'before'} the effect",
            f"fault {kind}, effect {effect}, on the POST",
            took if effect else UNCLEAR,
            took if effect else UNCLEAR,
            inject=fault(kind, POST, "POST", effect=effect, **more),
            options={**FLAG, "mail_timeout": 5 if effect else 1},
            soak=word in ("503", "504"),  # what 500 is
        )
        for word, kind, more in lost
        for effect in (True, False)
    ] + [
        Cell(
            f"post-{word}".replace(" ", "-").lower(),
            "renew",
            f"{word} on the request",
            f"fault {kind} on the POST",
            Promise(False, 0, "kept", True, ("No new password was made", "not cut")),
            inject=fault(kind, POST, "POST", **more),
        )
        for word, kind, more in refused
    ]


CELLS: list[Cell] = [
    # -- the key
    Cell(
        "key-unknown",
        "preflight",
        "bad consumer key",
        "OVH_CONSUMER_KEY=not-the-key",
        Promise(False, 0, "kept", True, ("does not accept these credentials",)),
        inject=environment(OVH_CONSUMER_KEY="not-the-key"),
    ),
    Cell(
        "key-expired",
        "preflight",
        "expired consumer key",
        "the credential's status is expired",
        Promise(False, 0, "kept", True, ("does not accept these credentials", "expired")),
        inject=key(status="expired"),
    ),
    Cell(
        "key-bad-secret",
        "preflight",
        "bad application secret",
        "OVH_APPLICATION_SECRET=not-the-key",
        Promise(False, 0, "kept", True, ("does not accept these credentials",)),
        inject=environment(OVH_APPLICATION_SECRET="not-the-key"),
    ),
    Cell(
        "key-not-from-here",
        "preflight",
        "key not allowed from this address",
        "the credential's allowedIPs do not hold 127.0.0.1",
        STOPPED,
        inject=key(allowedIPs=["192.0.2.1/32"]),
    ),
    Cell(
        "key-missing",
        "preflight",
        "no consumer key",
        "OVH_CONSUMER_KEY unset",
        Promise(False, 0, "kept", True, ("consumer_key",)),
        inject=environment(OVH_CONSUMER_KEY=""),
    ),
    Cell(
        "right-renew",
        "renew",
        "the key may not renew",
        "no POST rule at the key",
        Promise(False, 0, "kept", True, ("requestPPPLoginMail", "with the rule", "No new password was made")),
        inject=without_right("", "POST"),
    ),
    Cell(
        "right-mail",
        "preflight",
        "the key may not read service mails",
        "no notification rules at the key",
        Promise(False, 0, "kept", True, ("notification/history",)),
        inject=without_right("notification"),
    ),
    Cell(
        "right-line",
        "preflight",
        "the key may not read the line",
        "no /xdsl rules at the key",
        Promise(False, 0, "kept", True, ("/xdsl/", "with the rule")),
        inject=without_right("/xdsl"),
    ),
    # -- OAuth2
    *(
        Cell(
            f"oauth2-{name}",
            "preflight",
            f"OAuth2 token: {words}",
            f"fault {kind} on the token endpoint",
            Promise(False, 0, "kept", True, ("OAuth2 token",) if kind.startswith("status") else ()),
            inject=all_of(environment(**OAUTH2), fault(kind, "/auth/oauth2/token", "POST", **EVER, **more)),
            soak=name not in ("refused", "timeout"),
        )
        for name, words, kind, more in (
            ("refused", "refused (401)", "status:401", {"body": {"error": "invalid_client"}}),
            ("500", "500", "status:500", {}),
            ("html", "HTML 502", "html_502", {}),
            ("reset", "connection reset", "cut_before", {}),
            ("timeout", "time-out", "timeout_before", {"seconds": 1.5}),
        )
    ),
    # -- the line
    Cell(
        "line-404",
        "preflight",
        "404: the account has no such line",
        "fault status:404 on GET /xdsl/{serviceName}",
        Promise(False, 0, "kept", True, ("is not an access of this account", SERVICE)),
        inject=fault("status:404", LINE, **EVER),
    ),
    Cell(
        "line-inactive",
        "renew",
        "the line is not active",
        "its status is migration",
        Promise(False, 0, "kept", True, ("migration",)),
        inject=access(status="migration"),
    ),
    # -- the API, for good and for a while
    *reads("preflight", "/auth/time", "the clock", often=("HTML 502", "time-out")),
    *reads("preflight", LINE, "the line"),
    *reads("preflight", HISTORY, "the mail history", often=("500", "connection reset")),
    *(
        Cell(
            f"{phase}-{name}-500",
            phase,
            f"500, for good, reading {words}",
            f"fault status:500 on GET {path}",
            Promise(False, 0, "kept", True, ("failed", "status 500")),
            inject=fault("status:500", path, **EVER),
        )
        for phase, name, words, path in (
            ("preflight", "radius", "the RADIUS log", RADIUS),
            ("renew", "call-log", "the account's call log", LOGS),
        )
    ),
    Cell(
        "blip-429",
        "preflight",
        "429 with Retry-After, once on every read",
        "fault rate_limit, Retry-After 1, 2 times",
        DONE,
        DONE,
        inject=fault("rate_limit", "*", times=2, retry_after=1),
    ),
    Cell(
        "blip-500",
        "preflight",
        "500, twice",
        "fault status:500, 2 times",
        DONE,
        DONE,
        inject=fault("status:500", "*", times=2),
    ),
    Cell(
        "dns",
        "preflight",
        "DNS failure",
        "getaddrinfo raises EAI_NONAME in the process",
        Promise(False, 0, "kept", True, ("could not be reached",)),
        inject=no_names(),
        only=True,
    ),
    Cell(
        "dns-post",
        "renew",
        "DNS failure at the request",
        "getaddrinfo raises EAI_NONAME from the moment the journal says sending",
        Promise(False, 0, "kept", True, ("could not be reached", "No new password was made")),
        inject=no_names(sending),
        only=True,
    ),
    # -- clocks
    *(
        Cell(
            f"clock-{name}",
            "all",
            f"OVHcloud's clock is one hour {name} of ours"
            if name == "ahead"
            else "OVHcloud's clock is one hour behind",
            f"clock_skew {skew}",
            DONE,
            DONE,
            inject=setting(clock_skew=skew),
        )
        for name, skew in (("ahead", 3600), ("behind", -3600))
    ),
    # -- the request
    *posts(),
    *LATER_CELLS,
    *ROLE_CELLS,
]


def names() -> list[str]:
    """The names of all cells; a name that is there twice is a mistake in the table."""
    found = [cell.name for cell in CELLS]
    twice = {name for name in found if found.count(name) > 1}
    if twice:
        raise ValueError(f"cells with one name: {', '.join(sorted(twice))}")
    return found
