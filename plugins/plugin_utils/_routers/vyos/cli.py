# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Talking to a VyOS: its two modes, a connection that breaks, a commit of somebody else, and what a write comes to.

No word of the router's from its configuration mode is in a message: each can hold the password.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.compare import Changes

#: Seconds for which a commit of somebody else is waited for: with commit-archive one takes 10 s for each location.
BUSY = 60.0
#: Seconds for which a router that was lost during a write is looked for, and how often.
AWAY, LOSSES = 60.0, 3
PAUSE = 2.0
LOOK = "Look on the router: configure; compare saved."


class Lost(Unreachable):
    """A command was typed, and no whole answer came: it may have had its effect."""


class Cli(t.Protocol):
    """The command line of one VyOS, in the operational mode at first."""

    #: Who is logged in; "" when that is not known.
    user: str

    def type(self, line: str, *, slow: bool = False) -> words.Answer:
        """Type a line and take the answer, a refusal too.

        :param slow: a commit or a save, which may take minutes
        :raises Unreachable: there is no connection, and nothing was typed
        :raises Lost: the connection broke, or no answer came in time; nothing else is to be typed before :meth:`again`
        """

    def again(self) -> None:
        """Give up this connection and make a new one; what was not committed is gone.

        :raises Unreachable: there is none to be had
        """


class Turn(enum.Enum):
    """What a try to write came to."""

    DONE = enum.auto()
    BUSY = enum.auto()
    REFUSED = enum.auto()


@dataclasses.dataclass(frozen=True)
class Change:
    """Something to be written.

    :param missing: looks at the router, and tells the commands that are to be typed yet
    :param what: its name in a message
    :param refused: what is true when VyOS does not take it, as a sentence
    :param ours: only changes of login and password may be committed and saved
    """

    missing: t.Callable[[], tuple[str, ...]]
    comment: str
    what: str
    refused: str
    ours: bool


def unreachable(error: Unreachable) -> Failure:
    """Of a look; what a task wrote before it is not said to be undone."""
    return Failure("router_unreachable", f"The router cannot be reached: {error}")


@contextlib.contextmanager
def reached() -> t.Iterator[None]:
    """Looks: whatever happens to the connection, nothing was written.

    :raises Failure: ``router_unreachable``
    """
    try:
        yield
    except Unreachable as error:
        failure = Failure("router_unreachable", f"{unreachable(error)} Nothing was written.")
    else:
        return
    raise failure


class Talk:
    """What is done with the command line of one router."""

    def __init__(
        self, cli: Cli, interface: str, sleep: t.Callable[[float], None], monotonic: t.Callable[[], float]
    ) -> None:
        self.cli, self._interface = cli, interface
        self._sleep, self._monotonic = sleep, monotonic
        #: What VyOS last said when the configuration mode was entered to compare.
        self.entered = ""

    def show(self, command: str) -> str:
        """A command of the operational mode; when its connection turns out to be broken, once more on a new one.

        The connection is the play's: a task before may have left it in the configuration mode, where "show" is another
        command. What that task did not commit goes with it.
        """
        with contextlib.suppress(Lost):
            answer = self.cli.type(command)
            if not answer.configuring:
                return answer.text
        self.cli.again()
        return self.cli.type(command).text

    def unsaved(self) -> Changes | None:
        """What a save would write; None when this user may not enter the configuration mode. Nothing is set in it."""
        try:
            return self._compared_with_saved()
        except Lost:
            self.cli.again()
            return self._compared_with_saved()

    def _compared_with_saved(self) -> Changes | None:
        answer = self.cli.type("configure")
        self.entered = answer.text
        if not answer.configuring:
            return None
        changes = self._changes("compare saved")
        self._leave()
        return changes

    def _changes(self, command: str) -> Changes:
        """Twice where it cannot be read: a message to all who are logged in may have come in between."""
        first = Changes.read(self.cli.type(command).text, self._interface)
        return Changes.read(self.cli.type(command).text, self._interface) if first.unread else first

    def _leave(self) -> None:
        """Go back to the operational mode; "Warning: configuration changes have not been saved." is no refusal."""
        if self.cli.type("exit").configuring:
            self.cli.type("exit discard")

    def dial(self) -> None:
        """End the session and dial, without a change (connect_disconnect.py of vyos-1x).

        :raises Failure: when that cannot be done
        """
        with reached():
            if words.REFUSED.search(self.show(f"disconnect interface {self._interface}")):
                raise Failure("router_refused", "This user may not make the router dial. Nothing was done.")
        end = self._monotonic() + BUSY
        while True:
            try:
                # "Cannot connect while a commit is in progress"
                if not words.REFUSED.search(self.show(f"connect interface {self._interface}")):
                    return
            except Unreachable:
                self._return("The router was told to end its session and to dial, and has not answered since.", True)
            if self._monotonic() >= end:
                raise Failure(
                    "router_write",
                    "The session was ended, and the router does not take the command to dial. "
                    f"On the router: connect interface {self._interface}.",
                )
            self._sleep(PAUSE)

    def write(self, change: Change) -> None:
        """Set, commit and save what is missing; look before each try, after a lost connection too.

        :raises Failure: with what is true on the router then
        """
        until = self._monotonic() + BUSY
        self._committing = False  # was a commit typed that is not known to have failed?
        turn: Turn | None = None
        lost = 0
        while True:
            try:
                lines = change.missing()
                if turn is Turn.DONE and not lines:
                    return
                if turn in (Turn.DONE, Turn.REFUSED) and lines:
                    break  # the words of a commit prove nothing, the configuration does
                turn = self._try(lines, change)
                if turn is Turn.DONE and not lines:
                    return
            except Unreachable as error:
                lost, turn = lost + 1, None
                gone = (
                    f"The router has not answered since the write, so whether it has {change.what} is not known."
                    if self._committing
                    else f"The router cannot be reached any more: {error} Nothing was written."
                )
                self._return(gone, self._committing, AWAY if lost <= LOSSES else None)
            if turn is Turn.BUSY:
                if self._monotonic() >= until:
                    break
                self._sleep(PAUSE)
        busy = " Another commit has been in progress there for a minute." if turn is Turn.BUSY else ""
        raise Failure("router_refused", f"{change.refused}{busy} {LOOK}", outcome=Outcome.REFUSED)

    def _return(self, gone: str, unknown: bool, within: float | None = AWAY) -> None:
        """Get the connection back.

        :param within: seconds; None when it is not tried any more
        :raises Failure: saying `gone`
        """
        end = self._monotonic() + (within or 0)
        while within is not None:
            with contextlib.suppress(Unreachable):
                self.cli.again()
                return
            if self._monotonic() >= end:
                break
            self._sleep(PAUSE)
        if unknown:
            raise Failure("router_lost", f"{gone} {LOOK}", outcome=Outcome.UNKNOWN)
        raise Failure("router_unreachable", gone)

    def _try(self, lines: tuple[str, ...], change: Change) -> Turn:
        """Once through the configuration mode: set, commit, save; without lines only the last.

        :raises Failure: ``router_write`` when it is not saved
        """
        if not self.cli.type("configure").configuring:
            raise Failure("router_refused", "This user may not enter the configuration mode. Nothing was written.")
        if lines:
            self._committing = False  # a look has just told that it failed
            turn = self._set(lines, change) or self._commit(change)
            if turn is not Turn.DONE:
                self.cli.type("exit discard")
                return turn
        unsaved = self._changes("compare saved")
        if unsaved.any and not (change.ours and unsaved.foreign):
            self.cli.type("save", slow=True)
            unsaved = self._changes("compare saved")
        if unsaved.any and lines and self._changes("compare").any:  # the commit was refused in words of no known kind
            self.cli.type("exit discard")
            return Turn.REFUSED
        self._leave()
        if unsaved.unread:
            raise Failure(
                "router_write",
                f"On the router {change.what} is in use. Whether it is saved is not known, because VyOS does not "
                f"compare with its saved configuration: a reboot may bring the old one back. {LOOK}",
            )
        if unsaved.any:
            foreign = " Somebody else has changes there that are not saved either." if unsaved.foreign else ""
            raise Failure(
                "router_write",
                f"On the router {change.what} is in use, but not saved: a reboot would bring the old one back."
                f"{foreign if change.ours else ''} {LOOK}",
            )
        return Turn.DONE

    def _set(self, lines: tuple[str, ...], change: Change) -> Turn | None:
        """Put the lines into the candidate; None when it holds them, and nothing of somebody else."""
        for line in lines:
            said = self.cli.type(line).text
            if words.LINGERS.fullmatch(said) or words.LOCKED.search(said):
                return Turn.BUSY
            if words.REFUSED.search(said):
                return Turn.REFUSED
        changes = self._changes("compare")
        if changes.unread:
            return Turn.REFUSED
        if change.ours and changes.foreign:  # somebody else has committed meanwhile
            return Turn.BUSY
        return None if changes.any else Turn.REFUSED

    def _commit(self, change: Change) -> Turn:
        self._committing = True
        said = self.cli.type(f'commit comment "{change.comment}"', slow=True).text
        turn = Turn.BUSY if words.LOCKED.search(said) else Turn.REFUSED if words.REFUSED.search(said) else Turn.DONE
        self._committing = turn is Turn.DONE
        return turn
