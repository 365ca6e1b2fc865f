# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routers that a line can have: which ppp, who keeps pppd, which SSH server. What is seen of each: FACTS.md."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import packages

PEER = "dsl-provider"
UNIT = f"ppp@{PEER}.service"

PEER_FILE = """\
# Written the way pppoeconf writes it.
noipdefault
defaultroute
replacedefaultroute
hide-password
lcp-echo-interval 20
lcp-echo-failure 3
noauth
{persist}maxfail 0
holdoff {holdoff}
mtu 1492
mru 1492
noaccomp
default-asyncmap
debug
logfile /var/log/ppp-dsl.log
plugin {plugin}
vec0
user "{login}"
"""

INTERFACES = f"""\
auto lo
iface lo inet loopback

iface {PEER} inet ppp
  provider {PEER}
"""

DIAL = {"persist": f"pon {PEER}", "supervisor": f"systemctl start {UNIT}", "ifupdown": f"ifup {PEER}"}
REDIAL = {
    "persist": f"poff -r {PEER}",
    "supervisor": f"systemctl restart {UNIT}",
    "ifupdown": f"ifdown {PEER}; ifup {PEER}",
}
STOP = {"persist": f"poff {PEER}", "supervisor": f"systemctl stop {UNIT}", "ifupdown": f"ifdown {PEER}"}


Ppp = Literal["2.4.9", "2.5.2"]
Keeper = Literal["persist", "supervisor", "ifupdown"]
Sshd = Literal["openssh", "dropbear"]


@dataclass(frozen=True)
class Kind:
    """A router.

    ``keeper``: who keeps pppd: itself (``persist``, started by pon), a service manager that starts it again
    (guest/manager.sh, a stand-in for systemd), or Debian's ifupdown. ``persist``: whether the peer file has that
    option; left out, as people have it: not under a service manager.
    ``sshd`` dropbear comes with busybox. ``unit``: what the service manager calls pppd.
    """

    ppp: Ppp = "2.4.9"
    keeper: Keeper = "persist"
    persist: bool | None = None
    sshd: Sshd = "openssh"
    unit: str = UNIT

    def __str__(self) -> str:
        """A name for a test."""
        own = "" if self.persist is None else "-persist" if self.persist else "-nopersist"
        return f"{self.ppp}-{self.keeper}{own}-{self.sshd}"

    @property
    def persists(self) -> bool:
        return self.keeper != "supervisor" if self.persist is None else self.persist

    @property
    def dials_again(self) -> bool:
        """Does somebody dial again when a session or a dial has ended?"""
        return self.persists or self.keeper == "supervisor"

    @property
    def busybox(self) -> bool:
        """Are login shell and PATH of busybox alone, but for what a pppd router must have?

        Not beside ifupdown: busybox' shell would run its own ifup and ifdown, wherever the real ones are.
        """
        return self.sshd == "dropbear" and self.keeper != "ifupdown"

    @property
    def dial(self) -> str:
        """The command that starts pppd."""
        return DIAL[self.keeper]

    @property
    def redial(self) -> str:
        """What an administrator types for a new session."""
        return REDIAL[self.keeper]

    @property
    def stop(self) -> str:
        return STOP[self.keeper]

    def peer(self, login: str, holdoff: int) -> str:
        """The peer file."""
        return PEER_FILE.format(
            login=login,
            holdoff=holdoff,
            persist="persist\n" if self.persists else "",
            plugin="pppoe.so" if self.ppp == "2.5.2" else "rp-pppoe.so",
        )

    def lay_out(self, share: Path) -> None:
        """What the guest reads when it boots, beside its /etc/ppp.

        :raises RuntimeError: when a package cannot be had, with the command that helps
        """
        busybox = "yes" if self.busybox else "no"
        (share / "kind").write_text(
            f"keeper={self.keeper} sshd={self.sshd} busybox={busybox} unit={self.unit} peer={PEER}\n"
        )
        (share / "interfaces").write_text(INTERFACES)
        wanted = [f"ppp-{self.ppp}"] if f"ppp-{self.ppp}" in packages.WANTED else []
        wanted += ["ifupdown"] if self.keeper == "ifupdown" else []
        for name in wanted:
            unneeded = shutil.ignore_patterns("gconv", "share")
            shutil.copytree(packages.unpacked(name), share / "packages" / name, symlinks=True, ignore=unneeded)


DEBIAN_12 = Kind()
KEPT: tuple[tuple[Keeper, bool | None], ...] = (
    ("persist", None),
    ("supervisor", None),
    ("supervisor", True),
    ("ifupdown", None),
    ("ifupdown", False),
)
PPPS: tuple[Ppp, ...] = ("2.4.9", "2.5.2")
SSHDS: tuple[Sshd, ...] = ("openssh", "dropbear")
#: Each pppd with each of its keepers, half of them behind dropbear.
PPPD = [Kind(ppp, *kept, SSHDS[number % 2]) for ppp in PPPS for number, kept in enumerate(KEPT)]
EVERY = [Kind(ppp, keeper, persist, sshd) for ppp in PPPS for keeper, persist in KEPT for sshd in SSHDS]
