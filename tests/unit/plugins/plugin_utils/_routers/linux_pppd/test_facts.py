# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from what a pppd router told: who keeps pppd, which unit starts it, on what its files lie."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.facts import (
    Keeper,
    Process,
    forgets,
    has_unit,
    keeper,
    mount_of,
    mounts,
    state,
    unit_of,
)

PPPD = ("/usr/sbin/pppd", "call", "dsl")


def process(**more: object) -> Process:
    made = Process(100, 1, 1000, False, False, PPPD, ("/sbin/init",))
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "persist", "wanted"),
    [
        # pon, ifup, at boot: it went into the background, whatever cgroup it is in
        (process(), False, Keeper.NOBODY),
        (process(unit="ssh.service", main=50), False, Keeper.NOBODY),
        (process(unit="networking.service", main=0), False, Keeper.NOBODY),
        (process(unit="cron.service", main=77), False, Keeper.NOBODY),
        (process(parent=900, parent_words=("/lib/systemd/systemd", "--user")), False, Keeper.NOBODY),
        (process(), True, Keeper.ITSELF),
        # a unit of systemd, by itself or by a script
        (process(unit="ppp@dsl.service", main=100), False, Keeper.UNIT),
        (process(unit="dsl.service", main=99, parent=99, parent_words=("sh", "/opt/dsl")), False, Keeper.UNIT),
        (process(unit="ppp@dsl.service", main=100), True, Keeper.ITSELF),
        (
            process(unit="user@0.service", main=900, parent=900, parent_words=("systemd", "--user")),
            False,
            Keeper.NOBODY,
        ),
        # other supervisors
        (process(parent=80, parent_words=("runsv", "dsl")), False, Keeper.SUPERVISOR),
        (process(parent=80, parent_words=("/usr/bin/python3", "/usr/bin/supervisord")), False, Keeper.SUPERVISOR),
        (process(parent=80, parent_words=("s6-supervise", "dsl")), False, Keeper.SUPERVISOR),
        (process(parent=80, parent_words=("/bin/sh", "/usr/local/sbin/keep-dsl")), False, Keeper.SUPERVISOR),
        (process(parent=80, parent_words=("sh", "-c", "while :; do pppd; done")), False, Keeper.SUPERVISOR),
        # somebody typed it
        (process(parent=80, parent_words=("-bash",)), False, Keeper.UNKNOWN),
        (process(parent=80, parent_words=("/bin/bash", "-l")), False, Keeper.UNKNOWN),
        (process(parent=80, parent_words=("sudo", "pppd", "call", "dsl", "nodetach")), False, Keeper.UNKNOWN),
        (process(parent=80, parent_words=("sshd: root@notty",)), False, Keeper.UNKNOWN),
        (process(parent=80, parent_words=("-bash",)), True, Keeper.ITSELF),
    ],
)
def test_who_keeps_it(seen: Process, persist: bool, wanted: Keeper) -> None:
    assert keeper(seen, {"persist"} if persist else set()) is wanted
    assert has_unit(seen) is (wanted is Keeper.UNIT or (persist and seen.unit.startswith("ppp@")))


def test_one_in_the_foreground_of_init_may_be_kept_by_it() -> None:
    assert keeper(process(), {"nodetach"}) is Keeper.UNKNOWN
    assert keeper(process(), {"nodetach", "persist"}) is Keeper.ITSELF
    assert keeper(process(parent=0), {"nodetach"}) is Keeper.NOBODY
    ours = process(parent=80, parent_words=("sh", "-c", "pon dsl; true", "ownrouter"))
    assert keeper(ours, {"nodetach"}) is Keeper.NOBODY


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("pppd", "call", "x"), ("call", "x")),
        (("/usr/sbin/pppd", "call", "x"), ("call", "x")),
        (("/usr/bin/python3", "/opt/pppd", "call"), ("call",)),
        (("pppd",), ()),
        (("nsenter", "-t", "1", "pppd"), None),
        (("pppd-dns",), None),
        (("tail", "-f", "/var/log/pppd"), None),
        ((), None),
    ],
)
def test_which_process_is_a_pppd(words: tuple[str, ...], wanted: tuple[str, ...] | None) -> None:
    assert process(words=words).command_line == wanted


SYSTEM = "/usr/lib/systemd/system/"
TEMPLATE = f"{SYSTEM}ppp@.service:ExecStart=/usr/sbin/pppd call %I nodetach nolog up_sdnotify\n"
ROW = "{} loaded {} {} A line\n"


@pytest.mark.parametrize(
    ("told", "loaded", "wanted"),
    [
        ("", "", ""),
        # Debian 13 brings the template: alone it starts nothing
        (TEMPLATE, "", ""),
        (TEMPLATE, ROW.format("ppp@dsl\\x2dprovider.service", "inactive", "dead"), ""),
        (TEMPLATE, ROW.format("ppp@dsl\\x2dprovider.service", "activating", "auto-restart"), "the instance"),
        (TEMPLATE, ROW.format("ppp@dsl\\x2dprovider.service", "failed", "failed"), "the instance"),
        (TEMPLATE, ROW.format("ppp@other.service", "active", "running"), ""),
        (TEMPLATE, ROW.format("x@dsl\\x2dprovider.service", "active", "running"), ""),
        (
            TEMPLATE + TEMPLATE.replace(f"{SYSTEM}ppp@", "multi-user.target.wants/ppp@dsl\\x2dprovider"),
            "",
            "the instance",
        ),
        ("dsl.service:ExecStart=-/usr/sbin/pppd call 'dsl-provider' nodetach\n", "", ""),
        (
            "dsl.service:ExecStart=-/usr/sbin/pppd call 'dsl-provider'\n",
            ROW.format("dsl.service", "failed", "x"),
            "dsl",
        ),
        ("a.wants/dsl.service:ExecStart=/usr/bin/pon dsl-provider\n", "", "dsl"),
        ("a.wants/dsl.service:ExecStart=/usr/bin/pon another\n", "", ""),
        ("a.wants/dsl.service:ExecStart=/usr/bin/pon 'not ended\n", "", ""),
    ],
)
def test_which_unit_starts_it(told: str, loaded: str, wanted: str) -> None:
    names = {"": "", "dsl": "dsl.service", "the instance": "ppp@dsl\\x2dprovider.service"}
    assert unit_of(told, loaded, "dsl-provider") == names[wanted]


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:5 / /etc/ppp ro,relatime - ext4 /dev/sda2 rw
24 22 0:6 / /srv rw - ext4 /dev/sda3 ro,errors=remount-ro
25 22 0:7 /x /etc/two\\040words/chap-secrets rw master:3 - ext4 /dev/sda1 rw
26 22 0:8 / /ram rw - tmpfs tmpfs rw
27 22 0:9 / /over rw - overlay overlay rw,lowerdir=/lower,upperdir=/ram/upper,workdir=/ram/work
28 22 0:9 / /disk rw - overlay overlay rw,lowerdir=/lower,upperdir=/srv/upper,workdir=/srv/work
29 22 0:9 / /unseen rw - overlay overlay rw,lowerdir=/lower,upperdir=/cow/upper,workdir=/cow/work
broken line
"""


@pytest.mark.parametrize(
    ("path", "point", "read_only", "lost"),
    [
        ("/etc/passwd", "/", False, ""),
        ("/etc/ppp/chap-secrets", "/etc/ppp", True, ""),
        ("/etc/ppp2/chap-secrets", "/", False, ""),
        ("/srv/a", "/srv", True, ""),
        ("/etc/two words/chap-secrets", "/etc/two words/chap-secrets", False, ""),
        ("/ram/a", "/ram", False, "/ram"),
        ("/over/a", "/over", False, "/over"),
        ("/disk/a", "/disk", False, ""),
        ("/unseen/a", "/unseen", False, ""),
    ],
)
def test_what_a_file_lies_on(path: str, point: str, read_only: bool, lost: str) -> None:
    known = mounts(MOUNTS)
    found = mount_of(path, known)
    assert found is not None and (found.point, found.read_only) == (point, read_only)
    assert forgets(path, known) == lost
    assert mount_of(path, []) is None and forgets(path, []) == ""


STATE = """\
pid 100 1 1000 link,barred
argv\t/usr/sbin/pppd\tcall\tdsl\t
+parent\t/sbin/init\t
+unit ppp@dsl.service MainPID=100
pid 200 1 2000 idle
argv\tpppd\tcall\tother\t
+parent\t
+unit
file\t100\tppp0\t\t1700000000 77 2023-11-14 22:13:20.123456789 +0000\t5: ppp0    inet 203.0.113.9 peer 198.51.100.1/32
file\t100\tppp-dsl\tppp0\t1700000000 78 2023-11-14 22:13:20.2 +0000\t
file\t200\tppp1\t\t1700000000 79 2023-11-14 22:13:20.2 +0000\t
file\t200\tgone\t\t\t
"""


def test_the_state_is_read() -> None:
    seen = state(STATE)
    first, second = seen.processes
    assert (first.pid, first.parent, first.started, first.link, first.barred) == (100, 1, 1000, True, True)
    assert (first.words, first.unit, first.main) == (PPPD, "ppp@dsl.service", 100)
    assert (second.link, second.barred, second.unit, second.main) == (False, False, "", 0)
    session = seen.session(100)
    assert session is not None and (session.name, session.address, session.changed) == (
        "ppp0",
        "203.0.113.9",
        1700000000,
    )
    assert session.marks == "ppp0 1700000000 77 2023-11-14 22:13:20.123456789 +0000"
    assert seen.session(200) is None, "an interface without an address is no session"
    assert "+" not in seen.text.replace("+0000", "") and seen.text.count("\n") == 7
    assert seen.of(200).splitlines()[0] == "pid 200 1 2000 idle" and len(seen.of(200).splitlines()) == 3
    assert seen.of(100).count("file") == 2 and seen.of(1) == ""
