# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Did the line authenticate? OVHcloud's RADIUS log, watched."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING, Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import check_range, parse_date
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import connect

#: Seconds between two looks at the log.
INTERVAL = 3.0


def watch(params: t.Mapping[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    """Look for an accepted dial-in, until there is one or the time is over.

    :param params: the options of plugins/modules/xdsl_ppp_session_info.py
    :param check_mode: makes no difference, nothing is ever written
    :returns: what that module returns, with ``warnings``
    :raises Failure: when OVHcloud cannot be asked
    """
    service_name = params["service_name"]
    newer_than = params["newer_than"]
    check_range(params, timeout=0)
    # The log has whole seconds.
    since = parse_date("newer_than", newer_than).replace(microsecond=0) if newer_than is not None else None
    client = connect(params)
    # Nothing is written here, so that each night is spared a request.
    client.clock_by_answers()
    deadline = time.monotonic() + params["timeout"]
    while True:
        try:
            events = access.session_log(client, service_name)
        except Failure as failure:
            if failure.code == "not_found":
                access.read(client, service_name)  # names the accesses that exist
            if failure.code in ("forbidden", "not_granted", "bad_request"):
                return {
                    "changed": False,
                    "allowed": False,
                    "connected": False,
                    "login": None,
                    "last_event": None,
                    "events": [],
                    "clock_skew": client.skew(),
                    "warnings": [f"The RADIUS log cannot be read. {failure.message}"],
                }
            # A host behind the line gets its own way out back with the session that it asks about.
            if failure.code not in PASSING or time.monotonic() >= deadline:
                raise
            time.sleep(INTERVAL)
            continue
        access.told_anew(client, service_name, events)
        events = [event for event in events if since is None or event.date >= since]
        connected = bool(events) and events[0].accepted
        remaining = deadline - time.monotonic()
        if connected or remaining <= 0:
            return {
                "changed": False,
                "allowed": True,
                "connected": connected,
                "login": events[0].login if events else None,
                "last_event": events[0].as_result() if events else None,
                "events": [event.as_result() for event in events],
                "clock_skew": client.skew(),
            }
        time.sleep(min(INTERVAL, remaining))
