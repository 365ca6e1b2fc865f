# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lies between the role and OVHcloud: ``python -m role.api_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable

from .lab import SERVICE, Lab
from .scenarios import FLAG, failed, main, must, playbook, succeeded


def clock_is_set(lab: Lab) -> None:
    """A clock steps while the mail is waited for; the key is in the play's module_defaults for the group, and no secret
    of it is shown."""
    given = {"endpoint": f"{lab.url}/1.0", "application_key": "test-ak", "application_secret": "test-as"}
    group = {"group/ownrouter.ovhcloud.ovh": {**given, "consumer_key": "test-ck", "requests_per_minute": 0}}
    include = {"ansible.builtin.include_role": {"name": "ownrouter.ovhcloud.router_pppoe"}}
    play = {"hosts": "routers", "gather_facts": False, "module_defaults": group, "tasks": [include]}
    lab.admin("PUT", "/state", {"mail_delay": 4})

    def step() -> None:
        end = time.monotonic() + 60
        while not lab.posts() and time.monotonic() < end:
            time.sleep(0.1)
        lab.admin("PUT", "/state", {"clock_skew": 3600})

    stepping = threading.Thread(target=step, daemon=True)
    stepping.start()
    none = dict.fromkeys(("OVH_ENDPOINT", "OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"), "")
    run = lab.play(*FLAG, "-vvv", playbook=playbook(lab, "defaults", json.dumps([play])), **none)
    stepping.join()
    succeeded(lab, run, changed=1, posts=1, hups=1)
    asked = [call for call in lab.admin("GET", "/calls") if call["path"].endswith("/auth/time")]
    must(len(asked) == 2, f"OVHcloud's time is asked for again, once, not {len(asked) - 1} times", run)
    must("RADIUS log shows no connection" not in run.said, "the session is proven by the new time", run)
    must("test-as" not in run.output and "test-ck" not in run.output, "no secret of the defaults is shown", run)


def something_in_between(lab: Lab) -> None:
    """A proxy's page in place of an answer: at the request it may have had its effect, at a look it is told as one."""
    lab.admin("POST", "/faults", [{"kind": "html:403", "method": "GET", "path": f"/xdsl/{SERVICE}", "times": 4}])
    failed(lab, lab.play(*FLAG), 0, 0, "status 403", "a proxy, a firewall or a captive portal", "Nothing was changed")
    lab.admin("POST", "/faults", [{"kind": "html:409", "method": "POST", "path": "*", "effect": True}])
    run = lab.play(*FLAG)
    succeeded(lab, run, changed=1, posts=1, hups=1)
    must("OVHcloud's call log shows that the request arrived" in run.said, "what is known of the request", run)


SCENARIOS: list[Callable[[Lab], None]] = [clock_is_set, something_in_between]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
