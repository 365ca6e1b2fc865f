# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why the API of a RouterOS router could not be used, as one reason with one remedy: pure, over the exception."""

from __future__ import annotations

import dataclasses
import re
import socket
import ssl

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import words_of

#: X509_V_ERR_* of openssl/x509_vfy.h.
EXPIRED = (9, 10)  # not yet valid, expired
NAME = (62, 64)  # host name, IP address
UNTRUSTED = (2, 18, 19, 20, 21)  # no issuer, self-signed, self-signed in the chain, no local issuer, no first signature
#: What VERIFY_X509_STRICT adds, which Python's default context has from 3.13 on (python/cpython issue 138193).
STRICT = range(79, 95)
API_WITHOUT_TLS = 8728
DOCS = "docs/routers/routeros.md"
#: What RouterOS says of a user who lacks a policy, and of an .id that it does not have (any more).
PERMISSION, GONE = "not enough permissions", "no such item"


@dataclasses.dataclass(frozen=True)
class Reason:
    """A kind of failure.

    :param name: machine-readable
    :param says: what is true, behind "The API of the router at HOST port PORT "
    :param remedy: one sentence
    """

    name: str
    says: str
    remedy: str
    code: str = "router_unreachable"


_ALLOW = (
    "As a rule an address list does not include this control node: on the router, compare address in "
    "/ip service print detail where name=api-ssl, and in /user print detail."
)
ANONYMOUS = Reason(
    "anonymous_ciphers",
    "offers anonymous ciphers only, so anybody could answer in its place: its service api-ssl has no certificate",
    f"Make one as {DOCS} says, then on the router: /ip service set api-ssl certificate=...",
)
OLD_TLS = Reason("old_tls", "does not support TLS 1.2 or newer", "Update RouterOS.")
PLAIN = Reason(
    "no_tls",
    "does not use TLS",
    "Set O(routeros_port) to the port of the service api-ssl (8729 as a rule), not of the service api.",
)
CLOSED = Reason("closed", "closes the connection at once", _ALLOW)
SILENT = Reason(
    "silent",
    "does not answer in time",
    "Check that the router is up, and that its firewall and the address list of its service api-ssl let this control "
    "node in; if the router is only slow, raise O(routeros_timeout).",
)
DATES = Reason(
    "expired",
    "has a certificate that is not valid today",
    f"Compare the clocks of both machines, then make a new certificate as {DOCS} says.",
)
STRICTER = Reason(
    "strict",
    "has a certificate that Python 3.13 and newer refuse, because it lacks extensions that RFC 5280 requires",
    f"Make a new one as {DOCS} says, with a CA of its own on the router.",
)
OTHER_NAME = Reason(
    "name",
    "has a certificate that is not for this name or address",
    "Make one with subject-alt-name=IP:... or DNS:... as the inventory names the router (a common name alone does not "
    "count); or, where O(routeros_ca_path) holds this router's certificate alone, set O(routeros_validate_hostname) "
    "to false.",
)
NOT_TRUSTED = Reason(
    "untrusted",
    "has a certificate that is not trusted",
    "Put the certificate of its CA, or its own if it signed that itself, into a file and set "
    "O(routeros_ca_path) to it.",
)
WEAK = Reason("certificate", "has a certificate that cannot be accepted", f"Make a new one as {DOCS} says.")
LOG_IN = Reason(
    "log_in",
    "refuses the login",
    "Correct O(routeros_username) and O(routeros_password), and check that the user's group has the policies api, read "
    "and write, and that the user's address list includes this control node.",
    "router_refused",
)
CHALLENGE = Reason(
    "challenge",
    "requires a challenge-response login, as RouterOS before 6.43 does",
    "Update RouterOS.",
    "router_refused",
)
CA_FILE = Reason(
    "ca_path",
    "was not contacted: the file of O(routeros_ca_path) cannot be used",
    "Correct O(routeros_ca_path).",
    "router_option",
)
UNKNOWN_NAME = Reason(
    "address", "was not found: its name has no address", "Correct the address of the router in the inventory."
)
NO_PORT = Reason(
    "refused",
    "refuses connections",
    "Enable it on the router (/ip service enable api-ssl), or correct O(routeros_port).",
)
OTHER = Reason("other", "cannot be used", "Check that the service api-ssl is enabled, and reachable from here.")


def explain(error: BaseException, host: str, port: int) -> Failure:
    """The failure that says why the API could not be used.

    :param error: of the connection, of TLS, or of the log-in
    """
    reason = reason_of(error)
    if port == API_WITHOUT_TLS and reason in (SILENT, CLOSED):
        reason = PLAIN
    said = words_of(re.sub(r" ?\(_ssl\.c:[0-9]+\)|_ssl\.c:[0-9]+: ", "", str(error)))
    return Failure(
        reason.code,
        f"The API of the router at {host} port {port} {reason.says}{f' ({said})' if said else ''}. {reason.remedy} "
        "Nothing was changed on the router.",
        {"reason": reason.name, "host": host, "port": port},
    )


def reason_of(error: BaseException) -> Reason:
    """Which of the reasons an exception stands for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error.verify_code)
    if isinstance(error, ssl.SSLError):
        return _tls(f"{error.reason or ''} {error}".upper())
    kind = type(error).__name__
    if kind in ("TrapError", "MultiTrapError"):  # of librouteros, which only the log-in can raise here
        return LOG_IN
    if kind == "FatalError":
        return CHALLENGE if "not logged in" in str(error) else OTHER
    if kind == "ConnectionClosed" or isinstance(error, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return CLOSED
    kinds: tuple[tuple[type[BaseException], Reason], ...] = (
        (socket.gaierror, UNKNOWN_NAME),
        (ConnectionRefusedError, NO_PORT),
        (socket.timeout, SILENT),
        (TimeoutError, SILENT),
        # A connection has no file: these come from reading the certificates of routeros_ca_path.
        (FileNotFoundError, CA_FILE),
        (PermissionError, CA_FILE),
        (IsADirectoryError, CA_FILE),
    )
    return next((reason for one, reason in kinds if isinstance(error, one)), OTHER)


def _certificate(code: int) -> Reason:
    for codes, reason in ((EXPIRED, DATES), (NAME, OTHER_NAME), (UNTRUSTED, NOT_TRUSTED), (STRICT, STRICTER)):
        if code in codes:
            return reason
    return WEAK


def _tls(words: str) -> Reason:
    """:param words: OpenSSL's, in capitals; their form changed between its releases"""
    for piece, reason in (
        ("NO_CERTIFICATE_OR_CRL_FOUND", CA_FILE),
        ("BAD_BASE64", CA_FILE),
        ("PEM", CA_FILE),
        ("HANDSHAKE_FAILURE", ANONYMOUS),
        ("UNSUPPORTED_PROTOCOL", OLD_TLS),
        ("ALERT_PROTOCOL_VERSION", OLD_TLS),
        ("WRONG_VERSION_NUMBER", PLAIN),
        ("RECORD_LAYER_FAILURE", PLAIN),
        ("EOF", CLOSED),
        ("ZERO_RETURN", CLOSED),
        ("TIMED OUT", SILENT),
    ):
        if piece in words:
            return reason
    return OTHER


def no_write(user: str) -> str:
    return (
        f"The group of the API user {user} lacks the policy write. On the router: /user group set, with the policies "
        "api, read and write."
    )


def not_told(user: str) -> str:
    return (
        f"The router does not tell which policies the API user {user} has, so whether it may write is not known before "
        "the first write."
    )


def refused(said: str, user: str) -> str:
    """Why the router said no to a write, with a remedy where there is one."""
    remedy = ""
    if PERMISSION in said:
        remedy = f" {no_write(user)}"
    elif "device-mode" in said:
        remedy = " On the router: /system device-mode print, then update it as MikroTik's manual says."
    elif GONE in said:
        remedy = " Somebody removed the PPPoE client meanwhile. Run the same command again."
    return f"The router refused the write ({said.rstrip('.')}).{remedy}"
