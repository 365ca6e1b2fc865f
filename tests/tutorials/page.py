# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page as a reader follows it: its files are made and its commands are given, in their order.

A block in a known language whose first line is a comment with a path is that file. In a ``console`` block each line
after ``$`` is a command, and the others are what it prints: words in their order, numbers aside, ``…`` for anything.
Whatever a page has beside that (tables, ``text``, a router's own terminal) is not tried, and no other block is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from role.site import Run, Site

PAGES = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
FILES = ("yaml", "ini", "jinja")
UNTRIED = ("text", "routeros")
HEADER = re.compile(r"\A(?:# (\S+)|\{# (\S+) #\})\n")


@dataclass(frozen=True)
class File:
    """A file of the page, as it stands there."""

    section: str
    path: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command of the page, and the lines below it."""

    section: str
    words: str
    shows: tuple[str, ...]


def text_of(page: str) -> str:
    return (PAGES / page).read_text(encoding="utf-8")


def parts(text: str) -> Iterator[File | Command]:
    """The files and commands of a page.

    :raises ValueError: for a block that nobody would try
    """
    section, block, language = "", [""], ""
    for line in text.splitlines():
        if not language:
            if line.startswith("## "):
                section = line.removeprefix("## ")
            elif line.startswith("```"):
                language, block = line.removeprefix("```") or "none", []
        elif line == "```":
            content = "".join(f"{one}\n" for one in block)
            if language == "console":
                yield from commands(section, block)
            elif language in FILES and (found := HEADER.match(content)):
                yield File(section, found[1] or found[2], content)
            elif language not in UNTRIED:
                raise ValueError(f"a block of {language} in {section!r} is neither a file nor a command: {block[0]}")
            language = ""
        else:
            block.append(line)


def commands(section: str, block: list[str]) -> Iterator[Command]:
    words, shows = "", list[str]()
    for line in [*block, "$ "]:
        if not line.startswith("$ "):
            shows.append(line)
            continue
        if words:
            yield Command(section, words, tuple(shows))
        words, shows = line.removeprefix("$ "), []


def shown(line: str, output: str) -> bool:
    """Is this line of a page in what was printed? Numbers may differ, and where lines are wrapped."""

    def exact(piece: str) -> str:
        words = re.split(r"[\d.]*\d[\d.]*", re.sub(r"\s+", " ", piece))
        return r"[\d.]+".join(map(re.escape, words))

    pattern = ".*?".join(exact(piece) for piece in line.strip().split("…"))
    return re.search(pattern, " ".join(output.split())) is not None


@dataclass
class Reader:
    """Somebody who follows a page in a home of their own.

    :param answers: what is typed when a program asks, by its question
    :param untried: the commands that are not given; each has to stand in the page
    :param without: sections that are for somebody else
    :ivar asking: the commands that sent a request for a new password
    :param beside: files that the reader has from elsewhere, by the page's file or command that they come after
    """

    site: Site
    answers: Mapping[str, str] = field(default_factory=dict)
    untried: Collection[str] = ()
    without: Collection[str] = ()
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    runs: list[tuple[str, Run]] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = self.site.top

    def follow(self, text: str) -> None:
        """All of a page.

        :raises AssertionError: with what was printed, when a command fails or prints something else
        """
        wanted = [one for one in parts(text) if one.section not in self.without]
        given = {one.words for one in wanted if isinstance(one, Command)}
        assert set(self.untried) <= given, f"not in the page: {set(self.untried) - given}"
        for one in wanted:
            if isinstance(one, File):
                self.write(one.path, one.text)
                self.bring(one.path)
            else:
                if one.words not in self.untried:
                    self.give(one)
                self.bring(one.words)
        assert any(isinstance(one, File) for one in wanted) and self.runs, "a page without files or commands"

    def posts(self) -> int:
        """The requests so far, where there is an API."""
        return len(self.site.posts()) if self.site.api else 0

    def bring(self, after: str) -> None:
        """What this reader has from elsewhere."""
        for path, text in self.beside.get(after, {}).items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        target = self.site.top / path.removeprefix("~/") if path.startswith("~/") else self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def give(self, command: Command) -> None:
        """One command, on a terminal, in the folder where the last one ended."""
        left = self.site.top / ".folder"
        script = f"cd '{self.folder}' || exit\n{command.words}\nended=$?; pwd >'{left}'; exit $ended"
        before = self.posts()
        run = self.site.typed(["bash", "-c", script], dict(self.answers), **self.environment)
        self.runs.append((command.words, run))
        self.asking += [command.words] * (self.posts() - before)
        assert run.code == 0, f"$ {command.words}\n{run.output}"
        assert "has no effect" not in run.output, f"$ {command.words}\n{run.output}"
        for line in command.shows:
            assert shown(line, run.output), f"{run.output}\n$ {command.words}\ndoes not print: {line}"
        if left.exists():
            self.folder = Path(left.read_text(encoding="utf-8").strip())
