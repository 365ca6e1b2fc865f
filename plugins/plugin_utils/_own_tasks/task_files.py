# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Task files of the user's own, given the password: what would show it, what would end the run, what they leave.

Only what Ansible itself makes of a file's words counts: a text such as ``no_log: "false"`` is false, and a template is
not known.
"""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

SECRET = "router_pppoe_password"
#: It, and the result of the step before, which holds it.
SECRETS = frozenset({SECRET, "_router_pppoe_step", "router_pppoe_keep"})
#: Facts that a platform or a store hands on to the role.
CONTRACT = re.compile(r"router_pppoe_(?:router|session|applied|provisioned|kept)")
#: What a block may have beside its tasks and do nothing: others count as an act.
KEYWORDS = frozenset(
    ("name", "when", "vars", "tags", "become", "delegate_to", "environment", "check_mode", "no_log", "diff")
)
BLOCKS = ("block", "rescue", "always")
CORE = r"(?:ansible\.(?:builtin|legacy)\.)?"
TASKS = re.compile(rf"{CORE}(include|import)_tasks")
ROLE = re.compile(rf"{CORE}(include|import)_role")
FACT = re.compile(rf"{CORE}set_fact")
META = re.compile(rf"{CORE}meta")
#: What ends a host's tasks and is no failure: no rescue, no always and no later task comes (ansible-core 2.19 to 2.21).
ALONE, ALL = ("end_host", "end_role"), ("end_play", "end_batch")
#: ansible-core shows the message of a task that failed also under no_log (2.19 to 2.21).
TELLING = re.compile(rf"{CORE}(?:fail|assert)")
NAME = re.compile(r"[A-Za-z_]\w*")


class Unfit(Exception):
    """A file of tasks is not fit for the role; the text says why, as a whole sentence."""


class TaskFiles:
    """Files of tasks, and those that they include.

    :param load: reads a YAML file, as Ansible's loader does
    :ivar kept: names of variables that tasks with no_log leave behind
    """

    def __init__(self, load: t.Callable[[str], t.Any]) -> None:
        self._load = load
        self._seen: set[tuple[Path, bool, frozenset[str]]] = set()
        self._reads = self._may_end = False
        self.kept: list[str] = []

    def check(self, path: Path, given: bool = True, reads: bool = False, may_end: bool = False) -> None:
        """
        :param given: the file is run with the password
        :param reads: each task may have it, wherever from
        :param may_end: nothing of this line's renewal is left half done where a task ends its host's play
        :raises Unfit: when this is no list of tasks, or one would show the password or end the run
        """
        self._reads, self._may_end = reads, may_end
        self._file(path, False, SECRETS, given)

    def loaded(self, path: Path) -> t.Any:
        """:raises Unfit: when this is no YAML"""
        try:
            return self._load(str(path))
        except AnsibleError as error:
            raise Unfit(f"{path} is no YAML: {error.message}.") from error

    def _file(self, path: Path, hidden: bool, names: frozenset[str], given: bool) -> None:
        if (path, hidden, names) in self._seen:
            return
        self._seen.add((path, hidden, names))
        tasks = self.loaded(path)
        if not isinstance(tasks, list) or not tasks or not all(isinstance(task, dict) for task in tasks):
            raise Unfit(f"{path} is not a list of tasks.")
        self._tasks(path, tasks, hidden, names, given)

    def _tasks(self, path: Path, tasks: t.Any, hidden: bool, names: frozenset[str], given: bool) -> frozenset[str]:
        """
        :param hidden: no_log is inherited
        :param names: of what holds the password
        :returns: these, and those that tasks have given it
        """
        for task in tasks if isinstance(tasks, list) else []:
            if isinstance(task, dict):
                names = self._task(path, task, hidden, names, given)
        return names

    def _task(
        self, path: Path, task: dict[str, t.Any], hidden: bool, names: frozenset[str], given: bool
    ) -> frozenset[str]:
        quiet = hidden if "no_log" not in task else certain(task["no_log"])
        own = aliases(task.get("vars"), names)
        inner = names | own
        rest = {key: value for key, value in task.items() if key not in BLOCKS}
        if any(key in task for key in BLOCKS) and isinstance(task.get("vars"), dict):
            # A block shows nothing itself, and its tasks are looked at with the new name.
            rest["vars"] = {name: value for name, value in task["vars"].items() if name not in own}
        names_it = mentions(rest, inner)
        reads = self._reads and bool(set(rest) - KEYWORDS)
        title = f"{path}: the task {str(task.get('name') or 'without a name')!r}"
        if (end := ended_by(rest)) and not (self._may_end and end in ALONE):
            raise Unfit(
                f"{title} ends what is left of the run (meta: {end}), so that a line that was cut would stay offline: "
                "let it fail where something is wrong, or leave it out."
            )
        if not self._may_end and (why := strays(rest, names_it or reads or quiet)):
            raise Unfit(f"{title} {why}")
        includes = next(filter(None, map(TASKS.fullmatch, rest)), None)
        if includes:
            self._included(path, task, includes, hidden if includes[1] == "include" else quiet, inner, given, title)
        elif role := next(filter(None, map(ROLE.fullmatch, rest)), None):
            if names_it and not self._applied(task, role, hidden if role[1] == "include" else quiet):
                raise Unfit(
                    f"{title} gives {SECRET} to a role, which could show it: it needs no_log: true"
                    f"{' below apply' if role[1] == 'include' else ''}."
                )
        elif (names_it or reads) and not quiet:
            template = "{{" in str(task.get("no_log"))
            why = "may show it, since its no_log is a template" if template else "would show it"
            has = f"is given {SECRET}" if names_it else "may have the password"
            raise Unfit(f"{title} {has} and {why}: it needs no_log: true and diff: false.")
        elif names_it and any(TELLING.fullmatch(key) and mentions(rest[key], inner) for key in rest):
            raise Unfit(f"{title} tells {SECRET} in its message, which ansible-core shows also under no_log.")
        facts = next((rest[key] for key in rest if FACT.fullmatch(key)), None)
        if quiet or task.get("no_log"):
            self._keep(task.get("register"), *(facts if isinstance(facts, dict) else ()))
        for key in BLOCKS:
            inner = self._tasks(path, task.get(key), quiet, inner, given)
        return names | aliases(facts, inner) | (inner - names if any(key in task for key in BLOCKS) else frozenset())

    def _keep(self, *names: t.Any) -> None:
        for name in map(str, names):
            if NAME.fullmatch(name) and name != "None" and not CONTRACT.fullmatch(name) and name not in self.kept:
                self.kept.append(name)

    @staticmethod
    def _applied(task: dict[str, t.Any], which: re.Match[str], inherited: bool) -> bool:
        """Is no_log certain for what is included? Its own no_log is not handed on by an include."""
        words = task.get(which[0])
        applied = words.get("apply") if isinstance(words, dict) else None
        if isinstance(applied, dict) and "no_log" in applied:
            return certain(applied["no_log"])
        return inherited

    def _included(
        self,
        path: Path,
        task: dict[str, t.Any],
        which: re.Match[str],
        inherited: bool,
        names: frozenset[str],
        given: bool,
        title: str,
    ) -> None:
        words = task.get(which[0]) or task.get("args")
        name = words.get("file") if isinstance(words, dict) else words
        hidden = self._applied(task, which, inherited)
        found = None
        if isinstance(name, str) and "{{" not in name:
            places = (path.parent / name, path.parent / "tasks" / name)
            found = next((one for one in places if one.is_file()), None)
        if found:
            self._file(found, hidden, names, given)
        elif given and not hidden:
            below = " below apply" if which[1] == "include" else ""
            raise Unfit(
                f"{title} includes {name or 'a file'}, which cannot be looked at beforehand: name a file beside "
                f"{path.name}, or give no_log: true{below}."
            )


def ended_by(task: t.Mapping[str, t.Any]) -> str:
    """The word by which this task ends a host's tasks without a failure; "" for none."""
    for key in filter(META.fullmatch, task):
        words = task[key]
        word = words.get("_raw_params") if isinstance(words, dict) else words
        if (found := str(word).strip()) in ALONE + ALL:
            return found
    return ""


def strays(task: t.Mapping[str, t.Any], secret: bool) -> str:
    """Why what this task leaves would be found by another line, or in a file, as the end of a sentence; "" if not.

    :param secret: it may hold the password
    """
    words = [one for key in task if TASKS.fullmatch(key) or ROLE.fullmatch(key) for one in [task[key]]]
    applied = [one["apply"] for one in words if isinstance(one, dict) and isinstance(one.get("apply"), dict)]
    has = {key: value for one in (*applied, task) for key, value in one.items()}
    if maybe(has.get("run_once")):
        return (
            "is done once for all hosts of a play, and each of them would get what is one line's: leave run_once out. "
            "To write on one host, delegate_to is enough."
        )
    facts = next((task[key] for key in task if FACT.fullmatch(key)), None)
    if not secret or not isinstance(facts, dict):
        return ""
    if maybe(facts.get("cacheable")):
        return "puts what may be the password into the fact cache, which is a file as a rule: leave cacheable out."
    if maybe(has.get("delegate_facts")):
        return "gives what may be the password to another host, where it stays: leave delegate_facts out."
    return ""


def maybe(value: t.Any) -> bool:
    """Is that on, or a template, which may be?"""
    try:
        return value is not None and bool(boolean(value, strict=True))
    except TypeError:
        return True


def certain(value: t.Any) -> bool:
    """Is no_log on whatever happens? A template may be false."""
    try:
        return bool(boolean(value, strict=True))
    except TypeError:
        return False


def mentions(part: t.Any, names: t.Iterable[str]) -> bool:
    """Does one of these names stand there as a word?"""
    text = json.dumps(part, default=str)
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def aliases(given: t.Any, names: t.Iterable[str]) -> frozenset[str]:
    """The variables among these that are the password under another name; what is worked out from it is none."""
    either = "|".join(map(re.escape, sorted(names)))
    whole = re.compile(rf"\s*\{{\{{-?\s*(?:{either})(?:\.\w+)?\s*(?:\|[^=<>]*)?\}}\}}\s*")
    pairs = given.items() if isinstance(given, dict) else ()
    return frozenset(str(name) for name, value in pairs if isinstance(value, str) and whole.fullmatch(value))
