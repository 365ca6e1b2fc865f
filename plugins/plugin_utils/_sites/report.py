# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report at the end of a playbook: what came of every site of its target, also of those never reached (pure).

It holds no password.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import textwrap
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import plain
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command, pattern_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.messages import UNTOUCHED, due
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, foreseen

WIDTH = 118
RENEWED, CONVERGED, UNCHANGED, READY, STANDBY = "renewed", "converged", "unchanged", "ready", "standby"
AGREES, FOUND = "agrees", "found"
FAILED, NOT_TRIED = all_sites.FAILED, all_sites.NOT_TRIED
#: In this order they are counted.
OUTCOMES = (RENEWED, CONVERGED, UNCHANGED, READY, AGREES, STANDBY, FOUND, FAILED, NOT_TRIED)
#: What is left to do.
LEFT = (FOUND, FAILED, NOT_TRIED)
#: A command has a line of its own, behind the words that lead to it.
COMMAND = re.compile(r"[^.\n]*:\n(ansible(?:-playbook)? [^\n]*)\n?")
Data = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Row:
    """One site.

    :param outcome: one of :data:`OUTCOMES`
    :param offline: seconds from the cut of the session to the new one; None where nothing tells
    :param why: it failed, was not tried, or is left alone, as sentences
    :param state: what is true of line and router now, where it failed
    :param command: that goes on with this site alone; "" for none
    """

    host: str
    service_name: str
    outcome: str
    offline: int | None = None
    why: str = ""
    state: str = ""
    command: str = ""


@dataclasses.dataclass(frozen=True)
class Report:
    """
    :param playbook: that it is of
    :param check: nothing was to be written, anywhere
    :param counts: of sites by outcome
    :param left: hosts that failed or were not tried
    :param command: that goes on with them; "" where there are none, or no command started this run
    """

    playbook: str
    check: bool
    began: datetime.datetime
    ended: datetime.datetime
    counts: tuple[tuple[str, int], ...]
    sites: tuple[Row, ...]
    left: tuple[str, ...]
    command: str


def row(playbook: str, host: str, service_name: str, told: Data) -> Row:
    """What came of a site.

    :param told: its registered results of this run by name: "line", "ended", "step", "proof" and "site"
    """
    failed, line = told.get("site") or {}, told.get("line") or {}
    if why := str(failed.get("not_tried") or line.get("not_tried") or ""):
        return Row(host, service_name, NOT_TRIED, why=_sentence(why), state=UNTOUCHED)
    if failed or not line:
        said = str(failed.get("msg") or "")
        if not said:
            return Row(
                host,
                service_name,
                NOT_TRIED,
                why="This run ended before it came to this site.",
                state=UNTOUCHED,
            )
        now = str(failed.get("state") or "")
        return Row(host, service_name, FAILED, None, _why(said, service_name, now), now, _command(said))
    if active := line.get("standby_of"):
        return Row(host, service_name, STANDBY, why=f"Set by the run of {active}.")
    if playbook == all_sites.PREFLIGHT:
        return Row(host, service_name, READY, 0)
    ended = told.get("ended") or told.get("step") or {}
    try:
        state = from_data(State, ended.get("state"))
    except Unreadable:
        return Row(host, service_name, UNCHANGED, 0)
    why = f"{_sentence(due(state.renewed.message))}." if state.renewed.reason == "not_now" else ""
    return Row(host, service_name, _outcome(state), offline(state), why)


def left_as(playbook: str, told: Data) -> str:
    """What is true of line and router where a task failed that says nothing of them; "" where that is not known.

    :param told: see :func:`row`
    """
    if not told:
        return UNTOUCHED
    wrong = any(one.get("failed") for one in told.values())
    if playbook != all_sites.RENEW or wrong or "line" not in told or not {"step", "ended"} & set(told):
        return ""
    return f"The line itself is done: {row(playbook, '', '', told).outcome}. What comes after its end is not."


def _outcome(state: State) -> str:
    under_way = state.renewed.under_way and (state.changed or state.renewed.sent)
    if state.predicted or under_way:
        return RENEWED
    return CONVERGED if state.changed or state.stored or (state.intent.check and foreseen(state)) else UNCHANGED


def offline(state: State) -> int | None:
    """Seconds from the request, or the dial, that cut a session to the new one; 0 where none was cut.

    None where nothing tells: the session was down before, or its end was not seen.
    """
    up_before = state.proof is not None and state.proof.router is not None and state.proof.router.session.up
    if state.predicted or (state.intent.check and foreseen(state)):
        return None
    if state.session_since is None:
        return 0 if up_before else None
    if not state.renewed.under_way and not up_before:
        return None
    since = state.renewed.requested_at if state.renewed.under_way else state.session_since
    if since is None or state.seen is None or not state.session.up or state.seen.at is None:
        return None
    uptime = state.session.uptime or 0.0
    begun = state.seen.at - datetime.timedelta(seconds=uptime)
    return max(0, round((begun - since).total_seconds()))


def report(
    sites: all_sites.Sites,
    rows: t.Sequence[Row],
    check: bool,
    times: tuple[datetime.datetime, datetime.datetime],
    go_on: str,
) -> Report:
    """
    :param times: when the run began, and now
    :param go_on: the command that goes on with what is left
    """
    counts = [(one, sum(row.outcome == one for row in rows)) for one in OUTCOMES]
    left = tuple(row.host for row in rows if row.outcome in LEFT)
    shown = tuple((name, count) for name, count in counts if count)
    return Report(sites.playbook, check, *times, shown, tuple(rows), left, go_on if left else "")


def text(found: Report, go_on: Command) -> str:
    """The report for a person, in lines: a table, what failed and why, and the command that goes on."""
    counts = ", ".join(f"{count} {_named(found, name)}" for name, count in found.counts)
    many = "" if len(found.sites) == 1 else "s"
    lines = [f"Report of {found.playbook}, {len(found.sites)} site{many}: {counts}.", ""]
    head = ("site", "line", "outcome", "offline")
    cells = [(plain(one.host), plain(one.service_name), _named(found, one.outcome), _span(one)) for one in found.sites]
    widths = [max(len(cell[at]) for cell in (head, *cells)) for at in range(len(head))]
    lines += [
        "  ".join(("", *(cell.ljust(width) for cell, width in zip(one, widths)))).rstrip() for one in (head, *cells)
    ]
    if [one.outcome for one in found.sites] == [FAILED]:
        # The message directly above has said it, and its command may have what this run's lacked.
        return "\n".join(
            [*lines, "", *_wrapped(f"{found.sites[0].host}: the message above says why, and how to go on.")]
        )
    for why, hosts in _reasons(found).items():
        lines += ["", *_wrapped(f"{', '.join(hosts)}: {why}")]
    if found.left:
        lines += ["", *step(_lead(found), go_on).splitlines()]
    return "\n".join(lines)


def _lead(found: Report) -> str:
    several = len(found.left) > 1
    return f"To go on with the {len(found.left)} site{'s' if several else ''} that {'are' if several else 'is'} left"


def _reasons(found: Report) -> dict[str, list[str]]:
    """Why, each with the hosts that it is true of."""
    reasons: dict[str, list[str]] = {}
    for one in found.sites:
        if one.why and one.outcome != STANDBY:
            shown = "" if one.outcome == NOT_TRIED or one.state in one.why else one.state
            said = f"{one.why} {shown}".strip()
            reasons.setdefault(said, []).append(one.host)
    return reasons


def _named(found: Report, outcome: str) -> str:
    if found.check and outcome in (RENEWED, CONVERGED):
        return f"would be {outcome}"
    return outcome


def _span(one: Row) -> str:
    if one.offline is None or one.outcome in (*LEFT, READY, AGREES, STANDBY):
        return "-"
    return f"{one.offline} s"


def _why(said: str, service_name: str, state: str) -> str:
    """The reason in the last words of a site: without the line's name, what is true now, and the commands."""
    reason = COMMAND.sub("", said)
    reason = reason.replace(f"{service_name}: ", "", 1) if service_name else reason
    before = reason.partition(state)[0] if state else reason
    return _sentence(" ".join((before.strip() or reason).split()))


def _sentence(text: str) -> str:
    # What is a name begins as it is written.
    return text if "_" in text.partition(" ")[0] else f"{text[:1].upper()}{text[1:]}"


def _command(said: str) -> str:
    found = COMMAND.search(said)
    return found[1] if found else ""


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(plain(sentence), WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def as_document(found: Report) -> dict[str, t.Any]:
    """The report for programs."""
    data: dict[str, t.Any] = as_data(found)
    return {**data, "counts": dict(found.counts), "limit": ",".join(map(pattern_of, found.left))}
