# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task knows of the sites of its run: the variables that they registered."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, from_data

#: Set by the playbooks where the role's tasks are the turn of a site.
TURN = "_router_pppoe_turn"
#: Variables that the role registers, by the name that the report has for them.
RESULTS = {
    "line": "_router_pppoe_line",
    "proof": "_router_pppoe_proof",
    "ended": "_router_pppoe_ended",
    "step": "_router_pppoe_step",
    "site": all_sites.OUTCOME,
}
#: Those of a site whose turn has not ended yet.
KNOWN = ("line", "proof", "step")
Variables = t.Mapping[str, t.Any]


def of_run(variables: Variables, template: t.Callable[[t.Any], t.Any]) -> all_sites.Sites | None:
    """The sites of this run; None where no playbook of ours has begun it."""
    if not variables.get(TURN):
        return None
    return sites(template(variables.get(all_sites.VARIABLE)))


def sites(registered: t.Any) -> all_sites.Sites | None:
    """The sites in what the first task has registered."""
    found = registered.get("sites") if isinstance(registered, t.Mapping) else None
    try:
        return from_data(all_sites.Sites, found)
    except Unreadable:
        return None


def of_host(variables: Variables, host: str) -> Variables:
    """The variables of another host; each look makes all of them anew, so it is taken once."""
    found = (variables.get("hostvars") or {}).get(host)
    return found if isinstance(found, t.Mapping) else {}


def value(variables: Variables, name: str, template: t.Callable[[t.Any], t.Any]) -> t.Any:
    """One of them; None where it cannot be had."""
    try:
        return template(variables.get(name))
    except AnsibleError:
        return None


def results(variables: Variables, run: str) -> dict[str, t.Any]:
    """What a host has registered in this run."""
    found = {name: variables.get(variable) for name, variable in RESULTS.items()}
    return {name: one for name, one in found.items() if isinstance(one, t.Mapping) and one.get("run") == run}


def failed(told: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The last of these results of the role that is one of a failure, and says more than where to look; else none.

    :param told: by the names of :data:`RESULTS`
    """
    found = [told.get(name) or {} for name in ("ended", "step", "proof", "line")]
    wrong = [one for one in found if one.get("failed")]
    return next((one for one in wrong if one.get("state_now")), wrong[0] if wrong else {})


def so_far(told: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """These results, with what the playbook would keep of a failure at the end.

    :param told: by the names of :data:`KNOWN`
    """
    wrong = failed(told)
    return {**told, "site": {"msg": wrong.get("msg"), "state": wrong.get("state_now")} if wrong else {}}


def earlier(
    variables: Variables, found: all_sites.Sites, order: t.Sequence[str], batch: t.Sequence[str]
) -> t.Iterator[all_sites.Turn]:
    """The sites before the batch of this one, the nearest first.

    :param order: all hosts of the play, in the order of its batches
    :param batch: of this site
    """
    before = order[: order.index(batch[0])] if batch and batch[0] in order else ()
    for name in reversed([one for one in before if one not in batch]):
        told = results(of_host(variables, name), found.run)
        line, failed = told.get("line") or {}, told.get("site") or {}
        why = str(line.get("not_tried") or "")
        outcome = all_sites.NOT_TRIED if why else ""
        if failed or not line:
            outcome = all_sites.REFUSED if found.why_doubled(name) else all_sites.FAILED
        yield all_sites.Turn(name, str(line.get("batch") or failed.get("batch") or ""), outcome, why)
