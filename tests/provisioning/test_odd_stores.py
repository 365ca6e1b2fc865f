# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores that people leave behind: each is used, or refused by a sentence, before anything is asked for or written."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest
from leaks.vaults import Vault
from role.lab import LOGIN, SERVICE, Lab
from role.scenarios import failed, succeeded

from provisioning.test_memory import HANDOVER

pytestmark = pytest.mark.soak
VARIABLE = "router_pppoe_stored:\n"


def entry(login: str, password: str, service: str = SERVICE, more: str = "") -> str:
    return f'  {service}:\n    login: !unsafe "{login}"\n    password: !unsafe "{password}"\n{more}'


def write(vault: Vault, text: str) -> None:
    vault.path.write_text(text, encoding="utf-8")
    vault.command("encrypt", str(vault.path))


def test_what_it_holds(lab: Lab, vault: Vault) -> None:
    """The line's mail is there: a store with nothing is filled, one of an older form is completed, others stop."""
    right = lab.line()["password"]
    other = entry("a@b", "otherpass1", "xdsl-zz-1")
    for text, said in (
        (VARIABLE + entry(LOGIN, right) + VARIABLE + other, "router_pppoe_stored 2 times; have all lines below one"),
        (VARIABLE + entry(LOGIN, right) + entry(LOGIN, "otherpass1"), "twice; leave the one that is right"),
        (f"x: &x {{login: a, password: otherpass1}}\n{VARIABLE}  xdsl-zz-1: *x\n", "by an alias"),
        (VARIABLE + entry(LOGIN, right, more="    mail_date: 2026-99-01\n"), "mail_date that is no time"),
        (f"{VARIABLE}  {SERVICE}:\n    login: a\n    password: 12345678\n", "something else than texts"),
        (f"{VARIABLE}  {SERVICE}:\n", "a line has nothing"),
    ):
        write(vault, text)
        before = vault.path.read_bytes()
        run = lab.play(*vault.words, "-e", "router_pppoe_renew=true")
        failed(lab, run, 0, 0, said, "Nothing was changed")
        assert vault.path.read_bytes() == before and right not in run.output and "otherpass1" not in run.output
    for text in (VARIABLE, "", f"# mine\nmine: [1, 2]\n{VARIABLE}{other}{entry(LOGIN, right)}"):
        write(vault, text)
        succeeded(lab, lab.play(*vault.words), changed=1, posts=0, hups=0)
        assert vault.entries()[SERVICE]["password"] == right and vault.entries()[SERVICE]["mail_date"]
        assert not text or text.splitlines()[0] in vault.text()
        succeeded(lab, lab.play(*vault.words), changed=0, posts=0, hups=0)
    assert vault.entries()["xdsl-zz-1"]["password"] == "otherpass1"


def test_how_it_is_there(lab: Lab, vault: Vault, tmp_path: Path) -> None:
    """Its rights are kept, and an empty file is none yet; what cannot be used is said with what to do."""
    vault.path.write_bytes(b"")
    os.chmod(vault.path, 0o640)
    run = lab.play(*vault.words, "--check")
    assert run.code == 0 and run.recap("changed") == 1 and vault.path.read_bytes() == b"", run.output
    succeeded(lab, lab.play(*vault.words), changed=1, posts=0, hups=0)
    assert vault.path.stat().st_mode & 0o777 == 0o640
    for words, said in (
        (vault.words[:2], "this run has no vault password. Add --vault-id"),
        (vault.words[:2], "-e router_pppoe_renew=true --ask-vault-pass ownrouter"),
        (("-e", f"router_pppoe_store_vault_file={vault.path}", *vault.identity("other")), "opens"),
        (("-e", "router_pppoe_store_vault_file=pppoe.yml", *vault.words[2:]), "is not an absolute path"),
        (("-e", f"router_pppoe_store_vault_file={tmp_path}/no/a.yml", *vault.words[2:]), f"mkdir -p {tmp_path}/no"),
    ):
        failed(lab, lab.play(*words, "-e", "router_pppoe_renew=true"), 0, 0, said, "Nothing was changed")


def test_a_disk_that_is_full(lab: Lab, vault: Vault) -> None:
    """It is found before the line is cut, whatever the entry point."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "x", str(vault.path.parent)], check=False).returncode:
        pytest.skip("no right to mount")
    try:
        with contextlib.suppress(OSError):
            (vault.path.parent / "fill").write_bytes(b"x" * 65536)
        for play in ("ownrouter.ovhcloud.renew", str(handover(lab))):
            run = lab.play(*vault.words, "-e", "router_pppoe_renew=true", playbook=play)
            failed(lab, run, 0, 0, "No space left on device", "no new password was requested")
    finally:
        subprocess.run(["umount", "-l", str(vault.path.parent)], check=True)


def handover(lab: Lab) -> Path:
    path = lab.top / "handover.yml"
    path.write_text(HANDOVER, encoding="utf-8")
    return path


def test_what_a_request_has_made_worthless(lab: Lab, vault: Vault) -> None:
    """A run without the flag hands out no password of before a request that is not answered, and says what goes on."""
    succeeded(lab, lab.play(*vault.words), changed=1, posts=0, hups=0)
    lab.admin("PUT", "/state", {"mail_delay": 3600})
    late = (*vault.words, "-e", "router_pppoe_mail_timeout=1")
    failed(lab, lab.play(*late, "-e", "router_pppoe_renew=true"), 1, 0, "came within 1 s")
    for play in ("ownrouter.ovhcloud.renew", str(handover(lab))):
        failed(
            lab, lab.play(*late, playbook=play), 1, 0, "its mail is not there: what the store holds is no longer valid"
        )
