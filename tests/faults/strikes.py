# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both benches do alike: take faults away again, and strike during a run, once its request is out."""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from leaks.hunt import Hunt

from .bench import SERVICE


class Strikes(ABC):
    """The part of :class:`.bench.Bench` that needs to know nothing of router and control node."""

    #: Seconds between two looks for the request.
    look_every = 0.05

    def __init__(self, top: Path, *at_home: Path) -> None:
        """:param at_home: where the passwords belong: the router's own files, the provider's memory"""
        #: All that was the line's password since the job began.
        self.passwords: set[str] = set()
        #: The control node and the router: whatever a run writes, it writes below.
        self.top = top
        self.at_home = at_home
        #: What the runs of the job said.
        self.spoken: list[str] = []
        self._undo: list[Callable[[], Any]] = []
        self._during: list[Callable[[], Any]] = []

    @abstractmethod
    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the provider's admin interface."""

    def fault(self, kind: str, method: str, path: str, **more: Any) -> None:
        self.admin("POST", "/faults", [{"kind": kind, "method": method, "path": path, **more}])

    def set(self, **settings: Any) -> None:
        self.admin("PUT", "/state", settings)

    def undo(self, action: Callable[[], Any]) -> None:
        self._undo.append(action)

    def heal(self) -> None:
        while self._undo:
            self._undo.pop()()
        self.admin("DELETE", "/faults")

    def while_waiting(self, action: Callable[[], Any]) -> None:
        self._during.append(action)

    @abstractmethod
    def posts(self) -> list[dict[str, Any]]:
        """The requests for a new password so far."""

    @contextlib.contextmanager
    def striking(self) -> Iterator[None]:
        """The time of one run: what was ordered by :meth:`while_waiting` is done in it, at most once."""
        actions, self._during = self._during, []
        ended = threading.Event()

        def strike() -> None:
            while not ended.wait(self.look_every):
                with contextlib.suppress(OSError):
                    if self.posts():
                        break
            else:
                return
            for action in actions:
                action()

        helper = threading.Thread(target=strike, daemon=True)
        if actions:
            helper.start()
        try:
            yield
        finally:
            ended.set()
            if actions:
                helper.join(30)

    def search(self) -> Hunt:
        """Look for the passwords in all that the runs of a job said and left."""
        self.passwords.add(str(self.admin("GET", f"/line/{SERVICE}")["password"]))
        hunt = Hunt({f"password {number}": one for number, one in enumerate(sorted(self.passwords))})
        hunt.folder(self.top, self.at_home)
        for text in self.spoken:
            hunt.files += 1
            hunt.look("the output", text.encode())
        return hunt
