# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command "uci": configuration files in its format, changes that are not committed yet, and "uci batch".

Behaviour is that of the real program (git.openwrt.org/project/uci.git, cli.c, file.c, delta.c): with the same commands
and passwords it left the same files, the same output and the same exit codes as a build of it. What is not played here
is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLANK = " \t\n\v\f\r"
MAX_WORDS = 4  # of one line of a batch
NAME = re.compile(r"[A-Za-z0-9_]+")


class UciError(Exception):
    """What uci says on standard error; `code` is its exit code."""

    def __init__(self, said: str, code: int = 1) -> None:
        super().__init__(said)
        self.code = code


class Words:
    """The words of a text, line by line, as uci takes them."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def lines(self) -> Iterator[list[str] | UciError]:
        """The words of each line that has any; an error for a line that cannot be read."""
        while self.at < len(self.text):
            try:
                if words := self._line():
                    yield words
            except UciError as error:
                yield error

    def _line(self) -> list[str]:
        words: list[str] = []
        try:
            while len(words) < MAX_WORDS:
                while self.at < len(self.text) and self.text[self.at] in BLANK:
                    if self.text[self.at] == "\n":
                        return words
                    self.at += 1
                word = self._word()
                if not word:
                    return words
                words.append(word)
            raise UciError("Too many arguments")
        finally:
            # Whatever is left of the line is dropped: a ";" ends a command, and starts none.
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end + 1

    def _word(self) -> str:
        word = ""
        while self.at < len(self.text) and self.text[self.at] not in BLANK + ";#":
            char = self.text[self.at]
            self.at += 1
            if char == "'":
                end = self.text.find("'", self.at)
                word += self._quoted(end, char)
            elif char == '"':
                word += self._double()
            elif char == "\\":
                word += self._escaped()
            else:
                word += char
        return word

    def _quoted(self, end: int, quote: str) -> str:
        if end < 0:
            self.at = len(self.text)
            raise UciError(f"Parse error (EOF with unterminated {quote})")
        found = self.text[self.at : end]
        self.at = end + 1
        return found

    def _double(self) -> str:
        word = ""
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == '"':
                return word
            word += self._escaped() if char == "\\" else char
        raise UciError('Parse error (EOF with unterminated ")')

    def _escaped(self) -> str:
        """What stands behind a backslash; a line end there is left out."""
        char = self.text[self.at : self.at + 1]
        self.at += len(char)
        return "" if char == "\n" else char


def quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


@dataclass
class Section:
    kind: str
    name: str
    anonymous: bool
    options: dict[str, str | list[str]] = field(default_factory=dict)


Package = dict[str, Section]


class Uci:
    """The program, on the files below `root`: etc/config, and tmp/.uci for what is not committed."""

    def __init__(self, root: Path) -> None:
        self.config, self.delta = root / "etc" / "config", root / "tmp" / ".uci"

    # -- files

    def changes(self, package: str) -> list[str]:
        """The lines of what is not committed; each is also the line that "uci changes" shows."""
        path = self.delta / package
        if not path.exists():
            return []
        return [quoted_change(words[0]) for words in Words(read(path)).lines() if isinstance(words, list)]

    def load(self, package: str, pending: bool = True) -> Package:
        """:raises UciError: when there is no such file, or it cannot be read"""
        path = self.config / package
        if not NAME.fullmatch(package) or not path.is_file():
            raise UciError("Entry not found")
        sections: Package = {}
        current: Section | None = None
        for words in Words(read(path)).lines():
            if isinstance(words, UciError):
                raise words
            match words:
                case ["config", kind, *name] if len(name) < 2:
                    current = Section(kind, name[0] if name else f"cfg{len(sections):02x}", not name)
                    sections[current.name] = current
                case ["option", name, value] if current:
                    current.options[name] = value
                case ["list", name, value] if current:
                    held = current.options.setdefault(name, [])
                    current.options[name] = [*(held if isinstance(held, list) else [held]), value]
                case _:
                    raise UciError(f"Parse error (invalid command) in {package}: {words}")
        if pending:
            for line in self.changes(package):
                self._change(sections, next(Words(line).lines()))
        return sections

    @staticmethod
    def _change(sections: Package, words: list[str] | UciError) -> None:
        if isinstance(words, UciError):
            raise words
        target, _equals, value = words[0].partition("=")
        _package, section, *option = target.lstrip("-").split(".")
        if target.startswith("-"):
            if option:
                sections[section].options.pop(option[0], None)
            else:
                sections.pop(section, None)
        elif option:
            sections[section].options[option[0]] = value
        else:
            sections[section] = Section(value, section, False)

    @staticmethod
    def exported(sections: Package) -> str:
        text = ""
        for section in sections.values():
            text += f"\nconfig {section.kind}" + ("" if section.anonymous else f" {quoted(section.name)}") + "\n"
            for name, value in section.options.items():
                for one in [value] if isinstance(value, str) else value:
                    text += f"\t{'option' if isinstance(value, str) else 'list'} {name} {quoted(one)}\n"
        return text + "\n"

    # -- commands

    def run(self, words: list[str], given: str) -> tuple[int, str, str]:
        """One call of the program: (exit code, standard output, standard error). `given` is its standard input."""
        quiet = words[:1] == ["-q"]
        words = words[1:] if quiet else words
        out, said, code = "", "", 0
        commands: Iterator[list[str] | UciError] = iter([words])
        batch = words == ["batch"]
        if batch:
            commands = Words(given).lines()
        for command in commands:
            try:
                if isinstance(command, UciError):
                    raise command
                out += self._run(command)
            except UciError as error:
                code = error.code
                said += "" if quiet else f"uci: {error}\n"
        return (0 if batch else code), out, said

    def _run(self, words: list[str]) -> str:
        match words:
            case ["get", target]:
                return self._get(*self._split(target))
            case ["show", package]:
                return "".join(
                    f"{package}.{section.name}={section.kind}\n"
                    + "".join(
                        f"{package}.{section.name}.{key}={shown(value)}\n" for key, value in section.options.items()
                    )
                    for section in self.load(package).values()
                )
            case ["changes", package]:
                self.load(package)
                return "".join(f"{line}\n" for line in self.changes(package))
            case ["set", target] if "=" in target:
                target, _equals, value = target.partition("=")
                self._set(*self._split(target), value)
                return ""
            case ["delete", target]:
                self._delete(*self._split(target))
                return ""
            case ["commit", package]:
                self._commit(package)
                return ""
            case ["revert", package]:
                self.load(package)
                (self.delta / package).unlink(missing_ok=True)
                return ""
        raise UciError("Unknown command", 255)

    @staticmethod
    def _split(target: str) -> tuple[str, str, str]:
        package, _dot, rest = target.partition(".")
        section, _dot, option = rest.partition(".")
        names = [package, section, *([option] if option else [])]
        if not all(map(NAME.fullmatch, names)):
            raise UciError("Parse error")
        return package, section, option

    def _get(self, package: str, section: str, option: str) -> str:
        found = self.load(package).get(section)
        if found is None or (option and option not in found.options):
            raise UciError("Entry not found")
        value = found.options[option] if option else found.kind
        return (value if isinstance(value, str) else " ".join(value)) + "\n"

    def _set(self, package: str, section: str, option: str, value: str) -> None:
        sections = self.load(package)
        if any(ord(char) < 32 and char not in "\t\n\r" for char in value):
            raise UciError("Parse error")
        if option and section not in sections:
            raise UciError("Invalid argument")
        if not value:
            if section in sections and (not option or option in sections[section].options):
                self._delete(package, section, option)
            return
        if section in sections and value == (
            sections[section].options.get(option) if option else sections[section].kind
        ):
            return  # nothing new: the change would change nothing
        self._note(package, f"{package}.{section}{f'.{option}' if option else ''}={quoted(value)}")

    def _delete(self, package: str, section: str, option: str) -> None:
        sections = self.load(package)
        if section not in sections or (option and option not in sections[section].options):
            raise UciError("Entry not found")
        self._note(package, f"-{package}.{section}{f'.{option}' if option else ''}")

    def _note(self, package: str, line: str) -> None:
        self.delta.mkdir(exist_ok=True)
        with (self.delta / package).open("a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(line + "\n")

    def _commit(self, package: str) -> None:
        sections = self.load(package)
        if not self.changes(package):
            return
        path = self.config / package
        fresh = path.with_name(f".{package}.uci-new")
        fresh.write_text(self.exported(sections), encoding="utf-8", errors="surrogateescape")
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        (self.delta / package).write_text("", encoding="utf-8")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def shown(value: str | list[str]) -> str:
    return quoted(value) if isinstance(value, str) else " ".join(map(quoted, value))


def quoted_change(word: str) -> str:
    """`a.b.c=d` as it stands in the file of changes."""
    target, equals, value = word.partition("=")
    return f"{target}={quoted(value)}" if equals else target
