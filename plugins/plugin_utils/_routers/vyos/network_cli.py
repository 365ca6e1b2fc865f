# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to a VyOS: the persistent connection ansible.netcommon.network_cli of an action's task.

The connection is a process of its own that Ansible starts for a task and keeps for the play; it takes calls over a
socket. What it would show or log of a command, and how that is closed (ansible.netcommon 8.7, ansible-core 2.21):

- each call and answer with persistent_log_messages, read when the process starts: such a connection is refused;
- each command and answer in a file with ANSIBLE_NETWORK_CLI_RECORD: refused;
- under -vvvv each command that single_user_mode keeps in its cache, which would answer for the router, too: neither is
  done for a command with a prompt to wait for, so each of ours has one, that never comes;
- under -vvv, in the log file, the traceback of an answer that looks like an error, with the command's echo: no answer
  looks like one here, they are all taken as they are;
- the command itself, in the texts of failures: none of them is handed on.
"""

from __future__ import annotations

import os
import time
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.executor.task_executor import start_connection
from ansible.module_utils import connection as persistent
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.needs import (
    missing_collections,
    missing_packages,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable, words_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.cli import Lost
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.words import Answer, heard, one_of

#: vyos.vyos has the plugins "cliconf" and "terminal" that network_cli needs for this router; no module of it is run.
COLLECTIONS = ["ansible.netcommon>=5.0.0", "vyos.vyos>=4.1.0"]
PACKAGES = ["ansible-pylibssh>=1.0 | paramiko>=2.12"]

#: A pattern that nothing matches.
NEVER = "(?!)"
#: Seconds for the answer to a command, and to a commit or a save; "ansible_command_timeout" makes both longer. A commit
#: restarts pppd and may upload an archive. libssh notices a lost connection only when such a time is over.
QUICK, SLOW = 30, 120
#: Seconds for the process of a connection to end.
ENDING = 5.0

#: What is said -> its remedy. The sentences are those of network_cli, paramiko and libssh.
REMEDIES = (
    (
        ("af_unix path too long",),
        "The path of the connection's socket is longer than the about 107 characters that the system takes. "
        "Set ANSIBLE_PERSISTENT_CONTROL_PATH_DIR to a short folder, such as ~/.pc",
    ),
    (
        ("authenticity of host", "host is unknown", "not found in known_hosts", "no hostkey"),
        "The router's SSH host key is not known on this machine. Compare its fingerprint on the router, then add it: "
        "ssh-keyscan HOST >> ~/.ssh/known_hosts",
    ),
    (
        ("host key for server", "host key has changed", "host key mismatch", "changed hostkey"),
        "The router's SSH host key is another one than before. If it was made anew: ssh-keygen -R HOST, then add it",
    ),
    (("authentication", "access denied"), "Check ansible_user and its password or key"),
)
#: A connection that a task before this one left broken. The first of these texts goes on with what was read last.
BROKEN = ("cli prompt is not identified", "socket path", "connect to socket", "unable to decode json")
ELSE = (
    "Check ansible_host, ansible_user, its password or key, ansible_connection: ansible.netcommon.network_cli and "
    "ansible_network_os: vyos.vyos.vyos"
)


def with_remedy(text: str) -> str:
    """Why there is no connection, as sentences with what to do."""
    remedy = next((remedy for said, remedy in REMEDIES if one_of(text, said)), ELSE)
    return f"{words_of(text) or 'no answer'}. {remedy}."


def socket_too_long() -> str:
    """Why the connection's socket cannot be made, as a sentence with the remedy, or "".

    Ansible makes it before the first task of ours that uses it, so that no task of ours could say so any more. Its name
    has ten characters (ansible-core 2.21, plugins/connection/ssh.py, _create_control_path); a path has up to 107 bytes
    (man 7 unix).
    """
    folder = os.path.expanduser(str(constants.config.get_config_value("PERSISTENT_CONTROL_PATH_DIR")))
    return "" if len(os.fsencode(folder)) + 11 <= 107 else f"AF_UNIX path too long. {REMEDIES[0][1]}."


def lacking() -> str:
    """What the driver needs on this machine and does not find, as a sentence with the commands that help, or ""."""
    said = missing_collections(COLLECTIONS) + missing_packages(PACKAGES)
    return f"VyOS needs on this machine {'; and '.join(said)} ." if said else ""


def refusal(transport: str, network_os: str, logs: bool, environment: t.Mapping[str, str]) -> str:
    """Why a connection cannot be used, as a sentence; "" when it can."""
    if transport.rpartition(".")[2] != "network_cli":
        return (
            f"The connection is {transport}, but VyOS is reached by ansible_connection: ansible.netcommon.network_cli "
            "with ansible_network_os: vyos.vyos.vyos. Set both."
        )
    if network_os.rpartition(".")[2] != "vyos":
        return f"ansible_network_os is {network_os or 'not set'}. Set it to vyos.vyos.vyos."
    if logs:
        return (
            "ansible_persistent_log_messages (or ANSIBLE_PERSISTENT_LOG_MESSAGES, log_messages) is set, and would log "
            "the password. Unset it."
        )
    if environment.get("ANSIBLE_NETWORK_CLI_RECORD", "").strip().lower() in ("1", "true", "yes"):
        return "ANSIBLE_NETWORK_CLI_RECORD is set, and would write the password into a file. Unset it."
    return ""


class NetworkCli:
    """The command line of a VyOS by the connection of an action's task: see :class:`vyos_cli.Cli`.

    :raises Failure: ``router_option`` when this connection cannot be used, or something is not installed
    """

    def __init__(
        self,
        action: ActionBase,
        *,
        sleep: t.Callable[[float], None] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._action, self._sleep, self._monotonic = action, sleep, monotonic
        connection, context = action._connection, action._play_context
        transport = str(getattr(connection, "transport", ""))
        reached = transport.rpartition(".")[2] == "network_cli"
        logs = reached and bool(connection.get_option("persistent_log_messages"))
        if why := refusal(transport, str(context.network_os or ""), logs, os.environ) or lacking():
            raise Failure("router_option", why)
        self.user = str(context.remote_user or "")
        self._least = int(connection.get_option("persistent_command_timeout"))
        self._ready = False  # connected, and set so that it shows nothing
        self._within = 0

    def type(self, line: str, *, slow: bool = False) -> Answer:
        if not self._ready:
            self._connect()
        raw = self._sent(line, max(self._least, SLOW if slow else QUICK))
        answer = None if raw is None else heard(raw)
        if answer is None:
            self._drop()
            raise Lost("The connection broke, or no answer came in time (ansible_command_timeout makes that longer).")
        return answer

    def again(self) -> None:
        self._drop()
        path = str(self._action._connection._socket_path)
        end = self._monotonic() + ENDING
        while os.path.exists(path) and self._monotonic() < end:
            self._sleep(0.05)
        said = ""
        try:
            options = self._action._connection.get_options()
            path = start_connection(self._action._play_context, options, self._action._task._uuid)
            self._action._connection._socket_path = path
        except AnsibleError as error:
            said = str(error)
        if said:
            raise Unreachable(with_remedy(said))
        self._connect()

    @property
    def _rpc(self) -> t.Any:
        return persistent.Connection(self._action._connection._socket_path)

    def _connect(self) -> None:
        """:raises Unreachable: when there is no way in"""
        said = ""
        try:
            rpc = self._rpc
            rpc.set_option("terminal_stderr_re", [{"pattern": NEVER}])
            self._limit(QUICK)
            rpc.get_prompt()  # logs in, unless that was done before
        except (persistent.ConnectionError, AssertionError) as error:
            said = str(error) or "no answer"
        if not said:
            self._ready = True
            return
        if one_of(said, BROKEN):
            self._drop()
            raise Lost("The connection was broken.")
        raise Unreachable(with_remedy(said))

    def _limit(self, within: int) -> None:
        within = max(within, self._least)
        if within != self._within:
            self._rpc.set_option("persistent_command_timeout", within)
            self._within = within

    def _sent(self, line: str, within: int) -> str | None:
        """The answer with its prompt; None without one. No text of a failure is taken: it can hold the command."""
        try:
            self._limit(within)
            return str(self._rpc.send_command(command=line, prompt=NEVER, answer="", strip_prompt=False))
        except persistent.ConnectionError:
            return None

    def _drop(self) -> None:
        """End the connection: what else comes of it would be taken for the answer to the next command."""
        self._ready, self._within = False, 0
        try:
            self._rpc.reset()
        except (persistent.ConnectionError, AssertionError):
            return
