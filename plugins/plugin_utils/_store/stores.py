# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stores of a line: a file that ansible-vault encrypts, and a folder of the user's own tasks."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, newest
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.store_tasks import KEPT, StoreOfTasks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_file import VaultFile


class Stores:
    """Those that the options name.

    :param secrets: that ansible-vault was given
    :param value: of a variable; the tasks of the folder set one
    """

    def __init__(self, options: Options, secrets: t.Sequence[t.Any], value: t.Callable[[str], t.Any]) -> None:
        self._service_name, self._path = options.service_name, options.text("store_vault_file")
        self._secrets, self._vault_id = secrets, options.text("store_vault_id") or None
        self._tasks = StoreOfTasks(options.store_folder, lambda: value(KEPT))

    def kept(self) -> Kept | None:
        """What they hold: the newest counts.

        :raises Failure: when one cannot be read
        """
        return newest([self._file().kept(self._service_name) if self._path else None, self._tasks.kept()])

    def keep(self, wanted: Kept | None, check: bool) -> bool:
        """Write the file, and say whether that changes it; the folder's tasks are the role's to run.

        :param wanted: None to see whether it can be written
        :raises Failure: when it cannot
        """
        if not self._path:
            return False
        plain = dataclasses.replace(wanted, login=str(wanted.login), password=str(wanted.password)) if wanted else None
        return bool(self._file().keep(self._service_name, plain, check)["changed"])

    def room(self) -> None:
        """:raises Failure: when the file could not be written now, for want of room as a rule"""
        if self._path:
            self._file().prove_room()

    def to_write(self, wanted: Kept) -> Kept | None:
        """What the folder's tasks are given; None where nothing is to be written."""
        return self._tasks.to_write(wanted)

    def _file(self) -> VaultFile:
        return VaultFile(self._path, self._secrets, self._vault_id)
