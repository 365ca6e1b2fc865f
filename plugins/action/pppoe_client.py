# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PPPoE client of a router: look, provision, set, watch. The router needs no Python.

What is done on which router stands in plugins/plugin_utils/_routers.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages.provision import left
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import choose
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.naming import named
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Applied,
    Credentials,
    Dial,
    Interface,
    Mark,
    Probe,
    Router,
    Session,
    Unable,
    refuse_unfit,
)

OPTIONS: dict[str, dict[str, t.Any]] = {
    "platform": {"type": "str", "required": True, "choices": list(choose.PLATFORMS)},
    "interface": {"type": "str"},
    "state": {"type": "str", "default": "connected", "choices": ["probed", "provisioned", "set", "connected"]},
    "login": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "dial": {"type": "str", "default": Dial.AUTO.value, "choices": [one.value for one in Dial]},
    "age": {"type": "float"},
    "wait": {"type": "float", "default": 0},
    "since": {"type": "dict", "options": {"at": {"type": "float"}, "identity": {"type": "str", "default": ""}}},
    "prove": {"type": "bool", "default": False},
    "device": {"type": "str"},
    "vlan": {"type": "int", "default": 0},
    "mtu": {"type": "int", "default": 1492},
    "changes": {"type": "bool", "default": False},
    "ppp_dir": {"type": "path", "default": "/etc/ppp"},
    "run_dir": {"type": "path", "default": "/run"},
    "dial_command": {"type": "str"},
    "routeros_username": {"type": "str"},
    "routeros_password": {"type": "str", "no_log": True},
    "routeros_port": {"type": "int", "default": 8729},
    "routeros_ca_path": {"type": "path"},
    "routeros_validate_certs": {"type": "bool", "default": True},
    "routeros_validate_hostname": {"type": "bool", "default": True},
    "routeros_redial_after": {"type": "float", "default": 20},
    "routeros_timeout": {"type": "float", "default": 10},
}
#: Variables of the task: secrets that are no argument of it, which callbacks may show; and what the one who hands the
#: options on calls them: a prefix, and names of its own.
SECRETS = "_ownrouter_secrets"
NAMES = "_ownrouter_option_names"


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/pppoe_client.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        _core_dumps.forbid()
        result: dict[str, t.Any] = super().run(tmp, task_vars or {})
        _validation, options = self.validate_argument_spec(
            argument_spec=OPTIONS,
            required_if=[("state", "set", ("login", "password")), ("state", "provisioned", ("login", "device"))],
        )

        def of_host(name: str) -> str:
            return str(self._templar.template((task_vars or {}).get(name)) or "")

        handed = self._templar.template((task_vars or {}).get(SECRETS)) or {}
        options["routeros_password"] = options["routeros_password"] or handed.get("routeros_password")
        router: Router | None = None
        try:
            router = choose.driver(self, options, of_host)
            result.update(Run(router, options, bool(self._task.check_mode)).as_result())
        except Failure as failure:
            result.update(failure.as_result(), failed=True, changed=False)
            if failure.outcome is Outcome.UNKNOWN:
                # Nobody knows: a play that asks whether something changed must not be told that nothing did.
                result["changed"] = options["state"] in ("set", "provisioned") and not self._task.check_mode
        except AnsibleError:
            raise
        except Exception as error:
            # Ansible shows the text of an exception, and this one could quote a password.
            raise AnsibleActionFail(f"Talking to the router failed unexpectedly: {type(error).__name__}.") from None
        finally:
            if router is not None:
                router.close()
        told: dict[str, t.Any] = named(harmless(result), self._templar.template((task_vars or {}).get(NAMES)) or {})
        return told


class Run:
    """One task: the driver and what it is asked for."""

    def __init__(self, router: Router, options: t.Mapping[str, t.Any], check: bool) -> None:
        self._router, self._options, self._check = router, options, check
        # Texts of Ansible carry tags, which are of no use beyond here.
        self._credentials = Credentials(str(options["login"] or ""), str(options["password"] or ""))

    def as_result(self) -> dict[str, t.Any]:
        """What the task returns.

        :raises Failure: as the methods of :class:`Router`, and ``router_session`` when no session came in time
        """
        state = self._options["state"]
        if state == "probed":
            return probed(self._router.probe(prove=self._options["prove"] and not self._check))
        if state == "provisioned":
            return self._provisioned()
        if state == "set":
            return self._set()
        return connected(self._session(self._mark(), self._wait()), self._wait())

    def _wait(self) -> float:
        return 0.0 if self._check else float(self._options["wait"])

    def _mark(self) -> Mark | None:
        since = self._options["since"]
        return Mark(since["at"], str(since["identity"])) if since else None

    def _session(self, since: Mark | None, wait: float) -> Session:
        return self._router.session(wait=wait, since=since)

    def _provisioned(self) -> dict[str, t.Any]:
        options = self._options
        wanted = Interface(str(options["device"]), options["vlan"], options["mtu"], self._credentials.login)
        made = self._router.provision(wanted, check=self._check, change=options["changes"])
        interface = choose.interface_of(options["platform"], options["interface"])
        if isinstance(made, Unable):
            raise Failure("router_unable", made.why)
        return {
            "changed": made.changed,
            "provisioned": {
                "changed": made.changed,
                "waiting": made.waiting,
                "differs": [dataclasses.asdict(one) for one in made.differs],
            },
            "warnings": [left(interface, made.differs)] if made.differs and not made.changed else [],
            "diff": {"prepared": "".join(f"{line}\n" for line in made.diff)},
        }

    def _set(self) -> dict[str, t.Any]:
        refuse_unfit(self._router, self._credentials)
        age = self._options["age"]
        applied = self._router.apply(self._credentials, dial=Dial(self._options["dial"]), age=age, check=self._check)
        result = {
            "changed": applied.changed,
            "applied": as_applied(applied),
            "diff": {"prepared": as_diff(applied, self._credentials.login)},
            "warnings": list(applied.warnings),
        }
        if self._options["wait"] and not self._check:
            seen = connected(self._session(applied.mark if applied.dialled else None, self._wait()), self._wait())
            result.update(seen, changed=applied.changed)
        return result


def probed(probe: Probe) -> dict[str, t.Any]:
    """What a look returns."""
    counter = probe.counter
    return {
        "changed": False,
        "router": {
            "login": probe.login,
            "writable": probe.writable,
            "why": probe.why,
            "tried": probe.tried,
            "reached_by": probe.reached_by,
            "counter": dataclasses.asdict(counter) if counter else None,
        },
        "session": as_session(probe.session),
        "warnings": list(probe.warnings),
    }


def connected(session: Session, wait: float) -> dict[str, t.Any]:
    """What a wait for the session returns; it has failed when there is none."""
    result: dict[str, t.Any] = {"changed": False, "session": as_session(session)}
    if not session.up:
        message = f"The router has no session that counts after {wait:g} s: {session.error}."
        result.update(Failure("router_session", message).as_result(), failed=True)
    return result


def as_session(session: Session) -> dict[str, t.Any]:
    uptime = "" if session.uptime is None else int(session.uptime)
    return {"up": session.up, "address": session.address, "uptime": uptime, "error": session.error}


def as_applied(applied: Applied) -> dict[str, t.Any]:
    return {
        "changed": applied.changed,
        "written": applied.written,
        "dialled": applied.dialled,
        "mark": dataclasses.asdict(applied.mark),
    }


def as_diff(applied: Applied, login: str) -> str:
    """What `--diff` may show of a change that is a secret."""
    lines = [f"login and password of {login}: written (not shown)"] if applied.written else []
    return "".join(f"+{line}\n" for line in [*lines, *(["dial once"] if applied.dialled else [])])
