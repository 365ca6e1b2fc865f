# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives a router the interface of its line; what is there already is told before it is changed, or left."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import provision
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import of_link
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run


class Provisioning:
    """The interface of one line.

    :param looks_only: only tell what would be done
    :param say: shows a line at once, with the host
    """

    def __init__(self, run: Run, looks_only: bool, say: t.Callable[[str, str], None] = progress.say) -> None:
        self._run, self._looks_only, self._say = run, looks_only, say
        self._name, self._change = run.options.interface, run.options.flag("provision_changes")

    def make(self, driver: port.Router, wanted: port.Interface) -> tuple[port.Provisioned | port.Unable, list[str]]:
        """Make what is missing, and change what differs where that is requested.

        :return: what came of it, and why no password should be requested now
        """
        address = self._foretold(driver, wanted) if self._change else ""
        made = driver.provision(wanted, check=self._looks_only, change=self._change)
        if isinstance(made, port.Unable):
            return made, []
        self._run.diff += made.diff
        if not made.differs:
            return made, []
        if not made.changed:
            self._run.warnings.append(self._run.named(provision.left(self._name, made.differs)))
            return made, list(self._of_link(driver, made))
        if not address or self._looks_only:
            return made, []
        # What is done next goes by the session that comes now.
        wait = float(self._run.options.number("session_timeout"))
        session = driver.session(wait=wait, since=made.mark)
        if session.up or not self._run.options.flag("renew"):
            return made, []
        return made, [provision.no_session_since(self._name, made.differs, wait, session.error)]

    def _foretold(self, driver: port.Router, wanted: port.Interface) -> str:
        """Say what is about to be changed; the address of the session that ends by that, "" for none."""
        ahead = driver.provision(wanted, check=True, change=True)
        if isinstance(ahead, port.Unable) or not (ahead.differs and ahead.changed):
            return ""
        session = driver.session(wait=0, since=None) if ahead.dials else port.Session(False)
        said = provision.changes(self._name, ahead.differs, session.address, only_told=self._looks_only)
        if self._looks_only:
            self._run.warnings.append(said)
        else:
            self._say(self._run.intent.host, said)
        return session.address if session.up else ""

    def _of_link(self, driver: port.Router, made: port.Provisioned) -> t.Iterator[str]:
        if not (self._run.options.flag("renew") and of_link(made.differs)):
            return
        if not driver.session(wait=0, since=None).up:
            yield provision.without_session(self._name, made.differs)
