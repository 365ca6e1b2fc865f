# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many sites: a line and a stand-in router for each, all on this machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from .lab import LOGIN, SERVICE, Lab


class Fleet(Lab):
    """The router of :class:`Lab`, and so many beside it, each with a line of its own: site1, site2, …"""

    def __init__(self, collections: Path | None, count: int) -> None:
        super().__init__(collections)
        self.names = [f"site{number}" for number in range(1, count + 1)]
        self.services = {self.names[0]: SERVICE}
        self.services |= {name: f"xdsl-fleet{number}-1" for number, name in enumerate(self.names[1:], 2)}

    def _start(self) -> None:
        super()._start()
        hosts = json.loads(self.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]
        model = hosts["router1"]
        self._add_lines()
        self.hosts: dict[str, dict[str, Any]] = {}
        for number, name in enumerate(self.names):
            peer = self.peer if number == 0 else f"{self.peer}-{number}"
            if number:
                self._dial(number, name, peer)
            self.hosts[name] = {
                **model,
                "router_pppoe_service_name": self.services[name],
                "router_pppoe_interface": peer,
                "router_pppoe_ppp_dir": str(self._folder(number)),
            }
        self.wait_for("up", len(self.names))
        self.write_inventory(self.hosts)

    def login(self, name: str) -> str:
        return LOGIN if name == self.names[0] else f"{name}@adsl.ovh"

    def _add_lines(self) -> None:
        state = self.admin("GET", "/state")
        model, key = state["lines"][SERVICE], state["credentials"]["test-ck"]
        lines = {}
        for name in self.names[1:]:
            login = self.login(name)
            radius = [{**entry, "login": login} for entry in model["radius"]]
            lines[self.services[name]] = {**model, "login": login, "password": f"first-{name}", "radius": radius}
        rules = [*key["rules"], *({"method": "POST", "path": f"/xdsl/{one}/requestPPPLoginMail"} for one in lines)]
        self.admin("PUT", "/state", {"lines": lines, "credentials": {"test-ck": {**key, "rules": rules}}})

    def _folder(self, number: int) -> Path:
        """What is /etc/ppp on that router."""
        return self.etc if number == 0 else self.top / f"etc-ppp{number}"

    def _dial(self, number: int, name: str, peer: str) -> None:
        """One more router, with a peer that is kept by its pppd."""
        login, folder = self.login(name), self._folder(number)
        (folder / "peers").mkdir(parents=True)
        text = (self.etc / "peers" / self.peer).read_text(encoding="utf-8").replace(LOGIN, login)
        (folder / "peers" / peer).write_text(text, encoding="utf-8")
        for secrets in ("chap-secrets", "pap-secrets"):
            (folder / secrets).write_text(f'"{login}" * "first-{name}" *\n', encoding="utf-8")
            (folder / secrets).chmod(0o600)
        settings = {"STANDIN_SERVICE": self.services[name], "STANDIN_INTERFACE": f"ppp{number}"}
        settings["STANDIN_PPP_DIR"] = str(folder)
        subprocess.run(["pon", peer], env=self.environment(**settings), check=True, stdin=subprocess.DEVNULL)
