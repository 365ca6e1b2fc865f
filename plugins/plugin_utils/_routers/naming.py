# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of a driver are called by whoever reads its sentences (pure)."""

from __future__ import annotations

import re
import typing as t

#: How a driver's sentence names an option.
OPTION = re.compile(r"\bO\((\w+)\)")
#: Where sentences stand in a result.
SENTENCES = ("msg", "message", "why", "error", "warnings")


def named(result: t.Any, names: t.Mapping[str, str], sentence: bool = False) -> t.Any:
    """A result whose sentences name options as the user knows them.

    :param names: by option, and the prefix of all others under ""
    """
    if isinstance(result, dict):
        return {key: named(value, names, key in SENTENCES) for key, value in result.items()}
    if isinstance(result, list):
        return [named(value, names, sentence) for value in result]
    if not sentence or not isinstance(result, str):
        return result
    return OPTION.sub(lambda found: names.get(found[1], f"{names.get('', '')}{found[1]}"), result)
