# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback that writes down everything that a callback is given and may tell."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: everything
type: notification
short_description: Writes down everything that callbacks are given
description: For the tests about secrets only.
"""


def told(value: Any, depth: int = 6) -> Any:
    """An object with all that hangs on it, as plain values."""
    if depth == 0 or isinstance(value, (str, bytes, int, float, type(None))):
        return repr(value)
    if isinstance(value, dict):
        return {told(key, 1): told(one, depth - 1) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [told(one, depth - 1) for one in value]
    if getattr(value, "no_log", False):
        # What every callback has to keep to: Ansible hands it the arguments all the same.
        return repr(value)
    kept = {name: getattr(value, name, None) for name in ("_result", "args", "name", "_task")}
    return {"repr": repr(value), **{name: told(one, depth - 1) for name, one in kept.items() if one is not None}}


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core publishes no types
    """Every event, to the file that EVERYTHING names."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "everything"
    CALLBACK_NEEDS_ENABLED = True

    def v2_on_any(self, *args: Any, **kwargs: Any) -> None:
        """Called for every event, beside the event's own method."""
        with open(os.environ["EVERYTHING"], "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{told(list(args))} {told(kwargs)}\n")
