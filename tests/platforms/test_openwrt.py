# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform "openwrt": a real ssh client and server, a real busybox ash without Python, uci and netifd played.

PLATFORMS_UCI=/path/to/uci (linked statically) takes the real uci in place of the played one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openwrt.box import Box
from role.plays import play_all
from role.site import LOGIN, SERVICE, Run, Site
from routeros.router import Provider

from .needs import find
from .sshd import Sshd, free_port

FLAG = ("-e", "router_pppoe_renew=true")
WRITE = ["uci", "-q", "batch", "set network.wan.username", "set network.wan.password", "commit network"]
RELOAD = ["ubus", "call", "network", "reload"]


@pytest.fixture
def box(world: Site) -> Iterator[Box]:
    """The router: its session is up on the line's password."""
    real = os.environ.get("PLATFORMS_UCI")
    with Box(
        world.top / "router",
        Provider(world.url, SERVICE),
        LOGIN,
        world.line()["password"],
        Path(find("busybox")),
        Path(real) if real else None,
    ) as made:
        yield made


@contextmanager
def gate(world: Site, box: Box) -> Iterator[Sshd]:
    """The way to the router: whoever logs in gets its shell, and what was asked for is noted."""
    folder = world.top / "ssh"
    folder.mkdir()
    login = folder / "login"
    login.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$SSH_ORIGINAL_COMMAND\" >>{folder}/commands\n"
        f"env -i HOME=/root USER=root PATH=/usr/sbin:/usr/bin:/sbin:/bin "
        f'{find("chroot")} {box.root} /bin/ash -c "$SSH_ORIGINAL_COMMAND" || exit\n'
        # A test may break the connection under the command that sets the router: its ssh ends with 255.
        f"[ -e {folder}/breaks ] || exit 0\n"
        f"case $SSH_ORIGINAL_COMMAND in *'ownrouter write'*) rm {folder}/breaks; kill $PPID ;; esac\n",
        encoding="utf-8",
    )
    login.chmod(0o755)
    with Sshd(folder, [str(login)]) as server:
        yield server


@pytest.fixture
def sshd(world: Site, box: Box) -> Iterator[Sshd]:
    """The way to it, and an inventory with it alone."""
    with gate(world, box) as server:
        world.write_inventory({"router1": router(server)})
        yield server


def router(server: Sshd, **more: Any) -> dict[str, Any]:
    return {**server.variables, "router_pppoe_platform": "openwrt", **more}


def uci(box: Box, *words: str, given: str = "") -> str:
    """Somebody's own uci on the router: not counted as a write of ours."""
    before = list(box.trace)
    command = [find("chroot"), str(box.root), "/sbin/uci", *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    box.trace[:] = before
    return done.stdout


def succeeded(run: Run, world: Site, changed: int, posts: int) -> None:
    assert run.code == 0, run.output
    assert run.recap("changed") == changed, run.output
    assert len(world.posts()) == posts, run.output
    assert world.line()["session"]["up"], run.output


def test_check_mode(world: Site, box: Box, sshd: Sshd) -> None:
    """It predicts the request, and writes nothing; the renewal itself is in test_mixed.py."""
    before = box.network.read_bytes()
    run = world.play(*FLAG, "--check", "--diff")
    succeeded(run, world, changed=1, posts=0)
    assert box.writes() == [] and box.network.read_bytes() == before


def test_refusals_before_the_request(world: Site, box: Box, sshd: Sshd) -> None:
    """Each on a host of its own, in one run of the free strategy; nobody asks for a password."""
    uci(box, "set", "network.lan.password=somebodys-secret")
    before = box.network.read_bytes()
    key = world.top / "other_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    hosts = {
        "nothing": router(sshd, router_pppoe_interface="nothing"),
        "static": router(sshd, router_pppoe_interface="lan"),
        "pending": router(sshd),
        "unreachable": router(sshd, ansible_port=free_port()),
        "refused": router(sshd, ansible_ssh_private_key_file=str(key)),
    }
    world.write_inventory(hosts)
    run = play_all(world, *FLAG, "-e", "wanted_strategy=free")
    assert run.code != 0
    told = "There is no interface nothing in /etc/config/network. PPPoE interfaces of this router: wan"
    assert told in run.said, run.output
    assert "The interface lan has the protocol static, not pppoe" in run.said, run.output
    assert "are not committed, and writing the password would commit them: network.lan.password." in run.said
    assert "somebodys-secret" not in run.output
    assert "The router cannot be reached: " in run.said and "Permission denied (publickey)" in run.said, run.output
    assert [run.recap("failed", name) for name in hosts] == [1] * 5, run.output
    assert world.posts() == [] and box.writes() == [] and box.network.read_bytes() == before


def test_no_session(world: Site, box: Box, sshd: Sshd) -> None:
    """The connection breaks while the router is set, then the provider refuses: one write, and a dial by each run."""
    world.admin("PUT", "/state", {"mail_delay": 0})
    mailed = world.admin("POST", f"/line/{SERVICE}/rotate")["password"]
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
    (world.top / "ssh" / "breaks").touch()
    run = world.play()
    assert run.code != 0
    assert "setting the router failed (The router cannot be reached: " in run.said
    assert "To go on without a second request: ansible-playbook" in run.said, run.output
    run = world.play("-e", "router_pppoe_session_timeout=4", "-vvvv", "--diff")
    assert run.code != 0
    assert "no new session came up within 4 s" in run.said, run.output
    assert "netifd says that the provider refused the login and password (AUTH_FAILED" in run.said, run.output
    assert box.writes() in ([WRITE, RELOAD, RELOAD], [WRITE[:3], RELOAD, RELOAD]), (
        "written once, dialled once by each run"
    )
    assert world.posts() == []
    assert box.password() == mailed and world.leaks(mailed, run, allowed=[box.network]) == []
