# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS in the field: the cells, with both SSH libraries; the stand-in names the page or report behind each habit."""

from __future__ import annotations

from typing import Any

from .field import CHECKED, LEFT_ALONE, RENEWED, REPAIRED, Case, End, Situation, VyosBox, no_session, stopped

SSH = ("paramiko", "libssh")
BASE = "set interfaces pppoe pppoe0 "
#: Longer than a path of a socket may be: windmill-labs/windmill pull request 10167.
DEEP = (("ANSIBLE_PERSISTENT_CONTROL_PATH_DIR", "{top}/" + "x" * 100),)
#: Seconds that the sessions of cells are waited for where none comes.
SOON = {"router_pppoe_session_timeout": 4}
NOT_TAKEN = ("VyOS did not take the new password, and goes on with the old one", "configure; compare saved")


def both(
    fault: str,
    promised: End | dict[str, End],
    situation: Situation = Situation.RENEW,
    often: tuple[str, ...] = (),
    given: dict[str, Any] | None = None,
    environment: tuple[tuple[str, str], ...] = (),
    **router: Any,
) -> list[Case]:
    """The cell with both libraries.

    :param promised: by library, where they differ
    :param often: the libraries with which `make test` runs it
    """
    return [
        Case(
            ssh,
            fault,
            VyosBox(**router),
            promised[ssh] if isinstance(promised, dict) else promised,
            situation,
            ssh in often,
            given or {},
            environment,
        )
        for ssh in SSH
    ]


def looked(fault: str, *words: str, often: bool = True, given: dict[str, Any] | None = None, **router: Any) -> Case:
    """What stops a renewal before its request, whatever library carries the words."""
    return Case("paramiko", fault, VyosBox(**router), stopped(*words), often=often, variables=given or {})


#: Seen on consoles, in public notes.
BOOT_FAILED = "WARNING: There was a config error on boot: saving the configuration now could overwrite data.\n"
LIVE = "WARNING: You are currently configuring a live-ISO environment, changes will not persist until installed\n"
#: Lines that look like prompts, the last of them while the router takes a breath.
BANNER = "### Authorized staff only ###\nadmin@office:~$ \nvyos@office# \n\fstaff#\n\fvyos@gate:~$ "
LONG = "edge-router-0123456789-0123456789.branch-office-lyon.example-company.internal"
LOOKS = [
    looked("no such interface", "The router has no pppoe7 (it has pppoe0)", given={"router_pppoe_interface": "pppoe7"}),
    looked(
        "no name of an interface",
        "interface is wan, but VyOS names its PPPoE interfaces pppoe0, pppoe1",
        often=False,
        given={"router_pppoe_interface": "wan"},
    ),
    looked("operator", "vyos may not enter the configuration mode", level="operator", often=False),
    looked("disabled", "pppoe0 is disabled in its configuration", more=(f"{BASE}disable",), often=False),
    looked("connect-on-demand", "pppoe0 dials on demand", more=(f"{BASE}connect-on-demand",)),
    looked("not saved", "has changes that are not saved", unsaved=("set interfaces ethernet eth1 description LAN",)),
    looked("another login", "another router or another line", login="other@example.net", often=False),
    looked("messages logged", "would log the password", often=False, given={"ansible_persistent_log_messages": True}),
    looked("failed at boot", "a save would lose the rest", often=False, settings={"entering": BOOT_FAILED}),
    looked("no saved configuration", "cannot compare what runs", often=False, orders=("compare saved fails",) * 9),
    looked("another connection", "Set both", given={"ansible_connection": "ansible.builtin.ssh"}, often=False),
]
WAY_IN = [
    *both("nobody listens", stopped("Check ansible_host, ansible_user"), often=(), given={"ansible_port": 9}),
    *both(
        "unknown user",
        stopped("Check ansible_user and its password or key"),
        given={"ansible_user": "stranger"},
    ),
    # libssh does not look for known keys in $HOME; with paramiko each new one is taken, as host_key_auto_add: false has
    # no effect there (ansible.netcommon 8.7).
    *both(
        "unknown host key",
        {
            "libssh": stopped("SSH host key is not known"),
            "paramiko": stopped("SSH host key is another one than before"),
        },
        often=("libssh",),
        given={"ansible_host_key_checking": True},
        other_key=True,
    ),
    *both(
        "AF_UNIX path too long",
        stopped("AF_UNIX path too long", "Set ANSIBLE_PERSISTENT_CONTROL_PATH_DIR to a short folder"),
        environment=DEEP,
    ),
]
#: Forms of "show date" -> the libraries with which `make test` tries that nothing is written over a newer password.
CLOCKS: dict[str, tuple[str, ...]] = {"c": ("paramiko",), "12-hour": ("libssh",), "24-hour": (), "iso": ()}
AGE = [
    cell
    for clock, often in CLOCKS.items()
    for cell in both(f"clock {clock}", LEFT_ALONE, Situation.OLDER, often, clock=clock)
] + both("1.3 has no log", LEFT_ALONE, Situation.OLDER, release="1.3")
WRITES = [
    *both("", RENEWED),
    *both("", REPAIRED, Situation.ROTATED, release="1.3"),
    Case("paramiko", "check", VyosBox(), CHECKED, command=("--check", "--diff")),
    *both("single user mode", RENEWED, given={"ansible_network_single_user_mode": True}),
    *both("SSH in a VRF", RENEWED, often=("libssh",), vrf="mgmt"),
    *both("commit lock", RENEWED, often=("libssh",), orders=("commit locked", "commit locked", "set lingers")),
    *both("long host name", RENEWED, settings={"host": LONG}),
    *both("banner like a prompt", RENEWED, settings={"banner": BANNER}),
    *both("messages to all", RENEWED, orders=("wall after commit",)),
    *both("live image", End(("VyOS runs from a live image",)), settings={"entering": LIVE}),
    *both(
        "saved configuration lost",
        End(("Whether it is saved is not known",), failed=True, saved=False),
        orders=("compare fails after commit",) * 9,
    ),
    *both("commit with an archive", RENEWED, orders=("commit slow",)),
    *both("lost at set", RENEWED, often=("libssh",), orders=("lost at set",)),
    *both("lost after commit", RENEWED, often=("paramiko",), orders=("lost after commit",)),
    *both("closed after commit", RENEWED, orders=("closed after commit",)),
    *both("hangs after commit", RENEWED, orders=("hangs after commit",)),
    *both(
        "commit lock for good",
        End(
            (*NOT_TAKEN, "Another commit has been in progress there for a minute"),
            failed=True,
            writes=0,
            dials=0,
            up=False,
            taken=False,
        ),
        orders=("commit locked",) * 99,
    ),
    *both(
        "commit refused",
        End(NOT_TAKEN, failed=True, writes=0, dials=0, up=False, taken=False),
        orders=("commit fails",),
    ),
    *both(
        "save refused",
        End(("the new password is in use, but not saved",), failed=True, saved=False),
        orders=("save fails",),
    ),
    *both(
        "gone after commit",
        no_session("The router cannot be reached: ", up=True),
        given=SOON,
        orders=("gone after commit",),
    ),
    *both(
        "",
        no_session("the provider refused the login and password", posts=0, taken=False),
        Situation.REFUSED,
        given=SOON,
    ),
]
CELLS = [*LOOKS, *WAY_IN, *AGE, *WRITES]
