# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere: every phase, store and failure, with everything that Ansible can be made to tell."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from role.lab import LOGIN, SERVICE, Lab, Run
from role.scenarios import FLAG

from leaks.hunt import Hunt, talkative, watched
from leaks.vaults import Vault

HERE = Path(__file__).resolve().parent
#: Parts that survive every way of quoting; around them stands what has to be quoted.
PASSWORD, APPLICATION_SECRET, CONSUMER_KEY = "Kn7391Zq4Wx", "As5512Kq9Vt", "Ck8840Pm3Ru"
FULL = f"{PASSWORD}'\"$;\\#<>&é"
SECRETS = {"password": PASSWORD, "application_secret": APPLICATION_SECRET, "consumer_key": CONSUMER_KEY}
BY_VARIABLE = dict.fromkeys(("OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"), "")
BY_ENVIRONMENT = {"OVH_APPLICATION_SECRET": APPLICATION_SECRET, "OVH_CONSUMER_KEY": CONSUMER_KEY}
TOTAL = Hunt({})


def keys(lab: Lab) -> tuple[str, str]:
    """The API key as role variables, from a file."""
    path = lab.top / "keys.json"
    given = {"application_key": "test-ak", "application_secret": APPLICATION_SECRET, "consumer_key": CONSUMER_KEY}
    path.write_text(json.dumps({f"router_pppoe_{name}": value for name, value in given.items()}), encoding="utf-8")
    return ("-e", f"@{path}")


def secret_keys(lab: Lab) -> None:
    """Give the local API a key that can be looked for."""
    state = lab.admin("GET", "/state")
    record = next(iter(state["credentials"].values()))
    patch = {"applications": {"test-ak": APPLICATION_SECRET}, "credentials": {CONSUMER_KEY: record}}
    lab.admin("PUT", "/state", {**patch, "next_password": FULL, "mail_delay": 0.3})


def allowed(lab: Lab) -> tuple[Path, ...]:
    """The router's own files, the other side's memory, and what the test itself wrote."""
    names = ("etc-ppp/chap-secrets", "etc-ppp/pap-secrets", "ovh.json", "keys.json", "handed.json", "ovh.conf")
    return tuple(lab.top / name for name in names)


def looked_through(lab: Lab, runs: Callable[[], list[Run]], secrets: dict[str, str] | None = None) -> Hunt:
    """Do the runs, watching; then look through all that is left of them."""
    hunt = Hunt(secrets or SECRETS)
    with watched(hunt):
        done = runs()
    for run in done:
        hunt.look("output", run.output.encode())
    hunt.folder(lab.top, allowed(lab))
    for name in ("files", "size", "samples", "messages"):
        setattr(TOTAL, name, getattr(TOTAL, name) + getattr(hunt, name))
    assert hunt.files > 5 and hunt.samples > 50, hunt
    return hunt


def beside_the_environment(hunt: Hunt) -> set[tuple[str, str]]:
    """The hits, without the key in the environment of what was started with the key in its environment."""
    return {hit for hit in hunt.hits if hit[1] != "process environ" or hit[0] == "password"}


def cut(lab: Lab) -> None:
    lab.admin("PUT", "/state", {"next_password": FULL, "mail_delay": 0})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")


def said(run: Run, code: int, *words: str) -> Run:
    text = " ".join(run.output.split())
    assert (run.code != 0) == bool(code) and all(word in text for word in words), run.output
    return run


def test_renewal(lab: Lab, vault: Vault) -> None:
    """Every phase, in check mode and for real; the key as variables; both kinds of store."""
    secret_keys(lab)
    tasks = lab.top / "store.yml"
    tasks.write_text(
        "- ansible.builtin.command: {argv: [sh, -c, read -r word], stdin: '{{ router_pppoe_password }}'}\n"
        "  no_log: true\n  diff: false\n  delegate_to: localhost\n  vars: {ansible_pipelining: true}\n",
        encoding="utf-8",
    )
    words = (*FLAG, *keys(lab), *vault.words, "-e", f"router_pppoe_store={tasks}", "-vvvv", "--diff")

    def runs() -> list[Run]:
        settings = {**talkative(lab.top), **BY_VARIABLE}
        return [said(lab.play(*words, "--check", **settings), 0), said(lab.play(*words, **settings), 0)]

    hunt = looked_through(lab, runs)
    assert vault.stored() == {SERVICE: {"login": LOGIN, "password": FULL}}
    assert lab.line()["password"] == FULL and lab.line()["session"]["up"] and len(lab.posts()) == 1
    assert hunt.hits == set()


@pytest.mark.soak
def test_renewal_with_remote_files_kept(lab: Lab, vault: Vault) -> None:
    """ANSIBLE_KEEP_REMOTE_FILES keeps every module with its arguments: a renewal is in one process and sends none."""
    secret_keys(lab)
    settings = {**talkative(lab.top), **BY_ENVIRONMENT, "ANSIBLE_KEEP_REMOTE_FILES": "1"}
    words = (*FLAG, *vault.words, "-vvvv", "--diff")
    hunt = looked_through(lab, lambda: [said(lab.play(*words, **settings), 0)])
    assert list((lab.top / "ansible").rglob("AnsiballZ_*")) == []
    assert beside_the_environment(hunt) == set()


def test_failures(lab: Lab) -> None:
    """Writing fails, dialling fails, the session is refused, the mail cannot be read, the platform breaks."""
    secret_keys(lab)
    folder = lab.top / "mine"
    folder.mkdir()
    fact = f"- ansible.builtin.set_fact: {{router_pppoe_router: {{login: '{LOGIN}', writable: true}}}}\n"
    (folder / "probe.yml").write_text(fact, encoding="utf-8")
    down = "- ansible.builtin.set_fact: {router_pppoe_session: {up: false, address: '', uptime: '', error: ''}}\n"
    (folder / "status.yml").write_text(down, encoding="utf-8")
    (folder / "apply.yml").write_text(
        "- ownrouter.ovhcloud.pppoe_client:\n"
        "    platform: openwrt\n    state: set\n    login: bad\n    password: \"{{ router_pppoe_password ~ '\\n' }}\"\n"
        "  no_log: true\n  diff: false\n",
        encoding="utf-8",
    )
    custom = ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={folder}")
    twice = f"Bonjour,\n\nVos identifiants PPPoE de l'accès {SERVICE} :\n\nIdentifiant : {LOGIN}\n"
    twice += f"Mot de passe : {FULL}\nMot de passe : {FULL}2\n"

    def runs() -> list[Run]:
        settings = {**talkative(lab.top), **BY_VARIABLE}
        words = (*keys(lab), "-vvvv", "--diff")
        cut(lab)
        done = [said(lab.play(*words, *custom, **settings), 2, "What was done on the router is not known")]
        lab.admin("PUT", "/state", {"lines": {SERVICE: {"password": "another"}}})
        refused = (*words, "-e", "router_pppoe_session_timeout=2")
        done.append(said(lab.play(*refused, **settings), 2, "no new session came up"))
        lab.put_secret("stale")
        lab.stop_pppd()
        done.append(
            said(lab.play(*words, "-e", "router_pppoe_dial_command=false", **settings), 2, "with exit code 1: false")
        )
        assert "was not touched" not in done[-1].output  # it has login and password, and did not dial
        lab.admin("POST", "/mails", {"title": "Vos identifiants PPPoE", "text": twice, "age": 0})
        done.append(said(lab.play(*words, **settings), 2, "cannot be read"))
        handed = {"router_pppoe_login": "wrong@adsl.ovh", "router_pppoe_password": {"__ansible_unsafe": FULL}}
        (lab.top / "handed.json").write_text(json.dumps(handed), encoding="utf-8")
        hand = ("-e", f"@{lab.top / 'handed.json'}")
        done.append(
            said(lab.play(*words, *hand, playbook="ownrouter.ovhcloud.by_hand", **settings), 2, "wrong@adsl.ovh")
        )
        return done

    assert looked_through(lab, runs).hits == set()


def test_modules_alone(lab: Lab) -> None:
    """Each module in a play of the user's own that forgot no_log, and that fails in the end."""
    secret_keys(lab)
    cut(lab)
    modules: dict[str, dict[str, object]] = {
        "xdsl_info": {
            "required_rights": ["access", "renew", "service_mails", "session_log"],
            "router_address": "192.0.2.1",
        },
        "xdsl_ppp_login_mail": {"renew": True, "max_age": "1h", "state_dir": str(lab.top / "journal")},
        "xdsl_ppp_credentials_info": {"return_password": True},
        "xdsl_ppp_session_info": {},
    }
    tasks: list[dict[str, object]] = [
        {f"ownrouter.ovhcloud.{name}": {"service_name": SERVICE, **options}, "ignore_errors": True, "register": "kept"}
        for name, options in modules.items()
    ]
    tasks += [
        {f"ownrouter.ovhcloud.{name}": {"service_name": "xdsl-none-1", **options}, "ignore_errors": True}
        for name, options in modules.items()
        if name != "xdsl_ppp_login_mail"
    ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    (lab.top / "alone.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    settings = {**talkative(lab.top), **BY_ENVIRONMENT, "ANSIBLE_DEBUG": "1"}
    words = ("-vvvvv", "--diff")
    hunt = looked_through(lab, lambda: [said(lab.play(*words, playbook=str(lab.top / "alone.yml"), **settings), 0)])
    assert beside_the_environment(hunt) == set()


def runner(lab: Lab, playbook: str, *words: str) -> Run:
    """One playbook under ansible-runner, which keeps events, output, facts and the command as artefacts."""
    folder = lab.top / "runner"
    for name in ("project", "env"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    command = ["ansible-runner", "run", str(folder), "-p", playbook, "--inventory", str(lab.top / "inventory.json")]
    environment = {key: value for key, value in lab.environment().items() if not key.startswith("OVH_APPL")}
    environment.pop("OVH_CONSUMER_KEY")
    done = subprocess.run(
        [*command, f"--cmdline={' '.join(words)}"],
        env=environment,
        cwd=lab.top,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr, 0, 0)


def test_runner_artefacts(lab: Lab) -> None:
    """A renewal under ansible-runner, with the key in an ovh.conf."""
    secret_keys(lab)
    key = f"application_key=test-ak\napplication_secret={APPLICATION_SECRET}\nconsumer_key={CONSUMER_KEY}\n"
    (lab.top / ".ovh.conf").write_text(f"[{lab.url}/1.0]\n{key}", encoding="utf-8")
    hunt = Hunt(SECRETS)
    with watched(hunt):
        run = said(runner(lab, "ownrouter.ovhcloud.renew", "-vvvv --diff", *FLAG), 0)
    hunt.look("output", run.output.encode())
    hunt.folder(lab.top, (*allowed(lab), lab.top / ".ovh.conf"))
    assert len(list((lab.top / "runner" / "artifacts").rglob("*.json"))) > 20
    assert lab.line()["password"] == FULL and len(lab.posts()) == 1
    assert hunt.hits == set()
    for name in ("files", "size", "samples", "messages"):
        setattr(TOTAL, name, getattr(TOTAL, name) + getattr(hunt, name))


def test_each_search_can_find(lab: Lab) -> None:
    """A play that leaks in every way that is looked for: each place has it."""
    leaky = {
        "hosts": "router1",
        "gather_facts": False,
        "tasks": [
            {"ansible.builtin.command": {"argv": ["sleep", "0.4"]}, "environment": {"WORD": PASSWORD}},
            {"ansible.builtin.set_fact": {"kept": PASSWORD, "cacheable": True}},
            {"ansible.builtin.copy": {"content": PASSWORD, "dest": "{{ shared }}", "mode": "0600"}},
            # Last: the tree callback keeps the last result alone.
            {"ansible.builtin.command": {"argv": ["sh", "-c", "sleep 0.4", PASSWORD]}, "register": "shown"},
        ],
    }
    shared = Path("/var/tmp") / f"{lab.top.name}.shared"
    (lab.top / "leaky.yml").write_text(yaml.safe_dump([leaky]), encoding="utf-8")
    settings = {**talkative(lab.top), "ANSIBLE_KEEP_REMOTE_FILES": "1"}
    words = ("-vvvv", "--diff", "-e", f"shared={shared}")
    hunt = Hunt({"password": PASSWORD})
    try:
        with watched(hunt):
            run = said(lab.play(*words, playbook=str(lab.top / "leaky.yml"), **settings), 0)
            under = runner(lab, str(lab.top / "leaky.yml"), *words)
    finally:
        shared.unlink(missing_ok=True)
    assert under.code == 0, under.output
    hunt.look("output", run.output.encode())
    (lab.top / "leaky.yml").unlink()
    hunt.folder(lab.top, allowed(lab))
    places = {place for _name, place in hunt.hits}
    wanted = {"output", "process cmdline", "process environ", str(shared), "written/ansible.log", "written/everything"}
    if hunt.messages:
        wanted.add("system log")
    assert wanted <= places, wanted - places
    for start in ("ansible/remote/", "written/tree/", "written/junit/", "written/facts/", "runner/artifacts/"):
        assert any(place.startswith(start) for place in places), (start, places)
    assert any("AnsiballZ" in place for place in places), places


def test_amount() -> None:
    """The tests above looked through no little."""
    assert TOTAL.files > 80 and TOTAL.samples > 500, TOTAL
