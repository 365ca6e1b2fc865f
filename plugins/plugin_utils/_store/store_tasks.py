# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store in task files of the user's own: a folder with read.yml and write.yml."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import TaskFiles, Unfit
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, Misread, from_fields, updated

READ, WRITE = "read.yml", "write.yml"
#: The fact that read.yml sets, and what write.yml is given.
KEPT, KEEP = "router_pppoe_kept", "router_pppoe_keep"


class StoreOfTasks:
    """What the user's tasks have read, and whether they are to write.

    :param folder: "" for none
    :param fact: what read.yml has set
    """

    def __init__(self, folder: str, fact: t.Callable[[], t.Any]) -> None:
        self._folder, self._fact = folder, fact

    def kept(self) -> Kept | None:
        """:raises Failure: ``store``, where read.yml has set no such fact"""
        if not self._folder:
            return None
        found = self._fact()
        if found is None:
            raise self._unusable(f"does not set the fact {KEPT}: a mapping, or {{}} where it holds nothing of the line")
        try:
            return from_fields(found)
        except Misread as error:
            raise self._unusable(f"sets a fact {KEPT} that {error}") from None

    def differs(self, wanted: Kept) -> bool:
        return bool(self._folder) and updated(self.kept(), wanted) is not None

    def to_write(self, wanted: Kept) -> Kept | None:
        """What write.yml is given; None where nothing is to be written."""
        return updated(self.kept(), wanted) if self._folder else None

    def _unusable(self, why: str) -> Failure:
        return Failure("store", f"{self._folder}/{READ} {why}.", {"path": f"{self._folder}/{READ}"})


def trouble(folder: Path, files: TaskFiles) -> str:
    """Why a folder is no store, as a sentence; "" when it is one, as far as a look at it tells.

    :param files: looks at its files, and notes what they leave behind
    """
    if not folder.is_absolute():
        return f"the folder router_pppoe_store must be an absolute path, not {folder}."
    if not folder.is_dir():
        return f"router_pppoe_store is {folder}, and there is no such folder on this machine."
    for name in (READ, WRITE):
        path = folder / name
        if not path.is_file():
            return f"{path} does not exist: a store is a folder with {READ} and {WRITE}."
        try:
            files.check(path, reads=name == READ)
        except Unfit as unfit:
            return str(unfit)
    return ""
