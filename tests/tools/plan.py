# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which checks there are, in what order, and what each needs of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import checks as do
from checks import ANSIBLE, IMPORTER, INTEGRATION, LINT, OLDEST, UNITS, Tree
from needs import Need, debian, device, programs, python, root


@dataclass(frozen=True)
class Check:
    """One line of the report.

    ``seconds``: about how long it takes beside others on two cores. ``needs``: of this machine, beside a clone.
    ``places``: how many checks it counts for, being that many at a time itself.
    """

    name: str
    group: str
    seconds: int
    run: Callable[[Tree], str | None]
    needs: tuple[Need, ...]
    places: int = 1


# --- what they need of this machine ---------------------------------------------------------------------------------

OPENSSL = {"openssl": "openssl"}
LINE_NEEDS = (
    root,
    debian("lab"),
    device("/dev/net/tun", "modprobe tun, or give it to this container"),
)
PLATFORMS_NEEDS = (debian("platforms"),)
ROUTERS_NEEDS = (root, debian("routers"))
WAYS_NEEDS = (
    root,
    programs({"ip": "iproute2", "sshd": "openssh-server", "ssh": "openssh-client", "busybox": "busybox-static"}),
    programs({"dropbear": "dropbear-bin", "dropbearkey": "dropbear-bin"}),
    device("/dev/net/tun", "modprobe tun, or give it to this container"),
)
IMAP_NEEDS = (programs({"dovecot": "dovecot-imapd", "/usr/lib/dovecot/imap": "dovecot-imapd", **OPENSSL}),)
# The tests of the shell scripts mount, change user, and watch every program that is started.
UNITS_NEEDS = (
    root,
    programs({"strace": "strace", "busybox": "busybox-static", "ssh": "openssh-client"}),
    programs({"unshare": "util-linux", "ip": "iproute2"}),
)
PROVISIONING_NEEDS = (root, *ROUTERS_NEEDS[1:])
LEAKS_NEEDS = (programs({"unshare": "util-linux"}),)
NEWEST = python(*reversed(ANSIBLE.values()))


# --- all of them -----------------------------------------------------------------------------------------------------


def in_order() -> list[Check]:
    """The environments that many wait for, then the wide and the long ones: none is left over when the others end."""
    tools, oldest = (python(*LINT),), (python(ANSIBLE[OLDEST]),)
    environments = [Check("lint environment", "lint", 40, do.lint_environment, tools)]
    checks = [
        Check("ruff format", "lint", 1, do.ruff_format, tools),
        Check("ruff check", "lint", 1, do.ruff_check, tools),
        Check("mypy plugins", "lint", 5, do.mypy_plugins, tools),
        Check("mypy tests", "lint", 8, do.mypy_tests, tools),
        Check("yamllint", "lint", 2, do.yamllint, tools),
        Check("reuse", "lint", 2, do.reuse, tools),
        Check("changelog", "lint", 2, do.changelog, tools),
        Check("docs", "lint", 12, do.docs, tools),
        Check("docs site", "lint", 12, do.docs_site, tools),
        Check("ansible-lint", "lint", 23, do.ansible_lint, tools),
        Check("build and install", "build", 3, do.build, tools),
        Check("galaxy-importer", "build", 57, do.galaxy_importer, (*tools, python(*IMPORTER))),
        Check("real PPPoE line", "line", 250, partial(do.line, "not soak"), (NEWEST, *LINE_NEEDS)),
        Check("leaks", "leaks", 220, partial(do.leaks, "not soak"), (NEWEST, *LEAKS_NEEDS)),
        Check("provisioning", "provisioning", 60, partial(do.provisioning, "not soak"), (NEWEST, *PROVISIONING_NEEDS)),
        Check("fault matrix", "faults", 290, do.fault_matrix, oldest, places=2),
        Check("platforms", "platforms", 300, partial(do.platforms, "not soak"), (NEWEST, *PLATFORMS_NEEDS), places=2),
        Check("table of routers", "routers", 140, partial(do.routers, "not soak"), (NEWEST, *ROUTERS_NEEDS), places=2),
        Check("table of ways", "ways", 240, partial(do.ways, "not soak"), (NEWEST, *WAYS_NEEDS), places=2),
        Check("fleets", "fleets", 40, partial(do.fleets, "not soak"), (NEWEST,)),
        Check("tutorials", "tutorials", 20, partial(do.tutorials, "not soak"), (NEWEST, *PLATFORMS_NEEDS)),
        Check("IMAP source", "imap", 81, do.imap, (NEWEST, *IMAP_NEEDS)),
    ]
    for core in reversed(ANSIBLE):
        group, interpreter = f"ansible-{core}", python(ANSIBLE[core])
        environments.append(Check(f"{group} environment", group, 25, partial(do.prepare, core), (interpreter,)))
        checks.append(Check(f"{group} sanity", group, 75, partial(do.sanity, core), (interpreter,)))
        if core in UNITS:
            seconds = 80 if UNITS[core] else 280
            checks.append(Check(f"{group} units", group, seconds, partial(do.units, core), (interpreter, *UNITS_NEEDS)))
    for core, name, seconds, words in INTEGRATION:
        group = f"ansible-{core}"
        run = partial(do.integration, core, words)
        checks.append(Check(f"{group} {name}", group, seconds, run, (python(ANSIBLE[core]),)))
    return environments + sorted(checks, key=lambda check: (-check.places, -check.seconds))


def quick() -> list[Check]:
    """What is whole on any machine with one of our Pythons, and over before the next change is made."""
    names = ("ruff format", "ruff check", "mypy plugins", "mypy tests")
    return [
        Check("units of pure parts", "quick", 45, do.pure_units, (NEWEST,)),
        *(one for one in CHECKS if one.name in names),
    ]


CHECKS = in_order()
