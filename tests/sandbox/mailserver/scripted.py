# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An IMAP server that answers by a table: for the habits of servers that Dovecot does not have."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from io import BufferedRWPair
from pathlib import Path

#: An answer, or what gives it for the rest of a command's line, such as ``UID SEARCH UNDELETED``.
Answer = bytes | Callable[[bytes], bytes]
#: In place of an answer: the connection is closed.
HANG_UP = b"hang up"


class Scripted:
    """Answers each command by the table; an answer that begins with ``@`` (the tag) is the whole of it.

    :param keys: folder of ``server.pem`` and ``server.key``; :param ca_file: the authority that signed them.
    :param implicit: TLS from the start.
    """

    def __init__(self, keys: Path, ca_file: Path, answers: Mapping[str, Answer], implicit: bool = True) -> None:
        self.answers = dict(answers)
        self.ca_file = ca_file
        self.greeting = b"* OK ready\r\n"
        self.said: list[str] = []
        #: When each connection was made (monotonic).
        self.at: list[float] = []
        self.implicit = implicit
        #: Answers that take the place of the others once STARTTLS has led to TLS.
        self.secured: dict[str, Answer] = {}
        #: Answers that are given one time only, before the others.
        self.once: dict[str, Answer] = {}
        #: Seconds before an answer, by command.
        self.delays: dict[str, float] = {}
        #: What is sent again and again, without an end, in place of the answer to a command.
        self.flood = b""
        self.flood_after = "UID SEARCH"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(keys / "server.pem", keys / "server.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.ports = dict.fromkeys(("tls", "starttls"), self.listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def connections(self) -> int:
        return len(self.at)

    def close(self) -> None:
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.at.append(time.monotonic())
            with contextlib.suppress(OSError):
                if self.implicit:
                    connection = self.context.wrap_socket(connection, server_side=True)
                with connection.makefile("rwb") as file:
                    upgrade = self._talk(file, self.greeting)
                if upgrade:
                    self.answers.update(self.secured)
                    connection = self.context.wrap_socket(connection, server_side=True)
                    with connection.makefile("rwb") as file:
                        self._talk(file)
            connection.close()

    def _talk(self, file: BufferedRWPair, greeting: bytes = b"") -> bool:
        """Until the client goes, or, where that is answered well, to the end of STARTTLS: then True."""
        file.write(greeting)
        file.flush()
        for line in file:
            self.said.append(line.decode())
            tag, _space, rest = line.strip().partition(b" ")
            name = " ".join(rest.decode().split()[: 2 if rest.startswith(b"UID") else 1])
            known = self.once.pop(name) if name in self.once else self.answers[name]
            answer = known if isinstance(known, bytes) else known(rest)
            if name == "AUTHENTICATE" and not answer:
                file.write(b"+ \r\n")
                file.flush()
                self.said.append(file.readline().decode())
            time.sleep(self.delays.get(name, 0))
            if answer == HANG_UP:
                return False
            while self.flood and name == self.flood_after != "IDLE":
                file.write(self.flood)
                file.flush()
                time.sleep(0.05)
            if name == "IDLE" and answer.startswith(b"+"):
                file.write(answer)
                file.flush()
                answer = b"" if file.readline() == b"DONE\r\n" else HANG_UP
                while self.flood and name == self.flood_after:
                    file.write(self.flood)
                    file.flush()
                    time.sleep(0.05)
            file.write(answer.replace(b"@", tag) if answer.startswith(b"@") else answer + tag + b" OK done\r\n")
            file.flush()
            if name == "STARTTLS" and self.secured:
                return True
        return False
