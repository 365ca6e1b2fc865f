# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to a VyOS over a connection that is played; tests/routers has real ones."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible.errors import AnsibleError
from ansible.module_utils.connection import ConnectionError as RpcError

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import network_cli
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.cli import Lost

SECRET = "set interfaces pppoe pppoe0 authentication password 'Zq7Kanarie9Vx2'"


class Process:
    """The process behind the socket: what it was asked for, and its answers or failures in turn."""

    def __init__(self, *answers: str | Exception) -> None:
        self.calls: list[tuple[t.Any, ...]] = []
        self.answers = list(answers)
        self.login: Exception | None = None

    def set_option(self, name: str, value: object) -> None:
        self.calls.append((name, value))

    def get_prompt(self) -> None:
        self.calls.append(("log in",))
        if self.login:
            raise self.login

    def reset(self) -> None:
        self.calls.append(("reset",))
        raise RpcError("Unable to connect to socket")

    def send_command(self, command: str, prompt: str, answer: str, strip_prompt: bool) -> str:
        assert (prompt, answer, strip_prompt) == ("(?!)", "", False), "its cache would answer, and show the command"
        self.calls.append((command,))
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def action(**options: t.Any) -> t.Any:
    given = {"persistent_log_messages": False, "persistent_command_timeout": 30, **options}
    transport = given.pop("transport", "ansible.netcommon.network_cli")
    context = types.SimpleNamespace(network_os=given.pop("network_os", "vyos.vyos.vyos"), remote_user="renewal")
    connection = types.SimpleNamespace(
        transport=transport, _socket_path="/nowhere/0123456789", get_option=given.__getitem__, get_options=lambda: given
    )
    task = types.SimpleNamespace(_uuid="1")
    return types.SimpleNamespace(_connection=connection, _play_context=context, _task=task)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the connections that are started, one after the other; one that is "" cannot be."""
    paths = ["/nowhere/1", "/nowhere/2"]

    def start(context: object, options: object, task: str) -> str:
        path = paths.pop(0)
        if not path:
            raise AnsibleError("AF_UNIX path too long")
        return path

    monkeypatch.setattr(network_cli, "start_connection", start)
    monkeypatch.setattr(network_cli, "lacking", lambda: "")
    return paths


def cli(monkeypatch: pytest.MonkeyPatch, process: Process, **options: t.Any) -> network_cli.NetworkCli:
    monkeypatch.setattr(network_cli.persistent, "Connection", lambda path: process)
    return network_cli.NetworkCli(action(**options), sleep=lambda seconds: None)


@pytest.mark.parametrize("least", [5, 30, 300])
def test_the_connection_is_made_silent_before_anything_is_typed(
    monkeypatch: pytest.MonkeyPatch, started: list[str], least: int
) -> None:
    process = Process("exit\nvyos@vyos:~$ ", "[edit]\nvyos@vyos# ")
    line = cli(monkeypatch, process, persistent_command_timeout=least)
    assert line.user == "renewal" and process.calls == []
    answer = line.type("show date")
    assert (answer.text, answer.configuring) == ("exit", False)
    assert line.type("commit", slow=True).configuring
    quick, slow = max(least, 30), max(least, 120)
    limits = [("persistent_command_timeout", slow)] if slow != quick else []
    assert process.calls == [
        ("terminal_stderr_re", [{"pattern": "(?!)"}]),
        ("persistent_command_timeout", quick),
        ("log in",),
        ("show date",),
        *limits,
        ("commit",),
    ]


@pytest.mark.parametrize(
    "said",
    [
        f"cli prompt is not identified from the last received response window: {SECRET}",
        "socket path /nowhere/1 does not exist or cannot be found. See Troubleshooting socket path issues",
        "Unable to connect to socket '/nowhere/1'.",
        "Unable to decode JSON from response to get_prompt(). Received 'None'.",
    ],
)
def test_a_connection_that_was_broken_before_is_told_without_what_it_read(
    monkeypatch: pytest.MonkeyPatch, started: list[str], said: str
) -> None:
    process = Process("vyos@vyos:~$ ")
    process.login = RpcError(said)
    line = cli(monkeypatch, process)
    with pytest.raises(Lost) as caught:
        line.type("show date")
    assert "Kanarie" not in str(caught.value) and process.calls[-1] == ("reset",)
    process.login = None
    line.again()
    assert line.type("exit").text == ""


@pytest.mark.parametrize(
    "answer",
    [
        "None",
        "",
        f"{SECRET}\r\n",
        RpcError(f"timeout value 30 seconds reached while trying to send command: {SECRET}"),
        RpcError(f"Unable to decode JSON from response to send_command(command='{SECRET}'). Received 'None'."),
    ],
)
def test_an_answer_without_a_prompt_is_lost_without_a_word_of_it(
    monkeypatch: pytest.MonkeyPatch, started: list[str], answer: str | Exception
) -> None:
    process = Process(answer, "vyos@vyos:~$ ")
    line = cli(monkeypatch, process)
    with pytest.raises(Lost) as caught:
        line.type(SECRET)
    assert "Kanarie" not in str(caught.value) and caught.value.__cause__ is None and caught.value.__context__ is None
    assert process.calls[-1] == ("reset",), "what else comes would be taken for the answer to the next command"
    line.again()
    assert line.type("exit").text == "" and started == ["/nowhere/2"]
    assert [one for one in process.calls if one[0] == "terminal_stderr_re"] != []


#: By what they are about: the words of ansible-core, network_cli, paramiko and libssh.
SAID = {
    "AF_UNIX path too long": "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR",
    "paramiko: The authenticity of host 'r' can't be established. The x key fingerprint is b'00'.": "not known",
    "libssh: The authenticity of host 'r' can't be established due to 'Host is unknown: 00'.": "not known",
    "Host key for server 'r' does not match: got 'A', expected 'B'": "another one than before",
    "Failed to authenticate: Authentication failed.": "Check ansible_user and its password or key.",
    "ssh connection failed: Failed to authenticate public key: Access denied": "Check ansible_user and its password",
    "[Errno None] Unable to connect to port 22 on 192.0.2.1": "Check ansible_host",
    "ssh connect failed: Timeout connecting to r": "Check ansible_host",
    "": "no answer. Check ansible_host",
}


@pytest.mark.parametrize(("said", "remedy"), SAID.items())
def test_each_reason_has_its_remedy(
    monkeypatch: pytest.MonkeyPatch, started: list[str], said: str, remedy: str
) -> None:
    process = Process()
    process.login = RpcError(said)
    with pytest.raises(Unreachable) as caught:
        cli(monkeypatch, process).type("show date")
    assert not isinstance(caught.value, Lost) and remedy in str(caught.value) and str(caught.value).endswith(".")


def test_a_connection_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    started[:] = [""]
    with pytest.raises(Unreachable, match="ANSIBLE_PERSISTENT_CONTROL_PATH_DIR"):
        cli(monkeypatch, Process()).again()


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        ({"transport": "ssh"}, {}, "The connection is ssh, but VyOS is reached by ansible_connection"),
        ({"network_os": "cisco.ios.ios"}, {}, "ansible_network_os is cisco.ios.ios. Set it to vyos.vyos.vyos."),
        ({"network_os": ""}, {}, "ansible_network_os is not set."),
        ({"persistent_log_messages": True}, {}, "ansible_persistent_log_messages"),
        ({}, {"ANSIBLE_NETWORK_CLI_RECORD": "true"}, "ANSIBLE_NETWORK_CLI_RECORD is set"),
    ],
)
def test_a_connection_that_does_not_do_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch,
    started: list[str],
    options: dict[str, t.Any],
    environment: dict[str, str],
    said: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Failure) as caught:
        cli(monkeypatch, Process(), **options)
    assert caught.value.code == "router_option" and said in caught.value.message


def test_what_is_missing_on_this_machine_is_told_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_cli, "COLLECTIONS", ["no.such>=1.2"])
    monkeypatch.setattr(network_cli, "PACKAGES", ["no-such-package>=3 | nor-such"])
    with pytest.raises(Failure, match=r"collection install 'no\.such:>=1\.2'; and the Python") as caught:
        cli(monkeypatch, Process())
    assert "-m pip install 'no-such-package>=3'" in caught.value.message
