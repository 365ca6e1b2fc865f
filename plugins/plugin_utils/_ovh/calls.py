# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run asks of OVHcloud: in this process, or by the modules on the host of the task."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _argspec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import dial_ins, look, trigger, wait
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.trigger import Ready, always_ready
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import library
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given import option_names
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.unseen import unseen

#: Seconds for OVHcloud where login and password are given by hand, so that it need not be there: for a look, and for
#: the wait for an accepted dial-in.
BY_HAND, BY_HAND_DIAL_INS = 20.0, 60.0
LINE = "xdsl_info"
RENEW = "xdsl_ppp_login_mail"
COLLECT = "xdsl_ppp_credentials_info"
DIAL_INS = "xdsl_ppp_session_info"
#: Options of the mail source that tell where its server is.
MAIL_SERVER = ("source", "imap_host", "imap_port", "imap_security")

# Ansible's main process looks an action up before it forks a worker for its task (ansible-core 2.19 to 2.21,
# plugins/strategy): what is imported here is imported once, and not in each worker. Without it, the call says so; also
# where ovh.config stumbles over a damaged ovh.conf, whose line its error quotes.
for _name in ("ovh", "ovh.oauth2"):
    with contextlib.suppress(Exception):
        importlib.import_module(_name)

#: The run of Ansible that this process works for, whose lines share what they are told: its name, and whether it has
#: several of them.
_run: dict[str, t.Any] = {"run": "", "several": False}
Spec = t.Callable[[], dict[str, t.Any]]
BODIES: dict[str, tuple[Spec, _argspec.Body]] = {
    LINE: (_argspec.line_spec, look.look),
    RENEW: (_argspec.login_mail_spec, trigger.renew),
    COLLECT: (_argspec.credentials_spec, wait.collect),
    DIAL_INS: (_argspec.session_spec, dial_ins.watch),
}


class Calls(t.Protocol):
    """The four modules, as functions."""

    def __call__(
        self,
        module: str,
        given: t.Mapping[str, t.Any],
        check: bool,
        ready: Ready = always_ready,
        hear: wait.Hear = wait.unheard,
    ) -> dict[str, t.Any]:
        """Do what the module does.

        :param ready: has the last word before a request, where this process sends it
        :param hear: is told of a wait for a mail, where this process waits
        :returns: its result, whose sentences name the role's variables; a failure has ``failed``, ``msg``, ``failure``,
            a host that is not there ``unreachable``
        """


def share(several: bool) -> None:
    """From here on, what OVHcloud tells every line of this run, or every step of one line, alike is asked once.

    :param several: has the run several lines?
    """
    _run.update(run="", several=several)
    # The number of a process comes again; with the time of its start it does not.
    with contextlib.suppress(OSError, IndexError), open(f"/proc/{os.getppid()}/stat", encoding="utf-8") as file:
        _run["run"] = f"{os.getppid()}.{file.read().rpartition(')')[2].split()[19]}"


def several() -> bool:
    """Has the run several lines, which share what they are told?"""
    return bool(_run["several"])


def in_process(
    module: str,
    given: t.Mapping[str, t.Any],
    check: bool,
    ready: Ready = always_ready,
    hear: wait.Hear = wait.unheard,
) -> dict[str, t.Any]:
    """See :class:`Calls`: in the process of the task, which starts no other one."""
    spec, body = BODIES[module]
    checked = ArgumentSpecValidator(spec()).validate(dict(given))
    try:
        if checked.error_messages:
            raise Failure("invalid_option", f"{'; '.join(map(str, checked.error_messages))}. Nothing was requested.")
        params = {**checked.validated_parameters, **_run}
        _argspec.check_service_name(params.get("service_name"))
        if body is trigger.renew:
            return option_names.told(trigger.renew(params, check, ready))
        if body is wait.collect:
            return option_names.told(wait.collect(params, check, hear))
        return option_names.told(body(params, check))
    except Failure as failure:
        return {**option_names.told(failure.as_result()), "failed": True, "outcome": failure.outcome.value}


def by_modules(action: ActionBase, task_vars: dict[str, t.Any], begin: t.Callable[[], None]) -> Calls:
    """The modules on the host of the action's task; the key goes there on standard input.

    :param begin: is called before each
    """

    def call(
        module: str,
        given: t.Mapping[str, t.Any],
        check: bool,
        ready: Ready = always_ready,
        hear: wait.Hear = wait.unheard,
    ) -> dict[str, t.Any]:
        begin()
        before = action._task.check_mode
        action._task.check_mode = check
        try:
            with unseen():
                found: dict[str, t.Any] = action._execute_module(
                    module_name=f"ownrouter.ovhcloud.{module}", module_args=dict(given), task_vars=task_vars
                )
        finally:
            action._task.check_mode = before
        return option_names.told(found)

    return call


def library_here() -> bool:
    """Can this process itself ask OVHcloud?"""
    return library.here()


def in_time(
    module: str, given: t.Mapping[str, t.Any], check: bool, ready: t.Any = None, hear: t.Any = None
) -> dict[str, t.Any]:
    """OVHcloud's answer, or none after some seconds: it is not needed. See :class:`Calls`."""
    seconds = BY_HAND_DIAL_INS if module == DIAL_INS else BY_HAND
    found: list[dict[str, t.Any]] = []
    asking = threading.Thread(target=lambda: found.append(in_process(module, given, check)), daemon=True)
    asking.start()
    asking.join(seconds)
    return found[0] if found else {"failed": True, "msg": f"no answer within {seconds:g} s"}
