# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The router's port: TLS, log-in, one thread for each connection. `with serving(router) as port: ...`"""

from __future__ import annotations

import contextlib
import secrets
import socket
import socketserver
import ssl
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from . import wire
from .certificates import make_certificate
from .router import Router, Trap

__all__ = ["Manner", "make_certificate", "serving"]


@dataclass(frozen=True)
class Manner:
    """How the service api-ssl answers.

    :param anonymous: it has no certificate, and offers anonymous ciphers only (wiki.mikrotik.com/wiki/Manual:API-SSL;
        socialwifi/RouterOS-api issue 35: Python says "sslv3 alert handshake failure")
    :param old: it speaks TLS 1.0 only, as releases without tls-version=only-1.2 may
    :param lets_in: whoever "address" of /ip/service leaves out: "close" at once, or "silent" (EvilFreelancer/
        routeros-api-php issue 77: it waits and waits, or "Error reading 1 bytes")
    """

    anonymous: bool = False
    old: bool = False
    lets_in: str = "all"

    def context(self, certificate: Path, key: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.anonymous:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("ADH:AECDH:@SECLEVEL=0")
            return context
        if self.old:
            with warnings.catch_warnings():  # Python 3.10 and newer warn of what is wanted here
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(certificate, key)
        return context


ORDINARY = Manner()


class Connection(socketserver.BaseRequestHandler):
    """One API session, from the TLS handshake on."""

    def handle(self) -> None:
        server = cast(Port, self.server)
        if server.router.gone or server.manner.lets_in == "close":
            return
        if server.manner.lets_in == "silent":
            self.request.recv(1)
            server.ended.wait(30)
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
        server = cast(Port, self.server)
        said = wire.encode(list(words))
        # Nobody could tell a slow log-in from a slow way.
        pieces = [said] if not server.router.trickles or words[0] == "!done" else [bytes([one]) for one in said]
        for piece in pieces:
            time.sleep(server.router.trickles if len(pieces) > 1 else 0)
            self.secure.sendall(piece)

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
        """Name and password in the clear, inside TLS, as from RouterOS 6.43 on; a challenge before (see Router)."""
        if router.release < (6, 43):
            self._send("!done", f"=ret={secrets.token_hex(16)}")
            return ""
        given = dict(word[1:].partition("=")[::2] for word in words)
        user = router.users.get(given.get("name", ""))
        left_out = user is not None and bool(user.addresses) and self.client_address[0] not in user.addresses
        if user is None or left_out or user.password != given.get("password") or not user.allows("api"):
            self._send("!trap", "=message=invalid user name or password (6)")
            self._send("!done")
            return ""
        self._send("!done")
        return given["name"]


class Port(socketserver.ThreadingTCPServer):
    """A loopback port with the router behind it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, router: Router, context: ssl.SSLContext, manner: Manner) -> None:
        self.router, self.context, self.manner = router, context, manner
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), Connection)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


@contextlib.contextmanager
def serving(router: Router, certificate: Path, key: Path, manner: Manner = ORDINARY) -> Iterator[int]:
    """Serve the router and let its clients dial; yield the port; end both."""
    with Port(router, manner.context(certificate, key), manner) as port:
        threads = [client.start() for client in router.clients.values()]
        serve = threading.Thread(target=port.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serve.start()
        try:
            yield port.server_address[1]
        finally:
            port.ended.set()
            port.shutdown()
            for client in router.clients.values():
                client.end()
            for thread in [serve, *threads, *router.added]:
                thread.join(5)
