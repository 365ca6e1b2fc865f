# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup by ansible-playbook itself, against the local OVH API."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ovh_api.running import Api, running
from ovh_api.world import LINE_1, LINE_2

from provisioning.conftest import COLLECTIONS

HISTORY = "/v2/notification/history"
CALL = "lookup('ownrouter.ovhcloud.xdsl_ppp_credentials', router_pppoe_service_name)"
KEPT = 'router_pppoe_stored:\n  {}:\n    login: !unsafe "{}"\n    password: !unsafe "{}"\n    mail_date: "{}"\n'


class Play:
    """Plays of two hosts, one for each line, and what became of them."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api, self.folder = api, folder
        lines = {"one": LINE_1, "two": LINE_2}
        hosts = {name: {"router_pppoe_service_name": line} for name, line in lines.items()}
        connection = {"router_pppoe_endpoint": "{{ url }}/1.0", "url": api.url, "ansible_connection": "local"}
        groups = {"all": {"hosts": hosts, "vars": connection}}
        (folder / "inventory.json").write_text(json.dumps(groups), encoding="utf-8")
        self.passwords = [api.line(line)["password"] for line in (LINE_1, LINE_2)]

    def store(self, line: str, login: str, password: str, at: str = "") -> tuple[str, ...]:
        """Has the line in the vault file."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = KEPT.format(line, login, password, at or now)
        content = VaultLib().encrypt(text, VaultSecret(b"opened"), None)
        (self.folder / "store.yml").write_bytes(content)
        (self.folder / "pass").write_text("opened\n", encoding="utf-8")
        return ("-e", f"router_pppoe_store_vault_file={self.folder}/store.yml", "--vault-password-file", "pass")

    def run(self, tasks: list[dict[str, Any]], *words: str, code: int = 0, posts: int = 0) -> str:
        play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
        (self.folder / "play.yml").write_text(json.dumps(play), encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "OVH_", "PYTHON"))}
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_NOCOLOR": "1",
            "OVH_REQUESTS_PER_MINUTE": "0",
            "OVH_APPLICATION_KEY": "test-ak",
            "OVH_APPLICATION_SECRET": "test-as",
            "OVH_CONSUMER_KEY": "test-ck",
            "HOME": str(self.folder),
            "COLUMNS": "1000",
        }
        program = Path(sys.executable).parent / "ansible-playbook"
        command = [sys.executable, str(program), "-i", "inventory.json", "play.yml", "-f", "5", *words]
        done = subprocess.run(
            command, cwd=self.folder, env={**kept, **settings}, capture_output=True, text=True, check=False
        )
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == code, said
        assert "Traceback" not in said and len(self.api.calls("POST")) == posts, said
        for password in self.passwords:
            assert password not in said
        left = [path for path in (self.folder / "tmp").rglob("*") if path.is_file()]
        assert not left, "the run has left something of what was shared"
        return said

    def asked(self) -> list[str]:
        """What was asked since the last look, without the clock."""
        with self.api.world.change() as state:
            found = [call["path"].removeprefix("/1.0") for call in state["calls"]]
            state["calls"].clear()
        return found


@pytest.fixture
def api() -> Iterator[Api]:
    with running() as one:
        one.set(mail_delay=0.2)
        yield one


@pytest.fixture
def play(api: Api, tmp_path: Path) -> Play:
    return Play(api, tmp_path)


def fact(**more: Any) -> dict[str, Any]:
    """What the documentation says to do."""
    return {"ansible.builtin.set_fact": {"pppoe": f"{{{{ {CALL} }}}}"}, "no_log": True, **more}


def written(folder: Path) -> dict[str, Any]:
    content = "{{ pppoe.source }} {{ pppoe.login }} {{ pppoe.password }}"
    return {
        "ansible.builtin.copy": {"content": content, "dest": f"{folder}/{{{{ inventory_hostname }}}}"},
        "no_log": True,
        "diff": False,
    }


def test_of_the_mail(play: Play, api: Api, tmp_path: Path) -> None:
    """Each line its own, by one list, at the highest verbosity nothing is shown."""
    said = play.run([fact(), written(tmp_path)], "-vvvv", "--diff")
    assert "ok=2" in said
    for name, line in (("one", LINE_1), ("two", LINE_2)):
        there = api.line(line)
        assert (tmp_path / name).read_text(encoding="utf-8") == f"mail {there['login']} {there['password']}"
    asked = play.asked()
    assert asked.count("/auth/time") == asked.count(HISTORY) == 1, asked


@pytest.mark.soak
def test_in_check_mode_and_by_query(play: Play, api: Api, tmp_path: Path) -> None:
    before = written(tmp_path)
    play.run([fact(), before], "--check")
    text = (
        f"{{{{ query('ownrouter.ovhcloud.xdsl_ppp_credentials', '{LINE_1}', '{LINE_2}') | map(attribute='login') }}}}"
    )
    said = play.run([{"ansible.builtin.debug": {"msg": text}, "run_once": True}])
    assert api.line(LINE_1)["login"] in said and api.line(LINE_2)["login"] in said


@pytest.mark.soak
def test_thirty_uses(play: Play, api: Api) -> None:
    """A loop, and a template for two hosts: one list, and with a store nothing else."""
    loop = [{"ansible.builtin.debug": {"msg": f"{{{{ ({CALL}).source }}}}"}, "loop": list(range(15))}]
    words = play.store(LINE_1, api.line(LINE_1)["login"], api.line(LINE_1)["password"])
    said = play.run(loop, *words, "--limit", "one")
    assert said.count('"msg": "store"') == 15
    assert sorted(play.asked()) == ["/auth/time", HISTORY]
    said = play.run(loop)
    assert said.count('"msg": "mail"') == 30
    asked = play.asked()
    assert asked.count(HISTORY) == 1 and sum("radius" in one for one in asked) == 2, asked


@pytest.mark.soak
def test_the_store_comes_first(play: Play, api: Api, tmp_path: Path) -> None:
    """Unless a mail is newer; with look_for_newer=false nothing is sent at all."""
    words = play.store(LINE_1, "l@x", "Kx7mQ2vR8tW4{{ 1 }}")
    play.run([fact(), written(tmp_path)], *words, "--limit", "one")
    assert (tmp_path / "one").read_text(encoding="utf-8") == "store l@x Kx7mQ2vR8tW4{{ 1 }}"
    play.asked()
    alone = {"ansible.builtin.debug": {"msg": f"{{{{ ({CALL[:-1]}, look_for_newer=false)).source }}}}"}}
    assert '"msg": "store"' in play.run([alone], *words, "--limit", "one") and play.asked() == []
    words = play.store(LINE_1, api.line(LINE_1)["login"], "of before", "2020-01-01T00:00:00Z")
    play.run([fact(), written(tmp_path)], *words, "--limit", "one")
    assert (tmp_path / "one").read_text(encoding="utf-8").startswith("mail ")


@pytest.mark.soak
def test_what_it_refuses(play: Play, api: Api, tmp_path: Path) -> None:
    """Each with what to do, and no traceback."""

    def said(call: str, *words: str) -> str:
        return play.run([{"ansible.builtin.debug": {"msg": f"{{{{ {call} }}}}"}}], "--limit", "one", *words, code=2)

    name = "lookup('ownrouter.ovhcloud.xdsl_ppp_credentials', '{}'{})"
    assert "which is no service name" in said(name.format("../x", ""))
    assert "no such option" in said(name.format(LINE_1, ", pasword='x'"))
    assert "router_pppoe_mail_source is 'pop', but it takes one of api, imap" in said(
        name.format(LINE_1, ", source='pop'")
    )
    assert "is not an access of this account" in said(name.format("xdsl-zz9-9", ""))
    folder = ("-e", f"router_pppoe_store={tmp_path}")
    assert "whose tasks a lookup cannot run" in said(CALL, *folder)
    words = play.store(LINE_1, "l@x", "x")
    (tmp_path / "pass").write_text("another\n", encoding="utf-8")
    assert "None of this run's vault passwords" in said(CALL, *words)
    (tmp_path / "store.yml").write_text("plain: text\n", encoding="utf-8")
    assert "it is not encrypted" in said(CALL, *words)
    api.admin("DELETE", "/mails")
    assert "has no credentials mail of it that can be taken" in said(CALL)


@pytest.mark.soak
def test_a_mail_that_comes_meanwhile(play: Play, api: Api, tmp_path: Path) -> None:
    """Within one run: a list that shows no mail of the line is asked for anew."""
    renew = {
        "ownrouter.ovhcloud.xdsl_ppp_login_mail": {
            "service_name": LINE_1,
            "endpoint": api.endpoint,
            "renew": True,
        },
        "delegate_to": "localhost",
    }
    with api.world.change() as one:
        one["mail_delay"] = 9
    before = {"ansible.builtin.debug": {"msg": f"{{{{ ({CALL}).source }}}}"}}
    tasks = [
        before,
        renew,
        {**before, "ignore_errors": True, "register": "early"},
        {"ansible.builtin.assert": {"that": "early is failed"}},
        {"ansible.builtin.pause": {"seconds": 10}},
        fact(),
        written(tmp_path),
    ]
    play.run(tasks, "--limit", "one", posts=1)
    assert (tmp_path / "one").read_text(encoding="utf-8") == (
        f"mail {api.line(LINE_1)['login']} {api.line(LINE_1)['password']}"
    )
