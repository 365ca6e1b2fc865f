# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is no renewal due, by what is at hand here? Asked before OVHcloud is."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import policy_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, fulfils

#: Entry points that need no proof that a renewal could finish, where none is due.
ENTRIES = ("main", "credentials")


def settled(options: Options, entry: str, kept: t.Callable[[], Kept | None]) -> bool:
    """The flag is set, and store and journal show that none is due: then no renewal is prepared.

    :param kept: reads the store
    """
    stores = options.store_folder or options.text("store_vault_file")
    if not options.flag("renew") or options.by_hand or entry not in ENTRIES or not stores:
        return False
    try:
        folder = options.state_dir
        noted, found = Journal(folder, options.service_name).last(), kept()
        now = datetime.datetime.now(datetime.timezone.utc)
        return found is not None and fulfils(found, policy_of(options.values), noted, now)
    except Failure:
        # The preflight meets it again, and tells it.
        return False
