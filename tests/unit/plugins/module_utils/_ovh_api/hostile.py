# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server in OVHcloud's place that answers as a test likes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

AK = {"application_key": "test-ak", "application_secret": "As5512Kq9Vt", "consumer_key": "Ck8840Pm3Ru"}


class Server:
    """Answers GET /auth/time rightly, and everything else with what a test gives: a function of the connection."""

    def __init__(self, answer):
        self._answer = answer
        self.heard = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection, contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                if not (chunk := connection.recv(65536)):
                    return
                request += chunk
            self.heard.append(request)
            if request.startswith(b"GET /1.0/auth/time "):
                text = str(int(time.time())).encode()
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(text) + text
                )
            else:
                self._answer(connection)

    def close(self):
        self._socket.close()


def body(text, status=b"200 OK", more=b""):
    head = b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Type: application/json\r\n" + more
    return lambda connection: connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(text) + text)


def clean(result, *codes):
    assert result.failed and result.code in codes, result
    assert "As5512" not in result.written and "Ck8840" not in result.written
    return result
