# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at a line, at what the key may do, and at the way from here to OVHcloud."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import rights
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, connect
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import exits, here, judge
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import (
    CROSSES,
    LIVES,
    Here,
    Line,
    network,
    trail,
)

#: What is of use of what OVHcloud tells of the credentials.
OF_KEY = ("allowedRoutes", "rules", "status", "expiration", "allowedIPs")


def look(params: t.Mapping[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    """Read what a renewal and a router need to know of a line.

    :param params: the options of plugins/modules/xdsl_info.py
    :param check_mode: makes no difference, nothing is ever written
    :returns: what that module returns
    :raises Failure: when OVHcloud cannot be asked, or does not know the line
    """
    service_name = params["service_name"]
    purposes = params["required_rights"]
    client = connect(params)
    # A line that has this behind it goes before one that has not.
    client.turn = Turn.START
    result: dict[str, t.Any] = {"changed": False}
    if service_name:
        key = client.in_run("key", lambda: [_credentials(client)], _key_of)[0] if purposes else {}
        rules = _rules(key) if key is not None else None
        wanted = [right.on(service_name) for purpose in purposes for right in rights.RIGHTS[purpose]]
        missing = rights.missing(purposes, service_name, rules) if rules is not None else []
        result["missing_rights"] = [right.as_result() for right in missing]
        result["unproven_rights"] = [] if rules is not None else [right.as_result() for right in wanted]
        result["consumer_key"] = _consumer_key(key) if client.connection.kind != "oauth2" else None
    nichandle = client.in_run("me", lambda: _nichandle(client), lambda kept: kept if isinstance(kept, str) else None)
    names = [service_name] if service_name else access.list_names(client)
    result["accesses"] = [access.describe(client, name, nichandle) for name in names]
    result["clock_skew"] = client.skew()
    if service_name:
        # What was just used needs no other proof.
        used = {"access", "session_log"} if result["accesses"][0]["session_log_allowed"] else {"access"}
        result["unproven_rights"] = [right for right in result["unproven_rights"] if right["right"] not in used]
    if params["router_address"]:
        result["control_node"] = _control_node(client, params, result["accesses"][0]["ips"])
    return result


def _control_node(client: Client, params: t.Mapping[str, t.Any], blocks: t.Sequence[str]) -> dict[str, t.Any]:
    """Whether this host reaches the API, and the mail server, without the line."""
    targets = [here.of_url(client.connection.base_url)]
    if params["source"] == "imap" and params["imap_host"]:
        port = params["imap_port"] or imap_client.PORTS[params["imap_security"] or "tls"]
        targets.append(here.target("the mailbox", params["imap_host"], port, connect=True))
    routes = here.defaults()
    seen = exits.look(client, params["service_name"], trail(targets[:1], routes), default_state_dir())
    found = Here(tuple(targets), seen, tuple(blocks), here.servers(), routes)
    line = Line(tuple(filter(None, map(network, blocks))), here.addresses(params["router_address"]))
    way = judge.of_api(found.targets, found.exit, line)
    return {
        "behind_line": {CROSSES: True, LIVES: False}.get(way.verdict),
        "reason": way.why,
        "address": next(iter(found.exit.addresses), None),
        # Plain lists, as a module hands them over.
        "facts": json.loads(json.dumps(dataclasses.asdict(found))),
    }


def _nichandle(client: Client) -> str:
    """The account of the credentials; "" where they may not ask."""
    try:
        me = client.get("/me")
    except Failure as failure:
        if failure.code != "not_granted":
            raise
        return ""
    return str(me.get("nichandle") or "") if isinstance(me, dict) else ""


def _credentials(client: Client) -> dict[str, t.Any] | None:
    """What OVHcloud tells of the credentials: consumer key, else account details; None when they may not ask."""
    try:
        answer = client.get("/auth/details" if client.connection.kind == "oauth2" else "/auth/currentCredential")
    except Failure as failure:
        if failure.code not in ("not_granted", "not_found"):
            raise
        return None
    return {name: answer[name] for name in OF_KEY if name in answer} if isinstance(answer, dict) else {}


def _key_of(kept: t.Any) -> list[dict[str, t.Any] | None] | None:
    """What was told of the key, as a file holds it; None where that is none of ours."""
    ours = isinstance(kept, list) and len(kept) == 1 and isinstance(kept[0], (dict, type(None)))
    return kept if ours else None


def _rules(told: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]] | None:
    """Rules of the credentials; None when they cannot be told."""
    rules = told.get("allowedRoutes") or told.get("rules")
    return rules if isinstance(rules, list) and rules else None


def _consumer_key(told: t.Mapping[str, t.Any] | None) -> dict[str, t.Any] | None:
    """How long a consumer key lasts, and from where it may be used; None when that was not asked, or not told."""
    if not told or "status" not in told:
        return None
    allowed = told.get("allowedIPs")
    return {
        "status": str(told["status"]),
        "expiration": told.get("expiration"),
        "allowed_ips": [str(one) for one in allowed] if isinstance(allowed, list) else [],
    }
