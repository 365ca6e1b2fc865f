# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep PPPoE credentials in an ansible-vault encrypted file, with the vault secrets that this run was given."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_file import VaultFile


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/credentials_vault.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        _core_dumps.forbid()
        result: dict[str, t.Any] = super().run(tmp, task_vars or {})
        _validation, args = self.validate_argument_spec(
            argument_spec={
                "path": {"type": "path", "required": True},
                "vault_id": {"type": "str"},
                "service_name": {"type": "str", "required": True},
                "login": {"type": "str"},
                "password": {"type": "str", "no_log": True},
            },
            required_together=[("login", "password")],
        )
        try:
            result.update(self._keep(args))
        except Failure as failure:
            result.update(failure.as_result(), failed=True)
        except Exception as error:
            # Ansible shows the text of an exception, and this one could quote what was to be kept.
            raise AnsibleActionFail(f"Keeping the credentials failed unexpectedly: {type(error).__name__}.") from None
        return dict(harmless(result))

    def _keep(self, args: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        # The loader holds the secrets of --vault-id and its kin; ansible-core has no public way to them.
        file = VaultFile(str(args["path"]), self._loader._vault.secrets or [], args["vault_id"])
        # Plain texts: Ansible's own carry tags, which no YAML writer knows.
        given = args["password"] is not None
        wanted = Kept(str(args["login"]), str(args["password"])) if given else None
        return file.keep(str(args["service_name"]), wanted, self._task.check_mode)
