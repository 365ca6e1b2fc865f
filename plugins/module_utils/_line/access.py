# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accesses (xDSL and FTTH lines) of the account: what a router needs to know of them, and their session log."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING, Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import NOT_READABLE, Client, segment
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time

#: Guide "Configurer un routeur manuellement" (2026-02-16): VLAN by modem profile; A has none.
VLANS: dict[str, int | None] = {"A": None, "B": 835, "C": 4001, "D": 4070}
MTU = 1492
#: Lines in one request of the batch form; their names stand in the URL.
BATCH = 50
#: So many events of the RADIUS log are kept for the next step of the same line, and for so many seconds.
NEWEST, SESSIONS = 12, 120.0
#: What is of use of an access, and may be kept: no address, and nobody's name.
OF_ACCESS = ("accessType", "status", "description", "role", "provider", "providerInfra", "capabilities")


@dataclasses.dataclass(frozen=True)
class SessionEvent:
    """One entry of OVHcloud's RADIUS log: an attempt to open a session."""

    date: datetime.datetime
    login: str
    state: str
    message: str

    @property
    def accepted(self) -> bool:
        # "state" is a free string; in practice OK or KO.
        return self.state.strip().upper() == "OK"

    def as_result(self) -> dict[str, str]:
        return {"date": iso(self.date), "login": self.login, "state": self.state, "message": self.message}


def list_names(client: Client) -> list[str]:
    """Service names of the account's accesses, sorted."""
    names = client.get("/xdsl")
    if not isinstance(names, list):
        raise Failure("unreadable_answer", "GET /xdsl did not answer with a list of names.", {"path": "/xdsl"})
    return sorted(str(name) for name in names)


def read(client: Client, service_name: str) -> dict[str, t.Any]:
    """``GET /xdsl/{serviceName}``.

    :raises Failure: ``unknown_service`` with the names that the account does have.
    """
    try:
        access = client.get(f"/xdsl/{segment(service_name)}")
    except Failure as failure:
        if failure.code != "not_found":
            raise
        try:
            names = list_names(client)
        except Failure:
            names = []
        have = f"This account has: {', '.join(names)}" if names else "The names that it has could not be listed"
        raise Failure(
            "unknown_service",
            f"service_name {service_name!r} is not an access of this account. {have}. Nothing was requested.",
            {**failure.details, "service_name": service_name, "service_names": names},
        ) from None
    if not isinstance(access, dict):
        raise Failure("unreadable_answer", f"GET /xdsl/{service_name} did not answer with an object.", {})
    return access


def together(client: Client, names: t.Sequence[str]) -> dict[str, dict[str, t.Any]] | None:
    """The accesses by name; None where the API does not say which is which, or takes no such request.

    OVHcloud's control panel asks so (see :meth:`Client.get_batch`). What it answers of an access does not hold its
    service name, so only the form with keys can be used.
    """
    path = f"/xdsl/{','.join(segment(name) for name in names)}"
    try:
        answer = client.get(path, headers={"X-Ovh-Batch": ","})
    except Failure as failure:
        if failure.code not in NOT_READABLE:
            raise
        return None
    if not isinstance(answer, list) or not all(isinstance(one, dict) and "key" in one for one in answer):
        return None
    return {str(one["key"]): one["value"] for one in answer if isinstance(one.get("value"), dict)}


def read_in_run(client: Client, service_name: str) -> dict[str, t.Any]:
    """As :func:`read`, with what is kept of it alone: in a run of several lines one request is for all of them.

    :raises Failure: as :func:`read`
    """
    if client.shared is None or not client.shared.several:
        return client.in_run(f"line {service_name}", lambda: _kept_of(read(client, service_name)), _an_object)
    names = client.in_run("lines", lambda: _names_if_allowed(client), _texts)
    if service_name not in names:
        return read(client, service_name)
    number = names.index(service_name) // BATCH
    part = names[number * BATCH : (number + 1) * BATCH]
    told = client.in_run(
        f"lines {number}", lambda: _told_of(client, part), lambda kept: kept if _by_name(kept) else None
    )
    return told.get(service_name) or read(client, service_name)


def _names_if_allowed(client: Client) -> list[str]:
    try:
        return list_names(client)
    except Failure as failure:
        if failure.code not in NOT_READABLE:
            raise
        return []


def _told_of(client: Client, names: t.Sequence[str]) -> dict[str, dict[str, t.Any]]:
    """What is kept of these accesses: none of it, where the API does not take a request for several."""
    found = together(client, names) if len(names) > 1 else None
    return {name: _kept_of(one) for name, one in (found or {}).items()}


def _kept_of(access: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {key: access[key] for key in OF_ACCESS if key in access}


def _an_object(kept: t.Any) -> dict[str, t.Any] | None:
    return kept if isinstance(kept, dict) else None


def _texts(kept: t.Any) -> list[str] | None:
    return kept if isinstance(kept, list) and all(isinstance(one, str) for one in kept) else None


def _by_name(kept: t.Any) -> bool:
    return isinstance(kept, dict) and all(isinstance(one, dict) for one in kept.values())


def modem_profile(access: t.Mapping[str, t.Any]) -> str | None:
    """Derive the guide's modem profile (A to D) from type and provider; None when they do not tell (pure).

    The guide sorts by collect network; how the API's fields name it is inferred.
    """
    kind = str(access.get("accessType") or "").lower()
    provider = str(access.get("provider") or "").lower()
    infra = str(access.get("providerInfra") or "").lower()
    orange = infra in ("or", "orange") or (not infra and provider == "ft")
    if kind == "adsl":
        return "A"
    if kind in ("vdsl", "ftth"):
        if orange:
            return "B"
        if kind == "ftth" and provider == "bouygues":
            return "C"
        if provider in ("axione", "sfr", "ftbysfr", "kosc", "koscdeg") or (kind == "vdsl" and provider):
            return "A"
    if kind in ("ftte", "ftto"):
        if "celan" in (provider, infra):
            return "D"
        if provider == "bouygues":
            return "A"
    return None


def session_log(client: Client, service_name: str) -> list[SessionEvent]:
    """``GET /xdsl/{serviceName}/radiusConnectionLogs``, newest first (at most 50 entries, 3 months)."""
    path = f"/xdsl/{segment(service_name)}/radiusConnectionLogs"
    entries = client.get(path)
    events = []
    for entry in entries if isinstance(entries, list) else []:
        date = parse_time(entry.get("date")) if isinstance(entry, dict) else None
        if date is not None:
            texts = [str(entry.get(name) or "") for name in ("login", "state", "message")]
            events.append(SessionEvent(date, *texts))
    # One connection writes several entries of one second: the acceptance counts as the newest.
    return sorted(events, key=lambda event: (event.date, event.accepted), reverse=True)


def session_log_if_allowed(client: Client, service_name: str) -> list[SessionEvent] | None:
    """As :func:`session_log`; None where these credentials, or this access, do not give it."""
    try:
        return session_log(client, service_name)
    except Failure as failure:
        if failure.code not in NOT_READABLE:
            raise
        return None


def session_log_in_run(client: Client, service_name: str, age: float = SESSIONS) -> list[SessionEvent] | None:
    """As :func:`session_log_if_allowed`, for the steps of a line in a run: the first one asks.

    It is the newest events, and the newest that was accepted.

    :param age: seconds that what was told may be old
    """
    told = client.in_run(
        f"sessions {service_name}",
        lambda: _kept_events(session_log_if_allowed(client, service_name)),
        _events,
        age,
    )
    if told == [None]:
        return None
    return [SessionEvent(datetime.datetime.fromisoformat(one[0]), *one[1:]) for one in told if one]


def told_anew(client: Client, service_name: str, found: t.Sequence[SessionEvent]) -> None:
    """Have :func:`session_log_in_run` go by these events: what it was told before is from before a dial."""
    client.in_run(f"sessions {service_name}", lambda: _kept_events(found), _events, -1.0)


def _kept_events(found: t.Sequence[SessionEvent] | None) -> list[list[str] | None]:
    if found is None:
        return [None]
    kept = [event for number, event in enumerate(found) if number < NEWEST or event in _accepted(found)]
    return [[event.date.isoformat(), event.login, event.state, event.message] for event in kept]


def _events(kept: t.Any) -> list[list[str] | None] | None:
    return kept if isinstance(kept, list) and (kept == [None] or all(map(_is_event, kept))) else None


def _accepted(events: t.Sequence[SessionEvent]) -> list[SessionEvent]:
    return [event for event in events if event.accepted][:1]


def _is_event(kept: t.Any) -> bool:
    if not (isinstance(kept, list) and len(kept) == 4 and all(isinstance(one, str) for one in kept)):
        return False
    try:
        return datetime.datetime.fromisoformat(kept[0]).tzinfo is not None
    except ValueError:
        return False


def login_of_log(client: Client, service_name: str) -> str | None:
    """The login that last dialled in; None where the log tells none.

    :raises Failure: ``unknown_service``, or what may be gone at the next try
    """
    try:
        events = session_log(client, service_name)
    except Failure as failure:
        if failure.code in PASSING or failure.code == "invalid_credentials":
            raise
        if failure.code == "not_found":
            read(client, service_name)
        return None
    return events[0].login or None if events else None


def addresses(client: Client, service_name: str) -> list[str]:
    """Addresses and blocks of the access, as ``address`` or ``address/range``."""
    path = f"/xdsl/{segment(service_name)}/ips"
    listed = client.get(path)
    return [str(one) for one in listed] if isinstance(listed, list) else []


def describe(client: Client, service_name: str, nichandle: str) -> dict[str, t.Any]:
    """Everything that :mod:`xdsl_info` returns of one access: never its postal address.

    :param nichandle: account of the API credentials, to tell whose mailbox receives the credentials.
    """
    access = read_in_run(client, service_name)
    problems = []
    status = str(access.get("status") or "unknown")
    if status != "active":
        problems.append(f"The access is not active (status {status}): a renewal is not possible.")
    mail_to_this_account: bool | None = None
    contact = str(_optional(client, f"/xdsl/{segment(service_name)}/serviceInfos").get("contactAdmin") or "")
    if contact and nichandle:
        mail_to_this_account = contact == nichandle
    if mail_to_this_account is False:
        problems.append(
            f"The credentials mail goes to the administrative contact {contact}, and these API credentials belong "
            f"to {nichandle}: its mail history will not show that mail."
        )
    events: list[SessionEvent] = []
    allowed = bool((access.get("capabilities") or {}).get("canGetRadiusConnectionLogs", True))
    if allowed:
        readable = session_log_in_run(client, service_name, -1.0)
        allowed, events = readable is not None, readable or []
    if not allowed:
        problems.append("The RADIUS log cannot be read: neither the login nor a new session can be proven by it.")
    last = events[0] if events else None
    if last and not last.accepted:
        problems.append(f"The last dial-in was refused at {iso(last.date)}: {last.message or last.state}.")
    profile = modem_profile(access)
    return {
        "service_name": service_name,
        "access_type": access.get("accessType"),
        "status": status,
        "description": access.get("description"),
        "role": access.get("role"),
        "provider": access.get("provider"),
        "ips": addresses(client, service_name),
        "profile": profile,
        "vlan": VLANS[profile] if profile else None,
        "mtu": MTU,
        "login": last.login if last else None,
        "last_connection": last.as_result() if last else None,
        "session_log_allowed": allowed,
        "mail_contact": contact or None,
        "mail_to_this_account": mail_to_this_account,
        "problems": problems,
    }


def _optional(client: Client, path: str) -> dict[str, t.Any]:
    try:
        answer = client.get(path)
    except Failure as failure:
        if failure.code not in ("not_granted", "forbidden", "not_found"):
            raise
        return {}
    return answer if isinstance(answer, dict) else {}
