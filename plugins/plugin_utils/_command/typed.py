# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of ansible-playbook and ansible, as a user typed them (pure).

ansible-core's own parser is no public interface, and forgets the order, and what was not given. A test holds these
tables against it for each supported version.
"""

from __future__ import annotations

import argparse
import dataclasses
import typing as t

#: Flags and options with a value of both programs; the name that is used comes first.
FLAGS = (
    "-v --verbose",
    "--check -C",
    "--diff -D",
    "--become -b",
    "--ask-become-pass -K",
    "--ask-pass -k",
    "--ask-vault-password --ask-vault-pass -J",
    "--flush-cache",
    "--list-hosts",
    "--version",
    "--help -h",
)
VALUES = (
    "-i --inventory --inventory-file",
    "-e --extra-vars",
    "--limit -l",
    "--forks -f",
    "--module-path -M",
    "--user -u",
    "--private-key --key-file",
    "--connection -c",
    "--timeout -T",
    "--ssh-common-args",
    "--sftp-extra-args",
    "--scp-extra-args",
    "--ssh-extra-args",
    "--connection-password-file --conn-pass-file",
    "--become-method",
    "--become-user",
    "--become-password-file --become-pass-file",
    "--vault-id",
    "--vault-password-file --vault-pass-file",
)
#: Further flags and options with a value of each.
PROGRAMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ansible-playbook": (
        ("--force-handlers", "--list-tags", "--list-tasks", "--step", "--syntax-check"),
        ("--tags -t", "--skip-tags", "--start-at-task"),
    ),
    "ansible": (
        ("--one-line -o",),
        (
            "-m --module-name",
            "-a --args",
            "--tree -t",
            "--playbook-dir",
            "--background -B",
            "--poll -P",
            "--task-timeout",
        ),
    ),
}


class Unreadable(Exception):
    """These are not the words of a command that is known here."""


@dataclasses.dataclass(frozen=True)
class Option:
    """One option as it was given.

    :param value: None for a flag
    :param variable: whose value it gives, if it is of ours
    """

    name: str
    value: str | None = None
    variable: str = ""

    def words(self) -> list[str]:
        if self.value is None:
            return [self.name]
        if self.value.startswith("-"):
            return [f"{self.name}={self.value}"]
        return [self.name, self.value]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> t.NoReturn:
        raise Unreadable


class _Take(argparse.Action):
    """Keeps an option where it was given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: t.Any,
        option_string: str | None = None,
    ) -> None:
        value = None if self.nargs == 0 else str(values)
        namespace.found.append(Option(self.option_strings[0], value))


def parsed(program: str, words: t.Sequence[str]) -> tuple[list[Option], list[str]]:
    """The options in their order, by their first names, and what is no option.

    :raises Unreadable: for another program, or words that it does not take
    """
    if program not in PROGRAMS:
        raise Unreadable
    flags, values = PROGRAMS[program]
    parser = _Parser(add_help=False)
    for names in FLAGS + flags:
        parser.add_argument(*names.split(), action=_Take, nargs=0, dest="found", default=argparse.SUPPRESS)
    for names in VALUES + values:
        parser.add_argument(*names.split(), action=_Take, dest="found", default=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="+")
    namespace = parser.parse_args(list(words), argparse.Namespace(found=[]))
    return namespace.found, namespace.rest
