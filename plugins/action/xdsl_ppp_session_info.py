# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name; see plugins/plugin_utils/_ovh/action.py."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh.action import OvhAction


class ActionModule(OvhAction):
    """See plugins/modules/xdsl_ppp_session_info.py for the options."""
