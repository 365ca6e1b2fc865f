# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look at a PPPoE client of RouterOS, and wait for its session, in one task over one connection."""

from __future__ import annotations

import contextlib
import importlib
import re
import time
from collections.abc import Iterator
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps

#: Seconds between two looks at a session.
PAUSE = 0.5
#: What is read of a client. The password is only looked at to know whether it can be compared.
PROPERTIES = ".id,name,user,password,disabled"
#: RouterOS prints "1w2d3h4m5s", and clocks ("01:02:03") for the part below a day in older releases.
TIME = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+):(\d+):(\d+)|(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)")
#: What community.routeros takes when an option is left out (see its documentation fragment "api").
DEFAULTS = {"force_no_cert": False, "ca_path": None, "timeout": 10}


class ApiError(Exception):
    """The router's API could not be asked; the text says why and what goes on."""


def seconds(text: str) -> int:
    """A time as RouterOS prints it, in seconds; an unreadable one is an error."""
    found = TIME.fullmatch(text)
    if not text or found is None:
        raise ApiError(f"The router tells an uptime that cannot be read: {text}")
    weeks, days, hours, minutes, rest, h, m, s = (int(part or 0) for part in found.groups())
    return ((weeks * 7 + days) * 24 + hours + h) * 3600 + (minutes + m) * 60 + rest + s


def hidden(password: Any) -> bool:
    """Whether a password that was read tells nothing that could be compared.

    Left out, empty or masked: what a user without the policy sensitive gets. The Python library reads
    yes, no, true and false as booleans, and before its release 4 all digits as numbers ("007" as 7):
    which spelling it was is lost.
    """
    return isinstance(password, int) or not str(password or "").strip("*")


def explain(message: str, host: str, port: int) -> str:
    """The module's error with what to do about it."""
    where = f"The API of the router at {host} port {port}"
    if "CERTIFICATE_VERIFY_FAILED" in message:
        return (
            f"{where} has a certificate that is not trusted ({message}). Put the router's certificate, or its CA's, "
            "into a file and name it in router_pppoe_routeros_ca_path; for a name or address that the certificate "
            "does not hold, see router_pppoe_routeros_validate_hostname."
        )
    if "user name or password" in message or "cannot log in" in message:
        return (
            f"{where} refuses the log-in ({message}). Correct router_pppoe_routeros_username and "
            "router_pppoe_routeros_password, and see that the user's group has the policies api, read and write."
        )
    if "required Python library" in message:
        return f"{message} Install it: pip install librouteros"
    if "not enough permissions" in message:
        return f"{where} does not let this user read ({message}). Give the user's group the policies api and read."
    return f"{where} cannot be used ({message}). See that the service api-ssl is enabled, and reachable from here."


class Router:
    """The API of one router, over the connection code of community.routeros; connects when it is first needed."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.params = {**DEFAULTS, **options}  # by the name that community.routeros looks for in a module
        self._api: Any = None

    def fail_json(self, msg: str, **_details: Any) -> None:
        """What community.routeros calls on a module when it cannot connect."""
        raise ApiError(explain(msg, self.params["hostname"], self.params["port"]))

    def run(self, *words: str) -> list[dict[str, Any]]:
        """The rows that one command of the API answers with.

        :raises ApiError: when it is refused, or when the router cannot be reached
        """
        try:
            utils = importlib.import_module("ansible_collections.community.routeros.plugins.module_utils.api")
        except ImportError as error:
            raise ApiError(
                f"community.routeros is not installed ({error}): ansible-galaxy collection install community.routeros"
            ) from error
        utils.check_has_library(self)
        trouble = importlib.import_module("librouteros.exceptions").LibRouterosError
        try:
            if self._api is None:
                self._api = utils.create_api(self)
            return list(self._api.rawCmd(*words))
        except (trouble, OSError, UnicodeError) as error:
            self.close()
            raise ApiError(explain(str(error), self.params["hostname"], self.params["port"])) from error

    def close(self) -> None:
        if self._api is not None:
            with contextlib.suppress(OSError):
                self._api.close()
            self._api = None

    # -- what is asked

    def client(self, name: str) -> dict[str, Any]:
        """The PPPoE client of that name."""
        rows = self.run("/interface/pppoe-client/print", f"=.proplist={PROPERTIES}")
        row = next((row for row in rows if str(row["name"]) == name), None)
        if row is None:
            names = ", ".join(sorted(str(row["name"]) for row in rows))
            raise ApiError(
                f"The router has no PPPoE client {name}; it has: {names or 'none'}. Correct router_pppoe_interface."
            )
        return {
            "id": row[".id"],
            "user": str(row.get("user") or ""),
            "disabled": row.get("disabled") is True,
            "password_shown": not hidden(row.get("password")),
        }

    def policies(self) -> list[str] | None:
        """The policies of the user of the API; None when the router does not tell them."""
        try:
            sessions = self.run("/user/active/print", "=.proplist=group", f"?name={self.params['username']}")
            group = next((row["group"] for row in sessions if row.get("group")), None)
            if group is None:
                return None
            found = self.run("/user/group/print", "=.proplist=policy", f"?name={group}")
        except ApiError:
            return None  # a router that keeps this from its users: the write will tell
        return [word for word in str(found[0]["policy"]).split(",") if not word.startswith("!")] if found else None

    def session(self, number: str) -> dict[str, Any]:
        """The session of a client now; a look that fails is told in it."""
        session = {"up": False, "address": "", "uptime": 0, "error": ""}
        try:
            # Without "once" the router never stops answering.
            rows = self.run("/interface/pppoe-client/monitor", f"=.id={number}", "=once=yes")
            row = rows[0] if rows else {}
            address = str(row.get("local-address") or "").partition("/")[0]
            if row.get("status") == "connected" and address:
                session.update(up=True, address=address, uptime=seconds(str(row.get("uptime", ""))))
            else:
                session["error"] = f"the router says: {row.get('status', 'nothing')}"
        except ApiError as error:
            session["error"] = str(error)
        return session

    def redial(self, number: str) -> None:
        """Take a client down and up again: its old session outlived the change of its password."""
        with contextlib.suppress(ApiError):  # whatever became of it, the client has to be enabled now
            self.run("/interface/pppoe-client/set", f"=.id={number}", "=disabled=yes")
        for pause in (PAUSE, 4 * PAUSE, 0):
            try:
                self.run("/interface/pppoe-client/set", f"=.id={number}", "=disabled=no")
                return
            except ApiError as error:
                if not pause:
                    raise ApiError(
                        f"The client was disabled to make it dial, and could not be enabled again: {error} "
                        f"On the router: /interface pppoe-client enable {number}"
                    ) from error
                time.sleep(pause)


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/routeros_session.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars or {})
        _validation, args = self.validate_argument_spec(
            argument_spec={
                "connection": {"type": "dict", "required": True, "no_log": True},
                "client": {"type": "str", "required": True},
                "rights": {"type": "bool", "default": False},
                "wait": {"type": "int", "default": 0},
                "newer_than": {"type": "float", "default": 0.0},
                "redial_after": {"type": "int", "default": 0},
            }
        )
        try:
            with connected(args["connection"]) as router:
                client = router.client(args["client"])
                result.update(client=client, policies=router.policies() if args["rights"] else None)
                result.update(watch(router, client["id"], args["wait"], args["newer_than"], args["redial_after"]))
        except ApiError as error:
            result.update(failed=True, msg=str(error))
        return result


@contextlib.contextmanager
def connected(options: dict[str, Any]) -> Iterator[Router]:
    """The router of these options, closed in the end."""
    _core_dumps.forbid()
    for option in ("username", "password"):
        if not options.get(option):
            raise ApiError(f"router_pppoe_routeros_{option} is not set, and without it the API is closed.")
    router = Router(options)
    try:
        yield router
    finally:
        router.close()


def watch(router: Router, number: str, wait: float, newer_than: float, redial_after: float) -> dict[str, Any]:
    """Look until a session is up that began after NEWER_THAN, or until the time is over."""
    began = time.monotonic()
    redialled = False
    while True:
        session = router.session(number)
        passed = time.monotonic() - began
        if (session["up"] and time.time() - session["uptime"] >= newer_than) or passed >= wait:
            return {"session": session, "redialled": redialled}
        if session["up"] and not redialled and 0 < redial_after <= passed:
            router.redial(number)
            redialled = True
        time.sleep(max(0.0, min(PAUSE, wait - passed)))
