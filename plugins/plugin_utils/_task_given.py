# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible gives a task of the role: variables, results of the steps before it, the play, and other hosts."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command, Standing, command_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given import wrong_values
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import CUSTOM, PREFIX, SPEC, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby as standbys
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import turn as site_turn
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.phases import phases_left


class Given:
    """One task's.

    :param variables: of the task, as Ansible hands them on: values are templates
    :param template: what they come to
    :ivar host: of the play whose turn it is
    """

    def __init__(self, variables: t.Mapping[str, t.Any], template: t.Callable[[t.Any], t.Any]) -> None:
        self._variables, self._template = variables, template
        self.host = str(variables.get("inventory_hostname"))

    # -- variables

    def value(self, name: str) -> t.Any:
        return self._template(self._variables[name]) if name in self._variables else None

    def before(self, name: str) -> dict[str, t.Any]:
        """The result of the step before. It can hold a password, so it is read here and is no argument of the task."""
        found = self.value(name)
        return dict(found) if isinstance(found, t.Mapping) else {}

    def of(self, host: str, name: str) -> t.Any:
        """The value of a variable of a host in the inventory."""
        return self._template(self._host_variables(host).get(name))

    def of_host(self, host: str, name: str) -> str:
        return str(self.of(host, name) or "")

    def _host_variables(self, host: str) -> t.Mapping[str, t.Any]:
        return (self._variables.get("hostvars") or {}).get(host) or {}

    def slips(self) -> list[str]:
        """Variables that look like the role's and are none: whoever set them thinks that they have an effect."""
        shared = self._variables.get(f"{PREFIX}platform") == CUSTOM or bool(self._variables.get(f"{PREFIX}store"))
        return wrong_values.unknown(map(str, self._variables), list(SPEC), PREFIX, shared)

    # -- the play

    def play_hosts(self) -> list[str]:
        return [str(host) for host in self._variables.get("ansible_play_hosts_all") or []]

    def batch(self) -> list[str]:
        return [str(host) for host in self._variables.get("ansible_play_batch") or []]

    def inventory(self) -> list[str]:
        return [str(host) for host in (self._variables.get("groups") or {}).get("all") or []]

    def phases(self, own_tags: t.Iterable[str]) -> tuple[str, ...]:
        """Those that the tags of the run leave.

        :param own_tags: of the task
        """
        run, skip = (tuple(map(str, self._variables.get(f"ansible_{which}_tags") or ())) for which in ("run", "skip"))
        return phases_left(run or ("all",), skip, tuple(map(str, own_tags)))

    def command(self, argv: t.Sequence[str], environ: t.Mapping[str, str]) -> Command:
        """The words of Ansible's main process; a worker is forked from it."""
        standing = Standing(self.host, tuple(self.play_hosts()), tuple(self.inventory()))
        return command_of(list(argv), environ, standing)

    def its_own(self, options: Options, entry: str, once: bool) -> Options:
        """The options, where what comes of them is this host's alone.

        :param once: the task has run_once, so that its result is every host's
        :raises Failure: when another host of the play has another line, and would be handed this one's password
        """
        for host in self.batch() if once and entry == "credentials" else ():
            theirs = self.of_host(host, f"{PREFIX}service_name")
            if host != self.host and theirs not in ("", options.service_name):
                raise Failure(
                    "invalid_option",
                    f"with run_once, {host} would be handed login and password of {options.service_name}, and its "
                    f"line is {theirs}: leave run_once out.",
                )
        return options

    def not_begun(self, sites: all_sites.Sites | None) -> str:
        """Why this site's turn does not come; "" where it does."""
        if sites is None or self.host not in sites.hosts:
            return ""
        return all_sites.stopped(site_turn.earlier(self._variables, sites, self.play_hosts(), self.batch()))

    def active(self, entry: str) -> str:
        """The host whose run sets this one, if this one is a standby router."""
        names = [] if entry == "credentials" else self.inventory()
        return standbys.active_of(self.host, names, self.of)

    # -- the place

    def address(self) -> str:
        """Of the router."""
        of_router = self._host_variables(self.host) or self._variables
        return str(self._template(of_router.get("ansible_host")) or self.host)

    def place(self, options: Options, entry: str, over: frozenset[str], forks: int, throttle: int) -> Place:
        """
        :param over: names of extra variables
        :param throttle: of the task; 0 for none
        """
        return Place(
            over=over,
            batch=len(self.batch() or [self.host]),
            forks=forks,
            throttle=throttle,
            as_tasks=self._as_tasks(options) if entry in ("main", "preflight") else "",
            apart=self.apart(options),
            hosts=len(self.play_hosts() or [self.host]),
            bare=f"{PREFIX}renew" not in over and self._bare(options, entry),
            unfit=tuple(standbys.refused(options, self.host, self.inventory(), self.of)),
        )

    def _bare(self, options: Options, entry: str) -> bool:
        """Does every run find the flag, and nothing that says when it was done?"""
        # What the preflight's own playbook sets is none of the user's.
        set_here = options.flag("renew") and entry in ("main", "credentials")
        kept = False
        with contextlib.suppress(AnsibleError):  # of the inventory, where the play or an include may have overridden it
            kept = boolean(self.of_host(self.host, f"{PREFIX}renew") or False, strict=False)
        return (set_here or kept) and not (options.text("renewed_since") or options.text("max_age"))

    def _as_tasks(self, options: Options) -> str:
        if options.text("store") and not options.custom:
            return f"{PREFIX}store is a task file"
        if options.hosts("standby_hosts") and not options.custom:
            return f"{PREFIX}standby_hosts are set, too"
        for name in ("before_cut", "after"):
            if options.text(name) and not options.custom:
                return f"{PREFIX}{name} is set"
        return self.apart(options)

    def apart(self, options: Options) -> str:
        """Why the task of the router cannot ask OVHcloud itself; "" when it can."""
        if options.custom:
            return f"{PREFIX}platform is custom"
        host = options.text("api_host")
        if not ovh.library_here():
            return "ansible-core's own Python has no package ovh"
        local = host in ("localhost", "127.0.0.1", "::1") or self.of_host(host, "ansible_connection") == "local"
        return "" if local else f"{PREFIX}api_host is another host, {host}"
