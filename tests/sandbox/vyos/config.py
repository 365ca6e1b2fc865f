# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS's configuration: which paths there are, how they are written, set, deleted, compared and shown.

Sources: interface-definitions of vyos-1x (branches equuleus and sagitta), validate_value() of vyatta-cfg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Path = tuple[str, ...]

# What both releases know. "<…>" stands for a name or a value; a path without value at its end is a flag.
COMMON = """
system host-name <value>
service ssh port <value>
interfaces bridge <brN> member interface <ethN>
interfaces ethernet <ethN> address <value>
interfaces ethernet <ethN> description <value>
interfaces ethernet <ethN> hw-id <value>
interfaces ethernet <ethN> vif <vlan>
interfaces ethernet <ethN> vif <number> description <value>
interfaces ethernet <ethN> vif <number> address <value>
interfaces pppoe <pppoeN> authentication password <ascii>
interfaces pppoe <pppoeN> connect-on-demand
interfaces pppoe <pppoeN> description <value>
interfaces pppoe <pppoeN> dhcpv6-options pd <number> length <number>
interfaces pppoe <pppoeN> dhcpv6-options pd <number> interface <ethN> address <number>
interfaces pppoe <pppoeN> disable
interfaces pppoe <pppoeN> ipv6 address autoconf
interfaces pppoe <pppoeN> mtu <number>
interfaces pppoe <pppoeN> source-interface <value>
"""
ONLY = {
    "1.3": """
interfaces pppoe <pppoeN> authentication user <ascii>
interfaces pppoe <pppoeN> default-route <value>
""",
    "1.4": """
interfaces pppoe <pppoeN> authentication username <ascii>
interfaces pppoe <pppoeN> no-default-route
interfaces pppoe <pppoeN> holdoff <number>
""",
}
SHAPES = {
    "<value>": r"[^\n]+",
    "<ascii>": r"[\x01-\x7f]{1,128}",
    "<number>": r"[0-9]{1,5}",
    "<vlan>": r"[0-9]{1,4}",
    "<brN>": r"br[0-9]+",
    "<ethN>": r"eth[0-9]+(\.[0-9]+)?",
    "<pppoeN>": r"pppoe[0-9]+",
}
FORBIDDEN = {"'": "single quote (')", '"': 'double quote (")', "\n": "newline"}


class Refused(Exception):
    """VyOS refuses; the text is what it prints."""


def words(line: str) -> list[str]:
    """Split a line as VyOS's shell does, a bash without expansions: quotes and backslashes."""
    found: list[str] = []
    word: str | None = None
    position = 0
    while position < len(line):
        char = line[position]
        position += 1
        if char == "'":
            end = line.index("'", position)  # the caller asks for more lines until the quotes are closed
            word, position = (word or "") + line[position:end], end + 1
        elif char == '"':
            word = word or ""
            while line[position] != '"':
                if line[position] == "\\" and line[position + 1] in '"\\$`':
                    position += 1
                word += line[position]
                position += 1
            position += 1
        elif char == "\\":
            word, position = (word or "") + line[position : position + 1], position + 1
        elif char in " \t":
            if word is not None:
                found.append(word)
            word = None
        elif char in "|;&<>()`" or (char == "$" and re.match(r"[\w({]", line[position : position + 1])):
            raise Refused(f"\n  Invalid command: [{char}]\n\n")
        else:
            word = (word or "") + char
    if word is not None:
        found.append(word)
    return found


def is_open(line: str) -> bool:
    """Does bash wait for more, because a quote is not closed?"""
    try:
        words(line)
    except (ValueError, IndexError):
        return True
    except Refused:
        return False
    return False


@dataclass
class Schema:
    """The paths of one release."""

    release: str
    shapes: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shapes = [line.split() for line in (COMMON + ONLY[self.release]).splitlines() if line]

    def leaf(self, path: Path) -> bool:
        """Is this whole path something that can be set?"""
        return any(len(shape) == len(path) and self._fits(shape, path) for shape in self.shapes)

    def known(self, path: Path) -> bool:
        """Is this path, or the start of one, known?"""
        return any(len(shape) >= len(path) and self._fits(shape, path) for shape in self.shapes)

    def has_value(self, path: Path) -> bool:
        """Does the path end in a value, of which there can be one only?"""
        return any(
            len(shape) == len(path) and self._fits(shape, path) and shape[-1] in ("<value>", "<ascii>", "<number>")
            for shape in self.shapes
        )

    @staticmethod
    def _fits(shape: list[str], path: Path) -> bool:
        pairs = zip(shape, path, strict=False)
        return all(re.fullmatch(SHAPES[one], other) if one in SHAPES else one == other for one, other in pairs)


class Configuration:
    """One version of the configuration (running, candidate, saved): the paths that are set, in the order of show."""

    def __init__(self, schema: Schema, paths: set[Path] | None = None) -> None:
        self.schema = schema
        self.paths = set(paths or ())

    def copy(self) -> Configuration:
        return Configuration(self.schema, self.paths)

    def set(self, path: Path) -> str:
        """Set one path; returns what VyOS prints, or raises Refused."""
        for word in path:
            for char, name in FORBIDDEN.items():
                if char in word:
                    raise Refused(f"\n  Cannot use the {name} character in a value string\n\n  Set failed\n\n")
        if not self.schema.leaf(path):
            for length in range(1, len(path) + 1):
                if not self.schema.known(path[:length]):
                    where = " ".join((*path[: length - 1], f"[{path[length - 1]}]"))
                    raise Refused(f"\n  Configuration path: {where} is not valid\n  Set failed\n\n")
            raise Refused(f"\n  Configuration path: [{' '.join(path)}] requires a value\n  Set failed\n\n")
        if path in self.paths:
            return f"\n  Configuration path: [{' '.join(path)}] already exists\n\n"
        if self.schema.has_value(path):
            self.paths -= {other for other in self.paths if other[:-1] == path[:-1]}
        self.paths.add(path)
        return ""

    def delete(self, path: Path) -> str:
        gone = {other for other in self.paths if other[: len(path)] == path}
        if not gone:
            raise Refused("\n  Nothing to delete (the specified value does not exist)\n\n  Delete failed\n\n")
        self.paths -= gone
        return ""

    def commands(self) -> list[str]:
        """The lines of "show configuration commands"."""
        return [
            " ".join(["set", *path[:-1], f"'{path[-1]}'" if self.schema.has_value(path) else path[-1]])
            for path in sorted(self.paths)
            if not self.above(path)
        ]

    def above(self, path: Path) -> bool:
        """Is there more below this node? Then it is shown by that alone."""
        return any(len(other) > len(path) and other[: len(path)] == path for other in self.paths)

    def value(self, *path: str) -> str | None:
        """The value below a path, None without one."""
        return next((other[-1] for other in self.paths if other[:-1] == path), None)


def compared(old: Configuration, new: Configuration) -> str:
    """The output of "compare", in the style of the release."""
    sections: dict[Path, list[str]] = {}
    for path in sorted(old.paths ^ new.paths):
        sign = "+" if path in new.paths else "-"
        value = f'{path[-2]} "{path[-1]}"' if old.schema.has_value(path) else path[-1]
        where = path[:-2] if old.schema.has_value(path) else path[:-1]
        if old.schema.release == "1.4":
            sections.setdefault(where, []).append(f"{sign} {value}")
        elif sign == "+" and any(other[:-1] == path[:-1] for other in old.paths):
            sections.setdefault(where, []).append(f">{value}")
        elif not any(other[:-1] == path[:-1] for other in new.paths):
            sections.setdefault(where, []).append(f"{sign}{value}")
        elif sign == "+":
            sections.setdefault(where, []).append(f"+{value}")
    text = ""
    for where, lines in sections.items():
        head = " ".join(where if old.schema.release == "1.4" else ("edit", *where))
        text += "\n".join([f"[{head}]", *lines]) + ("\n\n" if old.schema.release == "1.4" else "\n")
    return text
