# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One IMAP connection: TLS, login, IDLE; and the one place where its errors get a meaning.

Built on the standard library's ``imaplib``, because the installed collection may need nothing but ansible-core and
``ovh``. ``imaplib`` has no IDLE before Python 3.14, and its buffered file is unusable after the first time-out. Both
are mended here with its documented hooks (``open``, ``read``, ``readline``, ``send``, ``shutdown``), nothing private.
"""

from __future__ import annotations

import contextlib
import dataclasses
import imaplib
import re
import socket
import ssl
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._dead_connections import notice
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_answers

#: Seconds to connect and be greeted, and to wait for the next bytes of an answer (a large folder is searched slowly).
CONNECT_TIMEOUT = 15.0
ANSWER_TIMEOUT = 60.0
#: Seconds for an answer as a whole, however steadily its bytes come.
ANSWER_LIMIT = 180.0
PORTS = {"tls": 993, "starttls": 143}
#: Bytes of one line (a search that finds 500,000 mails answers in one) and of one literal.
MAX_LINE = 4 * 1024 * 1024
MAX_LITERAL = 4 * 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Account:
    """Where and as whom to log in. Give ``password`` or ``access_token``; they are in no message."""

    host: str
    port: int
    security: str
    ca_file: str | None
    user: str
    password: str | None = dataclasses.field(repr=False)
    access_token: str | None = dataclasses.field(repr=False)
    folder: str

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}"

    def details(self, **more: t.Any) -> dict[str, t.Any]:
        """Facts for a failure: never a secret."""
        return {"host": self.host, "port": self.port, "user": self.user, "folder": self.folder, **more}

    def said(self, error: BaseException | bytes) -> str:
        """What the server said, shortened, and without a secret that it may have repeated."""
        text = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
        for secret in (self.password, self.access_token):
            if secret:
                text = text.replace(secret, "***")
        return re.sub(r"[^\x20-\x7e]+", " ", text).strip(" .")[:300]

    def shown(self, name: str) -> str:
        """A folder's name for a message: without what steers a terminal, and without a secret."""
        kept = "".join(sign if sign.isprintable() else " " for sign in name)
        for secret in (self.password, self.access_token):
            if secret:
                kept = kept.replace(secret, "***")
        return kept[:100]


class Connection(imaplib.IMAP4):
    """``imaplib`` over a socket that may time out, with IDLE (RFC 2177)."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, implicit: bool) -> None:
        self._context = context
        self._implicit = implicit
        self._received = bytearray()
        self._end = time.monotonic() + ANSWER_LIMIT
        super().__init__(host, port, CONNECT_TIMEOUT)  # connects, and reads the greeting
        self.sock.settimeout(ANSWER_TIMEOUT)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), timeout)
        notice(self.sock)
        if self._implicit:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=host)

    def upgrade(self) -> None:
        """STARTTLS. What came in before the handshake is not the server's word and ends the connection."""
        answer, _text = self.xatom("STARTTLS")
        if answer != "OK":
            raise self.error("the server refused STARTTLS")
        if self._received:
            raise self.abort("data came in between STARTTLS and the TLS handshake")
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
        self.refresh_capabilities()

    def refresh_capabilities(self) -> None:
        """Ask what the server offers: it may be something else after TLS, and after the login."""
        _answer, data = self.capability()
        self.capabilities = tuple((data[-1] or b"").decode("ascii", "replace").upper().split())

    def _receive(self) -> None:
        if time.monotonic() > self._end:
            raise self.abort("its answer does not end")
        data = self.sock.recv(65536)
        if not data:
            raise self.abort("the server closed the connection")
        self._received += data

    def _take(self, size: int) -> bytes:
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise self.abort(f"the server announced {size} bytes, more than was asked for")
        while len(self._received) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        seen = 0
        while True:
            end = self._received.find(b"\n", seen)
            if end >= 0:
                return self._take(end + 1)
            seen = len(self._received)
            if seen > MAX_LINE:
                raise self.abort("the server sent a line without an end")
            self._receive()

    def send(self, data: t.Any) -> None:
        self._end = time.monotonic() + ANSWER_LIMIT
        self.sock.sendall(data)

    def shutdown(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def idle_until_news(self, seconds: float) -> None:
        """Wait until the server tells of a new mail, for at most ``seconds``.

        The tag is none of ``imaplib``'s, which are capitals and digits.

        :raises imaplib.IMAP4.error: when the server refuses; ``imaplib.IMAP4.abort`` or OSError when it is gone.
        """
        end = time.monotonic() + seconds
        self.send(b"idle IDLE\r\n")
        while not (line := self.readline()).startswith(b"+"):
            if line.startswith(b"idle "):
                raise self.error("the server refused IDLE")
        try:
            while (left := end - time.monotonic()) > 0:
                self.sock.settimeout(left)
                line = self.readline()
                if line.upper().startswith(b"* BYE"):
                    raise self.abort("the server ended the session")
                if re.match(rb"\* [0-9]+ (?:EXISTS|RECENT)\b", line, re.I):
                    break
        except socket.timeout:
            pass
        finally:
            self.sock.settimeout(ANSWER_TIMEOUT)
        self.send(b"DONE\r\n")
        while not self.readline().startswith(b"idle "):
            pass


def connect(account: Account) -> Connection:
    """Connect and log in.

    :raises Failure: ``imap_unreachable``, ``imap_tls``, ``imap_certificate``, ``imap_login_refused``,
        ``imap_unavailable``, or ``configuration`` for an unusable CA file.
    """
    context = _context(account)
    try:
        connection = _secured(account, context)
    except ssl.SSLCertVerificationError as error:
        raise Failure(
            "imap_certificate",
            f"The certificate of the mail server {account.where} is not trusted: {error.verify_message}. No login was "
            "sent to it. Set imap_host to a name that the certificate has, or, where an authority of your own signed "
            "it, imap_ca_file to that authority's certificate.",
            account.details(verify_code=error.verify_code),
        ) from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise unreachable(account, error) from None
    except ssl.SSLError as error:
        raise Failure(
            "imap_tls",
            f"The mail server {account.where} does not speak TLS as imap_security={account.security} expects "
            f"({error.reason or type(error).__name__}). No login was sent to it. Correct imap_port (usually 993 for "
            "tls, 143 for starttls) or imap_security.",
            account.details(security=account.security),
        ) from None
    except (OSError, imaplib.IMAP4.error) as error:
        raise unreachable(account, error) from None
    try:
        _log_in(connection, account)
    except (OSError, imaplib.IMAP4.abort) as error:
        connection.shutdown()
        raise unreachable(account, error) from None
    except Failure:
        connection.shutdown()
        raise
    return connection


def unavailable(account: Account, said: str) -> Failure:
    """The failure of a server that refuses for now, by its own words."""
    return Failure(
        "imap_unavailable",
        f"The mail server {account.where} refuses for the moment. It says: {said}. Try again later.",
        account.details(),
    )


def unreachable(account: Account, error: Exception) -> Failure:
    """The failure of a connection that could not be made, or was cut; a server may say why when it closes it."""
    if isinstance(error, imaplib.IMAP4.error) and imap_answers.passes(account.said(error)):
        return unavailable(account, account.said(error))
    if isinstance(error, socket.gaierror):
        why = "its name has no address"
    elif isinstance(error, socket.timeout):
        why = f"it did not answer in time (as when it does not speak imap_security={account.security} on this port)"
    elif isinstance(error, ConnectionRefusedError):
        why = "nothing listens there"
    else:
        why = account.said(error) or type(error).__name__
    return Failure(
        "imap_unreachable",
        f"The mail server {account.where} cannot be reached: {why}. Check imap_host and imap_port, and that this host "
        "may connect to it.",
        account.details(),
    )


def _context(account: Account) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except (OSError, ValueError) as error:
        raise Failure(
            "configuration",
            f"imap_ca_file {account.ca_file} cannot be used: it must be a readable file of certificates in PEM form "
            f"({type(error).__name__}). The mail server was not called.",
            {"option": "imap_ca_file"},
        ) from None


def _secured(account: Account, context: ssl.SSLContext) -> Connection:
    connection = Connection(account.host, account.port, context, account.security == "tls")
    if account.security == "tls":
        return connection
    try:
        if "STARTTLS" not in connection.capabilities:
            raise Failure(
                "imap_tls",
                f"The mail server {account.where} does not offer STARTTLS. No login was sent to it. Set imap_security "
                "to tls, with imap_port 993 as a rule.",
                account.details(security=account.security),
            )
        connection.upgrade()
    except BaseException:
        connection.shutdown()
        raise
    return connection


def _log_in(connection: Connection, account: Account) -> None:
    try:
        if account.access_token:
            _require(connection, account, "AUTH=XOAUTH2", "an access token (imap_access_token)", "imap_password")
            # Google's and Microsoft's form; a refusal comes as a challenge, to be answered with nothing.
            words = [f"user={account.user}\1auth=Bearer {account.access_token}\1\1".encode()]
            connection.authenticate("XOAUTH2", lambda _challenge: words.pop() if words else b"")
        elif "AUTH=PLAIN" in connection.capabilities:
            words = [f"\0{account.user}\0{account.password}".encode()]
            connection.authenticate("PLAIN", lambda _challenge: words.pop() if words else b"")
        else:
            secret = f"{account.user}{account.password}"
            if "LOGINDISABLED" in connection.capabilities:
                _require(connection, account, "AUTH=PLAIN", "a password", "imap_access_token")
            if not secret.isascii() or not secret.isprintable():
                _require(connection, account, "AUTH=PLAIN", "characters beyond ASCII", "another password")
            connection.login(_quoted(account.user), account.password or "")  # imaplib quotes the password alone
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise _refused(account, error) from None
    connection.refresh_capabilities()


def _require(connection: Connection, account: Account, capability: str, what: str, instead: str) -> None:
    if capability in connection.capabilities:
        return
    raise Failure(
        "imap_login_refused",
        f"The mail server {account.where} does not take {what}: it does not offer {capability}. Nothing was sent. Use "
        f"{instead} instead.",
        account.details(),
    )


def _refused(account: Account, error: Exception) -> Failure:
    said = account.said(error)
    if imap_answers.passes(said):
        return unavailable(account, said)
    secret = "imap_access_token" if account.access_token else "imap_password"
    return Failure(
        "imap_login_refused",
        f"The mail server {account.where} refused the login of {account.user}. Correct imap_user and {secret}. It "
        f"says: {said}. Where it wants more than a password (two factors), make an application password, or use an "
        "access token.",
        account.details(),
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
