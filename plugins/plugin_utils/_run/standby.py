# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Standby routers of a line: the run of the active one writes login and password there, too, and never has them dial.

One that fails does not keep the active router offline: what came of each is told when that one is online.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import CUSTOM, PREFIX, ROUTER, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import same_login
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State

HOSTS = f"{PREFIX}standby_hosts"
#: What a standby router may have another value of: its own variables win over those of the active one.
OWN = ("platform", "interface", *ROUTER)
Of = t.Callable[[str, str], t.Any]
Opener = t.Callable[[], port.Router]


@dataclasses.dataclass(frozen=True)
class Standby:
    """What came of one standby router.

    :param looked: it was only looked at
    :param changed: login and password were written, or would be
    :param why: why it could not be set, as a sentence without its period; "" when it could
    """

    host: str
    looked: bool
    changed: bool = False
    why: str = ""


def options_of(active: Options, host: str, of: Of) -> Options:
    """The options of a standby router: those of the active one, but for what its own variables say.

    :param of: the value of a variable of a host in the inventory; None for none
    """
    own = {name: of(host, f"{PREFIX}{name}") for name in OWN}
    given = {**active.values, **{name: value for name, value in own.items() if value not in (None, "")}}
    return Options({name: value for name, value in given.items() if value is not None})


def refused(active: Options, own: str, known: t.Collection[str], of: Of) -> t.Iterator[str]:
    """Why the list of standby routers cannot be gone by, as sentences.

    :param own: the name of the active router
    :param known: hosts of the inventory
    """
    hosts = active.hosts("standby_hosts")
    for host in hosts:
        if host == own:
            yield f"{HOSTS} names this very host, and no other one has it as a standby router."
        elif host not in known:
            yield f"{HOSTS} names {host}, which is no host of the inventory."
        elif str(of(host, f"{PREFIX}platform") or active.text("platform")) == CUSTOM:
            yield (
                f"{HOSTS} names {host}, whose platform is custom: a standby router is set by one of the others. Write "
                "a custom one by router_pppoe_store, a task file of yours that is given login and password."
            )
    if len(set(hosts)) < len(hosts):
        yield f"{HOSTS} names a host twice."


def active_of(host: str, names: t.Iterable[str], of: Of) -> str:
    """The host whose run writes this one, as the inventory tells; "" where this one is no standby router.

    :param names: hosts that may be it; this one among them, which may have the list from a group of both
    """
    line = of(host, f"{PREFIX}service_name")
    for name in names:
        listed = of(name, HOSTS)
        there = [listed] if isinstance(listed, str) else listed or []
        if host in there and of(name, f"{PREFIX}service_name") == line and name not in there:
            return name
    return ""


def turn(
    before: t.Mapping[str, t.Any],
    host: str,
    open_driver: Opener,
    state: t.Callable[[], State],
    last: t.Mapping[str, t.Any] | None = None,
    check: bool = False,
) -> dict[str, t.Any]:
    """The result of the task of one: looked at in the preflight, written where there is a password that counts.

    :param before: the result of the step before
    :param state: that the step before has left; asked where a password is at hand
    :param last: after something failed, what its tasks have left so far: it is written now if it was not
    """
    password = str(before.get("password") or "") if before.get("standbys") else ""
    if last is not None:
        (known,) = told(last, [host])
        if not password or not (known.looked or known.why):
            # What was done counts once.
            return {**came_to(known), "changed": False}
    try:
        driver = open_driver()
    except Failure as failure:
        return came_to(Standby(host, not password, why=failure.message.rstrip(".")))
    try:
        if not password:
            line = before.get("line")
            login = str(line.get("login") or "") if isinstance(line, t.Mapping) else ""
            return came_to(look(host, driver, login))
        found = state()
        if (found.write.held and found.write.changed) if found.write else bool(before.get("hold")):
            # The active router may have a newer password than the one in hand.
            return came_to(Standby(host, False))
        credentials = port.Credentials(str(before.get("login") or ""), password)
        return came_to(write(host, driver, credentials, check))
    finally:
        driver.close()


def look(host: str, driver: port.Router, login: str) -> Standby:
    """Could it be set? Nothing is written."""
    try:
        probe = driver.probe(prove=False)
    except Failure as failure:
        return Standby(host, True, why=failure.message.rstrip("."))
    return Standby(host, True, why=_unfit(probe, login))


def _unfit(probe: port.Probe, login: str) -> str:
    if not probe.writable:
        return probe.why.rstrip(".") or "the router does not say why it cannot be set"
    if login and not same_login(probe.login, login):
        return f"it dials with the login {probe.login}, and this line's is {login}"
    return ""


def write(host: str, driver: port.Router, credentials: port.Credentials, check: bool) -> Standby:
    """Write login and password if they differ. It is never made to dial: the active router has the line's session."""
    try:
        port.refuse_unfit(driver, credentials)
        if why := _unfit(driver.probe(prove=False), credentials.login):
            return Standby(host, False, why=why)
        applied = driver.apply(credentials, dial=port.Dial.NEVER, age=None, check=check)
    except Failure as failure:
        return Standby(host, False, why=failure.message.rstrip("."))
    return Standby(host, False, applied.changed)


def told(results: t.Any, hosts: t.Sequence[str]) -> tuple[Standby, ...]:
    """What the tasks of the standby routers have left, in a registered loop. One without a result has failed.

    :param hosts: those that there must be results of
    """
    items = results.get("results") if isinstance(results, t.Mapping) else None
    found = {str(one.get("standby_host")): one for one in items or [] if isinstance(one, t.Mapping)}
    return tuple(_told(host, found.get(host) or {}) for host in hosts)


def _told(host: str, one: t.Mapping[str, t.Any]) -> Standby:
    kept = one.get("standby")
    if isinstance(kept, t.Mapping):
        return Standby(host, bool(kept.get("looked")), bool(kept.get("changed")), str(kept.get("why") or ""))
    return Standby(host, False, why=str(one.get("msg") or "no answer").rstrip("."))


def came_to(found: Standby) -> dict[str, t.Any]:
    """As the result of its task."""
    diff = f"+login and password of {found.host}: written (not shown)\n" if found.changed else ""
    told = {"changed": found.changed, "standby_host": found.host, "standby": as_data(found)}
    return {**told, "diff": {"prepared": diff}} if diff else told
