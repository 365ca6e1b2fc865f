# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a platform's folder, and what it needs on this machine, before anything is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.needs import (
    missing_collections,
    missing_packages,
)

FILES = ("probe.yml", "apply.yml", "status.yml")
OPTIONAL = ("provision.yml",)
#: JSON, because linters take every YAML file below tasks/ for a list of tasks.
REQUIREMENTS = "requirements.json"
SECRET = "router_pppoe_password"
BLOCKS = ("block", "rescue", "always")
# These hand the password on to tasks of a file of their own, and show nothing themselves.
INCLUDES = re.compile(r"(?:ansible\.builtin\.)?(?:include|import)_(?:tasks|role)")


class Unfit(Exception):
    """The folder or this machine is not fit for the platform; the text says why, as a whole sentence."""


def open_tasks(tasks: list[Any], hidden: bool = False) -> Iterator[str]:
    """The names of the tasks that name the password without no_log."""
    for task in tasks:
        if not isinstance(task, dict):
            continue
        quiet = bool(task.get("no_log", hidden))
        for key in BLOCKS:
            yield from open_tasks(task.get(key) or [], quiet)
        rest = {key: value for key, value in task.items() if key not in BLOCKS}
        if not quiet and SECRET in json.dumps(rest, default=str) and not any(map(INCLUDES.fullmatch, rest)):
            yield str(task.get("name") or "without a name")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/router_platform.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars or {})
        _validation, args = self.validate_argument_spec(
            argument_spec={
                "name": {"type": "str", "required": True},
                "folder": {"type": "path", "required": True},
                "advice": {"type": "str", "default": ""},
            }
        )
        result["changed"] = False
        try:
            self._check(args["name"], Path(args["folder"]))
        except Unfit as error:
            result.update(failed=True, msg=f"{error} {args['advice']}".rstrip())
        return result

    def _check(self, platform: str, folder: Path) -> None:
        """:raises Unfit: when the folder is no platform, or this machine lacks something that it needs"""
        if not folder.is_absolute():
            raise Unfit(f"the folder of the platform {platform} must be an absolute path, not {folder}.")
        if not folder.is_dir():
            raise Unfit(f"the folder of the platform {platform} does not exist: {folder}.")
        for name in (*FILES, *(name for name in OPTIONAL if (folder / name).exists())):
            self._check_tasks(folder / name)
        requirements = self._requirements(folder / REQUIREMENTS)
        try:
            lacking = missing_collections(requirements["collections"]) + missing_packages(requirements["python"])
        except ValueError as error:
            raise Unfit(f"{REQUIREMENTS}: {error}") from error
        if lacking:
            raise Unfit(f"the platform {platform} needs on this machine {'; and '.join(lacking)} .")

    def _load(self, path: Path) -> Any:
        try:
            return self._loader.load_from_file(str(path))
        except AnsibleError as error:
            raise Unfit(f"{path} is no YAML: {error.message}.") from error

    def _check_tasks(self, path: Path) -> None:
        """:raises Unfit: when this is no list of tasks, or one would show the password"""
        if not path.is_file():
            raise Unfit(f"{path} does not exist: a platform is a folder with {', '.join(FILES)}.")
        tasks = self._load(path)
        if not isinstance(tasks, list) or not tasks or not all(isinstance(task, dict) for task in tasks):
            raise Unfit(f"{path} is not a list of tasks.")
        for name in open_tasks(tasks):
            raise Unfit(
                f"{path}: the task {name!r} is given {SECRET} and would show it: it needs no_log: true and diff: false."
            )

    def _requirements(self, path: Path) -> dict[str, list[str]]:
        """:raises Unfit: for a file of another form"""
        found = self._load(path) if path.is_file() else {}
        wanted: dict[str, list[str]] = {"collections": [], "python": []}
        if not isinstance(found, dict) or set(found) - set(wanted):
            raise Unfit(f"{path} is not a mapping with the keys {' and '.join(wanted)}.")
        for key, value in found.items():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise Unfit(f"{path}: {key} is not a list of texts such as NAME or NAME>=VERSION.")
            wanted[key] = list(value)
        return wanted
