# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mails were opened and are none of a line's: a mail does not change, so each is opened once, not every night.

A small file without any secret, beside the line's journal. It may be lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import typing as t
from urllib.parse import quote

#: A reader that has learned something looks at all of them again.
READER = 1
#: The newest are kept.
MOST = 500


class Looked:
    """The mails of one line that need not be opened again.

    :param by: what they were judged by, such as the line's login and the user's patterns
    """

    def __init__(self, folder: str, service_name: str, by: t.Sequence[object]) -> None:
        self._path = os.path.join(folder, f"{quote(service_name, safe='')}.looked.json")
        self._by = hashlib.sha256(json.dumps([READER, service_name, *map(str, by)]).encode()).hexdigest()
        self._ids = self._read()
        self._new = False

    def __contains__(self, mail_id: object) -> bool:
        return mail_id in self._ids

    def add(self, mail_id: str) -> None:
        """This one is none of the line's."""
        if mail_id not in self._ids:
            self._ids[mail_id] = None
            self._new = True

    def save(self) -> None:
        """Keep what was added; what cannot be kept is looked at again."""
        if not self._new:
            return
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            temporary = f"{self._path}.new.{os.getpid()}"
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"by": self._by, "ids": list(self._ids)[-MOST:]}, file)
            os.replace(temporary, self._path)
            self._new = False

    def _read(self) -> dict[str, None]:
        try:
            with open(self._path, encoding="utf-8") as file:
                found = json.load(file)
            if found["by"] == self._by:
                return {str(one): None for one in found["ids"]}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass
        return {}
