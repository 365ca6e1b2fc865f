# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The RADIUS server behind the access concentrator (RFC 2865, RFC 2866): CHAP and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

SECRET = b"lab-shared-secret"
ACCESS_REQUEST, ACCESS_ACCEPT, ACCESS_REJECT, ACCOUNTING_REQUEST, ACCOUNTING_RESPONSE = 1, 2, 3, 4, 5
USER_NAME, CHAP_PASSWORD, SERVICE_TYPE, FRAMED_PROTOCOL, FRAMED_ADDRESS = 1, 3, 6, 7, 8
REPLY_MESSAGE, CHAP_CHALLENGE, ACCT_STATUS, ACCT_SESSION = 18, 60, 40, 44
STATUS = {1: "start", 2: "stop", 3: "alive"}

# The client's side, as pppd's plugin wants it in a folder of the concentrator.
CLIENT = {
    "radiusclient.conf": (
        "auth_order radius\nlogin_tries 1\nlogin_timeout 20\nnologin /etc/nologin\nissue /etc/issue\n"
        "authserver 10.99.0.254:1812\nacctserver 10.99.0.254:1813\n"
        "servers /etc/ppp/radius/servers\ndictionary /etc/ppp/radius/dictionary\n"
        "login_radius /bin/false\nseqfile /run/radius.seq\nmapfile /etc/ppp/radius/port-id-map\n"
        "default_realm\nradius_timeout 10\nradius_retries 3\nlogin_local /bin/false\n"
    ),
    "servers": f"10.99.0.254 {SECRET.decode()}\n",
    "port-id-map": "",
    "dictionary": (
        "ATTRIBUTE User-Name 1 string\nATTRIBUTE Password 2 string\nATTRIBUTE CHAP-Password 3 string\n"
        "ATTRIBUTE NAS-IP-Address 4 ipaddr\nATTRIBUTE NAS-Port-Id 5 integer\nATTRIBUTE Service-Type 6 integer\n"
        "ATTRIBUTE Framed-Protocol 7 integer\nATTRIBUTE Framed-IP-Address 8 ipaddr\n"
        "ATTRIBUTE Framed-IP-Netmask 9 ipaddr\nATTRIBUTE Reply-Message 18 string\n"
        "ATTRIBUTE Calling-Station-Id 31 string\nATTRIBUTE NAS-Identifier 32 string\n"
        "ATTRIBUTE Acct-Status-Type 40 integer\nATTRIBUTE Acct-Delay-Time 41 integer\n"
        "ATTRIBUTE Acct-Input-Octets 42 integer\nATTRIBUTE Acct-Output-Octets 43 integer\n"
        "ATTRIBUTE Acct-Session-Id 44 string\nATTRIBUTE Acct-Authentic 45 integer\n"
        "ATTRIBUTE Acct-Session-Time 46 integer\nATTRIBUTE Acct-Input-Packets 47 integer\n"
        "ATTRIBUTE Acct-Output-Packets 48 integer\nATTRIBUTE Acct-Terminate-Cause 49 integer\n"
        "ATTRIBUTE Acct-Input-Gigawords 52 integer\nATTRIBUTE Acct-Output-Gigawords 53 integer\n"
        "ATTRIBUTE CHAP-Challenge 60 string\nATTRIBUTE NAS-Port-Type 61 integer\nATTRIBUTE Connect-Info 77 string\n"
        "VALUE Service-Type Framed-User 2\nVALUE Framed-Protocol PPP 1\n"
        "VALUE Acct-Status-Type Start 1\nVALUE Acct-Status-Type Stop 2\nVALUE Acct-Status-Type Alive 3\n"
        "VALUE Acct-Authentic RADIUS 1\nVALUE NAS-Port-Type Async 0\nVALUE NAS-Port-Type Virtual 5\n"
    ),
}


@dataclass(frozen=True)
class Request:
    """What the concentrator sent."""

    code: int
    number: int
    authenticator: bytes
    attributes: dict[int, bytes]

    @property
    def login(self) -> str:
        return self.attributes.get(USER_NAME, b"").decode("utf-8", "replace")

    def proves(self, password: str) -> bool:
        """Does the CHAP response come from somebody who knows this password?"""
        response = self.attributes.get(CHAP_PASSWORD, b"")
        challenge = self.attributes.get(CHAP_CHALLENGE, self.authenticator)
        digest = hashlib.md5(response[:1] + password.encode() + challenge, usedforsecurity=False).digest()
        return hmac.compare_digest(response[1:], digest)


def parse(packet: bytes) -> Request:
    """:raises ValueError: for what is no RADIUS packet."""
    if len(packet) < 20:
        raise ValueError("too short")
    code, number, length = struct.unpack_from("!BBH", packet)
    attributes: dict[int, bytes] = {}
    rest = packet[20:length]
    while len(rest) >= 2:
        kind, size = rest[0], rest[1]
        if not 2 <= size <= len(rest):
            raise ValueError("torn attribute")
        attributes[kind] = rest[2:size]
        rest = rest[size:]
    return Request(code, number, packet[4:20], attributes)


def answer(request: Request, code: int, attributes: dict[int, bytes]) -> bytes:
    """A reply, signed with the shared secret."""
    body = b"".join(bytes((kind, len(value) + 2)) + value for kind, value in attributes.items())
    head = struct.pack("!BBH", code, request.number, 20 + len(body))
    signature = hashlib.md5(head + request.authenticator + body + SECRET, usedforsecurity=False).digest()
    return head + signature + body


@dataclass
class Server:
    """Answers on sockets that lie in the lab's network.

    ``judge`` gets a login and a function that tells whether a password fits the CHAP response; it returns the
    address of the session, or None for a refusal. ``account`` gets a session's start and stop.
    """

    sockets: list[socket.socket]
    judge: Callable[[str, Callable[[str], bool]], str | None]
    account: Callable[[str, str, str], None]
    _answered: dict[tuple[int, int, bytes], bytes] = field(default_factory=dict)
    _closing: bool = False

    def start(self) -> None:
        for one in self.sockets:
            threading.Thread(target=self._serve, args=(one,), daemon=True).start()

    def close(self) -> None:
        self._closing = True
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _serve(self, one: socket.socket) -> None:
        while not self._closing:
            try:
                packet, sender = one.recvfrom(4096)
                request = parse(packet)
                key = (request.code, request.number, request.authenticator)
                if key not in self._answered:  # else it was sent again: the same answer, and no second judgement
                    self._answered[key] = self._answer(request)
                one.sendto(self._answered[key], sender)
            except ValueError:
                continue
            except OSError:
                return

    def _answer(self, request: Request) -> bytes:
        if request.code == ACCOUNTING_REQUEST:
            number = struct.unpack("!I", request.attributes.get(ACCT_STATUS, b"\0\0\0\0"))[0]
            session = request.attributes.get(ACCT_SESSION, b"").decode("ascii", "replace")
            self.account(STATUS.get(number, str(number)), request.login, session)
            return answer(request, ACCOUNTING_RESPONSE, {})
        if request.code != ACCESS_REQUEST:
            raise ValueError("neither a request for access nor accounting")
        address = self.judge(request.login, request.proves)
        if address is None:
            return answer(request, ACCESS_REJECT, {REPLY_MESSAGE: b"Authentication failed"})
        granted = {
            SERVICE_TYPE: struct.pack("!I", 2),
            FRAMED_PROTOCOL: struct.pack("!I", 1),
            FRAMED_ADDRESS: socket.inet_aton(address),
        }
        return answer(request, ACCESS_ACCEPT, granted)
