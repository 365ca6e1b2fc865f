# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The latest credentials mail, before anything is asked for, and whether its password is the one on the router."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import LEISURE
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import same_login

Data = t.Mapping[str, t.Any]


def latest_mail(run: Run, login: str, skew: int | None, *, password: bool) -> Data:
    """One look at the mails; no one-time link is opened.

    It is the first one of this use of the role: a list of an earlier use in this run is not taken, but where lines of
    several sites share theirs.

    :param login: of the line; "" when it is not known
    :param skew: of OVHcloud's clock; None when it was not asked
    :param password: hand it over, for :func:`compared`
    """
    given = {**run.options.connection(), **run.options.mailbox(), "timeout": 0, "open_link": False}
    given["list_age"] = LEISURE if ovh.several() else 0
    if password:
        given["return_password"] = True
    if login:
        given["login"] = login
    if skew is not None:
        given["clock_skew"] = skew
    return run.means.calls(ovh.COLLECT, given, run.intent.check)


def credentials_of(found: Data) -> port.Credentials | None:
    """What a mail gives, without any link; None when it gives no password."""
    password = str(found.get("password") or "")
    return port.Credentials(str(found.get("login") or ""), password) if password else None


def compared(driver: port.Router, login: str, found: Data) -> tuple[bool | None, str]:
    """Is the mail's password the one on the router? The router's driver compares; nothing is written.

    :param login: the router's
    :param found: what :func:`latest_mail` gave
    :returns: None when that cannot be told, and why, to follow "because"
    """
    credentials = credentials_of(found)
    if credentials is None:
        return None, "no mail gives one in plain text"
    if not same_login(credentials.login, login):
        return None, f"that mail is for the login {credentials.login}"
    credentials = dataclasses.replace(credentials, login=login)
    try:
        port.refuse_unfit(driver, credentials)
        told = driver.apply(credentials, dial=port.Dial.NEVER, age=None, check=True)
    except Failure as failure:
        return None, f"the router does not accept it: {failure.message.rstrip('.')}"
    if not told.compared:
        return None, "the router does not show its password to this user"
    return not told.written, ""
