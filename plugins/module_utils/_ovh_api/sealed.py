# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lines share and nobody else may read: sealed with the secrets of the API key.

Whoever has these can ask OVHcloud for it, so a file with it tells nobody anything new.
"""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t


class Seal:
    """:param secrets: of the credentials; without any, or without the library, nothing is sealed and nothing opened"""

    def __init__(self, secrets: t.Sequence[str]) -> None:
        self._box: t.Any = None
        try:
            # ansible-core needs this library; a module on another host, which shares nothing, may be without.
            from cryptography.fernet import Fernet
        except ImportError:
            return
        if secrets:
            named = "\0".join(["ownrouter.ovhcloud shared", *secrets]).encode("utf-8", "surrogateescape")
            self._box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(named).digest()))

    def closed(self, value: t.Any) -> str | None:
        """For a file; None where it cannot be sealed."""
        return self._box.encrypt(json.dumps(value).encode()).decode() if self._box is not None else None

    def opened(self, kept: t.Any) -> t.Any:
        """What was sealed; None for anything that was not, with these secrets."""
        if self._box is None or not isinstance(kept, str):
            return None
        from cryptography.fernet import InvalidToken

        try:
            return json.loads(self._box.decrypt(kept.encode("ascii")))
        except (InvalidToken, ValueError, RecursionError):
            return None
