# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of the OVHcloud modules: a role can hand them secrets without making them arguments of a task.

Ansible shows the arguments of a task with ``display_args_to_stdout``, and hands them to every callback plugin.
"""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.unseen import unseen

#: A variable of the task: options that the module is given beside the task's own.
SECRETS = "_ownrouter_secrets"
CONNECTION = ("application_secret", "consumer_key", "client_secret")
MAILBOX = ("imap_password", "imap_access_token")
#: Modules that read mails, too: they take the mailbox's secrets beside the connection's.
READERS = ("xdsl_ppp_credentials_info", "xdsl_ppp_login_mail")


class OvhAction(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """Runs the module of the task's name."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        _core_dumps.forbid()
        result: dict[str, t.Any] = super().run(tmp, task_vars or {})
        result.update(self.execute(task_vars or {}))
        return result

    def execute(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run the module with the task's arguments and the secrets; an argument of the task wins."""
        if context.CLIARGS.get("check"):
            # A task's own check_mode: false does not make a run that only looks send a request.
            self._task.check_mode = True
        handed = self._templar.template(task_vars.get(SECRETS)) or {}
        takes = CONNECTION + (MAILBOX if str(self._task.action).rpartition(".")[2] in READERS else ())
        given = {name: handed[name] for name in takes if handed.get(name)}
        with unseen():
            found: dict[str, t.Any] = self._execute_module(
                module_args={**given, **self._task.args}, task_vars=task_vars, wrap_async=self._task.async_val
            )
        return found
