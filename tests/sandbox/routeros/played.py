# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same router without wire, threads and waiting: for tests of what a driver decides, on a clock of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .client import Client, client_row, duration
from .router import Router, Trap, User
from .words import Row

API_PASSWORD = "Routerzugang-5528"
LOGIN = "0320123456_1@adsl.ovh"
GOOD, OTHER = "Kanarie7391-gut", "Kanarie7391-alt"


@dataclass
class Clock:
    """Seconds that pass only where somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class PlayedClient(Client):
    """A client whose line takes one password; its dial takes a second of the clock."""

    clock: Clock
    accepts: str = GOOD  # the password of the line
    due: float | None = None  # when its present dial is through

    def redial(self) -> None:
        self.since, self.address = None, ""
        self.due = None if self.row["disabled"] == "true" else self.clock.now + 1

    def begun(self, ago: float) -> None:
        """Let it have a session of that age, on whatever password it was."""
        self.since, self.address, self.due, self.ups = self.clock.now - ago, "203.0.113.10", None, self.ups + 1

    def seen(self) -> Row:
        if self.row["disabled"] == "true":
            return {"status": "disabled"}
        if self.due is not None and self.clock.now >= self.due:
            self.dials += 1
            if self.row["password"] != self.accepts:
                self.status, self.due = "terminating... - failed to authenticate ourselves to peer", self.due + 5
            elif self.answers:
                since = self.due
                self.begun(0)
                self.since, self.status = since, "connected"
        if self.since is None:
            return {"status": self.status}
        age = self.prints(self.clock.now - self.since) if self.tells_age else "a while"
        return {"status": "connected", "uptime": age, "local-address": f"{self.address}/32"}


@dataclass
class Play:
    """One router with one client, and the user "renew" of its API."""

    router: Router
    client: PlayedClient
    clock: Clock
    asked: list[list[str]] = field(default_factory=list)

    def user(self, *policies: str) -> None:
        """The policies of the API user."""
        self.router.users["renew"] = User(API_PASSWORD, frozenset(policies))

    def sets(self) -> list[list[str]]:
        """What was written so far, each command without its name and its .id."""
        return [words[2:] for words in self.asked if words[0] == "/interface/pppoe-client/set"]

    def rows(self, words: list[str], timeout: float) -> list[Row]:
        """The answer to a command.

        :raises Trap: as the router
        :raises EOFError: when the connection breaks
        :raises TimeoutError: when the answer takes longer than TIMEOUT seconds; the command had its effect
        """
        if self.router.gone:
            raise ConnectionRefusedError
        self.asked.append(words)
        self.router.sentences.append(("renew", words))
        late, self.router.late = self.router.late, 0.0
        replies = list(self.router.run("renew", words))
        self.router.late = late
        if late > timeout and words[0].endswith("/set"):
            self.clock.sleep(timeout)
            raise TimeoutError("The read operation timed out")
        told = [reply[1:] for reply in replies if reply[0] == "!re" or len(reply) > 1]
        return [dict(word[1:].partition("=")[::2] for word in words) for words in told]


def play(password: str = GOOD, *, up: bool = True, policies: str = "api read write sensitive", **row: Any) -> Play:
    """A router whose line takes GOOD; its session, if it has one, is an hour old."""
    clock = Clock()
    client = PlayedClient(client_row("pppoe-out1", LOGIN, password, **row), None, prints=duration)
    client.clock = clock
    router = Router()
    router.add(Client(client_row("pppoe-backup", "other@example.net", "other", disabled="true"), None))
    router.add(client)
    found = Play(router, client, clock)
    found.user(*policies.split())
    if up:
        client.begun(3600)
    else:
        client.redial()
    return found


__all__ = ["API_PASSWORD", "GOOD", "LOGIN", "OTHER", "Clock", "Play", "PlayedClient", "Trap", "play"]
