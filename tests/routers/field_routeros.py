# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RouterOS in the field: the cells, each with the report or page behind it beside the stand-in's habit of that name."""

from __future__ import annotations

import sys
from typing import Any

from routeros.certificates import Kind
from routeros.server import Manner

from .field import CHECKED, LEFT_ALONE, RENEWED, REPAIRED, Case, End, Mikrotik, Situation, no_session, stopped

API = "router_pppoe_routeros_"
READER = ("read", "sensitive")
HIDDEN = ("read", "write")
#: As Winbox stores "Büro" in its Windows code page.
ODD = "pppoe-B\udcfcro"
SHORT = {f"{API}timeout": 2}
#: Seconds that the sessions of cells are waited for where none comes.
SOON = {"router_pppoe_session_timeout": 4}


def looked(fault: str, *words: str, often: bool = True, given: dict[str, Any] | None = None, **router: Any) -> Case:
    """What stops a renewal before its request, on a router that is only looked at."""
    found = Mikrotik(answers=False, **router)
    return Case("tls", fault, found, stopped(*words), often=often, variables={**SHORT, **(given or {})})


def case(fault: str, promised: End, situation: Situation = Situation.RENEW, often: bool = False, **router: Any) -> Case:
    return Case("tls", fault, Mikrotik(**router), promised, situation, often)


DEVICE_MODE = "not allowed by device-mode"
STRICT = Mikrotik(kind=Kind(identifiers=False), answers=sys.version_info < (3, 13))
CLIENT = [
    looked(
        "no such client",
        "no PPPoE client pppoe-out9; it has: pppoe-backup",
        given={"router_pppoe_interface": "pppoe-out9"},
    ),
    looked(
        "disabled", '/interface pppoe-client enable [find name="pppoe-out1"]', row={"disabled": "true"}, often=False
    ),
    looked("dial-on-demand", "pppoe-out1 dials on demand", row={"dial-on-demand": "true"}),
    looked("invalid", "calls the PPPoE client pppoe-out1 invalid", row={"invalid": "true"}, often=False),
    looked(
        "idle-timeout",
        "without traffic after 5m",
        often=False,
        row={"profile": "saving"},
        router={"profiles": [{"name": "saving", "idle-timeout": "5m"}]},
    ),
    looked(
        "Safe Mode",
        "Safe Mode is on (changes by admin)",
        router={"history": [{"action": "changed", "by": "admin", "floating-undo": "true"}]},
    ),
    Case(
        "tls",
        "name in a Windows code page",
        Mikrotik(row={"name": ODD}),
        RENEWED,
        often=True,
        variables={"router_pppoe_interface": "pppoe-Büro"},
    ),
]
USERS = [
    looked("user without write", "lacks the policy write", policies=READER),
    looked(
        "group not told and no write",
        "lacks the policy write",
        policies=READER,
        router={"tells_groups": False},
        often=False,
    ),
    case("group not told", RENEWED, router={"tells_groups": False}),
    case("group of release 6", RENEWED, router={"active_has_groups": False}),
    looked(
        "user from elsewhere", "the user's address list holds this control node", addresses=("192.0.2.7",), often=False
    ),
    looked("wrong password", "refuses the login (invalid user name", given={f"{API}password": "wrong"}, often=False),
    looked("no password", "routeros_password is not set", given={f"{API}password": ""}, often=False),
    looked("log-in by challenge", "RouterOS before 6.43", router={"release": (6, 42)}),
]
TLS = [
    looked("nobody listens", "127.0.0.1 port 9 refuses connections", given={f"{API}port": 9}, often=False),
    looked("no certificate", "its service api-ssl has no certificate", manner=Manner(anonymous=True)),
    looked("TLS 1.0 only", "does not support TLS 1.2 or newer", manner=Manner(old=True), often=False),
    looked("connection closed", "does not include this control node", manner=Manner(lets_in="close"), often=False),
    looked("no answer", "does not answer in time", manner=Manner(lets_in="silent"), often=False),
    looked("expired", "has a certificate that is not valid today", kind=Kind(days=-1), often=False),
    looked("name without SAN", "subject-alt-name=IP:", kind=Kind(alternatives=False)),
    looked("another name", "a certificate that is not for this name", given={"ansible_host": "localhost"}, often=False),
    looked("another CA", "a certificate that is not trusted", ca="another", often=False),
    looked("no CA file", "Correct router_pppoe_routeros_ca_path", ca="none", often=False),
    Case("tls", "lax certificate", STRICT, RENEWED if STRICT.answers else stopped("that Python 3.13 and newer refuse")),
]
#: The write, its answer, and the session behind it.
WRITES = [
    case("", RENEWED),
    case("without sensitive", RENEWED, policies=HIDDEN),
    Case("tls", "check", Mikrotik(), CHECKED, command=("--check", "--diff")),
    Case("tls", "answer late", Mikrotik(router={"late": 3.0}), RENEWED, variables=SHORT),
    case("answer 12 s late", RENEWED, router={"late": 12.0}),
    case("answer lost", RENEWED, router={"breaks": "before the answer"}),
    case("answer lost without sensitive", RENEWED, often=True, policies=HIDDEN, router={"breaks": "before the answer"}),
    case("write lost", End(writes=2), often=True, router={"breaks": "before the write"}),
    case("interrupted", RENEWED, router={"interrupts": True}),
    case(
        "trap to the proof",
        stopped("refused the write (not allowed by device-mode"),
        often=True,
        router={"refusal": DEVICE_MODE},
    ),
    case(
        "trap to the write",
        End(
            ("The router refused the write (not allowed by device-mode).", "Nothing was written on the router."),
            failed=True,
            posts=0,
            dials=0,
            up=False,
            taken=False,
        ),
        Situation.ROTATED,
        often=True,
        router={"refusal": DEVICE_MODE},
    ),
    case(
        "trap that repeats the password",
        End(
            ("The router refused the write", "Nothing was written on the router."),
            failed=True,
            posts=0,
            dials=0,
            up=False,
            taken=False,
        ),
        Situation.ROTATED,
        router={"repeats": True},
    ),
    case("", REPAIRED, Situation.ROTATED),
    # A change does not make it dial, and the line's cut does not reach it: disabled and enabled, once.
    Case(
        "tls",
        "old session stays",
        Mikrotik(client={"redials_on_change": False, "keeps_old_session": True}),
        End(posts=0, writes=3),
        Situation.ROTATED,
        often=True,
        variables={f"{API}redial_after": 1},
    ),
    # Its password cannot be compared, and its session is up: left as it is.
    case(
        "old session stays without sensitive",
        End(posts=0, writes=0, dials=0, taken=False),
        Situation.ROTATED,
        often=True,
        policies=HIDDEN,
        client={"keeps_old_session": True},
    ),
    case("", LEFT_ALONE, Situation.OLDER),
    case("age not told", LEFT_ALONE, Situation.OLDER, client={"tells_age": False}),
    Case(
        "tls",
        "",
        Mikrotik(),
        no_session("wrong login or password", posts=0, taken=False),
        Situation.REFUSED,
        variables=SOON,
    ),
    Case(
        "tls",
        "nobody at the other end",
        Mikrotik(answers=False),
        no_session("(the router says: dialing...)", posts=0, dials=1),
        Situation.ROTATED,
        variables=SOON,
    ),
    Case(
        "tls",
        "gone after the write",
        Mikrotik(router={"breaks": "for good"}),
        no_session("(The API of the router", up=True),
        variables=SOON,
    ),
]
CELLS = [*CLIENT, *USERS, *TLS, *WRITES]
