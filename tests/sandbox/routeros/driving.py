# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver over the played router, without the wire in between."""

from __future__ import annotations

from typing import Any

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Lost,
    outcome,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.driver import RouterOs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.reasons import explain

from .played import API_PASSWORD, GOOD, OTHER, Play, play
from .words import Row, Trap


class PlayedApi(Api):
    """The router without the wire; the rest of Api is tested over it (unit tests of _routers/routeros/api.py)."""

    def __init__(self, played: Play, options: ApiOptions) -> None:
        super().__init__(options)
        self.played, self.options = played, options

    def run(self, *words: str) -> list[Row]:
        try:
            return self.played.rows(list(words), self.options.timeout)
        except Trap as trap:
            raise outcome([dict(word[1:].split("=", 1) for word in trap.words[1:])], words) from None
        except (EOFError, TimeoutError) as error:
            raise Lost(str(error) or "Connection unexpectedly closed.") from None
        except ConnectionRefusedError as error:
            raise explain(error, self.options.host, self.options.port) from None


def driver(played: Play, name: str = "pppoe-out1", **options: Any) -> RouterOs:
    given = ApiOptions("192.0.2.1", username="renew", password=API_PASSWORD, **options)
    return RouterOs(
        given, name, sleep=played.clock.sleep, monotonic=played.clock.monotonic, api=PlayedApi(played, given)
    )


def in_state(state: str) -> tuple[RouterOs, Play]:
    """The driver over a router in one of the states that every driver is tried in; the line takes LOGIN and GOOD.

    :param state: "right", "differing" (its password is OTHER, its session an hour old), "down" (the right password, no
        session), "unreachable"
    """
    found = play(OTHER if state == "differing" else GOOD, up=state != "down")
    if state == "down":
        found.client.answers = False
    found.router.gone = state == "unreachable"
    return driver(found), found
