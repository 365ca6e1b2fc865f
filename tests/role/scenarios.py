# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role from end to end, one function for each promise: ``python -m role.scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ovh_api import mails

from .lab import LOGIN, SERVICE, Lab, Run
from .plays import failures, play_all

FLAG = ("-e", "router_pppoe_renew=true")
CANARY = "Kanarie'\"$;\\#<>&é:7391"  # no blank: a mail whose password has several words is refused


class Failed(Exception):
    """A promise was not kept."""


def must(truth: bool, what: str, run: Run) -> None:
    if not truth:
        raise Failed(f"not so: {what}\n{run.output}")


def succeeded(lab: Lab, run: Run, changed: int, posts: int, hups: int) -> None:
    """The run went well, and did exactly this much."""
    must(run.code == 0, "the run succeeds", run)
    must(run.recap("changed") == changed, f"changed={changed}", run)
    counted(lab, run, posts, hups)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)


def failed(lab: Lab, run: Run, posts: int, hups: int, *words: str) -> None:
    """The run failed with these words, and did exactly this much."""
    must(run.code != 0, "the run fails", run)
    for word in words:
        must(word in run.said, f"it says: {word}", run)
    counted(lab, run, posts, hups)


def counted(lab: Lab, run: Run, posts: int, hups: int) -> None:
    must(len(lab.posts()) == posts, f"{posts} requests, not {len(lab.posts())}", run)
    must(len(lab.events("hup")) == hups, f"{hups} hang-ups, not {len(lab.events('hup'))}", run)


def files(lab: Lab) -> dict[str, bytes]:
    """The router's whole configuration."""
    return {str(path): path.read_bytes() for path in lab.etc.rglob("*") if path.is_file()}


def cut_elsewhere(lab: Lab) -> None:
    """Somebody else renews the password: the router is offline until it gets the new one."""
    lab.admin("PUT", "/state", {"mail_delay": 0})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")


def noting(lab: Lab) -> tuple[Path, str]:
    """A file in which each look at the router leaves a line, and the PATH that does it: a look asks "ip" once.

    Other pppd on this machine may cost a look further questions, so those are not counted.
    """
    noted, folder, path = lab.top / "looks", lab.top / "noting", lab.environment()["PATH"]
    folder.mkdir()
    script = f'#!/bin/sh\ncase "$*" in *"addr show dev"*) echo look >>{noted} ;; esac\nPATH={path}\nexec ip "$@"\n'
    (folder / "ip").write_text(script, encoding="utf-8")
    (folder / "ip").chmod(0o700)
    return noted, f"{folder}:{path}"


def playbook(lab: Lab, name: str, text: str) -> str:
    path = lab.top / name
    path.write_text(text, encoding="utf-8")
    return str(path)


# -- the flag


def flag_unset(lab: Lab) -> None:
    """Without the flag nothing is asked for, and a router that is right is left alone: one task, one look at it."""
    before, (noted, path) = files(lab), noting(lab)
    run = lab.play(PATH=path)
    succeeded(lab, run, changed=0, posts=0, hups=0)
    must(files(lab) == before, "no file changed", run)
    must(noted.read_text(encoding="utf-8").split() == ["look"], "the router is looked at once", run)
    must(run.output.count("\nTASK [ownrouter.ovhcloud.router_pppoe") == 3, "two tasks and their include", run)


def flag_set(lab: Lab) -> None:
    """Check mode predicts; the run asks once; the same command again does nothing."""
    before = files(lab)
    run = lab.play(*FLAG, "--check", "--diff")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts the change", run)
    counted(lab, run, posts=0, hups=0)
    must(files(lab) == before, "check mode writes nothing", run)
    run = lab.play(*FLAG, "--diff")
    succeeded(lab, run, changed=1, posts=1, hups=1)
    must(lab.line()["password"] not in run.output, "the password is not shown", run)
    after = files(lab)
    run = lab.play(*FLAG)
    succeeded(lab, run, changed=0, posts=1, hups=1)
    must(files(lab) == after, "no file changed", run)


def done_already(lab: Lab) -> None:
    """renewed_since and max_age that are met: no request, with the flag set."""
    succeeded(lab, lab.play(*FLAG, "-e", "router_pppoe_renewed_since=2026-01-01T00:00:00Z"), 0, 0, 0)
    succeeded(lab, lab.play(*FLAG, "-e", "router_pppoe_max_age=400d"), 0, 0, 0)


def killed_while_waiting(lab: Lab) -> None:
    """A run that dies between request and mail is resumed by the same command, without a second request."""
    lab.admin("PUT", "/state", {"mail_delay": 12})
    run = lab.play(*FLAG, "-e", "router_pppoe_mail_timeout=1")
    failed(lab, run, 1, 0, "The router was not touched", "router_pppoe_renew=true")
    failed(lab, run, 1, 0, "Or read the mail yourself and finish by hand", "ownrouter.ovhcloud.by_hand")
    run = lab.play(*FLAG)
    must(run.code == 0, "the run succeeds", run)
    counted(lab, run, posts=1, hups=1)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)


# -- convergence


def renewed_elsewhere(lab: Lab) -> None:
    """Without the flag a router with a dead password is repaired, and nothing is asked for."""
    cut_elsewhere(lab)
    run = lab.play("--check")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts the repair", run)
    counted(lab, run, 0, 0)
    succeeded(lab, lab.play(), changed=1, posts=0, hups=1)
    succeeded(lab, lab.play(), changed=0, posts=0, hups=1)


def router_knows_better(lab: Lab) -> None:
    """The router is online on a password that is newer than the latest mail: it is left alone, with a warning."""
    lab.admin("PUT", "/state", {"mail_delay": 86400})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("down")
    lab.put_secret(lab.line()["password"])
    lab.wait_for("up", 2)
    before = files(lab)
    run = lab.play()
    succeeded(lab, run, changed=0, posts=0, hups=0)
    must("has a newer one" in run.output, "it warns", run)
    must(files(lab) == before, "no file changed", run)


def clocks_differ(lab: Lab) -> None:
    """The same with a mail of today, when OVHcloud's clock is an hour ahead and its RADIUS log may not be read."""
    line = {"access": {"capabilities": {"canGetRadiusConnectionLogs": False}}}
    lab.admin("PUT", "/state", {"clock_skew": 3600, "lines": {SERVICE: line}})
    title, text = mails.ppp_mail(SERVICE, LOGIN, "Superseded7391")
    lab.admin("POST", "/mails", {"title": title, "text": text})
    router_knows_better(lab)


def by_hand(lab: Lab) -> None:
    """Login and password given by hand, from a mail that nothing can read."""
    lab.admin("PUT", "/state", {"mail_delay": 86400})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")
    handed = {"router_pppoe_login": LOGIN, "router_pppoe_password": lab.line()["password"]}
    run = lab.play("-vvvv", "--diff", "-e", f"@{playbook(lab, 'handed.json', json.dumps(handed))}")
    succeeded(lab, run, changed=1, posts=0, hups=1)
    must(lab.line()["password"] not in run.output, "the password is not shown", run)
    run = lab.play(*FLAG, "-e", f"@{lab.top / 'handed.json'}")
    failed(lab, run, 0, 1, "keep one of the two")


def pppd_not_running(lab: Lab) -> None:
    """No pppd runs: it is started."""
    cut_elsewhere(lab)
    lab.stop_pppd()
    run = lab.play()
    must(run.code == 0, "the run succeeds", run)
    must(len(lab.events("started")) == 2, "pppd was started once", run)
    must(bool(lab.line()["session"]["up"]), "the session is up", run)


# -- refusals before the request


def refusals(lab: Lab) -> None:
    """Whatever could not finish stops before the request, and says so: one play, each host with its own trouble."""
    good = (lab.etc / "peers" / lab.peer).read_text(encoding="utf-8")
    (lab.etc / "peers" / "asking").write_text(good + "plugin passprompt.so\n", encoding="utf-8")
    before = files(lab)
    router = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]["router1"]
    by_ssh = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
    troubles: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
        "no_peer": (
            {"router_pppoe_interface": "nothing"},
            ("This router has no pppd peer nothing.", "Set router_pppoe_interface"),
        ),
        "no_line": ({"router_pppoe_service_name": "xdsl-none-1"}, ("xdsl-ab12345-1", "ftth-ab12345-2")),
        "other_line": ({"router_pppoe_service_name": "ftth-ab12345-2"}, (LOGIN, "another router or another line")),
        "no_age": ({"router_pppoe_max_age": "soon"}, ("soon",)),
        "no_platform": ({"router_pppoe_platform": "custom"}, ("router_pppoe_platform_dir",)),
        "wrong_key": ({"router_pppoe_consumer_key": "wrong"}, ("OVHcloud does not accept these credentials",)),
        "no_endpoint": ({"router_pppoe_endpoint": "http://192.0.2.1/1.0"}, ("http://192.0.2.1",)),
        "asking": ({"router_pppoe_interface": "asking"}, ("from the plugin passprompt",)),
        "unreachable": ({**by_ssh, "ansible_ssh_common_args": "-F /dev/null"}, ("The router cannot be reached",)),
    }
    lab.write_inventory({host: {**router, **given} for host, (given, _words) in troubles.items()})
    run = play_all(lab, *FLAG)
    counted(lab, run, 0, 0)
    must(files(lab) == before, "no file changed", run)
    must('"invalid_credentials"' in run.output, "the wrong key has its code", run)
    told = failures(run)
    for host, (_given, words) in troubles.items():
        must(run.recap("failed", host) == 1, f"{host} fails", run)
        for word in words:
            must(word in told[host], f"{host} says: {word}", run)
    lab.write_inventory({"router1": router})
    failed(lab, lab.play(*FLAG, OVH_CONSUMER_KEY=""), 0, 0, "consumer_key")


def line_refusals(lab: Lab) -> None:
    """A line that is not active, a key that may not renew."""
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"access": {"status": "migration"}}}})
    failed(lab, lab.play(*FLAG), 0, 0, "migration")
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"access": {"status": "active"}}}})
    credentials = lab.admin("GET", "/state")["credentials"]
    key = next(iter(credentials))
    rules = [rule for rule in credentials[key]["rules"] if rule["method"] == "GET"]
    lab.admin("PUT", "/state", {"credentials": {key: {"rules": rules}}})
    failed(lab, lab.play(*FLAG), 0, 0, "requestPPPLoginMail")
    rules = [rule for rule in rules if "notification" not in rule["path"]]
    lab.admin("PUT", "/state", {"credentials": {key: {"rules": rules}}})
    failed(lab, lab.play(), 0, 0, "notification")


def wrong_password(lab: Lab) -> None:
    """A session that does not come back is told with what OVHcloud saw, and nothing is repeated."""
    lab.admin("PUT", "/state", {"mail_delay": 0})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
    lab.wait_for("refused")
    run = lab.play("-e", "router_pppoe_session_timeout=6")
    failed(lab, run, 0, 1, "the router was set, but no new session came up within 6 s", "wrong login or password")


# -- entry points, tags, strategies


def entry_points(lab: Lab) -> None:
    """preflight changes nothing; credentials hands over; a custom platform is driven."""
    run = lab.play(playbook="ownrouter.ovhcloud.preflight")
    succeeded(lab, run, 0, 0, 0)
    text = """
- hosts: routers
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: ownrouter.ovhcloud.router_pppoe
        tasks_from: credentials
    - ansible.builtin.copy:
        content: "{{ router_pppoe_credentials.login }}\\n{{ router_pppoe_credentials.password }}\\n"
        dest: "{{ playbook_dir }}/handed"
        mode: "0600"
      no_log: true
      diff: false
"""
    run = lab.play(*FLAG, "-vvv", "--diff", playbook=playbook(lab, "handover.yml", text))
    must(run.code == 0, "the run succeeds", run)
    counted(lab, run, 1, 0)
    handed = (lab.top / "handed").read_text(encoding="utf-8")
    must(handed == f"{LOGIN}\n{lab.line()['password']}\n", "login and password are handed over", run)
    must(lab.line()["password"] not in run.output, "the password is not shown", run)


def custom_platform(lab: Lab) -> None:
    """The user's own three task files, and the user's own store."""
    cut_elsewhere(lab)
    folder = lab.top / "mine"
    folder.mkdir()
    (folder / "probe.yml").write_text(
        f"- ansible.builtin.set_fact:\n    router_pppoe_router: {{login: '{LOGIN}', writable: true}}\n",
        encoding="utf-8",
    )
    copy = (
        "- ansible.builtin.copy:\n    content: '{{{{ router_pppoe_login }}}} {{{{ router_pppoe_password }}}}'\n"
        "    dest: {where}\n    mode: '0600'\n  no_log: true\n  diff: false\n"
    )
    (folder / "apply.yml").write_text(copy.format(where=lab.top / "applied"), encoding="utf-8")
    (folder / "store.yml").write_text(copy.format(where=lab.top / "stored"), encoding="utf-8")
    (folder / "status.yml").write_text(
        "- ansible.builtin.set_fact:\n"
        "    router_pppoe_session: "
        "{up: true, address: 192.0.2.7, uptime: '{{ 3600 - 180 * router_pppoe_wait }}', error: ''}\n",
        encoding="utf-8",
    )
    words = ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={folder}")
    run = lab.play(*words, "-e", f"router_pppoe_store={folder / 'store.yml'}")
    must(run.code == 0 and run.recap("changed") == 2, "the run succeeds", run)
    wanted = f"{LOGIN} {lab.line()['password']}"
    for name in ("stored", "applied"):
        must((lab.top / name).read_text(encoding="utf-8") == wanted, f"{name} has the password", run)


def tags_and_strategies(lab: Lab) -> None:
    """A phase alone, the free strategy, batches."""
    run = lab.play("-t", "preflight")
    must("Preflight of the router" in run.output and "; session " not in run.output, "the phase alone", run)
    succeeded(lab, run, 0, 0, 0)
    run = lab.play("-t", "verify")
    must("; session up" in run.output, "the session is looked at", run)
    succeeded(lab, run, 0, 0, 0)
    text = """
- hosts: routers
  gather_facts: false
  strategy: free
  serial: 1
  roles:
    - ownrouter.ovhcloud.router_pppoe
"""
    run = lab.play(*FLAG, playbook=playbook(lab, "free.yml", text))
    succeeded(lab, run, changed=1, posts=1, hups=1)
    failed(lab, lab.play(*FLAG, "-t", "renew"), 1, 1, "leave out what finishes a renewal")


def one_goes_first(lab: Lab) -> None:
    """The playbook tries one router before the others: when it fails, no other line is cut."""
    inventory = json.loads((lab.top / "inventory.json").read_text(encoding="utf-8"))
    hosts = inventory["routers"]["hosts"]
    first = {**hosts["router1"], "router_pppoe_service_name": "xdsl-ab12345-9"}
    inventory["routers"]["hosts"] = {"router0": first, **hosts}
    (lab.top / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    run = lab.play(*FLAG)
    failed(lab, run, 0, 0, "xdsl-ab12345-9")
    must("Report of renew, 2 sites: 1 failed, 1 not tried." in run.said, "the other router is not begun", run)
    run = lab.play(*FLAG, "-e", "target=router1")
    succeeded(lab, run, changed=1, posts=1, hups=1)


SCENARIOS: list[Callable[[Lab], None]] = [
    flag_unset,
    flag_set,
    done_already,
    killed_while_waiting,
    renewed_elsewhere,
    router_knows_better,
    clocks_differ,
    by_hand,
    pppd_not_running,
    refusals,
    line_refusals,
    wrong_password,
    entry_points,
    custom_platform,
    tags_and_strategies,
    one_goes_first,
]


def main(scenarios: list[Callable[[Lab], None]]) -> int:
    collections, names = Path(sys.argv[1]), sys.argv[2:]
    unknown = set(names) - {scenario.__name__ for scenario in scenarios}
    if unknown:
        print(f"no such scenario: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failures = 0
    for scenario in scenarios:
        if names and scenario.__name__ not in names:
            continue
        began = time.monotonic()
        try:
            with Lab(collections) as lab:
                scenario(lab)
            outcome = "ok"
        except Failed as failure:
            failures += 1
            outcome = "FAILED"
            print(re.sub(r"(?m)^", "    ", str(failure)))
        print(f"{outcome:7} {scenario.__name__} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
