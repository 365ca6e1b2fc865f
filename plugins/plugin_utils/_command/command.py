# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that goes on: the words of this run, for this host alone and without what may be secret (pure).

A command is one line for a shell. What it leaves out is told by name, never by value. A job of AWX or ansible-runner
has no command of its user's: its words name paths that are gone by then.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import os
import re
import shlex
import typing as t
import unicodedata

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.typed import Option, Unreadable, parsed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.variables import PREFIX, variables
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import FINISH, PHASES

OURS = "ownrouter.ovhcloud."
BY_HAND = f"{OURS}by_hand"
#: The file that a person writes login and password into, where no playbook of ours asks for them.
HANDED = "by-hand.yml"
#: ansible-runner sets it in each of its modes, and AWX runs its jobs by ansible-runner (ansible-runner 2.4.3,
#: config/_base.py; AWX, docs/job_env of its API).
JOB = "AWX_ISOLATED_DATA_DIR"
TAGS, SKIP_TAGS, LIMIT, EXTRA, CHECK = "--tags", "--skip-tags", "--limit", "-e", "--check"
#: Options that may hold anything, a password for a proxy among it.
SECRET = ("--ssh-common-args", "--sftp-extra-args", "--scp-extra-args", "--ssh-extra-args")
#: A host's name that is a pattern for itself alone.
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
#: What an ad-hoc include of a role may be told by.
INCLUDES = frozenset({"name", "role", "tasks_from", "defaults_from", "vars_from", "handlers_from", "public"})


class Kind(enum.Enum):
    """How a run was started. ``OTHER``: not by words that can be given again."""

    OURS = "ours"
    YOURS = "yours"
    JOB = "job"
    OTHER = "other"


@dataclasses.dataclass(frozen=True)
class Standing:
    """Where a run stands in its inventory.

    :param hosts: of this play
    :param inventory: all hosts but an implicit localhost
    """

    host: str
    hosts: tuple[str, ...] = ()
    inventory: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Command:
    """A command, or what takes its standing.

    :param options: those that are given again, in their order
    :param only: the host, or hosts, that it is limited to; "" where the run had no other
    :param limit: its pattern
    :param rest: playbooks, or an ad-hoc command's pattern
    :param left_out: names of options and variables that have to be given again
    :param added: variables that are not those of this run
    :param by_hand: it takes login and password from a person
    :param whole: its tags were completed
    """

    kind: Kind = Kind.OTHER
    program: str = ""
    options: tuple[Option, ...] = ()
    only: str = ""
    limit: str = ""
    rest: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    by_hand: bool = False
    whole: bool = False

    @property
    def text(self) -> str:
        """The command as one line; "" where there is none."""
        if not self.program:
            return ""
        words = [self.program]
        for option in self.options:
            words += option.words()
        words += [LIMIT, self.limit] if self.limit else []
        for name, value in self.added:
            words += [EXTRA, f"{name}={value}"]
        words += [EXTRA, f"@{HANDED}"] if self.by_hand else []
        return shlex.join([*words, *self.rest])

    @property
    def phrase(self) -> str:
        """What to do where there is no command."""
        parts = ["launch the same job again" if self.kind is Kind.JOB else "run the same again"]
        parts += [f"limited to the host{'s' if ', ' in self.only else ''} {self.only}"] if self.only else []
        given = [f"{name}={value}" for name, value in self.added]
        given += ["router_pppoe_login", "router_pppoe_password"] if self.by_hand else []
        if given:
            several = f"{', '.join(given[:-1])} and {given[-1]}" if given[1:] else given[0]
            parts.append(f"with {several} as extra variable{'s' if given[1:] else ''}")
        if self.whole:
            parts.append(
                f"with all of {', '.join(_finish())} among its tags, if it has any, and none among skipped ones"
            )
        return ", ".join(parts)

    @property
    def check(self) -> bool:
        """Does it only look?"""
        return any(option.name == CHECK for option in self.options)

    def with_variable(self, name: str, value: str) -> Command:
        """The same with another value of a variable of ours, whatever gave it one before.

        :param value: one word without signs that a shell or Ansible would read
        """
        options = tuple(option for option in self.options if option.variable != name)
        added = (*(one for one in self.added if one[0] != name), (name, value))
        left_out = tuple(one for one in self.left_out if one != name)
        return dataclasses.replace(self, options=options, added=added, left_out=left_out)

    def with_option(self, name: str, value: str | None = None) -> Command:
        """The same with one more option of Ansible's."""
        return dataclasses.replace(self, options=(*self.options, Option(name, value)))

    def without(self, *names: str) -> Command:
        """The same without these options."""
        return dataclasses.replace(self, options=tuple(one for one in self.options if one.name not in names))

    def playbook(self, name: str) -> Command:
        """Another of our playbooks with the same words, but all of it; the same, where this is none of ours."""
        if self.kind is not Kind.OURS:
            return self
        bare = self.without(TAGS, SKIP_TAGS, "--start-at-task", "--step")
        return dataclasses.replace(bare, rest=(f"{OURS}{name}",))

    def whole_renewal(self) -> Command:
        """The same from its beginning, with tags that leave all that a renewal needs."""
        options = []
        for option in self.options:
            tags = [one.strip() for one in (option.value or "").split(",")]
            if option.name == "--start-at-task":
                continue
            if option.name == TAGS:
                tags = [*dict.fromkeys([*tags, *_finish()])]
            if option.name == SKIP_TAGS:
                tags = [one for one in tags if one not in {*PHASES, "all", "tagged", "always"}]
            if option.name not in (TAGS, SKIP_TAGS):
                options.append(option)
            elif tags:
                options.append(Option(option.name, ",".join(tags)))
        return dataclasses.replace(self, options=tuple(options), whole=True)

    def finish_by_hand(self) -> Command:
        """The same for login and password that a person has read: by our playbook that asks for them, or in a file."""
        if self.rest == (BY_HAND,):
            return self
        # The flag may stand in a file, or in the inventory.
        quiet = self.with_variable(f"{PREFIX}renew", "false").without(TAGS, SKIP_TAGS, "--start-at-task", "--step")
        if self.kind is not Kind.OURS:
            return dataclasses.replace(quiet, by_hand=True)
        flagged = any(option.name == EXTRA and (option.value or "").startswith("@") for option in self.options)
        return dataclasses.replace(quiet, rest=(BY_HAND,), added=quiet.added if flagged else self.added)

    def in_a_file(self) -> Command:
        """The same, with login and password in a file."""
        handed = (f"{PREFIX}login", f"{PREFIX}password")
        return dataclasses.replace(
            self, by_hand=True, left_out=tuple(one for one in self.left_out if one not in handed)
        )


def _finish() -> list[str]:
    return [phase for phase in PHASES if phase in FINISH]


def pattern_of(host: str) -> str:
    """A pattern of Ansible's that this host alone fits, whatever signs its name has.

    Patterns are split at commas, colons, blanks and brackets before they are read as a regular expression (ansible-core
    2.19 to 2.21, inventory/manager.py): none of these stands in one.
    """
    if PLAIN.fullmatch(host):
        return host
    return f"~{''.join(one if one.isalnum() else _escaped(one) for one in host)}$"


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def command_of(argv: t.Sequence[str], environment: t.Mapping[str, str], standing: Standing) -> Command:
    """The command that starts the same for one host.

    :param argv: of Ansible's main process
    """
    if JOB in environment:
        return Command(Kind.JOB, only=standing.host if _others(standing.hosts, standing) else "")
    program = os.path.basename(argv[0]) if argv else ""
    try:
        options, rest = parsed(program, argv[1:])
    except Unreadable:
        return Command(only=standing.host if _others(standing.hosts, standing) else "")
    kind = Kind.YOURS
    if program == "ansible-playbook" and all(one.startswith(OURS) for one in rest):
        kind = Kind.OURS
    # What else stands in a playbook of the user's, and for which hosts, is not known here.
    others = _others(standing.hosts if kind is Kind.OURS else (*standing.hosts, *standing.inventory), standing)
    kept, left_out = _kept(program, options)
    limit = pattern_of(standing.host) if others else ""
    if others:
        limited = any(option.name == LIMIT for option in kept)
        kept = [option for option in kept if option.name != LIMIT]
        # A play of the user's may prepare on localhost what the next one needs.
        if (
            kind is Kind.YOURS
            and not limited
            and program != "ansible"
            and "localhost" not in (standing.host, *standing.inventory)
        ):
            limit += ",localhost"
    if not all(map(in_one_line, rest)):
        return Command(only=standing.host if others else "")
    return Command(
        kind,
        program,
        tuple(kept),
        standing.host if others else "",
        limit,
        tuple(rest),
        tuple(dict.fromkeys(left_out)),
    )


def command_for(
    argv: t.Sequence[str], environment: t.Mapping[str, str], wanted: t.Sequence[str], standing: Standing
) -> Command:
    """The command that starts the same for these hosts.

    :param standing: of one of them
    """
    if set(standing.hosts) <= set(wanted):
        return command_of(argv, environment, Standing(standing.host))
    one = command_of(argv, environment, standing)
    limit = ",".join(map(pattern_of, wanted))
    rest = one.limit.removeprefix(pattern_of(standing.host))
    return dataclasses.replace(one, only=", ".join(wanted), limit=f"{limit}{rest}" if one.limit else "")


def in_one_line(text: str) -> bool:
    """Can that be read, and copied, in one line of a terminal?"""
    return all(one.isprintable() or unicodedata.category(one) == "Zs" for one in text)


def _others(hosts: t.Iterable[str], standing: Standing) -> bool:
    return bool(set(hosts) - {standing.host})


def _kept(program: str, options: t.Iterable[Option]) -> tuple[list[Option], list[str]]:
    """The options that can be given again, and the names of what cannot."""
    kept: list[Option] = []
    left_out: list[str] = []
    for option in options:
        value = option.value or ""
        if option.name == EXTRA and not value.startswith("@"):
            known, unknown = variables(value)
            kept += [Option(EXTRA, _given(name, one), name) for name, one in known]
            left_out += unknown
        elif option.name in SECRET or not in_one_line(value) or (option.name == "-a" and not _includes(value)):
            left_out.append(option.name)
        else:
            kept.append(option)
    return kept, left_out


def _includes(text: str) -> bool:
    """Is that the arguments of an ad-hoc include, and nothing else?"""
    try:
        pairs = [word.partition("=") for word in shlex.split(text)]
    except ValueError:
        return False
    return all(name in INCLUDES and value for name, _sign, value in pairs)


def _given(name: str, value: t.Any) -> str:
    """A variable as the value of ``-e``, with its type."""
    if isinstance(value, str) and re.fullmatch(r"[\w.:/@%+,=-]+", value, re.ASCII):
        return f"{name}={value}"
    if isinstance(value, (bool, int, float, type(None))):
        # YAML, without a quote that an output in JSON would have to mask.
        return f"{{{name}: {json.dumps(value)}}}"
    # A date is one for YAML alone.
    plain = json.dumps({name: value}, ensure_ascii=False, default=str)
    return plain if in_one_line(plain) else json.dumps({name: value}, default=str)
