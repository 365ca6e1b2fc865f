# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbooks do beside the role: what a run is about, before its first site, and the report after its last."""

from __future__ import annotations

import datetime
import os
import sys
import time
import typing as t

from ansible import context
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command, Standing, command_for
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import audit as site_audit
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import file
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import report as site_report
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import turn as site_turn
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "step": {"type": "str", "required": True, "choices": ["begin", "failed", "report", "ended"]},
    "playbook": {
        "type": "str",
        "default": all_sites.RENEW,
        "choices": [all_sites.RENEW, all_sites.PREFLIGHT, all_sites.AUDIT],
    },
}
#: What a report is called among the statistics of a run, which AWX hands on in a workflow.
STATISTIC = "ownrouter_report"
#: The action whose messages hold no secret.
OWN_ACTION = "ownrouter.ovhcloud.xdsl_ppp_renewal"


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/xdsl_ppp_sites.py."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        self._vars = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, self._vars)
        _validation, args = self.validate_argument_spec(argument_spec=ARGUMENTS)
        self._host = str(self._vars.get("inventory_hostname"))
        self._check = bool(self._task.check_mode or context.CLIARGS.get("check"))
        step = {"begin": self._begin, "failed": self._failed, "report": self._report, "ended": self._ended}
        result.update({"changed": False, **step[args["step"]](str(args["playbook"]))})
        return dict(harmless(result))

    def _template(self, value: t.Any) -> t.Any:
        return self._templar.template(value)

    def _begin(self, playbook: str) -> dict[str, t.Any]:
        hosts = [str(host) for host in self._vars.get("ansible_play_hosts_all") or []]
        found = [self._site(host) for host in hosts]
        path, most = file.path_of(self._value("report")), self._value("max_lines")
        trouble = file.trouble(path) if path else ""
        cut = all_sites.cut(found) if playbook == all_sites.RENEW else []
        wrong = [
            all_sites.too_many(cut, most if most != "" else None),
            # That of a play is worked out without a host, so one in the inventory is none of ours.
            all_sites.wrong_batch(load_extra_vars(self._loader).get("batch")),
            site_audit.wrong_age(self._value("older_than")),
            f"{trouble} Nothing was done." if trouble else "",
        ]
        if any(wrong):
            return {"failed": True, "msg": " ".join(filter(None, wrong))}
        if said := all_sites.announced(cut, self._check):
            Display().display(harmless(said))
        doubled = all_sites.doubled(found)
        # The others begin all at once.
        order = all_sites.in_turn(hosts, doubled) if playbook == all_sites.RENEW else hosts
        sites = all_sites.Sites(
            f"{time.time_ns():x}",
            playbook,
            tuple(order),
            tuple(_lines(found)[host] for host in order),
            tuple(doubled.items()),
            path,
        )
        return {"sites": as_data(sites), "began": datetime.datetime.now(datetime.timezone.utc).isoformat()}

    def _site(self, host: str) -> all_sites.Site:
        own = site_turn.of_host(self._vars, host)
        return all_sites.site_of(host, lambda name: site_turn.value(own, PREFIX + name, self._template))

    def _failed(self, _playbook: str) -> dict[str, t.Any]:
        """What a site's turn ended with. A message of a task of the user's own could hold a password."""
        sites = site_turn.of_run(self._vars, self._template)
        told = self._value("ansible_failed_result") or {}
        task = self._value("ansible_failed_task") or {}
        batch = [str(host) for host in self._vars.get("ansible_play_batch") or []]
        results = self._results(sites.run if sites else "")
        if str(task.get("action")) != OWN_ACTION:
            # The role takes back what a task of the user's own was given, and says itself where the line is.
            told = site_turn.failed(results)
        said = str(told.get("msg") or f"The task {task.get('name') or 'of your own'} failed; its message is above.")
        return {
            "run": sites.run if sites else "",
            "batch": batch[0] if batch else self._host,
            "msg": said,
            "state": str(told.get("state_now") or "") or site_report.left_as(sites.playbook if sites else "", results),
            "code": str((told.get("failure") or {}).get("code") or ""),
        }

    def _report(self, _playbook: str) -> dict[str, t.Any]:
        sites = site_turn.sites(self._value(all_sites.VARIABLE))
        if sites is None:
            return {"skipped": True, "skip_reason": "No site was started."}
        rows, now = [], datetime.datetime.now(datetime.timezone.utc)
        for host, line in zip(sites.hosts, sites.lines):
            told = site_turn.results(site_turn.of_host(self._vars, host), sites.run)
            if sites.playbook == all_sites.AUDIT:
                rows.append(site_audit.row(host, line, told, self._value("older_than"), now))
            else:
                rows.append(site_report.row(sites.playbook, host, line, told))
        left = [row.host for row in rows if row.outcome in site_report.LEFT]
        go_on = self._command(left) if left else Command()
        began = datetime.datetime.fromisoformat(str(self._value(all_sites.VARIABLE)["began"]))
        report = site_report.report(sites, rows, self._check, (began, now), go_on.text)
        Display().display(harmless(f"\n{site_report.text(report, go_on)}\n"))
        data = harmless(site_report.as_document(report))
        result: dict[str, t.Any] = {
            "report": data,
            "found": [row.host for row in rows if row.outcome == site_report.FOUND],
            "ansible_stats": {"data": {STATISTIC: data}, "per_host": False, "aggregate": False},
        }
        if sites.file:
            try:
                file.write(sites.file, data)
                Display().display(harmless(f"The report is in {sites.file}.\n"))
            except OSError as error:
                result.update(failed=True, msg=f"The report could not be written to {sites.file}: {error.strerror}.")
        return result

    def _ended(self, _playbook: str) -> dict[str, t.Any]:
        """A site whose turn failed fails now, when the report is there."""
        sites = site_turn.sites(self._value(all_sites.VARIABLE))
        found = self._host in ((self._value("_router_pppoe_report") or {}).get("found") or [])
        if sites is None or not (found or "site" in self._results(sites.run)):
            return {}
        line = dict(zip(sites.hosts, sites.lines)).get(self._host) or self._host
        if found:
            return {"failed": True, "msg": f"{line}: the audit found something. The report above says what."}
        return {
            "failed": True,
            "msg": f"{line}: stopped. The message above says where that leaves the line and how to go on.",
        }

    def _results(self, run: str) -> dict[str, t.Any]:
        """What this host has registered in that run."""
        return site_turn.results({name: self._value(name) for name in site_turn.RESULTS.values()}, run)

    def _value(self, name: str) -> t.Any:
        try:
            return self._template(self._vars[name]) if name in self._vars else None
        except AnsibleError:
            return None

    def _command(self, hosts: t.Sequence[str]) -> Command:
        inventory = (self._vars.get("groups") or {}).get("all") or []
        every = self._vars.get("ansible_play_hosts_all") or []
        standing = Standing(hosts[0], tuple(map(str, every)), tuple(map(str, inventory)))
        return command_for(sys.argv, os.environ, hosts, standing)


def _lines(found: t.Iterable[all_sites.Site]) -> dict[str, str]:
    return {site.host: site.service_name for site in found}
