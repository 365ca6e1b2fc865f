# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Could a run finish? What preflight makes of its answers, before anything is asked for (pure)."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import parse_date, parse_duration
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.schedule import parse_hours
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Latest,
    Line,
    Mail,
    Router,
    Session,
    same_login,
)

#: What a module or an action of ours returned.
Result = t.Mapping[str, t.Any]
#: Seconds: a hundred years.
LONGEST = 100 * 365 * 86400.0
#: What the role, or a task file of the user's own, finds out or is handed on the way: an extra variable beats it.
OURS = re.compile(
    r"_router_pppoe_\w+|router_pppoe_(?:router|session|applied|provisioned|kept|keep|wait|dial|renewed|ended"
    r"|provision_wanted|credentials)"
)
DOCS = "docs/api-key.md"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclasses.dataclass(frozen=True)
class Place:
    """What this run is beside its variables.

    :param over: names of variables that were given as extra variables, and so win over what the role hands on
    :param batch: hosts that go through the play together
    :param forks: workers
    :param throttle: how many hosts a task of the role is run for at a time; 0 for as many as there are workers
    :param as_tasks: why the steps run as tasks of the role; "" when they are one task
    :param apart: why the task that looks at the router cannot ask OVHcloud itself; "" when it can
    :param hosts: of the whole play
    :param bare: the flag stands where every run finds it, without renewed_since or max_age
    :param unfit: why the list of standby routers cannot be gone by, as sentences
    """

    over: frozenset[str] = frozenset()
    batch: int = 1
    forks: int = 1
    throttle: int = 0
    as_tasks: str = ""
    apart: str = ""
    hosts: int = 1
    bare: bool = False
    unfit: tuple[str, ...] = ()


def of_options(options: Options, place: Place) -> t.Iterator[str]:
    """Variables that do not go together."""
    login, password = options.text("login"), options.text("password")
    yield from _of_times(options)
    yield from place.unfit
    if options.flag("renew") and password:
        yield (
            "router_pppoe_renew requests a new password and router_pppoe_password gives one by hand - keep one of the "
            "two."
        )
    if password and not login:
        yield "router_pppoe_password is given by hand without router_pppoe_login - give both."
    if password and CONTROL.search(login + password):
        yield (
            "router_pppoe_login or router_pppoe_password, given by hand, holds a line break or another control "
            "character - give both as they stand in the mail."
        )
    if options.custom and not options.text("platform_dir"):
        yield (
            "router_pppoe_platform is custom, so router_pppoe_platform_dir must name the folder of its probe.yml, "
            "apply.yml and status.yml."
        )
    if not options.custom and options.text("platform_dir"):
        yield (
            "router_pppoe_platform_dir is for the platform custom alone, and router_pppoe_platform is "
            f"{options.text('platform')}."
        )
    if options.flag("provision") and not options.text("provision_device"):
        yield (
            "router_pppoe_provision is set without router_pppoe_provision_device - name the port of the router that "
            "the line is plugged into, or unset router_pppoe_provision."
        )
    if ours := sorted(filter(OURS.fullmatch, place.over)):
        yield (
            f"{' and '.join(ours)} {'is' if len(ours) == 1 else 'are'} given as extra variable"
            f"{'' if len(ours) == 1 else 's'} (-e, a survey). That would take the place of what the role itself finds "
            "out - leave out what is no variable of the role's."
        )
    handed = sorted(place.over & {"router_pppoe_login", "router_pppoe_password"})
    if handed and not options.by_hand and (options.custom or options.text("store")):
        yield (
            f"{' and '.join(handed)} {'is' if len(handed) == 1 else 'are'} given as extra "
            f"variable{'' if len(handed) == 1 else 's'} (-e, a survey), without a password. That would take the place "
            "of the new credentials in your own tasks - leave out what is empty, or give both."
        )
    throttled = 0 < place.throttle < place.forks
    workers = place.throttle if throttled else place.forks
    if options.flag("renew") and place.as_tasks and place.batch > workers:
        yield (
            f"{place.batch} routers go through this play together, with {'throttle ' if throttled else ''}{workers}"
            f"{'' if throttled else ' forks'}, and the steps after the request are tasks of their own here "
            f"({place.as_tasks}): a line that was cut would wait for a worker. Set serial to {workers} or less, or "
            f"{'throttle' if throttled else 'forks'} to {place.batch} or more."
        )


def _of_times(options: Options) -> t.Iterator[str]:
    """The module says the same, after the router was looked at."""
    forms: tuple[tuple[str, t.Callable[[str, str], t.Any]], ...] = (
        ("cooldown", parse_duration),
        ("max_age", parse_duration),
        ("max_age_jitter", parse_duration),
        ("renewed_since", parse_date),
        ("renew_between", parse_hours),
    )
    for name, read in forms:
        if options.text(name):
            try:
                read(name, options.text(name))
            except Failure as failure:
                yield f"router_pppoe_{failure.message}"


def line_of(told: Result, latest: Result, named: str = "", kept: str = "") -> Line:
    """What is known of the line.

    :param told: by OVHcloud
    :param named: the login that the user gives it
    :param kept: the one in the store
    """
    access = access_of(told)
    event = access.get("last_connection") or {}
    accepted = parse_time(event.get("date")) if event.get("state") == "OK" else None
    skew = told.get("clock_skew")
    return Line(
        asked=bool(access),
        login=str(named or access.get("login") or kept or latest.get("login") or ""),
        accepted_at=accepted,
        skew=None if skew is None else int(skew),
    )


def access_of(told: Result) -> Result:
    """The access in what :mod:`xdsl_info` returned; empty when there is none."""
    found: Result = (told.get("accesses") or [{}])[0]
    return found


def told_by(told: Result, otherwise: str = "no answer") -> str:
    """What went wrong in a module or a function of ours. Where that leaves the line, the run says itself."""
    failure = told.get("failure") or {}
    return str(failure.get("message") or told.get("msg") or otherwise)


def mail_of(data: Result | None) -> Mail | None:
    date = parse_time((data or {}).get("date"))
    return Mail(str(data["id"]), date, str(data["title"])) if data and date else None


def latest_of(told: Result) -> Latest:
    return Latest(
        bool(told.get("found")),
        str(told.get("login") or ""),
        mail_of(told.get("mail")),
        bool(told.get("secret_link")),
        str(told.get("layout") or ""),
    )


def of_line(options: Options, told: Result, latest: Result | None) -> t.Iterator[str]:
    """What OVHcloud told that keeps a run from finishing.

    :param latest: None where the mail is looked for later
    """
    access, renew = access_of(told), options.flag("renew")
    if not access and not options.by_hand:
        yield told_by(told, "OVHcloud could not be asked.")
        return
    if missing := told.get("missing_rights"):
        rights = ", ".join(f"{one['method']} {one['path']} (IAM action {one['iam_action']})" for one in missing)
        yield f"the API key lacks {rights}. Create a key with them, or add the IAM actions to its policy ({DOCS})."
        return
    status = str(access.get("status") or "unknown")
    if renew and status != "active":
        yield f"its status is {status}, not active, so no password can be requested. Wait until it is active."
    if renew and options.text("mail_source") == "api" and access.get("mail_to_this_account") is False:
        yield (
            f"its credentials mail goes to {access.get('mail_contact') or 'another account'}, whose mail history this "
            "API key does not read, so the run could not finish. Use an API key of that account, or the mailbox that "
            "the mail arrives in (router_pppoe_mail_source)."
        )
    if latest is not None:
        yield from of_mail(options, latest)


def of_mail(options: Options, latest: Result) -> t.Iterator[str]:
    """What the place that mails are read from told that keeps a run from finishing."""
    if options.flag("renew") and latest.get("forwarded"):
        what = latest["forwarded"].get("what_to_do")
        yield f"its next credentials mail would not be accepted from this mailbox. {what}"
    if not options.by_hand and "found" not in latest:
        yield f"the credentials mail cannot be read: {told_by(latest)}"


def notes(options: Options, told: Result) -> t.Iterator[str]:
    """What OVHcloud told that is to be known, and stops nothing."""
    access = access_of(told)
    if options.by_hand and not access:
        yield (
            f"OVHcloud could not be asked about the line ({told_by(told)}). Login and password were "
            "given by hand, so the run goes on without it"
        )
    yield from access.get("problems") or []


def unknown(told: Result) -> t.Iterator[str]:
    """What nothing told; a verdict says it in its own words."""
    for right in told.get("unproven_rights") or []:
        yield f"the key may lack the right to {right['path']}"


def notes_of_mail(options: Options, latest: Result) -> t.Iterator[str]:
    """What is to be known of the mail, and stops nothing."""
    if options.text("mail_source") == "imap" and latest.get("found") is False:
        yield (
            "the mailbox holds no credentials mail of it yet, so nothing shows that the next one will be of a sender "
            "that counts, in the folder that is read: see router_pppoe_imap_from and router_pppoe_imap_folder"
        )
    if latest.get("secret_link") and not options.stores:
        yield (
            "its latest credentials mail gives a one-time link. A run that is stopped between opening such a link and "
            "setting the router loses the password, unless a store keeps it: see router_pppoe_store_vault_file"
        )


def told_passed_over(found: Result) -> str:
    """Mails of this line that were not taken, and why, as a sentence; "" without any."""
    passed = [
        f'"{one.get("title")}" of {one.get("date")} (id {one.get("id")}): {one.get("why")}'
        for one in found.get("passed_over") or []
    ]
    return f"Passed over: {'; '.join(passed)}." if passed else ""


def of_router(options: Options, router: Router, why: str, line: Line) -> t.Iterator[str]:
    """A router that is not one that can be set, or not the one of the line.

    :param why: why it cannot be written; "" when it can
    """
    if why:
        yield f"the router cannot be set. {why}"
    if router.replaceable:
        return
    if line.login and not same_login(router.login, line.login):
        yield (
            f"the router dials with the login {router.login}, but {options.service_name} has the login {line.login}. "
            "This is another router or another line: correct router_pppoe_service_name or the inventory. If it is the "
            f"right one, and {line.login} is to take that login's place, set router_pppoe_replaces_login to "
            f"{router.login}."
        )
    elif options.flag("renew") and not line.login:
        yield (
            f"neither OVHcloud's RADIUS log nor a mail nor a store tells the login of {options.service_name}, and the "
            f"router dials with {router.login}, so nothing shows that the next mail will be for it. If that is the "
            "line's login, set router_pppoe_line_login to it. If it is a previous provider's, set "
            "router_pppoe_replaces_login to it: the line's own comes with the mail."
        )


# -- a platform of the user's own: facts that its tasks set


def session_of(facts: t.Any) -> Session:
    """The fact ``router_pppoe_session``; :func:`of_contract` has looked at it."""
    told: Result = facts if isinstance(facts, t.Mapping) else {}
    return Session(
        told.get("up") is True,
        str(told.get("address") or ""),
        _seconds(told.get("uptime")),
        str(told.get("error") or ""),
    )


def _seconds(value: t.Any) -> float | None:
    """The age of a session; None for what no router has been up for."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if 0 <= found <= LONGEST else None


def of_contract(folder: str, router: t.Any, session: t.Any) -> t.Iterator[str]:
    """What probe.yml and status.yml have left to be set. status.yml is tried here, since later is too late."""
    probe = f"{folder}/probe.yml"
    if not isinstance(router, t.Mapping) or not router:
        yield f"{probe} does not set the fact router_pppoe_router, a mapping with the keys login, writable and why."
    elif not isinstance(router.get("login"), str):
        yield f"{probe} sets router_pppoe_router without the key login, the login that the router dials with."
    elif not isinstance(router.get("writable"), bool):
        yield f"{probe} sets router_pppoe_router without the key writable, true or false."
    if not isinstance(session, t.Mapping) or not session:
        yield (
            f"{folder}/status.yml does not set the fact router_pppoe_session, a mapping with the keys up, address, "
            "uptime and error."
        )
    elif not isinstance(session.get("up"), bool):
        yield f"{folder}/status.yml sets router_pppoe_session without the key up, true or false."
