# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin by ``ansible-inventory`` itself, against the local OVH API."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

COLLECTIONS = Path(__file__).resolve().parents[7]
SECRETS = {"OVH_APPLICATION_SECRET": "test-as", "OVH_CONSUMER_KEY": "test-ck"}
#: Of the local API's lines: words of the postal address, and the IP addresses.
ADDRESS = ("Roubaix", "KELLERMANN", "Tarbouriech", "59100", "203.0.113.", "2001:db8:")


class Inventory:
    """A folder with one ``*.xdsl.yml``, and what ansible-inventory says of it."""

    def __init__(self, api, folder):
        self.api, self.folder = api, folder
        self.env = {"OVH_ENDPOINT": api.endpoint, "OVH_APPLICATION_KEY": "test-ak", **SECRETS}

    def write(self, text="", name="lines.xdsl.yml"):
        (self.folder / name).write_text(f"plugin: ownrouter.ovhcloud.xdsl\n{text}", encoding="utf-8")

    def program(self, name, *words, **env):
        """A program of Ansible's, of this environment, beside ansible-test's own settings of Python's paths."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "OVH_", "PYTHON"))}
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_NOCOLOR": "1",
            "OVH_REQUESTS_PER_MINUTE": "0",
            "HOME": str(self.folder),
            "COLUMNS": "1000",
        }
        command = [sys.executable, str(Path(sys.executable).parent / name), *words]
        around = {**kept, **settings, **self.env, **env}
        done = subprocess.run(command, cwd=self.folder, env=around, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stdout + done.stderr
        for secret in SECRETS.values():
            assert secret not in done.stdout + done.stderr
        return done

    def run(self, *words, source="lines.xdsl.yml", **env):
        done = self.program("ansible-inventory", "-i", source, *words, **env)
        said = " ".join(done.stderr.split())
        assert done.returncode == 0, said
        return done.stdout, said

    def hosts(self, **env):
        """The variables of each host, and what was said beside."""
        listed, said = self.run("--list", **env)
        return plain(json.loads(listed)["_meta"]["hostvars"]), said

    def calls(self):
        """The paths that were asked for since the last look."""
        with self.api.world.change() as state:
            found = [call["path"].removeprefix("/1.0") for call in state["calls"]]
            state["calls"].clear()
        return found


def plain(value):
    """What OVHcloud says is no template to Ansible, and so marked in JSON."""
    if isinstance(value, dict):
        return value.get("__ansible_unsafe") or {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def inventory(api, tmp_path):
    folder = tmp_path / "inventory"
    folder.mkdir()
    made = Inventory(api, folder)
    made.write()
    return made


def lines(api, count):
    """An account with that many lines."""
    with api.world.change() as state:
        one = next(iter(state["lines"].values()))
        state["lines"] = {f"xdsl-ab12345-{number}": copy.deepcopy(one) for number in range(1, count + 1)}
        for number, line in enumerate(state["lines"].values()):
            line["access"]["description"] = f"agence-{number + 1}"
        state["calls"].clear()


@pytest.mark.parametrize(("count", "requests"), [(3, 3), (100, 4)])
def test_each_line_is_a_host_and_few_requests_tell_of_all(api, inventory, count, requests):
    lines(api, count)
    graph, _said = inventory.run("--graph")
    for group in ("xdsl_status_active", "xdsl_access_type_ftth", "xdsl_provider_ft", "xdsl_profile_b"):
        members = graph.split(f"@{group}:\n")[1].split("|--@")[0]
        assert len(re.findall(r"--xdsl-ab12345-\d+", members)) == count
    assert len(inventory.calls()) == requests


def test_no_line_is_no_host_and_is_said(api, inventory):
    lines(api, 0)
    graph, said = inventory.run("--graph")
    assert graph.split() == ["@all:", "|--@ungrouped:"]
    assert "This account has no xDSL or FTTH line." in said


def test_what_is_told_of_a_line(api, inventory):
    lines(api, 1)
    inventory.write("with_login: true\nwith_ips: true\n")
    found, _said = inventory.hosts()
    assert found == {
        "xdsl-ab12345-1": {
            "router_pppoe_service_name": "xdsl-ab12345-1",
            "xdsl_access_type": "ftth",
            "xdsl_description": "agence-1",
            "xdsl_ips": ["203.0.113.10", "2001:db8:1:100::"],
            "xdsl_login": "0320123456_1@adsl.ovh",
            "xdsl_mtu": 1492,
            "xdsl_profile": "B",
            "xdsl_provider": "ft",
            "xdsl_role": "main",
            "xdsl_status": "active",
            "xdsl_vlan": 835,
        }
    }


def test_a_line_meets_its_router(api, inventory):
    """By name in a folder, and by what is composed; a description is text, whatever stands in it."""
    lines(api, 3)
    with api.world.change() as state:
        state["lines"]["xdsl-ab12345-2"]["access"].update(description="{{ 7 * 6 }}", status="migration")
    inventory.write(
        "hostname: description\nfilters: {status: [active, mig*]}\n"
        "compose:\n  ansible_host: inventory_hostname ~ '.example.net'\n"
        "groups:\n  routers: xdsl_status == 'active'\n"
        "keyed_groups:\n  - {key: xdsl_provider, prefix: by}\n"
    )
    (inventory.folder / "routers.yml").write_text("routers: {hosts: {agence-3: {ansible_user: admin}}}\n")
    groups = json.loads(inventory.run("--list", "-i", "routers.yml")[0])
    assert groups["routers"]["hosts"] == ["agence-1", "agence-3"]
    assert sorted(groups["by_ft"]["hosts"]) == ["7-6", "agence-1", "agence-3"]
    hosts = plain(groups["_meta"]["hostvars"])
    assert hosts["agence-3"]["ansible_host"] == "agence-3.example.net"
    assert hosts["agence-3"]["ansible_user"] == "admin"
    assert hosts["agence-3"]["router_pppoe_service_name"] == "xdsl-ab12345-3"
    assert hosts["7-6"]["xdsl_description"] == "{{ 7 * 6 }}"


def test_the_cache_spares_all_requests_and_holds_no_secret_and_no_address(api, inventory):
    lines(api, 3)
    cache = inventory.folder / "cache"
    inventory.write(
        f"with_login: true\ncache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: {cache}\n"
    )
    first, _said = inventory.hosts()
    assert len(inventory.calls()) == 6
    second, _said = inventory.hosts(OVH_ENDPOINT=api.endpoint)
    assert second == first and inventory.calls() == []
    kept = "".join(path.read_text() for path in cache.iterdir())
    assert "xdsl-ab12345-3" in kept
    for word in (*SECRETS.values(), *ADDRESS):
        assert word not in kept
    inventory.hosts(OVH_APPLICATION_KEY="another")  # refused by the API: it was asked, and not the cache
    assert inventory.calls()
    inventory.run("--list", "--flush-cache")
    assert len(inventory.calls()) == 6


def test_addresses_are_asked_for_again_where_they_are_wished_with_a_cache(api, inventory):
    lines(api, 2)
    cache = inventory.folder / "cache"
    inventory.write(f"with_ips: true\ncache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: {cache}\n")
    first, _said = inventory.hosts()
    inventory.calls()
    assert inventory.hosts()[0] == first
    assert [path for path in inventory.calls() if path != "/auth/time"] == [
        "/xdsl/xdsl-ab12345-1/ips",
        "/xdsl/xdsl-ab12345-2/ips",
    ]
    assert not any(word in path.read_text() for path in cache.iterdir() for word in ADDRESS)
    # OVHcloud refuses the key, or is away: the lines are there all the same, and it is asked once.
    with api.world.change() as state:
        next(iter(state["credentials"].values()))["status"] = "expired"
    found, said = inventory.hosts()
    assert list(found) == list(first) and not any("xdsl_ips" in of_host for of_host in found.values())
    assert said.count("The lines are those of the cache, without xdsl_ips.") == 1
    assert [path for path in inventory.calls() if path != "/auth/time"] == ["/xdsl/xdsl-ab12345-1/ips"]
    # A file that cannot be read is no answer, and OVHcloud is asked.
    for path in cache.iterdir():
        path.write_text("{broken", encoding="utf-8")
    assert "So none of this account's lines is in the inventory." in inventory.hosts()[1]


def test_what_may_not_be_read_is_left_out_and_said(api, inventory):
    """A key for one line; and a service name that is another account's."""
    lines(api, 3)
    inventory.write("filters: {service_name: ['xdsl-ab12345-?', 'xdsl-zz99999-1']}\n")
    with api.world.change() as state:
        credential = next(iter(state["credentials"].values()))
        credential["rules"] = [{"method": "GET", "path": path} for path in ("/xdsl", "/xdsl/xdsl-ab12345-2")]
    found, said = inventory.hosts()
    assert list(found) == ["xdsl-ab12345-2"]
    assert (
        "Left out, because it cannot be read: xdsl-ab12345-1 and 1 more." in said and "do not hold this right" in said
    )
    assert (
        "xdsl-zz99999-1 is no line of this account, which has xdsl-ab12345-1, xdsl-ab12345-2, xdsl-ab12345-3." in said
    )


def test_what_is_wrong_is_said_in_a_sentence_each(inventory):
    wrong = {
        "consumer_key: wrong\n": "OVHcloud does not accept these credentials",
        "endpoint: http://127.0.0.1:9/1.0\n": "http://127.0.0.1:9/1.0 could not be reached",
        "endpoint: nowhere\n": "'nowhere': not a region that the ovh client knows",
        "filters: {colour: red}\n": "filters has colour, but lines can be picked by service_name",
        "filters: {status: {a: b}}\n": "filters.status takes a text, or a list of texts.",
        "filter: {status: active}\n": "filter is no option of it. Is filters meant? It takes ",
        "endpoint: '{{ nothing }}'\n": "endpoint cannot be filled in: 'nothing' is undefined.",
    }
    sources = []
    for number, text in enumerate(wrong):
        inventory.write(text, f"{number}.xdsl.yml")
        sources += ["-i", f"{number}.xdsl.yml"]
    graph, said = inventory.run("--graph", *sources[2:], source=sources[1])
    assert "xdsl-" not in graph
    for sentence in wrong.values():
        assert sentence in said
    assert said.count("plugin: ") and said.count(" So none of this account's lines is in the inventory.") >= len(wrong)


def test_a_key_without_the_right_is_told_so(api, inventory):
    with api.world.change() as state:
        next(iter(state["credentials"].values()))["rules"] = [{"method": "GET", "path": "/me"}]
    graph, said = inventory.run("--graph")
    assert "xdsl-" not in graph
    assert (
        "GET /xdsl: the credentials" in said
        and "do not hold this right. Create a consumer key with the rule GET /xdsl" in said
    )


def test_a_secret_may_be_in_a_vault_and_an_option_a_template(inventory):
    vaulted = VaultLib([("default", VaultSecret(b"lock"))]).encrypt(b"test-as").decode().replace("\n", "\n  ")
    inventory.write(
        f"application_secret: !vault |\n  {vaulted}\n"
        "consumer_key: \"{{ lookup('ansible.builtin.env', 'MY_KEY') }}\"\n"
    )
    (inventory.folder / "lock").write_text("lock")
    for name in SECRETS:
        inventory.env.pop(name)
    found, _said = inventory.hosts(MY_KEY="test-ck", ANSIBLE_VAULT_PASSWORD_FILE=str(inventory.folder / "lock"))
    assert len(found) == 2


def test_a_damaged_ovh_conf_is_named_and_not_quoted(inventory):
    """The ovh client reads it as it is imported, and would quote the line: the plugin, and a module used alone."""
    (inventory.folder / ".ovh.conf").write_text("application_secret=Kanarie7391\n")
    _graph, said = inventory.run("--graph")
    assert "/.ovh.conf cannot be understood as an ovh.conf" in said and "Kanarie" not in said
    module = inventory.program("ansible", "localhost", "-m", "ownrouter.ovhcloud.xdsl_info")
    assert "/.ovh.conf cannot be understood as an ovh.conf" in module.stdout + module.stderr
    assert "Kanarie" not in module.stdout + module.stderr


def test_only_its_own_files_are_taken(inventory):
    inventory.write(name="lines.yml")
    graph, _said = inventory.run("--graph", source="lines.yml")
    assert "xdsl-" not in graph
    inventory.write(name="xdsl.yaml")
    assert "xdsl-ab12345-1" in inventory.run("--graph", source="xdsl.yaml")[0]


def page_files():
    """The files of docs/inventory.md, by path: each begins with its own name."""
    page = (Path(__file__).resolve().parents[4] / "docs" / "inventory.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```yaml\n# ([^\s:]+)[^\n]*\n(.*?)^```", page)
    shown = re.search(r"(?ms)^\$ ansible-inventory -i (\S+) --graph\n(.*?)^```", page)
    return dict(blocks), shown


def test_the_page_shows_what_is_so(inventory):
    """Its folders are inventories, and give each line its router."""
    files, shown = page_files()
    for name, text in files.items():
        (inventory.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (inventory.folder / name).write_text(text)
    assert inventory.run("--graph", source=shown[1])[0] == shown[2]
    for folder, first in (
        ("inventory/", {"xdsl-ab12345-1": "192.0.2.10", "ftth-ab12345-2": "192.0.2.20"}),
        ("by-description/", {"Agence-1": "agence-1.mgmt.example.net", "Agence-2": "agence-2.mgmt.example.net"}),
        ("by-list/", {"xdsl-ab12345-1": "addresses", "ftth-ab12345-2": "addresses"}),
    ):
        listed = json.loads(inventory.run("--list", source=folder)[0])
        hosts = plain(listed["_meta"]["hostvars"])
        assert sorted(listed["routers"]["hosts"]) == sorted(first)
        for name, address in first.items():
            assert address in str(hosts[name]["ansible_host"])
            assert hosts[name]["router_pppoe_service_name"].endswith(("ab12345-1", "ab12345-2"))
    assert yaml.safe_load(files["cached/lines.xdsl.yml"])["cache"] is True


def test_the_page_has_each_sentence():
    page = (Path(__file__).resolve().parents[4] / "docs" / "inventory.md").read_text(encoding="utf-8")
    source = (Path(__file__).resolve().parents[4] / "plugins" / "inventory" / "xdsl.py").read_text(encoding="utf-8")
    for text in re.findall(r'(?:warning|ParserError)\(f?"([^"]+)"', source):
        pieces = [piece.strip() for piece in re.split(r"\{[^}]*\}", text)]
        assert all(piece in page for piece in pieces if len(piece.split()) > 1), text
