# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict of a preflight: could this line be renewed now, what shows it, and what nothing shows (pure).

It is what a person decides on before the line is cut. It holds no password.
"""

from __future__ import annotations

import dataclasses
import textwrap
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import plain
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import LIVES, Way
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.judge import OFFLINE
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.key import Key, key_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import DOCS
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.rehearsed import Rehearsal
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Latest,
    Line,
    Mail,
    Router,
    same_login,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways.three import BETWEEN

WIDTH = 118
#: Where there is no command to be given again.
YOURS = "run your own playbook again, with router_pppoe_renew=true as an extra variable"
COMES_BACK = "whether this router comes back when it is made to dial"
COULD = {
    True: "yes",
    False: "NO. Why not is in the error message of this task",
    None: "not asked, since router_pppoe_renew is not set",
}
#: A title, or a word of others, is cut to so many characters.
LONGEST = 80


@dataclasses.dataclass(frozen=True)
class Ground:
    """What the look at the line told beside :class:`_state.facts.Line`.

    :param unproven_rights: paths that the key may or may not call
    :param to_this_account: does the credentials mail go to the account of the key? None when nothing tells
    :param folder: can the journal of requests be written? None where it is on another host
    """

    key: Key | None = None
    unproven_rights: tuple[str, ...] = ()
    to_this_account: bool | None = None
    folder: bool | None = None


@dataclasses.dataclass(frozen=True)
class Sight:
    """All that one preflight has seen, as far as it came.

    :param asked: with the flag; without it the rights and ways of a renewal are not looked at
    :param mailbox: the mail is read where it arrives, not in the account's history
    :param store: "file", "folder", "tasks" or ""
    :param kept: the store holds login and password of the line; None where it could not be read
    :param looks: at a router; false where the caller sets it by tasks of his own
    :param same: is the password of the latest mail the one on the router? None when they were not compared
    :param uncompared: why they were not, to follow "because"
    :param rehearsable: a redial is safe now
    :param bare: the flag stands where every run finds it, without renewed_since or max_age
    :param hosts: of this play
    :param renew: the command that renews this line
    :param rehearse: the command that rehearses it
    :param converge: the command that sets the router to the latest mail
    :param notes: to be known, beginning with a small letter as a rule
    """

    service_name: str
    host: str
    asked: bool
    mailbox: bool = False
    store: str = ""
    kept: bool | None = None
    looks: bool = True
    ground: Ground | None = None
    line: Line | None = None
    latest: Latest | None = None
    router: Router | None = None
    same: bool | None = None
    uncompared: str = ""
    rehearsed: Rehearsal | None = None
    ways: tuple[Way, ...] = ()
    rehearsable: bool = True
    bare: bool = False
    hosts: int = 1
    renew: str = ""
    rehearse: str = ""
    converge: str = ""
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Point:
    """
    :param what: is not proven, beginning with "whether"; or a sentence, where there is no more to say
    :param how: it could be proven, as a clause
    :param command: that does it; "" for none
    """

    what: str
    how: str = ""
    command: str = ""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """
    :param could_renew: None where that was not asked
    :param stops: why it could not
    :param mail: the one that counts as the latest now
    :param same_password: is the password of that mail the one on the router? None when nothing tells
    :param hosts: of this play; a renewal of all of them cuts as many lines
    :param command: renews this line; "" where the run was not started by one
    """

    service_name: str
    host: str
    could_renew: bool | None
    stops: tuple[str, ...]
    proven: tuple[str, ...]
    unproven: tuple[Point, ...]
    warnings: tuple[str, ...]
    mail: Mail | None
    same_password: bool | None
    hosts: int
    command: str


Found = t.Iterator[str | Point]


def ground_of(told: t.Mapping[str, t.Any], folder: bool | None) -> Ground:
    """The ground in what :mod:`xdsl_info` returned.

    :param folder: see :class:`Ground`
    """
    access: t.Mapping[str, t.Any] = (told.get("accesses") or [{}])[0]
    rights = tuple(f"{one['method']} {one['path']}" for one in told.get("unproven_rights") or [])
    return Ground(key_of(told), rights, access.get("mail_to_this_account"), folder)


def judge(sight: Sight, stops: t.Iterable[str] = ()) -> Verdict:
    """What one preflight comes to.

    :param stops: why a run could not finish, as sentences
    """
    why = tuple(stops)
    found = [*_of_key(sight), *_of_mail(sight), *_of_router(sight), *_of_ways(sight), *_of_place(sight)]
    found += _of_ovhcloud(sight) if not why else []
    return Verdict(
        sight.service_name,
        sight.host,
        False if why else True if sight.asked else None,
        why,
        tuple(one for one in found if isinstance(one, str)),
        tuple(one for one in found if isinstance(one, Point)),
        tuple(_warnings(sight)),
        sight.latest.mail if sight.latest else None,
        sight.same,
        sight.hosts,
        sight.renew,
    )


def _of_key(sight: Sight) -> Found:
    line, ground = sight.line, sight.ground
    if ground is None or line is None or not line.asked or not sight.asked:
        return
    if ground.unproven_rights:
        paths = ", ".join(ground.unproven_rights)
        yield Point(
            f"whether the API key may call {paths}",
            f"OVHcloud does not show the rights of this key; compare its policy with the one in {DOCS}",
        )
    else:
        yield f"The API key holds every right that a renewal needs{_until(ground.key)}."
    account = " and its credentials mail goes to this account" if ground.to_this_account else ""
    yield f"OVHcloud lists the line as active{account}."
    if ground.to_this_account is None and not sight.mailbox:
        yield Point(
            "whether the credentials mail goes to the account of this key",
            "compare the line's administrative contact in OVHcloud's control panel with that account",
        )


def _until(key: Key | None) -> str:
    if key is None:
        return ""
    return f", and is valid until {iso(key.expires)}" if key.expires else ", and does not expire"


def _of_mail(sight: Sight) -> Found:
    latest = sight.latest
    if latest is None:
        return
    place = "the mailbox" if sight.mailbox else "the account's mail history"
    mail = latest.mail
    if mail is None:
        yield f"{place.capitalize()} can be read."
        yield Point(
            "whether the credentials mail of this line can be read",
            f"{place} holds none yet; the first one that comes shows it",
        )
        return
    read = f"The latest credentials mail, {named(mail)}, is "
    accepted = sight.line.accepted_at if sight.line else None
    if latest.secret_link:
        yield f"{read}recognised. It gives a one-time link."
        yield Point("whether that link opens", "a renewal opens the next one; nothing else does")
    elif sight.same:
        yield f"{read}read, and its password is the one on the router: the mails of this account are read correctly."
    elif accepted and accepted > mail.date:
        yield f"{read}read, and OVHcloud accepted its login since."
    else:
        yield f"{read}read."
    if sight.same is False:
        yield Point(
            "whether its password is read correctly: the router has another one",
            "compare the two by eye, or let the router have the mail's",
            sight.converge,
        )
    elif sight.same is None and not latest.secret_link and sight.looks:
        yield Point(
            "whether its password is the one on the router",
            f"they were not compared, because {sight.uncompared or 'the router was not looked at'}",
        )


def _of_router(sight: Sight) -> Found:
    router, line = sight.router, sight.line
    if not sight.looks:
        yield Point("whether the router can be set", "it is set by tasks of your own, which are not looked at")
        return
    if router is None:
        return
    if router.waiting:
        yield "The router is reached, and its interface waits for the first password."
        return
    whose = ", and dials with this line's login" if line and line.login and same_login(line.login, router.login) else ""
    yield f"The router is reached and can be set, as far as its rights tell{whose}."
    if router.replaceable:
        yield f"Its login is {router.login or 'empty'}, and the line's may take its place."
    elif not whose:
        yield Point(
            f"whether {router.login} is this line's login", "compare it with the one in the line's credentials mail"
        )
    session = router.session
    age = "" if session.uptime is None else f", for {_span(session.uptime)}"
    yield f"Its session is up{age}." if session.up else f"Its session is down ({session.error or 'no reason given'})."
    if (rehearsed := sight.rehearsed) and rehearsed.session:
        down = rehearsed.told()
        yield f"A redial was rehearsed at {iso(rehearsed.at)}: a new session came up{f'; {down}' if down else ''}."
    elif session.up and sight.rehearsable:
        yield Point(COMES_BACK, "rehearse it, at the cost of some seconds offline", sight.rehearse)
    elif session.up:
        yield Point(COMES_BACK, "have it dial by hand; no rehearsal is safe yet")


def _of_ways(sight: Sight) -> Found:
    """One that does not pass is a reason why not."""
    rehearsed = sight.rehearsed
    for way in sight.ways:
        between, why = f"the network path between {BETWEEN[way.name]}", way.why.rstrip(".")
        if way.verdict == LIVES:
            yield f"T{between[1:]} works without the line: {why}."
        elif way.name == "api" and rehearsed and rehearsed.api_answered:
            yield f"OVHcloud's API answered this machine while the line was down, at {iso(rehearsed.at)}."
        elif way.accepted == OFFLINE:
            yield Point(
                f"whether this machine has another Internet access: {why}",
                "a rehearsal tells whether OVHcloud's API answers while the line is down",
                sight.rehearse if sight.rehearsable else "",
            )
        elif not sight.asked:
            yield Point(
                f"whether {between} works without the line: {why}", "a preflight with router_pppoe_renew set tells how"
            )
        elif way.accepted:
            yield Point(
                f"whether {between} works without the line: {why}", f"{PREFIX}{way.accepted} is set, which answers it"
            )


def _of_place(sight: Sight) -> Found:
    if sight.asked and sight.ground and sight.ground.folder:
        yield "The journal of requests can be written."
    elif sight.asked and sight.ground and sight.ground.folder is None:
        yield Point(
            "whether the journal of requests can be written",
            "it is on another host (router_pppoe_api_host), where the request itself shows it",
        )
    if sight.store in ("file", "folder") and sight.kept is None:
        return
    if sight.store == "file":
        yield "The encrypted file that keeps the password opens and can be written."
    elif sight.store == "folder":
        yield "Your store was read."
        yield Point("whether your store takes the password", "run its write.yml by itself")
    elif sight.store == "tasks":
        yield Point("whether your store (router_pppoe_store) takes the password", "run its tasks by themselves")
    if sight.kept:
        yield "The store holds login and password of this line, so that it can be set without any mail."


def _of_ovhcloud(sight: Sight) -> Found:
    if sight.asked:
        yield Point("whether OVHcloud takes the request and its mail comes in time", "only a renewal shows that")


def _warnings(sight: Sight) -> t.Iterator[str]:
    if sight.bare:
        yield (
            "router_pppoe_renew is set where every run finds it, and neither router_pppoe_renewed_since nor "
            "router_pppoe_max_age is: each run of the role cuts this line. Set one of the two, or give the flag with "
            "-e only."
        )
    yield from sight.notes


def _span(seconds: float) -> str:
    """An age, as people say it."""
    units = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
    unit, length = next((one for one in units if seconds >= one[1]), units[-1])
    count = int(seconds // length)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def named(mail: Mail) -> str:
    """A mail, so that it is found again."""
    title = mail.title if len(mail.title) <= LONGEST else f"{mail.title[:LONGEST]} ..."
    return f'"{title}" of {iso(mail.date)} (id {mail.id})'


def text(verdict: Verdict, now: bool = False) -> str:
    """The verdict for a person, in lines. Why not is what its task fails with, and that stands alone: it is said there.

    :param now: it stands at the head of a renewal that begins
    """
    lines = _wrapped(f"{verdict.service_name}: could renew now: {COULD[verdict.could_renew]}.", "", "  ")
    points: tuple[tuple[str, t.Iterable[Point]], ...] = (
        ("Proven:", [Point(one) for one in verdict.proven]),
        ("Not proven:", verdict.unproven),
        ("Warning:", [Point(one) for one in verdict.warnings]),
    )
    for title, found in points:
        if found:
            lines += [f"  {title}", *(line for one in found for line in _told(one))]
    if now:
        lines.append("  This line is cut now, until its router has dialled in again.")
    elif verdict.could_renew is not None:
        if verdict.hosts > 1:
            lines.append(f"  This play has {verdict.hosts} hosts: a renewal of all of them cuts as many lines.")
        after = "When that is mended, this cuts" if verdict.stops else "This cuts"
        lines.append(f"  {after} the line until its router has dialled in again:")
        lines.append(f"    {plain(verdict.command) or YOURS}")
    return "\n".join(lines)


def _told(point: Point) -> t.Iterator[str]:
    begun = point.what if point.what.startswith(PREFIX) else f"{point.what[:1].upper()}{point.what[1:]}"
    end = ":" if point.command else "."
    yield from _wrapped(f"{begun}: {point.how}{end}" if point.how else begun, "  - ", "    ")
    if point.command:
        # On a line of its own, which is copied whole.
        yield f"    {plain(point.command)}"


def _wrapped(sentence: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(
        plain(sentence),
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
