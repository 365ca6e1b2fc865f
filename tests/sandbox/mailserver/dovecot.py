# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dovecot, started privately: own configuration, own certificates, free loopback ports, an unprivileged user."""

from __future__ import annotations

import base64
import contextlib
import getpass
import grp
import hashlib
import hmac
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from . import maildir

USER = "camille@example.org"
PASSWORD = 'Canary-pässword: 5\\"%'  # nothing that an option file or a protocol could stumble over is left out
_TOKEN_KEY = b"a key for the tests, of 32 bytes"


class MailServerError(Exception):
    """Dovecot did not come up."""


def missing() -> str | None:
    """What keeps Dovecot from being started here, in words."""
    if _program() is None or not Path("/usr/lib/dovecot/imap").exists():
        return "dovecot is missing: install it (Debian and Ubuntu: apt-get install dovecot-imapd)"
    if shutil.which("openssl") is None:
        return "openssl is missing: install it (Debian and Ubuntu: apt-get install openssl)"
    return None


class Dovecot:
    """``with Dovecot() as server``: one user, one Maildir, both kinds of TLS, passwords and access tokens.

    :param idle: False: it does not offer IDLE.
    :param more: another address that it listens at, and a name that its certificate is for
    """

    def __init__(self, idle: bool = True, password: str = PASSWORD, more: tuple[str, str] | None = None) -> None:
        self.idle = idle
        self.listen = f"127.0.0.1, {more[0]}" if more else "127.0.0.1"
        self.names = f"DNS:localhost,IP:127.0.0.1{f',DNS:{more[1]}' if more else ''}"
        self.password = password
        self.top = Path(tempfile.mkdtemp(prefix="ownrouter-mail."))
        self.ports = {"tls": _free_port(), "starttls": _free_port()}
        self.inbox = self.top / "Maildir"
        self.ca_file = self.top / "ca.pem"
        self.log_file = self.top / "dovecot.log"
        self.process: subprocess.Popen[bytes] | None = None
        # As root, everything runs as nobody all the same: so the ways of a developer and of CI are one.
        self._user = "nobody" if os.geteuid() == 0 else getpass.getuser()
        self._group = grp.getgrgid(pwd.getpwnam(self._user).pw_gid).gr_name

    def __enter__(self) -> Dovecot:
        try:
            self._write()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = _program()
        if program is None:
            raise MailServerError(missing() or "")
        become = {"user": self._user, "group": self._group, "extra_groups": []} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen(
            [program, "-F", "-c", str(self.top / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.top,
            **become,  # type: ignore[call-overload]  # mypy gives each of Popen's options the type of all values
        )
        end = time.monotonic() + 15
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports["tls"]), 1):
                return
            if time.monotonic() > end or self.process.poll() is not None:
                raise MailServerError(f"Dovecot did not start:\n{self.log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it with every connection, as a restart does."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
        self.process = None

    def close(self) -> None:
        """Leave no process and no file behind."""
        self.stop()
        shutil.rmtree(self.top, ignore_errors=True)

    def log(self) -> str:
        """What it wrote so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def deliver(self, message: bytes, at: float | None = None, seen: bool = False) -> Path:
        """A mail arrives in the inbox."""
        return maildir.deliver(self.inbox, message, at, seen)

    def empty(self) -> None:
        """Remove every mail; one that Dovecot moves meanwhile from new to cur is met there."""
        while paths := [*(self.inbox / "new").iterdir(), *(self.inbox / "cur").iterdir()]:
            for path in paths:
                path.unlink(missing_ok=True)

    def flags(self) -> dict[str, str]:
        """The flags of every mail, by the part of its file's name that stays: S is \\Seen, T is \\Deleted."""
        paths = [*(self.inbox / "new").iterdir(), *(self.inbox / "cur").iterdir()]
        return {name.partition(":")[0]: name.partition(":2,")[2] for name in sorted(path.name for path in paths)}

    def access_token(self, user: str = USER, seconds: int = 600) -> str:
        """A signed token (JWT, HS256) that Dovecot checks by itself."""
        now = int(time.time())
        claims = {"sub": user, "email": user, "iss": "tests", "iat": now - 5, "exp": now + seconds}
        parts = [_base64(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
        signed = ".".join(parts)
        return f"{signed}.{_base64(hmac.new(_TOKEN_KEY, signed.encode(), hashlib.sha256).digest())}"

    # -- what it needs

    def _write(self) -> None:
        self._certificates()
        (self.top / "run").mkdir()
        # In its form user:password, a colon or a backslash of the password would end it: so hash it.
        digest = base64.b64encode(hashlib.sha256(self.password.encode()).digest()).decode()
        (self.top / "users").write_text(f"{USER}:{{SHA256.b64}}{digest}\n", encoding="utf-8")
        keys = self.top / "keys" / "default" / "HS256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(base64.b64encode(_TOKEN_KEY))
        (self.top / "oauth2.conf").write_text(
            f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={self.top}/keys/\n"
            "username_attribute = email\nissuers = tests\n",
            encoding="utf-8",
        )
        (self.top / "dovecot.conf").write_text(self._settings(), encoding="utf-8")
        if os.geteuid() == 0:
            entry = pwd.getpwnam(self._user)
            for path in [self.top, *self.top.rglob("*")]:
                os.chown(path, entry.pw_uid, entry.pw_gid)
        maildir.make(self.inbox)

    def _settings(self) -> str:
        capability = "" if self.idle else "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS ESEARCH"
        return f"""
base_dir = {self.top}/run
state_dir = {self.top}/run
log_path = {self.log_file}
protocols = imap
listen = {self.listen}
default_internal_user = {self._user}
default_internal_group = {self._group}
default_login_user = {self._user}
first_valid_uid = 1
mail_location = maildir:{self.inbox}
mail_fsync = never
ssl = required
ssl_cert = <{self.top}/server.pem
ssl_key = <{self.top}/server.key
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
{capability}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {self.top}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {self.top}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={self._user} gid={self._group} home={self.top}
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.ports["starttls"]}
  }}
  inet_listener imaps {{
    port = {self.ports["tls"]}
    ssl = yes
  }}
}}
"""

    def _certificates(self) -> None:
        """An authority, and a certificate for localhost and 127.0.0.1 that it signed."""
        names = f"subjectAltName={self.names}\nauthorityKeyIdentifier=keyid\n"
        (self.top / "names").write_text(names, encoding="utf-8")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        usage = ("-addext", "keyUsage=critical,keyCertSign")  # Python 3.13 insists
        out = ("-keyout", "ca.key", "-out", "ca.pem", "-days", "2")
        self._openssl("req", "-x509", *key, *usage, *out, "-subj", "/CN=Test CA")
        self._openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        self._openssl(
            *("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-out", "server.pem", "-days", "2", "-extfile", "names"),
        )

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.top, check=True, capture_output=True)


def _program() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
