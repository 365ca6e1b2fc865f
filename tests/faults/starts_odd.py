# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of starts: what nobody is meant to write round the role, and somebody does."""

from __future__ import annotations

import json
from typing import Any

from .starts import (
    DONE,
    FORESEEN,
    INACTIVE,
    LEFT,
    LOST,
    NO_RIGHT,
    NOTHING,
    PASSED,
    QUIET,
    REFUSED,
    ROLE,
    STOPPED,
    Cell,
    Way,
    include,
    mail,
    play,
    roles,
    say,
)
from .starts_table import PATIENT, SOON, rows, three, with_
from .starts_words import CELLS as OTHERS


def odd(name: str, plays: Any, *words: str, **more: Any) -> Way:
    return Way(name, "odd", plays, words, **{"soak": True, **more})


def role(**keys: Any) -> list[dict[str, Any]]:
    """A play whose role has keywords of its own."""
    return roles(roles=[{"role": ROLE, **keys}])


# -- one at a time, once, or in another order

rows(odd("throttle on the role", role(throttle=1)), *three, variables=PATIENT)
SLOTS = with_(REFUSED, says=("throttle",))
rows(odd("throttle on the role, custom", role(throttle=1)), (NOTHING, SLOTS), (mail(3), SLOTS), custom=True)
rows(odd("throttle that fits", role(throttle=2)), (NOTHING, DONE), (mail(3), DONE), custom=True)
rows(odd("host_pinned", roles(strategy="host_pinned")), *three, variables=PATIENT)
rows(odd("ANSIBLE_STRATEGY", roles(), environment={"ANSIBLE_STRATEGY": "free"}), *three, variables=PATIENT)
rows(odd("serial, one fork", roles(serial=2), "--forks", "1"), (NOTHING, SOON), (LOST, LEFT), (NOTHING, SOON))
rows(odd("shuffle, a part of them", roles(order="shuffle", serial="40%")), (NOTHING, DONE), (NOTHING, DONE))
rows(odd("run_once", role(run_once=True)), (NOTHING, DONE), (NOTHING, (QUIET, REFUSED)))
rows(odd("run_once, custom", role(run_once=True)), (NOTHING, DONE), (NOTHING, (QUIET, REFUSED)), custom=True)
rows(
    odd("run_once on the include", play(include(options={"apply": {"run_once": True}}))),
    (NOTHING, DONE),
    (NOTHING, (QUIET, REFUSED)),
)

BACKGROUND: dict[str, Any] = {"async": 60, "poll": 0}

# -- in the background, in handlers, on another host

rows(odd("async", play(include(how="import_role", **BACKGROUND))), (NOTHING, (DONE, STOPPED)))
rows(odd("async on the include", play(include(options={"apply": {"async": 60, "poll": 5}}))), (NOTHING, STOPPED))
rows(odd("a time limit on the role", role(timeout=5)), (mail(8), DONE), (LOST, LEFT))
rows(odd("a time limit on the role, custom", role(timeout=5)), (mail(8), DONE), custom=True)
# Ansible takes no role as a handler, and says so itself.
HANDLERS = [{"name": "renew", **include(how="import_role")}]
rows(odd("a handler", play(say("nothing else"), handlers=HANDLERS)), (NOTHING, STOPPED))
rows(odd("delegated to localhost, custom", role(delegate_to="localhost")), (NOTHING, (DONE, REFUSED)), custom=True)
rows(
    odd("delegated facts, custom", play({"block": [include()], "delegate_to": "localhost", "delegate_facts": True})),
    (NOTHING, (DONE, REFUSED)),
    custom=True,
)

# -- imported twice, ended between, given up early

rows(
    odd("imported twice", play(include(how="import_role"), include(how="import_role"))),
    (NOTHING, DONE),
    (NO_RIGHT, REFUSED),
    (LOST, LEFT),
)
END: dict[str, Any] = {"ansible.builtin.meta": "end_host"}
rows(odd("end_host between", play(include("preflight"), END, include())), (NOTHING, QUIET), (NO_RIGHT, REFUSED))
rows(
    odd(
        "clear_host_errors",
        play({"block": [include()], "rescue": [{"ansible.builtin.meta": "clear_host_errors"}]}, include()),
    ),
    (INACTIVE, REFUSED),
    (LOST, LEFT),
)
#: A hook may end its own host's play, and no other's.
HOOKED = {"end_host": QUIET, "end_role": QUIET}
for action in ("end_host", "end_play", "end_batch", "end_role", "noop"):
    store = {"store.yml": [{"ansible.builtin.meta": action}]}
    ends = odd(f"a store that says {action}", roles(), files=store, soak=action != "end_host")
    promised = with_(REFUSED, says=(action,)) if action.startswith("end_") else DONE
    rows(ends, (NOTHING, promised), variables={"router_pppoe_store": "{top}/store.yml"})
    hook = odd(f"a hook that says {action}", roles(), files=store)
    rows(hook, (NOTHING, HOOKED.get(action, promised)), variables={"router_pppoe_before_cut": "{top}/store.yml"})
rows(odd("max_fail_percentage", roles(max_fail_percentage=0)), (NOTHING, (PASSED, DONE)), (NO_RIGHT, REFUSED))
rows(odd("max_fail_percentage, late", roles(max_fail_percentage=0)), (mail(1), with_(SOON, ok=None)), (LOST, LEFT))
rows(
    odd("max_fail_percentage, custom", roles(max_fail_percentage=0)),
    (mail(1), with_(DONE, ok=None)),
    (LOST, LEFT),
    custom=True,
)
rows(
    odd("ignore_errors by apply", play(include(options={"apply": {"ignore_errors": True}}))),
    (NO_RIGHT, PASSED),
    (LOST, with_(LEFT, ok=None)),
)
# What is hidden is what a result shows; where the line is and how to go on are said in spite of that.
UNHIDDEN = with_(REFUSED, told=False, says=("no new password was requested",))
LEFT_UNHIDDEN = with_(LEFT, told=False, says=("no longer valid",))
hidden = role(no_log=True)
rows(odd("no_log on the role", hidden), (NOTHING, DONE), (NO_RIGHT, UNHIDDEN), (LOST, LEFT_UNHIDDEN))
rows(odd("no_log on the role, custom", hidden), (NO_RIGHT, UNHIDDEN), (LOST, LEFT_UNHIDDEN), custom=True)
rows(odd("a debugger", role(debugger="on_failed")), (NO_RIGHT, REFUSED), (LOST, (LEFT, PASSED)))

# -- conditions that change on the way

ONCE = "not (router_pppoe_applied | default({})).changed | default(false)"
DOWN = "not (router_pppoe_session | default({})).up | default(false)"
for name, when in (("applied", ONCE), ("session", DOWN)):
    rows(odd(f"a condition on {name}", play(include(how="import_role", when=when))), (NOTHING, DONE))
    rows(
        odd(f"a condition on {name}, custom", play(include(how="import_role", when=when))),
        (NOTHING, (DONE, REFUSED)),
        (LOST, LEFT),
        custom=True,
    )

# -- facts and rights of the play, modules' defaults, questions

rows(odd("facts", roles(gather_facts=True)), (NOTHING, DONE))
rows(odd("become", roles(become=True)), (NOTHING, (DONE, REFUSED)))
for name, given in {
    "entry": {"entry": "audit"},
    "failed": {"failed": True, "once": True},
    "before": {"before": "_router_pppoe_line"},
    "unknown": {"colour": "blue"},
}.items():
    defaults = {"module_defaults": {"ownrouter.ovhcloud.xdsl_ppp_renewal": given}}
    rows(odd(f"module_defaults, {name}", roles(**defaults)), (NOTHING, (DONE, STOPPED, QUIET)))
    rows(odd(f"module_defaults, {name}, custom", roles(**defaults)), (NOTHING, (DONE, STOPPED, QUIET)), custom=True)
LIMITS = {"module_defaults": {"ownrouter.ovhcloud.xdsl_ppp_login_mail": {"cooldown": "1s", "state": "x"}}}
rows(odd("module_defaults of the request", roles(**LIMITS)), (NOTHING, (DONE, STOPPED)))
PROMPT = [{"name": "router_pppoe_renew", "prompt": "renew?", "default": "yes", "private": False}]
rows(
    odd("vars_prompt", roles(vars_prompt=PROMPT)),
    (NOTHING, DONE),
    (INACTIVE, REFUSED),
    variables={"router_pppoe_renew": None},
)
for text, promise in (("1", DONE), ("on", DONE), ("True", DONE), ("0", QUIET), ("maybe", STOPPED), ([True], STOPPED)):
    rows(
        odd("renew in other words", roles()), (NOTHING, promise), variables={"router_pppoe_renew": text}, note=str(text)
    )
rows(
    odd("--check, check_mode false by apply", play(include(options={"apply": {"check_mode": False}})), "--check"),
    (NOTHING, FORESEEN),
)

# -- names of the role's insides as extra variables, which beat what its tasks register

INSIDE: dict[str, Any] = {
    "_router_pppoe_line": {"tasks": "whole.yml"},
    "_router_pppoe_proof": {},
    "_router_pppoe_step": {},
    "_router_pppoe_turn": True,
    "_router_pppoe_file": "x",
    "_router_pppoe_ended": {},
    "_router_pppoe_standby_host": "x",
    "router_pppoe_router": {},
    "router_pppoe_session": {"up": True, "address": "192.0.2.1", "uptime": 5, "error": ""},
    "router_pppoe_applied": {"changed": True, "dialled": True, "error": ""},
    "router_pppoe_kept": "x",
    "router_pppoe_wait": 0,
    "router_pppoe_keep": {},
    "router_pppoe_dial": "never",
}
NOT_OURS = with_(REFUSED, says=("is given as extra variable",))
for name, value in INSIDE.items():
    forged = odd(f"extra variable {name}", roles(), "-e", json.dumps({name: value}))
    rows(forged, (NOTHING, NOT_OURS))
    rows(forged, (NOTHING, NOT_OURS), custom=True)

# -- callbacks that break

BREAKS = """\
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "breaks"

    def v2_playbook_on_task_start(self, task, is_conditional):
        raise RuntimeError("a callback of somebody else's")

    def v2_runner_on_ok(self, result):
        raise ValueError("a callback of somebody else's")

    v2_runner_on_failed = v2_runner_on_ok
"""
rows(
    odd("a callback that raises", roles(), files={"breaks.py": BREAKS}, cfg="[defaults]\ncallback_plugins = .\n"),
    (NOTHING, DONE),
    (INACTIVE, REFUSED),
    (LOST, LEFT),
)
NESTED = {"ansible.builtin.include_tasks": "more.yml"}
rows(
    odd(
        "an include in an include",
        play(NESTED),
        files={"more.yml": [{"block": [include()], "always": [say("at last")]}]},
    ),
    (NOTHING, DONE),
    (NO_RIGHT, REFUSED),
    (LOST, LEFT),
)

CELLS: list[Cell] = OTHERS
