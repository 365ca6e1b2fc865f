# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look at a PPPoE client of RouterOS, and wait for its session inside one task."""

from __future__ import annotations

import contextlib
import re
import time
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

#: Seconds between two looks; a look takes about 0.4 s more.
PAUSE = 1.0
#: What is read of a client. The password is only looked at to know whether it can be compared.
PROPERTIES = [".id", "name", "user", "password", "disabled"]
#: RouterOS prints "1w2d3h4m5s", and clocks ("01:02:03") for the part below a day in older releases.
TIME = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+):(\d+):(\d+)|(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)")


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
    """Whether a password that was read tells nothing.

    Left out, empty or masked: what a user without the policy sensitive gets. The Python library
    reads yes, no, true and false as booleans, so which of the spellings it was is lost.
    """
    return isinstance(password, bool) or not str(password or "").strip("*")


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
        return f"{message} On the control node: pip install librouteros"
    if "not enough permissions" in message:
        return f"{where} does not let this user read ({message}). Give the user's group the policies api and read."
    return f"{where} cannot be used ({message}). See that the service api-ssl is enabled, and reachable from here."


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/routeros_session.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

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
        self._connection_options = dict(args["connection"])
        self._task_vars = task_vars or {}
        for option in ("username", "password"):
            if not self._connection_options.get(option):
                raise AnsibleActionFail(f"router_pppoe_routeros_{option} is not set, and without it the API is closed.")
        try:
            client = self._find(args["client"])
            result["client"] = client
            if args["rights"]:
                result["policies"] = self._policies()
            result.update(self._watch(client, args))
        except ApiError as error:
            result.update(failed=True, msg=str(error))
        return result

    # -- the client

    def _find(self, name: str) -> dict[str, Any]:
        rows = self._select("interface pppoe-client", PROPERTIES, {})
        names = sorted(str(row["name"]) for row in rows)
        row = next((row for row in rows if str(row["name"]) == name), None)
        if row is None:
            raise ApiError(
                f"The router has no PPPoE client {name}; it has: {', '.join(names) or 'none'}. "
                "Correct router_pppoe_interface."
            )
        return {
            "id": row[".id"],
            "user": str(row.get("user") or ""),
            "disabled": row.get("disabled") is True,
            "password_shown": not hidden(row.get("password")),
        }

    def _policies(self) -> list[str] | None:
        """The policies of the API user; None when the router does not tell them."""
        try:
            sessions = self._select("user active", ["name", "group"], {"name": self._connection_options["username"]})
            group = next((row["group"] for row in sessions if row.get("group")), None)
            if group is None:
                return None
            found = self._select("user group", ["name", "policy"], {"name": str(group)})
            return [word for word in str(found[0]["policy"]).split(",") if not word.startswith("!")] if found else None
        except ApiError:
            return None  # a router that keeps this from its users; the write will tell

    # -- the session

    def _watch(self, client: dict[str, Any], args: dict[str, Any]) -> dict[str, Any]:
        """Look until a session is up that began after newer_than, or until the time is over."""
        began = time.monotonic()
        redialled = False
        while True:
            session = self._look(client)
            fresh = session["up"] and time.time() - session["uptime"] >= args["newer_than"]
            passed = time.monotonic() - began
            if fresh or passed >= args["wait"]:
                return {"session": session, "redialled": redialled}
            if session["up"] and not redialled and 0 < args["redial_after"] <= passed:
                self._redial(args["client"])
                redialled = True
            time.sleep(max(0.0, min(PAUSE, args["wait"] - passed)))

    def _look(self, client: dict[str, Any]) -> dict[str, Any]:
        """What the router says of the session now; a look that fails is not the end of the wait."""
        session = {"up": False, "address": "", "uptime": 0, "error": ""}
        try:
            # Only "once=yes" works: without it the router never stops answering.
            rows = self._call("api", path="interface pppoe-client", cmd=f"monitor .id={client['id']} once=yes")
            row = rows[0] if rows else {}
            address = str(row.get("local-address") or "").partition("/")[0]
            if row.get("status") == "connected" and address:
                session.update(up=True, address=address, uptime=seconds(str(row.get("uptime", ""))))
            else:
                session["error"] = f"the router says: {row.get('status', 'nothing')}"
        except ApiError as error:
            session["error"] = str(error)
        return session

    def _redial(self, name: str) -> None:
        """Take the client down and up again: its old session outlived the change of its password."""
        with contextlib.suppress(ApiError):  # whatever became of it, the client has to be enabled now
            self._set_disabled(name, "yes")
        for attempt in (1, 2, 3):
            try:
                self._set_disabled(name, "no")
                return
            except ApiError as error:
                if attempt == 3:
                    raise ApiError(
                        f"The client {name} was disabled to make it dial, and could not be enabled again: {error} "
                        f'On the router: /interface/pppoe-client/enable [find name="{name}"]'
                    ) from error
                time.sleep(PAUSE)

    def _set_disabled(self, name: str, value: str) -> None:
        self._call(
            "api_find_and_modify",
            path="interface pppoe-client",
            find={"name": name},
            values={"disabled": value},
            require_matches_min=1,
            require_matches_max=1,
            ignore_dynamic=True,
            ignore_builtin=True,
        )

    # -- the API

    def _select(self, path: str, attributes: list[str], where: dict[str, str]) -> list[dict[str, Any]]:
        conditions = [{"attribute": key, "is": "==", "value": value} for key, value in where.items()]
        return self._call("api", path=path, extended_query={"attributes": attributes, "where": conditions})

    def _call(self, module: str, **options: Any) -> list[dict[str, Any]]:
        """Run a module of community.routeros; the rows that it returns."""
        try:
            answer = self._execute_module(
                module_name=f"community.routeros.{module}",
                module_args={**self._connection_options, **options},
                task_vars=self._task_vars,
            )
        except AnsibleError as error:
            raise ApiError(
                f"The module community.routeros.{module} cannot be run ({error}). "
                "On the control node: ansible-galaxy collection install community.routeros"
            ) from error
        message = answer.get("msg")
        if answer.get("failed"):
            words = ", ".join(map(str, message)) if isinstance(message, list) else str(message)
            options = self._connection_options
            raise ApiError(explain(words, str(options.get("hostname")), int(options.get("port") or 8729)))
        return [row for row in message if isinstance(row, dict)] if isinstance(message, list) else []
