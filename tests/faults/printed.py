# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of printed commands: how a run was started, what was wrong, which command it printed, what that does."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .starts import (
    DONE,
    FORESEEN,
    HANDED,
    INACTIVE,
    LOST,
    NO_RIGHT,
    NOTHING,
    QUIET,
    REFUSED,
    ROLE,
    TAKE,
    UNWRITABLE,
    Cell,
    Promise,
    Way,
    Wrong,
    include,
    play,
    roles,
)

AGAIN, ON, BY_HAND = "run the same command again", "without a second request", "finish by hand"
ASK = "To request a new password"
#: No session, and no mail tells the router's password.
UNTOLD = Wrong("offline, no mail", mail=None)
NO_FLAG = {"router_pppoe_renew": False}
FLAG = "-e router_pppoe_renew=true"
RENEW = "ansible-playbook -i {inventory} ownrouter.ovhcloud.renew"
SITE = "ansible-playbook -i {inventory} {top}/play.yml"
AD_HOC = f"ansible -i {{inventory}} routers -m include_role -a name={ROLE}"
RUNNER = "ansible-runner run {top}/runner -p ownrouter.ovhcloud.renew --inventory {inventory} '--cmdline=-v{more}'"
#: A key that is not in the environment, and its file, which is encrypted.
KEY = {"OVH_CONSUMER_KEY": ""}
VAULT = "-e @{top}/key.yml --vault-password-file {top}/vault-password"
KEY_FILE = "router_pppoe_consumer_key: test-ck\n"
NAMES = ("Büro Köln ", "a,b ", "r*", "(x) ", "~q$", "é;$(x)&")


@dataclass(frozen=True)
class Case(Cell):
    """A line of the table.

    :param typed: what the user gave to his shell
    :param lead: how the sentence ends that the command stands behind; "" for a line that nothing is wrong with
    :param then: words that are to be in the command, and
    :param never: words that are not
    :param answers: what is typed at its questions; {login} and {password} are the line's
    """

    typed: str = ""
    lead: str = AGAIN
    then: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


CASES: list[Case] = []
#: A router with which nothing is wrong: it goes first in the playbook "renew", which cuts no other line when that one
#: fails; and a run of several routers prints a command for one of them.
FIRST = Promise(True, 0, None, None, told=False)


def case(way: Way, typed: str, *wrongs: tuple[Wrong, Promise], beside: bool = False, **more: Any) -> None:
    """Cases of one way to start, and what the printed command comes to when the wrong is put right.

    :param beside: a router with which nothing is wrong is in the same run
    """
    if (beside or typed.startswith(RENEW)) and not any(one.way is way for one in CASES):
        CASES.append(
            Case(way, NOTHING, (FIRST,), typed=typed, lead="", variables=NO_FLAG, note="goes first", soak=way.soak)
        )
    for number, (wrong, promised) in enumerate(wrongs):
        # The first one of a way is enough for the gate.
        CASES.append(Case(way, wrong, (promised,), typed=typed, soak=way.soak or number > 0, **more))


def way(name: str, plays: Any = None, soak: bool = True, **more: Any) -> Way:
    return Way(name, "printed", plays or [], soak=soak, **more)


def changed(promise: Promise, **changes: Any) -> Promise:
    return dataclasses.replace(promise, **changes)


# -- playbooks of ours

TYPED = {"the PPPoE login in the mail": "{login}", "the PPPoE password in the mail": "{password}"}
ours = way("renew with the flag", soak=False)
more: dict[str, Any] = {"variables": NO_FLAG, "then": (FLAG, "ownrouter.ovhcloud.renew", "--limit router")}
case(ours, f"{RENEW} {FLAG}", (UNWRITABLE, DONE), (INACTIVE, DONE), **more)
case(ours, f"{RENEW} {FLAG}", (LOST, DONE), lead=ON, **more)
case(
    ours,
    f"{RENEW} {FLAG}",
    (LOST, DONE),
    lead=BY_HAND,
    answers=TYPED,
    note="by hand",
    variables=NO_FLAG,
    then=("ownrouter.ovhcloud.by_hand",),
    never=("renew",),
)
case(way("the flag in the inventory"), RENEW, (NO_RIGHT, DONE), (UNWRITABLE, DONE), (INACTIVE, DONE), never=(FLAG,))
case(
    way("nothing wished"),
    RENEW,
    (UNWRITABLE, QUIET),
    variables=NO_FLAG,
    never=(FLAG,),
)
case(way("offline"), RENEW, (UNTOLD, DONE), variables=NO_FLAG, lead=ASK, then=(FLAG,))
for age, promise in (("120d", QUIET), ("90d", DONE)):
    case(
        way(f"max_age={age}"),
        f"{RENEW} {FLAG} -e router_pppoe_max_age={age}",
        (UNWRITABLE, promise),
        variables=NO_FLAG,
        then=(f"router_pppoe_max_age={age}", FLAG),
    )
case(
    way("age not known, offline"),
    f"{RENEW} {FLAG} -e router_pppoe_max_age=90d",
    (UNTOLD, DONE),
    variables=NO_FLAG,
    lead=ASK,
    then=("router_pppoe_renewed_since=20", "router_pppoe_max_age=90d"),
)
case(
    way("preflight", soak=False),
    "ansible-playbook -i {inventory} ownrouter.ovhcloud.preflight",
    (NO_RIGHT, QUIET),
    (UNWRITABLE, QUIET),
    (INACTIVE, QUIET),
    then=("ownrouter.ovhcloud.preflight",),
    never=("renew",),
)
case(
    way("check mode", soak=False),
    f"ansible-playbook -CDi {{inventory}} ownrouter.ovhcloud.renew {FLAG}",
    (NOTHING, changed(FORESEEN, told=False)),
    variables=NO_FLAG,
    lead="",
    note="goes first",
)
case(
    CASES[-1].way,
    CASES[-1].typed,
    (NO_RIGHT, FORESEEN),
    (UNWRITABLE, FORESEEN),
    variables=NO_FLAG,
    then=("--check --diff", FLAG),
)
case(
    way("many words", files={"more.yml": {"others": {"hosts": {"nobody": {}}}}}),
    "ansible-playbook -i {inventory} --inventory-file={top}/more.yml -l 'routers:!nobody' -vD -f 7 "
    'ownrouter.ovhcloud.preflight -e \'{"router_pppoe_cooldown": "1 m", "batch": 5}\'',
    (UNWRITABLE, changed(REFUSED, says=("cooldown",))),
    then=("more.yml", "--limit 'routers:!nobody'", "--diff", "--forks 7"),
)

# -- a playbook of the user's

site = way("a user's play", roles(), soak=False)
case(site, SITE, (NO_RIGHT, DONE), beside=True, then=("/play.yml", ",localhost"), never=("ownrouter.ovhcloud.",))
case(site, SITE, (LOST, DONE), lead=ON, never=("ownrouter.ovhcloud.",))
case(site, SITE, (LOST, DONE), lead=BY_HAND, note="by hand", then=("router_pppoe_renew=false", "-e @by-hand.yml"))
case(
    way("a key in a vault", roles(), environment=KEY, files={"vault-password": "x", "key.yml": KEY_FILE}, soak=False),
    f"{SITE} {VAULT}",
    (NO_RIGHT, DONE),
    (UNWRITABLE, DONE),
    then=("key.yml", "--vault-password-file"),
    never=("test-ck",),
)
case(
    way("a key in a vault, the mail is late", roles(), environment=KEY, files=CASES[-1].way.files),
    f"{SITE} {VAULT}",
    (LOST, DONE),
    lead=ON,
)
case(
    way("credentials", play(include("credentials"), TAKE)),
    SITE,
    (NO_RIGHT, HANDED),
    (INACTIVE, changed(HANDED, up=None)),
)
case(way("credentials, the mail is late", play(include("credentials"), TAKE)), SITE, (LOST, HANDED), lead=ON)
case(way("tasks_from preflight", play(include("preflight"))), SITE, (NO_RIGHT, QUIET), (UNWRITABLE, QUIET))
for name in NAMES:
    case(
        way("names of any signs", play(include()), soak=False) if name is NAMES[0] else CASES[-1].way,
        SITE,
        (UNWRITABLE, DONE),
        host=name,
    )
    if name != NAMES[-1]:  # of which a shell would make most
        CASES[-1] = dataclasses.replace(CASES[-1], soak=True)
case(
    way("play with check mode", roles(check_mode=True)),
    SITE,
    (UNWRITABLE, FORESEEN),
)

# -- what leaves out a part of a renewal

tags = way("--tags renew", roles(), soak=False)
case(
    tags,
    f"{SITE} --tags renew",
    (NOTHING, DONE),
    lead="With all that a renewal needs",
    then=("--tags renew,preflight",),
)
case(
    tags,
    f"{SITE} --tags renew",
    (NOTHING, QUIET),
    lead="Or without one",
    note="without a renewal",
    then=("router_pppoe_renew=false", "--tags renew "),
)
case(
    way("--skip-tags preflight", roles()),
    f"{SITE} --skip-tags preflight,mine",
    (NOTHING, DONE),
    lead="with nothing of it left out",
    then=("--skip-tags mine",),
)
case(
    way("--start-at-task", roles()),
    f'{SITE} --start-at-task "The line\'s way to a verified session"',
    (NOTHING, DONE),
    lead="with nothing of it left out",
    never=("--start-at-task",),
)
case(way("an inner file", play(include("whole"))), SITE, (NOTHING, REFUSED), lead="with nothing of it left out")
batch = way("a batch larger than the forks", roles())
for note in ("one", "the other"):
    case(batch, f"{SITE} -f 1", (NOTHING, DONE), custom=True, then=("--forks 1",), note=note)

# -- ad hoc, and a job

case(way("ad hoc", soak=False), AD_HOC, (UNWRITABLE, DONE), then=("ansible -i ", "-m include_role", " routers"))
case(way("ad hoc, all of it"), AD_HOC, (NO_RIGHT, DONE), (INACTIVE, DONE))
case(way("ad hoc, the mail is late"), AD_HOC, (LOST, DONE), lead=ON)
case(
    way("ad hoc, preflight"),
    f"{AD_HOC[: -len(ROLE) - 5]}'name={ROLE} tasks_from=preflight'",
    (UNWRITABLE, QUIET),
)
job = way("ansible-runner", soak=False)
case(job, RUNNER, (UNWRITABLE, DONE), lead="Then launch the same job again")
case(
    way("ansible-runner, offline"), RUNNER, (UNTOLD, DONE), variables=NO_FLAG, lead=f"{ASK}: launch the same job again"
)

#: Ways that `make test` has by another case as well.
RARE = ("check mode", "--tags renew")
CASES = [
    dataclasses.replace(case, soak=case.soak or case.way.name in RARE or (case.way is site and "mail" in case.name))
    for case in CASES
]
