# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routers of the cells in the field, started, and what each has to show: the same for RouterOS and VyOS."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import paramiko
from routeros.certificates import make_signed
from routeros.running import USER
from routeros.running import Mikrotik as PlayedMikrotik
from vyos.running import Vyos, together

from .field import Case, Mikrotik, VyosBox
from .lines import Line

PASSWORD_OF_VYOS = "set interfaces pppoe pppoe0 authentication password "


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a router has to show.

    :param rest: all its settings but the password
    :param saved: as it would be after a reboot
    """

    password: str
    rest: tuple[str, ...]
    writes: int
    orders: int
    up: bool
    saved: bool = True


class Standin(Protocol):
    """A router that is played; only by what a test may do to it."""

    def variables(self) -> dict[str, Any]:
        """What the inventory needs to get there."""

    def settle(self) -> None:
        """Wait until it has its first session, where it can have one."""

    def shown(self) -> Shown:
        """See :class:`Shown`."""


class OfMikrotik:
    """A RouterOS router."""

    def __init__(self, case: Case, folder: Path, line: Line, password: str) -> None:
        assert isinstance(case.router, Mikrotik)
        self.has, self.folder = case.router, folder
        client = {**self.has.client, "answers": self.has.answers}
        self.played = PlayedMikrotik(
            line.url, line.service, line.login, password, self.has.policies, self.has.row, **client
        )
        self.played.router.users[USER].addresses = self.has.addresses
        for name, value in self.has.router.items():
            setattr(self.played.router, name, value)
        self._given: dict[str, Any] = {}

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self.folder.mkdir(parents=True)
        ca, *certificate = make_signed(self.folder, self.has.kind)
        another, *_others = make_signed(self.folder, self.has.kind, "another")
        path = {"its own": ca, "another": another, "none": self.folder / "none"}[self.has.ca]
        with self.played.running((certificate[0], certificate[1]), self.has.manner) as given:
            self._given = {**given, "router_pppoe_routeros_ca_path": str(path)}
            yield

    def variables(self) -> dict[str, Any]:
        return self._given

    def settle(self) -> None:
        """Starting it was that already."""

    def shown(self) -> Shown:
        rest = tuple(str(sorted(row.items())) for row in self.played.configuration())
        client = self.played.client
        return Shown(client.row["password"], rest, len(self.played.writes()), client.orders, client.since is not None)


class OfVyos:
    """A VyOS; all of a run are in one process."""

    def __init__(self, case: Case, folder: Path, line: Line, password: str) -> None:
        assert isinstance(case.router, VyosBox)
        has = self.has = case.router
        self.case = case
        self.played = Vyos(
            folder,
            line.url,
            line.service,
            has.login or line.login,
            password,
            has.release,
            has.more,
            has.unsaved,
            has.level,
            clock=has.clock,
            vrf=has.vrf,
            also=has.settings,
        )

    def variables(self) -> dict[str, Any]:
        return self.played.inventory(ansible_network_cli_ssh_type=self.case.transport)

    def settle(self) -> None:
        if not any(line.endswith(" disable") for line in self.has.more):
            self.played.wait_for("refused" if self.has.login else "up")
        self.played.order(*self.has.orders)
        if self.has.other_key:
            key = paramiko.ECDSAKey.generate()
            known = self.played.folder.parents[1] / ".ssh" / "known_hosts"
            known.parent.mkdir(exist_ok=True)
            with known.open("a", encoding="utf-8") as file:
                file.write(f"[127.0.0.1]:{self.played.port} {key.get_name()} {key.get_base64()}\n")

    def shown(self) -> Shown:
        running = self.played.state()
        password = next(line for line in running if line.startswith(PASSWORD_OF_VYOS))
        sessions = [
            event["event"] for event in self.played.events() if event["event"] in ("up", "down", "ppp restarted")
        ]
        return Shown(
            password.removeprefix(PASSWORD_OF_VYOS).strip("'"),
            tuple(line for line in running if line != password),
            len(self.played.events("committed")),
            len(self.played.events("ppp restarted")),
            sessions[-1:] == ["up"],
            running == self.played.state("saved"),
        )


@contextlib.contextmanager
def started(cases: list[Case], top: Path, known: dict[str, tuple[Line, str]]) -> Iterator[dict[str, Standin]]:
    """The routers of these cells, each with its first session.

    :param top: the folder of the run, which is ansible-playbook's HOME
    :param known: by the cell's name its line, and the password that the router has
    """
    routers: dict[str, Standin] = {}
    with contextlib.ExitStack() as stack:
        boxes = []
        for number, case in enumerate(cases):
            folder, (line, password) = top / "routers" / str(number), known[case.name]
            if case.platform == "vyos":
                box = OfVyos(case, folder, line, password)
                boxes.append(box.played)
                routers[case.name] = box
            else:
                mikrotik = OfMikrotik(case, folder, line, password)
                stack.enter_context(mikrotik.running())
                routers[case.name] = mikrotik
        if boxes:
            stack.enter_context(together(boxes))
        for router in routers.values():
            router.settle()
        yield routers
