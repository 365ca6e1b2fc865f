# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS, by its command line. What it says is read in vyos_words.py, how it is talked to is in vyos_cli.py."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import (
    differences,
    lines_left,
    of_link,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    PUT_BACK,
    Applied,
    Counter,
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
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import compare, words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.cli import (
    Change,
    Cli,
    Talk,
    reached,
    unreachable,
)

#: Seconds between two looks for the session.
POLL = 0.5
#: The identity of the newest session of a log without one: any that it tells later is another.
NONE = "none"


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
        self._wrote: Credentials | None = None

    def close(self) -> None:
        """See :meth:`port.Router.close`: the connection is the task's."""

    def way_back(self) -> Back:
        """See :meth:`port.Router.way_back`: of VyOS the interface alone is known."""
        with reached():
            return Back(self._reached_by())

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """See :meth:`port.Router.counted`: VyOS is not made to send anything."""
        if down or up:
            return None
        with reached():
            found = words.counted(self._show(f"show interfaces pppoe {self._interface}"), self._interface)
        return (found, 0) if found else None

    def probe(self, *, prove: bool) -> Probe:
        """Entering the configuration mode, where nothing is set, is the proof: VyOS has no smaller right than that."""
        self._named()
        with reached():
            shown = self._show(f"show interfaces pppoe {self._interface}")
            date = self._show("show date")
            config = self._configuration()
            if why := self._absent(config):
                raise Failure("router_refused", why)
            unsaved = self._talk.unsaved()
            session = words.seen(shown, date, self._journal(), self._interface)
            reached_by = self._reached_by()
        why = self._why(config, unsaved)
        return Probe(
            login=config.login,
            writable=not why,
            session=session,
            why=why,
            tried=prove and unsaved is not None,
            reached_by=reached_by,
            counter=words.counted(shown, self._interface) if session.up else None,
            warnings=compare.warnings(self._talk.entered),
        )

    def unfit(self, credentials: Credentials) -> str:
        """What can be entered by hand is not refused here: it may have been. :meth:`apply` looks whether it was."""
        return words.unfit(credentials)

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        self._named()
        self._refuse(Credentials(wanted.login, words.PLACEHOLDER))
        with reached():
            text, release = self._interfaces(), self._show("show version")
            unsaved = self._talk.unsaved()
        config = words.Configuration.read(text, self._interface)
        if not config.readable or unsaved is None:
            why = self._why(config, unsaved)
        else:
            why = compare.hindrance(self._talk.entered, unsaved, all_of_it=True)
            why = why or words.obstacle(text, wanted, config)
        if why:
            raise Failure("router_refused", f"{why} Nothing was written.")

        def missing() -> tuple[str, ...]:
            return words.wanted_lines(self._interfaces(), wanted, self._interface, release)

        lines = words.wanted_lines(text, wanted, self._interface, release)
        has = None if config.waits else words.existing(text, self._interface)
        differs = differences(has, wanted)
        if has and not (differs and change):
            return Provisioned(False, False, lines_left(self._interface, differs), differs)
        # Another MTU or IPv6 alone is taken over by the session (interfaces-pppoe.py of vyos-1x).
        dials = of_link(differs)
        mark = Mark()
        if dials and not check:
            with reached():
                mark = self._mark()
        if lines and not check:
            refused = f"VyOS did not take: {'; '.join(lines)}."
            self._talk.write(Change(missing, "PPPoE interface", "the new interface", refused, ours=False))
        waiting = not config.there or config.waits
        return Provisioned(bool(lines), waiting, tuple(f"+{line}" for line in lines), differs, dials, mark)

    def look_ahead(self) -> None:
        """Nothing: a command that hangs in the one connection would keep the write waiting."""

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        self._named()
        save = again = False
        with reached():
            config = self._configuration()
            if why := self._unreadable(config) or self._absent(config):
                raise Failure("router_refused", f"{why} Nothing was written.")
            lines = config.lines(credentials)
            if lines:
                self._refuse(credentials)
            else:
                unsaved = self._talk.unsaved()
                save = unsaved is not None and unsaved.any and not unsaved.foreign
                again = dial is Dial.ALWAYS or (
                    dial is Dial.AUTO and not config.disabled and self._runs_on_another(age)
                )
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
        self._wrote = credentials
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
            return Session(False, error=f"the previous session of {self._interface} is still up")
        return self._explained(session)

    def _explained(self, session: Session) -> Session:
        """A session that did not come after a write, with what was changed on the router since."""
        if self._wrote is None:
            return session
        said = ""
        with contextlib.suppress(Unreachable):
            config = self._configuration()
            if config.readable:
                said = self._disabled if config.disabled else config.absent
            if config.there and config.lines(self._wrote):
                said = PUT_BACK
        return dataclasses.replace(session, error=f"{session.error}; {said}".rstrip(".")) if said else session

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
        config = words.Configuration.read(text, self._interface)
        if not config.there or config.login:
            return config
        return dataclasses.replace(config, login_word=words.login_word(self._show("show version")))

    def _journal(self) -> str:
        """Of pppd. Early releases of 1.3 have no such command; "show interfaces pppoe X log" prints for ever on 1.4."""
        said = "local +IP address|authentication (failed|succeeded)"
        return self._show(f'show log pppoe interface {self._interface} | match "{said}"')

    def _session(self) -> Session:
        shown = self._show(f"show interfaces pppoe {self._interface}")
        return words.seen(shown, self._show("show date"), self._journal(), self._interface)

    def _reached_by(self) -> str:
        """The interface to this control node by the main table of IPv4 routes; "" where another table may decide."""
        client = words.came_from(self._show("show users"), self._talk.cli.user)
        # A rule for the router's own packets, or an SSH server in a VRF; a refusal is no proof that there is none.
        other = 'show configuration commands | match "policy local-route |service ssh vrf "'
        if not client or self._show(other).strip():
            return ""
        return words.leaves_by(self._show(f"show ip route {client}"))

    @property
    def _user(self) -> str:
        return self._talk.cli.user or "The user"

    def _unreadable(self, config: words.Configuration) -> str:
        if config.readable:
            return ""
        return f'Its configuration cannot be read: {self._user} lacks the right to "show configuration commands".'

    def _absent(self, config: words.Configuration) -> str:
        """Why there is no such interface, as a sentence; "" when there is."""
        why = config.absent
        if why and not config.names:
            older = words.older(self._show('show configuration commands | match " pppoe [0-9]+ user-id "'))
            if older:
                return f"Its PPPoE client is {older}, as releases before VyOS 1.3 have it: VyOS 1.3 or later is needed."
        return why

    @property
    def _disabled(self) -> str:
        name = self._interface
        return f"{name} is disabled in its configuration. Enable it: delete interfaces pppoe {name} disable."

    def _why(self, config: words.Configuration, unsaved: compare.Changes | None) -> str:
        """Why login and password cannot be written, or would prove nothing; "" when they can."""
        if why := self._unreadable(config):
            return why
        if unsaved is None:
            return f"{self._user} may not enter the configuration mode. Use a user of the level admin."
        name = self._interface
        if config.disabled:
            return self._disabled
        if config.on_demand:
            return (
                f"{name} dials on demand (connect-on-demand), so no session would prove the new password. "
                "Delete that option."
            )
        return compare.hindrance(self._talk.entered, unsaved, all_of_it=False)

    def _mark(self) -> Mark:
        """The router's time before a change, 0 when it does not tell: then any session after it counts, as the change
        ends the one before. And the newest session of the log, because the clock may step meanwhile: at the end of
        summer time, and where the router gets its time over this line."""
        now = words.clock(self._show("show date"))
        return Mark(0.0 if now is None else words.seconds(now), words.Log.read(self._journal()).identity or NONE)

    def _runs_on_another(self, age: float | None) -> bool:
        """Whether the line does not run on what the router has: its session is older than that, or pppd is stopped, as
        by a run that ended between "disconnect" and "connect". A session of unknown age is not older."""
        shown = self._show(f"show interfaces pppoe {self._interface}")
        if age is None or words.stopped(shown):
            return words.stopped(shown)
        session = words.seen(shown, self._show("show date"), self._journal(), self._interface)
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
