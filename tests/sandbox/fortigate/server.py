# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST API of FortiOS 7.4 over TLS, as far as an interface with PPPoE needs it: `with serving(gate, …) as port`.

Paths, answers and the token's header are those of Fortinet's "FortiOS REST API" and of what the collection
fortinet.fortios sends. A password is never told: it is shown as "ENC …". Whatever is not known here is an error.
From memory, and not compared with a real one: that FortiOS dials at once when user or password change.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from routeros.router import Client

STATUS = "/api/v2/monitor/system/status"
SESSION = "/api/v2/monitor/system/interface"
SETTINGS = "/api/v2/cmdb/system/interface/"
WRITABLE = {"name", "username", "password"}


@dataclass
class Gate:
    """wan1 has PPPoE, lan has an address. `calls` has every request: method, path and what was sent."""

    client: Client
    token: str
    may_write: bool = True
    breaks: bool = False  # the connection breaks when the next write is done
    lan: dict[str, Any] = field(default_factory=lambda: {"name": "lan", "mode": "static", "status": "up"})
    calls: list[tuple[str, str, Any]] = field(default_factory=list)

    def writes(self) -> list[tuple[str, str, Any]]:
        return [call for call in self.calls if call[0] != "GET" and call[1] != "/logout"]

    def interface(self, name: str) -> dict[str, Any] | None:
        row = {"name": "wan1", "mode": "pppoe", "status": "up", "username": self.client.row["user"]}
        return {"wan1": {**row, "password": "ENC c2VjcmV0"}, "lan": self.lan}.get(name)

    def answer(self, method: str, path: str, query: dict[str, str], sent: Any) -> tuple[int, dict[str, Any]]:
        """The HTTP status, and what is told beside the usual frame."""
        vdom = query.pop("vdom", "root")
        name = (
            urllib.parse.unquote(path.removeprefix(SETTINGS))
            if path.startswith(SETTINGS)
            else query.pop("interface_name", "")
        )
        found = self.interface(name)
        if query or vdom != "root":
            return 400, {}
        if method == "GET" and path == STATUS:
            return 200, {"results": {"model_name": "FortiGate", "hostname": "gate"}}
        if method == "GET" and path == SESSION:
            shown = {
                "id": name,
                "name": name,
                "link": True,
                "ip": "0.0.0.0" if self.client.since is None else self.client.address,
                "mask": 32,
            }
            return 200, {"results": {name: shown} if found else {}}
        if not path.startswith(SETTINGS):
            return 404, {}
        if found is None:
            return 404, {}
        if method == "GET":
            return 200, {"results": [found], "path": "system", "name": "interface"}
        if method != "PUT" or name != "wan1" or not isinstance(sent, dict) or set(sent) - WRITABLE:
            return 500, {"error": -651}
        if not self.may_write:
            return 403, {}
        self.client.row.update(user=sent["username"], password=sent["password"])
        self.client.redial()
        return 200, {"mkey": name, "revision_changed": True}


class _Port(ThreadingHTTPServer):
    daemon_threads = True
    gate: Gate


class _Request(BaseHTTPRequestHandler):
    server: _Port
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's terminal."""

    def _serve(self) -> None:
        gate = self.server.gate
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = json.loads(body) if body.strip() else None
        gate.calls.append((self.command, url.path, sent))
        if self.headers.get("Authorization") != f"Bearer {gate.token}":
            status, told = 401, dict[str, Any]()
        else:
            status, told = gate.answer(self.command, url.path, dict(urllib.parse.parse_qsl(url.query)), sent)
        if gate.breaks and self.command == "PUT":
            gate.breaks = False
            self.close_connection = True
            return
        frame = {"http_method": self.command, "vdom": "root", "status": "success" if status == 200 else "error"}
        answer = json.dumps({**frame, "http_status": status, "version": "v7.4.4", "build": 2662, **told}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_POST = do_DELETE = _serve


@contextlib.contextmanager
def serving(gate: Gate, certificate: Path, key: Path) -> Iterator[int]:
    """Serve on loopback and let the line be dialled; yield the port; end both."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _Port(("127.0.0.1", 0), _Request) as port:
        port.gate = gate
        # The handshake is for the thread of the connection: one that says nothing must not hold up the others.
        port.socket = context.wrap_socket(port.socket, server_side=True, do_handshake_on_connect=False)
        threads = [gate.client.start(), threading.Thread(target=port.serve_forever, daemon=True)]
        threads[1].start()
        try:
            yield port.server_address[1]
        finally:
            port.shutdown()
            gate.client.end()
            for thread in threads:
                thread.join(5)
