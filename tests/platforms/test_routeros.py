# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform routeros with community.routeros and librouteros, against a router that speaks the API over TLS."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from router.plays import failures, play_all
from router.site import LOGIN, SERVICE, Run, Site
from routeros.router import Client, Provider, Router, User, client_row
from routeros.server import make_certificate, serving

FLAG = ("-e", "router_pppoe_renew=true")
SERVICE_2, LOGIN_2 = "ftth-ab12345-2", "0320654321_1@adsl.ovh"
CANARY = "Kanarie'\"$;\\#<>&é:7391"  # no blank: a mail whose password has several words is refused
API_PASSWORD = "Routerzugang-5528"
NAME = "pppoe-out1"


class Mikrotik:
    """One router: a PPPoE client that dials the site's line, another client, and a user of the API."""

    def __init__(self, site: Site, service: str = SERVICE, login: str = LOGIN, *policies: str, **client: Any) -> None:
        self.router = Router()
        self.router.users["renew"] = User(API_PASSWORD, frozenset(["api", "read", "write", *policies]))
        row = client_row(NAME, login, site.line(service)["password"], **client.pop("row", {}))
        self.client = Client(row, Provider(site.url, service), **client)
        self.other = Client(client_row("pppoe-backup", "other@example.net", "other", disabled="true"), None)
        self.router.add(self.other)
        self.router.add(self.client)
        self.variables = {
            "ansible_host": "127.0.0.1",
            "router_pppoe_platform": "routeros",
            "router_pppoe_service_name": service,
            "router_pppoe_routeros_username": "renew",
            "router_pppoe_routeros_password": API_PASSWORD,
        }

    @contextlib.contextmanager
    def running(self, certificate: tuple[Path, Path]) -> Iterator[dict[str, Any]]:
        """Serve; yield the host's variables once the first session is up."""
        with serving(self.router, *certificate) as port:
            end = time.monotonic() + 10
            while self.client.since is None and self.client.answers and time.monotonic() < end:
                time.sleep(0.02)
            if self.client.since is not None:
                self.client.since -= 3600  # an hour old
            yield {
                **self.variables,
                "router_pppoe_routeros_port": port,
                "router_pppoe_routeros_ca_path": str(certificate[0]),
            }

    def configuration(self) -> list[dict[str, str]]:
        """Everything that is set, without the password of the line."""
        rows = [self.client.row, self.other.row]
        return [
            {key: value for key, value in row.items() if row is self.other.row or key != "password"} for row in rows
        ]


# One host goes all the way; the others begin where the flow looks at the router, which is before the request.
PREFLIGHT = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: "{{ 'main' if inventory_hostname == 'name' else 'preflight_router' }}"
"""


Start = Callable[[Mikrotik], dict[str, Any]]


@pytest.fixture
def certificate(world: Site) -> tuple[Path, Path]:
    return make_certificate(world.top)


@pytest.fixture
def start(certificate: tuple[Path, Path]) -> Iterator[Start]:
    """Start routers; all end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda mikrotik: stack.enter_context(mikrotik.running(certificate))


def went_well(run: Run, *hosts: str, changed: int) -> None:
    for host in hosts:
        assert run.recap("failed", host) == 0, run.output
        assert run.recap("changed", host) == changed, run.output


@pytest.mark.soak
def test_a_renewal_writes_and_dials_once_with_and_without_sensitive(world: Site, start: Start) -> None:
    """Two routers in one run: one shows its password to the API user, the other does not."""
    shown = Mikrotik(world, SERVICE, LOGIN, "sensitive")
    hidden = Mikrotik(world, SERVICE_2, LOGIN_2)
    world.write_inventory({"router1": start(shown), "router2": start(hidden)})
    before = [router.configuration() for router in (shown, hidden)]

    world.admin("PUT", "/state", {"next_password": CANARY})
    log = world.top / "ansible.log"
    run = play_all(world, *FLAG, "-vvvv", "--diff", ANSIBLE_LOG_PATH=str(log), ANSIBLE_DISPLAY_ARGS_TO_STDOUT="true")
    went_well(run, "router1", "router2", changed=2)
    assert len(world.posts()) == 2
    passwords = [world.line(service)["password"] for service in (SERVICE, SERVICE_2)]
    assert CANARY in passwords
    for mikrotik, password in zip((shown, hidden), passwords, strict=True):
        assert mikrotik.router.writes() == [["/interface/pppoe-client/set", "=.id=*2", f"=password={password}"]]
        assert mikrotik.client.since is not None
        assert mikrotik.client.row["password"] == password
    # Attempts with the dead password were refused meanwhile: the new session is the second one of each, and stays.
    assert [mikrotik.client.sessions for mikrotik in (shown, hidden)] == [2, 2]
    for service in (SERVICE, SERVICE_2):
        assert world.line(service)["session"]["up"], run.output
    assert [router.configuration() for router in (shown, hidden)] == before
    assert log.exists()
    for secret in (*passwords, API_PASSWORD):
        assert world.leaks(secret, run, allowed=[world.inventory]) == []
    for piece in ("7391", "Kanarie"):  # too short for the folders of others
        assert world.leaks(piece, run, allowed=[world.inventory], shared=()) == []

    dials = [mikrotik.client.dials for mikrotik in (shown, hidden)]
    run = world.play(*FLAG)
    went_well(run, "router1", "router2", changed=0)
    assert len(world.posts()) == 2
    assert [len(mikrotik.router.writes()) for mikrotik in (shown, hidden)] == [1, 1]
    assert [mikrotik.client.dials for mikrotik in (shown, hidden)] == dials


def test_what_cannot_work_stops_before_the_request(world: Site, start: Start, tmp_path: Path) -> None:
    """One host for each reason, in one run."""
    good = start(Mikrotik(world))
    reading = Mikrotik(world)
    reading.router.users["renew"] = User(API_PASSWORD, frozenset(["api", "read"]))
    disabled = Mikrotik(world, row={"disabled": "true"}, answers=False)
    foreign = make_certificate(tmp_path, "somebody-else")
    again = "Nothing was changed: no new password was asked for, and the router was not touched."
    rows: dict[str, tuple[dict[str, Any], str]] = {
        "name": ({**good, "router_pppoe_interface": "pppoe-out9"}, "no PPPoE client pppoe-out9; it has: pppoe-backup"),
        "closed": ({**good, "router_pppoe_routeros_port": 9}, "127.0.0.1 port 9 is not there"),
        "login": ({**good, "router_pppoe_routeros_password": "wrong"}, "refuses the log-in (invalid user name"),
        "nobody": ({**good, "router_pppoe_routeros_password": ""}, "routeros_password is not set"),
        "untrusted": ({**good, "router_pppoe_routeros_ca_path": str(foreign[0])}, "a certificate that is not trusted"),
        "other-host": ({**good, "ansible_host": "localhost"}, "a certificate that is not for this name"),
        "disabled": (start(disabled), '/interface pppoe-client enable [find name="pppoe-out1"]'),
        "reading": (start(reading), "lacks the policy write"),
    }
    world.write_inventory({host: variables for host, (variables, _said) in rows.items()})
    (world.top / "preflight.yml").write_text(PREFLIGHT, encoding="utf-8")
    run = world.play(*FLAG, playbook=str(world.top / "preflight.yml"))
    assert run.code != 0
    for host, (_variables, said) in rows.items():
        assert run.recap("failed", host) == 1, run.output
        whole = rf"{host}: [^{{}}]*{re.escape(said)}[^{{}}]*{re.escape(again)}"  # within one message
        assert re.search(whole, run.said), f"{host}: {said}\n{run.output}"
    assert world.posts() == []
    for mikrotik in (reading, disabled):
        assert mikrotik.router.writes() == []
    assert disabled.client.row["disabled"] == "true"


@pytest.mark.soak
def test_a_session_that_does_not_come_is_said(world: Site, start: Start) -> None:
    """One line refuses the password of the mail, the other has nobody at its end; nothing is repeated.

    A third router refuses the write: it does not tell its users' groups, so that could not be known before. A fourth
    loses the answer to the write: it is looked at, and waited for like the others. A fifth is lost after that.
    """
    refused = Mikrotik(world, SERVICE, LOGIN, "sensitive")
    silent = Mikrotik(world, SERVICE_2, LOGIN_2, "sensitive", answers=False)
    readonly = Mikrotik(world, SERVICE, LOGIN, "sensitive")
    readonly.router.users["renew"] = User(API_PASSWORD, frozenset(["api", "read", "sensitive"]))
    readonly.router.tells_groups = False
    lost, gone = (Mikrotik(world, SERVICE, LOGIN, "sensitive") for _number in range(2))
    lost.router.breaks, gone.router.breaks = "before the answer", "for good"
    hosts = {"router1": start(refused), "router2": start(silent), "router3": start(readonly)}
    hosts |= {"router4": start(lost), "router5": start(gone)}
    world.write_inventory({name: {**given, "router_pppoe_session_timeout": 4} for name, given in hosts.items()})
    world.admin("PUT", "/state", {"mail_delay": 0})
    mailed = [world.admin("POST", f"/line/{service}/rotate")["password"] for service in (SERVICE, SERVICE_2)]
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
    run = play_all(world, "-vvvv", "--diff")
    assert run.recap("failed", "router1") == run.recap("failed", "router2") == 1, run.output
    assert "the router was set, but no new session came up within 4 s (the router says: " in run.said, run.output
    assert "(the router says: dialing...)" in run.said, run.output
    assert "wrong login or password" in run.said, run.output
    refusal = "setting the router failed (The router refused the write (not enough permissions (9)). "
    assert run.recap("failed", "router3") == 1 and refusal in run.said, run.output
    assert len(readonly.router.writes()) == 1
    told = failures(run)
    assert "the router was set, but no new session came up within 4 s (the router says: " in told["router4"], run.output
    assert "the router was set, but no new session came up within 4 s (The API of the router " in told["router5"]
    for name in hosts:
        assert f"ownrouter.ovhcloud.renew -e target={name}" in told[name], told[name]
    for mikrotik in (refused, silent, lost, gone):
        assert len(mikrotik.router.writes()) == 1, mikrotik.router.writes()
    for secret in (*mailed, API_PASSWORD):
        assert world.leaks(secret, run, allowed=[world.inventory]) == []


def test_an_old_session_that_stays_is_redialled_once(world: Site, start: Start) -> None:
    """Where a change does not make the router dial, and the line's cut does not reach it.

    A second router is the same, but does not show its password: with its session up, it is left alone.
    """
    stubborn = Mikrotik(world, SERVICE, LOGIN, "sensitive", redials_on_change=False, keeps_old_session=True)
    blind = Mikrotik(world, SERVICE_2, LOGIN_2, keeps_old_session=True)
    hosts = {"router1": {**start(stubborn), "router_pppoe_routeros_redial_after": 1}, "router2": start(blind)}
    world.write_inventory(hosts)
    world.admin("PUT", "/state", {"mail_delay": 0})
    for service in (SERVICE, SERVICE_2):
        world.admin("POST", f"/line/{service}/rotate")
    run = play_all(world)
    went_well(run, "router1", changed=1)
    went_well(run, "router2", changed=0)
    assert blind.router.writes() == []
    assert blind.client.dials == 1
    password = world.line()["password"]
    number = "=.id=*2"
    assert stubborn.router.writes() == [
        ["/interface/pppoe-client/set", number, f"=password={password}"],
        ["/interface/pppoe-client/set", number, "=disabled=yes"],
        ["/interface/pppoe-client/set", number, "=disabled=no"],
    ]
    assert stubborn.client.dials == 2  # the first session, and the new one
    assert stubborn.client.row["disabled"] == "false"
    assert world.line()["session"]["up"]


def test_a_new_router_gets_the_line(world: Site, start: Start) -> None:
    """VLAN, clients and login before the request, the password after it, one dial; then nothing to do."""
    mikrotik = Mikrotik(world, SERVICE, LOGIN, answers=False)
    router = mikrotik.router
    router.clients, router.line = {}, Provider(world.url, SERVICE)
    router.tables["/interface/vlan"].rows.clear()
    more = {"router_pppoe_provision": True, "router_pppoe_provision_device": "ether1"}
    world.write_inventory({"router1": {**start(mikrotik), **more}})
    run = world.play(*FLAG, "-vvvv", "--diff")
    went_well(run, "router1", changed=3)
    password = world.line()["password"]
    client = {"name": NAME, "interface": "vlan835", "max-mtu": "1492", "max-mru": "1492", "user": LOGIN}
    client |= {"add-default-route": "yes", "use-peer-dns": "yes", "disabled": "yes"}
    vlan = {"name": "vlan835", "interface": "ether1", "vlan-id": "835"}
    prefix = {"interface": NAME, "request": "prefix", "pool-name": NAME, "add-default-route": "yes"}
    enabled = {".id": "*1", "password": password, "disabled": "no", "comment": ""}
    made = [
        ("/interface/vlan/add", vlan),
        ("/interface/pppoe-client/add", {**client, "comment": "provisioned, waits for its first password"}),
        ("/ipv6/dhcp-client/add", prefix),
    ]
    expected = [*made, ("/interface/pppoe-client/set", enabled)]
    assert router.writes() == [
        [menu, *sorted(f"={key}={value}" for key, value in values.items())] for menu, values in expected
    ]
    for menu, values in made:
        words = " ".join(f"{key}={value}" for key, value in values.items())
        assert f"+{menu} {words}" in run.output.splitlines(), run.output
    assert world.leaks(password, run) == [] and world.leaks(API_PASSWORD, run, allowed=[world.inventory]) == []
    assert (router.clients["*1"].dials, world.line()["session"]["up"], len(world.posts())) == (1, True, 1)

    run = world.play(*FLAG)
    went_well(run, "router1", changed=0)
    assert len(router.writes()) == len(expected)
