# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep PPPoE credentials in an ansible-vault encrypted file, with the vault secrets that this run was given.

Plain text exists in this process only: what is written, to a temporary file too, is encrypted.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store import vault_text
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, updated

#: (vault id, secret), as ansible-core's loader holds them.
Secret = tuple[str, t.Any]
HEADER = b"$ANSIBLE_VAULT"
DAMAGED = "it is damaged"
#: Bytes that an encrypted file grows by with one more line: some hundred letters, of which each becomes four.
ROOM = 4096


class VaultFile:
    """One encrypted vars file on the control node, and the secrets that it may be encrypted with."""

    def __init__(self, path: str, secrets: t.Sequence[Secret], vault_id: str | None) -> None:
        if not os.path.isabs(path):
            raise Failure("vault_file", f"The vault file {path!r} is not an absolute path on the control node.")
        # A symbolic link stays one.
        self.path = os.path.realpath(path)
        self._secrets = list(secrets)
        self._wanted = vault_id
        self._found: Secret | None = None

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)

    @contextlib.contextmanager
    def locked(self) -> t.Iterator[None]:
        """One writer at a time: several hosts of a run may share a file. The lock ends with the process."""
        try:
            handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise self._failure(
                f"its folder cannot be opened ({error.strerror}). Make it: mkdir -p {self.folder}"
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise self._failure(f"{error.strerror} (errno {error.errno})") from None
        finally:
            os.close(handle)

    def read(self) -> str:
        """The decrypted text; empty when there is no file yet.

        :raises Failure: ``vault_secret`` or ``vault_file``.
        """
        if not self._secrets:
            raise Failure(
                "vault_secret",
                f"{self.path} is to be encrypted, but this run has no vault password. Add --vault-id LABEL@prompt, "
                "--vault-password-file FILE or --ask-vault-pass to the command.",
                {"path": self.path, "add": ["--ask-vault-pass"]},
            )
        content = self._content()
        if not content.strip():
            return ""
        vault = VaultLib(self._secrets)
        if not vault.is_encrypted(content):
            if b"\0" in content or HEADER in content:
                raise self._failure(f"{DAMAGED}: something else than {HEADER.decode()} stands at its beginning")
            raise self._failure(f"it is not encrypted. Encrypt it first: ansible-vault encrypt {self.path}")
        if not _whole(content):
            raise self._failure(f"{DAMAGED}: not all of it is there, or more than one. Take it from a backup")
        try:
            plain, _label, secret = vault.decrypt_and_get_vault_id(content)
            text: str = plain.decode("utf-8")
        except UnicodeDecodeError:
            raise self._failure("what it holds is not UTF-8") from None
        except AnsibleError:
            raise Failure(
                "vault_secret",
                f"None of this run's vault passwords ({self._labels()}) opens {self.path}. Give the one that it was "
                "encrypted with: --vault-id LABEL@prompt or --ask-vault-pass.",
                {"path": self.path, "add": ["--ask-vault-pass"]},
            ) from None
        self._found = next((one for one in self._secrets if one[1] is secret), None)
        return text

    def _content(self) -> bytes:
        """:raises Failure: when the file cannot be read; to open a pipe would wait without end"""
        try:
            if not stat.S_ISREG(os.stat(self.path).st_mode):
                raise self._failure("it is not a regular file")
            with open(self.path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._failure(f"it cannot be read ({error.strerror})") from None

    def choose(self) -> Secret:
        """The secret to encrypt with: the one asked for, else the file's own, else ansible's, else the only one.

        :raises Failure: ``vault_secret`` when that is not clear.
        """
        wanted = self._wanted or (
            None if self._found else constants.config.get_config_value("DEFAULT_VAULT_ENCRYPT_IDENTITY")
        )
        if wanted:
            for one in self._secrets:
                if one[0] == wanted:
                    return one
            raise Failure(
                "vault_secret",
                f"The vault id {wanted!r} for {self.path} is not among this run's ({self._labels()}). Add --vault-id "
                f"{wanted}@prompt to the command.",
                {"path": self.path, "vault_id": wanted, "add": ["--vault-id", f"{wanted}@prompt"]},
            )
        if self._found:
            return self._found
        if len({label for label, _secret in self._secrets}) > 1:
            raise Failure(
                "vault_secret",
                f"This run has several vault ids ({self._labels()}), and {self.path} does not exist yet. Name the one "
                "to encrypt it with: vault_id, or router_pppoe_store_vault_id.",
                {"path": self.path},
            )
        return self._secrets[0]

    def prove_writable(self) -> None:
        """:raises Failure: when a later :meth:`write` would certainly fail."""
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise self._failure(f"this user may not write in its folder {self.folder}")

    def prove_room(self) -> None:
        """Write as much as a later :meth:`write` would, beside the file, and remove it: for directly before a request.

        :raises Failure: when the disk is full, or takes nothing
        """
        with self.locked():
            size = len(self._content()) + ROOM
            with tempfile.NamedTemporaryFile(prefix=f".{os.path.basename(self.path)}.", dir=self.folder) as file:
                file.write(b"\n" * size)
                file.flush()
                os.fsync(file.fileno())

    def write(self, text: str, secret: Secret) -> None:
        """Encrypt in memory and replace the file in one step. A new file has mode 0600, an old one keeps its own."""
        label = None if secret[0] == "default" else secret[0]
        content: bytes = VaultLib().encrypt(text.encode("utf-8"), secret[1], label)
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(self.path)}.", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                with contextlib.suppress(FileNotFoundError):
                    old = os.stat(self.path)
                    with contextlib.suppress(PermissionError):
                        os.fchown(file.fileno(), old.st_uid, old.st_gid)
                    os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def unusable(self, failure: Failure) -> Failure:
        """Say which file a failure of :mod:`_store.vault_text` is about."""
        return self._failure(failure.message.rstrip("."))

    def _labels(self) -> str:
        return ", ".join(dict.fromkeys(label for label, _secret in self._secrets))

    def _failure(self, why: str) -> Failure:
        return Failure("vault_file", f"The vault file {self.path} cannot be used: {why}.", {"path": self.path})

    def kept(self, service_name: str) -> Kept | None:
        """What it holds of a line.

        :raises Failure: ``vault_secret`` or ``vault_file``
        """
        try:
            return vault_text.read(self.read()).get(service_name)
        except Failure as failure:
            raise self.unusable(failure) if "why" in failure.details else failure from None

    def keep(self, service_name: str, wanted: Kept | None, check: bool) -> dict[str, t.Any]:
        """Prove that the file can be written, and write it where it says something else.

        :param wanted: None only proves
        :param check: write nothing
        :returns: ``changed``, ``path`` and ``vault_id``
        :raises Failure: ``vault_secret`` or ``vault_file``
        """
        with self.locked():
            try:
                text = self.read()
                entries = vault_text.read(text)
                vault_text.prove(text, service_name)
                secret = self.choose()
                self.prove_writable()
                result = {"changed": False, "path": self.path, "vault_id": secret[0]}
                new = updated(entries.get(service_name), wanted) if wanted else None
                if new is None:
                    return result
                text = vault_text.put(text, service_name, new)
            except Failure as failure:
                raise self.unusable(failure) if "why" in failure.details else failure from None
            if not check:
                self.write(text, secret)
        return {**result, "changed": True}


def _whole(content: bytes) -> bool:
    """Is that one encrypted file, from its first line to its last? What is in it shows only with the password."""
    _header, *lines = content.split()
    try:
        salt, digest, text = bytes.fromhex(b"".join(lines).decode("ascii")).split(b"\n", 2)
        return len(bytes.fromhex(digest.decode("ascii"))) == 32 and bool(bytes.fromhex(salt.decode("ascii")) and text)
    except ValueError:
        return False
