# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A platform of the user's own: its folder, and what it needs on this machine, before anything is asked for."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import TaskFiles, Unfit
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.needs import (
    missing_collections,
    missing_packages,
)

FILES = ("probe.yml", "apply.yml", "status.yml")
OPTIONAL = ("provision.yml",)
#: Those that are run with the password.
GIVEN = ("apply.yml", "status.yml")
#: JSON, because linters take every YAML file below tasks/ for a list of tasks.
REQUIREMENTS = "requirements.json"


class Platform:
    """One folder of task files.

    :param files: reads its task files
    """

    def __init__(self, folder: Path, files: TaskFiles) -> None:
        self._folder, self._files = folder, files

    def check(self) -> None:
        """:raises Unfit: when the folder is no platform, or this machine lacks something that it needs"""
        folder = self._folder
        if not folder.is_absolute():
            raise Unfit(f"the folder of the platform custom must be an absolute path, not {folder}.")
        if not folder.is_dir():
            raise Unfit(f"the folder of the platform custom does not exist: {folder}.")
        for name in (*FILES, *(name for name in OPTIONAL if (folder / name).exists())):
            if not (folder / name).is_file():
                raise Unfit(f"{folder / name} does not exist: a platform is a folder with {', '.join(FILES)}.")
            self._files.check(folder / name, name in GIVEN)
        requirements = self._requirements(folder / REQUIREMENTS)
        try:
            lacking = missing_collections(requirements["collections"]) + missing_packages(requirements["python"])
        except ValueError as error:
            raise Unfit(f"{REQUIREMENTS}: {error}") from error
        if lacking:
            raise Unfit(f"the platform custom needs on this machine {'; and '.join(lacking)} .")

    def _requirements(self, path: Path) -> dict[str, list[str]]:
        """:raises Unfit: for a file of another form"""
        found = self._files.loaded(path) if path.is_file() else {}
        wanted: dict[str, list[str]] = {"collections": [], "python": []}
        if not isinstance(found, dict) or set(found) - set(wanted):
            raise Unfit(f"{path} is not a mapping with the keys {' and '.join(wanted)}.")
        for key, value in found.items():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise Unfit(f"{path}: {key} is not a list of texts such as NAME or NAME>=VERSION.")
            wanted[key] = list(value)
        return wanted
