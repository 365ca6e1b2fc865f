# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The new password is kept in an ansible-vault encrypted file before the router is touched."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import time

import pytest
from role.lab import LOGIN, SERVICE, Lab, Run
from role.scenarios import FLAG, failed, must, succeeded

from leaks.vaults import Vault

PASSWORD = "Kanarie'\"$;\\#<>&é:7391"


def has(lab: Lab, password: str) -> dict[str, dict[str, str]]:
    return {SERVICE: {"login": LOGIN, "password": password}}


def said(run: Run) -> str:
    return " ".join(run.output.split())


def test_kept_and_once(lab: Lab, vault: Vault) -> None:
    """A new file of mode 0600; check mode writes none; the same again changes nothing."""
    lab.admin("PUT", "/state", {"next_password": PASSWORD, "mail_delay": 0})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("refused")
    run = lab.play(*vault.words, "--check", "--diff")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts store and apply", run)
    assert not vault.path.exists()
    run = lab.play(*vault.words, "-vvvv", "--diff")
    succeeded(lab, run, changed=1, posts=0, hups=1)
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600
    assert vault.path.read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;office\n")
    assert vault.stored() == has(lab, PASSWORD)
    assert "Kanarie" not in run.output
    before = vault.path.read_bytes()
    succeeded(lab, lab.play(*vault.words), changed=0, posts=0, hups=1)
    assert vault.path.read_bytes() == before
    assert [path.name for path in vault.path.parent.iterdir()] == [vault.path.name]


@pytest.mark.soak
def test_before_the_router(lab: Lab, vault: Vault) -> None:
    """Kept before the router is written; what fails between request and store leaves the router alone."""
    words = (*vault.words, "-e", "router_pppoe_ppp_dir=" + str(lab.etc))
    seen = lab.top / "seen"
    folder = lab.top / "mine"
    folder.mkdir()
    probe = f"- ansible.builtin.set_fact: {{router_pppoe_router: {{login: '{LOGIN}', writable: true}}}}\n"
    (folder / "probe.yml").write_text(probe, encoding="utf-8")
    down = "- ansible.builtin.set_fact: {router_pppoe_session: {up: false, address: '', uptime: '', error: ''}}\n"
    (folder / "status.yml").write_text(down, encoding="utf-8")
    apply = f"- ansible.builtin.copy: {{src: {vault.path}, dest: {seen}, decrypt: false, mode: '0600'}}\n"
    (folder / "apply.yml").write_text(apply + "- ansible.builtin.fail: {msg: broken here}\n", encoding="utf-8")
    custom = ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={folder}")
    run = lab.play(*FLAG, *words, *custom)
    must(run.code != 0 and "What was done on the router is not known" in said(run), "the router fails", run)
    assert seen.read_bytes() == vault.path.read_bytes()
    assert vault.stored() == has(lab, lab.line()["password"])
    # The same command on a router that works: no second request, and nothing to keep.
    kept = vault.path.read_bytes()
    run = lab.play(*FLAG, *words)
    succeeded(lab, run, changed=1, posts=1, hups=1)
    assert vault.path.read_bytes() == kept


def test_store_fails_after_the_request(lab: Lab, vault: Vault) -> None:
    """The folder is gone when the mail comes: the router is set all the same, and the same command keeps it."""
    lab.admin("PUT", "/state", {"mail_delay": 4})

    def lose() -> None:
        end = time.monotonic() + 120
        while not lab.posts() and time.monotonic() < end:
            time.sleep(0.1)
        vault.path.parent.rmdir()

    losing = threading.Thread(target=lose, daemon=True)
    losing.start()
    run = lab.play(*FLAG, *vault.words)
    losing.join(1)
    failed(lab, run, 1, 1, "mkdir -p", "The router was set.", "without a second request")
    vault.path.parent.mkdir()
    succeeded(lab, lab.play(*FLAG, *vault.words), changed=1, posts=1, hups=1)
    assert vault.stored() == has(lab, lab.line()["password"])


@pytest.mark.soak
def test_other_content_stays(lab: Lab, vault: Vault) -> None:
    """Comments, other variables, the vault id and the mode of the user's own file stay; a link stays a link."""
    real = lab.top / "real.yml"
    real.write_text(vault.command("encrypt", "--output", "-", text="a: 1  # mine\nb: [x]\n"), encoding="utf-8")
    real.chmod(0o640)
    vault.path.symlink_to(real)
    words = (*vault.identity("other"), *vault.words)
    run = lab.play(*FLAG, *words)
    succeeded(lab, run, changed=1, posts=1, hups=1)
    assert vault.path.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o640
    assert vault.text().startswith("a: 1  # mine\nb: [x]\nrouter_pppoe_stored:\n")
    assert real.read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;office\n")


def direct(lab: Lab, words: tuple[str, ...], *rows: dict[str, str]) -> list[dict[str, object]]:
    """What the action itself answers to each row of options, without the role."""
    result = lab.top / "result.json"
    task = {
        "ownrouter.ovhcloud.credentials_vault": "{{ {'service_name': service} | combine(item) }}",
        "loop": list(rows),
        "register": "kept",
        "ignore_errors": True,
        "no_log": True,
    }
    copy = {"content": "{{ kept.results | to_json }}", "dest": str(result), "mode": "0600"}
    tasks = [task, {"ansible.builtin.copy": copy}]
    play = {"hosts": "localhost", "gather_facts": False, "vars": {"service": SERVICE}, "tasks": tasks}
    (lab.top / "direct.yml").write_text(json.dumps([play]), encoding="utf-8")
    run = lab.play(*words, playbook=str(lab.top / "direct.yml"))
    must(run.code == 0, "the play runs", run)
    found: list[dict[str, object]] = json.loads(result.read_text(encoding="utf-8"))
    assert len(found) == len(rows)
    return found


def test_refused_before_the_request(lab: Lab, vault: Vault) -> None:
    """Whatever would keep the password from being stored is found out before the line is cut."""
    file = ("-e", f"router_pppoe_store_vault_file={vault.path}")
    failed(lab, lab.play(*FLAG, *file), 0, 0, "--ask-vault-pass", "Nothing was changed: no new password was requested")
    run = lab.play(*FLAG, "-e", "router_pppoe_store=/nowhere/store.yml")
    failed(lab, run, 0, 0, "there is no such task file")
    assert not vault.path.exists()


def test_what_the_action_refuses(lab: Lab, vault: Vault) -> None:
    """Each reason says what to do, and quotes nothing of the file."""
    (lab.top / "plain.yml").write_text("a: Kanarie\n", encoding="utf-8")
    locked = lab.top / "locked.yml"
    locked.write_text(vault.command("encrypt", "--output", "-", text="a: 1\n"), encoding="utf-8")
    listed = lab.top / "listed.yml"
    listed.write_text(vault.command("encrypt", "--output", "-", text="- Kanarie\n"), encoding="utf-8")
    office, other = vault.identity("office"), vault.identity("other")
    rows: list[tuple[dict[str, str], str]] = [
        ({"path": str(vault.path)}, "router_pppoe_store_vault_id"),
        ({"path": str(vault.path), "vault_id": "none"}, "--vault-id none@prompt"),
        ({"path": str(lab.top / "nowhere" / "x.yml")}, f"mkdir -p {lab.top / 'nowhere'}"),
        ({"path": str(lab.top / "plain.yml")}, "ansible-vault encrypt"),
        ({"path": str(listed)}, "not a list of variables"),
        ({"path": "relative.yml"}, "not an absolute path"),
        ({"path": str(lab.top / "secrets")}, "it is not a regular file"),
    ]
    answers = direct(lab, (*office, *other), *(options for options, _word in rows))
    answers += direct(lab, other, {"path": str(locked)})
    wanted = [*(word for _options, word in rows), "this run's vault passwords (other)"]
    for answer, word in zip(answers, wanted, strict=True):
        assert answer["failed"] and word in str(answer["msg"]), answer
        assert "Kanarie" not in str(answer)
    # A full disk, or any other fault of writing: the old file stays, and no temporary one is left.
    before = locked.read_bytes()
    limited = "import resource, signal, sys, os; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400)); "
    limited += "from ansible_collections.ownrouter.ovhcloud.plugins.action.credentials_vault import VaultFile; "
    limited += "from ansible.parsing.vault import VaultSecret; "
    limited += f"VaultFile({str(locked)!r}, [], None).write('x' * 9000, ('default', VaultSecret(b'x')))"
    done = subprocess.run(
        [sys.executable, "-c", limited],
        env=lab.environment(PYTHONPATH=os.pathsep.join(map(str, lab.collections))),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "File too large" in done.stderr, done.stderr
    assert locked.read_bytes() == before
    assert not list(lab.top.glob(".locked*"))


@pytest.mark.soak
def test_used_by_a_play(lab: Lab, vault: Vault) -> None:
    """The file is a vars file; a password that looks like a template is a password."""
    nasty = "{{lookup('pipe','touch${IFS}evil')}}"
    given = lab.top / "given.json"
    given.write_text(json.dumps({"nasty": {"__ansible_unsafe": nasty}}), encoding="utf-8")
    file = {"path": str(vault.path), "login": LOGIN, "password": "{{ nasty }}"}
    (answer,) = direct(lab, (*vault.identity("office"), "-e", f"@{given}"), file)
    assert answer["changed"], answer
    text = f"""
- hosts: localhost
  gather_facts: false
  vars_files: [{vault.path}]
  tasks:
    - ansible.builtin.copy:
        content: "{{{{ router_pppoe_stored['{SERVICE}'].password }}}}"
        dest: {lab.top / "used"}
        mode: "0600"
"""
    (lab.top / "use.yml").write_text(text, encoding="utf-8")
    run = lab.play(*vault.identity("office"), playbook=str(lab.top / "use.yml"))
    must(run.code == 0, "the run succeeds", run)
    assert (lab.top / "used").read_text(encoding="utf-8") == nasty
    assert not list(lab.top.rglob("evil"))


def test_many_lines_at_once(lab: Lab, vault: Vault) -> None:
    """Hosts of one run share a file: no line's credentials are lost."""
    hosts = {f"line{number}": {"ansible_connection": "local"} for number in range(8)}
    (lab.top / "many.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    task = {"path": str(vault.path), "service_name": "{{ inventory_hostname }}", "login": "l", "password": "p"}
    play = {"hosts": "all", "gather_facts": False, "tasks": [{"ownrouter.ovhcloud.credentials_vault": task}]}
    (lab.top / "many.yml").write_text(json.dumps([play]), encoding="utf-8")
    words = ("-i", str(lab.top / "many.json"), "-f", "8", "--limit", "line*")
    run = lab.play(*vault.identity("office"), *words, playbook=str(lab.top / "many.yml"))
    must(run.code == 0, "the run succeeds", run)
    assert vault.stored() == {name: {"login": "l", "password": "p"} for name in hosts}
