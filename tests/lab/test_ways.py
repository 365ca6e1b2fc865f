# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to the router on a real PPPoE line: through its own session, and beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab.line import Line

FLAG = ("-e", "router_pppoe_renew=true")
WAN = "203.0.113.10"
#: Another SSH server, at the address of the session.
OPEN = f"sed 's/^ListenAddress.*/ListenAddress {WAN}/' /run/sshd_config >/run/sshd_wan; /usr/sbin/sshd -f /run/sshd_wan"


def from_outside(line: Line) -> dict[str, Any]:
    """The router at the address of its session, by a host on the other side of the concentrator."""
    jump = f"-F {line.machines.ssh_config} -o HostKeyAlias=router -o ProxyJump=isp"
    return {"ansible_host": WAN, "ansible_port": 22, "ansible_ssh_common_args": jump}


@pytest.mark.soak
def test_a_router_that_is_reached_through_its_own_session_is_refused(collections: Path) -> None:
    """By the address that OVHcloud lists, and where it lists none by the router's own answer; the LAN goes on."""
    with Line(collections) as line:
        line.dial()
        line.router(OPEN)
        inventory = line.machines.top / "inventory.json"
        beside = json.loads(inventory.read_text(encoding="utf-8"))
        router = beside["routers"]["hosts"]["router"]
        through = {"routers": {"hosts": {"router": {**router, **from_outside(line)}}}}
        before, listed = line.session().identity, line.provider.line["ips"]

        inventory.write_text(json.dumps(through), encoding="utf-8")
        for addresses, voice in ((listed, f"is {WAN}, an address of the line"), ([], "leaves by ppp0, the line")):
            line.provider.line["ips"] = addresses
            run = line.play(*FLAG, "-e", "router_pppoe_out_of_band=true")
            said = " ".join(run.output.split())
            assert run.code != 0 and voice in said, run.output
            assert "the router would not be reachable any more from this machine" in said, run.output
            assert line.provider.posts() == 0 and line.session().identity == before
        line.provider.line["ips"] = listed

        inventory.write_text(json.dumps(beside), encoding="utf-8")
        run = line.play(*FLAG)
        assert run.code == 0 and line.provider.posts() == 1, run.output
        assert line.session().up and line.session().identity != before, run.output
