# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a preflight has seen so far: its verdict, and the stop that has it."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import joined, said
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import key as keys
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight, state_folder
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import verdict as verdicts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Line, Router
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data

Data = t.Mapping[str, t.Any]


class Seeing:
    """One line, as far as it was looked at.

    :param place: where this run is
    :param entry: the role's entry point: main, preflight, rehearse or credentials
    """

    def __init__(self, run: Run, place: Place, entry: str) -> None:
        self.run, self.place, self._entry = run, place, entry
        self.options, self.intent, self.words = run.options, run.intent, run.words
        self.sight = verdicts.Sight(
            self.intent.service_name,
            self.intent.host,
            self.options.flag("renew"),
            mailbox=self.options.text("mail_source") == "imap",
            store="file" if self.options.text("store_vault_file") else self._own_store,
            looks=entry != "credentials",
            bare=place.bare,
            hosts=place.hosts,
            renew=said(self.words.renewing),
            rehearse=self.words.rehearsing,
            converge=said(self.words.converging),
        )

    @property
    def _own_store(self) -> str:
        return "folder" if self.options.store_folder else "tasks" if self.options.text("store") else ""

    def _of_key(self, told: Data, line: Line) -> t.Iterator[str]:
        """What keeps the key from lasting for a whole run."""
        if not self.options.flag("renew"):
            return
        way = told.get("control_node") or {}
        key, now = keys.key_of(told), self.run.their_time(line.skew)
        yield from keys.of_key(key, now, keys.lasts(self.options))
        addresses = preflight.access_of(told).get("ips") or []
        if only := list(keys.of_line(key, addresses)):
            yield from only
        elif keys.moves(self.options, way.get("behind_line")):
            yield from keys.of_networks(key, str(way.get("address") or ""), addresses)

    @property
    def _state_dir(self) -> str:
        return self.options.state_dir

    def _folder(self) -> bool | None:
        """Can a request be noted? None where it is sent from another host.

        :raises Stopped: when it cannot
        """
        if not self.run.means.here:
            return None
        skew = self.sight.line.skew if self.sight.line else None
        now = self.run.their_time(skew)
        if self.options.flag("renew"):
            why = state_folder.trouble(self._state_dir, self.intent.service_name, now)
            self._stop_at([why] if why else [], failure={"code": "journal", "message": why, "details": {}})
        return True

    def _see(self, **parts: t.Any) -> None:
        """Note what was seen, for the verdict."""
        self.sight = dataclasses.replace(self.sight, **parts)

    def _note(self, notes: t.Iterable[str], seen: bool = True) -> None:
        """Warn, and have it in the verdict, too, where it does not say so in its own words."""
        found = list(notes)
        if seen:
            self._see(notes=(*self.sight.notes, *found))
        if self._entry not in ("preflight", "audit"):
            self.run.warnings += [f"{self.words.service_name}: {one}" for one in found]

    def _verdict(self, stops: t.Iterable[str] = ()) -> dict[str, t.Any]:
        """As a part of the result; shown where it is what the run is for."""
        if not (self.options.flag("renew") or self._entry in ("preflight", "audit")):
            return {}
        verdict = verdicts.judge(self.sight, stops)
        if self._entry == "preflight":
            self.run.head = "" if progress.sparing() else verdicts.text(verdict)
            self.run.say_head()
        return {"verdict": as_data(verdict)}

    def _stop_at(
        self,
        said: t.Iterable[str],
        router: Router | None = None,
        failure: Data | None = None,
        add: t.Sequence[str] = (),
    ) -> None:
        """:raises Stopped: with all that was said, if anything was"""
        if stops := list(said):
            raise self._stopped(stops, router, failure, add)

    def _stopped(
        self,
        stops: t.Sequence[str],
        router: Router | None = None,
        failure: Data | None = None,
        add: t.Sequence[str] = (),
    ) -> Stopped:
        """The end of a preflight that found these, with its verdict.

        :param add: an option that the command lacked, and its value
        """
        amended = self.words.command.with_option(*add) if add else None
        before = messages.before_post(self.words, router, str((failure or {}).get("code") or ""), amended)
        stopped = Stopped("preflight", joined(f"{self.words.service_name}: {' '.join(stops)}", before), failure)
        stopped.verdict = self._verdict(stops).get("verdict")
        return stopped
