# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Could a request be noted in the journal? Asked before one is sent, without writing anything."""

from __future__ import annotations

import datetime
import os

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal


def trouble(folder: str, service_name: str, now: datetime.datetime) -> str:
    """Why not, as a sentence; "" when it could, as far as that can be told without trying.

    :param now: OVHcloud's time
    """
    there = os.path.abspath(folder)
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    if not os.path.isdir(there):
        return _said(f"{there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        return _said(f"this user may not write in {there}, or it is mounted read-only")
    if os.statvfs(there).f_bavail == 0:
        return _said(f"there is no room left in {there}")
    journal = Journal(folder, service_name)
    try:
        journal.look_at_lock()
        journal.last(now)
    except Failure as failure:
        return failure.message.replace("Set state_dir", "Set router_pppoe_state_dir")
    return ""


def _said(why: str) -> str:
    return (
        f"a request could not be noted in the journal: {why}. Set router_pppoe_state_dir to a folder that this user "
        "may write."
    )
