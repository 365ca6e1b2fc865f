# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a sentence ends: with the command that goes on, or with another one that is derived from it (pure)."""

from __future__ import annotations

import dataclasses
import datetime
import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import HANDED, Command, Kind

RENEW, SINCE, COOLDOWN = "router_pppoe_renew", "router_pppoe_renewed_since", "router_pppoe_cooldown"


@dataclasses.dataclass(frozen=True)
class Words:
    """What sentences need beside the state.

    :param command: that this run was started with, for its host alone
    :param renew: the flag of this run
    :param mail_place: "the account" or "the mailbox"
    :param store: where the password is kept; "" for nowhere
    :param check: nothing may be written, anywhere
    """

    service_name: str
    command: Command
    renew: bool
    by_hand: bool
    mail_place: str = "the account"
    cooldown: str = "15m"
    session_timeout: int = 180
    store: str = ""
    check: bool = False

    def again(self, lead: str) -> str:
        """The command that goes on from any point."""
        return again(lead, self.command)

    def finish_by_hand(self, lead: str) -> str:
        """How to go on with what a person has read in the mail; "" in check mode, which would set nothing."""
        if self.check:
            return ""
        command = self.command.finish_by_hand()
        if command.text and command.kind is Kind.YOURS:
            lead += f" (router_pppoe_login and router_pppoe_password in a file {HANDED} that you alone can read)"
        return step(lead, command)

    @property
    def asking(self) -> Command:
        """With the flag."""
        return self.command if self.renew else self.command.with_variable(RENEW, "true")

    def anew(self, now: datetime.datetime, lead: str = "To request a new password all the same") -> str:
        """How to ask for one renewal, where nothing tells whether one is due."""
        return step(self._tried(lead), self.asking.with_variable(SINCE, iso(now)))

    def asked_first(self, lead: str = "To request a new password") -> str:
        """The flag, where it was not set."""
        return step(self._tried(lead), self.asking)

    @property
    def renewing(self) -> Command:
        """Renews this line, whatever this run is for."""
        return self.command.playbook("renew").with_variable(RENEW, "true")

    @property
    def converging(self) -> Command:
        """Sets the router to the latest mail, and asks for nothing."""
        return self.command.playbook("renew").with_variable(RENEW, "false")

    @property
    def rehearsing(self) -> str:
        """Rehearses a renewal."""
        command = self.command.playbook("rehearse")
        return command.text if command.kind is Kind.OURS else "include the role with tasks_from: rehearse"

    def looked(self) -> str:
        """The same, and no request, however much time has passed."""
        return step("To look again", self.command.with_variable(RENEW, "false") if self.renew else self.command)

    def lost(self, now: datetime.datetime) -> str:
        """The two ways that are left when the password of a one-time link is lost."""
        anew = self.asking.with_variable(SINCE, iso(now)).with_variable(COOLDOWN, "0s")
        return joined(
            self.finish_by_hand("With the password in hand"),
            step(self._tried("For another password, which cuts the line again"), anew),
        )

    def _tried(self, lead: str) -> str:
        return f"{lead} (check mode foresees it, and does not)" if self.check else lead


def step(lead: str, command: Command) -> str:
    """What to do. The command has a line of its own, which outputs in YAML keep as it is."""
    if not command.text:
        return f"{lead}: {command.phrase}."
    left_out = f"Add these, which are left out here: {', '.join(command.left_out)}." if command.left_out else ""
    return f"{lead}:\n{command.text}\n{left_out}"


def said(command: Command) -> str:
    """The command, or what takes its place."""
    return command.text or command.phrase


def again(lead: str, command: Command) -> str:
    """To run the same again.

    :param lead: how the sentence begins
    """
    return step(f"{lead} run the same command again", command) if command.text else f"{lead} {command.phrase}."


def joined(*sentences: str) -> str:
    """Those that there are."""
    return re.sub(r" *\n *", "\n", " ".join(one for one in sentences if one)).strip()
