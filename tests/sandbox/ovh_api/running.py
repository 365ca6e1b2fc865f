# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the local API in a thread, for tests: `with running() as api: api.url, api.world`."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .app import create_app
from .world import State, World, iso_v1


class Handler(WSGIRequestHandler):
    """Small answers at once, and no log lines."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: GET /admin/calls tells what was called."""


def build(world: World, port: int = 0, app: Flask | None = None) -> BaseWSGIServer:
    """A threaded server on loopback; its `server_port` tells the port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server("127.0.0.1", port, app or create_app(world), threaded=True, request_handler=Handler)


@dataclass
class Api:
    """A running local API."""

    url: str
    world: World

    @property
    def endpoint(self) -> str:
        """What to give as `endpoint`."""
        return f"{self.url}/1.0"

    @property
    def token_url(self) -> str:
        """The OAuth2 token endpoint."""
        return f"{self.url}/auth/oauth2/token"

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the admin interface, for example admin("POST", "/faults", [...])."""
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/admin{path}", data=data, method=method), timeout=10) as response:
            return json.load(response)

    def set(self, **settings: Any) -> None:
        """Merge settings into the state."""
        self.admin("PUT", "/state", settings)

    def fault(self, kind: str, method: str = "*", path: str = "*", **more: Any) -> None:
        """Order a fault."""
        self.admin("POST", "/faults", [{"kind": kind, "method": method, "path": path, **more}])

    def line(self, service: str) -> State:
        """The line as the world has it."""
        found: State = self.world.state["lines"][service]
        return found

    def calls(self, method: str | None = None, path: str | None = None) -> list[State]:
        """The API calls so far: all, or those of a method and with a path that ends so."""
        with self.world.lock:
            calls: list[State] = list(self.world.state["calls"])
        return [
            one
            for one in calls
            if (method is None or one["method"] == method) and (path is None or one["path"].endswith(path))
        ]

    def logged(self, *entries: tuple[float, str], address: str = "198.51.100.7") -> None:
        """Put calls of another host into the account's call log: seconds ago, and path (a POST where it asks)."""
        with self.world.change() as state:
            for seconds, path in sorted(entries, reverse=True):
                self.world.record_log("POST" if path.endswith("/requestPPPLoginMail") else "GET", path, path, address)
                state["api_logs"][-1]["date"] = iso_v1(self.world.now() - seconds)

    def posts(self) -> list[State]:
        """The calls that ask for a new password: the number that every test is about."""
        return self.calls("POST", "/requestPPPLoginMail")


@contextlib.contextmanager
def running(
    state: Path | None = None, port: int = 0, prepared: tuple[World, Flask | None] | None = None
) -> Iterator[Api]:
    """Start a server, yield it, stop it. `prepared`: a world and its application, made before."""
    world, app = prepared or (World(state), None)
    server = build(world, port, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Api(f"http://127.0.0.1:{server.server_port}", world)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
