# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit finds of a line: nothing was changed, and nothing is to be proven of a renewal (pure)."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import parse_duration
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import report, sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites.report import AGREES, FAILED, FOUND, READY, Row

Data = t.Mapping[str, t.Any]


def wrong_age(older_than: t.Any) -> str:
    """Why that is no age, as a sentence; "" where it is one, or none is given."""
    try:
        _age(older_than)
    except Failure as failure:
        return failure.message
    return ""


def row(host: str, service_name: str, told: Data, older_than: t.Any, now: datetime.datetime) -> Row:
    """What an audit finds of a site.

    :param told: its registered results of this run
    :param older_than: an age that a password may have at most; None for any
    """
    found = report.row(sites.PREFLIGHT, host, service_name, told)
    if found.outcome not in (FAILED, READY):
        return found
    line, proof = told.get("line") or {}, told.get("proof") or {}
    said = list(findings(proof.get("verdict") or line.get("verdict") or {}, line.get("dial_in"), _age(older_than), now))
    if found.outcome == FAILED:
        return Row(host, service_name, FAILED, None, " ".join([*said, found.why]), found.state, found.command)
    return Row(host, service_name, FOUND if said else AGREES, None, " ".join(said))


def findings(
    verdict: Data, dial_in: t.Any, oldest: datetime.timedelta | None, now: datetime.datetime
) -> t.Iterator[str]:
    """What is not as it should be, as sentences.

    :param verdict: of the line's look, as data
    :param dial_in: the last entry of OVHcloud's RADIUS log
    """
    same, mail = verdict.get("same_password"), verdict.get("mail") or {}
    if same is False:
        yield "The router has another password than the latest credentials mail."
    elif same is None:
        yield f"Whether the router has the password of the latest mail is not known{_because(verdict)}."
    event: Data = dial_in if isinstance(dial_in, t.Mapping) else {}
    if event and event.get("state") != "OK":
        why = str(event.get("message") or event.get("state"))
        yield f"OVHcloud's last RADIUS entry is a refusal, at {event.get('date')}: {why}."
    if oldest is not None:
        made = parse_time(str(mail.get("date") or ""))
        if made is None:
            yield "How old the password is, is not known: no credentials mail is there."
        elif now - made > oldest:
            yield f"The password is {(now - made).days} days old, of {iso(made)}."


def _because(verdict: Data) -> str:
    for point in verdict.get("unproven") or []:
        how = str(point.get("how") or "")
        if how.startswith("they were not compared, "):
            return f", {how.removeprefix('they were not compared, ').rstrip('.')}"
    return ""


def _age(older_than: t.Any) -> datetime.timedelta | None:
    """:raises Failure: for what is no duration"""
    text = str(older_than or "").strip()
    return parse_duration("older_than", text) if text else None
