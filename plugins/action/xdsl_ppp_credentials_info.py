# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name, and shows progress while it waits: a module itself cannot show anything."""

from __future__ import annotations

import contextvars
import threading
import time
import typing as t

from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh_action import OvhAction

#: Seconds between two lines of progress.
PROGRESS = 15.0


class ActionModule(OvhAction):
    """Action of :mod:`xdsl_ppp_credentials_info`."""

    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        task_vars = task_vars or {}
        done = threading.Event()
        # The main thread runs the module; the other one inherits its context and only writes lines.
        context = contextvars.copy_context()
        progress = threading.Thread(
            target=context.run, args=(self._show_progress, done, task_vars.get("inventory_hostname")), daemon=True
        )
        progress.start()
        try:
            result = super().run(tmp, task_vars)
        finally:
            done.set()
            progress.join()
        if result.get("password") is not None:
            result["_ansible_no_log"] = True
        return result

    def _show_progress(self, done: threading.Event, host: t.Any) -> None:
        args = self._task.args
        started = time.monotonic()
        while not done.wait(PROGRESS):
            seconds = int(time.monotonic() - started)
            Display().display(
                f"[{host}] waiting for the credentials mail of {args.get('service_name')}: {seconds} s "
                f"of at most {args.get('timeout', 0)} s. {args.get('progress_note') or ''}".rstrip()
            )
