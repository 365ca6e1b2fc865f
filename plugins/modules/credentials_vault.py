# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name (plugins/action/credentials_vault.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: credentials_vault
short_description: Keep PPPoE credentials in an ansible-vault encrypted file
version_added: 0.1.0
description:
  - Writes login and password of a line into an encrypted vars file on the control node, with the vault secrets that the
    run was given (C(--vault-id), C(--vault-password-file), C(--ask-vault-pass)).
  - The file holds the variable C(router_pppoe_stored), a mapping from service names to C(login) and C(password). Other
    variables and comments in it are kept as they are.
  - Encryption happens in memory. What reaches the disk is encrypted, in temporary files too, and the file is replaced
    in one step. A new one has mode 0600.
  - Without O(password) it proves that it could write, and changes nothing.
author:
  - ownrouter contributors (@ownrouter)
options:
  path:
    description: Absolute path of the file. Its folder must exist. A file that is not encrypted is refused.
    type: path
    required: true
  vault_id:
    description:
      - Vault id to encrypt with, one of the run's.
      - Left out, it is the one that the file is encrypted with, else ansible's C(vault_encrypt_identity), else the only
        one of the run.
    type: str
  service_name:
    description: Service name of the line, such as V(xdsl-ab12345-1).
    type: str
    required: true
  login:
    description: PPPoE login. Needs O(password).
    type: str
  password:
    description: PPPoE password. Set C(no_log=true) on the task. Needs O(login).
    type: str
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict changes.
    support: full
  diff_mode:
    description: Will return details on what has changed when in diff mode.
    support: none
  platform:
    description: Target OS the action can be operated against.
    support: full
    platforms: posix
"""

EXAMPLES = r"""
---
- name: Keep the new password where it cannot be read without the vault password
  ownrouter.ovhcloud.credentials_vault:
    path: /srv/inventory/group_vars/routers/pppoe.vault.yml
    service_name: xdsl-ab12345-1
    login: "{{ credentials.login }}"
    password: "{{ credentials.password }}"
  no_log: true
"""

RETURN = r"""
---
path:
  description: The file.
  returned: success
  type: str
  sample: /srv/inventory/group_vars/routers/pppoe.vault.yml
vault_id:
  description: Vault id that it is encrypted with.
  returned: success
  type: str
  sample: default
failure:
  description: What went wrong, for programs. RV(ignore:msg) says the same to a person.
  returned: failure
  type: dict
  contains:
    code:
      description: V(vault_secret) or V(vault_file).
      type: str
      returned: always
    message:
      description: The same text as C(msg).
      type: str
      returned: always
    details:
      description: Facts that belong to the failure.
      type: dict
      returned: always
"""
