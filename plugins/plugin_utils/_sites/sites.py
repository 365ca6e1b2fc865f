# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sites of one run of a playbook: whose line is whose, how many would be cut, and who may begin (pure).

A batch in which every site fails ends the others' turn. Ansible's own way to do so ends the play without a word about
them, so failures are rescued, and each later site asks here whether it may begin.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import UNTOUCHED

#: The variable that the first task of a playbook registers for every site.
VARIABLE = "_router_pppoe_sites"
#: The one that a site which failed, or did not begin, registers.
OUTCOME = "_router_pppoe_site"
RENEW, PREFLIGHT, AUDIT = "renew", "preflight", "audit"
FAILED, NOT_TRIED, REFUSED = "failed", "not tried", "refused"


@dataclasses.dataclass(frozen=True)
class Site:
    """What the inventory tells of one host of the target.

    :param service_name: of its line; "" for none
    :param flag: a new password is requested
    :param bounded: only where it is older than a date or an age
    :param standbys: hosts that its run sets, too
    """

    host: str
    service_name: str
    flag: bool = False
    bounded: bool = False
    standbys: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Sites:
    """What the sites of a run are told before the first one begins.

    :param run: a name of this run; what an earlier playbook has left behind has another one
    :param playbook: :data:`RENEW`, :data:`PREFLIGHT` or :data:`AUDIT`
    :param hosts: in the order of their turn
    :param lines: service names, in the same order
    :param doubled: hosts that do not begin, since another one has the same line; each with a sentence
    :param file: that the report is written to; "" for none
    """

    run: str
    playbook: str
    hosts: tuple[str, ...]
    lines: tuple[str, ...]
    doubled: tuple[tuple[str, str], ...] = ()
    file: str = ""

    def why_doubled(self, host: str) -> str:
        return dict(self.doubled).get(host, "")


def site_of(host: str, value: t.Callable[[str], t.Any]) -> Site:
    """What a host's variables tell.

    :param value: of a variable of the role, by its name without the prefix; None for none
    """
    listed = value("standby_hosts")
    names = [listed] if isinstance(listed, str) else listed or []
    try:
        flag = boolean(value("renew") or False, strict=False)
    except TypeError:
        flag = False  # the role refuses the value
    return Site(
        host,
        str(value("service_name") or ""),
        bool(flag),
        bool(value("renewed_since") or value("max_age") or value("renew_between")),
        tuple(map(str, names)),
    )


def standby(sites: t.Sequence[Site]) -> dict[str, str]:
    """Hosts that another one's run sets, each with that one."""
    found: dict[str, str] = {}
    lines = {site.host: site.service_name for site in sites}
    for site in sites:
        for name in site.standbys if site.host not in site.standbys else ():
            if lines.get(name) == site.service_name:
                found.setdefault(name, site.host)
    return found


def doubled(sites: t.Sequence[Site]) -> dict[str, str]:
    """Hosts that share a line, none of which is the other's standby router; each with the sentence that refuses it."""
    active = [site for site in sites if site.service_name and site.host not in standby(sites)]
    hosts: dict[str, list[str]] = {}
    for site in active:
        hosts.setdefault(site.service_name, []).append(site.host)
    return {
        host: (
            f"{line}: the hosts {_and(names)} have this same line, and nothing tells which of them is its router. "
            "Remove router_pppoe_service_name from the one that is not, or, if both are, name the second in "
            f"router_pppoe_standby_hosts of the first. {UNTOUCHED}"
        )
        for line, names in hosts.items()
        if names[1:]
        for host in names
    }


def in_turn(hosts: t.Sequence[str], refused: t.Collection[str]) -> list[str]:
    """The hosts, those that do not begin last: none of them is the one that goes first."""
    return [*(host for host in hosts if host not in refused), *(host for host in hosts if host in refused)]


def cut(sites: t.Sequence[Site]) -> list[Site]:
    """Those whose lines may be cut."""
    leave = {*standby(sites), *doubled(sites)}
    return [site for site in sites if site.flag and site.host not in leave]


def announced(found: t.Sequence[Site], check: bool) -> str:
    """The first line of a run that asks; "" for one that cuts no line.

    :param found: see :func:`cut`
    """
    if not found:
        return ""
    lines = f"{len(found)} line{'s' if found[1:] else ''} {'would' if check else 'will'} be cut: "
    names = ", ".join(f"{site.host} ({site.service_name or 'no service name'})" for site in found)
    if any(site.bounded for site in found):
        return f"At most {lines}{names}. Each only if its password is due."
    return f"{lines}{names}."


def too_many(found: t.Sequence[Site], most: t.Any) -> str:
    """Why a run is refused that may cut more lines than its user wants; "" where it is not.

    :param most: the value of ``max_lines``; None for none
    """
    if most is None:
        return ""
    text = str(most).strip()
    if isinstance(most, bool) or not text.isascii() or not text.isdigit():
        return f"max_lines is {text!r}, but it takes a whole number of lines. Nothing was done."
    if len(found) <= int(text):
        return ""
    names = ", ".join(site.host for site in found)
    return (
        f"{len(found)} line{'s' if found[1:] else ''} could be cut, and max_lines is {text}, so nothing was done: "
        f"{names}. Name fewer of them by --limit or -e target=NAME, or give a higher max_lines."
    )


def wrong_batch(given: t.Any) -> str:
    """Why that is no size of a batch, as a sentence; "" where it is one, or none is given.

    :param given: the extra variable ``batch``. Ansible takes 0 for all at once, and ends at a word without a report
    """
    text = str("" if given is None else given).strip()
    number = text.removesuffix("%")
    if not text or (number.isascii() and number.isdigit() and int(number) and not isinstance(given, bool)):
        return ""
    return (
        f"batch is {text!r}, but it takes a whole number of lines from 1 up, or a share such as 30%. Nothing was done."
    )


@dataclasses.dataclass(frozen=True)
class Turn:
    """How a site's turn went, as far as the later ones have to know.

    :param batch: the first host of its batch; "" where nothing tells
    :param outcome: :data:`FAILED`, :data:`NOT_TRIED`, :data:`REFUSED`, or "" for anything else
    :param why: of one that was not tried
    """

    host: str
    batch: str = ""
    outcome: str = ""
    why: str = ""


def stopped(earlier: t.Iterable[Turn]) -> str:
    """Why a site may not begin: all that was tried of the batch before its own has failed. "" where it may.

    :param earlier: the hosts before its batch, the nearest first
    """
    batch, failed, why = "", [], ""
    for turn in earlier:
        batch = batch or turn.batch
        if turn.batch not in ("", batch):
            break
        if turn.outcome == FAILED:
            failed.append(turn.host)
        elif turn.outcome == NOT_TRIED:
            why = turn.why
        elif turn.outcome != REFUSED:
            return ""
    if why or not failed:
        return why
    return (
        f"not tried: {f'all of {_and(failed[::-1])}' if failed[1:] else failed[0]} failed, so no other line is begun."
    )


def _and(names: t.Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
