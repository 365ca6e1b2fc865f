# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One such router for a test, always ended again: ``with mikrotik.running(certificate) as variables``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .client import Client, Provider, client_row
from .router import Router, User
from .server import ORDINARY, Manner, serving
from .words import Row

USER, API_PASSWORD = "renew", "Routerzugang-5528"
NAME = "pppoe-out1"


class Mikrotik:
    """A PPPoE client that dials a line of the local OVH API, another one that is disabled, and a user of the API.

    :param api: the local OVH API
    :param service: the line, with its login and the password that the client has at first
    :param policies: what that user may do
    :param row: of the client, what is unlike an ordinary one
    :param client: its habits, see :class:`client.Client`
    """

    def __init__(
        self,
        api: str,
        service: str,
        login: str,
        password: str,
        policies: tuple[str, ...] = ("read", "write", "sensitive"),
        row: Row | None = None,
        **client: Any,
    ) -> None:
        self.router = Router()
        self.router.users[USER] = User(API_PASSWORD, frozenset(["api", *policies]))
        found = client_row(**{"name": NAME, "user": login, "password": password, **(row or {})})
        self.client = Client(found, Provider(api, service), **client)
        self.other = Client(client_row("pppoe-backup", "other@example.net", "other", disabled="true"), None)
        self.router.add(self.other)
        self.router.add(self.client)
        self.variables = {
            "ansible_host": "127.0.0.1",
            "router_pppoe_platform": "routeros",
            "router_pppoe_service_name": service,
            "router_pppoe_routeros_username": USER,
            "router_pppoe_routeros_password": API_PASSWORD,
        }

    @contextlib.contextmanager
    def running(self, certificate: tuple[Path, Path], manner: Manner = ORDINARY) -> Iterator[dict[str, Any]]:
        """Serve; yield the host's variables once the first session is up, which is an hour old then.

        :param certificate: with its key; it is its own CA
        """
        with serving(self.router, *certificate, manner) as port:
            end = time.monotonic() + 10
            while self.client.since is None and self.client.answers and time.monotonic() < end:
                time.sleep(0.02)
            if self.client.since is not None:
                self.client.since -= 3600
            yield {
                **self.variables,
                "router_pppoe_routeros_port": port,
                "router_pppoe_routeros_ca_path": str(certificate[0]),
            }

    def configuration(self) -> list[Row]:
        """Everything that is set, without the password of the line."""
        rows = [self.client.row, self.other.row]
        return [
            {key: value for key, value in row.items() if row is self.other.row or key != "password"} for row in rows
        ]

    def writes(self) -> list[list[str]]:
        """The commands so far that were to change something: not a comment as it is, whether it was taken or not."""
        as_it_is = f"=comment={self.client.row.get('comment', '')}"
        return [words for words in self.router.writes() if words[2:] != [as_it_is]]
