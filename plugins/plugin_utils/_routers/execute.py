# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a step to the router: Ansible's own connection and become, which must not show what passes there."""

from __future__ import annotations

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Execute, Unreachable, words_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.unseen import unseen

#: What Ansible says when su waits for a password that nobody set; what follows there is the noise of the login shell.
NOT_BECOME = "waiting for privilege escalation prompt"


def no_command(why: str) -> Failure:
    """Whoever logged in does not become root."""
    remedy = "Check ansible_become_method and ansible_become_password."
    return Failure("router_refused", f"No command could be run on the router: {why}. {remedy}")


def over_connection(action: ActionBase) -> Execute:
    """Run commands by the connection of an action's task, as its become says.

    ``environment`` of the task is left out: it may hold keys, and would stand on the router's command line.
    """

    def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
        try:
            with unseen():
                done = action._low_level_execute_command(command, in_data=given)
        except AnsibleConnectionFailure as error:
            if NOT_BECOME in str(error):
                raise no_command("becoming root needs a password, and none is set (ansible_become_password)") from None
            raise Unreachable(words_of(str(error))) from None
        except AnsibleError as error:  # a become plugin that misses its password, or has a wrong one
            raise no_command(words_of(str(error))) from None
        return done["rc"], done["stdout"].encode("utf-8", "surrogateescape"), done["stderr"]

    return execute
