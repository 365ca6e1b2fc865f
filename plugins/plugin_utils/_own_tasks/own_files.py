# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's own task files, as preflight looks at them: a platform's folder, a store, the hooks. Nothing is run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import custom_platform, own_store
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import TaskFiles, Unfit

#: What comes of a task that does not tell that its host is away.
NOT_KEPT, NOT_DONE = "nothing tells that the password is not kept", "the line would be cut without it"


def notes(options: Options, files: TaskFiles, entry: str) -> list[str]:
    """What is to be said of them.

    :param entry: point of the role
    :raises Unfit: when one is missing, or would show the password or end the run; the sentence names its variable
    """
    if options.custom:
        _platform(options, files)
    return [*_store(options, files), *_hooks(options, files, entry)]


def _platform(options: Options, files: TaskFiles) -> None:
    folder = Path(options.text("platform_dir"))
    if options.flag("provision") and not (folder / "provision.yml").is_file():
        raise Unfit(
            f"{PREFIX}provision is set, and the platform custom cannot provision ({folder}/provision.yml does not "
            f"exist) - make the PPPoE interface on the router by hand, and unset {PREFIX}provision."
        )
    custom_platform.Platform(folder, files).check()


def _store(options: Options, files: TaskFiles) -> list[str]:
    """A store that is one file; a folder's is looked at before anything else."""
    if options.store_folder or not (path := _there(options, "store")):
        return []
    try:
        files.check(path)
        return list(own_store.unseen(str(path), files.loaded(path), NOT_KEPT))
    except Unfit as unfit:
        raise Unfit(f"{PREFIX}store: {unfit}") from None


def _hooks(options: Options, files: TaskFiles, entry: str) -> Iterator[str]:
    """Tasks before the cut and after the end: without the password, and with leave to end their own host's play."""
    for name in ("before_cut", "after"):
        if not (path := _there(options, name)):
            continue
        try:
            files.check(path, given=False, may_end=True)
        except Unfit as unfit:
            raise Unfit(f"{PREFIX}{name}: {unfit}") from None
        if name == "before_cut":
            for said in own_store.unseen(str(path), files.loaded(path), NOT_DONE):
                raise Unfit(f"{PREFIX}{name}: {said}")
        if entry == "credentials":
            yield f"{PREFIX}{name} is not run by the entry point credentials."


def _there(options: Options, name: str) -> Path | None:
    path = options.text(name)
    if path and not os.path.isabs(path):
        # A playbook of the collection's has a folder of its own, and a role, too.
        raise Unfit(
            f"{PREFIX}{name} is {path}, but it takes an absolute path, such as {{{{ inventory_dir }}}}/{path} or, in a "
            f"playbook of yours, {{{{ playbook_dir }}}}/{path}."
        )
    if path and not Path(path).is_file():
        raise Unfit(f"{PREFIX}{name} is {path}, and there is no such task file on this machine.")
    return Path(path) if path else None
