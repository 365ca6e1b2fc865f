# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No password of the driver of VyOS is shown or kept by a real network_cli connection, of paramiko or of libssh.

An action of a few lines, beside the playbook, calls the driver: what a task would do, without anything else of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from leaks.hunt import talkative
from role.site import LOGIN, SERVICE, Run, Site
from vyos.running import Vyos

CANARY = "Kanarie7391$HOME;#a&b"
SSH = ["paramiko", "libssh"]
ACTION = """
import dataclasses
from ansible.plugins.action import ActionBase
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import network_cli
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        args = self._task.args
        try:
            driver = VyOs(network_cli.NetworkCli(self), args.get("interface", "pppoe0"))
            if "password" not in args:
                result["seen"] = dataclasses.asdict(driver.probe(prove=True))
                for _turn in range(2):
                    driver.session(wait=0, since=None)
                return result
            wanted = Credentials(args["login"], args["password"])
            applied = driver.apply(wanted, dial=Dial.AUTO, age=None, check=self._task.check_mode)
            result.update(changed=applied.changed, dialled=applied.dialled)
            if args.get("wait"):
                result["session"] = dataclasses.asdict(driver.session(wait=int(args["wait"]), since=applied.mark))
        except Failure as failure:
            result.update(failed=True, **failure.as_result())
        return result
"""
PLAY = """
- hosts: routers
  gather_facts: false
  strategy: free
  tasks:
    - vyos_driver: {}
      register: probe
      ignore_errors: "{{ goes_on | default(false) }}"
    - vyos_driver:
        login: "{{ login }}"
        password: "{{ password }}"
        wait: "{{ wait | default(0) }}"
      register: applied
      no_log: true
      ignore_errors: "{{ goes_on | default(false) }}"
      when: password is defined
    - ansible.builtin.copy:
        content: "{{ {'probe': probe, 'applied': applied | default({})} | to_json }}"
        dest: "{{ playbook_dir }}/said-{{ inventory_hostname }}.json"
        mode: "0600"
      delegate_to: localhost
      connection: local
"""


@pytest.fixture
def site(world: Site) -> Iterator[Site]:
    """With the action and a playbook for it."""
    folder = world.top / "action_plugins"
    folder.mkdir()
    (folder / "vyos_driver.py").write_text(ACTION, encoding="utf-8")
    (world.top / "play.yml").write_text(PLAY, encoding="utf-8")
    yield world


@pytest.fixture(params=SSH)
def ssh(request: pytest.FixtureRequest) -> str:
    """The library that network_cli takes."""
    return str(request.param)


def router(site: Site, name: str = "r", password: str | None = None, service: str = SERVICE, **more: Any) -> Vyos:
    line = site.line(service)
    own = line["password"] if password is None else password
    return Vyos(site.top / name, site.url, service, line["login"], own, **more)


def entry(vyos: Vyos, ssh: str, password: str | None = None, **more: Any) -> dict[str, Any]:
    given = {} if password is None else {"login": LOGIN, "password": password}
    return vyos.inventory(ansible_network_cli_ssh_type=ssh, goes_on=True, **{**given, **more})


def play(site: Site, hosts: dict[str, dict[str, Any]], *words: str, **environment: str) -> tuple[Run, dict[str, Any]]:
    """Run it; what each host was told."""
    site.write_inventory(hosts)
    run = site.play(*words, playbook=str(site.top / "play.yml"), **environment)
    said = {}
    for name in hosts:
        file = site.top / f"said-{name}.json"
        assert file.exists(), run.output
        said[name] = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
    return run, said


def test_a_canary_is_nowhere(site: Site, ssh: str) -> None:
    """At the highest verbosity, with every setting that writes more: written, refused, and lost in the write."""
    with router(site, "good", password="old") as good, router(site, "bad", password="old") as bad:
        site.admin("PUT", "/state", {"next_password": CANARY, "mail_delay": 0})
        site.admin("POST", f"/line/{SERVICE}/rotate")
        bad.order("set lingers", "lost at set", "commit fails")
        more = {"ansible_network_single_user_mode": True}
        hosts = {"good": entry(good, ssh, CANARY, wait=20, **more), "bad": entry(bad, ssh, CANARY, **more)}
        run, said = play(site, hosts, "-vvvvvv", "--diff", **{**talkative(site.top), "ANSIBLE_DEBUG": "1"})
        assert (site.top / "written" / "ansible.log").stat().st_size > 10_000
        # The inventory has it, which is the test's own; everything else is looked through.
        allowed = [good.folder, bad.folder, site.inventory, site.top / "written" / "everything"]
        assert site.leaks(CANARY, run, allowed=allowed, forms=["Kanarie7391"]) == []
        assert said["good"]["applied"]["changed"] and said["good"]["applied"]["session"]["up"], run.output
        assert "did not take the new password" in said["bad"]["applied"]["msg"], run.output
        assert good.state() == good.state("saved")


@pytest.mark.parametrize("setting", ["ansible_persistent_log_messages", "ANSIBLE_PERSISTENT_LOG_MESSAGES", "RECORD"])
def test_a_connection_that_would_log_the_password_is_refused(site: Site, setting: str) -> None:
    with router(site, password="old") as vyos:
        recorded = site.top / "recorded"
        environment = {
            "ANSIBLE_PERSISTENT_LOG_MESSAGES": {"ANSIBLE_PERSISTENT_LOG_MESSAGES": "1"},
            "RECORD": {"ANSIBLE_NETWORK_CLI_RECORD": "1", "ANSIBLE_NETWORK_CLI_RECORD_PATH": str(recorded)},
        }.get(setting, {})
        more = {setting: True} if setting.startswith("ansible") else {}
        log = str(site.top / "ansible.log")
        host = entry(vyos, "paramiko", CANARY, **more)
        run, said = play(site, {"r": host}, "-vvvv", ANSIBLE_LOG_PATH=log, **environment)
        for told in said["r"].values():
            assert setting in told["msg"] and "Unset it" in told["msg"], run.output
            assert told["failure"]["code"] == "router_option"
        assert vyos.typed() == [] and not recorded.exists()
        assert site.leaks(CANARY, run, allowed=[site.inventory], forms=["Kanarie7391"]) == []
