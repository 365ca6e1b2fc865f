# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS, by its command line. What it says is read in vyos_words.py, how it is talked to is in vyos_cli.py."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Applied,
    Credentials,
    Dial,
    Interface,
    Mark,
    Probe,
    Provisioned,
    Session,
    Unable,
    refuse_unfit,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.cli import (
    Change,
    Cli,
    Talk,
    reached,
    unreachable,
)

#: Seconds between two looks for the session.
POLL = 0.5
FOREIGN = (
    "Its running configuration has changes that are not saved, and they would be saved, too. "
    "Look at them (configure; compare saved), then save or undo them."
)


class VyOs:
    """The PPPoE interface of one VyOS, 1.3 or later.

    A commit restarts pppd: that is the dial. So a password is never written without one.
    """

    def __init__(
        self,
        cli: Cli,
        interface: str,
        *,
        sleep: t.Callable[[float], None] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._talk, self._interface = Talk(cli, interface, sleep, monotonic), interface
        self._show = self._talk.show
        self._sleep, self._monotonic = sleep, monotonic

    def close(self) -> None:
        """See :meth:`port.Router.close`: the connection is the task's."""

    def probe(self, *, prove: bool) -> Probe:
        """Entering the configuration mode, where nothing is set, is the proof: VyOS has no smaller right than that."""
        self._named()
        with reached():
            shown = self._show(f"show interfaces pppoe {self._interface}")
            date = self._show("show date")
            config = self._configuration()
            if config.absent:
                raise Failure("router_refused", config.absent)
            unsaved = self._talk.unsaved()
            session = words.seen(shown, date, self._journal(), self._interface)
        why = self._why(config, unsaved)
        counter = words.counted(shown, self._interface) if session.up else None
        return Probe(config.login, not why, session, why, tried=prove and unsaved is not None, counter=counter)

    def unfit(self, credentials: Credentials) -> str:
        """What can be entered by hand is not refused here: it may have been. :meth:`apply` looks whether it was."""
        return words.unfit(credentials)

    def provision(self, wanted: Interface, *, check: bool) -> Provisioned | Unable:
        self._named()
        self._refuse(Credentials(wanted.login, words.PLACEHOLDER))
        with reached():
            text, release = self._interfaces(), self._show("show version")
            unsaved = self._talk.unsaved()
        config = words.Configuration.read(text, self._interface)
        if not config.readable or unsaved is None:
            why = self._why(config, unsaved)
        else:
            why = FOREIGN if unsaved.any else words.obstacle(text, wanted, config)
        if why:
            raise Failure("router_refused", f"{why} Nothing was written.")

        def missing() -> tuple[str, ...]:
            return words.wanted_lines(self._interfaces(), wanted, self._interface, release)

        lines = words.wanted_lines(text, wanted, self._interface, release)
        if lines and not check:
            refused = f"VyOS did not take: {'; '.join(lines)}."
            self._talk.write(Change(missing, "PPPoE interface", "the new interface", refused, ours=False))
        return Provisioned(bool(lines), not config.there or config.waits, tuple(f"+{line}" for line in lines))

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        self._named()
        save = again = False
        with reached():
            config = self._configuration()
            if why := self._unreadable(config) or config.absent:
                raise Failure("router_refused", f"{why} Nothing was written.")
            lines = config.lines(credentials)
            if lines:
                self._refuse(credentials)
            else:
                unsaved = self._talk.unsaved()
                save = unsaved is not None and unsaved.any and not unsaved.foreign
                again = dial is Dial.ALWAYS or (dial is Dial.AUTO and age is not None and self._is_older(age))
        dials = again or (bool(lines) and (config.waits or not config.disabled))
        if check:
            return Applied(bool(lines) or save or again, bool(lines), dials)
        with reached():
            mark = self._mark() if dials else Mark()
        if lines or save:  # what is to be saved only is left by a run that ended between commit and save
            refused = "VyOS did not take the new password, and goes on with the old one."
            self._talk.write(
                Change(
                    lambda: self._configuration().lines(credentials),
                    "PPPoE credentials",
                    "the new password",
                    refused,
                    ours=True,
                )
            )
        if again:
            self._talk.dial()
        said = "VyOS dials at each commit of login or password, whatever dial is."
        return Applied(
            bool(lines) or save or again, bool(lines), dials, mark, (said,) if dials and dial is Dial.NEVER else ()
        )

    def session(self, *, wait: float, since: Mark | None) -> Session:
        end = self._monotonic() + wait
        while True:
            lost: Unreachable | None = None
            session = Session(False)
            try:
                session = self._session()
                if session.up and self._is_new(session, since):
                    return session
            except Unreachable as error:
                lost = error
            if self._monotonic() >= end:
                break
            self._sleep(POLL)
            if lost:
                with contextlib.suppress(Unreachable):
                    self._talk.cli.again()
        if lost:
            raise unreachable(lost)
        if session.up:
            return Session(False, error=f"the session of {self._interface} is the one from before")
        return session

    def _named(self) -> None:
        if not words.NAME.fullmatch(self._interface):
            raise Failure(
                "router_option",
                f"interface is {self._interface or 'empty'}, but VyOS names its PPPoE interfaces pppoe0, pppoe1 "
                "and so on. Correct O(interface).",
            )

    def _refuse(self, credentials: Credentials) -> None:
        """:raises Failure: ``router_option`` when they cannot be typed"""
        refuse_unfit(self, credentials)
        if why := words.untypable(credentials, self._interface):
            raise Failure("router_option", f"{why} Nothing was written on the router.")

    def _interfaces(self) -> str:
        return self._show('show configuration commands | match "interfaces "')

    def _configuration(self) -> words.Configuration:
        text = self._show('show configuration commands | match "interfaces pppoe "')
        return words.Configuration.read(text, self._interface)

    def _journal(self) -> str:
        """Of pppd. Early releases of 1.3 have no such command; "show interfaces pppoe X log" prints for ever on 1.4."""
        said = "local +IP address|authentication (failed|succeeded)"
        return self._show(f'show log pppoe interface {self._interface} | match "{said}"')

    def _session(self) -> Session:
        shown = self._show(f"show interfaces pppoe {self._interface}")
        return words.seen(shown, self._show("show date"), self._journal(), self._interface)

    @property
    def _user(self) -> str:
        return self._talk.cli.user or "The user"

    def _unreadable(self, config: words.Configuration) -> str:
        if config.readable:
            return ""
        return f'Its configuration cannot be read: {self._user} lacks the right to "show configuration commands".'

    def _why(self, config: words.Configuration, unsaved: words.Changes | None) -> str:
        """Why login and password cannot be written, or would prove nothing; "" when they can."""
        if why := self._unreadable(config):
            return why
        if unsaved is None:
            return f"{self._user} may not enter the configuration mode. Use a user of the level admin."
        name = self._interface
        if config.disabled:
            return f"{name} is disabled in its configuration. Enable it: delete interfaces pppoe {name} disable."
        if config.on_demand:
            return (
                f"{name} dials on demand (connect-on-demand), so no session would prove the new password. "
                "Delete that option."
            )
        return FOREIGN if unsaved.foreign else ""

    def _mark(self) -> Mark:
        """The router's time before a change. 0 when it does not tell: then any session after it counts, as the change
        ends the one before."""
        now = words.clock(self._show("show date"))
        return Mark(at=0.0 if now is None else words.seconds(now))

    def _is_older(self, age: float) -> bool:
        """A session of unknown age is not."""
        session = self._session()
        return session.up and session.uptime is not None and session.uptime > age

    def _is_new(self, session: Session, since: Mark | None) -> bool:
        if since is None:
            return True
        if since.identity and session.identity:
            return since.identity != session.identity
        if since.at is None or session.uptime is None:
            return True
        now = words.clock(self._show("show date"))
        return now is None or words.seconds(now) - session.uptime >= since.at
