# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of starts: entry points, strategies, and what stands round the role in a user's play."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any

from .starts import (
    DONE,
    FORESEEN,
    HANDED,
    INACTIVE,
    LEFT,
    LOST,
    NAMES,
    NO_RIGHT,
    NOTHING,
    PASSED,
    QUIET,
    REFUSED,
    ROLE,
    STOPPED,
    STORE,
    TAKE,
    UNWRITABLE,
    Cell,
    Promise,
    Way,
    Wrong,
    include,
    inner_files,
    mail,
    play,
    roles,
    say,
)

with_ = dataclasses.replace
#: A file of the role alone: no request, however it ends.
ALONE = Promise(None, 0, "kept", True, told=False)
#: Asked for, no password came, and the user's own words round the role decide how the run ends.
LEFT_PASSED = with_(LEFT, ok=None)
#: Set soon after its own mail, whatever other lines wait for. What waits for a lost one waits longer.
SOON = with_(DONE, within=10.0)
PATIENT = {"router_pppoe_mail_timeout": 20}
LOOP: dict[str, Any] = {"loop": "{{ lines }}", "loop_control": {"loop_var": "line"}}
INTERRUPTED = with_(DONE, ok=False, told=False)
NOT_BEGUN = with_(STOPPED)
CELLS: list[Cell] = []
LIKE: collections.Counter[str] = collections.Counter()


def rows(way: Way, *cells: tuple[Wrong, Promise | tuple[Promise, ...]], **more: Any) -> None:
    """Cells of one way; MORE goes into each. Platforms of one's own take most time: for the soak, unless OFTEN."""
    often = more.pop("often", not more.get("custom"))
    for wrong, promised in cells:
        cell = Cell(
            way, wrong, promised if isinstance(promised, tuple) else (promised,), soak=way.soak or not often, **more
        )
        LIKE[cell.name] += 1
        CELLS.append(with_(cell, note=f"{cell.note} #{LIKE[cell.name]}".strip()) if LIKE[cell.name] > 1 else cell)


def line(number: int, task: dict[str, Any]) -> dict[str, Any]:
    """A task for the line with that number of its host."""
    names = ("service_name", "interface")
    return {**task, "vars": {f"router_pppoe_{name}": f"{{{{ lines[{number}].{name} }}}}" for name in names}}


def each_line(task: dict[str, Any]) -> dict[str, Any]:
    """A task in a loop over the lines of its host."""
    names = ("service_name", "interface")
    return {**task, **LOOP, "vars": {f"router_pppoe_{name}": f"{{{{ line.{name} }}}}" for name in names}}


#: One of these is a host's variable "inner"; the last is one that a role of 0.1.0 had.
FILES = sorted({*inner_files(), "renew"})
#: Of these, the ones that `make test` begins at: a part of a step, all steps, and the one that is no longer there.
FEW = ("renew", "set", "whole")


def each_file() -> list[dict[str, Any]]:
    """An include of each file, for the hosts it is meant for: Ansible takes a name in a template from one of them."""
    return [include(file, when=f"inner == '{file}'") for file in FILES]


BEFORE = ((NO_RIGHT, REFUSED), (UNWRITABLE, REFUSED), (INACTIVE, REFUSED))

# -- entry points

renew = Way("playbook renew", "playbook", "ownrouter.ovhcloud.renew")
rows(renew, (NOTHING, DONE), *BEFORE)
rows(renew, (NOTHING, DONE), (UNWRITABLE, REFUSED), custom=True)
preflight = Way("playbook preflight", "playbook", "ownrouter.ovhcloud.preflight", soak=True)
rows(preflight, (NOTHING, QUIET), *BEFORE)
plain = Way("roles", "roles", roles(), again=True)
rows(plain, (NOTHING, DONE))
rows(plain, *BEFORE, often=False)
rows(plain, (NOTHING, DONE), (UNWRITABLE, REFUSED), custom=True, often=True)
imported = Way("import_role", "import_role", play(include(how="import_role")))
rows(imported, (NOTHING, DONE), BEFORE[0])
rows(imported, *BEFORE[1:], often=False)
included = Way("include_role", "include_role", play(include()))
rows(included, (NOTHING, DONE), BEFORE[0])
rows(included, *BEFORE[1:], often=False)
rows(included, (NOTHING, DONE), custom=True)
proof = Way("tasks_from preflight", "preflight", play(include("preflight")))
rows(proof, (NOTHING, QUIET), BEFORE[0])
rows(proof, *BEFORE[1:], often=False)
rehearsing = Way("tasks_from rehearse", "rehearse", play(include("rehearse")))
rows(rehearsing, (NOTHING, with_(QUIET, says=("the router was made to dial once",))), BEFORE[0])
rows(rehearsing, *BEFORE[1:], often=False)
rows(rehearsing, (NOTHING, with_(REFUSED, says=("router_pppoe_platform is custom",))), custom=True)
handing = Way("tasks_from credentials", "credentials", play(include("credentials"), TAKE, NAMES))
rows(handing, (NOTHING, with_(HANDED, says=("handed over, clean",))), (NO_RIGHT, REFUSED))
rows(handing, (INACTIVE, REFUSED), often=False)
rows(handing, (LOST, LEFT))
rows(handing, (NOTHING, with_(HANDED, says=("handed over, clean",))), custom=True)
inner = Way("tasks_from an inner file", "inner", play(*each_file()))
for file in FILES:
    ended = STOPPED if file == "renew" else ALONE
    rows(inner, (NOTHING, ended), variables={"inner": file}, note=file, often=file in FEW)

# -- three lines of one host

loop = Way("include_role in a loop", "loop", play(each_line(include())))
rows(loop, (NOTHING, DONE), (mail(2), DONE), (NOTHING, DONE), host="three")
broken = Way("loop, the second line cannot", "loop", play(each_line(include())), soak=True)
rows(broken, (NOTHING, INTERRUPTED), (INACTIVE, REFUSED), (NOTHING, NOT_BEGUN), host="three")
custom_loop = Way("loop, custom", "loop", play(each_line(include())), soak=True)
rows(custom_loop, (NOTHING, DONE), (NOTHING, DONE), (NOTHING, DONE), host="three", custom=True)
handed_loop = Way(
    "credentials in a loop",
    "loop",
    play(each_line({"ansible.builtin.include_tasks": "one.yml"})),
    files={"one.yml": [include("credentials"), TAKE]},
    soak=True,
)
rows(handed_loop, (NOTHING, HANDED), (mail(2), HANDED), (NOTHING, HANDED), host="three")

# -- another line's proof on the same host

after_a = Way(
    "a preflight of A, an inner file for B",
    "another proof",
    play(line(0, include("preflight")), *(line(1, task) for task in each_file())),
)
whole_a = Way(
    "all of A, an inner file for B",
    "another proof",
    play(line(0, include()), *(line(1, task) for task in each_file())),
    soak=True,
)
for file in FILES:
    more: dict[str, Any] = {"variables": {"inner": file}, "host": file.replace("/", "_"), "often": file in FEW[1:]}
    rows(after_a, (NOTHING, ALONE), (NOTHING, ALONE), **more)
    rows(whole_a, (NOTHING, with_(DONE, ok=None, told=False)), (NOTHING, ALONE), **more)
tagged_b = Way(
    "all of A, B by its tags",
    "another proof",
    play(
        line(0, include(options={"apply": {"tags": ["preflight", "renew"]}}, tags=["renew"])),
        line(1, include(tags=["renew"])),
    ),
    ("--tags", "renew"),
    soak=True,
)
rows(tagged_b, (NOTHING, (with_(DONE, ok=None), PASSED)), (NOTHING, PASSED), host="two")
A_and_b = Way("A, then B that cannot", "another proof", play(line(0, include()), line(1, include())), soak=True)
rows(A_and_b, (NOTHING, INTERRUPTED), (NO_RIGHT, REFUSED), host="two")

# -- every entry point twice


def twice(*entries: str) -> Way:
    """The entry points after one another for the same line."""
    tasks = [
        task for entry in entries for task in ([include(entry), TAKE] if entry == "credentials" else [include(entry)])
    ]
    names = " and ".join(entry or "main" for entry in entries)
    often = entries == ("credentials", "")
    return Way(f"twice, {names}", "twice", play(*tasks, NAMES), soak=not often, again=often)


BOTH = with_(DONE, handed="right")
for entries, promised in {
    ("", ""): DONE,
    ("preflight", "preflight"): QUIET,
    ("credentials", "credentials"): HANDED,
    ("preflight", ""): DONE,
    ("", "credentials"): BOTH,
    ("credentials", ""): BOTH,
    ("", "preflight"): DONE,
}.items():
    rows(twice(*entries), (NOTHING, promised), (NO_RIGHT, REFUSED))
for entries, promised in {("", ""): DONE, ("credentials", ""): BOTH}.items():
    rows(twice(*entries), (NOTHING, promised), custom=True)

# -- strategies, batches, forks

three = ((mail(1), SOON), (mail(3), SOON), (LOST, LEFT))
linear = Way("linear, one mail lost", "linear", roles())
rows(linear, *three, variables=PATIENT)
free = Way("free, one mail lost", "free", roles(strategy="free"))
rows(free, *three, variables=PATIENT)
rows(free, (NO_RIGHT, REFUSED), (NOTHING, DONE), often=False)
free_custom = Way("free, custom", "free", roles(strategy="free"), soak=True)
rows(free_custom, *three, variables=PATIENT, custom=True)
one_fork = Way("one fork", "forks", roles(), ("--forks", "1"))
rows(one_fork, (NOTHING, SOON), (LOST, LEFT), (NOTHING, SOON))
rows(one_fork, (NO_RIGHT, REFUSED), often=False)
one_fork_free = Way("one fork, free", "forks", roles(strategy="free"), ("--forks", "1"), soak=True)
rows(one_fork_free, (NOTHING, SOON), (LOST, LEFT), (NOTHING, SOON))
serial = Way("serial 1", "serial", roles(serial=1))
rows(serial, (NOTHING, DONE))
rows(serial, (NOTHING, DONE), often=False)
rows(serial, (NO_RIGHT, REFUSED), (NOTHING, ALONE))
serial_custom = Way("serial 2, 2 forks", "serial", roles(serial=2), ("--forks", "2"), soak=True)
rows(serial_custom, (NOTHING, DONE), (NOTHING, DONE), (NOTHING, DONE), custom=True)
FORKS = with_(REFUSED, says=("forks",))
batch = Way("a batch larger than the forks", "batch", roles(), ("--forks", "2"))
rows(batch, (NOTHING, FORKS), (NOTHING, FORKS), (NOTHING, FORKS), custom=True, often=True)
batch_free = Way("the same, free", "batch", roles(strategy="free"), ("--forks", "2"), soak=True)
rows(batch_free, (NOTHING, FORKS), (NOTHING, FORKS), (NOTHING, FORKS), custom=True)
batch_fits = Way("a batch as large as the forks", "batch", roles(), ("--forks", "3"), soak=True)
rows(batch_fits, (NOTHING, DONE), (mail(2), DONE), (NOTHING, DONE), custom=True)

# -- what stands round the role

ignoring = Way("ignore_errors on the role", "ignore_errors", roles(roles=[{"role": ROLE, "ignore_errors": True}]))
rows(ignoring, (NOTHING, (DONE, PASSED)), (UNWRITABLE, PASSED))
rows(ignoring, (NO_RIGHT, PASSED), (INACTIVE, PASSED), often=False)
rows(ignoring, (LOST, (LEFT_PASSED, PASSED)))
rows(ignoring, (NOTHING, (DONE, PASSED)), (UNWRITABLE, PASSED), custom=True)
ignoring_play = Way(
    "ignore_errors on the play", "ignore_errors", play(include("credentials"), ignore_errors=True), soak=True
)
rows(ignoring_play, (NO_RIGHT, PASSED), (INACTIVE, PASSED))
unreached = Way("ignore_unreachable on the play", "ignore_errors", roles(ignore_unreachable=True), soak=True)
rows(unreached, (Wrong("api host gone", api="gone"), PASSED))
rescued = Way("a block round the role", "rescue", play({"block": [include()], "rescue": [say("it goes on")]}))
rows(rescued, (NOTHING, DONE), (NO_RIGHT, PASSED), (LOST, LEFT_PASSED))
rows(rescued, (UNWRITABLE, PASSED), often=False)
rows(rescued, (UNWRITABLE, PASSED), custom=True)
rescued_first = Way(
    "a rescued preflight, then the role",
    "rescue",
    play({"block": [include("preflight")], "rescue": [say("it goes on")]}, include()),
    soak=True,
)
rows(rescued_first, (NOTHING, DONE), *BEFORE)
rescued_inner = Way(
    "a rescued preflight, then an inner file",
    "rescue",
    play({"block": [include("preflight")], "rescue": [say("it goes on")]}, *each_file()),
    soak=True,
)
for file in FILES:
    rows(rescued_inner, (NO_RIGHT, ALONE), variables={"inner": file}, note=file)
fatal = Way("any_errors_fatal, one preflight fails", "any_errors_fatal", roles(any_errors_fatal=True))
rows(fatal, (NOTHING, (PASSED, DONE)), (NO_RIGHT, REFUSED))
rows(fatal, (NOTHING, (PASSED, DONE)), custom=True)
fatal_late = Way("any_errors_fatal, one mail lost", "any_errors_fatal", roles(any_errors_fatal=True), soak=True)
rows(fatal_late, (mail(1), with_(SOON, ok=None)), (LOST, LEFT))
TIMEOUT = "[defaults]\ntask_timeout = 12\n"
timeout = Way("task_timeout, a mail after it", "task_timeout", roles(), cfg=TIMEOUT)
rows(timeout, (mail(15), DONE), (NO_RIGHT, REFUSED))
rows(timeout, (mail(15), DONE), custom=True)
timeout_handed = Way(
    "task_timeout, credentials", "task_timeout", play(include("credentials"), TAKE), cfg=TIMEOUT, soak=True
)
rows(timeout_handed, (mail(15), HANDED))

# -- check mode

SHOWN = say(
    "handed over {{ 'something' if router_pppoe_credentials.password and router_pppoe_credentials.login else '' }}"
)
PLACEHOLDERS = with_(QUIET, says=("handed over something",), unsaid=FORESEEN.unsaid)
check = Way("--check", "check", roles(), ("--check",))
rows(check, (NOTHING, FORESEEN), (NO_RIGHT, REFUSED))
rows(check, (NOTHING, FORESEEN), custom=True)
check_handed = Way("--check, credentials", "check", play(include("credentials"), TAKE, SHOWN), ("--check",), soak=True)
rows(check_handed, (NOTHING, PLACEHOLDERS), (NO_RIGHT, REFUSED))
for name, plays, words in (
    ("check_mode on the play", roles(check_mode=True), ()),
    ("check_mode on the role", roles(roles=[{"role": ROLE, "check_mode": True}]), ()),
    ("check_mode on the block", play({"block": [include()], "check_mode": True}), ()),
    ("check_mode on the include", play(include(options={"apply": {"check_mode": True}})), ()),
    ("check_mode on the import", play(include(how="import_role", check_mode=True)), ()),
    ("--check and check_mode: false", roles(check_mode=False), ("--check",)),
):
    checked = Way(name, "check", plays, words, soak=name != "check_mode on the play")
    rows(checked, (NOTHING, FORESEEN))
    rows(checked, (NOTHING, FORESEEN), custom=True)
check_handed_play = Way(
    "check_mode on the play, credentials",
    "check",
    play(include("credentials"), TAKE, SHOWN, check_mode=True),
    soak=True,
)
rows(check_handed_play, (NOTHING, PLACEHOLDERS))

# -- a store of the user's own tasks, and another host that talks to the API

stored = Way("own store", "store", roles(), files={"store.yml": STORE})
rows(stored, (NOTHING, BOTH), (NO_RIGHT, REFUSED), variables={"router_pppoe_store": "{top}/store.yml"})
rows(stored, (NOTHING, BOTH), custom=True, variables={"router_pppoe_store": "{top}/store.yml"})
unstored = Way(
    "own store that fails",
    "store",
    roles(),
    files={"store.yml": [{"ansible.builtin.fail": {"msg": "the safe is locked"}}]},
    soak=True,
)
rows(unstored, (NOTHING, with_(DONE, ok=False)), variables={"router_pppoe_store": "{top}/store.yml"})


def api(kind: str) -> Wrong:
    return Wrong(f"api host {kind}", api=kind)


TOLD_AFTER = (LEFT, with_(DONE, ok=False))
elsewhere = Way("another api host", "api host", roles())
rows(elsewhere, (api("near"), DONE), (api("gone"), REFUSED), (api("gone after"), TOLD_AFTER))
rows(elsewhere, (Wrong("api host near, no right", right=False, api="near"), REFUSED), often=False)
rows(elsewhere, (api("near"), DONE), custom=True)
elsewhere_handed = Way("another api host, credentials", "api host", play(include("credentials"), TAKE), soak=True)
rows(elsewhere_handed, (api("near"), HANDED), (api("gone"), REFUSED), (api("gone after"), LEFT))
fading = Way("an api host that goes away", "api host", roles(), soak=True)
rows(fading, *((api(f"gone from {number}"), (with_(DONE, told=False), REFUSED, *TOLD_AFTER)) for number in range(2, 8)))
narrow = Way("another api host, a batch larger than the forks", "api host", roles(), ("--forks", "1"), soak=True)
rows(narrow, (api("near"), FORKS), (api("near"), FORKS))
