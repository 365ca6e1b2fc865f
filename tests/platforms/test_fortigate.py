# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example docs/examples/custom/fortigate: the real fortinet.fortios against a stand-in with FortiOS' REST API."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from fortigate.server import Gate, serving
from role.plays import failures, play_all
from role.site import LOGIN, SERVICE, Site
from routeros.router import Client, Provider, client_row
from routeros.server import make_certificate

from .sshd import free_port

FLAG = ("-e", "router_pppoe_renew=true")
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "custom" / "fortigate"
CANARY = "Kanarie'\"$HOME`id`;\\#<>&\u00e9%s!{x}:7391"  # no blank: a mail whose password has several words is refused
TOKEN = "Zugang5528"


def router(port: int, certificate: Path, token: str = TOKEN, **more: Any) -> dict[str, Any]:
    return {
        "ansible_connection": "ansible.netcommon.httpapi",
        "ansible_network_os": "fortinet.fortios.fortios",
        "ansible_host": "127.0.0.1",
        "ansible_httpapi_port": port,
        "ansible_httpapi_use_ssl": True,
        "ansible_httpapi_validate_certs": True,
        "ansible_httpapi_ca_path": str(certificate),
        "ansible_httpapi_session_key": {"access_token": token},
        # Not used beside a token, but Ansible keeps one connection for a user of an address, whatever the port.
        "ansible_user": f"{'renew' if token == TOKEN else 'stranger'}-{port}",
        "router_pppoe_platform": "custom",
        "router_pppoe_platform_dir": str(EXAMPLE),
        "router_pppoe_interface": "wan1",
        **more,
    }


def gate(world: Site, password: str = "", **more: Any) -> Gate:
    """:param password: of its line; "" for the right one"""
    client = Client(client_row("wan1", LOGIN, password or world.line()["password"]), Provider(world.url, SERVICE))
    return Gate(client, TOKEN, **more)


@pytest.mark.soak
def test_a_renewal(world: Site) -> None:
    """Refusals and broken writes, check mode, the renewal with a canary, the same again; a session that never comes."""
    certificate = make_certificate(world.top)
    with contextlib.ExitStack() as stack:
        # With another password they have no session: one that is up is left alone by an example that cannot compare.
        one, readonly, lost = gate(world), gate(world, "another", may_write=False), gate(world, "another", breaks=True)
        ports = [stack.enter_context(serving(each, *certificate)) for each in (one, readonly, lost)]
        by_hand: dict[str, Any] = {"router_pppoe_login": LOGIN, "router_pppoe_password": "handed"}
        hosts = {
            "absent": (router(ports[0], certificate[0], router_pppoe_interface="wan9"), "has no interface wan9"),
            "static": (router(ports[0], certificate[0], router_pppoe_interface="lan"), "the addressing mode static"),
            "unreachable": (router(free_port(), certificate[0]), "was not reached, or refuses the token"),
            "refused": (router(ports[0], certificate[0], "wrong"), "refuses the token"),
            "readonly": (router(ports[1], certificate[0], **by_hand), "refuses the write (HTTP status 403)"),
            "lost": (router(ports[2], certificate[0], **by_hand), "so whether it has the new password is not known"),
        }
        world.write_inventory({name: given for name, (given, _said) in hosts.items()})
        run = play_all(world, "--skip-tags", "verify", "--diff")
        told = failures(run)
        for name, (_given, said) in hosts.items():
            assert said in told.get(name, ""), run.output
        assert one.writes() == [] and [len(each.writes()) for each in (readonly, lost)] == [1, 1]

        world.write_inventory({"router1": router(ports[0], certificate[0])})
        run = world.play(*FLAG, "--check", "--diff")
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
        assert one.writes() == []

        world.admin("PUT", "/state", {"next_password": CANARY})
        log = world.top / "ansible.log"
        run = world.play(*FLAG, "-vvvv", "--diff", ANSIBLE_LOG_PATH=str(log))
        assert (run.code, len(world.posts())) == (0, 1), run.output
        write = ("PUT", "/api/v2/cmdb/system/interface/wan1")
        assert one.writes() == [(*write, {"name": "wan1", "username": LOGIN, "password": CANARY})]
        assert world.line()["password"] == CANARY and world.line()["session"]["up"], run.output
        assert one.client.sessions == 2, "the first session, and one dial with the new password"
        assert log.stat().st_size > 10_000
        for secret in (CANARY, TOKEN):
            assert world.leaks(secret, run, allowed=[world.inventory], forms=["Kanarie", ":7391"]) == []

        run = world.play(*FLAG)
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 0, 1), run.output
        assert len(one.writes()) == 1

        world.admin("PUT", "/state", {"mail_delay": 0})
        world.admin("POST", f"/line/{SERVICE}/rotate")
        world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
        run = world.play("-e", "router_pppoe_session_timeout=4")
        assert run.code != 0
        assert "no new session came up within 4 s (the FortiGate shows no address on wan1)" in run.said, run.output
        assert len(one.writes()) == 2
