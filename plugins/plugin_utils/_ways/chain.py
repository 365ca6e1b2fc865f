# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which hosts Ansible's connection goes: what "ssh -G" tells of an alias and of its jump hosts, one after the other.

"ssh -G" reads the user's configuration as ssh itself does, and connects to nothing.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.connection import ConnectionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import here
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Chain

#: More jumps than that are a configuration that goes round in circles.
DEEPEST = 8
#: What ssh(1) is told of a silent other end: it is asked every so many seconds, and left after so many questions.
ALIVE = "-o ServerAliveInterval=4 -o ServerAliveCountMax=3"
#: Options of ssh(1) that take a word.
WITH_WORD = "BbcDEeFIiJLlmOopQRSWw"
LOCAL = frozenset({"local"})
#: Connections that go straight to the address of the host.
STRAIGHT = frozenset({"network_cli", "netconf", "httpapi", "paramiko", "paramiko_ssh"})
#: Their ports, where none is named.
PORTS = {"network_cli": 22, "netconf": 830, "paramiko": 22, "paramiko_ssh": 22}
#: Variables by which such a connection would go through another host all the same.
DETOURS = ("ansible_ssh_common_args", "ansible_paramiko_proxy_command", "ansible_libssh_proxy_command")

#: Runs "ssh -G" with these arguments: what it printed, or "".
Ask = t.Callable[[t.Sequence[str]], str]


class Unclear(Exception):
    """The hosts cannot be told; the text says why, without a period."""


def of_connection(connection: ConnectionBase, of_host: t.Callable[[str], str], what: str, *, own: bool) -> Chain:
    """The way of a task's connection.

    :param of_host: the value of a variable of the host, "" for none
    :param what: the host as people call it
    :param own: what runs for the host does not run on it: tasks of the user's own may reach it by other means
    """
    kind = str(connection.transport).rpartition(".")[2]
    named, port = of_host("ansible_host") or of_host("inventory_hostname"), _number(of_host("ansible_port"))
    if kind in LOCAL:
        if not own:
            return Chain(local=True)
        if of_host("ansible_host"):
            return Chain(hops=(here.target(what, named),))
        return Chain(untold="its tasks run on this machine, and where they find the router is not known (ansible_host)")
    if kind in STRAIGHT:
        if detour := next((name for name in DETOURS if "roxy" in of_host(name)), ""):
            return Chain(hops=(here.target(what, named, port),), untold=f"{detour} goes through another host")
        return Chain(hops=(here.target(what, named, port or PORTS.get(kind, 0)),))
    if kind != "ssh":
        return Chain(untold=f"which uplink the connection {kind} uses is not known here")
    try:
        host, arguments = _of_ssh(connection)
        executable = str(connection.get_option("ssh_executable") or "ssh")
    except (AnsibleError, KeyError) as error:
        return Chain(untold=f"the options of the connection cannot be read ({type(error).__name__})")
    return by_ssh(lambda words: _asked(executable, words), arguments, host or named, what)


def straight(name: str, what: str, port: int = 0) -> Chain:
    """The way to a host that is connected to without any detour."""
    return Chain(hops=(here.target(what, name, port),))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _of_ssh(connection: ConnectionBase) -> tuple[str, list[str]]:
    arguments: list[str] = []
    for name in ("ssh_args", "ssh_common_args", "ssh_extra_args"):
        arguments += shlex.split(str(connection.get_option(name) or ""))
    if port := connection.get_option("port"):
        arguments += ["-o", f"Port={port}"]
    if user := connection.get_option("remote_user"):
        arguments += ["-o", f"User={user}"]
    return str(connection.get_option("host") or ""), arguments


def _asked(executable: str, words: t.Sequence[str]) -> str:
    try:
        done = subprocess.run(
            [executable, "-G", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def by_ssh(ask: Ask, arguments: t.Sequence[str], host: str, what: str) -> Chain:
    """The way of ssh.

    :param arguments: those before the host
    """
    found: list[tuple[str, int]] = []
    untold = ""
    try:
        found = hops(ask, arguments, host)
    except Unclear as error:
        untold = str(error)
        found = [(host, 0)]
    last = len(found) - 1
    targets = [
        here.target(what if number == last else "the jump host", name, port)
        for number, (name, port) in enumerate(found)
    ]
    return Chain(hops=tuple(targets), untold=untold)


def hops(ask: Ask, arguments: t.Sequence[str], host: str, depth: int = 0) -> list[tuple[str, int]]:
    """Name and port of each host that is connected to, first the one that this machine connects to.

    :raises Unclear: when that cannot be told
    """
    if depth > DEEPEST:
        raise Unclear(f"its jump hosts do not come to an end ({host})")
    told = dict(line.split(None, 1) for line in ask([*arguments, host]).splitlines() if len(line.split(None, 1)) == 2)
    if "hostname" not in told:
        raise Unclear("its ssh does not tell where it connects to (ssh -G)")
    own = (told["hostname"], int(told.get("port", "22")))
    jumps, command = told.get("proxyjump", "none"), told.get("proxycommand", "none")
    if jumps != "none":
        return [*_of_jumps(ask, arguments, jumps, depth), own]
    if command == "none":
        return [own]
    words, through = forward(command)
    return [*hops(ask, words, through, depth + 1), own]


def _of_jumps(ask: Ask, arguments: t.Sequence[str], jumps: str, depth: int) -> list[tuple[str, int]]:
    """ssh reaches the first jump host as its own configuration says, and each further one through those before."""
    config = [word for pair in zip(arguments, arguments[1:]) if pair[0] == "-F" for word in pair]
    found: list[tuple[str, int]] = []
    for number, jump in enumerate(jumps.split(",")):
        user, port, host = split_jump(jump)
        words = [*config, *(["-o", f"User={user}"] if user else []), *(["-o", f"Port={port}"] if port else [])]
        if number:
            words += ["-o", "ProxyJump=none", "-o", "ProxyCommand=none"]
        found += hops(ask, words, host, depth + 1)
    return found


def split_jump(jump: str) -> tuple[str, str, str]:
    """User, port and host of [user@]host[:port] or ssh://... ; the first two "" where they are left out."""
    text = jump.strip().removeprefix("ssh://").rstrip("/")
    user, _at, rest = text.rpartition("@")
    if rest.startswith("["):
        host, _bracket, port = rest[1:].partition("]")
        return user, port.removeprefix(":"), host
    host, colon, port = rest.rpartition(":")
    return (user, port, host) if colon and ":" not in host else (user, "", rest)


def forward(command: str) -> tuple[list[str], str]:
    """The arguments and the host of "ssh -W %h:%p HOST", the form of a jump that Ansible's documentation gives.

    :raises Unclear: for any other command
    """
    unclear = Unclear("it goes through a ProxyCommand, which cannot be judged unless it is ssh -W %h:%p HOST")
    try:
        words = shlex.split(command)
    except ValueError:
        raise unclear from None
    if words[:1] == ["exec"]:
        words = words[1:]
    if not words or os.path.basename(words[0]) != "ssh":
        raise unclear
    kept: list[str] = []
    host, forwards = "", False
    waiting = words[1:]
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("-") or host:
            if host:  # a command on the jump host: what that reaches is not told
                raise unclear
            host = word
            continue
        letter = next((one for one in word[1:] if one in WITH_WORD), "")
        given = word[word.index(letter) + 1 :] if letter else ""
        if letter and not given:
            if not waiting:
                raise unclear
            given = waiting.pop(0)
        if letter == "W":
            forwards = given.strip("[]").replace("]:", ":") in ("%h:%p",)
        elif letter:
            kept += [f"-{letter}", given]
    if not host or not forwards or "%" in host:
        raise unclear
    return kept, host


def keep_alive(connection: ConnectionBase) -> None:
    """Have a connection of ssh notice within seconds that it is dead; it would be silent for a quarter of an hour.

    This machine may get another address while the mail is waited for. Other numbers in ssh_args win.
    """
    if connection.transport == "ssh":
        extra = str(connection.get_option("ssh_extra_args") or "")
        if ALIVE not in extra:
            connection.set_option("ssh_extra_args", f"{extra} {ALIVE}".strip())


def by_address(connection: ConnectionBase, lost: t.Callable[[str], tuple[str, ...]]) -> None:
    """Have ssh go to the address of a host whose name is not answered any more: it looks names up itself.

    Its key is known by the name. What a jump host looks up cannot be helped from here.

    :param lost: see :meth:`Names.lost`
    """
    host, arguments = _of_ssh(connection)
    executable = str(connection.get_option("ssh_executable") or "ssh")
    try:
        found = hops(lambda words: _asked(executable, words), arguments, host)
    except Unclear:
        return
    name, port = found[0]
    addresses = lost(name) if len(found) == 1 else ()
    if addresses and "\nhostkeyalias " not in _asked(executable, [*arguments, host]):
        alias = name if port == 22 else f"[{name}]:{port}"
        more = f"-o HostName={addresses[0]} -o HostKeyAlias={alias}"
        connection.set_option("ssh_extra_args", f"{connection.get_option('ssh_extra_args') or ''} {more}".strip())
