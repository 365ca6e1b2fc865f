# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the table of starts: a way to start the role, what is wrong with a line, and what is promised there.

The cells of one way share a run: each is a line of the local API with a router of its own, unless several name a host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .bench import STATE_RE

ROLE = "ownrouter.ovhcloud.router_pppoe"
FOLDER = Path(__file__).resolve().parents[2] / "roles" / "router_pppoe"
#: A command, with the inventory that was given, or what takes its place for a job.
GOES_ON = re.compile(r"\bansible(-playbook)? (-\S+ )*-i |launch the same job again")
PHASES = ("preflight", "provision", "renew", "collect", "store", "apply", "verify")


def entry_points() -> dict[str, dict[str, Any]]:
    """The role's documented entry points, each with its variables."""
    text = (FOLDER / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = {
        name: spec["options"] for name, spec in yaml.safe_load(text)["argument_specs"].items()
    }
    return found


def inner_files() -> list[str]:
    """The role's task files that act and are no entry points: nobody is meant to begin there."""
    tasks = FOLDER / "tasks"
    # What only keeps facts can do nothing.
    acting = [path for path in tasks.rglob("*.yml") if "ownrouter.ovhcloud." in path.read_text(encoding="utf-8")]
    names = {str(path.relative_to(tasks).with_suffix("")) for path in acting}
    return sorted(names - set(entry_points()))


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a line. ``mail``: seconds from the request to its mail, None for never."""

    name: str
    right: bool = True
    status: str = "active"
    writable: bool = True
    mail: float | None = 0.3
    #: The host that talks to the API: "" is localhost. near: another one, of the inventory. gone: one that cannot be
    #: reached. gone after: from the request on. gone from N: from the N-th connection on.
    api: str = ""


NOTHING = Wrong("nothing")
NO_RIGHT = Wrong("missing right", right=False)
UNWRITABLE = Wrong("router unwritable", writable=False)
INACTIVE = Wrong("access inactive", status="migration")
LOST = Wrong("mail lost", mail=None)


def mail(seconds: float) -> Wrong:
    """Nothing is wrong, and the mail takes so long."""
    return Wrong(f"mail after {seconds:g} s", mail=seconds)


@dataclass(frozen=True)
class Way:
    """A command that starts the role. ``kind``: what it is a case of; each kind is met in `make test`.

    ``play``: the plays, or the name of a playbook of the collection. ``words``: what is added to the command;
    ``{task:0.5}`` is the name of the task in the middle of those that Ansible lists. ``files``: files beside the
    playbook. ``soak``: for `make soak` alone. ``again``: the command is given a second time in `make test`, too.
    """

    name: str
    kind: str
    play: str | list[dict[str, Any]]
    words: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    cfg: str = ""
    files: Mapping[str, Any] = field(default_factory=dict)
    soak: bool = False
    again: bool = False


@dataclass(frozen=True)
class Seen:
    """What can be seen of a line after a run.

    ``router``: kept (as it was before the first run), set (the line's present password), other. ``handed``: right,
    wrong or "" for what the caller's own tasks, or his store, were given. ``late``: seconds from the line's own mail to
    the router's session, None without one. ``failed``: all that the host was told in failures; ``said``: and else.
    """

    ok: bool
    posts: int
    router: str
    up: bool
    handed: str
    changed: int
    late: float | None
    failed: str
    said: str

    def __str__(self) -> str:
        return _short("ok" if self.ok else "fails", self.posts, self.router, self.up, self.handed)


@dataclass(frozen=True)
class Promise:
    """What a run must come to for one line. None: it depends.

    ``ok``: whether its host ends well. ``told``: a failure, ignored or not, says what is true now and how to go on.
    ``says``: words of what the host was told, ``unsaid``: words that would be wrong. ``within``: seconds from the
    line's own mail to its session. ``predicts``: a change is told. ``quiet``: a failure need not be ours.
    """

    ok: bool | None
    posts: int
    router: str | None
    up: bool | None
    handed: str | None = ""
    says: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    within: float | None = None
    predicts: bool = False
    told: bool = True

    def __str__(self) -> str:
        return _short({True: "ok", False: "fails", None: "-"}[self.ok], self.posts, self.router, self.up, self.handed)

    def broken_by(self, seen: Seen) -> list[str]:
        """Where a run did not keep it."""
        broken = []
        for name in ("ok", "posts", "router", "up", "handed"):
            promised, real = getattr(self, name), getattr(seen, name)
            if promised is not None and promised != real:
                broken.append(f"{name} is {real!r}, promised {promised!r}")
        broken += [f"it does not say: {words}" for words in self.says if words.lower() not in seen.said.lower()]
        broken += [f"it says: {words}" for words in self.unsaid if words.lower() in seen.said.lower()]
        if self.within is not None and (seen.late is None or seen.late > self.within):
            broken.append(f"session {seen.late} s after its mail, promised within {self.within} s")
        if self.predicts and not seen.changed:
            broken.append("no change is predicted")
        if self.told and (not seen.ok or seen.failed):
            if not STATE_RE.search(seen.failed):
                broken.append("it does not say what is true now or was not done")
            if not GOES_ON.search(seen.failed):
                broken.append("it does not give the command that goes on")
        return broken


def _short(exit_: str, posts: int, router: str | None, up: bool | None, handed: str | None) -> str:
    session = {True: "up", False: "down", None: "-"}[up]
    return f"{exit_}, {posts} POST, {router or '-'}, {session}{f', handed {handed}' if handed else ''}"


#: The whole renewal.
DONE = Promise(True, 1, "set", True)
#: Login and password are handed to the caller; the router is his.
HANDED = Promise(True, 1, "kept", False, handed="right")
#: Stopped before the request, with a sentence.
REFUSED = Promise(False, 0, "kept", True)
#: The same, where Ansible itself may be the one that says why.
STOPPED = Promise(False, 0, "kept", True, told=False)
#: The same, and the user has asked for failures to be ignored or rescued: how the run ends is his.
PASSED = Promise(None, 0, "kept", True)
#: Nothing was asked for or nothing was begun: well, and nothing done.
QUIET = Promise(True, 0, "kept", True)
#: Asked for, and no password came: what is true and how to go on are told.
LEFT = Promise(False, 1, "kept", False)
#: Check mode: the change is foreseen, and nothing is dead.
FORESEEN = Promise(True, 0, "kept", True, says=("would",), unsaid=("is dead", "no longer valid"), predicts=True)
#: What leaves out a part of a renewal is refused by name.
TAGS = Promise(False, 0, "kept", True, says=("tags",))
#: All of it, or nothing of it.
WHOLE = (DONE, REFUSED)


@dataclass(frozen=True)
class Cell:
    """One line of the table. ``promised``: one of these. ``host``: cells that name one are lines of the same host.

    ``custom``: the router is set by the platform of one's own that stands beside the playbook. ``variables``: more of
    its host, or None for one of the role's that is left out; ``{top}`` is the folder of the playbook.
    """

    way: Way
    wrong: Wrong
    promised: tuple[Promise, ...]
    custom: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    host: str = ""
    note: str = ""
    soak: bool = False

    @property
    def name(self) -> str:
        words = [self.way.name, self.wrong.name, *(["custom"] if self.custom else []), self.host, self.note]
        return ": ".join(word for word in words if word)

    @property
    def expected(self) -> str:
        return " | ".join(map(str, self.promised))


# -- plays


def play(*tasks: dict[str, Any], **keys: Any) -> list[dict[str, Any]]:
    """A play on all routers: tasks, or whatever keys say."""
    return [{"hosts": "routers", "gather_facts": False, **keys, **({"tasks": list(tasks)} if tasks else {})}]


def roles(**keys: Any) -> list[dict[str, Any]]:
    """A user's play with ``roles:``."""
    return play(**{"roles": [ROLE], **keys})


def include(entry: str = "", how: str = "include_role", **more: Any) -> dict[str, Any]:
    """The role as a task. A keyword ``options`` goes into the include itself, the others beside it."""
    options = {"name": ROLE, **({"tasks_from": entry} if entry else {}), **more.pop("options", {})}
    return {f"ansible.builtin.{how}": options, **more}


def say(text: str) -> dict[str, Any]:
    """A task of the user's."""
    return {"ansible.builtin.debug": {"msg": text}}


#: What follows the entry point credentials in a user's play: it writes down what it was handed.
TAKE = {
    "ansible.builtin.copy": {
        "content": "{{ router_pppoe_credentials | to_json }}",
        "dest": "{{ mine }}/handed-{{ router_pppoe_service_name }}",
        "mode": "0600",
    },
    "no_log": True,
    "diff": False,
}
#: And whether names by which values are given were used to hand some out.
NAMES = say(
    "handed over, {{ 'clean' if (router_pppoe_login | default('', true) ~ router_pppoe_password"
    " | default('', true)) == '' else 'by the names of what is given' }}"
)
STORE = [
    {
        "ansible.builtin.copy": {
            "content": "{{ {'service_name': router_pppoe_service_name, 'login': router_pppoe_login,"
            " 'password': router_pppoe_password} | to_json }}",
            "dest": "{{ mine }}/handed-{{ router_pppoe_service_name }}",
            "mode": "0600",
        },
        "no_log": True,
        "diff": False,
    }
]


def written(value: Any) -> str:
    """A playbook or a file of tasks as text: JSON is YAML."""
    return value if isinstance(value, str) else json.dumps(value, indent=1)
