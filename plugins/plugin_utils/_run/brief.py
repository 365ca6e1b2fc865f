# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run that asks for nothing has to know of its line, and the store: little, since it is run every night."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight, verdict
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.seeing import Seeing
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Latest, Line, Proof, Router, Trails
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import three


def look_at(file: str, check_mode: bool, *, made: bool = False) -> dict[str, t.Any]:
    """A task file to be included.

    :param made: only when the interface is there already
    """
    return {"file": file, "check_mode": check_mode, "made": made}


class Brief(Seeing):
    """The look at a line where no password is requested."""

    _facts: three.Facts | None = None
    _load: t.Callable[[str], t.Any]

    def proof(self, line: Line, latest: Latest | None, router: Router | None, ways: tuple[Way, ...] = ()) -> Proof:
        """The data that a request needs."""
        at, intent = self.run.their_time(line.skew), self.intent
        return Proof(
            intent.service_name,
            intent.host,
            intent.renew,
            at,
            line,
            latest,
            router,
            ways,
            self.sight.same,
            kept=self.run.kept() is not None,
            trails=self._facts.trails if self._facts else Trails(),
        )

    def _own_looks(self) -> list[dict[str, t.Any]]:
        """The tasks by which a platform of the user's own is looked at."""
        if not self.options.custom:
            return []
        folder = self.options.text("platform_dir")
        look = [look_at("start_afresh.yml", False)]
        if self.options.flag("provision"):
            look.append(look_at(f"{folder}/provision.yml", self._looks_only))
        return look + [
            look_at(f"{folder}/{name}", self.intent.check, made=True) for name in ("probe.yml", "status.yml")
        ]

    @property
    def _looks_only(self) -> bool:
        """Is nothing provisioned, only looked whether it would be?"""
        return self.intent.check or self._entry != "main" or "provision" not in self.intent.phases

    def _prove_store(self) -> None:
        try:
            if self.options.text("store_vault_file"):
                self.run.means.keep(None)
            self._see(kept=self.run.kept() is not None)
        except Failure as failure:
            self._stop_at([failure.message], add=failure.details.get("add") or ())

    @property
    def _brief(self) -> bool:
        """Is nothing asked for, so that nothing of a renewal has to be proven? A night's run asks OVHcloud little."""
        needs = self.options.flag("renew") or self.options.flag("provision") or self.options.by_hand
        return not needs and self._entry in ("main", "credentials")

    def _in_brief(self) -> dict[str, t.Any]:
        """The line of a run that asks for nothing: its login, and the store. The mail is looked for once, later."""
        self._prove_store()
        line = self._known_line()
        ground = verdict.Ground()
        self._see(line=line, ground=ground)
        result = {"line": as_data(line), "ground": as_data(ground), "notes": [], "latest": None}
        if self._entry == "credentials":
            return {**result, "proof": as_data(self.proof(line, None, None))}
        return {**result, "look": self._own_looks()}

    def _known_line(self) -> Line:
        """What the user and the store tell of the line, else OVHcloud's RADIUS log."""
        login = self.options.text("line_login") or self._kept_login
        if login and self.options.text("mail_source") == "api":
            return Line(True, login)
        return self._dial_ins(login)

    def _dial_ins(self, login: str) -> Line:
        """:raises Stopped: when OVHcloud cannot be asked"""
        told = self.run.means.calls(ovh.DIAL_INS, {**self.options.connection(), "timeout": 0}, self.intent.check)
        if "connected" not in told:
            self._stop_at([preflight.told_by(told, "OVHcloud could not be asked.")], failure=told.get("failure"))
        access = {"login": told.get("login"), "last_connection": told.get("last_event")}
        return preflight.line_of({**told, "accesses": [access]}, {}, self.options.text("line_login"), login)

    @property
    def _kept_login(self) -> str:
        try:
            kept = self.run.kept()
        except Failure:
            return ""
        return kept.login if kept else ""
