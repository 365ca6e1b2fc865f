# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform "networkmanager": the real NetworkManager and a real SSH server, with pppd played."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from networkmanager.box import NAME, Box
from role.plays import failures, play_all
from role.site import LOGIN, SERVICE, Site
from routeros.router import Provider

from .needs import networkmanager
from .sshd import Sshd, free_port

FLAG = ("-e", "router_pppoe_renew=true")
# No blank: a mail whose password has several words is refused.
CANARY = "Kanarie'\"$HOME`id`;\\#<>&\u00e9%s!{x}:7391"


@pytest.fixture
def box(world: Site) -> Iterator[Box]:
    """The router: its session is up on the line's password."""
    provider = Provider(world.url, SERVICE)
    with Box(world.top / "router", provider, LOGIN, world.line()["password"], networkmanager()) as made:
        yield made


@pytest.fixture
def sshd(world: Site, box: Box) -> Iterator[Sshd]:
    """The way to it: a real ssh server whose commands run beside that NetworkManager."""
    login = world.top / "login"
    login.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$SSH_ORIGINAL_COMMAND\" >>{world.top}/commands\n"
        "exec env -i HOME=/root USER=root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "
        f'{shlex.join(box.inside)} /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n',
        encoding="utf-8",
    )
    login.chmod(0o755)
    with Sshd(world.top / "ssh", [str(login)]) as server:
        yield server


def router(server: Sshd, **more: Any) -> dict[str, Any]:
    return {
        **server.variables,
        "router_pppoe_platform": "networkmanager",
        "router_pppoe_interface": NAME,
        **more,
    }


@pytest.mark.soak
def test_a_renewal(world: Site, box: Box, sshd: Sshd) -> None:
    """Refusals, check mode, the renewal with a canary, the same command again; then a session that never comes."""
    key = world.top / "other_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    hosts = {
        "absent": (
            router(sshd, router_pppoe_interface="nothing"),
            f"There is no connection profile nothing. PPPoE profiles of this router: {NAME}.",
        ),
        "cable": (
            router(sshd, router_pppoe_interface="lan"),
            "lan is a connection of the type 802-3-ethernet, not pppoe",
        ),
        "unreachable": (router(sshd, ansible_port=free_port()), "The router cannot be reached: "),
        "refused": (router(sshd, ansible_ssh_private_key_file=str(key)), "Permission denied (publickey)"),
        "blank": (
            router(sshd, router_pppoe_login=LOGIN, router_pppoe_password="x "),
            "nmcli drops a blank at the ends of a password",
        ),
    }
    before = box.profile.read_bytes()
    world.write_inventory({name: given for name, (given, _said) in hosts.items()})
    run = play_all(world, "--skip-tags", "verify")
    told = failures(run)
    for name, (_given, said) in hosts.items():
        assert said in told.get(name, ""), run.output
    assert box.changes() == ["connection-activate"] and box.profile.read_bytes() == before

    world.write_inventory({"router1": router(sshd)})
    run = world.play(*FLAG, "--check", "--diff")
    assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
    assert box.changes() == ["connection-activate"]

    world.admin("PUT", "/state", {"next_password": CANARY})
    log = world.top / "ansible.log"
    run = world.play(*FLAG, "-vvvv", "--diff", ANSIBLE_LOG_PATH=str(log))
    assert (run.code, len(world.posts())) == (0, 1), run.output
    assert world.line()["password"] == CANARY and world.line()["session"]["up"], run.output
    assert box.dials == [True, True], "the first session, and one dial"
    assert box.changes() == ["connection-activate", "connection-update", "connection-activate"]
    # NetworkManager writes the lines in an order of its own.
    was, now = (set(text.decode().splitlines()) for text in (before, box.profile.read_bytes()))
    now = {line for line in now if not line.startswith("timestamp=")}  # of the last session
    assert now - was == {"password=" + CANARY.replace("\\", "\\\\")}, "nothing else is touched"
    assert {line.partition("=")[0] for line in was - now} <= {"password", "[ethernet]"}
    assert log.stat().st_size > 10_000
    assert world.leaks(CANARY, run, allowed=[box.profile], forms=["Kanarie", ":7391"]) == []

    done = box.changes()
    run = world.play(*FLAG)
    assert (run.code, run.recap("changed"), len(world.posts())) == (0, 0, 1), run.output
    assert box.changes() == done

    world.admin("PUT", "/state", {"mail_delay": 0})
    world.admin("POST", f"/line/{SERVICE}/rotate")
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
    run = world.play("-e", "router_pppoe_session_timeout=4")
    assert run.code != 0
    assert "no new session came up within 4 s (NetworkManager says that " in run.said, run.output
    assert box.changes() == [*done, "connection-update", "connection-activate"]
    assert box.dials == [True, True, False]
