# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each page of docs/tutorials, word by word: its files, its commands, what it says that they print.

What differs from a reader's world stands beside the inventory, in host_vars: where the local API and the played router
listen, and short waits. Nothing of a page is replaced.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openwrt.box import Box
from platforms.needs import find
from platforms.sshd import Sshd
from role.lab import Lab
from role.site import LOGIN, ROLE, SERVICE, Run, Site
from routeros.certificates import Kind, make_certificate, make_signed
from routeros.client import Client, Provider, client_row
from routeros.router import User
from routeros.running import Mikrotik

from . import rest_router
from .conftest import KEY
from .page import Command, File, Reader, parts, text_of

APT = "sudo apt-get install python3-venv openssh-client"
VAULT_PASSWORD = "one that nobody guesses"
ANSWERS = {"Vault password: ": VAULT_PASSWORD, "Confirm New Vault password": VAULT_PASSWORD}
#: Registries are not asked, and what is installed here already does.
CLOSED = {"PIP_NO_INDEX": "1", "ANSIBLE_GALAXY_SERVER": "http://127.0.0.1:9"}
#: The key is in files of the page, and in nothing else.
NO_KEY = dict.fromkeys(("OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"), "")
WAITS = {name: value for name, value in ROLE.items() if name != "router_pppoe_service_name"}


def played(site: Site, **more: Any) -> str:
    """What stands in host_vars: short waits, this site's folder, and what is given."""
    return json.dumps({**WAITS, "router_pppoe_state_dir": str(site.top / "journal"), **more})


def file_of(text: str, path: str) -> str:
    """The file of a page, the last of that name."""
    return [one.text for one in parts(text) if isinstance(one, File) and one.path == path][-1]


def last(reader: Reader, words: str) -> Run:
    """How the last command with these words ended."""
    return [run for command, run in reader.runs if words in command][-1]


def renewed(site: Site, reader: Reader | None = None, service: str = SERVICE) -> None:
    """One request, by the page's command for it, and the line is up on the password that it led to."""
    assert len([call for call in site.posts() if service in call["path"]]) == 1
    line = site.line(service)
    assert line["session"]["up"] and line["requests"]
    if reader:
        (command,) = reader.asking
        assert "-e router_pppoe_renew=true" in command and "--check" not in command, command


def hidden(site: Site, reader: Reader, service: str = SERVICE) -> None:
    """The password of the line is in nothing that a playbook printed."""
    password = site.line(service)["password"]
    assert not [command for command, run in reader.runs if "ansible-playbook" in command and password in run.output]


# --- at home, a MikroTik ---------------------------------------------------------------------------------------------


def as_typed_on_the_router(text: str, site: Site, host: str) -> tuple[Mikrotik, tuple[Path, Path], str]:
    """A RouterOS router with the user, the rights and the certificate that the page's commands give it."""
    typed = re.findall(r"(?ms)^```routeros\n(.*?)^```", text)[0]
    group = re.search(r"/user group add name=(\S+) policy=(\S+)", typed)
    user = re.search(r"/user add name=(\S+) group=(\S+) address=\S+ password=\"([^\"]+)\"", typed)
    certificate = re.search(
        r"/certificate add name=(\S+) common-name=\S+ subject-alt-name=IP:(\S+) key-usage=(\S+)", typed
    )
    exported = re.search(r"export-certificate (\S+) type=pem", typed)
    assert group and user and certificate and exported
    assert user[2] == group[1] and certificate[2] == host and "digital-signature" in certificate[3]
    assert f"/certificate sign {certificate[1]} ca={exported[1]}" in typed
    assert f"/ip service set api-ssl certificate={certificate[1]} " in typed
    mikrotik = Mikrotik(site.url, SERVICE, LOGIN, site.line()["password"])
    mikrotik.router.users = {user[1]: User(user[3], frozenset(group[2].split(",")))}
    authority, signed, key = make_signed(site.top, Kind())
    return mikrotik, (signed, key), authority.read_text(encoding="utf-8")


@pytest.mark.soak
def test_at_home_a_mikrotik(world: Site) -> None:
    text = text_of("home-mikrotik.md")
    (host,) = yaml.safe_load(file_of(text, "inventory.yml"))["routers"]["hosts"].values()
    mikrotik, certificate, authority = as_typed_on_the_router(text, world, host["ansible_host"])
    scp = "scp admin@192.168.88.1:cert_export_api-ca.crt ."
    with mikrotik.running(certificate) as given:
        here = {"ansible_host": "127.0.0.1", "router_pppoe_routeros_port": given["router_pppoe_routeros_port"]}
        reader = Reader(
            world,
            answers=ANSWERS,
            untried=[
                'nmcli connection modify "Wired connection 1" ipv4.never-default yes ipv6.never-default yes',
                'nmcli connection up "Wired connection 1"',
                "ip route get 203.0.113.1",
                "ip route get 192.168.88.1",
                APT,
                scp,
            ],
            beside={
                scp: {"cert_export_api-ca.crt": authority},
                "inventory.yml": {
                    "host_vars/home.yml": played(world, router_pppoe_endpoint=f"{world.url}/1.0", **here)
                },
            },
            environment={**CLOSED, **NO_KEY},
        )
        reader.follow(text)
    renewed(world, reader)
    hidden(world, reader)
    kept = (reader.folder / "group_vars/routers/vault.yml").read_text(encoding="utf-8")
    assert kept.startswith("$ANSIBLE_VAULT") and KEY["consumer_key"] not in kept
    assert mikrotik.client.row["password"] == world.line()["password"]


# --- one office ------------------------------------------------------------------------------------------------------


def nightly(text: str) -> str:
    """The page with the command of its service as one more step, as systemd gives it: %h is the home."""
    command = re.search(r"(?m)^ExecStart=%h/ownrouter/bin/(.*)$", text)
    folder = re.search(r"(?m)^WorkingDirectory=%h/(.*)$", text)
    assert command and folder
    return f"{text}\n```console\n$ cd ~/{folder[1]} && {command[1].replace('%h', '~')}\n```\n"


def in_the_conf(text: str, site: Site) -> str:
    """The ovh.conf of the page, and its key for the local API, too."""
    conf = configparser.RawConfigParser()
    conf.read_string(file_of(text, "~/.ovh.conf"))
    assert conf["default"]["endpoint"] == "ovh-eu" and dict(conf["ovh-eu"]) == KEY
    key = "\n".join(f"{name}={value}" for name, value in conf["ovh-eu"].items())
    return f"{file_of(text, '~/.ovh.conf')}[{site.url}/1.0]\n{key}\n"


def office(site: Site, text: str, router: dict[str, Any], without: str) -> Reader:
    return Reader(
        site,
        untried=[
            APT,
            "ssh root@192.0.2.10 true",
            "systemctl --user enable --now renew.timer",
            "loginctl enable-linger",
        ],
        without=[without],
        beside={
            "~/.ovh.conf": {"~/.ovh.conf": in_the_conf(text, site)},
            "inventory.yml": {"host_vars/office-lyon.yml": played(site, **router)},
        },
        environment={**CLOSED, **NO_KEY},
    )


def kept(site: Site, reader: Reader) -> None:
    """The encrypted file has the line's password, and the last run had nothing to do."""
    assert site.line()["password"] in last(reader, "ansible-vault view").output
    assert last(reader, "cd ~/renew && ansible-playbook").recap("changed", "office-lyon") == 0


def test_one_office_with_debian(lab: Lab) -> None:
    text = nightly(text_of("one-office.md"))
    (given,) = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"].values()
    here = {name: value for name, value in given.items() if name.startswith(("ansible_", "router_pppoe_"))}
    here = {name: value for name, value in here.items() if name not in (*ROLE, "router_pppoe_state_dir")}
    reader = office(lab, text, here, "OpenWrt")
    reader.follow(text)
    renewed(lab, reader)
    hidden(lab, reader)
    kept(lab, reader)


@contextlib.contextmanager
def openwrt(site: Site) -> Iterator[dict[str, Any]]:
    """A router of that kind behind a real SSH server; how it is reached."""
    folder = site.top / "ssh"
    folder.mkdir()
    provider = Provider(site.url, SERVICE)
    with Box(site.top / "router", provider, LOGIN, site.line()["password"], Path(find("busybox"))) as box:
        login = folder / "login"
        login.write_text(
            "#!/bin/sh\nexec env -i HOME=/root USER=root PATH=/usr/sbin:/usr/bin:/sbin:/bin "
            f'{find("chroot")} {box.root} /bin/ash -c "$SSH_ORIGINAL_COMMAND"\n',
            encoding="utf-8",
        )
        login.chmod(0o755)
        with Sshd(folder, [str(login)]) as server:
            yield server.variables


@pytest.mark.soak
def test_one_office_with_openwrt(world: Site) -> None:
    text = nightly(text_of("one-office.md"))
    with openwrt(world) as given:
        reader = office(world, text, given, "Debian")
        reader.follow(text)
    renewed(world, reader)
    hidden(world, reader)
    kept(world, reader)


# --- fifty sites in AWX ----------------------------------------------------------------------------------------------

OTHER = "ftth-ab12345-2"
ROUTER_PASSWORD = "password-of-the-routers"


def injected(text: str, site: Site) -> dict[str, str]:
    """The environment that AWX gives a job with a credential of the page's type."""
    fields = yaml.safe_load(file_of(text, "awx/inputs.yml"))
    values = {**KEY, "endpoint": f"{site.url}/1.0", "router_password": ROUTER_PASSWORD}
    assert [one["id"] for one in fields["fields"]] == fields["required"] and set(fields["required"]) == set(values)
    assert {one["id"] for one in fields["fields"] if one.get("secret")} >= {"application_secret", "consumer_key"}
    env = yaml.safe_load(file_of(text, "awx/injectors.yml"))["env"]
    return {name: re.sub(r"\{\{ (\w+) \}\}", lambda found: values[found[1]], value) for name, value in env.items()}


def templates(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The job templates of the page: playbook and extra variables."""
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ") and ".yml`" in line]
    found = {}
    for name, playbook, variables, *_rest in rows:
        given = re.findall(r"`(\w+): (\w+)`", variables)
        found[name.strip()] = (playbook.strip(" `"), dict(given))
    return found


def launch(reader: Reader, template: tuple[str, dict[str, str]], number: int, limit: str = "", **survey: str) -> Run:
    """A job as AWX runs it: by ansible-runner, in a folder and a home of its own."""
    site, (playbook, variables) = reader.site, template
    job = site.top / f"job-{number}"
    (job / "env").mkdir(parents=True)
    (job / "home").mkdir()
    given = {name: value == "true" or value for name, value in variables.items()}
    (job / "env" / "extravars").write_text(json.dumps({**given, **survey}), encoding="utf-8")
    command = ["ansible-runner", "run", str(job), "--project-dir", str(reader.folder), "-p", playbook]
    command += ["--inventory", str(reader.folder / "inventory"), *(["--limit", limit] if limit else [])]
    env = {**site.environment(**reader.environment), "HOME": str(job / "home")}
    done = subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200, check=False
    )
    return Run(done.returncode, done.stdout + done.stderr, 0, 0)


@pytest.mark.soak
def test_fifty_sites_in_awx(world: Site) -> None:
    text = text_of("fifty-sites-awx.md")
    hosts = yaml.safe_load(file_of(text, "inventory/routers.yml"))["routers"]["hosts"]
    assert list(hosts) == [SERVICE, OTHER]
    beside: dict[str, str] = {}
    authority, signed, key = make_signed(world.top, Kind())
    with contextlib.ExitStack() as stack:
        for service in hosts:
            line = world.line(service)
            mikrotik = Mikrotik(world.url, service, line["login"], line["password"])
            mikrotik.router.users = {"renew": User(ROUTER_PASSWORD, frozenset(["api", "read", "write", "sensitive"]))}
            port = stack.enter_context(mikrotik.running((signed, key)))["router_pppoe_routeros_port"]
            here = {"ansible_host": "127.0.0.1", "router_pppoe_routeros_port": port}
            beside[f"inventory/host_vars/{service}.yml"] = played(world, **here)
        somebody = {
            f"GIT_{who}_{what}": "a@example.net" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        reader = Reader(
            world,
            beside={"inventory/routers.yml": {**beside, "routers-ca.crt": authority.read_text(encoding="utf-8")}},
            environment={**CLOSED, **injected(text, world), **somebody},
        )
        reader.follow(text)
        jobs = templates(text)
        assert list(jobs) == ["Could I?", "Renew one", "Renew what is old", "Finish by hand"]
        run = launch(reader, jobs["Could I?"], 1)
        assert run.code == 0 and run.output.count("could renew now: yes") == 2 and not world.posts(), run.output
        run = launch(reader, jobs["Renew one"], 2, limit=OTHER)
        assert run.code == 0 and [OTHER in call["path"] for call in world.posts()] == [True], run.output
        for number, posts in ((3, 2), (4, 2)):
            run = launch(reader, jobs["Renew what is old"], number)
            assert run.code == 0 and len(world.posts()) == posts, run.output
        assert reader.asking == []
        renewed(world)
        renewed(world, service=OTHER)
        world.admin("PUT", "/state", {"mail_delay": 86400})
        password = str(world.admin("POST", f"/line/{OTHER}/rotate")["password"])
        survey = {"router_pppoe_login": world.line(OTHER)["login"], "router_pppoe_password": password}
        run = launch(reader, jobs["Finish by hand"], 5, limit=OTHER, **survey)
        assert run.code == 0 and world.line(OTHER)["session"]["up"] and len(world.posts()) == 2, run.output
        assert password not in run.output


# --- a platform of one's own -----------------------------------------------------------------------------------------


@pytest.mark.soak
def test_my_own_platform(world: Site) -> None:
    text = text_of("own-platform.md")
    certificate = make_certificate(world.top)
    client = Client(client_row("wan", LOGIN, world.line()["password"]), Provider(world.url, SERVICE))
    token = yaml.safe_load(file_of(text, "group_vars/routers.yml"))["vault_myrouter_token"]
    with rest_router.serving(client, token, *certificate) as port:
        here = {"ansible_host": "127.0.0.1", "myrouter_url": f"https://127.0.0.1:{port.server_address[1]}"}
        reader = Reader(
            world,
            beside={
                "inventory.yml": {
                    "host_vars/office-lyon.yml": played(world, **here),
                    "myrouter-ca.crt": certificate[0].read_text(encoding="utf-8"),
                }
            },
            environment=CLOSED,
        )
        reader.follow(text)
        assert port.writes == 1 and client.row["password"] == world.line()["password"]
    renewed(world, reader)
    hidden(world, reader)


# --- a router that is provisioned ------------------------------------------------------------------------------------


@pytest.mark.soak
def test_i_already_provision_my_router(lab: Lab) -> None:
    text = text_of("already-provisioning.md")
    here = {"ansible_connection": "local", "ansible_host": "127.0.0.1", "ansible_python_interpreter": sys.executable}
    given = played(lab, ppp_dir=str(lab.etc), ppp_dial=f"pkill -HUP -f 'pppd call {lab.peer}'", **here)
    reader = Reader(lab, beside={"inventory.yml": {"host_vars/office-lyon.yml": given}}, environment=CLOSED)
    reader.follow(text)
    renewed(lab, reader)
    hidden(lab, reader)
    for name in ("chap-secrets", "pap-secrets"):
        assert f'"{LOGIN}" * "{lab.line()["password"]}" *' in (lab.etc / name).read_text(encoding="utf-8")


def test_what_is_installed_is_what_the_readme_installs() -> None:
    """The commands that are not given here stand in the README, too."""
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    for page in ("home-mikrotik.md", "one-office.md"):
        words = [one.words for one in parts(text_of(page)) if isinstance(one, Command)]
        assert APT in words and f"$ {APT}" in readme
