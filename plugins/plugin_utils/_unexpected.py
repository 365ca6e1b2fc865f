# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to tell of an error that nobody thought of: its text could quote a password."""

from __future__ import annotations

import os
import traceback


def where(error: Exception) -> str:
    """What to tell the authors: never the text of the error."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {os.path.basename(last.filename)}:{last.lineno}"
