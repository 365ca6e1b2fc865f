# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router's port: TLS, log-in, one thread for each connection. `with serving(router) as port: ...`"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from . import wire
from .router import Router, Trap


def make_certificate(folder: Path, name: str = "router") -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key, as PEM files: what a router that signs its own has."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(alternatives, critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


class Connection(socketserver.BaseRequestHandler):
    """One API session, from the TLS handshake on."""

    def handle(self) -> None:
        server = cast(Port, self.server)
        if server.router.gone:
            return
        try:
            with server.context.wrap_socket(self.request, server_side=True) as self.secure:
                self._talk(server.router)
        except (OSError, EOFError, wire.ProtocolError):
            pass  # the other side left, or trusted nothing

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self.secure.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _send(self, *words: str) -> None:
        self.secure.sendall(wire.encode(list(words)))

    def _talk(self, router: Router) -> None:
        name = ""
        while True:
            words = wire.read_sentence(self._read)
            if not words:
                continue  # an empty sentence is ignored
            with router.lock:
                router.sentences.append((name, words))
            if words[0] == "/login":
                name = self._login(router, words[1:])
            elif not name:
                self._send("!fatal", "not logged in")
                return
            else:
                try:
                    if router.gone:
                        return
                    for reply in router.run(name, words):
                        self._send(*reply)
                except Trap as trap:
                    self._send(*trap.words)
                    self._send("!done")

    def _login(self, router: Router, words: list[str]) -> str:
        """Name and password in the clear, inside TLS, as from RouterOS 6.43 on."""
        given = dict(word[1:].partition("=")[::2] for word in words)
        user = router.users.get(given.get("name", ""))
        if user is None or user.password != given.get("password") or not user.allows("api"):
            self._send("!trap", "=message=invalid user name or password (6)")
            self._send("!done")
            return ""
        self._send("!done")
        return given["name"]


class Port(socketserver.ThreadingTCPServer):
    """A loopback port with the router behind it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, router: Router, context: ssl.SSLContext) -> None:
        self.router, self.context = router, context
        super().__init__(("127.0.0.1", 0), Connection)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


@contextlib.contextmanager
def serving(router: Router, certificate: Path, key: Path) -> Iterator[int]:
    """Serve the router and let its clients dial; yield the port; end both."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Port(router, context) as port:
        threads = [client.start() for client in router.clients.values()]
        serve = threading.Thread(target=port.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serve.start()
        try:
            yield port.server_address[1]
        finally:
            port.shutdown()
            for client in router.clients.values():
                client.end()
            for thread in [serve, *threads, *router.added]:
                thread.join(5)
