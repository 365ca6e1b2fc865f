# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of an OVHcloud account as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: xdsl
short_description: The Internet accesses (xDSL, FTTH) of an OVHcloud account as hosts
version_added: 0.2.0
description:
  - Each line of the account is a host, in groups by status, access type, provider and modem profile, such as
    C(xdsl_status_active) or C(xdsl_profile_b).
  - Sets C(router_pppoe_service_name), so that a host is ready for the role P(ownrouter.ovhcloud.router_pppoe#role) once
    it has the address of its router; see the examples for how the two meet. What else is told of the line has the
    prefix C(xdsl_) - C(xdsl_access_type), C(xdsl_status), C(xdsl_description), C(xdsl_role), C(xdsl_provider),
    C(xdsl_profile), C(xdsl_vlan), C(xdsl_mtu), and with the options below C(xdsl_login) and C(xdsl_ips).
  - Reads only, with the right to C(GET /xdsl) and C(GET /xdsl/*). Three requests tell of 50 lines where OVHcloud
    answers for several at once, else there is one for each line. Nothing is told of a line's postal address. The cache
    holds neither a secret nor an address.
  - The configuration is a YAML file whose name ends in C(xdsl.yml) or C(xdsl.yaml).
author:
  - ownrouter contributors (@ownrouter)
extends_documentation_fragment:
  - ownrouter.ovhcloud.connection
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Has to be V(ownrouter.ovhcloud.xdsl).
    type: str
    required: true
    choices: [ownrouter.ovhcloud.xdsl]
  hostname:
    description:
      - What names the hosts. With V(description) it is your own description of the line, with a dash for what a name of
        a host cannot hold; a line without a description, or with that of another line, of a group, or C(localhost),
        goes by its service name.
    type: str
    choices: [service_name, description]
    default: service_name
  filters:
    description:
      - Which lines become hosts. The keys are C(service_name), C(access_type), C(status), C(description), C(role),
        C(provider) and C(profile); the value is a text or a list of texts, with C(*) and C(?) as in a shell. Case does
        not matter. A line has to pass each of them.
      - A service name that the account does not have is warned of.
    type: dict
    default: {}
  with_login:
    description:
      - Tell the PPPoE login that last dialled in as C(xdsl_login), where the RADIUS log has it. One request more for
        each line.
    type: bool
    default: false
  with_ips:
    description:
      - Tell the addresses and blocks of each line as C(xdsl_ips). One request more for each line, at each run, since
        they are never kept in the cache.
    type: bool
    default: false
  requests_per_minute:
    description:
      - The most requests that this host sends in a minute for one key, counted over all lines and runs that share it;
        more wait their turn. OVHcloud's maintainers call 60 safe. V(0) sets no limit.
      - The count is kept in C($XDG_STATE_HOME/ownrouter.ovhcloud), by default C(~/.local/state/ownrouter.ovhcloud).
        Where that cannot be written, there is no limit.
    type: int
    default: 60
    env:
      - name: OVH_REQUESTS_PER_MINUTE
notes:
  - Secrets do not belong in the file. Keep them in E(OVH_APPLICATION_SECRET) and its kin, in C(ovh.conf), or as
    C(!vault) values; a template such as a lookup works, too.
seealso:
  - module: ownrouter.ovhcloud.xdsl_info
"""

EXAMPLES = r"""
# inventory/lines.xdsl.yml: all lines of the account, with the key of ~/.ovh.conf
---
plugin: ownrouter.ovhcloud.xdsl

# ansible-inventory -i inventory/lines.xdsl.yml --graph

# A line meets its router in one of three ways.
#
# 1. By its service name. Ansible merges the hosts of a folder by their names:
#
# inventory/lines.xdsl.yml
---
plugin: ownrouter.ovhcloud.xdsl
filters:
  status: active
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ownrouter

# inventory/routers.yml
---
routers:
  hosts:
    xdsl-ab12345-1:
      ansible_host: 192.0.2.10
    ftth-ab12345-2:
      ansible_host: 192.0.2.20
  vars:
    ansible_user: admin
    router_pppoe_platform: openwrt

# ansible-playbook ownrouter.ovhcloud.preflight -i inventory/

# 2. By the description that you gave the line in OVHcloud's control panel, here the name of the site, which is a name
#    in your DNS as well. What is in a description is in the hands of whoever may edit the line.
#
# inventory/lines.xdsl.yml
---
plugin: ownrouter.ovhcloud.xdsl
hostname: description
filters:
  description: "agence-*"
compose:
  ansible_host: inventory_hostname ~ '.mgmt.example.net'
groups:
  routers: xdsl_status == 'active'

# 3. By a list of your own, by service name:
#
# inventory/lines.xdsl.yml
---
plugin: ownrouter.ovhcloud.xdsl
groups:
  routers: xdsl_status == 'active'
keyed_groups:
  - key: xdsl_description.split(' ')[0]
    prefix: region

# inventory/group_vars/routers.yml
---
ansible_host: "{{ addresses[router_pppoe_service_name] }}"
addresses:
  xdsl-ab12345-1: 192.0.2.10
  ftth-ab12345-2: 192.0.2.20
"""

import hashlib
import json
import os
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import connection_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access, fleet
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import NOT_READABLE, Client, connect
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._inventory import lines as hosts


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]  # ansible-core has no types
    """See DOCUMENTATION."""

    NAME = "ownrouter.ovhcloud.xdsl"

    def verify_file(self, path: str) -> bool:
        name = os.path.basename(path)
        named = name in ("xdsl.yml", "xdsl.yaml") or name.endswith((".xdsl.yml", ".xdsl.yaml"))
        return named and bool(super().verify_file(path))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._cached = self._away = False
        given = self._read_config_data(path)
        try:
            if why := hosts.unknown_options(given, self._known()):
                raise Failure("invalid_option", why)
            client = connect(self._connection())
            wanted = hosts.patterns(self.get_option("filters") or {})
            lines = self._lines(client, wanted, path, cache)
            self._add(client, lines)
        except Failure as failure:
            said = f"{failure.message} So none of this account's lines is in the inventory."
            raise AnsibleParserError(harmless(said)) from None

    def _known(self) -> list[str]:
        """The names of the plugin's options, those of its fragments and their aliases among them."""
        options: dict[str, dict[str, t.Any]] = C.config.get_configuration_definitions("inventory", self._load_name)
        return [name for option, told in options.items() for name in (option, *told.get("aliases", ()))]

    def _warn(self, text: str) -> None:
        self.display.warning(harmless(text))

    def _connection(self) -> dict[str, t.Any]:
        """The connection options; a template of the file's author is filled in."""
        given: dict[str, t.Any] = {}
        for name in connection_spec():
            value = self.get_option(name)
            if isinstance(value, str):
                try:
                    value = str(self.templar.template(value))
                except AnsibleError as error:
                    raise Failure("configuration", f"{name} cannot be filled in: {error.message}.") from None
            given[name] = value
        return given

    def _lines(
        self, client: Client, wanted: t.Mapping[str, t.Sequence[str]], path: str, cache: bool
    ) -> list[fleet.Line]:
        """From the cache, where that is requested and has them, else from OVHcloud."""
        caches = bool(self.get_option("cache"))
        # Another account, or other filters, are another answer.
        about = [client.connection.base_url, client.connection.identity, bool(self.get_option("with_login")), wanted]
        key = (
            f"{self.get_cache_key(path)}_{hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]}"
        )
        if caches and cache:
            try:
                found = fleet.kept(self._cache[key])
            except (KeyError, AnsibleError):  # there is none, or it cannot be read, which Ansible warns of
                found = None
            if found is not None:
                self._cached = True
                return found
        lines = self._ask(client, wanted)
        if caches:
            self._cache[key] = [line.as_kept() for line in lines]
        return lines

    def _ask(self, client: Client, wanted: t.Mapping[str, t.Sequence[str]]) -> list[fleet.Line]:
        names = access.list_names(client)
        for name in hosts.unknown_names(names, wanted):
            self._warn(f"{name} is no line of this account, which has {', '.join(names) or 'none'}.")
        asked = [name for name in names if hosts.picked(name, wanted.get("service_name"))]
        lines, unreadable = fleet.read(client, asked)
        if unreadable:
            first, why = next(iter(unreadable.items()))
            more = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
            self._warn(f"Left out, because it cannot be read: {first}{more}. {why.message}")
        kept = [line for line in lines if hosts.passes(line, wanted)]
        if not names:
            self._warn("This account has no xDSL or FTTH line.")
        elif lines and not kept:
            self._warn(f"The filters leave none of the {len(names)} lines of this account.")
        return [fleet.with_login(client, line) for line in kept] if self.get_option("with_login") else kept

    def _add(self, client: Client, lines: t.Sequence[fleet.Line]) -> None:
        strict = self.get_option("strict")
        known = (*self.inventory.groups, *self.get_option("groups"))
        names = hosts.host_names(lines, self.get_option("hostname"), known)
        for line in lines:
            name = names[line.service_name]
            self.inventory.add_host(name)
            for group in hosts.groups_of(line):
                self.inventory.add_host(name, self.inventory.add_group(group))
            given = {**hosts.variables(line), **self._ips(client, line)}
            for variable, value in given.items():
                self.inventory.set_variable(name, variable, value)
            given["inventory_hostname"] = name
            self._set_composite_vars(self.get_option("compose"), given, name, strict)
            self._add_host_to_composed_groups(self.get_option("groups"), given, name, strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), given, name, strict)

    def _ips(self, client: Client, line: fleet.Line) -> dict[str, t.Any]:
        if not self.get_option("with_ips") or self._away:
            return {}
        try:
            return {"xdsl_ips": access.addresses(client, line.service_name)}
        except Failure as failure:
            if failure.code in NOT_READABLE:
                self._warn(f"xdsl_ips of {line.service_name} is not set. {failure.message}")
                return {}
            if not self._cached:
                raise
            # The lines are there though OVHcloud is not, and is asked once.
            self._away = True
            self._warn(f"The lines are those of the cache, without xdsl_ips. {failure.message}")
            return {}
