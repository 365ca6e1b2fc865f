# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a RouterOS router is asked about one PPPoE client; nothing here is a write."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter, Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Endless,
    Lost,
    Refused,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.reasons import PERMISSION


class Look:
    """The questions, over one API.

    :param interface: the name of the client in /interface/pppoe-client
    """

    def __init__(self, api: Api, options: ApiOptions, interface: str) -> None:
        self._api = api
        self._options = options
        self._interface = interface
        self._found: facts.Client | None = None
        self.where = f"The API of the router at {options.host} port {options.port}"

    def ask(self, *words: str) -> list[facts.Row]:
        """The rows of a command that may be sent twice: once more when its answer was lost.

        :raises Failure: ``router_unreachable``; ``router_refused`` for a user who may not do that
        :raises Refused: for any other no
        """
        return self._twice(lambda: words)

    def ask_of_client(self, command: str, *words: str) -> list[facts.Row]:
        """As :meth:`ask`, of the client: by the .id that it has on the connection that the command goes over."""
        return self._twice(lambda: (command, f"=.id={self.known().number}", *words))

    def write_nothing(self) -> None:
        """Write the client's comment as it is at that moment: what proves the right to write. Raises as :meth:`ask`."""

        def words() -> list[str]:
            client = self.client()
            return plans.words(plans.CLIENT, "set", {".id": client.number, "comment": client.comment})

        self._twice(words)

    def set(self, values: t.Mapping[str, str]) -> None:
        """Write once, to the client by the .id that it has on this connection. Raises as :meth:`Api.run`."""
        self._run(*plans.words(plans.CLIENT, "set", {".id": self.known().number, **values}))

    def _run(self, *words: str) -> list[facts.Row]:
        """As :meth:`Api.run`; what was known of the client holds for the connection that told it."""
        try:
            return self._api.run(*words)
        except (Failure, Lost, Refused):
            self._found = None
            raise

    def _twice(self, words: t.Callable[[], t.Sequence[str]]) -> list[facts.Row]:
        for again in (True, False):
            try:
                return self._run(*words())
            except Refused as error:
                if PERMISSION in str(error):
                    raise Failure(
                        "router_refused",
                        f"{self.where} does not let the user {self._options.username} read ({error}). Give the user's "
                        "group the policies api and read.",
                    ) from None
                raise
            except Lost as error:
                if not again or isinstance(error, Endless):
                    raise Failure(
                        "router_unreachable",
                        f"{self.where} ends the connection, or gives no answer within {self._options.timeout:g} s "
                        f"({error}). For a slow router, raise O(routeros_timeout).",
                    ) from None
        raise AssertionError("not reached")

    def client(self) -> facts.Client:
        """The client as it is now.

        :raises Failure: as :meth:`ask`, and ``router_option`` when there is no such client
        """
        try:
            rows = self.ask(f"{plans.CLIENT}/print", f"=.proplist={facts.PROPERTIES}")
        except Refused as error:
            raise Failure("router_refused", f"{self.where} did not list its PPPoE clients ({error}).") from None
        self._found = facts.client_named(rows, self._interface)
        return self._found

    def known(self) -> facts.Client:
        """The client as it was at the last look. One that waited may wait no more, and an .id holds for one connection
        (luqasz/librouteros issue 20): a router that restarted may have given it to another."""
        return self.client() if self._found is None or self._found.waiting else self._found

    def session(self) -> Session:
        """What the router tells of the client's session now, without an identity.

        :raises Failure: as :meth:`ask`
        """
        try:
            # Without "once" it never ends.
            rows = self.ask_of_client(f"{plans.CLIENT}/monitor", "=once=yes")
        except Refused as error:  # somebody made the client anew
            return Session(up=False, error=f"the router says: {error}")
        return facts.session_of(rows[0] if rows else {})

    def identified(self, client: facts.Client, session: Session) -> Session:
        """The session with what tells it from any other, for one whose age is not told."""
        return dataclasses.replace(session, identity=facts.identity_of(self._interface_row(client)))

    def counter(self, client: facts.Client) -> Counter | None:
        """The bytes that the client's interface has carried."""
        return facts.counter_of(self._interface_row(client))

    def reached_by(self) -> str:
        """The interface by which the router answers this control node; "" when it is not told."""
        return self.way_back().interface

    def way_back(self) -> Back:
        """How the router answers this control node."""
        own = self._asked("/user/active/print", "=.proplist=address,via", f"?name={self._options.username}")
        rows = self._asked("/ip/address/print", "=.proplist=address,interface,actual-interface,disabled")
        interface = facts.reached_by(own, rows)
        addresses = tuple(row["address"].partition("/")[0] for row in rows if row.get("address"))
        return Back(interface, True if interface else None, addresses=addresses)

    def idle_timeout(self, client: facts.Client) -> str:
        """That of the client's profile; "" when it is not told."""
        rows = self._asked("/ppp/profile/print", "=.proplist=name,idle-timeout", f"?name={client.profile}")
        return rows[0].get("idle-timeout", "") if rows else ""

    def safe_mode(self) -> str:
        """Why the router may undo what is changed now; ""."""
        return facts.safe_mode(self._asked("/system/history/print", "=.proplist=floating-undo,by"))

    def policies(self) -> frozenset[str] | None:
        """Those of the user of the API; None when they are not told.

        /user/active does not tell the group on every release 6: then /user is asked.
        """
        for menu in ("/user/active", "/user"):
            rows = self._asked(f"{menu}/print", "=.proplist=group", f"?name={self._options.username}")
            group = next((row["group"] for row in rows if row.get("group")), None)
            if group is not None:
                return facts.policies_of(self._asked("/user/group/print", "=.proplist=policy", f"?name={group}"))
        return None

    def menus(self) -> plans.Menus:
        """All that provisioning has to know.

        :raises Failure: as :meth:`ask`
        """
        rows: dict[str, list[facts.Row] | None] = {}
        for menu, properties in plans.READ.items():
            try:
                rows[menu] = self.ask(f"{menu}/print", f"=.proplist={properties}")
            except Refused as error:
                if "no such command" not in str(error):
                    raise Failure("router_refused", f"{self.where} did not answer about {menu} ({error}).") from None
                rows[menu] = None
        return plans.Menus(rows)

    def _interface_row(self, client: facts.Client) -> facts.Row:
        told = "name,rx-byte,tx-byte,link-downs,last-link-up-time"
        rows = self._asked("/interface/print", f"=.proplist={told}", f"?name={client.name}")
        return rows[0] if rows else {}

    def _asked(self, *words: str) -> list[facts.Row]:
        """The rows of a command that the router may keep from this user, or not know: none then."""
        with contextlib.suppress(Refused):
            try:
                return self.ask(*words)
            except Failure as error:
                if error.code != "router_refused":
                    raise
        return []
