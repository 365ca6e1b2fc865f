# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the fault matrix: what a run did (Seen), what was promised (Promise), and one Cell of the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

SERVICE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
POST = "*requestPPPLoginMail"
FLAG: Mapping[str, Any] = {"renew": True}
#: A failure says what is true now, or what was not done.
STATE_RE = re.compile(
    r"[Nn]othing was (requested|changed|written|guessed|sent)|(was|is) not (sent|touched|requested|known)|"
    r"[Nn]o (new )?password was (requested|made)|(previous|its) password is no longer valid|"
    r"password on the router is no longer valid|"
    r"the router was set|was sent at|changed nothing"
)
#: And how to go on; the role gives the whole command, a module can only name the option or the task.
NEXT_RE = re.compile(
    r"same (task|command) again|[Ss]et \w+ to|[Aa]dd the r|[Cc]heck \w+|Wait until|It takes|takes|[Kk]eep|by hand"
)


@dataclass(frozen=True)
class Seen:
    """What can be seen after one run. ``posts`` counts from the cell's beginning; ``router`` is kept, set or other."""

    ok: bool
    posts: int
    router: str
    up: bool
    said: str
    seconds: float

    def __str__(self) -> str:
        return _short(self.ok, self.posts, self.router, self.up)


@dataclass(frozen=True)
class Promise:
    """What a run must do. ``posts``: since the cell began. ``router``, ``up``: None where it depends."""

    ok: bool
    posts: int
    router: str | None
    up: bool | None
    says: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _short(self.ok, self.posts, self.router, self.up)

    def broken_by(self, seen: Seen, command: bool) -> list[str]:
        """Where that run did not keep it. ``command``: a failure has to end with the whole command that goes on."""
        broken = []
        for name in ("ok", "posts", "router", "up"):
            promised, real = getattr(self, name), getattr(seen, name)
            if promised is not None and promised != real:
                broken.append(f"{name} is {real}, promised {promised}")
        broken += [f"it does not say: {words}" for words in self.says if words not in seen.said]
        if not seen.ok:
            if not STATE_RE.search(seen.said):
                broken.append("it does not say what is true now or was not done")
            if not NEXT_RE.search(seen.said) and not command:
                broken.append("it does not say how to go on")
            if command and "ansible-playbook -i " not in seen.said:
                broken.append("it does not give the command that goes on")
        return broken


def asked(calls: list[dict[str, Any]]) -> int:
    """How many requests for a new password may have had an effect: all but those that were refused (4xx)."""
    posts = [call for call in calls if call["method"] == "POST" and call["path"].endswith("/requestPPPLoginMail")]
    return sum(1 for call in posts if call["status"] is None or not 400 <= call["status"] < 500)


def _short(ok: bool, posts: int, router: str | None, up: bool | None) -> str:
    session = {True: "up", False: "down", None: "-"}[up]
    return f"{'ok' if ok else 'fails'}, {posts} POST, {router or '-'}, {session}"


#: What mostly follows: the same command goes on to the end, and asks once in all.
DONE = Promise(True, 1, "set", True)
#: What a fault before the request mostly ends in.
STOPPED = Promise(False, 0, "kept", True)


class Bench(Protocol):
    """A line, a router, a control node: what a cell works with."""

    #: Folder of the journal; a cell may point it elsewhere.
    state_dir: Path
    #: More environment of the run, such as other keys.
    environment: dict[str, str]

    def fault(self, kind: str, method: str, path: str, **more: Any) -> None:
        """Order a fault of the API."""

    def set(self, **settings: Any) -> None:
        """Change the provider's state."""

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the provider's admin interface."""

    def heal(self) -> None:
        """Take every fault away again."""

    def undo(self, action: Callable[[], Any]) -> None:
        """Have something done by :meth:`heal`."""

    def while_waiting(self, action: Callable[[], Any]) -> None:
        """Have something done during the next run, as soon as the request is out."""

    def run(self, options: Mapping[str, Any]) -> Seen:
        """The command, from beginning to end."""

    def again(self, options: Mapping[str, Any]) -> Seen:
        """The command once more: where the last run failed and printed one, that one, as it stands there."""

    def hang_ups(self) -> int:
        """How often the router was told to end its session, since the cell's beginning."""

    def leftovers(self) -> list[str]:
        """Temporary files, and a journal that was not closed."""


Action = Callable[[Any], None]


def nothing(_bench: Any) -> None:
    """No injection: the options alone make the cell."""


@dataclass(frozen=True)
class Cell:
    """One phase and one fault: how it is made to strike, and what is promised.

    ``level`` is ``modules`` (the modules in the role's order, over HTTP) or ``role`` (ansible-playbook). ``only``
    marks a cell whose fault exists on that level alone; the others may be run on both.
    """

    name: str
    phase: str
    fault: str
    how: str
    first: Promise
    again: Promise = DONE
    inject: Action = nothing
    before_again: Action = nothing
    options: Mapping[str, Any] = field(default_factory=lambda: FLAG)
    level: str = "modules"
    only: bool = False
    soak: bool = False


@dataclass
class Outcome:
    """How a job ended: its line of the table, and what was wrong."""

    name: str
    level: str
    phase: str
    what: str
    expected: str
    seen: str
    problems: list[str]
    seconds: float
    log: str = ""
    #: Files and outputs that were searched for the line's passwords.
    places: int = 0

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def play(cell: Cell, bench: Bench, level: str) -> Outcome:
    """Let the fault of a cell strike, run the command, take the fault away, run the same command again."""
    command = level == "role"
    problems: list[str] = []
    log: list[str] = []
    seen: list[Seen] = []
    try:
        cell.inject(bench)
        for turn, promise in (("first", cell.first), ("again", cell.again)):
            if turn == "again":
                bench.heal()
                cell.before_again(bench)
            before = bench.hang_ups()
            run = bench.again(cell.options) if seen else bench.run(cell.options)
            if seen and seen[-1].ok and bench.hang_ups() != before:
                problems.append(f"{turn}: a session that was right was cut")
            seen.append(run)
            problems += [f"{turn}: {one}" for one in promise.broken_by(run, command)]
            log.append(f"--- {turn}, {run.seconds:.1f} s: {run}\n{run.said}")
        problems += bench.leftovers()
    finally:
        bench.heal()
    return Outcome(
        cell.name,
        level,
        cell.phase,
        cell.fault,
        f"{cell.first}; then {cell.again}",
        "; then ".join(map(str, seen)),
        problems,
        round(sum(one.seconds for one in seen), 1),
        "\n".join(log),
    )
