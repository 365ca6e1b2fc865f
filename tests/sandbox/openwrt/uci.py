# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command "uci": configuration files in its format, changes that are not committed yet, and "uci batch".

A stand-in. Behaviour is that of the real program (git.openwrt.org/project/uci.git, cli.c, file.c, delta.c): with the
same commands and passwords it left the same files, the same output and the same exit codes as a build of it. What is
not played here is an error. Habits that were seen with the real one in 2026 are marked "RAN".
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLANK = " \t\n\v\f\r"
#: What a line of the file of changes begins with: removed, added to a list, taken from it, put elsewhere, renamed.
PREFIXES = "-|~^@"
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
        self.flash_full = self.read_only = False

    # -- files

    def changes(self, package: str) -> list[str]:
        """The lines of what is not committed, as they stand in the file of changes."""
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
        text = Words(read(path))
        for words in text.lines():
            place = f"at line {text.text.count(chr(10), 0, text.at)}, byte 0"
            if isinstance(words, UciError):
                raise UciError(f"{words} {place}")
            # uci_import throws at the first line that it cannot read, and tells its place alone (util.c, uci_perror).
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
                    raise UciError(f"Parse error (invalid command) {place}")
        if pending:
            for line in self.changes(package):
                self._change(sections, next(Words(line).lines()))
        return sections

    @staticmethod
    def _change(sections: Package, words: list[str] | UciError) -> None:
        """One line of the file of changes; delta.c passes over those that no longer fit."""
        if isinstance(words, UciError):
            raise words
        target, _equals, value = words[0].partition("=")
        prefix = target[0] if target[0] in PREFIXES else ""
        _package, name, *option = target.removeprefix(prefix).split(".")
        section = sections.get(name)
        if section is None:
            if not (prefix or option):
                sections[name] = Section(value, name, False)
        elif prefix == "-" and option:
            section.options.pop(option[0], None)
        elif prefix == "-":
            sections.pop(name)
        elif prefix in ("|", "~"):
            held = section.options.get(option[0], [])
            values = [held] if isinstance(held, str) else held
            section.options[option[0]] = [*(one for one in values if one != value), *([value] if prefix == "|" else [])]
        elif option and not prefix:
            section.options[option[0]] = value
        elif not prefix:
            section.kind = value

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
                return "".join(self._shown(package))
            case ["changes", package]:
                self.load(package)
                return "".join(f"{change_shown(line)}\n" for line in self.changes(package))
            case ["add_list" | "del_list" | "reorder" | "rename" as how, target] if "=" in target:
                target, _equals, value = target.partition("=")
                prefix = {"add_list": "|", "del_list": "~", "reorder": "^", "rename": "@"}[how]
                self._note(target.partition(".")[0], f"{prefix}{target}={quoted(value)}")
                return ""
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
            case ["revert", target]:
                self._revert(*self._split(target + "." * (2 - target.count("."))))
                return ""
        raise UciError("Unknown command", 255)

    @staticmethod
    def _split(target: str) -> tuple[str, str, str]:
        package, _dot, rest = target.partition(".")
        section, _dot, option = rest.partition(".")
        names = [name for name in (package, section, option) if name]
        if not all(map(NAME.fullmatch, names)):
            raise UciError("Parse error")
        return package, section, option

    def _shown(self, package: str) -> Iterator[str]:
        """Sections without a name are shown by type and place: @device[0]."""
        kinds: list[str] = []
        for section in self.load(package).values():
            name = f"@{section.kind}[{kinds.count(section.kind)}]" if section.anonymous else section.name
            kinds.append(section.kind)
            yield f"{package}.{name}={section.kind}\n"
            for key, value in section.options.items():
                yield f"{package}.{name}.{key}={shown(value)}\n"

    def _revert(self, package: str, section: str, option: str) -> None:
        self.load(package)
        wanted = ".".join(name for name in (package, section, option) if name)
        names = {line: line.lstrip(PREFIXES).partition("=")[0] for line in self.changes(package)}
        left = [line for line, name in names.items() if name != wanted and not name.startswith(f"{wanted}.")]
        if (self.delta / package).exists():
            (self.delta / package).write_text("".join(f"{line}\n" for line in left), "utf-8", "surrogateescape")

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
        try:
            if self.read_only:
                raise OSError(errno.EROFS, "Read-only file system")
            fresh.touch()
        except OSError:
            # RAN: the change stays in the folder of changes, with what may be a password in it.
            raise UciError("I/O error") from None
        try:
            if self.flash_full:
                raise OSError(errno.ENOSPC, "No space left on device")
            fresh.write_text(self.exported(sections), encoding="utf-8", errors="surrogateescape")
        except OSError:
            # RAN, and read in file.c: nobody looks whether the new file could be written; empty, it takes the old
            # one's place, and the exit code is 0.
            fresh.write_bytes(b"")
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        (self.delta / package).write_text("", encoding="utf-8")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def shown(value: str | list[str]) -> str:
    return quoted(value) if isinstance(value, str) else " ".join(map(quoted, value))


def change_shown(line: str) -> str:
    """A line of the file of changes as "uci changes" prints it. RAN: -x, x+='y', x-='y', and the forms ^ and @."""
    target, equals, value = line.partition("=")
    if target[:1] in ("|", "~"):
        return f"{target[1:]}{'+' if target[0] == '|' else '-'}={value}"
    return f"{target}{equals}{value}"


def quoted_change(word: str) -> str:
    """`a.b.c=d` as it stands in the file of changes."""
    target, equals, value = word.partition("=")
    return f"{target}={quoted(value)}" if equals else target
