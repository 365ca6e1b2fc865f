# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router of docs/tutorials/own-platform.md: made up, with the REST API that many have. Over TLS, with a token."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from routeros.client import Client

WAN, SESSION = "/api/wan", "/api/wan/session"


class _Port(ThreadingHTTPServer):
    daemon_threads = True
    client: Client
    token: str
    writes: int = 0


class _Request(BaseHTTPRequestHandler):
    server: _Port

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's terminal."""

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, told = 401, dict[str, Any]()
        if self.headers.get("Authorization") == f"Bearer {self.server.token}":
            status, told = self._answer(json.loads(sent) if sent else None)
        answer = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, sent: Any) -> tuple[int, dict[str, Any]]:
        client = self.server.client
        if (self.command, self.path) == ("GET", WAN):
            return 200, {"username": client.row["user"], "password": client.row["password"]}
        if (self.command, self.path) == ("GET", SESSION):
            if client.since is None:
                return 200, {"up": False, "reason": client.status}
            return 200, {"up": True, "address": client.address, "uptime": int(time.monotonic() - client.since)}
        if (self.command, self.path) == ("PUT", WAN):
            self.server.writes += 1
            client.row.update(user=sent["username"], password=sent["password"])
            client.redial()
            return 200, {}
        return 404, {}

    do_GET = do_PUT = _serve


@contextlib.contextmanager
def serving(client: Client, token: str, certificate: Path, key: Path) -> Iterator[_Port]:
    """Serve on loopback and let the line be dialled; end both."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _Port(("127.0.0.1", 0), _Request) as port:
        port.client, port.token = client, token
        port.socket = context.wrap_socket(port.socket, server_side=True, do_handshake_on_connect=False)
        threads = [client.start(), threading.Thread(target=port.serve_forever, daemon=True)]
        threads[1].start()
        try:
            yield port
        finally:
            port.shutdown()
            client.end()
            for thread in threads:
                thread.join(5)
