# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of starts: tags, places to begin at, and variables that are empty or texts."""

from __future__ import annotations

from typing import Any

from .starts import (
    DONE,
    HANDED,
    NO_RIGHT,
    NOTHING,
    PHASES,
    QUIET,
    REFUSED,
    ROLE,
    STOPPED,
    STORE,
    TAGS,
    TAKE,
    UNWRITABLE,
    WHOLE,
    Cell,
    Promise,
    Way,
    entry_points,
    include,
    play,
    roles,
)
from .starts_table import BOTH, rows, with_
from .starts_table import CELLS as OTHERS

#: Nothing of the role need be in such a run: no request, and no harm.
NOT_SELECTED = Promise(None, 0, "kept", True, told=False)
#: By the names of phases: what is useful alone is well, and what is a part of a renewal is refused.
BY_TAG = {phase: QUIET if phase in ("preflight", "verify") else TAGS for phase in PHASES}

# -- tags

for phase, promised in BY_TAG.items():
    chosen = Way(f"--tags {phase}", "tags", roles(), ("--tags", phase), soak=phase not in ("preflight", "renew"))
    alone = (NOTHING, promised)
    rows(
        chosen,
        alone if phase != "provision" else (NOTHING, (TAGS, QUIET)),
        (NO_RIGHT, STOPPED if phase != "verify" else NOT_SELECTED),
    )
    rows(chosen, alone if phase != "provision" else (NOTHING, (TAGS, QUIET)), custom=True)
    refused = TAGS if phase != "provision" else (TAGS, DONE)
    left_out = Way(f"--skip-tags {phase}", "skip-tags", roles(), ("--skip-tags", phase), soak=phase != "preflight")
    rows(left_out, (NOTHING, refused), (NO_RIGHT, REFUSED))
    rows(left_out, (NOTHING, refused), (UNWRITABLE, REFUSED), custom=True)
for words in ("renew,verify", "preflight,renew", "preflight,renew,collect", "renew,collect,store,apply,verify"):
    some = Way(f"--tags {words}", "tags", roles(), ("--tags", words), soak=True)
    # The phases that others need may come with them: then nothing is left out.
    partly = (TAGS, DONE) if words == "renew,collect,store,apply,verify" else TAGS
    rows(some, (NOTHING, partly))
    rows(some, (NOTHING, partly), custom=True)
TAGGED: dict[str, Promise | tuple[Promise, ...]] = {
    "all": DONE,
    ",".join(PHASES): DONE,
    "other": NOT_SELECTED,
    "always": NOT_SELECTED,
    "never": NOT_SELECTED,
    "tagged": (*WHOLE, QUIET),
    "untagged": NOT_SELECTED,
}
for words, either in TAGGED.items():
    rows(Way(f"--tags {words}", "tags", roles(), ("--tags", words), soak=True), (NOTHING, either))
SKIPPED: dict[str, Promise | tuple[Promise, ...]] = {
    "other": DONE,
    "always": (DONE, NOT_SELECTED),
    "all": NOT_SELECTED,
    "tagged": NOT_SELECTED,
}
for words, either in SKIPPED.items():
    rows(Way(f"--skip-tags {words}", "skip-tags", roles(), ("--skip-tags", words), soak=True), (NOTHING, either))
own = Way(
    "a tag of the user's on the role",
    "tags",
    roles(roles=[{"role": ROLE, "tags": ["net"]}]),
    ("--tags", "net"),
    soak=True,
)
rows(own, (NOTHING, DONE), (NO_RIGHT, REFUSED))
own_include = Way(
    "a tag of the user's on the include", "tags", play(include(tags=["net"])), ("--tags", "net"), soak=True
)
rows(own_include, (NOTHING, (NOT_SELECTED, DONE)))
by_include = Way("--tags renew, include_role", "tags", play(include(tags=["renew"])), ("--tags", "renew"), soak=True)
rows(by_include, (NOTHING, TAGS))
rows(by_include, (NOTHING, TAGS), custom=True)
applied = Way(
    "--tags renew, applied to all",
    "tags",
    play(include(options={"apply": {"tags": ["renew"]}}, tags=["renew"])),
    ("--tags", "renew"),
    soak=True,
)
rows(applied, (NOTHING, WHOLE), (NO_RIGHT, REFUSED))
converge = Way("--tags apply, nothing wished", "tags", roles(), ("--tags", "apply"), soak=True)
rows(converge, (NOTHING, NOT_SELECTED), variables={"router_pppoe_renew": False})
unproven = Way("--skip-tags preflight, nothing wished", "skip-tags", roles(), ("--skip-tags", "preflight"), soak=True)
rows(unproven, (NOTHING, NOT_SELECTED), variables={"router_pppoe_renew": False})
for option, words in (("--tags", "renew"), ("--skip-tags", "preflight"), ("--skip-tags", "collect")):
    kind = option.strip("-")
    handed = Way(f"credentials, {option} {words}", kind, play(include("credentials"), TAKE), (option, words), soak=True)
    rows(handed, (NOTHING, (NOT_SELECTED, HANDED)), (NO_RIGHT, NOT_SELECTED))
    played = Way(f"playbook renew, {option} {words}", kind, "ownrouter.ovhcloud.renew", (option, words), soak=True)
    rows(played, (NOTHING, TAGS))

# -- the same from elsewhere

for variable, words in (
    ("ANSIBLE_RUN_TAGS", "renew"),
    ("ANSIBLE_RUN_TAGS", "renew,verify"),
    ("ANSIBLE_SKIP_TAGS", "preflight"),
    ("ANSIBLE_SKIP_TAGS", "apply"),
):
    set_ = Way(
        f"{variable}={words}",
        "tags by environment",
        roles(),
        environment={variable: words},
        soak=words != "renew",
    )
    rows(set_, (NOTHING, TAGS), (NO_RIGHT, REFUSED))
    rows(set_, (NOTHING, TAGS), custom=True)
for setting in ("run = renew", "run = renew,verify", "skip = collect", "skip = preflight"):
    cfg = Way(
        f"ansible.cfg, {setting}",
        "tags by ansible.cfg",
        roles(),
        cfg=f"[tags]\n{setting}\n",
        soak=setting != "run = renew,verify",
    )
    rows(cfg, (NOTHING, TAGS), (NO_RIGHT, REFUSED))
    rows(cfg, (NOTHING, TAGS), custom=True)

# -- a place to begin at: where a part of the role is left out that a renewal needs, nothing may be asked for

#: What comes before may be nothing that counts; and nothing may be left of the role that could refuse.
PART = (DONE, STOPPED, NOT_SELECTED)
for place in (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0):
    begun = Way(
        f"--start-at-task, at {place:.0%}",
        "start-at-task",
        roles(),
        ("--start-at-task", f"{{task:{place}}}"),
        soak=place != 1.0,
    )
    rows(begun, (NOTHING, PART), (NO_RIGHT, (STOPPED, NOT_SELECTED)))
    rows(begun, (NOTHING, PART), custom=True)
at_first = Way("--start-at-task, at the first", "start-at-task", roles(), ("--start-at-task", "{task:0}"), soak=True)
rows(at_first, (NOTHING, WHOLE), (NO_RIGHT, REFUSED))

# -- blank answers of a survey: extra variables, which beat those of an include

BLANK = ("-e", "router_pppoe_login=", "-e", "router_pppoe_password=")
for name, given in (("both", BLANK), ("the password", BLANK[2:]), ("the login", BLANK[:2])):
    blank = Way(
        f"blank extra variables, {name}",
        "blank extra variables",
        roles(),
        given,
        files={"store.yml": STORE},
        soak=name != "both",
    )
    rows(blank, (NOTHING, DONE))
    rows(blank, (NOTHING, REFUSED), custom=True, often=True)
    rows(blank, (NOTHING, (REFUSED, BOTH)), variables={"router_pppoe_store": "{top}/store.yml"}, note="own store")
blank_handed = Way(
    "blank extra variables, credentials", "blank extra variables", play(include("credentials"), TAKE), BLANK, soak=True
)
rows(blank_handed, (NOTHING, HANDED))
named = Way(
    "an extra variable in place of what is handed out",
    "blank extra variables",
    play(include("credentials"), TAKE),
    ("-e", "router_pppoe_credentials="),
    soak=True,
)
rows(named, (NOTHING, (REFUSED, with_(HANDED, handed=None))))
no_flag = Way(
    "blank extra variables, the flag", "blank extra variables", roles(), ("-e", "router_pppoe_renew="), soak=True
)
rows(no_flag, (NOTHING, (QUIET, STOPPED)))

# -- every public variable empty, and as a text

OPTIONS: dict[str, dict[str, Any]] = entry_points()["main"]
#: Left blank by somebody who meant nothing by it.
NOT_GIVEN = (
    "renewed_since",
    "max_age",
    "login",
    "password",
    "store",
    "store_vault_file",
    "platform_dir",
    "endpoint",
    "consumer_key",
)
blanks = Way("empty variables", "empty", roles())
for name in NOT_GIVEN:
    often = name in ("password", "consumer_key")
    rows(blanks, (NOTHING, DONE), variables={f"router_pppoe_{name}": ""}, note=name, often=often)
rows(
    blanks,
    (NOTHING, DONE),
    variables={"router_pppoe_login": "", "router_pppoe_password": ""},
    custom=True,
    note="login and password",
)
EITHER = (DONE, QUIET, STOPPED)
remaining = sorted(set(OPTIONS) - {f"router_pppoe_{name}" for name in NOT_GIVEN})
for first in range(0, len(remaining), 8):
    for what, value in (("empty", ""), ("null", None)):
        group = Way(
            f"{what} variables from {remaining[first].removeprefix('router_pppoe_')}", "empty", roles(), soak=True
        )
        for variable in remaining[first : first + 8]:
            rows(group, (NOTHING, EITHER), variables={variable: value}, note=variable.removeprefix("router_pppoe_"))

TEXT = {"bool": "false", "int": "20"}
TEXTS = {
    name: TEXT[option["type"]]
    for name, option in OPTIONS.items()
    if option["type"] in TEXT and name not in ("router_pppoe_provision_vlan", "router_pppoe_imap_port")
}
SHORT = {"router_pppoe_mail_expected_after": "0", "router_pppoe_mail_interval": "1"}
texts = Way("variables as texts", "texts", roles())
rows(texts, (NOTHING, DONE), variables={**TEXTS, **SHORT, "router_pppoe_renew": "true"}, note="all")
rows(texts, (NOTHING, DONE), variables={**TEXTS, **SHORT, "router_pppoe_renew": "true"}, custom=True, note="all")
for name, text, promise in (
    ("renew", "yes", DONE),
    ("renew", "false", QUIET),
    ("mail_timeout", "900", DONE),
    ("renewed_since", "900", STOPPED),
):
    variables = {f"router_pppoe_{name}": text}
    rows(
        texts,
        (NOTHING, promise),
        variables=variables,
        note=f"{name} {text}",
        often=text in ("false", "900") and name != "mail_timeout",
    )
numbers = Way("durations without a unit", "texts", roles(), soak=True)
for name, text in (("cooldown", "900"), ("max_age", "90")):
    rows(numbers, (NOTHING, STOPPED), variables={f"router_pppoe_{name}": text}, note=f"{name} {text}")

CELLS: list[Cell] = OTHERS
