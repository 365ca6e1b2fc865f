# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table: platform, SSH server, login shell, way to root and fault; and what each cell of it is promised.

What is promised is a value that judge.py has a judgement for: a cell without one cannot be run.
"""

from __future__ import annotations

import dataclasses

from .accounts import BECOMES, SHELLS
from .faults import ADDED, FAULTS
from .host import SERVERS


@dataclasses.dataclass(frozen=True)
class Set:
    """Login and password are written, byte for byte, and the router dials once; a second run changes nothing.

    :param warned: what a warning of the look says; "" for no warning
    :param orders: by how many orders it is made to dial
    :param added: what somebody else added to the first of its files, and is kept
    """

    warned: str = ""
    orders: int = 1
    added: str = ""

    def __str__(self) -> str:
        return f"set, with a warning of {self.warned}" if self.warned else "set"


@dataclasses.dataclass(frozen=True)
class Refused:
    """The look that comes before the request says why it cannot be done; nothing is written, and nothing dials.

    :param words: what the reason says
    :param written: who sets it all the same gets the password written, and no session
    """

    words: tuple[str, ...]
    written: bool = False

    def __str__(self) -> str:
        return f"refused: {', '.join(self.words)}"


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell: a router as somebody has it, and what is promised there.

    :param tools: "GNU", or "busybox" for a router that has no other programs
    """

    platform: str
    server: str
    shell: str
    become: str
    promised: Set | Refused
    fault: str = ""
    tools: str = "GNU"

    def __post_init__(self) -> None:
        for value, known in (
            (self.server, SERVERS),
            (self.shell, SHELLS),
            (self.become, BECOMES),
            (self.fault, FAULTS),
        ):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")

    @property
    def name(self) -> str:
        words = (self.platform, self.server, self.shell, self.become, self.tools, self.fault)
        return "-".join(word.replace(" ", "_") for word in words if word)


#: Without a terminal, or without its password, it cannot be had: what the reason names is the remedy.
BECOME: dict[str, Set | Refused] = {
    **{become: Set() for become in BECOMES},
    "nobody": Refused(("ansible_become",)),
    "sudo requiretty": Refused(("requiretty",)),
    "doas password": Refused(("nopass",)),
    "sudo password missing": Refused(("ansible_become_password",)),
    "su password missing": Refused(("ansible_become_password",)),
}
PPPD_FAULTS: dict[str, Set | Refused] = {
    "bound file": Set(),
    "full disk": Refused(("/etc/ppp", "room")),
    "no inodes": Refused(("/etc/ppp",)),
    "read-only": Refused(("/etc/ppp", "read-only")),
    "volatile": Set(warned="/etc/ppp"),
    "nowhere to write": Set(),
    "another pppd": Set(),
}
OPENWRT_FAULTS: dict[str, Set | Refused] = {
    "": Set(),
    "full disk": Refused(("/etc/config",)),
    "no inodes": Refused(("/etc/config",)),
    "read-only": Refused(("/etc/config",)),
    "uncommitted": Refused(("network.lan.ipaddr",)),
    "disabled": Refused(("disabled",), written=True),
    "stopped": Set(orders=2),  # netifd takes the password over, and then is told to dial
}
DEBIAN = [
    Cell("linux_pppd", server, shell, become, promised)
    for server in SERVERS
    for shell in SHELLS
    for become, promised in BECOME.items()
    # su waits for it until Ansible's own time-out, in each step: once is enough.
    if become != "su password missing" or (server, shell) == ("dropbear", "bash")
]
FAULTY = [
    cell
    for fault, promised in PPPD_FAULTS.items()
    for cell in (
        Cell("linux_pppd", "openssh", "bash", "sudo", promised, fault),
        Cell("linux_pppd", "dropbear", "ash", "root", promised, fault, "busybox"),
    )
]
BUSYBOX = [
    Cell("linux_pppd", "dropbear", "ash", "root", Set(), tools="busybox"),
    Cell("linux_pppd", "dropbear", "ash", "root", Set(added=ADDED), "changed meanwhile", "busybox"),
]
OPENWRT = [
    Cell("openwrt", "dropbear", "ash", "root", promised, fault, "busybox") for fault, promised in OPENWRT_FAULTS.items()
]
CELLS = [*DEBIAN, *BUSYBOX, *FAULTY, *OPENWRT]
#: Of the first, which `make test` runs, so that each server, shell and way to root is met twice; `make soak` runs all.
_OFTEN = {
    ("openssh", "sh", "root"), ("openssh", "bash", "sudo"), ("openssh", "ash", "sudo password"),
    ("openssh", "fish", "su password"), ("openssh", "tcsh", "doas"), ("openssh", "bash", "sudo requiretty"),
    ("openssh", "fish", "nobody"),
    ("dropbear", "sh", "su"), ("dropbear", "bash", "su password"), ("dropbear", "ash", "doas"),
    ("dropbear", "fish", "sudo password"), ("dropbear", "tcsh", "sudo"), ("dropbear", "tcsh", "doas password"),
    ("dropbear", "fish", "root"),
}  # fmt: skip
#: And of the faults of the file system, one router for each: in turn the one and the other.
_RARE = [cell for number, cell in enumerate(FAULTY) if number % 4 in (1, 2)]
OFTEN = [
    cell
    for cell in CELLS
    if cell not in _RARE and (cell not in DEBIAN or (cell.server, cell.shell, cell.become) in _OFTEN)
]
