# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name, and shows progress while it waits: a module itself cannot show anything."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh.action import OvhAction
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress as progress_lines


class ActionModule(OvhAction):
    """Action of :mod:`xdsl_ppp_credentials_info`."""

    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        task_vars = task_vars or {}
        args = self._task.args
        waits_for = f"the credentials mail of {args.get('service_name')}"
        host, note = str(task_vars.get("inventory_hostname")), str(args.get("progress_note") or "")
        with progress_lines.shown(host, waits_for, _seconds(args.get("timeout")), note):
            result = super().run(tmp, task_vars)
        if result.get("password") is not None:
            result["_ansible_no_log"] = True
        return result


def _seconds(value: t.Any) -> float:
    """The time-out, before the module has looked at it."""
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0
