# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PPPoE client of a MikroTik router: login and password over its API, which dials by itself when they change.

Nothing but ``user`` and ``password`` of that client is written, unless it is provisioned. What is known of RouterOS is
in docs/routers/routeros.md, with how far it was tested.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import differences, lines_left
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
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts, reasons
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Lost,
    Refused,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.look import Look

#: Seconds between two looks at a session.
PAUSE = 0.25
#: Seconds before each new look at a router that was lost in a write: it may restart, which takes a minute or more.
LOOKS = (0.0, 1.0, 3.0, 6.0, 10.0, 20.0, 30.0, 30.0)
#: Seconds that a dial may take, before a write that nothing shows is repeated.
DIAL = 5.0
#: A write is repeated as it is, where it did not arrive or nothing shows whether it did: a value that the client has
#: already changes nothing.
WRITES = 3
#: The identity of a session of which the router tells nothing.
UP = "up"
OLD = "the previous session is still up"
NO_AGE = "the router does not tell how old the session is, nor anything that tells it from the one before"


def asleep() -> float:
    """Seconds that this machine has slept since it was started (Linux: its monotonic clock stands still meanwhile)."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    # Two looks at the clock are some microseconds apart.
    return round(time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC), 1)


class RouterOs:
    """One PPPoE client of one router (see :class:`port.Router`).

    :param interface: the name of the client in /interface/pppoe-client
    :param sleep: seconds
    :param monotonic: seconds on this machine's clock, which does the looking
    :param asleep: seconds that this machine has slept: the router's sessions grew older meanwhile, so marks count them
    """

    def __init__(
        self,
        options: ApiOptions,
        interface: str,
        *,
        sleep: t.Callable[[float], None] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
        asleep: t.Callable[[], float] = asleep,
        api: Api | None = None,
    ) -> None:
        self._options = options
        self._interface = interface
        self._sleep = sleep
        self._monotonic, self._asleep = monotonic, asleep
        self._api = api or Api(options)
        self._look = Look(self._api, options, interface)
        self._redialled = False
        self._wrote: Credentials | None = None

    def close(self) -> None:
        """End the connection, if there is one."""
        self._api.close()

    def way_back(self) -> Back:
        """See :meth:`port.Router.way_back`: what RouterOS tells is the network that this control node is in, if any."""
        return self._look.way_back()

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """See :meth:`port.Router.counted`: RouterOS is not made to send anything."""
        found = None if down or up else self._look.counter(self._look.known())
        return (found, 0) if found else None

    def probe(self, *, prove: bool) -> Probe:
        """See :meth:`port.Router.probe`. What is written to prove the right to is the client's comment, as it is."""
        client = self._look.client()
        session = self._session(client)
        why = facts.obstacle(client, self._look.idle_timeout(client))
        tried = False
        warnings: tuple[str, ...] = ()
        if not why:
            why, tried, warnings = self._may_write(prove)
        # Last: Safe Mode shows once something was written under it.
        why = why or self._look.safe_mode()
        return Probe(
            login=facts.shown(client.user),
            writable=not why,
            session=session,
            why=why,
            tried=tried,
            reached_by=self._look.reached_by(),
            counter=self._look.counter(client) if session.up else None,
            warnings=warnings,
        )

    def unfit(self, credentials: Credentials) -> str:
        """See :meth:`port.Router.unfit`."""
        return facts.unfit(credentials)

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        """See :meth:`port.Router.provision`."""
        policies = self._look.policies()
        if policies is not None and "write" not in policies:
            raise Failure(
                "router_refused", f"{reasons.no_write(self._options.username)} Nothing was changed on the router."
            )
        menus = self._look.menus()
        waiting, commands = plans.plan(menus, self._interface, wanted)
        has = plans.existing(menus, self._interface)
        differs = differences(has, wanted)
        if has and not (differs and change):
            return Provisioned(False, waiting, lines_left(self._interface, differs), differs)
        dials = bool(has) and any(command[0] == f"{plans.CLIENT}/set" for command in commands)
        mark = Mark()
        if dials and not check:
            session = self._look.session()
            mark = Mark(self._now(), session.identity or (UP if session.up else ""))
        todo = [] if check else list(commands)
        lost = False
        while todo:
            try:
                self._api.run(*todo[0])
                todo.pop(0)
            except Refused as error:
                raise plans.stopped(len(commands) - len(todo), todo[0], f"was refused ({error})", False) from None
            except Lost as error:
                if lost:
                    raise plans.stopped(len(commands) - len(todo), todo[0], f"had no answer ({error})", True) from None
                lost = True
                # What is there by now is not made a second time.
                _waiting, todo = plans.plan(self._look.menus(), self._interface, wanted)
        diff = tuple(map(plans.line_of_diff, commands))
        return Provisioned(bool(commands), waiting, diff, differs, dials, mark)

    def look_ahead(self) -> None:
        """See :meth:`port.Router.look_ahead`. A connection that is open spares the write its TLS and log-in."""
        self._look.client()

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        """See :meth:`port.Router.apply`. A change makes RouterOS dial by itself, with Dial.NEVER too."""
        refuse_unfit(self, credentials)
        client = self._look.client()
        session = self._session(client)
        change = facts.change(client, session, credentials, dial, age)
        shown = client.password is not None
        told = Applied(bool(change.values) or change.redial, bool(change.values), change.dials, compared=shown)
        if check or not told.changed:
            return told
        if session.up and session.uptime is None:
            session = self._look.identified(client, session)
        at = self._now()
        if change.redial:
            self._redial(client)
        else:
            self._write(client, change.values, credentials, at)
        self._wrote = credentials
        return dataclasses.replace(
            told,
            mark=Mark(at if change.dials else None, session.identity or (UP if session.up else "")),
            warnings=tuple(self._warnings(change, dial)),
        )

    def session(self, *, wait: float, since: Mark | None) -> Session:
        """See :meth:`port.Router.session`. A client whose old session stays is disabled and enabled, once.

        :raises Failure: when the router could not be looked at even once
        """
        began = self._monotonic()
        seen: Session | None = None
        while True:
            trouble: Failure | None = None
            try:
                client = self._look.known()
                seen = self._judged(client, self._session(client), since)
                if seen.up:
                    return seen
            except Failure as error:
                trouble = error
            now = self._monotonic()
            if now - began >= wait:
                break
            # Only a session that is not new has an address and is not up.
            if trouble is None and seen is not None and seen.address and self._redial_is_due(since):
                self._redialled = True
                self._redial(client)
            self._sleep(max(0.0, min(PAUSE, wait - (now - began))))
        if trouble is None:
            return self._explained(seen or Session(up=False))
        if seen is None:
            raise trouble
        return Session(up=False, error=str(trouble))

    # -- looking and judging

    def _session(self, client: facts.Client) -> Session:
        if client.waiting:
            return Session(up=False, error="the interface has no password yet")
        return self._look.session()

    def _judged(self, client: facts.Client, session: Session, since: Mark | None) -> Session:
        """The session, not up when it is the one from before the mark; it keeps its address then."""
        if not session.up or since is None or since.at is None:
            return session
        if session.uptime is not None:
            is_new = self._now() - session.uptime >= since.at
            return session if is_new else dataclasses.replace(session, up=False, error=OLD)
        found = self._look.identified(client, session)
        if not since.identity or (found.identity and since.identity not in (UP, found.identity)):
            return found
        error = OLD if found.identity == since.identity else NO_AGE
        return dataclasses.replace(found, up=False, error=error)

    def _explained(self, seen: Session) -> Session:
        """A session that did not come after a write, with what was changed on the client since."""
        if self._wrote is None:
            return seen
        said = ""
        with contextlib.suppress(Failure):
            client = self._look.client()
            said = facts.obstacle(client)
            if client.password is not None and not facts.has(client, self._wrote):
                said = PUT_BACK
        return dataclasses.replace(seen, error=f"{seen.error}; {said}".rstrip(".")) if said else seen

    def _redial_is_due(self, since: Mark | None) -> bool:
        if since is None or since.at is None or self._redialled:
            return False
        return 0 < self._options.redial_after <= self._now() - since.at

    def _now(self) -> float:
        return self._monotonic() + self._asleep()

    def _may_write(self, prove: bool) -> tuple[str, bool, tuple[str, ...]]:
        """Whether the user of the API may write: (why not, whether that was tried, warnings)."""
        policies = self._look.policies()
        if policies is not None and "write" not in policies:
            return reasons.no_write(self._options.username), False, ()
        if not prove:
            return "", False, (() if policies is not None else (reasons.not_told(self._options.username),))
        try:  # a comment is no setting of the session's
            self._look.write_nothing()
        except Refused as error:
            return reasons.refused(str(error), self._options.username), True, ()
        except Failure as error:
            if error.code != "router_refused":
                raise
            return reasons.no_write(self._options.username), True, ()
        return "", True, ()

    # -- writing

    def _write(self, client: facts.Client, values: t.Mapping[str, str], credentials: Credentials, at: float) -> None:
        """Write once; after an unknown outcome look, and write again only what is not there."""
        said = ""
        lost = False  # a write is on its way of which nobody knows
        for count in range(WRITES):
            try:
                self._look.set(values)
                return
            except Lost as error:
                said, lost = str(error), True
            except Refused as error:
                said = str(error)
                if lost and client.password is None:
                    break
                if reasons.GONE in said and not count:
                    continue  # somebody made the client anew after it was looked at
                raise Failure(
                    "router_refused",
                    f"{reasons.refused(said, self._options.username)} Nothing was written on the router.",
                    outcome=Outcome.REFUSED,
                ) from None
            except Failure as error:
                if not lost:
                    raise
                said = f"{said}; then: {error.message}"
                break
            if self._arrived(credentials, at, said):
                return
        else:
            if client.password is not None:  # each time it was looked, and it was not there
                raise Failure(
                    "router_write",
                    f"The router was told {WRITES} times, and did not take the new login and password "
                    f"({said.rstrip('.')}): it still has the old ones. Run the same command again.",
                    outcome=Outcome.REFUSED,
                )
        raise self._not_known(said)

    def _arrived(self, credentials: Credentials, at: float, said: str) -> bool:
        """Whether a write whose answer was lost took effect; False when it did not, or when nothing shows it.

        :raises Failure: ``router_lost`` when the router cannot be looked at
        """
        trouble: Failure | None = None
        for pause in LOOKS:
            self._sleep(pause)
            try:
                client = self._look.client()
                if client.password is not None or client.user != credentials.login:
                    return facts.has(client, credentials)
                return self._dialled(at)
            except Failure as error:
                trouble = error
        raise self._not_known(f"{said}; then: {trouble}")

    def _dialled(self, at: float) -> bool:
        """Whether a new session shows that a password which cannot be read was taken."""
        end = self._monotonic() + DIAL
        while True:
            session = self._look.session()
            if session.up and session.uptime is not None and self._now() - session.uptime >= at:
                return True
            if self._monotonic() >= end:
                return False
            self._sleep(PAUSE)

    def _redial(self, client: facts.Client) -> None:
        """Take a client down and up again: its old session outlived the change of its password."""
        with contextlib.suppress(Failure, Refused, Lost):  # whatever became of it, the client has to be enabled now
            self._look.set({"disabled": "yes"})
        trouble: Exception | None = None
        for pause in LOOKS:
            self._sleep(pause)
            try:
                self._look.set({"disabled": "no"})
                return
            except (Failure, Refused, Lost) as error:
                trouble = error
        raise Failure(
            "router_write",
            "The client was disabled to make it dial, and could not be enabled again: "
            f"{str(trouble).rstrip('.')}. On the router: /interface pppoe-client enable {client.there}",
            outcome=Outcome.UNKNOWN,
        )

    # -- saying

    def _warnings(self, change: facts.Change, dial: Dial) -> t.Iterator[str]:
        if dial is Dial.NEVER and change.dials:
            yield "RouterOS dials by itself when login or password change, although dial is never."
        with contextlib.suppress(Failure):  # the write is done, and session() tells what follows
            if why := self._look.safe_mode():
                yield f"The router was set, and may undo that. {why}"

    def _not_known(self, said: str) -> Failure:
        return Failure(
            "router_lost",
            f"Whether the router has the new login and password is not known: the answer was lost "
            f"({said.rstrip('.')}). Run the same command again: it looks first.",
            outcome=Outcome.UNKNOWN,
        )
