# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The present PPPoE credentials of a line, to be rendered into a router's configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
name: xdsl_ppp_credentials
short_description: The present PPPoE login and password of OVHcloud Internet accesses
version_added: 0.2.0
description:
  - Gives login and password of an access, from the store that the role P(ownrouter.ovhcloud.router_pppoe#role) keeps,
    else from the latest credentials mail. A mail that is newer than what the store holds comes first.
  - It only reads. It never asks OVHcloud for a new password, and never opens a one-time link, so it is the same in
    check mode. Where nothing gives the current password it fails and says so. That is also when a new password was
    asked for from this host and its mail is not there yet.
  - Runs on the control node, whatever host a task is for. Use it in one C(set_fact) with C(no_log=true) for each host,
    as the examples do, and the fact from there on, since each use is evaluated anew, in a process of its own.
  - The uses of one run share one list of mails and one look at the clock, for ten minutes at most, in the temporary
    folder of the run. Only ids, dates and titles are in it. With a store that holds the newest mail a use sends
    nothing else, and without one it opens the mail and, once a run, looks at the RADIUS log for the login.
  - Each option that is left out is taken from the variable of the role for the host, O(source) from
    C(router_pppoe_mail_source), O(login) from C(router_pppoe_line_login), and every other one from the variable with
    its name behind C(router_pppoe_). C(environment) of a play does not reach a lookup, and variables of the shell do.
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ownrouter.ovhcloud.mail_source
  - ownrouter.ovhcloud.mail_patterns
options:
  _terms:
    description: Service names of the accesses, such as V(xdsl-ab12345-1).
    type: list
    elements: str
    required: true
  store_vault_file:
    description:
      - The file encrypted by ansible-vault that the role keeps the credentials in, an absolute path on the control
        node. The run needs its vault password (C(--vault-id) or its kin).
      - A store that is a folder of task files cannot be read by a lookup. Where that is the only one, the lookup fails,
        and the role's entry point C(credentials) is what to use.
    type: path
  look_for_newer:
    description:
      - Whether OVHcloud is asked for a mail that is newer than what the store holds.
      - With V(false) nothing is sent for an access that the store holds, and what was renewed elsewhere is not known.
    type: bool
    default: true
  login:
    description:
      - PPPoE login of the access. When left out it is the store's, else that of the RADIUS log if that can be read.
    type: str
  state_dir:
    description: Folder of the role's journal, as C(router_pppoe_state_dir).
    type: path
seealso:
  - ref: The role router_pppoe <ansible_collections.ownrouter.ovhcloud.router_pppoe_role>
    description: Its entry point C(credentials) renews, waits, and keeps what it hands out.
  - module: ownrouter.ovhcloud.xdsl_ppp_credentials_info
"""

EXAMPLES = r"""
- name: Render the configuration of a router, with the store of the inventory (router_pppoe_store_vault_file)
  block:
    - name: Get login and password
      ansible.builtin.set_fact:
        pppoe: "{{ lookup('ownrouter.ovhcloud.xdsl_ppp_credentials', router_pppoe_service_name) }}"
      no_log: true

    - name: Render the configuration
      ansible.builtin.template:
        src: router.conf.j2            # user "{{ pppoe.login }}", and the password
        dest: /etc/router.conf
        mode: "0600"
      no_log: true
      diff: false
  always:
    - name: Forget login and password
      ansible.builtin.set_fact:
        pppoe: {}

- name: Is what the store holds the newest? (Shows no password)
  ansible.builtin.debug:
    msg: "{{ query('ownrouter.ovhcloud.xdsl_ppp_credentials', *lines, store_vault_file='/srv/pppoe.vault.yml')
         | map(attribute='source') }}"
  vars:
    lines: [xdsl-ab12345-1, ftth-ab12345-2]
"""

RETURN = r"""
_list:
  description: One dictionary for each service name, in their order. C(lookup) of one name gives the dictionary itself.
  type: list
  elements: dict
  contains:
    login:
      description: PPPoE login.
      type: str
      sample: 0320123456_1@adsl.ovh
    password:
      description: PPPoE password.
      type: str
    mail:
      description: The mail that gave them (id, date, title), or null where none is known. A store keeps no title.
      type: dict
      sample:
        date: "2026-03-01T04:02:41Z"
        id: 2f4b3c1e-9d7a-4c55-8f0e-0d6a6f1b2c3d
        title: Vos identifiants PPPoE
    source:
      description: Where they are from, V(store) or V(mail).
      type: str
      sample: store
"""

import functools
import typing as t

from ansible import constants
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _argspec, _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access, wait
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import connect
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import SPEC as OF_THE_ROLE
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._lookup.looked_up import Wanted
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._lookup.shared_pages import SharingClient, sharing
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_file import VaultFile
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._unexpected import where

#: What the role's variables call an option, where that is something else than prefix and name.
OF_ROLE = {"source": "mail_source", "login": "line_login"}
SPEC = (*_argspec.connection_spec(), *_argspec.mail_source_spec(), *_argspec.mail_patterns_spec())
OWN = ("store_vault_file", "look_for_newer", "login", "state_dir")


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See DOCUMENTATION."""

    def run(
        self, terms: t.Sequence[t.Any], variables: t.Mapping[str, t.Any] | None = None, **kwargs: t.Any
    ) -> list[dict[str, t.Any]]:
        _core_dumps.forbid()
        self._variables = variables or {}
        try:
            names = _names(terms, kwargs)
            return [self._one(name, kwargs) for name in names]
        except Failure as failure:
            raise AnsibleLookupError(harmless(failure.as_result()["msg"])) from None
        except AnsibleError:
            raise
        except Exception as error:
            # Ansible shows the text of an exception, and this one could quote what was looked up.
            said = f"Looking up the credentials failed unexpectedly ({where(error)})."
            raise AnsibleLookupError(said) from None

    def _one(self, name: str, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        options = self._options_of(name, given)
        if options.store_folder and not options.text("store_vault_file"):
            raise Failure(
                "configuration",
                f"{PREFIX}store is the folder {options.store_folder}, whose tasks a lookup cannot run. Use the entry "
                f"point credentials of the role, or name a file in store_vault_file. Nothing was sent.",
            )
        kept = self._vault(options).kept(name) if options.text("store_vault_file") else None
        folder = options.state_dir
        wanted = Wanted(options, kept, Journal(folder, name).last())
        if kept and not boolean(given.get("look_for_newer", True)):
            return wanted.of_the_store()
        params = {name: given[name] for name in ("clock_skew", "requests_per_minute") if given.get(name) is not None}
        # A mailbox of the user's own and a known login do without.
        client = functools.cache(lambda: _client({**options.connection(), **params}))
        try:
            return self._asked(wanted, folder, client, params)
        except Failure:
            if not (client.cache_info().currsize and client().took_shared):
                raise
        # A mail may have come since another use has asked.
        client().anew()
        return self._asked(wanted, folder, client, params)

    def _asked(
        self, wanted: Wanted, folder: str, client: t.Callable[[], SharingClient], params: t.Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        name, login = wanted.options.service_name, wanted.options.text("line_login")
        login = login or (wanted.kept.login if wanted.kept else "")
        if not login:
            login = client().remembered(name, functools.partial(access.login_of_log, client(), name)) or ""
        question = _valid(_argspec.credentials_spec(), {**wanted.question(login, folder), **params})
        told = wait.collect(question, False, connected=lambda _params: client())
        for warning in told["warnings"]:
            Display().warning(harmless(warning))
        return wanted.answer(told)

    def _options_of(self, name: str, given: t.Mapping[str, t.Any]) -> Options:
        """What is given here, else the role's variables."""
        names = {one: OF_ROLE.get(one, one) for one in (*SPEC, *OWN)}
        found = {of_role: self._of_role(f"{PREFIX}{of_role}") for of_role in (*names.values(), "store")}
        if self._of_role(f"{PREFIX}service_name") not in (None, "", name):
            # That variable is of the host's own line.
            del found["line_login"]
        found.update({of_role: given[one] for one, of_role in names.items() if given.get(one) is not None})
        known = {of_role: value for of_role, value in found.items() if of_role in OF_THE_ROLE and value is not None}
        return Options({**known, "service_name": name})

    def _of_role(self, name: str) -> t.Any:
        return self._templar.template(self._variables[name]) if name in self._variables else None

    def _vault(self, options: Options) -> VaultFile:
        # The loader holds the secrets of --vault-id and its kin; ansible-core has no public way to them.
        return VaultFile(options.text("store_vault_file"), self._loader._vault.secrets or [], None)


def _names(terms: t.Sequence[t.Any], given: t.Mapping[str, t.Any]) -> list[str]:
    """The service names, in their order.

    :raises Failure: ``invalid_option``
    """
    names = [str(one) for term in terms for one in (term if isinstance(term, (list, tuple)) else [term])]
    for name in names:
        _argspec.check_service_name(name)
    if unknown := sorted(set(given) - {*SPEC, *OWN}):
        raise Failure(
            "invalid_option",
            f"{', '.join(unknown)}: no such option; a service name is written without one. Nothing was sent.",
        )
    if given.get("login") and len(names) > 1:
        raise Failure("invalid_option", f"login is for one service name, not for {len(names)}. Nothing was sent.")
    return names


def _valid(spec: dict[str, t.Any], given: dict[str, t.Any]) -> dict[str, t.Any]:
    checked = ArgumentSpecValidator(spec).validate(given)
    if checked.error_messages:
        raise Failure("invalid_option", f"{'; '.join(map(str, checked.error_messages))}. Nothing was sent.")
    found: dict[str, t.Any] = checked.validated_parameters
    return found


def _client(given: dict[str, t.Any]) -> SharingClient:
    service_name = {"service_name": {"type": "str"}}
    params = _valid({**_argspec.connection_spec(), **service_name}, given)
    return t.cast(SharingClient, connect(params, sharing(str(constants.DEFAULT_LOCAL_TMP))))
