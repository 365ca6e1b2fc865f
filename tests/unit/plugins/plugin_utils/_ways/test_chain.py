# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Aliases and jump hosts: what "ssh -G" tells, by the real ssh and by answers at hand."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import chain


class Ssh:
    """What "ssh -G" prints, by the host."""

    def __init__(self, **hosts):
        self.hosts, self.asked = hosts, []

    def __call__(self, words):
        self.asked.append(list(words))
        host = words[-1]
        told = {"hostname": host, "port": "22", **self.hosts.get(host.replace("-", "_").replace(".", "_"), {})}
        return "".join(f"{name} {value}\n" for name, value in told.items())


@pytest.mark.parametrize(
    ("hosts", "wanted"),
    [
        ({}, ["r"]),
        ({"r": {"hostname": "203.0.113.10", "port": "2222"}}, ["203.0.113.10"]),
        ({"r": {"proxyjump": "none", "proxycommand": "none"}}, ["r"]),
        ({"r": {"proxyjump": "j"}}, ["j", "r"]),
        ({"r": {"proxyjump": "u@j:2222"}, "j": {"hostname": "198.51.100.5"}}, ["198.51.100.5", "r"]),
        ({"r": {"proxyjump": "j,k"}}, ["j", "k", "r"]),
        ({"r": {"proxyjump": "j,k"}, "k": {"proxyjump": "none"}, "j": {"proxyjump": "i"}}, ["i", "j", "k", "r"]),
        ({"r": {"proxycommand": "ssh -W %h:%p -q u@gate"}}, ["u@gate", "r"]),
        ({"r": {"proxycommand": "ssh -W %h:%p gate"}, "gate": {"proxyjump": "j"}}, ["j", "gate", "r"]),
        ({"r": {"proxycommand": "ssh -q -W '[%h]:%p' -p 2222 gate"}}, ["gate", "r"]),
        ({"r": {"proxycommand": "exec /usr/bin/ssh -o 'User=x' -W %h:%p gate"}}, ["gate", "r"]),
    ],
)
def test_each_hop(hosts, wanted):
    assert [name for name, _port in chain.hops(Ssh(**hosts), ["-o", "User=me"], "r")] == wanted


@pytest.mark.parametrize(
    ("hosts", "part"),
    [
        ({"r": {"proxycommand": "nc -X connect -x proxy:3128 %h %p"}}, "cannot be judged"),
        ({"r": {"proxycommand": "cloudflared access ssh --hostname %h"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh gate nc %h %p"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh -W other:22 gate"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh -W %h:%p"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh -W %h:%p %r"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh 'unclosed"}}, "cannot be judged"),
        ({"r": {"proxycommand": "ssh gate -W"}}, "cannot be judged"),
        ({"r": {"proxyjump": "r"}}, "do not come to an end"),
    ],
)
def test_what_cannot_be_told(hosts, part):
    with pytest.raises(chain.Unclear) as unclear:
        chain.hops(Ssh(**hosts), [], "r")
    assert part in str(unclear.value)
    found = chain.by_ssh(Ssh(**hosts), [], "192.0.2.7", "the router") if "r" not in hosts else None
    assert found is None or found.untold


def test_an_ssh_that_tells_nothing():
    found = chain.by_ssh(lambda words: "", [], "192.0.2.7", "the router")
    assert "ssh -G" in found.untold and [one.addresses for one in found.hops] == [("192.0.2.7",)]


@pytest.mark.parametrize(
    ("jump", "wanted"),
    [
        ("host", ("", "", "host")),
        ("u@host", ("u", "", "host")),
        ("u@host:2222", ("u", "2222", "host")),
        ("ssh://u@host:2222/", ("u", "2222", "host")),
        ("[2001:db8::1]:2222", ("", "2222", "2001:db8::1")),
        ("u@[2001:db8::1]", ("u", "", "2001:db8::1")),
        ("2001:db8::1", ("", "", "2001:db8::1")),
    ],
)
def test_forms_of_a_jump(jump, wanted):
    assert chain.split_jump(jump) == wanted


CONFIG = """
Host box
  HostName 203.0.113.10
  Port 2222
Host inner
  HostName 192.168.1.1
  ProxyJump gate
Host gate
  HostName 198.51.100.5
Host by-command
  HostName 192.168.1.1
  ProxyCommand ssh -F {config} -W %h:%p gate
"""


@pytest.mark.skipif(not shutil.which("ssh"), reason="needs ssh")
@pytest.mark.parametrize(
    ("host", "more", "wanted"),
    [
        ("box", [], [("203.0.113.10", 2222)]),
        ("box", ["-o", "Port=2200"], [("203.0.113.10", 2200)]),
        ("inner", [], [("198.51.100.5", 22), ("192.168.1.1", 22)]),
        ("by-command", [], [("198.51.100.5", 22), ("192.168.1.1", 22)]),
        ("inner", ["-o", "ProxyJump=none"], [("192.168.1.1", 22)]),
        ("192.0.2.7", ["-J", "box,gate"], [("203.0.113.10", 2222), ("198.51.100.5", 22), ("192.0.2.7", 22)]),
        (
            "192.0.2.7",
            ["-o", "ProxyCommand=ssh -W %h:%p -q -p 2200 u@198.51.100.6"],
            [("198.51.100.6", 2200), ("192.0.2.7", 22)],
        ),
    ],
)
def test_the_real_ssh(tmp_path, host, more, wanted):
    config = tmp_path / "config"
    config.write_text(CONFIG.format(config=config), encoding="utf-8")

    def ask(words):
        return subprocess.run(["ssh", "-G", *words], capture_output=True, text=True, check=True).stdout

    assert chain.hops(ask, ["-F", str(config), *more], host) == wanted


class Connection:
    """A connection of Ansible's, as far as it is asked."""

    def __init__(self, transport, **options):
        self.transport, self._options = transport, options

    def get_option(self, name):
        return self._options[name]


def of(transport, *, own=False, options=None, **variables):
    return chain.of_connection(
        Connection(transport, **(options or {})), lambda name: variables.get(name, ""), "the router", own=own
    )


def test_connections():
    assert of("local").local and not of("local").hops
    assert "ansible_host" in of("local", own=True).untold
    assert of("local", own=True, ansible_host="192.0.2.7").hops[0].addresses == ("192.0.2.7",)
    straight = of("ansible.netcommon.network_cli", ansible_host="192.0.2.7")
    assert straight.hops[0].addresses == ("192.0.2.7",) and not straight.untold
    args = "-o ProxyCommand='ssh -W %h:%p gate'"
    assert "ansible_ssh_common_args" in of("network_cli", ansible_host="x", ansible_ssh_common_args=args).untold
    assert "docker" in of("community.docker.docker").untold
    assert "cannot be read" in of("ssh").untold


@pytest.mark.skipif(not shutil.which("ssh"), reason="needs ssh")
def test_the_arguments_of_ansible_s_ssh():
    options = {
        "ssh_args": "-F /dev/null -C -o ControlMaster=auto",
        "ssh_common_args": '-o ProxyCommand="ssh -F /dev/null -W %h:%p -q 203.0.113.10"',
        "ssh_extra_args": "",
        "port": 2222,
        "remote_user": "root",
        "host": "192.0.2.7",
        "ssh_executable": "ssh",
    }
    found = of("ssh", options=options)
    assert [(one.what, one.name, one.port) for one in found.hops] == [
        ("the jump host", "203.0.113.10", 22),
        ("the router", "192.0.2.7", 2222),
    ]
    assert found.untold == ""
    broken = of("ssh", options={**options, "ssh_executable": "/nothing"})
    assert "ssh -G" in broken.untold


class Settable:
    """A connection of ssh whose options are kept."""

    transport = "ssh"

    def __init__(self, **options):
        self.options = {"host": "r", "ssh_executable": "ssh", **options}

    def get_option(self, name):
        return self.options.get(name)

    def set_option(self, name, value):
        self.options[name] = value


def test_ssh_notices_that_its_connection_is_dead():
    connection = Settable(ssh_extra_args="-v")
    chain.keep_alive(connection)
    chain.keep_alive(connection)
    assert connection.options["ssh_extra_args"] == f"-v {chain.ALIVE}"
    other = Settable()
    other.transport = "local"
    chain.keep_alive(other)
    assert "ssh_extra_args" not in other.options


@pytest.mark.parametrize(
    ("of_r", "lost", "wanted"),
    [
        ({}, {"r": ("192.168.1.1",)}, "-o HostName=192.168.1.1 -o HostKeyAlias=r"),
        (
            {"hostname": "r.lan", "port": "2222"},
            {"r.lan": ("192.168.1.1",)},
            "-o HostName=192.168.1.1 -o HostKeyAlias=[r.lan]:2222",
        ),
        ({}, {}, None),
        ({"proxyjump": "j"}, {"j": ("192.168.1.9",), "r": ("192.168.1.1",)}, None),
        ({"proxycommand": "nc %h %p"}, {"r": ("192.168.1.1",)}, None),
        ({"hostkeyalias": "mine"}, {"r": ("192.168.1.1",)}, None),
    ],
)
def test_ssh_goes_to_the_address_of_a_name_that_is_not_answered_any_more(monkeypatch, of_r, lost, wanted):
    """Its key is known by the name, and a jump host looks names up itself."""
    ssh, connection = Ssh(r=of_r), Settable()
    monkeypatch.setattr(chain, "_asked", lambda _executable, words: ssh(words))
    chain.by_address(connection, lambda name: lost.get(name, ()))
    assert connection.options.get("ssh_extra_args") == wanted
