# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform "openwrt": a real ssh client and server, a real busybox ash without Python, uci and netifd played.

PLATFORMS_UCI=/path/to/uci (linked statically) takes the real uci in place of the played one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openwrt.box import Box
from router.plays import play_all
from router.site import LOGIN, SERVICE, Run, Site
from routeros.router import Provider

from .needs import find
from .sshd import Sshd, free_port

FLAG = ("-e", "router_pppoe_renew=true")
SCRIPT = Path(__file__).resolve().parents[2] / "roles" / "router_pppoe" / "files" / "openwrt.sh"
# No blank: a mail whose password has several words is refused. Unlike any other password on this machine.
CANARY = f"Kan'{os.getpid()}\"$;\\é#`!%&|<>()[]{{}}*?~=x'7"
SPECIAL = [
    *("a'b", "'", "''", 'a"b', "$HOME$(id)", "a;b", "a\\b", "\\", "a b", " lead and trail ", "é", "a#b", "`id`", "a!b"),
    *("%s%d", "a&b", "a|b", "<a>", "(a)", "[a]", "{a}", "*", "?", "~", "a=b", "=", "-n", "a\tb", CANARY),
]
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
        f"case $SSH_ORIGINAL_COMMAND in *' apply wan '*) rm {folder}/breaks; kill $PPID ;; esac\n",
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


def script(box: Box, *words: str, given: str = "\n", through: tuple[str, ...] = (), **env: str) -> dict[str, str]:
    """The script as router_script runs it, without the way there: its answer."""
    command = [*(through or (find("chroot"), str(box.root), "/bin/sh")), "-c", SCRIPT.read_text("utf-8"), "x", *words]
    settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", **env}
    done = subprocess.run(command, input=given.encode(), env=settings, capture_output=True, timeout=30, check=False)
    said = done.stdout.decode()
    assert not done.stderr, done.stderr
    answer = dict(line.partition("=")[::2] for line in said.splitlines())
    assert ("error" in answer) == (done.returncode != 0), said
    return answer


def apply(box: Box, password: str, age: str = "", **env: str) -> dict[str, str]:
    return script(box, "apply", "wan", age, given=f"{LOGIN}\n{password}\n", **env)


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
    assert "no interface nothing in /etc/config/network. PPPoE interfaces of this router: wan" in run.said, run.output
    assert "the interface lan has the protocol static, not pppoe" in run.said, run.output
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
    assert "setting the router failed (whether it has the new password is not known. The router cannot be" in run.said
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


def test_every_password_arrives_byte_for_byte(world: Site, box: Box) -> None:
    for password in SPECIAL:
        answer = apply(box, password)
        assert answer["changed"] == "true", password
        assert box.password() == password
        assert uci(box, "get", "network.wan.password") == f"{password}\n"
        box.trace.clear()
        world.admin("PUT", "/state", {"lines": {SERVICE: {"password": password}}})
    box.netifd.wait_up()
    again = apply(box, SPECIAL[-1])
    assert (again["changed"], again["written"]) == ("false", "false")
    assert box.writes() == []


def test_status_takes_a_new_session_only(world: Site, box: Box) -> None:
    box.netifd.keeps_old_session = True
    held = script(box, "status", "wan", "0", "")
    assert held["up"] == "true" and int(held["uptime"]) < 60
    now = str(int(held["uptime"]) + 60_000)
    old = script(box, "status", "wan", "0", now)
    assert old["up"] == "false" and "still the one from before the change" in old["error_detail"]
    # A new password, a reload: the wait ends as soon as the new session is there.
    box.netifd.since = (box.netifd.since or 0) - 100
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "fresh"}}})
    since = apply(box, "fresh")["applied_at"]
    seen = script(box, "status", "wan", "10", since)
    assert seen["up"] == "true" and seen["address"] == world.line()["session"]["ip"], seen
    assert int(seen["uptime"]) < 50, "the old session was taken for a new one"
    assert box.writes() == [WRITE, RELOAD] or box.real


def test_missing_package_and_disabled_interface(box: Box) -> None:
    uci(box, "-q", "batch", given="set network.wan.disabled=1\ncommit network\n")
    answer = script(box, "probe", "wan")
    assert answer["writable"] == "false" and "is disabled" in answer["why"]
    box.netifd.has_pppoe = False
    assert "ppp-mod-pppoe" in script(box, "probe", "wan")["error"]
    assert "not the name of an interface" in script(box, "probe", "wan;id")["error"]


def test_killed_runs_are_healed(world: Site, box: Box) -> None:
    """Between the write and the commit, and between the commit and the reload."""
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "new"}}})
    uci(box, "set", "network.wan.password=new")
    assert script(box, "probe", "wan")["login"] == LOGIN
    assert apply(box, "new")["written"] == "true"
    assert box.password() == "new" and uci(box, "changes", "network") == ""
    box.netifd.wait_up()

    # Committed, not reloaded: the old session is still up, or already down.
    box.netifd.keeps_old_session = True
    box.trace.clear()
    world.admin("PUT", "/state", {"lines": {SERVICE: {"password": "newer"}}})
    uci(box, "-q", "batch", given="set network.wan.password=newer\ncommit network\n")
    box.netifd.since = (box.netifd.since or 0) - 100
    assert apply(box, "newer", age="30")["dialled"] == "true"
    assert box.writes() == [RELOAD]
    box.netifd.wait_up()
    assert apply(box, "newer", age="30")["changed"] == "false", "a session on the right password is kept"
    assert apply(box, "newer")["changed"] == "false"
    assert box.writes() == [RELOAD]

    # Somebody else's change beside ours is not committed by us: waited for, then refused.
    uci(box, "set", "network.wan.mtu=1456")
    commit = threading.Timer(1, uci, (box, "commit", "network"))
    commit.start()
    assert apply(box, "next")["written"] == "true"
    commit.join()
    uci(box, "set", "network.wan.mtu=1492")
    assert "commit them: network.wan.mtu." in apply(box, "newest")["error"]
    assert box.password() == "next"


def test_check_mode_and_a_full_flash(box: Box) -> None:
    before = box.network.read_bytes()
    answer = apply(box, "other", ROUTER_CHECK_MODE="1")
    assert answer["changed"] == "true" and box.writes() == [] and box.network.read_bytes() == before
    assert "empty" in script(box, "apply", "wan", "", given=f"{LOGIN}\n\n")["error"]
    # The file cannot be replaced: a folder stands where the new one is written.
    for name in (".network.uci-new", ".network.uci-XXXXXX"):
        (box.network.parent / name).mkdir()
    if not box.real:
        assert "uci did not take the new password" in apply(box, "other")["error"]
        assert RELOAD not in box.writes() and box.network.read_bytes() == before


def test_dash_runs_it_as_well(box: Box) -> None:
    """Here the programs of the router are reached from outside of it."""
    if box.real:
        pytest.skip("the real uci sees /etc/config of this machine outside of the router")
    dash = shutil.which("dash") or "/bin/sh"
    path = f"{box.root}/sbin:{box.root}/bin:{box.root}/usr/bin"
    words = ("apply", "wan", "")
    answer = script(box, *words, given=f"{LOGIN}\na'b\\ \"c\n", through=(dash,), PATH=path)
    assert answer["changed"] == "true", answer
    assert box.password() == "a'b\\ \"c"
