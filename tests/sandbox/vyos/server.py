# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SSH in front of the command line: logins, a terminal with VyOS's keys, one thread for each session."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import paramiko

from .cli import Closed, Follows, Hangs, Lost, Router, Session
from .config import is_open

# Bash 5.1 and later, which 1.4 has (Debian 12), asks for bracketed paste before each line and ends it behind: its NEWS,
# "enable-bracketed-paste is now on by default".
PASTE, NO_PASTE = "\x1b[?2004h", "\x1b[?2004l\r"
CTRL_C, TAB, CTRL_U, CTRL_V, BACKSPACE = "\x03", "\t", "\x15", "\x16", "\x08\x7f"


class Terminal:
    """The line editor: what is typed is echoed; "?" and Tab ask for help and are not part of the line."""

    def __init__(self, channel: paramiko.Channel, session: Session) -> None:
        self.channel, self.session = channel, session
        self.typed = ""
        self.literal = False
        self.follows = False
        paste = session.router.schema.release != "1.3"
        self.before, self.behind = (PASTE, NO_PASTE) if paste else ("", "")

    @property
    def prompt(self) -> str:
        return f"{self.before}{self.session.prompt}"

    def say(self, text: str) -> None:
        self.channel.sendall(text.replace("\n", "\r\n").encode())

    def run(self) -> None:
        banner = self.session.router.settings.banner
        for part in banner.split("\f"):  # with a pause in between
            self.say(part)
            time.sleep(0.5 if "\f" in banner else 0)
        self.say(f"\n{self.prompt}")
        pending = b""
        while data := self.channel.recv(65536):
            try:
                text, pending = (pending + data).decode(), b""
            except UnicodeDecodeError:
                pending += data
                continue
            echo = ""
            for char in text:
                echo += self.key(char)
                if char in "\r\n" and not self.literal:
                    self.say(echo)
                    echo = ""
                    self.enter()
            self.say(echo)

    def key(self, char: str) -> str:
        """Take one key; returns its echo."""
        if self.literal:
            self.literal = False
            self.typed += char
            return char
        if self.follows:
            if char == CTRL_C:
                self.follows, self.typed = False, ""
                return f"^C\n{self.prompt}"
            return ""
        if char == CTRL_V:
            self.literal = True
        elif char == CTRL_C:
            self.typed = ""
            return f"^C\n{self.prompt}"
        elif char == CTRL_U:
            self.typed = ""
        elif char in BACKSPACE:
            self.typed = self.typed[:-1]
        elif char in ("?", TAB):
            help_text = "\nPossible completions:\n  <Enter>       Execute the current command\n\n"
            return f"{help_text}{self.prompt}{self.typed}"
        elif char in "\r\n":
            return "\n"
        else:
            self.typed += char
            return char
        return ""

    def enter(self) -> None:
        if self.follows:
            return
        if is_open(self.typed):
            self.typed += "\n"
            self.say("> ")
            return
        line, self.typed = self.typed, ""
        self.say(self.behind)
        try:
            said = self.session.line(line)
        except Follows:
            self.follows = True
            return
        except Hangs:
            return
        self.say(said + self.prompt)
        if self.session.router.commits and self.session.router.fault(
            "wall after commit"
        ):  # to all who are logged in, as shutdown(8) sends it
            self.say("\nBroadcast message from root@vyos (Fri 2026-11-27 10:00:00 UTC):\n\nIt reboots at 10:10#\n\n")


class Login(paramiko.ServerInterface):  # type: ignore[misc]  # paramiko publishes no types
    """Who may come in, and what for: a shell in a terminal."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.user = ""

    def check_auth_password(self, username: str, password: str) -> int:
        known = self.router.settings.users.get(username)
        allowed = known is not None and known["password"] == password
        self.router.trace("login", user=username, allowed=allowed)
        self.user = username
        return int(paramiko.AUTH_SUCCESSFUL if allowed else paramiko.AUTH_FAILED)

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        refused = paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        return int(paramiko.OPEN_SUCCEEDED if kind == "session" else refused)

    def check_channel_pty_request(self, *_details: object) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        threading.Thread(target=self.shell, args=(channel,), daemon=True).start()
        return True

    def shell(self, channel: paramiko.Channel) -> None:
        try:
            with contextlib.suppress(Closed, OSError, EOFError), contextlib.closing(channel):
                Terminal(channel, Session(self.router, self.user)).run()
        except Lost:
            channel.get_transport().close()


def serve(router: Router, listener: socket.socket) -> None:
    """Take connections for ever."""
    key = paramiko.ECDSAKey.generate()
    while True:
        connection, _address = listener.accept()
        if router.gone:
            connection.close()
            continue
        transport = paramiko.Transport(connection)
        transport.add_server_key(key)
        try:
            transport.start_server(server=Login(router), event=threading.Event())
        except (paramiko.SSHException, OSError, EOFError):
            transport.close()
