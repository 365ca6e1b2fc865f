# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One router of each platform, each with a line, a key and a source of mails of its own, renewed in one run.

With one of Ansible's strategies, and the same again with the other; and nothing secret is left anywhere.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from leaks.hunt import Hunt, talkative, watched
from mailserver.dovecot import USER as IMAP_USER
from mailserver.dovecot import Dovecot
from openwrt.box import Box
from ovh_api import mails
from role.lab import Lab
from role.site import LOGIN, SERVICE, Run
from routeros.client import Provider
from routeros.running import API_PASSWORD as ROUTEROS_PASSWORD
from routeros.running import Mikrotik
from routeros.server import make_certificate
from vyos.running import USER_PASSWORD as VYOS_PASSWORD
from vyos.running import Vyos

from . import test_openwrt, test_vyos
from .needs import find

FLAG = ("-e", "router_pppoe_renew=true")
#: host -> its line and the login there
LINES = {
    "pppd": (SERVICE, LOGIN),
    "openwrt": ("ftth-ab12345-2", "0320654321_1@adsl.ovh"),
    "routeros": ("xdsl-ab12345-3", "0320111111_1@adsl.ovh"),
    "vyos": ("xdsl-ab12345-4", "0320222222_1@adsl.ovh"),
}
#: Around the part that is looked for stands what has to be quoted. VyOS takes no quotes.
SPECIAL = {
    "pppd": "'\"$;\\#<>&é",
    "openwrt": "'\"$;\\é#`!%&|<>()[]{}*?~=x'7",
    "routeros": "'\"$;\\#<>&é",
    "vyos": "$;#<>&%{7",
}
PLAYS = {
    "linear": "  roles: [ownrouter.ovhcloud.router_pppoe]\n",
    "free": "  tasks: [{ansible.builtin.include_role: {name: ownrouter.ovhcloud.router_pppoe}}]\n",
}
#: Each line brings its own in the inventory.
NO_KEY = dict.fromkeys(("OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"), "")
#: Other tests may run at the same time, and none of them gives one of these to a process by its environment.
SECRETS = {
    "application secret": "Anwendung5512",
    "key for mails by API v1": "Schluessel6601",
    "key without mails": "Schluessel6602",
    "OAuth2 client secret": "Klient7703",
    "IMAP password": "Postfach8804",
    "password of the RouterOS API": ROUTEROS_PASSWORD,
    "password of VyOS": VYOS_PASSWORD,
}


def part(host: str, which: str = "new") -> str:
    """The part of a host's password that no way of quoting changes."""
    return f"Kn{which}73Zq{host}91Wx"


def prepare(lab: Lab) -> None:
    """Four lines, and three ways to call the API: a key per right to read mails, and an OAuth2 client."""
    state = lab.admin("GET", "/state")
    text = json.dumps(state["lines"][SERVICE])
    lines: dict[str, Any] = {}
    for number, (host, (service, login)) in enumerate(LINES.items(), 1):
        if service not in state["lines"]:
            own = text.replace(SERVICE, service).replace(LOGIN, login).replace("203.0.113.10", f"203.0.113.{number}0")
            lines[service] = {**json.loads(own), "password": part(host, "old")}
            title, body = mails.ppp_mail(service, login, part(host, "old"))
            lab.admin("POST", "/mails", {"title": title, "text": body, "age_days": 90})
    record = state["credentials"]["test-ck"]
    asking = [{"method": "POST", "path": f"/xdsl/{service}/requestPPPLoginMail"} for service, _login in LINES.values()]
    rules = [*[rule for rule in record["rules"] if rule["method"] == "GET"], *asking]

    def without(words: str) -> dict[str, Any]:
        return {**record, "rules": [rule for rule in rules if words not in rule["path"]]}

    keys = {SECRETS["key for mails by API v1"]: without("v2"), SECRETS["key without mails"]: without("notification")}
    lab.admin(
        "PUT",
        "/state",
        {
            "lines": lines,
            "credentials": {**keys, "test-ck": None},
            "applications": {"test-ak": SECRETS["application secret"]},
            "oauth2_clients": {"EU.test-client": {"secret": SECRETS["OAuth2 client secret"]}},
            "mail_delay": 1,
        },
    )


@dataclass
class Network:
    """The four routers, and what each did."""

    lab: Lab
    box: Box
    mikrotik: Mikrotik
    vyos: Vyos
    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.network_before = self.box.network.read_bytes().splitlines()

    def password(self, host: str) -> str:
        return str(self.lab.line(LINES[host][0])["password"])

    def next_passwords(self) -> None:
        """What the lines get when they are asked."""
        wanted = {service: {"next_password": part(host) + SPECIAL[host]} for host, (service, _login) in LINES.items()}
        self.lab.admin("PUT", "/state", {"lines": wanted})

    def check(self, looks: int) -> None:
        """Every line was asked for once, and every router was written once and dialled once for it.

        :param looks: how many runs looked into VyOS's configuration mode before anything else
        """
        posts = [call["path"].split("/")[-2] for call in self.lab.posts()]
        assert sorted(posts) == sorted(service for service, _login in LINES.values())
        for host, (service, _login) in LINES.items():
            assert self.lab.line(service)["session"]["up"], host
        assert len(self.lab.events("hup")) == 1
        for name in ("chap-secrets", "pap-secrets"):
            kept = (self.lab.etc / name).read_text(encoding="utf-8")
            assert kept.count(part("pppd")) == 1 and kept.count(LOGIN) == 1
        once = [test_openwrt.WRITE, test_openwrt.RELOAD], [test_openwrt.WRITE[:3], test_openwrt.RELOAD]
        assert self.box.writes() in once
        assert self.box.password() == self.password("openwrt")
        now = self.box.network.read_bytes().splitlines()
        changed = [line for was, line in zip(self.network_before, now, strict=True) if was != line]
        assert [line.split()[1] for line in changed] == [b"password"], "nothing else is touched"
        assert test_openwrt.uci(self.box, "changes", "network") == ""
        writes = self.mikrotik.router.writes()
        assert [words[0].rpartition("/")[2] for words in writes] == ["set"]
        assert writes[-1][1:] == ["=.id=*2", f"=password={self.password('routeros')}"]
        assert self.mikrotik.client.sessions == 2
        # How the configuration mode is left after the commit that is refused depends on Ansible.
        passed_over = [*test_vyos.LOOK, "configure", "exit discard"]
        wanted = test_vyos.written(part("vyos") + SPECIAL["vyos"])
        assert [line for line in self.vyos.typed() if line not in passed_over] == [
            line for line in [*wanted[:3], *wanted] if line not in passed_over
        ]
        # Each run looks, compares with the latest mail, and writes or looks again; one tries before a request. Each of
        # that leaves the configuration mode.
        assert self.vyos.typed().count("exit") == 3 * looks + 1
        assert len(self.vyos.events("committed")) == 1
        assert len(self.vyos.events("ppp restarted")) == 2


@pytest.fixture
def network(collections: Path, others: Path) -> Iterator[Network]:
    with contextlib.ExitStack() as stack:
        mailserver = stack.enter_context(Dovecot(password=SECRETS["IMAP password"]))
        lab = Lab(collections, holdoff=0.5)
        lab.collections = (collections, others)
        stack.enter_context(lab)
        prepare(lab)
        lab.admin("POST", "/maildir", {"path": str(mailserver.inbox)})
        service, login = LINES["openwrt"]
        old = lab.line(service)["password"]
        box = Box(lab.top / "router", Provider(lab.url, service), login, old, Path(find("busybox")))
        stack.enter_context(box)
        sshd = stack.enter_context(test_openwrt.gate(lab, box))
        third, third_login = LINES["routeros"]
        mikrotik = Mikrotik(lab.url, third, third_login, lab.line(third)["password"])
        routeros = stack.enter_context(mikrotik.running(make_certificate(lab.top)))
        vyos = stack.enter_context(test_vyos.router(lab, "vyos", service=LINES["vyos"][0]))
        vyos.wait_for("up")
        network = Network(lab, box, mikrotik, vyos)

        def key(name: str) -> dict[str, str]:
            given = {"application_key": "test-ak", "application_secret": SECRETS["application secret"]}
            given["consumer_key"] = SECRETS[name]
            return {f"router_pppoe_{option}": value for option, value in given.items()}

        imap = {"host": "localhost", "port": mailserver.ports["tls"], "security": "tls", "user": IMAP_USER}
        imap["ca_file"] = str(mailserver.ca_file)
        mailbox = {
            "router_pppoe_mail_source": "imap",
            **{f"router_pppoe_imap_{option}": value for option, value in imap.items()},
        }
        pppd: dict[str, Any] = {
            "ansible_connection": "local",
            "router_pppoe_interface": lab.peer,
            "router_pppoe_ppp_dir": str(lab.etc),
            "router_pppoe_run_dir": str(lab.run_dir),
        }
        client = {"client_id": "EU.test-client", "client_secret": SECRETS["OAuth2 client secret"]}
        token = mailserver.access_token()
        network.hosts = {
            "pppd": {**pppd, **key("key for mails by API v1")},
            "openwrt": {
                **test_openwrt.router(sshd, router_pppoe_service_name=service),
                **{f"router_pppoe_{option}": value for option, value in client.items()},
            },
            "routeros": {
                **routeros,
                **mailbox,
                **key("key without mails"),
                "router_pppoe_imap_password": SECRETS["IMAP password"],
            },
            "vyos": {
                **vyos.inventory(),
                **mailbox,
                **key("key without mails"),
                "router_pppoe_imap_access_token": token,
            },
        }
        lab.write_inventory(network.hosts)
        yield network


@pytest.mark.parametrize(
    ("strategy", "other"), [("free", "linear"), pytest.param("linear", "free", marks=pytest.mark.soak)]
)
def test_renewals_of_all_platforms_at_once(network: Network, strategy: str, other: str) -> None:
    """A renewal with one strategy, and the same again with the other; then look for the secrets of all.

    VyOS is busy with somebody else's commit at first, and the write is tried again.
    """
    lab = network.lab
    token = network.hosts["vyos"]["router_pppoe_imap_access_token"]
    secrets = {**SECRETS, "IMAP access token": token.rpartition(".")[2]}
    secrets.update({f"PPPoE password of {host}": part(host) for host in LINES})
    hunt = Hunt(secrets)
    runs: list[Run] = []

    def play(strategy: str, changed: int, *words: str, **more: str) -> None:
        playbook = lab.top / f"{strategy}.yml"
        text = f"- hosts: routers\n  gather_facts: false\n  strategy: {strategy}\n{PLAYS[strategy]}"
        playbook.write_text(text, encoding="utf-8")
        run = lab.play(*FLAG, *words, playbook=str(playbook), **NO_KEY, **more)
        assert run.code == 0, run.output
        assert {host: run.recap("changed", host) for host in LINES} == dict.fromkeys(LINES, changed), run.output
        runs.append(run)

    with watched(hunt):
        network.next_passwords()
        network.vyos.order("commit locked")
        play(strategy, 1, "-vvvvv", "--diff", **talkative(lab.top))  # five: VyOS' modules show their results then
        network.check(looks=1)
        play(other, 0)
        network.check(looks=2)
    for name, token in enumerate(lab.admin("GET", "/state")["tokens"]):
        hunt.secrets[f"OAuth2 token {name}"] = token
    for run in runs:
        hunt.look("output", run.output.encode())
    own = (lab.etc, lab.top / "ovh.json", lab.inventory, network.box.network, network.vyos.folder)
    hunt.folder(lab.top, own)
    assert hunt.hits == set()
    assert hunt.files > 30 and hunt.samples > 500, hunt
    commands = (lab.top / "ssh" / "commands").read_text(encoding="utf-8")
    assert "ownrouter write" in commands, "the command lines on the router were looked at"
    calls = [call["path"] for call in lab.admin("GET", "/calls")]
    for source in ("/v2/notification/history", "/me/notification/email/history", "/auth/oauth2/token"):
        assert any(source in path for path in calls), f"{source} was used"
