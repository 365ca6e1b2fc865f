# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API of a RouterOS router, over TLS: sentences in, rows out, by librouteros as community.routeros connects it."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import logging
import re
import sys
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import needs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.facts import Row, quoted
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.reasons import (
    CHALLENGE,
    explain,
    reason_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import decoded, encoded, words_of

#: The least releases that the tests run with.
COLLECTIONS = ("community.routeros>=3.7.0",)
PACKAGES = ("librouteros>=3.2.1",)
#: How MikroTik's manual ("API") numbers the kinds of !trap: a command that something else ended before it was through.
INTERRUPTED = "2"
#: What RouterOS says when it gave up waiting for its own answer: "action timed out - try again, if error continues
#: contact MikroTik support ... (13)". The command may have had its effect yet: terraform-routeros'
#: terraform-provider-routeros looks for it after that message.
GAVE_UP = re.compile(r"\btimed out\b|failure: timeout\b", re.I)
#: Seconds for a whole answer, each byte of which is in time: some commands never end (luqasz/librouteros issue 8).
WHOLE = 60.0
#: Said of one that took longer.
ENDLESS = "an answer that does not end"
#: Every byte is a character of it, so nothing that the router tells is lost: librouteros leaves out what its encoding
#: does not have (luqasz/librouteros issue 371), and Winbox stores bytes of Windows code pages.
WIRE = "latin-1"
#: A word of a command that is never repeated, and how many of its characters in a row are as good as all.
SECRET, PIECE = "=password=", 6


class Refused(Exception):
    """The router said no to a command (!trap); the text is the router's."""


class Lost(Exception):
    """No answer came to a command that was sent: it may have had its effect. The text says why."""


class Endless(Lost):
    """An answer came, and did not end in time: asking again would take as long."""


class _InTime:
    """A socket whose reads end at an instant, however slowly the bytes come: its own time-out is for each of them."""

    def __init__(self, connected: t.Any, timeout: float) -> None:
        self._socket = connected
        self._timeout = timeout
        self.end = time.monotonic() + WHOLE

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._socket, name)

    def recv(self, size: int) -> bytes:
        """As a socket's.

        :raises TimeoutError: at the instant
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError(ENDLESS)
        self._socket.settimeout(min(self._timeout, left))
        try:
            received: bytes = self._socket.recv(size)
        except TimeoutError:
            if left < self._timeout:
                raise TimeoutError(ENDLESS) from None
            raise
        return received


@dataclasses.dataclass(frozen=True)
class ApiOptions:
    """How the API is reached.

    :param port: of the service api-ssl; the API without TLS is never used
    :param ca_path: a PEM file; "" for the system's CAs
    :param timeout: seconds without an answer
    :param redial_after: seconds after a change after which a client whose old session is still up is disabled and
        enabled, once; 0 for never
    """

    host: str
    port: int = 8729
    username: str = ""
    password: str = dataclasses.field(default="", repr=False)
    ca_path: str = ""
    validate_certs: bool = True
    validate_hostname: bool = True
    timeout: float = 10
    redial_after: float = 20


class Api:
    """One router's API; connects when it is first needed, and again after a loss."""

    def __init__(self, options: ApiOptions) -> None:
        self._options = options
        self._api: t.Any = None
        #: By the names that community.routeros looks for in a module.
        self.params: dict[str, t.Any] = {
            "hostname": options.host,
            "port": options.port,
            "username": _wired(options.username),
            "password": _wired(options.password),
            "tls": True,
            "force_no_cert": False,
            "validate_certs": options.validate_certs,
            "validate_cert_hostname": options.validate_hostname,
            "ca_path": options.ca_path or None,
            "encoding": WIRE,
            "timeout": options.timeout,
        }

    def __repr__(self) -> str:
        return f"Api({self._options!r})"

    def fail_json(self, msg: str, **_details: t.Any) -> t.NoReturn:
        """What community.routeros calls on a module when it cannot connect."""
        error = sys.exc_info()[1]
        if error is None:  # librouteros is there and cannot be imported
            raise Failure(
                "router_option",
                f"{words_of(msg)}. Install it: {sys.executable} -m pip install {PACKAGES[0]!r}. "
                "The router was not asked.",
                {"option": "platform"},
            )
        raise explain(error, self._options.host, self._options.port) from None

    def run(self, *words: str) -> list[Row]:
        """The rows that a command is answered with; the attributes of "!done" are one more.

        :raises Failure: ``router_unreachable``, ``router_refused``, ``router_option``: the command was not sent
        :raises Refused: the router said no
        :raises Lost: it was sent, and what became of it is not known
        """
        if self._api is None:
            self._api = self._connected()
        trouble = importlib.import_module("librouteros.exceptions").LibRouterosError
        try:
            self._api.protocol.writeSentence(*map(_wired, words))
            rows, traps = self._answer()
        # IndexError: librouteros at a sentence without a word.
        except (trouble, OSError, IndexError) as error:
            self.close()
            if reason_of(error) is CHALLENGE:
                raise explain(error, self._options.host, self._options.port) from None
            if str(error) == ENDLESS:
                raise Endless(f"{ENDLESS} within {WHOLE:g} s") from None
            said = decoded(str(error).encode(WIRE, "replace"))
            raise Lost(words_of(without(said, words)) or type(error).__name__) from None
        if traps:
            raise outcome(traps, words)
        return rows

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._api is not None:
            with contextlib.suppress(OSError):
                self._api.close()
            self._api = None

    def _connected(self) -> t.Any:
        _core_dumps.forbid()
        for option in ("username", "password"):
            if not self.params[option]:
                raise Failure(
                    "router_option",
                    f"O(routeros_{option}) is not set, and without it the API is closed. Set O(routeros_{option}). "
                    "The router was not asked.",
                    {"option": f"routeros_{option}"},
                )
        needs.refuse_lacking("routeros", COLLECTIONS, PACKAGES)
        logging.getLogger("librouteros").disabled = True  # it would log every word, passwords too
        utils = importlib.import_module("ansible_collections.community.routeros.plugins.module_utils.api")
        utils.check_has_library(self)
        api = utils.create_api(self)
        api.protocol.transport.sock = _InTime(api.protocol.transport.sock, self._options.timeout)
        return api

    def _answer(self) -> tuple[list[Row], list[Row]]:
        """Read up to "!done": (rows, refusals). RouterOS 7.18 and newer say "!empty" before it when there is no row."""
        rows: list[Row] = []
        traps: list[Row] = []
        reply = ""
        self._api.protocol.transport.sock.end = time.monotonic() + WHOLE
        while reply != "!done":
            reply, words = self._api.protocol.readSentence()
            row = dict(_unwired(word)[1:].partition("=")[::2] for word in words if word.startswith("="))
            if reply == "!trap":
                traps.append(row)
            elif reply == "!re" or (reply == "!done" and row):
                rows.append(row)
        return rows, traps


def outcome(traps: t.Sequence[Row], sent: t.Sequence[str]) -> Refused | Lost:
    """What the refusals (!trap) of a command come to: some of them say that it may have had its effect.

    :param sent: the command, which the router may repeat
    """
    said = "; ".join(words_of(without(trap.get("message", ""), sent)) or "no reason" for trap in traps)
    if any(GAVE_UP.search(trap.get("message", "")) or trap.get("category") == INTERRUPTED for trap in traps):
        return Lost(said)
    return Refused(said)


def without(said: str, sent: t.Sequence[str]) -> str:
    """What the router said, before anything is cut off it, without a password of the command that it was sent."""
    for secret in (word.removeprefix(SECRET) for word in sent if word.startswith(SECRET)):
        for form in (quoted(secret)[1:-1], secret):
            said = said.replace(form, "********") if form else said
        if any(secret[at : at + PIECE] in said for at in range(len(secret) - PIECE + 1)):
            return "its words hold a part of the password, and are not shown"
    return said


def _wired(text: str) -> str:
    """A text as librouteros is to send it: a character for each byte of its UTF-8."""
    return encoded(text).decode(WIRE)


def _unwired(word: str) -> str:
    return decoded(word.encode(WIRE))
